use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    types::{BucketVersioningStatus, Delete, ObjectIdentifier},
};

use super::*;

#[tokio::test]
async fn each_put_is_a_version_and_the_latest_is_read() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let first = put(&client, "a", "one").await.version_id.unwrap();
    let second = put(&client, "a", "two").await.version_id.unwrap();
    assert_ne!(first, second);
    assert_eq!(read(&client, "a", None).await.as_deref(), Ok("two"));
    assert_eq!(read(&client, "a", Some(&first)).await.as_deref(), Ok("one"));
    let versioning = client.get_bucket_versioning().bucket(BUCKET).send().await.unwrap();
    assert_eq!(versioning.status, Some(BucketVersioningStatus::Enabled));
}

#[tokio::test]
async fn a_delete_hides_the_object_and_its_versions_stay() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let version = put(&client, "a", "one").await.version_id.unwrap();
    let deleted = client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!(deleted.delete_marker, Some(true));
    let marker = deleted.version_id.unwrap();
    let hidden = client.get_object().bucket(BUCKET).key("a").send().await.unwrap_err();
    assert_eq!((hidden.code(), header(&hidden, "x-amz-delete-marker").as_deref()), (Some("NoSuchKey"), Some("true")));
    assert_eq!(header(&hidden, "x-amz-version-id").as_ref(), Some(&marker));
    let head = client.head_object().bucket(BUCKET).key("a").send().await.unwrap_err();
    assert_eq!((head.raw_response().unwrap().status().as_u16(), header(&head, "x-amz-delete-marker").as_deref()), (404, Some("true")));
    assert_eq!(read(&client, "a", Some(&marker)).await, Err("MethodNotAllowed".to_owned()));
    assert_eq!(read(&client, "a", Some(&version)).await.as_deref(), Ok("one"));
    // A delete marker that is removed gives the object back.
    let undone = client.delete_object().bucket(BUCKET).key("a").version_id(marker).send().await.unwrap();
    assert_eq!(undone.delete_marker, Some(true));
    assert_eq!(read(&client, "a", None).await.as_deref(), Ok("one"));
}

#[tokio::test]
async fn what_never_was_and_ids_that_are_none_are_told_apart() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let version = put(&client, "a", "one").await.version_id.unwrap();
    assert_eq!(read(&client, "b", None).await, Err("NoSuchKey".to_owned()));
    assert_eq!(read(&client, "b", Some(&version)).await, Err("NoSuchVersion".to_owned()));
    assert_eq!(read(&client, "a", Some("../a")).await, Err("InvalidArgument".to_owned()));
    // Deleting what is not there succeeds, and marks it.
    assert!(client.delete_object().bucket(BUCKET).key("b").send().await.unwrap().delete_marker.unwrap());
    let again = client.delete_object().bucket(BUCKET).key("b").version_id(version).send().await.unwrap();
    assert_eq!(again.delete_marker, None);
}

#[tokio::test]
async fn deleting_all_versions_leaves_no_bytes_on_disk() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    for body in ["the first secret", "the second secret"] {
        put(&client, "documents/m/c/secret-name", body).await;
    }
    client.delete_object().bucket(BUCKET).key("documents/m/c/secret-name").send().await.unwrap();
    for bytes in ["the first secret", "the second secret", "secret-name"] {
        assert!(on_disk(data.path(), bytes.as_bytes()), "{bytes}");
    }
    let all = client.list_object_versions().bucket(BUCKET).prefix("documents/m/").send().await.unwrap();
    let named = all.versions().iter().map(|version| (version.key(), version.version_id()));
    let markers = all.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
    let objects = named
        .chain(markers)
        .map(|(key, id)| ObjectIdentifier::builder().set_key(key.map(str::to_owned)).set_version_id(id.map(str::to_owned)).build());
    let delete = Delete::builder().set_objects(Some(objects.map(Result::unwrap).collect())).build().unwrap();
    let deleted = client.delete_objects().bucket(BUCKET).delete(delete).send().await.unwrap();
    assert_eq!((deleted.deleted().len(), deleted.errors().len()), (3, 0));
    for bytes in ["the first secret", "the second secret", "secret-name"] {
        assert!(!on_disk(data.path(), bytes.as_bytes()), "{bytes}");
    }
    assert_eq!(rig.buckets.versions("").unwrap(), json!([]));
}

