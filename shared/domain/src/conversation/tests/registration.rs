//! Row A1: code → number → consent → registered.

use chrono::TimeDelta;

use crate::{
    calendar::BusinessHours,
    documents::Documents,
    roster::RosterCheck,
    tenant::Plan,
    text::{Choice, Language, Text},
};

use super::talk::{AOBA, AOBA_CODE, AOBA_PASSPHRASE, MIDORI, MIDORI_CODE, NOBODY, SATO, SMITH, SUZUKI, TUESDAY, Talk, YAMADA};

const CONSENT: [Choice; 3] = [Choice::Consent, Choice::ChangeNumber, Choice::Decline];

#[test]
fn an_employee_registers_with_code_number_and_consent() {
    let mut talk = Talk::at(TUESDAY);
    talk.follows().hears("greeting").changes("");
    talk.says(MIDORI_CODE).hears("number-ask").may_touch(&[Choice::Cancel]).changes("make-key");
    talk.says("１２３").hears("consent-ask").may_touch(&CONSENT).changes("");
    let number = talk.number(MIDORI, YAMADA);
    talk.hears_text(&Text::ConsentAsk { tenant: "みどり商事".to_owned(), number, documents: Documents::default() });
    talk.touches(Choice::Consent).hears("registered").changes("register show-menu");
    talk.hears_text(&Text::Registered { tenant: "みどり商事".to_owned(), hours: BusinessHours::default() });
    assert!(talk.member().employment.is_some());
    assert_eq!(talk.member().check, RosterCheck::NameMissing);
    assert_eq!(talk.user.dialogue, None);
}

#[test]
fn a_number_that_is_on_no_roster_registers_as_unverified() {
    let mut talk = Talk::of_member(NOBODY);
    talk.hears("registered-unverified").may_touch(&[Choice::ChangeNumber]).changes("register show-menu");
    assert_eq!((talk.member().employment, talk.member().check), (None, RosterCheck::NumberUnknown));
}

#[test]
fn a_leaver_s_number_is_refused_and_another_one_may_be_given() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).says(SUZUKI).hears("access-ended").may_touch(&[Choice::Cancel]).changes("");
    talk.says(YAMADA).hears("consent-ask").touches(Choice::Consent).hears("registered");
}

#[test]
fn who_leaves_between_number_and_consent_is_refused_and_the_key_destroyed() {
    let mut talk = Talk::at("2026-12-31 23:59:59");
    talk.says(MIDORI_CODE).says(SATO).hears("consent-ask");
    talk.is_at("2027-01-01 00:00:00").touches(Choice::Consent).hears("access-ended").changes("destroy-key");
}

#[test]
fn what_cannot_be_a_number_is_asked_for_again() {
    for text in ["わかりません", "12345 山田", "123456789012345678901", "---", "12\n34"] {
        let mut talk = Talk::at(TUESDAY);
        talk.says(MIDORI_CODE).says(text).hears("number-bad").may_touch(&[Choice::Cancel]).changes("");
    }
}

#[test]
fn a_wrong_number_is_corrected_before_consent() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).says("321").touches(Choice::ChangeNumber).hears("number-ask");
    talk.says("123").hears("consent-ask").touches(Choice::Consent).hears("registered");
    assert!(talk.member().number == talk.number(MIDORI, YAMADA));
}

#[test]
fn consent_is_given_with_the_button_and_by_no_text() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).says(YAMADA);
    talk.says("はい").hears("consent-needed").may_touch(&CONSENT).changes("");
    talk.touches(Choice::Decline).hears("consent-declined").changes("destroy-key");
    assert_eq!((&talk.user.dialogue, &talk.user.member), (&None, &None));
    talk.says("はい").hears("how-to-register");
}

#[test]
fn a_registration_is_broken_off_at_every_step_by_word_or_button() {
    let steps: [&[&str]; 4] = [&[MIDORI_CODE], &[MIDORI_CODE, YAMADA], &[AOBA_CODE], &[AOBA_CODE, AOBA_PASSPHRASE]];
    for step in steps {
        for word in ["やめる", "Cancel", ""] {
            let mut talk = Talk::at(TUESDAY);
            for text in step {
                talk.says(text);
            }
            if word.is_empty() {
                talk.touches(Choice::Cancel)
            } else {
                talk.says(word)
            };
            talk.hears("registration-cancelled").changes("destroy-key");
            assert_eq!(talk.keys(), 0, "{step:?}");
        }
    }
}

#[test]
fn a_code_counts_with_its_prefix_or_bare_and_an_unknown_one_is_told() {
    for (text, keys) in [
        ("登録コード ABCD2345", "number-ask"),
        ("Registration code: abcd2345", "number-ask"),
        ("ABCD2345", "number-ask"),
        ("登録コード ZZZZ9999", "code-unknown"),
        ("ZZZZ9999", "code-unknown"),
        ("登録コード", "how-to-register"),
        ("頭が痛いです", "how-to-register"),
    ] {
        Talk::at(TUESDAY).says(text).hears(keys);
    }
}

#[test]
fn a_bare_code_may_be_a_number_while_one_is_asked_for() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).says("EFGH6789").hears("consent-ask");
    talk.says("登録コード ZZZZ9999").hears("code-unknown").changes("");
    talk.touches(Choice::Consent).hears("registered-unverified");
}

