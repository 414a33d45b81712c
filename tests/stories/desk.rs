//! What stands on the nurses' desk: the audit log, reply templates, desks to refer to, and how long members wait.

use domain::{
    desk::{Desk, WrittenDesk},
    id::{MemberId, TenantId},
    referral::{self, Desks},
    template::{Template, WrittenTemplate},
    topic::Topic,
};
use ops::OpsError;
use store::{
    Guard, Store,
    entity::{
        audit::{About, Act, Audit, Outcome, Who},
        first_answer::FirstAnswer,
        outbox::fresh_id,
        template::{ReplyTemplate, Shelf},
    },
};
use stories::House;
use ulid::Ulid;

fn store(house: &House) -> Store {
    let environment = &house.system.environment;
    Store::new(runtime::Aws::new(&environment.aws).dynamodb(), &environment.table, &environment.key_table)
}

fn id() -> Ulid {
    Ulid(fresh_id().as_u128())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_of_a_day_is_in_its_log_once_and_as_it_was_written() {
    let house = House::open().await;
    let store = store(&house);
    let who = Who { subject: Some("sub-1".to_owned()), staff: Some("n-1".to_owned()), roles: vec!["nurse".to_owned()] };
    let last_moment = "2026-11-24T23:59:59.999+09:00".parse().unwrap();
    let about = About { tenant: Some(TenantId::new(id())), member: Some(MemberId::new(id())), ..About::default() };
    let mut written = Vec::new();
    for second in 0..20 {
        let at = house.system.clock.now() + chrono::TimeDelta::seconds(second);
        written.push(Audit::new(id(), at, who.clone(), Act::ThreadRead, "/consultations/{member}/{consultation}").about(about));
    }
    written.push(Audit::new(id(), last_moment, Who::default(), Act::Page, "/queue?topic=mind").ended(Outcome::Refused));
    for entry in &written {
        store.audit(entry).await.unwrap();
    }
    // The same entry once more: an earlier try had arrived.
    store.audit(&written[0]).await.unwrap();
    let tomorrow = Audit::new(id(), "2026-11-25T00:00:00+09:00".parse().unwrap(), who, Act::Queue, "/queue");
    store.audit(&tomorrow).await.unwrap();
    assert_eq!(store.audit_of("2026-11-24".parse().unwrap()).await.unwrap(), written);
    assert_eq!(store.audit_of("2026-11-25".parse().unwrap()).await.unwrap(), std::slice::from_ref(&tomorrow));

    let mut transaction = store.transaction();
    Audit { outcome: Outcome::Stale, ..tomorrow.clone() }.put(&mut transaction).unwrap();
    assert!(transaction.commit().await.unwrap().is_err_and(|cancelled| cancelled.by(Guard::Logged)), "an entry is never changed");
    assert_eq!(store.audit_of("2026-11-25".parse().unwrap()).await.unwrap(), [tomorrow]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_chooses_from_the_shared_templates_and_her_own() {
    let house = House::open().await;
    let (store, ops) = (store(&house), house.ops());
    let (shared, own) = store.templates_for("n-1").await.unwrap();
    assert_eq!((shared.len(), own.len()), (Template::default_list().len(), 0), "the demo has what the system comes with");

    let written =
        WrittenTemplate { title: "腰痛".to_owned(), text: "痛みはいつからですか。".to_owned(), topic: Some(Topic::Body) };
    let template: Template = written.try_into().unwrap();
    let mine = ReplyTemplate { id: id().to_string(), template: template.clone() };
    store.put_template(Shelf::Of("n-1"), &mine).await.unwrap();
    let added = ops.add_template(template).await.unwrap();
    let (shared, own) = store.templates_for("n-1").await.unwrap();
    assert_eq!((shared.last(), own.as_slice()), (Some(&added), std::slice::from_ref(&mine)));
    assert!(store.templates_for("n-2").await.unwrap().1.is_empty());

    ops.remove_template(&added.id).await.unwrap();
    assert!(matches!(ops.remove_template(&added.id).await, Err(OpsError::NoTemplate(_))));
    assert!(store.remove_template(Shelf::Of("n-1"), &mine.id).await.unwrap());
    assert!(!store.remove_template(Shelf::Of("n-1"), &mine.id).await.unwrap());

    let nurse = ops.nurses().await.unwrap().remove(0);
    store.put_template(Shelf::Of(&nurse.id), &mine).await.unwrap();
    ops.remove_nurse(&nurse.id).await.unwrap();
    assert!(store.templates_for(&nurse.id).await.unwrap().1.is_empty(), "they go with the nurse");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_names_desks_and_members_are_referred_there() {
    let house = House::open().await;
    let ops = house.ops();
    let (sakura, hikari) = (house.sakura().await, house.hikari().await);
    let public = ops.public_desks().await.unwrap();
    let of = async |which: &str| ops.tenant(which).await.unwrap().desks;
    let is_own = |desks: Option<Desks<'_>>| matches!(desks, Some(Desks::Tenants(_)));
    assert!(is_own(referral::desks(Topic::Harassment, &of(&sakura.id).await, &public)));
    assert!(!is_own(referral::desks(Topic::Harassment, &of(&hikari.id).await, &public)));

    let desk: Desk =
        WrittenDesk { name: "社外相談室".to_owned(), lines: vec!["平日".to_owned()], ..WrittenDesk::default() }.try_into().unwrap();
    ops.set_desk(&hikari.id, Topic::Medical, desk.clone()).await.unwrap();
    assert!(is_own(referral::desks(Topic::Medical, &of(&hikari.id).await, &public)));
    ops.remove_desk(&hikari.id, Topic::Medical).await.unwrap();
    assert!(matches!(ops.remove_desk(&hikari.id, Topic::Medical).await, Err(OpsError::NoDesk(_))));

    let more = ops.put_public_desk([Topic::Medical].into(), desk.clone()).await.unwrap();
    assert_eq!(more.len(), public.len() + 1);
    assert_eq!(ops.put_public_desk([Topic::Mind].into(), desk).await.unwrap().len(), more.len(), "the name tells desks apart");
    assert!(matches!(ops.remove_public_desk("どこにもない").await, Err(OpsError::NoDesk(_))));
    ops.remove_public_desk("社外相談室").await.unwrap();
    assert_eq!(ops.reset_public_desks().await.unwrap(), public);
}

#[tokio::test(flavor = "multi_thread")]
async fn first_answers_are_found_by_tenant_and_month() {
    let house = House::open().await;
    let store = store(&house);
    let (tenant, other) = (TenantId::new(id()), TenantId::new(id()));
    for minutes in 0..40 {
        let mut transaction = store.transaction();
        FirstAnswer { minutes, urgent: minutes % 8 == 0 }.put(&mut transaction, tenant, "2026-11", fresh_id()).unwrap();
        transaction.commit().await.unwrap().unwrap();
    }
    for (whose, month) in [(tenant, "2026-12"), (other, "2026-11")] {
        let mut transaction = store.transaction();
        FirstAnswer { minutes: 510, urgent: false }.put(&mut transaction, whose, month, fresh_id()).unwrap();
        transaction.commit().await.unwrap().unwrap();
    }
    let answers = store.first_answers(tenant, "2026-11").await.unwrap();
    let mut minutes: Vec<u32> = answers.iter().map(|answer| answer.minutes).collect();
    minutes.sort_unstable();
    assert_eq!(minutes, (0..40).collect::<Vec<u32>>());
    assert_eq!(answers.iter().filter(|answer| answer.urgent).count(), 5);
    assert!(store.first_answers(tenant, "2026-10").await.unwrap().is_empty());
}
