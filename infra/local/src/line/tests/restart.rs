use super::*;

#[tokio::test]
async fn everything_survives_a_restart() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let said = scene.says(&user, "a").await.body;
    let key = [("X-Line-Retry-Key", KEY)];
    scene.push(&user, "b", &key).await;
    scene.act(&user, json!({"type": "unfollow"})).await;
    let chat = scene.program(&format!("/users/{user}/chat"), Value::Null).await.body;
    let scene = scene.restart();
    assert_eq!(scene.program(&format!("/users/{user}/chat"), Value::Null).await.body, chat);
    assert_eq!(scene.push(&user, "b", &key).await.status, StatusCode::CONFLICT);
    let next = scene.line.lock().journal.next_message_id();
    assert!(next.parse::<u64>().unwrap() > said["messageId"].as_str().unwrap().parse::<u64>().unwrap());
}

#[tokio::test]
async fn a_spent_reply_token_stays_spent_and_an_unspent_one_stays_good_over_a_restart() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let token = async |scene: &Scene| scene.says(&user, "a").await.body["replyToken"].as_str().unwrap().to_owned();
    let (spent, unspent, late) = (token(&scene).await, token(&scene).await, token(&scene).await);
    assert_eq!(scene.reply(&spent).await.status, StatusCode::OK);
    let scene = scene.restart();
    assert_eq!(scene.reply(&spent).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.reply(&unspent).await.status, StatusCode::OK);
    scene.program("/reply-tokens", json!({"seconds": 0})).await;
    assert_eq!(scene.reply(&late).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.texts(&user).await, ["はい", "はい"]);
}

#[tokio::test]
async fn a_kill_while_a_reply_is_written_leaves_neither_the_reply_nor_a_spent_token() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let token = scene.says(&user, "a").await.body["replyToken"].as_str().unwrap().to_owned();
    let file = scene.data.path().join("line.jsonl");
    let before = std::fs::metadata(&file).unwrap().len();
    scene.reply(&token).await;
    let whole = std::fs::read(&file).unwrap();
    // Whatever part of the reply's lines reached the disk.
    for cut in usize::try_from(before).unwrap()..whole.len() {
        std::fs::write(&file, &whole[..cut]).unwrap();
        let line = StandIn::open(scene.data.path(), LocalClock::default(), Faults::default(), Calls::default()).unwrap();
        let state = line.lock();
        let world = state.journal.world();
        let good = world.reply_tokens().answers(&token, "demo", state.reply_token_life, line.0.machine.now()).is_some();
        let replied = world.user(&user).unwrap().chat.len() == 2;
        assert!(good && !replied, "{cut}");
    }
}

#[tokio::test]
async fn of_many_replies_with_one_token_one_is_accepted() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let token = scene.says(&user, "a").await.body["replyToken"].as_str().unwrap().to_owned();
    let answers = futures::future::join_all((0..8).map(|_| scene.reply(&token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    assert_eq!(scene.texts(&user).await, ["はい"]);
}
