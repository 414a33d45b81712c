//! Reply templates (row B2): shared ones, and those that a nurse keeps for herself.

use serde::{Deserialize, Serialize};

use domain::template::Template;

use crate::{
    Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{entity, item},
};

/// The shared ones, or those of a nurse: one Query each.
pub const ENTITY: Entity = Entity {
    name: "ReplyTemplate",
    pk: "OPERATOR or DESK#{nurse}",
    sk: "TEMPLATE#{template}",
    index: "",
    erasure: Erasure::Kept("the staff's own words, about nobody"),
};

/// Whose template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf<'a> {
    /// Everybody's.
    Shared,
    /// This nurse's.
    Of(&'a str),
}

/// A template as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTemplate {
    /// A ULID, which the key holds.
    pub id: String,
    /// What it says.
    #[serde(flatten)]
    pub template: Template,
}

impl ReplyTemplate {
    /// Adds or replaces it, together with what else is written.
    pub fn put(&self, transaction: &mut Transaction<'_>, of: Shelf<'_>) -> Result<(), StoreError> {
        transaction.put(item(ENTITY.name, &Key::template(of, &self.id), self)?)
    }
}

impl Store {
    /// Adds or replaces a template.
    pub async fn put_template(&self, of: Shelf<'_>, template: &ReplyTemplate) -> Result<(), StoreError> {
        self.put(item(ENTITY.name, &Key::template(of, &template.id), template)?).await
    }

    /// Removes a template; `false` where there was none.
    pub async fn remove_template(&self, of: Shelf<'_>, id: &str) -> Result<bool, StoreError> {
        self.remove(&Key::template(of, id)).await
    }

    /// The templates of one shelf, in the order of their titles.
    pub async fn templates(&self, of: Shelf<'_>) -> Result<Vec<ReplyTemplate>, StoreError> {
        let prefix = Key::template(of, "");
        let items = self.query_prefix(&prefix.pk, &prefix.sk).await?;
        let mut templates = items.into_iter().map(|item| entity(ENTITY.name, item)).collect::<Result<Vec<ReplyTemplate>, _>>()?;
        templates.sort_by(|one, other| one.template.title().cmp(other.template.title()));
        Ok(templates)
    }

    /// What a nurse chooses from: the shared ones, and her own.
    pub async fn templates_for(&self, nurse: &str) -> Result<(Vec<ReplyTemplate>, Vec<ReplyTemplate>), StoreError> {
        futures::future::try_join(self.templates(Shelf::Shared), self.templates(Shelf::Of(nurse))).await
    }
}
