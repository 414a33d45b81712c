//! What was counted of a month, frozen when it has settled (row D3). These are the true figures: they are for the service itself.
//! A company sees what [`suppression`](super::suppression) makes of them.
//!
//! - [`Act`]s add up over the months of a period.
//! - [`People`] do not: who was active in two months is one person. They are reported by month, and a period is headed by its
//!   last month, so that a rate has its part and its whole from the same month. (The markers of different months have different
//!   pseudonyms, so nobody can count the people of a quarter.)
//! - A tenant's interviews are no secret from its contacts, who booked each of them and see the ledger.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use crate::interview::month::Month;

/// What was counted of a tenant's month; only with [`Frozen::new`] is it known to fit together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The month.
    pub month: Month,
    /// Employees on the roster who had access at its end.
    pub roster: u32,
    /// Members at its beginning: those at the end of the month before.
    pub before: u32,
    /// Memberships that began in it.
    pub joined: u32,
    /// Memberships that ended in it.
    pub left: u32,
    /// Members who did anything in the chat, also those who have left since.
    pub active: u32,
    /// Consultations that were opened.
    pub consultations: u32,
    /// Members who opened them. Never shown to a company.
    pub consulting: u32,
    /// How long first answers took; `None` where there were none. Never shown to a company.
    pub waiting: Option<Waiting>,
    /// Interviews that used a unit or are charged (row C5).
    pub interviews: u32,
    /// `None` while the service has no content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// Entries to events; `None` while the service has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_entries: Option<u32>,
}

/// Content of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Pieces that went out.
    pub sent: u32,
    /// How often a member opened a piece for the first time.
    pub opened: u32,
}

/// How long the first answers of a month took, in minutes of business time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// How many first answers.
    pub answers: NonZeroU32,
    /// Half of them took so many minutes at most.
    pub median: u32,
    /// Nine of ten took so many minutes at most.
    pub ninth_decile: u32,
}

impl Waiting {
    /// Of the minutes that each first answer took; `None` where there were none.
    pub fn of(mut minutes: Vec<u32>) -> Option<Self> {
        minutes.sort_unstable();
        // The smallest value that so many tenths of the answers do not exceed.
        let tenths = |tenths: usize| minutes.get((minutes.len() * tenths).div_ceil(10).saturating_sub(1)).copied();
        let answers = NonZeroU32::new(u32::try_from(minutes.len()).unwrap_or(u32::MAX))?;
        Some(Self { answers, median: tenths(5)?, ninth_decile: tenths(9)? })
    }
}

/// Why counts cannot be those of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// More memberships ended than there were.
    #[error("more members left than there were")]
    MoreLeftThanWere,
    /// More people consulted than were active.
    #[error("more people consulted than were active")]
    MoreConsultedThanActive,
    /// More people consulted than there were consultations, or consultations of nobody.
    #[error("the consultations do not fit the people who opened them")]
    ConsultationsOfNobody,
    /// Content was opened or events were entered, and nobody was active.
    #[error("acts of nobody")]
    ActsOfNobody,
    /// The median exceeds the ninth decile.
    #[error("the waiting times contradict each other")]
    Waiting,
}

/// The figures of a month. They are frozen: who reads another value later has read wrongly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Counted", into = "Counted")]
pub struct Frozen {
    counted: Counted,
    registered: u32,
}

impl Frozen {
    /// Checks that the counts fit together.
    pub fn new(counted: Counted) -> Result<Self, Impossible> {
        let were = counted.before.saturating_add(counted.joined);
        let registered = were.checked_sub(counted.left).ok_or(Impossible::MoreLeftThanWere)?;
        if counted.consulting > counted.active {
            return Err(Impossible::MoreConsultedThanActive);
        }
        if counted.consulting > counted.consultations || (counted.consulting == 0 && counted.consultations > 0) {
            return Err(Impossible::ConsultationsOfNobody);
        }
        let acts = counted.content.map_or(0, |content| content.opened).saturating_add(counted.event_entries.unwrap_or(0));
        if counted.active == 0 && acts > 0 {
            return Err(Impossible::ActsOfNobody);
        }
        if counted.waiting.is_some_and(|waiting| waiting.median > waiting.ninth_decile) {
            return Err(Impossible::Waiting);
        }
        Ok(Self { counted, registered })
    }

    /// Everything that was counted.
    pub const fn counted(&self) -> &Counted {
        &self.counted
    }

    /// The month.
    pub const fn month(&self) -> Month {
        self.counted.month
    }

    /// How many people.
    pub const fn people(&self, people: People) -> u32 {
        match people {
            People::Registered => self.registered,
            People::Active => self.counted.active,
        }
    }

