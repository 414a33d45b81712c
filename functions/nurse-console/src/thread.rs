//! A thread as it is now: five calls for whatever is in it, and one of KMS.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use domain::{
    conversation::Content,
    id::{ConsultationId, MemberId},
    line_user::Member,
    personal::{DocumentName, LineUserId},
    roster::{self, RosterCheck, RosterRow},
    tenant::Tenant,
};
use store::{
    DataKey, Key, StoreError, Wanted,
    entity::{
        claim::Claimants,
        consultation::Consultation,
        document::Document,
        line_user::{Membership, StoredLineUser},
        message::Message,
        nurse::Nurse,
        roster as rows,
        settings::Settings,
        tenant,
    },
};

use crate::App;

/// What there is of a thread.
pub struct Thread {
    /// Its head.
    pub consultation: Consultation,
    /// What was said, opened; `None` where it was withdrawn.
    pub messages: Vec<(Message, Option<Content>)>,
    /// Documents with their names.
    pub documents: Vec<(Document, Option<DocumentName>)>,
    /// Whose.
    pub whose: Whose,
    /// The operator's settings.
    pub settings: Settings,
}

/// The member behind a thread.
pub struct Whose {
    /// As stored.
    pub stored: StoredLineUser,
    /// What is known of the membership without a key.
    pub membership: Membership,
    /// As given.
    pub member: Member,
    /// Where pushes go.
    pub address: LineUserId,
    /// What everything of the member is sealed with.
    pub key: Arc<DataKey>,
    /// The company.
    pub tenant: Tenant,
    /// The roster's row for the member's number.
    pub row: Option<RosterRow>,
    /// Who claims the number.
    pub claimants: Claimants,
}

impl Whose {
    /// Number and name against the roster at `now` (row A3).
    pub fn check(&self, now: DateTime<Utc>) -> RosterCheck {
        roster::check(self.member.name.as_ref(), self.row.as_ref(), now)
    }

    /// Whether the member's access has ended by the roster (row A4).
    pub fn has_left(&self, now: DateTime<Utc>) -> bool {
        roster::has_left(self.member.employment, self.row.as_ref(), now)
    }
}

/// What was found in the place of a thread.
pub enum Found {
    /// The thread, with the nurse who asks as the roster of staff knows them.
    Thread(Box<Thread>, Option<Nurse>),
    /// There is none, or its member is being erased.
    Nothing(Option<Nurse>),
}

/// Reads a thread and the nurse with the id `staff`.
pub async fn read(app: &App, staff: &str, member: MemberId, consultation: ConsultationId) -> Result<Found, StoreError> {
    let (nurse_key, head_key) = (Key::nurse(staff), Key::consultation(member, consultation));
    let first = Wanted { items: vec![nurse_key.clone(), Key::settings(), head_key.clone()], data_keys: Vec::new() };
    let (fetched, messages, documents) =
        tokio::try_join!(app.store.fetch(&first), app.store.messages(member, consultation), app.store.documents(member, consultation),)?;
    let nurse = fetched.item(&nurse_key).cloned().map(Nurse::from_item).transpose()?;
    let Some(head) = fetched.item(&head_key).cloned() else { return Ok(Found::Nothing(nurse)) };
    let consultation = Consultation::from_item(head)?;
    let settings = Settings::from_item(fetched.item(&Key::settings()))?;
    let Some(whose) = whose(app, &consultation).await? else { return Ok(Found::Nothing(nurse)) };
    let open = |message: Message| message.content(&whose.key).map(|content| (message, content));
    let messages = messages.into_iter().map(open).collect::<Result<_, _>>()?;
    let name = |document: Document| document.name(&whose.key).map(|name| (document, name));
    let documents = documents.into_iter().map(name).collect::<Result<_, _>>()?;
    Ok(Found::Thread(Box::new(Thread { consultation, messages, documents, whose, settings }), nurse))
}

/// The member whose consultation it is; `None` where the membership has ended.
pub async fn whose(app: &App, consultation: &Consultation) -> Result<Option<Whose>, StoreError> {
    let (user, member, tenant) = (&consultation.user, consultation.member, consultation.head.tenant);
    let wanted = Wanted { items: vec![Key::line_user(user), Key::tenant(tenant)], data_keys: vec![member] };
    let fetched = app.store.fetch(&wanted).await?;
    let stored = StoredLineUser::of(user, fetched.item(&Key::line_user(user)).cloned())?;
    let Some(membership) = stored.membership().filter(|membership| membership.member == member) else { return Ok(None) };
    let (Some(wrapped), Some(item)) = (fetched.data_key(member), fetched.item(&Key::tenant(tenant))) else { return Ok(None) };
    let Some(key) = app.data_keys.unwrap(member, membership.key, wrapped).await? else { return Ok(None) };
    let opened = stored.open(|generation| (generation == key.generation).then(|| key.clone()))?;
    let (Some(member), Some((address, _))) = (opened.member, stored.address(&key)?) else { return Ok(None) };
    let tenant = tenant::from_item(item.clone())?;
    let (row_key, claim_key) = (Key::roster_row(tenant.id, &membership.number), Key::claim(tenant.id, &membership.number));
    let fetched = app.store.fetch(&Wanted { items: vec![row_key.clone(), claim_key.clone()], data_keys: Vec::new() }).await?;
    let row = fetched.item(&row_key).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let claimants = Claimants::of(fetched.item(&claim_key));
    Ok(Some(Whose { stored, membership, member, address, key, tenant, row, claimants }))
}
