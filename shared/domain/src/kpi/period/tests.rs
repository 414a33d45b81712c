#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::time;

fn contract(starts: &str, last_day: Option<&str>) -> Contract {
    Contract {
        starts: starts.parse().unwrap(),
        last_day: last_day.map(|day| day.parse().unwrap()),
        plans: BTreeSet::from([Plan::EmployeeSupport]),
    }
}

fn shown(contract: &Contract, now: &str) -> Vec<String> {
    let reports = due(contract, now.parse().unwrap());
    reports.iter().map(|report| report.period.to_string()).collect()
}

#[test]
fn reports_come_after_the_first_month_and_then_every_three() {
    let contract = contract("2026-11-01", None);
    for (now, latest) in [
        ("2026-11-01T00:00:00+09:00", None),
        ("2026-12-01T00:14:59+09:00", None),
        ("2026-12-01T00:15:00+09:00", Some("2026-11")),
        ("2027-03-01T00:14:59+09:00", Some("2026-11")),
        ("2027-03-01T00:15:00+09:00", Some("2026-12/2027-02")),
        ("2027-06-01T00:15:00+09:00", Some("2027-03/2027-05")),
        ("2028-03-01T00:15:00+09:00", Some("2027-12/2028-02")),
    ] {
        assert_eq!(shown(&contract, now).last().map(String::as_str), latest, "{now}");
    }
}

#[test]
fn what_an_outage_held_up_is_due_in_its_order_and_each_compares_with_the_one_before() {
    let reports = due(&contract("2026-11-01", None), "2027-09-15T12:00:00+09:00".parse().unwrap());
    let periods: Vec<String> = reports.iter().map(|report| report.period.to_string()).collect();
    assert_eq!(periods, ["2026-11", "2026-12/2027-02", "2027-03/2027-05", "2027-06/2027-08"]);
    assert_eq!(reports[0].previous, None);
    assert!(reports.windows(2).all(|pair| pair[1].previous == Some(pair[0].period)));
    let compared: Vec<bool> = reports.iter().map(|report| report.compares_sums()).collect();
    assert_eq!(compared, [false, false, true, true]);
}

#[test]
fn the_month_in_which_a_contract_begins_is_the_first_however_late_that_is() {
    for starts in ["2026-11-01", "2026-11-16", "2026-11-30"] {
        assert_eq!(shown(&contract(starts, None), "2027-03-01T00:15:00+09:00"), ["2026-11", "2026-12/2027-02"], "{starts}");
    }
}

#[test]
fn a_quarter_that_the_contract_s_end_cuts_short_has_no_report() {
    let later = "2030-01-01T00:00:00+09:00";
    for (last_day, last_report) in [
        ("2026-11-29", None),
        ("2026-11-30", Some("2026-11")),
        ("2027-01-31", Some("2026-11")),
        ("2027-02-28", Some("2026-12/2027-02")),
        ("2027-03-31", Some("2026-12/2027-02")),
    ] {
        let shown = shown(&contract("2026-11-01", Some(last_day)), later);
        assert_eq!(shown.last().map(String::as_str), last_report, "{last_day}");
    }
    assert!(shown(&contract("2026-11-01", Some("2026-10-31")), later).is_empty());
}

#[test]
fn each_plan_has_the_reports_that_belong_to_it() {
    let now = "2027-02-01T00:15:00+09:00".parse().unwrap();
    let mut contract = contract("2026-11-10", Some("2026-12-31"));
    assert_eq!((due(&contract, now).len(), due_for_meetings(&contract, now).len()), (1, 0));
    contract.plans = BTreeSet::from([Plan::InterviewSupport]);
    let months: Vec<String> = due_for_meetings(&contract, now).iter().map(Month::to_string).collect();
    assert_eq!((due(&contract, now).len(), months), (0, vec!["2026-11".to_owned(), "2026-12".to_owned()]));
}

