//! The ledger of disclosures (row B4). A tenant's entries form a chain: each holds the hash of the one before it, and the hash of
//! the *ciphertext* of what was disclosed. So the text can be erased with the member's key, and the chain still proves that no
//! entry was changed, left out or put elsewhere. That none was cut off at the end, the contact can tell: the mail names the
//! entry's number and the beginning of its hash.
//!
//! An entry names no member, and no consultation: after an erasure nothing in it leads to a person, also not to the same person as
//! another entry. The text stands in the member's partition and names its entry.

use chrono::{DateTime, Utc};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::{
    disclosure::{Consent, Disclosed, Disclosure, Reason},
    id::{MemberId, TenantId},
    mail::Mail,
    personal::PersonName,
    text::{Language, Text},
    time::{self, stamp},
};

use crate::{
    DataKey, Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure, contact::Contact, outbox::NewItem},
    seal::Sealed,
    transaction::{entity, item},
};

/// A tenant's ledger in its order: one Query. Its last entry: the same, backwards.
pub const ENTITY: Entity = Entity {
    name: "Disclosure",
    pk: "LEDGER#{tenant}",
    sk: "{number}",
    index: "",
    erasure: Erasure::Kept("proves what was disclosed when and why, without saying about whom; the text goes with the member"),
};
/// What was disclosed of a member: one Query.
pub const TEXT: Entity =
    Entity { name: "DisclosedText", pk: "MEMBER#{member}", sk: "DISCLOSURE#{number}", index: "", erasure: Erasure::Member };

const FIELD: &str = "disclosure";

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose ledger.
    pub tenant: TenantId,
    /// Its place in it, from 1.
    pub number: u64,
    /// When.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
    /// The id of the nurse who disclosed.
    pub nurse: String,
    /// The nurse's name.
    pub nurse_name: PersonName,
    /// The id of the contact who was told.
    pub contact: String,
    /// Why.
    pub reason: Reason,
    /// Whether the member agreed.
    pub consent: Consent,
    /// SHA-256 of the text's ciphertext.
    pub text_hash: String,
    /// [`Self::hash`] of the entry before it; empty in the first one.
    pub previous: String,
    /// SHA-256 of all of the above, see [`Self::canonical`].
    pub hash: String,
}

/// A ledger whose entries are not those that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the chain breaks at entry {number}: it, or the one before it, was changed or removed")]
pub struct Broken {
    /// The first entry that does not fit.
    pub number: u64,
}

/// Whether these are all entries of a ledger up to the last one of them, in their order and as they were written.
///
/// # Errors
/// Names the first place at which the chain breaks.
pub fn verify(entries: &[Entry]) -> Result<(), Broken> {
    let mut previous: Option<&Entry> = None;
    for (entry, number) in entries.iter().zip(1..) {
        let hash = previous.map_or("", |entry| entry.hash.as_str());
        let is_next = entry.number == number && entry.previous == hash && entry.hash == entry.canonical();
        let is_of_the_tenant = previous.is_none_or(|before| before.tenant == entry.tenant);
        if !is_next || !is_of_the_tenant {
            return Err(Broken { number });
        }
        previous = Some(entry);
    }
    Ok(())
}

impl Entry {
    /// The hash of everything but [`Self::hash`] itself. Each part stands behind its length, so that no two entries have the same bytes.
    fn canonical(&self) -> String {
        let (tenant, number, at) = (self.tenant.to_string(), self.number.to_string(), stamp(self.at));
        let parts = [
            tenant.as_str(),
            &number,
            &at,
            &self.nurse,
            self.nurse_name.expose(),
            &self.contact,
            self.reason.code(),
            self.consent.code(),
            &self.text_hash,
            &self.previous,
        ];
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        hexadecimal(context.finish().as_ref())
    }

    /// What the contact's mail names: whoever cuts entries off at the end cannot take it back.
    pub fn check_value(&self) -> &str {
        self.hash.get(..16).unwrap_or_default()
    }

    /// Whether `text` is the one that this entry tells of.
    pub fn is_of(&self, text: &DisclosedText) -> bool {
        self.number == text.number && self.text_hash == hash(&text.text)
    }
}

/// What was disclosed, sealed with the member's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosedText {
    /// The entry's number.
    pub number: u64,
    /// When.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
    text: Sealed,
}

impl DisclosedText {
    /// The text.
    pub fn text(&self, key: &DataKey) -> Result<Disclosed, StoreError> {
        key.open(FIELD, &self.text).map_err(|_| StoreError::Unreadable { entity: TEXT.name, reason: "it does not open" })
    }
}

/// A disclosure that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Disclosing<'a> {
    /// The tenant whose contact is told.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: &'a str,
    /// The member's key.
    pub key: &'a DataKey,
    /// The nurse's id and name.
    pub nurse: (&'a str, &'a PersonName),
    /// What, why, and whether the member agreed.
    pub disclosure: &'a Disclosure,
    /// Who is told: [`Disclosure::contact`].
    pub contact: &'a Contact,
    /// How the contact reaches the nurses.
    pub reach: &'a str,
    /// The id of the mail in the outbox.
    pub mail: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

