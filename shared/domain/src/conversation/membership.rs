//! What a registered member does beside asking: correcting number or name, leaving, being refused (rows A1, A3, A4).

use crate::{
    conversation::{Attachment, Decision, Effect, Menu, Situation, command::Command, intake, registration},
    document::{self, NotKept},
    employee,
    line_user::{Expects, Member},
    personal::{MessageText, PersonName},
    roster::{self, Claim},
    tenant::Tenant,
    text::{Choice, Say, Text},
};

impl Member {
    /// The end of this membership by the member's own act.
    pub(super) fn erased(self) -> Effect {
        Effect::Erase { tenant: self.tenant, member: self.id, key: self.key, number: self.number }
    }
}

/// The member's tenant, where the member has access at this moment (row A4): decided from stored dates, whether or not a purge has run.
fn admitted<'a>(situation: &Situation<'a>) -> Option<(Member, &'a Tenant)> {
    let member = situation.user.member.clone()?;
    let tenant = situation.tenants.get(&member.tenant).filter(|tenant| registration::offers_line(tenant, situation))?;
    let row = situation.row(member.tenant, &member.number);
    (!roster::has_left(member.employment, row, situation.now)).then_some((member, tenant))
}

/// Whether the user is a member with access at this moment.
pub fn is_admitted(situation: &Situation<'_>) -> bool {
    admitted(situation).is_some()
}

/// The account was followed or unblocked.
pub fn greet(situation: Situation<'_>) -> Decision {
    if situation.user.member.is_none() {
        return situation.only(Text::Greeting);
    }
    match admitted(&situation) {
        // The menu may have been drawn anew in the meantime.
        Some(_) => situation.answer(vec![Text::WelcomeBack.into()], vec![Effect::ShowMenu(Menu::Registered)]),
        None => situation.only(Text::AccessEnded),
    }
}

/// Something came that is no text; `None` where it is nothing that is taken. Who registers anew is still a member: what they
/// send is kept, and the dialogue goes on after it.
pub fn sent(situation: Situation<'_>, attachment: Option<&Attachment>) -> Decision {
    let Some((mut member, tenant)) = admitted(&situation) else {
        let words = attachment.and_then(Attachment::words).unwrap_or_else(|| MessageText::new(""));
        return situation.with_danger(&words, |situation| {
            if situation.user.dialogue.is_some() {
                registration::ask_again(situation)
            } else if situation.user.member.is_none() {
                situation.only(Text::HowToRegister)
            } else {
                situation.only(Text::AccessEnded)
            }
        });
    };
    bind(&situation, &mut member);
    match attachment {
        None => situation.only(Text::NotTaken),
        Some(Attachment::File { size: Some(size), .. }) if usize::try_from(*size).is_ok_and(|size| size > document::LARGEST) => {
            situation.only(Text::from(NotKept::TooLarge))
        }
        Some(attachment) => intake::attach(situation, member, tenant, attachment),
    }
}

/// A member wrote.
pub fn answer(situation: Situation<'_>, text: &MessageText) -> Decision {
    let Some((mut member, tenant)) = admitted(&situation) else {
        return situation.with_danger(text, |situation| situation.only(Text::AccessEnded));
    };
    bind(&situation, &mut member);
    // Urgent messages are never held back (row A3): no dialogue takes them for an answer.
    if situation.danger.find(text) {
        return intake::consult(situation, member, tenant, text, true);
    }
    if let Some(command) = Command::parse(text.expose()) {
        return match command {
            Command::Leave => ask_leave(situation, member),
            Command::ChangeNumber => expect(situation, member, Expects::NewNumber, Text::NewNumberAsk),
            Command::ChangeName => expect(situation, member, Expects::Name, Text::NameAsk),
            Command::Cancel => expect_nothing(situation, member),
        };
    }
    match member.expects {
        Expects::NewNumber => new_number(situation, member, tenant, text),
        Expects::Name | Expects::NameConfirmation(_) => perhaps_name(situation, member, tenant, text),
        Expects::Nothing => intake::consult(situation, member, tenant, text, false),
        Expects::LeaveConfirmation => {
            member.expects = Expects::Nothing;
            intake::consult(situation, member, tenant, text, false)
        }
    }
}

/// A message was withdrawn. It may be the one of which it was asked whether it is the name: then the name is still wanted, and
/// what was withdrawn is forgotten here too.
pub fn unsent(mut situation: Situation<'_>) -> Decision {
    if let Some(member) = &mut situation.user.member
        && matches!(member.expects, Expects::NameConfirmation(_))
    {
        member.expects = Expects::Name;
    }
    situation.silent()
}

/// A member touched a choice.
pub fn choose(mut situation: Situation<'_>, choice: Choice) -> Decision {
    let Some((mut member, _)) = admitted(&situation) else { return situation.only(Text::AccessEnded) };
    bind(&situation, &mut member);
    match choice {
        Choice::Leave => ask_leave(situation, member),
        // A button of a former bubble, or the word alone: it is asked for first.
        Choice::LeaveYes if member.expects != Expects::LeaveConfirmation => ask_leave(situation, member),
        Choice::LeaveYes => {
            situation.user.member = None;
            let effects = vec![member.erased(), Effect::ShowMenu(Menu::Unregistered)];
            situation.answer(vec![Text::LeaveDone.into()], effects)
        }
        Choice::ChangeNumber => expect(situation, member, Expects::NewNumber, Text::NewNumberAsk),
        Choice::ChangeName => expect(situation, member, Expects::Name, Text::NameAsk),
        Choice::NameYes => match member.expects.clone() {
            Expects::NameConfirmation(name) => name_given(situation, member, name),
            Expects::Nothing | Expects::Name | Expects::NewNumber | Expects::LeaveConfirmation => situation.only(Text::NothingChanged),
        },
        Choice::NameNo => match member.expects {
            // The text was kept in the consultation when it came; the name is still wanted.
            Expects::NameConfirmation(_) => expect(situation, member, Expects::Name, Text::MessageJoined),
            Expects::Nothing | Expects::Name | Expects::NewNumber | Expects::LeaveConfirmation => situation.only(Text::NothingChanged),
        },
        Choice::Cancel => expect_nothing(situation, member),
        // The default menu can still be there for a moment.
        Choice::HowToAsk | Choice::HowToRegister => {
            let hours = situation.calendar.hours;
            situation.only(Text::HowToAsk { hours })
        }
        // Buttons of a registration that is over.
        Choice::Consent | Choice::Decline => situation.only(Text::NothingChanged),
    }
}

