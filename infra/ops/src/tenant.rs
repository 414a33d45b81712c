//! Client companies: made, found, changed, ended; their passphrase and their registration code.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use domain::{
    employee::NumberWidth,
    id::TenantId,
    interview::allowance::Allowance,
    passphrase::PassphraseHash,
    tenant::{ChannelName, Contract, Plan, RegistrationCode, Tenant},
    text::Language,
};
use store::{
    Key, Wanted,
    entity::tenant::{self as stored, NotStored},
};

use crate::{Ops, OpsError, contract, contract::Month, link};

/// The longest name of a company, in characters: the bot says it inside sentences.
pub const MAX_NAME: usize = 60;

/// What is wrong with a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTenant {
    /// Empty, too long, or not one line.
    #[error("a tenant's name is one line of 1 to {MAX_NAME} characters")]
    Name,
    /// Nothing was bought.
    #[error("a contract has at least one plan")]
    NoPlan,
}

/// What a tenant is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTenant {
    /// The company's name as members read it.
    pub name: String,
    /// The LINE channel that its members use; it must be set up.
    pub channel: ChannelName,
    /// The language of the bot.
    pub language: Language,
    /// The width of numbers of digits only.
    pub number_width: Option<NumberWidth>,
    /// First day of service.
    pub starts: NaiveDate,
    /// What was bought.
    pub plans: BTreeSet<Plan>,
}

/// What is changed; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in NewTenant")]
pub struct TenantChange {
    pub name: Option<String>,
    pub channel: Option<ChannelName>,
    pub language: Option<Language>,
    /// The inner `None` takes the width away.
    pub number_width: Option<Option<NumberWidth>>,
    pub starts: Option<NaiveDate>,
    pub plans: Option<BTreeSet<Plan>>,
}

/// How employees come to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The code.
    pub code: RegistrationCode,
    /// What the QR code holds, see [`link::registration`].
    pub link: String,
}

/// A code is drawn anew so often where another tenant has it; with 32⁸ codes the second draw is rare already.
const DRAWS: u32 = 5;
/// One call reads so many items.
const BATCH: usize = 100;

fn name(text: &str) -> Result<String, BadTenant> {
    let name = text.trim();
    let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.contains(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(BadTenant::Name) }
}

fn plans(plans: BTreeSet<Plan>) -> Result<BTreeSet<Plan>, BadTenant> {
    if plans.is_empty() { Err(BadTenant::NoPlan) } else { Ok(plans) }
}

impl Ops {
    /// Makes a tenant with an id and a registration code.
    pub async fn add_tenant(&self, new: NewTenant) -> Result<Tenant, OpsError> {
        self.channel(&new.channel).await?;
        let tenant = Tenant {
            id: TenantId::new(self.id()?),
            name: name(&new.name)?,
            code: self.code()?,
            channel: new.channel,
            language: new.language,
            number_width: new.number_width,
            passphrase: None,
            contract: Contract { starts: new.starts, last_day: None, plans: plans(new.plans)? },
            desks: BTreeMap::new(),
            in_charge: None,
            allowance: Allowance::default(),
        };
        self.with_free_code(tenant, async |tenant| self.store.add_tenant(tenant).await).await
    }

