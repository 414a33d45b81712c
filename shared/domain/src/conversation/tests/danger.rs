//! Row B4: words that point to danger come before everything, in every state.

use crate::{
    conversation::{Act, Attachment, Content, Effect, Sticker},
    line_user::Expects,
    personal::{DocumentName, MessageText},
    text::Choice,
};

use super::talk::{AOBA_CODE, AOBA_PASSPHRASE, MIDORI_CODE, NOBODY, SMITH, SUZUKI, TUESDAY, Talk, YAMADA};

const CRY: &str = "もう死にたいです";

/// What brings the bot to ask a member for something.
type Ask = fn(&mut Talk) -> &mut Talk;

#[test]
fn a_stranger_gets_helplines_at_every_step_and_nothing_is_kept() {
    let steps: [(&[&str], &str); 5] = [
        (&[], "danger how-to-register"),
        (&[AOBA_CODE], "danger passphrase-wrong"),
        (&[MIDORI_CODE], "danger number-bad"),
        (&[MIDORI_CODE, SUZUKI], "danger number-bad"),
        (&[MIDORI_CODE, YAMADA], "danger consent-needed"),
    ];
    for (said, keys) in steps {
        let mut talk = Talk::at(TUESDAY);
        for text in said {
            talk.says(text);
        }
        talk.says(CRY).hears(keys).changes("");
    }
}

#[test]
fn a_stranger_who_is_locked_out_gets_helplines_too() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(AOBA_CODE);
    for _ in 0..5 {
        talk.says("まちがい");
    }
    talk.says(CRY).hears("danger passphrase-locked");
}

#[test]
fn a_member_s_first_message_is_kept_as_urgent_and_the_nurse_told_at_any_hour() {
    for (now, keys) in [
        (TUESDAY, "danger danger-told consultation-explained consultation-received name-ask"),
        ("2026-11-29 03:00:00", "danger danger-told consultation-explained answers-resume name-ask"),
        ("2028-03-01 03:00:00", "danger danger-told consultation-explained answers-resume-later name-ask"),
    ] {
        let mut talk = Talk::of_member(YAMADA);
        talk.is_at(now).says(CRY).hears(keys);
        let [consult] = talk.consults.as_slice() else { panic!("one message") };
        assert!(consult.urgent && consult.opens && consult.content == Content::Text(MessageText::new(CRY)));
        let alert = Effect::AlertDuty { tenant: "みどり商事".to_owned(), member: consult.member, consultation: consult.consultation };
        assert!(talk.last.effects.contains(&alert));
    }
}

#[test]
fn every_urgent_message_alerts_again() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says(CRY).hears("danger danger-told").changes("consult alert-duty");
    talk.says(CRY).hears("danger danger-told").changes("consult alert-duty");
}

#[test]
fn whatever_a_member_is_asked_for_an_urgent_message_is_no_answer() {
    let asked: [(&str, Ask); 4] = [
        ("name", |talk| talk),
        ("confirmation", |talk| talk.says("高橋 健").hears("name-confirm")),
        ("number", |talk| talk.says("社員番号変更").hears("new-number-ask")),
        ("leaving", |talk| talk.says("退会").hears("leave-confirm")),
    ];
    for (asked_for, ask) in asked {
        for number in [YAMADA, NOBODY] {
            let mut talk = Talk::of_asking_member(number);
            ask(&mut talk);
            let expected = talk.member().expects.clone();
            talk.says(CRY).hears("danger danger-told").changes("consult alert-duty");
            assert_eq!(talk.member().expects, expected, "{asked_for}");
        }
    }
}

#[test]
fn a_member_who_registers_with_another_company_is_still_a_member_in_danger() {
    let mut talk = Talk::of_asking_member(YAMADA);
    for text in [AOBA_CODE, AOBA_PASSPHRASE, SMITH] {
        talk.says(text).says(CRY).hears("danger danger-told").changes("consult alert-duty");
    }
    talk.touches(Choice::Consent).hears("registered").changes("register show-menu erase");
}

#[test]
fn an_urgent_message_that_reads_like_a_name_or_number_is_urgent() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("自殺").hears("danger danger-told").changes("consult alert-duty");
    assert_eq!(talk.member().expects, Expects::Name);
}

#[test]
fn who_is_refused_gets_helplines_before_the_fixed_text_and_nothing_is_kept() {
    let mut talk = Talk::of_member(YAMADA);
    talk.tenants.clear();
    talk.says(CRY).hears("danger access-ended").changes("");
    talk.says(AOBA_CODE).hears("code-unknown");
}

#[test]
fn a_refused_member_who_registers_anew_is_answered_like_a_stranger() {
    let mut talk = Talk::of_member(YAMADA);
    talk.ends_employment(super::talk::MIDORI, YAMADA, "2026-10-31").says(AOBA_CODE).hears("passphrase-ask");
    talk.says(CRY).hears("danger passphrase-wrong").changes("");
}

#[test]
fn nobody_is_said_to_be_told_where_nobody_is_on_duty() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.duty = false;
    talk.says("もう死にたい").hears("danger message-joined");
}

#[test]
fn words_of_danger_on_a_sticker_are_words_of_danger() {
    let sticker = Sticker { package: None, sticker: None, text: Some(MessageText::new(CRY)) };
    let mut talk = Talk::of_member(YAMADA);
    talk.does(&Act::Sent(Attachment::Sticker(sticker))).changes("consult alert-duty");
    assert_eq!(talk.last.say[0].text.key(), "danger");
}

#[test]
fn a_stranger_s_sticker_and_a_file_s_name_are_searched_too() {
    let sticker = Act::Sent(Attachment::Sticker(Sticker { package: None, sticker: None, text: Some(MessageText::new(CRY)) }));
    Talk::at(TUESDAY).does(&sticker).hears("danger how-to-register").changes("");
    Talk::at(TUESDAY).says(MIDORI_CODE).does(&sticker).hears("danger number-ask").changes("");
    let file = Act::Sent(Attachment::File { name: Some(DocumentName::new("遺書.pdf")), size: None });
    let mut talk = Talk::of_member(YAMADA);
    talk.does(&file).hears("danger danger-told document-received consultation-received name-ask").changes("consult alert-duty");
    talk.says("つらいです").hears("consultation-explained message-joined");
}
