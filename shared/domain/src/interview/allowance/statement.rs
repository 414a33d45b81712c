//! The ledger of a month as the contact reads it: a line for each interview and for each unit that none uses.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Charge, Course, Ledger, Standing, Uncounted, Unit};
use crate::{
    id::{InterviewId, NurseId},
    interview::month::Month,
    time,
};

/// One line: why a unit was used, carried or lapsed, or why an interview is charged or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// An interview that a unit covers: one of this month, or one that was carried.
    Used {
        /// The interview.
        interview: InterviewId,
        /// Its day.
        day: NaiveDate,
        /// What covers it.
        unit: Unit,
        /// Why the unit is used.
        course: Course,
    },
    /// An interview that is charged.
    Charged {
        /// The interview.
        interview: InterviewId,
        /// Its day.
        day: NaiveDate,
        /// Who approved it.
        approved_by: NurseId,
        /// Why it is charged.
        course: Course,
    },
    /// An interview that uses nothing and costs nothing.
    Uncounted {
        /// The interview.
        interview: InterviewId,
        /// The day for which it was planned last.
        day: NaiveDate,
        /// Why.
        why: Uncounted,
    },
    /// A unit that no interview of this month uses.
    Spare {
        /// The unit.
        unit: Unit,
        /// What becomes of it.
        fate: Fate,
    },
}

impl Line {
    /// The interview that it is about, where there is one, and its day.
    pub const fn interview(&self) -> Option<(InterviewId, NaiveDate)> {
        match *self {
            Self::Used { interview, day, .. } | Self::Charged { interview, day, .. } | Self::Uncounted { interview, day, .. } => {
                Some((interview, day))
            }
            Self::Spare { .. } => None,
        }
    }
}

/// What becomes of a unit that no interview of a month uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It can be used until the end of the month, and lapses then: it was never used, or was carried already.
    Free,
    /// It was freed: it can be used in this month and on.
    FreeUntil {
        /// The last month in which it can be used: the next, as a rule.
        month: Month,
    },
    /// It was freed, and is carried to the next month.
    CarriedOver,
    /// It was not used by the end of the month.
    Lapsed,
}

/// A month's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The month.
    pub month: Month,
    /// Interviews by day, then units that none uses.
    pub lines: Vec<Line>,
}

/// What the lines sum up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Interviews covered by the month's own units.
    pub base: usize,
    /// Interviews covered by units that were carried into the month.
    pub carried_in: usize,
    /// Interviews that are charged.
    pub extra: usize,
    /// Units that go on to the next month.
    pub carried_over: usize,
    /// Units that lapsed.
    pub lapsed: usize,
}

impl Statement {
    /// Counts its lines.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for line in &self.lines {
            match line {
                Line::Used { unit, .. } if unit.home == self.month => totals.base += 1,
                Line::Used { .. } => totals.carried_in += 1,
                Line::Charged { .. } => totals.extra += 1,
                Line::Spare { fate: Fate::CarriedOver, .. } => totals.carried_over += 1,
                Line::Spare { fate: Fate::Lapsed, .. } => totals.lapsed += 1,
                Line::Spare { fate: Fate::Free | Fate::FreeUntil { .. }, .. } | Line::Uncounted { .. } => {}
            }
        }
        totals
    }
}

impl Ledger {
    /// The ledger of `month` as it stands at `now`.
    pub fn statement(&self, month: Month, now: DateTime<Utc>) -> Statement {
        let today = time::jst_date(now);
        let mut interviews: Vec<(NaiveDate, InterviewId, Line)> = self
            .entries
            .iter()
            .filter(|(_, entry)| Month::of(entry.day) == month)
            .map(|(interview, entry)| (entry.day, *interview, line(*interview, entry.day, entry.standing, today)))
            .collect();
        interviews.sort_unstable_by_key(|(day, interview, _)| (*day, *interview));

        let used = self.used();
        let carried = self.freed.iter().filter(|(unit, last)| unit.home < month && month <= **last && is_over(month.previous(), today));
        let carried = carried.map(|(unit, _)| *unit).filter(|unit| used.get(unit).is_none_or(|in_use| *in_use > month));
        let own = self.units(month).filter(|unit| used.get(unit) != Some(&month));
        let spare = own.chain(carried).map(|unit| Line::Spare { unit, fate: self.fate(unit, month, &used, today) });
        Statement { month, lines: interviews.into_iter().map(|(_, _, line)| line).chain(spare).collect() }
    }

    /// The units that interviews use, with the months of these.
    fn used(&self) -> BTreeMap<Unit, Month> {
        self.entries.values().filter_map(|entry| Some((entry.standing.unit()?, Month::of(entry.day)))).collect()
    }

    /// What becomes of a unit that no interview of `month` uses.
    fn fate(&self, unit: Unit, month: Month, used: &BTreeMap<Unit, Month>, today: NaiveDate) -> Fate {
        let goes_on = self.freed.get(&unit).copied().filter(|last| *last > month);
        if used.contains_key(&unit) {
            return Fate::CarriedOver;
        }
        match (goes_on, is_over(month, today)) {
            (Some(_), true) => Fate::CarriedOver,
            (Some(last), false) => Fate::FreeUntil { month: last },
            (None, true) => Fate::Lapsed,
            (None, false) => Fate::Free,
        }
    }
}

fn line(interview: InterviewId, day: NaiveDate, standing: Standing, today: NaiveDate) -> Line {
    match standing {
        Standing::Counted(Charge::Base(unit), course) => Line::Used { interview, day, unit, course },
        Standing::Counted(Charge::Extra { approved_by }, course) => Line::Charged { interview, day, approved_by, course },
        // It lapsed before its day began, whether or not that was recorded yet.
        Standing::Uncounted(Uncounted::AwaitsApproval) if day <= today => Line::Uncounted { interview, day, why: Uncounted::Lapsed },
        Standing::Uncounted(why) => Line::Uncounted { interview, day, why },
    }
}

fn is_over(month: Month, today: NaiveDate) -> bool {
    Month::of(today) > month
}
