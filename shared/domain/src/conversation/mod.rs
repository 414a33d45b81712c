//! The talk with one LINE user: what is known and what the person did go in, a [`Decision`] comes out. Pure: the caller
//! gathers what [`look_ups`] names, and carries the decision out in one transaction.
//!
//! The order is the rule: registration codes first (anybody may register anew), then an unfinished registration, then the
//! member's access (row A4), then what the bot waits for, and at last the consultation (row B1). Words that point to danger
//! come before all of it (row B4): no dialogue holds helplines back.

mod command;
mod intake;
mod membership;
mod registration;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::BusinessCalendar,
    danger::DangerWords,
    documents::Documents,
    id::{ConsultationId, DocumentId, KeyGeneration, MemberId, TenantId},
    line_user::{Expects, LineUser, Step},
    personal::{DocumentName, EmployeeNumber, MessageText},
    roster::{RosterCheck, RosterRow},
    tenant::{RegistrationCode, Tenant},
    text::{Choice, Language, Say, Text},
};

/// What a LINE user did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Added the account as a friend, or unblocked it.
    Follow,
    /// Blocked it.
    Unfollow,
    /// Withdrew a message, which is gone already.
    Unsend,
    /// Wrote.
    Text(MessageText),
    /// Touched a choice.
    Choice(Choice),
    /// Sent something else than text.
    Sent(Attachment),
    /// Sent something that is not taken: a film, a sound, a picture that LINE does not keep, a kind that we do not know.
    NotTaken,
}

/// What can be sent beside text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attachment {
    /// A picture.
    Picture,
    /// A file.
    File {
        /// Its name.
        name: Option<DocumentName>,
        /// Bytes, as LINE says.
        size: Option<u64>,
    },
    /// A sticker.
    Sticker(Sticker),
    /// A place.
    Place(Place),
}

/// A sticker: LINE's numbers, and what the person wrote onto it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sticker {
    /// The set.
    pub package: Option<String>,
    /// Which one of the set.
    pub sticker: Option<String>,
    /// Written by the person.
    pub text: Option<MessageText>,
}

/// A place, as its sender's telephone describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its name.
    pub title: Option<MessageText>,
    /// Its address.
    pub address: Option<MessageText>,
    /// `latitude,longitude` in degrees.
    pub position: Option<MessageText>,
}

/// What a message of a consultation holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// Words.
    Text(MessageText),
    /// A sticker.
    Sticker(Sticker),
    /// A place.
    Place(Place),
    /// A picture or a file, which is fetched from LINE afterwards and kept as a document (row B5). Its name stands with the
    /// document, so that it goes with it.
    Document(DocumentId),
}

/// The rich menu below the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Menu {
    /// How to ask, change the number, leave.
    Registered,
    /// How to register: the account's default.
    Unregistered,
}

/// All that a decision depends on.
#[derive(Debug)]
pub struct Situation<'a> {
    /// The user as stored.
    pub user: LineUser,
    /// The tenants that [`look_ups`] named, as far as they exist.
    pub tenants: &'a BTreeMap<TenantId, Tenant>,
    /// The tenant whose code the text announces, where [`look_ups`] named a code and a tenant has it.
    pub code: Option<TenantId>,
    /// The rows that [`look_ups`] named, as far as they exist.
    pub rows: &'a BTreeMap<(TenantId, EmployeeNumber), RosterRow>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
    /// When the user did it, by LINE's clock; events can arrive late.
    pub at: DateTime<Utc>,
    /// When nurses answer.
    pub calendar: &'a BusinessCalendar<'a>,
    /// What people consent to.
    pub documents: &'a Documents,
    /// The operator's list.
    pub danger: &'a DangerWords,
    /// Whether somebody is on duty to be told of words that point to danger.
    pub duty: bool,
    /// Ids to use where something new begins.
    pub fresh: Fresh,
}

/// Ids that the caller made for this decision.
#[derive(Debug, Clone, Copy)]
pub struct Fresh {
    /// For a registration that begins.
    pub member: MemberId,
    /// For its data key.
    pub key: KeyGeneration,
    /// For a consultation that opens.
    pub consultation: ConsultationId,
    /// For a document.
    pub document: DocumentId,
}

