//! A file goes by, in batches of rows, while it arrives from S3.

use domain::tenant::Tenant;
use roster_file::{Options, Reader, Row};
use store::{StoreError, installation::ContentDigest, roster_files::Delivered};

use domain::roster_file::Kind;

use crate::App;

/// So many rows are looked at together: what is read of the roster for them fits into one `BatchGet`.
pub const BATCH: usize = 100;

/// Hands the rows of `file` to `visit`, in their order and at most [`BATCH`] at a time; `content` takes its bytes.
pub async fn each(
    app: &App,
    tenant: &Tenant,
    file: &Delivered,
    kind: Kind,
    mut content: Option<&mut ContentDigest>,
    mut visit: impl AsyncFnMut(Vec<Row>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut body = app.files.open(file).await?;
    let mut reader = Reader::new(Options { kind, width: tenant.number_width });
    let mut rows = Vec::new();
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| StoreError::Unavailable { operation: "GetObject", source: error.into() })?;
        if let Some(content) = &mut content {
            content.update(&piece);
        }
        reader.push(&piece, &mut |row| rows.push(row));
        while rows.len() >= BATCH {
            let rest = rows.split_off(BATCH);
            visit(std::mem::replace(&mut rows, rest)).await?;
        }
    }
    reader.finish(&mut |row| rows.push(row));
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(BATCH));
        visit(std::mem::replace(&mut rows, rest)).await?;
    }
    Ok(())
}
