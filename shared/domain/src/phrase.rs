//! Fixed words of pages: titles, labels, paragraphs without anything to fill in. What has a number or a date in it is a
//! [`Text`](crate::text::Text).

macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident = $key:literal),+ $(,)?) => {
        /// Words that are the same for everybody.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Phrase {
            $($(#[$doc])* $name),+
        }

        impl Phrase {
            /// Every phrase.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its key in the catalogue.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key),+ }
            }
        }
    };
}

phrases! {
    /// The name of the service, at the top of each page.
    Service = "page-service",
    /// For who goes by keyboard: jumps over the header.
    SkipToMain = "page-skip",
    /// Title of the page on an import.
    ReportTitle = "page-report-title",
    /// Title above the counts.
    ReportCounts = "page-report-counts",
    /// The same, where nothing is applied yet: what it would be.
    ReportCountsIfApplied = "page-report-counts-if-applied",
    /// Label of the instant at which the file was first seen.
    ReportReceived = "page-report-received",
    /// Label of what the file claims to be.
    ReportKind = "page-report-kind",
    /// A month's delta.
    KindMonthly = "page-report-kind-monthly",
    /// A full roster.
    KindFull = "page-report-kind-full",
    /// Label of the import's id.
    ReportNumber = "page-report-number",
    /// Label of the rows that could be read.
    Rows = "page-report-rows",
    /// Label of employments that began.
    Joined = "page-report-joined",
    /// Label of employments that ended.
    Left = "page-report-left",
    /// Label of names and dates that changed.
    Changed = "page-report-changed",
    /// Label of rows that said what the roster says.
    Unchanged = "page-report-unchanged",
    /// Label of people who are not in a full roster.
    Missing = "page-report-missing",
    /// Label of findings that keep the file from being applied.
    Blocking = "page-report-blocking",
    /// Label of findings that do not.
    Warnings = "page-report-warnings",
    /// The import is done.
    Applied = "page-report-applied",
    /// Nothing was imported.
    Refused = "page-report-refused",
    /// Nothing is imported before it is confirmed.
    Waiting = "page-report-waiting",
    /// The same content was imported before.
    Repeated = "page-report-repeated",
    /// Title above what to do next.
    NextTitle = "page-report-next",
    /// What to do after an import without findings.
    NextNothing = "page-report-next-nothing",
    /// What to do after an import with warnings.
    NextCheck = "page-report-next-check",
    /// What to do after a refusal.
    NextMend = "page-report-next-mend",
    /// What to do while it waits.
    NextConfirm = "page-report-next-confirm",
    /// What to do where the file was delivered before.
    NextRepeated = "page-report-next-repeated",
    /// What to do about people who are not in a full roster.
    NextMissing = "page-report-next-missing",
    /// Title above the findings.
    FindingsTitle = "page-report-findings",
    /// There are none.
    NoFindings = "page-report-no-findings",
    /// A finding about the file as a whole stands in no line.
    WholeFile = "page-report-whole-file",
    /// A finding about a whole line stands in no column.
    WholeLine = "page-report-whole-line",
    /// Link to the findings as CSV.
    DownloadReport = "page-report-download",
    /// File name of the findings, without its ending.
    ReportFile = "page-report-file",
    /// Title of the page in the place of one that is not there.
    NotFoundTitle = "page-not-found-title",
    /// Why that may be, and what to do.
    NotFoundText = "page-not-found-text",
    /// Title of the page in the place of one that cannot be shown.
    FailureTitle = "page-failure-title",
    /// What to do then.
    FailureText = "page-failure-text",
    /// A licence: 看護師.
    LicenceNurse = "licence-nurse",
    /// A licence: 保健師.
    LicencePublicHealthNurse = "licence-public-health-nurse",
    /// A licence: 公認心理師.
    LicencePsychologist = "licence-psychologist",
    /// A topic: no nurse has looked at it yet.
    TopicUnsorted = "topic-unsorted",
    /// A topic.
    TopicBody = "topic-body",
    /// A topic.
    TopicMind = "topic-mind",
    /// A topic.
    TopicWomen = "topic-women",
    /// A topic.
    TopicLifestyle = "topic-lifestyle",
    /// A topic.
    TopicWork = "topic-work",
    /// A topic that is referred.
    TopicHarassment = "topic-harassment",
    /// A topic that is referred.
    TopicCompliance = "topic-compliance",
    /// A topic that is referred: whether a medical act is allowed.
    TopicMedical = "topic-medical",
    /// A topic: none of the others.
    TopicOther = "topic-other",
    /// A reason to disclose.
    ReasonLife = "reason-life",
    /// A reason to disclose.
    ReasonLaw = "reason-law",
    /// Whether the member agreed to a disclosure.
    ConsentGiven = "consent-to-disclosure-given",
    /// Whether the member agreed to a disclosure.
    ConsentRefused = "consent-to-disclosure-refused",
    /// Why the member was not asked.
    ConsentNoTime = "consent-to-disclosure-no-time",
    /// Why the member was not asked.
    ConsentNotReachable = "consent-to-disclosure-not-reachable",
    /// Why the member was not asked.
    ConsentWouldEndanger = "consent-to-disclosure-would-endanger",
    /// The form of a disclosure says no reason.
    DisclosureNeedsReason = "disclosure-needs-reason",
    /// The form of a disclosure does not say whether the member agreed.
    DisclosureNeedsConsent = "disclosure-needs-consent",
    /// The form of a disclosure names no contact.
    DisclosureNeedsContact = "disclosure-needs-contact",
    /// The form of a disclosure has no text, or too long a one.
    DisclosureNeedsText = "disclosure-needs-text",
}
