#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod post;

use ulid::Ulid;

use super::*;
use crate::{
    calendar::{BusinessCalendar, BusinessHours, Closures, Holidays},
    employee,
    id::{EmploymentId, InterviewId, NurseId},
    interview::{
        admission::tests::{BY, at, slot, tenant},
        allowance::{Charge, Unit},
        deadline::Deadline,
        mail::post::{Happened, Kind, Post},
        purpose::Purpose,
        state::{AwaitingApproval, Confirmed, Details, Interview},
    },
    mail::CalendarFile,
    personal::{MailAddress, PhoneNumber},
    tenant::Plan,
    text::Language,
};

const NOW: &str = "2026-11-24T09:00:00";
/// Follows 成人の日 and a weekend.
const TUESDAY: &str = "2027-01-12T10:00:00";

/// What would tell of somebody's health, or of why the interview is held.
const HEALTH: [&str; 33] = [
    "健康",
    "健診",
    "検診",
    "診",
    "医",
    "病",
    "症",
    "治療",
    "療",
    "看護",
    "保健",
    "体調",
    "不調",
    "身体",
    "からだ",
    "こころ",
    "心身",
    "メンタル",
    "ストレス",
    "休職",
    "復職",
    "長時間",
    "生活習慣",
    "女性",
    "health",
    "nurse",
    "doctor",
    "physician",
    "medical",
    "ill",
    "stress",
    "mental",
    "check-up",
];

fn head(method: Method, start: &str) -> Head {
    let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() };
    let slot = slot(start);
    Head {
        id: InterviewId::new(Ulid(51)),
        booked_by: BY,
        version: 1,
        sequence: 0,
        slot,
        deadline: Deadline::of_interview(slot.day(), &calendar).unwrap(),
        number: employee::parse_number("00123", None).unwrap(),
        employment: EmploymentId::new(Ulid(31)),
        details: Details { method, purpose: Purpose::Mind, guidance_to: mail("taro@example.co.jp") },
    }
}

fn mail(address: &str) -> MailAddress {
    MailAddress::parse(address).unwrap()
}

fn name(text: &str) -> PersonName {
    employee::parse_name(text).unwrap()
}

fn phone() -> Method {
    Method::Phone(PhoneNumber::parse("090-1234-5678").unwrap())
}

/// What a guidance mail is made of besides its head.
struct House {
    tenant: Tenant,
    employee: PersonName,
    nurse: PersonName,
    room: WebLink,
    sender: MailAddress,
}

impl House {
    fn new(language: Language) -> Self {
        Self {
            tenant: Tenant { language, ..tenant(&[Plan::InterviewSupport], None) },
            employee: name("山田太郎"),
            nurse: name("佐藤花子"),
            room: "https://meet.example.jp/r/4f1c?pwd=a,b;c".parse().unwrap(),
            sender: mail("yoyaku@example.jp"),
        }
    }

    fn guidance<'a>(&'a self, head: &'a Head) -> Guidance<'a> {
        Guidance {
            head,
            tenant: &self.tenant,
            employee: &self.employee,
            nurse: &self.nurse,
            room: Some(&self.room),
            organizer: Organizer { mail: &self.sender, domain: "mendan.example.jp" },
        }
    }

    fn contact(&self) -> ToContact<'_> {
        ToContact { tenant: &self.tenant, contact: &self.nurse, mail: &self.sender, link: "https://kenko.example.jp/contact/interviews" }
    }
}

fn confirmed(head: Head, charge: Charge) -> Confirmed {
    Confirmed { head, charge }
}

/// Every mail there is, by name.
fn all(house: &House, head: &Head) -> Vec<(&'static str, Mail)> {
    let (now, guidance, contact) = (at(NOW), house.guidance(head), house.contact());
    let extra = Charge::Extra { approved_by: NurseId::new(Ulid(11)) };
    vec![
        ("booked", guidance.booked(now)),
        ("booked, no room yet", Guidance { room: None, ..guidance }.booked(now)),
        ("moved", guidance.moved(slot("2026-12-07T10:00:00"), now)),
        ("cancelled", guidance.cancelled(head.slot, now)),
        ("reminder", guidance.reminder()),
        ("request form", contact.request_form(head)),
        ("awaits approval", contact.awaits_approval(head)),
        ("approved", contact.approved(&confirmed(head.clone(), extra))),
        ("declined", contact.declined(head)),
        ("lapsed", contact.lapsed(head)),
        ("called off", contact.called_off(head)),
        ("continuing", contact.continuing(head)),
        ("approval wanted", approval_wanted(house.sender.clone(), &house.tenant, head, "https://kenko.example.jp/desk")),
    ]
}

