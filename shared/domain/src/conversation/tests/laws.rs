//! What must be true after every act of every story.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    conversation::{Act, Attachment, Content, Decision, Effect, command::Command},
    danger::DangerWords,
    id::{KeyGeneration, MemberId, TenantId},
    line_user::{Expects, LineUser, Member},
    personal::{EmployeeNumber, MessageText},
    roster::RosterRow,
    tenant::{Plan, RegistrationCode, Tenant},
    text::{Choice, Text},
};

type Roster = BTreeMap<(TenantId, EmployeeNumber), RosterRow>;

/// What the effects of one user's acts have left behind.
#[derive(Default)]
pub struct Laws {
    keys: BTreeMap<MemberId, KeyGeneration>,
    claims: BTreeMap<MemberId, (TenantId, EmployeeNumber)>,
    /// Queued to be erased: the purge destroys these keys.
    erasing: BTreeMap<MemberId, KeyGeneration>,
}

impl Laws {
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    pub fn hold(
        &mut self,
        before: &LineUser,
        tenants: &BTreeMap<TenantId, Tenant>,
        roster: &Roster,
        now: DateTime<Utc>,
        act: &Act,
        decision: &Decision,
    ) {
        fits_one_answer(decision);
        self.keys_and_claims_are_those_of_the_user(decision);
        let admitted = before.member.as_ref().filter(|member| is_admitted(member, tenants, roster, now));
        let consults = decision.effects.iter().filter(|effect| matches!(effect, Effect::Consult(_))).count();
        match (act, admitted) {
            (Act::Text(text), Some(member)) => nothing_is_lost(before, member, now, text, decision),
            (Act::Sent(Attachment::Sticker(_)), Some(member)) => {
                assert!(consults == 1 || member.intake.open.is_none(), "a sticker joins what is open");
            }
            (Act::Sent(_), Some(_)) => {
                let is_refused = decision.say.iter().any(|say| say.text == Text::DocumentTooLarge);
                assert_eq!(consults == 1, !is_refused, "what a member sends is kept, or it is said that it is not");
            }
            _ => assert_eq!(consults, 0, "only what an admitted member sends is kept"),
        }
    }

    fn keys_and_claims_are_those_of_the_user(&mut self, decision: &Decision) {
        for effect in &decision.effects {
            match effect {
                Effect::MakeKey { member, key, .. } => assert_eq!(self.keys.insert(*member, *key), None, "a key is made once"),
                Effect::DestroyKey { member } => assert!(self.keys.remove(member).is_some(), "a key is destroyed once"),
                Effect::Register { tenant, member, number } => {
                    assert!(self.keys.contains_key(member), "who registers has a key");
                    assert_eq!(self.claims.insert(*member, (*tenant, number.clone())), None, "a member registers once");
                }
                Effect::MoveClaim { tenant, member, from, to } => {
                    let former = self.claims.insert(*member, (*tenant, to.clone()));
                    assert!(former == Some((*tenant, from.clone())) && from != to, "the claim moves from where it was");
                }
                Effect::Erase { tenant, member, key, number } => {
                    assert_eq!(self.keys.remove(member), Some(*key), "what is erased has its key still");
                    assert!(self.claims.remove(member) == Some((*tenant, number.clone())), "the claim goes with the member");
                    assert_eq!(self.erasing.insert(*member, *key), None, "a member is erased once");
                }
                Effect::Consult(_) | Effect::AlertDuty { .. } | Effect::ShowMenu(_) | Effect::AlarmCalendar => {}
            }
        }
        let user = &decision.user;
        let of_dialogue = user.dialogue.iter().map(|dialogue| (dialogue.member, dialogue.key));
        let referred: BTreeMap<_, _> = user.member.iter().map(|member| (member.id, member.key)).chain(of_dialogue).collect();
        assert_eq!(self.keys, referred, "the keys that exist are those which the user refers to");
        let claims = user.member.iter().map(|member| (member.id, (member.tenant, member.number.clone()))).collect();
        assert!(self.claims == claims, "the number that is claimed is the member's");
    }
}

/// Five bubbles, and choices where LINE shows them.
fn fits_one_answer(decision: &Decision) {
    assert!(decision.say.len() <= 5, "{:?}", decision.say);
    let [above @ .., _] = decision.say.as_slice() else { return };
    assert!(above.iter().all(|say| say.choices.is_empty()), "{:?}", decision.say);
}

/// Row A4 in other words than the rule's: the contract, the plan, and the employment by which the member came in.
fn is_admitted(member: &Member, tenants: &BTreeMap<TenantId, Tenant>, roster: &Roster, now: DateTime<Utc>) -> bool {
    let Some(tenant) = tenants.get(&member.tenant) else { return false };
    let row = roster.get(&(member.tenant, member.number.clone()));
    let employments = row.map(|row| row.employments.as_slice()).unwrap_or_default();
    let employed = match member.employment {
        Some(bound) => employments.iter().any(|employment| employment.id == bound && employment.gives_access(now)),
        None => employments.is_empty() || employments.iter().any(|employment| employment.gives_access(now)),
    };
    tenant.contract.in_force(now) && tenant.contract.plans.contains(&Plan::EmployeeSupport) && employed
}

/// Every text of an admitted member is a command, an answer to what was asked, or is kept word by word.
fn nothing_is_lost(before: &LineUser, member: &Member, now: DateTime<Utc>, text: &MessageText, decision: &Decision) {
    let consults: Vec<_> =
        decision.effects.iter().filter_map(|effect| if let Effect::Consult(consult) = effect { Some(consult) } else { None }).collect();
    let urgent = DangerWords::default_list().find(text);
    assert!(
        consults.len() <= 1 && consults.iter().all(|consult| consult.content == Content::Text(text.clone()) && consult.urgent == urgent)
    );
    let alerted = decision.effects.iter().any(|effect| matches!(effect, Effect::AlertDuty { .. }));
    assert_eq!(urgent, alerted, "the nurse on duty is told of what is urgent and of nothing else");

    let registers = before.dialogue.as_ref().is_some_and(|dialogue| !dialogue.is_over(now));
    let is_command = Command::parse(text.expose()).is_some()
        || Choice::from_label(text.expose()).is_some()
        || RegistrationCode::announced_in(text.expose()).is_some();
    let after = decision.user.member.as_ref();
    let is_answer = match member.expects {
        Expects::Nothing | Expects::LeaveConfirmation => false,
        Expects::Name | Expects::NameConfirmation(_) => {
            after.and_then(|after| after.name.as_ref()).is_some_and(|name| name.expose() == text.expose().trim())
        }
        Expects::NewNumber => decision.say.iter().any(|say| matches!(say.text.key(), "number-changed" | "number-not-usable")),
    };
    let is_taken = !urgent && (registers || is_command || is_answer);
    assert!(is_taken || consults.len() == 1, "a message was lost while {:?} was expected", member.expects);
}
