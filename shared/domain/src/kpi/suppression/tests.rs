#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod attacker;
mod classes;
mod contact;
mod naive;
mod solver;
mod world;

use super::*;
use crate::{
    interview::month::Month,
    kpi::{
        figures::{Content, Counted},
        period::{Length, Period},
    },
};

/// For each hidden figure so many numbers have to stay possible.
const POSSIBLE: usize = 5;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn counted(name: &str, registered: u32, active: u32, consultations: u32) -> Counted {
    Counted {
        month: month(name),
        roster: 100,
        before: 0,
        joined: registered,
        left: 0,
        active,
        consultations,
        consulting: active.min(consultations),
        waiting: None,
        interviews: 0,
        content: None,
        event_entries: None,
    }
}

fn frozen(name: &str, registered: u32, active: u32, consultations: u32) -> Frozen {
    Frozen::new(counted(name, registered, active, consultations)).unwrap()
}

fn told(cell: Cell) -> String {
    match cell {
        Cell::Shown(number) => u32::from(number).to_string(),
        Cell::Under10 => "<10".to_owned(),
        Cell::Withheld => "-".to_owned(),
    }
}

/// Registered, active and consultations as the company reads them.
fn row(cells: &Cells) -> [String; 3] {
    [cells.registered, cells.active, cells.acts[&Act::Consultations]].map(told)
}

#[test]
fn a_month_reads_as_the_thresholds_say() {
    for (truth, reads) in [
        ((0, 0, 0), ["0", "-", "-"]),
        ((1, 0, 0), ["<10", "-", "-"]),
        ((9, 9, 20), ["<10", "-", "-"]),
        ((10, 0, 0), ["10", "0", "0"]),
        ((10, 1, 0), ["10", "<10", "0"]),
        ((10, 9, 9), ["10", "<10", "<10"]),
        ((10, 10, 9), ["10", "10", "<10"]),
        ((10, 10, 10), ["10", "10", "10"]),
        ((50, 9, 10), ["50", "<10", "-"]),
        ((50, 10, 20), ["50", "10", "20"]),
        ((50, 10, 21), ["50", "10", "-"]),
        ((50, 45, 50), ["50", "45", "50"]),
    ] {
        let (registered, active, consultations) = truth;
        assert_eq!(row(&decide(&frozen("2026-12", registered, active, consultations))), reads, "{truth:?}");
    }
}

#[test]
fn a_roster_of_fewer_than_five_has_nothing_below_the_threshold_told() {
    for (roster, registered, reads) in [(4, 0, "-"), (4, 3, "-"), (5, 0, "0"), (5, 3, "<10"), (0, 3, "-"), (0, 25, "25")] {
        let month = Frozen::new(Counted { roster, ..counted("2026-12", registered, 0, 0) }).unwrap();
        assert_eq!(told(decide(&month).registered), reads, "{registered} of {roster}");
    }
}

#[test]
fn content_and_events_have_cells_once_the_service_has_them() {
    let without = frozen("2026-12", 50, 9, 3);
    assert_eq!(decide(&without).acts.keys().collect::<Vec<_>>(), [&Act::Consultations]);
    let with = Counted { content: Some(Content { sent: 4, opened: 30 }), event_entries: Some(2), ..without.counted().clone() };
    let reads: Vec<String> = decide(&Frozen::new(with.clone()).unwrap()).acts.values().copied().map(told).collect();
    assert_eq!(reads, ["<10", "-", "<10"]);
    // What is opened has no limit for each member: nobody counts who opened.
    let reads: Vec<String> = decide(&Frozen::new(Counted { active: 10, ..with }).unwrap()).acts.values().copied().map(told).collect();
    assert_eq!(reads, ["<10", "30", "<10"]);
}

/// The total of a quarter of a company of 100 members, with 20 of them active or few.
fn total_of(consultations: [u32; 3]) -> String {
    let months = ["2026-12", "2027-01", "2027-02"];
    let figures: Vec<Frozen> = months.iter().zip(consultations).map(|(name, number)| frozen(name, 100, 20, number)).collect();
    let totals = History::default().show_period("2026-12/2027-02".parse().unwrap(), &figures).unwrap().clone();
    told(totals[&Act::Consultations])
}

