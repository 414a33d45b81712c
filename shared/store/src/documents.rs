//! Documents in S3, below `documents/{member}/{consultation}/{document}`: ids only, so that neither a key nor S3's access log
//! tells anything. What members upload comes to the quarantine below `uploads/` first, under the same ids: nobody reads it there
//! but the function that looks at its content. Files of request forms lie below `request-forms/{tenant}/{interview}/{file}`. The
//! bucket is versioned; what is deleted here is deleted in all versions.

use aws_sdk_s3::{
    operation::get_object::GetObjectError,
    primitives::ByteStream,
    types::{Delete, ObjectIdentifier},
};
use bytes::Bytes;

use domain::{
    document::{DocumentType, LARGEST},
    id::{ConsultationId, DocumentId, InterviewId, MemberId, RequestFileId, TenantId},
};

use crate::{StoreError, entity::document::Deletion};

/// The bucket, through the official client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Documents {
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) bucket: String,
}

/// What the keys of all objects in the quarantine begin with.
const UPLOADS: &str = "uploads/";

/// What lies at a key of the quarantine.
#[derive(Debug)]
pub enum Uploaded {
    /// This content.
    Content(Bytes),
    /// More than [`domain::document::LARGEST`].
    TooLarge,
    /// Nothing (any more).
    Nothing,
}

impl Documents {
    /// Documents in `bucket`; nothing is called yet.
    pub fn new(s3: aws_sdk_s3::Client, bucket: impl Into<String>) -> Self {
        Self { s3, bucket: bucket.into() }
    }

    /// The object that holds a document.
    pub fn key(member: MemberId, consultation: ConsultationId, document: DocumentId) -> String {
        format!("{}{consultation}/{document}", Self::of_member(member))
    }

    /// What the keys of all documents of a member begin with.
    pub fn of_member(member: MemberId) -> String {
        format!("documents/{member}/")
    }

    /// The object in the quarantine that is to become a document.
    pub fn upload(member: MemberId, consultation: ConsultationId, document: DocumentId) -> String {
        format!("{}{consultation}/{document}", Self::uploads_of_member(member))
    }

    /// What the keys of all that a member uploaded begin with.
    pub fn uploads_of_member(member: MemberId) -> String {
        format!("{UPLOADS}{member}/")
    }

    /// Which document the object at a key of the quarantine is to become; `None` for a key that is none of [`Self::upload`].
    pub fn of_upload(key: &str) -> Option<Deletion> {
        let mut parts = key.strip_prefix(UPLOADS)?.splitn(3, '/');
        let (member, consultation, document) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        // Other spellings of the same ids are other keys.
        (Self::upload(member, consultation, document) == key).then_some(Deletion { member, consultation, document })
    }

    /// The object that holds a file of an interview's request form.
    pub fn request_file(tenant: TenantId, interview: InterviewId, file: RequestFileId) -> String {
        format!("{}{file}", Self::request_form(tenant, interview))
    }

    /// What the keys of all files of a request form begin with.
    pub fn request_form(tenant: TenantId, interview: InterviewId) -> String {
        format!("{}{interview}/", Self::request_forms(tenant))
    }

    /// What the keys of all files of a tenant's request forms begin with.
    pub fn request_forms(tenant: TenantId) -> String {
        format!("request-forms/{tenant}/")
    }

