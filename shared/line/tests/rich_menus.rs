//! Rich menus, against a small HTTP server on a loopback port.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod server;

use bytes::Bytes;
use domain::personal::LineUserId;
use line::{Action, Area, Bounds, Client, RichMenu, RichMenuId, SendError, Size};
use server::{Reply, Seen, answering, channel, said};

fn id(text: &str) -> RichMenuId {
    RichMenuId::parse(text).unwrap()
}

fn user() -> LineUserId {
    LineUserId::new("Uab12")
}

fn menu() -> RichMenu {
    let all = Bounds { x: 0, y: 0, width: 2500, height: 843 };
    let area = Area::new(all, Action::postback("登録", "register", None)).unwrap();
    RichMenu::new("house/1", "メニュー", Size { width: 2500, height: 843 }, vec![area]).unwrap()
}

/// What the one call asked for, after the token.
fn asked(seen: &[Seen]) -> (&str, &str, Option<&str>, &str) {
    assert_eq!(seen.len(), 2);
    (&seen[1].method, &seen[1].path, seen[1].header("content-type"), &seen[1].body)
}

#[tokio::test]
async fn calls_without_an_answer_are_what_line_documents() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let (client, channel, menu) = (server.client(), channel(), id("richmenu-1"));
    client.link_rich_menu(&channel, &user(), &menu).await.unwrap();
    client.unlink_rich_menu(&channel, &user()).await.unwrap();
    client.set_default_rich_menu(&channel, &menu).await.unwrap();
    client.delete_rich_menu(&channel, &menu).await.unwrap();

    let seen = server.seen();
    let asked: Vec<_> =
        seen.iter().skip(1).map(|request| (request.method.as_str(), request.path.as_str(), request.body.as_str())).collect();
    assert_eq!(
        asked,
        [
            ("POST", "/v2/bot/user/Uab12/richmenu/richmenu-1", ""),
            ("DELETE", "/v2/bot/user/Uab12/richmenu", ""),
            ("POST", "/v2/bot/user/all/richmenu/richmenu-1", ""),
            ("DELETE", "/v2/bot/richmenu/richmenu-1", ""),
        ]
    );
    assert_eq!(seen[1].header("content-length"), Some("0"), "a POST without a body says so");
}

#[tokio::test]
async fn a_menu_is_made_and_named_by_line() {
    let server = answering(|| Reply::json(200, r#"{"richMenuId":"richmenu-1"}"#)).await;
    assert_eq!(server.client().create_rich_menu(&channel(), &menu()).await, Ok(id("richmenu-1")));
    let body = serde_json::to_string(&menu()).unwrap();
    assert_eq!(asked(&server.seen()), ("POST", "/v2/bot/richmenu", Some("application/json"), body.as_str()));
}

#[tokio::test]
async fn a_picture_goes_to_the_content_host_as_it_is() {
    let api = answering(|| said(500, "not here")).await;
    let data = answering(|| Reply::json(200, "{}")).await;
    let client = Client::new(&api.address(), &data.address()).unwrap();
    client.put_rich_menu_image(&channel(), &id("richmenu-1"), Bytes::from_static(b"png")).await.unwrap();
    let seen = data.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/v2/bot/richmenu/richmenu-1/content"));
    assert_eq!((seen[0].header("content-type"), seen[0].body.as_str()), (Some("image/png"), "png"));

    assert_eq!(client.has_rich_menu_image(&channel(), &id("richmenu-1")).await, Ok(true));
    assert_eq!((data.seen()[1].method.as_str(), data.count("/v2/bot/richmenu/richmenu-1/content")), ("GET", 2));
}

#[tokio::test]
async fn the_list_is_read_whatever_else_it_says() {
    let list =
        r#"{"richmenus":[{"richMenuId":"richmenu-1","name":"house/1","areas":[{"new":true}]},{"richMenuId":"richmenu-2"}],"more":1}"#;
    let server = answering(|| Reply::json(200, list)).await;
    let menus = server.client().rich_menus(&channel()).await.unwrap();
    assert_eq!(menus, [(id("richmenu-1"), "house/1".to_owned()), (id("richmenu-2"), String::new())]);
    assert_eq!(asked(&server.seen()), ("GET", "/v2/bot/richmenu/list", None, ""));

    let large = format!(r#"{{"richmenus":[{{"richMenuId":"richmenu-1","name":"a","areas":"{}"}}]}}"#, "a".repeat(1_000_000));
    let server = answering(move || Reply::json(200, &large)).await;
    assert_eq!(server.client().rich_menus(&channel()).await.map(|menus| menus.len()), Ok(1));
}

#[tokio::test]
async fn not_found_is_an_answer_where_something_is_asked_for_and_a_refusal_elsewhere() {
    let server = answering(|| said(404, "Not found")).await;
    let (client, channel, menu) = (server.client(), channel(), id("richmenu-1"));
    assert_eq!(client.default_rich_menu(&channel).await, Ok(None));
    assert_eq!(client.has_rich_menu_image(&channel, &menu).await, Ok(false));
    let refused = Err(SendError::Rejected { status: 404, reason: "Not found".into() });
    assert_eq!(client.link_rich_menu(&channel, &user(), &menu).await, refused);
    assert_eq!(client.set_default_rich_menu(&channel, &menu).await, refused);
    assert_eq!(client.delete_rich_menu(&channel, &menu).await, refused);

    let server = answering(|| Reply::json(200, r#"{"richMenuId":"richmenu-1"}"#)).await;
    assert_eq!(server.client().default_rich_menu(&channel).await, Ok(Some(menu)));
    assert_eq!(asked(&server.seen()), ("GET", "/v2/bot/user/all/richmenu", None, ""));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_leaves_it_unknown_what_was_done() {
    for answer in [Reply::json(200, "{}"), Reply::json(200, r#"{"richMenuId":"a/b"}"#), Reply::json(200, "<html>"), Reply::Close] {
        let server = answering(move || answer.clone()).await;
        let (client, channel) = (server.client(), channel());
        for error in [
            client.create_rich_menu(&channel, &menu()).await.unwrap_err(),
            client.rich_menus(&channel).await.unwrap_err(),
            client.default_rich_menu(&channel).await.unwrap_err(),
        ] {
            assert!(matches!(error, SendError::Unknown { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_user_id_leads_nowhere_else() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let client = server.client();
    client.unlink_rich_menu(&channel(), &LineUserId::new("all/richmenu#")).await.unwrap();
    assert_eq!(server.seen()[1].path, "/v2/bot/user/all%2Frichmenu%23/richmenu");
    assert!(client.unlink_rich_menu(&channel(), &LineUserId::new("..")).await.is_err());
}
