//! When a nurse gives interviews, and the slots that arise from it (row C1).

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::slot::{GRID, LENGTH, Slot};
use crate::{
    calendar::{BeyondHolidays, BusinessCalendar},
    id::NurseId,
    phrase::Phrase,
    time,
};

/// Slots are offered so many days ahead; the last of them is included.
pub const DAYS_AHEAD: u64 = 60;

/// A time of a Japanese day on the grid of slots, 0:00 to 24:00, written `09:05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GridTime {
    minutes: u16,
}

/// The text is no time on the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time such as 09:05: 00:00 to 24:00, at a multiple of five minutes")]
pub struct BadGridTime;

impl BadGridTime {
    /// What the nurse is told.
    pub const fn phrase(self) -> Phrase {
        Phrase::InterviewHoursOffGrid
    }
}

impl GridTime {
    /// The end of a day.
    const DAY: u16 = 24 * 60;

    /// The time so many minutes after midnight.
    pub fn of_minutes(minutes: u16) -> Result<Self, BadGridTime> {
        let on_grid = i64::from(minutes) % GRID.num_minutes() == 0;
        if minutes <= Self::DAY && on_grid { Ok(Self { minutes }) } else { Err(BadGridTime) }
    }

    /// The instant of this time on `date`.
    fn on(self, date: NaiveDate) -> Option<DateTime<Utc>> {
        time::start_of_day(date).checked_add_signed(TimeDelta::minutes(i64::from(self.minutes)))
    }
}

impl FromStr for GridTime {
    type Err = BadGridTime;

    fn from_str(text: &str) -> Result<Self, BadGridTime> {
        let two_digits = |part: &str| -> Option<u16> {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        let (hours, minutes) = text.split_once(':').ok_or(BadGridTime)?;
        match (two_digits(hours), two_digits(minutes)) {
            (Some(hours), Some(minutes @ 0..60)) => Self::of_minutes(hours * 60 + minutes),
            _ => Err(BadGridTime),
        }
    }
}

impl TryFrom<String> for GridTime {
    type Error = BadGridTime;

    fn try_from(text: String) -> Result<Self, BadGridTime> {
        text.parse()
    }
}

impl fmt::Display for GridTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl From<GridTime> for String {
    fn from(time: GridTime) -> Self {
        time.to_string()
    }
}

/// A part of a day, long enough for a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenSpan")]
pub struct Span {
    from: GridTime,
    to: GridTime,
}

#[derive(Deserialize)]
struct WrittenSpan {
    from: GridTime,
    to: GridTime,
}

/// The hours are too short for a slot, or end before they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hours must last for at least {} minutes", LENGTH.num_minutes())]
pub struct TooShort;

impl TooShort {
    /// What the nurse is told.
    pub const fn phrase(self) -> Phrase {
        Phrase::InterviewHoursTooShort
    }
}

impl TryFrom<WrittenSpan> for Span {
    type Error = TooShort;

    fn try_from(WrittenSpan { from, to }: WrittenSpan) -> Result<Self, TooShort> {
        Self::new(from, to)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.to)
    }
}

impl Span {
    /// From `from` to before `to`.
    pub fn new(from: GridTime, to: GridTime) -> Result<Self, TooShort> {
        let minutes = i64::from(to.minutes) - i64::from(from.minutes);
        if minutes >= LENGTH.num_minutes() { Ok(Self { from, to }) } else { Err(TooShort) }
    }

    fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    /// One slot after the other from its beginning; what is left at its end is too short for one.
    fn slots(self, nurse: NurseId, date: NaiveDate) -> impl Iterator<Item = Slot> {
        let end = self.to.on(date);
        std::iter::successors(self.from.on(date), |start| start.checked_add_signed(LENGTH))
            .map_while(move |start| Slot::new(nurse, start).ok().filter(|slot| Some(slot.end()) <= end))
    }
}

/// Hours that come every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weekly {
    /// On this day of the week.
    pub weekday: Weekday,
    /// From when to when.
    #[serde(flatten)]
    pub span: Span,
}

/// What is different on one date.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Exception {
    /// The weekly hours do not come.
    pub off: bool,
    /// Hours beside them, or in their place.
    pub extra: Vec<Span>,
}

/// When a nurse gives interviews. In settings:
/// `{ "weekly": [{ "weekday": "Mon", "from": "09:00", "to": "12:00" }], "exceptions": { "2026-12-01": { "off": true } } }`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "WrittenHours")]
pub struct Hours {
    weekly: Vec<Weekly>,
    exceptions: BTreeMap<NaiveDate, Exception>,
}

