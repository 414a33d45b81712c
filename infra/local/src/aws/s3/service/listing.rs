//! What is in a bucket, by key, in pages.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use s3s::{
    S3Result,
    dto::{
        CommonPrefix, DeleteMarkerEntry, ETag, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsV2Input, ListObjectsV2Output,
        Object, ObjectStorageClass, ObjectVersion, ObjectVersionStorageClass,
    },
    s3_error,
};

use super::{Service, signed, timestamp};
use crate::aws::s3::{
    about::Content,
    bytes::disk,
    store::{Version, is_id},
};

/// Entries on one page at most.
const MOST: i32 = 1000;

/// A line of a list.
enum Entry {
    /// A version.
    One(Box<Version>),
    /// All keys that begin with this.
    Group(String),
}

/// What is asked of a list.
struct Asked<'a> {
    prefix: &'a str,
    delimiter: Option<&'a str>,
    most: usize,
}

impl Asked<'_> {
    /// What stands for `key` where keys are grouped: all up to and with the first delimiter behind the prefix.
    fn group(&self, key: &str) -> Option<String> {
        let delimiter = self.delimiter.filter(|delimiter| !delimiter.is_empty())?;
        let (group, _) = key.strip_prefix(self.prefix)?.split_once(delimiter)?;
        Some(format!("{}{group}{delimiter}", self.prefix))
    }

    /// Whether `key` was not on an earlier page, which ended with `marker`: a key, or the name of a group.
    fn is_after(&self, key: &str, marker: &str) -> bool {
        key > marker && self.group(key).is_none_or(|group| group != marker)
    }

    /// One page of `versions`, which come in the list's order, and whether there is more.
    fn page(&self, versions: impl Iterator<Item = Version>) -> (Vec<Entry>, bool) {
        let mut entries: Vec<Entry> = Vec::new();
        for version in versions {
            let group = self.group(&version.about.key);
            let known = matches!((&group, entries.last()), (Some(group), Some(Entry::Group(last))) if group == last);
            if known {
                continue;
            }
            if entries.len() == self.most {
                return (entries, self.most > 0);
            }
            entries.push(group.map_or_else(|| Entry::One(Box::new(version)), Entry::Group));
        }
        (entries, false)
    }
}

impl Service {
    /// The objects that a reader would get.
    pub(super) fn list(&self, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
        let most = most(input.max_keys)?;
        let asked = Asked {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            most: usize::try_from(most).unwrap_or_default(),
        };
        let token = input.continuation_token.as_deref().map(read_token).transpose()?;
        let marker = token.or_else(|| input.start_after.clone()).unwrap_or_default();
        let all = self.bucket(&input.bucket)?.all(asked.prefix).map_err(disk)?;
        let current = all.into_values().filter_map(|versions| versions.into_iter().next());
        let listed = current.filter(|version| version.about.content.is_some() && asked.is_after(&version.about.key, &marker));
        let (entries, more) = asked.page(listed);
        let next = entries.last().filter(|_| more).map(|last| BASE64_URL_SAFE_NO_PAD.encode(last.name()));
        let key_count = i32::try_from(entries.len()).ok();
        let (mut contents, mut groups) = (Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Group(prefix) => groups.push(CommonPrefix { prefix: Some(prefix) }),
                Entry::One(version) => contents.extend(version.about.content.clone().map(|content| object(*version, content))),
            }
        }
        Ok(ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: input.prefix,
            delimiter: input.delimiter,
            start_after: input.start_after,
            continuation_token: input.continuation_token,
            max_keys: Some(most),
            key_count,
            is_truncated: Some(more),
            next_continuation_token: next,
            contents: Some(contents),
            common_prefixes: Some(groups),
            ..Default::default()
        })
    }

    /// All versions and delete markers, those of one key newest first.
    pub(super) fn list_versions(&self, input: ListObjectVersionsInput) -> S3Result<ListObjectVersionsOutput> {
        let most = most(input.max_keys)?;
        let asked = Asked {
            prefix: input.prefix.as_deref().unwrap_or_default(),
            delimiter: input.delimiter.as_deref(),
            most: usize::try_from(most).unwrap_or_default(),
        };
        let key_marker = input.key_marker.as_deref().filter(|marker| !marker.is_empty());
        let version_marker = input.version_id_marker.as_deref().filter(|marker| !marker.is_empty());
        if version_marker.is_some_and(|id| key_marker.is_none() || !is_id(id)) {
            return Err(s3_error!(InvalidArgument, "A version-id marker is one of a version, and goes with a key marker"));
        }
        // Compared, not looked for: what stood at the marker may have been removed since.
        let is_after = |version: &Version| match (key_marker, version_marker) {
            (Some(key), Some(id)) if version.about.key == key => version.id.as_str() < id,
            (Some(key), _) => asked.is_after(&version.about.key, key),
            (None, _) => true,
        };
        let all = self.bucket(&input.bucket)?.all(asked.prefix).map_err(disk)?;
        let (entries, more) = asked.page(all.into_values().flatten().filter(is_after));
        let last = entries.last().filter(|_| more);
        let next_key_marker = last.map(|last| last.name().to_owned());
        let next_version_id_marker = last.and_then(Entry::version).map(|version| version.id.clone());
        let (mut versions, mut markers, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries {
            match entry {
                Entry::Group(prefix) => groups.push(CommonPrefix { prefix: Some(prefix) }),
                Entry::One(version) => match version.about.content.clone() {
                    Some(content) => versions.push(object_version(*version, content)),
                    None => markers.push(delete_marker(*version)),
                },
            }
        }
        Ok(ListObjectVersionsOutput {
            name: Some(input.bucket),
            prefix: input.prefix,
            delimiter: input.delimiter,
            key_marker: input.key_marker,
            version_id_marker: input.version_id_marker,
            max_keys: Some(most),
            is_truncated: Some(more),
            next_key_marker,
            next_version_id_marker,
            versions: Some(versions),
            delete_markers: Some(markers),
            common_prefixes: Some(groups),
            ..Default::default()
        })
    }
}

impl Entry {
    /// What the next page comes after.
    fn name(&self) -> &str {
        match self {
            Self::One(version) => &version.about.key,
            Self::Group(prefix) => prefix,
        }
    }

    fn version(&self) -> Option<&Version> {
        match self {
            Self::One(version) => Some(version),
            Self::Group(_) => None,
        }
    }
}

fn most(asked: Option<i32>) -> S3Result<i32> {
    let most = asked.unwrap_or(MOST);
    if most < 0 { Err(s3_error!(InvalidArgument, "max-keys is 0 or more")) } else { Ok(most.min(MOST)) }
}

fn read_token(token: &str) -> S3Result<String> {
    let marker = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    marker.ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}

fn object(version: Version, content: Content) -> Object {
    Object {
        key: Some(version.about.key),
        size: Some(signed(content.size)),
        e_tag: Some(ETag::Strong(content.e_tag)),
        last_modified: Some(timestamp(version.about.modified)),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        ..Default::default()
    }
}

fn object_version(version: Version, content: Content) -> ObjectVersion {
    ObjectVersion {
        key: Some(version.about.key),
        version_id: Some(version.id),
        is_latest: Some(version.latest),
        size: Some(signed(content.size)),
        e_tag: Some(ETag::Strong(content.e_tag)),
        last_modified: Some(timestamp(version.about.modified)),
        storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
        ..Default::default()
    }
}

fn delete_marker(version: Version) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        key: Some(version.about.key),
        version_id: Some(version.id),
        is_latest: Some(version.latest),
        last_modified: Some(timestamp(version.about.modified)),
        ..Default::default()
    }
}