#[test]
fn a_period_has_one_spelling() {
    for text in ["2026-11", "2026-12/2027-02", "2024-01/2024-03"] {
        let period: Period = text.parse().unwrap();
        assert_eq!(period.to_string(), text);
        assert_eq!(serde_json::from_value::<Period>(serde_json::to_value(period).unwrap()).unwrap(), period);
    }
    for text in ["", "2026", "2026-12/2027-01", "2026-12/2026-12", "2026-12/", "/2027-02", "2026-12/2027-02/", "2027-02/2026-12"] {
        assert_eq!(text.parse::<Period>(), Err(BadPeriod), "{text}");
    }
}

#[test]
fn periods_overlap_where_they_share_a_month() {
    let period = |text: &str| text.parse::<Period>().unwrap();
    for (one, other, overlap) in [
        ("2026-11", "2026-12/2027-02", false),
        ("2026-12", "2026-12/2027-02", true),
        ("2027-02/2027-04", "2026-12/2027-02", true),
        ("2027-03/2027-05", "2026-12/2027-02", false),
    ] {
        assert_eq!((period(one).overlaps(period(other)), period(other).overlaps(period(one))), (overlap, overlap), "{one} {other}");
    }
}

/// Counted from year 0: the properties do not use [`Month`].
fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap()
}

fn day() -> impl Strategy<Value = NaiveDate> {
    // 2019 to 2032, with three leap days.
    (0..5114_i64).prop_map(|days| NaiveDate::from_ymd_opt(2019, 1, 1).unwrap() + TimeDelta::days(days))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reports_cover_each_month_from_the_first_once_and_are_due_as_soon_as_they_can_be(
        starts in day(), ends in prop::option::of(day()), today in day(), minute in 0..1440_i64,
    ) {
        // The last day of some month.
        let last_day = ends.map(|day| time::first_of_next_month(day).pred_opt().unwrap());
        let contract = Contract { starts, last_day, plans: BTreeSet::from([Plan::EmployeeSupport]) };
        let now = time::start_of_day(today) + TimeDelta::minutes(minute);
        let reports = due(&contract, now);

        let months: Vec<i32> = reports.iter().flat_map(|report| report.period.months()).map(|month| month_number(month.first_day())).collect();
        let expected: Vec<i32> = (month_number(starts)..).take(months.len()).collect();
        prop_assert_eq!(&months, &expected);

        // The first quarter of an hour of a month still belongs to what the month before left on its way.
        let complete = month_number(today) - i32::from(today.day() == 1 && minute < 15);
        let until = last_day.map_or(complete, |last| complete.min(month_number(last) + 1));
        let served = until - month_number(starts);
        prop_assert_eq!(i32::try_from(reports.len()).unwrap(), if served < 1 { 0 } else { 1 + (served - 1) / 3 });
        prop_assert!(reports.iter().all(|report| report.period.settled_at() <= now));
    }

    #[test]
    fn what_was_due_stays_due_and_stays_the_same(starts in day(), today in day(), days in 0..800_i64) {
        let contract = Contract { starts, last_day: None, plans: BTreeSet::from([Plan::EmployeeSupport]) };
        let (now, later) = (time::start_of_day(today), time::start_of_day(today + TimeDelta::days(days)));
        prop_assert!(due(&contract, later).starts_with(&due(&contract, now)));
    }

    #[test]
    fn a_period_reads_back(first in day(), quarter in any::<bool>()) {
        let period = Period::new(Month::of(first), if quarter { Length::Quarter } else { Length::Month });
        prop_assert_eq!(period.to_string().parse(), Ok(period));
        prop_assert_eq!(period.months().count(), if quarter { 3 } else { 1 });
        prop_assert_eq!(period.months().last(), Some(period.last()));
    }
}

mod of_tenants {
    use ulid::Ulid;

    use super::*;
    use crate::{id::TenantId, interview::allowance::Allowance, text::Language};

    fn tenant(entered: &str, starts: &str, plans: &[Plan]) -> Tenant {
        let entered: DateTime<Utc> = entered.parse().unwrap();
        Tenant {
            id: TenantId::new(Ulid::from_parts(entered.timestamp_millis().unsigned_abs(), 1)),
            name: "みどり商事".to_owned(),
            code: "ABCD2345".parse().unwrap(),
            channel: "main".parse().unwrap(),
            language: Language::Ja,
            number_width: None,
            passphrase: None,
            contract: Contract { plans: plans.iter().copied().collect(), ..contract(starts, None) },
            desks: [].into(),
            in_charge: None,
            allowance: Allowance::default(),
        }
    }

