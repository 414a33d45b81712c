//! The operations that are answered; s3s refuses the others as not implemented.

mod headers;
mod listing;
mod multipart;
mod objects;

use async_trait::async_trait;
use chrono::{DateTime, Timelike, Utc};
use runtime::Clock;
use s3s::{
    S3, S3Error, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, BucketVersioningStatus, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetBucketVersioningInput,
        GetBucketVersioningOutput, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput,
        ListBucketsInput, ListBucketsOutput, ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsV2Input, ListObjectsV2Output,
        ListPartsInput, ListPartsOutput, PutObjectInput, PutObjectOutput, Timestamp, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};

use super::{
    bytes::disk,
    store::{Bucket, NotPut, Store},
};

/// S3 over a [`Store`], every bucket versioned.
#[derive(Debug, Clone)]
pub struct Service {
    store: Store,
    machine: Clock,
}

impl Service {
    /// Serves the buckets of `store`.
    pub fn new(store: Store) -> Self {
        Self { store, machine: Clock::system() }
    }

    fn bucket(&self, name: &str) -> S3Result<Bucket> {
        self.store.bucket(name).ok_or_else(|| s3_error!(NoSuchBucket))
    }

    /// Does `work`, which waits for the disk, where no other request waits for it.
    async fn aside<T: Send + 'static>(&self, work: impl FnOnce(&Self) -> S3Result<T> + Send + 'static) -> S3Result<S3Response<T>> {
        let service = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&service)).await;
        done.map_err(|error| disk(error.into()))?.map(S3Response::new)
    }
}

impl From<NotPut> for S3Error {
    fn from(why: NotPut) -> Self {
        match why {
            NotPut::Exists => s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold"),
            NotPut::Disk(error) => disk(error),
        }
    }
}

/// An instant as S3's headers give it, to the second: a condition is compared with what was told.
fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from(std::time::SystemTime::from(at.with_nanosecond(0).unwrap_or(at)))
}

/// Sizes are signed in S3's shapes.
fn signed(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

#[async_trait]
impl S3 for Service {
    async fn list_buckets(&self, _: S3Request<ListBucketsInput>) -> S3Result<S3Response<ListBucketsOutput>> {
        let named = |name| s3s::dto::Bucket { name: Some(name), ..Default::default() };
        let buckets = self.store.buckets().map_err(disk)?.into_iter().map(named).collect();
        Ok(S3Response::new(ListBucketsOutput { buckets: Some(buckets), ..Default::default() }))
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        self.bucket(&request.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn get_bucket_versioning(&self, request: S3Request<GetBucketVersioningInput>) -> S3Result<S3Response<GetBucketVersioningOutput>> {
        self.bucket(&request.input.bucket)?;
        let status = Some(BucketVersioningStatus::from_static(BucketVersioningStatus::ENABLED));
        Ok(S3Response::new(GetBucketVersioningOutput { status, ..Default::default() }))
    }

    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        self.put(request).await.map(S3Response::new)
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        self.get(request.input).await.map(S3Response::new)
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        self.aside(move |service| service.head(&request.input)).await
    }

    async fn copy_object(&self, request: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        self.aside(move |service| service.copy(request)).await
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.aside(move |service| service.delete(&request.input)).await
    }

    async fn delete_objects(&self, request: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.aside(move |service| service.delete_all(request.input)).await
    }

    async fn list_objects_v2(&self, request: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.aside(move |service| service.list(request.input)).await
    }

    async fn list_object_versions(&self, request: S3Request<ListObjectVersionsInput>) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        self.aside(move |service| service.list_versions(request.input)).await
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.aside(move |service| service.begin_upload(request)).await
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        self.put_part(request).await.map(S3Response::new)
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        self.aside(move |service| service.parts_of(request.input)).await
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        self.aside(move |service| service.complete(request.input)).await
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        self.aside(move |service| service.abort(&request.input)).await
    }
}
