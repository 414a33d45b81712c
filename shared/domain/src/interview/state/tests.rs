#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use ulid::Ulid;

use super::{
    super::{
        admission::{
            Hold,
            tests::{BY, YAMADA, at, row, slot, tenant},
        },
        allowance::{Allowance, Ledger, Standing},
        month::Month,
    },
    *,
};
use crate::{
    calendar::{BeyondHolidays, BusinessHours, Closures, Holidays},
    employee,
    id::{EmploymentId, TenantId},
    interview::purpose::{Method, Purpose},
    personal::MailAddress,
    tenant::Plan,
};

const NURSE: NurseId = NurseId::new(Ulid(11));

fn calendar() -> BusinessCalendar<'static> {
    BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
}

fn details() -> Details {
    Details { method: Method::Web, purpose: Purpose::Checkup, guidance_to: MailAddress::parse("taro@example.co.jp").unwrap() }
}

fn admitted(start: &str, now: DateTime<Utc>) -> Admitted {
    let name = employee::parse_name("山田太郎").unwrap();
    Hold::begun(BY, slot(start), now).admit(&tenant(&[Plan::InterviewSupport], None), &name, Some(&row(None)), now).unwrap()
}

fn unit(number: u8) -> Unit {
    Unit { home: "2026-12".parse().unwrap(), number }
}

fn in_charge() -> InCharge {
    InCharge::check(NURSE, Some(NURSE)).unwrap()
}

/// Booked on 24 November for Monday, 7 December; in time until Friday, 4 December.
fn booked(cover: Option<Unit>) -> Interview {
    let now = at("2026-11-24T09:00:00");
    admitted("2026-12-07T10:00:00", now).confirm(InterviewId::new(Ulid(51)), details(), cover, &calendar(), now).unwrap().state
}

const IN_TIME: &str = "2026-12-04T23:59:59";
const LATE: &str = "2026-12-05T00:00:00";

#[test]
fn a_hold_becomes_an_interview_that_a_unit_covers_or_that_awaits_approval() {
    let Interview::Confirmed(confirmed) = booked(Some(unit(1))) else { panic!("a unit covers it") };
    assert_eq!(confirmed.charge, Charge::Base(unit(1)));
    assert_eq!((confirmed.head.version, confirmed.head.sequence, confirmed.head.employment), (1, 0, YAMADA));
    assert_eq!(confirmed.head.deadline.last_second(), at(IN_TIME));
    assert!(matches!(booked(None), Interview::AwaitingApproval(_)));
}

#[test]
fn a_slot_is_booked_only_while_it_is_held_and_has_not_begun() {
    let held = at("2026-12-04T16:00:00");
    for (start, now, cover, refused) in [
        ("2026-12-07T10:00:00", "2026-12-04T16:09:59", Some(unit(1)), None),
        ("2026-12-07T10:00:00", "2026-12-04T16:10:00", Some(unit(1)), Some(Refusal::HoldOver)),
        // On the same day it can be booked, but no approval could come.
        ("2026-12-04T16:05:00", "2026-12-04T16:04:59", Some(unit(1)), None),
        ("2026-12-04T16:05:00", "2026-12-04T16:05:00", Some(unit(1)), Some(Refusal::SlotBegun)),
        ("2026-12-04T16:05:00", "2026-12-04T16:04:59", None, Some(Refusal::TooSoonForApproval)),
        ("2026-12-07T10:00:00", "2026-12-04T16:09:59", None, None),
        ("2028-01-04T10:00:00", "2026-12-04T16:01:00", Some(unit(1)), Some(Refusal::Beyond(beyond()))),
    ] {
        let booked = admitted(start, held).confirm(InterviewId::new(Ulid(51)), details(), cover, &calendar(), at(now));
        assert_eq!(booked.err(), refused, "{start} at {now}");
    }
}

fn beyond() -> BeyondHolidays {
    BeyondHolidays { reaches_to: "2027-12-31".parse().unwrap() }
}

