//! Every text can be said in every language within LINE's limit.

use std::collections::BTreeSet;

use crate::{
    calendar::BusinessHours,
    documents::Documents,
    employee,
    personal::MessageText,
    text::{Language, Text},
};

use super::talk::at;

/// LINE's limit for one text message, in UTF-16 units.
const LIMIT: usize = 5000;

/// Every text with arguments as long as they get.
#[allow(clippy::too_many_lines, reason = "a list")]
fn all() -> Vec<Text> {
    let tenant = "あ".repeat(100);
    let number = employee::parse_number(&"9".repeat(employee::MAX_NUMBER), None).unwrap();
    let name = employee::parse_name(&"𠮷".repeat(employee::MAX_NAME)).unwrap();
    let (hours, then) = (BusinessHours::default(), at("2026-11-24 09:00:00"));
    let (received, until, contact, link) = (then, then, name.clone(), "https://kenko.example.jp/x".to_owned());
    let (rows, joined, changed, left, missing, warnings, blocking) = (u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX);
    vec![
        Text::NurseReply { nurse: name.clone(), text: MessageText::new("あ".repeat(2000)) },
        Text::DocumentsAsked { link: link.clone() },
        Text::RosterAppliedSubject,
        Text::RosterAppliedBody {
            tenant: tenant.clone(),
            contact: contact.clone(),
            received,
            rows,
            joined,
            changed,
            left,
            missing,
            warnings,
            link: link.clone(),
        },
        Text::RosterRefusedSubject,
        Text::RosterRefusedBody {
            tenant: tenant.clone(),
            contact: contact.clone(),
            received,
            rows,
            blocking,
            warnings,
            link: link.clone(),
        },
        Text::RosterWaitingSubject,
        Text::RosterWaitingBody { tenant: tenant.clone(), contact: contact.clone(), received, left, until, link: link.clone() },
        Text::RosterRepeatedSubject,
        Text::RosterRepeatedBody { tenant: tenant.clone(), contact: contact.clone(), received, link },
        Text::RosterLapsedSubject,
        Text::RosterLapsedBody { tenant: tenant.clone(), contact: contact.clone(), received },
        Text::RosterWithdrawnSubject,
        Text::RosterWithdrawnBody { tenant: tenant.clone(), contact: contact.clone(), received },
        Text::RosterReminderSubject,
        Text::RosterReminderBody { tenant: tenant.clone(), contact: contact.clone() },
        Text::OperatorWaitingSubject,
        Text::OperatorWaitingBody { tenant: tenant.clone(), import: "01JDFZ6B0000000000000000AA".to_owned(), left, until },
        Text::OperatorConfirmedSubject,
        Text::OperatorConfirmedBody { tenant: tenant.clone(), import: "01JDFZ6B0000000000000000AA".to_owned(), left, until },
        Text::OperatorAsideSubject,
        Text::OperatorAsideBody { bytes: u64::MAX },
        Text::OperatorMissingSubject,
        Text::OperatorMissingBody { tenant: tenant.clone() },
        Text::OperatorUnreachableSubject,
        Text::OperatorUnreachableBody { why: "あ".repeat(100), whose: "あ".repeat(2000) },
        Text::UnreachableBounced,
        Text::UnreachableComplained,
        Text::UnreachableContact { tenant: tenant.clone(), name: name.clone(), id: "01JDFZ6B0000000000000000AA".to_owned() },
        Text::UnreachableLastContact { tenant: tenant.clone(), name: name.clone(), id: "01JDFZ6B0000000000000000AA".to_owned() },
        Text::UnreachableNurse { name: name.clone(), id: "01JDFZ6B0000000000000000AA".to_owned() },
        Text::UnreachableOperator,
        Text::UnreachableNobody,
        Text::Greeting,
        Text::WelcomeBack,
        Text::HowToRegister,
        Text::CodeUnknown,
        Text::ServiceNotAvailable { tenant: tenant.clone() },
        Text::PassphraseAsk { tenant: tenant.clone() },
        Text::PassphraseWrong { tries_left: 4 },
        Text::NumberNotUsable,
        Text::PassphraseLocked { until: then },
        Text::NumberAsk { tenant: tenant.clone() },
        Text::NumberBad,
        Text::ConsentAsk {
            tenant: tenant.clone(),
            number: number.clone(),
            documents: Documents { terms: "https://kenko.example.jp/terms".parse().ok(), privacy: None },
        },
        Text::ConsentNeeded,
        Text::ConsentDeclined,
        Text::RegistrationCancelled,
        Text::Registered { tenant: tenant.clone(), hours },
        Text::RegisteredUnverified { tenant: tenant.clone(), number: number.clone(), hours },
        Text::AlreadyRegistered { tenant: tenant.clone() },
        Text::NewNumberAsk,
        Text::NumberChanged { number: number.clone() },
        Text::LeaveConfirm,
        Text::LeaveDone,
        Text::NothingChanged,
        Text::AccessEnded,
        Text::ConsultationExplained,
        Text::ConsultationReceived { hours },
        Text::MessageJoined,
        Text::AnswersResume { at: then },
        Text::AnswersResumeLater { hours },
        Text::NameAsk,
        Text::NameConfirm { name },
        Text::RosterMatched,
        Text::RosterDiffers,
        Text::Danger,
        Text::DangerTold,
        Text::RegistrationSteps,
        Text::HowToAsk { hours },
        Text::DocumentReceived,
        Text::DocumentTooLarge,
        Text::DocumentOtherType,
        Text::DocumentNotFetched,
        Text::NotTaken,
        Text::OneToOneOnly,
        Text::DutyMailSubject,
        Text::UnmatchedEndsSoon { tenant: tenant.clone(), number, at: then },
        Text::ConsultationEndsSoon { at: then },
        Text::ErasureMailSubject { tenant: tenant.clone() },
        Text::ErasureMailBody {
            tenant: tenant.clone(),
            run: ulid::Ulid(1).to_string(),
            started: "9".repeat(40),
            completed: "9".repeat(40),
            causes: "9".repeat(1000),
            deleted: "9".repeat(1000),
            found: "0".to_owned(),
            keys_free: "9".repeat(20),
            tables_free: "9".repeat(20),
        },
        Text::ErasureContactMailSubject,
        Text::ErasureContactMailBody {
            tenant: tenant.clone(),
            name: "あ".repeat(100),
            run: ulid::Ulid(1).to_string(),
            date: "9".repeat(20),
            leavers: "9".repeat(6),
        },
        Text::ErasureCount { what: "あ".repeat(30), count: "9".repeat(6) },
        Text::ErasureLeavers,
        Text::ErasureLeftMembers,
        Text::ErasureOwnAct,
        Text::ErasureBlocked,
        Text::ErasureUnmatched,
        Text::ErasureContractEnd,
        Text::ErasedDataKey,
        Text::ErasedClaim,
        Text::ErasedLineUser,
        Text::ErasedInbox,
        Text::ErasedSent,
        Text::ErasedConsultation,
        Text::ErasedMessage,
        Text::ErasedDocument,
        Text::ErasedObjectVersion,
        Text::ErasedOutbox,
        Text::ErasedOrder,
        Text::ErasedRosterRow,
        Text::ErasedContact,
        Text::ErasedOther { kind: "Message".to_owned() },
        Text::ReferralPhone { phone: "9".repeat(20) },
        Text::ReferralTenant { topic: "あ".repeat(20), desks: "あ".repeat(800) },
        Text::ReferralPublic { topic: "あ".repeat(20), desks: "あ".repeat(3000) },
        Text::DisclosureMailSubject,
        Text::DisclosureMailBody {
            tenant: tenant.clone(),
            contact: contact.clone(),
            text: "あ".repeat(2000),
            nurse: contact.clone(),
            reach: "あ".repeat(800),
            number: u64::MAX,
            check: "9".repeat(16),
        },
        Text::DisclosureNote {
            number: 4_000_000,
            contact: contact.clone(),
            reason: "あ".repeat(40),
            consent: "あ".repeat(40),
            text: "あ".repeat(2000),
        },
        Text::InterviewFreedMailSubject,
        Text::InterviewFreedMailBody { tenant: tenant.clone(), contact: contact.clone(), at: then },
        Text::ErasedInterview,
        Text::ErasedRequestForm,
        Text::RequestFormKeptUntil { until },
        Text::ErasedDisclosedText,
        Text::DutyMailBody { tenant, consultation: ulid::Ulid(1).to_string(), at: then, link: format!("https://{}/", "a".repeat(200)) },
    ]
}