#[test]
fn a_total_tells_no_month_that_is_hidden() {
    for (months, reads) in [
        ([10, 12, 0], "22"),
        ([0, 0, 0], "0"),
        ([12, 5, 15], "-"),
        ([12, 5, 6], "-"),
        ([12, 5, 0], "-"),
        ([0, 0, 5], "<10"),
        ([0, 4, 5], "<10"),
        ([0, 5, 5], "-"),
        ([3, 3, 3], "<10"),
        ([3, 3, 4], "10"),
        ([7, 7, 7], "21"),
        ([7, 7, 8], "-"),
        ([41, 5, 5], "-"),
    ] {
        assert_eq!(total_of(months), reads, "{months:?}");
    }
}

#[test]
fn what_was_shown_stays_as_it_is() {
    let mut history = History::default();
    assert_eq!(row(history.show(&frozen("2026-12", 50, 20, 12))), ["50", "20", "12"]);
    assert_eq!(row(history.show(&frozen("2026-12", 50, 20, 13))), ["50", "20", "12"]);
    let quarter: Period = "2026-12/2027-02".parse().unwrap();
    let of = |last| [frozen("2026-12", 50, 20, 13), frozen("2027-01", 50, 20, 10), frozen("2027-02", 50, 20, last)];
    assert_eq!(told(history.show_period(quarter, &of(11)).unwrap()[&Act::Consultations]), "33");
    assert_eq!(told(history.show_period(quarter, &of(40)).unwrap()[&Act::Consultations]), "33");
    assert_eq!(history.months().len(), 3);
    assert_eq!(history.totals().len(), 1);
}

#[test]
fn a_period_is_not_shown_before_all_of_it_is_counted() {
    let mut history = History::default();
    let figures = [frozen("2026-12", 50, 20, 12), frozen("2027-02", 50, 20, 12)];
    assert_eq!(history.show_period("2026-12/2027-02".parse().unwrap(), &figures), Err(Incomplete(month("2027-01"))));
    assert_eq!(history, History::default());
}

#[test]
fn a_total_that_shares_months_with_another_tells_nothing_more_than_its_months() {
    let few = |name| frozen(name, 50, 20, 5);
    let figures: Vec<Frozen> = ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"].map(few).to_vec();
    let mut history = History::default();
    for (period, reads) in [("2026-11", "<10"), ("2026-12/2027-02", "15"), ("2027-01/2027-03", "-"), ("2026-12/2027-02", "15")] {
        let totals = history.show_period(period.parse().unwrap(), &figures).unwrap();
        assert_eq!(told(totals[&Act::Consultations]), reads, "{period}");
    }
}

#[test]
fn a_total_is_missing_where_a_month_had_no_such_thing() {
    let figures = [
        frozen("2026-12", 50, 20, 12),
        frozen("2027-01", 50, 20, 12),
        Frozen::new(Counted { event_entries: Some(12), ..counted("2027-02", 50, 20, 12) }).unwrap(),
    ];
    let mut history = History::default();
    let totals = history.show_period(Period::new(month("2026-12"), Length::Quarter), &figures).unwrap();
    assert_eq!(totals.keys().collect::<Vec<_>>(), [&Act::Consultations]);
}

#[test]
fn a_small_number_cannot_be_shown_not_even_by_the_table() {
    for number in 1..10 {
        assert_eq!(Showable::try_from(number), Err(NotShowable));
        assert!(serde_json::from_value::<Cell>(serde_json::json!({ "Shown": number })).is_err());
    }
    let mut history = History::default();
    let figures = [frozen("2026-12", 50, 20, 12), frozen("2027-01", 50, 9, 12), frozen("2027-02", 9, 9, 0)];
    history.show_period("2026-12/2027-02".parse().unwrap(), &figures).unwrap();
    assert_eq!(serde_json::from_value::<History>(serde_json::to_value(&history).unwrap()).unwrap(), history);
}
