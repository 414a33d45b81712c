//! Row D3: what a month's figures count, against what people did.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    interview::month::Month,
    kpi::{
        figures::{Counted, People},
        suppression::Cell,
    },
};
use serde_json::json;
use stories::{Company, House, Person};

use crate::kpi::{BOTH, SUPPORT, figures, report, without_schedules};

/// What a brute-force count of a month finds: joined, left, who was active, whose consultations.
#[derive(Debug, Default, Clone)]
struct Model {
    joined: u32,
    left: u32,
    active: BTreeSet<u32>,
    opened: Vec<u32>,
}

/// A person as the test knows them: with whom, in which membership, and whether it has a consultation.
#[derive(Debug, Clone, Copy, Default)]
struct Somebody {
    company: Option<usize>,
    membership: u32,
    has_asked: bool,
}

/// Numbers that follow from a seed (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides).unwrap()
    }
}

fn month_of(house: &House) -> Month {
    domain::kpi::marker::month(house.system.clock.now())
}

/// What somebody does, and what of it counts.
async fn acts(
    dice: &mut Dice,
    person: &Person<'_>,
    who: &mut Somebody,
    companies: &[Company],
    months: &mut [Model],
    memberships: &mut u32,
) {
    let here = who.company;
    let active = |months: &mut [Model], who: Somebody| {
        if let Some(company) = who.company {
            months[company].active.insert(who.membership);
        }
    };
    match dice.below(10) {
        0..=1 => {
            let there = dice.below(companies.len() as u64);
            active(months, *who);
            if here == Some(there) {
                person.sends(&format!("登録コード {}", companies[there].code)).await.ok();
                return;
            }
            person.registers(&companies[there], "100").await;
            if let Some(former) = here {
                months[former].left += 1;
            }
            *memberships += 1;
            *who = Somebody { company: Some(there), membership: *memberships, has_asked: false };
            months[there].joined += 1;
        }
        2..=6 => {
            person.sends("肩がこります").await.ok();
            active(months, *who);
            if let Some(company) = here.filter(|_| !who.has_asked) {
                months[company].opened.push(who.membership);
                who.has_asked = true;
            }
        }
        7 => {
            person.touches("leave").await;
            person.touches("leave-yes").await;
            active(months, *who);
            if let Some(company) = here {
                months[company].left += 1;
            }
            *who = Somebody::default();
        }
        8 => {
            person.touches("how-to-ask").await;
            active(months, *who);
        }
        _ => {
            person.act(json!({ "type": "unfollow" })).await.ok();
            person.act(json!({ "type": "follow", "follow": { "isUnblocked": true } })).await.ok();
        }
    }
}

fn fits(counted: &Counted, model: &Model) {
    let people: BTreeSet<u32> = model.opened.iter().copied().collect();
    let expected = [model.joined, model.left, u32::try_from(model.active.len()).unwrap()];
    assert_eq!([counted.joined, counted.left, counted.active], expected, "{counted:?}\n{model:?}");
    let asked = [model.opened.len(), people.len()].map(|count| u32::try_from(count).unwrap());
    assert_eq!([counted.consultations, counted.consulting], asked, "{counted:?}\n{model:?}");
}

async fn random_history(seed: u64) {
    let house = House::open().await;
    without_schedules(&house).await;
    let companies = [house.engages("みどり商事", "2026-11-01", SUPPORT).await, house.engages("あおば工業", "2026-11-01", BOTH).await];
    let mut dice = Dice(seed);
    let people: Vec<Person<'_>> = join(&house, 6).await;
    let mut known = vec![Somebody::default(); people.len()];
    let mut models: BTreeMap<Month, Vec<Model>> = BTreeMap::new();
    let mut memberships = 0;
    for _ in 0..70 {
        let which = dice.below(people.len() as u64);
        let months = models.entry(month_of(&house)).or_insert_with(|| vec![Model::default(); companies.len()]);
        acts(&mut dice, &people[which], &mut known[which], &companies, months, &mut memberships).await;
        house.advance(&format!("PT{}H", dice.below(40))).await;
    }
    house.clock("2027-02-01T00:15:00+09:00").await;
    report(&house).await;
    for (place, company) in companies.iter().enumerate() {
        let figures = figures(&house, company).await;
        for (month, months) in &models {
            fits(figures.months[month].counted(), &months[place]);
        }
        let members = known.iter().filter(|who| who.company == Some(place)).count();
        let last = figures.months.values().next_back().unwrap();
        assert_eq!(last.people(People::Registered) as usize, members);
    }
}

