//! A file of a request form: what is known of the object in S3.

use chrono::{DateTime, Utc};

use crate::{document::DocumentType, id::RequestFileId, personal::DocumentName};

/// Files of a form at most.
pub const MOST_FILES: usize = 5;
/// Bytes of a file at most: 4 MiB. Lambda takes 6 MB a request, and the gateway hands a file over in Base64, which makes a third
/// more of it.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// A name longer than that is cut; file systems end at 255.
const LONGEST_NAME: usize = 200;

/// A file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its id.
    pub id: RequestFileId,
    /// Its name.
    pub name: DocumentName,
    /// What it is, by its content.
    pub kind: DocumentType,
    /// How long it is.
    pub bytes: u64,
    /// When it was added.
    pub at: DateTime<Utc>,
}

impl Attached {
    /// How long it is, for people: `312KB`, `1.4MB`.
    pub fn size(&self) -> String {
        const KIB: u64 = 1024;
        match self.bytes {
            bytes if bytes < KIB * KIB => format!("{}KB", bytes.div_ceil(KIB)),
            bytes => format!("{}.{}MB", bytes / (KIB * KIB), bytes % (KIB * KIB) * 10 / (KIB * KIB)),
        }
    }
}

/// The name that people see: without folders, and without what ends a line or turns the direction of writing around.
pub(super) fn name(told: &str, kind: DocumentType) -> DocumentName {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let last = told.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let ending = kind.endings().first().copied().unwrap_or_default();
    DocumentName::new(if name.is_empty() { format!("document{ending}") } else { name })
}
