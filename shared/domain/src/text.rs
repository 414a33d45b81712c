//! Every text that a person sees, as a value: [`Text`] says what is meant, the catalogue of a [`Language`] says how it reads
//! (row A6). Adding a language is adding a file to `messages/` and a line each to [`Language`] and to `build.rs`; a test compares keys
//! and placeholders.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::BusinessHours,
    document::NotKept,
    documents::Documents,
    interview::{deadline::Deadline, month::Month, slot::Slot},
    personal::{EmployeeNumber, MessageText, PersonName},
    phrase::Phrase,
    roster_file::{Code, Column, Severity},
    time,
};

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese, the language of those of whom we know none.
    #[default]
    Ja,
    /// English.
    En,
}

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "ja" => Ok(Self::Ja),
            "en" => Ok(Self::En),
            _ => Err(UnknownLanguage),
        }
    }
}

/// The catalogue has no such language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the languages are: ja, en")]
pub struct UnknownLanguage;

impl Language {
    /// Its code, as pages and mails declare it (BCP 47).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }

    /// An instant as a person reads it, in JST.
    pub fn date_time(self, at: DateTime<Utc>) -> String {
        match self {
            Self::Ja => time::soon_ja(at),
            Self::En => time::soon_en(at),
        }
    }

    /// The same with its year, for a deadline and for who may read it in another one.
    pub fn deadline(self, at: DateTime<Utc>) -> String {
        match self {
            Self::Ja => time::deadline_ja(at),
            Self::En => time::deadline_en(at),
        }
    }

    fn catalogue(self) -> &'static Catalogue {
        match self {
            Self::Ja => &JA,
            Self::En => &EN,
        }
    }

    /// The words of a text in this language.
    pub fn say(self, text: &Text) -> String {
        let template = self.catalogue().entry(text.key());
        fill(template, &text.arguments(self))
    }

    /// The label of a choice in this language: at most 20 characters, as LINE wants it.
    pub fn label(self, choice: Choice) -> &'static str {
        self.catalogue().entry(choice.key())
    }

    /// Fixed words of pages.
    pub fn phrase(self, phrase: Phrase) -> &'static str {
        self.catalogue().entry(phrase.key())
    }

    /// What is not in order in a roster file, and how it is mended.
    pub fn finding(self, code: Code) -> &'static str {
        self.catalogue().entry(code.key())
    }

    /// The label of a column of roster files.
    pub fn column(self, column: Column) -> &'static str {
        self.catalogue().entry(column.key())
    }

    /// The label of a finding's severity.
    pub fn severity(self, severity: Severity) -> &'static str {
        self.catalogue().entry(severity.key())
    }

    /// The headings of a report on a roster file: line, column, severity, code, sentence.
    pub fn report_headings(self) -> [&'static str; 5] {
        REPORT_HEADINGS.map(|key| self.catalogue().entry(key))
    }
}

const REPORT_HEADINGS: [&str; 5] = ["report-line", "report-column", "report-severity", "report-code", "report-sentence"];

/// Declares the texts with their keys in the catalogue, so that a test can walk over all of them.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident $({ $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? })? = $key:literal),+ $(,)?) => {
        /// What the system says to a person. Fields are what the words need.
        #[allow(missing_docs, reason = "the fields are the placeholders of the catalogue")]
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Text {
            $($(#[$doc])* $name $({ $($(#[$field_doc])* $field: $type),+ })?),+
        }

        impl Text {
            /// The text's key in the catalogue.
            pub const fn key(&self) -> &'static str {
                match self {
                    $(Self::$name $({ $($field: _),+ })? => $key),+
                }
            }

            fn arguments(&self, language: Language) -> Vec<(&'static str, Cow<'_, str>)> {
                match self {
                    $(Self::$name $({ $($field),+ })? => vec![$($((stringify!($field), $field.show(language))),+)?]),+
                }
            }
        }

        #[cfg(test)]
        const TEXTS: &[(&str, &[&str])] = &[$(($key, &[$($(stringify!($field)),+)?])),+];
    };
}

