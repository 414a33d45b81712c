//! Fetches a picture or file that a member sent from LINE and keeps it as a document (rows B1, B5).
//!
//! The object is put first, then its item says so. Whoever finds that the item does not wait for it any more (withdrawn, purged)
//! deletes the object again; who is killed in between is found by the sweep, which comes here and finds the same.

use std::time::Duration;

use bytes::Bytes;
use domain::{
    document::{DocumentType, LARGEST, NotKept},
    id::{KeyGeneration, MemberId},
    text::Text,
};
use line::{ChannelCredentials, ContentAnswer, Envelope, MessageId, Outgoing, SendError};
use store::{
    DataKey, Documents, Key, StoreError, data_key,
    entity::{
        document::{Becomes, Deletion, Fetch, State},
        outbox::{self, Kind, NewItem, OutboxItem, Outcome, SealedWith},
        sent::Withdrawing,
    },
    installation::Digest,
};

use crate::{
    App,
    deliver::{Attempt, open},
    to_line::{UNKNOWN_CHANNEL, credentials},
};

/// Together with storing it has to end within the lease.
const FETCH: Duration = Duration::from_secs(10);
/// LINE deletes contents after a time that it does not state: after so many attempts (two hours) the member is asked to send it again.
const LAST_FETCH: u32 = 8;

/// Makes one attempt.
pub async fn run(app: &App, item: &OutboxItem) -> Result<Attempt, StoreError> {
    let (Some(channel), Some(user), SealedWith::Member(member, generation)) = (&item.channel, &item.user, item.sealed_with) else {
        return Ok(Attempt::Refused("names no channel, user or member"));
    };
    let fetch: Fetch = match open(app, item).await? {
        Ok(fetch) => fetch,
        Err(erased @ Attempt::Dropped(_)) => {
            app.documents.delete(&Documents::of_member(member)).await?;
            return Ok(erased);
        }
        Err(without) => return Ok(without),
    };
    let work = Fetching {
        app,
        item,
        member,
        generation,
        key: Key::document(member, fetch.consultation, fetch.document),
        object: Documents::key(member, fetch.consultation, fetch.document),
        fetch: &fetch,
    };
    if !app.store.line_user(user).await?.is(member) {
        app.documents.delete(&work.object).await?;
        return Ok(Attempt::Dropped("the membership has ended"));
    }
    let Some(channel) = app.parameters.channel(channel).await? else { return Ok(UNKNOWN_CHANNEL) };
    let Ok(message) = MessageId::parse(&fetch.message) else { return Ok(Attempt::Refused("names no message of LINE")) };
    match work.state().await? {
        Some(State::Awaited) => {}
        Some(State::Stored | State::NotKept) => return Ok(Attempt::Accepted),
        Some(State::Uploading | State::Withdrawn | State::Expired) | None => return work.withdrawn().await,
    }
    let tried = work.fetch(&credentials(&channel), &message, user).await;
    let why = match &tried {
        Ok(Attempt::Later { why, .. }) => why,
        Err(_) => "our own failure",
        Ok(_) => return tried,
    };
    if item.attempt < LAST_FETCH { tried } else { work.refuse(NotKept::NotFetched, Outcome::Failed(why)).await }
}

fn later(why: &'static str) -> Attempt {
    Attempt::Later { why, after: None, token_spent: false }
}

struct Fetching<'a> {
    app: &'a App,
    item: &'a OutboxItem,
    member: MemberId,
    generation: KeyGeneration,
    fetch: &'a Fetch,
    key: Key,
    object: String,
}

