//! What a delivered row changes on the roster, and when that is too much to be done without asking (rows D1, A4).

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::{
    employee::same_name,
    id::EmploymentId,
    roster::{Employment, Leave, RosterRow},
    roster_file::{Code, Column, Entry, Finding, Says},
    time,
};

/// What follows from an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// What changes; `None` where the roster says the same already, or the entry has no effect.
    pub change: Option<Change>,
    /// What the contact is told of it.
    pub finding: Option<Finding>,
}

/// A row of the roster as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The whole row.
    pub row: RosterRow,
    /// How reports count it.
    pub counts: Counts,
}

/// How reports count a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// An employment begins.
    Joined,
    /// A name or a date is another one.
    Changed,
    /// An employment ends that did not, or ends earlier: the guard against mass leaves counts it.
    Left,
}

/// When a file came, and when it is applied: days can lie between them where it waited for a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// A leave date that was reported after this is newer than the file's.
    pub received_at: DateTime<Utc>,
    /// From here on the roster says what the file says: leave dates count as reported at this instant.
    pub now: DateTime<Utc>,
}

/// Judges an entry. `row` is the roster's row for its number, `new` the id of an employment that it begins.
/// An entry that was judged and applied before changes nothing, also where it comes again after a later one of the same
/// person: an older 入社 neither takes a leave date back nor brings back who has left.
pub fn judge(entry: &Entry, row: Option<&RosterRow>, new: EmploymentId, Moment { received_at, now }: Moment) -> Judgement {
    let empty = RosterRow { number: entry.number.clone(), employments: Vec::new() };
    let roll = Roll { row: row.unwrap_or(&empty), entry, new, received_at, now };
    match entry.says {
        Says::Joins { on } => roll.joins(on),
        Says::Works { since, leaves } => roll.works(since, leaves),
        Says::Leaves { on } => roll.leaves(on),
        Says::Stays => roll.stays(),
    }
}