texts! {
    /// A stranger added the account as a friend (row A1).
    Greeting = "greeting",
    /// A member unblocked the account.
    WelcomeBack = "welcome-back",
    /// A stranger wrote something that is no code.
    HowToRegister = "how-to-register",
    /// The code belongs to no tenant.
    CodeUnknown = "code-unknown",
    /// The tenant's contract has not begun, has ended, or does not hold the LINE service (rows A4, D6).
    ServiceNotAvailable { tenant: String } = "service-not-available",
    /// Asks for the passphrase (row A2).
    PassphraseAsk { tenant: String } = "passphrase-ask",
    /// The passphrase is wrong.
    PassphraseWrong { tries_left: u8 } = "passphrase-wrong",
    /// Five wrong passphrases (row A2).
    PassphraseLocked { until: DateTime<Utc> } = "passphrase-locked",
    /// Asks for the employee number.
    NumberAsk { tenant: String } = "number-ask",
    /// What came cannot be an employee number.
    NumberBad = "number-bad",
    /// Asks for consent to terms, privacy notice and residence in Japan.
    ConsentAsk { tenant: String, number: EmployeeNumber, documents: Documents } = "consent-ask",
    /// Something else than an answer came to the question for consent.
    ConsentNeeded = "consent-needed",
    /// Consent was declined; everything typed so far is forgotten.
    ConsentDeclined = "consent-declined",
    /// The registration was broken off; everything typed so far is forgotten.
    RegistrationCancelled = "registration-cancelled",
    /// The number is on the roster.
    Registered { tenant: String, hours: BusinessHours } = "registered",
    /// The number is not on the roster (未照合).
    RegisteredUnverified { tenant: String, number: EmployeeNumber, hours: BusinessHours } = "registered-unverified",
    /// A member sent the code of the tenant that they are registered with.
    AlreadyRegistered { tenant: String } = "already-registered",
    /// A member asked to change the number.
    NewNumberAsk = "new-number-ask",
    /// The number that a member asked to change to belongs to somebody who left.
    NumberNotUsable = "number-not-usable",
    /// The number was changed.
    NumberChanged { number: EmployeeNumber } = "number-changed",
    /// Asks whether 退会 is meant.
    LeaveConfirm = "leave-confirm",
    /// 退会 is done; erasure follows within a day.
    LeaveDone = "leave-done",
    /// Nothing was changed.
    NothingChanged = "nothing-changed",
    /// The one text for everybody whose access ended, with public helplines (row A4).
    AccessEnded = "access-ended",
    /// What a consultation is and is not (row B1, 「健康相談と診療の違い」).
    ConsultationExplained = "consultation-explained",
    /// A consultation was opened in business time.
    ConsultationReceived { hours: BusinessHours } = "consultation-received",
    /// A message joined the open consultation.
    MessageJoined = "message-joined",
    /// Out of business time: when answers resume (row B1).
    AnswersResume { at: DateTime<Utc> } = "answers-resume",
    /// The calendar does not reach far enough to say whether it is business time, or when the next one begins.
    AnswersResumeLater { hours: BusinessHours } = "answers-resume-later",
    /// Asks for the name for the roster check (row A3).
    NameAsk = "name-ask",
    /// Could be a name and could be part of the question: asks which.
    NameConfirm { name: PersonName } = "name-confirm",
    /// Number and name match the roster.
    RosterMatched = "roster-matched",
    /// They do not match; the consultation goes on (row A3).
    RosterDiffers = "roster-differs",
    /// Words that point to danger: helplines, at once (row B4).
    Danger = "danger",
    /// Follows [`Text::Danger`] where a nurse is told; a stranger's words are not stored, so nobody is.
    DangerTold = "danger-told",
    /// How to register, for who asks for it (the default rich menu).
    RegistrationSteps = "registration-steps",
    /// How to ask, for who asks for it (the members' rich menu), or sent a sticker and nothing else.
    HowToAsk { hours: BusinessHours } = "how-to-ask",
    /// A picture or file arrived: who can read it, and when it is deleted (row B5).
    DocumentReceived = "document-received",
    /// A picture or file is not kept: too large.
    DocumentTooLarge = "document-too-large",
    /// A picture or file is not kept: none of the kinds that are.
    DocumentOtherType = "document-other-type",
    /// A picture or file is not kept: LINE did not hand it out.
    DocumentNotFetched = "document-not-fetched",
    /// A film, a sound or something unknown is not taken.
    NotTaken = "not-taken",
    /// In a group: consultations are one-to-one.
    OneToOneOnly = "one-to-one-only",
    /// So many people, on a page.
    PagePeople { count: u64 } = "page-people",
    /// So many rows.
    PageRows { count: u64 } = "page-rows",
    /// So many findings.
    PageFindings { count: u64 } = "page-findings",
    /// A column by its place in the file, from 1.
    PagePosition { position: u64 } = "page-position",
    /// Findings that a report does not list.
    PageMoreFindings { count: u64 } = "page-more-findings",
    /// Until when a report can be read.
    PageReadableUntil { until: DateTime<Utc> } = "page-readable-until",
    /// On a page: the month's roster is expected until this day.
    RosterMonthAwaited { day: u64 } = "contacts-month-awaited",
    /// On a page: that day is over.
    RosterMonthLate { day: u64 } = "contacts-month-late",
    /// On a page: what a roster file brought.
    RosterBrought { joined: u64, left: u64, changed: u64 } = "contacts-brought",
    /// On a page: a roster file waits for the contact.
    RosterAsks { received: DateTime<Utc>, left: u64 } = "contacts-asks",
    /// On a page: what one that waits would bring.
    RosterWouldLeave { left: u64 } = "contacts-would-leave",
    /// On a page: what keeps one from being applied.
    RosterErrors { count: u64 } = "contacts-errors",
    /// Subject of the alert to the nurse on duty; no health word in it.
    DutyMailSubject = "duty-mail-subject",
    /// To the contacts: all of a roster file is on the roster (row D1).
    RosterAppliedSubject = "roster-applied-subject",
    /// The same.
    RosterAppliedBody { tenant: String, contact: PersonName, received: DateTime<Utc>, rows: u64, joined: u64, changed: u64, left: u64, missing: u64, warnings: u64, link: String } = "roster-applied-body",
    /// To the contacts: a roster file has errors.
    RosterRefusedSubject = "roster-refused-subject",
    /// The same.
    RosterRefusedBody { tenant: String, contact: PersonName, received: DateTime<Utc>, rows: u64, blocking: u64, warnings: u64, link: String } = "roster-refused-body",
    /// To the contacts: so many people leave that a roster file waits for a confirmation.
    RosterWaitingSubject = "roster-waiting-subject",
    /// The same.
    RosterWaitingBody { tenant: String, contact: PersonName, received: DateTime<Utc>, left: u64, until: DateTime<Utc>, link: String } = "roster-waiting-body",
    /// To the contacts: a roster file was delivered before.
    RosterRepeatedSubject = "roster-repeated-subject",
    /// The same.
    RosterRepeatedBody { tenant: String, contact: PersonName, received: DateTime<Utc>, link: String } = "roster-repeated-body",
    /// To the contacts: a roster file that waited was not confirmed.
    RosterLapsedSubject = "roster-lapsed-subject",
    /// The same.
    RosterLapsedBody { tenant: String, contact: PersonName, received: DateTime<Utc> } = "roster-lapsed-body",
    /// To the contacts: one of them withdrew a roster file that waited.
    RosterWithdrawnSubject = "roster-withdrawn-subject",
    /// The same.
    RosterWithdrawnBody { tenant: String, contact: PersonName, received: DateTime<Utc> } = "roster-withdrawn-body",
    /// To the contacts: no roster file has come this month.
    RosterReminderSubject = "roster-reminder-subject",
    /// The same.
    RosterReminderBody { tenant: String, contact: PersonName } = "roster-reminder-body",
    /// To the operator: a roster file waits.
    OperatorWaitingSubject = "operator-waiting-subject",
    /// The same.
    OperatorWaitingBody { tenant: String, import: String, left: u64, until: DateTime<Utc> } = "operator-waiting-body",
    /// To the operator: a contact confirmed a roster file that waits.
    OperatorConfirmedSubject = "operator-confirmed-subject",
    /// The same.
    OperatorConfirmedBody { tenant: String, import: String, left: u64, until: DateTime<Utc> } = "operator-confirmed-body",
    /// To the operator: a file lies where none is taken, or belongs to nobody.
    OperatorAsideSubject = "operator-aside-subject",
    /// The same.
    OperatorAsideBody { bytes: u64 } = "operator-aside-body",
    /// To the operator: a tenant delivers no roster.
    OperatorMissingSubject = "operator-missing-subject",
    /// The same.
    OperatorMissingBody { tenant: String } = "operator-missing-body",
    /// To the operator: mails do not reach an address.
    OperatorUnreachableSubject = "operator-unreachable-subject",
    /// The same; what happened and whose address it is are texts of their own.
    OperatorUnreachableBody { why: String, whose: String } = "operator-unreachable-body",
    /// A mail came back for good.
    UnreachableBounced = "unreachable-bounced",
    /// A mail was reported as unwanted.
    UnreachableComplained = "unreachable-complained",
    /// It is the address of a contact; mails reach another one of the company.
    UnreachableContact { tenant: String, name: PersonName, id: String } = "unreachable-contact",
    /// It is the address of a contact, and mails reach nobody else of the company.
    UnreachableLastContact { tenant: String, name: PersonName, id: String } = "unreachable-last-contact",
    /// It is a nurse's.
    UnreachableNurse { name: PersonName, id: String } = "unreachable-nurse",
    /// It stands in the settings.
    UnreachableOperator = "unreachable-operator",
    /// No contact, no nurse and no setting has it (any more).
    UnreachableNobody = "unreachable-nobody",
    /// Body of that alert.
    DutyMailBody { tenant: String, consultation: String, at: DateTime<Utc>, link: String } = "duty-mail-body",
    /// A week before a member whose number no roster row had is erased (row A1).
    UnmatchedEndsSoon { tenant: String, number: EmployeeNumber, at: DateTime<Utc> } = "unmatched-ends-soon",
    /// A week before access ends, to a member with an open consultation (row A4).
    ConsultationEndsSoon { at: DateTime<Utc> } = "consultation-ends-soon",
    /// Subject of the certificate of erasure to the operator (row D2).
    ErasureMailSubject { tenant: String } = "erasure-mail-subject",
    /// Body of that certificate: everything that was counted.
    ErasureMailBody {
        tenant: String, run: String, started: String, completed: String, causes: String, deleted: String, found: String, keys_free: String, tables_free: String,
    } = "erasure-mail-body",
    /// Subject of the certificate to the tenant's contacts.
    ErasureContactMailSubject = "erasure-contact-mail-subject",
    /// Body of that certificate: run, date and number of leavers, and nothing else (row D2).
    ErasureContactMailBody { tenant: String, name: String, run: String, date: String, leavers: String } = "erasure-contact-mail-body",
    /// Figures: title of the report to the contacts (row D3).
    KpiTitle { period: String } = "kpi-title",
    /// Figures: title of the month's report for the regular meeting (row D7).
    KpiMeetingTitle { period: String } = "kpi-meeting-title",
    /// Figures: subject of the mail with a report.
    KpiMailSubject { title: String } = "kpi-mail-subject",
    /// Figures: what stands before them in the mail.
    KpiMailOpening { tenant: String, contact: PersonName, period: String } = "kpi-mail-opening",
    /// Figures: the same for the regular meeting.
    KpiMeetingOpening { tenant: String, contact: PersonName, period: String } = "kpi-meeting-opening",
    /// Figures: what stands behind them in the mail.
    KpiMailClosing { link: String } = "kpi-mail-closing",
    /// Figures: a chart in words.
    KpiChartAlt { title: Phrase, figures: String } = "kpi-chart-alt",
    /// Figures: a title in the text of a mail.
    KpiHead { title: String } = "kpi-head",
    /// Figures: a line of a list in the text of a mail.
    KpiItem { line: String } = "kpi-item",
    /// Figures: some months.
    KpiPeriod { first: Month, last: Month } = "kpi-period",
    /// Figures: title above those of people.
    KpiHeadPeople { month: Month } = "kpi-head-people",
    /// Figures: title above those of acts.
    KpiHeadActs { period: String } = "kpi-head-acts",
    /// Figures: so many people, or so many more.
    KpiPeople { n: String } = "kpi-people",
    /// Figures: so many times, or so many more.
    KpiTimes { n: String } = "kpi-times",
    /// Figures: one that is compared with none.
    KpiLine { what: Phrase, now: String } = "kpi-line",
    /// Figures: one beside the one before.
    KpiLineBefore { what: Phrase, now: String, before: String } = "kpi-line-before",
    /// Figures: one beside the one before, with the change.
    KpiLineChange { what: Phrase, now: String, before: String, change: String } = "kpi-line-change",
    /// Figures: those of one month.
    KpiMonthLine { month: Month, figures: String } = "kpi-month-line",
    /// Figures: one of a month.
    KpiMonthFigure { what: Phrase, now: String } = "kpi-month-figure",
    /// Figures: title above what interviews used.
    UsageLedger { period: String } = "contacts-usage-ledger",
    /// Figures: title above the interviews that are planned.
    UsagePlanned { period: String } = "contacts-usage-planned",
    /// Figures: as of when the interviews are told.
    UsageAsOf { at: DateTime<Utc> } = "contacts-usage-as-of",
    /// A line of a certificate.
    ErasureCount { what: String, count: String } = "erasure-count",
    /// Counted by a certificate: employments that ended.
    ErasureLeavers = "erasure-leavers",
    /// Counted by a certificate: registered people who had left.
    ErasureLeftMembers = "erasure-left-members",
    /// Counted by a certificate: members who left the service themselves.
    ErasureOwnAct = "erasure-own-act",
    /// Counted by a certificate: members who blocked the account.
    ErasureBlocked = "erasure-blocked",
    /// Counted by a certificate: members whose number no roster row had.
    ErasureUnmatched = "erasure-unmatched",
    /// Counted by a certificate: members of a tenant whose contract ended.
    ErasureContractEnd = "erasure-contract-end",
    /// Counted by a certificate: data keys.
    ErasedDataKey = "erased-data-key",
    /// Counted by a certificate: claims.
    ErasedClaim = "erased-claim",
    /// Counted by a certificate: LINE users.
    ErasedLineUser = "erased-line-user",
    /// Counted by a certificate: marks of events.
    ErasedInbox = "erased-inbox",
    /// Counted by a certificate: places of messages.
    ErasedSent = "erased-sent",
    /// Counted by a certificate: consultations.
    ErasedConsultation = "erased-consultation",
    /// Counted by a certificate: messages.
    ErasedMessage = "erased-message",
    /// Counted by a certificate: records of documents.
    ErasedDocument = "erased-document",
    /// Counted by a certificate: objects in all versions.
    ErasedObjectVersion = "erased-object-version",
    /// Counted by a certificate: outbox items.
    ErasedOutbox = "erased-outbox",
    /// Counted by a certificate: orders to erase.
    ErasedOrder = "erased-order",
    /// Counted by a certificate: roster rows.
    ErasedRosterRow = "erased-roster-row",
    /// Counted by a certificate: contacts.
    ErasedContact = "erased-contact",
    /// Counted by a certificate: anything else.
    ErasedOther { kind: String } = "erased-other",
    /// A nurse's answer, as the member gets it.
    NurseReply { nurse: PersonName, text: MessageText } = "nurse-reply",
    /// A nurse asks for documents.
    DocumentsAsked { link: String } = "documents-asked",
    /// A length of time on a page, of an hour or more.
    PageHoursMinutes { hours: u64, minutes: u64 } = "page-hours-minutes",
    /// A day on a page.
    PageDay { day: NaiveDate } = "page-day",
    /// A month on a page.
    PageMonth { month: Month } = "page-month",
    /// From when to when.
    PageSlot { slot: Slot } = "page-slot",
    /// Until when something can be done.
    PageDeadline { deadline: Deadline } = "page-deadline",
    /// A length of time on a page, of less than an hour.
    PageMinutes { minutes: u64 } = "page-minutes",
    /// A desk's phone number.
    ReferralPhone { phone: String } = "referral-phone",
    /// Refers a member to the desk that the tenant named (row B4); the nurse can change it.
    ReferralTenant { topic: String, desks: String } = "referral-tenant",
    /// Refers a member to desks outside of the company, where the tenant named none.
    ReferralPublic { topic: String, desks: String } = "referral-public",
    /// To the contact: something is disclosed (row B4). No health word in it.
    DisclosureMailSubject = "disclosure-mail-subject",
    /// The same: what the nurse wrote, who it was, and how to reach the nurses.
    DisclosureMailBody { tenant: String, contact: PersonName, text: String, nurse: PersonName, reach: String, number: u64, check: String } = "disclosure-mail-body",
    /// In the thread, for colleagues: what was disclosed to whom.
    DisclosureNote { number: u64, contact: PersonName, reason: String, consent: String, text: String } = "disclosure-note",
    /// To the contact: an interview ahead is cancelled, because the employee has left.
    InterviewFreedMailSubject = "erasure-interview-mail-subject",
    /// The same.
    InterviewFreedMailBody { tenant: String, contact: PersonName, at: DateTime<Utc> } = "erasure-interview-mail-body",
    /// Counted by a certificate: interviews.
    ErasedInterview = "erased-interview",
    /// Counted by a certificate: request forms.
    ErasedRequestForm = "erased-request-form",
    /// On a page: when a request form goes (row C7).
    RequestFormKeptUntil { until: DateTime<Utc> } = "request-form-kept-until",
    /// Counted by a certificate: texts of disclosures.
    ErasedDisclosedText = "erased-disclosed-text",
    /// Guidance mail (row C4). No health word in any mail about interviews, subject or body.
    InterviewMailBookedSubject { at: DateTime<Utc> } = "interview-mail-booked-subject",
    /// The same.
    InterviewMailBookedBody { employee: PersonName, slot: Slot, method: Phrase, nurse: PersonName, tenant: String, how: String, deadline: Deadline } = "interview-mail-booked-body",
    /// Guidance mail: another date.
    InterviewMailMovedSubject { at: DateTime<Utc> } = "interview-mail-moved-subject",
    /// The same.
    InterviewMailMovedBody { employee: PersonName, from: Slot, slot: Slot, method: Phrase, nurse: PersonName, tenant: String, how: String, deadline: Deadline } = "interview-mail-moved-body",
    /// Guidance mail: it does not take place.
    InterviewMailCancelledSubject { at: DateTime<Utc> } = "interview-mail-cancelled-subject",
    /// The same.
    InterviewMailCancelledBody { employee: PersonName, slot: Slot, tenant: String } = "interview-mail-cancelled-body",
    /// Guidance mail on the previous business day.
    InterviewMailReminderSubject { at: DateTime<Utc> } = "interview-mail-reminder-subject",
    /// The same.
    InterviewMailReminderBody { employee: PersonName, slot: Slot, method: Phrase, nurse: PersonName, tenant: String, how: String, deadline: Deadline } = "interview-mail-reminder-body",
    /// How an interview by phone begins; the number stands in no mail.
    InterviewHowPhone = "interview-how-phone",
    /// How an interview by web begins.
    InterviewHowWeb { link: String } = "interview-how-web",
    /// The same, before there is a link.
    InterviewHowWebLater = "interview-how-web-later",
    /// To the contact: the request form is missing (row C7).
    InterviewMailFormSubject { at: DateTime<Utc> } = "interview-mail-form-subject",
    /// The same.
    InterviewMailFormBody { tenant: String, contact: PersonName, slot: Slot, link: String } = "interview-mail-form-body",
    /// To the contact: the interview awaits approval (row C5).
    InterviewMailAwaitsSubject { at: DateTime<Utc> } = "interview-mail-awaits-subject",
    /// The same.
    InterviewMailAwaitsBody { tenant: String, contact: PersonName, slot: Slot, deadline: Deadline, link: String } = "interview-mail-awaits-body",
    /// To the contact: the interview is approved.
    InterviewMailApprovedSubject { at: DateTime<Utc> } = "interview-mail-approved-subject",
    /// The same.
    InterviewMailApprovedBody { tenant: String, contact: PersonName, slot: Slot, charge: Phrase, deadline: Deadline, link: String } = "interview-mail-approved-body",
    /// To the contact: the interview is not approved.
    InterviewMailDeclinedSubject { at: DateTime<Utc> } = "interview-mail-declined-subject",
    /// The same.
    InterviewMailDeclinedBody { tenant: String, contact: PersonName, slot: Slot, link: String } = "interview-mail-declined-body",
    /// To the contact: the approval did not come in time.
    InterviewMailLapsedSubject { at: DateTime<Utc> } = "interview-mail-lapsed-subject",
    /// The same.
    InterviewMailLapsedBody { tenant: String, contact: PersonName, slot: Slot, link: String } = "interview-mail-lapsed-body",
    /// To the contact: we called it off.
    InterviewMailCalledOffSubject { at: DateTime<Utc> } = "interview-mail-called-off-subject",
    /// The same; a unit that it used can be used until the end of the month.
    InterviewMailCalledOffBody { tenant: String, contact: PersonName, slot: Slot, month: Month, link: String } = "interview-mail-called-off-body",
    /// To the contact: the nurse recommends to continue (row C8).
    InterviewMailContinuingSubject = "interview-mail-continuing-subject",
    /// The same; nothing of what was said.
    InterviewMailContinuingBody { tenant: String, contact: PersonName, slot: Slot, link: String } = "interview-mail-continuing-body",
    /// To the nurse in charge, or the operator: an approval is wanted.
    InterviewMailWantedSubject { at: DateTime<Utc> } = "interview-mail-wanted-subject",
    /// The same.
    InterviewMailWantedBody { tenant: String, interview: String, slot: Slot, deadline: Deadline, link: String } = "interview-mail-wanted-body",
    /// Nurses' desk: how an interview went, and until when that can be corrected.
    DeskRecorded { went: Phrase, at: DateTime<Utc> } = "desk-recorded",
    /// Ledger of interviews.
    InterviewLedgerUsed { month: Month, n: u8 } = "interview-ledger-used",
    /// Ledger of interviews.
    InterviewLedgerUsedCarried { month: Month } = "interview-ledger-used-carried",
    /// Ledger of interviews.
    InterviewLedgerApprovedBy { nurse: PersonName } = "interview-ledger-approved-by",
    /// Ledger of interviews: why one does not count.
    InterviewUncountedAwaits { deadline: Deadline } = "interview-uncounted-awaits",
    /// Ledger of interviews: what becomes of a unit.
    InterviewFateFree { date: NaiveDate } = "interview-fate-free",
    /// Ledger of interviews: what becomes of a unit.
    InterviewFateFreeUntil { date: NaiveDate } = "interview-fate-free-until",
    /// Ledger of interviews: what becomes of a unit.
    InterviewFateCarriedOver { month: Month } = "interview-fate-carried-over",
    /// Ledger of interviews: why one does not count.
    InterviewUncountedLapsed = "interview-uncounted-lapsed",
    /// Ledger of interviews: why one does not count.
    InterviewUncountedDeclined = "interview-uncounted-declined",
    /// Ledger of interviews: why one does not count.
    InterviewUncountedCancelled = "interview-uncounted-cancelled",
    /// Ledger of interviews: why one does not count.
    InterviewUncountedCalledOff = "interview-uncounted-called-off",
    /// Ledger of interviews: what becomes of a unit.
    InterviewFateCarriedLapsed = "interview-fate-carried-lapsed",
    /// Ledger of interviews: what becomes of a unit.
    InterviewFateLapsed { date: NaiveDate } = "interview-fate-lapsed",
}

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// An answer that a person can give with one touch.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Choice {
            $($(#[$doc])* $name),+
        }

        impl Choice {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its key in the catalogue.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => concat!("choice-", $key)),+ }
            }

            /// What comes back in the postback's `data` when it is touched.
            pub const fn data(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

choices! {
    /// Agrees to the terms.
    Consent = "consent",
    /// Does not agree.
    Decline = "decline",
    /// Wants to correct the employee number.
    ChangeNumber = "change-number",
    /// Wants to correct the name.
    ChangeName = "change-name",
    /// Wants to leave the service.
    Leave = "leave",
    /// Means it.
    LeaveYes = "leave-yes",
    /// Breaks off what was begun.
    Cancel = "cancel",
    /// The text was the person's name.
    NameYes = "name-yes",
    /// The text was part of the question.
    NameNo = "name-no",
    /// Asks how to consult (the members' rich menu).
    HowToAsk = "how-to-ask",
    /// Asks how to register (the default rich menu).
    HowToRegister = "how-to-register",
}

impl Choice {
    /// The choice that a text names by its label, in any language: who does not see the buttons any more can type them.
    pub fn from_label(text: &str) -> Option<Self> {
        let text = text.trim();
        let named = |choice: &Self| [Language::Ja, Language::En].iter().any(|language| language.label(*choice) == text);
        Self::ALL.iter().copied().find(named)
    }

    /// The choice whose postback data this is.
    pub fn from_data(data: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.data() == data)
    }
}

