//! The roster, row by row. HR's files come through the roster import (row D1), to which [`Ops::deliver_roster`] hands a file.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    id::{EmploymentId, TenantId},
    personal::{EmployeeNumber, PersonName},
    roster::RosterRow,
    roster_change::{Change, Moment, judge},
    roster_file::{Code, Entry as Row, Kind, Says},
};
use store::StoreError;

use crate::{Ops, OpsError};

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

/// The row of `entry`'s number after it, `new` being the id of an employment that it begins; `None` where nothing changes. By the
/// rules of delivered files, but for a number whose holder has another name: a person who types it is asked first.
pub fn enter(row: Option<&RosterRow>, entry: &Entry, new: EmploymentId, now: DateTime<Utc>) -> Result<Option<RosterRow>, OpsError> {
    let judged = |row: Option<&RosterRow>, says| {
        let entry = Row { line: 1, number: entry.number.clone(), name: entry.name.clone(), says };
        let judged = judge(&entry, row, new, Moment { received_at: now, now });
        (judged.change.map(|Change { row, .. }| row), judged.finding.map(|finding| finding.code))
    };
    let works = Says::Works { since: None, leaves: None };
    let Some(on) = entry.leaves else {
        return match judged(row, works) {
            (_, Some(Code::NameChanges)) => Err(OpsError::NumberHeld),
            (changed, _) => Ok(changed),
        };
    };
    match judged(row, Says::Leaves { on }) {
        (_, Some(Code::LeaverNameDiffers)) => Err(OpsError::NumberHeld),
        (_, Some(Code::NotOnRoster)) => {
            let began = judged(row, works).0;
            Ok(judged(began.as_ref(), Says::Leaves { on }).0.or(began))
        }
        (changed, _) => Ok(changed),
    }
}

impl Ops {
    /// Enters one person; `false` where the roster says so already.
    pub async fn add_to_roster(&self, tenant: TenantId, entry: &Entry) -> Result<bool, OpsError> {
        let number = self.parameters.reader().installation().await?.number(tenant, &entry.number);
        let before = self.store.roster_row(tenant, &number).await?;
        let row = before.as_ref().map(|before| &before.row);
        let Some(row) = enter(row, entry, EmploymentId::new(self.id()?), self.now())? else { return Ok(false) };
        let written = self.store.replace_roster_row(tenant, &number, before.as_ref(), &row).await?;
        written.then_some(true).ok_or(OpsError::Store(StoreError::Contention))
    }

    /// Hands a file to the import, as if HR had delivered it under this name.
    pub async fn deliver_roster(&self, tenant: TenantId, kind: Kind, name: &str, content: Vec<u8>) -> Result<(), OpsError> {
        Ok(self.files.deliver(tenant, kind, name, content).await?)
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
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::employee;

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

    fn row(entries: &[Entry]) -> RosterRow {
        let mut row = None;
        for (entry, number) in entries.iter().zip(1..) {
            row = enter(row.as_ref(), entry, id(number), now()).unwrap().or(row);
        }
        row.unwrap()
    }

    #[test]
    fn the_same_entry_twice_changes_nothing() {
        for leaves in [None, Some("2026-11-30"), Some("2026-09-30")] {
            let person = entry("髙橋 一郎", leaves);
            let there = row(std::slice::from_ref(&person));
            assert_eq!(enter(Some(&there), &person, id(9), now()).unwrap(), None, "{leaves:?}");
        }
    }

    #[test]
    fn the_same_name_keeps_its_employment_and_gets_the_new_date() {
        let there = row(&[entry("髙橋 一郎", None), entry("髙橋　一郎", Some("2026-11-30"))]);
        let dates: Vec<_> = there.employments.iter().map(|employment| (employment.id, employment.leaves())).collect();
        assert_eq!(dates, [(id(1), Some("2026-11-30".parse().unwrap()))]);
    }

    #[test]
    fn a_rehire_is_a_new_employment_and_a_corrected_date_is_not() {
        let left = row(&[entry("髙橋 一郎", Some("2026-09-30"))]);
        for (leaves, employments) in [(Some("2026-08-31"), 1), (None, 2)] {
            let entered = enter(Some(&left), &entry("髙橋 一郎", leaves), id(9), now()).unwrap().unwrap();
            assert_eq!(entered.employments.len(), employments, "{leaves:?}");
        }
    }

    #[test]
    fn another_name_is_refused_as_long_as_the_holder_stays() {
        for (leaves, held) in [(None, true), (Some("2026-10-31"), false)] {
            let there = row(&[entry("髙橋 一郎", leaves)]);
            let answer = enter(Some(&there), &entry("鈴木 花子", None), id(9), now());
            assert_eq!(matches!(answer, Err(OpsError::NumberHeld)), held, "{leaves:?}");
        }
    }
}