#[test]
fn a_contract_lets_in_from_its_first_to_its_last_day_and_only_with_employee_support() {
    for (now, plan, keys) in [
        ("2026-11-30 23:59:59", Plan::EmployeeSupport, "service-not-available"),
        ("2026-12-01 00:00:00", Plan::EmployeeSupport, "number-ask"),
        ("2027-01-31 23:59:59", Plan::EmployeeSupport, "number-ask"),
        ("2027-02-01 00:00:00", Plan::EmployeeSupport, "service-not-available"),
        ("2026-12-01 00:00:00", Plan::InterviewSupport, "service-not-available"),
    ] {
        let mut talk = Talk::at(now);
        let contract = &mut talk.tenant(MIDORI).contract;
        contract.starts = "2026-12-01".parse().unwrap();
        contract.last_day = Some("2027-01-31".parse().unwrap());
        contract.plans = [plan].into();
        talk.says(MIDORI_CODE).hears(keys);
    }
}

#[test]
fn a_contract_that_ends_before_consent_ends_the_registration() {
    let mut talk = Talk::at("2026-11-30 23:59:59");
    talk.tenant(MIDORI).contract.last_day = Some("2026-11-30".parse().unwrap());
    talk.says(MIDORI_CODE).says(YAMADA).hears("consent-ask").passes(TimeDelta::seconds(1));
    talk.touches(Choice::Consent).hears("service-not-available").changes("destroy-key");
}

#[test]
fn a_company_that_is_gone_ends_the_registration() {
    for answers in [0, 1] {
        let mut talk = Talk::at(TUESDAY);
        talk.says(MIDORI_CODE).tenants.clear();
        if answers == 0 {
            talk.says(YAMADA)
        } else {
            talk.touches(Choice::Consent)
        };
        talk.hears("how-to-register").changes("destroy-key");
    }
}

#[test]
fn a_registration_is_forgotten_after_seven_days_with_its_key() {
    let week = TimeDelta::days(7);
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).passes(week - TimeDelta::seconds(1)).says(YAMADA).hears("consent-ask");
    talk.passes(TimeDelta::seconds(1)).touches(Choice::Consent).hears("how-to-register").changes("destroy-key");
    assert_eq!(talk.user.dialogue, None);

    talk.says(MIDORI_CODE).passes(week).blocks().hears("").changes("destroy-key");
}

#[test]
fn a_code_after_seven_days_begins_anew_bare_or_not() {
    for text in [MIDORI_CODE, "ABCD2345"] {
        let mut talk = Talk::at(TUESDAY);
        talk.says(MIDORI_CODE).says(YAMADA).passes(TimeDelta::days(7));
        talk.says(text).hears("number-ask").changes("destroy-key make-key");
    }
}

#[test]
fn beginning_again_starts_from_the_first_question_with_a_new_key() {
    let mut talk = Talk::at(TUESDAY);
    talk.says(MIDORI_CODE).says(YAMADA).hears("consent-ask");
    talk.says(MIDORI_CODE).hears("number-ask").changes("destroy-key make-key");
    talk.says(AOBA_CODE).hears("passphrase-ask").changes("destroy-key make-key");
    assert_eq!(talk.keys(), 1);
}

#[test]
fn buttons_of_former_bubbles_bring_the_present_question_again() {
    for choice in Choice::ALL.iter().copied().filter(|choice| *choice != Choice::Cancel) {
        let mut talk = Talk::at(TUESDAY);
        talk.says(MIDORI_CODE).touches(choice).hears("number-ask").changes("");
        talk.says(AOBA_CODE).touches(choice).hears("passphrase-ask").changes("");
        if !CONSENT.contains(&choice) {
            talk.says(AOBA_PASSPHRASE).says(SMITH).touches(choice).hears("consent-needed").changes("");
        }
        let answer = if choice == Choice::HowToRegister { "registration-steps" } else { "how-to-register" };
        Talk::at(TUESDAY).touches(choice).hears(answer);
    }
}

#[test]
fn a_sticker_brings_the_present_question_again() {
    let mut talk = Talk::at(TUESDAY);
    talk.sends_a_sticker().hears("how-to-register");
    talk.says(AOBA_CODE).sends_a_sticker().hears("passphrase-ask");
    talk.says(AOBA_PASSPHRASE).sends_a_sticker().hears("number-ask");
    talk.says(SMITH).sends_a_sticker().hears("consent-needed").may_touch(&CONSENT);
}

#[test]
fn the_bot_speaks_the_company_s_language_also_when_breaking_off() {
    let mut talk = Talk::at(TUESDAY);
    let mut in_english = |act: fn(&mut Talk) -> &mut Talk| assert_eq!(act(&mut talk).last.language, Language::En);
    in_english(|talk| talk.says(AOBA_CODE));
    in_english(|talk| talk.touches(Choice::Cancel));
    in_english(|talk| talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).says(SMITH).touches(Choice::Decline));
    in_english(|talk| talk.says(AOBA_CODE).passes(TimeDelta::days(8)).says("Hello"));
    in_english(|talk| {
        talk.tenant(AOBA).contract.plans.clear();
        talk.says(AOBA_CODE).hears("service-not-available")
    });
    assert_eq!(talk.says("Hello").last.language, Language::Ja);
}

#[test]
fn a_choice_can_be_typed_by_who_does_not_see_the_buttons() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says("社員番号を直す").hears("new-number-ask").says("やめる").hears("nothing-changed");
    talk.says("退会").hears("leave-confirm").says("退会する").hears("leave-done");
}
