//! What a contact receives over ten months: mails of month 1, 4, 7 and 10, and for some the month's report each month.

use super::{
    Act, Cell, Cells, Frozen, History, Period,
    naive::{self, Slip},
    world::Truth,
};

/// How many consultations a member can open in a month, in February: a message within seven days goes on with the last one.
pub const CONSULTATIONS_OF_A_MEMBER: i64 = 4;

/// The acts, in the order of [`Month::acts`].
pub const ACTS: [Act; 3] = Act::ALL;

/// What stands in the place of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Number(i64),
    Few,
    Nothing,
}

impl From<Cell> for Word {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Shown(number) => Self::Number(u32::from(number).into()),
            Cell::Under10 => Self::Few,
            Cell::Withheld => Self::Nothing,
        }
    }
}

/// A month as the contact reads it, and what they know without being told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    pub roster: i64,
    pub leavers: i64,
    /// How often one member can do each of the acts.
    pub of_each: [i64; 3],
    pub registered: Word,
    pub active: Word,
    pub acts: [Word; 3],
    /// Tenths of a percent.
    pub usage_rate: Option<i64>,
    /// Against the month before.
    pub registered_change: Option<i64>,
}

/// The sum of an act over some months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Places of the months.
    pub months: Vec<usize>,
    pub act: usize,
    pub reads: Word,
    /// The change against the sum over these months.
    pub change: Option<(Vec<usize>, i64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub months: Vec<Month>,
    pub totals: Vec<Total>,
}

/// The places of the months that each report is about. The beginning of some contracts was corrected after the second report.
pub fn reports(corrected: bool) -> Vec<Vec<usize>> {
    let mut reports = vec![vec![0], vec![1, 2, 3], vec![4, 5, 6], vec![7, 8, 9]];
    if corrected {
        reports.extend([vec![2, 3, 4], vec![5, 6, 7]]);
    }
    reports
}

/// Everything that the contact reads of these months, where the service makes that mistake or none.
pub fn receive(truths: &[Truth], reports: &[Vec<usize>], slip: Option<Slip>) -> Received {
    let figures: Vec<Frozen> = truths.iter().map(Truth::frozen).collect();
    let mut history = History::default();
    let mut months: Vec<Month> = Vec::new();
    let mut before: Option<Cells> = None;
    for (truth, frozen) in truths.iter().zip(&figures) {
        let cells = history.show(frozen).clone();
        months.push(Month {
            roster: truth.roster,
            leavers: truth.leavers,
            of_each: [CONSULTATIONS_OF_A_MEMBER, truth.pieces, truth.events],
            registered: cells.registered.into(),
            active: cells.active.into(),
            acts: ACTS.map(|act| cells.acts[&act].into()),
            usage_rate: cells.usage_rate().map(|rate| i64::try_from(rate.permille()).unwrap()),
            registered_change: before.and_then(|before| cells.registered.change_from(before.registered)),
        });
        before = Some(cells);
    }
    let mut totals: Vec<Total> = Vec::new();
    for (number, places) in reports.iter().enumerate() {
        let period: Period = match places.as_slice() {
            [one] => truths[*one].name.to_string(),
            several => format!("{}/{}", truths[several[0]].name, truths[several[several.len() - 1]].name),
        }
        .parse()
        .unwrap();
        let shown = history.show_period(period, &figures).unwrap().clone();
        let previous = number.checked_sub(1).map(|number| reports[number].clone()).filter(|previous| previous.len() == places.len());
        for (act, key) in ACTS.iter().enumerate() {
            let former = previous.as_ref().and_then(|_| totals.iter().rev().nth(ACTS.len() - 1)).map(|total: &Total| total.reads);
            let reads = Word::from(shown[key]);
            let change = match (reads, former, &previous) {
                (Word::Number(now), Some(Word::Number(before)), Some(previous)) => Some((previous.clone(), now - before)),
                _ => None,
            };
            totals.push(Total { months: places.clone(), act, reads, change });
        }
    }
    let mut received = Received { months, totals };
    if let Some(slip) = slip {
        naive::spoil(&mut received, truths, slip);
    }
    received
}
