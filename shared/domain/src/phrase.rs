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
    /// Contacts' page: title for who is not a contact.
    ContactsForbiddenTitle = "contacts-forbidden-title",
    /// Contacts' page: why they see nothing.
    ContactsForbiddenText = "contacts-forbidden-text",
    /// Contacts' page: a contact whom the company names no more.
    ContactsNotOnFile = "contacts-not-on-file",
    /// Contacts' page: a form that cannot be taken.
    ContactsBadForm = "contacts-bad-form",
    /// Contacts' page: why a page is not there.
    ContactsNotFoundText = "contacts-not-found-text",
    /// Contacts' page: page title: send a roster.
    RosterHome = "contacts-home",
    /// Contacts' page: page title: what was delivered.
    RosterPast = "contacts-past",
    /// Contacts' page: title above how the month stands.
    RosterMonthTitle = "contacts-month-title",
    /// Contacts' page: the month's roster is there.
    RosterMonthDelivered = "contacts-month-delivered",
    /// Contacts' page: nobody comes or goes.
    RosterMonthNobody = "contacts-month-nobody",
    /// Contacts' page: title above what waits for the contact.
    RosterAsksTitle = "contacts-asks-title",
    /// Contacts' page: link to it.
    RosterAsksOpen = "contacts-asks-open",
    /// Contacts' page: title above the form.
    RosterSendTitle = "contacts-send-title",
    /// Contacts' page: what a monthly roster is.
    RosterKindMonthlyText = "contacts-kind-monthly-text",
    /// Contacts' page: what a full roster is.
    RosterKindFullText = "contacts-kind-full-text",
    /// Contacts' page: label of the field.
    RosterFileChoose = "contacts-file-choose",
    /// Contacts' page: what can be sent.
    RosterFileKinds = "contacts-file-kinds",
    /// Contacts' page: what becomes of the file.
    RosterFileKept = "contacts-file-kept",
    /// Contacts' page: button.
    RosterSend = "contacts-send",
    /// Contacts' page: it is sent.
    RosterSent = "contacts-sent",
    /// Contacts' page: nothing is in the file.
    RosterEmpty = "contacts-empty",
    /// Contacts' page: the file is too large.
    RosterTooLarge = "contacts-too-large",
    /// Contacts' page: another kind of spreadsheet.
    RosterOldWorkbook = "contacts-old-workbook",
    /// Contacts' page: something else.
    RosterOtherType = "contacts-other-type",
    /// Contacts' page: the permit is over.
    RosterExpired = "contacts-expired",
    /// Contacts' page: the session is over.
    RosterSignedOut = "contacts-signed-out",
    /// Contacts' page: title above the templates.
    RosterTemplates = "contacts-templates",
    /// Contacts' page: link to one.
    RosterTemplateMonthly = "contacts-template-monthly",
    /// Contacts' page: link to the other.
    RosterTemplateFull = "contacts-template-full",
    /// Contacts' page: its file name.
    RosterTemplateMonthlyFile = "contacts-template-monthly-file",
    /// Contacts' page: its file name.
    RosterTemplateFullFile = "contacts-template-full-file",
    /// Contacts' page: title above the latest ones.
    RosterRecent = "contacts-recent",
    /// Contacts' page: link to all.
    RosterAll = "contacts-all",
    /// Contacts' page: there is none.
    RosterNone = "contacts-none",
    /// Contacts' page: not all are listed.
    RosterOnlyLatest = "contacts-only-latest",
    /// Contacts' page: column: how it stands.
    RosterState = "contacts-state",
    /// Contacts' page: column: what is in it.
    RosterContent = "contacts-content",
    /// Contacts' page: page title while nothing is known of a file.
    RosterSentTitle = "contacts-sent-title",
    /// Contacts' page: it was sent and is not read yet.
    RosterArrives = "contacts-arrives",
    /// Contacts' page: what happens next.
    RosterArrivesText = "contacts-arrives-text",
    /// Contacts' page: link: look again.
    RosterReload = "contacts-reload",
    /// Contacts' page: it is read.
    RosterReading = "contacts-reading",
    /// Contacts' page: the same in a sentence.
    RosterReadingText = "contacts-reading-text",
    /// Contacts' page: it waits for the contact.
    RosterAsksContact = "contacts-asks-contact",
    /// Contacts' page: the same in a sentence.
    RosterAsksContactText = "contacts-asks-contact-text",
    /// Contacts' page: it waits for the operator.
    RosterAsksOperator = "contacts-asks-operator",
    /// Contacts' page: the same in a sentence.
    RosterAsksOperatorText = "contacts-asks-operator-text",
    /// Contacts' page: both have confirmed.
    RosterConfirmed = "contacts-confirmed",
    /// Contacts' page: the same in a sentence.
    RosterConfirmedText = "contacts-confirmed-text",
    /// Contacts' page: it is being withdrawn.
    RosterWithdrawing = "contacts-withdrawing",
    /// Contacts' page: the same in a sentence.
    RosterWithdrawingText = "contacts-withdrawing-text",
    /// Contacts' page: it is being imported.
    RosterApplying = "contacts-applying",
    /// Contacts' page: the same in a sentence.
    RosterApplyingText = "contacts-applying-text",
    /// Contacts' page: it is imported.
    RosterApplied = "contacts-applied",
    /// Contacts' page: it was imported before.
    RosterRepeated = "contacts-repeated",
    /// Contacts' page: it has errors.
    RosterHasErrors = "contacts-has-errors",
    /// Contacts' page: it was withdrawn.
    RosterWithdrawn = "contacts-withdrawn",
    /// Contacts' page: the same in a sentence.
    RosterWithdrawnText = "contacts-withdrawn-text",
    /// Contacts' page: it was not imported.
    RosterNotApplied = "contacts-not-applied",
    /// Contacts' page: the same in a sentence.
    RosterNotAppliedText = "contacts-not-applied-text",
    /// Contacts' page: what to do then.
    RosterNotAppliedNext = "contacts-not-applied-next",
    /// Contacts' page: what to do while it goes on.
    RosterWaitNext = "contacts-wait-next",
    /// Contacts' page: what to do about people who are not in a full roster.
    RosterMissingText = "contacts-missing-text",
    /// Contacts' page: link to the list of them.
    RosterMissingDownload = "contacts-missing-download",
    /// Contacts' page: its file name.
    RosterMissingFile = "contacts-missing-file",
    /// Contacts' page: title above the confirmation.
    RosterConfirmTitle = "contacts-confirm-title",
    /// Contacts' page: what it is about.
    RosterConfirmText = "contacts-confirm-text",
    /// Contacts' page: label: who leaves by this file.
    RosterConfirmLeavers = "contacts-confirm-leavers",
    /// Contacts' page: label: who left by other files of the month.
    RosterConfirmBefore = "contacts-confirm-before",
    /// Contacts' page: label: until when.
    RosterConfirmUntil = "contacts-confirm-until",
    /// Contacts' page: label: the contact's word.
    RosterConfirmContact = "contacts-confirm-contact",
    /// Contacts' page: label: the operator's word.
    RosterConfirmOperator = "contacts-confirm-operator",
    /// Contacts' page: no word yet.
    RosterConfirmNotYet = "contacts-confirm-not-yet",
    /// Contacts' page: box to tick.
    RosterConfirmCheck = "contacts-confirm-check",
    /// Contacts' page: button.
    RosterConfirmButton = "contacts-confirm-button",
    /// Contacts' page: the box is not ticked.
    RosterConfirmNeedsCheck = "contacts-confirm-needs-check",
    /// Contacts' page: the word was taken.
    RosterConfirmDone = "contacts-confirm-done",
    /// Contacts' page: title above withdrawing.
    RosterWithdraw = "contacts-withdraw",
    /// Contacts' page: what it means.
    RosterWithdrawText = "contacts-withdraw-text",
    /// Contacts' page: button.
    RosterWithdrawButton = "contacts-withdraw-button",
    /// Contacts' page: it was withdrawn.
    RosterWithdrawDone = "contacts-withdraw-done",
    /// Contacts' page: it does not wait any more.
    RosterNotAsked = "contacts-not-asked",
    /// Contacts' page: link from the mail's page to the contacts' own.
    RosterSignInToConfirm = "contacts-sign-in-to-confirm",
    /// Contacts' page: the same, where there is a list to get.
    RosterSignIn = "contacts-sign-in",
    /// Nurses' desk: page title: all that waits.
    DeskQueue = "desk-queue",
    /// Nurses' desk: page title: what the nurse has in hand.
    DeskMine = "desk-mine",
    /// Nurses' desk: page title: find a member.
    DeskSearch = "desk-search",
    /// Nurses' desk: label of the navigation.
    DeskNav = "desk-nav",
    /// Nurses' desk: badge.
    DeskUrgent = "desk-urgent",
    /// Nurses' desk: badge: number and name do not match the roster.
    DeskUnmatched = "desk-unmatched",
    /// Nurses' desk: badge: two claim the number.
    DeskContested = "desk-contested",
    /// Nurses' desk: badge.
    DeskClosed = "desk-closed",
    /// Nurses' desk: title above what is answered and not closed.
    DeskAnswered = "desk-answered",
    /// Nurses' desk: title above what waits.
    DeskWaitingTitle = "desk-waiting-title",
    /// Nurses' desk: label.
    DeskTopic = "desk-topic",
    /// Nurses' desk: choice.
    DeskAllTopics = "desk-all-topics",
    /// Nurses' desk: label.
    DeskCompany = "desk-company",
    /// Nurses' desk: label: business time.
    DeskWaited = "desk-waited",
    /// Nurses' desk: label.
    DeskReceived = "desk-received",
    /// Nurses' desk: label.
    DeskInCharge = "desk-in-charge",
    /// Nurses' desk: in nobody's hands.
    DeskNobody = "desk-nobody",
    /// Nurses' desk: link.
    DeskOpen = "desk-open",
    /// Nurses' desk: button.
    DeskFilter = "desk-filter",
    /// Nurses' desk: check box.
    DeskFitting = "desk-fitting",
    /// Nurses' desk: check box.
    DeskFree = "desk-free",
    /// Nurses' desk: check box.
    DeskOnlyUnmatched = "desk-only-unmatched",
    /// Nurses' desk: link to the next page.
    DeskNext = "desk-next",
    /// Nurses' desk: link to the first page.
    DeskFirst = "desk-first",
    /// Nurses' desk: nothing waits.
    DeskNothingWaits = "desk-nothing-waits",
    /// Nurses' desk: nothing fits the filter.
    DeskNothingFits = "desk-nothing-fits",
    /// Nurses' desk: nothing fits so far.
    DeskNothingFitsHere = "desk-nothing-fits-here",
    /// Nurses' desk: nothing is answered and open.
    DeskNothingAnswered = "desk-nothing-answered",
    /// Nurses' desk: page title.
    DeskThread = "desk-thread",
    /// Nurses' desk: title.
    DeskMessages = "desk-messages",
    /// Nurses' desk: author: the member.
    DeskMember = "desk-member",
    /// Nurses' desk: badge of a note.
    DeskNote = "desk-note",
    /// Nurses' desk: tombstone.
    DeskWithdrawn = "desk-withdrawn",
    /// Nurses' desk: a sticker without words.
    DeskSticker = "desk-sticker",
    /// Nurses' desk: a place.
    DeskPlace = "desk-place",
    /// Nurses' desk: a message that is a document.
    DeskADocument = "desk-a-document",
    /// Nurses' desk: title.
    DeskDocuments = "desk-documents",
    /// Nurses' desk: no documents.
    DeskNoDocuments = "desk-no-documents",
    /// Nurses' desk: psychologists.
    DeskDocumentsForbidden = "desk-documents-forbidden",
    /// Nurses' desk: a document without a name.
    DeskPicture = "desk-picture",
    /// Nurses' desk: state.
    DeskDocumentAwaited = "desk-document-awaited",
    /// Nurses' desk: state.
    DeskDocumentNotKept = "desk-document-not-kept",
    /// Nurses' desk: state.
    DeskDocumentWithdrawn = "desk-document-withdrawn",
    /// Nurses' desk: state.
    DeskDocumentExpired = "desk-document-expired",
    /// Nurses' desk: in the place of a document whose month is over.
    DeskDocumentExpiredText = "desk-document-expired-text",
    /// Nurses' desk: title.
    DeskRosterTitle = "desk-roster-title",
    /// Nurses' desk: label.
    DeskNumber = "desk-number",
    /// Nurses' desk: label.
    DeskGivenName = "desk-given-name",
    /// Nurses' desk: label.
    DeskRosterName = "desk-roster-name",
    /// Nurses' desk: no name.
    DeskNotGiven = "desk-not-given",
    /// Nurses' desk: no row.
    DeskNotOnRoster = "desk-not-on-roster",
    /// Nurses' desk: label.
    DeskCheckResult = "desk-check-result",
    /// Nurses' desk: result.
    DeskCheckMatched = "desk-check-matched",
    /// Nurses' desk: result.
    DeskCheckNumberUnknown = "desk-check-number-unknown",
    /// Nurses' desk: result.
    DeskCheckNameMissing = "desk-check-name-missing",
    /// Nurses' desk: result.
    DeskCheckNameDiffers = "desk-check-name-differs",
    /// Nurses' desk: two claim the number.
    DeskContestedText = "desk-contested-text",
    /// Nurses' desk: the access ended.
    DeskHasLeft = "desk-has-left",
    /// Nurses' desk: button.
    DeskAskAgain = "desk-ask-again",
    /// Nurses' desk: title.
    DeskReplyTitle = "desk-reply-title",
    /// Nurses' desk: label of the text.
    DeskReplyLabel = "desk-reply-label",
    /// Nurses' desk: button.
    DeskReplySend = "desk-reply-send",
    /// Nurses' desk: title.
    DeskNoteTitle = "desk-note-title",
    /// Nurses' desk: label of the text.
    DeskNoteLabel = "desk-note-label",
    /// Nurses' desk: button.
    DeskNoteSave = "desk-note-save",
    /// Nurses' desk: button.
    DeskTakeOver = "desk-take-over",
    /// Nurses' desk: button.
    DeskHandOver = "desk-hand-over",
    /// Nurses' desk: page title.
    DeskHandOverTitle = "desk-hand-over-title",
    /// Nurses' desk: label.
    DeskHandOverTo = "desk-hand-over-to",
    /// Nurses' desk: nobody fits.
    DeskHandOverNobody = "desk-hand-over-nobody",
    /// Nurses' desk: button.
    DeskSort = "desk-sort",
    /// Nurses' desk: button.
    DeskClose = "desk-close",
    /// Nurses' desk: button.
    DeskReopen = "desk-reopen",
    /// Nurses' desk: title.
    DeskActions = "desk-actions",
    /// Nurses' desk: link.
    DeskHistory = "desk-history",
    /// Nurses' desk: page title.
    DeskHistoryTitle = "desk-history-title",
    /// Nurses' desk: link.
    DeskBack = "desk-back",
    /// Nurses' desk: link.
    DeskBackToThread = "desk-back-to-thread",
    /// Nurses' desk: somebody was faster.
    DeskStale = "desk-stale",
    /// Nurses' desk: refusal.
    DeskInOtherHands = "desk-in-other-hands",
    /// Nurses' desk: refusal.
    DeskIsClosed = "desk-is-closed",
    /// Nurses' desk: refusal.
    DeskUnanswered = "desk-unanswered",
    /// Nurses' desk: refusal.
    DeskAnotherIsOpen = "desk-another-is-open",
    /// Nurses' desk: refusal.
    DeskEmptyText = "desk-empty-text",
    /// Nurses' desk: refusal.
    DeskLongText = "desk-long-text",
    /// Nurses' desk: a form that cannot be read.
    DeskBadForm = "desk-bad-form",
    /// Nurses' desk: done.
    DeskSent = "desk-sent",
    /// Nurses' desk: what to enter.
    DeskSearchText = "desk-search-text",
    /// Nurses' desk: button.
    DeskSearchButton = "desk-search-button",
    /// Nurses' desk: nobody found.
    DeskSearchNothing = "desk-search-nothing",
    /// Nurses' desk: no number.
    DeskSearchBadNumber = "desk-search-bad-number",
    /// Nurses' desk: label.
    DeskRegisteredAt = "desk-registered-at",
    /// Nurses' desk: no consultation.
    DeskNoConsultation = "desk-no-consultation",
    /// Nurses' desk: title.
    DeskNotFoundTitle = "desk-not-found-title",
    /// Nurses' desk: text.
    DeskNotFoundText = "desk-not-found-text",
    /// Nurses' desk: title.
    DeskForbiddenTitle = "desk-forbidden-title",
    /// Nurses' desk: text.
    DeskForbiddenText = "desk-forbidden-text",
    /// Nurses' desk: text.
    DeskNoStaffText = "desk-no-staff-text",
    /// Nurses' desk: live notice.
    DeskNewBelow = "desk-new-below",
    /// Nurses' desk: a note is kept.
    DeskNoteSaved = "desk-note-saved",
    /// Nurses' desk: something else is done.
    DeskDone = "desk-done",
    /// Nurses' desk: button that sends the member the link to the page for documents.
    DeskAskDocuments = "desk-ask-documents",
    /// Nurses' desk: label of what was written and not sent.
    DeskKept = "desk-kept",
    /// Nurses' desk: keeps a draft.
    DeskDraft = "desk-draft",
    /// Topic: 未分類.
    TopicUnsorted = "topic-unsorted",
    /// Topic: からだ.
    TopicBody = "topic-body",
    /// Topic: こころ.
    TopicMind = "topic-mind",
    /// Topic: 女性の健康.
    TopicWomen = "topic-women",
    /// Topic: 生活習慣.
    TopicLifestyle = "topic-lifestyle",
    /// Topic: 仕事と健康.
    TopicWork = "topic-work",
    /// Topic: ハラスメント.
    TopicHarassment = "topic-harassment",
    /// Topic: コンプライアンス.
    TopicCompliance = "topic-compliance",
    /// Topic: 医療行為の適否.
    TopicMedical = "topic-medical",
    /// Topic: その他.
    TopicOther = "topic-other",
    /// Link to sign in.
    SignIn = "page-sign-in",
    /// Button that signs out.
    SignOut = "page-sign-out",
    /// Link to sign in after it failed.
    SignInAgain = "page-sign-in-again",
    /// Title of the page after a sign-in that is not believed.
    SignInRefusedTitle = "page-sign-in-refused-title",
    /// Why that may be, and what to do.
    SignInRefusedText = "page-sign-in-refused-text",
    /// Title of the page after signing out.
    SignedOutTitle = "page-signed-out-title",
    /// What to think of then.
    SignedOutText = "page-signed-out-text",
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
    /// A licence: 看護師.
    LicenceNurse = "licence-nurse",
    /// A licence: 保健師.
    LicencePublicHealthNurse = "licence-public-health-nurse",
    /// A licence: 公認心理師.
    LicencePsychologist = "licence-psychologist",
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
    /// The form of a disclosure is not confirmed.
    DisclosureNeedsConfirmation = "disclosure-needs-confirmation",
    /// Nurses' desk: link to refer the member to a desk.
    DeskRefer = "desk-refer",
    /// Nurses' desk: page title.
    DeskReferTitle = "desk-refer-title",
    /// Nurses' desk: what referring is.
    DeskReferIntro = "desk-refer-intro",
    /// Nurses' desk: button that puts the proposal in.
    DeskReferShow = "desk-refer-show",
    /// Nurses' desk: the company named this desk.
    DeskReferOwn = "desk-refer-own",
    /// Nurses' desk: the company named none.
    DeskReferPublic = "desk-refer-public",
    /// Nurses' desk: there is no desk.
    DeskReferNone = "desk-refer-none",
    /// Nurses' desk: label of the text.
    DeskReferLabel = "desk-refer-label",
    /// Nurses' desk: link to the form.
    DeskDisclose = "desk-disclose",
    /// Nurses' desk: page title.
    DeskDiscloseTitle = "desk-disclose-title",
    /// Nurses' desk: what disclosing does.
    DeskDiscloseWarning = "desk-disclose-warning",
    /// Nurses' desk: label.
    DeskDiscloseReason = "desk-disclose-reason",
    /// Nurses' desk: label.
    DeskDiscloseConsent = "desk-disclose-consent",
    /// Nurses' desk: label.
    DeskDiscloseContact = "desk-disclose-contact",
    /// Nurses' desk: the company has no contact.
    DeskDiscloseNobody = "desk-disclose-nobody",
    /// Nurses' desk: label of the text.
    DeskDiscloseLabel = "desk-disclose-label",
    /// Nurses' desk: check box.
    DeskDiscloseConfirmed = "desk-disclose-confirmed",
    /// Nurses' desk: button.
    DeskDiscloseSend = "desk-disclose-send",
    /// Nurses' desk: done.
    DeskDisclosed = "desk-disclosed",
    /// Nurses' desk: title above what was disclosed of the member.
    DeskDisclosedTitle = "desk-disclosed-title",
    /// Nurses' desk: page title.
    DeskLedger = "desk-ledger",
    /// Nurses' desk: button.
    DeskLedgerShow = "desk-ledger-show",
    /// Nurses' desk: the ledger is empty.
    DeskLedgerEmpty = "desk-ledger-empty",
    /// Nurses' desk: the chain holds.
    DeskLedgerWhole = "desk-ledger-whole",
    /// Nurses' desk: the chain is broken.
    DeskLedgerBroken = "desk-ledger-broken",
    /// Nurses' desk: label.
    DeskLedgerNumber = "desk-ledger-number",
    /// Nurses' desk: label.
    DeskLedgerAt = "desk-ledger-at",
    /// Nurses' desk: label.
    DeskLedgerNurse = "desk-ledger-nurse",
    /// Nurses' desk: label.
    DeskLedgerCheck = "desk-ledger-check",
    /// Nurses' desk: a contact that is not on file any more.
    DeskLedgerFormer = "desk-ledger-former",
    /// Nurses' desk: page title.
    DeskTemplates = "desk-templates",
    /// Nurses' desk: above the templates to choose from.
    DeskTemplatesChoose = "desk-templates-choose",
    /// Nurses' desk: title.
    DeskTemplatesShared = "desk-templates-shared",
    /// Nurses' desk: title.
    DeskTemplatesOwn = "desk-templates-own",
    /// Nurses' desk: there are none.
    DeskTemplatesNone = "desk-templates-none",
    /// Nurses' desk: button.
    DeskTemplateInsert = "desk-template-insert",
    /// Nurses' desk: title.
    DeskTemplateNew = "desk-template-new",
    /// Nurses' desk: label.
    DeskTemplateShelf = "desk-template-shelf",
    /// Nurses' desk: choice.
    DeskTemplateForMe = "desk-template-for-me",
    /// Nurses' desk: choice.
    DeskTemplateForAll = "desk-template-for-all",
    /// Nurses' desk: label.
    DeskTemplateTitle = "desk-template-title",
    /// Nurses' desk: label.
    DeskTemplateText = "desk-template-text",
    /// Nurses' desk: choice.
    DeskTemplateAny = "desk-template-any",
    /// Nurses' desk: button.
    DeskTemplateSave = "desk-template-save",
    /// Nurses' desk: button.
    DeskTemplateRemove = "desk-template-remove",
    /// Nurses' desk: done.
    DeskTemplateKept = "desk-template-kept",
    /// Nurses' desk: done.
    DeskTemplateRemoved = "desk-template-removed",
    /// Nurses' desk: refusal.
    DeskTemplateNeedsTitle = "desk-template-needs-title",
    /// Nurses' desk: refusal.
    DeskTemplateNeedsText = "desk-template-needs-text",
    /// A purpose of an interview.
    InterviewPurposeCheckup = "interview-purpose-checkup",
    /// A purpose of an interview.
    InterviewPurposeLifestyle = "interview-purpose-lifestyle",
    /// A purpose of an interview.
    InterviewPurposeMind = "interview-purpose-mind",
    /// A purpose of an interview.
    InterviewPurposeWomen = "interview-purpose-women",
    /// A purpose of an interview.
    InterviewPurposeReturn = "interview-purpose-return",
    /// A purpose of an interview.
    InterviewPurposeNewcomer = "interview-purpose-newcomer",
    /// A purpose of an interview.
    InterviewPurposeOther = "interview-purpose-other",
    /// A purpose of an interview.
    InterviewPurposeLongHours = "interview-purpose-long-hours",
    /// A purpose of an interview.
    InterviewPurposeHighStress = "interview-purpose-high-stress",
    /// Why an interview is refused and whom to ask (row C3).
    InterviewPhysicianLongHours = "interview-physician-long-hours",
    /// Why an interview is refused and whom to ask (row C3).
    InterviewPhysicianHighStress = "interview-physician-high-stress",
    /// How an interview is held.
    InterviewMethodPhone = "interview-method-phone",
    /// How an interview is held.
    InterviewMethodWeb = "interview-method-web",
    /// What the form of an interview lacks.
    InterviewRequestNeedsNumber = "interview-request-needs-number",
    /// What the form of an interview lacks.
    InterviewRequestBadNumber = "interview-request-bad-number",
    /// What the form of an interview lacks.
    InterviewRequestNeedsName = "interview-request-needs-name",
    /// What the form of an interview lacks.
    InterviewRequestBadName = "interview-request-bad-name",
    /// What the form of an interview lacks.
    InterviewRequestNeedsMethod = "interview-request-needs-method",
    /// What the form of an interview lacks.
    InterviewRequestNeedsPhone = "interview-request-needs-phone",
    /// What the form of an interview lacks.
    InterviewRequestNeedsPurpose = "interview-request-needs-purpose",
    /// What the form of an interview lacks.
    InterviewRequestNeedsMail = "interview-request-needs-mail",
    /// What the form of an interview lacks.
    InterviewRequestLongWishes = "interview-request-long-wishes",
    /// Request form: refusal.
    InterviewFormEmptyFile = "interview-form-empty-file",
    /// Request form: refusal.
    InterviewFormLargeFile = "interview-form-large-file",
    /// Request form: refusal.
    InterviewFormOtherFile = "interview-form-other-file",
    /// Request form: refusal.
    InterviewFormManyFiles = "interview-form-many-files",
    /// Request form: refusal.
    InterviewFormIsOver = "interview-form-is-over",
    /// Why a contact cannot book for this employee.
    InterviewAdmitOtherTenant = "interview-admit-other-tenant",
    /// Why a contact cannot book for this employee.
    InterviewAdmitNoContract = "interview-admit-no-contract",
    /// Why a contact cannot book for this employee.
    InterviewAdmitNotInPlan = "interview-admit-not-in-plan",
    /// Why a contact cannot book for this employee.
    InterviewAdmitContractEnds = "interview-admit-contract-ends",
    /// Why a contact cannot book for this employee.
    InterviewAdmitNumberUnknown = "interview-admit-number-unknown",
    /// Why a contact cannot book for this employee.
    InterviewAdmitNameDiffers = "interview-admit-name-differs",
    /// Why a contact cannot book for this employee.
    InterviewAdmitLeavesBefore = "interview-admit-leaves-before",
    /// Why an act on an interview is refused.
    InterviewRefuseHoldOver = "interview-refuse-hold-over",
    /// Why an act on an interview is refused.
    InterviewRefuseSlotBegun = "interview-refuse-slot-begun",
    /// Why an act on an interview is refused.
    InterviewRefuseTooSoon = "interview-refuse-too-soon",
    /// Why an act on an interview is refused.
    InterviewRefuseOtherEmployee = "interview-refuse-other-employee",
    /// Why an act on an interview is refused.
    InterviewRefuseTooLate = "interview-refuse-too-late",
    /// Why an act on an interview is refused.
    InterviewRefuseHasBegun = "interview-refuse-has-begun",
    /// Why an act on an interview is refused.
    InterviewRefuseNotBegun = "interview-refuse-not-begun",
    /// Why an act on an interview is refused.
    InterviewRefuseHasLapsed = "interview-refuse-has-lapsed",
    /// Why an act on an interview is refused.
    InterviewRefuseNotLapsed = "interview-refuse-not-lapsed",
    /// Why an act on an interview is refused.
    InterviewRefuseNotInCharge = "interview-refuse-not-in-charge",
    /// Why an act on an interview is refused.
    InterviewRefuseNotYours = "interview-refuse-not-yours",
    /// Interviews: refusal.
    InterviewRefuseAwaitsNothing = "interview-refuse-awaits-nothing",
    /// Why an act on an interview is refused.
    InterviewRefuseNotConfirmed = "interview-refuse-not-confirmed",
    /// Why an act on an interview is refused.
    InterviewRefuseIsOver = "interview-refuse-is-over",
    /// Why an act on an interview is refused.
    InterviewRefuseNotRecorded = "interview-refuse-not-recorded",
    /// Interviews: refusal.
    InterviewRefuseTooLateToCorrect = "interview-refuse-too-late-to-correct",
    /// Interviews: refusal.
    InterviewRefuseRecordedSo = "interview-refuse-recorded-so",
    /// Interviews: refusal.
    InterviewRefuseBeyond = "interview-refuse-beyond",
    /// Ledger of interviews.
    InterviewLedgerCharged = "interview-ledger-charged",
    /// Ledger of interviews: how a counted one goes.
    InterviewCoursePlanned = "interview-course-planned",
    /// Ledger of interviews: its day is over, and nobody has recorded how it went.
    InterviewCourseUnrecorded = "interview-course-unrecorded",
    /// Ledger of interviews: how a counted one goes.
    InterviewCourseTookPlace = "interview-course-took-place",
    /// Ledger of interviews: how a counted one goes.
    InterviewCourseNoShow = "interview-course-no-show",
    /// Ledger of interviews: how a counted one goes.
    InterviewCourseCancelledLate = "interview-course-cancelled-late",
    /// Interviews: the nurse recommends to continue.
    InterviewOutcomeContinuing = "interview-outcome-continuing",
    /// Why hours for interviews are refused.
    InterviewHoursTooShort = "interview-hours-too-short",
    /// Why hours for interviews are refused.
    InterviewHoursOffGrid = "interview-hours-off-grid",
    /// Why hours for interviews are refused.
    InterviewHoursOverlap = "interview-hours-overlap",
    /// Booking site: page title: free slots.
    BookingWeek = "booking-week",
    /// Booking site: what to do.
    BookingWeekText = "booking-week-text",
    /// Booking site: link.
    BookingWeekBefore = "booking-week-before",
    /// Booking site: link.
    BookingWeekAfter = "booking-week-after",
    /// Booking site: nothing is free.
    BookingNothingFree = "booking-nothing-free",
    /// Booking site: somebody was faster.
    BookingTaken = "booking-taken",
    /// Booking site: the hold is over.
    BookingHoldOver = "booking-hold-over",
    /// Booking site: too much happens at once.
    BookingBusy = "booking-busy",
    /// Booking site: page title: the form.
    BookingForm = "booking-form",
    /// Booking site: how long it is kept.
    BookingHeld = "booking-held",
    /// Booking site: label.
    BookingWhen = "booking-when",
    /// Booking site: label.
    BookingNurse = "booking-nurse",
    /// Booking site: label.
    BookingEmployee = "booking-employee",
    /// Booking site: label.
    BookingState = "booking-state",
    /// Booking site: label.
    BookingNumber = "booking-number",
    /// Booking site: label.
    BookingName = "booking-name",
    /// Booking site: label.
    BookingMethod = "booking-method",
    /// Booking site: label.
    BookingPhone = "booking-phone",
    /// Booking site: label.
    BookingPurpose = "booking-purpose",
    /// Booking site: nothing is chosen.
    BookingChoose = "booking-choose",
    /// Booking site: label.
    BookingMail = "booking-mail",
    /// Booking site: label.
    BookingWishes = "booking-wishes",
    /// Booking site: button.
    BookingConfirm = "booking-confirm",
    /// Booking site: link.
    BookingBack = "booking-back",
    /// Booking site: page title: all interviews.
    BookingInterviews = "booking-interviews",
    /// Booking site: there are none.
    BookingNoInterviews = "booking-no-interviews",
    /// Booking site: link.
    BookingBackToInterviews = "booking-back-to-interviews",
    /// Booking site: page title: one interview.
    BookingInterview = "booking-interview",
    /// Booking site: label.
    BookingDeadline = "booking-deadline",
    /// Booking site: state.
    BookingStateAwaiting = "booking-state-awaiting",
    /// Booking site: state.
    BookingStateConfirmed = "booking-state-confirmed",
    /// Booking site: state.
    BookingStateTookPlace = "booking-state-took-place",
    /// Booking site: state.
    BookingStateNoShow = "booking-state-no-show",
    /// Booking site: state.
    BookingStateCancelled = "booking-state-cancelled",
    /// Booking site: state.
    BookingStateCancelledLate = "booking-state-cancelled-late",
    /// Booking site: state.
    BookingStateDeclined = "booking-state-declined",
    /// Booking site: state.
    BookingStateLapsed = "booking-state-lapsed",
    /// Booking site: state.
    BookingStateCalledOff = "booking-state-called-off",
    /// Booking site: we called it off, and what the contact can do.
    BookingCalledOff = "booking-called-off",
    /// Booking site: done.
    BookingBooked = "booking-booked",
    /// Booking site: done.
    BookingMoved = "booking-moved",
    /// Booking site: done.
    BookingCancelled = "booking-cancelled",
    /// Booking site: title.
    BookingMoveTitle = "booking-move-title",
    /// Booking site: what to do.
    BookingMoveText = "booking-move-text",
    /// Booking site: what it costs.
    BookingMoveFree = "booking-move-free",
    /// Booking site: link.
    BookingMoveButton = "booking-move-button",
    /// Booking site: title.
    BookingCancelTitle = "booking-cancel-title",
    /// Booking site: the consequence.
    BookingCancelInTime = "booking-cancel-in-time",
    /// Booking site: the consequence.
    BookingCancelLate = "booking-cancel-late",
    /// Booking site: the consequence.
    BookingCancelAwaiting = "booking-cancel-awaiting",
    /// Booking site: check box.
    BookingCancelUnderstood = "booking-cancel-understood",
    /// Booking site: button.
    BookingCancelButton = "booking-cancel-button",
    /// Booking site: the deadline passed meanwhile.
    BookingDeadlinePassed = "booking-deadline-passed",
    /// Booking site: page title: the ledger.
    BookingLedger = "booking-ledger",
    /// Booking site: what it shows.
    BookingLedgerText = "booking-ledger-text",
    /// Booking site: label.
    BookingTotalBase = "booking-total-base",
    /// Booking site: label.
    BookingTotalCarriedIn = "booking-total-carried-in",
    /// Booking site: label.
    BookingTotalExtra = "booking-total-extra",
    /// Booking site: label.
    BookingTotalCarriedOver = "booking-total-carried-over",
    /// Booking site: label.
    BookingTotalLapsed = "booking-total-lapsed",
    /// API of the booking site: nobody is signed in.
    BookingApiStranger = "booking-api-stranger",
    /// API of the booking site: the token of the session is missing or wrong.
    BookingApiBadToken = "booking-api-bad-token",
    /// API of the booking site: the request is malformed.
    BookingApiBadRequest = "booking-api-bad-request",
    /// API of the booking site: no date.
    BookingApiBadWeek = "booking-api-bad-week",
    /// API of the booking site: no month.
    BookingApiBadMonth = "booking-api-bad-month",
    /// API of the booking site: no idempotency key.
    BookingApiBadKey = "booking-api-bad-key",
    /// API of the booking site: no id of a slot.
    BookingApiBadSlot = "booking-api-bad-slot",
    /// API of the booking site: the body is no JSON.
    BookingApiNoJson = "booking-api-no-json",
    /// API of the booking site: the form has to be mended.
    BookingApiIncomplete = "booking-api-incomplete",
    /// API of the booking site: what the form asks for cannot be.
    BookingApiNotAdmitted = "booking-api-not-admitted",
    /// API of the booking site: the interview stands otherwise.
    BookingApiNotPossible = "booking-api-not-possible",
    /// API of the booking site: somebody else was faster.
    BookingApiNotFree = "booking-api-not-free",
    /// API of the booking site: the idempotency key was used for something else.
    BookingApiOtherRequest = "booking-api-other-request",
    /// Booking site: title of the request form.
    BookingRequest = "booking-request",
    /// Booking site: the request form is there.
    BookingRequestThere = "booking-request-there",
    /// Booking site: it is missing.
    BookingRequestMissing = "booking-request-missing",
    /// Booking site: what to do where it is missing.
    BookingRequestAsk = "booking-request-ask",
    /// Booking site: who reads it.
    BookingRequestReaders = "booking-request-readers",
    /// Booking site: label.
    BookingRequestReason = "booking-request-reason",
    /// Booking site: label.
    BookingRequestFiles = "booking-request-files",
    /// Booking site: label.
    BookingRequestFile = "booking-request-file",
    /// Booking site: what can be attached.
    BookingRequestFileText = "booking-request-file-text",
    /// Booking site: nothing more can be attached.
    BookingRequestFull = "booking-request-full",
    /// Booking site: button.
    BookingRequestSave = "booking-request-save",
    /// Booking site: button.
    BookingRequestRemove = "booking-request-remove",
    /// Booking site: done.
    BookingRequestSaved = "booking-request-saved",
    /// Booking site: nothing was saved.
    BookingRequestNotSaved = "booking-request-not-saved",
    /// Booking site: somebody else changed it.
    BookingRequestStale = "booking-request-stale",
    /// Booking site: title.
    BookingForbiddenTitle = "booking-forbidden-title",
    /// Booking site: text.
    BookingForbiddenText = "booking-forbidden-text",
    /// Booking site: title.
    BookingNotBoughtTitle = "booking-not-bought-title",
    /// Booking site: text.
    BookingNotBoughtText = "booking-not-bought-text",
    /// Booking site: title.
    BookingNotFoundTitle = "booking-not-found-title",
    /// Booking site: text.
    BookingNotFoundText = "booking-not-found-text",
    /// Nurses' desk: page title: the nurse's interviews.
    DeskInterviews = "desk-interviews",
    /// Nurses' desk: title.
    DeskInterviewsAwaiting = "desk-interviews-awaiting",
    /// Nurses' desk: title.
    DeskInterviewsOwn = "desk-interviews-own",
    /// Nurses' desk: there are none.
    DeskInterviewsNone = "desk-interviews-none",
    /// Nurses' desk: title.
    DeskInterviewsOthers = "desk-interviews-others",
    /// Nurses' desk: title: what can be corrected.
    DeskInterviewsRecorded = "desk-interviews-recorded",
    /// Nurses' desk: what a correction does.
    DeskInterviewsRecordedText = "desk-interviews-recorded-text",
    /// Nurses' desk: label: corrects a record.
    DeskCorrect = "desk-correct",
    /// Nurses' desk: done.
    DeskCorrected = "desk-corrected",
    /// Nurses' desk: label and button: calls an interview off.
    DeskCallOff = "desk-call-off",
    /// Nurses' desk: what calling off does.
    DeskCallOffText = "desk-call-off-text",
    /// Nurses' desk: check box.
    DeskCallOffConfirmed = "desk-call-off-confirmed",
    /// Nurses' desk: the box is not checked.
    DeskCallOffUnconfirmed = "desk-call-off-unconfirmed",
    /// Nurses' desk: done.
    DeskCalledOff = "desk-called-off",
    /// Nurses' desk: an interview changed meanwhile.
    DeskInterviewStale = "desk-interview-stale",
    /// Nurses' desk: title of a request form.
    DeskRequest = "desk-request",
    /// Nurses' desk: it is missing.
    DeskRequestMissing = "desk-request-missing",
    /// Nurses' desk: it is not theirs to read.
    DeskRequestForbidden = "desk-request-forbidden",
    /// Nurses' desk: button.
    DeskApprove = "desk-approve",
    /// Nurses' desk: button.
    DeskDecline = "desk-decline",
    /// Nurses' desk: button.
    DeskHeld = "desk-held",
    /// Nurses' desk: button.
    DeskHeldContinue = "desk-held-continue",
    /// Nurses' desk: button.
    DeskNoShow = "desk-no-show",
    /// Nurses' desk: page title: when the nurse gives interviews.
    DeskHours = "desk-hours",
    /// Nurses' desk: what it does.
    DeskHoursText = "desk-hours-text",
    /// Nurses' desk: label.
    DeskHoursDates = "desk-hours-dates",
    /// Nurses' desk: how to write them.
    DeskHoursDatesText = "desk-hours-dates-text",
    /// Nurses' desk: done.
    DeskHoursKept = "desk-hours-kept",
    /// Nurses' desk: interviews that stand outside the hours.
    DeskHoursOutside = "desk-hours-outside",
    /// Nurses' desk: link to the interviews.
    DeskHoursOutsideLink = "desk-hours-outside-link",
    /// Nurses' desk: refusal.
    DeskHoursBadTime = "desk-hours-bad-time",
    /// Nurses' desk: refusal.
    DeskHoursBadDate = "desk-hours-bad-date",
    /// Nurses' desk: label.
    DeskMonday = "desk-monday",
    /// Nurses' desk: label.
    DeskTuesday = "desk-tuesday",
    /// Nurses' desk: label.
    DeskWednesday = "desk-wednesday",
    /// Nurses' desk: label.
    DeskThursday = "desk-thursday",
    /// Nurses' desk: label.
    DeskFriday = "desk-friday",
    /// Mail to the contact: what covers an approved interview.
    InterviewChargeBase = "interview-charge-base",
    /// What an interview is called in calendars: nothing of its purpose.
    InterviewCalendarSummary = "interview-calendar-summary",
    /// Contacts' pages: title of the reports on the use of the service.
    UsageTitle = "contacts-usage-title",
    /// Contacts' pages: there is no such report yet.
    UsageNone = "contacts-usage-none",
    /// Contacts' pages: when such reports are made.
    UsageWhen = "contacts-usage-when",
    /// Contacts' pages: the way back to the reports.
    UsageBack = "contacts-usage-back",
    /// Contacts' pages: how a report is printed.
    UsagePrint = "contacts-usage-print",
    /// Contacts' pages: no interview is planned.
    UsageNothingPlanned = "contacts-usage-nothing-planned",
    /// Figures: a number from 1 to 9.
    KpiUnder10 = "kpi-under-10",
    /// Figures: nothing is said.
    KpiWithheld = "kpi-withheld",
    /// Figures: there is nothing to be told, or of which a rate could be.
    KpiNothing = "kpi-nothing",
    /// Figures: head of the column that names them.
    KpiColumnWhat = "kpi-column-what",
    /// Figures: head of the column of this period.
    KpiColumnNow = "kpi-column-now",
    /// Figures: head of the column of the period before.
    KpiColumnBefore = "kpi-column-before",
    /// Figures: head of the column of differences.
    KpiColumnChange = "kpi-column-change",
    /// Figures: title of the chart of people.
    KpiChartPeople = "kpi-chart-people",
    /// Figures: title of the chart of acts.
    KpiChartActs = "kpi-chart-acts",
    /// Figures: title above the months.
    KpiHeadMonths = "kpi-head-months",
    /// Figures: what they mean.
    KpiNotes = "kpi-notes",
    /// Figures: employees on the roster.
    KpiRoster = "kpi-roster",
    /// Figures: members.
    KpiRegistered = "kpi-registered",
    /// Figures: members of the roster.
    KpiRegistrationRate = "kpi-registration-rate",
    /// Figures: members who were active.
    KpiActive = "kpi-active",
    /// Figures: active members of those registered.
    KpiUsageRate = "kpi-usage-rate",
    /// Figures: consultations.
    KpiConsultations = "kpi-consultations",
    /// Figures: pieces of content.
    KpiContentSent = "kpi-content-sent",
    /// Figures: how often a piece was opened.
    KpiContentOpened = "kpi-content-opened",
    /// Figures: entries to events.
    KpiEventEntries = "kpi-event-entries",
    /// Figures: interviews.
    KpiInterviews = "kpi-interviews",
}
