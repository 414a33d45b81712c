//! Filling a roster by hand or from a small file, until the roster import takes over (row D1). Nothing is entered while one
//! line is not in order, and what stands there already is not written again.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, NaiveDate, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use domain::{
    employee,
    id::{EmploymentId, TenantId},
    personal::{EmployeeNumber, PersonName},
    roster::{Employment, Leave, RosterRow},
    tenant::Tenant,
};

use store::{StoreError, entity::roster::StoredRow};

use crate::{Ops, OpsError, roster_file};

/// What a roster is to say of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number, normalised.
    pub number: EmployeeNumber,
    /// The name as HR writes it.
    pub name: PersonName,
    /// Last day of employment, where it is known.
    pub leaves: Option<NaiveDate>,
}

/// Why a line is not entered. It does not quote the line: rosters are personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Not a number.
    #[error(transparent)]
    Number(#[from] employee::BadNumber),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] employee::BadName),
    /// Not a date.
    #[error("the leave date is not a date such as 2027-01-31")]
    Date,
    /// Too few or too many columns.
    #[error("a line has two or three columns: number,name,leave date")]
    Columns,
    /// Not UTF-8.
    #[error("the line is not in UTF-8")]
    Encoding,
    /// The number stands in the file twice.
    #[error("the number stands on line {0} already")]
    Repeated(u64),
    /// Somebody else has it.
    #[error("the number belongs to another name that still has access: enter that person's leave date first")]
    Held,
}

/// A line that is not in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1, the header included.
    pub line: u64,
    /// What is to be mended.
    pub reason: Reason,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

/// Everything that is not in order, by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing was entered")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// What entering did, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Entered {
    /// New employments.
    pub added: usize,
    /// Names or leave dates that changed.
    pub changed: usize,
    /// As they were.
    pub unchanged: usize,
}

/// What an entry does to the row of its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A new employment.
    Adds(RosterRow),
    /// The same employment with another leave date or spelling.
    Changes(RosterRow),
    /// Nothing.
    None,
}

/// Enters `entry` into the row of its number, `new` being the id of an employment that it begins.
///
/// The same name keeps its employment as long as that gives access at `now`, and also where the entry has ended as well (the
/// same file again, a date that was mistyped). Anything else is a new employment: a rehire, or another person, who is refused
/// as long as somebody with access holds the number.
pub fn enter(row: Option<&RosterRow>, entry: &Entry, new: EmploymentId, now: DateTime<Utc>) -> Result<Effect, Reason> {
    let mut row = row.cloned().unwrap_or_else(|| RosterRow { number: entry.number.clone(), employments: Vec::new() });
    let leave = entry.leaves.map(|date| Leave::reported(date, now));
    let entered = Employment { id: new, name: entry.name.clone(), joined: None, leave };
    let goes_on = |employment: &Employment| employment.gives_access(now) || !entered.gives_access(now);
    let same = |employment: &&mut Employment| employee::same_name(&employment.name, &entered.name) && goes_on(employment);
    if let Some(same) = row.employments.iter_mut().rev().find(same) {
        if same.name == entered.name && same.leaves() == entry.leaves {
            return Ok(Effect::None);
        }
        let leave = if same.leaves() == entry.leaves { same.leave } else { leave };
        *same = Employment { id: same.id, joined: same.joined, leave, ..entered };
        return Ok(Effect::Changes(row));
    }
    if row.holder(now).is_some() {
        return Err(Reason::Held);
    }
    row.employments.push(entered);
    Ok(Effect::Adds(row))
}

/// So many rows are written at a time.
const WRITES: usize = 16;

impl Ops {
    /// Enters one person.
    pub async fn add_to_roster(&self, tenant: TenantId, entry: &Entry) -> Result<Entered, OpsError> {
        let number = self.parameters.reader().installation().await?.number(tenant, &entry.number);
        let before = self.store.roster_row(tenant, &number).await?;
        let effect = enter(before.as_ref().map(|before| &before.row), entry, EmploymentId::new(self.id()?), self.now())?;
        self.write(tenant, vec![(before, effect)]).await
    }

    /// Enters a file, see [`roster_file`]; all of it or nothing.
    pub async fn load_roster(&self, tenant: &Tenant, file: &[u8]) -> Result<Entered, OpsError> {
        let (lines, mut problems) = roster_file::read(file, tenant.number_width);
        let mut present: BTreeMap<EmployeeNumber, StoredRow> =
            self.store.roster(tenant.id).await?.into_iter().map(|stored| (stored.row.number.clone(), stored)).collect();
        let mut effects = Vec::with_capacity(lines.len());
        for (line, entry) in &lines {
            let before = present.remove(&entry.number);
            match enter(before.as_ref().map(|before| &before.row), entry, EmploymentId::new(self.id()?), self.now()) {
                Ok(effect) => effects.push((before, effect)),
                Err(reason) => problems.push(Problem { line: *line, reason }),
            }
        }
        if !problems.is_empty() {
            problems.sort_by_key(|problem| problem.line);
            return Err(Problems(problems).into());
        }
        self.write(tenant.id, effects).await
    }

