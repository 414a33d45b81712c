//! A file goes by, in batches of rows, while it arrives from S3.

use std::collections::VecDeque;

use aws_sdk_s3::primitives::ByteStream;

use domain::{roster_file::Kind, tenant::Tenant};
use roster_file::{Options, Reader, Row};
use store::{
    Installation, StoreError,
    installation::{ContentDigest, Digest},
    roster_files::Delivered,
};

use crate::App;

/// So many rows are looked at together: what is read of the roster for them fits into one `BatchGet`.
pub const BATCH: usize = 100;

/// The rows of a file, in their order.
pub struct Rows {
    body: ByteStream,
    /// Until the file has ended.
    reader: Option<Reader>,
    content: ContentDigest,
    /// Read, and not handed out yet.
    waiting: VecDeque<Row>,
}

impl Rows {
    /// Begins to read `file`.
    pub async fn open(app: &App, tenant: &Tenant, file: &Delivered, kind: Kind, installation: &Installation) -> Result<Self, StoreError> {
        let reader = Reader::new(Options { kind, width: tenant.number_width });
        Ok(Self { body: app.files.open(file).await?, reader: Some(reader), content: installation.content(), waiting: VecDeque::new() })
    }

    /// The next rows, [`BATCH`] at most; `None` at the end of the file.
    pub async fn next(&mut self) -> Result<Option<Vec<Row>>, StoreError> {
        while self.waiting.len() < BATCH {
            let Some(mut reader) = self.reader.take() else { break };
            match self.body.next().await {
                Some(piece) => {
                    let piece = piece.map_err(StoreError::unavailable("GetObject"))?;
                    self.content.update(&piece);
                    reader.push(&piece, &mut |row| self.waiting.push_back(row));
                    self.reader = Some(reader);
                }
                None => reader.finish(&mut |row| self.waiting.push_back(row)),
            }
        }
        let some: Vec<Row> = self.waiting.drain(..self.waiting.len().min(BATCH)).collect();
        Ok((!some.is_empty()).then_some(some))
    }

    /// The next entries, without what is no entry.
    pub async fn next_entries(&mut self) -> Result<Option<Vec<domain::roster_file::Entry>>, StoreError> {
        let entry = |row| if let Row::Entry(entry) = row { Some(entry) } else { None };
        Ok(self.next().await?.map(|rows| rows.into_iter().filter_map(entry).collect()))
    }

    /// The digest of what was read.
    pub fn content(self) -> Digest {
        self.content.finish()
    }
}
