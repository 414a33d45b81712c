//! What an interview uses of the tenant's allowance (基本料金内の面談枠, row C5), as a pure function of what happened, so that
//! each line of the ledger can be explained and recomputed.
//!
//! # The rule, and what was decided where the words leave it open
//!
//! The words: 「3件目から別途料金が発生いたします」; 「基本利用料に含まれる産業看護職面談は当日利用のみとなり、繰越はできません」;
//! 「キャンセルポリシーを遵守いただいてのキャンセルの場合、当月の産業看護職面談の基本利用分を翌月に繰り越し可能です」;
//! 「既に追加分の面談キャンセルの場合は、翌月の実施として請求させていただきます」; 「期日以降のご連絡については、ご返金や基本料金内
//! プラン利用として扱わさせていただきます」.
//!
//! - A month has so many [`Unit`]s, by default two. A unit is at home in its month. An interview belongs to the month, in JST, in
//!   which it is held.
//! - What covers an interview is decided once, when it is confirmed: by the contact where a unit is free, else by the nurse in
//!   charge who approves it. It takes the first that is free of: the month's own units; the units carried from the month before.
//!   Own units come first, because 「3件目から」 counts the interviews of the month: a carried unit makes a third one free. Where
//!   nothing is free the interview is extra: it awaits approval, then is charged.
//! - An approval that finds a unit which became free while it was awaited uses that unit: until then nothing was confirmed, and
//!   a tenant with two interviews in a month is charged for none.
//! - A unit whose interview is cancelled or moved to another month in time is *freed*. It serves the next interview of its month;
//!   while it is free, also one of the next month that finds no unit of its own, even before its own month has ended, because
//!   「翌月に繰り越し可能」 must not depend on whether the contact cancels and books anew before or after the month's end. At the end
//!   of the next month it lapses: it is carried once. A unit that was never used lapses at the end of its own month, because
//!   「繰越はできません」.
//! - Moved within its month, an interview keeps what covers it. Moved to another month, an extra one stays extra and is charged in
//!   the month in which it is held; one that a unit covered frees the unit and is covered anew in its new month, where its old
//!   unit may go with it. If nothing is free there, it awaits approval like any third one.
//! - An interview that awaits approval is confirmed by nothing yet, so it is covered anew wherever it is moved.
//! - Cancelled late or no-show counts as held: the unit is used, the extra one charged. So what a nurse recorded by mistake is
//!   corrected without any change of units.
//! - What we call off ourselves, because the nurse is ill, is never the tenant's loss, at whatever time: an extra one is not charged,
//!   a unit is freed, and can be used until the end of the month after the one in which the interview was to be held. So it goes on
//!   once more even where it was carried already: that a unit is carried only once is about what the tenant itself gives up, and by
//!   our doing it would lapse with hardly a day left to book anew.
//! - Of the units that are free in a month, those that were freed are used first, and among them those that lapse first.

mod event;
mod standing;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::{
    event::{Event, What},
    standing::{Course, Standing, Uncounted},
    statement::{Fate, Line, Statement, Totals},
};
use super::month::Month;
use crate::id::{InterviewId, NurseId};

/// How many base interviews a month has, by default two: a setting of the tenant. A change begins with a month for which nothing is
/// booked yet, so that what was decided stays. In settings `{ "initially": 2, "from": { "2027-04": 4 } }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allowance {
    /// Before any change.
    pub initially: u8,
    /// From these months on.
    pub from: BTreeMap<Month, u8>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { initially: 2, from: BTreeMap::new() }
    }
}

impl Allowance {
    /// The base interviews of that month.
    pub fn of(&self, month: Month) -> u8 {
        self.from.range(..=month).next_back().map_or(self.initially, |(_, base)| *base)
    }
}

/// One base interview of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unit {
    /// The month that it came with.
    pub home: Month,
    /// Counted from 1 in its month.
    pub number: u8,
}

/// What covers an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Charge {
    /// A unit of its month, or of the month before it.
    Base(Unit),
    /// 追加分: it is charged.
    Extra {
        /// Who approved that.
        approved_by: NurseId,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    day: NaiveDate,
    standing: Standing,
}

/// The events do not fit together: one of them cannot have happened to its interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger contradicts itself at {}: {:?}", .0.interview, .0.what)]
pub struct Contradiction(pub Event);

/// What became of a tenant's units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    allowance: Allowance,
    entries: BTreeMap<InterviewId, Entry>,
    /// Units that an interview used and gave back, with the last month in which they can be used.
    freed: BTreeMap<Unit, Month>,
}

impl Ledger {
    /// The ledger of a tenant to which nothing has happened.
    pub const fn new(allowance: Allowance) -> Self {
        Self { allowance, entries: BTreeMap::new(), freed: BTreeMap::new() }
    }

