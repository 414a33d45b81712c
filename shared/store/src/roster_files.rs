//! Roster files in S3 (row D1): HR drops them below `roster-in/{tenant}/`, reports about them lie below `roster-out/{tenant}/`.
//! Two first parts of the key, so that a report never looks like a delivery. The bucket is versioned: the latest version of a key
//! is the delivery, older ones were replaced before anybody read them.

use aws_sdk_s3::{primitives::ByteStream, types::ObjectIdentifier};
use bytes::Bytes;

use domain::{
    id::{ImportId, TenantId, UploadId},
    roster_file::Kind,
};

use crate::{StoreError, Upload, documents::delete_objects, presigned};

const IN: &str = "roster-in/";
const OUT: &str = "roster-out/";
/// Name of the list of people who are not in a full roster: the one file about an import that holds personal data.
pub const LEAVERS: &str = "leavers.csv";

/// The bucket, through the official client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RosterFiles {
    s3: aws_sdk_s3::Client,
    bucket: String,
}

/// A file that HR delivered, and what it replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its key. It can hold anything that HR calls a file: never for a log.
    pub key: String,
    /// The version that is read.
    pub version: String,
    /// How long it is.
    pub bytes: u64,
    /// That version and all that it replaced.
    versions: Vec<String>,
}

/// What a key below `roster-in/` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A delivery.
    Delivery(TenantId, Kind),
    /// A folder that somebody made: not a file.
    Folder,
    /// Not a place where deliveries are taken.
    Unknown,
}

impl Place {
    /// `roster-in/{tenant}/monthly/…` or `roster-in/{tenant}/full/…`.
    pub fn of(key: &str) -> Self {
        if key.ends_with('/') {
            return Self::Folder;
        }
        let mut parts = key.strip_prefix(IN).unwrap_or_default().splitn(3, '/');
        let tenant = parts.next().and_then(|tenant| tenant.parse().ok());
        let kind = match parts.next() {
            Some("monthly") => Some(Kind::Monthly),
            Some("full") => Some(Kind::Full),
            Some(_) | None => None,
        };
        match (tenant, kind, parts.next()) {
            (Some(tenant), Some(kind), Some(_)) => Self::Delivery(tenant, kind),
            _ => Self::Unknown,
        }
    }
}

/// What the names of files from the contacts' page begin with.
const UPLOAD: &str = "upload-";

/// The upload that the file at `key` is; `None` where HR put it there in another way.
pub fn upload_of(key: &str) -> Option<UploadId> {
    key.rsplit('/').next()?.strip_prefix(UPLOAD)?.parse().ok()
}

impl RosterFiles {
    /// Files in `bucket`; nothing is called yet.
    pub fn new(s3: aws_sdk_s3::Client, bucket: impl Into<String>) -> Self {
        Self { s3, bucket: bucket.into() }
    }

    /// A tenant's files, the longest delivered first. What HR deleted again is removed for good on the way.
    pub async fn delivered(&self, tenant: TenantId) -> Result<Vec<Delivered>, StoreError> {
        self.below(&format!("{IN}{tenant}/")).await
    }

    /// Every file below `roster-in/`, of whatever tenant.
    pub async fn all_delivered(&self) -> Result<Vec<Delivered>, StoreError> {
        self.below(IN).await
    }