/// One bubble: a text and the choices under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// What is said.
    pub text: Text,
    /// What can be answered with one touch; LINE shows the choices of the last bubble only.
    pub choices: Vec<Choice>,
}

impl From<Text> for Say {
    fn from(text: Text) -> Self {
        Self { text, choices: Vec::new() }
    }
}

impl From<NotKept> for Text {
    fn from(why: NotKept) -> Self {
        match why {
            NotKept::TooLarge => Self::DocumentTooLarge,
            NotKept::OtherType => Self::DocumentOtherType,
            NotKept::NotFetched => Self::DocumentNotFetched,
        }
    }
}

impl Text {
    /// The text with choices under it.
    pub fn with(self, choices: impl Into<Vec<Choice>>) -> Say {
        Say { text: self, choices: choices.into() }
    }
}

/// How an argument reads in a language.
trait Show {
    fn show(&self, language: Language) -> Cow<'_, str>;
}

impl Show for String {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Show for u8 {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Show for u64 {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Show for DateTime<Utc> {
    fn show(&self, language: Language) -> Cow<'_, str> {
        Cow::Owned(language.date_time(*self))
    }
}

impl Show for NaiveDate {
    fn show(&self, language: Language) -> Cow<'_, str> {
        Cow::Owned(match language {
            Language::Ja => time::date_ja(*self),
            Language::En => time::date_en(*self),
        })
    }
}

impl Show for Phrase {
    fn show(&self, language: Language) -> Cow<'_, str> {
        Cow::Borrowed(language.phrase(*self))
    }
}

