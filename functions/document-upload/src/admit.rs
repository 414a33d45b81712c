//! Who may add documents: who has a genuine link that is not too old, is still the member that it names, and has access at this
//! moment (row A4).

use chrono::{DateTime, Utc};

use domain::{id::KeyGeneration, roster, text::Language};
use store::{
    Key, StoreError, UploadLink, Wanted,
    entity::{line_user::StoredLineUser, roster::from_item as row_of, tenant::from_item as tenant_of},
};

use crate::App;

/// Somebody who may add documents.
pub struct Admitted {
    pub link: UploadLink,
    pub stored: StoredLineUser,
    /// What everything of the member is sealed with.
    pub key: KeyGeneration,
    pub language: Language,
}

/// What a link gives.
pub enum Admission {
    Admitted(Box<Admitted>),
    /// It is too old, or the access of its member has ended.
    Over,
    /// We did not make it.
    Unknown,
}

/// Looks who comes with this link.
pub async fn admit(app: &App, link: &str, now: DateTime<Utc>) -> Result<Admission, StoreError> {
    let Some(link) = app.parameters.installation().await?.upload_link(link) else { return Ok(Admission::Unknown) };
    if link.expires_at <= now {
        return Ok(Admission::Over);
    }
    let stored = app.store.line_user(&link.user).await?;
    let Some(membership) = stored.membership().filter(|membership| membership.member == link.member) else {
        return Ok(Admission::Over);
    };
    let tenant = Key::tenant(membership.tenant);
    let row = Key::roster_row(membership.tenant, &membership.number);
    let consultation = Key::consultation(link.member, link.consultation);
    let wanted = Wanted { items: vec![tenant.clone(), row.clone(), consultation.clone()], data_keys: Vec::new() };
    let fetched = app.store.fetch(&wanted).await?;
    let Some(tenant) = fetched.item(&tenant).cloned().map(tenant_of).transpose()? else { return Ok(Admission::Over) };
    let row = fetched.item(&row).cloned().map(row_of).transpose()?.map(|stored| stored.row);
    let has_access = tenant.offers_line(now) && !roster::has_left(membership.employment, row.as_ref(), now);
    if !has_access || fetched.item(&consultation).is_none() {
        return Ok(Admission::Over);
    }
    Ok(Admission::Admitted(Box::new(Admitted { link, stored, key: membership.key, language: tenant.language })))
}
