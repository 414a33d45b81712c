//! How a report reads as a mail to a contact: the words around it, and the text part, which is complete: it has every number.

use super::{
    layout::{Layout, month_line, period},
    period::Occasion,
    sheet::Sheet,
};
use crate::{personal::PersonName, phrase::Phrase, text::Text};

/// The words around the figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: String,
    /// What stands before the figures.
    pub opening: String,
    /// What stands behind them.
    pub closing: String,
}

impl Letter {
    /// The letter to a contact; `link` opens the page on the report.
    pub fn of(sheet: &Sheet, layout: &Layout, contact: &PersonName, link: &str) -> Self {
        let language = layout.language;
        let (tenant, contact, period) = (sheet.tenant.clone(), contact.clone(), period(sheet.report.period, language));
        let opening = match sheet.occasion {
            Occasion::Service => Text::KpiMailOpening { tenant, contact, period },
            Occasion::Meeting => Text::KpiMeetingOpening { tenant, contact, period },
        };
        Self {
            subject: language.say(&Text::KpiMailSubject { title: layout.title.clone() }),
            opening: language.say(&opening),
            closing: language.say(&Text::KpiMailClosing { link: link.to_owned() }),
        }
    }
}

/// The text part.
pub fn text(letter: &Letter, layout: &Layout) -> String {
    let language = layout.language;
    let head = |title: &str| language.say(&Text::KpiHead { title: title.to_owned() });
    let mut blocks = vec![letter.opening.clone()];
    for block in &layout.blocks {
        let rows = block.rows.iter().map(|row| {
            let (what, now) = (row.what, row.now.clone());
            language.say(&match (row.before.clone(), row.change.clone()) {
                (None, _) => Text::KpiLine { what, now },
                (Some(before), None) => Text::KpiLineBefore { what, now, before },
                (Some(before), Some(change)) => Text::KpiLineChange { what, now, before, change },
            })
        });
        blocks.push(lines(head(&block.title), rows));
    }
    if let Some(grid) = &layout.months {
        let months = grid.months.iter().enumerate().map(|(place, month)| {
            let figures = grid.rows.iter().filter_map(|(what, values)| Some((*what, values.get(place)?.clone())));
            language.say(&Text::KpiItem { line: month_line(*month, figures, language) })
        });
        blocks.push(lines(head(language.phrase(Phrase::KpiHeadMonths)), months));
    }
    blocks.extend(layout.notes.map(|notes| language.phrase(notes).to_owned()));
    blocks.push(letter.closing.clone());
    blocks.join("\n\n")
}

fn lines(head: String, lines: impl Iterator<Item = String>) -> String {
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
