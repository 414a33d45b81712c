//! Bytes that do not belong in the journal: pictures and files that people send, images of rich menus. One file each, written
//! before the entry that speaks of it; what no entry speaks of is cleared away at the next start.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A directory of them, by names that were checked to be ids.
pub struct Files(PathBuf);

impl Files {
    /// Those in `<data>/{name}`, where only what `stays` is left.
    pub fn open(data: &Path, name: &str, stays: impl Fn(&str) -> bool) -> io::Result<Self> {
        let directory = data.join(name);
        fs::create_dir_all(&directory)?;
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(&stays) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self(directory))
    }

    /// Where `id` is, or would be.
    pub fn path(&self, id: &str) -> PathBuf {
        self.0.join(id)
    }

    /// Keeps `bytes` as `id`.
    pub fn write(&self, id: &str, bytes: &[u8]) -> io::Result<()> {
        fs::write(self.path(id), bytes)
    }

    /// Removes `id`, where it is.
    pub fn remove(&self, id: &str) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn what_nothing_speaks_of_is_cleared_away_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let files = Files::open(data.path(), "x", |_| true).unwrap();
        files.write("1", b"kept").unwrap();
        files.write("2", b"orphan").unwrap();
        let files = Files::open(data.path(), "x", |id| id == "1").unwrap();
        assert!(files.path("1").exists() && !files.path("2").exists());
        files.remove("1").unwrap();
        files.remove("1").unwrap();
        assert!(!files.path("1").exists());
    }
}
