//! The operator's acts against the local system.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod house;

use chrono::{DateTime, Utc};

use domain::{
    employee::{self, NumberWidth},
    id::TenantId,
    interview::hours::Hours,
    licence::Licence,
    personal::MailAddress,
    tenant::Tenant,
};
use house::House;
use ops::{OpsError, roster::Entry, settings::SettingsChange, tenant::TenantChange};
use store::{
    Key, Store,
    entity::{
        audit,
        outbox::{Kind, NewItem, Outcome, SealedWith, State},
    },
};

const SAKURA: &str = "株式会社さくら製作所";
const HIKARI: &str = "ひかり商事株式会社";

fn entry(number: &str, name: &str, leaves: Option<&str>) -> Entry {
    Entry {
        number: employee::parse_number(number, None).unwrap(),
        name: employee::parse_name(name).unwrap(),
        leaves: leaves.map(|date| date.parse().unwrap()),
    }
}

fn new(name: &str) -> ops::tenant::NewTenant {
    ops::tenant::NewTenant {
        name: name.to_owned(),
        channel: "demo".parse().unwrap(),
        language: domain::text::Language::En,
        number_width: None,
        starts: "2026-12-01".parse().unwrap(),
        plans: [domain::tenant::Plan::EmployeeSupport].into(),
    }
}

#[tokio::test]
async fn an_installation_is_made_once() {
    let house = House::open().await;
    let again = house.ops.init().await.unwrap();
    assert!(!again.secret && !again.settings);
    let sakura = house.ops.tenant(SAKURA).await.unwrap();
    let number = employee::parse_number("101", sakura.number_width).unwrap();
    assert!(house.ops.roster_row(sakura.id, &number).await.is_ok(), "the digests are still the same");
}

#[tokio::test]
async fn a_tenant_is_named_by_its_id_or_by_a_name_that_only_one_has() {
    let House { ops, .. } = &House::open().await;
    let sakura = ops.tenant(SAKURA).await.unwrap();
    assert_eq!(ops.tenant(&sakura.id.to_string()).await.unwrap(), sakura);
    for missing in ["さくら", &TenantId::new(ulid::Ulid(1)).to_string()] {
        assert!(matches!(ops.tenant(missing).await, Err(OpsError::NoTenant(_))), "{missing}");
    }
    let twin = ops.add_tenant(new(SAKURA)).await.unwrap();
    assert!(matches!(ops.tenant(SAKURA).await, Err(OpsError::TenantNotUnique { count: 2, .. })));
    assert_eq!(ops.tenants().await.unwrap().len(), 3);
    assert_ne!(twin.code, sakura.code);
}

