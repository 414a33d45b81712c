use aws_sdk_scheduler::{
    Client,
    error::ProvideErrorMetadata,
    types::{ActionAfterCompletion, FlexibleTimeWindow, FlexibleTimeWindowMode, ScheduleState, Target},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Rig;

fn target(input: &str) -> Target {
    let arn = "arn:aws:lambda:ap-northeast-1:000000000000:function:outbox";
    Target::builder().arn(arn).role_arn("arn:aws:iam::000000000000:role/scheduler").input(input).build().unwrap()
}

fn window() -> FlexibleTimeWindow {
    FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off).build().unwrap()
}

async fn create(client: &Client, name: &str, expression: &str) -> Result<String, String> {
    let create = client
        .create_schedule()
        .name(name)
        .schedule_expression(expression)
        .schedule_expression_timezone("Asia/Tokyo")
        .flexible_time_window(window())
        .action_after_completion(ActionAfterCompletion::Delete)
        .target(target(&json!({ "from": name }).to_string()));
    create.send().await.map(|created| created.schedule_arn).map_err(|error| error.code().unwrap_or("none").to_owned())
}

fn jst(text: &str) -> DateTime<Utc> {
    format!("{text}+09:00").parse().unwrap()
}

fn fired(rig: &Rig) -> Vec<Value> {
    rig.target
        .seen()
        .into_iter()
        .map(|(function, input)| {
            assert_eq!(function, "outbox");
            input["from"].clone()
        })
        .collect()
}

#[tokio::test]
async fn a_schedule_is_created_shown_changed_and_deleted() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    assert_eq!(
        create(&client, "monthly", "cron(0 9 1 * ? *)").await.unwrap(),
        "arn:aws:scheduler:ap-northeast-1:000000000000:schedule/default/monthly"
    );
    assert_eq!(create(&client, "monthly", "cron(0 9 1 * ? *)").await, Err("ConflictException".to_owned()));
    let update = client.update_schedule().name("monthly").schedule_expression("rate(1 day)").flexible_time_window(window());
    update.state(ScheduleState::Disabled).target(target("{}")).send().await.unwrap();
    let shown = client.get_schedule().name("monthly").send().await.unwrap();
    assert_eq!(
        (shown.schedule_expression(), shown.state(), shown.schedule_expression_timezone()),
        (Some("rate(1 day)"), Some(&ScheduleState::Disabled), Some("UTC"))
    );
    let listed = client.list_schedules().group_name("default").send().await.unwrap();
    assert_eq!(listed.schedules().len(), 1);
    client.delete_schedule().name("monthly").send().await.unwrap();
    let gone = client.get_schedule().name("monthly").send().await.unwrap_err();
    assert_eq!(gone.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn what_aws_would_refuse_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.clock.set(jst("2027-01-15T12:00:00"));
    let client = Client::new(&rig.aws);
    for expression in ["cron(0 9 1 * * *)", "rate(0 minutes)", "at(2027-01-15T11:59:59)", "tomorrow"] {
        assert_eq!(create(&client, "a", expression).await, Err("ValidationException".to_owned()), "{expression}");
    }
    assert_eq!(create(&client, "名前", "rate(1 day)").await, Err("ValidationException".to_owned()));
}

#[tokio::test]
async fn a_moved_clock_fires_everything_due_in_its_order() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.clock.set(jst("2027-01-15T12:00:00"));
    let client = Client::new(&rig.aws);
    create(&client, "once", "at(2027-02-10T08:00:00)").await.unwrap();
    create(&client, "monthly", "cron(0 9 1 * ? *)").await.unwrap();
    create(&client, "later", "at(2027-03-10T08:00:00)").await.unwrap();
    rig.services.schedules.catch_up().await;
    assert!(fired(&rig).is_empty());
    rig.clock.set(jst("2027-03-01T09:00:00"));
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig), ["monthly", "once", "monthly"]);
    let names: Vec<String> = rig.services.schedules.all().into_iter().map(|schedule| schedule.name).collect();
    assert_eq!(names, ["later", "monthly"]);
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig).len(), 3);
}

#[tokio::test]
async fn what_was_due_while_the_system_was_down_fires_at_the_next_start() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.clock.set(jst("2027-01-15T12:00:00"));
    create(&Client::new(&rig.aws), "monthly", "cron(0 9 1 * ? *)").await.unwrap();
    drop(rig);
    let rig = Rig::start(data.path()).await;
    rig.clock.set(jst("2027-02-01T09:00:30"));
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig), ["monthly"]);
}

#[tokio::test]
async fn a_rate_begins_at_once_and_a_clock_set_back_lets_it_come_again() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    create(&Client::new(&rig.aws), "sweep", "rate(1 hour)").await.unwrap();
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig).len(), 1);
    rig.clock.advance(TimeDelta::days(40));
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig).len(), 2);
    rig.clock.advance(TimeDelta::days(-20));
    rig.services.schedules.catch_up().await;
    rig.clock.advance(TimeDelta::hours(2));
    rig.services.schedules.catch_up().await;
    assert_eq!(fired(&rig).len(), 3);
}

#[tokio::test]
async fn a_disabled_schedule_does_not_fire() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let create = Client::new(&rig.aws).create_schedule().name("off").schedule_expression("rate(1 minute)").flexible_time_window(window());
    create.state(ScheduleState::Disabled).target(target("{}")).send().await.unwrap();
    rig.clock.advance(TimeDelta::days(1));
    rig.services.schedules.catch_up().await;
    assert!(fired(&rig).is_empty());
}
