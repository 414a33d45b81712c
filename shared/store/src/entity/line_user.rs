//! What is kept of a LINE user: one item with one version. Numbers, names and the LINE id are sealed with the data key of the
//! member (or of the member to be); the rest decides what else has to be read, so it is in clear and holds no personal data.

use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    erasure::{Due, Terms},
    id::{EmploymentId, KeyGeneration, MemberId, TenantId},
    line_user::{DIALOGUE_LIFE, Dialogue, Expects, Intake, LineUser, Member, Presence, Step},
    passphrase::Lockout,
    personal::{EmployeeNumber, LineUserId, PersonName},
    roster::RosterCheck,
    tenant::ChannelName,
    time::stamp,
};

use crate::{
    DataKey, Guard, Installation, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::{INDEX_SHARDS, IndexKey},
    seal::Sealed,
    transaction::{Item, entity, item},
};

/// LINE user → member: one Get. A tenant's members, by when they are erased unless something happens: the index,
/// [`INDEX_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "LineUser",
    pk: "LINE#{user}",
    sk: "USER",
    index: "MEMBERS#{tenant}#{shard} / {erased from}#{user}",
    erasure: Erasure::Member,
};

/// The user as stored: sealed, with the version that the next write asks for.
#[derive(Debug, Clone)]
pub struct StoredLineUser {
    digest: Digest,
    item: Option<Stored>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stored {
    version: u64,
    channel: ChannelName,
    presence: Presence,
    lockout: Lockout,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialogue: Option<StoredDialogue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<StoredMember>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    index: Option<IndexKey>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredDialogue {
    tenant: TenantId,
    member: MemberId,
    key: KeyGeneration,
    #[serde(with = "domain::time::stamped")]
    started_at: DateTime<Utc>,
    step: Sealed,
    /// Digest of the number that waits for consent.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<Digest>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct StoredMember {
    id: MemberId,
    tenant: TenantId,
    key: KeyGeneration,
    #[serde(with = "domain::time::stamped")]
    registered_at: DateTime<Utc>,
    number: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    employment: Option<EmploymentId>,
    /// The last check in words, for a person who browses the table: 未照合 where the roster does not know the number, or knows it under another name.
    standing: String,
    check: RosterCheck,
    intake: Intake,
    secret: Sealed,
}

/// What only the data key shows of a member.
#[derive(Serialize, Deserialize)]
struct Secret {
    address: LineUserId,
    number: EmployeeNumber,
    name: Option<PersonName>,
    expects: Expects,
}

const SECRET: &str = "member";
const STEP: &str = "dialogue";

/// A key that opens part of a stored user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyWanted {
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub generation: KeyGeneration,
}

impl Store {
    /// The user with this digest, as stored; a stranger has no item.
    pub async fn line_user(&self, digest: &Digest) -> Result<StoredLineUser, StoreError> {
        let item = self.get(&Key::line_user(digest)).await?.map(|item| entity(ENTITY.name, item)).transpose()?;
        Ok(StoredLineUser { digest: digest.clone(), item })
    }
}

impl StoredLineUser {
    /// The tenants that the user has to do with.
    pub fn tenants(&self) -> Vec<TenantId> {
        let Some(item) = &self.item else { return Vec::new() };
        item.member.iter().map(|member| member.tenant).chain(item.dialogue.iter().map(|dialogue| dialogue.tenant)).collect()
    }

    /// The keys that [`Self::open`] needs.
    pub fn keys(&self) -> Vec<KeyWanted> {
        let Some(item) = &self.item else { return Vec::new() };
        let member = item.member.iter().map(|member| KeyWanted { member: member.id, generation: member.key });
        let dialogue = item.dialogue.iter().map(|dialogue| KeyWanted { member: dialogue.member, generation: dialogue.key });
        member.chain(dialogue).collect()
    }

    /// Digests of the numbers that the user has given: their rows and claims are read before anything is opened.
    pub fn numbers(&self) -> Vec<(TenantId, Digest)> {
        let Some(item) = &self.item else { return Vec::new() };
        let member = item.member.iter().map(|member| (member.tenant, member.number.clone()));
        let dialogue = item.dialogue.iter().filter_map(|dialogue| Some((dialogue.tenant, dialogue.number.clone()?)));
        member.chain(dialogue).collect()
    }