    async fn below(&self, prefix: &str) -> Result<Vec<Delivered>, StoreError> {
        let mut found: Vec<(aws_sdk_s3::primitives::DateTime, Delivered)> = Vec::new();
        let mut withdrawn: Vec<(String, String)> = Vec::new();
        let (mut key_marker, mut version_marker) = (None, None);
        loop {
            let request = self.s3.list_object_versions().bucket(&self.bucket).prefix(prefix);
            let page = request.set_key_marker(key_marker).set_version_id_marker(version_marker).send().await;
            let page = page.map_err(StoreError::unavailable("ListObjectVersions"))?;
            for marker in page.delete_markers() {
                if let (Some(key), Some(version)) = (marker.key(), marker.version_id()) {
                    withdrawn.push((key.to_owned(), version.to_owned()));
                }
            }
            // The versions of a key come newest first.
            for version in page.versions() {
                let (Some(key), Some(id), Some(at)) = (version.key(), version.version_id(), version.last_modified()) else { continue };
                match found.last_mut().filter(|(_, last)| last.key == key) {
                    Some((_, last)) => last.versions.push(id.to_owned()),
                    None if version.is_latest() == Some(true) => {
                        let bytes = version.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
                        let delivered = Delivered { key: key.to_owned(), version: id.to_owned(), bytes, versions: vec![id.to_owned()] };
                        found.push((*at, delivered));
                    }
                    None => withdrawn.push((key.to_owned(), id.to_owned())),
                }
            }
            if page.is_truncated() != Some(true) {
                break;
            }
            (key_marker, version_marker) = (page.next_key_marker, page.next_version_id_marker);
        }
        // Below a file that was put anew after it was deleted, the older versions go with the file.
        let is_hidden = |key: &String| found.iter().all(|(_, delivered)| delivered.key != *key);
        let hidden = withdrawn.iter().filter(|(key, _)| is_hidden(key));
        self.delete(hidden.map(|(key, version)| (key.as_str(), version.as_str()))).await?;
        for (key, version) in withdrawn {
            if let Some((_, delivered)) = found.iter_mut().find(|(_, delivered)| delivered.key == key) {
                delivered.versions.push(version);
            }
        }
        found.sort_by(|(a, x), (b, y)| (a.secs(), a.subsec_nanos(), &x.key).cmp(&(b.secs(), b.subsec_nanos(), &y.key)));
        Ok(found.into_iter().map(|(_, delivered)| delivered).filter(|delivered| Place::of(&delivered.key) != Place::Folder).collect())
    }

    fn key(tenant: TenantId, kind: Kind, name: &str) -> String {
        let folder = match kind {
            Kind::Monthly => "monthly",
            Kind::Full => "full",
        };
        format!("{IN}{tenant}/{folder}/{name}")
    }

    /// Permits a browser one upload of `bytes` bytes as a delivery, for ten minutes. Its name there is its id: what HR calls the
    /// file may name people.
    pub async fn upload_permit(&self, tenant: TenantId, kind: Kind, upload: UploadId, bytes: u64) -> Result<Upload, StoreError> {
        let key = Self::key(tenant, kind, &format!("{UPLOAD}{upload}"));
        presigned::upload(&self.s3, &self.bucket, &key, "application/octet-stream", bytes).await
    }

    /// Scheme, host and port of the addresses that are permitted: a page's policy names them.
    pub async fn origin(&self) -> Result<String, StoreError> {
        presigned::origin(&self.s3, &self.bucket).await
    }

    /// Delivers a file under this name, as HR does.
    pub async fn deliver(&self, tenant: TenantId, kind: Kind, name: &str, content: Vec<u8>) -> Result<(), StoreError> {
        let put = self.s3.put_object().bucket(&self.bucket).key(Self::key(tenant, kind, name));
        put.body(ByteStream::from(content)).send().await.map(drop).map_err(StoreError::unavailable("PutObject"))
    }

    /// The content of a file, as it arrives.
    pub async fn open(&self, file: &Delivered) -> Result<ByteStream, StoreError> {
        let opened = self.s3.get_object().bucket(&self.bucket).key(&file.key).version_id(&file.version).send().await;
        Ok(opened.map_err(StoreError::unavailable("GetObject"))?.body)
    }

    /// Removes a file with all that it replaced; a newer one under the same key stays.
    pub async fn discard(&self, file: &Delivered) -> Result<(), StoreError> {
        self.delete(file.versions.iter().map(|version| (file.key.as_str(), version.as_str()))).await
    }