    fn due_at(tenant: &Tenant, now: &str) -> Vec<String> {
        let show = |(occasion, report): (Occasion, Report)| {
            let previous = report.previous.map_or_else(|| "-".to_owned(), |previous| previous.to_string());
            format!("{} {} {previous}", occasion.code(), report.period)
        };
        all_due(tenant, now.parse().unwrap()).into_iter().map(show).collect()
    }

    #[test]
    fn a_tenant_with_both_plans_gets_the_quarters_and_each_month_for_its_meeting() {
        let tenant = tenant("2026-10-20T10:00:00+09:00", "2026-11-01", &[Plan::EmployeeSupport, Plan::InterviewSupport]);
        assert_eq!(due_at(&tenant, "2026-12-01T00:14:59+09:00"), Vec::<String>::new());
        assert_eq!(
            due_at(&tenant, "2027-03-01T00:15:00+09:00"),
            [
                "SERVICE 2026-11 -",
                "MEETING 2026-11 -",
                "MEETING 2026-12 2026-11",
                "MEETING 2027-01 2026-12",
                "SERVICE 2026-12/2027-02 2026-11",
                "MEETING 2027-02 2027-01",
            ]
        );
    }

    #[test]
    fn months_before_the_tenant_was_entered_are_no_zeros_and_are_not_reported() {
        let tenant = tenant("2026-11-30T23:59:59+09:00", "2026-04-01", &[Plan::EmployeeSupport]);
        assert_eq!(counted_from(&tenant).to_string(), "2026-11");
        let months: Vec<String> = settled(&tenant, "2027-01-01T00:15:00+09:00".parse().unwrap()).map(|month| month.to_string()).collect();
        assert_eq!(months, ["2026-11", "2026-12"]);
        assert_eq!(due_at(&tenant, "2027-05-01T00:15:00+09:00"), ["SERVICE 2026-11/2027-01 -", "SERVICE 2027-02/2027-04 2026-11/2027-01"]);
    }

    #[test]
    fn what_was_entered_before_the_contract_begins_is_counted_from_its_first_month() {
        let tenant = tenant("2026-09-30T10:00:00+09:00", "2026-11-16", &[Plan::InterviewSupport]);
        assert_eq!(counted_from(&tenant).to_string(), "2026-11");
        assert_eq!(due_at(&tenant, "2027-01-01T00:15:00+09:00"), ["MEETING 2026-11 -", "MEETING 2026-12 2026-11"]);
    }
}

#[test]
fn a_report_that_went_out_is_found_by_its_first_month_with_the_one_before_it() {
    let period = |text: &str| text.parse::<Period>().unwrap();
    let sent = BTreeSet::from([
        (Occasion::Service, period("2026-11")),
        (Occasion::Service, period("2026-12/2027-02")),
        (Occasion::Meeting, period("2026-12")),
        (Occasion::Meeting, period("2027-02")),
    ]);
    let found =
        |occasion, first: &str| Report::among(&sent, occasion, first.parse().unwrap()).map(|report| (report.period, report.previous));
    assert_eq!(found(Occasion::Service, "2026-12"), Some((period("2026-12/2027-02"), Some(period("2026-11")))));
    assert_eq!(found(Occasion::Service, "2026-11"), Some((period("2026-11"), None)));
    assert_eq!(found(Occasion::Meeting, "2026-12"), Some((period("2026-12"), None)));
    assert_eq!(found(Occasion::Meeting, "2027-02"), Some((period("2027-02"), None)), "January's is missing");
    assert_eq!(found(Occasion::Service, "2027-01"), None);
    for occasion in [Occasion::Service, Occasion::Meeting] {
        assert_eq!(occasion.slug().parse(), Ok(occasion));
    }
}