    /// What lies at a key of the quarantine.
    pub async fn uploaded(&self, key: &str) -> Result<Uploaded, StoreError> {
        let got = match self.s3.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(got) => got,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => return Ok(Uploaded::Nothing),
            Err(error) => return Err(StoreError::unavailable("GetObject")(error)),
        };
        let fits = |bytes: i64| usize::try_from(bytes).is_ok_and(|bytes| bytes <= LARGEST);
        if !got.content_length().is_some_and(fits) {
            return Ok(Uploaded::TooLarge);
        }
        Ok(Uploaded::Content(got.body.collect().await.map_err(StoreError::unavailable("GetObject"))?.into_bytes()))
    }

    /// Stores a document. Doing it again makes another version of the same.
    pub async fn put(&self, key: &str, content: Bytes, kind: DocumentType) -> Result<(), StoreError> {
        let put = self.s3.put_object().bucket(&self.bucket).key(key).content_type(kind.media_type());
        put.body(ByteStream::from(content)).send().await.map(drop).map_err(StoreError::unavailable("PutObject"))
    }

    /// How many versions, marks of deletion among them, there are of objects whose key begins with `prefix`.
    pub async fn count(&self, prefix: &str) -> Result<u64, StoreError> {
        let (mut count, mut from) = (0, None::<(Option<String>, Option<String>)>);
        loop {
            let mut list = self.s3.list_object_versions().bucket(&self.bucket).prefix(prefix);
            if let Some((key, version)) = from {
                list = list.set_key_marker(key).set_version_id_marker(version);
            }
            let page = list.send().await.map_err(StoreError::unavailable("ListObjectVersions"))?;
            count += (page.versions().len() + page.delete_markers().len()) as u64;
            if page.is_truncated() != Some(true) {
                return Ok(count);
            }
            from = Some((page.next_key_marker, page.next_version_id_marker));
        }
    }

    /// Deletes every version of every object whose key begins with `prefix`. Where there is none, nothing happens. When it
    /// returns, the last look found none.
    pub async fn delete(&self, prefix: &str) -> Result<(), StoreError> {
        loop {
            let versions = self.s3.list_object_versions().bucket(&self.bucket).prefix(prefix).send().await;
            let versions = versions.map_err(StoreError::unavailable("ListObjectVersions"))?;
            let markers = versions.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let found = versions.versions().iter().map(|version| (version.key(), version.version_id())).chain(markers);
            let found = found.filter_map(|(key, version)| {
                Some(ObjectIdentifier::builder().key(key?).set_version_id(version.map(str::to_owned)).build())
            });
            let found: Vec<ObjectIdentifier> =
                found.collect::<Result<_, _>>().map_err(StoreError::unavailable("building a DeleteObjects"))?;
            if found.is_empty() {
                return Ok(());
            }
            delete_objects(&self.s3, &self.bucket, found).await?;
        }
    }
}

/// S3 deletes so many objects in one call at most.
const AT_ONCE: usize = 1000;

/// Deletes these versions of objects; one that is gone already is no error.
pub(crate) async fn delete_objects(s3: &aws_sdk_s3::Client, bucket: &str, objects: Vec<ObjectIdentifier>) -> Result<(), StoreError> {
    for objects in objects.chunks(AT_ONCE) {
        let delete = Delete::builder().set_objects(Some(objects.to_vec())).quiet(true).build();
        let delete = delete.map_err(StoreError::unavailable("building a DeleteObjects"))?;
        let deleted = s3.delete_objects().bucket(bucket).delete(delete).send().await;
        let deleted = deleted.map_err(StoreError::unavailable("DeleteObjects"))?;
        if let Some(error) = deleted.errors().first() {
            return Err(StoreError::Unavailable { operation: "DeleteObjects", why: error.code().unwrap_or("unknown").to_owned() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_quarantine_names_the_document_and_no_other_key_does() {
        const IDS: &str = "01JDFZ6B0000000000000000AA/01JDFZ6B0000000000000000BB/01JDFZ6B0000000000000000CC";
        let of = |key: String| Documents::of_upload(&key);
        let found = of(format!("uploads/{IDS}"));
        assert_eq!(found.map(|found| Documents::key(found.member, found.consultation, found.document)), Some(format!("documents/{IDS}")));
        for other in
            [format!("documents/{IDS}"), format!("uploads/{IDS}/more"), format!("uploads/{}", IDS.to_lowercase()), "uploads/".to_owned()]
        {
            assert!(of(other.clone()).is_none(), "{other}");
        }
    }
}
