//! A nurse (産業看護職).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use domain::{
    licence::Licence,
    personal::{MailAddress, PersonName},
    topic::Topic,
};

use crate::{
    Key, Store, StoreError,
    entity::{Entity, Erasure},
    transaction::{entity, item},
};

/// All nurses: one Query.
pub const ENTITY: Entity =
    Entity { name: "Nurse", pk: "OPERATOR", sk: "NURSE#{nurse}", index: "", erasure: Erasure::Kept("the operator's own staff") };

/// A member of staff who answers consultations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nurse {
    /// A ULID, which the key holds.
    pub id: String,
    /// The name.
    pub name: PersonName,
    /// Where alerts and hand-overs go.
    pub mail: MailAddress,
    /// At least one.
    pub licences: BTreeSet<Licence>,
    /// What the nurse answers before others.
    #[serde(default)]
    pub topics: BTreeSet<Topic>,
}

impl Store {
    /// Adds or replaces a nurse.
    pub async fn put_nurse(&self, nurse: &Nurse) -> Result<(), StoreError> {
        self.put(item(ENTITY.name, &Key::nurse(&nurse.id), nurse)?).await
    }

    /// Removes a nurse; `false` where there was none.
    pub async fn remove_nurse(&self, id: &str) -> Result<bool, StoreError> {
        self.remove(&Key::nurse(id)).await
    }

    /// All nurses, oldest first.
    pub async fn nurses(&self) -> Result<Vec<Nurse>, StoreError> {
        let items = self.query_prefix("OPERATOR", "NURSE#").await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}
