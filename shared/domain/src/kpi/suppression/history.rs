//! Everything that a company was ever shown. What is in it stays: it is shown again, never decided again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cell, Cells, THRESHOLD, decide};
use crate::{
    interview::month::Month,
    kpi::{
        figures::{Act, Frozen},
        period::{Length, Period},
    },
};

/// The total of a quarter whose months all read 「10未満」 is shown up to this. A month is then at least 3; where the total is withheld
/// because it is higher, a month is at least 4. With a higher limit, one of the two would leave fewer numbers.
const HIGHEST_TOTAL_OF_SMALL_MONTHS: u32 = 21;

/// What a company sees of the acts of a period, in the place of their sums.
pub type Totals = BTreeMap<Act, Cell>;

/// A month of the period was not counted yet: nothing can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the figures of {0} are not there")]
pub struct Incomplete(pub Month);

/// Everything that a company was ever shown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct History {
    months: BTreeMap<Month, Cells>,
    totals: BTreeMap<Period, Totals>,
}

impl History {
    /// What the company sees of a month: what it saw before, else what is decided now.
    pub fn show(&mut self, month: &Frozen) -> &Cells {
        self.months.entry(month.month()).or_insert_with(|| decide(month))
    }

    /// What the company sees of a period's sums: what it saw before, else what is decided now. `figures` holds its months, in any order.
    ///
    /// # Errors
    /// [`Incomplete`] where one of them is missing; nothing is decided then.
    pub fn show_period(&mut self, period: Period, figures: &[Frozen]) -> Result<&Totals, Incomplete> {
        let of = |month: Month| figures.iter().find(|frozen| frozen.month() == month).ok_or(Incomplete(month));
        let months: Vec<&Frozen> = period.months().map(of).collect::<Result<_, _>>()?;
        let cells: Vec<Cells> = months.iter().map(|month| self.show(month).clone()).collect();
        // The total of a single month is that month's cell, and tells nothing more.
        let is_quarter = |other: &Period| *other != period && other.length() == Length::Quarter;
        let meets_another = self.totals.keys().any(|other| is_quarter(other) && other.overlaps(period));
        let total = |act: Act| {
            let cells: Vec<Cell> = cells.iter().map(|cells| cells.acts.get(&act).copied()).collect::<Option<_>>()?;
            let truth = act.total(months.iter().copied()).filter(|_| !meets_another);
            Some((act, total(&cells, truth)))
        };
        let totals = Act::ALL.into_iter().filter_map(total).collect();
        Ok(self.totals.entry(period).or_insert(totals))
    }

    /// The months that the company has seen, in order.
    pub const fn months(&self) -> &BTreeMap<Month, Cells> {
        &self.months
    }

    /// The sums that the company has seen, by period.
    pub const fn totals(&self) -> &BTreeMap<Period, Totals> {
        &self.totals
    }
}

/// What the sum of these cells reads; `truth` is what they stand for, where anything may be told of it.
fn total(cells: &[Cell], truth: Option<u32>) -> Cell {
    let shown = cells.iter().try_fold(0_u32, |sum, cell| Some(sum.saturating_add(cell.number()?)));
    if let Some(sum) = shown {
        // Zeros and numbers from the threshold on add up to such a number.
        return Cell::alone(sum);
    }
    let reads = |expected: Cell| cells.iter().filter(|cell| **cell == expected).count();
    let (small, zero) = (reads(Cell::Under10), reads(Cell::alone(0)));
    let is_quiet = small + zero == cells.len();
    match truth {
        Some(1..THRESHOLD) if is_quiet => Cell::Under10,
        Some(truth @ THRESHOLD..=HIGHEST_TOTAL_OF_SMALL_MONTHS) if is_quiet && small == 3 => Cell::alone(truth),
        None | Some(_) => Cell::Withheld,
    }
}
