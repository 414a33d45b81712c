//! The zip archive that a workbook is, and the relationships between its parts (ECMA-376, part 2).

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Cursor, Read},
};

use memchr::memmem;
use zip::{ZipArchive, read::ZipFile};

use super::{
    Fault,
    xml::{Piece, Xml, attributes},
};

/// How much all parts together may unpack to, in bytes: a million rows with ten columns fill half of it.
const MAX_UNPACKED: usize = 1024 * 1024 * 1024;
/// More parts than any workbook has.
const MAX_PARTS: usize = 10_000;

/// An opened archive.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: usize,
}

/// What a part says of another one.
pub struct Relationship {
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// The other part's path.
    pub target: String,
}

impl<'a> Package<'a> {
    /// Opens the archive.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Fault> {
        // Counted before the archive's directory is taken into memory.
        if memmem::find_iter(bytes, b"PK\x01\x02").nth(MAX_PARTS).is_some() {
            return Err(Fault::TooLarge);
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Unreadable)?;
        Ok(Self { archive, left: MAX_UNPACKED })
    }

    /// A part as a stream of XML. The case of its name does not matter (part 2, 6.2.2.3).
    pub fn part(&mut self, path: &str) -> Result<Xml<'_, 'a>, Fault> {
        let names = self.archive.file_names().filter_map(Result::ok);
        let name = names.into_iter().find(|name| name.eq_ignore_ascii_case(path)).ok_or(Fault::Unreadable)?.into_owned();
        let file = self.archive.by_name(&name).map_err(|_| Fault::Unreadable)?;
        Ok(Xml::new(Part { unpacked: BufReader::new(file), left: &mut self.left, allowance: 0 }))
    }

    /// The relationships of a part, by their ids; of the package where the path is empty.
    pub fn relationships(&mut self, path: &str) -> Result<BTreeMap<String, Relationship>, Fault> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let slash = if folder.is_empty() { "" } else { "/" };
        let mut part = self.part(&format!("{folder}{slash}_rels/{name}.rels"))?;
        let mut all = BTreeMap::new();
        loop {
            match part.next()? {
                Piece::Opens(element) if element.local_name().as_ref() == b"Relationship" && all.len() < MAX_PARTS => {
                    let [id, kind, target] = attributes(&element, ["Id", "Type", "Target"])?;
                    let (Some(id), Some(kind), Some(target)) = (id, kind, target) else { continue };
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None => format!("{folder}{slash}{target}"),
                    };
                    all.insert(id, Relationship { kind: kind.rsplit('/').next().unwrap_or_default().to_owned(), target });
                }
                Piece::End => return Ok(all),
                Piece::Opens(_) | Piece::Closes(_) | Piece::Text(_) => {}
            }
        }
    }
}

/// A part that is unpacked as it is read, within what is left of [`MAX_UNPACKED`] and within an allowance for what the reader
/// of its XML has to hold at once.
pub struct Part<'p, 'a> {
    unpacked: BufReader<ZipFile<'p, Cursor<&'a [u8]>>>,
    left: &'p mut usize,
    allowance: usize,
}

impl Part<'_, '_> {
    /// Allows so many bytes more, from here on.
    pub const fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Whether it stopped because there was too much.
    pub const fn is_exhausted(&self) -> bool {
        self.allowance == 0 || *self.left == 0
    }
}

impl Read for Part<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Part<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_exhausted() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.unpacked.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.unpacked.consume(bytes);
        *self.left = self.left.saturating_sub(bytes);
        self.allowance = self.allowance.saturating_sub(bytes);
    }
}
