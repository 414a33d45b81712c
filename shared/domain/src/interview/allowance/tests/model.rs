//! The ledger against a model that knows no units, only how many are in use: two years of bookings, cancellations, moves,
//! approvals and month ends.
//!
//! Of each month the model remembers how many of its base interviews were ever in use at once, and how many of these are free
//! again until when. Only what was in use once is carried. It looks at every interview for every question.

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
    /// The last month of what it is paid with, were it given back in vain.
    last: MonthNumber,
    over: bool,
}

#[derive(Debug, Default)]
struct Model {
    base: i32,
    bookings: Vec<Booking>,
    most_in_use: BTreeMap<MonthNumber, i32>,
    /// By last month and month of origin.
    free_again: BTreeMap<(MonthNumber, MonthNumber), i32>,
}

impl Model {
    fn most(&self, month: MonthNumber) -> i32 {
        self.most_in_use.get(&month).copied().unwrap_or_default()
    }

    fn free_again(&self, which: impl Fn(MonthNumber, MonthNumber) -> bool) -> i32 {
        self.free_again.iter().filter(|((last, home), _)| which(*last, *home)).map(|(_, count)| count).sum()
    }

    fn pay(&mut self, place: usize) {
        let month = month_number(self.bookings[place].day);
        let there: Vec<_> = self.free_again.iter().filter(|(_, count)| **count > 0).map(|(which, _)| *which).collect();
        let own = there.iter().find(|(_, home)| *home == month);
        let carried = there.iter().find(|(last, home)| *home < month && *last >= month);
        let (last, home) = if own.is_none() && self.most(month) < self.base {
            *self.most_in_use.entry(month).or_default() += 1;
            (month, month)
        } else if let Some(which) = own.or(carried) {
            *self.free_again.get_mut(which).unwrap() -= 1;
            *which
        } else {
            self.bookings[place].paid = Paid::NotYet;
            return;
        };
        self.bookings[place] = Booking { paid: Paid::With(home), last, ..self.bookings[place] };
    }

    /// It goes on for at least a month more than it came from, or than `from`.
    fn give_back(&mut self, place: usize, from: Option<MonthNumber>) {
        let Booking { paid, last, .. } = self.bookings[place];
        if let Paid::With(home) = paid {
            *self.free_again.entry((last.max(from.unwrap_or(home) + 1), home)).or_default() += 1;
        }
    }

    fn book(&mut self, day: NaiveDate) {
        self.bookings.push(Booking { day, paid: Paid::NotYet, last: 0, over: false });
        self.pay(self.bookings.len() - 1);
    }

    fn approve(&mut self, place: usize) {
        self.pay(place);
        if self.bookings[place].paid == Paid::NotYet {
            self.bookings[place].paid = Paid::ByTheTenant;
        }
    }

    fn move_to(&mut self, place: usize, day: NaiveDate) {
        let Booking { day: from, paid, .. } = self.bookings[place];
        self.bookings[place].day = day;
        match paid {
            Paid::ByTheTenant => {}
            Paid::With(_) if month_number(from) == month_number(day) => {}
            Paid::With(_) | Paid::NotYet | Paid::Never => {
                self.give_back(place, None);
                self.pay(place);
            }
        }
    }

    fn call_off(&mut self, place: usize) {
        self.give_back(place, Some(month_number(self.bookings[place].day)));
        self.end(place, Paid::Never);
    }

    fn cancel(&mut self, place: usize) {
        self.give_back(place, None);
        self.end(place, Paid::Never);
    }

    fn end(&mut self, place: usize, paid: Paid) {
        self.bookings[place].over = true;
        self.bookings[place].paid = paid;
    }

    fn count(&self, month: MonthNumber, paid: impl Fn(Paid) -> bool) -> usize {
        self.bookings.iter().filter(|booking| month_number(booking.day) == month && paid(booking.paid)).count()
    }

    /// How many interviews of months that `month` tells are paid with what came before `before`.
    fn carried(&self, before: MonthNumber, month: impl Fn(MonthNumber) -> bool) -> i32 {
        let carried = |booking: &&Booking| month(month_number(booking.day)) && matches!(booking.paid, Paid::With(home) if home < before);
        i32::try_from(self.bookings.iter().filter(carried).count()).unwrap()
    }
}