    /// A tenant's whole roster, by number.
    pub async fn roster(&self, tenant: TenantId) -> Result<Vec<RosterRow>, OpsError> {
        Ok(self.store.roster(tenant).await?.into_iter().map(|stored| stored.row).collect())
    }

    /// The row of one number.
    pub async fn roster_row(&self, tenant: TenantId, number: &EmployeeNumber) -> Result<RosterRow, OpsError> {
        let digest = self.parameters.reader().installation().await?.number(tenant, number);
        self.store.roster_row(tenant, &digest).await?.map(|stored| stored.row).ok_or(OpsError::NotOnRoster)
    }

    async fn write(&self, tenant: TenantId, effects: Vec<(Option<StoredRow>, Effect)>) -> Result<Entered, OpsError> {
        let installation = self.parameters.reader().installation().await?;
        let mut entered = Entered::default();
        let mut rows = Vec::new();
        for (before, effect) in effects {
            match effect {
                Effect::Adds(row) => {
                    entered.added += 1;
                    rows.push((before, row));
                }
                Effect::Changes(row) => {
                    entered.changed += 1;
                    rows.push((before, row));
                }
                Effect::None => entered.unchanged += 1,
            }
        }
        stream::iter(rows)
            .map(|(before, row)| {
                let (store, number) = (&self.store, installation.number(tenant, &row.number));
                async move {
                    let written = store.replace_roster_row(tenant, &number, before.as_ref(), &row).await?;
                    written.then_some(()).ok_or(OpsError::Store(StoreError::Contention))
                }
            })
            .buffer_unordered(WRITES)
            .try_collect::<()>()
            .await?;
        Ok(entered)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn entry(name: &str, leaves: Option<&str>) -> Entry {
        Entry {
            number: employee::parse_number("000123", None).unwrap(),
            name: employee::parse_name(name).unwrap(),
            leaves: leaves.map(|date| date.parse().unwrap()),
        }
    }

    fn id(number: u128) -> EmploymentId {
        EmploymentId::new(ulid::Ulid(number))
    }

    fn now() -> DateTime<Utc> {
        "2026-11-24T10:00:00+09:00".parse().unwrap()
    }

    /// The row after these entries, the first of which gets id 1, the second id 2 …
    fn row(entries: &[Entry]) -> RosterRow {
        let mut row = None;
        for (entry, number) in entries.iter().zip(1..) {
            match enter(row.as_ref(), entry, id(number), now()).unwrap() {
                Effect::Adds(entered) | Effect::Changes(entered) => row = Some(entered),
                Effect::None => {}
            }
        }
        row.unwrap()
    }

    #[test]
    fn the_same_entry_twice_changes_nothing() {
        let person = entry("髙橋 一郎", None);
        assert_eq!(enter(Some(&row(std::slice::from_ref(&person))), &person, id(9), now()), Ok(Effect::None));
    }

    #[test]
    fn the_same_name_keeps_its_employment_and_gets_the_new_date() {
        let Ok(Effect::Changes(changed)) =
            enter(Some(&row(&[entry("髙橋 一郎", None)])), &entry("髙橋　一郎", Some("2026-11-30")), id(9), now())
        else {
            panic!("not a change");
        };
        let dates: Vec<_> = changed.employments.iter().map(|employment| (employment.id, employment.leaves())).collect();
        assert_eq!(dates, [(id(1), Some("2026-11-30".parse().unwrap()))]);
    }

    #[test]
    fn a_rehire_is_a_new_employment_and_a_corrected_date_is_not() {
        let left = row(&[entry("髙橋 一郎", Some("2026-09-30"))]);
        for (leaves, employments) in
            [(Some("2026-09-30"), None), (Some("2026-08-31"), Some(1)), (None, Some(2)), (Some("2027-03-31"), Some(2))]
        {
            let entered = match enter(Some(&left), &entry("髙橋 一郎", leaves), id(9), now()).unwrap() {
                Effect::Adds(row) | Effect::Changes(row) => Some(row.employments.len()),
                Effect::None => None,
            };
            assert_eq!(entered, employments, "{leaves:?}");
        }
    }

    #[test]
    fn another_name_is_refused_as_long_as_the_holder_has_access() {
        let newcomer = entry("鈴木 花子", None);
        for (leaves, held) in [(None, true), (Some("2026-11-01"), true), (Some("2027-03-31"), true), (Some("2026-10-31"), false)] {
            let answer = enter(Some(&row(&[entry("髙橋 一郎", leaves)])), &newcomer, id(9), now());
            assert_eq!(answer == Err(Reason::Held), held, "{leaves:?}");
        }
    }

    #[test]
    fn a_number_that_is_used_again_is_a_new_employment() {
        let row = row(&[entry("髙橋 一郎", Some("2026-10-31")), entry("鈴木 花子", None)]);
        assert_eq!(row.employments.iter().map(|employment| employment.id).collect::<Vec<_>>(), [id(1), id(2)]);
        assert_eq!(row.holder(now()).unwrap().id, id(2));
    }
}
