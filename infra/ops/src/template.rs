//! The reply templates that all nurses share (row B2).

use domain::template::Template;
use store::entity::template::{ReplyTemplate, Shelf};

use crate::{Ops, OpsError};

impl Ops {
    /// Adds a shared template.
    pub async fn add_template(&self, template: Template) -> Result<ReplyTemplate, OpsError> {
        let template = ReplyTemplate { id: self.id()?.to_string(), template };
        self.store.put_template(Shelf::Shared, &template).await?;
        Ok(template)
    }

    /// The shared templates, oldest first.
    pub async fn templates(&self) -> Result<Vec<ReplyTemplate>, OpsError> {
        Ok(self.store.templates(Shelf::Shared).await?)
    }

    /// Removes a shared template.
    pub async fn remove_template(&self, id: &str) -> Result<(), OpsError> {
        let removed = self.store.remove_template(Shelf::Shared, id).await?;
        removed.then_some(()).ok_or_else(|| OpsError::NoTemplate(id.to_owned()))
    }
}
