//! A tenant's files, one after the other; each goes on from where an earlier invocation left it.

use std::collections::BTreeSet;

use domain::{
    id::{ImportId, TenantId},
    roster_change::needs_confirmation,
    roster_file::Kind,
    tenant::Tenant,
    time,
};
use store::{
    Installation, StoreError,
    entity::delivery::{Delivery, LEASE_TIME, State},
    roster_files::{Delivered, Place, upload_of},
};

use crate::{App, apply, check, finish, present::Present};

/// Imports what lies in the tenant's inbox, also what comes meanwhile. A file that fails keeps no other waiting.
pub async fn all(app: &App, holder: &str, tenant: TenantId) -> Result<(), StoreError> {
    let installation = app.parameters.installation().await?;
    let mut seen = BTreeSet::new();
    let mut failed = None;
    if let Some(tenant) = app.store.tenant(tenant).await? {
        loop {
            let mut is_new = false;
            for file in app.files.delivered(tenant.id).await? {
                let Place::Delivery(_, kind) = Place::of(&file.key) else { continue };
                let id = installation.import(tenant.id, &file.key, &file.version);
                if !seen.insert(id) {
                    continue;
                }
                is_new = true;
                let import = Import { app, holder, tenant: &tenant, installation: &installation, file: &file };
                if let Err(error) = import.run(id, kind).await {
                    tracing::error!(tenant.id = %tenant.id, import.id = %id, error = %error, "a roster file could not be imported");
                    failed = Some(error);
                }
            }
            if !is_new {
                break;
            }
        }
    }
    withdrawn(app, tenant, &seen).await?;
    failed.map_or(Ok(()), Err)
}

/// Ends the imports of files that are not there any more: replaced or taken back while they waited, or deleted at the end.
async fn withdrawn(app: &App, tenant: TenantId, there: &BTreeSet<ImportId>) -> Result<(), StoreError> {
    for mut delivery in app.store.deliveries(tenant).await? {
        if delivery.discarded || there.contains(&delivery.import) {
            continue;
        }
        if !delivery.state.is_final() {
            delivery.state = State::Refused;
        }
        discarded(app, &mut delivery).await?;
    }
    Ok(())
}

async fn discarded(app: &App, delivery: &mut Delivery) -> Result<(), StoreError> {
    delivery.discarded = true;
    let mut transaction = app.store.transaction();
    delivery.put(&mut transaction, app.clock.now())?;
    transaction.commit().await?.map_err(|_| StoreError::Contention)
}

/// One file's import.
#[derive(Clone, Copy)]
pub struct Import<'a> {
    pub app: &'a App,
    pub holder: &'a str,
    pub tenant: &'a Tenant,
    pub installation: &'a Installation,
    pub file: &'a Delivered,
}

impl Import<'_> {
    async fn run(self, id: ImportId, kind: Kind) -> Result<(), StoreError> {
        let mut delivery = if let Some(delivery) = self.app.store.delivery(self.tenant.id, id).await? {
            delivery
        } else {
            let mut new = Delivery::new(id, self.tenant.id, kind, self.file.bytes, self.app.clock.now());
            new.upload = upload_of(&self.file.key);
            self.put(&mut new).await?;
            tracing::info!(tenant.id = %self.tenant.id, import.id = %id, file.bytes = self.file.bytes, "a roster file came");
            new
        };
        if delivery.state == State::Waiting {
            let is_over = !delivery.is_confirmed() && self.app.clock.now() >= delivery.waits_until();
            if delivery.refused_at.is_some() || is_over {
                finish::lapse(self, &mut delivery).await?;
            } else if !delivery.is_confirmed() {
                return Ok(());
            }
        }
        let mut present = None;
        if matches!(delivery.state, State::Received | State::Waiting) {
            present = Some(self.check(&mut delivery).await?);
        }
        if delivery.state == State::Applying {
            apply::run(self, &mut delivery, present).await?;
        }
        // Whatever happened between the last write and this, the file has served.
        if !delivery.state.is_final() {
            return Ok(());
        }
        self.app.files.discard(self.file).await?;
        discarded(self.app, &mut delivery).await
    }

    /// Answers the roster that the file was checked against.
    async fn check(self, delivery: &mut Delivery) -> Result<Present, StoreError> {
        let checked = check::run(self.app, self.tenant, self.file, delivery, self.installation).await?;
        delivery.rows = checked.rows;
        delivery.blocking = checked.blocking;
        delivery.warnings = checked.warnings;
        delivery.leavers = checked.would_bring.left;
        delivery.content = Some(checked.content.clone());
        let before = self.app.store.roster_month(self.tenant.id, &time::month(delivery.received_at)).await?.left;
        // The same delta again would bring back who has left since; a full roster is compared with what is there, and a file without
        // rows says every month that nobody comes or goes.
        let repeats =
            delivery.kind == Kind::Monthly && checked.rows > 0 && self.app.store.was_applied(self.tenant.id, &checked.content).await?;
        let must_wait = !delivery.is_confirmed() && needs_confirmation(checked.would_bring.left, before, checked.roster);
        delivery.state = match (checked.blocking > 0, repeats, must_wait) {
            (true, _, _) => State::Refused,
            (false, true, _) => State::Repeated,
            (false, false, true) => State::Waiting,
            (false, false, false) => State::Applying,
        };
        if delivery.state == State::Applying {
            delivery.applying_since = Some(self.app.clock.now());
        }
        finish::report(self, delivery, &checked).await?;
        match delivery.state {
            State::Applying => self.put(delivery).await?,
            State::Received | State::Waiting | State::Applied | State::Repeated | State::Refused => finish::tell(self, delivery).await?,
        }
        Ok(checked.present)
    }

    async fn put(self, delivery: &mut Delivery) -> Result<(), StoreError> {
        let mut transaction = self.app.store.transaction();
        delivery.put(&mut transaction, self.app.clock.now() + LEASE_TIME)?;
        transaction.commit().await?.map_err(|_| StoreError::Contention)
    }
}
