//! How a cell reads.

use super::Cell;
use crate::{phrase::Phrase, text::Language};

impl Cell {
    /// What stands in its place in a report.
    pub fn words(self, language: Language) -> String {
        match self {
            Self::Shown(number) => u32::from(number).to_string(),
            Self::Under10 => language.phrase(Phrase::KpiUnder10).to_owned(),
            Self::Withheld => language.phrase(Phrase::KpiWithheld).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_reads_as_its_number_or_that_it_is_small_or_that_nothing_is_said() {
        for (cell, ja, en) in [
            (Cell::alone(0), "0", "0"),
            (Cell::alone(1), "10未満", "Fewer than 10"),
            (Cell::alone(9), "10未満", "Fewer than 10"),
            (Cell::alone(10), "10", "10"),
            (Cell::Withheld, "非表示", "Not shown"),
        ] {
            assert_eq!((cell.words(Language::Ja).as_str(), cell.words(Language::En).as_str()), (ja, en));
        }
    }
}
