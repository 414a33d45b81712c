//! A tenant, its entry in the list of tenants, and its registration code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use domain::{
    id::TenantId,
    tenant::{RegistrationCode, Tenant},
};

use crate::{
    Guard, Key, Store, StoreError, Wanted,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item},
};

/// Tenant by id: one Get.
pub const ENTITY: Entity = Entity {
    name: "Tenant",
    pk: "TENANT#{tenant}",
    sk: "TENANT",
    index: "",
    erasure: Erasure::Kept("a company, not a person; goes with its contract"),
};
/// All tenants: one Query.
pub const ENTRY: Entity = Entity {
    name: "TenantEntry",
    pk: "OPERATOR",
    sk: "TENANT#{tenant}",
    index: "",
    erasure: Erasure::Kept("a company, not a person; goes with its contract"),
};
/// Code → tenant: one Get; the key makes a code unique.
pub const CODE: Entity = Entity {
    name: "RegistrationCode",
    pk: "CODE#{code}",
    sk: "CODE",
    index: "",
    erasure: Erasure::Kept("printed on the company's posters; goes with its contract"),
};

/// `BatchGetItem` takes so many.
const FETCH: usize = 100;

#[derive(Serialize, Deserialize)]
struct Pointer {
    tenant: TenantId,
}

/// Reads a tenant from its fetched item.
pub fn from_item(item: Item) -> Result<Tenant, StoreError> {
    entity(ENTITY.name, item)
}

/// The tenant of a code, from the code's fetched item.
pub fn of_code(item: Item) -> Result<TenantId, StoreError> {
    entity::<Pointer>(CODE.name, item).map(|pointer| pointer.tenant)
}

/// Why a tenant was not stored.
#[derive(Debug, thiserror::Error)]
pub enum NotStored {
    /// Another tenant has the code.
    #[error("the registration code is taken")]
    CodeTaken,
    /// It was changed in the meantime, or is not there.
    #[error("the tenant was changed or removed in the meantime")]
    Gone,
    /// Our own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Store {
    /// Adds a tenant with its code.
    pub async fn add_tenant(&self, tenant: &Tenant) -> Result<(), NotStored> {
        let pointer = Pointer { tenant: tenant.id };
        let mut transaction = self.transaction();
        transaction.put_new(Guard::Exists, item(ENTITY.name, &Key::tenant(tenant.id), tenant)?)?;
        transaction.put(item(ENTRY.name, &Key::tenant_entry(tenant.id), &pointer)?)?;
        transaction.put_new(Guard::Unique, item(CODE.name, &Key::code(&tenant.code), &pointer)?)?;
        match transaction.commit().await? {
            Ok(()) => Ok(()),
            Err(cancelled) if cancelled.by(Guard::Unique) => Err(NotStored::CodeTaken),
            Err(_) => Err(NotStored::Gone),
        }
    }

    /// Replaces a tenant; with another code, the former one ends at once.
    pub async fn replace_tenant(&self, tenant: &Tenant, former: &RegistrationCode) -> Result<(), NotStored> {
        let pointer = Pointer { tenant: tenant.id };
        let mut transaction = self.transaction();
        transaction.put_if(Guard::Exists, item(ENTITY.name, &Key::tenant(tenant.id), tenant)?, "attribute_exists(pk)", &[])?;
        if *former != tenant.code {
            transaction.put_new(Guard::Unique, item(CODE.name, &Key::code(&tenant.code), &pointer)?)?;
            transaction.delete(&Key::code(former))?;
        }
        match transaction.commit().await? {
            Ok(()) => Ok(()),
            Err(cancelled) if cancelled.by(Guard::Unique) => Err(NotStored::CodeTaken),
            Err(_) => Err(NotStored::Gone),
        }
    }

    /// One tenant.
    pub async fn tenant(&self, id: TenantId) -> Result<Option<Tenant>, StoreError> {
        self.get(&Key::tenant(id)).await?.map(from_item).transpose()
    }

    /// All tenants.
    pub async fn all_tenants(&self) -> Result<BTreeMap<TenantId, Tenant>, StoreError> {
        let keys: Vec<Key> = self.tenants().await?.into_iter().map(Key::tenant).collect();
        let mut tenants = BTreeMap::new();
        for keys in keys.chunks(FETCH) {
            let fetched = self.fetch(&Wanted { items: keys.to_vec(), data_keys: Vec::new() }).await?;
            for item in keys.iter().filter_map(|key| fetched.item(key)) {
                let tenant = from_item(item.clone())?;
                tenants.insert(tenant.id, tenant);
            }
        }
        Ok(tenants)
    }

    /// The ids of all tenants, oldest first.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, StoreError> {
        let entries = self.query_prefix("OPERATOR", "TENANT#").await?;
        entries.into_iter().map(|item| entity::<Pointer>(ENTRY.name, item).map(|pointer| pointer.tenant)).collect()
    }
}
