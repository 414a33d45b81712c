//! Keeps the world on disk: one JSON line an entry, appended before the entry counts, so that what was accepted survives a
//! kill at any moment.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

use super::world::{Entry, World};

/// The world and the file that it can be made from again.
pub struct Journal {
    file: File,
    world: World,
}

impl Journal {
    /// Reads `<data>/line.jsonl`, or begins it. A last line without its end was not yet accepted when the process died: it is cut off.
    pub fn open(data: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(data.join("line.jsonl"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
        file.set_len(u64::try_from(bytes.len()).map_err(io::Error::other)?)?;
        file.seek(SeekFrom::End(0))?;
        let mut world = World::default();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            world.apply(serde_json::from_slice(line)?);
        }
        Ok(Self { file, world })
    }

    /// Keeps `entry`, then lets it happen.
    pub fn keep(&mut self, entry: Entry) -> io::Result<()> {
        self.keep_all(vec![entry])
    }

    /// Keeps `entries`, in one append, then lets them happen. A kill in the middle leaves the first of them; what must not
    /// be without the other belongs in one entry.
    pub fn keep_all(&mut self, entries: Vec<Entry>) -> io::Result<()> {
        let mut lines = Vec::new();
        for entry in &entries {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)?;
        for entry in entries {
            self.world.apply(entry);
        }
        Ok(())
    }

    /// The world as it is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// A message id that was not used before.
    pub fn next_message_id(&mut self) -> String {
        self.world.next_message_id()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn joined(name: &str) -> Entry {
        Entry::Joined { user: format!("U{name}"), name: name.to_owned() }
    }

    fn names(journal: &Journal) -> Vec<String> {
        journal.world().users().map(|(_, user)| user.name.clone()).collect()
    }

    #[test]
    fn a_line_cut_short_by_a_kill_is_dropped_and_the_rest_is_kept() {
        let data = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(data.path()).unwrap();
        journal.keep(joined("a")).unwrap();
        journal.keep(joined("b")).unwrap();
        drop(journal);
        OpenOptions::new().append(true).open(data.path().join("line.jsonl")).unwrap().write_all(br#"{"kind":"joined","us"#).unwrap();
        let mut journal = Journal::open(data.path()).unwrap();
        assert_eq!(names(&journal), ["a", "b"]);
        journal.keep(joined("c")).unwrap();
        assert_eq!(names(&Journal::open(data.path()).unwrap()), ["a", "b", "c"]);
    }
}
