//! A slot (面談枠): 20 minutes of one nurse's time, and the cells that it claims (row C1).
//!
//! Hours may begin at any multiple of five minutes, so the slots of one nurse need not lie on one grid of 20 minutes, and hours
//! that change can offer a slot that overlaps a booked one. Uniqueness lives in keys: a slot claims the [`Cell`]s of five
//! minutes that it covers, and each cell can be claimed once.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{id::NurseId, time};

/// How long an interview is (「1件20分」).
pub const LENGTH: TimeDelta = TimeDelta::minutes(20);
/// The grid on which slots begin.
pub const GRID: TimeDelta = TimeDelta::minutes(5);
/// The cells of a slot.
pub const CELLS: usize = 4;

/// 20 minutes of a nurse's time. Sorts by start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "WrittenSlot")]
pub struct Slot {
    #[serde(with = "time::stamped")]
    start: DateTime<Utc>,
    nurse: NurseId,
}

/// A slot begins at a full multiple of five minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a slot begins at a multiple of five minutes")]
pub struct OffGrid;

#[derive(Deserialize)]
struct WrittenSlot {
    #[serde(with = "time::stamped")]
    start: DateTime<Utc>,
    nurse: NurseId,
}

impl TryFrom<WrittenSlot> for Slot {
    type Error = OffGrid;

    fn try_from(WrittenSlot { start, nurse }: WrittenSlot) -> Result<Self, OffGrid> {
        Self::new(nurse, start)
    }
}

/// Five minutes of a nurse's time: what can be claimed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// When it begins.
    pub start: DateTime<Utc>,
    /// Whose time it is.
    pub nurse: NurseId,
}

impl Slot {
    /// The slot of `nurse` that begins at `start`.
    pub fn new(nurse: NurseId, start: DateTime<Utc>) -> Result<Self, OffGrid> {
        // Japan's offset is a multiple of five minutes, so the grid is the same in UTC.
        let on_grid = start.timestamp().rem_euclid(GRID.num_seconds()) == 0 && start.timestamp_subsec_nanos() == 0;
        // A slot at the very end of chrono's range would have no end.
        if on_grid && start.checked_add_signed(LENGTH).is_some() { Ok(Self { start, nurse }) } else { Err(OffGrid) }
    }

    /// Whose time it is.
    pub const fn nurse(self) -> NurseId {
        self.nurse
    }

    /// Its first moment.
    pub const fn start(self) -> DateTime<Utc> {
        self.start
    }

    /// The moment after its last.
    pub fn end(self) -> DateTime<Utc> {
        self.start + LENGTH
    }

    /// The day on which it is, in Japan.
    pub fn day(self) -> NaiveDate {
        time::jst_date(self.start)
    }

    /// Whether the same nurse would have to be in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.nurse == other.nurse && self.start < other.end() && other.start < self.end()
    }

    /// The cells that it covers: who claims the slot claims each of them.
    pub fn cells(self) -> [Cell; CELLS] {
        let mut start = self.start;
        [(); CELLS].map(|()| {
            let cell = Cell { start, nurse: self.nurse };
            start += GRID;
            cell
        })
    }

    /// The cells that become free where this slot is given up for `other`.
    pub fn cells_without(self, other: Self) -> Vec<Cell> {
        let kept = other.cells();
        self.cells().into_iter().filter(|cell| !kept.contains(cell)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;

    fn nurse(id: u128) -> NurseId {
        NurseId::new(Ulid(id))
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_slot_begins_on_the_grid_of_five_minutes() {
        for (start, fits) in [
            ("2026-11-24T09:00:00+09:00", true),
            ("2026-11-24T09:05:00+09:00", true),
            ("2026-11-24T00:00:00+09:00", true),
            ("1969-12-31T23:55:00Z", true),
            ("2026-11-24T09:01:00+09:00", false),
            ("2026-11-24T09:05:01+09:00", false),
            ("2026-11-24T09:05:00.001+09:00", false),
        ] {
            assert_eq!(Slot::new(nurse(1), at(start)).is_ok(), fits, "{start}");
        }
        assert_eq!(Slot::new(nurse(1), DateTime::<Utc>::MAX_UTC), Err(OffGrid));
    }

    #[test]
    fn a_slot_claims_four_cells_of_its_nurse() {
        let slot = Slot::new(nurse(1), at("2026-11-24T23:40:00+09:00")).unwrap();
        let starts = slot.cells().map(|cell| time::jst_time(cell.start).format("%H:%M").to_string());
        assert_eq!(starts, ["23:40", "23:45", "23:50", "23:55"]);
        assert!(slot.cells().iter().all(|cell| cell.nurse == nurse(1)));
        assert_eq!((slot.day().to_string(), slot.end()), ("2026-11-24".to_owned(), at("2026-11-25T00:00:00+09:00")));
    }

    #[test]
    fn a_slot_that_moves_by_less_than_its_length_keeps_the_cells_in_common() {
        let slot = |id, start| Slot::new(nurse(id), at(start)).unwrap();
        let old = slot(1, "2026-11-24T09:00:00+09:00");
        for (new, freed) in [
            (old, 0),
            (slot(1, "2026-11-24T09:05:00+09:00"), 1),
            (slot(1, "2026-11-24T08:50:00+09:00"), 2),
            (slot(1, "2026-11-24T09:20:00+09:00"), 4),
            (slot(2, "2026-11-24T09:00:00+09:00"), 4),
        ] {
            assert_eq!(old.cells_without(new).len(), freed, "{new:?}");
        }
    }

    #[test]
    fn a_slot_reads_back_and_one_off_the_grid_does_not() {
        let slot = Slot::new(nurse(1), at("2026-11-24T09:05:00+09:00")).unwrap();
        let json = serde_json::to_string(&slot).unwrap();
        assert_eq!(json, r#"{"start":"2026-11-24T00:05:00.000Z","nurse":"00000000000000000000000001"}"#);
        assert_eq!(serde_json::from_str::<Slot>(&json).unwrap(), slot);
        assert!(serde_json::from_str::<Slot>(&json.replace("05:00.000", "05:00.001")).is_err());
    }

    proptest! {
        #[test]
        fn two_slots_overlap_exactly_where_they_share_a_cell(a in 0..60_i32, b in 0..60_i32, same_nurse: bool) {
            let slot = |id, place: i32| Slot::new(nurse(id), at("2026-11-24T09:00:00+09:00") + GRID * place).unwrap();
            let (a, b) = (slot(1, a), slot(if same_nurse { 1 } else { 2 }, b));
            let shared = a.cells().iter().any(|cell| b.cells().contains(cell));
            prop_assert_eq!(a.overlaps(b), shared);
            prop_assert_eq!(b.overlaps(a), shared);
        }
    }
}
