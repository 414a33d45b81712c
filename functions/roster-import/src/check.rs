//! Every row is checked before anything is applied (row D1): by itself, among the others, and against the roster.

use std::collections::BTreeSet;

use ulid::Ulid;

use domain::{
    id::EmploymentId,
    personal::{EmployeeNumber, PersonName},
    roster_change::{Moment, judge},
    roster_file::{Code, Column, Entry, Finding, Kind, Numbers, Severity, repeated},
    roster_report::LISTED,
    tenant::Tenant,
};
use roster_file::Row;
use store::{
    Installation, StoreError,
    entity::delivery::{Brought, Delivery},
    installation::Digest,
    roster_files::Delivered,
};

use crate::{App, present::Present, read::Rows};

/// What checking a file found.
pub struct Checked {
    /// The digest of its content.
    pub content: Digest,
    /// Rows that could be read.
    pub rows: u64,
    /// What is not in order, [`LISTED`] at most, by line.
    pub findings: Vec<Finding>,
    /// All that keep it from being applied.
    pub blocking: u64,
    /// All that do not.
    pub warnings: u64,
    /// What it would bring.
    pub would_bring: Brought,
    /// Rows in the roster.
    pub roster: u64,
    /// Who has access and is not in a full roster.
    pub missing: Vec<(EmployeeNumber, PersonName)>,
    /// The roster that it was checked against.
    pub present: Present,
}

struct Checking {
    rows: u64,
    findings: Vec<Finding>,
    blocking: u64,
    warnings: u64,
    would_bring: Brought,
    numbers: Numbers,
    seen: BTreeSet<EmployeeNumber>,
}

/// Checks `file` against the roster as it is now.
pub async fn run(
    app: &App,
    tenant: &Tenant,
    file: &Delivered,
    delivery: &Delivery,
    installation: &Installation,
) -> Result<Checked, StoreError> {
    let (kind, now) = (delivery.kind, app.clock.now());
    let moment = Moment { received_at: delivery.received_at, now };
    let present = Present::load(app, tenant.id, kind).await?;
    let mut checking = Checking {
        rows: 0,
        findings: Vec::new(),
        blocking: 0,
        warnings: 0,
        would_bring: Brought::default(),
        numbers: Numbers::default(),
        seen: BTreeSet::new(),
    };
    let mut rows = Rows::open(app, tenant, file, kind, installation).await?;
    while let Some(some) = rows.next().await? {
        let entries = checking.take(some);
        let there = present.rows(app, tenant.id, installation, &entries).await?;
        let unknown: Vec<&Entry> = entries.iter().filter(|entry| !there.contains_key(&entry.number)).collect();
        let lacking = present.lacking_zeros(app, tenant, installation, &unknown).await?;
        for entry in &entries {
            if lacking.contains(&entry.number) {
                let (line, column) = (Some(entry.line), Some(Column::Number));
                checking.find(Finding { line, column, position: None, code: Code::NumberLacksZeros });
                continue;
            }
            let judged = judge(entry, there.get(&entry.number).map(|stored| &stored.row), NOBODY, moment);
            if let Some(finding) = judged.finding {
                checking.find(finding);
            }
            if let Some(change) = judged.change {
                checking.would_bring.add(change.counts);
            }
            if kind == Kind::Full {
                checking.seen.insert(entry.number.clone());
            }
        }
    }
    let suspects = std::mem::take(&mut checking.numbers).suspects();
    if !suspects.is_empty() {
        let mut entries = Vec::new();
        let mut again = Rows::open(app, tenant, file, kind, installation).await?;
        while let Some(some) = again.next_entries().await? {
            entries.extend(some.into_iter().filter(|entry| suspects.may_hold(&entry.number)));
        }
        for finding in repeated(&entries) {
            checking.find(finding);
        }
    }
    checking.findings.sort();
    checking.findings.truncate(LISTED);
    let missing = match &present {
        Present::All { rows, .. } => {
            let mut missing: Vec<_> = rows
                .values()
                .filter(|stored| !checking.seen.contains(&stored.row.number))
                .filter_map(|stored| {
                    let holder = stored.row.holder(now).filter(|holder| holder.leave.is_none())?;
                    Some((stored.row.number.clone(), holder.name.clone()))
                })
                .collect();
            missing.sort();
            missing
        }
        Present::Looked { .. } => Vec::new(),
    };
    Ok(Checked {
        content: rows.content(),
        rows: checking.rows,
        findings: checking.findings,
        blocking: checking.blocking,
        warnings: checking.warnings,
        would_bring: checking.would_bring,
        roster: present.size(),
        missing,
        present,
    })
}

/// Checking begins no employment: the id of one that it judges is nobody's.
const NOBODY: EmploymentId = EmploymentId::new(Ulid::nil());

impl Checking {
    fn take(&mut self, rows: Vec<Row>) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            match row {
                Row::Entry(entry) => {
                    self.rows += 1;
                    self.numbers.note(&entry.number);
                    entries.push(entry);
                }
                Row::Finding(finding) => self.find(finding),
            }
        }
        entries
    }

    /// Findings come in the order of the file but for those among rows: twice as many are kept as are listed, before they are sorted.
    fn find(&mut self, finding: Finding) {
        match finding.code.severity() {
            Severity::Blocking => self.blocking += 1,
            Severity::Warning => self.warnings += 1,
        }
        if self.findings.len() < 2 * LISTED {
            self.findings.push(finding);
        }
    }
}
