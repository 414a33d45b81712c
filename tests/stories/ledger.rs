//! What a nurse discloses to a tenant's contact (row B4): the ledger, the mail, and what is left of it after an erasure.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    disclosure::{self, Disclosure, Form},
    employee,
    id::{MemberId, TenantId},
};
use serde_json::Value;
use store::{
    DataKey, DataKeys, Guard, Store,
    entity::{
        audit::{Actor, Audit, Object, Outcome},
        contact::Contact,
        disclosure::{Disclosing, Entry, verify},
        outbox::fresh_id,
    },
};
use stories::House;

/// A member whose nurse has to disclose something.
struct Case {
    store: Store,
    tenant: TenantId,
    member: MemberId,
    key: Arc<DataKey>,
    contact: Contact,
}

impl Case {
    /// The case of the member that the LINE user's item names.
    async fn of(house: &House, user: &Value) -> Self {
        let environment = &house.system.environment;
        let aws = runtime::Aws::new(&environment.aws);
        let store = Store::new(aws.dynamodb(), &environment.table, &environment.key_table);
        let data_keys = DataKeys::new(aws.kms(), &environment.kms_key);
        let member = &user["member"];
        let id = |name: &str| member[name].as_str().unwrap_or_else(|| panic!("no {name} in {member}"));
        let tenant = id("tenant").parse().unwrap();
        let generation = id("key").parse().unwrap();
        let member = id("id").parse().unwrap();
        let key = store.data_key(&data_keys, member, generation).await.unwrap().expect("a key");
        let contact = store.contacts(tenant).await.unwrap().remove(0);
        Self { store, tenant, member, key, contact }
    }

    /// Discloses `text`, again and again until nobody was faster.
    async fn discloses(&self, house: &House, text: &str) -> Entry {
        let form = Form { reason: "life", consent: "not-reachable", contact: &self.contact.id, text, confirmed: true };
        let disclosure: Disclosure = disclosure::read(form, [self.contact.id.as_str()]).unwrap();
        let nurse = employee::parse_name("佐藤 恵").unwrap();
        let now = house.system.clock.now();
        loop {
            let last = self.store.last_disclosure(self.tenant).await.unwrap();
            let disclosing = Disclosing {
                tenant: self.tenant,
                tenant_name: "株式会社さくら製作所",
                key: &self.key,
                nurse: ("01JNURSE", &nurse),
                disclosure: &disclosure,
                contact: &self.contact,
                reach: "■ ONLINE健康推進室\n電話：03-0000-9876",
                mail: fresh_id(),
                at: now,
            };
            let audit = Audit {
                at: now,
                line: ulid::Ulid(fresh_id().as_u128()),
                actor: Actor { subject: "sub".to_owned(), nurse: Some("01JNURSE".to_owned()), roles: BTreeSet::new() },
                act: "Disclose".to_owned(),
                object: Object { tenant: Some(self.tenant), member: Some(self.member), ..Object::default() },
                outcome: Outcome::Done,
            };
            let mut transaction = self.store.transaction();
            store::data_key::check(&mut transaction, self.member, self.key.generation).unwrap();
            let entry = disclosing.append(&mut transaction, last.as_ref()).unwrap();
            audit.put(&mut transaction).unwrap();
            match transaction.commit().await.unwrap() {
                Ok(()) => return entry,
                Err(cancelled) => assert!(!cancelled.by(Guard::DataKey), "the member is gone"),
            }
        }
    }
}

async fn case(house: &House) -> Case {
    house.member(0).await;
    let user = house.items_of("LineUser").await.remove(0);
    Case::of(house, &user).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_reads_what_was_written_who_wrote_it_and_how_to_reach_the_nurses_and_nothing_else() {
    let house = House::open().await;
    let case = case(&house).await;
    let before = house.mails().await.len();
    let entry = case.discloses(&house, "本日 14:00 から連絡が取れません。至急ご確認ください。").await;
    let mail = house.wait_for_mails(before + 1).await.pop().unwrap();
    assert_eq!(mail["to"], serde_json::json!(["tamura@sakura.example.jp"]));
    let text = mail["text"].as_str().unwrap();
    for part in ["本日 14:00 から連絡が取れません。", "佐藤 恵", "03-0000-9876", "記録番号：1\n", entry.check_value(), "田村 直樹 様"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let subject = mail["subject"].as_str().unwrap();
    for word in ["相談", "健康相談", "生命", "身体", "髙橋", "000101"] {
        assert!(!subject.contains(word) && !text.contains(word), "{word} is in {subject} {text}");
    }
    let ledger = case.store.ledger(case.tenant).await.unwrap();
    assert_eq!((&ledger, verify(&ledger)), (&vec![entry], Ok(())));
    let texts = case.store.disclosed_texts(case.member).await.unwrap();
    assert!(ledger[0].is_of(&texts[0]));
    assert_eq!(texts[0].text(&case.key).unwrap().expose(), "本日 14:00 から連絡が取れません。至急ご確認ください。");
    let stored = house.items_of("Disclosure").await[0].to_string();
    assert!(!stored.contains(&case.member.to_string()), "an entry names no member: {stored}");
    let log = case.store.audit_of("2026-11-24".parse().unwrap()).await.unwrap();
    assert_eq!(log.iter().map(|entry| (entry.act.as_str(), entry.object.member)).collect::<Vec<_>>(), [("Disclose", Some(case.member))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_disclosures_of_four_members_at_once_make_one_chain_without_gaps() {
    let house = House::open().await;
    for employee in 0..4 {
        house.member(employee).await;
    }
    let mut cases = Vec::new();
    for user in house.items_of("LineUser").await {
        cases.push(Case::of(&house, &user).await);
    }
    assert_eq!(cases.len(), 4);
    let all = (0..16).map(|number| cases[number % 4].discloses(&house, "至急ご連絡ください。"));
    let mut numbers: Vec<u64> = futures::future::join_all(all).await.iter().map(|entry| entry.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=16).collect::<Vec<u64>>());

    let (store, tenant) = (&cases[0].store, cases[0].tenant);
    let ledger = store.ledger(tenant).await.unwrap();
    assert_eq!(ledger.iter().map(|entry| entry.number).collect::<Vec<_>>(), numbers);
    assert_eq!(verify(&ledger), Ok(()));
    for case in &cases {
        let texts = store.disclosed_texts(case.member).await.unwrap();
        assert_eq!(texts.len(), 4);
        assert!(texts.iter().all(|text| ledger.iter().any(|entry| entry.is_of(text))));
    }
    let last = house.ops().verify_ledger(tenant).await.unwrap().expect("entries");
    assert_eq!(Some(&last), ledger.last());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_takes_the_text_and_leaves_a_chain_that_still_proves_itself() {
    let house = House::open().await;
    let person = house.member(0).await;
    let user = house.items_of("LineUser").await.remove(0);
    let case = Case::of(&house, &user).await;
    case.discloses(&house, "柊の件です。").await;
    case.discloses(&house, "続報です。").await;
    house.wait_until_nothing_is_taken().await;
    let before = case.store.ledger(case.tenant).await.unwrap();
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.clock("2026-11-26T10:00:00+09:00").await;
    for _ in 0..100 {
        if house.items_of("DisclosedText").await.is_empty() {
            break;
        }
        house.advance("PT1H").await;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(house.items_of("DisclosedText").await.is_empty());
    let after = case.store.ledger(case.tenant).await.unwrap();
    assert_eq!((&after, verify(&after)), (&before, Ok(())));
}
