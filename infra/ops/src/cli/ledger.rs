//! `ops ledger`: what was disclosed when and why, and the proof that nothing is missing. Never what was disclosed.

use clap::Subcommand;
use serde_json::json;

use domain::time;
use ops::Ops;
use store::entity::disclosure::Entry;

use super::{act::Answer, report::Report};

#[derive(Debug, Subcommand)]
pub enum Ledger {
    /// List the disclosures to a tenant's contacts
    Show {
        /// The tenant's id or name
        tenant: String,
    },
    /// Prove that no entry was changed, left out or moved, also where texts were erased
    #[command(after_help = "\
The number and check value of the last entry stand in the mail that its contact got: where the mail's number is higher than the
ledger's last one, entries were cut off.")]
    Verify {
        /// The tenant's id or name
        tenant: String,
    },
}

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Ledger) -> Answer {
    match command {
        Ledger::Show { tenant } => Ok(show(&ops.ledger(ops.tenant(&tenant).await?.id).await?)),
        Ledger::Verify { tenant } => Ok(match ops.verify_ledger(ops.tenant(&tenant).await?.id).await? {
            None => Report::said("The ledger has no entries.", json!({ "entries": 0 })),
            Some(last) => Report::said(
                format!("The ledger is whole: {} entries, the last with check value {}.", last.number, last.check_value()),
                json!({ "entries": last.number, "check": last.check_value() }),
            ),
        }),
    }
}

fn show(entries: &[Entry]) -> Report {
    let row = |entry: &Entry| {
        vec![
            entry.number.to_string(),
            time::jst(entry.at).format("%Y-%m-%d %H:%M").to_string(),
            entry.reason.code().to_owned(),
            entry.consent.code().to_owned(),
            entry.contact.clone(),
            entry.check_value().to_owned(),
            entry.nurse_name.expose().to_owned(),
        ]
    };
    Report::table(
        &["NUMBER", "AT", "REASON", "CONSENT", "CONTACT", "CHECK", "NURSE"],
        entries.iter().map(row).collect(),
        "Nothing was disclosed.",
        json!(entries),
    )
}
