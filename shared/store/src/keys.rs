//! The only author of keys. Every key of both tables is made here; `docs/table.md` charts them.
//!
//! No key holds personal data: LINE ids, employee numbers and mail addresses stand in them as [`Digest`]s. Instants stand in them in the
//! fixed width of [`domain::time::stamp`], so that they sort.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc, Weekday};
use ulid::Ulid;
use uuid::Uuid;

use domain::{
    id::{ConsultationId, DocumentId, ImportId, InterviewId, MemberId, NurseId, PurgeId, TenantId},
    interview::{month::Month, slot::Cell},
    kpi::{
        marker::Kind,
        period::{Occasion, Period},
    },
    tenant::RegistrationCode,
    time::{self, stamp},
};

use crate::{entity::template::Shelf, installation::Digest};

/// The primary key of an item of the single table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Partition key, attribute `pk`.
    pub pk: String,
    /// Sort key, attribute `sk`.
    pub sk: String,
}

/// The generic sparse index: attributes `gpk` and `gsk`.
pub const INDEX: &str = "by_due";
/// Spreads the due outbox items, which all are written to, over this many index partitions.
pub const INDEX_SHARDS: u8 = 4;
/// Spreads the audit log of a day.
pub const AUDIT_SHARDS: u8 = 4;
/// Spreads the markers of a tenant's month.
pub const MARKER_SHARDS: u8 = 16;

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([("pk".to_owned(), AttributeValue::S(self.pk.clone())), ("sk".to_owned(), AttributeValue::S(self.sk.clone()))])
    }

    /// The key of an item that was read.
    pub fn of(item: &HashMap<String, AttributeValue>) -> Option<Self> {
        let text = |name: &str| item.get(name)?.as_s().ok().cloned();
        Some(Self { pk: text("pk")?, sk: text("sk")? })
    }

    /// The operator's settings.
    pub fn settings() -> Self {
        Self::new("OPERATOR", "SETTINGS")
    }

    /// A nurse; all nurses stand in one partition.
    pub fn nurse(id: &str) -> Self {
        Self::new("OPERATOR", format!("NURSE#{id}"))
    }

    /// One entry for each tenant, to list them.
    pub fn tenant_entry(tenant: TenantId) -> Self {
        Self::new("OPERATOR", format!("TENANT#{tenant}"))
    }

    /// A tenant's own item; its contacts stand beside it.
    pub fn tenant(tenant: TenantId) -> Self {
        Self::new(format!("TENANT#{tenant}"), "TENANT")
    }

    /// A tenant's contact.
    pub fn contact(tenant: TenantId, id: &str) -> Self {
        Self::new(format!("TENANT#{tenant}"), format!("CONTACT#{id}"))
    }

    /// The mark on a mail address.
    pub fn marked_address(address: &Digest) -> Self {
        Self::new(format!("MAIL#{}", address.as_str()), "MARK")
    }

    /// A registration code: exists once, and so belongs to one tenant.
    pub fn code(code: &RegistrationCode) -> Self {
        Self::new(format!("CODE#{code}"), "CODE")
    }

    /// A row of a tenant's roster; the rows are spread over 16 partitions.
    pub fn roster_row(tenant: TenantId, number: &Digest) -> Self {
        Self::new(format!("ROSTER#{tenant}#{}", number.shard()), number.as_str())
    }

    /// The partitions of a tenant's roster.
    pub fn roster_partitions(tenant: TenantId) -> impl Iterator<Item = String> {
        (0..16).map(move |shard| format!("ROSTER#{tenant}#{shard:x}"))
    }

    /// Who claims an employee number.
    pub fn claim(tenant: TenantId, number: &Digest) -> Self {
        Self::new(format!("CLAIM#{tenant}#{}", number.as_str()), "CLAIM")
    }

    /// What is kept of a LINE user.
    pub fn line_user(user: &Digest) -> Self {
        Self::new(format!("LINE#{}", user.as_str()), "USER")
    }

    /// The mark that an event of a user was handled.
    pub fn inbox(user: &Digest, event: &str) -> Self {
        Self::new(format!("LINE#{}", user.as_str()), format!("INBOX#{event}"))
    }

    /// Where a LINE message of a user went: found by an `unsend`.
    pub fn sent(user: &Digest, message: &str) -> Self {
        Self::new(format!("LINE#{}", user.as_str()), format!("SENT#{message}"))
    }

    /// A consultation of a member.
    pub fn consultation(member: MemberId, consultation: ConsultationId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("CONSULTATION#{consultation}"))
    }

    /// A message, sorted by its time among those of its consultation.
    pub fn message(member: MemberId, consultation: ConsultationId, at: DateTime<Utc>, message: &str) -> Self {
        let thread = Self::thread(member, consultation);
        Self::new(thread.pk, format!("{}{}#{message}", thread.sk, stamp(at)))
    }

    /// What the keys of all messages of a consultation begin with.
    pub fn thread(member: MemberId, consultation: ConsultationId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("MESSAGE#{consultation}#"))
    }

    /// A document of a consultation.
    pub fn document(member: MemberId, consultation: ConsultationId, document: DocumentId) -> Self {
        let documents = Self::documents(member, consultation);
        Self::new(documents.pk, format!("{}{document}", documents.sk))
    }

    /// What the keys of all documents of a consultation begin with.
    pub fn documents(member: MemberId, consultation: ConsultationId) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("DOCUMENT#{consultation}#"))
    }

    /// An erasure to be carried out; the earliest due is first.
    pub fn erasure(due: DateTime<Utc>, member: MemberId) -> Self {
        Self::new("ERASURE", format!("{}#{member}", stamp(due)))
    }

    /// A run of the purge for a tenant.
    pub fn purge_run(tenant: TenantId, run: PurgeId) -> Self {
        Self::new("PURGE", format!("{tenant}#{run}"))
    }

    /// Which run of a tenant is under way.
    pub fn purge_open(tenant: TenantId) -> Self {
        Self::new("PURGE", format!("OPEN#{tenant}"))
    }

    /// The partition of all that is a member's.
    pub fn partition_of_member(member: MemberId) -> String {
        format!("MEMBER#{member}")
    }

    /// The partition of all that is a LINE user's.
    pub fn partition_of_line_user(user: &Digest) -> String {
        format!("LINE#{}", user.as_str())
    }

    /// A queued effect that concerns a member.
    pub fn outbox_of_member(member: MemberId, id: Uuid) -> Self {
        Self::new(format!("MEMBER#{member}"), format!("OUTBOX#{id}"))
    }

    /// A queued effect that concerns somebody who is not registered.
    pub fn outbox_of_line_user(user: &Digest, id: Uuid) -> Self {
        Self::new(format!("LINE#{}", user.as_str()), format!("OUTBOX#{id}"))
    }

    /// A queued effect that concerns a tenant's contacts.
    pub fn outbox_of_tenant(tenant: TenantId, id: Uuid) -> Self {
        Self::new(format!("TENANT#{tenant}"), format!("OUTBOX#{id}"))
    }

    /// A queued effect that concerns the operator.
    pub fn outbox_of_operator(id: Uuid) -> Self {
        Self::new("OPERATOR", format!("OUTBOX#{id}"))
    }

    /// A delivered roster file.
    pub fn delivery(tenant: TenantId, import: ImportId) -> Self {
        Self::new(format!("ROSTERFILES#{tenant}"), format!("DELIVERY#{import}"))
    }

    /// That a file with this content was applied.
    pub fn roster_content(tenant: TenantId, content: &Digest) -> Self {
        Self::new(format!("ROSTERFILES#{tenant}"), format!("CONTENT#{}", content.as_str()))
    }

    /// What a tenant's roster files brought in a month, written `2026-11`.
    pub fn roster_month(tenant: TenantId, month: &str) -> Self {
        Self::new(format!("ROSTERFILES#{tenant}"), format!("MONTH#{month}"))
    }

    /// Who imports a tenant's roster files now.
    pub fn roster_lease(tenant: TenantId) -> Self {
        Self::new(format!("ROSTERFILES#{tenant}"), "LEASE")
    }

    /// A line of the audit log, on its day (JST).
    pub fn audit(day: NaiveDate, at: DateTime<Utc>, line: Ulid) -> Self {
        Self::new(Self::audit_partition(day, spread(line.0, AUDIT_SHARDS)), format!("{}#{line}", stamp(at)))
    }

    /// A part of the lines of a day; `shard` is below [`AUDIT_SHARDS`].
    pub fn audit_partition(day: NaiveDate, shard: u8) -> String {
        format!("AUDIT#{day}#{shard}")
    }

    /// A marker in a tenant's month, spread by `by`: what has the same one stands together.
    pub fn marker(tenant: TenantId, month: Month, kind: Kind, by: u128, marker: impl Into<String>) -> Self {
        Self::new(Self::markers(tenant, month, kind, spread(by, MARKER_SHARDS)), marker)
    }

    /// A part of a tenant's markers of a kind and month; `shard` is below [`MARKER_SHARDS`].
    pub fn markers(tenant: TenantId, month: Month, kind: Kind, shard: u8) -> String {
        format!("MARKERS#{tenant}#{month}#{}#{shard:02}", kind.code())
    }

    /// The partition of all figures of a tenant.
    pub fn partition_of_figures(tenant: TenantId) -> String {
        format!("FIGURES#{tenant}")
    }

    /// The figures of a tenant's month.
    pub fn figures(tenant: TenantId, month: Month) -> Self {
        Self::new(Self::partition_of_figures(tenant), format!("MONTH#{month}"))
    }

    /// What a company was shown of its figures.
    pub fn shown_figures(tenant: TenantId) -> Self {
        Self::new(Self::partition_of_figures(tenant), "SHOWN")
    }

    /// That a report to a tenant's contacts was queued.
    pub fn kpi_report(tenant: TenantId, occasion: Occasion, period: Period) -> Self {
        Self::new(Self::partition_of_figures(tenant), format!("REPORT#{}#{period}", occasion.code()))
    }

    /// An entry of a tenant's ledger of disclosures; the numbers have a fixed width, so that they sort.
    pub fn disclosure(tenant: TenantId, number: u64) -> Self {
        Self::new(Self::partition_of_ledger(tenant), format!("{number:010}"))
    }

    /// The partition of a tenant's ledger of disclosures.
    pub fn partition_of_ledger(tenant: TenantId) -> String {
        format!("LEDGER#{tenant}")
    }

    /// What was disclosed of a member, as the ledger's entry `number` tells.
    pub fn disclosed_text(member: MemberId, number: u64) -> Self {
        Self::new(Self::partition_of_member(member), format!("DISCLOSURE#{number:010}"))
    }

    /// A reply template.
    pub fn template(shelf: Shelf<'_>, id: &str) -> Self {
        let pk = match shelf {
            Shelf::Shared => "OPERATOR".to_owned(),
            Shelf::Of(nurse) => format!("DESK#{nurse}"),
        };
        Self::new(pk, format!("TEMPLATE#{id}"))
    }

    /// The partition of all nurses' hours.
    pub const HOURS: &str = "HOURS";

    /// A nurse's hours.
    pub fn hours(nurse: NurseId) -> Self {
        Self::new(Self::HOURS, nurse.to_string())
    }

    /// Five minutes of a nurse's time.
    pub fn cell(cell: Cell) -> Self {
        let day = time::jst_date(cell.start);
        let monday = day.week(Weekday::Mon).first_day();
        Self::new(Self::partition_of_cells(monday), format!("{}#{}", stamp(cell.start), cell.nurse))
    }

    /// The partition of a week's cells; `monday` is its first day in Japan.
    pub fn partition_of_cells(monday: NaiveDate) -> String {
        format!("CELLS#{monday}")
    }

    /// An interview of a tenant.
    pub fn interview(tenant: TenantId, interview: InterviewId) -> Self {
        Self::new(Self::partition_of_interviews(tenant), interview.to_string())
    }

    /// The partition of a tenant's interviews.
    pub fn partition_of_interviews(tenant: TenantId) -> String {
        format!("INTERVIEWS#{tenant}")
    }

    /// The request form of an interview.
    pub fn request_form(tenant: TenantId, interview: InterviewId) -> Self {
        Self::new(Self::partition_of_request_forms(tenant), interview.to_string())
    }

    /// The partition of the request forms of a tenant's interviews.
    pub fn partition_of_request_forms(tenant: TenantId) -> String {
        format!("REQUESTS#{tenant}")
    }

    /// What happened to a tenant's interviews as the `number`th; the numbers have a fixed width, so that they sort.
    pub fn interview_event(tenant: TenantId, number: u64) -> Self {
        Self::new(Self::partition_of_interview_events(tenant), format!("{number:010}"))
    }

    /// The partition of what happened to a tenant's interviews.
    pub fn partition_of_interview_events(tenant: TenantId) -> String {
        format!("ALLOWANCE#{tenant}")
    }

    /// That a request was carried out.
    pub fn carried_out(request: &Digest) -> Self {
        Self::new(format!("IDEMPOTENCY#{}", request.as_str()), "DONE")
    }

    /// A member's data key, in the key table, which has no sort key.
    pub fn data_key(member: MemberId) -> String {
        format!("MEMBER#{member}")
    }
}

