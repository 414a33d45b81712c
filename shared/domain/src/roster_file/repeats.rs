//! Numbers that a file has twice, found with little memory: first the hashes of all, then the rows of the few suspects.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use super::{Code, Column, Entry, Finding, Says};
use crate::personal::{EmployeeNumber, PersonName};

/// The same hash in every run.
type Fixed = BuildHasherDefault<DefaultHasher>;

fn hash(number: &EmployeeNumber) -> u64 {
    Fixed::default().hash_one(number)
}

/// Every number that went by, in eight bytes each.
#[derive(Debug, Clone, Default)]
pub struct Numbers(Vec<u64>);

impl Numbers {
    /// Takes the number of one more entry.
    pub fn note(&mut self, number: &EmployeeNumber) {
        self.0.push(hash(number));
    }

    /// The numbers that may have come twice.
    pub fn suspects(mut self) -> Suspects {
        self.0.sort_unstable();
        let mut twice: Vec<u64> = self.0.array_windows().filter(|[a, b]| a == b).map(|[a, _]| *a).collect();
        twice.dedup();
        Suspects(twice)
    }
}

/// Numbers of which two entries have the same hash: those that come twice, and, once in many million files, one more.
#[derive(Debug, Clone)]
pub struct Suspects(Vec<u64>);

impl Suspects {
    /// Whether no number comes twice.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the number is one of them.
    pub fn may_hold(&self, number: &EmployeeNumber) -> bool {
        self.0.binary_search(&hash(number)).is_ok()
    }
}

/// The rows of one number so far.
#[derive(Default)]
struct Rows<'a> {
    seen: HashSet<(&'a PersonName, Says), Fixed>,
    joins: bool,
    leaves: bool,
}

impl<'a> Rows<'a> {
    /// Adds a row, and says how it repeats the earlier ones.
    fn add(&mut self, entry: &'a Entry) -> Option<Code> {
        let first = self.seen.is_empty();
        if !self.seen.insert((&entry.name, entry.says)) {
            return Some(Code::RowTwice);
        }
        let (joins, leaves) = (matches!(entry.says, Says::Joins { .. }), matches!(entry.says, Says::Leaves { .. }));
        let opposed = joins && self.leaves || leaves && self.joins;
        self.joins |= joins;
        self.leaves |= leaves;
        match (first, opposed) {
            (true, _) => None,
            (false, true) => Some(Code::JoinsAndLeaves),
            (false, false) => Some(Code::NumberTwice),
        }
    }
}

/// What is not in order among all entries of the suspected numbers, in the order of the file: each entry is held against the
/// earlier ones of its number, and told once.
pub fn repeated(entries: &[Entry]) -> Vec<Finding> {
    let mut numbers: HashMap<&EmployeeNumber, Rows<'_>, Fixed> = HashMap::default();
    let judged = entries.iter().filter_map(|entry| {
        let code = numbers.entry(&entry.number).or_default().add(entry)?;
        Some(Finding { line: Some(entry.line), column: Some(Column::Number), position: None, code })
    });
    judged.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::employee::{parse_name, parse_number};

    fn entry(line: u32, number: &str, name: &str, says: Says) -> Entry {
        Entry { line, number: parse_number(number, None).unwrap(), name: parse_name(name).unwrap(), says }
    }

    #[test]
    fn an_entry_is_held_against_the_earlier_ones_of_its_number() {
        let day = "2027-01-31".parse().unwrap();
        let (joins, leaves) = (Says::Joins { on: None }, Says::Leaves { on: day });
        let entries = [
            entry(2, "1", "王", joins),
            entry(3, "2", "王", joins),
            entry(4, "1", "王", joins),
            entry(5, "1", "李", joins),
            entry(6, "1", "王", leaves),
            entry(7, "2", "王", Says::Stays),
            entry(8, "1", "李", joins),
        ];
        let told: Vec<_> = repeated(&entries).iter().map(|finding| (finding.line.unwrap(), finding.code)).collect();
        assert_eq!(
            told,
            [(4, Code::RowTwice), (5, Code::NumberTwice), (6, Code::JoinsAndLeaves), (7, Code::NumberTwice), (8, Code::RowTwice),]
        );
    }

    proptest! {
        #[test]
        fn every_number_that_comes_twice_is_suspected(numbers in prop::collection::vec(0..200_u32, 0..100)) {
            let numbers: Vec<_> = numbers.iter().map(|number| parse_number(&number.to_string(), None).unwrap()).collect();
            let mut noted = Numbers::default();
            let mut once = BTreeSet::new();
            let twice: BTreeSet<_> = numbers.iter().filter(|number| !once.insert(*number)).collect();
            for number in &numbers {
                noted.note(number);
            }
            let suspects = noted.suspects();
            prop_assert_eq!(suspects.is_empty(), twice.is_empty());
            for number in &numbers {
                prop_assert_eq!(suspects.may_hold(number), twice.contains(number));
            }
        }
    }
}
