//! The head of a consultation and what becomes of it (rows B1 to B4): members write, nurses take, answer, hand over, close.
//! Whoever writes it names the version that they saw; the store lets only one of two writers through.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    conversation::Consult,
    id::{ConsultationId, TenantId},
    personal::PersonName,
    roster::RosterCheck,
    time,
    topic::Topic,
};

/// A message of the member so soon after a consultation was closed goes on with it (row B2); a later one opens a new one.
pub const REOPENS_WITHIN: TimeDelta = TimeDelta::days(7);

/// Whether messages join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// The member's messages join it.
    Open,
    /// A nurse has closed it; the member's next message reopens it within [`REOPENS_WITHIN`].
    Closed,
}

/// The nurse in whose hands a consultation is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignee {
    /// Id of the nurse.
    pub id: String,
    /// For colleagues to read.
    pub name: PersonName,
}

/// What is known of a consultation without any key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its id.
    pub id: ConsultationId,
    /// The member's tenant.
    pub tenant: TenantId,
    /// One higher with every write; who writes names the one that they saw.
    pub version: u64,
    /// Whether messages join.
    pub state: State,
    /// When the first message was written.
    #[serde(with = "time::stamped")]
    pub opened_at: DateTime<Utc>,
    /// When the member wrote last.
    #[serde(with = "time::stamped")]
    pub last_message_at: DateTime<Utc>,
    /// The oldest message of the member that nobody has answered yet.
    #[serde(with = "time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<DateTime<Utc>>,
    /// When a nurse answered first.
    #[serde(with = "time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub first_answered_at: Option<DateTime<Utc>>,
    /// Whether a message had words that point to danger (row B4).
    pub urgent: bool,
    /// The roster check at the last message; anything but `Matched` is 未照合 (row A3).
    pub check: RosterCheck,
    /// Whether another LINE user claimed the same number at the last message (row A3).
    pub contested: bool,
    /// What it is about, by a nurse's judgement.
    pub topic: Topic,
    /// In whose hands it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Assignee>,
}

/// What a nurse does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Answers the member.
    Reply,
    /// Takes it into their own hands, also out of a colleague's.
    TakeOver,
    /// Gives it into a colleague's hands.
    HandOver(Assignee),
    /// Refers the member to a desk for this topic: an answer too (row B4).
    Refer(Topic),
    /// Says what it is about.
    Sort(Topic),
    /// Closes it.
    Close,
    /// Opens it again.
    Reopen,
}

/// Why a nurse's act changes nothing; the nurse is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A colleague has it in hand.
    InOtherHands,
    /// It is closed.
    IsClosed,
    /// The last message has no answer yet.
    Unanswered,
}

impl Head {
    /// A consultation that `consult` opens.
    pub fn opened(consult: &Consult, contested: bool, at: DateTime<Utc>) -> Self {
        Self {
            id: consult.consultation,
            tenant: consult.tenant,
            version: 1,
            state: State::Open,
            opened_at: at,
            last_message_at: at,
            waiting_since: Some(at),
            first_answered_at: None,
            urgent: consult.urgent,
            check: consult.check,
            contested,
            topic: Topic::default(),
            assignee: None,
        }
    }

    /// The same with one more message of the member, which also opens it again. Messages can come out of order.
    #[must_use]
    pub fn joined(self, consult: &Consult, contested: bool, at: DateTime<Utc>) -> Self {
        let urgent = consult.urgent || (self.urgent && self.state == State::Open);
        Self { state: State::Open, urgent, check: consult.check, contested, ..self }.with_document(at)
    }

    /// The same with a document that came on another way than the chat. What is closed stays closed: only the member's words
    /// open it again.
    #[must_use]
    pub fn with_document(self, at: DateTime<Utc>) -> Self {
        let waiting_since = match self.state {
            State::Open => Some(self.waiting_since.map_or(at, |since| since.min(at))),
            State::Closed => self.waiting_since,
        };
        Self { version: self.version + 1, last_message_at: self.last_message_at.max(at), waiting_since, ..self }
    }

    /// The consultation after `act` of the nurse `by`.
    ///
    /// # Errors
    /// [`Refusal`] where the act is not possible as it stands; nothing changes then.
    pub fn after(self, act: &Act, by: &Assignee, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let version = self.version + 1;
        let in_other_hands = self.assignee.as_ref().is_some_and(|assignee| assignee.id != by.id);
        let is_open = self.state == State::Open;
        match act {
            Act::Reply | Act::Refer(_) | Act::TakeOver | Act::HandOver(_) | Act::Close if !is_open => Err(Refusal::IsClosed),
            Act::Reply | Act::Refer(_) | Act::HandOver(_) | Act::Close if in_other_hands => Err(Refusal::InOtherHands),
            Act::Close if self.waiting_since.is_some() => Err(Refusal::Unanswered),
            Act::Reply | Act::Refer(_) => Ok(Self {
                version,
                topic: if let Act::Refer(topic) = act { *topic } else { self.topic },
                waiting_since: None,
                first_answered_at: self.first_answered_at.or(Some(now)),
                assignee: Some(by.clone()),
                ..self
            }),
            Act::TakeOver => Ok(Self { version, assignee: Some(by.clone()), ..self }),
            Act::HandOver(to) => Ok(Self { version, assignee: Some(to.clone()), ..self }),
            Act::Sort(topic) => Ok(Self { version, topic: *topic, ..self }),
            Act::Close => Ok(Self { version, state: State::Closed, ..self }),
            Act::Reopen => Ok(Self { version, state: State::Open, assignee: Some(by.clone()), ..self }),
        }
    }

