//! Desks that members are referred to (row B4): a tenant's own, the public ones, and how a contact reaches the nurses.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    desk::{Desk, PublicDesk},
    tenant::Tenant,
    topic::Topic,
};

use crate::{Ops, OpsError};

impl Ops {
    /// Names a tenant's desk for a topic, in the place of a former one; answers all of them.
    pub async fn set_desk(&self, which: &str, topic: Topic, desk: Desk) -> Result<BTreeMap<Topic, Desk>, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.desks.insert(topic, desk);
        Ok(self.replace(tenant).await?.desks)
    }

    /// Removes a tenant's desk for a topic: members are referred to the public ones again.
    pub async fn remove_desk(&self, which: &str, topic: Topic) -> Result<BTreeMap<Topic, Desk>, OpsError> {
        let mut tenant = self.tenant(which).await?;
        tenant.desks.remove(&topic).ok_or_else(|| OpsError::NoDesk(topic.to_string()))?;
        Ok(self.replace(tenant).await?.desks)
    }

    /// Puts a nurse in charge of a tenant: who approves interviews beyond the allowance (row C5).
    pub async fn put_in_charge(&self, which: &str, nurse: &str) -> Result<Tenant, OpsError> {
        let mut tenant = self.tenant(which).await?;
        let is_there = self.nurses().await?.iter().any(|there| there.id == nurse);
        tenant.in_charge = nurse.parse().ok().filter(|_| is_there);
        if tenant.in_charge.is_none() {
            return Err(OpsError::NoNurse(nurse.to_owned()));
        }
        self.replace(tenant).await
    }

    /// The public desks.
    pub async fn public_desks(&self) -> Result<Vec<PublicDesk>, OpsError> {
        Ok(self.store.settings().await?.public_desks)
    }

    /// Adds a public desk, in the place of one with the same name; answers all of them.
    pub async fn put_public_desk(&self, topics: BTreeSet<Topic>, desk: Desk) -> Result<Vec<PublicDesk>, OpsError> {
        self.change_desks(|desks| {
            let new = PublicDesk { topics, desk };
            match desks.iter_mut().find(|each| each.desk.name() == new.desk.name()) {
                Some(former) => *former = new,
                None => desks.push(new),
            }
            Ok(())
        })
        .await
    }

    /// Removes a public desk.
    pub async fn remove_public_desk(&self, name: &str) -> Result<Vec<PublicDesk>, OpsError> {
        self.change_desks(|desks| {
            let before = desks.len();
            desks.retain(|each| each.desk.name() != name.trim());
            if desks.len() < before { Ok(()) } else { Err(OpsError::NoDesk(name.to_owned())) }
        })
        .await
    }

    /// Goes back to the public desks that the system comes with.
    pub async fn reset_public_desks(&self) -> Result<Vec<PublicDesk>, OpsError> {
        self.change_desks(|desks| {
            *desks = PublicDesk::default_list().to_vec();
            Ok(())
        })
        .await
    }

    /// Says how a contact reaches the nurses after a disclosure.
    pub async fn set_own_desk(&self, desk: Desk) -> Result<Desk, OpsError> {
        let mut settings = self.store.settings().await?;
        settings.own_desk = Some(desk.clone());
        self.store.put_settings(&settings).await?;
        Ok(desk)
    }

    async fn change_desks(&self, change: impl FnOnce(&mut Vec<PublicDesk>) -> Result<(), OpsError>) -> Result<Vec<PublicDesk>, OpsError> {
        let mut settings = self.store.settings().await?;
        change(&mut settings.public_desks)?;
        self.store.put_settings(&settings).await?;
        Ok(settings.public_desks)
    }
}
