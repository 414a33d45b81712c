//! What becomes of an object in the quarantine. The document is put first, then its item says so, then the object goes; each
//! step can be done again. Whoever finds that the document is not wanted (any more) deletes both.

use std::sync::Arc;

use bytes::Bytes;
use domain::{
    conversation::Content,
    document::{DocumentType, NotKept},
    text::Text,
};
use line::{Envelope, Outgoing};
use store::{
    DataKey, Documents, Guard, Key, StoreError, Transaction, data_key,
    documents::Uploaded,
    entity::{
        consultation::Consultation,
        document::{Becomes, Deletion, State},
        line_user::{Membership, StoredLineUser},
        message::Message,
        outbox::{self, Kind, NewItem, OutboxItem, SealedWith},
    },
};

use crate::App;

/// Looks at the object of `place`.
pub async fn run(app: &App, place: &Deletion) -> Result<(), StoreError> {
    let upload = Documents::upload(place.member, place.consultation, place.document);
    match app.store.document(&place.key()).await?.map(|document| document.state) {
        Some(State::Uploading) => match owner(app, place).await? {
            Some(owner) => look(&Keeping { app, place, owner }, &upload).await?,
            None => drop_document(app, place).await?,
        },
        // Done before, by somebody who was killed, or uploaded once more with the same permit.
        Some(State::Stored | State::Awaited) => {}
        // Refused, or purged.
        Some(State::NotKept | State::Withdrawn | State::Expired) | None => drop_document(app, place).await?,
    }
    app.documents.delete(&upload).await
}

async fn drop_document(app: &App, place: &Deletion) -> Result<(), StoreError> {
    app.documents.delete(&Documents::key(place.member, place.consultation, place.document)).await
}

/// Whose document it is.
struct Owner {
    consultation: Consultation,
    stored: StoredLineUser,
    membership: Membership,
    key: Arc<DataKey>,
}

/// `None` where the membership has ended: whatever is left of it is erased.
async fn owner(app: &App, place: &Deletion) -> Result<Option<Owner>, StoreError> {
    let consultation = app.store.consultation(place.member, place.consultation).await?;
    let Some(consultation) = consultation else { return Ok(None) };
    let stored = app.store.line_user(&consultation.user).await?;
    let Some(membership) = stored.membership().filter(|membership| membership.member == place.member) else { return Ok(None) };
    let key = app.store.data_key(&app.data_keys, place.member, membership.key).await?;
    Ok(key.map(|key| Owner { consultation, stored, membership, key }))
}

async fn look(keeping: &Keeping<'_>, upload: &str) -> Result<(), StoreError> {
    match keeping.app.documents.uploaded(upload).await? {
        Uploaded::Content(content) => match DocumentType::of(&content) {
            Some(kind) => keeping.keep(content, kind).await,
            None => keeping.refuse(NotKept::OtherType).await,
        },
        Uploaded::TooLarge => keeping.refuse(NotKept::TooLarge).await,
        // Somebody else is at the same step, or it was deleted: its month ends the wait.
        Uploaded::Nothing => Ok(()),
    }
}

struct Keeping<'a> {
    app: &'a App,
    place: &'a Deletion,
    owner: Owner,
}

impl Keeping<'_> {
    /// Puts the document, then says so, in the thread too.
    async fn keep(&self, content: Bytes, kind: DocumentType) -> Result<(), StoreError> {
        let &Deletion { member, consultation, document } = self.place;
        let length = content.len() as u64;
        self.app.documents.put(&Documents::key(member, consultation, document), content, kind).await?;
        let mut transaction = self.app.store.transaction();
        Becomes::Stored(kind, length).write(&mut transaction, &self.place.key())?;
        let now = self.app.clock.now();
        let message = Message::of_member(now, &Content::Document(document), &self.owner.key)?;
        message.put(&mut transaction, member, consultation, &document.to_string())?;
        let there = &self.owner.consultation;
        there.with(there.head.clone().with_document(now)).put(&mut transaction)?;
        self.commit(transaction).await
    }

    /// Says that it is not kept, and tells the member.
    async fn refuse(&self, why: NotKept) -> Result<(), StoreError> {
        let word = self.word(why).await?;
        let mut transaction = self.app.store.transaction();
        Becomes::NotKept(why).write(&mut transaction, &self.place.key())?;
        word.pending(self.app.clock.now()).put(&mut transaction)?;
        self.commit(transaction).await
    }

    /// Where anything changed in between, the message comes again and finds it.
    async fn commit(&self, mut transaction: Transaction<'_>) -> Result<(), StoreError> {
        let generation = self.owner.membership.key;
        data_key::check(&mut transaction, self.place.member, generation)?;
        match transaction.commit().await? {
            Ok(()) => Ok(()),
            Err(cancelled) => {
                if cancelled.by(Guard::DataKey) {
                    self.app.data_keys.forget(generation);
                }
                Err(StoreError::Contention)
            }
        }
    }

    async fn word(&self, why: NotKept) -> Result<NewItem, StoreError> {
        let unsayable = |reason| StoreError::Unreadable { entity: "Outbox", reason };
        let Owner { stored, membership, key, .. } = &self.owner;
        let Some((to, _)) = stored.address(key)? else { return Err(unsayable("nobody is a member to be told")) };
        let language = self.app.store.tenant(membership.tenant).await?.map(|tenant| tenant.language).unwrap_or_default();
        let messages = Outgoing::new(vec![language.say(&Text::from(why))], Vec::new());
        let messages = messages.map_err(|_| unsayable("the words break LINE's limits"))?;
        let body = key.seal(OutboxItem::BODY, &Envelope { to, messages }).map_err(|_| unsayable("its body cannot be sealed"))?;
        let id = outbox::fresh_id();
        Ok(NewItem {
            key: Key::outbox_of_member(membership.member, id),
            id,
            effect: Kind::Line,
            channel: Some(membership.channel.clone()),
            user: Some(stored.digest().clone()),
            reply: None,
            sealed_with: SealedWith::Member(membership.member, membership.key),
            body,
        })
    }
}