    /// Whether the user is this member, or about to become it.
    pub fn is(&self, member: MemberId) -> bool {
        self.keys().iter().any(|key| key.member == member)
    }

    /// Whether the user is a member.
    pub fn is_member(&self) -> bool {
        self.item.as_ref().is_some_and(|item| item.member.is_some())
    }

    /// Whether the user blocks the account of this channel.
    pub fn blocks(&self, channel: &ChannelName) -> bool {
        self.item.as_ref().is_some_and(|item| item.presence.blocked_since.is_some() && item.channel == *channel)
    }

    /// Opens what is sealed. `key` gives the data keys that are left: a member or a dialogue whose key is gone was erased, and so
    /// is forgotten.
    pub fn open(&self, key: impl Fn(KeyGeneration) -> Option<Arc<DataKey>>) -> Result<LineUser, StoreError> {
        let Some(item) = &self.item else { return Ok(LineUser::default()) };
        let member = item.member.as_ref().and_then(|stored| Some((stored, key(stored.key)?)));
        let dialogue = item.dialogue.as_ref().and_then(|stored| Some((stored, key(stored.key)?)));
        Ok(LineUser {
            presence: item.presence,
            lockout: item.lockout,
            dialogue: dialogue.map(|(stored, key)| stored.open(&key)).transpose()?,
            member: member.map(|(stored, key)| stored.open(&key)).transpose()?,
        })
    }

    /// Writes `user` in the place of what is stored, where nobody else wrote in between. What is sealed of a member is sealed
    /// anew, with the LINE id that the event came from.
    pub fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        user: &LineUser,
        writer: &Writer<'_>,
        key: impl Fn(KeyGeneration) -> Option<Arc<DataKey>>,
    ) -> Result<(), StoreError> {
        let key_of = |generation| key(generation).ok_or_else(|| unreadable("its key is not at hand"));
        let dialogue =
            user.dialogue.as_ref().map(|dialogue| StoredDialogue::seal(dialogue, writer, &*key_of(dialogue.key)?)).transpose()?;
        let member = user.member.as_ref().map(|member| StoredMember::seal(member, writer, &*key_of(member.key)?)).transpose()?;
        let version = self.version() + 1;
        // Of somebody who is no member nothing has to stay longer than an unfinished dialogue.
        let ttl = user.member.is_none().then(|| (writer.now + DIALOGUE_LIFE).timestamp());
        let (channel, presence, lockout) = (writer.channel.clone(), user.presence, user.lockout);
        let index = member.as_ref().map(|member| IndexKey::member(member, &self.digest, presence, writer.terms));
        self.put(transaction, &Stored { version, channel, presence, lockout, dialogue, member, ttl, index })
    }

    fn put(&self, transaction: &mut Transaction<'_>, stored: &Stored) -> Result<(), StoreError> {
        let item = item(ENTITY.name, &Key::line_user(&self.digest), stored)?;
        match self.item {
            None => transaction.put_new(Guard::Version, item),
            Some(_) => transaction.put_if(Guard::Version, item, "version = :version", &[self.expected_version()]),
        }
    }

    /// The user in a fetched item.
    pub fn of(digest: &Digest, item: Option<Item>) -> Result<Self, StoreError> {
        Ok(Self { digest: digest.clone(), item: item.map(|item| entity(ENTITY.name, item)).transpose()? })
    }

    /// What is known of the membership without any key.
    pub fn membership(&self) -> Option<Membership> {
        let item = self.item.as_ref()?;
        let member = item.member.as_ref()?;
        Some(Membership {
            member: member.id,
            tenant: member.tenant,
            key: member.key,
            number: member.number.clone(),
            employment: member.employment,
            registered_at: member.registered_at,
            intake: member.intake,
            blocked_since: item.presence.blocked_since,
            channel: item.channel.clone(),
        })
    }

    /// The LINE id and the number of the member, whose key this is; `None` where there is no member.
    pub fn address(&self, key: &DataKey) -> Result<Option<(LineUserId, EmployeeNumber)>, StoreError> {
        let Some(member) = self.item.as_ref().and_then(|item| item.member.as_ref()) else { return Ok(None) };
        let secret: Secret = key.open(SECRET, &member.secret).map_err(|_| unreadable("its member does not open"))?;
        Ok(Some((secret.address, secret.number)))
    }

