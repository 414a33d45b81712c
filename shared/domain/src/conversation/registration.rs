//! Registration (rows A1, A2): code → passphrase (where the tenant set one) → employee number → consent → registered.

use crate::{
    conversation::{Decision, Effect, Menu, Situation, command::Command},
    employee,
    line_user::{Dialogue, Expects, Intake, Member, Step},
    passphrase::LockState,
    personal::{EmployeeNumber, MessageText},
    roster::{self, Claim},
    tenant::Tenant,
    text::{Choice, Say, Text},
};

/// A dialogue of more than seven days is forgotten at the moment of the next request; TTL tidies those that never come.
pub fn forget_if_over(situation: &mut Situation<'_>, effects: &mut Vec<Effect>) {
    if let Some(over) = situation.user.dialogue.take_if(|dialogue| dialogue.is_over(situation.now)) {
        effects.push(Effect::DestroyKey { member: over.member });
    }
}

/// A code was announced: a registration begins, or begins anew.
pub fn begin(mut situation: Situation<'_>) -> Decision {
    let Some(tenant) = situation.code.and_then(|id| situation.tenants.get(&id)) else { return situation.only(Text::CodeUnknown) };
    if !offers_line(tenant, &situation) {
        return situation.only(Text::ServiceNotAvailable { tenant: tenant.name.clone() });
    }
    if is_registered_with(tenant, &situation) {
        let already = Text::AlreadyRegistered { tenant: tenant.name.clone() };
        // Back to the own company: what was begun with another one is over, else it would take the next question for its answer.
        return give_up(situation, already.with([Choice::ChangeNumber, Choice::Leave]));
    }
    let (member, key) = (situation.fresh.member, situation.fresh.key);
    let mut effects = Vec::new();
    let (step, ask) = match tenant.passphrase {
        Some(_) => (Step::Passphrase, Text::PassphraseAsk { tenant: tenant.name.clone() }),
        None => (Step::Number, Text::NumberAsk { tenant: tenant.name.clone() }),
    };
    let dialogue = Dialogue { tenant: tenant.id, member, key, started_at: situation.now, step };
    if let Some(former) = situation.user.dialogue.replace(dialogue) {
        effects.push(Effect::DestroyKey { member: former.member });
    }
    effects.push(Effect::MakeKey { tenant: tenant.id, member, key });
    situation.answer(vec![ask.with([Choice::Cancel])], effects)
}

/// Whether the tenant's employees have the LINE service at this moment (rows A4, D6).
pub fn offers_line(tenant: &Tenant, situation: &Situation<'_>) -> bool {
    tenant.offers_line(situation.now)
}

/// A leaver is not registered any more, so that a rehired person can register before the purge has run.
fn is_registered_with(tenant: &Tenant, situation: &Situation<'_>) -> bool {
    situation.user.member.as_ref().is_some_and(|member| {
        let row = situation.row(member.tenant, &member.number);
        member.tenant == tenant.id && !roster::has_left(member.employment, row, situation.now)
    })
}

/// A text while a registration is under way.
pub fn answer(situation: Situation<'_>, text: &MessageText) -> Decision {
    let Some(dialogue) = situation.user.dialogue.clone() else { return situation.only(Text::HowToRegister) };
    if Command::parse(text.expose()) == Some(Command::Cancel) {
        return give_up(situation, Text::RegistrationCancelled);
    }
    let Some(tenant) = situation.tenants.get(&dialogue.tenant) else { return give_up(situation, Text::HowToRegister) };
    match dialogue.step {
        Step::Passphrase => passphrase(situation, tenant, text),
        Step::Number => number(situation, tenant, text),
        Step::Consent(_) => situation.only(Text::ConsentNeeded.with(CONSENT_CHOICES)),
    }
}

const CONSENT_CHOICES: [Choice; 3] = [Choice::Consent, Choice::ChangeNumber, Choice::Decline];

/// A choice while a registration is under way.
pub fn choose(situation: Situation<'_>, choice: Choice) -> Decision {
    let Some(dialogue) = situation.user.dialogue.clone() else { return situation.only(Text::HowToRegister) };
    let Some(tenant) = situation.tenants.get(&dialogue.tenant) else { return give_up(situation, Text::HowToRegister) };
    match (choice, dialogue.step.clone()) {
        (Choice::Cancel, _) => give_up(situation, Text::RegistrationCancelled),
        (Choice::Decline, Step::Consent(_)) => give_up(situation, Text::ConsentDeclined),
        (Choice::Consent, Step::Consent(number)) => register(situation, tenant, &dialogue, number),
        (Choice::ChangeNumber, Step::Consent(_)) => ask_number(situation, tenant),
        // A button of a former bubble.
        _ => ask_again(situation),
    }
}

