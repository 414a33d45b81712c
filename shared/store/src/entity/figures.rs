//! The figures of a tenant's months, frozen; what of them the company may see; and which reports went out (row D3). All of a
//! tenant stands in one partition, and says nothing about a person: it stays when people are erased, and when the contract ends.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::TenantId,
    interview::month::Month,
    kpi::{
        figures::Frozen,
        period::{Occasion, Period},
        suppression::History,
    },
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item},
};

/// What was counted of a month, written once. All that there is of a tenant: one Query.
pub const ENTITY: Entity = Entity { name: "Figures", pk: "FIGURES#{tenant}", sk: "MONTH#{month}", index: "", erasure: Erasure::Anonymous };
/// All that the company was ever shown.
pub const SHOWN: Entity = Entity { name: "ShownFigures", pk: "FIGURES#{tenant}", sk: "SHOWN", index: "", erasure: Erasure::Anonymous };
/// That a report is on its way: its key exists once.
pub const REPORT: Entity =
    Entity { name: "KpiReport", pk: "FIGURES#{tenant}", sk: "REPORT#{occasion}#{period}", index: "", erasure: Erasure::Anonymous };

#[derive(Serialize, Deserialize)]
struct StoredMonth {
    figures: Frozen,
    /// When it was counted.
    #[serde(with = "domain::time::stamped")]
    counted_at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct StoredShown {
    version: u64,
    shown: History,
}

/// A report that was queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentReport {
    /// For what it was made.
    pub occasion: Occasion,
    /// What it reports.
    pub period: Period,
    /// When its mails were queued.
    #[serde(with = "domain::time::stamped")]
    pub queued_at: DateTime<Utc>,
    /// To how many contacts.
    pub contacts: u64,
}

impl SentReport {
    /// Writes down that it is queued, in the transaction with its mails; [`Guard::Unique`] fails where it was before.
    pub fn put(&self, transaction: &mut Transaction<'_>, tenant: TenantId) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(REPORT.name, &Key::kpi_report(tenant, self.occasion, self.period), self)?)
    }
}

/// Everything of a tenant, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// What was counted.
    pub months: BTreeMap<Month, Frozen>,
    /// What the company was shown.
    pub shown: History,
    /// Which reports were queued.
    pub reports: BTreeSet<(Occasion, Period)>,
    /// Of what was shown; for conditions.
    version: u64,
}

impl Figures {
    fn of(items: Vec<Item>) -> Result<Self, StoreError> {
        let mut figures = Self::default();
        for item in items {
            match item.get("kind").and_then(|kind| kind.as_s().ok()).map(String::as_str) {
                Some(kind) if kind == ENTITY.name => {
                    let month: StoredMonth = entity(ENTITY.name, item)?;
                    figures.months.insert(month.figures.month(), month.figures);
                }
                Some(kind) if kind == SHOWN.name => {
                    let stored: StoredShown = entity(SHOWN.name, item)?;
                    (figures.shown, figures.version) = (stored.shown, stored.version);
                }
                Some(kind) if kind == REPORT.name => {
                    let report: SentReport = entity(REPORT.name, item)?;
                    figures.reports.insert((report.occasion, report.period));
                }
                Some(_) | None => {}
            }
        }
        Ok(figures)
    }

    /// Writes the month down for good; [`Guard::Unique`] fails where that was done before.
    pub fn freeze(
        &self,
        transaction: &mut Transaction<'_>,
        tenant: TenantId,
        figures: &Frozen,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let stored = StoredMonth { figures: figures.clone(), counted_at: now };
        transaction.put_new(Guard::Unique, item(ENTITY.name, &Key::figures(tenant, figures.month()), &stored)?)
    }

    /// Puts `shown` in the place of what the company was shown so far; [`Guard::Version`] fails where somebody else did.
    pub fn show(&self, transaction: &mut Transaction<'_>, tenant: TenantId, shown: &History) -> Result<(), StoreError> {
        let stored = StoredShown { version: self.version + 1, shown: shown.clone() };
        let item = item(SHOWN.name, &Key::shown_figures(tenant), &stored)?;
        if self.version == 0 {
            return transaction.put_new(Guard::Version, item);
        }
        let before = AttributeValue::N(self.version.to_string());
        transaction.put_if(Guard::Version, item, "version = :before", &[(":before", before)])
    }
}

impl Store {
    /// Everything of a tenant.
    pub async fn figures(&self, tenant: TenantId) -> Result<Figures, StoreError> {
        Figures::of(self.query_all(&Key::partition_of_figures(tenant)).await?)
    }
}
