//! How a ledger reads.

use chrono::NaiveDate;

use super::{Course, Fate, Uncounted, Unit};
use crate::{
    interview::{deadline::Deadline, month::Month},
    phrase::Phrase,
    text::Text,
};

impl Course {
    /// What people read `today` of an interview on `day`.
    pub fn phrase(self, day: NaiveDate, today: NaiveDate) -> Phrase {
        match self {
            Self::Planned if day < today => Phrase::InterviewCourseUnrecorded,
            Self::Planned => Phrase::InterviewCoursePlanned,
            Self::TookPlace => Phrase::InterviewCourseTookPlace,
            Self::NoShow => Phrase::InterviewCourseNoShow,
            Self::CancelledLate => Phrase::InterviewCourseCancelledLate,
        }
    }
}

impl Uncounted {
    /// Why an interview does not count; `deadline` is the interview's.
    pub const fn text(self, deadline: Deadline) -> Text {
        match self {
            Self::AwaitsApproval => Text::InterviewUncountedAwaits { deadline },
            Self::Lapsed => Text::InterviewUncountedLapsed,
            Self::Declined => Text::InterviewUncountedDeclined,
            Self::CancelledInTime => Text::InterviewUncountedCancelled,
            Self::CalledOff => Text::InterviewUncountedCalledOff,
        }
    }
}

impl Unit {
    /// What covers an interview that is held in `month`.
    pub fn text(self, month: Month) -> Text {
        if self.home == month {
            Text::InterviewLedgerUsed { month, n: self.number }
        } else {
            Text::InterviewLedgerUsedCarried { month: self.home }
        }
    }
}

impl Fate {
    /// What becomes of `unit`, in the statement of `month`.
    pub fn text(self, unit: Unit, month: Month) -> Text {
        match self {
            Self::Free => Text::InterviewFateFree { date: month.last_day() },
            Self::FreeUntil { month: last } => Text::InterviewFateFreeUntil { date: last.last_day() },
            Self::CarriedOver => Text::InterviewFateCarriedOver { month: month.next() },
            Self::Lapsed if unit.home.next() == month => Text::InterviewFateCarriedLapsed,
            Self::Lapsed => Text::InterviewFateLapsed { date: month.last_day() },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use crate::text::Language;

    #[test]
    fn what_was_planned_for_a_day_that_is_over_waits_for_its_record() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (course, today, phrase) in [
            (Course::Planned, "2026-12-07", Phrase::InterviewCoursePlanned),
            (Course::Planned, "2026-12-08", Phrase::InterviewCourseUnrecorded),
            (Course::TookPlace, "2026-12-08", Phrase::InterviewCourseTookPlace),
        ] {
            assert_eq!(course.phrase(day("2026-12-07"), day(today)), phrase, "{course:?} {today}");
        }
    }

    #[test]
    fn a_ledger_reads_with_its_months_and_dates() {
        let (december, january): (Month, Month) = ("2026-12".parse().unwrap(), "2027-01".parse().unwrap());
        let unit = Unit { home: december, number: 2 };
        for (text, ja, en) in [
            (unit.text(december), "2026年12月の基本利用分（2件目）", "Base interview 2 of December 2026"),
            (unit.text(january), "2026年12月からの繰越分を利用", "Uses a unit carried over from December 2026"),
            (
                Fate::Free.text(unit, december),
                "未使用（2026年12月31日(木)までご利用いただけます）",
                "Unused (available until Thu 31 Dec 2026)",
            ),
            (
                Fate::FreeUntil { month: january }.text(unit, december),
                "期日内キャンセル等により未使用（2027年1月31日(日)までご利用いただけます）",
                "Freed by a cancellation or move (available until Sun 31 Jan 2027)",
            ),
            (Fate::CarriedOver.text(unit, december), "2027年1月へ繰越", "Carried over to January 2027"),
            (Fate::Lapsed.text(unit, december), "未使用のため失効（2026年12月31日(木)）", "Lapsed unused (Thu 31 Dec 2026)"),
            (
                Fate::Lapsed.text(unit, january),
                "繰越分が未使用のため失効（繰越は一度のみ）",
                "Carried-over unit lapsed unused (units are carried once)",
            ),
            (Fate::Lapsed.text(unit, january.next()), "未使用のため失効（2027年2月28日(日)）", "Lapsed unused (Sun 28 Feb 2027)"),
            (
                Uncounted::CalledOff.text(Deadline::of_seminar("2027-01-18".parse().unwrap())),
                "弊社都合による取り消し（料金なし）",
                "Called off by us (no charge)",
            ),
            (
                Uncounted::AwaitsApproval.text(Deadline::of_seminar("2027-01-18".parse().unwrap())),
                "担当看護職の承認待ち（2026年12月18日(金) 23:59まで）",
                "Awaits approval (until Fri 18 Dec 2026, 23:59)",
            ),
        ] {
            assert_eq!((Language::Ja.say(&text).as_str(), Language::En.say(&text).as_str()), (ja, en));
        }
    }
}
