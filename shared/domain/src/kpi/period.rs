//! Which reports are due (row D3): 「初月及びその後3か月に1回にメールにて…報告します」, and the month's for the regular meeting
//! (row D7): 「毎月1回の定例MTGにてご報告します」.
//!
//! - The first month is the calendar month, in JST, in which the contract begins, however late in it that is: 「初月」. The figures
//!   are kept by calendar months (so is the allowance, row C5), and how registration has started is of use the sooner the better.
//! - Each report after it covers three months. A quarter that the end of the contract cuts short has no report: it is never three
//!   months. One that ends with the contract has.
//! - A report is due when its last month has [settled](marker::settled_at), a quarter of an hour into the next month: before the
//!   purge at 03:00, which may take the contacts with the contract. It stays due; who sends it remembers that, so that what an outage
//!   held up is sent once when it is over, the oldest first.
//! - It compares its period with the one before. The first quarter comes after a single month: sums of these are not comparable.

use std::{collections::BTreeSet, fmt, iter, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::marker;
use crate::{
    interview::month::Month,
    tenant::{Contract, Plan, Tenant},
};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// One month: the first of the contract.
    Month,
    /// Three months.
    Quarter,
}

/// Months that are reported together, written `2026-11` or `2026-12/2027-02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    first: Month,
    length: Length,
}

/// The text is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month such as 2026-11, nor three such as 2026-12/2027-02")]
pub struct BadPeriod;

impl Period {
    /// The period of that length that begins with `first`.
    pub const fn new(first: Month, length: Length) -> Self {
        Self { first, length }
    }

    /// Its first month.
    pub const fn first(self) -> Month {
        self.first
    }

    /// Its last month.
    pub fn last(self) -> Month {
        match self.length {
            Length::Month => self.first,
            Length::Quarter => self.first.next().next(),
        }
    }

    /// How long it is.
    pub const fn length(self) -> Length {
        self.length
    }

    /// Its months, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let last = self.last();
        iter::successors(Some(self.first), move |month| (*month < last).then(|| month.next()))
    }

    /// Whether a month lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last() && other.first <= self.last()
    }

    /// From this instant on its figures are complete.
    pub fn settled_at(self) -> DateTime<Utc> {
        marker::settled_at(self.last())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            Length::Month => self.first.fmt(f),
            Length::Quarter => write!(f, "{}/{}", self.first, self.last()),
        }
    }
}

impl FromStr for Period {
    type Err = BadPeriod;

    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let month = |text: &str| text.parse().map_err(|_| BadPeriod);
        let Some((first, last)) = text.split_once('/') else { return Ok(Self::new(month(text)?, Length::Month)) };
        let quarter = Self::new(month(first)?, Length::Quarter);
        if quarter.last() == month(last)? { Ok(quarter) } else { Err(BadPeriod) }
    }
}

impl TryFrom<String> for Period {
    type Error = BadPeriod;

    fn try_from(text: String) -> Result<Self, BadPeriod> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

/// For what a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Occasion {
    /// 「初月及びその後3か月に1回」 (row D3).
    #[serde(rename = "SERVICE")]
    Service,
    /// 「毎月1回の定例MTG」 (row D7).
    #[serde(rename = "MEETING")]
    Meeting,
}

impl Occasion {
    /// Its name in keys. Never changed: it tells what was sent.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Service => "SERVICE",
            Self::Meeting => "MEETING",
        }
    }

    /// Its name in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Meeting => "meeting",
        }
    }
}

/// No report has such a name in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither service nor meeting")]
pub struct NoOccasion;

impl FromStr for Occasion {
    type Err = NoOccasion;

    fn from_str(slug: &str) -> Result<Self, NoOccasion> {
        [Self::Service, Self::Meeting].into_iter().find(|occasion| occasion.slug() == slug).ok_or(NoOccasion)
    }
}

/// Where a report is found below the contacts' pages: an occasion has one report that begins in a month.
pub fn path(occasion: Occasion, first: Month) -> String {
    format!("reports/{}/{first}", occasion.slug())
}

/// A report and what it compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// What it reports.
    pub period: Period,
    /// The period before; `None` for the first report.
    pub previous: Option<Period>,
}