    /// Says where the member's consultation stands by now.
    pub fn with_intake(&self, transaction: &mut Transaction<'_>, intake: Intake) -> Result<(), StoreError> {
        let Some((item, member)) = self.item.as_ref().and_then(|item| Some((item, item.member.clone()?))) else { return Ok(()) };
        self.put(transaction, &Stored { version: item.version + 1, member: Some(StoredMember { intake, ..member }), ..item.clone() })
    }

    /// Ends the membership; nothing of it stays in the item. A registration under way goes on, unless it is over at `now`.
    /// Answers whose key is to be destroyed with that.
    pub fn close(&self, transaction: &mut Transaction<'_>, now: DateTime<Utc>) -> Result<Option<MemberId>, StoreError> {
        let Some(item) = &self.item else { return Ok(None) };
        let (over, dialogue) = match item.dialogue.clone() {
            Some(dialogue) if now >= dialogue.started_at + DIALOGUE_LIFE => (Some(dialogue.member), None),
            dialogue => (None, dialogue),
        };
        let ttl = Some((now + DIALOGUE_LIFE).timestamp());
        self.put(transaction, &Stored { version: item.version + 1, dialogue, member: None, ttl, index: None, ..item.clone() })?;
        Ok(over)
    }

    /// Binds a member who never was matched to the employment that holds the number by now.
    pub fn bind(&self, transaction: &mut Transaction<'_>, employment: EmploymentId, terms: Terms) -> Result<(), StoreError> {
        let Some((item, member)) = self.item.as_ref().and_then(|item| Some((item, item.member.clone()?))) else { return Ok(()) };
        let member = StoredMember { employment: Some(employment), ..member };
        let index = Some(IndexKey::member(&member, &self.digest, item.presence, terms));
        self.put(transaction, &Stored { version: item.version + 1, member: Some(member), index, ..item.clone() })
    }

    /// Places the member anew in the index, where the operator's terms have changed since the last write.
    pub fn place_anew(&self, transaction: &mut Transaction<'_>, terms: Terms) -> Result<(), StoreError> {
        let Some((item, member)) = self.item.as_ref().and_then(|item| Some((item, item.member.as_ref()?))) else { return Ok(()) };
        let index = Some(IndexKey::member(member, &self.digest, item.presence, terms));
        self.put(transaction, &Stored { version: item.version + 1, index, ..item.clone() })
    }

    /// Removes what is left of somebody who is no member and about to become none.
    pub fn remove(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let key = Key::line_user(&self.digest);
        transaction.delete_if(Guard::Version, &key, "attribute_not_exists(pk) OR version = :version", &[self.expected_version()])
    }

    /// Whose item it is.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Writes nothing, but asks that nobody else wrote in between.
    pub fn unchanged(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let key = Key::line_user(&self.digest);
        match self.item {
            None => transaction.check(Guard::Version, &key, "attribute_not_exists(pk)", &[]),
            Some(_) => transaction.check(Guard::Version, &key, "version = :version", &[self.expected_version()]),
        }
    }

    fn version(&self) -> u64 {
        self.item.as_ref().map_or(0, |item| item.version)
    }

    fn expected_version(&self) -> (&'static str, AttributeValue) {
        (":version", AttributeValue::N(self.version().to_string()))
    }
}

/// What is known of a membership without any key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub member: MemberId,
    /// With which company.
    pub tenant: TenantId,
    /// What everything of the member is sealed with.
    pub key: KeyGeneration,
    /// The claimed number.
    pub number: Digest,
    /// The employment whose access the member has.
    pub employment: Option<EmploymentId>,
    /// When consent was given.
    pub registered_at: DateTime<Utc>,
    /// Where the consultation stands.
    pub intake: Intake,
    /// Since when the account is blocked.
    pub blocked_since: Option<DateTime<Utc>>,
    /// The channel of the last event.
    pub channel: ChannelName,
}

impl Membership {
    /// When the member is erased unless something happens.
    pub fn due(&self, terms: Terms) -> Option<Due> {
        terms.due(self.blocked_since, self.registered_at, self.employment)
    }
}

