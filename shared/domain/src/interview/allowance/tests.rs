#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod model;

use chrono::DateTime;
use ulid::Ulid;

use super::*;
use crate::time;

const NURSE: NurseId = NurseId::new(Ulid(77));

fn id(number: u8) -> InterviewId {
    InterviewId::new(Ulid(u128::from(number)))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A story such as `1 books 2027-01-12`, an event a line.
fn events(story: &str) -> Vec<Event> {
    let event = |line: &str| {
        let mut words = line.split_whitespace();
        let number: u8 = words.next()?.parse().unwrap();
        let what = match words.next().unwrap() {
            "books" => What::Booked { day: date(words.next().unwrap()) },
            "moves" => What::Moved { day: date(words.next().unwrap()) },
            "approved" => What::Approved { by: NURSE },
            "declined" => What::Declined,
            "lapses" => What::Lapsed,
            "cancels" => What::CancelledInTime,
            "cancels-late" => What::CancelledLate,
            "called-off" => What::CalledOff,
            "held" => What::TookPlace,
            "no-show" => What::NoShow,
            "was-held" => What::Corrected { held: true },
            "was-no-show" => What::Corrected { held: false },
            other => panic!("{other}"),
        };
        // Only the order of events matters.
        Some(Event { at: DateTime::UNIX_EPOCH, interview: id(number), what })
    };
    story.split(',').filter_map(event).collect()
}

/// The lines of a month, such as `1 base 2027-01#1 held`.
fn shown(story: &str, month: &str, today: &str) -> Vec<String> {
    let ledger = Ledger::of(Allowance::default(), &events(story)).unwrap();
    let statement = ledger.statement(month.parse().unwrap(), time::start_of_day(date(today)));
    let unit = |unit: Unit| format!("{}#{}", unit.home, unit.number);
    let lines = statement.lines.iter().map(|line| match line {
        Line::Used { interview, unit: used, course, .. } => format!("{} {} {course:?}", interview.ulid().0, unit(*used)),
        Line::Charged { interview, course, .. } => format!("{} extra {course:?}", interview.ulid().0),
        Line::Uncounted { interview, why, .. } => format!("{} {why:?}", interview.ulid().0),
        Line::Spare { unit: spare, fate: Fate::FreeUntil { month } } => format!("{} FreeUntil {month}", unit(*spare)),
        Line::Spare { unit: spare, fate } => format!("{} {fate:?}", unit(*spare)),
    });
    lines.collect()
}

#[test]
fn the_first_two_of_a_month_use_the_base_and_the_third_is_charged() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14";
    assert_eq!(shown(story, "2027-01", "2027-01-05"), ["1 2027-01#1 Planned", "2 2027-01#2 Planned", "3 AwaitsApproval"]);
    let story = format!("{story}, 3 approved, 1 held, 2 no-show, 3 held");
    assert_eq!(shown(&story, "2027-01", "2027-01-15"), ["1 2027-01#1 TookPlace", "2 2027-01#2 NoShow", "3 extra TookPlace"]);
    assert_eq!(shown(&story, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"]);
}

#[test]
fn a_base_interview_that_is_never_booked_lapses_with_its_month() {
    // 「繰越はできません」
    assert_eq!(shown("1 books 2027-01-12, 1 held", "2027-01", "2027-01-31"), ["1 2027-01#1 TookPlace", "2027-01#2 Free"]);
    assert_eq!(shown("1 books 2027-01-12, 1 held", "2027-01", "2027-02-01"), ["1 2027-01#1 TookPlace", "2027-01#2 Lapsed"]);
    assert_eq!(shown("1 books 2027-01-12, 1 held", "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"]);
}

#[test]
fn a_base_unit_freed_in_time_serves_the_next_booking_of_its_month() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 1 cancels, 3 books 2027-01-20";
    assert_eq!(shown(story, "2027-01", "2027-01-11"), ["1 CancelledInTime", "2 2027-01#2 Planned", "3 2027-01#1 Planned"]);
    let story = format!("{story}, 2 held, 3 held");
    assert_eq!(shown(&story, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"], "nothing is carried");
}

#[test]
fn a_base_unit_freed_in_time_is_carried_over_once() {
    // 「当月の産業看護職面談の基本利用分を翌月に繰り越し可能」
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 2 cancels, 1 held";
    assert_eq!(shown(story, "2027-01", "2027-01-31"), ["1 2027-01#1 TookPlace", "2 CancelledInTime", "2027-01#2 FreeUntil 2027-02"]);
    assert_eq!(shown(story, "2027-01", "2027-02-01"), ["1 2027-01#1 TookPlace", "2 CancelledInTime", "2027-01#2 CarriedOver"]);
    assert_eq!(shown(story, "2027-02", "2027-01-31"), ["2027-02#1 Free", "2027-02#2 Free"]);
    assert_eq!(shown(story, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free", "2027-01#2 Free"]);
    assert_eq!(shown(story, "2027-02", "2027-03-01"), ["2027-02#1 Lapsed", "2027-02#2 Lapsed", "2027-01#2 Lapsed"]);
    assert_eq!(shown(story, "2027-03", "2027-03-01"), ["2027-03#1 Free", "2027-03#2 Free"], "once");

    let story = format!("{story}, 3 books 2027-02-09, 4 books 2027-02-10, 5 books 2027-02-12, 6 books 2027-02-15");
    assert_eq!(
        shown(&story, "2027-02", "2027-02-02"),
        ["3 2027-02#1 Planned", "4 2027-02#2 Planned", "5 2027-01#2 Planned", "6 AwaitsApproval"]
    );
    let story = format!("{story}, 5 cancels");
    assert_eq!(
        shown(&story, "2027-02", "2027-03-01").last().unwrap(),
        "2027-01#2 Lapsed",
        "a carried unit that is freed again is not carried again"
    );
}

#[test]
fn a_unit_that_is_free_can_go_to_the_next_month_before_its_own_is_over() {
    let story = "1 books 2027-01-28, 2 books 2027-02-09, 3 books 2027-02-10, 1 cancels, 4 books 2027-02-12";
    assert_eq!(shown(story, "2027-02", "2027-01-27"), ["2 2027-02#1 Planned", "3 2027-02#2 Planned", "4 2027-01#1 Planned"]);
    assert_eq!(shown(story, "2027-01", "2027-01-27"), ["1 CancelledInTime", "2027-01#1 CarriedOver", "2027-01#2 Free"]);
    // Given back before the month's end, it serves its own month again.
    let story = format!("{story}, 4 cancels, 5 books 2027-01-29, 6 books 2027-01-29");
    assert_eq!(shown(&story, "2027-01", "2027-01-27"), ["1 CancelledInTime", "5 2027-01#1 Planned", "6 2027-01#2 Planned"]);
}

#[test]
fn an_extra_interview_cancelled_in_time_costs_nothing_and_one_held_later_is_charged_when_it_is_held() {
    // 「既に追加分の面談キャンセルの場合は、翌月の実施として請求」
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 approved";
    let cancelled = format!("{story}, 3 cancels");
    assert_eq!(shown(&cancelled, "2027-01", "2027-02-01")[2], "3 CancelledInTime");
    assert_eq!(shown(&cancelled, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"], "nothing is carried");
    let moved = format!("{story}, 3 moves 2027-02-09, 3 held");
    assert_eq!(shown(&moved, "2027-01", "2027-02-10"), ["1 2027-01#1 Planned", "2 2027-01#2 Planned"]);
    assert_eq!(shown(&moved, "2027-02", "2027-02-10"), ["3 extra TookPlace", "2027-02#1 Free", "2027-02#2 Free"]);
}

#[test]
fn too_late_counts_as_held_or_is_charged() {
    // 「期日以降のご連絡については、ご返金や基本料金内プラン利用として扱わさせていただきます」
    let story =
        "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 approved, 1 cancels-late, 3 cancels-late, 4 books 2027-01-20";
    assert_eq!(
        shown(story, "2027-01", "2027-01-14"),
        ["1 2027-01#1 CancelledLate", "2 2027-01#2 Planned", "3 extra CancelledLate", "4 AwaitsApproval"]
    );
    assert_eq!(shown(story, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"]);
}

#[test]
fn a_correction_changes_what_is_said_of_an_interview_and_nothing_else() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 approved, 1 held, 2 no-show, 3 held, \
                 1 was-no-show, 2 was-held, 3 was-held, 3 was-no-show, 3 was-held";
    assert_eq!(shown(story, "2027-01", "2027-01-15"), ["1 2027-01#1 NoShow", "2 2027-01#2 TookPlace", "3 extra TookPlace"]);
    assert_eq!(shown(story, "2027-02", "2027-02-01"), ["2027-02#1 Free", "2027-02#2 Free"]);
}

#[test]
fn what_we_call_off_costs_nothing_and_its_unit_can_be_used_until_the_end_of_the_next_month() {
    let story = "1 books 2027-01-28, 2 books 2027-01-29, 3 books 2027-01-29, 3 approved, 1 held, 2 called-off, 3 called-off";
    assert_eq!(
        shown(story, "2027-01", "2027-01-29"),
        ["1 2027-01#1 TookPlace", "2 CalledOff", "3 CalledOff", "2027-01#2 FreeUntil 2027-02"]
    );
    let story = format!("{story}, 4 books 2027-02-09, 5 books 2027-02-10, 6 books 2027-02-12");
    assert_eq!(shown(&story, "2027-02", "2027-02-01"), ["4 2027-02#1 Planned", "5 2027-02#2 Planned", "6 2027-01#2 Planned"]);
}

#[test]
fn a_carried_unit_whose_interview_we_call_off_is_carried_once_more_and_no_other_is() {
    let story = "1 books 2027-01-12, 1 cancels, 2 books 2027-01-13, 2 held, 3 books 2027-02-22, 4 books 2027-02-24, 5 books 2027-02-26";
    assert_eq!(shown(story, "2027-02", "2027-02-25")[1..], ["4 2027-02#2 Planned", "5 AwaitsApproval"], "a unit freed is used again");
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 1 cancels, 2 cancels, 3 books 2027-02-22, 4 books 2027-02-24, 5 books 2027-02-26, \
                 6 books 2027-02-26, 3 held, 4 held, 6 cancels, 5 called-off";
    assert_eq!(shown(story, "2027-01", "2027-02-26")[2..], ["2027-01#1 CarriedOver", "2027-01#2 CarriedOver"]);
    assert_eq!(
        shown(story, "2027-02", "2027-02-26"),
        [
            "3 2027-02#1 TookPlace",
            "4 2027-02#2 TookPlace",
            "5 CalledOff",
            "6 CancelledInTime",
            "2027-01#1 FreeUntil 2027-03",
            "2027-01#2 Free"
        ]
    );
    assert_eq!(shown(story, "2027-02", "2027-03-01")[4..], ["2027-01#1 CarriedOver", "2027-01#2 Lapsed"]);
    assert_eq!(shown(story, "2027-03", "2027-02-26"), ["2027-03#1 Free", "2027-03#2 Free"], "February comes first");
    assert_eq!(shown(story, "2027-03", "2027-03-01"), ["2027-03#1 Free", "2027-03#2 Free", "2027-01#1 Free"]);
    assert_eq!(shown(story, "2027-03", "2027-04-01")[2], "2027-01#1 Lapsed");
    assert_eq!(shown(story, "2027-04", "2027-04-01"), ["2027-04#1 Free", "2027-04#2 Free"]);
    // It serves what its month has no other unit for, and what the other could serve as well it leaves to the other.
    let february = format!("{story}, 7 books 2027-02-26");
    assert_eq!(shown(&february, "2027-02", "2027-02-26")[4..], ["7 2027-01#2 Planned", "2027-01#1 FreeUntil 2027-03"]);
    let march = format!("{story}, 7 books 2027-03-09, 8 books 2027-03-10, 9 books 2027-03-11, 9 cancels-late");
    assert_eq!(shown(&march, "2027-03", "2027-03-12")[2..], ["9 2027-01#1 CancelledLate"]);
    assert_eq!(shown(&march, "2027-02", "2027-03-12")[4..], ["2027-01#1 CarriedOver", "2027-01#2 Lapsed"]);
}

#[test]
fn of_two_units_that_are_free_again_the_one_that_lapses_first_is_used() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 1 cancels, 2 cancels, 3 books 2027-02-09, 4 books 2027-02-10, \
                 5 books 2027-02-12, 5 called-off, 6 books 2027-01-28";
    assert_eq!(
        shown(story, "2027-01", "2027-01-11"),
        ["1 CancelledInTime", "2 CancelledInTime", "6 2027-01#2 Planned", "2027-01#1 FreeUntil 2027-03"]
    );
}

#[test]
fn what_covers_an_interview_is_fixed_when_it_is_confirmed() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 approved, 1 cancels";
    assert_eq!(
        shown(story, "2027-01", "2027-01-11"),
        ["1 CancelledInTime", "2 2027-01#2 Planned", "3 extra Planned", "2027-01#1 FreeUntil 2027-02"]
    );
    // One that awaits approval is not confirmed yet.
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 1 cancels, 3 approved";
    assert_eq!(shown(story, "2027-01", "2027-01-11"), ["1 CancelledInTime", "2 2027-01#2 Planned", "3 2027-01#1 Planned"]);
}

#[test]
fn a_base_interview_moved_to_another_month_is_covered_there_and_takes_its_unit_along_only_where_it_must() {
    let january = "1 books 2027-01-12, 2 books 2027-01-13";
    let within = format!("{january}, 1 moves 2027-01-20");
    assert_eq!(shown(&within, "2027-01", "2027-01-05"), ["2 2027-01#2 Planned", "1 2027-01#1 Planned"]);
    let room = format!("{january}, 1 moves 2027-02-09");
    assert_eq!(shown(&room, "2027-01", "2027-01-05"), ["2 2027-01#2 Planned", "2027-01#1 FreeUntil 2027-02"]);
    assert_eq!(shown(&room, "2027-02", "2027-01-05"), ["1 2027-02#1 Planned", "2027-02#2 Free"]);
    let full = format!("{january}, 3 books 2027-02-10, 4 books 2027-02-12, 1 moves 2027-02-09");
    assert_eq!(shown(&full, "2027-02", "2027-01-05"), ["1 2027-01#1 Planned", "3 2027-02#1 Planned", "4 2027-02#2 Planned"]);
    // Two months on its unit cannot go.
    let far = format!("{january}, 3 books 2027-03-10, 4 books 2027-03-12, 1 moves 2027-03-09");
    assert_eq!(shown(&far, "2027-03", "2027-01-12"), ["1 AwaitsApproval", "3 2027-03#1 Planned", "4 2027-03#2 Planned"]);
    // Neither can one that was carried already.
    let again = format!("{full}, 5 books 2027-03-10, 6 books 2027-03-11, 1 moves 2027-03-09");
    assert_eq!(shown(&again, "2027-03", "2027-02-01")[0], "1 AwaitsApproval");
    // An earlier month.
    let earlier = "1 books 2027-02-09, 1 moves 2027-01-28";
    assert_eq!(shown(earlier, "2027-01", "2027-01-27"), ["1 2027-01#1 Planned", "2027-01#2 Free"]);
    assert_eq!(shown(earlier, "2027-02", "2027-02-01"), ["2027-02#1 FreeUntil 2027-03", "2027-02#2 Free"]);
}

#[test]
fn an_approval_that_never_came_costs_nothing() {
    let story = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-18, 4 books 2027-01-19, 3 lapses, 4 declined";
    assert_eq!(shown(story, "2027-01", "2027-01-16")[2..], ["3 Lapsed", "4 Declined"]);
    let unrecorded = "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-18";
    assert_eq!(shown(unrecorded, "2027-01", "2027-01-17")[2], "3 AwaitsApproval");
    assert_eq!(shown(unrecorded, "2027-01", "2027-01-18")[2], "3 Lapsed", "also where that is recorded later");
}

#[test]
fn what_is_asked_before_an_act_is_what_the_act_brings() {
    let mut ledger = Ledger::new(Allowance::default());
    let january: Month = "2027-01".parse().unwrap();
    for event in events("1 books 2027-01-12, 2 books 2027-01-13") {
        let promised = ledger.cover(january);
        ledger.record(&event).unwrap();
        assert!(promised.is_some());
        assert_eq!(ledger.standing(event.interview).unwrap().unit(), promised);
    }
    assert_eq!(ledger.cover(january), None);
    assert_eq!(ledger.cover_if_moved(id(1), date("2027-01-20")), Some(Unit { home: january, number: 1 }));
    assert_eq!(ledger.cover_if_moved(id(1), date("2027-02-20")), Some(Unit { home: january.next(), number: 1 }));
    assert_eq!(ledger.cover_if_moved(id(9), date("2027-02-20")), None, "nobody knows it");
}

#[test]
fn a_tenant_without_base_interviews_is_charged_for_each() {
    let none = Allowance { initially: 0, ..Allowance::default() };
    let ledger = Ledger::of(none, &events("1 books 2027-01-12, 1 approved")).unwrap();
    assert_eq!(ledger.standing(id(1)), Some(Standing::Counted(Charge::Extra { approved_by: NURSE }, Course::Planned)));
}

#[test]
fn another_allowance_begins_with_its_month() {
    let allowance: Allowance = serde_json::from_str(r#"{"from":{"2027-02":1,"2027-04":3}}"#).unwrap();
    let months = ["2026-12", "2027-01", "2027-02", "2027-03", "2027-04", "2030-01"];
    assert_eq!(months.map(|month| allowance.of(month.parse().unwrap())), [2, 2, 1, 1, 3, 3]);
    let ledger = Ledger::of(allowance, &events("1 books 2027-01-12, 2 books 2027-01-13, 1 cancels, 2 cancels")).unwrap();
    let february = ledger.statement("2027-02".parse().unwrap(), time::start_of_day(date("2027-02-01")));
    assert_eq!(february.lines.len(), 3, "one of its own and two carried");
}

#[test]
fn totals_count_the_lines() {
    let story = "1 books 2027-01-12, 1 cancels, 2 books 2027-01-12, 3 books 2027-01-13, 3 cancels, 2 held, \
                 4 books 2027-02-09, 5 books 2027-02-10, 6 books 2027-02-12, 7 books 2027-02-15, 7 approved, 4 cancels";
    let ledger = Ledger::of(Allowance::default(), &events(story)).unwrap();
    let totals = |month: &str| ledger.statement(month.parse().unwrap(), time::start_of_day(date("2027-03-01"))).totals();
    assert_eq!(totals("2027-01"), Totals { base: 1, carried_over: 1, ..Totals::default() });
    assert_eq!(totals("2027-02"), Totals { base: 1, carried_in: 1, extra: 1, carried_over: 1, lapsed: 0 });
    assert_eq!(totals("2027-03"), Totals::default());
}

#[test]
fn what_cannot_have_happened_is_refused_and_changes_nothing() {
    for story in [
        "1 held",
        "1 books 2027-01-12, 1 books 2027-01-13",
        "1 books 2027-01-12, 1 approved",
        "1 books 2027-01-12, 1 lapses",
        "1 books 2027-01-12, 1 cancels, 1 held",
        "1 books 2027-01-12, 1 cancels, 1 called-off",
        "1 books 2027-01-12, 1 was-held",
        "1 books 2027-01-12, 1 cancels-late, 1 was-held",
        "1 books 2027-01-12, 1 called-off, 1 was-held",
        "1 books 2027-01-12, 1 held, 1 no-show",
        "1 books 2027-01-12, 1 held, 1 called-off",
        "1 books 2027-01-12, 1 called-off, 1 cancels",
        "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 called-off",
        "1 books 2027-01-12, 1 held, 1 cancels",
        "1 books 2027-01-12, 1 held, 1 moves 2027-01-20",
        "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 held",
        "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 cancels-late",
        "1 books 2027-01-12, 2 books 2027-01-13, 3 books 2027-01-14, 3 lapses, 3 approved",
    ] {
        let events = events(story);
        let (last, before) = events.split_last().unwrap();
        let mut ledger = Ledger::of(Allowance::default(), before).unwrap();
        let untouched = ledger.clone();
        assert_eq!(ledger.record(last), Err(Contradiction(*last)), "{story}");
        assert_eq!(ledger, untouched, "{story}");
    }
}

#[test]
fn events_read_back() {
    for event in events("1 books 2027-01-12, 1 approved, 1 moves 2027-01-13, 1 cancels-late, 1 was-held, 1 called-off") {
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event, "{json}");
    }
}