#[tokio::test]
async fn many_are_deleted_at_once_with_and_without_a_version() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let version = put(&client, "a", "one").await.version_id.unwrap();
    put(&client, "b", "two").await;
    let object =
        |key: &str, version: Option<&str>| ObjectIdentifier::builder().key(key).set_version_id(version.map(str::to_owned)).build().unwrap();
    let delete = Delete::builder().objects(object("a", Some(&version))).objects(object("b", None)).build().unwrap();
    let deleted = client.delete_objects().bucket(BUCKET).delete(delete).send().await.unwrap();
    let [a, b] = deleted.deleted() else { panic!("two are deleted") };
    assert_eq!((a.version_id(), a.delete_marker()), (Some(version.as_str()), None));
    assert_eq!((b.version_id(), b.delete_marker(), b.delete_marker_version_id().is_some()), (None, Some(true), true));
    let shown = rig.buckets.versions("").unwrap();
    assert_eq!(shown.as_array().unwrap().len(), 1);
    assert_eq!(
        shown[0]["versions"].as_array().unwrap().iter().map(|version| version["deleteMarker"].clone()).collect::<Vec<_>>(),
        [true, false]
    );
}

#[tokio::test]
async fn an_object_that_must_be_new_is_refused_where_there_is_one() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let new = || client.put_object().bucket(BUCKET).key("a").if_none_match("*").body(ByteStream::from_static(b"new"));
    new().send().await.unwrap();
    let refused = new().send().await.unwrap_err();
    assert_eq!((refused.code(), refused.raw_response().unwrap().status().as_u16()), (Some("PreconditionFailed"), 412));
    client.delete_object().bucket(BUCKET).key("a").send().await.unwrap();
    new().send().await.unwrap();
}

#[tokio::test]
async fn of_many_that_must_be_new_one_wins() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let tries =
        (0..20).map(|_| client.put_object().bucket(BUCKET).key("a").if_none_match("*").body(ByteStream::from_static(b"new")).send());
    let won = futures::future::join_all(tries).await.into_iter().flatten().count();
    assert_eq!(won, 1);
}

#[tokio::test]
async fn versions_survive_a_restart_and_are_shown() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let first = put(&client(&rig), "documents/1", "one").await.version_id.unwrap();
    client(&rig).delete_object().bucket(BUCKET).key("documents/1").send().await.unwrap();
    drop(rig);
    let rig = Rig::start(data.path()).await;
    assert_eq!(read(&client(&rig), "documents/1", Some(&first)).await.as_deref(), Ok("one"));
    let shown = rig.buckets.versions("documents/").unwrap();
    let told = |version: &Value| (version["size"].clone(), version["latest"].clone(), version["deleteMarker"].clone());
    let [marker, version] = shown[0]["versions"].as_array().unwrap().as_slice() else { panic!("two versions") };
    assert_eq!((told(marker), told(version)), ((json!(null), json!(true), json!(true)), (json!(3), json!(false), json!(false))));
    assert_eq!(version["id"], json!(first));
    let page = rig.buckets.show().unwrap();
    assert_eq!((&page[0]["objects"][0]["size"], page[0]["objects"][0]["versions"].as_array().unwrap().len()), (&json!(null), 2));
    assert_eq!(rig.buckets.versions("other/").unwrap(), json!([]));
}

#[tokio::test]
async fn a_copy_takes_the_version_that_it_is_told_to() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let first = client.put_object().bucket(BUCKET).key("元").content_type("text/csv").body(ByteStream::from_static(b"one"));
    let first = first.send().await.unwrap().version_id.unwrap();
    put(&client, "元", "two").await;
    let source = "%E5%85%83";
    let latest = client.copy_object().bucket(BUCKET).key("b").copy_source(format!("{BUCKET}/{source}")).send().await.unwrap();
    assert!(latest.version_id.is_some());
    assert_eq!(read(&client, "b", None).await.as_deref(), Ok("two"));
    let older =
        client.copy_object().bucket(BUCKET).key("b").copy_source(format!("{BUCKET}/{source}?versionId={first}")).send().await.unwrap();
    assert_eq!(older.copy_source_version_id.as_ref(), Some(&first));
    let got = client.get_object().bucket(BUCKET).key("b").send().await.unwrap();
    assert_eq!(got.content_type(), Some("text/csv"));
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"one");
    let missing = client.copy_object().bucket(BUCKET).key("b").copy_source(format!("{BUCKET}/none")).send().await.unwrap_err();
    assert_eq!(missing.code(), Some("NoSuchKey"));
}
