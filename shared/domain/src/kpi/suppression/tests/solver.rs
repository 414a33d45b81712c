//! Whole numbers under linear rules: which values can a number have? Exact: what it finds are whole solutions, and what it does not
//! find does not exist. It knows nothing of figures.

use std::collections::BTreeSet;

use super::world::Random;

/// The lowest and the highest value that a variable can have.
type Bounds = Vec<(i64, i64)>;

/// More steps than this, and a search would not end in a test's time.
const STEPS: u32 = 200_000;

/// The sum of factors times variables is at most `most`.
struct Rule {
    terms: Vec<(usize, i64)>,
    most: i64,
}

#[derive(Default)]
pub struct System {
    bounds: Bounds,
    rules: Vec<Rule>,
    /// The rules that speak of a variable.
    about: Vec<Vec<usize>>,
}

/// What is possible for each variable, as far as it was asked for, and solutions that show it.
pub struct Possible {
    pub values: Vec<BTreeSet<i64>>,
    /// Each has a value for every variable; each value of `values` is in one of them.
    pub solutions: Vec<Vec<i64>>,
}

impl System {
    pub fn variable(&mut self, lowest: i64, highest: i64) -> usize {
        self.bounds.push((lowest, highest));
        self.about.push(Vec::new());
        self.bounds.len() - 1
    }

    pub fn at_most(&mut self, terms: &[(usize, i64)], most: i64) {
        let terms: Vec<(usize, i64)> = terms.iter().copied().filter(|(_, factor)| *factor != 0).collect();
        for (variable, _) in &terms {
            self.about[*variable].push(self.rules.len());
        }
        self.rules.push(Rule { terms, most });
    }

    pub fn equals(&mut self, terms: &[(usize, i64)], sum: i64) {
        self.at_most(terms, sum);
        self.at_most(&terms.iter().map(|(variable, factor)| (*variable, -factor)).collect::<Vec<_>>(), -sum);
    }

    /// Up to `enough` possible values for each variable that is wanted.
    pub fn possible(&self, wanted: &BTreeSet<usize>, enough: usize, random: &mut Random) -> Possible {
        let mut bounds = self.bounds.clone();
        assert!(self.narrow(&mut bounds, (0..self.rules.len()).collect()), "what was told contradicts itself");
        let mut values = vec![BTreeSet::new(); bounds.len()];
        let parts = self.parts(&bounds);
        let mut solutions: Vec<Vec<Bounds>> = Vec::new();
        for part in &parts {
            let mut found: Vec<Bounds> = Vec::new();
            for variable in part.iter().filter(|variable| wanted.contains(variable)) {
                let (lowest, highest) = bounds[*variable];
                for value in random.turned(lowest, highest) {
                    if values[*variable].len() >= enough {
                        break;
                    }
                    if !values[*variable].contains(&value) {
                        found.extend(self.with(&bounds, *variable, value, part, random));
                        for variable in part {
                            values[*variable].extend(found.last().map(|solution| solution[*variable].0));
                        }
                    }
                }
            }
            if found.is_empty() {
                found.extend(self.solve(bounds.clone(), part, random, &mut 0));
            }
            assert!(!found.is_empty(), "what was told contradicts itself");
            solutions.push(found);
        }
        for (variable, (lowest, highest)) in bounds.iter().enumerate() {
            if lowest == highest {
                values[variable].insert(*lowest);
            }
        }
        Possible { values, solutions: joined(&bounds, &parts, &solutions) }
    }

    fn with(&self, bounds: &Bounds, variable: usize, value: i64, part: &[usize], random: &mut Random) -> Option<Bounds> {
        let mut bounds = bounds.clone();
        bounds[variable] = (value, value);
        if self.narrow(&mut bounds, self.about[variable].clone()) { self.solve(bounds, part, random, &mut 0) } else { None }
    }

