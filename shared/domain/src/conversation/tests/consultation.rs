//! Row B1: any text opens a consultation or joins the open one.

use crate::{conversation::Effect, roster::RosterCheck, text::Choice};

use super::talk::{MIDORI, NOBODY, Talk, YAMADA};

#[test]
fn the_first_message_is_explained_once_opens_a_consultation_and_the_next_ones_join_it() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says("夜よく眠れません").hears("consultation-explained consultation-received name-ask").changes("consult");
    talk.says("先週からです").hears("message-joined").changes("consult");
    talk.says("昼間も眠いです").hears("message-joined").changes("consult");
    let [first, second, third] = talk.consults.as_slice() else { panic!("three messages") };
    assert_eq!((first.opens, second.opens, third.opens), (true, false, false));
    assert!(first.consultation == second.consultation && second.consultation == third.consultation);
    assert_eq!((first.tenant, first.member), (MIDORI, talk.member().id));
}

#[test]
fn after_a_consultation_is_closed_the_next_text_opens_another_without_explaining_again() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("山田太郎").hears("roster-matched").is_answered_for_good();
    talk.says("今度は腰が痛いです").hears("consultation-received").changes("consult");
    let [first, second] = talk.consults.as_slice() else { panic!("two messages") };
    assert!(second.opens && first.consultation != second.consultation);
}

#[test]
fn any_text_will_do_and_is_kept_word_by_word() {
    let long = "あ".repeat(5000);
    for text in ["?", " 空白 \n 改行 ", "😀", "12345", "はい", "ABCD2345", "退会するにはどうすればいいですか", "", long.as_str()]
    {
        let mut talk = Talk::of_member(YAMADA);
        talk.says(text).changes("consult");
        assert_eq!(talk.kept(), [text]);
    }
}

#[test]
fn every_message_tells_the_nurse_how_number_and_name_stand_at_that_moment() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.employs(MIDORI, NOBODY, "高橋 健", None).says("先週からです");
    talk.says("高橋 健").hears("roster-matched").says("薬は飲んでいません");
    talk.forgets_row(MIDORI, NOBODY);
    let checks: Vec<RosterCheck> = talk.consults.iter().map(|consult| consult.check).collect();
    let matched = RosterCheck::Matched(talk.member().employment.unwrap());
    assert_eq!(checks, [RosterCheck::NumberUnknown, RosterCheck::NameMissing, matched]);
}

#[test]
fn an_unverified_member_is_bound_as_soon_as_the_roster_has_the_number() {
    let mut talk = Talk::of_asking_member(NOBODY);
    assert_eq!(talk.member().employment, None);
    talk.employs(MIDORI, NOBODY, "高橋 健", Some("2026-12-15")).says("先週からです").changes("consult");
    let bound = talk.member().employment;
    assert_eq!(bound, Some(talk.roster[&(MIDORI, talk.number(MIDORI, NOBODY))].employments[0].id));
    talk.is_at("2026-12-31 23:59:59").says("まだです").changes("consult");
    talk.is_at("2027-01-01 00:00:00").says("まだです").hears("access-ended").changes("");
}

#[test]
fn a_button_binds_as_well() {
    let mut talk = Talk::of_member(NOBODY);
    talk.employs(MIDORI, NOBODY, "高橋 健", None).touches(Choice::ChangeName).hears("name-ask");
    assert!(talk.member().employment.is_some());
}

#[test]
fn nobody_is_told_of_a_consultation_that_is_not_urgent() {
    let talk = Talk::of_asking_member(YAMADA);
    assert!(!talk.last.effects.iter().any(|effect| matches!(effect, Effect::AlertDuty { .. })));
    assert!(!talk.consults[0].urgent);
}