/// What is to be done: all of it in one transaction, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The user as to be stored.
    pub user: LineUser,
    /// The answer, at most five bubbles.
    pub say: Vec<Say>,
    /// The language of the answer.
    pub language: Language,
    /// What else changes.
    pub effects: Vec<Effect>,
}

/// A change beside the user's own item.
#[allow(missing_docs, reason = "the fields are what their types say")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A registration begins: make the data key of the member to be. It is forgotten with the dialogue.
    MakeKey { tenant: TenantId, member: MemberId, key: KeyGeneration },
    /// A registration was broken off: destroy its key.
    DestroyKey { member: MemberId },
    /// The registration is complete: keep the key, note who claims the number (row A3: two can).
    Register { tenant: TenantId, member: MemberId, number: EmployeeNumber },
    /// The number was changed.
    MoveClaim { tenant: TenantId, member: MemberId, from: EmployeeNumber, to: EmployeeNumber },
    /// The membership ended by the member's own act: everything of it is to be erased within a day (row A1).
    Erase { tenant: TenantId, member: MemberId, key: KeyGeneration, number: EmployeeNumber },
    /// A message is kept in a consultation.
    Consult(Consult),
    /// The nurse on duty is told by mail (row B4).
    AlertDuty { tenant: String, member: MemberId, consultation: ConsultationId },
    /// The user sees another rich menu from now on.
    ShowMenu(Menu),
    /// The holiday data does not reach far enough: ops have to renew it (row B1).
    AlarmCalendar,
}

/// A message in a consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consult {
    /// Whose.
    pub tenant: TenantId,
    /// Whose.
    pub member: MemberId,
    /// The thread.
    pub consultation: ConsultationId,
    /// Whether the message begins it.
    pub opens: bool,
    /// Whether the message opens again what a nurse had closed.
    pub reopens: bool,
    /// Whether the message has words that point to danger.
    pub urgent: bool,
    /// The roster check at this moment.
    pub check: RosterCheck,
    /// What was sent.
    pub content: Content,
    /// The name of the file that was sent.
    pub file_name: Option<DocumentName>,
}

/// What the caller has to read before it can ask for a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LookUps {
    /// A registration code, to find its tenant.
    pub code: Option<RegistrationCode>,
    /// Numbers, to find their rows.
    pub numbers: Vec<(TenantId, EmployeeNumber)>,
}

/// Says what a decision about `act` needs beyond the user's own tenants, which are in `tenants`.
pub fn look_ups(user: &LineUser, tenants: &BTreeMap<TenantId, Tenant>, act: &Act) -> LookUps {
    let mut needed = LookUps::default();
    let typed = if let Act::Text(text) = act { Some(text) } else { None };
    // A dialogue that is over is only forgotten in the decision, so that a bare code may count although one is stored.
    let may_be_bare = user.member.is_none();
    needed.code =
        typed.map(MessageText::expose).and_then(if may_be_bare { RegistrationCode::typed_in } else { RegistrationCode::announced_in });
    let number = |tenant: TenantId, text: &MessageText| {
        let width = tenants.get(&tenant).and_then(|tenant| tenant.number_width);
        crate::employee::parse_number(text.expose(), width).ok().map(|number| (tenant, number))
    };
    if let Some(member) = &user.member {
        needed.numbers.push((member.tenant, member.number.clone()));
        if member.expects == Expects::NewNumber {
            needed.numbers.extend(typed.and_then(|text| number(member.tenant, text)));
        }
    }
    if let Some(dialogue) = &user.dialogue {
        match &dialogue.step {
            Step::Number => needed.numbers.extend(typed.and_then(|text| number(dialogue.tenant, text))),
            Step::Consent(given) => needed.numbers.push((dialogue.tenant, given.clone())),
            Step::Passphrase => {}
        }
    }
    needed
}

/// A bare code counts only from somebody who is not registered and not asked for anything: else it may be an answer or a question.
fn announced_code(user: &LineUser, text: &MessageText) -> Option<RegistrationCode> {
    if user.member.is_none() && user.dialogue.is_none() {
        RegistrationCode::typed_in(text.expose())
    } else {
        RegistrationCode::announced_in(text.expose())
    }
}

