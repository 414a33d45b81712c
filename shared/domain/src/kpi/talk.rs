//! What of the talk with a LINE user is counted.

use super::marker::Kind;
use crate::{
    conversation::{Act, Decision, Effect},
    id::{ConsultationId, KeyGeneration, TenantId},
    line_user::Member,
};

/// An act that leaves a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// With which tenant.
    pub tenant: TenantId,
    /// What.
    pub kind: Kind,
    /// The data key of the member who did it.
    pub key: KeyGeneration,
    /// The consultation, where one was opened.
    pub consultation: Option<ConsultationId>,
}

/// What is counted of `act`, on which `decision` was taken; `before` is the membership in which it was done.
pub fn counted(before: Option<&Member>, act: &Act, decision: &Decision) -> Vec<Counted> {
    let mut counted = Vec::new();
    if let Some(member) = before.filter(|_| is_of_the_person(act)) {
        counted.push(Counted { tenant: member.tenant, kind: Kind::Active, key: member.key, consultation: None });
    }
    for effect in &decision.effects {
        match effect {
            Effect::Register { tenant, .. } => {
                let key = decision.user.member.as_ref().map(|member| member.key);
                counted.extend(key.map(|key| Counted { tenant: *tenant, kind: Kind::Registered, key, consultation: None }));
            }
            Effect::Erase { tenant, key, .. } => {
                counted.push(Counted { tenant: *tenant, kind: Kind::Left, key: *key, consultation: None });
            }
            Effect::Consult(consult) if consult.opens => {
                let of = |member: &Member| Counted {
                    tenant: consult.tenant,
                    kind: Kind::ConsultationOpened,
                    key: member.key,
                    consultation: Some(consult.consultation),
                };
                counted.extend(before.map(of));
            }
            Effect::MakeKey { .. }
            | Effect::DestroyKey { .. }
            | Effect::MoveClaim { .. }
            | Effect::Consult(_)
            | Effect::AlertDuty { .. }
            | Effect::ShowMenu(_)
            | Effect::AlarmCalendar => {}
        }
    }
    counted
}

/// Wrote, sent or pressed something. Following, blocking and withdrawing are no use of the service.
const fn is_of_the_person(act: &Act) -> bool {
    match act {
        Act::Text(_) | Act::Choice(_) | Act::Sent(_) | Act::NotTaken => true,
        Act::Follow | Act::Unfollow | Act::Unsend => false,
    }
}