impl Show for Slot {
    /// From when to when.
    fn show(&self, language: Language) -> Cow<'_, str> {
        let (start, end) = (language.deadline(self.start()), time::jst(self.end()).format("%-H:%M"));
        Cow::Owned(match language {
            Language::Ja => format!("{start}〜{end}"),
            Language::En => format!("{start} to {end} (Japan time)"),
        })
    }
}

impl Show for Month {
    fn show(&self, language: Language) -> Cow<'_, str> {
        Cow::Owned(match language {
            Language::Ja => self.first_day().format("%Y年%-m月").to_string(),
            Language::En => self.first_day().format("%B %Y").to_string(),
        })
    }
}

impl Show for Deadline {
    fn show(&self, language: Language) -> Cow<'_, str> {
        Cow::Owned(language.deadline(self.last_second()))
    }
}

impl Show for BusinessHours {
    fn show(&self, language: Language) -> Cow<'_, str> {
        let (opens, closes) = (self.opens.format("%-H:%M"), self.closes.format("%-H:%M"));
        Cow::Owned(match language {
            Language::Ja => format!("{opens}〜{closes}"),
            Language::En => format!("{opens} to {closes}"),
        })
    }
}

impl Show for Documents {
    /// A line for each that is published.
    fn show(&self, language: Language) -> Cow<'_, str> {
        let titles = match language {
            Language::Ja => ("利用規約", "プライバシーポリシー"),
            Language::En => ("Terms of use", "Privacy policy"),
        };
        let lines = [(titles.0, &self.terms), (titles.1, &self.privacy)];
        let lines = lines.into_iter().filter_map(|(title, link)| link.as_ref().map(|link| format!("{title}: {}\n", link.as_str())));
        Cow::Owned(lines.collect())
    }
}