impl Fetching<'_> {
    async fn state(&self) -> Result<Option<State>, StoreError> {
        Ok(self.app.store.document(&self.key).await?.map(|document| document.state))
    }

    async fn fetch(&self, channel: &ChannelCredentials, message: &MessageId, user: &Digest) -> Result<Attempt, StoreError> {
        match self.app.line.content(channel, message, LARGEST, FETCH).await {
            Ok(ContentAnswer::Content(content)) => match DocumentType::of(&content) {
                Some(kind) => self.keep(content, kind).await,
                None => self.refuse(NotKept::OtherType, Outcome::Dropped("none of the kinds that are kept")).await,
            },
            Ok(ContentAnswer::TooLarge) => self.refuse(NotKept::TooLarge, Outcome::Dropped("too large")).await,
            Ok(ContentAnswer::Missing) => self.refuse(NotKept::NotFetched, Outcome::Failed("LINE does not have it")).await,
            // The event that says so is on its way, or is lost.
            Ok(ContentAnswer::Withdrawn) => {
                let installation = self.app.parameters.installation().await?;
                let withdrawing = Withdrawing { installation: &installation, deletion: outbox::fresh_id(), now: self.app.clock.now() };
                self.app.store.withdraw(user, message.as_str(), &withdrawing).await?;
                self.withdrawn().await
            }
            Ok(ContentAnswer::Preparing) => Ok(later("LINE prepares it")),
            Err(SendError::Rate { retry_after }) => Ok(Attempt::Later { why: "rate limit", after: retry_after, token_spent: false }),
            Err(SendError::Unauthorized { .. }) => Ok(Attempt::Unauthorized),
            Err(_) => Ok(later("LINE did not hand it out")),
        }
    }

    /// Puts the object, then says so.
    async fn keep(&self, content: Bytes, kind: DocumentType) -> Result<Attempt, StoreError> {
        let length = content.len() as u64;
        self.app.documents.put(&self.object, content, kind).await?;
        let mut transaction = self.app.store.transaction();
        Becomes::Stored(kind, length).write(&mut transaction, &self.key)?;
        data_key::check(&mut transaction, self.member, self.generation)?;
        self.item.settle_in(&mut transaction, &Outcome::Sent, self.app.clock.now())?;
        match transaction.commit().await? {
            Ok(()) => Ok(Attempt::Settled(Outcome::Sent)),
            Err(_) => self.look_again().await,
        }
    }

    /// Says that it is not kept, tells the member, and has deleted what a former attempt may have put before it was killed.
    async fn refuse(&self, why: NotKept, outcome: Outcome) -> Result<Attempt, StoreError> {
        let now = self.app.clock.now();
        let Some(data_key) = self.app.store.data_key(&self.app.data_keys, self.member, self.generation).await? else {
            return Ok(Attempt::Dropped("the person was erased"));
        };
        let Some(word) = self.word(why, &data_key)? else { return Ok(Attempt::Refused("the word to the member breaks LINE's limits")) };
        let installation = self.app.parameters.installation().await?;
        let deletion = Deletion { member: self.member, consultation: self.fetch.consultation, document: self.fetch.document };
        let mut transaction = self.app.store.transaction();
        Becomes::NotKept(why).write(&mut transaction, &self.key)?;
        deletion.queue(&mut transaction, outbox::fresh_id(), &installation, now, now)?;
        data_key::check(&mut transaction, self.member, self.generation)?;
        word.pending(now).put(&mut transaction)?;
        self.item.settle_in(&mut transaction, &outcome, now)?;
        match transaction.commit().await? {
            Ok(()) => Ok(Attempt::Settled(outcome)),
            Err(_) => self.look_again().await,
        }
    }

    fn word(&self, why: NotKept, data_key: &DataKey) -> Result<Option<NewItem>, StoreError> {
        let Ok(messages) = Outgoing::new(vec![self.fetch.language.say(&Text::from(why))], Vec::new()) else { return Ok(None) };
        let envelope = Envelope { to: self.fetch.to.clone(), messages };
        let body = data_key.seal(OutboxItem::BODY, &envelope);
        let body = body.map_err(|_| StoreError::Unreadable { entity: "Outbox", reason: "its body cannot be sealed" })?;
        let id = outbox::fresh_id();
        Ok(Some(NewItem {
            key: Key::outbox_of_member(self.member, id),
            id,
            effect: Kind::Line,
            channel: self.item.channel.clone(),
            user: self.item.user.clone(),
            reply: None,
            sealed_with: self.item.sealed_with,
            body,
        }))
    }

    /// The document changed, or somebody else works on it, while this attempt was under way: what is not wanted any more goes.
    async fn look_again(&self) -> Result<Attempt, StoreError> {
        match self.state().await? {
            Some(State::Stored) => Ok(Attempt::Accepted),
            Some(State::Awaited) => Ok(later("another attempt is under way")),
            Some(State::Uploading | State::NotKept | State::Withdrawn | State::Expired) | None => self.withdrawn().await,
        }
    }

    async fn withdrawn(&self) -> Result<Attempt, StoreError> {
        self.app.documents.delete(&self.object).await?;
        Ok(Attempt::Dropped("withdrawn"))
    }
}
