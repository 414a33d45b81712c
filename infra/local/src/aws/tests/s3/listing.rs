use super::*;

#[tokio::test]
async fn current_objects_are_listed_by_prefix_in_pages() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    for key in ["b/1", "a/2", "a/1", "a/3", "a/0", "A"] {
        put(&client, key, "x").await;
    }
    put(&client, "a/1", "newer").await;
    client.delete_object().bucket(BUCKET).key("a/0").send().await.unwrap();
    let (mut keys, mut token, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = client.list_objects_v2().bucket(BUCKET).prefix("a/").max_keys(2).set_continuation_token(token).send().await.unwrap();
        keys.extend(page.contents().iter().map(|object| (object.key().unwrap().to_owned(), object.size().unwrap())));
        pages += 1;
        token = page.next_continuation_token;
        assert_eq!(page.is_truncated, Some(token.is_some()));
        if token.is_none() {
            break;
        }
    }
    assert_eq!((keys, pages), (vec![("a/1".to_owned(), 5), ("a/2".to_owned(), 1), ("a/3".to_owned(), 1)], 2));
    let after = client.list_objects_v2().bucket(BUCKET).start_after("a/2").send().await.unwrap();
    assert_eq!(after.contents().iter().filter_map(|object| object.key()).collect::<Vec<_>>(), ["a/3", "b/1"]);
}

#[tokio::test]
async fn keys_are_grouped_by_a_delimiter_and_a_group_is_listed_once() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    for key in ["d/a/1", "d/a/2", "d/b/1", "d/x", "e"] {
        put(&client, key, "x").await;
    }
    let (mut seen, mut token) = (Vec::new(), None);
    loop {
        let list = client.list_objects_v2().bucket(BUCKET).prefix("d/").delimiter("/").max_keys(1);
        let page = list.set_continuation_token(token).send().await.unwrap();
        seen.extend(page.common_prefixes().iter().map(|group| group.prefix().unwrap().to_owned()));
        seen.extend(page.contents().iter().map(|object| object.key().unwrap().to_owned()));
        token = page.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["d/a/", "d/b/", "d/x"]);
}

#[tokio::test]
async fn versions_are_listed_in_pages_also_while_they_are_removed() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let mut expected = Vec::new();
    for key in ["a/1", "a/2"] {
        let older = put(&client, key, "x").await.version_id.unwrap();
        let newer = put(&client, key, "y").await.version_id.unwrap();
        let marker = client.delete_object().bucket(BUCKET).key(key).send().await.unwrap().version_id.unwrap();
        expected.extend([marker, newer, older]);
    }
    put(&client, "b", "x").await;
    let (mut seen, mut markers) = (Vec::new(), (None, None));
    loop {
        let list = client.list_object_versions().bucket(BUCKET).prefix("a/").max_keys(2);
        let page = list.set_key_marker(markers.0).set_version_id_marker(markers.1).send().await.unwrap();
        let versions = page.versions().iter().map(|version| (version.key(), version.version_id(), version.is_latest()));
        let deleted = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id(), marker.is_latest()));
        for (key, id, latest) in versions.chain(deleted) {
            client.delete_object().bucket(BUCKET).key(key.unwrap()).version_id(id.unwrap()).send().await.unwrap();
            seen.push((id.unwrap().to_owned(), latest.unwrap()));
        }
        if page.is_truncated != Some(true) {
            break;
        }
        markers = (page.next_key_marker, page.next_version_id_marker);
        assert!(markers.1.is_some());
    }
    let mut ids: Vec<String> = seen.iter().map(|(id, _)| id.clone()).collect();
    ids.sort();
    expected.sort();
    assert_eq!(ids, expected);
    assert_eq!(rig.buckets.versions("a/").unwrap(), json!([]));
}