impl Show for EmployeeNumber {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Borrowed(self.expose())
    }
}

impl Show for PersonName {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Borrowed(self.expose())
    }
}

impl Show for MessageText {
    fn show(&self, _: Language) -> Cow<'_, str> {
        Cow::Borrowed(self.expose())
    }
}

/// Keys with their texts, in the order of the keys.
struct Catalogue(&'static [(&'static str, &'static str)]);

// `JA` and `EN`, made of `messages/` by `build.rs`.
include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

impl Catalogue {
    fn get(&self, key: &str) -> Option<&'static str> {
        let place = self.0.binary_search_by_key(&key, |(known, _)| known).ok()?;
        self.0.get(place).map(|(_, text)| *text)
    }

    /// Tests see to it that no key is missing; a person would still see the key instead of nothing.
    fn entry(&self, key: &'static str) -> &'static str {
        self.get(key).unwrap_or(key)
    }
}

/// Replaces `{name}` by its argument. Arguments are put in as they are: braces in them mean nothing.
fn fill(template: &str, arguments: &[(&str, Cow<'_, str>)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match arguments.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use std::collections::BTreeSet;

    use super::*;

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_has_every_key_with_the_same_placeholders_and_no_other() {
        for language in [Language::Ja, Language::En] {
            let catalogue = language.catalogue();
            let plain: BTreeSet<&str> = Choice::ALL
                .iter()
                .map(|choice| choice.key())
                .chain(Phrase::ALL.iter().map(|phrase| phrase.key()))
                .chain(Code::ALL.iter().map(|code| code.key()))
                .chain(Column::ALL.map(Column::key))
                .chain([Severity::Blocking, Severity::Warning].map(Severity::key))
                .chain(REPORT_HEADINGS)
                .collect();
            for key in &plain {
                let text = catalogue.get(key).unwrap_or_else(|| panic!("{language:?} lacks {key}"));
                assert!(!text.trim().is_empty() && placeholders(text).is_empty(), "{language:?}: {key}");
            }
            let mut known = plain;
            for (key, fields) in TEXTS {
                let text = catalogue.get(key).unwrap_or_else(|| panic!("{language:?} lacks {key}"));
                assert!(!text.trim().is_empty(), "{language:?}: {key} is empty");
                assert_eq!(placeholders(text), fields.iter().copied().collect(), "{language:?}: {key}");
                known.insert(key);
            }
            assert_eq!(catalogue.0.iter().map(|(key, _)| *key).collect::<BTreeSet<_>>(), known, "{language:?}");
        }
    }

    #[test]
    fn labels_fit_line_s_limit_and_data_reads_back() {
        for choice in Choice::ALL {
            for language in [Language::Ja, Language::En] {
                let label = language.label(*choice);
                assert!((1..=20).contains(&label.chars().count()), "{label}");
            }
            assert_eq!(Choice::from_data(choice.data()), Some(*choice));
        }
        assert_eq!(Choice::from_data("else"), None);
    }

    #[test]
    fn arguments_are_put_in_as_they_are() {
        let arguments = [("name", Cow::Borrowed("{name} {")), ("b", Cow::Borrowed("x"))];
        assert_eq!(fill("a {name} {b}{c} { d", &arguments), "a {name} { x{c} { d");
    }

    #[test]
    fn a_person_reads_dates_in_their_language() {
        let at = "2026-11-24T09:00:00+09:00".parse().unwrap();
        assert!(Language::Ja.say(&Text::AnswersResume { at }).contains("11月24日(火) 9:00"));
        assert!(Language::En.say(&Text::AnswersResume { at }).contains("Tue 24 Nov, 9:00"));
    }
}