/// What the catalogue holds besides texts of the conversation; `domain::text` tests these.
const LABELS: [&str; 16] = [
    "booking-",
    "choice-",
    "column-",
    "consent-to-disclosure-",
    "contacts-",
    "desk-",
    "disclosure-needs-",
    "finding-",
    "interview-",
    "kpi-",
    "licence-",
    "page-",
    "reason-",
    "report-",
    "severity-",
    "topic-",
];

#[test]
fn every_text_of_the_catalogue_is_in_the_list() {
    let catalogue: toml::Table = toml::from_str(include_str!("../../../messages/ja.toml")).unwrap();
    let keys: BTreeSet<&str> =
        catalogue.keys().map(String::as_str).filter(|key| !LABELS.iter().any(|label| key.starts_with(label))).collect();
    assert_eq!(all().iter().map(Text::key).collect::<BTreeSet<_>>(), keys);
}

#[test]
fn every_text_is_complete_and_fits_a_message() {
    for language in [Language::Ja, Language::En] {
        for text in all() {
            let said = language.say(&text);
            assert!((1..=LIMIT).contains(&said.encode_utf16().count()), "{language:?} {}", text.key());
            assert!(!said.contains(['{', '}']) && said.trim() == said, "{language:?} {}: {said}", text.key());
        }
    }
}