#[test]
fn only_the_nurse_in_charge_approves_and_only_in_time() {
    assert_eq!(InCharge::check(NURSE, None), Err(Refusal::NotInCharge));
    assert_eq!(InCharge::check(NURSE, Some(NurseId::new(Ulid(12)))), Err(Refusal::NotInCharge));
    let awaiting = || booked(None).awaiting_approval().unwrap();
    let next = awaiting().approve(in_charge(), None, at(IN_TIME)).unwrap();
    assert_eq!((next.state.charge, next.state.head.version), (Charge::Extra { approved_by: NURSE }, 2));
    assert_eq!(next.event.what, What::Approved { by: NURSE });
    let covered = awaiting().approve(in_charge(), Some(unit(2)), at(IN_TIME)).unwrap();
    assert_eq!(covered.state.charge, Charge::Base(unit(2)));
    assert_eq!(awaiting().approve(in_charge(), None, at(LATE)), Err(Refusal::HasLapsed));
    let declined = awaiting().decline(in_charge(), at(IN_TIME)).unwrap();
    assert_eq!((declined.state.outcome, declined.freed.len()), (Outcome::Declined, 4));
    assert_eq!(booked(Some(unit(1))).awaiting_approval(), Err(Refusal::AwaitsNothing));
}

#[test]
fn an_approval_that_does_not_come_lapses_by_itself_at_the_end_of_the_business_day_before() {
    let awaiting = booked(None);
    assert_eq!(awaiting.clone().seen_at(at(IN_TIME)), awaiting);
    let Interview::Ended(lapsed) = awaiting.clone().seen_at(at(LATE)) else { panic!("it has lapsed") };
    assert_eq!((lapsed.outcome, lapsed.at), (Outcome::Lapsed, at(LATE)));
    let awaiting = awaiting.awaiting_approval().unwrap();
    assert_eq!(awaiting.clone().lapse(at(IN_TIME)), Err(Refusal::NotLapsed));
    let recorded = awaiting.clone().lapse(at("2026-12-06T12:00:00")).unwrap();
    assert_eq!((recorded.event.what, recorded.freed.len()), (What::Lapsed, 4));
    assert_eq!(Interview::AwaitingApproval(awaiting).cancel(BY, at(LATE)), Err(Refusal::HasLapsed));
}

#[test]
fn cancelling_is_in_time_until_the_deadline_and_possible_until_the_interview_begins() {
    let charge = Charge::Base(unit(1));
    for (now, outcome) in [
        (IN_TIME, Ok((Outcome::CancelledInTime, What::CancelledInTime))),
        (LATE, Ok((Outcome::CancelledLate { charge }, What::CancelledLate))),
        ("2026-12-07T09:59:59", Ok((Outcome::CancelledLate { charge }, What::CancelledLate))),
        ("2026-12-07T10:00:00", Err(Refusal::HasBegun)),
    ] {
        let cancelled = booked(Some(unit(1))).cancel(BY, at(now));
        assert_eq!(cancelled.as_ref().map(|next| (next.state.outcome, next.event.what)).map_err(|refusal| *refusal), outcome, "{now}");
        if let Ok(next) = cancelled {
            assert_eq!((next.freed.len(), next.state.head.sequence, next.state.head.version), (4, 1, 2));
        }
    }
    let stranger = Booker { tenant: TenantId::new(Ulid(2)), ..BY };
    assert_eq!(booked(Some(unit(1))).cancel(stranger, at(IN_TIME)), Err(Refusal::OtherTenant));
    let colleague = Booker { contact: crate::id::ContactId::new(Ulid(22)), ..BY };
    assert!(booked(None).cancel(colleague, at(IN_TIME)).is_ok());
}

#[test]
fn whoever_holds_an_interview_or_is_in_charge_calls_it_off_until_it_begins_and_never_at_the_company_s_expense() {
    let (holder, in_charge, stranger) = (slot("2026-12-07T10:00:00").nurse(), NurseId::new(Ulid(12)), NurseId::new(Ulid(13)));
    let confirmed = || booked(Some(unit(1))).confirmed().unwrap();
    for (by, of_company, now, refused) in [
        (holder, None, IN_TIME, None),
        (holder, Some(in_charge), "2026-12-07T09:59:59", None),
        (in_charge, Some(in_charge), LATE, None),
        (stranger, Some(in_charge), IN_TIME, Some(Refusal::NotYours)),
        (stranger, None, IN_TIME, Some(Refusal::NotYours)),
        (holder, None, "2026-12-07T10:00:00", Some(Refusal::HasBegun)),
    ] {
        let called_off = confirmed().call_off(by, of_company, at(now));
        assert_eq!(called_off.as_ref().err().copied(), refused, "{now}");
        if let Ok(next) = called_off {
            assert_eq!((next.state.outcome, next.event.what, next.freed.len()), (Outcome::CalledOff, What::CalledOff, 4));
            assert_eq!((next.state.head.sequence, next.state.head.version), (1, 2), "the calendar entry is withdrawn");
        }
    }
}

