//! `ops kpi`: the figures of a tenant, as its contacts see them.

use serde_json::json;

use domain::{
    id::TenantId,
    interview::month::Month,
    kpi::{
        figures::Act,
        suppression::{Cell, Cells},
    },
    text::Language,
};
use ops::Ops;

use super::{act::Answer, report::Report};

/// Shows what `tenant` sees.
pub async fn show(ops: &Ops, tenant: TenantId) -> Answer {
    let months = ops.figures(tenant).await?;
    let words = |cell: Option<Cell>| cell.map_or_else(|| "-".to_owned(), |cell| cell.words(Language::En));
    let row = |(month, cells, interviews): &(Month, Cells, u32)| {
        vec![
            month.to_string(),
            cells.roster.to_string(),
            words(Some(cells.registered)),
            words(Some(cells.active)),
            words(cells.acts.get(&Act::Consultations).copied()),
            interviews.to_string(),
        ]
    };
    Ok(Report::table(
        &["MONTH", "ROSTER", "REGISTERED", "ACTIVE", "CONSULTATIONS", "INTERVIEWS"],
        months.iter().map(row).collect(),
        "No month is frozen yet.",
        months.iter().map(|(month, cells, interviews)| json!({ "month": month, "shown": cells, "interviews": interviews })).collect(),
    ))
}
