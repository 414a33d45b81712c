//! Which mails go out, and when.

use super::{
    super::post::{Happened, Kind, Post, Posted},
    *,
};
use crate::interview::state::{AwaitingApproval, Ended, Interview, Outcome};

fn calendar() -> BusinessCalendar<'static> {
    BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
}

fn ended(outcome: Outcome) -> Interview {
    Interview::Ended(Ended { head: head(phone(), TUESDAY), outcome, at: at(NOW), continuing_told: false })
}

/// Kind, beginning of the subject and instant of each mail after `happened`.
fn posted(interview: &Interview, happened: Happened) -> Vec<(Kind, String, Option<DateTime<Utc>>)> {
    let house = House::new(Language::Ja);
    let (sender, guidance) = (&house.sender, house.guidance(interview.head()));
    let post = Post {
        tenant: &house.tenant,
        employee: &house.employee,
        nurse: &house.nurse,
        contact: Some((&house.nurse, sender)),
        in_charge: Some(sender),
        meeting: Some(&house.room),
        organizer: guidance.organizer,
        links: ("https://kenko.example.jp/booking/interviews/1", "https://kenko.example.jp/desk/interviews"),
        form_is_missing: false,
    };
    let short = |(kind, mail, due): Posted| (kind, mail.subject.split(['（', '】']).take(2).collect(), due);
    post.mails(interview, happened, &calendar(), at(NOW)).unwrap().into_iter().map(short).collect()
}

fn row(kind: Kind, subject: &str, due: Option<&str>) -> (Kind, String, Option<DateTime<Utc>>) {
    (kind, subject.to_owned(), due.map(at))
}

#[test]
fn an_approval_that_does_not_come_is_told_at_the_moment_in_which_the_interview_lapses() {
    let awaiting = |start| Interview::AwaitingApproval(AwaitingApproval { head: head(phone(), start) });
    let lapsed = |due| row(Kind::Lapsed, "【面談ご予約が失効しました", Some(due));
    let (told, wanted) =
        (row(Kind::Contact, "【面談ご予約は承認待ちです", None), row(Kind::InCharge, "【要確認面談の追加予約が承認待ちです", None));
    // Over 成人の日 and a weekend.
    assert_eq!(posted(&awaiting(TUESDAY), Happened::Booked), [told.clone(), wanted.clone(), lapsed("2027-01-09T00:00:00")]);
    let moved = Happened::Moved { from: slot(TUESDAY), was_confirmed: true };
    let withdrawn = row(Kind::Guidance, "【面談の取り消しのご案内1月12日(火) 10:00", None);
    assert_eq!(posted(&awaiting("2026-12-10T10:00:00"), moved), [withdrawn, told, wanted, lapsed("2026-12-10T00:00:00")]);
}

#[test]
fn what_is_recorded_as_lapsed_is_not_told_once_more() {
    assert_eq!(posted(&ended(Outcome::Lapsed), Happened::ByNurse), []);
    assert_eq!(posted(&ended(Outcome::Declined), Happened::ByNurse), [row(Kind::Contact, "【面談ご予約を承れませんでした", None)]);
}

#[test]
fn whoever_was_told_of_an_interview_that_we_call_off_is_told_so_and_the_contact_is_asked_for_pardon() {
    let withdrawn = row(Kind::Guidance, "【面談の取り消しのご案内1月12日(火) 10:00", None);
    assert_eq!(
        posted(&ended(Outcome::CalledOff), Happened::ByNurse),
        [withdrawn, row(Kind::Contact, "【面談弊社都合による取り消しのお詫び", None)]
    );
    let (house, head) = (House::new(Language::Ja), head(phone(), TUESDAY));
    let mail = house.contact().called_off(&head);
    assert!(mail.text.contains("深くお詫び申し上げます") && mail.text.contains("2027年2月末までのご予約"), "{}", mail.text);
    assert_eq!(house.guidance(&head).cancelled(head.slot, at(NOW)).calendar.unwrap().method, CalendarMethod::Cancel);
}

#[test]
fn the_contact_is_told_once_that_continuing_is_recommended_however_often_the_record_is_corrected() {
    let charge = Charge::Extra { approved_by: NurseId::new(Ulid(11)) };
    let (continuing, held) = (Outcome::TookPlace { charge, continuing: true }, Outcome::TookPlace { charge, continuing: false });
    let told = [row(Kind::Contact, "【面談継続実施のご相談", None)];
    for (outcome, happened, mails) in [
        (continuing, Happened::ByNurse, told.as_slice()),
        (continuing, Happened::Corrected { was_told: false }, &told),
        (continuing, Happened::Corrected { was_told: true }, &[]),
        (held, Happened::Corrected { was_told: true }, &[]),
        (Outcome::NoShow { charge }, Happened::Corrected { was_told: false }, &[]),
    ] {
        assert_eq!(posted(&ended(outcome), happened), mails, "{outcome:?} {happened:?}");
    }
}

#[test]
fn kinds_stand_in_the_order_from_which_the_ids_of_their_mails_follow() {
    assert!(Kind::ALL.iter().enumerate().all(|(place, kind)| *kind as usize == place));
    assert!(Kind::ALL.len() < 16, "an id has four bits for them");
}
