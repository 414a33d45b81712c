//! Rows A1, A3: changing the number, 退会, blocking and unblocking.

use crate::{
    conversation::{Act, Attachment, Effect},
    line_user::Expects,
    roster::RosterCheck,
    text::{Choice, Language, Text},
};

use super::talk::{AOBA_CODE, AOBA_PASSPHRASE, MIDORI, NOBODY, SATO, SMITH, SUZUKI, TUESDAY, Talk, YAMADA, at};

#[test]
fn a_number_is_changed_by_word_or_button() {
    for word in ["社員番号変更", "社員番号を直す", "Change number", ""] {
        let mut talk = Talk::of_member(NOBODY);
        if word.is_empty() {
            talk.touches(Choice::ChangeNumber)
        } else {
            talk.says(word)
        };
        talk.hears("new-number-ask").may_touch(&[Choice::Cancel]);
        let (from, to) = (talk.number(MIDORI, NOBODY), talk.number(MIDORI, YAMADA));
        talk.says("１２３").hears("number-changed").hears_text(&Text::NumberChanged { number: to.clone() });
        assert_eq!(talk.last.effects, [Effect::MoveClaim { tenant: MIDORI, member: talk.member().id, from, to }]);
        assert_eq!((talk.member().check, &talk.member().expects), (RosterCheck::NameMissing, &Expects::Nothing));
        assert!(talk.member().employment.is_some());
    }
}

#[test]
fn a_change_to_an_unknown_number_is_taken_and_told() {
    let mut talk = Talk::of_member(YAMADA);
    talk.touches(Choice::ChangeNumber).says("55555").hears("number-changed roster-differs").changes("move-claim");
    talk.may_touch(&[Choice::ChangeNumber, Choice::ChangeName]);
    assert_eq!((talk.member().employment, talk.member().check), (None, RosterCheck::NumberUnknown));
}

#[test]
fn the_same_number_again_changes_nothing_in_the_claims() {
    let mut talk = Talk::of_member(YAMADA);
    talk.touches(Choice::ChangeNumber).says(YAMADA).hears("number-changed").changes("");
}

#[test]
fn a_leaver_s_number_is_not_taken() {
    let mut talk = Talk::of_member(YAMADA);
    talk.touches(Choice::ChangeNumber).says(SUZUKI).hears("number-not-usable").may_touch(&[Choice::Cancel]).changes("");
    assert!(talk.member().number == talk.number(MIDORI, YAMADA));
    talk.touches(Choice::Cancel).hears("nothing-changed");
    talk.says("眠れません").changes("consult");
}

#[test]
fn a_health_question_while_the_number_is_asked_for_is_kept() {
    for text in ["夜よく眠れません", "37.5度の熱があります", "I have had 3 days of fever", "help", "123 山田"] {
        let mut talk = Talk::of_member(YAMADA);
        talk.touches(Choice::ChangeNumber).says(text).changes("consult").may_touch(&[Choice::Cancel]);
        talk.hears("consultation-explained consultation-received number-bad");
        assert_eq!((talk.kept(), &talk.member().expects), (vec![text], &Expects::NewNumber));
        talk.says("00 123").hears("number-changed");
    }
}

#[test]
fn a_question_while_the_number_is_asked_for_leaves_the_choices_to_the_last_bubble() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.says("山田 太郎").touches(Choice::NameYes).hears("roster-differs").is_answered_for_good();
    talk.touches(Choice::ChangeNumber).says("また眠れません").hears("consultation-received number-bad");
}

#[test]
fn breaking_off_the_change_leaves_everything_as_it_was() {
    for word in ["やめる", "cancel", ""] {
        let mut talk = Talk::of_member(YAMADA);
        let before = talk.user.clone();
        talk.touches(Choice::ChangeNumber);
        if word.is_empty() {
            talk.touches(Choice::Cancel)
        } else {
            talk.says(word)
        };
        talk.hears("nothing-changed").changes("");
        assert_eq!(talk.user, before);
    }
}

#[test]
fn leaving_is_asked_back_and_then_erases() {
    let mut talk = Talk::of_asking_member(YAMADA);
    let member = talk.member().clone();
    talk.says("退会").hears("leave-confirm").may_touch(&[Choice::LeaveYes, Choice::Cancel]).changes("");
    talk.touches(Choice::LeaveYes).hears("leave-done").changes("erase show-menu");
    let erased = Effect::Erase { tenant: MIDORI, member: member.id, key: member.key, number: member.number };
    assert_eq!((talk.last.effects.first(), &talk.user.member), (Some(&erased), &None));
    assert_eq!(talk.keys(), 0);
    talk.says("眠れません").hears("how-to-register");
    talk.touches(Choice::LeaveYes).hears("how-to-register").changes("");
}