struct Roll<'a> {
    row: &'a RosterRow,
    entry: &'a Entry,
    new: EmploymentId,
    received_at: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl Roll<'_> {
    fn joins(&self, on: Option<NaiveDate>) -> Judgement {
        let Some((holder, employment)) = self.last(|employment| employment.gives_access(self.now)) else {
            return if self.left_before(on) { Judgement::default() } else { self.begins(on, None) };
        };
        let is_same = same_name(&employment.name, &self.entry.name);
        // A rehire, or the number's next holder while the former one still has access.
        if let Some(leave) = employment.leave
            && on.map_or(!is_same, |on| on > leave.date)
        {
            return self.begins(on, None);
        }
        self.describes(holder, employment, on)
    }

    fn works(&self, since: Option<NaiveDate>, leaves: Option<NaiveDate>) -> Judgement {
        if leaves.is_some_and(|date| self.ended_on(date)) {
            return Judgement::default();
        }
        let Some((holder, employment)) = self.last(|employment| employment.gives_access(self.now)) else {
            let has_left = leaves.is_some_and(|date| Leave::reported(date, self.now).access_ends() <= self.now);
            return if has_left || self.left_before(since) { Judgement::default() } else { self.begins(since, leaves) };
        };
        let described = self.describes(holder, employment, since);
        let Some(date) = leaves else { return described };
        let row = described.change.as_ref().map_or_else(|| self.row.clone(), |change| change.row.clone());
        let Some(employment) = row.employments.get(holder) else { return described };
        let ended = Roll { row: &row, ..*self }.ends(holder, employment, date);
        Judgement { change: ended.change.or(described.change), finding: ended.finding.or(described.finding) }
    }

    fn leaves(&self, on: NaiveDate) -> Judgement {
        let named = |employment: &Employment| same_name(&employment.name, &self.entry.name);
        if self.ended_on(on) {
            return Judgement::default();
        }
        // Who began later than this is somebody else, or the same person's next employment.
        let could = |employment: &Employment| named(employment) && employment.joined.is_none_or(|joined| joined <= on);
        let target = self.last(|employment| could(employment) && employment.gives_access(self.now)).or_else(|| self.last(could));
        match target {
            Some((target, employment)) => self.ends(target, employment, on),
            None if self.last(|employment| employment.gives_access(self.now) && !named(employment)).is_some() => {
                Judgement { change: None, finding: Some(self.finds(Column::Name, Code::LeaverNameDiffers)) }
            }
            None => Judgement { change: None, finding: Some(self.finds(Column::Number, Code::NotOnRoster)) },
        }
    }

    fn stays(&self) -> Judgement {
        let named = |employment: &Employment| same_name(&employment.name, &self.entry.name);
        let Some((target, employment)) = self.last(named) else {
            let is_unknown = self.row.employments.is_empty();
            let (column, code) = if is_unknown { (Column::Number, Code::NotOnRoster) } else { (Column::Name, Code::LeaverNameDiffers) };
            return Judgement { change: None, finding: Some(self.finds(column, code)) };
        };
        let staying = Employment { leave: None, kept_on_at: Some(self.now), ..employment.clone() };
        Judgement { change: self.with(target, staying, Counts::Changed), finding: None }
    }

    /// The employment goes on under the name and the first day that the entry says.
    fn describes(&self, at: usize, employment: &Employment, joined: Option<NaiveDate>) -> Judgement {
        let is_same = same_name(&employment.name, &self.entry.name);
        let finding = (!is_same).then(|| self.finds(Column::Name, Code::NameChanges));
        let described = Employment { name: self.entry.name.clone(), joined: joined.or(employment.joined), ..employment.clone() };
        Judgement { change: self.with(at, described, Counts::Changed), finding }
    }

    fn ends(&self, at: usize, employment: &Employment, date: NaiveDate) -> Judgement {
        // What HR reported after this file stands.
        let said_last = employment.leave.map(|leave| leave.reported_at).max(employment.kept_on_at);
        let is_older = said_last.is_some_and(|at| at > self.received_at);
        if is_older || employment.leaves() == Some(date) {
            return Judgement::default();
        }
        let leave = Leave::reported(date, self.now);
        let is_earlier = employment.leave.is_none_or(|former| leave.access_ends() < former.access_ends());
        let counts = if is_earlier { Counts::Left } else { Counts::Changed };
        Judgement { change: self.with(at, Employment { leave: Some(leave), ..employment.clone() }, counts), finding: self.remark(leave) }
    }

    fn finds(&self, column: Column, code: Code) -> Finding {
        Finding { line: Some(self.entry.line), column: Some(column), position: None, code }
    }

    fn remark(&self, leave: Leave) -> Option<Finding> {
        let far = time::jst_date(self.now).checked_add_months(Months::new(12)).is_some_and(|limit| leave.date > limit);
        let code = match (leave.is_late(), leave.is_long_past(), far) {
            (true, true, _) => Code::LeaveLongPast,
            (true, false, _) => Code::LeaveReportedLate,
            (false, _, true) => Code::LeaveFarAhead,
            (false, _, false) => return None,
        };
        Some(self.finds(Column::Date, code))
    }

    fn begins(&self, joined: Option<NaiveDate>, leaves: Option<NaiveDate>) -> Judgement {
        let leave = leaves.map(|date| Leave::reported(date, self.now));
        let mut row = self.row.clone();
        row.employments.push(Employment { id: self.new, name: self.entry.name.clone(), joined, leave, kept_on_at: None });
        Judgement { change: Some(Change { row, counts: Counts::Joined }), finding: leave.and_then(|leave| self.remark(leave)) }
    }

    /// Whether this is an older report of somebody who has left since.
    fn left_before(&self, joined: Option<NaiveDate>) -> bool {
        let reported = |employment: &Employment| {
            let day = employment.leaves().zip(joined).is_some_and(|(left, joined)| joined <= left);
            same_name(&employment.name, &self.entry.name) && day
        };
        self.row.employments.iter().any(reported)
    }

    /// Whether this end was reported before, also where somebody else or a later employment holds the number now.
    fn ended_on(&self, date: NaiveDate) -> bool {
        self.row.employments.iter().any(|employment| same_name(&employment.name, &self.entry.name) && employment.leaves() == Some(date))
    }

    fn last(&self, wanted: impl Fn(&Employment) -> bool) -> Option<(usize, &Employment)> {
        self.row.employments.iter().enumerate().rev().find(|(_, employment)| wanted(employment))
    }

    fn with(&self, at: usize, employment: Employment, counts: Counts) -> Option<Change> {
        let mut row = self.row.clone();
        if let Some(there) = row.employments.get_mut(at) {
            *there = employment;
        }
        (row != *self.row).then_some(Change { row, counts })
    }
}

