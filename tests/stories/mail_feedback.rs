//! Row D3: an address that mails do not reach is marked, the operator is told once, and the others are written to.

use std::path::{Path, PathBuf};

use futures::future::join_all;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use stories::{Company, House};

use crate::{
    booking::free,
    kpi::{BOTH, SUPPORT, contact, figures, report, told, without_schedules},
    lapsing::{books, id},
    logged::Logged,
};

const OPERATOR: &str = "operator@example.jp";
/// To whom the mails went that the fixtures tell of.
const TAMURA: &str = "tamura@sakura.example.jp";
const SUBJECT: &str = "【要確認】メールの届かない宛先があります";
const EMPLOYEE_FIGURES: &str = "【ONLINE健康推進室】ご利用状況のご報告";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/mail-feedback")
}

/// The fixture of this name; the mail went to `to`.
fn event(name: &str, to: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text.replace(TAMURA, to)).unwrap()
}

/// One invocation, as SNS brings it about.
async fn hears(house: &House, event: Value) -> Result<(), String> {
    let app = mail_feedback::App::new(&house.system.environment, house.system.clock.business());
    mail_feedback::handle(&app, LambdaEvent::new(event, Context::default())).await.map_err(|error| error.to_string())
}

/// What the operators were told of addresses, after everything is sent.
async fn alarms(house: &House) -> Vec<String> {
    house.wait_until_nothing_is_taken().await;
    let mails = house.mails().await.into_iter().filter(|mail| mail["subject"] == SUBJECT);
    mails.map(|mail| mail["text"].as_str().unwrap().to_owned()).collect()
}

async fn marks(house: &House) -> Vec<Value> {
    house.items_of("MarkedAddress").await
}