#[test]
fn moving_in_time_keeps_the_interview_and_frees_the_old_time_at_once() {
    let now = at(IN_TIME);
    let moved = booked(Some(unit(1))).move_to(&admitted("2026-12-10T10:00:00", now), Some(unit(1)), &calendar(), now).unwrap();
    let head = moved.state.head();
    assert_eq!((head.id, head.sequence, head.version), (InterviewId::new(Ulid(51)), 1, 2));
    assert_eq!(head.deadline.last_second(), at("2026-12-09T23:59:59"));
    assert_eq!(moved.freed, slot("2026-12-07T10:00:00").cells());
    assert_eq!(moved.event.what, What::Moved { day: "2026-12-10".parse().unwrap() });
    let again = moved.state.clone().move_to(&admitted("2026-12-10T10:10:00", now), Some(unit(1)), &calendar(), now).unwrap();
    assert_eq!((again.state.head().sequence, again.freed.len()), (2, 2), "by ten minutes");

    let late = at(LATE);
    let too_late = booked(Some(unit(1))).move_to(&admitted("2026-12-10T10:00:00", late), Some(unit(1)), &calendar(), late);
    assert_eq!(too_late, Err(Refusal::TooLate));
}

#[test]
fn an_interview_is_not_moved_to_another_employee_or_company_or_out_of_its_end() {
    let now = at(IN_TIME);
    let to = admitted("2026-12-10T10:00:00", now);
    let to_another = Admitted { employment: EmploymentId::new(Ulid(32)), ..to.clone() };
    assert_eq!(booked(Some(unit(1))).move_to(&to_another, None, &calendar(), now), Err(Refusal::OtherEmployee));
    let stranger = Booker { tenant: TenantId::new(Ulid(2)), ..BY };
    let elsewhere = Admitted { hold: Hold { by: stranger, ..to.hold }, ..to.clone() };
    assert_eq!(booked(Some(unit(1))).move_to(&elsewhere, None, &calendar(), now), Err(Refusal::OtherTenant));
    let ended = Interview::Ended(booked(Some(unit(1))).cancel(BY, now).unwrap().state);
    assert_eq!(ended.clone().move_to(&to, None, &calendar(), now), Err(Refusal::IsOver));
    assert_eq!(ended.clone().cancel(BY, now), Err(Refusal::IsOver));
    assert_eq!(ended.confirmed(), Err(Refusal::IsOver));
}

#[test]
fn an_extra_interview_that_is_moved_stays_extra_and_a_base_one_may_need_an_approval() {
    let now = at("2026-11-26T10:00:00");
    let extra = Interview::Confirmed(booked(None).awaiting_approval().unwrap().approve(in_charge(), None, now).unwrap().state);
    let Interview::Confirmed(moved) = extra.move_to(&admitted("2027-01-12T10:00:00", now), Some(unit(1)), &calendar(), now).unwrap().state
    else {
        panic!("it was approved")
    };
    assert_eq!(moved.charge, Charge::Extra { approved_by: NURSE });
    let base = booked(Some(unit(1))).move_to(&admitted("2027-01-12T10:00:00", now), None, &calendar(), now).unwrap();
    assert!(matches!(base.state, Interview::AwaitingApproval(_)));
    let tomorrow = at("2026-12-04T10:00:00");
    let too_soon = booked(None).move_to(&admitted("2026-12-04T16:00:00", tomorrow), None, &calendar(), tomorrow);
    assert_eq!(too_soon, Err(Refusal::TooSoonForApproval));
}

#[test]
fn the_nurse_who_holds_an_interview_records_how_it_went_once_it_has_begun() {
    let (holder, charge) = (slot("2026-12-07T10:00:00").nurse(), Charge::Base(unit(1)));
    let record = |by, went, now| booked(Some(unit(1))).confirmed().unwrap().record(by, went, at(now));
    for went in [Went::Held { continuing: false }, Went::NoShow] {
        assert_eq!(record(holder, went, "2026-12-07T09:59:59"), Err(Refusal::NotBegun));
        assert_eq!(record(NurseId::new(Ulid(12)), went, "2026-12-07T10:20:00"), Err(Refusal::NotYours));
    }
    let held = record(holder, Went::Held { continuing: true }, "2026-12-07T10:20:00").unwrap();
    assert_eq!((held.state.outcome, held.state.head.sequence), (Outcome::TookPlace { charge, continuing: true }, 0));
    assert!(held.freed.is_empty() && held.state.continuing_told && held.event.what == What::TookPlace);
    let missed = record(holder, Went::NoShow, "2026-12-07T10:20:00").unwrap();
    assert_eq!((missed.state.outcome, missed.event.what), (Outcome::NoShow { charge }, What::NoShow));
    assert_eq!(booked(None).confirmed(), Err(Refusal::NotConfirmed));
}

