//! Rates and changes: made of shown cells only, so that they tell nothing more.

use std::fmt;

use super::{Cell, Cells};

/// A part of a whole in tenths of a percent, rounded half up; above 1000 where more are registered than the roster has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// `None` of nothing.
    fn of(part: u32, whole: u32) -> Option<Self> {
        let (part, whole) = (u64::from(part), u64::from(whole));
        (part * 2000 + whole).checked_div(whole * 2).map(Self)
    }

    /// Tenths of a percent.
    pub const fn permille(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Rate {
    /// `12.5%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}%", self.0 / 10, self.0 % 10)
    }
}

impl Cells {
    /// Registered members of the roster (登録率), where they are shown.
    pub fn registration_rate(&self) -> Option<Rate> {
        Rate::of(self.registered.number()?, self.roster)
    }

    /// Active members of those registered (利用率), where both are shown.
    pub fn usage_rate(&self) -> Option<Rate> {
        Rate::of(self.active.number()?, self.registered.number()?)
    }
}

impl Cell {
    /// How much more it is than `before`, where both are shown.
    pub fn change_from(self, before: Self) -> Option<i64> {
        Some(i64::from(self.number()?) - i64::from(before.number()?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_rate_is_rounded_to_tenths_of_a_percent() {
        for (part, whole, reads) in
            [(0, 40, "0.0%"), (10, 80, "12.5%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (1, 2000, "0.1%"), (12, 10, "120.0%")]
        {
            assert_eq!(Rate::of(part, whole).unwrap().to_string(), reads);
        }
        assert_eq!(Rate::of(0, 0), None);
        assert_eq!(Rate::of(u32::MAX, 1).unwrap().permille(), u64::from(u32::MAX) * 1000);
    }

    #[test]
    fn what_is_made_of_a_hidden_cell_has_no_value() {
        let (ten, twelve) = (Cell::alone(10), Cell::alone(12));
        assert_eq!((twelve.change_from(ten), ten.change_from(twelve)), (Some(2), Some(-2)));
        for hidden in [Cell::Under10, Cell::Withheld] {
            assert_eq!((hidden.change_from(ten), ten.change_from(hidden), hidden.change_from(hidden)), (None, None, None));
            let cells = Cells { roster: 50, registered: twelve, active: hidden, acts: [].into() };
            assert_eq!((cells.usage_rate(), cells.registration_rate()), (None, Rate::of(12, 50)));
            let cells = Cells { registered: hidden, active: Cell::Withheld, ..cells };
            assert_eq!((cells.usage_rate(), cells.registration_rate()), (None, None));
        }
    }
}
