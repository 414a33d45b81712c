//! A contact who wants to know more: puts together everything that was received over ten months, what is certain, and how the rule
//! works, and asks for each hidden figure which numbers are possible.
//!
//! It believes more than it can know, which only makes it stronger: that nobody is registered who is not on the roster, and that
//! who was active in a month is registered at its end. Each possible world that it finds is shown to the real rule, which has to
//! answer with the very same mails: then nobody who has only these can tell the two worlds apart.

use std::collections::BTreeSet;

use super::{
    POSSIBLE,
    contact::{ACTS, Month, Received, Total, Word, receive, reports},
    naive::Slip,
    solver::{Possible, System},
    world::{Random, Truth, company},
};

/// More than anybody would do in a month.
const MANY: i64 = 600;

/// The attacker's variables of a month.
struct Unknown {
    registered: usize,
    joined: usize,
    left: usize,
    active: usize,
    consulting: usize,
    acts: [usize; 3],
}

#[derive(Default)]
struct Attacker {
    system: System,
    months: Vec<Unknown>,
    /// Figures that were not told, with the month's place and what they are.
    hidden: Vec<(usize, usize, &'static str)>,
}

impl Attacker {
    fn of(received: &Received) -> Self {
        let mut attacker = Self::default();
        for (place, month) in received.months.iter().enumerate() {
            attacker.read(place, month, received.months.get(place.wrapping_sub(1)));
        }
        for total in &received.totals {
            attacker.add_up(total, received);
        }
        attacker
    }

    fn read(&mut self, place: usize, month: &Month, last: Option<&Month>) {
        let system = &mut self.system;
        let registered = match month.registered {
            Word::Number(number) => system.variable(number, number),
            Word::Few => system.variable(1, month.roster.min(9)),
            // Only fewer than ten, on a small roster, are told so.
            Word::Nothing => system.variable(0, month.roster.min(9)),
        };
        let active = match month.active {
            Word::Number(number) => system.variable(number, number),
            Word::Few => system.variable(1, 9),
            Word::Nothing => system.variable(0, 9),
        };
        system.at_most(&[(active, 1), (registered, -1)], 0);
        let acts: [usize; 3] = std::array::from_fn(|act| {
            let variable = match (month.acts[act], month.active) {
                (Word::Number(number), _) => system.variable(number, number),
                (Word::Few, _) => system.variable(1, 9),
                (Word::Nothing, Word::Nothing) => system.variable(0, MANY),
                (Word::Nothing, Word::Few) => system.variable(10, MANY),
                (Word::Nothing, Word::Number(active)) => system.variable(2 * active + 1, MANY),
            };
            system.at_most(&[(variable, 1), (active, -month.of_each[act])], 0);
            variable
        });
        let consulting = system.variable(0, MANY);
        system.at_most(&[(consulting, 1), (active, -1)], 0);
        system.at_most(&[(consulting, 1), (acts[0], -1)], 0);
        system.at_most(&[(acts[0], 1), (consulting, -month.of_each[0])], 0);
        if let Some(rate) = month.usage_rate {
            // Half up to tenths of a percent.
            system.at_most(&[(registered, 2 * rate - 1), (active, -2000)], 0);
            system.at_most(&[(active, 2000), (registered, -2 * rate - 1)], -1);
        }

        let (joined, left) = (system.variable(0, MANY), system.variable(0, MANY));
        match (self.months.last(), last) {
            (Some(before), Some(last)) => {
                system.equals(&[(before.registered, 1), (joined, 1), (left, -1), (registered, -1)], 0);
                // Whoever is still on the roster can be registered; of the leavers, the others were.
                system.at_most(&[(before.registered, 1), (left, -1)], last.roster - month.leavers);
                if let Some(change) = month.registered_change {
                    system.equals(&[(registered, 1), (before.registered, -1)], change);
                }
            }
            _ => system.equals(&[(joined, 1), (left, -1), (registered, -1)], 0),
        }

        self.hidden.extend([(joined, place, "joined"), (left, place, "left")]);
        // Where nobody is registered, nobody can be singled out; and of three employees no five numbers are possible.
        if month.registered != Word::Number(0) && (month.registered != Word::Nothing || month.roster > 3) {
            let told = [(month.registered, registered, "registered"), (month.active, active, "active")];
            let acts_told = (0..ACTS.len()).filter(|act| month.of_each[*act] > 0).map(|act| (month.acts[act], acts[act], "acts"));
            let of_cells = told.into_iter().chain(acts_told).filter(|(word, _, _)| !matches!(word, Word::Number(_)));
            self.hidden.extend(of_cells.map(|(_, variable, what)| (variable, place, what)));
            if month.acts[0] != Word::Number(0) {
                self.hidden.push((consulting, place, "consulting"));
            }
        }
        self.months.push(Unknown { registered, joined, left, active, consulting, acts });
    }

