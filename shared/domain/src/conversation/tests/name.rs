//! Row A3: the name is asked for the first time, and never swallows a message.

use crate::{
    line_user::Expects,
    roster::RosterCheck,
    text::{Choice, Text},
};

use super::talk::{NOBODY, Talk, YAMADA};

const CORRECT: [Choice; 2] = [Choice::ChangeNumber, Choice::ChangeName];
const IS_IT: [Choice; 2] = [Choice::NameYes, Choice::NameNo];

#[test]
fn what_came_before_the_name_was_asked_for_is_a_message_even_if_it_is_the_name() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says("山田 太郎").hears("consultation-explained consultation-received name-ask").changes("consult");
    assert_eq!(talk.member().name, None);
}

#[test]
fn a_name_that_matches_is_taken_and_is_no_message() {
    for name in ["山田 太郎", "山田太郎", " 山田　太郎\n"] {
        let mut talk = Talk::of_asking_member(YAMADA);
        talk.says(name).hears("roster-matched").changes("");
        assert!(talk.member().check.is_matched() && talk.member().expects == Expects::Nothing);
        talk.says("先週からです").hears("message-joined").changes("consult");
    }
}

#[test]
fn what_looks_like_a_name_is_asked_back_and_kept_all_the_same() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("高橋 健").hears("name-confirm").may_touch(&IS_IT).changes("consult");
    let name = crate::employee::parse_name("高橋 健").unwrap();
    talk.hears_text(&Text::NameConfirm { name: name.clone() });
    assert_eq!(talk.kept(), ["夜よく眠れません", "高橋 健"]);

    talk.touches(Choice::NameYes).hears("roster-differs").may_touch(&CORRECT).changes("");
    assert_eq!((talk.member().name.as_ref(), talk.member().check), (Some(&name), RosterCheck::NameDiffers));
}

#[test]
fn what_was_no_name_leaves_the_name_still_wanted() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("メタボ").hears("name-confirm");
    talk.touches(Choice::NameNo).hears("message-joined").changes("");
    assert_eq!((&talk.member().name, &talk.member().expects), (&None, &Expects::Name));
    talk.says("山田太郎").hears("roster-matched").changes("");
}

#[test]
fn going_on_with_the_question_is_no_answer_about_the_name() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("先週からです").hears("message-joined").changes("consult");
    talk.says("高橋 健").hears("name-confirm").changes("consult");
    talk.says("それから頭も痛いです").hears("message-joined").changes("consult");
    talk.says("鈴木 次郎").hears("name-confirm").changes("consult");
    talk.says("山田 太郎").hears("roster-matched").changes("");
    assert_eq!(talk.kept(), ["夜よく眠れません", "先週からです", "高橋 健", "それから頭も痛いです", "鈴木 次郎"]);
}

#[test]
fn a_name_that_cannot_be_checked_is_asked_back_too() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.says("山田 太郎").hears("name-confirm").touches(Choice::NameYes).hears("roster-differs").changes("");
    assert_eq!(talk.member().check, RosterCheck::NumberUnknown);
}

#[test]
fn the_name_is_asked_for_again_only_in_another_consultation() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.touches(Choice::Cancel).hears("nothing-changed");
    talk.says("先週からです").hears("message-joined").is_answered_for_good();
    talk.says("腰が痛いです").hears("consultation-received name-ask").changes("consult");
}

#[test]
fn a_mismatch_is_told_once_in_each_consultation_with_the_ways_to_correct_it() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("高橋 健").touches(Choice::NameYes).hears("roster-differs");
    talk.says("先週からです").hears("message-joined").is_answered_for_good();
    talk.says("腰が痛いです").hears("consultation-received roster-differs").may_touch(&CORRECT).changes("consult");

    talk.touches(Choice::ChangeName).hears("name-ask").says("山田太郎").hears("roster-matched").changes("");
    talk.is_answered_for_good().says("肩も痛いです").hears("consultation-received");
}

#[test]
fn a_wrong_number_is_corrected_after_the_name() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.says("山田太郎").touches(Choice::NameYes).hears("roster-differs");
    talk.touches(Choice::ChangeNumber).says(YAMADA).hears("number-changed").changes("move-claim");
    assert!(talk.member().check.is_matched());
}

#[test]
fn a_name_in_a_new_consultation_leaves_the_choices_to_the_last_bubble() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("高橋 健").touches(Choice::NameYes).hears("roster-differs").is_answered_for_good();
    talk.touches(Choice::ChangeName).says("鈴木 次郎").hears("consultation-received name-confirm").may_touch(&IS_IT);
}
