//! The directory that holds everything the local system keeps. One process at a time has it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// Tells a directory of ours from one that holds something else.
const MARKER: &str = "hokenshitsu-local";

/// A data directory, locked as long as this value lives.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    _lock: File,
}

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Emptying it would destroy what is not ours.
    #[error("{} holds something else than the local system's data and is left as it is", .0.display())]
    NotOurs(PathBuf),
    /// Another process works with it.
    #[error("another local system uses {}", .0.display())]
    InUse(PathBuf),
    /// The disk.
    #[error("{path}: {cause}", path = .0.display(), cause = .1)]
    Disk(PathBuf, io::Error),
}

impl Directory {
    /// Opens or creates `path`; `fresh` empties it first.
    pub fn open(path: &Path, fresh: bool) -> Result<Self, DirectoryError> {
        let disk = |error| DirectoryError::Disk(path.to_owned(), error);
        fs::create_dir_all(path).map_err(disk)?;
        let marker = path.join(MARKER);
        let empty = fs::read_dir(path).map_err(disk)?.next().is_none();
        if !empty && !marker.exists() {
            return Err(DirectoryError::NotOurs(path.to_owned()));
        }
        let lock = File::create(&marker).map_err(disk)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DirectoryError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(disk(error)),
        }
        if fresh {
            clear(path).map_err(disk)?;
        }
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn clear(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn one_system_at_a_time_has_a_directory() {
        let place = tempfile::tempdir().unwrap();
        let first = Directory::open(place.path(), false).unwrap();
        assert!(matches!(Directory::open(place.path(), false), Err(DirectoryError::InUse(_))));
        drop(first);
        assert!(Directory::open(place.path(), false).is_ok());
    }

    #[test]
    fn fresh_empties_only_a_directory_of_ours() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("thesis.txt"), "ten years of work").unwrap();
        assert!(matches!(Directory::open(place.path(), true), Err(DirectoryError::NotOurs(_))));
        let ours = place.path().join("data");
        drop(Directory::open(&ours, false).unwrap());
        fs::create_dir(ours.join("mail")).unwrap();
        fs::write(ours.join("clock.json"), "{}").unwrap();
        drop(Directory::open(&ours, true).unwrap());
        assert_eq!(fs::read_dir(&ours).unwrap().count(), 1);
    }
}