    /// How many acts; `None` where the service had no such thing.
    pub fn acts(&self, act: Act) -> Option<u32> {
        match act {
            Act::Consultations => Some(self.counted.consultations),
            Act::ContentOpened => self.counted.content.map(|content| content.opened),
            Act::EventEntries => self.counted.event_entries,
        }
    }
}

impl TryFrom<Counted> for Frozen {
    type Error = Impossible;

    fn try_from(counted: Counted) -> Result<Self, Impossible> {
        Self::new(counted)
    }
}

impl From<Frozen> for Counted {
    fn from(frozen: Frozen) -> Self {
        frozen.counted
    }
}

/// Figures of people: never summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum People {
    /// Members at the end of the month (登録者), also those who block the account and are not erased yet.
    Registered,
    /// Members who did anything in the chat (利用者).
    Active,
}

/// Figures of acts: they add up over months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Consultations that were opened (健康相談).
    Consultations,
    /// How often a piece of content was opened.
    ContentOpened,
    /// Entries to events.
    EventEntries,
}

impl Act {
    /// Every figure of acts, in the order in which they are reported.
    pub const ALL: [Self; 3] = [Self::Consultations, Self::ContentOpened, Self::EventEntries];

    /// What it adds up to; `None` where a month had no such thing, so that a sum never stands for less than it says.
    pub fn total<'a>(self, months: impl IntoIterator<Item = &'a Frozen>) -> Option<u32> {
        months.into_iter().try_fold(0_u32, |sum, month| Some(sum.saturating_add(month.acts(self)?)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn counted() -> Counted {
        Counted {
            month: "2026-12".parse().unwrap(),
            roster: 120,
            before: 30,
            joined: 5,
            left: 2,
            active: 14,
            consultations: 12,
            consulting: 9,
            waiting: Waiting::of(vec![30, 90]),
            interviews: 2,
            content: None,
            event_entries: None,
        }
    }

    #[test]
    fn who_is_registered_at_the_end_was_before_or_joined_and_has_not_left() {
        let frozen = Frozen::new(counted()).unwrap();
        assert_eq!((frozen.people(People::Registered), frozen.people(People::Active)), (33, 14));
    }

    #[test]
    fn counts_that_cannot_be_of_one_month_are_refused_also_when_they_are_read_back() {
        let content = |opened| Some(Content { sent: 2, opened });
        for (wrong, why) in [
            (Counted { left: 36, ..counted() }, Impossible::MoreLeftThanWere),
            (Counted { active: 8, ..counted() }, Impossible::MoreConsultedThanActive),
            (Counted { consultations: 8, ..counted() }, Impossible::ConsultationsOfNobody),
            (Counted { consulting: 0, ..counted() }, Impossible::ConsultationsOfNobody),
            (Counted { active: 0, consulting: 0, consultations: 0, content: content(1), ..counted() }, Impossible::ActsOfNobody),
            (Counted { active: 0, consulting: 0, consultations: 0, event_entries: Some(1), ..counted() }, Impossible::ActsOfNobody),
        ] {
            assert_eq!(Frozen::new(wrong.clone()), Err(why));
            assert!(serde_json::from_value::<Frozen>(serde_json::to_value(wrong).unwrap()).is_err(), "{why}");
        }
        let frozen = Frozen::new(counted()).unwrap();
        assert_eq!(serde_json::from_value::<Frozen>(serde_json::to_value(&frozen).unwrap()).unwrap(), frozen);
    }

    #[test]
    fn acts_add_up_unless_a_month_had_no_such_thing() {
        let earlier = Frozen::new(counted()).unwrap();
        let later = Frozen::new(Counted { event_entries: Some(4), ..counted() }).unwrap();
        assert_eq!(Act::Consultations.total([&earlier, &later]), Some(24));
        assert_eq!(Act::EventEntries.total([&later]), Some(4));
        assert_eq!(Act::EventEntries.total([&earlier, &later]), None);
    }

    #[test]
    fn waiting_is_told_by_the_answers_in_their_order() {
        let told =
            |minutes: &[u32]| Waiting::of(minutes.to_vec()).map(|waiting| (waiting.answers.get(), waiting.median, waiting.ninth_decile));
        assert_eq!(told(&[]), None);
        assert_eq!(told(&[40]), Some((1, 40, 40)));
        assert_eq!(told(&[40, 10]), Some((2, 10, 40)));
        assert_eq!(told(&[5, 4, 3, 2, 1]), Some((5, 3, 5)));
        assert_eq!(told(&(1..=20).rev().collect::<Vec<_>>()), Some((20, 10, 18)));
    }
}
