//! What a nurse answers with: desks to refer to (row B4) and reply templates (row B2), as the operator keeps them.

use domain::{
    desk::{Desk, WrittenDesk},
    referral::{self, Desks},
    template::{Template, WrittenTemplate},
    topic::Topic,
};
use ops::OpsError;
use store::{
    Store,
    entity::{
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
    assert!(shared.contains(&added) && shared.len() == Template::default_list().len() + 1);
    assert_eq!(own, std::slice::from_ref(&mine));
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