#[derive(Deserialize)]
struct WrittenHours {
    #[serde(default)]
    weekly: Vec<Weekly>,
    #[serde(default)]
    exceptions: BTreeMap<NaiveDate, Exception>,
}

/// Hours that overlap would offer the same time twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHours {
    /// Two of the weekly hours.
    #[error("two of the weekly hours overlap on {0}")]
    WeeklyOverlap(Weekday),
    /// Extra hours with others of their date.
    #[error("extra hours overlap with others on {0}")]
    ExtraOverlap(NaiveDate),
}

impl BadHours {
    /// What the nurse is told.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::WeeklyOverlap(_) | Self::ExtraOverlap(_) => Phrase::InterviewHoursOverlap,
        }
    }
}

impl TryFrom<WrittenHours> for Hours {
    type Error = BadHours;

    fn try_from(WrittenHours { weekly, exceptions }: WrittenHours) -> Result<Self, BadHours> {
        Self::new(weekly, exceptions)
    }
}

/// What is offered at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Earliest first.
    pub slots: Vec<Slot>,
    /// The list of holidays ends before the offer does: its last days are left out, and somebody has to be told.
    pub cut_short: Option<BeyondHolidays>,
}

impl Hours {
    /// Hours that never overlap.
    pub fn new(weekly: Vec<Weekly>, exceptions: BTreeMap<NaiveDate, Exception>) -> Result<Self, BadHours> {
        let hours = Self { weekly, exceptions };
        for day in &hours.weekly {
            if any_overlap(&hours.weekly_on(day.weekday).collect::<Vec<_>>()) {
                return Err(BadHours::WeeklyOverlap(day.weekday));
            }
        }
        match hours.exceptions.keys().find(|date| any_overlap(&hours.on(**date))) {
            Some(date) => Err(BadHours::ExtraOverlap(*date)),
            None => Ok(hours),
        }
    }

    /// The hours that come every week.
    pub fn weekly(&self) -> impl Iterator<Item = Weekly> {
        self.weekly.iter().copied()
    }

    /// The dates that are different.
    pub fn exceptions(&self) -> impl Iterator<Item = (&NaiveDate, &Exception)> {
        self.exceptions.iter()
    }

    /// The slots of a date; none where it is no business day, whatever the hours say.
    pub fn slots_on(&self, date: NaiveDate, nurse: NurseId, calendar: &BusinessCalendar<'_>) -> Result<Vec<Slot>, BeyondHolidays> {
        if !calendar.is_business_day(date)? {
            return Ok(Vec::new());
        }
        let mut slots: Vec<Slot> = self.on(date).into_iter().flat_map(|span| span.slots(nurse, date)).collect();
        slots.sort_unstable();
        Ok(slots)
    }

