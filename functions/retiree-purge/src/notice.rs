//! Words to members a week before their end: to who was never matched (row A1), and to who has an open consultation and leaves
//! (row A4). Each is an outbox item whose id follows from member, kind and end, so that it is sent once.

use chrono::{DateTime, Utc};
use futures::{StreamExt, stream};

use domain::{
    erasure::{NOTICE, closing_notice, is_notice_time},
    personal::EmployeeNumber,
    roster::PURGE_AFTER,
    tenant::Tenant,
    text::Text,
};
use line::{Envelope, Outgoing};
use store::{
    Guard, Key, StoreError, data_key,
    entity::{
        line_user::{Membership, StoredLineUser},
        outbox::{Kind, NewItem, OutboxItem, SealedWith},
    },
};

use crate::{
    leavers, members,
    work::{AT_ONCE, FETCH, MOST, Work},
};

/// A word to one member.
struct Notice {
    kind: &'static str,
    tenant: Tenant,
    stored: StoredLineUser,
    membership: Membership,
    /// What ends then.
    end: DateTime<Utc>,
    text: fn(&Tenant, EmployeeNumber, DateTime<Utc>) -> Text,
}

/// Queues every word that is due, by day.
pub async fn all(work: &Work<'_>) -> Result<(), StoreError> {
    if !is_notice_time(work.settings.hours, work.now) {
        return Ok(());
    }
    unmatched(work).await?;
    closing(work).await
}

async fn unmatched(work: &Work<'_>) -> Result<(), StoreError> {
    for tenant in work.tenants.values() {
        let users = members::ending_soon(work, tenant.id).await?;
        for batch in users.chunks(FETCH) {
            if work.is_over() {
                return Ok(());
            }
            let mut notices = Vec::new();
            for (stored, membership) in members::read(work, tenant.id, batch).await? {
                let Some(due) = membership.due(work.settings.erasure).filter(|due| due.is_announced(work.now)) else { continue };
                let text = |tenant: &Tenant, number, at| Text::UnmatchedEndsSoon { tenant: tenant.name.clone(), number, at };
                notices.push(Notice { kind: "unmatched", tenant: tenant.clone(), stored, membership, end: due.at, text });
            }
            send(work, notices).await;
        }
    }
    Ok(())
}

async fn closing(work: &Work<'_>) -> Result<(), StoreError> {
    let keys = work.app.store.leaving(work.now + NOTICE + PURGE_AFTER, MOST).await?;
    for batch in keys.chunks(FETCH / 2) {
        if work.is_over() {
            return Ok(());
        }
        let mut notices = Vec::new();
        for (tenant, _, row, claimants) in leavers::with_claims(work, batch).await? {
            let Some(tenant) = work.tenants.get(&tenant) else { continue };
            let users: Vec<_> = claimants.all().map(|(_, user)| user).collect();
            if users.is_empty() {
                continue;
            }
            for (stored, membership) in members::read(work, tenant.id, &users).await? {
                let Some(end) = closing_notice(&row.row, membership.employment, membership.intake, work.now) else { continue };
                let text = |_: &Tenant, _, at| Text::ConsultationEndsSoon { at };
                notices.push(Notice { kind: "closing", tenant: tenant.clone(), stored, membership, end, text });
            }
        }
        send(work, notices).await;
    }
    Ok(())
}

async fn send(work: &Work<'_>, notices: Vec<Notice>) {
    let sent = stream::iter(notices).map(|notice| async move {
        if let Err(error) = queue(work, &notice).await {
            tracing::error!(alarm = "purge", member = %notice.membership.member, error = %error, "a member could not be told of the end");
        }
    });
    sent.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
}

async fn queue(work: &Work<'_>, notice: &Notice) -> Result<(), StoreError> {
    let Notice { membership, stored, .. } = notice;
    let store = &work.app.store;
    let id = work.installation.notice(notice.kind, membership.member, notice.end);
    let key = Key::outbox_of_member(membership.member, id);
    if store.get(&key).await?.is_some() {
        return Ok(());
    }
    let data_key = store.data_key(&work.app.data_keys, membership.member, membership.key).await?;
    let Some(data_key) = data_key else { return Ok(()) };
    let Some((address, number)) = stored.address(&data_key)? else { return Ok(()) };
    let text = notice.tenant.language.say(&(notice.text)(&notice.tenant, number, notice.end));
    let unsayable = |_| StoreError::Unreadable { entity: "Outbox", reason: "the words break LINE's limits" };
    let messages = Outgoing::new(vec![text], Vec::new()).map_err(unsayable)?;
    let body = data_key.seal(OutboxItem::BODY, &Envelope { to: address, messages });
    let body = body.map_err(|_| StoreError::Unreadable { entity: "Outbox", reason: "its body cannot be sealed" })?;
    let item = NewItem {
        key,
        id,
        effect: Kind::Line,
        channel: Some(membership.channel.clone()),
        user: Some(stored.digest().clone()),
        reply: None,
        sealed_with: SealedWith::Member(membership.member, membership.key),
        body,
    };
    let mut transaction = store.transaction();
    data_key::check(&mut transaction, membership.member, membership.key)?;
    item.pending(work.app.clock.now()).put(&mut transaction)?;
    match transaction.commit().await? {
        Ok(()) => work.note(|done| done.other += 1),
        // Queued by another sweep, or erased meanwhile.
        Err(cancelled) if cancelled.by(Guard::Unique) || cancelled.by(Guard::DataKey) => {}
        Err(_) => return Err(StoreError::Contention),
    }
    Ok(())
}
