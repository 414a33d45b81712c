//! What changes is written, in chunks: rows, counts, cursor and lease in one transaction, so that a killed import goes on after the
//! last chunk, and nobody else writes the tenant's roster from a file meanwhile.

use std::collections::BTreeMap;

use ulid::Ulid;

use domain::{id::EmploymentId, personal::EmployeeNumber, roster::RosterRow, roster_change::judge, roster_file::Entry, time};
use store::{
    StoreError,
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
    line: u32,
}

/// Writes what is not written yet, and tells the contact.
pub async fn run(import: Import<'_>, delivery: &mut Delivery) -> Result<(), StoreError> {
    let (kind, from) = (delivery.kind, delivery.cursor);
    let present = Present::load(import.app, import.tenant.id, kind).await?;
    let mut applying = Applying { import, delivery, present, chunk: BTreeMap::new(), brought: Brought::default(), line: from };
    let mut rows = Rows::open(import.app, import.tenant, import.file, kind, import.installation).await?;
    while let Some(entries) = rows.next_entries().await? {
        applying.take(entries.into_iter().filter(|entry| entry.line > from).collect()).await?;
    }
    applying.write().await?;
    delivery.state = State::Applied;
    finish::tell(import, delivery).await
}

impl Applying<'_> {
    async fn take(&mut self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let Import { app, tenant, installation, .. } = self.import;
        let there = self.present.rows(app, tenant.id, installation, &entries).await?;
        for entry in &entries {
            let before = match self.chunk.get(&entry.number) {
                Some((_, waiting)) => Some(waiting),
                None => there.get(&entry.number).map(|stored| &stored.row),
            };
            // Judged as when the file came, however often and late it is gone on with.
            let judged = judge(entry, before, new_employment(), self.delivery.received_at);
            if let Some(change) = judged.change {
                self.brought.add(change.counts);
                self.chunk.insert(entry.number.clone(), (there.get(&entry.number).cloned(), change.row));
            }
            self.line = entry.line;
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
        self.delivery.cursor = self.line;
        self.delivery.brought.joined += brought.joined;
        self.delivery.brought.changed += brought.changed;
        self.delivery.brought.left += brought.left;
        self.delivery.put(&mut transaction, now + LEASE_TIME)?;
        if brought.left > 0 {
            delivery::count(&mut transaction, tenant.id, &time::month(self.delivery.received_at), brought.left, 0)?;
        }
        delivery::hold(&mut transaction, tenant.id, holder, now)?;
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
