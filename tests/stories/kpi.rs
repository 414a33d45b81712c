//! Row D3: months are counted once, and each report goes once to each contact, whatever fires how often and whatever breaks.

use std::time::Duration;

use domain::tenant::Plan;
use futures::future::join_all;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use stories::{Company, House};

use crate::desk::store;

pub const BOTH: &[Plan] = &[Plan::EmployeeSupport, Plan::InterviewSupport];
pub const SUPPORT: &[Plan] = &[Plan::EmployeeSupport];

pub async fn without_schedules(house: &House) {
    for schedule in ["kpi-monthly", "kpi-sweep"] {
        house.without_schedule(schedule).await;
    }
}

/// One run, as the scheduler starts it.
pub async fn report(house: &House) -> Value {
    let app = kpi_report::App::new(&house.system.environment, house.system.clock.business());
    kpi_report::handle(&app, LambdaEvent::new(json!({ "monthly": true }), context())).await.unwrap()
}

fn context() -> Context {
    let mut context = Context::default();
    context.deadline = u64::MAX / 2;
    context
}

pub async fn figures(house: &House, company: &Company) -> store::entity::figures::Figures {
    store(house).figures(company.id.parse().unwrap()).await.unwrap()
}

/// Who is told by mail of the figures of this company.
pub async fn contact(house: &House, company: &Company, mail: &str) {
    let name = domain::employee::parse_name("森 由美子").unwrap();
    house.ops().add_contact(company.id.parse().unwrap(), name, domain::personal::MailAddress::parse(mail).unwrap()).await.unwrap();
}

