use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use super::*;

const FIVE_MIB: usize = 5 * 1024 * 1024;

async fn begin(client: &Client, key: &str) -> String {
    let begun = client.create_multipart_upload().bucket(BUCKET).key(key).content_type("application/pdf").send().await.unwrap();
    begun.upload_id.unwrap()
}

async fn part(client: &Client, upload: &str, number: i32, body: Vec<u8>) -> CompletedPart {
    let part = client.upload_part().bucket(BUCKET).key("a").upload_id(upload).part_number(number).body(body.into());
    CompletedPart::builder().part_number(number).set_e_tag(part.send().await.unwrap().e_tag).build()
}

/// The new version's id and `ETag`, or the error's code.
async fn complete(client: &Client, upload: &str, parts: &[CompletedPart]) -> Result<(String, String), String> {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec())).build();
    let complete = client.complete_multipart_upload().bucket(BUCKET).key("a").upload_id(upload).multipart_upload(parts);
    match complete.send().await {
        Ok(done) => Ok((done.version_id.unwrap(), done.e_tag.unwrap())),
        Err(error) => Err(error.code().unwrap_or("none").to_owned()),
    }
}

#[tokio::test]
async fn parts_become_one_version() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let upload = begin(&client, "a").await;
    let last = part(&client, &upload, 7, b"the end".to_vec()).await;
    part(&client, &upload, 2, b"sent again".to_vec()).await;
    let first = part(&client, &upload, 2, vec![b'x'; FIVE_MIB]).await;
    assert_eq!(read(&client, "a", None).await, Err("NoSuchKey".to_owned()));
    let (version, e_tag) = complete(&client, &upload, &[first, last]).await.unwrap();
    assert!(e_tag.ends_with("-2\""), "{e_tag}");
    let got = client.get_object().bucket(BUCKET).key("a").version_id(&version).send().await.unwrap();
    assert_eq!((got.content_type(), got.e_tag()), (Some("application/pdf"), Some(e_tag.as_str())));
    let bytes = got.body.collect().await.unwrap().to_vec();
    assert_eq!((bytes.len(), &bytes[FIVE_MIB..]), (FIVE_MIB + 7, b"the end".as_slice()));
    assert_eq!(complete(&client, &upload, &[]).await, Err("NoSuchUpload".to_owned()));
    client.delete_object().bucket(BUCKET).key("a").version_id(version).send().await.unwrap();
    assert!(!on_disk(data.path(), b"the end") && !on_disk(data.path(), b"sent again"));
}

#[tokio::test]
async fn parts_that_are_not_as_named_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let upload = begin(&client, "a").await;
    let (one, two) = (part(&client, &upload, 1, b"small".to_vec()).await, part(&client, &upload, 2, b"2".to_vec()).await);
    let other = CompletedPart::builder().part_number(2).e_tag("\"00\"").build();
    let missing = CompletedPart::builder().part_number(3).e_tag("\"00\"").build();
    for (parts, code) in [
        (vec![], "MalformedXML"),
        (vec![two.clone(), one.clone()], "InvalidPartOrder"),
        (vec![other], "InvalidPart"),
        (vec![missing], "InvalidPart"),
        (vec![one, two], "EntityTooSmall"),
    ] {
        assert_eq!(complete(&client, &upload, &parts).await, Err(code.to_owned()));
    }
    let beyond = client.upload_part().bucket(BUCKET).key("a").upload_id(&upload).part_number(10_001).body(ByteStream::from_static(b"1"));
    assert_eq!(beyond.send().await.unwrap_err().code(), Some("InvalidArgument"));
    let elsewhere = client.upload_part().bucket(BUCKET).key("b").upload_id(&upload).part_number(1).body(ByteStream::from_static(b"1"));
    assert_eq!(elsewhere.send().await.unwrap_err().code(), Some("NoSuchUpload"));
}

#[tokio::test]
async fn an_upload_is_listed_survives_a_restart_and_is_given_up_without_a_trace() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let upload = begin(&client(&rig), "a").await;
    for (number, body) in [(3, "three"), (1, "one"), (2, "two")] {
        part(&client(&rig), &upload, number, body.into()).await;
    }
    let before = rig.calls.show();
    drop(rig);
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let list = || client.list_parts().bucket(BUCKET).key("a").upload_id(&upload);
    let page = list().max_parts(2).send().await.unwrap();
    let told: Vec<_> = page.parts().iter().map(|part| (part.part_number().unwrap(), part.size().unwrap())).collect();
    assert_eq!((told, page.is_truncated, page.next_part_number_marker.as_deref()), (vec![(1, 3), (2, 3)], Some(true), Some("2")));
    let rest = list().part_number_marker("2").send().await.unwrap();
    assert_eq!((rest.parts().len(), rest.is_truncated), (1, Some(false)));
    let abort = || client.abort_multipart_upload().bucket(BUCKET).key("a").upload_id(&upload).send();
    abort().await.unwrap();
    assert_eq!(abort().await.unwrap_err().code(), Some("NoSuchUpload"));
    assert!(!on_disk(&data.path().join("s3"), b"three"));
    let calls = json!({"CreateMultipartUpload": 1, "UploadPart": 3});
    let after_restart = json!({"ListParts": 2, "AbortMultipartUpload": 2});
    assert_eq!((before, rig.calls.show()), (json!({"s3": calls}), json!({"s3": after_restart})));
}