    /// Variables that are not decided yet, in groups between which there is no rule.
    fn parts(&self, bounds: &Bounds) -> Vec<Vec<usize>> {
        let open = |variable: &usize| bounds[*variable].0 < bounds[*variable].1;
        let mut left: BTreeSet<usize> = (0..bounds.len()).filter(open).collect();
        let mut parts = Vec::new();
        while let Some(first) = left.pop_first() {
            let mut part = vec![first];
            let mut next = 0;
            while next < part.len() {
                for rule in &self.about[part[next]] {
                    part.extend(self.rules[*rule].terms.iter().map(|(variable, _)| *variable).filter(|variable| left.remove(variable)));
                }
                next += 1;
            }
            parts.push(part);
        }
        parts
    }

    /// A solution within the bounds for the variables of the part.
    fn solve(&self, bounds: Bounds, part: &[usize], random: &mut Random, steps: &mut u32) -> Option<Bounds> {
        *steps += 1;
        assert!(*steps < STEPS, "the search does not end");
        let open = part.iter().filter(|variable| bounds[**variable].0 < bounds[**variable].1);
        let Some(variable) = open.min_by_key(|variable| bounds[**variable].1 - bounds[**variable].0) else { return Some(bounds) };
        let (lowest, highest) = bounds[*variable];
        random.turned(lowest, highest).find_map(|value| {
            let mut bounds = bounds.clone();
            bounds[*variable] = (value, value);
            if self.narrow(&mut bounds, self.about[*variable].clone()) { self.solve(bounds, part, &mut random.fork(), steps) } else { None }
        })
    }

    /// Takes away what no solution can have; whether anything is left.
    fn narrow(&self, bounds: &mut Bounds, mut due: Vec<usize>) -> bool {
        while let Some(rule) = due.pop() {
            let Rule { terms, most } = &self.rules[rule];
            let least = |(variable, factor): &(usize, i64), bounds: &Bounds| {
                let (lowest, highest) = bounds[*variable];
                factor * if *factor > 0 { lowest } else { highest }
            };
            let spare = most - terms.iter().map(|term| least(term, bounds)).sum::<i64>();
            if spare < 0 {
                return false;
            }
            for term in terms {
                let (variable, factor) = *term;
                let reach = (spare + least(term, bounds)).div_euclid(factor.abs());
                let (lowest, highest) = bounds[variable];
                let narrowed = if factor > 0 { (lowest, highest.min(reach)) } else { (lowest.max(-reach), highest) };
                if narrowed != bounds[variable] {
                    bounds[variable] = narrowed;
                    due.extend(&self.about[variable]);
                }
            }
        }
        true
    }
}

/// Whole solutions, of which each uses one solution of each part.
fn joined(bounds: &Bounds, parts: &[Vec<usize>], solutions: &[Vec<Bounds>]) -> Vec<Vec<i64>> {
    let most = solutions.iter().map(Vec::len).max().unwrap_or(1);
    let whole = |number: usize| {
        let mut whole: Vec<i64> = bounds.iter().map(|(lowest, _)| *lowest).collect();
        for (part, solutions) in parts.iter().zip(solutions) {
            for variable in part {
                whole[*variable] = solutions[number % solutions.len()][*variable].0;
            }
        }
        whole
    };
    (0..most).map(whole).collect()
}

#[test]
fn the_solver_finds_what_is_possible_and_nothing_else() {
    let mut random = Random::new(1);
    let mut system = System::default();
    let [one, two, three] = [(); 3].map(|()| system.variable(1, 9));
    system.equals(&[(one, 1), (two, 1), (three, 1)], 25);
    let all = BTreeSet::from([one, two, three]);
    let possible = system.possible(&all, 9, &mut random);
    assert!(possible.values.iter().all(|values| *values == BTreeSet::from([7, 8, 9])));
    assert!(possible.solutions.iter().all(|solution| solution.iter().sum::<i64>() == 25));

    // Three times the one is twice the two: bounds alone do not see that only even numbers fit.
    let mut system = System::default();
    let [one, two] = [(); 2].map(|()| system.variable(1, 7));
    system.equals(&[(one, 3), (two, -2)], 0);
    let possible = system.possible(&BTreeSet::from([one, two]), 9, &mut random);
    assert_eq!(possible.values, [BTreeSet::from([2, 4]), BTreeSet::from([3, 6])]);
}