    /// All tenants, oldest first.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, OpsError> {
        let ids = self.store.tenants().await?;
        let mut tenants = Vec::with_capacity(ids.len());
        for batch in ids.chunks(BATCH) {
            let keys: Vec<Key> = batch.iter().copied().map(Key::tenant).collect();
            let fetched = self.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
            for item in keys.iter().filter_map(|key| fetched.item(key)) {
                tenants.push(stored::from_item(item.clone())?);
            }
        }
        Ok(tenants)
    }

    /// The tenant with this id, or the only one with this name.
    pub async fn tenant(&self, which: &str) -> Result<Tenant, OpsError> {
        let missing = || OpsError::NoTenant(which.to_owned());
        if let Ok(id) = which.parse() {
            return self.store.tenant(id).await?.ok_or_else(missing);
        }
        let mut named: Vec<Tenant> = self.tenants().await?.into_iter().filter(|tenant| tenant.name == which.trim()).collect();
        match named.len() {
            0 | 1 => named.pop().ok_or_else(missing),
            count => Err(OpsError::TenantNotUnique { name: which.to_owned(), count }),
        }
    }

    /// Changes a tenant and answers how it is now. The number width stays once there is a roster: its numbers were read with it.
    pub async fn change_tenant(&self, which: &str, change: TenantChange) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        if let Some(text) = change.name {
            tenant.name = name(&text)?;
        }
        if let Some(channel) = change.channel {
            self.channel(&channel).await?;
            tenant.channel = channel;
        }
        if let Some(language) = change.language {
            tenant.language = language;
        }
        if let Some(width) = change.number_width.filter(|width| *width != tenant.number_width) {
            let rows = self.store.roster(tenant.id).await?.len();
            if rows > 0 {
                return Err(OpsError::NumberWidthInUse { rows });
            }
            tenant.number_width = width;
        }
        if let Some(starts) = change.starts {
            if let Some(last) = tenant.contract.last_day.filter(|last| *last < starts) {
                return Err(OpsError::EndBeforeStart { asked: Month::of(last), starts });
            }
            tenant.contract.starts = starts;
        }
        if let Some(bought) = change.plans {
            tenant.contract.plans = plans(bought)?;
        }
        self.replace(tenant).await
    }

    /// Ends the contract with `month`, see [`contract::last_day`].
    pub async fn end_tenant(&self, which: &str, month: Month, agreed: bool) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.contract.last_day = Some(contract::last_day(&tenant.contract, month, self.today(), agreed)?);
        self.replace(tenant).await
    }

    /// Takes the end of a contract back.
    pub async fn continue_tenant(&self, which: &str) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.contract.last_day = None;
        self.replace(tenant).await
    }

    /// Sets or changes the passphrase (row A2); registered members are left alone.
    pub async fn set_passphrase(&self, which: &str, phrase: &str) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.passphrase = Some(PassphraseHash::of(phrase, &self.fresh.bytes()?)?);
        self.replace(tenant).await
    }

    /// From now on registration asks for no passphrase.
    pub async fn remove_passphrase(&self, which: &str) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.passphrase = None;
        self.replace(tenant).await
    }

    /// Draws a new registration code; the former one, and every poster with it, ends at once.
    pub async fn renew_code(&self, which: &str) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        let former = std::mem::replace(&mut tenant.code, self.code()?);
        self.with_free_code(tenant, async |tenant| self.store.replace_tenant(tenant, &former).await).await
    }

    /// The code with its link.
    pub async fn registration(&self, tenant: &Tenant) -> Result<Registration, OpsError> {
        let channel = self.channel(&tenant.channel).await?;
        Ok(Registration { code: tenant.code.clone(), link: link::registration(&channel.basic_id, &tenant.code) })
    }

    fn code(&self) -> Result<RegistrationCode, OpsError> {
        Ok(RegistrationCode::from_random(self.fresh.bytes()?))
    }

    pub(crate) async fn replace(&self, tenant: Tenant) -> Result<Tenant, OpsError> {
        self.store.replace_tenant(&tenant, &tenant.code).await.map_err(not_stored)?;
        Ok(tenant)
    }

    /// Stores a tenant whose code is new, and draws another one as long as it is taken.
    async fn with_free_code(&self, mut tenant: Tenant, store: impl AsyncFn(&Tenant) -> Result<(), NotStored>) -> Result<Tenant, OpsError> {
        for _ in 1..DRAWS {
            match store(&tenant).await {
                Err(NotStored::CodeTaken) => tenant.code = self.code()?,
                Err(error @ (NotStored::Gone | NotStored::Store(_))) => return Err(not_stored(error)),
                Ok(()) => return Ok(tenant),
            }
        }
        store(&tenant).await.map_err(not_stored)?;
        Ok(tenant)
    }
}

fn not_stored(error: NotStored) -> OpsError {
    match error {
        NotStored::CodeTaken | NotStored::Gone => OpsError::TenantGone,
        NotStored::Store(error) => OpsError::Store(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_s_name_is_one_line() {
        assert_eq!(name(" 株式会社さくら製作所　"), Ok("株式会社さくら製作所".to_owned()));
        for bad in ["", "  ", "a\nb", &"あ".repeat(61)] {
            assert_eq!(name(bad), Err(BadTenant::Name), "{bad}");
        }
    }
}
