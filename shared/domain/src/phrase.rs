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
    /// Title of the page where a member adds documents to a consultation.
    UploadTitle = "page-upload-title",
    /// What it is for.
    UploadIntro = "page-upload-intro",
    /// Label of what can be sent.
    UploadKindsTitle = "page-upload-kinds-title",
    /// What can be sent.
    UploadKinds = "page-upload-kinds",
    /// Label of who can read it.
    UploadReadersTitle = "page-upload-readers-title",
    /// Who can read it.
    UploadReaders = "page-upload-readers",
    /// Label of how long it is kept.
    UploadKeptTitle = "page-upload-kept-title",
    /// How long it is kept.
    UploadKept = "page-upload-kept",
    /// That nothing is shown here, and where the member is told what could not be kept.
    UploadOnlyAdd = "page-upload-only-add",
    /// Label of the field for files.
    UploadChoose = "page-upload-choose",
    /// Button that sends them.
    UploadSend = "page-upload-send",
    /// For who has switched scripts off.
    UploadNeedsScript = "page-upload-needs-script",
    /// What a progress bar shows, for who does not see it.
    UploadProgress = "page-upload-progress",
    /// No file was chosen.
    UploadNothing = "page-upload-nothing",
    /// A file whose turn has not come.
    UploadWaiting = "page-upload-waiting",
    /// A file that is being sent.
    UploadSending = "page-upload-sending",
    /// A file that was sent.
    UploadSent = "page-upload-sent",
    /// A file with nothing in it.
    UploadEmpty = "page-upload-empty",
    /// A file that is too large.
    UploadTooLarge = "page-upload-too-large",
    /// A file of another kind.
    UploadOtherType = "page-upload-other-type",
    /// One file too many.
    UploadTooMany = "page-upload-too-many",
    /// A file that could not be sent.
    UploadFailed = "page-upload-failed",
    /// All files were sent.
    UploadAllSent = "page-upload-all-sent",
    /// Some were not.
    UploadSomeNotSent = "page-upload-some-not-sent",
    /// Title of the page in the place of one whose link is good no more, or never was.
    UploadOverTitle = "page-upload-over-title",
    /// Why that may be, and what to do.
    UploadOverText = "page-upload-over-text",
}