/// What a tenant or a nurse tries to do next; what is not possible as it stands does not happen.
#[derive(Debug, Clone, Copy)]
enum Try {
    Book { ahead: i64 },
    Move { place: usize, ahead: i64 },
    Cancel { place: usize },
    CallOff { place: usize },
    Correct { place: usize, held: bool },
    Approve { place: usize },
    Decline { place: usize },
}

fn tries() -> impl Strategy<Value = Vec<(i64, Try)>> {
    let place = any::<prop::sample::Index>().prop_map(|index| index.index(5));
    let what = prop_oneof![
        6 => (1..=60_i64).prop_map(|ahead| Try::Book { ahead }),
        3 => (place.clone(), 1..=60_i64).prop_map(|(place, ahead)| Try::Move { place, ahead }),
        4 => place.clone().prop_map(|place| Try::Cancel { place }),
        2 => place.clone().prop_map(|place| Try::CallOff { place }),
        1 => (place.clone(), any::<bool>()).prop_map(|(place, held)| Try::Correct { place, held }),
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
                    self.model.cancel(place);
                } else {
                    self.tell(place, What::CancelledLate)?;
                    self.model.end(place, booking.paid);
                }
            }
            Try::CallOff { place } => {
                let is_confirmed = |place: &usize| matches!(self.model.bookings[*place].paid, Paid::With(_) | Paid::ByTheTenant);
                let Some(place) = self.recent(place).filter(is_confirmed) else { return Ok(()) };
                self.tell(place, What::CalledOff)?;
                self.model.call_off(place);
            }
            Try::Correct { place, held } => {
                let went = |place: &usize| {
                    matches!(self.ledger.standing(interview(*place)), Some(Standing::Counted(_, Course::TookPlace | Course::NoShow)))
                };
                // To the model it is nothing.
                if let Some(place) = (0..self.model.bookings.len()).rev().filter(went).nth(place) {
                    self.tell(place, What::Corrected { held })?;
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
                Standing::Uncounted(Uncounted::Lapsed | Uncounted::Declined | Uncounted::CancelledInTime | Uncounted::CalledOff) => {
                    Paid::Never
                }
            };
            prop_assert_eq!(paid, booking.paid, "interview {}", place);
        }
        Ok(())
    }

    /// A month that is over: counted by the model, and each interview and unit in one line.
    fn month_end(&self, month: Month) -> Result<(), TestCaseError> {
        let (model, number) = (&self.model, month_number(month.first_day()));
        let statement = self.ledger.statement(month, time::start_of_day(self.today));
        let own = model.count(number, |paid| paid == Paid::With(number));
        let of_before = model.count(number, |paid| matches!(paid, Paid::With(home) if home < number));
        let usize = |count: i32| usize::try_from(count).unwrap();
        let (most, base) = (usize(model.most(number)), usize(model.base));
        let carried_in =
            usize(model.free_again(|last, home| home < number && last >= number) + model.carried(number, |month| month >= number));
        let gone_on = usize(model.free_again(|last, home| home < number && last > number) + model.carried(number, |month| month > number));
        let expected = Totals {
            base: own,
            carried_in: of_before,
            extra: model.count(number, |paid| paid == Paid::ByTheTenant),
            carried_over: most - own + gone_on,
            lapsed: base - most + carried_in - of_before - gone_on,
        };
        prop_assert_eq!(statement.totals(), expected, "{}", month);
        prop_assert!(own <= base && of_before + gone_on <= carried_in);

        let mut interviews: Vec<InterviewId> = Vec::new();
        let mut units: Vec<Unit> = Vec::new();
        let mut again = 0;
        for line in &statement.lines {
            match line {
                Line::Used { interview, unit, .. } => {
                    interviews.push(*interview);
                    units.push(*unit);
                }
                Line::Charged { interview, .. } | Line::Uncounted { interview, .. } => interviews.push(*interview),
                Line::Spare { unit, fate } => {
                    prop_assert!(matches!(fate, Fate::Lapsed | Fate::CarriedOver), "{} is over", month);
                    again += usize(i32::from(*fate == Fate::CarriedOver && unit.home < month));
                    units.push(*unit);
                }
            }
        }
        interviews.sort_unstable();
        let booked = model.bookings.iter().enumerate().filter(|(_, booking)| month_number(booking.day) == number);
        prop_assert_eq!(interviews, booked.map(|(place, _)| interview(place)).collect::<Vec<_>>());
        prop_assert_eq!(units.len(), base + carried_in);
        prop_assert_eq!(again, gone_on, "only what was called off is carried twice");
        prop_assert!(units.iter().all(|unit| unit.home <= month));
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
