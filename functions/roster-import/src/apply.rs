//! What changes is written, in chunks: rows, counts, cursor and lease in one transaction, so that a killed import goes on after the
//! last chunk, and nobody else writes the tenant's roster from a file meanwhile.

use std::collections::BTreeMap;

use ulid::Ulid;

use domain::{
    id::EmploymentId,
    personal::EmployeeNumber,
    roster::RosterRow,
    roster_change::{Moment, judge},
    roster_file::Entry,
    time,
};
use store::{
    Guard, Key, StoreError,
    entity::{
        delivery::{self, Brought, Delivery, LEASE_TIME, State},
        roster::{self, StoredRow},
    },
};

use crate::{finish, import::Import, present::Present, read::Rows};

/// Rows in one transaction, which takes 100 items; the import's own come with them.
const CHUNK: usize = 90;

struct Applying<'a> {
    import: Import<'a>,
    delivery: &'a mut Delivery,
    present: Present,
    /// Rows that are to be written with the next chunk.
    chunk: BTreeMap<EmployeeNumber, (Option<StoredRow>, RosterRow)>,
    brought: Brought,
    /// So many entries went by.
    passed: u64,
    /// So many of them were dealt with by an earlier invocation.
    dealt_with: u64,
    moment: Moment,
}

/// Writes what is not written yet, and tells the contact. `present` is the roster where it was just read for the check: a row that
/// changed since does not have the version that the write asks for, and the import is gone on with later.
pub async fn run(import: Import<'_>, delivery: &mut Delivery, present: Option<Present>) -> Result<(), StoreError> {
    let (kind, dealt_with) = (delivery.kind, delivery.cursor);
    let moment = Moment { received_at: delivery.received_at, now: delivery.applying_since.unwrap_or(delivery.received_at) };
    let present = match present {
        Some(present) => present,
        None => Present::load(import.app, import.tenant.id, kind).await?,
    };
    let mut applying =
        Applying { import, delivery, present, chunk: BTreeMap::new(), brought: Brought::default(), passed: 0, dealt_with, moment };
    let mut rows = Rows::open(import.app, import.tenant, import.file, kind, import.installation).await?;
    while let Some(entries) = rows.next_entries().await? {
        applying.take(entries).await?;
    }
    applying.write().await?;
    delivery.state = State::Applied;
    finish::tell(import, delivery).await
}

impl Applying<'_> {
    async fn take(&mut self, mut entries: Vec<Entry>) -> Result<(), StoreError> {
        let skipped = usize::try_from(self.dealt_with.saturating_sub(self.passed)).unwrap_or(usize::MAX).min(entries.len());
        entries.drain(..skipped);
        self.passed += skipped as u64;
        if entries.is_empty() {
            return Ok(());
        }
        let Import { app, tenant, installation, .. } = self.import;
        let there = self.present.rows(app, tenant.id, installation, &entries).await?;
        for entry in &entries {
            let before = match self.chunk.get(&entry.number) {
                Some((_, waiting)) => Some(waiting),
                None => there.get(&entry.number).map(|stored| &stored.row),
            };
            // Judged as at the beginning, however often and late it is gone on with.
            let judged = judge(entry, before, new_employment(), self.moment);
            if let Some(change) = judged.change {
                self.brought.add(change.counts);
                self.chunk.insert(entry.number.clone(), (there.get(&entry.number).cloned(), change.row));
            }
            self.passed += 1;
            if self.chunk.len() >= CHUNK {
                self.write().await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), StoreError> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let Import { app, tenant, installation, holder, .. } = self.import;
        let now = app.clock.now();
        let mut transaction = app.store.transaction();
        for (number, (before, row)) in &self.chunk {
            roster::replace(&mut transaction, tenant.id, &installation.number(tenant.id, number), before.as_ref(), row)?;
        }
        let brought = std::mem::take(&mut self.brought);
        self.delivery.cursor = self.passed;
        self.delivery.brought.joined += brought.joined;
        self.delivery.brought.changed += brought.changed;
        self.delivery.brought.left += brought.left;
        self.delivery.put(&mut transaction, now + LEASE_TIME)?;
        if brought.left > 0 {
            delivery::count(&mut transaction, tenant.id, &time::month(self.delivery.received_at), brought.left, 0)?;
        }
        delivery::hold(&mut transaction, tenant.id, holder, now)?;
        // Not after the purge of a contract that has ended.
        transaction.check(Guard::Exists, &Key::tenant(tenant.id), "attribute_exists(pk)", &[])?;
        // Somebody changed a row, or goes on with this import: what is there now decides, at the next try.
        transaction.commit().await?.map_err(|_| StoreError::Contention)?;
        for (_, (_, row)) in std::mem::take(&mut self.chunk) {
            self.present.wrote(row);
        }
        Ok(())
    }
}

#[allow(clippy::disallowed_methods, reason = "one of the edges where ids are made")]
fn new_employment() -> EmploymentId {
    EmploymentId::new(Ulid::new())
}
