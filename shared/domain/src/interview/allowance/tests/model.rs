//! The ledger against a model that knows no units, only how many are in use: two years of bookings, cancellations, moves,
//! approvals and month ends.
//!
//! Of each month the model remembers how many of its base interviews are in use and how many were ever in use at once. What was
//! in use once and is no more was freed in time, and only that is carried. It looks at every interview for every question.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};
use proptest::prelude::*;

use super::*;

/// Months counted from year 0: the model does not use [`Month`].
type MonthNumber = i32;

fn month_number(day: NaiveDate) -> MonthNumber {
    day.year() * 12 + i32::try_from(day.month0()).unwrap()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paid {
    /// By a base interview that came with this month.
    With(MonthNumber),
    ByTheTenant,
    NotYet,
    Never,
}

#[derive(Debug, Clone, Copy)]
struct Booking {
    day: NaiveDate,
    paid: Paid,
    over: bool,
}

#[derive(Debug, Default)]
struct Model {
    base: i32,
    bookings: Vec<Booking>,
    most_in_use: BTreeMap<MonthNumber, i32>,
}

impl Model {
    fn in_use(&self, month: MonthNumber) -> i32 {
        i32::try_from(self.bookings.iter().filter(|booking| booking.paid == Paid::With(month)).count()).unwrap()
    }

    fn most(&self, month: MonthNumber) -> i32 {
        self.most_in_use.get(&month).copied().unwrap_or_default()
    }

    fn freed(&self, month: MonthNumber) -> i32 {
        self.most(month) - self.in_use(month)
    }

    fn who_pays(&self, day: NaiveDate) -> Paid {
        let month = month_number(day);
        if self.in_use(month) < self.base {
            Paid::With(month)
        } else if self.freed(month - 1) > 0 {
            Paid::With(month - 1)
        } else {
            Paid::NotYet
        }
    }

    fn set(&mut self, place: usize, paid: Paid) {
        self.bookings[place].paid = paid;
        if let Paid::With(month) = paid {
            let most = self.most(month).max(self.in_use(month));
            self.most_in_use.insert(month, most);
        }
    }

    fn book(&mut self, day: NaiveDate) {
        let paid = self.who_pays(day);
        self.bookings.push(Booking { day, paid: Paid::NotYet, over: false });
        self.set(self.bookings.len() - 1, paid);
    }

    fn approve(&mut self, place: usize) {
        let paid = self.who_pays(self.bookings[place].day);
        self.set(place, if paid == Paid::NotYet { Paid::ByTheTenant } else { paid });
    }

    fn move_to(&mut self, place: usize, day: NaiveDate) {
        let Booking { day: from, paid, .. } = self.bookings[place];
        self.bookings[place].day = day;
        match paid {
            Paid::ByTheTenant => {}
            Paid::With(_) if month_number(from) == month_number(day) => {}
            Paid::With(_) | Paid::NotYet | Paid::Never => {
                self.bookings[place].paid = Paid::NotYet;
                let paid = self.who_pays(day);
                self.set(place, paid);
            }
        }
    }

    fn end(&mut self, place: usize, paid: Paid) {
        self.bookings[place].over = true;
        self.bookings[place].paid = paid;
    }

    fn count(&self, month: MonthNumber, paid: impl Fn(Paid) -> bool) -> usize {
        self.bookings.iter().filter(|booking| month_number(booking.day) == month && paid(booking.paid)).count()
    }
}

/// What a tenant or a nurse tries to do next; what is not possible as it stands does not happen.
#[derive(Debug, Clone, Copy)]
enum Try {
    Book { ahead: i64 },
    Move { place: usize, ahead: i64 },
    Cancel { place: usize },
    Approve { place: usize },
    Decline { place: usize },
}

fn tries() -> impl Strategy<Value = Vec<(i64, Try)>> {
    let place = any::<prop::sample::Index>().prop_map(|index| index.index(5));
    let what = prop_oneof![
        6 => (1..=60_i64).prop_map(|ahead| Try::Book { ahead }),
        3 => (place.clone(), 1..=60_i64).prop_map(|(place, ahead)| Try::Move { place, ahead }),
        4 => place.clone().prop_map(|place| Try::Cancel { place }),
        2 => place.clone().prop_map(|place| Try::Approve { place }),
        1 => place.prop_map(|place| Try::Decline { place }),
    ];
    prop::collection::vec((0..=10_i64, what), 100..200)
}

/// The ledger and the model, side by side.
struct Both {
    ledger: Ledger,
    model: Model,
    today: NaiveDate,
}

impl Both {
    fn tell(&mut self, place: usize, what: What) -> Result<(), TestCaseError> {
        let before = self.standings();
        let event = Event { at: time::start_of_day(self.today), interview: interview(place), what };
        self.ledger.record(&event).map_err(|contradiction| TestCaseError::fail(contradiction.to_string()))?;
        for (other, (before, after)) in before.into_iter().zip(self.standings()).enumerate() {
            prop_assert!(other == place || before == after, "{:?} changed interview {}", event, other);
        }
        Ok(())
    }

    fn standings(&self) -> Vec<Option<Standing>> {
        (0..self.model.bookings.len()).map(|place| self.ledger.standing(interview(place))).collect()
    }

    /// The place of one of the last interviews that are not over.
    fn recent(&self, place: usize) -> Option<usize> {
        let open = |(place, booking): (usize, &Booking)| (!booking.over).then_some(place);
        self.model.bookings.iter().enumerate().rev().filter_map(open).nth(place)
    }

    /// What passed by itself since yesterday: approvals that did not come, interviews that were held or not.
    fn morning(&mut self) -> Result<(), TestCaseError> {
        for place in 0..self.model.bookings.len() {
            let booking = self.model.bookings[place];
            match booking.paid {
                Paid::NotYet if !booking.over && booking.day <= self.today => {
                    self.tell(place, What::Lapsed)?;
                    self.model.end(place, Paid::Never);
                }
                Paid::With(_) | Paid::ByTheTenant if !booking.over && booking.day < self.today => {
                    self.tell(place, if place % 3 == 0 { What::NoShow } else { What::TookPlace })?;
                    self.model.end(place, booking.paid);
                }
                Paid::NotYet | Paid::With(_) | Paid::ByTheTenant | Paid::Never => {}
            }
        }
        Ok(())
    }

    fn attempt(&mut self, what: Try) -> Result<(), TestCaseError> {
        let ahead = |days| self.today + TimeDelta::days(days);
        match what {
            Try::Book { ahead: days } => {
                let (place, day) = (self.model.bookings.len(), ahead(days));
                self.model.book(day);
                self.tell(place, What::Booked { day })?;
            }
            Try::Move { place, ahead: days } => {
                let (day, Some(place)) = (ahead(days), self.recent(place)) else { return Ok(()) };
                if self.model.bookings[place].day > self.today {
                    let promised = self.ledger.cover_if_moved(interview(place), day);
                    self.tell(place, What::Moved { day })?;
                    self.model.move_to(place, day);
                    prop_assert_eq!(self.ledger.standing(interview(place)).unwrap().unit(), promised);
                }
            }
            Try::Cancel { place } => {
                let Some(place) = self.recent(place) else { return Ok(()) };
                let booking = self.model.bookings[place];
                if booking.day > self.today {
                    self.tell(place, What::CancelledInTime)?;
                    self.model.end(place, Paid::Never);
                } else {
                    self.tell(place, What::CancelledLate)?;
                    self.model.end(place, booking.paid);
                }
            }
            Try::Approve { place } => {
                let Some(place) = self.recent(place).filter(|place| self.model.bookings[*place].paid == Paid::NotYet) else {
                    return Ok(());
                };
                self.tell(place, What::Approved { by: NURSE })?;
                self.model.approve(place);
            }
            Try::Decline { place } => {
                let Some(place) = self.recent(place).filter(|place| self.model.bookings[*place].paid == Paid::NotYet) else {
                    return Ok(());
                };
                self.tell(place, What::Declined)?;
                self.model.end(place, Paid::Never);
            }
        }
        Ok(())
    }

    fn agree(&self) -> Result<(), TestCaseError> {
        for (place, booking) in self.model.bookings.iter().enumerate() {
            let paid = match self.ledger.standing(interview(place)).unwrap() {
                Standing::Counted(Charge::Base(unit), _) => Paid::With(month_number(unit.home.first_day())),
                Standing::Counted(Charge::Extra { .. }, _) => Paid::ByTheTenant,
                Standing::Uncounted(Uncounted::AwaitsApproval) => Paid::NotYet,
                Standing::Uncounted(Uncounted::Lapsed | Uncounted::Declined | Uncounted::CancelledInTime) => Paid::Never,
            };
            prop_assert_eq!(paid, booking.paid, "interview {}", place);
        }
        Ok(())
    }

    /// A month that is over: counted by the model, and each interview and unit in one line.
    fn month_end(&self, month: Month) -> Result<(), TestCaseError> {
        let (model, number) = (&self.model, month_number(month.first_day()));
        let statement = self.ledger.statement(month, time::start_of_day(self.today));
        let (own, of_last) =
            (model.count(number, |paid| paid == Paid::With(number)), model.count(number, |paid| paid == Paid::With(number - 1)));
        let most = usize::try_from(model.most(number)).unwrap();
        let carried_in = usize::try_from(model.most(number - 1)).unwrap() - model.count(number - 1, |paid| paid == Paid::With(number - 1));
        let base = usize::try_from(model.base).unwrap();
        let expected = Totals {
            base: own,
            carried_in: of_last,
            extra: model.count(number, |paid| paid == Paid::ByTheTenant),
            carried_over: most - own,
            lapsed: base - most + carried_in - of_last,
        };
        prop_assert_eq!(statement.totals(), expected, "{}", month);
        prop_assert!(own <= base && of_last <= carried_in && carried_in <= base);

        let mut interviews: Vec<InterviewId> = Vec::new();
        let mut units: Vec<Unit> = Vec::new();
        for line in &statement.lines {
            match line {
                Line::Used { interview, unit, .. } => {
                    interviews.push(*interview);
                    units.push(*unit);
                }
                Line::Charged { interview, .. } | Line::Uncounted { interview, .. } => interviews.push(*interview),
                Line::Spare { unit, fate } => {
                    prop_assert!(matches!(fate, Fate::Lapsed | Fate::CarriedOver), "{} is over", month);
                    prop_assert!(*fate == Fate::Lapsed || unit.home == month, "{:?} is carried twice", unit);
                    units.push(*unit);
                }
            }
        }
        interviews.sort_unstable();
        let booked = model.bookings.iter().enumerate().filter(|(_, booking)| month_number(booking.day) == number);
        prop_assert_eq!(interviews, booked.map(|(place, _)| interview(place)).collect::<Vec<_>>());
        prop_assert_eq!(units.len(), base + carried_in);
        prop_assert!(units.iter().all(|unit| unit.home == month || unit.home == month.previous()));
        units.sort_unstable();
        units.dedup();
        prop_assert_eq!(units.len(), base + carried_in, "a unit in two lines");
        Ok(())
    }
}

fn interview(place: usize) -> InterviewId {
    InterviewId::new(Ulid(u128::try_from(place).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn two_years_of_interviews_are_covered_as_a_model_that_only_counts_says(base in prop_oneof![4 => Just(2_u8), 1 => 0..=3_u8], tries in tries()) {
        let model = Model { base: i32::from(base), ..Model::default() };
        let mut both = Both { ledger: Ledger::new(Allowance { initially: base, ..Allowance::default() }), model, today: date("2026-01-01") };
        for (days, what) in tries {
            for _ in 0..days {
                both.today = both.today.succ_opt().unwrap();
                both.morning()?;
                if both.today.day() == 1 {
                    both.month_end(Month::of(both.today).previous())?;
                }
            }
            both.attempt(what)?;
            both.agree()?;
        }
        // Nothing that comes later changes what was said of a month that is over.
        let months = std::iter::successors(Some(Month::of(date("2026-01-01"))), |month| Some(month.next()));
        for month in months.take_while(|month| *month < Month::of(both.today)) {
            both.month_end(month)?;
        }
    }
}
