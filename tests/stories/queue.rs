//! Row B2: the queue with ten thousand consultations in it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    consultation::{Assignee, Head, State},
    id::{ConsultationId, MemberId, TenantId},
    personal::LineUserId,
    roster::RosterCheck,
    topic::Topic,
};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::Value;
use store::{
    Parameters, Store,
    entity::consultation::{Consultation, Filter},
    installation::Digest,
};
use stories::{House, Staff};
use ulid::Ulid;

/// So many stand on a page of the desk.
const PAGE: usize = 50;
/// A transaction takes so many.
const BATCH: usize = 100;

/// Writes `count` consultations. One in five hundred is urgent, and they wait in another order than that of their ids.
async fn fill(house: &House, count: usize) -> Store {
    let environment = &house.system.environment;
    let aws = runtime::Aws::new(&environment.aws);
    let store = Store::new(aws.dynamodb_for_batches(), &environment.table, &environment.key_table);
    let user = installation_user(house).await;
    let (tenant, now) = (house.sakura().await.id.parse::<TenantId>().unwrap(), house.system.clock.now());
    let consultations: Vec<Consultation> =
        (0..count).map(|number| Consultation::new(head(number, tenant, now), MemberId::new(id(1, number / 3)), user.clone())).collect();
    stream::iter(consultations.chunks(BATCH))
        .map(async |some| {
            let mut transaction = store.transaction();
            some.iter().try_for_each(|each| each.put(&mut transaction))?;
            transaction.commit().await
        })
        .buffer_unordered(8)
        .try_for_each(async |written| {
            written.expect("nothing stands in the way");
            Ok(())
        })
        .await
        .unwrap();
    store
}

async fn installation_user(house: &House) -> Digest {
    let environment = &house.system.environment;
    let parameters = Parameters::new(runtime::Aws::new(&environment.aws).ssm(), &environment.parameters);
    parameters.installation().await.unwrap().line_user(&LineUserId::new("U4af4980629"))
}

fn id(kind: u128, number: usize) -> Ulid {
    Ulid((kind << 64) | number as u128)
}

fn head(number: usize, tenant: TenantId, now: DateTime<Utc>) -> Head {
    // Two wait equally long each: 10,007 is a prime.
    let since = now - TimeDelta::seconds((number * 7919 % 10_007 / 2).try_into().unwrap());
    Head {
        id: ConsultationId::new(id(2, number)),
        tenant,
        version: 1,
        state: State::Open,
        opened_at: since,
        last_message_at: since,
        waiting_since: Some(since),
        first_answered_at: None,
        urgent: number % 500 == 3,
        check: RosterCheck::NameMissing,
        contested: false,
        topic: Topic::default(),
        assignee: None,
    }
}

/// The threads of a page in their order, and the address of the next page.
async fn page(nurse: &Staff<'_>, path: &str) -> (Vec<String>, Option<String>) {
    let answer = nurse.opens(path).await;
    answer.ok();
    let page = answer.text();
    let links = page.split("href=\"/desk/members/").skip(1).map(|after| after.split('"').next().unwrap());
    let threads = links.map(|link| link.rsplit('/').next().unwrap().to_owned()).collect();
    let pages = page.split("<p class=\"pages\">").nth(1).unwrap().split("</p>").next().unwrap();
    let next = pages.split("href=\"/").skip(1).map(|after| after.split('"').next().unwrap().replace("&amp;", "&"));
    (threads, next.filter(|path| path.contains("after=")).last())
}

fn calls_of(calls: &Value) -> u64 {
    assert!(calls["dynamodb"]["Scan"].is_null(), "a scan: {calls}");
    calls["dynamodb"].as_object().unwrap().values().filter_map(Value::as_u64).sum()
}

/// What a page costs in table calls: the cheapest of five visits, since a sweep may fall into one.
async fn cost(house: &House, nurse: &Staff<'_>, path: &str) -> u64 {
    let mut costs = Vec::new();
    for _ in 0..5 {
        house.calls().await;
        nurse.opens(path).await.ok();
        costs.push(calls_of(&house.calls().await));
    }
    costs.into_iter().min().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_wait_in_their_order_on_pages_that_cost_no_more_than_that_of_ten() {
    let few = House::open().await;
    fill(&few, 10).await;
    let cost_of_few = cost(&few, &few.signs_in("nurse-sato").await, "desk").await;

    let house = House::open().await;
    let store = fill(&house, 10_000).await;
    let nurse = house.signs_in("nurse-sato").await;

    let (tenant, now) = (house.sakura().await.id.parse().unwrap(), house.system.clock.now());
    let mut heads: Vec<Head> = (0..10_000).map(|number| head(number, tenant, now)).collect();
    heads.sort_by_key(|head| (!head.urgent, head.waiting_since, head.id));
    let expected: Vec<String> = heads.iter().map(|head| head.id.to_string()).collect();

    assert!(heads[19].urgent && !heads[20].urgent, "the first page has both");
    let mut path = "desk".to_owned();
    let mut seen = Vec::new();
    for number in 0..5 {
        assert_eq!(cost(&house, &nurse, &path).await, cost_of_few, "page {number}");
        let (threads, next) = page(&nurse, &path).await;
        assert_eq!(threads.len(), PAGE, "page {number}");
        seen.extend(threads);
        path = next.expect("a page behind");
    }
    assert_eq!(seen, expected[..5 * PAGE]);

    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = store.waiting(&Filter::default(), after.as_deref(), 300).await.unwrap();
        all.extend(some.consultations.iter().map(|each| each.head.id.to_string()));
        match some.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 10_000);
    assert_eq!(all, expected);

    // What a nurse has in hand is found behind all of them.
    let staff = house.get("local/status").await["people"][0]["staff"].as_str().unwrap().to_owned();
    let mut last = Head { waiting_since: Some(now), ..head(10_000, tenant, now) };
    last.assignee = Some(Assignee { id: staff, name: domain::employee::parse_name("佐藤 恵").unwrap() });
    let mut transaction = store.transaction();
    Consultation::new(last.clone(), MemberId::new(id(1, 1)), installation_user(&house).await).put(&mut transaction).unwrap();
    transaction.commit().await.unwrap().unwrap();
    assert!(nurse.opens("desk/mine").await.text().contains(&last.id.to_string()));
}