    /// What is offered at `now`: from the next slot of today to the last one [`DAYS_AHEAD`]. Which of them are taken, the cells
    /// say.
    pub fn offer(&self, nurse: NurseId, calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Offer {
        let mut offer = Offer { slots: Vec::new(), cut_short: None };
        for date in days_offered(now) {
            match self.slots_on(date, nurse, calendar) {
                Ok(slots) => offer.slots.extend(slots.into_iter().filter(|slot| slot.start() > now)),
                Err(beyond) => {
                    offer.cut_short = Some(beyond);
                    break;
                }
            }
        }
        offer
    }

    /// Whether `slot`, which a contact names, is among what is offered at `now`.
    pub fn offers(&self, slot: Slot, calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Result<bool, BeyondHolidays> {
        let in_reach = slot.start() > now && days_offered(now).last().is_some_and(|last| slot.day() <= last);
        Ok(in_reach && self.slots_on(slot.day(), slot.nurse(), calendar)?.contains(&slot))
    }

    /// Whether the nurse is there for all of a slot, on whatever grid it was offered: what is booked outlives the hours that it was
    /// booked by. Days on which the operator is closed are not looked at.
    pub fn covers(&self, slot: Slot) -> bool {
        let (date, cells) = (slot.day(), slot.cells());
        let hours: Vec<_> = self.on(date).into_iter().filter_map(|span| Some((span.from.on(date)?, span.to.on(date)?))).collect();
        cells.iter().all(|cell| hours.iter().any(|(from, to)| *from <= cell.start && cell.start + GRID <= *to))
    }

    fn weekly_on(&self, weekday: Weekday) -> impl Iterator<Item = Span> {
        self.weekly.iter().filter(move |hours| hours.weekday == weekday).map(|hours| hours.span)
    }

    /// The hours of a date, were it a business day.
    fn on(&self, date: NaiveDate) -> Vec<Span> {
        let exception = self.exceptions.get(&date);
        let weekly = self.weekly_on(date.weekday()).filter(|_| !exception.is_some_and(|exception| exception.off));
        weekly.chain(exception.into_iter().flat_map(|exception| exception.extra.iter().copied())).collect()
    }
}

fn days_offered(now: DateTime<Utc>) -> impl Iterator<Item = NaiveDate> {
    let today = time::jst_date(now);
    (0..=DAYS_AHEAD).map_while(move |days| today.checked_add_days(Days::new(days)))
}

fn any_overlap(spans: &[Span]) -> bool {
    let pairs = |(place, span): (usize, &Span)| spans.iter().skip(place + 1).any(|other| span.overlaps(*other));
    spans.iter().enumerate().any(pairs)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use proptest::prelude::*;
    use ulid::Ulid;

    use super::*;
    use crate::calendar::{BusinessHours, Closures, Holidays};

    const NURSE: NurseId = NurseId::new(Ulid(1));

    fn calendar() -> BusinessCalendar<'static> {
        BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
    }

    fn hours(json: &str) -> Hours {
        serde_json::from_str(json).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().unwrap()
    }

    fn shown(slots: &[Slot]) -> Vec<String> {
        slots.iter().map(|slot| time::jst(slot.start()).format("%m-%d %H:%M").to_string()).collect()
    }

    /// Mornings of Mondays and Tuesdays, on different grids.
    const MORNINGS: &str = r#"{"weekly":[
        {"weekday":"Mon","from":"09:00","to":"10:00"},
        {"weekday":"Tue","from":"09:05","to":"09:55"},
        {"weekday":"Sat","from":"09:00","to":"12:00"}],
        "exceptions":{
            "2026-11-30":{"off":true,"extra":[{"from":"14:00","to":"14:20"}]},
            "2026-12-01":{"extra":[{"from":"08:40","to":"09:05"}]},
            "2026-12-08":{"off":true}}}"#;

    #[test]
    fn slots_follow_each_other_from_the_beginning_of_the_hours() {
        let table: [(&str, &[&str]); 8] = [
            ("2026-11-16", &["11-16 09:00", "11-16 09:20", "11-16 09:40"]),
            ("2026-11-24", &["11-24 09:05", "11-24 09:25"]),
            ("2026-11-25", &[]),
            ("2026-11-23", &[]), // 勤労感謝の日, a Monday
            ("2026-11-28", &[]), // a Saturday, whatever the hours say
            ("2026-11-30", &["11-30 14:00"]),
            ("2026-12-01", &["12-01 08:40", "12-01 09:05", "12-01 09:25"]),
            ("2026-12-08", &[]),
        ];
        for (date, slots) in table {
            let found = hours(MORNINGS).slots_on(date.parse().unwrap(), NURSE, &calendar()).unwrap();
            assert_eq!(shown(&found), slots, "{date}");
        }
    }

    #[test]
    fn hours_cover_a_slot_that_lies_in_them_also_on_another_grid() {
        let hours = hours(MORNINGS);
        for (start, covered) in [
            ("2026-11-16T09:00:00", true),
            ("2026-11-16T09:35:00", true),
            ("2026-11-16T09:45:00", false),
            ("2026-11-16T08:55:00", false),
            ("2026-11-18T09:00:00", false), // a Wednesday
            ("2026-11-30T09:00:00", false), // off, but for
            ("2026-11-30T14:00:00", true),
            ("2026-12-01T08:55:00", true), // from the extra hours into the weekly ones
            ("2026-12-01T08:35:00", false),
            ("2026-12-08T09:05:00", false),
        ] {
            assert_eq!(hours.covers(Slot::new(NURSE, at(start)).unwrap()), covered, "{start}");
        }
    }

    #[test]
    fn what_has_begun_and_what_is_more_than_60_days_ahead_is_not_offered() {
        let (hours, calendar) = (hours(MORNINGS), calendar());
        let offer = hours.offer(NURSE, &calendar, at("2026-11-24T09:05:00"));
        assert_eq!(offer.cut_short, None);
        assert_eq!(shown(&offer.slots).first().unwrap(), "11-24 09:25");
        assert_eq!(shown(&offer.slots).last().unwrap(), "01-19 09:25");
        // 60 days after 19 November is Monday, 18 January.
        let offer = hours.offer(NURSE, &calendar, at("2026-11-19T23:59:59"));
        assert_eq!(shown(&offer.slots).last().unwrap(), "01-18 09:40");
        assert!(!shown(&offer.slots).iter().any(|slot| slot.starts_with("12-29") || slot.starts_with("01-11")));
    }

    #[test]
    fn the_offer_ends_with_the_holidays_and_says_so() {
        let (hours, calendar) = (hours(MORNINGS), calendar());
        let offer = hours.offer(NURSE, &calendar, at("2027-12-20T08:00:00"));
        assert_eq!(shown(&offer.slots).last().unwrap(), "12-28 09:25");
        assert_eq!(offer.cut_short, Some(BeyondHolidays { reaches_to: "2027-12-31".parse().unwrap() }));
        assert_eq!(hours.offer(NURSE, &calendar, at("2027-11-01T08:00:00")).cut_short, None);
        assert!(hours.offer(NURSE, &calendar, at("2027-11-02T08:00:00")).cut_short.is_some());
        assert!(hours.slots_on("2028-01-04".parse().unwrap(), NURSE, &calendar).is_err());
    }

    #[test]
    fn hours_that_overlap_or_leave_no_room_for_a_slot_are_refused() {
        for (json, fits) in [
            (r"{}", true),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"09:20"}]}"#, true),
            (r#"{"weekly":[{"weekday":"Mon","from":"23:40","to":"24:00"}]}"#, true),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"09:15"}]}"#, false),
            (r#"{"weekly":[{"weekday":"Mon","from":"10:00","to":"09:00"}]}"#, false),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:02","to":"10:00"}]}"#, false),
            (r#"{"weekly":[{"weekday":"Mon","from":"9:00","to":"10:00"}]}"#, false),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:60","to":"11:00"}]}"#, false),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"24:05"}]}"#, false),
            // Touching hours, and the same hours on two days.
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"10:00"},{"weekday":"Mon","from":"10:00","to":"11:00"}]}"#, true),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"10:00"},{"weekday":"Tue","from":"09:00","to":"10:00"}]}"#, true),
            (r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"10:00"},{"weekday":"Mon","from":"09:55","to":"11:00"}]}"#, false),
            // 2026-11-30 is a Monday.
            (
                r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"10:00"}],
                    "exceptions":{"2026-11-30":{"extra":[{"from":"09:30","to":"10:30"}]}}}"#,
                false,
            ),
            (
                r#"{"weekly":[{"weekday":"Mon","from":"09:00","to":"10:00"}],
                    "exceptions":{"2026-11-30":{"off":true,"extra":[{"from":"09:30","to":"10:30"}]}}}"#,
                true,
            ),
            (r#"{"exceptions":{"2026-11-30":{"extra":[{"from":"09:30","to":"10:30"},{"from":"10:00","to":"11:00"}]}}}"#, false),
        ] {
            assert_eq!(serde_json::from_str::<Hours>(json).is_ok(), fits, "{json}");
        }
        let read = hours(MORNINGS);
        assert_eq!(hours(&serde_json::to_string(&read).unwrap()), read);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn one_nurse_s_offer_never_overlaps_itself_and_holds_exactly_what_is_offered(
            weekly in prop::collection::vec((0..5_u8, 0..280_u16, 4..40_u16), 0..6),
            second in 0..31_000_000_i64,
        ) {
            let weekly = weekly.into_iter().filter_map(|(weekday, from, length)| {
                let time = |cells: u16| GridTime::of_minutes(cells * 5).ok();
                let span = Span::new(time(from)?, time(from + length)?).ok()?;
                Some(Weekly { weekday: Weekday::try_from(weekday).ok()?, span })
            });
            let (calendar, now) = (calendar(), at("2026-01-01T00:00:00") + TimeDelta::seconds(second));
            let Ok(hours) = Hours::new(weekly.collect(), BTreeMap::new()) else { return Ok(()) };
            let offer = hours.offer(NURSE, &calendar, now);
            for (slot, next) in offer.slots.iter().zip(offer.slots.iter().skip(1)) {
                prop_assert!(slot < next && !slot.overlaps(*next));
            }
            for slot in &offer.slots {
                prop_assert!(slot.start() > now && calendar.is_business_day(slot.day()).unwrap());
                prop_assert_eq!(hours.offers(*slot, &calendar, now), Ok(true));
                let beside = Slot::new(NURSE, slot.start() + GRID).unwrap();
                prop_assert_eq!(hours.offers(beside, &calendar, now).unwrap(), offer.slots.contains(&beside));
            }
        }
    }
}