impl Report {
    /// The report that begins with `first`, of those that went out: it compares with the one before it, whatever became of the
    /// contract since.
    pub fn among(sent: &BTreeSet<(Occasion, Period)>, occasion: Occasion, first: Month) -> Option<Self> {
        let of_occasion = || sent.iter().filter(|(of, _)| *of == occasion).map(|(_, period)| *period);
        let period = of_occasion().find(|period| period.first == first)?;
        Some(Self { period, previous: of_occasion().find(|before| before.last().next() == first) })
    }

    /// Whether sums of its period can be compared with those of the one before: they are of the same length.
    pub fn compares_sums(self) -> bool {
        self.previous.is_some_and(|previous| previous.length == self.period.length)
    }
}

/// The reports that are due at `now`, with those that were due before it, the oldest first. They are about LINE, so there are none
/// without employee support.
pub fn due(contract: &Contract, now: DateTime<Utc>) -> Vec<Report> {
    if !contract.plans.contains(&Plan::EmployeeSupport) {
        return Vec::new();
    }
    let first = Period::new(Month::of(contract.starts), Length::Month);
    let periods = iter::successors(Some(first), |period| Some(Period::new(period.last().next(), Length::Quarter)));
    let over = periods.take_while(|period| is_over(contract, *period, now));
    let with_previous = over.scan(None, |previous, period| Some(Report { period, previous: previous.replace(period) }));
    with_previous.collect()
}

/// The months of which a report for the regular meeting is due at `now` or was before it, the oldest first: all that have
/// settled since the contract began. There are none without interview support.
pub fn due_for_meetings(contract: &Contract, now: DateTime<Utc>) -> Vec<Month> {
    if !contract.plans.contains(&Plan::InterviewSupport) {
        return Vec::new();
    }
    let months = iter::successors(Some(Month::of(contract.starts)), |month| Some(month.next()));
    months.take_while(|month| is_over(contract, Period::new(*month, Length::Month), now)).collect()
}

/// The first month of which the service knows everything: a contract may be older than the tenant's entry here, which its id
/// tells. What nobody counted is no figure 0, and is never reported.
pub fn counted_from(tenant: &Tenant) -> Month {
    let entered = i64::try_from(tenant.id.ulid().timestamp_ms()).ok().and_then(DateTime::from_timestamp_millis);
    let starts = Month::of(tenant.contract.starts);
    entered.map_or(starts, |entered| starts.max(marker::month(entered)))
}

/// The months of service that have settled at `now`, and are counted: the oldest first.
pub fn settled(tenant: &Tenant, now: DateTime<Utc>) -> impl Iterator<Item = Month> {
    let months = iter::successors(Some(counted_from(tenant)), |month| Some(month.next()));
    months.take_while(move |month| is_over(&tenant.contract, Period::new(*month, Length::Month), now))
}

/// All reports of which everything was counted that are due at `now` or were before it, for whatever they are made: the oldest
/// first.
pub fn all_due(tenant: &Tenant, now: DateTime<Utc>) -> Vec<(Occasion, Report)> {
    let from = counted_from(tenant);
    let of_meeting = |month: Month| {
        let period = |month: Month| Period::new(month, Length::Month);
        Report { period: period(month), previous: (month > from).then(|| period(month.previous())) }
    };
    let service = due(&tenant.contract, now).into_iter().map(|report| (Occasion::Service, report));
    let meetings = due_for_meetings(&tenant.contract, now).into_iter().map(|month| (Occasion::Meeting, of_meeting(month)));
    let mut reports: Vec<_> = service.chain(meetings).filter(|(_, report)| report.period.first >= from).collect();
    for (_, report) in &mut reports {
        report.previous = report.previous.filter(|previous| previous.first >= from);
    }
    reports.sort_by_key(|(occasion, report)| (report.period.last(), *occasion));
    reports
}

/// Whether the period was one of service to its end, and is complete.
fn is_over(contract: &Contract, period: Period, now: DateTime<Utc>) -> bool {
    let last_day = period.last().last_day();
    contract.last_day.is_none_or(|ends| last_day <= ends) && period.settled_at() <= now
}

#[cfg(test)]
mod tests;