#[test]
fn what_was_recorded_can_be_corrected_for_a_week_and_that_the_contact_was_told_is_remembered() {
    let (holder, charge) = (slot("2026-12-07T10:00:00").nurse(), Charge::Base(unit(1)));
    let (held, continuing) = (Went::Held { continuing: false }, Went::Held { continuing: true });
    let recorded = |went| booked(Some(unit(1))).confirmed().unwrap().record(holder, went, at("2026-12-07T10:20:00")).unwrap().state;
    let corrected = recorded(held).correct(holder, Went::NoShow, at("2026-12-14T10:19:59")).unwrap();
    assert_eq!((corrected.state.outcome, corrected.event.what), (Outcome::NoShow { charge }, What::Corrected { held: false }));
    assert_eq!((corrected.state.head.version, corrected.state.head.sequence, corrected.freed.len()), (3, 0, 0));
    for (ended, by, went, now, refused) in [
        (recorded(held), holder, Went::NoShow, "2026-12-14T10:20:00", Refusal::TooLateToCorrect),
        // A correction does not prolong the week.
        (corrected.state, holder, held, "2026-12-14T10:20:00", Refusal::TooLateToCorrect),
        (recorded(held), NurseId::new(Ulid(12)), Went::NoShow, "2026-12-07T10:21:00", Refusal::NotYours),
        (recorded(held), holder, held, "2026-12-07T10:21:00", Refusal::RecordedSo),
        (booked(Some(unit(1))).cancel(BY, at(LATE)).unwrap().state, holder, held, "2026-12-07T10:21:00", Refusal::NotRecorded),
    ] {
        assert_eq!(ended.correct(by, went, at(now)), Err(refused), "{went:?} at {now}");
    }
    assert_eq!(booked(Some(unit(1))).ended(), Err(Refusal::NotRecorded));
    let soon = at("2026-12-07T10:21:00");
    let told = recorded(held).correct(holder, continuing, soon).unwrap();
    assert!(told.state.continuing_told && told.event.what == What::Corrected { held: true });
    let taken_back = recorded(continuing).correct(holder, Went::NoShow, soon).unwrap();
    assert!(taken_back.state.continuing_told, "the mail is out");
    assert!(!recorded(Went::NoShow).correct(holder, held, soon).unwrap().state.continuing_told);
}

#[test]
fn state_and_ledger_agree_on_what_covers_an_interview() {
    let (now, calendar) = (at("2026-11-24T09:00:00"), calendar());
    let december: Month = "2026-12".parse().unwrap();
    let mut ledger = Ledger::new(Allowance::default());
    let mut interviews = Vec::new();
    for (number, start) in [(1, "2026-12-07T10:00:00"), (2, "2026-12-07T10:20:00"), (3, "2026-12-07T10:40:00")] {
        let id = InterviewId::new(Ulid(number));
        let next = admitted(start, now).confirm(id, details(), ledger.cover(december), &calendar, now).unwrap();
        ledger.record(&next.event).unwrap();
        interviews.push(next.state);
    }
    let third = interviews.pop().unwrap().awaiting_approval().unwrap();
    let next = third.approve(in_charge(), ledger.cover(december), now).unwrap();
    ledger.record(&next.event).unwrap();
    let first = interviews.remove(0);
    let to = admitted("2027-01-12T10:00:00", now);
    let cover = ledger.cover_if_moved(first.head().id, "2027-01-12".parse().unwrap());
    let moved = first.move_to(&to, cover, &calendar, now).unwrap();
    ledger.record(&moved.event).unwrap();
    interviews.extend([moved.state, Interview::Confirmed(next.state)]);
    for interview in interviews {
        let Interview::Confirmed(Confirmed { head, charge }) = interview else { panic!("all are confirmed") };
        assert!(matches!(ledger.standing(head.id), Some(Standing::Counted(covers, _)) if covers == charge), "{charge:?}");
    }
}

#[test]
fn an_interview_reads_back_and_shows_nobody() {
    for interview in [booked(None), booked(Some(unit(1))), Interview::Ended(booked(None).cancel(BY, at(IN_TIME)).unwrap().state)] {
        let json = serde_json::to_string(&interview).unwrap();
        assert_eq!(serde_json::from_str::<Interview>(&json).unwrap(), interview);
        assert!(!format!("{interview:?}").contains("example.co.jp"));
    }
}
