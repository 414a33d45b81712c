#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use ulid::Ulid;

use super::{
    super::{
        admission::{
            Hold,
            tests::{BY, at, row, slot, tenant},
        },
        allowance::{Charge, Unit},
        purpose::{Method, Purpose},
        state::Details,
    },
    *,
};
use crate::{
    calendar::{BusinessHours, Closures, Holidays},
    employee,
    id::InterviewId,
    personal::MailAddress,
    tenant::Plan,
    text::Language,
};

const PDF: &[u8] = b"%PDF-1.7 a letter";
const NOW: &str = "2026-11-24T09:00:00";

fn calendar() -> BusinessCalendar<'static> {
    BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
}

/// Booked on 24 November, covered or awaiting approval.
fn booked(start: &str, is_covered: bool) -> Interview {
    let (now, name) = (at(NOW), employee::parse_name("山田太郎").unwrap());
    let admitted = Hold::begun(BY, slot(start), now).admit(&tenant(&[Plan::InterviewSupport], None), &name, Some(&row(None)), now);
    let details = Details { method: Method::Web, purpose: Purpose::Mind, guidance_to: MailAddress::parse("taro@example.co.jp").unwrap() };
    let cover = is_covered.then(|| Unit { home: "2026-12".parse().unwrap(), number: 1 });
    admitted.unwrap().confirm(InterviewId::new(Ulid(51)), details, cover, &calendar(), now).unwrap().state
}

fn ended(start: &str, outcome: Outcome, when: &str) -> Interview {
    Interview::Ended(Ended { head: booked(start, true).head().clone(), outcome, at: at(when), continuing_told: false })
}

const fn id(number: u128) -> RequestFileId {
    RequestFileId::new(Ulid(number))
}

fn adds<'a>(number: u128, name: &'static str, content: &'a [u8]) -> Change<'a> {
    Change { add: Some(Added { id: id(number), name, content }), ..Change::default() }
}

/// A form with so many files.
fn with_files(count: u128) -> RequestForm {
    let interview = booked("2026-12-07T10:00:00", true);
    (1..=count).fold(RequestForm::default(), |form, number| form.changed(adds(number, "a.pdf", PDF), &interview, at(NOW)).unwrap())
}

#[test]
fn a_form_is_missing_while_there_is_neither_text_nor_file() {
    let (form, interview) = (RequestForm::default(), booked("2026-12-07T10:00:00", true));
    for (change, missing) in [
        (Change::default(), true),
        (Change { reason: Some(" \r\n "), ..Change::default() }, true),
        (Change { reason: Some("復職後の面談"), ..Change::default() }, false),
        (adds(1, "紹介状.pdf", PDF), false),
    ] {
        let changed = form.changed(change, &interview, at(NOW)).unwrap();
        assert_eq!(changed.is_missing(), missing, "{change:?}");
    }
}

#[test]
fn a_file_is_taken_by_what_is_in_it_by_its_length_and_while_there_is_a_place() {
    let interview = booked("2026-12-07T10:00:00", true);
    let largest = [PDF, &vec![b' '; LARGEST_FILE - PDF.len()]].concat();
    let larger = [&largest, b" ".as_slice()].concat();
    for (there, content, expected) in [
        (0, PDF, Ok(DocumentType::Pdf)),
        (4, b"\xff\xd8\xff\xe0\x00\x10JFIF", Ok(DocumentType::Jpeg)),
        (4, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Ok(DocumentType::Png)),
        (4, b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Ok(DocumentType::Heic)),
        (0, &largest, Ok(DocumentType::Pdf)),
        (0, &larger, Err(NotTaken::TooLarge)),
        (0, b"", Err(NotTaken::Empty)),
        (0, b"PK\x03\x04", Err(NotTaken::OtherType)),
        (0, b"<html><script>alert(1)</script>", Err(NotTaken::OtherType)),
        (5, PDF, Err(NotTaken::TooMany)),
    ] {
        let changed = with_files(there).changed(adds(99, "letter.pdf", content), &interview, at(NOW));
        let kind = changed.map(|form| form.files.last().unwrap().kind).map_err(|why| why.first().copied().unwrap());
        assert_eq!(kind, expected, "{there} there, {} bytes", content.len());
    }
    assert_eq!(LARGEST_FILE.div_ceil(3) * 4 / 1_000_000, 5, "with its form it fits into the 6 MB that Lambda takes");
}

