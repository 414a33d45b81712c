//! Reads what a decision depends on: the LINE user in one call, and all that follows from it in a second. Only a code or a number
//! that was just typed needs a third.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    calendar::{BusinessCalendar, Holidays},
    conversation::{Act, Fresh, Situation, look_ups},
    id::{KeyGeneration, TenantId},
    line_user::LineUser,
    personal::EmployeeNumber,
    roster::RosterRow,
    tenant::{RegistrationCode, Tenant},
};
use store::{
    DataKey, Fetched, Installation, Key, StoreError, Wanted,
    entity::{
        claim::Claimants,
        consultation::Consultation,
        line_user::{Membership, StoredLineUser},
        roster,
        settings::Settings,
        tenant,
    },
    installation::Digest,
};

use crate::{App, fresh};

/// All that was read.
pub struct Gathered {
    pub stored: StoredLineUser,
    pub user: LineUser,
    pub keys: Keys,
    pub tenants: BTreeMap<TenantId, Tenant>,
    pub settings: Arc<Settings>,
    pub now: DateTime<Utc>,
    pub fresh: Fresh,
    /// Who claims the member's number.
    pub claimants: Claimants,
    /// The consultation that messages join, or that they may open again.
    pub consultation: Option<Consultation>,
    code: Option<TenantId>,
    rows: BTreeMap<(TenantId, EmployeeNumber), RosterRow>,
    calendar: BusinessCalendar<'static>,
}

impl Gathered {
    /// What the rule is handed.
    pub fn situation(&self, at: DateTime<Utc>) -> Situation<'_> {
        Situation {
            user: self.user.clone(),
            tenants: &self.tenants,
            code: self.code,
            rows: &self.rows,
            now: self.now,
            at,
            calendar: &self.calendar,
            documents: &self.settings.documents,
            danger: &self.settings.danger,
            duty: !self.settings.duty.is_empty(),
            fresh: self.fresh,
        }
    }
}

/// Gathers for `act` of the user with this digest.
pub async fn gather(app: &App, digest: &Digest, act: &Act, now: DateTime<Utc>) -> Result<Gathered, StoreError> {
    let installation = app.parameters.installation().await?;
    let stored = app.store.line_user(digest).await?;
    let typed = if let Act::Text(text) = act { RegistrationCode::typed_in(text.expose()) } else { None };
    let warm = warm_keys(app, &stored);
    let fetched = app.store.fetch(&first(&stored, &warm, typed.as_ref())).await?;

    let keys = open_keys(app, &stored, warm, &fetched).await?;
    let user = stored.open(|generation| keys.get(&generation).cloned())?;
    let mut tenants = BTreeMap::new();
    for id in stored.tenants() {
        add_tenant(&mut tenants, id, &fetched)?;
    }
    let mut rows = BTreeMap::new();
    for (tenant, number) in stored.numbers() {
        add_row(&mut rows, tenant, &number, &fetched)?;
    }
    let code = typed.as_ref().and_then(|code| fetched.item(&Key::code(code))).cloned().map(tenant::of_code).transpose()?;
    let needed = look_ups(&user, &tenants, act);
    let code = needed.code.and(code);
    let settings = app.settings.read(fetched.item(&Key::settings()))?;
    let mut gathered = Gathered {
        claimants: claimants(&stored, &user, &fetched),
        consultation: head(&stored).and_then(|key| fetched.item(&key)).cloned().map(Consultation::from_item).transpose()?,
        calendar: BusinessCalendar { holidays: Holidays::shipped(), hours: settings.hours, closures: settings.closures.clone() },
        fresh: fresh::ids(),
        stored,
        user,
        keys,
        tenants,
        settings,
        now,
        code,
        rows,
    };
    look_up(app, &installation, &mut gathered, needed.numbers).await?;
    Ok(gathered)
}

type Keys = HashMap<KeyGeneration, Arc<DataKey>>;

/// The keys that this process has. They are held until the user is opened: a key that is not fetched because it is warm, and forgotten
/// meanwhile, would look like one that was destroyed.
fn warm_keys(app: &App, stored: &StoredLineUser) -> Keys {
    stored.keys().into_iter().filter_map(|key| Some((key.generation, app.data_keys.warm(key.generation)?))).collect()
}