    /// The ledger after everything that happened.
    pub fn of<'a>(allowance: Allowance, events: impl IntoIterator<Item = &'a Event>) -> Result<Self, Contradiction> {
        let mut ledger = Self::new(allowance);
        for event in events {
            ledger.record(event)?;
        }
        Ok(ledger)
    }

    /// Adds what happened last. What cannot have happened changes nothing.
    pub fn record(&mut self, event: &Event) -> Result<(), Contradiction> {
        let before = self.entries.get(&event.interview).copied();
        let after = self.after(event.interview, before, event.what).ok_or(Contradiction(*event))?;
        if let Some((unit, day)) = before.and_then(|before| Some((before.standing.unit()?, before.day)))
            && after.standing.unit() != Some(unit)
        {
            let last = if event.what == What::CalledOff { Month::of(day).next() } else { unit.home.next() };
            let known = self.freed.entry(unit).or_insert(last);
            *known = last.max(*known);
        }
        self.entries.insert(event.interview, after);
        Ok(())
    }

    /// The unit that an interview of `month` would use if it were confirmed now, as a new one or by an approval; `None` where it
    /// is extra.
    pub fn cover(&self, month: Month) -> Option<Unit> {
        self.first_free(month, None)
    }

    /// The unit that the interview would use if it were moved to `day` now; `None` where it would be extra.
    pub fn cover_if_moved(&self, interview: InterviewId, day: NaiveDate) -> Option<Unit> {
        let entry = self.entries.get(&interview).copied();
        self.after(interview, entry, What::Moved { day }).and_then(|after| after.standing.unit())
    }

    /// How an interview stands; `None` where nothing has happened to it.
    pub fn standing(&self, interview: InterviewId) -> Option<Standing> {
        self.entries.get(&interview).map(|entry| entry.standing)
    }

    fn after(&self, interview: InterviewId, before: Option<Entry>, what: What) -> Option<Entry> {
        let Some(Entry { day, standing }) = before else {
            let What::Booked { day } = what else { return None };
            return Some(Entry { day, standing: Self::covered_by(self.cover(Month::of(day))) });
        };
        match standing {
            Standing::Uncounted(Uncounted::AwaitsApproval) => match what {
                What::Approved { by } => {
                    let charge = self.cover(Month::of(day)).map_or(Charge::Extra { approved_by: by }, Charge::Base);
                    Some(Entry { day, standing: Standing::Counted(charge, Course::Planned) })
                }
                What::Moved { day } => Some(Entry { day, standing: Self::covered_by(self.cover(Month::of(day))) }),
                What::Declined => Some(Entry { day, standing: Standing::Uncounted(Uncounted::Declined) }),
                What::Lapsed => Some(Entry { day, standing: Standing::Uncounted(Uncounted::Lapsed) }),
                What::CancelledInTime => Some(Entry { day, standing: Standing::Uncounted(Uncounted::CancelledInTime) }),
                What::Booked { .. } | What::CancelledLate | What::CalledOff | What::TookPlace | What::NoShow | What::Corrected { .. } => {
                    None
                }
            },
            Standing::Counted(charge, Course::Planned) => match what {
                What::Moved { day: to } => Some(Entry { day: to, standing: self.moved(interview, charge, day, to) }),
                What::CancelledInTime => Some(Entry { day, standing: Standing::Uncounted(Uncounted::CancelledInTime) }),
                What::CancelledLate => Some(Entry { day, standing: Standing::Counted(charge, Course::CancelledLate) }),
                What::CalledOff => Some(Entry { day, standing: Standing::Uncounted(Uncounted::CalledOff) }),
                What::TookPlace => Some(Entry { day, standing: Standing::Counted(charge, Course::TookPlace) }),
                What::NoShow => Some(Entry { day, standing: Standing::Counted(charge, Course::NoShow) }),
                What::Booked { .. } | What::Approved { .. } | What::Declined | What::Lapsed | What::Corrected { .. } => None,
            },
            Standing::Counted(charge, Course::TookPlace | Course::NoShow) => {
                let What::Corrected { held } = what else { return None };
                Some(Entry { day, standing: Standing::Counted(charge, if held { Course::TookPlace } else { Course::NoShow }) })
            }
            Standing::Counted(_, Course::CancelledLate)
            | Standing::Uncounted(Uncounted::Lapsed | Uncounted::Declined | Uncounted::CancelledInTime | Uncounted::CalledOff) => None,
        }
    }

    fn moved(&self, interview: InterviewId, charge: Charge, from: NaiveDate, to: NaiveDate) -> Standing {
        match charge {
            Charge::Base(_) if Month::of(from) != Month::of(to) => Self::covered_by(self.first_free(Month::of(to), Some(interview))),
            Charge::Base(_) | Charge::Extra { .. } => Standing::Counted(charge, Course::Planned),
        }
    }

    const fn covered_by(unit: Option<Unit>) -> Standing {
        match unit {
            Some(unit) => Standing::Counted(Charge::Base(unit), Course::Planned),
            None => Standing::Uncounted(Uncounted::AwaitsApproval),
        }
    }

    /// The first unit that an interview of `month` can use, where `leaving` gives back the one that it has.
    fn first_free(&self, month: Month, leaving: Option<InterviewId>) -> Option<Unit> {
        let others = self.entries.iter().filter(|(interview, _)| Some(**interview) != leaving);
        let used: BTreeSet<Unit> = others.filter_map(|(_, entry)| entry.standing.unit()).collect();
        let mut freed = self.freed.clone();
        if let Some(unit) = leaving.and_then(|interview| self.standing(interview)).and_then(Standing::unit) {
            freed.entry(unit).or_insert(unit.home.next());
        }
        let mut own: Vec<Unit> = self.units(month).collect();
        own.sort_by_key(|unit| (!freed.contains_key(unit), freed.get(unit)));
        let carried: BTreeSet<(Month, Unit)> =
            freed.iter().filter(|(unit, last)| unit.home < month && month <= **last).map(|(unit, last)| (*last, *unit)).collect();
        own.into_iter().chain(carried.into_iter().map(|(_, unit)| unit)).find(|unit| !used.contains(unit))
    }

    fn units(&self, home: Month) -> impl Iterator<Item = Unit> {
        (1..=self.allowance.of(home)).map(move |number| Unit { home, number })
    }
}