#[tokio::test]
async fn a_tenant_needs_a_channel_that_is_set_up_and_a_plan() {
    let House { ops, .. } = &House::open().await;
    let elsewhere = ops::tenant::NewTenant { channel: "elsewhere".parse().unwrap(), ..new("Acme") };
    assert!(matches!(ops.add_tenant(elsewhere).await, Err(OpsError::NoChannel(_))));
    let nothing = ops::tenant::NewTenant { plans: [].into(), ..new("Acme") };
    assert!(matches!(ops.add_tenant(nothing).await, Err(OpsError::Tenant(_))));
    assert_eq!(ops.tenants().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_change_changes_what_is_given_and_the_number_width_only_before_the_roster() {
    let House { ops, .. } = &House::open().await;
    let sakura = ops.tenant(SAKURA).await.unwrap();
    let renamed =
        ops.change_tenant(SAKURA, TenantChange { name: Some("さくら製作所".to_owned()), ..TenantChange::default() }).await.unwrap();
    assert_eq!(renamed, Tenant { name: "さくら製作所".to_owned(), ..sakura });
    let width = |width| TenantChange { number_width: Some(NumberWidth::new(width).ok()), ..TenantChange::default() };
    assert!(matches!(ops.change_tenant("さくら製作所", width(8)).await, Err(OpsError::NumberWidthInUse { rows: 12 })));
    assert!(ops.change_tenant("さくら製作所", width(6)).await.is_ok(), "it is 6 already");
    ops.add_tenant(new("Acme")).await.unwrap();
    assert_eq!(ops.change_tenant("Acme", width(8)).await.unwrap().number_width, NumberWidth::new(8).ok());
}

#[tokio::test]
async fn a_contract_ends_with_notice_or_by_agreement_and_goes_on_when_that_is_withdrawn() {
    let House { ops, system, .. } = &House::open().await;
    system.clock.hold("2026-11-30T23:59:59+09:00".parse::<DateTime<Utc>>().unwrap());
    let last_day = |tenant: Tenant| tenant.contract.last_day.map(|day| day.to_string());
    let end = async |month: &str, agreed| ops.end_tenant(HIKARI, month.parse().unwrap(), agreed).await.map(last_day);
    assert_eq!(end("2027-01", false).await.unwrap().as_deref(), Some("2027-01-31"));
    system.clock.hold("2026-12-01T00:00:00+09:00".parse::<DateTime<Utc>>().unwrap());
    assert!(matches!(end("2027-01", false).await, Err(OpsError::EndTooSoon { .. })));
    assert_eq!(end("2026-12", true).await.unwrap().as_deref(), Some("2026-12-31"));
    assert_eq!(last_day(ops.continue_tenant(HIKARI).await.unwrap()), None);
}

#[tokio::test]
async fn a_passphrase_is_kept_as_a_hash_and_can_be_removed() {
    let House { ops, .. } = &House::open().await;
    let changed = ops.set_passphrase(HIKARI, "ひかり 2027").await.unwrap();
    assert!(changed.passphrase.as_ref().unwrap().matches("ひかり 2027"));
    assert!(matches!(ops.set_passphrase(HIKARI, "abc").await, Err(OpsError::Passphrase(_))));
    assert_eq!(ops.tenant(HIKARI).await.unwrap(), changed);
    assert_eq!(ops.remove_passphrase(HIKARI).await.unwrap().passphrase, None);
}

#[tokio::test]
async fn a_new_code_ends_the_former_one() {
    let House { ops, store, .. } = &House::open().await;
    let former = ops.tenant(SAKURA).await.unwrap().code;
    let renewed = ops.renew_code(SAKURA).await.unwrap();
    assert_ne!(renewed.code, former);
    assert!(store.get(&Key::code(&former)).await.unwrap().is_none());
    assert!(store.get(&Key::code(&renewed.code)).await.unwrap().is_some());
    let registration = ops.registration(&renewed).await.unwrap();
    assert!(registration.link.starts_with("https://line.me/R/oaMessage/%40hoken-demo/?"));
    assert!(registration.link.ends_with(renewed.code.as_str()));
}

#[tokio::test]
async fn contacts_and_nurses_come_and_go() {
    let House { ops, .. } = &House::open().await;
    let tenant = ops.tenant(HIKARI).await.unwrap().id;
    let (name, mail) = (employee::parse_name("原田 結衣").unwrap(), MailAddress::parse("harada@example.jp").unwrap());
    let contact = ops.add_contact(tenant, name.clone(), mail.clone()).await.unwrap();
    assert_eq!(ops.contacts(tenant).await.unwrap().len(), 2);
    let moved = MailAddress::parse("harada@hikari.example.jp").unwrap();
    let changed = ops.change_contact(tenant, &contact.id, None, Some(moved.clone())).await.unwrap();
    assert_eq!((changed.id, changed.name, changed.mail), (contact.id.clone(), name.clone(), moved.clone()));
    assert!(matches!(ops.change_contact(tenant, "nobody", None, Some(moved.clone())).await, Err(OpsError::NoContact(_))));
    assert!(matches!(ops.unmark(&moved).await, Err(OpsError::NotMarked)));
    ops.remove_contact(tenant, &contact.id).await.unwrap();
    assert!(matches!(ops.remove_contact(tenant, &contact.id).await, Err(OpsError::NoContact(_))));

    assert!(matches!(ops.add_nurse(name.clone(), mail.clone(), [].into()).await, Err(OpsError::NoLicence)));
    let nurse = ops.add_nurse(name, mail, [Licence::Psychologist].into()).await.unwrap();
    assert!(ops.nurses().await.unwrap().contains(&nurse));
    ops.set_hours(&nurse, Hours::default()).await.unwrap();
    ops.remove_nurse(&nurse.id).await.unwrap();
    assert!(ops.hours().await.unwrap().iter().all(|of| of.nurse.to_string() != nurse.id), "nobody books her any more");
    assert!(matches!(ops.remove_nurse(&nurse.id).await, Err(OpsError::NoNurse(_))));
}

#[tokio::test]
async fn settings_and_words_change_without_each_other() {
    let House { ops, .. } = &House::open().await;
    let words = ops.words().await.unwrap().words().len();
    assert_eq!(ops.add_words(&["つらすぎる".to_owned(), "死にたい".to_owned()]).await.unwrap(), 1);
    let hours = Some(ops::settings::parse_hours("10:00-16:00").unwrap());
    ops.change_settings(SettingsChange { hours, ..SettingsChange::default() }).await.unwrap();
    assert_eq!(ops.words().await.unwrap().words().len(), words + 1);
    assert!(matches!(ops.add_words(&["辛い".to_owned(), "!?".to_owned()]).await, Err(OpsError::NeverFound(_))));
    assert_eq!(ops.remove_words(&["つらすぎる".to_owned(), "辛い".to_owned()]).await.unwrap(), 1);
    assert_eq!(ops.reset_words().await.unwrap(), words);
    assert_eq!(Some(ops.settings().await.unwrap().hours), hours);
}

#[tokio::test]
async fn one_person_is_entered_unless_somebody_else_has_the_number() {
    let House { ops, .. } = &House::open().await;
    let hikari = ops.tenant(HIKARI).await.unwrap().id;
    let added = ops.add_to_roster(hikari, &entry("H-300", "三浦 大輔", None)).await.unwrap();
    assert!(added);
    let held = ops.add_to_roster(hikari, &entry("H-300", "鈴木 花子", None)).await;
    assert!(matches!(held, Err(OpsError::NumberHeld)));
    assert!(matches!(ops.roster_row(hikari, &employee::parse_number("H-301", None).unwrap()).await, Err(OpsError::NotOnRoster)));
}

#[tokio::test]
async fn a_failed_delivery_is_listed_and_becomes_due_again() {
    let House { ops, store, system, .. } = &House::open().await;
    let installation = store::Parameters::new(runtime::Aws::new(&system.environment.aws).ssm(), &system.environment.parameters);
    let installation = installation.installation().await.unwrap();
    // In the first part of the outbox that a sweep looks at: the one at the start has been there.
    let (id, now) = (uuid::Uuid::from_u128(8), system.clock.now());
    let user = installation.line_user(&domain::personal::LineUserId::new("U4af4980629f2c5ad2a0f6f7d0e2c9d71"));
    let item = NewItem {
        key: Key::outbox_of_line_user(&user, id),
        id,
        effect: Kind::Mail,
        channel: None,
        user: None,
        reply: None,
        sealed_with: SealedWith::Installation,
        body: installation.seal().seal("test", b"nothing").unwrap(),
    }
    .taken(now);
    queue(store, &item).await;
    store.settle(&item, &Outcome::Failed("rejected"), now).await.unwrap();

    let key = ops::outbox::show_key(&item.key());
    let failed = ops.failed_deliveries().await.unwrap();
    assert_eq!(failed.iter().map(|item| (item.state, item.why.as_deref())).collect::<Vec<_>>(), [(State::Failed, Some("rejected"))]);
    ops.retry_delivery(&key).await.unwrap();
    assert_eq!(ops.failed_deliveries().await.unwrap(), []);
    assert!(matches!(ops.retry_delivery(&key).await, Err(OpsError::NotFailed(_))));
    assert!(matches!(ops.retry_delivery("nonsense").await, Err(OpsError::NotFailed(_))));
    let taken = store.take(&item.key(), system.clock.now()).await.unwrap().unwrap();
    assert_eq!(taken.attempt, 1);
}

async fn queue(store: &Store, item: &store::entity::outbox::OutboxItem) {
    let mut transaction = store.transaction();
    item.put(&mut transaction).unwrap();
    transaction.commit().await.unwrap().unwrap();
}

#[tokio::test]
async fn a_leave_date_long_past_waits_until_it_is_confirmed() {
    let House { ops, .. } = &House::open().await;
    let sakura = ops.tenant(SAKURA).await.unwrap();
    ops.add_to_roster(sakura.id, &entry("900001", "三浦 大輔", Some("2025-11-30"))).await.unwrap();
    ops.add_to_roster(sakura.id, &entry("900002", "三浦 花", Some("2026-11-30"))).await.unwrap();
    // Beside those of the demo who left two months ago.
    let waiting = async || {
        let rows = ops.unconfirmed_leaves().await.unwrap().into_iter();
        rows.map(|(_, row)| row.number.expose().to_owned()).filter(|number| number.starts_with("90000")).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, ["900001"]);
    let number = |text| employee::parse_number(text, None).unwrap();
    assert!(matches!(ops.confirm_leave(sakura.id, &number("900002")).await, Err(OpsError::NothingToConfirm)));
    assert!(matches!(ops.confirm_leave(sakura.id, &number("900003")).await, Err(OpsError::NotOnRoster)));
    let row = ops.confirm_leave(sakura.id, &number("900001")).await.unwrap();
    assert!(row.employments[0].leave.unwrap().confirmed);
    assert!(waiting().await.is_empty());
}

#[tokio::test]
async fn the_audit_log_is_that_of_a_day_in_japan_and_of_today_unless_told_otherwise() {
    let House { ops, store, system, .. } = &House::open().await;
    for (at, act) in
        [("2026-11-24T23:59:59+09:00", "Thread"), ("2026-11-25T00:00:00+09:00", "Queue"), ("2026-11-25T23:59:59+09:00", "Reply")]
    {
        store.audit(&house::audit_line(at, act, audit::Outcome::Done)).await.unwrap();
    }
    let acts = async |day: Option<&str>| {
        let lines = ops.audit(day.map(|day| day.parse().unwrap())).await.unwrap();
        lines.into_iter().map(|line| line.act).collect::<Vec<_>>()
    };
    assert_eq!(acts(None).await, ["Thread"]);
    assert_eq!(acts(Some("2026-11-25")).await, ["Queue", "Reply"]);
    assert!(acts(Some("2026-11-26")).await.is_empty());
    system.clock.set("2026-11-25T00:00:00+09:00".parse().unwrap());
    assert_eq!(acts(None).await, ["Queue", "Reply"]);
}

#[tokio::test]
async fn a_run_of_the_purge_that_does_not_exist_is_not_shown() {
    let House { ops, .. } = &House::open().await;
    let id = domain::id::PurgeId::new(ulid::Ulid(1));
    assert!(matches!(ops.purge(id).await, Err(OpsError::NoPurge(missing)) if missing == id));
}