/// Subjects of the mails to an address, in any order.
pub async fn told(house: &House, to: &str) -> Vec<String> {
    house.wait_until_nothing_is_taken().await;
    let mails = house.mails().await;
    let to_them = mails.iter().filter(|mail| mail["to"].to_string().contains(to));
    let mut subjects: Vec<String> = to_them.map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect();
    subjects.sort();
    subjects
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_month_is_reported_a_quarter_of_an_hour_after_it_once_to_each_contact() {
    let house = House::open().await;
    let company = house.engages("みどり商事", "2026-12-01", BOTH).await;
    for mail in ["mori@midori.example.jp", "hayashi@midori.example.jp"] {
        contact(&house, &company, mail).await;
    }
    house.clock("2027-01-01T00:14:59+09:00").await;
    assert!(told(&house, "@midori").await.is_empty() && figures(&house, &company).await.months.is_empty());
    house.clock("2027-01-01T00:15:00+09:00").await;
    for _ in 0..2 {
        for mail in ["mori@midori", "hayashi@midori"] {
            let subjects = told(&house, mail).await;
            assert_eq!(
                subjects,
                ["【ONLINE健康推進室】ご利用状況のご報告（2026年12月）", "【ONLINE健康推進室】定例ミーティングのご報告資料（2026年12月）",]
            );
        }
        for run in join_all((0..4).map(|_| report(&house))).await {
            assert_eq!(run, json!({ "months": 0, "reports": 0, "failed": 0 }));
        }
        house.clock("2027-01-02T09:00:00+09:00").await;
    }
    let mails = house.mails().await;
    let texts: Vec<&str> =
        mails.iter().filter(|mail| mail["to"].to_string().contains("@midori")).filter_map(|mail| mail["text"].as_str()).collect();
    assert!(texts.iter().all(|text| text.contains("森 由美子 様") && text.contains("・産業看護職面談：0件")), "{texts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_freeze_a_month_once_and_send_a_report_once() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "mori@midori.example.jp").await;
    let mut reports = 0;
    for now in ["2027-01-01T00:15:00+09:00", "2027-04-01T00:15:00+09:00", "2027-07-01T00:15:00+09:00"] {
        house.clock(now).await;
        let runs = join_all((0..4).map(|_| report(&house))).await;
        reports += runs.iter().map(|run| run["reports"].as_u64().unwrap()).sum::<u64>();
        assert!(runs.iter().all(|run| run["failed"] == 0), "{runs:?}");
        // What is being sent when the clock runs away is sent again.
        house.wait_until_nothing_is_taken().await;
    }
    // The demo's own companies have reports of meetings and quarters beside the three of this one.
    assert_eq!(told(&house, "mori@midori").await.len(), 3);
    let kept = house.items_of("KpiReport").await.len() as u64;
    assert_eq!(reports, kept);
}

/// From some write on everything fails, as after a kill; then it goes on, from some later one.
async fn breaks_off(mode: &str) {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "mori@midori.example.jp").await;
    house.clock("2027-07-01T12:00:00+09:00").await;
    for after in 0.. {
        let fault = json!({ "target": "dynamodb", "mode": mode, "operation": "TransactWriteItems", "after": after });
        house.post("local/faults", fault).await.ok();
        let run = report(&house).await;
        house.fault("dynamodb", "none", 0).await;
        if run["failed"] == 0 {
            assert!(after >= 3, "{mode}: it broke off between the months");
            break;
        }
    }
    let figures = figures(&house, &company).await;
    let months: Vec<String> = figures.months.keys().map(ToString::to_string).collect();
    assert_eq!(months, ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2027-05", "2027-06"], "{mode}");
    assert_eq!(figures.shown.months().len(), 7, "{mode}");
    house.wait_until_nothing_is_taken().await;
    house.advance("PT1M").await;
    assert_eq!(
        told(&house, "mori@midori").await,
        ["2026年12月", "2027年1月〜2027年3月", "2027年4月〜2027年6月"]
            .map(|period| format!("【ONLINE健康推進室】ご利用状況のご報告（{period}）")),
        "{mode}"
    );
    assert_eq!(report(&house).await, json!({ "months": 0, "reports": 0, "failed": 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_outage_held_up_is_caught_up_however_often_it_breaks_off() {
    breaks_off("500").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_without_an_answer_is_done_once() {
    breaks_off("lost").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_killed_at_any_moment_is_completed_by_the_next() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "mori@midori.example.jp").await;
    house.clock("2027-04-01T12:00:00+09:00").await;
    for milliseconds in [1, 20, 40, 60, 80, 100, 150, 200, 300] {
        // Dropped in the middle of whatever it does.
        tokio::time::timeout(Duration::from_millis(milliseconds), report(&house)).await.ok();
    }
    report(&house).await;
    assert_eq!(figures(&house, &company).await.months.len(), 4);
    assert_eq!(told(&house, "mori@midori").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_contact_a_report_stays_due_and_the_others_get_theirs() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    house.clock("2027-01-15T12:00:00+09:00").await;
    let run = report(&house).await;
    assert_eq!((run["failed"].as_u64(), figures(&house, &company).await.months.len()), (Some(1), 1));
    assert!(!told(&house, "tamura@").await.is_empty());
    contact(&house, &company, "mori@midori.example.jp").await;
    assert_eq!(report(&house).await, json!({ "months": 0, "reports": 1, "failed": 0 }));
    assert_eq!(told(&house, "mori@midori").await.len(), 1);
}

/// Mails go out again once `mode` is over, each once.
async fn each_has_each_report_once(mode: &str) {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", BOTH).await;
    let contacts = ["mori@midori.example.jp", "hayashi@midori.example.jp", "ueda@midori.example.jp"];
    for mail in contacts {
        contact(&house, &company, mail).await;
    }
    house.clock("2027-01-01T00:15:00+09:00").await;
    house.post("local/faults", json!({ "target": "ses", "mode": mode })).await.ok();
    for _ in 0..2 {
        report(&house).await;
        assert!(told(&house, "@midori").await.is_empty(), "{mode}");
        house.advance("PT2M").await;
    }
    // Some mails get through by the client's own further tries, others not.
    let rare = json!({ "target": "ses", "mode": mode, "count": 14 });
    house.post("local/faults", rare).await.ok();
    for _ in 0..6 {
        house.advance("PT20M").await;
        house.wait_until_nothing_is_taken().await;
    }
    for mail in contacts {
        let subjects = told(&house, mail).await;
        assert_eq!(
            subjects,
            ["【ONLINE健康推進室】ご利用状況のご報告（2026年12月）", "【ONLINE健康推進室】定例ミーティングのご報告資料（2026年12月）"],
            "{mode} {mail}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_contact_has_each_report_once_when_ses_throttled() {
    each_has_each_report_once("429").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_contact_has_each_report_once_when_ses_failed() {
    each_has_each_report_once("500").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_report_of_a_contract_goes_before_the_purge_takes_its_contacts() {
    let house = House::open().await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "mori@midori.example.jp").await;
    house.ops().end_tenant(&company.id, "2027-03".parse().unwrap(), true).await.unwrap();
    house.clock("2027-04-01T00:15:00+09:00").await;
    assert_eq!(told(&house, "mori@midori").await.len(), 2);
    house.clock("2027-04-02T10:00:00+09:00").await;
    assert!(house.ops().tenant(&company.id).await.is_err());
    assert_eq!(figures(&house, &company).await.months.len(), 4, "what says nothing about a person stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_scheduler_is_understood_and_nothing_else_is() {
    let house = House::open().await;
    let app = kpi_report::App::new(&house.system.environment, house.system.clock.business());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/kpi-report");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let event: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        assert_eq!(kpi_report::handle(&app, LambdaEvent::new(event, context())).await.unwrap()["failed"], 0);
        count += 1;
    }
    assert_eq!(count, 2);
    for event in [json!({}), json!({ "monthly": true, "sweep": true }), json!([])] {
        assert!(kpi_report::handle(&app, LambdaEvent::new(event, context())).await.is_err());
    }
}
