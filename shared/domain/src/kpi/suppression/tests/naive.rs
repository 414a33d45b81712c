//! Mistakes that a service could make when it shows figures: the attacker has to profit from each.

use super::{
    contact::{Month, Received, Word},
    world::Truth,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// A total of 10 or more is shown, whatever its months read.
    Totals,
    /// Totals that share months with others are decided for themselves.
    OverlappingTotals,
    /// The change of a total is that of the true sums.
    ChangesOfTotals,
    /// The change of registered members is the true one.
    ChangesOfRegistered,
    /// The usage rate is the true one.
    Rates,
    /// 10 acts or more are shown, though fewer than 10 members were active.
    ActsOfFew,
    /// So many consultations are shown that nearly all active members must have consulted.
    ConsultationsOfAll,
    /// Small figures read 「10未満」 also where the roster has fewer than five rows.
    SmallRosters,
}

impl Slip {
    pub const ALL: [Self; 8] = [
        Self::Totals,
        Self::OverlappingTotals,
        Self::ChangesOfTotals,
        Self::ChangesOfRegistered,
        Self::Rates,
        Self::ActsOfFew,
        Self::ConsultationsOfAll,
        Self::SmallRosters,
    ];
}

fn acts(truth: &Truth) -> [i64; 3] {
    [truth.consultations, truth.opened, truth.entries]
}

fn sum(truths: &[Truth], months: &[usize], act: usize) -> i64 {
    months.iter().map(|place| acts(&truths[*place])[act]).sum()
}

/// Makes the mistake in what was received.
pub fn spoil(received: &mut Received, truths: &[Truth], slip: Slip) {
    for (month, truth) in received.months.iter_mut().zip(truths) {
        spoil_month(month, truth, slip);
    }
    for total in &mut received.totals {
        let truth = sum(truths, &total.months, total.act);
        let is_quiet = total.months.iter().all(|place| received.months[*place].acts[total.act] == Word::Few);
        if slip == Slip::Totals && truth >= 10 || slip == Slip::OverlappingTotals && is_quiet && (10..=21).contains(&truth) {
            total.reads = Word::Number(truth);
        }
        if slip == Slip::ChangesOfTotals && total.months.len() == 3 && total.months[0] > 3 {
            let previous: Vec<usize> = total.months.iter().map(|place| place - 3).collect();
            total.change = Some((previous.clone(), truth - sum(truths, &previous, total.act)));
        }
    }
}

fn spoil_month(month: &mut Month, truth: &Truth, slip: Slip) {
    let is_shown = |word: Word| matches!(word, Word::Number(_));
    if slip == Slip::Rates && is_shown(month.registered) && truth.registered() > 0 {
        month.usage_rate = Some((2000 * truth.active + truth.registered()) / (2 * truth.registered()));
    }
    if slip == Slip::ChangesOfRegistered {
        month.registered_change = Some(truth.registered() - truth.before);
    }
    if slip == Slip::ActsOfFew && month.active == Word::Few {
        for (word, number) in month.acts.iter_mut().zip(acts(truth)).filter(|(_, number)| *number >= 10) {
            *word = Word::Number(number);
        }
    }
    if slip == Slip::ConsultationsOfAll && is_shown(month.active) && month.acts[0] == Word::Nothing {
        month.acts[0] = Word::Number(truth.consultations);
    }
    if slip == Slip::SmallRosters && month.registered == Word::Nothing {
        month.registered = if truth.registered() == 0 { Word::Number(0) } else { Word::Few };
    }
}