/// Waits until so many addresses are marked: what came back is told in its own time.
async fn are_marked(house: &House, count: usize) {
    for _ in 0..600 {
        if marks(house).await.len() == count {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("{count} addresses are not marked: {:?}", marks(house).await);
}

fn address(text: &str) -> domain::personal::MailAddress {
    domain::personal::MailAddress::parse(text).unwrap()
}

/// The id of the contact with this address.
async fn contact_id(house: &House, company: &Company, mail: &str) -> String {
    let contacts = house.ops().contacts(company.id.parse().unwrap()).await.unwrap();
    contacts.into_iter().find(|contact| contact.mail.expose() == mail).unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_reached_is_marked_the_operator_is_told_once_and_the_next_report_goes_to_the_others() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", BOTH).await;
    for mail in ["bounce@midori.example.jp", "mori@midori.example.jp"] {
        contact(&house, &company, mail).await;
    }
    house.clock("2027-01-01T00:15:00+09:00").await;
    report(&house).await;
    // Two reports at once. Both come back, unless the first one's mark is faster than the second report.
    let (unreached, reached) = (told(&house, "bounce@").await.len(), told(&house, "mori@midori").await.len());
    assert!((1..=2).contains(&unreached) && reached == 2, "{unreached} and {reached} reports");
    are_marked(&house, 1).await;
    let again = event("bounce-permanent-twice", "Bounce@Midori.example.jp");
    for heard in join_all((0..6).map(|_| hears(&house, again.clone()))).await {
        heard.unwrap();
    }
    assert_eq!(marks(&house).await[0]["why"], "Bounced");
    let alarms = alarms(&house).await;
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    let id = contact_id(&house, &company, "bounce@midori.example.jp").await;
    for part in ["届かずに戻りました", "みどり商事", "森 由美子 様", "ほかの担当者には", &format!("ops contact set TENANT {id} --mail")]
    {
        assert!(alarms[0].contains(part), "{part} is not in {}", alarms[0]);
    }
    house.clock("2027-02-01T00:15:00+09:00").await;
    assert_eq!(report(&house).await["failed"], 0);
    assert_eq!((told(&house, "bounce@").await.len(), told(&house, "mori@midori").await.len()), (unreached, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn events_at_once_about_an_address_that_nobody_has_marked_yet_mark_it_once() {
    let house = House::open().await;
    let mut events = vec![event("bounce-permanent", TAMURA); 4];
    events.extend(["complaint", "bounce-permanent-suppressed", "bounce-permanent-forwarded"].map(|name| event(name, TAMURA)));
    for heard in join_all(events.into_iter().map(|event| hears(&house, event))).await {
        heard.unwrap();
    }
    assert_eq!((marks(&house).await.len(), alarms(&house).await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_mails_reach_no_contact_a_report_stays_due_and_goes_once_when_the_address_is_mended() {
    let logged = Logged::start();
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "bounce@midori.example.jp").await;
    house.clock("2027-01-01T00:15:00+09:00").await;
    report(&house).await;
    are_marked(&house, 1).await;
    let told_of = alarms(&house).await;
    assert!(told_of.len() == 1 && told_of[0].contains("この企業にはほかにいません"), "{told_of:?}");

    house.clock("2027-04-01T00:15:00+09:00").await;
    for _ in 0..2 {
        assert_eq!(report(&house).await["failed"], 1);
    }
    assert_eq!(figures(&house, &company).await.months.len(), 4, "what is counted does not wait");
    assert_eq!(told(&house, "@midori").await.len(), 1);
    assert!(logged.has("mails reach no contact of the tenant"));

    let (tenant, id) = (company.id.parse().unwrap(), contact_id(&house, &company, "bounce@midori.example.jp").await);
    house.ops().change_contact(tenant, &id, None, Some(address("mori@midori.example.jp"))).await.unwrap();
    assert!(house.ops().marks(&house.ops().contacts(tenant).await.unwrap()).await.unwrap().is_empty());
    for reports in [1, 0] {
        assert_eq!(report(&house).await, json!({ "months": 0, "reports": reports, "failed": 0 }));
    }
    let subjects = told(&house, "mori@midori").await;
    assert!(subjects.len() == 1 && subjects[0].starts_with(EMPLOYEE_FIGURES), "{subjects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_unmarked_is_written_to_again_and_what_is_told_late_of_a_former_mail_marks_nobody() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, "bounce@midori.example.jp").await;
    let first = event("bounce-permanent", "bounce@midori.example.jp");
    hears(&house, first.clone()).await.unwrap();
    house.ops().unmark(&address("BOUNCE@midori.example.jp")).await.unwrap();
    assert!(matches!(house.ops().unmark(&address("bounce@midori.example.jp")).await, Err(ops::OpsError::NotMarked)));
    hears(&house, first).await.unwrap();
    assert_eq!((marks(&house).await.len(), alarms(&house).await.len()), (0, 1));

    house.clock("2027-01-01T00:15:00+09:00").await;
    report(&house).await;
    assert_eq!(told(&house, "bounce@").await.len(), 1);
    are_marked(&house, 1).await;
    assert_eq!(alarms(&house).await.len(), 2, "another mail came back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_complains_is_not_written_to_any_more() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    for mail in ["complaint@midori.example.jp", "mori@midori.example.jp"] {
        contact(&house, &company, mail).await;
    }
    house.clock("2027-01-01T00:15:00+09:00").await;
    report(&house).await;
    are_marked(&house, 1).await;
    let alarms = alarms(&house).await;
    assert!(alarms.len() == 1 && alarms[0].contains("迷惑メールとして報告"), "{alarms:?}");
    let contacts = house.ops().contacts(company.id.parse().unwrap()).await.unwrap();
    let marks = house.ops().marks(&contacts).await.unwrap();
    let shown: Vec<_> = marks.iter().map(|(address, mark)| (address.expose(), mark.why.code(), mark.since)).collect();
    assert_eq!(shown, [("complaint@midori.example.jp", "complained", house.system.clock.now())]);
    house.clock("2027-04-01T00:15:00+09:00").await;
    report(&house).await;
    assert_eq!((told(&house, "complaint@").await.len(), told(&house, "mori@midori").await.len()), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_about_a_roster_goes_to_whom_mails_reach() {
    let house = House::open().await;
    let company = house.sakura().await;
    contact(&house, &company, "mori@sakura.example.jp").await;
    hears(&house, event("bounce-permanent", TAMURA)).await.unwrap();
    house.clock("2026-11-25T10:00:00+09:00").await;
    assert_eq!((told(&house, TAMURA).await.len(), told(&house, "mori@sakura").await.len()), (0, 1), "the reminder of the 25th");
    house.delivers(&company, "monthly", "2026-12.csv", "区分,社員番号,氏名,異動日\r\n入社,201,髙田 明,2026-12-01\r\n").await;
    assert_eq!((told(&house, TAMURA).await.len(), told(&house, "mori@sakura").await.len()), (0, 2));
    hears(&house, event("complaint", "mori@sakura.example.jp")).await.unwrap();
    house.delivers(&company, "monthly", "more.csv", "区分,社員番号,氏名,異動日\r\n入社,202,﨑本 恵,2026-12-01\r\n").await;
    assert!(house.roster(&company).await.iter().any(|row| row.contains("﨑本 恵")), "the roster does not wait");
    assert_eq!(told(&house, "@sakura").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_nurse_does_to_an_interview_is_told_to_the_next_contact() {
    let house = House::open_at("2026-11-25T09:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    contact(&house, &company, "mori@sakura.example.jp").await;
    let slots = free(&tamura, "2026-12-08").await;
    let interview = books(&tamura, &slots[0], "first@sakura.example.jp").await;
    let later = books(&tamura, &slots[1], "second@sakura.example.jp").await;
    hears(&house, event("bounce-permanent", TAMURA)).await.unwrap();
    let before = told(&house, TAMURA).await.len();
    let sato = house.signs_in("nurse-sato").await;
    let calls_off = async |interview: &str| {
        let fields = [("tenant", company.id.as_str()), ("interview", id(interview)), ("act", "call-off"), ("confirmed", "1")];
        assert_eq!(sato.sends("desk/interviews", &fields).await.status, 303);
    };
    calls_off(&interview).await;
    assert_eq!((told(&house, TAMURA).await.len(), told(&house, "mori@sakura").await.len()), (before, 1));
    // Nobody else is left to be told.
    hears(&house, event("complaint", "mori@sakura.example.jp")).await.unwrap();
    calls_off(&later).await;
    assert_eq!((told(&house, TAMURA).await.len(), told(&house, "mori@sakura").await.len()), (before + 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_who_are_not_reached_are_told_of_and_written_to_all_the_same() {
    let house = House::open().await;
    let nurse = house.ops().nurses().await.unwrap().remove(0);
    hears(&house, event("bounce-permanent", nurse.mail.expose())).await.unwrap();
    let told_of = alarms(&house).await;
    assert!(told_of.len() == 1 && told_of[0].contains(nurse.name.expose()) && told_of[0].contains(&nurse.id), "{told_of:?}");
    // Of the only operator's own address nobody can be told by mail.
    hears(&house, event("complaint", OPERATOR)).await.unwrap();
    assert_eq!((marks(&house).await.len(), alarms(&house).await.len()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_again_after_a_table_that_fails_and_is_told_once() {
    for mode in ["500", "lost"] {
        let house = House::open().await;
        for after in 0.. {
            let fault = json!({ "target": "dynamodb", "mode": mode, "after": after });
            house.comes_to_rest().await;
            house.post("local/faults", fault).await.ok();
            let heard = hears(&house, event("bounce-permanent", TAMURA)).await;
            house.fault("dynamodb", "none", 0).await;
            assert!(marks(&house).await.len() <= 1);
            if heard.is_ok() {
                assert!(after > 0, "{mode}: the tables were not asked");
                break;
            }
        }
        house.advance("PT1M").await;
        assert_eq!((marks(&house).await.len(), alarms(&house).await.len()), (1, 1), "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_ses_does_what_its_name_says() {
    let house = House::open().await;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    assert_eq!(files.len(), 15);
    let mut told_of = 0;
    for name in files.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()) {
        let (fails, is_told, is_marked) = match name {
            "bounce-permanent-to-nobody" => (false, true, false),
            "complaint" => (false, true, true),
            name if name.starts_with("bounce-permanent") => (false, true, true),
            name => (name.starts_with("broken-"), false, false),
        };
        assert_eq!(hears(&house, event(name, TAMURA)).await.is_err(), fails, "{name}");
        told_of += usize::from(is_told);
        assert_eq!((marks(&house).await.len(), alarms(&house).await.len()), (usize::from(is_marked), told_of), "{name}");
        if is_marked {
            house.ops().unmark(&address(TAMURA)).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_stands_in_a_log_a_key_or_an_error() {
    const SECRET: &str = "kakureta.ritsuko@midori.example.jp";
    let logged = Logged::start();
    let house = House::open().await;
    let company = house.engages("みどり商事", "2026-12-01", SUPPORT).await;
    contact(&house, &company, SECRET).await;
    for name in ["bounce-transient", "bounce-permanent", "complaint", "broken-no-json", "broken-no-bounce", "broken-other-source"] {
        if let Err(error) = hears(&house, event(name, SECRET)).await {
            assert!(name.starts_with("broken-") && !error.contains("kakureta"), "{error}");
        }
    }
    let mark = marks(&house).await.remove(0);
    assert!(!mark.to_string().contains("kakureta") && mark["pk"].as_str().unwrap().starts_with("MAIL#"), "{mark}");
    assert!(logged.has("mails do not reach an address") && logged.has("a mail did not arrive for now"), "nothing was logged");
    assert!(!logged.has("kakureta"), "the address stands in the log");
}