/// The key of an item in the index.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IndexKey {
    /// Partition key of the index.
    pub gpk: String,
    /// Sort key of the index.
    pub gsk: String,
}

impl IndexKey {
    /// The partition of outbox items that failed for good.
    pub const FAILED: &str = "OUTBOX#FAILED";

    /// An outbox item that is to be sent at `due`, or whose sender is overdue then.
    pub fn outbox_due(id: Uuid, due: DateTime<Utc>) -> Self {
        Self { gpk: Self::outbox_shard(shard(id.as_u128())), gsk: format!("{}#{id}", stamp(due)) }
    }

    /// The partition of due outbox items of a shard below [`INDEX_SHARDS`].
    pub fn outbox_shard(shard: u8) -> String {
        format!("OUTBOX#DUE#{shard}")
    }

    /// An outbox item that failed for good, by time.
    pub fn outbox_failed(id: Uuid, at: DateTime<Utc>) -> Self {
        Self { gpk: Self::FAILED.to_owned(), gsk: format!("{}#{id}", stamp(at)) }
    }
}

fn shard(id: u128) -> u8 {
    spread(id, INDEX_SHARDS)
}

#[allow(clippy::cast_possible_truncation, reason = "the remainder is below the number of shards")]
fn spread(id: u128, shards: u8) -> u8 {
    (id % u128::from(shards)) as u8
}
