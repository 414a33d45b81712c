//! The acts that are counted (row D3). Each leaves a small item in its month: nothing is written twice, so there is no counter
//! that could drift.
//!
//! A marker belongs to the JST month of the instant at which its transaction was decided, not of the instant that LINE or a form
//! names: a delivery that comes late counts when it comes, and a month that has [settled](settled_at) never changes. An interview
//! alone counts in the month of its day, and by the ledger of units (row C5): a nurse may write down a day late that it was held.
//!
//! A marker outlives the person (erasure: anonymous). One of [`Once::APerson`] needs a pseudonym, so that a second act of that
//! month finds the first; it has to be another one each month and may not be derivable from anything that an erasure leaves
//! behind, or the markers of several months would tell a story of one person.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{interview::month::Month, time};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $once:ident, $source:ident;)+) => {
        /// An act that is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in keys. Never changed: months that are not counted yet have it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What leaves one marker.
            pub const fn once(self) -> Once {
                match self { $(Self::$name => Once::$once),+ }
            }

            /// Where its number comes from.
            pub const fn source(self) -> Source {
                match self { $(Self::$name => Source::$source),+ }
            }
        }
    };
}

kinds! {
    /// A membership began: a LINE user finished registering with the tenant. Who left and comes back begins a new one.
    Registered = "REGISTERED", AnAct, Markers;
    /// A membership ended: 退会, another tenant, or an erasure for whatever reason, in the month in which it was carried out. A block
    /// by itself ends nothing (row A1).
    Left = "LEFT", AnAct, Markers;
    /// A member did anything in the chat: wrote, sent a file, pressed a button. Registering alone is not enough, or everybody would
    /// be active in the first month. Must never be narrowed to those who consult: it is shown also where it is all members.
    Active = "ACTIVE", APerson, Markers;
    /// A consultation was opened; one that goes on or is opened again is none. It carries the month's pseudonym of its member
    /// beside an id of its own, so that consultations and those who consult are counted by one query.
    ConsultationOpened = "CONSULTATION", AnAct, Markers;
    /// A nurse answered a consultation for the first time; with the minutes of business time for which it had waited.
    FirstAnswer = "FIRST-ANSWER", AnAct, Markers;
    /// A piece of content was meant for the tenant, whether or not anybody there had chosen its subject. Pieces, not deliveries: a
    /// number of deliveries would tell the number of members.
    ContentSent = "CONTENT-SENT", AnAct, Nothing;
    /// A member opened a piece of content, the first time.
    ContentOpened = "CONTENT-OPENED", AnAct, Nothing;
    /// A member entered an event.
    EventEntry = "EVENT-ENTRY", AnAct, Nothing;
    /// An interview of the tenant used a unit or is charged: held, no-show or cancelled too late.
    InterviewHeld = "INTERVIEW", AnAct, Ledger;
}

/// What leaves one marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// Each act.
    AnAct,
    /// The first act of a person in a month: the month's people are counted.
    APerson,
}

/// Where the number of a kind comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Markers are counted.
    Markers,
    /// The ledger of units says it: [`Statement`](crate::interview::allowance::Statement).
    Ledger,
    /// Its feature does not exist yet: a month has no such figure, which is not the figure 0.
    Nothing,
}

/// No function runs longer than this, so that no marker of a month is written later than this after its end.
const SETTLES_WITHIN: TimeDelta = TimeDelta::minutes(15);

/// The month in which an act at `now` counts.
pub fn month(now: DateTime<Utc>) -> Month {
    Month::of(time::jst_date(now))
}

/// From this instant on the markers of `month` are complete and can be counted.
pub fn settled_at(month: Month) -> DateTime<Utc> {
    let ended = time::start_of_day(month.next().first_day());
    ended.checked_add_signed(SETTLES_WITHIN).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use std::collections::BTreeSet;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_act_counts_in_the_month_that_a_japanese_calendar_shows() {
        for (now, counted) in [
            ("2026-12-31T14:59:59.999Z", "2026-12"),
            ("2026-12-31T15:00:00Z", "2027-01"),
            ("2024-02-29T23:59:59+09:00", "2024-02"),
            ("2024-03-01T00:00:00+09:00", "2024-03"),
        ] {
            assert_eq!(month(at(now)).to_string(), counted, "{now}");
        }
    }

    #[test]
    fn a_month_settles_when_nothing_of_it_can_be_on_its_way_any_more() {
        assert_eq!(settled_at("2026-12".parse().unwrap()), at("2027-01-01T00:15:00+09:00"));
        assert_eq!(settled_at("2024-02".parse().unwrap()), at("2024-03-01T00:15:00+09:00"));
    }

    #[test]
    fn each_kind_has_a_code_of_its_own_that_the_table_reads_back() {
        let codes: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
            assert_eq!(serde_json::from_value::<Kind>(kind.code().into()).unwrap(), *kind);
            assert!(kind.code().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'), "{kind:?}");
        }
    }

    #[test]
    fn only_content_and_events_wait_for_their_feature() {
        let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| kind.source() == Source::Nothing).collect();
        assert_eq!(missing, [&Kind::ContentSent, &Kind::ContentOpened, &Kind::EventEntry]);
    }
}
