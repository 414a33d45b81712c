//! Consultation intake (row B1): any text of a member opens a consultation or joins the open one, at any hour.

use crate::{
    conversation::{Attachment, Consult, Content, Decision, Effect, Situation},
    line_user::{Expects, Member},
    personal::{DocumentName, MessageText},
    roster,
    tenant::Tenant,
    text::{Choice, Say, Text},
};

/// Keeps what a member sent beside text. A sticker joins an open consultation, but opens none: alone it asks nothing.
pub fn attach(situation: Situation<'_>, member: Member, tenant: &Tenant, attachment: &Attachment) -> Decision {
    let document = || Content::Document(situation.fresh.document);
    let (content, file_name) = match attachment {
        Attachment::Picture => (document(), None),
        Attachment::File { name, .. } => (document(), name.clone()),
        Attachment::Place(place) => (Content::Place(place.clone()), None),
        Attachment::Sticker(sticker) => (Content::Sticker(sticker.clone()), None),
    };
    let urgent = attachment.words().is_some_and(|words| situation.danger.find(&words));
    if matches!(content, Content::Sticker(_)) && member.intake.open.is_none() && !urgent {
        let hours = situation.calendar.hours;
        return situation.only(Text::HowToAsk { hours });
    }
    keep(situation, member, tenant, content, file_name, urgent)
}

impl Attachment {
    /// The person's own words, which can point to danger.
    pub fn words(&self) -> Option<MessageText> {
        match self {
            Self::Sticker(sticker) => sticker.text.clone(),
            Self::File { name, .. } => name.as_ref().map(|name| MessageText::new(name.expose())),
            Self::Place(_) | Self::Picture => None,
        }
    }
}

/// Keeps what a member wrote.
pub fn consult(situation: Situation<'_>, member: Member, tenant: &Tenant, text: &MessageText, urgent: bool) -> Decision {
    keep(situation, member, tenant, Content::Text(text.clone()), None, urgent)
}

/// Keeps `content` in the member's consultation and answers: helplines where `urgent`, the explanation the first time, when
/// answers resume once per closed period, and the question for the name as long as none is known.
fn keep(
    mut situation: Situation<'_>,
    mut member: Member,
    tenant: &Tenant,
    content: Content,
    file_name: Option<DocumentName>,
    urgent: bool,
) -> Decision {
    let reopened = member.intake.reopens(situation.now);
    let begins = member.intake.open.is_none();
    let opens = begins && reopened.is_none();
    let is_document = matches!(content, Content::Document(_));
    let consultation = *member.intake.open.get_or_insert(reopened.unwrap_or(situation.fresh.consultation));
    member.intake.closed = None;
    member.intake.urgent = urgent || (member.intake.urgent && !begins);
    member.check = roster::check(member.name.as_ref(), situation.row(member.tenant, &member.number), situation.now);
    let mut effects = vec![Effect::Consult(Consult {
        tenant: member.tenant,
        member: member.id,
        consultation,
        opens,
        reopens: reopened.is_some(),
        urgent,
        check: member.check,
        content,
        file_name,
    })];
    let mut say: Vec<Say> = Vec::new();
    if urgent {
        effects.push(Effect::AlertDuty { tenant: tenant.name.clone(), member: member.id, consultation });
        say.push(Text::Danger.into());
        say.extend(situation.duty.then(|| Text::DangerTold.into()));
    }
    // An answer has five bubbles at most: behind helplines and the word on a document the explanation waits for the next message.
    let is_full = urgent && is_document;
    if !member.intake.explained && !is_full {
        member.intake.explained = true;
        say.push(Text::ConsultationExplained.into());
    }
    let received = received(&situation, &mut member, begins, &mut effects);
    say.extend(is_document.then(|| Text::DocumentReceived.into()));
    // Behind helplines the bare receipt of one more message would sound cold, and behind that of a document it says nothing.
    let says_enough = (urgent && situation.duty) || is_document;
    if !says_enough || received != Text::MessageJoined {
        say.push(received.into());
    }
    say.extend(roster_question(&mut member, begins));
    situation.user.member = Some(member);
    situation.answer(say, effects)
}

/// The line that says that the message arrived, with the hour of the answer where that is not now.
fn received(situation: &Situation<'_>, member: &mut Member, opens: bool, effects: &mut Vec<Effect>) -> Text {
    let hours = situation.calendar.hours;
    match situation.calendar.closed_period(situation.now) {
        Ok(Some(period)) if member.intake.told_until != Some(period.until) => {
            member.intake.told_until = Some(period.until);
            Text::AnswersResume { at: period.until }
        }
        Ok(_) if opens => Text::ConsultationReceived { hours },
        Ok(_) => Text::MessageJoined,
        Err(_) => {
            effects.push(Effect::AlarmCalendar);
            Text::AnswersResumeLater { hours }
        }
    }
}

/// Asks for the name the first time (row A3), and says at the beginning of each consultation where number and name do not match.
fn roster_question(member: &mut Member, opens: bool) -> Option<Say> {
    if !opens || member.check.is_matched() {
        return None;
    }
    match (&member.expects, &member.name) {
        // Something is asked for already, with choices of its own.
        (Expects::NewNumber | Expects::NameConfirmation(_), _) => None,
        (Expects::Nothing | Expects::Name | Expects::LeaveConfirmation, Some(_)) => {
            Some(Text::RosterDiffers.with([Choice::ChangeNumber, Choice::ChangeName]))
        }
        (Expects::Nothing | Expects::Name | Expects::LeaveConfirmation, None) => {
            member.expects = Expects::Name;
            Some(Text::NameAsk.into())
        }
    }
}
