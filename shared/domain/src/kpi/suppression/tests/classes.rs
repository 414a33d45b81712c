//! Every month and every quarter that matters, sorted by what the company reads: in each class, every hidden figure still has
//! enough numbers. No search and no chance: beyond the ranges here the rule only sees 10 or more.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// A figure's values among all truths that read the same.
type Values<const N: usize> = [BTreeSet<u32>; N];

fn note<const N: usize>(values: &mut Values<N>, truth: [u32; N]) {
    for (values, number) in values.iter_mut().zip(truth) {
        values.insert(number);
    }
}

#[test]
fn every_month_reads_like_enough_others() {
    // A member opens at most four consultations in a February and five in another month.
    for (of_each, roster) in [4, 5].into_iter().flat_map(|of_each| [4, 5, 7, 9, 10, 30].map(|roster| (of_each, roster))) {
        let mut classes: BTreeMap<[String; 3], Values<4>> = BTreeMap::new();
        for registered in 0..=roster.min(14) {
            for active in 0..=registered {
                for consultations in 0..=of_each * active {
                    let month = Counted { roster, ..counted("2027-02", registered, active, consultations) };
                    let class = classes.entry(row(&decide(&Frozen::new(month).unwrap()))).or_default();
                    for consulting in consultations.div_ceil(of_each)..=active.min(consultations) {
                        note(class, [registered, active, consultations, consulting]);
                    }
                }
            }
        }
        for (reads, values) in classes {
            let is_hidden = |place: usize| reads[place].parse::<u32>().is_err();
            let nobody_consults = reads[2] == "0";
            // That nobody is registered is shown, and then that nobody does anything is known.
            for (place, values) in values.iter().enumerate().filter(|_| reads[0] != "0") {
                let counts = if place == 3 { !nobody_consults } else { is_hidden(place) };
                assert!(!counts || values.len() >= POSSIBLE, "{roster} on the roster: {reads:?} leaves {values:?} at {place}");
            }
        }
    }
}

#[test]
fn every_quarter_reads_like_enough_others() {
    for active in [9, 20] {
        let mut classes: BTreeMap<Vec<String>, Values<3>> = BTreeMap::new();
        for number in 0..13_u32.pow(3) {
            let consultations = [number % 13, number / 13 % 13, number / 169];
            let names = ["2026-12", "2027-01", "2027-02"];
            let figures: Vec<Frozen> = names.iter().zip(consultations).map(|(name, number)| frozen(name, 50, active, number)).collect();
            let mut history = History::default();
            let total = told(history.show_period("2026-12/2027-02".parse().unwrap(), &figures).unwrap()[&Act::Consultations]);
            let mut reads: Vec<String> = figures.iter().map(|frozen| told(history.show(frozen).acts[&Act::Consultations])).collect();
            reads.push(total);
            note(classes.entry(reads).or_default(), consultations);
        }
        for (reads, values) in classes {
            let small = values.iter().zip(&reads).filter(|(_, reads)| *reads == "<10");
            for (values, _) in small {
                assert!(values.len() > POSSIBLE, "{reads:?} leaves {values:?}");
            }
        }
    }
}