    async fn delete(&self, versions: impl Iterator<Item = (&str, &str)>) -> Result<(), StoreError> {
        let objects = versions.map(|(key, version)| ObjectIdentifier::builder().key(key).version_id(version).build());
        let objects: Vec<ObjectIdentifier> =
            objects.collect::<Result<_, _>>().map_err(StoreError::unavailable("building a DeleteObjects"))?;
        delete_objects(&self.s3, &self.bucket, objects).await
    }

    fn out(tenant: TenantId, import: ImportId, file: &str) -> String {
        format!("{OUT}{tenant}/{import}/{file}")
    }

    /// Stores a file about an import.
    pub async fn put_report(&self, tenant: TenantId, import: ImportId, file: &str, content: Vec<u8>) -> Result<(), StoreError> {
        let put = self.s3.put_object().bucket(&self.bucket).key(Self::out(tenant, import, file));
        put.body(ByteStream::from(content)).send().await.map(drop).map_err(StoreError::unavailable("PutObject"))
    }

    /// Deletes the lists of people who may have left, in all versions: who is on one may be erased now.
    pub async fn drop_leavers(&self, tenant: TenantId) -> Result<(), StoreError> {
        let files = self.below(&format!("{OUT}{tenant}/")).await?;
        for file in files.iter().filter(|file| file.key.ends_with(LEAVERS)) {
            self.discard(file).await?;
        }
        Ok(())
    }

    /// A file about an import; `None` where there is none, or its 30 days are over.
    pub async fn report(&self, tenant: TenantId, import: ImportId, file: &str) -> Result<Option<Bytes>, StoreError> {
        let got = self.s3.get_object().bucket(&self.bucket).key(Self::out(tenant, import, file)).send().await;
        match got {
            Ok(object) => Ok(Some(object.body.collect().await.map_err(StoreError::unavailable("GetObject"))?.into_bytes())),
            Err(error) if error.as_service_error().is_some_and(aws_sdk_s3::operation::get_object::GetObjectError::is_no_such_key) => {
                Ok(None)
            }
            Err(error) => Err(StoreError::unavailable("GetObject")(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whose_delivery_it_is_and_what_it_claims_to_be() {
        const TENANT: &str = "01JDFZ6B0000000000000000AA";
        for (key, kind) in [
            ("roster-in/01JDFZ6B0000000000000000AA/monthly/2026-11.csv", Some(Kind::Monthly)),
            ("roster-in/01JDFZ6B0000000000000000AA/full/名簿 (1)+.xlsx", Some(Kind::Full)),
            ("roster-in/01JDFZ6B0000000000000000AA/monthly/2026/11.csv", Some(Kind::Monthly)),
            ("roster-in/01JDFZ6B0000000000000000AA/other/2026-11.csv", None),
            ("roster-in/01JDFZ6B0000000000000000AA/2026-11.csv", None),
            ("roster-in/sakura/monthly/2026-11.csv", None),
            ("roster-out/01JDFZ6B0000000000000000AA/monthly/2026-11.csv", None),
        ] {
            let expected = kind.and_then(|kind| Some(Place::Delivery(TENANT.parse().ok()?, kind))).unwrap_or(Place::Unknown);
            assert_eq!(Place::of(key), expected, "{key}");
        }
        assert_eq!(Place::of("roster-in/01JDFZ6B0000000000000000AA/monthly/"), Place::Folder);
    }

    #[test]
    fn a_file_from_the_page_is_known_by_its_name() {
        let upload: Option<UploadId> = "01KAS2WJ0000000000000VPDX1".parse().ok();
        let key = |name: &str| format!("roster-in/01JDFZ6B0000000000000000AA/monthly/{name}");
        assert!(upload.is_some());
        for (name, expected) in [
            ("upload-01KAS2WJ0000000000000VPDX1", upload),
            ("upload-1.csv", None),
            ("01KAS2WJ0000000000000VPDX1", None),
            ("2026-12.csv", None),
        ] {
            assert_eq!(upload_of(&key(name)), expected, "{name}");
        }
    }
}