/// A member who was not on the roster is bound to the employment that holds the number as soon as there is one.
fn bind(situation: &Situation<'_>, member: &mut Member) {
    if member.employment.is_none()
        && let Claim::Holds(employment) = roster::claim(situation.row(member.tenant, &member.number), situation.now)
    {
        member.employment = Some(employment);
    }
}

fn ask_leave(mut situation: Situation<'_>, mut member: Member) -> Decision {
    member.expects = Expects::LeaveConfirmation;
    situation.user.member = Some(member);
    situation.only(Text::LeaveConfirm.with([Choice::LeaveYes, Choice::Cancel]))
}

fn expect(mut situation: Situation<'_>, mut member: Member, expects: Expects, text: Text) -> Decision {
    let choices = if expects == Expects::NewNumber { vec![Choice::Cancel] } else { Vec::new() };
    member.expects = expects;
    situation.user.member = Some(member);
    situation.only(text.with(choices))
}

fn expect_nothing(situation: Situation<'_>, member: Member) -> Decision {
    expect(situation, member, Expects::Nothing, Text::NothingChanged)
}

/// Whether a text can be meant as a number where a question can come as well: no word of it is without a digit.
/// 「3 days of fever」 would else become a number, because spaces inside do not count.
fn means_number(text: &MessageText) -> bool {
    text.expose().split_whitespace().all(|word| word.contains(char::is_numeric))
}

/// A text that cannot be a number is kept as part of the question, and the number is asked for again.
fn new_number(mut situation: Situation<'_>, mut member: Member, tenant: &Tenant, text: &MessageText) -> Decision {
    let typed = employee::parse_number(text.expose(), tenant.number_width);
    let Some(number) = typed.ok().filter(|_| means_number(text)) else {
        let mut decision = intake::consult(situation, member, tenant, text, false);
        decision.say.push(Text::NumberBad.with([Choice::Cancel]));
        return decision;
    };
    let row = situation.row(member.tenant, &number);
    let employment = match roster::claim(row, situation.now) {
        Claim::Holds(employment) => Some(employment),
        Claim::Unknown => None,
        Claim::Left => return situation.only(Text::NumberNotUsable.with([Choice::Cancel])),
    };
    let check = roster::check(member.name.as_ref(), row, situation.now);
    // Who is about to leave does not stay by typing another number: number and name must be on the roster together.
    let leaving = member.employment.is_some_and(|id| {
        let former = situation.row(member.tenant, &member.number);
        former.is_some_and(|row| row.employments.iter().any(|employment| employment.id == id && employment.leave.is_some()))
    });
    if leaving && !check.is_matched() {
        return situation.only(Text::NumberNotUsable.with([Choice::Cancel]));
    }
    let from = std::mem::replace(&mut member.number, number.clone());
    member.employment = employment;
    member.check = check;
    member.expects = Expects::Nothing;
    let mut say: Vec<Say> = vec![Text::NumberChanged { number: number.clone() }.into()];
    if !check.is_matched() && (member.name.is_some() || employment.is_none()) {
        say.push(Text::RosterDiffers.with([Choice::ChangeNumber, Choice::ChangeName]));
    }
    let moved = Effect::MoveClaim { tenant: member.tenant, member: member.id, from: from.clone(), to: number.clone() };
    situation.user.member = Some(member);
    situation.answer(say, if from == number { Vec::new() } else { vec![moved] })
}

/// A text after the name was asked for. Only a name that the roster knows is taken without asking back; what could be a name
/// is asked about, and is kept in the consultation all the same, so that nothing is lost whatever the answer.
fn perhaps_name(situation: Situation<'_>, mut member: Member, tenant: &Tenant, text: &MessageText) -> Decision {
    let Ok(name) = employee::parse_name(text.expose()) else {
        return intake::consult(situation, member, tenant, text, false);
    };
    let row = situation.row(member.tenant, &member.number);
    if roster::check(Some(&name), row, situation.now).is_matched() {
        return name_given(situation, member, name);
    }
    if !employee::looks_like_name(text.expose()) {
        return intake::consult(situation, member, tenant, text, false);
    }
    member.expects = Expects::NameConfirmation(name.clone());
    let mut decision = intake::consult(situation, member, tenant, text, false);
    decision.say.retain(|say| say.text != Text::MessageJoined);
    decision.say.push(Text::NameConfirm { name }.with([Choice::NameYes, Choice::NameNo]));
    decision
}

fn name_given(mut situation: Situation<'_>, mut member: Member, name: PersonName) -> Decision {
    let check = roster::check(Some(&name), situation.row(member.tenant, &member.number), situation.now);
    member.name = Some(name);
    member.check = check;
    member.expects = Expects::Nothing;
    situation.user.member = Some(member);
    if check.is_matched() {
        situation.only(Text::RosterMatched)
    } else {
        situation.only(Text::RosterDiffers.with([Choice::ChangeNumber, Choice::ChangeName]))
    }
}
