//! Row B1: outside business time the bot says when answers resume, once per closed period.

use crate::{
    calendar::BusinessHours,
    text::{Language, Text},
};

use super::talk::{Talk, YAMADA, at};

/// A member who has been explained everything and has no open consultation.
fn member() -> Talk {
    let mut talk = Talk::of_asking_member(YAMADA);
    talk.says("山田太郎").hears("roster-matched").is_answered_for_good();
    talk
}

#[test]
fn the_hour_decides_to_the_second() {
    for (now, resumes) in [
        ("2026-11-26 08:59:59", Some("2026-11-26 09:00:00")),
        ("2026-11-26 09:00:00", None),
        ("2026-11-26 17:29:59", None),
        ("2026-11-26 17:30:00", Some("2026-11-27 09:00:00")),
        ("2026-11-26 20:00:00", Some("2026-11-27 09:00:00")),
        ("2026-11-27 17:30:00", Some("2026-11-30 09:00:00")), // Friday
        ("2026-11-28 12:00:00", Some("2026-11-30 09:00:00")), // Saturday
        ("2027-01-08 18:00:00", Some("2027-01-12 09:00:00")), // before the weekend of 成人の日
        ("2027-01-11 10:00:00", Some("2027-01-12 09:00:00")), // 成人の日 itself
        ("2026-12-28 17:30:00", Some("2027-01-04 09:00:00")), // the year's end
    ] {
        let mut talk = member();
        talk.is_at(now).says("眠れません").changes("consult");
        match resumes {
            Some(resumes) => talk.hears("answers-resume").hears_text(&Text::AnswersResume { at: at(resumes) }),
            None => talk.hears("consultation-received").hears_text(&Text::ConsultationReceived { hours: BusinessHours::default() }),
        };
    }
}

#[test]
fn the_answer_names_the_true_day_in_words() {
    let mut talk = member();
    talk.is_at("2027-01-08 18:00:00").says("眠れません");
    assert!(Language::Ja.say(&talk.last.say[0].text).contains("1月12日(火) 9:00"));
}

#[test]
fn one_closed_period_is_told_once_and_the_next_one_again() {
    let mut talk = member();
    talk.is_at("2026-11-26 10:00:00").says("眠れません").hears("consultation-received");
    talk.is_at("2026-11-26 17:30:00").says("まだです").hears("answers-resume");
    talk.is_at("2026-11-26 23:59:59").says("まだです").hears("message-joined");
    talk.is_at("2026-11-27 08:59:59").says("まだです").hears("message-joined");
    talk.is_at("2026-11-27 09:00:00").says("まだです").hears("message-joined");
    talk.is_at("2026-11-27 17:30:00").says("まだです").hears("answers-resume");
    talk.is_at("2026-11-29 12:00:00").says("まだです").hears("message-joined");
}

#[test]
fn a_second_consultation_in_a_closed_period_that_was_told_is_received_like_a_new_one() {
    let mut talk = member();
    talk.is_at("2026-11-28 10:00:00").says("眠れません").hears("answers-resume").is_answered_for_good();
    talk.is_at("2026-11-28 12:00:00").says("腰が痛いです").hears("consultation-received").changes("consult");
}

#[test]
fn beyond_the_holiday_data_no_day_is_guessed_and_an_alarm_is_raised() {
    for now in ["2027-12-28 17:30:00", "2027-12-31 12:00:00", "2028-01-05 10:00:00", "2030-06-03 20:00:00"] {
        let mut talk = member();
        talk.is_at(now).says("眠れません").hears("answers-resume-later").changes("consult alarm-calendar");
    }
    let mut talk = member();
    talk.is_at("2027-12-28 17:29:59").says("眠れません").hears("consultation-received").changes("consult");
}

#[test]
fn what_is_said_beyond_the_holiday_data_is_true_at_any_hour() {
    let later = Text::AnswersResumeLater { hours: BusinessHours::default() };
    let (ja, en) = (Language::Ja.say(&later), Language::En.say(&later));
    assert!(ja.contains("9:00〜17:30") && !ja.contains("時間外"), "{ja}");
    assert!(en.contains("9:00 to 17:30") && !en.contains("out of"), "{en}");
}
