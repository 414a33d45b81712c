//! Row A4: access ends at the first moment of the month after the leave date, and with the contract.

use crate::{tenant::Plan, text::Choice};

use super::talk::{MIDORI, MIDORI_CODE, NOBODY, SATO, TUESDAY, Talk, YAMADA};

#[test]
fn a_leaver_is_served_until_the_last_second_of_the_month_and_refused_from_the_next() {
    let mut talk = Talk::of_asking_member(SATO);
    talk.is_at("2026-12-31 23:59:59").says("まだ眠れません").hears("answers-resume").changes("consult");
    talk.is_at("2027-01-01 00:00:00").says("まだ眠れません").hears("access-ended").may_touch(&[]).changes("");
    assert_eq!(talk.kept(), ["夜よく眠れません", "まだ眠れません"]);
}

#[test]
fn whatever_a_refused_member_does_the_text_is_the_same_and_nothing_changes() {
    let mut talk = Talk::of_asking_member(SATO);
    talk.touches(Choice::ChangeNumber).is_at("2027-01-01 00:00:00");
    let before = talk.user.clone();
    for text in ["眠れません", "退会", "社員番号変更", "やめる", YAMADA, "佐藤 花子"] {
        talk.says(text).hears("access-ended").changes("");
    }
    for choice in Choice::ALL {
        talk.touches(*choice).hears("access-ended").changes("");
    }
    talk.sends_a_sticker().hears("access-ended").changes("");
    assert_eq!(talk.user, before);
    talk.follows().hears("access-ended").changes("");
    talk.blocks().hears("").changes("");
}

#[test]
fn a_leave_date_that_is_reported_late_ends_access_at_once() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.ends_employment(MIDORI, YAMADA, "2026-10-31").says("まだ眠れません").hears("access-ended").changes("");
}

#[test]
fn a_leave_date_that_is_taken_back_gives_access_again() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.ends_employment(MIDORI, YAMADA, "2026-10-31").says("まだ眠れません").hears("access-ended");
    talk.ends_employment(MIDORI, YAMADA, "2027-03-31").says("まだ眠れません").hears("message-joined").changes("consult");
}

#[test]
fn an_employment_that_the_purge_took_stays_ended() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.forgets_row(MIDORI, YAMADA).says("まだ眠れません").hears("access-ended").changes("");
    talk.says(MIDORI_CODE).hears("number-ask");
}

#[test]
fn an_unverified_member_leaves_with_the_number_that_turns_out_to_be_a_leaver_s() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.employs(MIDORI, NOBODY, "高橋 健", Some("2026-12-15")).is_at("2027-01-01 00:00:00");
    talk.says("まだ眠れません").hears("access-ended").changes("");
}

#[test]
fn the_contract_s_last_moment_is_the_members_last_moment() {
    let mut talk = Talk::of_asking_member(NOBODY);
    talk.tenant(MIDORI).contract.last_day = Some("2026-11-30".parse().unwrap());
    talk.is_at("2026-11-30 23:59:59").says("まだ眠れません").changes("consult");
    talk.is_at("2026-12-01 00:00:00").says("まだ眠れません").hears("access-ended").changes("");
}

#[test]
fn a_plan_without_the_line_service_refuses_its_members() {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.tenant(MIDORI).contract.plans = [Plan::InterviewSupport].into();
    talk.says("まだ眠れません").hears("access-ended").changes("");
}

#[test]
fn who_registered_before_the_contract_began_does_not_exist() {
    let mut talk = Talk::at(TUESDAY);
    talk.tenant(MIDORI).contract.starts = "2026-12-01".parse().unwrap();
    talk.says(MIDORI_CODE).hears("service-not-available").changes("");
    assert_eq!((&talk.user.dialogue, &talk.user.member), (&None, &None));
}
