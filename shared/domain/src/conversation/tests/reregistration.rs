//! Row A1: a LINE user belongs to at most one company at a time, and moves when the new registration is complete.

use crate::{conversation::Effect, text::Choice};

use super::talk::{AOBA, AOBA_CODE, AOBA_PASSPHRASE, MIDORI, MIDORI_CODE, NOBODY, SATO, SMITH, TUESDAY, Talk, YAMADA};

#[test]
fn a_member_who_scans_the_own_company_s_code_stays_as_registered() {
    let mut talk = Talk::of_member(YAMADA);
    let before = talk.user.clone();
    talk.says(MIDORI_CODE).hears("already-registered").may_touch(&[Choice::ChangeNumber, Choice::Leave]).changes("");
    assert_eq!(talk.user, before);
}

#[test]
fn the_former_membership_ends_when_the_new_one_is_complete_and_not_before() {
    let mut talk = Talk::of_asking_member(YAMADA);
    let former = talk.member().clone();
    talk.says(AOBA_CODE).hears("passphrase-ask").changes("make-key");
    talk.says(AOBA_PASSPHRASE).changes("").says(SMITH).changes("");
    assert_eq!(talk.member(), &former);
    assert_eq!(talk.keys(), 2);

    talk.touches(Choice::Consent).hears("registered").changes("register show-menu erase");
    let erased = Effect::Erase { tenant: MIDORI, member: former.id, key: former.key, number: former.number };
    assert!(talk.last.effects.contains(&erased));
    assert_eq!((talk.member().tenant, talk.keys()), (AOBA, 1));
    assert_eq!(talk.member().intake.open, None);
}

#[test]
fn a_new_registration_that_is_broken_off_leaves_the_membership_alone() {
    for choice in [Choice::Cancel, Choice::Decline] {
        let mut talk = Talk::of_asking_member(YAMADA);
        let before = talk.user.clone();
        talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).says(SMITH).touches(choice).changes("destroy-key");
        assert_eq!(talk.user, before);
        talk.says("まだ眠れません").hears("message-joined").changes("consult");
    }
}

#[test]
fn scanning_the_own_company_s_code_ends_a_registration_with_another() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says(AOBA_CODE).says(MIDORI_CODE).hears("already-registered").changes("destroy-key");
    talk.says("夜よく眠れません").changes("consult");
}

#[test]
fn a_bare_code_of_a_member_is_a_consultation() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says("EFGH6789").changes("consult");
}

#[test]
fn a_leaver_who_is_hired_again_registers_before_the_purge_has_run() {
    let mut talk = Talk::of_member(SATO);
    talk.is_at("2027-01-01 00:00:00").says(MIDORI_CODE).hears("number-ask");
    talk.says(SATO).hears("access-ended");
    talk.employs(MIDORI, SATO, "佐藤 花子", None);
    talk.says(SATO).touches(Choice::Consent).hears("registered").changes("register show-menu erase");
    assert_eq!(talk.keys(), 1);
    talk.says("また眠れません").changes("consult");
}

#[test]
fn a_number_that_is_given_to_somebody_else_lets_only_the_new_holder_in() {
    let mut talk = Talk::of_member(SATO);
    talk.employs(MIDORI, SATO, "高橋 健", None).is_at("2027-01-01 00:00:00");
    talk.says("眠れません").hears("access-ended").changes("");

    let mut newcomer = Talk::at("2027-01-01 00:00:00");
    newcomer.employs(MIDORI, SATO, "高橋 健", None).says(MIDORI_CODE).says(SATO).touches(Choice::Consent).hears("registered");
}

#[test]
fn a_member_whose_contract_ended_moves_to_another_company() {
    let mut talk = Talk::of_member(NOBODY);
    talk.tenant(MIDORI).contract.last_day = Some("2026-11-30".parse().unwrap());
    talk.is_at("2026-12-01 00:00:00").says(MIDORI_CODE).hears("service-not-available").changes("");
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).says(SMITH).touches(Choice::Consent).hears("registered").changes("register show-menu erase");
}

#[test]
fn a_registration_of_a_stranger_is_unaffected_by_following_and_blocking() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).blocks().hears("").follows().hears("greeting").changes("");
    talk.says(YAMADA).hears("consent-ask");
}
