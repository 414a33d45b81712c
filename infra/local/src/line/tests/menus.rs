use super::*;

const MENU: &str = "/v2/bot/richmenu";
const JSON: &str = "application/json";

fn menu() -> Value {
    json!({
        "size": {"width": 1200, "height": 405}, "selected": true, "name": "members", "chatBarText": "メニュー",
        "areas": [{"bounds": {"x": 0, "y": 0, "width": 1200, "height": 405},
                   "action": {"type": "postback", "label": "相談のしかた", "data": "how-to-ask", "displayText": "相談のしかた"}}],
    })
}

/// As much of a PNG as LINE looks at.
fn png(width: u32, height: u32) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes(), b"\x08\x06\0\0\0"].concat()
}

impl Scene {
    async fn menu(&self) -> String {
        let answer = self.send(MENU, &[], menu()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["richMenuId"].as_str().unwrap().to_owned()
    }

    async fn put_image(&self, id: &str, kind: &str, bytes: &[u8]) -> StatusCode {
        self.call("POST", &format!("{MENU}/{id}/content"), kind, bytes).await.status
    }

    async fn pictured(&self) -> String {
        let id = self.menu().await;
        assert_eq!(self.put_image(&id, "image/png", &png(1200, 405)).await, StatusCode::OK);
        id
    }

    async fn post(&self, path: &str) -> StatusCode {
        self.call("POST", path, JSON, b"").await.status
    }

    async fn read(&self, path: &str) -> Answer {
        self.send(path, &[], Value::Null).await
    }

    async fn seen_by(&self, user: &str) -> Value {
        self.program(&format!("/users/{user}/menu?channel=demo"), Value::Null).await.body
    }
}

#[tokio::test]
async fn a_menu_that_was_made_is_listed_and_shown_as_it_was_made() {
    let scene = Scene::begin().await;
    let id = scene.menu().await;
    let mut expected = menu();
    expected["richMenuId"] = json!(id);
    assert_eq!(scene.read(&format!("{MENU}/list")).await.body, json!({"richmenus": [expected.clone()]}));
    assert_eq!(scene.read(&format!("{MENU}/{id}")).await.body, expected);
    assert_eq!(scene.read(&format!("{MENU}/richmenu-1")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_menu_that_line_would_not_take_is_refused_at_its_place() {
    let scene = Scene::begin().await;
    let mut bad = menu();
    bad["chatBarText"] = json!("a".repeat(15));
    let answer = scene.send(MENU, &[], bad).await;
    assert_eq!((answer.status, &answer.body["details"][0]["property"]), (StatusCode::BAD_REQUEST, &json!("chatBarText")));
    assert_eq!(scene.read(&format!("{MENU}/list")).await.body, json!({"richmenus": []}));
}

#[tokio::test]
async fn an_image_has_the_menus_size_its_own_type_and_comes_once() {
    let scene = Scene::begin().await;
    let id = scene.menu().await;
    let good = png(1200, 405);
    assert_eq!(scene.read(&format!("{MENU}/{id}/content")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.put_image(&id, "image/gif", &good).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(scene.put_image(&id, "image/jpeg", &good).await, StatusCode::BAD_REQUEST);
    assert_eq!(scene.put_image(&id, "image/png", &png(1200, 406)).await, StatusCode::BAD_REQUEST);
    assert_eq!(scene.put_image(&id, "image/jpeg", media::EXAMPLE).await, StatusCode::BAD_REQUEST);
    let heavy = [good.as_slice(), &vec![0; 1024 * 1024]].concat();
    assert_eq!(scene.put_image(&id, "image/png", &heavy).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(scene.put_image("richmenu-1", "image/png", &good).await, StatusCode::NOT_FOUND);
    assert_eq!(scene.put_image(&id, "image/png", &good).await, StatusCode::OK);
    assert_eq!(scene.put_image(&id, "image/png", &good).await, StatusCode::BAD_REQUEST);
    let image = scene.read(&format!("{MENU}/{id}/content")).await;
    assert_eq!(
        (image.status, &image.headers["content-type"], &image.bytes[..]),
        (StatusCode::OK, &"image/png".parse().unwrap(), &good[..])
    );
}

#[tokio::test]
async fn a_person_sees_the_menu_that_is_linked_or_else_the_default_one_or_none() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    assert_eq!(scene.seen_by(&user).await, Value::Null);
    let (general, own) = (scene.pictured().await, scene.pictured().await);
    let (default, of_user) = ("/v2/bot/user/all/richmenu", format!("/v2/bot/user/{user}/richmenu"));
    assert_eq!(scene.read(default).await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.read(&of_user).await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.post(&format!("{default}/{general}")).await, StatusCode::OK);
    assert_eq!(scene.read(default).await.body, json!({"richMenuId": general}));
    let seen = scene.seen_by(&user).await;
    assert_eq!((&seen["richMenuId"], &seen["linked"], &seen["chatBarText"]), (&json!(general), &json!(false), &json!("メニュー")));
    assert_eq!(scene.post(&format!("{of_user}/{own}")).await, StatusCode::OK);
    let scene = scene.restart();
    assert_eq!(scene.read(&of_user).await.body, json!({"richMenuId": own}));
    let seen = scene.seen_by(&user).await;
    assert_eq!((&seen["richMenuId"], &seen["linked"]), (&json!(own), &json!(true)));
    let image = seen["image"].as_str().unwrap().strip_prefix("/local/line").unwrap();
    assert_eq!(scene.program(image, Value::Null).await.bytes, png(1200, 405));
    assert_eq!(scene.call("DELETE", &of_user, JSON, b"").await.status, StatusCode::OK);
    assert_eq!(scene.seen_by(&user).await["richMenuId"], json!(general));
    assert_eq!(scene.call("DELETE", default, JSON, b"").await.status, StatusCode::OK);
    assert_eq!(scene.seen_by(&user).await, Value::Null);
}

#[tokio::test]
async fn nobody_is_shown_a_menu_without_an_image_or_an_unknown_one() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let (bare, whole) = (scene.menu().await, scene.pictured().await);
    for (id, status) in [(bare.as_str(), StatusCode::BAD_REQUEST), ("richmenu-1", StatusCode::NOT_FOUND)] {
        assert_eq!(scene.post(&format!("/v2/bot/user/all/richmenu/{id}")).await, status, "{id}");
        assert_eq!(scene.post(&format!("/v2/bot/user/{user}/richmenu/{id}")).await, status, "{id}");
    }
    assert_eq!(scene.post(&format!("/v2/bot/user/{}/richmenu/{whole}", ids::user())).await, StatusCode::BAD_REQUEST);
    assert_eq!(scene.seen_by(&user).await, Value::Null);
}

#[tokio::test]
async fn a_deleted_menu_is_seen_by_nobody_and_its_image_is_gone() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.pictured().await;
    scene.post(&format!("/v2/bot/user/all/richmenu/{id}")).await;
    scene.post(&format!("/v2/bot/user/{user}/richmenu/{id}")).await;
    let path = format!("{MENU}/{id}");
    assert_eq!(scene.call("DELETE", &path, JSON, b"").await.status, StatusCode::OK);
    assert_eq!(scene.call("DELETE", &path, JSON, b"").await.status, StatusCode::NOT_FOUND);
    assert_eq!(scene.seen_by(&user).await, Value::Null);
    assert_eq!(scene.read("/v2/bot/user/all/richmenu").await.status, StatusCode::NOT_FOUND);
    assert_eq!(std::fs::read_dir(scene.data.path().join("line-menus")).unwrap().count(), 0);
}

#[tokio::test]
async fn menus_belong_to_their_account() {
    let scene = Scene::begin().await;
    let id = scene.pictured().await;
    scene.line.register_channel(LocalChannel { channel: "other".into(), channel_id: "2".into(), ..demo() });
    let other = scene.token_for("grant_type=client_credentials&client_id=2&client_secret=s3cret").await.body;
    let ask_as_other = |method: &str, path: String| {
        let bearer = format!("Bearer {}", other["access_token"].as_str().unwrap());
        ask(scene.line.api(), Request::builder().method(method).uri(path).header("authorization", bearer).body(Body::empty()).unwrap())
    };
    assert_eq!(ask_as_other("GET", format!("{MENU}/list")).await.body, json!({"richmenus": []}));
    for (method, path) in [("GET", format!("{MENU}/{id}")), ("DELETE", format!("{MENU}/{id}")), ("GET", format!("{MENU}/{id}/content"))] {
        assert_eq!(ask_as_other(method, path).await.status, StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(ask_as_other("POST", format!("/v2/bot/user/all/richmenu/{id}")).await.status, StatusCode::NOT_FOUND);
}