impl IndexKey {
    /// A member, by when they are erased unless something happens; who is not, at the end of time.
    fn member(member: &StoredMember, user: &Digest, presence: Presence, terms: Terms) -> Self {
        let due = terms.due(presence.blocked_since, member.registered_at, member.employment);
        let at = due.map_or(DateTime::<Utc>::MAX_UTC, |due| due.at);
        Self { gpk: Self::members_shard(member.tenant, user.index_shard()), gsk: format!("{}#{}", stamp(at), user.as_str()) }
    }

    fn members_shard(tenant: TenantId, shard: u8) -> String {
        format!("MEMBERS#{tenant}#{shard}")
    }
}

impl Store {
    /// LINE users who are members of `tenant` and are erased at `until` or before unless something happens, the earliest of
    /// each index partition first, `most` of each.
    pub async fn members_due(&self, tenant: TenantId, until: DateTime<Utc>, most: usize) -> Result<Vec<Digest>, StoreError> {
        self.members_until(tenant, &stamp(until), most).await
    }

    /// All LINE users who are members of `tenant`, `most` of each index partition.
    pub async fn members(&self, tenant: TenantId, most: usize) -> Result<Vec<Digest>, StoreError> {
        self.members_until(tenant, "~", most).await
    }

    async fn members_until(&self, tenant: TenantId, until: &str, most: usize) -> Result<Vec<Digest>, StoreError> {
        let shards = (0..INDEX_SHARDS).map(async |shard| self.index_all_until(&IndexKey::members_shard(tenant, shard), until, most).await);
        let keys = futures::future::try_join_all(shards).await?.concat();
        Ok(keys.iter().filter_map(Digest::of_line_user).collect())
    }
}

/// Who writes, when and through what.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The LINE id of the user.
    pub address: &'a LineUserId,
    /// The channel that the event came through.
    pub channel: &'a ChannelName,
    /// Makes digests.
    pub installation: &'a Installation,
    /// When members of whom nothing is heard are erased.
    pub terms: Terms,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl StoredDialogue {
    fn seal(dialogue: &Dialogue, writer: &Writer<'_>, key: &DataKey) -> Result<Self, StoreError> {
        let number = match &dialogue.step {
            Step::Consent(number) => Some(writer.installation.number(dialogue.tenant, number)),
            Step::Passphrase | Step::Number => None,
        };
        Ok(Self {
            tenant: dialogue.tenant,
            member: dialogue.member,
            key: dialogue.key,
            started_at: dialogue.started_at,
            step: key.seal(STEP, &dialogue.step).map_err(|_| unreadable("it cannot be sealed"))?,
            number,
        })
    }

    fn open(&self, key: &DataKey) -> Result<Dialogue, StoreError> {
        let step = key.open(STEP, &self.step).map_err(|_| unreadable("its dialogue does not open"))?;
        Ok(Dialogue { tenant: self.tenant, member: self.member, key: self.key, started_at: self.started_at, step })
    }
}

impl StoredMember {
    fn seal(member: &Member, writer: &Writer<'_>, key: &DataKey) -> Result<Self, StoreError> {
        let secret = Secret {
            address: writer.address.clone(),
            number: member.number.clone(),
            name: member.name.clone(),
            expects: member.expects.clone(),
        };
        let standing = match member.check {
            RosterCheck::Matched(_) => "照合済",
            RosterCheck::NameMissing => "番号照合済",
            RosterCheck::NumberUnknown | RosterCheck::NameDiffers => "未照合",
        };
        Ok(Self {
            id: member.id,
            tenant: member.tenant,
            key: member.key,
            registered_at: member.registered_at,
            number: writer.installation.number(member.tenant, &member.number),
            employment: member.employment,
            standing: standing.to_owned(),
            check: member.check,
            intake: member.intake,
            secret: key.seal(SECRET, &secret).map_err(|_| unreadable("it cannot be sealed"))?,
        })
    }

    fn open(&self, key: &DataKey) -> Result<Member, StoreError> {
        let secret: Secret = key.open(SECRET, &self.secret).map_err(|_| unreadable("its member does not open"))?;
        Ok(Member {
            id: self.id,
            tenant: self.tenant,
            key: self.key,
            registered_at: self.registered_at,
            number: secret.number,
            name: secret.name,
            employment: self.employment,
            check: self.check,
            expects: secret.expects,
            intake: self.intake,
        })
    }
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: ENTITY.name, reason }
}
