use aws_sdk_s3::{
    primitives::DateTime,
    types::ServerSideEncryption::{Aes256, AwsKms},
};

use super::*;

#[tokio::test]
async fn what_the_writer_says_is_told_to_the_reader() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let put = client.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"1")).content_type("image/jpeg");
    let put = put.content_disposition("attachment").metadata("consultation", "01J").server_side_encryption(AwsKms).ssekms_key_id("alias/a");
    assert_eq!(put.send().await.unwrap().server_side_encryption, Some(AwsKms));
    let head = client.head_object().bucket(BUCKET).key("a").send().await.unwrap();
    assert_eq!((head.content_type(), head.content_disposition(), head.content_length()), (Some("image/jpeg"), Some("attachment"), Some(1)));
    assert_eq!(head.metadata().unwrap()["consultation"], "01J");
    assert_eq!((head.server_side_encryption, head.ssekms_key_id.as_deref()), (Some(AwsKms), Some("alias/a")));
    assert!(head.version_id.is_some());
    let plain = super::put(&client, "b", "1").await;
    assert_eq!((plain.server_side_encryption, plain.e_tag.as_deref()), (Some(Aes256), Some("\"c4ca4238a0b923820dcc509a6f75849b\"")));
}

#[tokio::test]
async fn a_range_is_read_and_one_beyond_the_end_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    // Longer than the pieces in which it is read.
    let body: String = (0..200_000).map(|n| char::from(b'a' + u8::try_from(n % 23).unwrap())).collect();
    put(&client, "a", &body).await;
    for (range, wanted) in
        [("bytes=1-3", 1..4), ("bytes=199990-", 199_990..200_000), ("bytes=-5", 199_995..200_000), ("bytes=10-150000", 10..150_001)]
    {
        let got = client.get_object().bucket(BUCKET).key("a").range(range).send().await.unwrap();
        assert_eq!(got.content_range().unwrap(), format!("bytes {}-{}/200000", wanted.start, wanted.end - 1));
        assert_eq!(got.body.collect().await.unwrap().to_vec(), body[wanted].as_bytes());
    }
    assert_eq!(read(&client, "a", None).await.as_deref(), Ok(body.as_str()));
    let beyond = client.get_object().bucket(BUCKET).key("a").range("bytes=200000-").send().await.unwrap_err();
    assert_eq!((beyond.code(), beyond.raw_response().unwrap().status().as_u16()), (Some("InvalidRange"), 416));
    put(&client, "empty", "").await;
    assert_eq!(read(&client, "empty", None).await.as_deref(), Ok(""));
}

#[tokio::test]
async fn a_reader_who_has_it_already_is_told_so() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let e_tag = put(&client, "a", "one").await.e_tag.unwrap();
    let get = || client.get_object().bucket(BUCKET).key("a");
    let modified = get().send().await.unwrap().last_modified.unwrap();
    let before = DateTime::from_secs(modified.secs() - 1);
    for (get, status) in [
        (get().if_none_match(&e_tag), Some(304)),
        (get().if_none_match("\"other\""), None),
        (get().if_match(&e_tag), None),
        (get().if_match("\"other\""), Some(412)),
        (get().if_modified_since(modified), Some(304)),
        (get().if_modified_since(before), None),
        (get().if_unmodified_since(before), Some(412)),
        (get().if_none_match("\"other\"").if_modified_since(modified), None),
    ] {
        let answer = get.send().await;
        assert_eq!(answer.err().map(|error| error.raw_response().unwrap().status().as_u16()), status);
    }
}