#[test]
fn leaving_can_be_thought_over() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.touches(Choice::Leave).hears("leave-confirm");
    talk.touches(Choice::Cancel).hears("nothing-changed").changes("");
    talk.says("退会したい気持ちと戦っています").changes("consult");
}

#[test]
fn who_leaves_is_answered_in_the_company_s_language() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).says(SMITH).touches(Choice::Consent).hears("registered");
    talk.says("Leave").touches(Choice::LeaveYes).hears("leave-done");
    assert_eq!(talk.last.language, Language::En);
}

#[test]
fn a_member_who_unblocks_is_welcomed_back_with_everything_as_it_was() {
    let mut talk = Talk::of_asking_member(YAMADA);
    let before = talk.member().clone();
    talk.is_at("2026-11-24 11:00:00").blocks().hears("").changes("");
    assert_eq!(talk.user.presence.blocked_since, Some(at("2026-11-24 11:00:00")));
    talk.is_at("2026-11-24 12:00:00").follows().hears("welcome-back").changes("show-menu");
    assert_eq!((talk.user.presence.blocked_since, talk.member()), (None, &before));
}

#[test]
fn buttons_of_the_registration_and_answers_to_no_question_change_nothing() {
    for choice in [Choice::Consent, Choice::Decline, Choice::NameYes, Choice::NameNo] {
        let mut talk = Talk::of_member(YAMADA);
        talk.touches(Choice::ChangeNumber);
        let before = talk.user.clone();
        talk.touches(choice).hears("nothing-changed").changes("");
        assert_eq!(talk.user, before, "{choice:?}");
    }
}

#[test]
fn a_sticker_joins_an_open_consultation_and_opens_none() {
    Talk::of_member(YAMADA).sends_a_sticker().hears("how-to-ask").changes("");
    Talk::of_asking_member(YAMADA).sends_a_sticker().hears("message-joined").changes("consult");
}

#[test]
fn a_picture_opens_a_consultation_or_joins_it_and_leaves_what_was_asked_for() {
    let mut talk = Talk::of_member(YAMADA);
    talk.sends_a_picture().hears("consultation-explained document-received consultation-received name-ask").changes("consult");
    talk.sends_a_picture().hears("document-received").changes("consult");
    talk.says("山田 太郎").hears("roster-matched");
}

#[test]
fn a_picture_of_a_member_who_registers_anew_is_kept_and_the_dialogue_goes_on() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says(AOBA_CODE).sends_a_picture().hears("document-received").changes("consult");
    talk.says(AOBA_PASSPHRASE).hears("number-ask");
}

#[test]
fn what_cannot_be_kept_is_said_at_once() {
    let file = |size| Act::Sent(Attachment::File { name: None, size: Some(size) });
    let mut talk = Talk::of_member(YAMADA);
    talk.does(&Act::NotTaken).hears("not-taken").changes("");
    talk.does(&file(20 * 1024 * 1024 + 1)).hears("document-too-large").changes("");
    talk.does(&file(20 * 1024 * 1024)).changes("consult");
}

#[test]
fn the_menu_s_buttons_say_how_to_ask_and_how_to_register() {
    Talk::of_member(YAMADA).touches(Choice::HowToAsk).hears("how-to-ask").changes("");
    Talk::at(TUESDAY).touches(Choice::HowToRegister).hears("registration-steps").changes("");
    Talk::at(TUESDAY).touches(Choice::HowToAsk).hears("how-to-register").changes("");
}

#[test]
fn nobody_leaves_by_one_word_or_by_a_former_button() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says("退会する").hears("leave-confirm").changes("");
    talk.says("やはり眠れません").changes("consult").touches(Choice::LeaveYes).hears("leave-confirm");
    talk.touches(Choice::LeaveYes).hears("leave-done");
}

#[test]
fn who_is_about_to_leave_does_not_stay_by_typing_another_number() {
    let mut talk = Talk::of_member(SATO);
    talk.touches(Choice::ChangeNumber).says(NOBODY).hears("number-not-usable").changes("");
    talk.says(YAMADA).hears("number-not-usable");
}

#[test]
fn a_withdrawn_text_is_not_taken_for_the_name_any_more() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.says("山田 次郎").hears("name-confirm").does(&Act::Unsend);
    talk.touches(Choice::NameYes).hears("nothing-changed");
    assert!(talk.member().name.is_none());
}