#[test]
fn a_change_is_made_as_a_whole_or_everything_that_is_wrong_with_it_is_told() {
    let (form, interview) = (with_files(5), booked("2026-12-07T10:00:00", true));
    let long = "あ".repeat(LONGEST_REASON + 1);
    let change = Change { reason: Some(&long), ..adds(9, "a.pdf", PDF) };
    assert_eq!(form.changed(change, &interview, at(NOW)), Err(vec![NotTaken::LongReason, NotTaken::TooMany]));
    let replaced = form.changed(Change { reason: Some("あ\r\nい"), remove: Some(id(2)), ..adds(9, "a.pdf", PDF) }, &interview, at(NOW));
    let replaced = replaced.unwrap();
    assert_eq!(replaced.files.iter().map(|file| file.id.ulid().0).collect::<Vec<_>>(), [1, 3, 4, 5, 9]);
    assert_eq!(replaced.reason.as_ref().unwrap().expose(), "あ\nい");
    assert_eq!(replaced.changed(adds(9, "a.pdf", PDF), &interview, at(NOW)).as_ref(), Ok(&replaced), "a form that is sent twice");
    assert_eq!(replaced.changed(Change { remove: Some(id(77)), ..Change::default() }, &interview, at(NOW)).as_ref(), Ok(&replaced));
}

#[test]
fn when_the_interview_is_over_files_can_be_removed_and_nothing_added() {
    let form = with_files(1);
    let charge = Charge::Base(Unit { home: "2026-12".parse().unwrap(), number: 1 });
    let day = "2026-12-07T10:00:00";
    for (interview, now, open) in [
        (booked(day, true), NOW, true),
        (booked(day, false), NOW, true),
        (booked(day, true), "2026-12-07T10:10:00", true),
        (booked(day, true), "2027-01-07T10:20:00", false),
        (ended(day, Outcome::CancelledInTime, NOW), NOW, false),
        (ended(day, Outcome::TookPlace { charge, continuing: false }, "2026-12-07T10:30:00"), "2026-12-07T10:31:00", false),
    ] {
        for change in [adds(2, "b.pdf", PDF), Change { reason: Some("追記"), ..Change::default() }] {
            let changed = form.changed(change, &interview, at(now));
            assert_eq!(changed.err(), (!open).then(|| vec![NotTaken::IsOver]), "{interview:?} {change:?}");
        }
        let removed = form.changed(Change { reason: Some(""), remove: Some(id(1)), ..Change::default() }, &interview, at(now));
        assert!(removed.unwrap().is_missing());
    }
}

#[test]
fn a_form_goes_one_calendar_month_after_the_interview_or_after_it_was_cancelled() {
    let charge = Charge::Base(Unit { home: "2026-12".parse().unwrap(), number: 1 });
    for (interview, gone) in [
        (booked("2026-12-07T10:00:00", true), "2027-01-07T10:20:00"),
        (booked("2027-01-29T10:00:00", true), "2027-02-28T10:20:00"),
        // It lapses at the end of Friday, the 4th.
        (booked("2026-12-07T10:00:00", false), "2027-01-05T00:00:00"),
        (ended("2026-12-07T10:00:00", Outcome::TookPlace { charge, continuing: true }, "2026-12-09T09:00:00"), "2027-01-07T10:20:00"),
        (ended("2026-12-07T10:00:00", Outcome::NoShow { charge }, "2026-12-09T09:00:00"), "2027-01-07T10:20:00"),
        (ended("2026-12-07T10:00:00", Outcome::CancelledInTime, "2026-11-30T09:00:00"), "2026-12-30T09:00:00"),
        (ended("2026-12-07T10:00:00", Outcome::CancelledLate { charge }, "2026-12-06T09:00:00"), "2027-01-06T09:00:00"),
        (ended("2026-12-07T10:00:00", Outcome::Declined, "2026-11-25T09:00:00"), "2026-12-25T09:00:00"),
        (ended("2026-12-07T10:00:00", Outcome::Lapsed, "2026-12-05T00:00:00"), "2027-01-05T00:00:00"),
    ] {
        assert_eq!(kept_until(&interview), at(gone), "{interview:?}");
    }
    let awaiting = booked("2026-12-07T10:00:00", false);
    assert_eq!(kept_until(&awaiting.clone().seen_at(at("2026-12-20T09:00:00"))), kept_until(&awaiting), "lapsed, recorded or not");
}

