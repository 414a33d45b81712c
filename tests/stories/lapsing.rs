//! Row C5: who booked is told when an approval did not come in time, and only then.

use ::store::{Guard, entity::interview::forget_later_mails};
use stories::{House, Staff};

use crate::{
    booking::{confirms, free, holds},
    desk::store,
};

/// Books the slot; gives the path of the interview.
pub async fn books(contact: &Staff<'_>, slot: &str, mail: &str) -> String {
    let form = holds(contact, slot).await.expect("nobody was faster");
    let booked = confirms(contact, &form, &[("mail", mail)]).await;
    assert_eq!(booked.status, 303, "{}", booked.text());
    booked.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned()
}

/// The last part of an interview's path.
pub fn id(interview: &str) -> &str {
    interview.rsplit('/').next().unwrap()
}

/// Waits until nothing is being sent; gives the subjects of the mails to `address`, in any order.
pub async fn subjects(house: &House, address: &str) -> Vec<String> {
    house.wait_until_nothing_is_taken().await;
    let to = house.mails().await.into_iter().filter(|mail| mail["to"].to_string().contains(address));
    to.map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contact_is_told_of_what_nobody_approved_and_of_nothing_that_was_decided_in_time() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    let slots = free(&tamura, "2026-12-08").await;
    let mut interviews = Vec::new();
    for slot in &slots[..7] {
        interviews.push(books(&tamura, slot, "somebody@sakura.example.jp").await);
    }
    // Two use the units; of the others one lapses.
    let [lapsing, approved, declined, moved, cancelled] = &interviews[2..] else { panic!("seven are booked") };
    let sato = house.signs_in("nurse-sato").await;
    for (interview, act) in [(approved, "approve"), (declined, "decline")] {
        let fields = [("tenant", company.id.as_str()), ("interview", id(interview)), ("act", act)];
        assert_eq!(sato.sends("desk/interviews", &fields).await.status, 303);
    }
    let tuesday = slots.iter().find(|slot| slot.starts_with("2026-12-08")).unwrap();
    assert_eq!(tamura.sends(&format!("{moved}/move"), &[("slot", tuesday)]).await.status, 303);
    assert_eq!(tamura.sends(&format!("{cancelled}/cancel"), &[("in-time", "1")]).await.status, 303);
    let lapsed = |subjects: Vec<String>| subjects.into_iter().filter(|subject| subject.contains("失効")).collect::<Vec<_>>();
    // The last business day before Monday, 7 December, is a Friday.
    house.clock("2026-12-04T23:58:00+09:00").await;
    assert!(lapsed(subjects(&house, "tamura@").await).is_empty());
    house.clock("2026-12-05T00:00:01+09:00").await;
    let told = lapsed(subjects(&house, "tamura@").await);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("【面談】ご予約が失効しました（12月7日(月) 9:40"), "{told:?}");
    let tamura = house.signs_in("contact-tamura").await;
    assert!(tamura.opens(lapsing).await.text().contains("面談の予約：失効"));
    // A decision that was on its way when the outbox took the mail is not written.
    let store = store(&house);
    let waits = store.interview(company.id.parse().unwrap(), id(lapsing).parse().unwrap()).await.unwrap().unwrap();
    let mut late = store.transaction();
    forget_later_mails(&mut late, waits.head()).unwrap();
    assert!(late.commit().await.unwrap().is_err_and(|cancelled| cancelled.by(Guard::Open)));
    // The one that was moved lapses with its new day.
    house.clock("2026-12-08T00:00:01+09:00").await;
    assert_eq!(lapsed(subjects(&house, "tamura@").await).len(), 2);
}