    /// Whether the roster does not know the member by number and name (row A3: 未照合).
    pub fn is_unmatched(&self) -> bool {
        !self.check.is_matched()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::{conversation::Content, employee, id::MemberId, personal::MessageText};
    use ulid::Ulid;

    fn at(minute: u32) -> DateTime<Utc> {
        format!("2026-11-25T01:{minute:02}:00Z").parse().unwrap()
    }

    fn nurse(id: &str) -> Assignee {
        Assignee { id: id.to_owned(), name: employee::parse_name("佐藤 恵").unwrap() }
    }

    fn message(urgent: bool) -> Consult {
        Consult {
            tenant: TenantId::new(Ulid(1)),
            member: MemberId::new(Ulid(2)),
            consultation: ConsultationId::new(Ulid(3)),
            opens: true,
            reopens: false,
            urgent,
            check: RosterCheck::NameMissing,
            content: Content::Text(MessageText::new("眠れません")),
            file_name: None,
        }
    }

    fn open() -> Head {
        Head::opened(&message(false), false, at(0))
    }

    fn after(head: Head, acts: &[(Act, &str)]) -> Result<Head, Refusal> {
        acts.iter().try_fold(head, |head, (act, by)| head.after(act, &nurse(by), at(10)))
    }

    #[test]
    fn who_answers_has_it_in_hand_and_nobody_waits_any_more() {
        let head = after(open(), &[(Act::Reply, "a")]).unwrap();
        assert_eq!((head.waiting_since, head.first_answered_at, head.version), (None, Some(at(10)), 2));
        assert_eq!(head.assignee, Some(nurse("a")));
        let asked_again = head.joined(&message(false), false, at(20));
        assert_eq!((asked_again.waiting_since, asked_again.first_answered_at), (Some(at(20)), Some(at(10))));
    }

    #[test]
    fn a_message_that_comes_late_shortens_no_wait() {
        let head = open().joined(&message(false), false, at(9)).joined(&message(false), true, at(5));
        assert_eq!((head.waiting_since, head.last_message_at, head.contested), (Some(at(0)), at(9), true));
    }

    type Story = (&'static str, Vec<(Act, &'static str)>, Option<Refusal>);

    #[test]
    fn a_document_waits_for_a_nurse_unless_the_consultation_is_closed() {
        let answered = after(open(), &[(Act::Reply, "a")]).unwrap();
        assert_eq!(answered.clone().with_document(at(20)).waiting_since, Some(at(20)));
        let closed = after(answered, &[(Act::Close, "a")]).unwrap().with_document(at(30));
        assert_eq!((closed.state, closed.waiting_since, closed.last_message_at), (State::Closed, None, at(30)));
    }

    #[test]
    fn only_who_has_it_in_hand_answers_hands_over_and_closes() {
        use Act::{Close, HandOver, Refer, Reopen, Reply, Sort, TakeOver};
        let to_b = || HandOver(nurse("b"));
        let table: Vec<Story> = vec![
            ("referred", vec![(Refer(Topic::Harassment), "a"), (Close, "a")], None),
            ("referred by another", vec![(TakeOver, "a"), (Refer(Topic::Harassment), "b")], Some(Refusal::InOtherHands)),
            ("a colleague's", vec![(Reply, "a"), (Reply, "b")], Some(Refusal::InOtherHands)),
            ("taken over", vec![(Reply, "a"), (TakeOver, "b"), (Reply, "b")], None),
            ("taken away", vec![(Reply, "a"), (TakeOver, "b"), (Reply, "a")], Some(Refusal::InOtherHands)),
            ("handed over", vec![(Reply, "a"), (to_b(), "a"), (Reply, "b")], None),
            ("handed over by another", vec![(Reply, "a"), (to_b(), "b")], Some(Refusal::InOtherHands)),
            ("sorted by anybody", vec![(Reply, "a"), (Sort(Topic::Mind), "b")], None),
            ("closed without an answer", vec![(TakeOver, "a"), (Close, "a")], Some(Refusal::Unanswered)),
            ("closed", vec![(Reply, "a"), (Close, "a")], None),
            ("closed by another", vec![(Reply, "a"), (Close, "b")], Some(Refusal::InOtherHands)),
            ("answered after the end", vec![(Reply, "a"), (Close, "a"), (Reply, "a")], Some(Refusal::IsClosed)),
            ("taken after the end", vec![(Reply, "a"), (Close, "a"), (TakeOver, "b")], Some(Refusal::IsClosed)),
            ("reopened", vec![(Reply, "a"), (Close, "a"), (Reopen, "b"), (Reply, "b")], None),
        ];
        for (story, acts, refused) in table {
            assert_eq!(after(open(), &acts).err(), refused, "{story}");
        }
    }

    #[test]
    fn a_message_reopens_what_was_closed_and_its_urgency_is_judged_anew() {
        let urgent = Head::opened(&message(true), false, at(0));
        let closed = after(urgent, &[(Act::Reply, "a"), (Act::Close, "a")]).unwrap();
        assert!(closed.urgent && closed.state == State::Closed);
        let reopened = closed.joined(&message(false), false, at(30));
        assert_eq!((reopened.state, reopened.urgent, reopened.waiting_since), (State::Open, false, Some(at(30))));
    }
}
