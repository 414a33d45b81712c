//! The versions of every object as files:
//!
//! ```text
//! {bucket}/objects/{digest of the key}/{version}/{about.json, body}
//! {bucket}/uploads/{upload}/{about.json, part number/{about.json, body}}
//! {bucket}/unfinished/…
//! ```
//!
//! A folder is filled under `unfinished` and then moved to its place as a whole; what is deleted is moved back there first.
//! So a process that is killed leaves an object as it was or as it was to be, and whatever lies in `unfinished` at the next
//! start is nobody's. Nothing is forced to the disk: only the end of this process has to be survived.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt::Write,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ring::digest::{SHA256, digest};
use serde::{Serialize, de::DeserializeOwned};
use ulid::Ulid;

use super::{
    about::About,
    notification::{Made, Notifications},
};
use crate::{aws::sqs::Prepared, kept};

const ABOUT: &str = "about.json";
const BODY: &str = "body";

/// The buckets below a folder; clones are the same ones.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
    /// Held while versions come and go: what is checked before a write still holds when it is written.
    changing: Arc<Mutex<()>>,
    notifications: Option<Notifications>,
}

/// A bucket that exists.
#[derive(Debug, Clone)]
pub struct Bucket {
    name: String,
    root: PathBuf,
    changing: Arc<Mutex<()>>,
    notifications: Option<Notifications>,
}

/// A version of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Newer ones are greater, among those of one object.
    pub id: String,
    /// Whether it is what a reader gets who names none.
    pub latest: bool,
    /// All but its bytes.
    pub about: About,
}

/// Whether an object is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// Always.
    Any,
    /// Only where there is none, or a delete marker.
    Nothing,
}

