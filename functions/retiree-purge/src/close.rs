//! Closes one membership in one transaction: access, the data key, the claim on the number, the order to erase and the rich menu.
//! From then on nothing that was sealed can be read, and nothing can be written for the member.

use domain::{
    id::{MemberId, TenantId},
    kpi::marker::Kind,
};
use store::{
    DataKey, Fetched, Key, StoreError, Wanted, data_key,
    entity::{
        claim::{self, Claimants},
        erasure::{Cause, ErasureRequest},
        line_user::{Membership, StoredLineUser},
        marker,
        outbox::{self, Kind as Queued, NewItem, OutboxItem, SealedWith},
    },
    installation::Digest,
};

use crate::work::Work;

/// Somebody who claims a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimant {
    pub member: MemberId,
    pub user: Digest,
    pub tenant: TenantId,
    pub number: Digest,
}

/// What became of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It is closed, and the order to erase is queued.
    Now,
    /// It goes on.
    Stays,
    /// The LINE user is not this member any more, or claims another number.
    Elsewhere,
}

/// The member writes at the same time: so often it is read again.
const TRIES: usize = 10;

/// Closes the membership of `claimant`, where `cause` says at the moment of closing that it ends.
pub async fn close(work: &Work<'_>, claimant: &Claimant, cause: impl Fn(&Membership) -> Option<Cause>) -> Result<Closed, StoreError> {
    let store = &work.app.store;
    let (user, number) = (Key::line_user(&claimant.user), Key::claim(claimant.tenant, &claimant.number));
    for _ in 0..TRIES {
        let wanted = Wanted { items: vec![user.clone(), number.clone()], data_keys: vec![claimant.member] };
        let fetched = store.fetch(&wanted).await?;
        let stored = StoredLineUser::of(&claimant.user, fetched.item(&user).cloned())?;
        let membership = stored.membership().filter(|membership| is(membership, claimant));
        let Some(membership) = membership else { return Ok(Closed::Elsewhere) };
        let Some(cause) = cause(&membership) else { return Ok(Closed::Stays) };
        work.runs.begin(work.app, claimant.tenant).await?;
        let menu = menu(work, claimant, &stored, &membership, &fetched).await?;
        let now = work.app.clock.now();
        let mut transaction = store.transaction();
        if let Some(over) = stored.close(&mut transaction, now)? {
            data_key::destroy(&mut transaction, over)?;
        }
        data_key::destroy(&mut transaction, claimant.member)?;
        let claimants = Claimants::of(fetched.item(&number));
        if claimants.has(claimant.member) {
            claim::remove(&mut transaction, claimant.tenant, &claimant.number, claimant.member, &claimant.user, &claimants)?;
        }
        order(claimant, &membership, cause, now).put(&mut transaction)?;
        marker::of_nobody(&mut transaction, claimant.tenant, Kind::Left, outbox::fresh_id(), now)?;
        if let Some(menu) = menu {
            menu.pending(now).put(&mut transaction)?;
        }
        if transaction.commit().await?.is_ok() {
            work.app.data_keys.forget(membership.key);
            work.note(|done| done.other += 1);
            return Ok(Closed::Now);
        }
    }
    Err(StoreError::Contention)
}

fn is(membership: &Membership, claimant: &Claimant) -> bool {
    (membership.member, membership.tenant, &membership.number) == (claimant.member, claimant.tenant, &claimant.number)
}

fn order(claimant: &Claimant, membership: &Membership, cause: Cause, now: chrono::DateTime<chrono::Utc>) -> ErasureRequest {
    ErasureRequest {
        member: claimant.member,
        key: membership.key,
        tenant: claimant.tenant,
        user: claimant.user.clone(),
        number: claimant.number.clone(),
        cause,
        requested_at: now,
        counts: None,
    }
}

/// The members' rich menu goes back to the default one. The LINE id is opened while the member's key is still there; where the
/// key is gone already, or what it opens cannot be read, the person is erased all the same.
async fn menu(
    work: &Work<'_>,
    claimant: &Claimant,
    stored: &StoredLineUser,
    membership: &Membership,
    fetched: &Fetched,
) -> Result<Option<NewItem>, StoreError> {
    // Nothing is shown to who blocks the account.
    let Some(key) = fetched.data_key(claimant.member).filter(|_| membership.blocked_since.is_none()) else { return Ok(None) };
    let key = match work.app.data_keys.unwrap(claimant.member, membership.key, key).await {
        Ok(key) => key,
        Err(StoreError::Unreadable { .. }) => None,
        Err(error) => return Err(error),
    };
    let opened = key.as_deref().map(|key: &DataKey| stored.address(key)).transpose();
    let Ok(Some(Some((address, _)))) = opened else {
        tracing::warn!(member = %claimant.member, "a member's LINE id does not open: the rich menu stays as it is");
        return Ok(None);
    };
    let body = work.installation.seal().seal_json(OutboxItem::BODY, &address);
    let body = body.map_err(|_| StoreError::Unreadable { entity: "Outbox", reason: "its body cannot be sealed" })?;
    let id = outbox::fresh_id();
    Ok(Some(NewItem {
        key: Key::outbox_of_line_user(&claimant.user, id),
        id,
        effect: Queued::ShowMenu,
        channel: Some(membership.channel.clone()),
        user: Some(claimant.user.clone()),
        reply: None,
        sealed_with: SealedWith::Installation,
        body,
    }))
}
