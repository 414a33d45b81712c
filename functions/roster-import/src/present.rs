//! The roster as it is, as far as a file speaks of it: a monthly file's numbers are looked up batch by batch, a full roster's are
//! compared with all rows, which are read once (a Query reads sixteen times as many rows a unit as a look-up).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    id::TenantId,
    personal::EmployeeNumber,
    roster::RosterRow,
    roster_file::{Entry, Kind, Says},
    tenant::Tenant,
};
use store::{
    Installation, Key, StoreError, Wanted,
    entity::roster::{self, StoredRow},
};

use crate::{App, read::BATCH};

/// What is known of the roster.
pub enum Present {
    /// Numbers are looked up when they come.
    Looked {
        /// Rows in the tenant's roster; with none nothing has to be looked for.
        size: usize,
    },
    /// All rows, and the numbers without their leading zeros.
    All { rows: HashMap<EmployeeNumber, StoredRow>, bare: HashSet<String> },
}

impl Present {
    /// For a file that claims to be `kind`.
    pub async fn load(app: &App, tenant: TenantId, kind: Kind) -> Result<Self, StoreError> {
        match kind {
            Kind::Monthly => Ok(Self::Looked { size: app.store.roster_size(tenant).await? }),
            Kind::Full => {
                let rows = app.store.roster(tenant).await?;
                let bare = rows.iter().filter_map(|stored| bare(&stored.row.number)).collect();
                Ok(Self::All { rows: rows.into_iter().map(|stored| (stored.row.number.clone(), stored)).collect(), bare })
            }
        }
    }

    /// How many rows the roster has.
    pub fn size(&self) -> u64 {
        let size = match self {
            Self::Looked { size } => *size,
            Self::All { rows, .. } => rows.len(),
        };
        u64::try_from(size).unwrap_or(u64::MAX)
    }

    /// The rows of these entries' numbers.
    pub async fn rows(
        &self,
        app: &App,
        tenant: TenantId,
        installation: &Installation,
        entries: &[Entry],
    ) -> Result<BTreeMap<EmployeeNumber, StoredRow>, StoreError> {
        match self {
            Self::All { rows, .. } => {
                Ok(entries.iter().filter_map(|entry| rows.get_key_value(&entry.number)).map(|(n, row)| (n.clone(), row.clone())).collect())
            }
            Self::Looked { size: 0 } => Ok(BTreeMap::new()),
            Self::Looked { .. } => look_up(app, tenant, installation, entries.iter().map(|entry| &entry.number)).await,
        }
    }

    /// Which of these numbers, which the roster does not have, it has with zeros before them (a spreadsheet took them for numbers).
    /// A tenant with a width of numbers has no such case: they are padded when they are read.
    pub async fn lacking_zeros(
        &self,
        app: &App,
        tenant: &Tenant,
        installation: &Installation,
        unknown: &[&Entry],
    ) -> Result<BTreeSet<EmployeeNumber>, StoreError> {
        let digits = |entry: &&&Entry| tenant.number_width.is_none() && entry.number.expose().bytes().all(|byte| byte.is_ascii_digit());
        let unknown: Vec<&Entry> = unknown.iter().filter(digits).copied().collect();
        match self {
            Self::All { bare: known, .. } => {
                let lacks = |entry: &&Entry| bare(&entry.number).is_some_and(|number| known.contains(&number));
                Ok(unknown.into_iter().filter(lacks).map(|entry| entry.number.clone()).collect())
            }
            Self::Looked { size: 0 } => Ok(BTreeSet::new()),
            Self::Looked { .. } => {
                // A joiner's number is new: only who is to leave or to stay has to be found.
                let found = unknown.into_iter().filter(|entry| !matches!(entry.says, Says::Joins { .. }));
                let padded: Vec<(EmployeeNumber, EmployeeNumber)> = found
                    .flat_map(|entry| domain::employee::with_more_zeros(&entry.number).map(|longer| (longer, entry.number.clone())))
                    .collect();
                let mut lacking = BTreeSet::new();
                for some in padded.chunks(BATCH) {
                    let rows = look_up(app, tenant.id, installation, some.iter().map(|(longer, _)| longer)).await?;
                    lacking.extend(some.iter().filter(|(longer, _)| rows.contains_key(longer)).map(|(_, number)| number.clone()));
                }
                Ok(lacking)
            }
        }
    }

    /// Takes over what was written.
    pub fn wrote(&mut self, row: RosterRow) {
        if let Self::All { rows, .. } = self {
            let before = rows.remove(&row.number);
            rows.insert(row.number.clone(), StoredRow::after(before.as_ref(), row));
        }
    }
}

/// A number of digits only, without its leading zeros.
fn bare(number: &EmployeeNumber) -> Option<String> {
    let number = number.expose();
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.trim_start_matches('0').to_owned())
}

async fn look_up(
    app: &App,
    tenant: TenantId,
    installation: &Installation,
    numbers: impl Iterator<Item = &EmployeeNumber>,
) -> Result<BTreeMap<EmployeeNumber, StoredRow>, StoreError> {
    let items: Vec<Key> = numbers.map(|number| Key::roster_row(tenant, &installation.number(tenant, number))).collect();
    let fetched = app.store.fetch(&Wanted { items: items.clone(), data_keys: Vec::new() }).await?;
    let mut rows = BTreeMap::new();
    for item in items.iter().filter_map(|key| fetched.item(key)) {
        let stored = roster::from_item(item.clone())?;
        rows.insert(stored.row.number.clone(), stored);
    }
    Ok(rows)
}