/// Decides what follows from `act`.
pub fn decide(mut situation: Situation<'_>, act: &Act) -> Decision {
    let former_language = situation.language();
    let mut effects = Vec::new();
    registration::forget_if_over(&mut situation, &mut effects);
    if matches!(act, Act::Text(_) | Act::Choice(_) | Act::Sent(_) | Act::NotTaken) {
        situation.user.presence = situation.user.presence.seen(situation.at);
    }
    let mut decision = match act {
        Act::Follow => {
            situation.user.presence = situation.user.presence.followed(situation.at);
            membership::greet(situation)
        }
        Act::Unfollow => {
            situation.user.presence = situation.user.presence.unfollowed(situation.at);
            situation.silent()
        }
        Act::Unsend => membership::unsent(situation),
        Act::Text(text) => decide_text(situation, text),
        Act::Choice(choice) => decide_choice(situation, *choice),
        Act::Sent(attachment) => membership::sent(situation, Some(attachment)),
        Act::NotTaken => membership::sent(situation, None),
    };
    if decision.user.dialogue.is_none() && decision.user.member.is_none() {
        // Who leaves or breaks off is answered in the language that was spoken so far.
        decision.language = former_language;
    }
    effects.append(&mut decision.effects);
    decision.effects = effects;
    decision
}

fn decide_text(situation: Situation<'_>, text: &MessageText) -> Decision {
    if announced_code(&situation.user, text).is_some() {
        return registration::begin(situation);
    }
    let is_known = situation.user.dialogue.is_some() || situation.user.member.is_some();
    if let Some(choice) = Choice::from_label(text.expose()).filter(|_| is_known) {
        return decide_choice(situation, choice);
    }
    // Who registers anew is still a member: an urgent message is kept and a nurse told, and the dialogue goes on after it.
    let urgent_of_member = situation.danger.find(text) && membership::is_admitted(&situation);
    if situation.user.dialogue.is_some() && !urgent_of_member {
        return situation.with_danger(text, |situation| registration::answer(situation, text));
    }
    if situation.user.member.is_some() {
        return membership::answer(situation, text);
    }
    situation.with_danger(text, |situation| situation.only(Text::HowToRegister))
}

fn decide_choice(situation: Situation<'_>, choice: Choice) -> Decision {
    if situation.user.dialogue.is_some() {
        registration::choose(situation, choice)
    } else if situation.user.member.is_some() {
        membership::choose(situation, choice)
    } else if choice == Choice::HowToRegister {
        situation.only(Text::RegistrationSteps)
    } else {
        situation.only(Text::HowToRegister)
    }
}

impl Situation<'_> {
    fn language(&self) -> Language {
        let tenant = self.user.dialogue.as_ref().map(|d| d.tenant).or(self.user.member.as_ref().map(|m| m.tenant)).or(self.code);
        tenant.and_then(|id| self.tenants.get(&id)).map(|tenant| tenant.language).unwrap_or_default()
    }

    fn row(&self, tenant: TenantId, number: &EmployeeNumber) -> Option<&RosterRow> {
        self.rows.get(&(tenant, number.clone()))
    }

    fn answer(self, say: Vec<Say>, effects: Vec<Effect>) -> Decision {
        let language = self.language();
        Decision { user: self.user, say, language, effects }
    }

    fn only(self, text: impl Into<Say>) -> Decision {
        self.answer(vec![text.into()], Vec::new())
    }

    fn silent(self) -> Decision {
        self.answer(Vec::new(), Vec::new())
    }

    /// Puts the helplines before whatever else is answered. Nothing is stored of people who are not registered, so no nurse is told.
    fn with_danger(self, text: &MessageText, decide: impl FnOnce(Self) -> Decision) -> Decision {
        let danger = self.danger.find(text);
        let mut decision = decide(self);
        if danger {
            decision.say.insert(0, Text::Danger.into());
        }
        decision
    }
}

#[cfg(test)]
mod tests;
