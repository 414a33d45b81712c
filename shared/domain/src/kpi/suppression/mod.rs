//! What a company may see of its figures (row D3), so that nobody can be singled out: 「10未満」 for 1 to 9, health figures withheld
//! where fewer than 10 are registered, zero allowed, and nothing from which a hidden figure could be derived.
//!
//! # Who is kept from what
//!
//! The contact knows the roster and who left the company, what it booked, every mail and page that it ever got, what service and
//! law make certain (who consults is active; a member can open at most four consultations in February and five in another month,
//! because a message within seven days goes on with the last one), and this text. For each figure that is hidden from them, also
//! for those that are never shown, at least five numbers stay possible. `tests/attacker.rs` looks for them from outside;
//! `tests/classes.rs` goes through every month and every quarter that matters.
//!
//! # The scheme
//!
//! 1. **Few figures.** Shown are registered members, active members, and acts (consultations, openings, entries). Never shown:
//!    how many joined or left, how many people consulted, how long they waited, totals of more than a period. What the company
//!    knows itself is shown as it is: roster, interviews, pieces of content that went out.
//! 2. **Decided once.** A month's [`Cells`] are decided when it is first shown, by that month alone, and kept in the [`History`].
//!    Mail, page, chart and the report for the regular meeting show the same cells, whenever and however often. No figure of one
//!    month bounds one of another: members may join, leave and come back without the company's knowing. The thresholds are no
//!    settings, because two reports under different ones could be compared.
//! 3. **A month's cells** (`decide`):
//!    - Registered: 「10未満」 for 1 to 9. Where the roster has fewer than 5 rows, nothing below 10 is told, not even zero:
//!      「10未満」 would leave fewer than five numbers.
//!    - Where fewer than 10 are registered everything else is withheld, zero too.
//!    - Active: 「10未満」 for 1 to 9.
//!    - Acts: 「10未満」 for 1 to 9. 10 or more are withheld while active reads 「10未満」: 45 consultations cannot be of fewer
//!      than 9 people. Withheld, they say only that there were 10 or more, for which 2 or 3 people are enough.
//!    - Consultations are also withheld where they are more than two for each active member: 46 consultations and 10 active members
//!      would say that all of them consulted.
//! 4. **The rest is derived from shown cells.** A rate, a change, a bar of a chart, the total of a period has a value where all that
//!    it is made of is shown. There is one exception, because else a company with six consultations a month would never read a
//!    number: where no month of the period shows anything but zero or 「10未満」, a total below 10 reads 「10未満」, and where
//!    all three months of a quarter read 「10未満」, a total from 10 to 21 is shown. Higher ones are withheld: 27 would say that
//!    each month had 9. Whichever it is, each month can still be one of six numbers.
//! 5. **Totals never overlap.** Two totals that share months would tell their difference, so one that shares a month with the
//!    total of another quarter (which only happens where the beginning of a contract is corrected) is derived or withheld.
//!
//! # What is shown on purpose
//!
//! - All that is 10 or more, also where it is everybody. That all members were active says that each of them pressed some button,
//!   never that they consulted; that the whole roster is registered is what a company wants to read.
//! - Zero, which says of each that they did not.
//! - That registered members are 10 and a month later 「10未満」. Who believes that nobody but one leaver has left reads 9 there;
//!   they cannot know it, as members leave by themselves.
//!
//! No rule for figures helps against employees who tell the company what they did themselves, or against a company that registers
//! made-up members beside real ones.

mod derived;
mod history;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{
    derived::Rate,
    history::{History, Incomplete, Totals},
};
use super::figures::{Act, Frozen, People};

/// A figure from 1 up to below this is hidden.
pub const THRESHOLD: u32 = 10;
/// A roster of fewer rows than this lets nothing below the threshold be told.
const SMALLEST_ROSTER: u32 = 5;
/// More consultations than this for each active member would tell how many members consulted.
const CONSULTATIONS_OF_AN_ACTIVE_MEMBER: u32 = 2;

/// A number that singles out nobody: 0, or the threshold or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Showable(u32);

/// The number may not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number from 1 to 9 is never shown")]
pub struct NotShowable;

impl TryFrom<u32> for Showable {
    type Error = NotShowable;

    fn try_from(number: u32) -> Result<Self, NotShowable> {
        if (1..THRESHOLD).contains(&number) { Err(NotShowable) } else { Ok(Self(number)) }
    }
}

impl From<Showable> for u32 {
    fn from(Showable(number): Showable) -> Self {
        number
    }
}

/// What a company sees in the place of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// The figure itself.
    Shown(Showable),
    /// 「10未満」: it is 1 to 9.
    Under10,
    /// 「非表示」: nothing is said of it.
    Withheld,
}

impl Cell {
    /// What the number would read if nothing else were shown.
    fn alone(number: u32) -> Self {
        Showable::try_from(number).map_or(Self::Under10, Self::Shown)
    }

    /// The number where it is shown: the only way to one, for texts, charts and rates alike.
    pub const fn number(self) -> Option<u32> {
        match self {
            Self::Shown(Showable(number)) => Some(number),
            Self::Under10 | Self::Withheld => None,
        }
    }
}

/// What a company sees of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// Employees on the roster at its end, as the company told.
    pub roster: u32,
    /// Members at its end.
    pub registered: Cell,
    /// Members who were active.
    pub active: Cell,
    /// The acts that the service had.
    pub acts: BTreeMap<Act, Cell>,
}

/// What a company may see of a month: a function of this month alone.
fn decide(month: &Frozen) -> Cells {
    let roster = month.counted().roster;
    let (registered, active) = (month.people(People::Registered), month.people(People::Active));
    let is_small = registered < THRESHOLD;
    let registered = if is_small && roster < SMALLEST_ROSTER { Cell::Withheld } else { Cell::alone(registered) };
    let active = if is_small { Cell::Withheld } else { Cell::alone(active) };
    let cell = |act: Act| Some((act, acts(act, month.acts(act)?, active)));
    Cells { roster, registered, active, acts: Act::ALL.into_iter().filter_map(cell).collect() }
}

/// What so many acts read beside that cell of active members.
fn acts(act: Act, number: u32, active: Cell) -> Cell {
    match (Cell::alone(number), active) {
        (_, Cell::Withheld) | (Cell::Shown(Showable(THRESHOLD..)), Cell::Under10) => Cell::Withheld,
        (Cell::Shown(_), Cell::Shown(Showable(active)))
            if act == Act::Consultations && number > active.saturating_mul(CONSULTATIONS_OF_AN_ACTIVE_MEMBER) =>
        {
            Cell::Withheld
        }
        (cell, Cell::Shown(_) | Cell::Under10) => cell,
    }
}