async fn join(house: &House, count: usize) -> Vec<Person<'_>> {
    let mut people = Vec::new();
    for _ in 0..count {
        people.push(house.person().await);
    }
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_random_months_are_those_that_a_brute_force_count_finds() {
    for seed in [1, 20_261_124, 4_711] {
        random_history(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_reads_its_members_from_ten_on() {
    let house = House::open().await;
    without_schedules(&house).await;
    let mut companies = Vec::new();
    for members in [0_u32, 1, 9, 10, 11] {
        let company = house.engages(&format!("会社{members}"), "2026-11-01", SUPPORT).await;
        for number in 0..12 {
            house.enter(&company, &format!("2{number:02}"), "山田 太郎").await;
        }
        for number in 0..members {
            let person = house.person().await;
            person.registers(&company, &format!("2{number:02}")).await;
            person.sends("肩がこります").await.ok();
        }
        companies.push((members, company));
    }
    house.clock("2026-12-01T00:15:00+09:00").await;
    report(&house).await;
    for (members, company) in companies {
        let figures = figures(&house, &company).await;
        let (month, cells) = figures.shown.months().iter().next().unwrap();
        assert_eq!(month.to_string(), "2026-11");
        assert_eq!(figures.months[month].people(People::Registered), members);
        assert_eq!(cells.roster, 12);
        let shown = |cell: Cell| cell.words(domain::text::Language::Ja);
        let expected = match members {
            0 => ["0", "非表示", "非表示"].map(str::to_owned),
            1..10 => ["10未満", "非表示", "非表示"].map(str::to_owned),
            _ => [members.to_string(), members.to_string(), members.to_string()],
        };
        let acts = cells.acts[&domain::kpi::figures::Act::Consultations];
        assert_eq!([shown(cells.registered), shown(cells.active), shown(acts)], expected, "{members}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_ends_when_it_does_in_japan() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.engages("みどり商事", "2026-11-01", SUPPORT).await;
    let [early, late] = [house.person().await, house.person().await];
    house.clock("2026-11-30T23:59:59+09:00").await;
    early.registers(&company, "100").await;
    early.sends("肩がこります").await.ok();
    house.clock("2026-12-01T00:00:00+09:00").await;
    late.registers(&company, "200").await;
    early.sends("まだこります").await.ok();
    // The next month begins in UTC as well, nine hours later.
    house.clock("2026-12-01T09:00:00+09:00").await;
    late.sends("眠れません").await.ok();
    house.clock("2027-01-01T00:15:00+09:00").await;
    report(&house).await;
    let figures = figures(&house, &company).await;
    let of = |month: &str| {
        let counted = figures.months[&month.parse().unwrap()].counted();
        [counted.before, counted.joined, counted.active, counted.consultations]
    };
    assert_eq!((of("2026-11"), of("2026-12")), ([0, 1, 1, 1], [1, 1, 2, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_three_times_at_once_leaves_one_marker_of_each_kind() {
    let house = House::open().await;
    let person = house.member(0).await;
    let event = json!({ "destination": "U0", "events": [{
        "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_i64, "webhookEventId": "01KTESTMARKER0000000000001",
        "deliveryContext": { "isRedelivery": false }, "source": { "type": "user", "userId": person.id },
        "message": { "type": "text", "id": "7000001", "text": "頭痛が続きます" },
    }]});
    let body = event.to_string().into_bytes();
    for answer in futures::future::join_all((0..3).map(|_| house.signed(&body))).await {
        assert_eq!(answer.status, 200);
    }
    person.sends("熱もあります").await.ok();
    let mut kinds: Vec<String> =
        house.items_of("Marker").await.iter().map(|marker| marker["pk"].as_str().unwrap().split('#').nth(3).unwrap().to_owned()).collect();
    kinds.sort();
    assert_eq!(kinds, ["ACTIVE", "CONSULTATION", "REGISTERED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_changes_no_figure_and_leaves_markers_that_lead_to_nobody() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.member(0).await;
    person.sends("肩がこります").await.ok();
    house.clock("2026-12-02T10:00:00+09:00").await;
    person.sends("まだこります").await.ok();
    let before = figures(&house, &company).await;
    let markers = house.items_of("Marker").await;
    let key = |marker: &serde_json::Value| marker["sk"].as_str().unwrap().split('#').next().unwrap().to_owned();
    let pseudonyms: BTreeSet<String> = markers.iter().map(key).collect();
    assert_eq!((markers.len(), pseudonyms.len()), (4, 4), "another one for each month and kind: {markers:?}");
    let users = house.items_of("LineUser").await;
    let consultation = house.items_of("Consultation").await[0]["sk"].as_str().unwrap().trim_start_matches("CONSULTATION#").to_owned();
    let ids = [
        users[0]["member"]["id"].as_str().unwrap().to_owned(),
        users[0]["pk"].as_str().unwrap().trim_start_matches("LINE#").to_owned(),
        consultation,
    ];

    person.touches("leave").await;
    person.touches("leave-yes").await;
    house.wait_until_nothing_is_taken().await;
    house.advance("PT10M").await;
    house.advance("PT10M").await;
    assert_eq!(house.data_keys().await, 0);
    let left = house.items_of("Marker").await;
    assert!(markers.iter().all(|marker| left.contains(marker)), "what was counted stays counted");
    assert_eq!(left.len(), markers.len() + 1, "and who has left is counted: {left:?}");
    for id in &ids {
        assert!(!json!(left).to_string().contains(id.as_str()));
    }
    assert_eq!(figures(&house, &company).await.months, before.months);

    // The same person under the same number in the same month is nobody that was there before.
    person.registers(&company, company.employee(0).0).await;
    person.sends("またこります").await.ok();
    let again = house.items_of("Marker").await;
    assert_eq!(again.len(), left.len() + 3, "registered, active, a consultation: {again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roster_of_a_month_has_who_had_access_at_its_end() {
    let house = House::open().await;
    without_schedules(&house).await;
    for schedule in ["purge-monthly", "purge-sweep"] {
        house.without_schedule(schedule).await;
    }
    let company = house.engages("みどり商事", "2026-11-01", SUPPORT).await;
    let entered = [
        ("1", "2026-11-24T10:00:00+09:00", None),
        // Has access until the last moment of the month.
        ("2", "2026-11-24T10:00:00+09:00", Some("2026-11-15")),
        ("3", "2026-11-24T10:00:00+09:00", Some("2026-12-15")),
        // Was reported too late to be purged in time, but has no access any more.
        ("4", "2026-11-25T10:00:00+09:00", Some("2026-10-31")),
        ("5", "2026-11-30T20:00:00+09:00", Some("2026-10-31")),
        // Waits for an operator's word.
        ("6", "2026-11-30T20:00:00+09:00", Some("2025-10-31")),
    ];
    for (number, now, leaves) in entered {
        house.clock(now).await;
        let entry = ops::roster::Entry {
            number: domain::employee::parse_number(number, None).unwrap(),
            name: domain::employee::parse_name("山田 太郎").unwrap(),
            leaves: leaves.map(|date| date.parse().unwrap()),
        };
        house.ops().add_to_roster(company.id.parse().unwrap(), &entry).await.unwrap();
    }
    house.clock("2026-12-01T00:15:00+09:00").await;
    let rows = house.ops().roster(company.id.parse().unwrap()).await.unwrap();
    let last = "2026-11-30T23:59:59+09:00".parse().unwrap();
    let access = rows.iter().filter(|row| row.employments.iter().any(|employment| employment.gives_access(last))).count();
    assert_eq!((rows.len(), access), (6, 3));
    report(&house).await;
    assert_eq!(figures(&house, &company).await.months[&"2026-11".parse().unwrap()].counted().roster, 3);
}
