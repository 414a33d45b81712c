//! What a stand-in keeps over a restart: small JSON files, each replaced as a whole.

use std::{io, path::Path};

use serde::{Serialize, de::DeserializeOwned};

/// Reads `file`; where there is none, the default.
pub fn read<T: DeserializeOwned + Default>(file: &Path) -> io::Result<T> {
    match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| io::Error::other(format!("{}: {error}", file.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(error),
    }
}

/// Writes beside `file` and renames, so that a reader or a crash never meets half a file.
pub fn write<T: Serialize>(file: &Path, value: &T) -> io::Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, serde_json::to_vec_pretty(value)?)?;
    std::fs::rename(beside, file)
}