/// Everything that can be named before anything is opened.
fn first(stored: &StoredLineUser, warm: &Keys, typed: Option<&RegistrationCode>) -> Wanted {
    let mut wanted = Wanted { items: vec![Key::settings()], data_keys: Vec::new() };
    wanted.items.extend(stored.tenants().into_iter().map(Key::tenant));
    for (tenant, number) in stored.numbers() {
        wanted.items.extend([Key::roster_row(tenant, &number), Key::claim(tenant, &number)]);
    }
    wanted.items.extend(typed.map(Key::code));
    wanted.items.extend(head(stored));
    let cold = stored.keys().into_iter().filter(|key| !warm.contains_key(&key.generation));
    wanted.data_keys.extend(cold.map(|key| key.member));
    wanted
}

/// Where the consultation is that messages join, or may open again.
fn head(stored: &StoredLineUser) -> Option<Key> {
    let Membership { member, intake, .. } = stored.membership()?;
    let consultation = intake.open.or(intake.closed.map(|closed| closed.consultation))?;
    Some(Key::consultation(member, consultation))
}

async fn open_keys(app: &App, stored: &StoredLineUser, warm: Keys, fetched: &Fetched) -> Result<Keys, StoreError> {
    let mut keys = warm;
    for wanted in stored.keys() {
        if !keys.contains_key(&wanted.generation)
            && let Some(item) = fetched.data_key(wanted.member)
        {
            let key = app.data_keys.unwrap(wanted.member, wanted.generation, item).await?;
            keys.extend(key.map(|key| (wanted.generation, key)));
        }
    }
    Ok(keys)
}

/// What was typed just now: a number, or the code of a tenant that the user has had nothing to do with.
async fn look_up(
    app: &App,
    installation: &Installation,
    gathered: &mut Gathered,
    numbers: Vec<(TenantId, EmployeeNumber)>,
) -> Result<(), StoreError> {
    let numbers: Vec<(TenantId, Digest)> = numbers
        .into_iter()
        .filter(|number| !gathered.rows.contains_key(number))
        .map(|(tenant, number)| (tenant, installation.number(tenant, &number)))
        .filter(|known| !gathered.stored.numbers().contains(known))
        .collect();
    let code = gathered.code.filter(|id| !gathered.tenants.contains_key(id));
    let mut wanted = Wanted::default();
    wanted.items.extend(numbers.iter().map(|(tenant, number)| Key::roster_row(*tenant, number)));
    wanted.items.extend(code.map(Key::tenant));
    if wanted.items.is_empty() {
        return Ok(());
    }
    let fetched = app.store.fetch(&wanted).await?;
    for (tenant, number) in &numbers {
        add_row(&mut gathered.rows, *tenant, number, &fetched)?;
    }
    if let Some(id) = code {
        add_tenant(&mut gathered.tenants, id, &fetched)?;
    }
    Ok(())
}

fn add_tenant(tenants: &mut BTreeMap<TenantId, Tenant>, id: TenantId, fetched: &Fetched) -> Result<(), StoreError> {
    if let Some(item) = fetched.item(&Key::tenant(id)) {
        tenants.insert(id, tenant::from_item(item.clone())?);
    }
    Ok(())
}

fn add_row(
    rows: &mut BTreeMap<(TenantId, EmployeeNumber), RosterRow>,
    tenant: TenantId,
    number: &Digest,
    fetched: &Fetched,
) -> Result<(), StoreError> {
    if let Some(item) = fetched.item(&Key::roster_row(tenant, number)) {
        let row = roster::from_item(item.clone())?.row;
        rows.insert((tenant, row.number.clone()), row);
    }
    Ok(())
}

/// Who claims the member's number.
fn claimants(stored: &StoredLineUser, user: &LineUser, fetched: &Fetched) -> Claimants {
    let Some(member) = &user.member else { return Claimants::default() };
    let number = stored.numbers().into_iter().find(|(tenant, _)| *tenant == member.tenant);
    number.map(|(tenant, number)| Claimants::of(fetched.item(&Key::claim(tenant, &number)))).unwrap_or_default()
}
