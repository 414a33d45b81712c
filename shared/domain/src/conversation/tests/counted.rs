//! Row D3: what of the talk is counted for the contacts' reports.

use crate::{
    conversation::Act,
    kpi::{marker::Kind, talk::counted},
    personal::MessageText,
    text::Choice,
};

use super::talk::{AOBA, AOBA_CODE, AOBA_PASSPHRASE, MIDORI, MIDORI_CODE, SATO, SMITH, TUESDAY, Talk, YAMADA};

/// What `act` leaves, with the tenant.
fn leaves(talk: &mut Talk, act: &Act) -> Vec<(crate::id::TenantId, Kind)> {
    let before = talk.user.member.clone();
    let counted = counted(before.as_ref(), act, &talk.does(act).last);
    counted.into_iter().map(|counted| (counted.tenant, counted.kind)).collect()
}

fn text(text: &str) -> Act {
    Act::Text(MessageText::new(text))
}

#[test]
fn to_register_is_not_to_be_active() {
    let mut talk = Talk::at(TUESDAY);
    for act in [Act::Follow, text(MIDORI_CODE), text(YAMADA)] {
        assert_eq!(leaves(&mut talk, &act), []);
    }
    assert_eq!(leaves(&mut talk, &Act::Choice(Choice::Consent)), [(MIDORI, Kind::Registered)]);
}

#[test]
fn whatever_a_member_writes_sends_or_presses_is_active_and_a_message_that_opens_a_consultation_is_one() {
    let mut talk = Talk::of_member(YAMADA);
    assert_eq!(leaves(&mut talk, &text("眠れません")), [(MIDORI, Kind::Active), (MIDORI, Kind::ConsultationOpened)]);
    for act in [text("先週からです"), Act::Choice(Choice::HowToAsk), Act::NotTaken] {
        assert_eq!(leaves(&mut talk, &act), [(MIDORI, Kind::Active)], "{act:?}");
    }
    for act in [Act::Unsend, Act::Unfollow, Act::Follow] {
        assert_eq!(leaves(&mut talk, &act), [], "{act:?}");
    }
}

#[test]
fn a_consultation_that_is_opened_again_is_no_other_one() {
    let mut talk = Talk::of_asking_member(YAMADA);
    let consultation = talk.consults[0].consultation;
    let now = talk.now;
    let member = talk.user.member.as_mut().unwrap();
    member.intake = member.intake.closed(consultation, now);
    assert_eq!(leaves(&mut talk, &text("また眠れません")), [(MIDORI, Kind::Active)]);
    assert!(talk.consults[1].reopens);
}

#[test]
fn who_leaves_was_active_and_has_left() {
    let mut talk = Talk::of_member(YAMADA);
    talk.touches(Choice::Leave);
    assert_eq!(leaves(&mut talk, &Act::Choice(Choice::LeaveYes)), [(MIDORI, Kind::Active), (MIDORI, Kind::Left)]);
    assert_eq!(leaves(&mut talk, &text("ありがとう")), []);
}

#[test]
fn who_moves_to_another_company_is_counted_with_both() {
    let mut talk = Talk::of_member(YAMADA);
    talk.says(AOBA_CODE).says(AOBA_PASSPHRASE).says(SMITH);
    let mut counted = leaves(&mut talk, &Act::Choice(Choice::Consent));
    counted.sort();
    assert_eq!(counted, [(MIDORI, Kind::Left), (MIDORI, Kind::Active), (AOBA, Kind::Registered)]);
}

#[test]
fn who_is_hired_again_and_registers_anew_has_left_and_is_registered() {
    let mut talk = Talk::of_member(SATO);
    talk.is_at("2027-01-01 00:00:00").says(MIDORI_CODE).employs(MIDORI, SATO, "佐藤 花子", None).says(SATO);
    let counted = leaves(&mut talk, &Act::Choice(Choice::Consent));
    assert!(counted.contains(&(MIDORI, Kind::Left)) && counted.contains(&(MIDORI, Kind::Registered)), "{counted:?}");
}
