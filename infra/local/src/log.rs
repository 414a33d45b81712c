//! The log of the binary: JSON lines in `<data>/log.jsonl`, where they can be searched, and warnings on standard error.

use std::{fs::OpenOptions, io, path::Path, sync::Arc};

use tracing_subscriber::{EnvFilter, Layer, filter::LevelFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts the process's log. Only the binary does: in tests many systems share a process.
///
/// The libraries are kept to their errors: some log what a request holds, and dynoxide warns of every condition that fails.
pub fn start(data: &Path) -> io::Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(data.join("log.jsonl"))?;
    let filter = EnvFilter::new(
        "error,local=info,line_webhook=info,outbox=info,roster_import=info,retiree_purge=info,kpi_report=info,mail_feedback=info,contact_portal=info,document_upload=info,store=info,line=info,domain=info,runtime=info,ops=info",
    );
    let lines = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false).with_writer(Arc::new(file));
    let warnings = fmt::layer().compact().with_target(false).with_writer(io::stderr).with_filter(LevelFilter::WARN);
    tracing_subscriber::registry().with(filter).with(lines).with(warnings).try_init().map_err(io::Error::other)
}