/// Why nothing was put.
#[derive(Debug, thiserror::Error)]
pub enum NotPut {
    /// [`Replace::Nothing`], and there is an object.
    #[error("there is an object already")]
    Exists,
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Store {
    /// The buckets in `root`, as they are. `notifications` are told of what is put into them.
    pub fn at(root: PathBuf, notifications: Option<Notifications>) -> Self {
        Self { root, changing: Arc::default(), notifications }
    }

    /// Makes sure of a bucket, and removes what an earlier process left half done in it.
    pub fn prepare(&self, bucket: &str) -> io::Result<()> {
        let root = self.root.join(bucket);
        match std::fs::remove_dir_all(root.join("unfinished")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        ["objects", "uploads", "unfinished"].iter().try_for_each(|folder| std::fs::create_dir_all(root.join(folder)))
    }

    /// The bucket of that name.
    pub fn bucket(&self, name: &str) -> Option<Bucket> {
        let root = self.root.join(name);
        root.join("objects").is_dir().then(|| Bucket {
            name: name.to_owned(),
            root,
            changing: Arc::clone(&self.changing),
            notifications: self.notifications.clone(),
        })
    }

    /// The names of all buckets.
    pub fn buckets(&self) -> io::Result<Vec<String>> {
        let mut names = folders(&self.root)?;
        names.retain(|name| self.bucket(name).is_some());
        names.sort();
        Ok(names)
    }
}

impl Bucket {
    /// A new folder to fill.
    pub fn begin(&self) -> io::Result<Unfinished> {
        let folder = self.nowhere();
        std::fs::create_dir(&folder)?;
        Ok(Unfinished { folder })
    }

    /// Makes `filled` the newest version of its object, tells of it, and answers the version's id.
    pub fn put(&self, filled: Unfinished, about: &About, replace: Replace, made: Made) -> Result<String, NotPut> {
        kept::write(&filled.folder.join(ABOUT), about)?;
        let object = self.object(&about.key);
        let _changing = self.lock();
        let newest = ids(&object)?.into_iter().next();
        if replace == Replace::Nothing
            && let Some(newest) = &newest
            && read_about::<About>(&object.join(newest))?.is_some_and(|about| about.content.is_some())
        {
            return Err(NotPut::Exists);
        }
        let id = next_id(newest.as_deref());
        let prepare = |notifications: &Notifications| notifications.prepare(&self.name, about, &id, made);
        let told = self.notifications.as_ref().map(prepare).transpose()?.flatten();
        std::fs::create_dir_all(&object)?;
        filled.place(&object.join(&id))?;
        told.map(Prepared::send);
        Ok(id)
    }

    /// Every version of an object, newest first.
    pub fn versions(&self, key: &str) -> io::Result<Vec<Version>> {
        versions_in(&self.object(key))
    }

    /// Every object whose key begins with `prefix`, by key (S3's order is that of the bytes), with its versions, newest first.
    pub fn all(&self, prefix: &str) -> io::Result<BTreeMap<String, Vec<Version>>> {
        let objects = self.root.join("objects");
        let mut all = BTreeMap::new();
        for folder in folders(&objects)? {
            let versions = versions_in(&objects.join(folder))?;
            if let Some(first) = versions.first()
                && first.about.key.starts_with(prefix)
            {
                all.insert(first.about.key.clone(), versions);
            }
        }
        Ok(all)
    }

    /// Where the bytes of a version are.
    pub fn body(&self, key: &str, version: &str) -> PathBuf {
        self.object(key).join(version).join(BODY)
    }

    /// Removes a version for good, and answers what it was.
    pub fn remove(&self, key: &str, version: &str) -> io::Result<Option<About>> {
        let object = self.object(key);
        let _changing = self.lock();
        let Some(about) = read_about(&object.join(version))? else { return Ok(None) };
        self.discard(&object.join(version))?;
        if ids(&object)?.is_empty() {
            std::fs::remove_dir(&object)?;
        }
        Ok(Some(about))
    }

    /// Where the upload of that id keeps its parts.
    pub fn upload(&self, id: &str) -> PathBuf {
        self.root.join("uploads").join(id)
    }

    /// Moves `filled` to `place`, in the place of what is there.
    pub fn replace(&self, filled: Unfinished, about: &impl Serialize, place: &Path) -> io::Result<()> {
        kept::write(&filled.folder.join(ABOUT), about)?;
        let _changing = self.lock();
        self.discard(place)?;
        filled.place(place)
    }

    /// Removes a folder at once, and its contents.
    pub fn discard(&self, folder: &Path) -> io::Result<()> {
        let nowhere = self.nowhere();
        match std::fs::rename(folder, &nowhere) {
            Ok(()) => std::fs::remove_dir_all(nowhere),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn object(&self, key: &str) -> PathBuf {
        self.root.join("objects").join(hex(digest(&SHA256, key.as_bytes()).as_ref()))
    }

    fn nowhere(&self) -> PathBuf {
        self.root.join("unfinished").join(unique())
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A folder that is being filled. Dropping it removes it.
#[derive(Debug)]
pub struct Unfinished {
    folder: PathBuf,
}

impl Unfinished {
    /// Where the bytes go.
    pub fn body(&self) -> PathBuf {
        self.folder.join(BODY)
    }

    fn place(mut self, place: &Path) -> io::Result<()> {
        std::fs::rename(&self.folder, place)?;
        self.folder = PathBuf::new();
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.folder.as_os_str().is_empty()
            && let Err(error) = std::fs::remove_dir_all(&self.folder)
        {
            tracing::warn!(%error, "what was not finished stays until the next start");
        }
    }
}

/// What is kept in `folder` beside its bytes; `None` where the folder is not, or no longer.
pub fn read_about<T: DeserializeOwned>(folder: &Path) -> io::Result<Option<T>> {
    match std::fs::read(folder.join(ABOUT)) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Names of the folders in `folder`, in no order; none where it does not exist.
pub fn folders(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

/// A name that no other folder has.
pub fn unique() -> String {
    #[allow(clippy::disallowed_methods, reason = "S3 draws its ids itself")]
    Ulid::new().to_string()
}

/// Whether `id` could be one of a version or an upload; what else it might be, such as a path, is kept from the disk.
pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Ids of an object's versions, newest first.
fn ids(object: &Path) -> io::Result<Vec<String>> {
    let mut ids = folders(object)?;
    ids.sort_by_key(|id| Reverse(id.clone()));
    Ok(ids)
}

/// A number, which orders the versions of an object whatever the clock does, and something unique, as the number comes
/// again where the newest version is removed.
fn next_id(newest: Option<&str>) -> String {
    let number = newest.and_then(|id| id.split('-').next()?.parse::<u64>().ok()).unwrap_or_default();
    format!("{:010}-{}", number + 1, unique())
}

fn versions_in(object: &Path) -> io::Result<Vec<Version>> {
    let mut versions = Vec::new();
    for id in ids(object)? {
        // A version can be removed while its siblings are read.
        if let Some(about) = read_about(&object.join(&id))? {
            versions.push(Version { latest: versions.is_empty(), id, about });
        }
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use chrono::DateTime;

    use super::*;
    use crate::aws::s3::about::{Attributes, Content};

    fn about(key: &str) -> About {
        let content = Content { size: 1, e_tag: "e".to_owned(), attributes: Attributes::default() };
        About { key: key.to_owned(), modified: DateTime::UNIX_EPOCH, content: Some(content) }
    }

    fn put(bucket: &Bucket, key: &str, body: &str) -> String {
        let filled = bucket.begin().unwrap();
        std::fs::write(filled.body(), body).unwrap();
        bucket.put(filled, &about(key), Replace::Any, Made::Put).unwrap()
    }

    fn bucket(data: &Path) -> Bucket {
        let store = Store::at(data.to_owned(), None);
        store.prepare("b").unwrap();
        store.bucket("b").unwrap()
    }

    #[test]
    fn what_was_not_finished_is_gone_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let killed = bucket(data.path()).begin().unwrap();
        std::fs::write(killed.body(), "half").unwrap();
        std::mem::forget(killed);
        let bucket = bucket(data.path());
        assert!(bucket.all("").unwrap().is_empty());
        assert!(folders(&data.path().join("b/unfinished")).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_put_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let bucket = bucket(data.path());
        put(&bucket, "a", "1");
        let second = bucket.begin().unwrap();
        assert!(matches!(bucket.put(second, &about("a"), Replace::Nothing, Made::Put), Err(NotPut::Exists)));
        drop(bucket.begin().unwrap());
        assert!(folders(&data.path().join("b/unfinished")).unwrap().is_empty());
        assert_eq!(bucket.versions("a").unwrap().len(), 1);
    }

    #[test]
    fn the_order_of_versions_is_that_of_their_making_also_beyond_ten() {
        let data = tempfile::tempdir().unwrap();
        let bucket = bucket(data.path());
        let mut ids: Vec<String> = (0..12).map(|_| put(&bucket, "a", "1")).collect();
        ids.reverse();
        let versions = bucket.versions("a").unwrap();
        assert_eq!(versions.iter().map(|version| version.id.clone()).collect::<Vec<_>>(), ids);
        assert_eq!(versions.iter().filter(|version| version.latest).count(), 1);
        assert!(versions[0].latest);
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let data = tempfile::tempdir().unwrap();
        let bucket = bucket(data.path());
        let first = put(&bucket, "a", "1");
        assert!(bucket.remove("a", &first).unwrap().is_some());
        assert!(bucket.remove("a", &first).unwrap().is_none());
        assert_ne!(put(&bucket, "a", "1"), first);
    }

    #[test]
    fn a_key_may_be_anything_and_an_id_may_not() {
        let data = tempfile::tempdir().unwrap();
        let bucket = bucket(data.path());
        for key in ["../../a", "/a", "a//b", ".", "名簿", &"k".repeat(1024)] {
            let id = put(&bucket, key, "1");
            assert_eq!(std::fs::read(bucket.body(key, &id)).unwrap(), b"1");
            assert!(is_id(&id));
        }
        assert_eq!(bucket.all("").unwrap().len(), 6);
        assert!(["", "..", "a/b", "null\0"].iter().all(|id| !is_id(id)));
    }
}