impl Disclosing<'_> {
    /// Appends the disclosure behind `last` in one transaction: the entry, the sealed text, and the mail to the contact, which
    /// waits sealed with the member's key too, so that an erasure reaches it. [`Guard::Ledger`] fails where somebody else appended in
    /// between: read [`Store::last_disclosure`] again and append behind that. The caller checks that the member's key still exists
    /// ([`crate::data_key::check`]), as it does for whatever else it writes.
    pub fn append(&self, transaction: &mut Transaction<'_>, last: Option<&Entry>) -> Result<Entry, StoreError> {
        let sealed = self.key.seal(FIELD, &self.disclosure.text);
        let text = sealed.map_err(|_| StoreError::Unreadable { entity: TEXT.name, reason: "it cannot be sealed" })?;
        let entry = self.entry(last, hash(&text));
        let stored = DisclosedText { number: entry.number, at: self.at, text };
        transaction.put_new(Guard::Ledger, item(ENTITY.name, &Key::disclosure(entry.tenant, entry.number), &entry)?)?;
        transaction.put_new(Guard::Unique, item(TEXT.name, &Key::disclosed_text(self.key.member, entry.number), &stored)?)?;
        NewItem::mail_about_member(self.key, self.mail, &self.mail(&entry))?.pending(self.at).put(transaction)?;
        Ok(entry)
    }

    fn entry(&self, last: Option<&Entry>, text_hash: String) -> Entry {
        let mut entry = Entry {
            tenant: self.tenant,
            number: last.map_or(1, |last| last.number + 1),
            at: self.at,
            nurse: self.nurse.0.to_owned(),
            nurse_name: self.nurse.1.clone(),
            contact: self.contact.id.clone(),
            reason: self.disclosure.reason,
            consent: self.disclosure.consent,
            text_hash,
            previous: last.map(|last| last.hash.clone()).unwrap_or_default(),
            hash: String::new(),
        };
        entry.hash = entry.canonical();
        entry
    }

    /// Contacts read Japanese.
    fn mail(&self, entry: &Entry) -> Mail {
        let body = Text::DisclosureMailBody {
            tenant: self.tenant_name.to_owned(),
            contact: self.contact.name.clone(),
            text: self.disclosure.text.expose().to_owned(),
            nurse: self.nurse.1.clone(),
            reach: self.reach.to_owned(),
            number: entry.number,
            check: entry.check_value().to_owned(),
        };
        Mail::new(self.contact.mail.clone(), Language::Ja.say(&Text::DisclosureMailSubject), Language::Ja.say(&body))
    }
}

impl Store {
    /// The last entry of a tenant's ledger.
    pub async fn last_disclosure(&self, tenant: TenantId) -> Result<Option<Entry>, StoreError> {
        let last = self.query_last(&Key::partition_of_ledger(tenant)).await?;
        last.map(|item| entity(ENTITY.name, item)).transpose()
    }

    /// A tenant's ledger in its order.
    pub async fn ledger(&self, tenant: TenantId) -> Result<Vec<Entry>, StoreError> {
        let items = self.query_all(&Key::partition_of_ledger(tenant)).await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }

    /// What was disclosed of a member, oldest first.
    pub async fn disclosed_texts(&self, member: MemberId) -> Result<Vec<DisclosedText>, StoreError> {
        let items = self.query_prefix(&Key::partition_of_member(member), "DISCLOSURE#").await?;
        items.into_iter().map(|item| entity(TEXT.name, item)).collect()
    }
}

fn hash(text: &Sealed) -> String {
    hexadecimal(ring::digest::digest(&SHA256, text.bytes()).as_ref())
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
    use domain::employee;
    use ulid::Ulid;

    use super::*;

    fn chain(length: u64) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for number in 1..=length {
            let mut entry = Entry {
                tenant: TenantId::new(Ulid(7)),
                number,
                at: DateTime::UNIX_EPOCH,
                nurse: "n".to_owned(),
                nurse_name: employee::parse_name("佐藤 恵").unwrap(),
                contact: "c".to_owned(),
                reason: Reason::Life,
                consent: Consent::NoTime,
                text_hash: "00".to_owned(),
                previous: entries.last().map(|last| last.hash.clone()).unwrap_or_default(),
                hash: String::new(),
            };
            entry.hash = entry.canonical();
            entries.push(entry);
        }
        entries
    }

    #[test]
    fn a_chain_is_whole_as_it_was_written() {
        for length in [0, 1, 5] {
            assert_eq!(verify(&chain(length)), Ok(()), "{length}");
        }
    }

    #[test]
    fn what_is_changed_left_out_doubled_or_moved_breaks_the_chain_there() {
        type Change = fn(&mut Vec<Entry>);
        let changes: [(Change, u64); 10] = [
            (|entries| entries[2].reason = Reason::Law, 3),
            (|entries| entries[2].consent = Consent::Given, 3),
            (|entries| entries[2].contact = "d".to_owned(), 3),
            (|entries| entries[2].text_hash = "01".to_owned(), 3),
            (|entries| entries[2].at += chrono::TimeDelta::milliseconds(1), 3),
            (|entries| drop(entries.remove(2)), 3),
            (|entries| drop(entries.remove(0)), 1),
            (|entries| entries.insert(2, entries[2].clone()), 4),
            (|entries| entries.swap(1, 2), 2),
            (
                |entries| {
                    entries[2].nurse = "m".to_owned();
                    entries[2].hash = entries[2].canonical();
                },
                4,
            ),
        ];
        for (place, (change, number)) in changes.into_iter().enumerate() {
            let mut entries = chain(5);
            change(&mut entries);
            assert_eq!(verify(&entries), Err(Broken { number }), "change {place}");
        }
    }

    #[test]
    fn parts_of_an_entry_do_not_run_into_each_other() {
        let entry = chain(1).remove(0);
        let one = Entry { nurse: "ab".to_owned(), contact: "c".to_owned(), ..entry.clone() };
        let other = Entry { nurse: "a".to_owned(), contact: "bc".to_owned(), ..entry };
        assert_ne!(one.canonical(), other.canonical());
    }
}
