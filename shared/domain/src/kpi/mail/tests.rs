#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use ulid::Ulid;

use super::*;
use crate::{
    employee,
    id::TenantId,
    interview::{allowance::Allowance, month::Month},
    kpi::{
        figures::{Counted, Frozen},
        period::Report,
        suppression::History,
    },
    tenant::{Contract, Plan, Tenant},
    text::Language,
};

fn tenant(plans: &[Plan]) -> Tenant {
    Tenant {
        id: TenantId::new(Ulid(1)),
        name: "みどり商事".to_owned(),
        code: "ABCD2345".parse().unwrap(),
        channel: "main".parse().unwrap(),
        language: Language::En,
        number_width: None,
        passphrase: None,
        contract: Contract { starts: "2026-11-01".parse().unwrap(), last_day: None, plans: plans.iter().copied().collect() },
        desks: [].into(),
        in_charge: None,
        allowance: Allowance::default(),
    }
}

/// Six months from November 2026 on: roster, registered, active, consultations, interviews.
fn months(figures: [(u32, u32, u32, u32, u32); 7]) -> BTreeMap<Month, Frozen> {
    let mut month: Month = "2026-11".parse().unwrap();
    let mut months = BTreeMap::new();
    let mut before = 0;
    for (roster, registered, active, consultations, interviews) in figures {
        let counted = Counted {
            month,
            roster,
            before,
            joined: registered.saturating_sub(before),
            left: before.saturating_sub(registered),
            active,
            consultations,
            consulting: consultations.min(active),
            waiting: None,
            interviews,
            content: None,
            event_entries: None,
        };
        months.insert(month, Frozen::new(counted).unwrap());
        (before, month) = (registered, month.next());
    }
    months
}

const FIGURES: [(u32, u32, u32, u32, u32); 7] = [
    (100, 8, 5, 4, 0),
    (100, 30, 12, 11, 1),
    (110, 30, 15, 0, 2),
    (120, 33, 14, 12, 0),
    (120, 34, 16, 12, 1),
    (120, 35, 9, 8, 0),
    (118, 35, 20, 15, 1),
];

fn sheet(plans: &[Plan], occasion: Occasion, period: &str, previous: Option<&str>, figures: [(u32, u32, u32, u32, u32); 7]) -> Sheet {
    let report = Report { period: period.parse().unwrap(), previous: previous.map(|previous| previous.parse().unwrap()) };
    Sheet::of(&tenant(plans), (occasion, report), &months(figures), &mut History::default()).unwrap()
}

fn read(sheet: &Sheet, language: Language) -> String {
    let layout = Layout::of(sheet, language);
    let letter =
        Letter::of(sheet, &layout, &employee::parse_name("森 由美子").unwrap(), "https://example.jp/contacts/reports/service/2026-11");
    let body = text(&letter, &layout);
    assert!(!format!("{}{body}", letter.subject).contains(['{', '}']), "{body}");
    format!("{}\n{body}", letter.subject)
}

const BOTH: &[Plan] = &[Plan::EmployeeSupport, Plan::InterviewSupport];

#[test]
fn a_quarter_s_report_has_every_number_in_its_text() {
    let sheet = sheet(BOTH, Occasion::Service, "2027-03/2027-05", Some("2026-12/2027-02"), FIGURES);
    let mail = read(&sheet, Language::Ja);
    for line in [
        "【ONLINE健康推進室】ご利用状況のご報告（2027年3月〜2027年5月）",
        "みどり商事\n森 由美子 様\n",
        "■ ご登録・ご利用の人数（2027年5月）",
        "・名簿の人数：118名（前回 120名、増減 −2名）",
        "・登録者数：35名（前回 33名、増減 +2名）",
        "・登録率：29.7%（前回 27.5%）",
        "・利用者数：20名（前回 14名、増減 +6名）",
        "・利用率：57.1%（前回 42.4%）",
        "■ ご利用の件数（2027年3月〜2027年5月）",
        "・健康相談：非表示（前回 23件）",
        "・産業看護職面談：2件（前回 3件、増減 −1件）",
        "・2027年4月：名簿の人数 120名 / 登録者数 35名 / 利用者数 10未満 / 健康相談 10未満 / 産業看護職面談 0件",
        "「10未満」",
    ] {
        assert!(mail.contains(line), "{line} is not in {mail}");
    }
    let mail = read(&sheet, Language::En);
    assert!(mail.contains("- Active: 20 (before: 14, change: +6)") && mail.contains("April 2027"), "{mail}");
}

#[test]
fn sums_of_a_first_quarter_are_not_compared_with_a_single_month_but_people_are() {
    let mail = read(&sheet(BOTH, Occasion::Service, "2026-12/2027-02", Some("2026-11"), FIGURES), Language::Ja);
    for line in ["・登録者数：33名（前回 10未満）", "・利用者数：14名（前回 非表示）", "・健康相談：23件\n", "・産業看護職面談：3件\n"]
    {
        assert!(mail.contains(line), "{line} is not in {mail}");
    }
}

#[test]
fn the_first_month_stands_alone_and_with_fewer_than_ten_members_tells_no_health_figure() {
    let mail = read(&sheet(BOTH, Occasion::Service, "2026-11", None, FIGURES), Language::Ja);
    for line in ["・登録者数：10未満\n", "・登録率：非表示\n", "・利用者数：非表示\n", "・健康相談：非表示\n"]
    {
        assert!(mail.contains(line), "{line} is not in {mail}");
    }
    assert!(!mail.contains("前回") && !mail.contains("月別"), "{mail}");
}

#[test]
fn a_meeting_without_employee_support_is_about_interviews_only() {
    let sheet = sheet(&[Plan::InterviewSupport], Occasion::Meeting, "2027-01", Some("2026-12"), FIGURES);
    let mail = read(&sheet, Language::Ja);
    assert!(mail.contains("定例ミーティング") && mail.contains("・産業看護職面談：2件（前回 1件、増減 +1件）"), "{mail}");
    for word in ["登録者", "利用者", "健康相談", "名簿", "非表示"] {
        assert!(!mail.contains(word), "{word}: {mail}");
    }
}

#[test]
fn without_interview_support_nothing_is_said_of_interviews() {
    let mail = read(&sheet(&[Plan::EmployeeSupport], Occasion::Service, "2026-12/2027-02", None, FIGURES), Language::Ja);
    assert!(!mail.contains("面談"), "{mail}");
}

#[test]
fn an_empty_roster_has_no_rate_and_what_stays_the_same_says_so() {
    let mut figures = FIGURES;
    (figures[5], figures[6]) = ((0, 0, 0, 0, 0), (0, 0, 0, 0, 0));
    let mail = read(&sheet(BOTH, Occasion::Meeting, "2027-05", Some("2027-04"), figures), Language::Ja);
    for line in ["・名簿の人数：0名（前回 0名、増減 ±0名）", "・登録者数：非表示（前回 非表示）", "・登録率：非表示"]
    {
        assert!(mail.contains(line), "{line} is not in {mail}");
    }
}

#[test]
fn a_month_that_is_not_frozen_keeps_its_report_back() {
    let report = Report { period: "2027-05/2027-07".parse().unwrap(), previous: None };
    let mut shown = History::default();
    let made = Sheet::of(&tenant(BOTH), (Occasion::Service, report), &months(FIGURES), &mut shown);
    assert_eq!(made.unwrap_err().0.to_string(), "2027-06");
}
