//! Companies as they might be: months around the thresholds, people who join, leave, and leave the company.

use super::{Frozen, Month, contact::CONSULTATIONS_OF_A_MEMBER, month};
use crate::kpi::figures::{Content, Counted};

/// Numbers that look random and are the same in each run (splitmix64).
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `lowest` to `highest`.
    pub fn within(&mut self, lowest: i64, highest: i64) -> i64 {
        lowest + i64::try_from(self.next() % u64::try_from(highest - lowest + 1).unwrap()).unwrap()
    }

    pub fn one_in(&mut self, chances: i64) -> bool {
        self.within(1, chances) == 1
    }

    /// Every number from `lowest` to `highest`, beginning anywhere.
    pub fn turned(&mut self, lowest: i64, highest: i64) -> impl Iterator<Item = i64> + use<> {
        let first = self.within(lowest, highest);
        (first..=highest).chain(lowest..first)
    }

    /// One of `interesting`, or any number, from `lowest` to `highest`.
    fn around(&mut self, interesting: &[i64], lowest: i64, highest: i64) -> i64 {
        let any = self.within(lowest, highest);
        let place = usize::try_from(self.within(0, i64::try_from(interesting.len()).unwrap() * 3 / 2)).unwrap();
        interesting.get(place).copied().unwrap_or(any).clamp(lowest, highest)
    }
}

/// A month of a company, as it is in truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    pub name: Month,
    pub roster: i64,
    /// Who left the company at the end of the month before.
    pub leavers: i64,
    /// Pieces of content that went out.
    pub pieces: i64,
    /// Events that could be entered.
    pub events: i64,
    pub before: i64,
    pub joined: i64,
    pub left: i64,
    pub active: i64,
    pub consultations: i64,
    pub consulting: i64,
    pub opened: i64,
    pub entries: i64,
}

impl Truth {
    pub fn registered(&self) -> i64 {
        self.before + self.joined - self.left
    }

    /// The month as the service counts it.
    pub fn frozen(&self) -> Frozen {
        let number = |number: i64| u32::try_from(number).unwrap();
        let counted = Counted {
            month: self.name,
            roster: number(self.roster),
            before: number(self.before),
            joined: number(self.joined),
            left: number(self.left),
            active: number(self.active),
            consultations: number(self.consultations),
            consulting: number(self.consulting),
            waiting: None,
            interviews: 0,
            content: Some(Content { sent: number(self.pieces), opened: number(self.opened) }),
            event_entries: Some(number(self.entries)),
        };
        Frozen::new(counted).unwrap()
    }
}

/// Ten months of a company.
pub fn company(random: &mut Random) -> Vec<Truth> {
    let largest = [6, 14, 30, 120][usize::try_from(random.within(0, 3)).unwrap()];
    let mut roster = random.within(1, largest);
    // Some companies never come near the thresholds: a quarter's total is what tells of them.
    let quiet = random.one_in(3);
    let mut months: Vec<Truth> = Vec::new();
    let mut name = month("2026-10");
    for _ in 0..10 {
        let before = months.last().map_or(0, Truth::registered);
        let leavers = if random.one_in(3) { random.within(0, roster / 4) } else { 0 };
        // Of the leavers, so many were registered at least, as everybody else can be.
        let least = (before - (roster - leavers)).max(0);
        let gone = random.within(least, leavers.min(before));
        roster = roster - leavers + if random.one_in(3) { random.within(0, 4) } else { 0 };
        let target = random.around(&[0, 1, 8, 9, 10, 11, 12, before - gone, roster - 1, roster], 0, roster);
        let restless = random.within(0, 2);
        let joined = (target - (before - gone)).max(0) + restless;
        let left = before + joined - target;

        let active = random.around(&[0, 1, 5, 8, 9, 9, 10, 10, 11, 12, target - 1, target], 0, target);
        let near = |limit: i64| [1, 5, 8, 9, 10, 11, 2 * active, 2 * active + 1, limit - 1, limit];
        let mut acts = |of_each: i64| {
            let limit = of_each * active;
            if quiet { random.within(0, limit.min(9)) } else { random.around(&near(limit), 0, limit) }
        };
        let (pieces, events) = (i64::from(leavers == 0) + restless, restless);
        let (consultations, opened, entries) = (acts(CONSULTATIONS_OF_A_MEMBER), acts(pieces), acts(events));
        let fewest = (consultations + CONSULTATIONS_OF_A_MEMBER - 1) / CONSULTATIONS_OF_A_MEMBER;
        let consulting = random.around(&[fewest, active.min(9)], fewest, active.min(consultations));
        months.push(Truth {
            name,
            roster,
            leavers,
            pieces,
            events,
            before,
            joined,
            left,
            active,
            consultations,
            consulting,
            opened,
            entries,
        });
        name = name.next();
    }
    months
}
