//! A report as data: all that its mail, and whatever else shows it, says. It is made of what is frozen, and of shown cells only
//! where a figure could tell of somebody.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    figures::Frozen,
    period::{Length, Occasion, Period, Report},
    suppression::{Cells, History, Incomplete, Totals},
};
use crate::{
    interview::month::Month,
    tenant::{Plan, Tenant},
};

/// A month in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which.
    pub month: Month,
    /// What the company sees of its members.
    pub cells: Cells,
    /// Interviews that used a unit or are charged: the company's own ledger says it too.
    pub interviews: u32,
    /// Pieces of content that went out; `None` where the service had none.
    pub content_sent: Option<u32>,
}

/// Months that are reported together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its months, in order; never empty.
    pub columns: Vec<Column>,
    /// The sums of acts.
    pub totals: Totals,
}

impl Span {
    /// The last month, which heads the figures of people.
    pub fn last(&self) -> Option<&Column> {
        self.columns.last()
    }

    /// Interviews of all months.
    pub fn interviews(&self) -> u32 {
        self.columns.iter().map(|column| column.interviews).sum()
    }

    /// Content of all months; `None` where a month had no such thing.
    pub fn content_sent(&self) -> Option<u32> {
        self.columns.iter().map(|column| column.content_sent).sum()
    }

    fn of(period: Period, months: &BTreeMap<Month, Frozen>, shown: &mut History) -> Result<Self, Incomplete> {
        let frozen: Vec<Frozen> = period.months().filter_map(|month| months.get(&month).cloned()).collect();
        let totals = shown.show_period(period, &frozen)?.clone();
        let column = |frozen: &Frozen| Column {
            month: frozen.month(),
            cells: shown.show(frozen).clone(),
            interviews: frozen.counted().interviews,
            content_sent: frozen.counted().content.map(|content| content.sent),
        };
        Ok(Self { columns: frozen.iter().map(column).collect(), totals })
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The company's name.
    pub tenant: String,
    /// For what it is made.
    pub occasion: Occasion,
    /// Which months it reports, and what it compares them with.
    pub report: Report,
    /// What of it the company has bought.
    pub plans: BTreeSet<Plan>,
    /// What it reports.
    pub this: Span,
    /// The period before, where there was one.
    pub previous: Option<Span>,
}

impl Sheet {
    /// Makes a report of frozen months; `shown` learns what the company gets to see with it.
    ///
    /// # Errors
    /// [`Incomplete`] where a month of the period is not frozen.
    pub fn of(
        tenant: &Tenant,
        (occasion, report): (Occasion, Report),
        months: &BTreeMap<Month, Frozen>,
        shown: &mut History,
    ) -> Result<Self, Incomplete> {
        let this = Span::of(report.period, months, shown)?;
        // A period that cannot be told is no reason to keep this one back. What is not compared is not decided either.
        let compared = report.previous.map(|previous| if report.compares_sums() { previous } else { last_month(previous) });
        let previous = compared.and_then(|previous| Span::of(previous, months, shown).ok());
        Ok(Self { tenant: tenant.name.clone(), occasion, report, plans: tenant.contract.plans.clone(), this, previous })
    }

    /// The period before, where its sums are those of as many months.
    pub fn previous_sums(&self) -> Option<&Span> {
        self.previous.as_ref().filter(|_| self.report.compares_sums())
    }
}

fn last_month(period: Period) -> Period {
    Period::new(period.last(), Length::Month)
}