    fn add_up(&mut self, total: &Total, received: &Received) {
        let terms = |months: &[usize], factor: i64| -> Vec<(usize, i64)> {
            months.iter().map(|place| (self.months[*place].acts[total.act], factor)).collect()
        };
        let sum = terms(&total.months, 1);
        let changed = total.change.as_ref().map(|(previous, change)| ([terms(&total.months, 1), terms(previous, -1)].concat(), *change));
        let words: Vec<Word> = total.months.iter().map(|place| received.months[*place].acts[total.act]).collect();
        let few = words.iter().filter(|word| **word == Word::Few).count();
        let is_quiet = words.iter().all(|word| matches!(word, Word::Few | Word::Number(0)));
        match total.reads {
            Word::Number(number) => self.system.equals(&sum, number),
            Word::Few => {
                self.system.at_most(&sum, 9);
            }
            // The rule withholds a total that is too high, unless another one shares its months.
            Word::Nothing if is_quiet && !Self::shares(total, received) => {
                let least = if few == 3 { 22 } else { 10 };
                let negative: Vec<(usize, i64)> = sum.iter().map(|(variable, _)| (*variable, -1)).collect();
                self.system.at_most(&negative, -least);
            }
            Word::Nothing => {}
        }
        if let Some((terms, change)) = changed {
            self.system.equals(&terms, change);
        }
    }

    /// Whether a quarter that was told of earlier has a month of this one.
    fn shares(total: &Total, received: &Received) -> bool {
        let earlier = received.totals.iter().take_while(|other| other.months != total.months);
        earlier.filter(|other| other.months.len() == 3).any(|other| other.months.iter().any(|place| total.months.contains(place)))
    }

    fn possible(&self, random: &mut Random) -> Possible {
        let wanted: BTreeSet<usize> = self.hidden.iter().map(|(variable, _, _)| *variable).collect();
        self.system.possible(&wanted, POSSIBLE, random)
    }

    /// The hidden figures of which too little is possible.
    fn broken(&self, possible: &Possible) -> Vec<String> {
        let narrow = self.hidden.iter().filter(|(variable, _, _)| possible.values[*variable].len() < POSSIBLE);
        narrow.map(|(variable, place, what)| format!("{what} of month {place}: {:?}", possible.values[*variable])).collect()
    }

    /// The months of a solution, where everything that the contact knows is as it is.
    fn world(&self, solution: &[i64], truths: &[Truth]) -> Vec<Truth> {
        let mut before = 0;
        let month = |(unknown, truth): (&Unknown, &Truth)| {
            let [consultations, opened, entries] = unknown.acts.map(|act| solution[act]);
            let month = Truth {
                before,
                joined: solution[unknown.joined],
                left: solution[unknown.left],
                active: solution[unknown.active],
                consulting: solution[unknown.consulting],
                consultations,
                opened,
                entries,
                ..*truth
            };
            before = month.registered();
            assert_eq!(before, solution[unknown.registered]);
            month
        };
        self.months.iter().zip(truths).map(month).collect()
    }
}

#[test]
fn of_every_hidden_figure_five_numbers_stay_possible_over_thousands_of_histories() {
    let mut hidden = 0;
    for seed in 0..2000 {
        let mut random = Random::new(seed);
        let (truths, reports) = (company(&mut random), reports(random.one_in(4)));
        let received = receive(&truths, &reports, None);
        let attacker = Attacker::of(&received);
        let possible = attacker.possible(&mut random);
        assert_eq!(attacker.broken(&possible), [""; 0], "company {seed}: {received:#?}\nin truth {truths:#?}");
        for solution in &possible.solutions {
            let world = attacker.world(solution, &truths);
            assert!(receive(&world, &reports, None) == received, "company {seed}: the rule tells {world:#?} from {truths:#?}");
        }
        hidden += attacker.hidden.iter().filter(|(_, _, what)| !matches!(*what, "joined" | "left")).count();
    }
    // The histories are about something.
    assert!(hidden > 70_000, "{hidden}");
}

#[test]
fn a_service_that_makes_one_mistake_is_broken() {
    for slip in Slip::ALL {
        let broken = |seed: &u64| {
            let mut random = Random::new(*seed);
            let (truths, reports) = (company(&mut random), reports(random.one_in(4)));
            let received = receive(&truths, &reports, Some(slip));
            if received == receive(&truths, &reports, None) {
                return false;
            }
            let attacker = Attacker::of(&received);
            !attacker.broken(&attacker.possible(&mut random)).is_empty()
        };
        assert!((0..5000).any(|seed| broken(&seed)), "{slip:?} is of no use to the attacker");
    }
}