/// Something came that answers nothing: what is asked for is asked again.
pub fn ask_again(situation: Situation<'_>) -> Decision {
    let Some(dialogue) = &situation.user.dialogue else { return situation.only(Text::HowToRegister) };
    let Some(tenant) = situation.tenants.get(&dialogue.tenant) else { return give_up(situation, Text::HowToRegister) };
    match dialogue.step {
        Step::Passphrase => situation.only(Text::PassphraseAsk { tenant: tenant.name.clone() }.with([Choice::Cancel])),
        Step::Number => ask_number(situation, tenant),
        Step::Consent(_) => situation.only(Text::ConsentNeeded.with(CONSENT_CHOICES)),
    }
}

fn give_up(mut situation: Situation<'_>, say: impl Into<Say>) -> Decision {
    let dropped = situation.user.dialogue.take().map(|dialogue| Effect::DestroyKey { member: dialogue.member });
    situation.answer(vec![say.into()], dropped.into_iter().collect())
}

fn step(situation: &mut Situation<'_>, step: Step) {
    if let Some(dialogue) = &mut situation.user.dialogue {
        dialogue.step = step;
    }
}

fn ask_number(mut situation: Situation<'_>, tenant: &Tenant) -> Decision {
    step(&mut situation, Step::Number);
    situation.only(Text::NumberAsk { tenant: tenant.name.clone() }.with([Choice::Cancel]))
}

fn passphrase(mut situation: Situation<'_>, tenant: &Tenant, attempt: &MessageText) -> Decision {
    // A tenant that dropped its passphrase in the meantime asks for none.
    let Some(hash) = &tenant.passphrase else { return ask_number(situation, tenant) };
    if let LockState::LockedUntil(until) = situation.user.lockout.state(situation.now) {
        return situation.only(Text::PassphraseLocked { until }.with([Choice::Cancel]));
    }
    if hash.matches(attempt.expose()) {
        return ask_number(situation, tenant);
    }
    situation.user.lockout = situation.user.lockout.after_wrong(situation.now);
    let answer = match situation.user.lockout.state(situation.now) {
        LockState::LockedUntil(until) => Text::PassphraseLocked { until },
        LockState::Open => Text::PassphraseWrong { tries_left: situation.user.lockout.tries_left(situation.now) },
    };
    situation.only(answer.with([Choice::Cancel]))
}

fn number(mut situation: Situation<'_>, tenant: &Tenant, text: &MessageText) -> Decision {
    let Ok(number) = employee::parse_number(text.expose(), tenant.number_width) else {
        return situation.only(Text::NumberBad.with([Choice::Cancel]));
    };
    if roster::claim(situation.row(tenant.id, &number), situation.now) == Claim::Left {
        return situation.only(Text::AccessEnded.with([Choice::Cancel]));
    }
    let ask = Text::ConsentAsk { tenant: tenant.name.clone(), number: number.clone(), documents: situation.documents.clone() };
    step(&mut situation, Step::Consent(number));
    situation.only(ask.with(CONSENT_CHOICES))
}

/// Consent was given: the roster and the contract are asked once more, as they are now.
fn register(mut situation: Situation<'_>, tenant: &Tenant, dialogue: &Dialogue, number: EmployeeNumber) -> Decision {
    if !offers_line(tenant, &situation) {
        return give_up(situation, Text::ServiceNotAvailable { tenant: tenant.name.clone() });
    }
    let row = situation.row(tenant.id, &number);
    let check = roster::check(None, row, situation.now);
    let employment = match roster::claim(row, situation.now) {
        Claim::Holds(employment) => Some(employment),
        Claim::Unknown => None,
        Claim::Left => return give_up(situation, Text::AccessEnded),
    };
    let welcome: Say = match employment {
        Some(_) => Text::Registered { tenant: tenant.name.clone(), hours: situation.calendar.hours }.into(),
        None => Text::RegisteredUnverified { tenant: tenant.name.clone(), number: number.clone(), hours: situation.calendar.hours }
            .with([Choice::ChangeNumber]),
    };
    let member = Member {
        id: dialogue.member,
        tenant: tenant.id,
        key: dialogue.key,
        registered_at: situation.now,
        number: number.clone(),
        name: None,
        employment,
        check,
        expects: Expects::Nothing,
        intake: Intake::default(),
    };
    situation.user.dialogue = None;
    let mut effects = vec![Effect::Register { tenant: tenant.id, member: member.id, number }, Effect::ShowMenu(Menu::Registered)];
    if let Some(former) = situation.user.member.replace(member) {
        effects.push(former.erased());
    }
    situation.answer(vec![welcome], effects)
}