fn every_mail() -> Vec<(String, Mail)> {
    let mut mails = Vec::new();
    for language in [Language::Ja, Language::En] {
        for method in [phone(), Method::Web] {
            let label = format!("{language:?} {}", Language::En.phrase(method.phrase()));
            let (house, head) = (House::new(language), head(method, TUESDAY));
            mails.extend(all(&house, &head).into_iter().map(|(name, mail)| (format!("{label} {name}"), mail)));
        }
    }
    mails
}

/// A calendar file's lines as they were before they were folded.
fn unfolded(file: &CalendarFile) -> Vec<String> {
    file.content.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn no_mail_has_a_health_word_a_number_to_call_or_in_its_subject_a_name() {
    for (label, mail) in every_mail() {
        let file = mail.calendar.as_ref().map(|file| unfolded(file).join("\n")).unwrap_or_default();
        // The address of the page and the maker of the file are the service's, and the same in every mail.
        let file = file.replace("Hokenshitsu", "");
        for part in [&mail.subject, &mail.text, mail.html.as_ref().unwrap(), &file] {
            let words: Vec<&str> = part.split(|c: char| !c.is_ascii_alphabetic()).collect();
            for health in HEALTH {
                let found =
                    if health.is_ascii() { words.iter().any(|word| word.eq_ignore_ascii_case(health)) } else { part.contains(health) };
                assert!(!found, "{label}: {health} in {part}");
            }
            assert!(!part.contains("5678") && !part.contains("00123") && !part.contains(['{', '}']), "{label}: {part}");
        }
        assert!(!mail.subject.contains("山田") && !file.contains("山田") && !mail.subject.contains('\n'), "{label}: {}", mail.subject);
    }
}

#[test]
fn every_mail_but_the_word_of_continuing_names_the_day_in_its_subject_and_all_do_in_text_and_html() {
    for (label, mail) in every_mail() {
        let (ja, en) = (mail.subject.contains("1月12日(火) 10:00"), mail.subject.contains("Tue 12 Jan, 10:00"));
        assert!(ja || en || label.ends_with("continuing"), "{label}: {}", mail.subject);
        for part in [&mail.text, mail.html.as_ref().unwrap()] {
            let is_told = part.contains("2027年1月12日(火) 10:00〜10:20") || part.contains("Tue 12 Jan 2027, 10:00 to 10:20 (Japan time)");
            assert!(is_told, "{label}: {part}");
        }
    }
}

#[test]
fn the_deadline_is_the_last_moment_of_the_business_day_before_also_over_holidays() {
    for (start, ja, en) in [
        (TUESDAY, "2027年1月8日(金) 23:59", "Fri 8 Jan 2027, 23:59"), // 成人の日 on Monday
        ("2026-11-24T10:00:00", "2026年11月20日(金) 23:59", "Fri 20 Nov 2026, 23:59"), // 勤労感謝の日 on Monday
        ("2026-12-10T10:00:00", "2026年12月9日(水) 23:59", "Wed 9 Dec 2026, 23:59"),
        ("2027-01-04T10:00:00", "2026年12月28日(月) 23:59", "Mon 28 Dec 2026, 23:59"), // over the year's end
    ] {
        for (language, shown) in [(Language::Ja, ja), (Language::En, en)] {
            let (house, head) = (House::new(language), head(phone(), start));
            let guidance = house.guidance(&head);
            for mail in [guidance.booked(at(NOW)), guidance.moved(head.slot, at(NOW)), guidance.reminder()] {
                assert!(mail.text.contains(shown) && mail.html.unwrap().contains(shown), "{start}: {}", mail.text);
            }
            let unit = Charge::Base(Unit { home: "2026-12".parse().unwrap(), number: 1 });
            let approved = house.contact().approved(&confirmed(head.clone(), unit));
            for mail in [house.contact().awaits_approval(&head), approved] {
                assert!(mail.text.contains(ja), "{start}: {}", mail.text);
            }
        }
    }
}

#[test]
fn the_room_is_named_for_an_interview_by_web_only() {
    let house = House::new(Language::Ja);
    for (method, named, words) in [(phone(), false, "お電話いたします"), (Method::Web, true, "次のURLからご参加ください")]
    {
        let head = head(method, TUESDAY);
        let guidance = house.guidance(&head);
        for mail in [guidance.booked(at(NOW)), guidance.moved(head.slot, at(NOW)), guidance.reminder()] {
            assert_eq!(mail.text.contains("https://meet.example.jp/"), named, "{}", mail.text);
            assert_eq!(mail.html.unwrap().contains("<a href=\"https://meet.example.jp/"), named);
            assert_eq!(
                mail.calendar.is_some_and(|file| file.content.contains("meet.example.jp")),
                named && mail.subject != guidance.reminder().subject
            );
            assert!(mail.text.contains(words), "{}", mail.text);
        }
        let later = Guidance { room: None, ..guidance }.booked(at(NOW));
        assert_eq!(later.text.contains("別途ご案内いたします"), named, "{}", later.text);
    }
}

#[test]
fn a_guidance_mail_reads_so() {
    let house = House::new(Language::Ja);
    let head = head(Method::Web, TUESDAY);
    let mail = house.guidance(&head).booked(at(NOW));
    assert_eq!(mail.to, head.details.guidance_to);
    assert_eq!(mail.subject, "【面談のご案内】1月12日(火) 10:00");
    assert_eq!(
        mail.text,
        "山田太郎 様\n\n\
         面談のご予約を承りましたので、ご案内いたします。\n\n\
         日時：2027年1月12日(火) 10:00〜10:20\n\
         方法：Web\n\
         担当：佐藤花子\n\
         予約元：さくら工業\n\n\
         お時間になりましたら、次のURLからご参加ください。\n\
         https://meet.example.jp/r/4f1c?pwd=a,b;c\n\n\
         ご都合が悪くなった場合は、2027年1月8日(金) 23:59までに、会社のご担当者様へご連絡ください。\n\
         期限を過ぎますと、日程を変更できません。キャンセルの場合も、実施されたものとして扱われます。\n\n\
         カレンダーに登録できるファイルを添付しております。\n\n\
         面談予約窓口"
    );
}

#[test]
fn a_calendar_file_reads_so() {
    let house = House::new(Language::Ja);
    let head = head(Method::Web, TUESDAY);
    let file = house.guidance(&head).booked(at(NOW)).calendar.unwrap();
    assert_eq!(
        unfolded(&file),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Hokenshitsu//Interviews//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "CLASS:PRIVATE",
            r"DESCRIPTION:お時間になりましたら、次のURLからご参加ください。\nhttps://meet.example.jp/r/4f1c?pwd=a\,b\;c",
            "DTEND:20270112T012000Z",
            "DTSTAMP:20261124T000000Z",
            "DTSTART:20270112T010000Z",
            r"LOCATION:https://meet.example.jp/r/4f1c?pwd=a\,b\;c",
            "ORGANIZER:mailto:yoyaku@example.jp",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "SUMMARY:面談",
            "UID:0000000000000000000000001K@mendan.example.jp",
            "URL:https://meet.example.jp/r/4f1c?pwd=a,b;c",
            "ATTENDEE;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:taro@example.co.jp",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    );
}

#[test]
fn a_moved_and_a_cancelled_interview_keep_their_uid_and_outdate_what_was_sent_before() {
    let house = House::new(Language::Ja);
    let booked = head(phone(), "2026-12-07T10:00:00");
    let moved = Head { sequence: 1, ..head(phone(), TUESDAY) };
    let cancelled = Head { sequence: 2, ..moved.clone() };
    let files = [
        house.guidance(&booked).booked(at(NOW)),
        house.guidance(&moved).moved(booked.slot, at("2026-11-25T09:00:00")),
        house.guidance(&cancelled).cancelled(cancelled.slot, at("2026-11-26T09:00:00")),
    ];
    let expected = [
        (CalendarMethod::Request, "CONFIRMED", 0, "20261207T010000Z", "20261124T000000Z"),
        (CalendarMethod::Request, "CONFIRMED", 1, "20270112T010000Z", "20261125T000000Z"),
        (CalendarMethod::Cancel, "CANCELLED", 2, "20270112T010000Z", "20261126T000000Z"),
    ];
    for (mail, (method, status, sequence, start, stamp)) in files.into_iter().zip(expected) {
        let file = mail.calendar.unwrap();
        let lines = unfolded(&file);
        assert_eq!(file.method, method);
        for line in [
            format!("METHOD:{}", method.as_str()),
            format!("STATUS:{status}"),
            format!("SEQUENCE:{sequence}"),
            format!("DTSTART:{start}"),
            format!("DTSTAMP:{stamp}"),
            "UID:0000000000000000000000001K@mendan.example.jp".to_owned(),
        ] {
            assert!(lines.contains(&line), "{line} is not in {lines:#?}");
        }
    }
}

/// Files that `tests/calendar/read.py` reads with another library.
#[test]
fn what_another_library_reads_is_what_is_sent() {
    let (house, english) = (House::new(Language::Ja), House::new(Language::En));
    let booked = head(Method::Web, "2026-12-07T10:00:00");
    let moved = Head { sequence: 1, ..head(Method::Web, TUESDAY) };
    let cancelled = Head { sequence: 2, ..moved.clone() };
    let phone = head(phone(), "2026-12-07T10:00:00");
    for (file, mail) in [
        (include_str!("../../../../../tests/calendar/booked.ics"), house.guidance(&booked).booked(at(NOW))),
        (include_str!("../../../../../tests/calendar/moved.ics"), house.guidance(&moved).moved(booked.slot, at("2026-11-25T09:00:00"))),
        (
            include_str!("../../../../../tests/calendar/cancelled.ics"),
            house.guidance(&cancelled).cancelled(cancelled.slot, at("2026-11-26T09:00:00")),
        ),
        (include_str!("../../../../../tests/calendar/phone.ics"), english.guidance(&phone).booked(at(NOW))),
    ] {
        assert_eq!(mail.calendar.unwrap().content, file);
    }
}

#[test]
fn lines_are_folded_at_75_octets_between_characters_and_end_with_cr_lf() {
    let folded = every_mail().into_iter().filter_map(|(_, mail)| mail.calendar);
    let mut longest = 0;
    for file in folded {
        assert!(file.content.ends_with("END:VCALENDAR\r\n"));
        assert!(!file.content.replace("\r\n", "").contains(['\r', '\n']), "{:?}", file.content);
        longest = longest.max(file.content.split("\r\n").map(str::len).max().unwrap());
        let description = unfolded(&file).into_iter().find(|line| line.starts_with("DESCRIPTION:")).unwrap();
        let language = if description.is_ascii() { Language::En } else { Language::Ja };
        let texts = [Text::InterviewHowPhone, Text::InterviewHowWebLater].map(|text| language.say(&text));
        let is_whole = texts.iter().any(|text| description.contains(text)) || description.ends_with(r"?pwd=a\,b\;c");
        assert!(is_whole, "{description}");
    }
    assert!((70..=75).contains(&longest), "{longest}");
}

#[test]
fn the_contact_is_asked_for_a_missing_form_when_the_employee_is_reminded() {
    let (house, head) = (House::new(Language::Ja), head(Method::Web, TUESDAY));
    let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() };
    let charge = Charge::Base(Unit { home: "2027-01".parse().unwrap(), number: 1 });
    let confirmed = Interview::Confirmed(confirmed(head.clone(), charge));
    let awaiting = Interview::AwaitingApproval(AwaitingApproval { head });
    let friday = Some(at("2027-01-08T09:00:00"));
    for (interview, form_is_missing, now, asked) in [
        (&confirmed, true, NOW, friday),
        (&confirmed, false, NOW, None),
        (&confirmed, true, "2027-01-08T09:00:00", None),
        (&awaiting, true, NOW, None),
    ] {
        let post = Post {
            tenant: &house.tenant,
            employee: &house.employee,
            nurse: &house.nurse,
            contact: Some((&house.nurse, &house.sender)),
            in_charge: None,
            meeting: None,
            organizer: Organizer { mail: &house.sender, domain: "mendan.example.jp" },
            links: ("https://kenko.example.jp/booking", ""),
            form_is_missing,
        };
        let mails = post.mails(interview, Happened::Booked, &calendar, at(now)).unwrap();
        let due = |kind| mails.iter().find(|(of, ..)| *of == kind).map(|(_, mail, due)| (mail.to.clone(), *due));
        assert_eq!(due(Kind::RequestForm), asked.map(|at| (house.sender.clone(), Some(at))), "{form_is_missing} {now}");
        assert!(asked.is_none() || due(Kind::Reminder).is_some_and(|(_, at)| at == asked));
    }
}
