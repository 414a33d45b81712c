//! A member's consultations, and who else claims the same number (row A3).

use chrono::{DateTime, Utc};

use domain::{
    employee,
    id::{MemberId, TenantId},
    personal::{EmployeeNumber, PersonName},
    roster::{self, RosterCheck},
};
use store::{
    Key, StoreError, Wanted,
    entity::{claim::Claimants, consultation::Consultation, line_user::StoredLineUser, roster as rows},
};

use crate::{
    App,
    thread::{Whose, whose},
};

/// A member with all that the desk knows.
pub struct Seen {
    /// The member.
    pub whose: Whose,
    /// All consultations, the latest first.
    pub consultations: Vec<Consultation>,
}

/// A member who has consulted; `None` where there is none (any more).
pub async fn read(app: &App, member: MemberId) -> Result<Option<Seen>, StoreError> {
    let mut consultations = app.store.consultations(member).await?;
    consultations.reverse();
    let Some(latest) = consultations.first() else { return Ok(None) };
    let Some(whose) = whose(app, latest).await? else { return Ok(None) };
    Ok(Some(Seen { whose, consultations }))
}

/// One of those who claim a number.
pub struct Claimant {
    /// The member.
    pub member: MemberId,
    /// The name that was given.
    pub name: Option<PersonName>,
    /// When the member registered.
    pub registered_at: DateTime<Utc>,
    /// Number and name against the roster.
    pub check: RosterCheck,
    /// Whether there is a consultation to open.
    pub has_consulted: bool,
}

/// Everybody who claims `number` with `tenant`, side by side.
pub async fn claimants(app: &App, tenant: TenantId, number: &EmployeeNumber, now: DateTime<Utc>) -> Result<Vec<Claimant>, StoreError> {
    let digest = app.parameters.installation().await?.number(tenant, number);
    let (row_key, claim_key) = (Key::roster_row(tenant, &digest), Key::claim(tenant, &digest));
    let fetched = app.store.fetch(&Wanted { items: vec![row_key.clone(), claim_key.clone()], data_keys: Vec::new() }).await?;
    let row = fetched.item(&row_key).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let claims: Vec<_> = Claimants::of(fetched.item(&claim_key)).all().collect();
    let wanted = Wanted {
        items: claims.iter().map(|(_, user)| Key::line_user(user)).collect(),
        data_keys: claims.iter().map(|(member, _)| *member).collect(),
    };
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let fetched = app.store.fetch(&wanted).await?;
    let mut claimants = Vec::with_capacity(claims.len());
    for (member, user) in claims {
        let stored = StoredLineUser::of(&user, fetched.item(&Key::line_user(&user)).cloned())?;
        let Some(membership) = stored.membership().filter(|membership| membership.member == member) else { continue };
        let Some(wrapped) = fetched.data_key(member) else { continue };
        let Some(key) = app.data_keys.unwrap(member, membership.key, wrapped).await? else { continue };
        let opened = stored.open(|generation| (generation == key.generation).then(|| key.clone()))?;
        let Some(known) = opened.member else { continue };
        let has_consulted = !app.store.consultations(member).await?.is_empty();
        let check = roster::check(known.name.as_ref(), row.as_ref(), now);
        claimants.push(Claimant { member, name: known.name, registered_at: known.registered_at, check, has_consulted });
    }
    Ok(claimants)
}

/// The number that was typed, as this company writes it.
pub fn number(typed: &str, width: Option<employee::NumberWidth>) -> Option<EmployeeNumber> {
    employee::parse_number(typed, width).ok()
}
