//! Whose address it is. This is looked for among all tenants, because it is seldom asked and has no key of its own.

use futures::{StreamExt, TryStreamExt, stream};

use domain::{personal::MailAddress, tenant::Tenant, unreachable::Holder};
use store::{
    Installation, StoreError,
    entity::{contact::Contact, settings::Settings},
};

use crate::App;

/// So many tenants are looked at side by side.
const AT_ONCE: usize = 8;

/// Everybody who has `address`.
pub async fn of(app: &App, address: &MailAddress, installation: &Installation, settings: &Settings) -> Result<Vec<Holder>, StoreError> {
    let tenants = app.store.all_tenants().await?;
    let contacts = stream::iter(tenants.into_values()).map(|tenant| contacts(app, tenant, address, installation));
    let mut holders: Vec<Holder> = contacts.buffered(AT_ONCE).try_concat().await?;
    let nurses = app.store.nurses().await?.into_iter().filter(|nurse| nurse.mail.is_same(address));
    holders.extend(nurses.map(|nurse| Holder::Nurse { name: nurse.name, id: nurse.id }));
    if settings.operators.iter().chain(&settings.duty).any(|mail| mail.is_same(address)) {
        holders.push(Holder::Operator);
    }
    Ok(holders)
}

async fn contacts(app: &App, tenant: Tenant, address: &MailAddress, installation: &Installation) -> Result<Vec<Holder>, StoreError> {
    let contacts = app.store.contacts(tenant.id).await?.into_iter();
    let (its, others): (Vec<Contact>, Vec<Contact>) = contacts.partition(|contact| contact.mail.is_same(address));
    if its.is_empty() {
        return Ok(Vec::new());
    }
    let has_next = !app.store.reachable(others, installation).await?.is_empty();
    let holder = |Contact { id, name, .. }| Holder::Contact { tenant: tenant.name.clone(), name, id, has_next };
    Ok(its.into_iter().map(holder).collect())
}