/// More people than this leave only after a confirmation (row D1).
pub const MOST_LEAVERS: u64 = 100;
/// A share of the roster above which a confirmation is asked for, in percent, from [`FEWEST_LEAVERS`] people on.
pub const LARGEST_SHARE: u64 = 20;
/// See [`LARGEST_SHARE`].
pub const FEWEST_LEAVERS: u64 = 10;

/// Whether a file with `leavers` has to wait for a confirmation, where files of the same month brought `before` already and the
/// roster has `roster` rows (row D1: counted over all files of the month, so that a split file does not pass).
pub const fn needs_confirmation(leavers: u64, before: u64, roster: u64) -> bool {
    let all = leavers.saturating_add(before);
    leavers > 0 && (all > MOST_LEAVERS || (all >= FEWEST_LEAVERS && all.saturating_mul(100) > roster.saturating_mul(LARGEST_SHARE)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use proptest::prelude::*;

    use super::*;
    use crate::{employee, roster::RosterRow};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn now() -> Moment {
        let now = at("2026-11-25T10:00:00+09:00");
        Moment { received_at: now, now }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entry(name: &str, says: Says) -> Entry {
        Entry { line: 2, number: employee::parse_number("000123", None).unwrap(), name: employee::parse_name(name).unwrap(), says }
    }

    fn joins(name: &str, on: Option<&str>) -> Entry {
        entry(name, Says::Joins { on: on.map(date) })
    }

    fn leaves(name: &str, on: &str) -> Entry {
        entry(name, Says::Leaves { on: date(on) })
    }

    fn id(number: u128) -> EmploymentId {
        EmploymentId::new(ulid::Ulid(number))
    }

    /// The row after these entries, with the last judgement. The first gets id 1, the second id 2 …
    fn after(entries: &[Entry]) -> (Option<RosterRow>, Judgement) {
        let (mut row, mut last) = (None, Judgement::default());
        for (entry, number) in entries.iter().zip(1..) {
            last = judge(entry, row.as_ref(), id(number), now());
            if let Some(change) = &last.change {
                row = Some(change.row.clone());
            }
        }
        (row, last)
    }

    /// Employments as `id name joined leaves`.
    fn shown(row: Option<&RosterRow>) -> Vec<String> {
        let day = |date: Option<NaiveDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let show = |e: &Employment| format!("{} {} {} {}", u128::from(e.id.ulid()), e.name.expose(), day(e.joined), day(e.leaves()));
        row.into_iter().flat_map(|row| row.employments.iter().map(show)).collect()
    }

    /// What is told, what comes in order, what the last of it counts as and is told of, and the employments in the end.
    type Story = (&'static str, Vec<Entry>, Option<Counts>, Option<Code>, &'static [&'static str]);

    #[test]
    #[allow(clippy::too_many_lines, reason = "a table")]
    fn entries_change_the_row_of_their_number_like_this() {
        use Code::{LeaveFarAhead, LeaveLongPast, LeaveReportedLate, LeaverNameDiffers, NameChanges, NotOnRoster};
        use Counts::{Changed, Joined, Left};
        let works =
            |name, since: Option<&str>, leaves: Option<&str>| entry(name, Says::Works { since: since.map(date), leaves: leaves.map(date) });
        let stays = |name| entry(name, Says::Stays);
        let table: Vec<Story> = vec![
            ("a joiner", vec![joins("山田", Some("2026-12-01"))], Some(Joined), None, &["1 山田 2026-12-01 -"]),
            ("the same again", vec![joins("山田", None), joins("山田", None)], None, None, &["1 山田 - -"]),
            (
                "a date is added",
                vec![joins("山田", None), joins("山田", Some("2026-12-01"))],
                Some(Changed),
                None,
                &["1 山田 2026-12-01 -"],
            ),
            (
                "a date is not taken away",
                vec![joins("山田", Some("2026-12-01")), joins("山田", None)],
                None,
                None,
                &["1 山田 2026-12-01 -"],
            ),
            ("another spelling", vec![joins("高橋 一", None), joins("高橋　一", None)], Some(Changed), None, &["1 高橋　一 - -"]),
            ("another name", vec![joins("山田", None), joins("鈴木", None)], Some(Changed), Some(NameChanges), &["1 鈴木 - -"]),
            ("a leaver", vec![joins("山田", None), leaves("山田", "2026-11-30")], Some(Left), None, &["1 山田 - 2026-11-30"]),
            (
                "a leaver again",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), leaves("山田", "2026-11-30")],
                None,
                None,
                &["1 山田 - 2026-11-30"],
            ),
            (
                "a later date",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), leaves("山田", "2027-03-31")],
                Some(Changed),
                None,
                &["1 山田 - 2027-03-31"],
            ),
            (
                "an earlier date",
                vec![joins("山田", None), leaves("山田", "2027-03-31"), leaves("山田", "2026-11-30")],
                Some(Left),
                None,
                &["1 山田 - 2026-11-30"],
            ),
            ("an unknown leaver", vec![leaves("山田", "2026-11-30")], None, Some(NotOnRoster), &[]),
            (
                "a leaver of another name",
                vec![joins("山田", None), leaves("鈴木", "2026-11-30")],
                None,
                Some(LeaverNameDiffers),
                &["1 山田 - -"],
            ),
            (
                "late",
                vec![joins("山田", None), leaves("山田", "2026-10-31")],
                Some(Left),
                Some(LeaveReportedLate),
                &["1 山田 - 2026-10-31"],
            ),
            (
                "long past",
                vec![joins("山田", None), leaves("山田", "2025-11-30")],
                Some(Left),
                Some(LeaveLongPast),
                &["1 山田 - 2025-11-30"],
            ),
            (
                "far ahead",
                vec![joins("山田", None), leaves("山田", "2027-11-30")],
                Some(Left),
                Some(LeaveFarAhead),
                &["1 山田 - 2027-11-30"],
            ),
            (
                "an older 入社 after the 退職",
                vec![joins("山田", Some("2026-10-01")), leaves("山田", "2026-11-30"), joins("山田", Some("2026-10-01"))],
                None,
                None,
                &["1 山田 2026-10-01 2026-11-30"],
            ),
            (
                "an older 入社 of who has left",
                vec![joins("山田", Some("2026-04-01")), leaves("山田", "2026-10-31"), joins("山田", Some("2026-04-01"))],
                None,
                None,
                &["1 山田 2026-04-01 2026-10-31"],
            ),
            (
                "a rehire",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), joins("山田", Some("2026-12-01"))],
                Some(Joined),
                None,
                &["1 山田 - 2026-11-30", "3 山田 2026-12-01 -"],
            ),
            (
                "a rehire after the end",
                vec![joins("山田", None), leaves("山田", "2026-10-31"), joins("山田", Some("2026-11-01"))],
                Some(Joined),
                None,
                &["1 山田 - 2026-10-31", "3 山田 2026-11-01 -"],
            ),
            (
                "the leaver of before a rehire again",
                vec![joins("山田", None), leaves("山田", "2026-10-31"), joins("山田", Some("2026-11-01")), leaves("山田", "2026-10-31")],
                None,
                None,
                &["1 山田 - 2026-10-31", "3 山田 2026-11-01 -"],
            ),
            (
                "the number's next holder",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), joins("鈴木", None)],
                Some(Joined),
                None,
                &["1 山田 - 2026-11-30", "3 鈴木 - -"],
            ),
            (
                "a leave taken back",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), stays("山田")],
                Some(Changed),
                None,
                &["1 山田 - -"],
            ),
            ("nothing to take back", vec![joins("山田", None), stays("山田")], Some(Counts::Changed), None, &["1 山田 - -"]),
            ("nobody to take back", vec![stays("山田")], None, Some(NotOnRoster), &[]),
            ("of another name to take back", vec![joins("山田", None), stays("鈴木")], None, Some(LeaverNameDiffers), &["1 山田 - -"]),
            ("a full roster's new one", vec![works("山田", Some("2020-04-01"), None)], Some(Joined), None, &["1 山田 2020-04-01 -"]),
            (
                "a full roster's leaver",
                vec![works("山田", None, None), works("山田", None, Some("2026-11-30"))],
                Some(Left),
                None,
                &["1 山田 - 2026-11-30"],
            ),
            (
                "a full roster says nothing of a leave",
                vec![joins("山田", None), leaves("山田", "2026-11-30"), works("山田", None, None)],
                None,
                None,
                &["1 山田 - 2026-11-30"],
            ),
            (
                "a full roster's name and leave",
                vec![joins("山田", None), works("鈴木", Some("2020-04-01"), Some("2026-11-30"))],
                Some(Left),
                Some(NameChanges),
                &["1 鈴木 2020-04-01 2026-11-30"],
            ),
            ("a full roster's former one", vec![works("山田", None, Some("2026-10-31"))], None, None, &[]),
        ];
        for (story, entries, counts, code, expected) in table {
            let (row, last) = after(&entries);
            assert_eq!(last.change.as_ref().map(|change| change.counts), counts, "{story}");
            assert_eq!(last.finding.map(|finding| finding.code), code, "{story}");
            assert_eq!(shown(row.as_ref()), expected, "{story}");
        }
    }

    #[test]
    fn a_file_that_waited_changes_no_leave_date_that_was_reported_after_it_came() {
        let (row, _) = after(&[joins("山田", None), leaves("山田", "2026-12-31")]);
        let waited = Moment { received_at: at("2026-11-20T10:00:00+09:00"), now: at("2026-11-26T10:00:00+09:00") };
        assert_eq!(judge(&leaves("山田", "2026-11-30"), row.as_ref(), id(9), waited), Judgement::default());
        let (row, _) = after(&[joins("山田", None), entry("山田", Says::Stays)]);
        assert_eq!(judge(&leaves("山田", "2026-11-30"), row.as_ref(), id(9), waited), Judgement::default());
        let (row, _) = after(&[joins("山田", None)]);
        let applied = judge(&leaves("山田", "2026-11-19"), row.as_ref(), id(9), waited).change.unwrap();
        assert_eq!(applied.row.employments.first().unwrap().leave, Some(Leave::reported(date("2026-11-19"), waited.now)));
    }

    #[test]
    fn many_leavers_wait_for_a_confirmation_however_the_files_are_split() {
        for (leavers, before, roster, waits) in [
            (100, 0, 10_000, false),
            (101, 0, 10_000, true),
            (50, 51, 10_000, true),
            (0, 500, 10_000, false),
            (9, 0, 10, false),
            (10, 0, 50, false),
            (11, 0, 50, true),
            (1, 9, 49, true),
            (1, 9, 50, false),
        ] {
            assert_eq!(needs_confirmation(leavers, before, roster), waits, "{leavers} after {before} of {roster}");
        }
    }

    proptest! {
        #[test]
        fn what_was_applied_changes_nothing_when_it_comes_again(
            entries in prop::collection::vec((prop::sample::select(vec!["山田", "鈴木"]), 0..4_u8, prop::option::of(0..1200_i64)), 1..6),
        ) {
            let entries: Vec<Entry> = entries
                .into_iter()
                .map(|(name, says, day)| {
                    let on = day.map(|day| date("2025-01-01") + chrono::TimeDelta::days(day));
                    let says = match says {
                        0 => Says::Joins { on },
                        1 => Says::Leaves { on: on.unwrap_or(date("2026-11-30")) },
                        2 => Says::Stays,
                        _ => Says::Works { since: None, leaves: on },
                    };
                    entry(name, says)
                })
                .collect();
            let (row, _) = after(&entries);
            if let Some(last) = entries.last() {
                let again = judge(last, row.as_ref(), id(99), now());
                prop_assert_eq!(again.change, None);
            }
        }
    }
}
