//! Row A2: the passphrase and its lock.

use chrono::TimeDelta;

use crate::text::{Choice, Text};

use super::talk::{AOBA, AOBA_CODE, AOBA_PASSPHRASE, MIDORI_CODE, SMITH, TUESDAY, Talk, YAMADA, at};

/// Locked at 10:00:00.
fn locked() -> Talk {
    let mut talk = Talk::at(TUESDAY);
    talk.says(AOBA_CODE).hears("passphrase-ask").may_touch(&[Choice::Cancel]);
    for tries_left in [4, 3, 2, 1] {
        talk.says("まちがい").hears("passphrase-wrong").hears_text(&Text::PassphraseWrong { tries_left });
    }
    talk.says("まちがい").hears("passphrase-locked").hears_text(&Text::PassphraseLocked { until: at("2026-11-24 10:15:00") });
    talk
}

#[test]
fn the_right_passphrase_leads_to_the_number() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(AOBA_CODE).says(" けんこう２０２６ ").hears("number-ask");
    talk.says(SMITH).hears("consent-ask").touches(Choice::Consent).hears("registered");
}

#[test]
fn a_wrong_one_may_be_followed_by_the_right_one() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(AOBA_CODE).says("まちがい").says(AOBA_PASSPHRASE).hears("number-ask");
}

#[test]
fn five_wrong_ones_lock_for_exactly_fifteen_minutes() {
    let mut talk = locked();
    talk.is_at("2026-11-24 10:14:59").says(AOBA_PASSPHRASE).hears("passphrase-locked").may_touch(&[Choice::Cancel]);
    talk.is_at("2026-11-24 10:15:00").says(AOBA_PASSPHRASE).hears("number-ask");
}

#[test]
fn the_lock_survives_breaking_off_and_beginning_anew() {
    let mut talk = locked();
    talk.touches(Choice::Cancel).hears("registration-cancelled");
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).hears("passphrase-locked");
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).hears("passphrase-locked");
    talk.passes(TimeDelta::minutes(15)).says(AOBA_PASSPHRASE).hears("number-ask");
}

#[test]
fn beginning_anew_gives_no_more_tries() {
    let mut talk = Talk::at(TUESDAY);
    for _ in 0..4 {
        talk.says(AOBA_CODE).says("まちがい").hears("passphrase-wrong");
    }
    talk.says(AOBA_CODE).says("まちがい").hears("passphrase-locked");
}

#[test]
fn the_lock_does_not_keep_out_of_a_company_without_a_passphrase() {
    let mut talk = locked();
    talk.says(MIDORI_CODE).says(YAMADA).touches(Choice::Consent).hears("registered");
}

#[test]
fn a_passphrase_that_the_company_dropped_is_not_asked_for_any_more() {
    let mut waiting = Talk::at(TUESDAY);
    waiting.says(AOBA_CODE).hears("passphrase-ask");
    for mut talk in [waiting, locked()] {
        talk.tenant(AOBA).passphrase = None;
        talk.says("なんでも").hears("number-ask").says(SMITH).hears("consent-ask");
    }
}

#[test]
fn dropping_a_passphrase_does_not_open_the_lock_of_another_company() {
    let mut talk = locked();
    let hash = talk.tenant(AOBA).passphrase.take();
    talk.says("なんでも").hears("number-ask");
    talk.tenant(AOBA).passphrase = hash;
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).hears("passphrase-locked");
}