#[test]
fn the_contact_is_reminded_of_what_is_missing_and_once() {
    let (none, some) = (RequestForm::default(), with_files(1));
    let due = Reminding::Asked(at("2026-12-04T09:00:00"));
    let (monday, before, after) = ("2026-12-07T10:00:00", "2026-12-04T08:59:59", "2026-12-04T09:00:00");
    for (from, to, interview, now, expected) in [
        (&none, &some, booked(monday, true), NOW, Reminding::TakenBack),
        (&some, &none, booked(monday, true), before, due),
        (&some, &none, booked(monday, true), after, Reminding::AsBefore),
        (&some, &some, booked(monday, true), NOW, Reminding::AsBefore),
        (&none, &none, booked(monday, true), NOW, Reminding::AsBefore),
        (&some, &none, booked(monday, false), NOW, Reminding::AsBefore),
        (&some, &none, ended(monday, Outcome::CancelledInTime, NOW), NOW, Reminding::AsBefore),
    ] {
        assert_eq!(reminding(from, to, &interview, &calendar(), at(now)), Ok(expected), "{interview:?} {now}");
    }
}

#[test]
fn who_holds_the_interview_and_who_is_in_charge_read_the_form() {
    let interview = booked("2026-12-07T10:00:00", true);
    let [holds, in_charge, other] = [11, 12, 13].map(|number| NurseId::new(Ulid(number)));
    for (nurse, of, may) in [
        (holds, None, true),
        (holds, Some(in_charge), true),
        (in_charge, Some(in_charge), true),
        (other, Some(in_charge), false),
        (other, None, false),
    ] {
        assert_eq!(may_read(nurse, interview.head(), of), may, "{nurse:?} {of:?}");
    }
}

#[test]
fn a_name_has_no_folders_and_nothing_that_people_do_not_see() {
    for (told, shown) in [
        ("診断書.pdf", "診断書.pdf"),
        ("C:\\Users\\田村\\診断書.pdf", "診断書.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nset-cookie: b.pdf", "aset-cookie: b.pdf"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        (" \u{202e}", "document.pdf"),
        ("", "document.pdf"),
    ] {
        assert_eq!(attached::name(told, DocumentType::Pdf).expose(), shown, "{told:?}");
    }
    assert_eq!(attached::name(&"あ".repeat(300), DocumentType::Pdf).expose().chars().count(), 200);
}

#[test]
fn a_length_is_told_as_people_read_it() {
    let file = with_files(1).files.remove(0);
    for (bytes, shown) in [(1, "1KB"), (1024, "1KB"), (319_488, "312KB"), (1_048_575, "1024KB"), (1_468_006, "1.3MB"), (4_194_304, "4.0MB")]
    {
        assert_eq!(Attached { bytes, ..file.clone() }.size(), shown, "{bytes}");
    }
}

#[test]
fn what_is_refused_is_told_with_its_limits_and_nothing_of_a_file_is_shown() {
    for language in [Language::Ja, Language::En] {
        let told = |why: NotTaken| language.phrase(why.phrase()).replace(' ', "");
        assert!(told(NotTaken::TooLarge).contains("4MB") && LARGEST_FILE == 4 << 20);
        assert!(told(NotTaken::TooMany).contains(&MOST_FILES.to_string()));
        assert!(told(NotTaken::OtherType).contains("HEIC"));
    }
    let change = Change { reason: Some("復職"), ..adds(1, "診断書.pdf", PDF) };
    let form = RequestForm::default().changed(change, &booked("2026-12-07T10:00:00", true), at(NOW)).unwrap();
    let shown = format!("{change:?} {form:?}");
    assert!(!shown.contains("診断書") && !shown.contains("復職"), "{shown}");
}
