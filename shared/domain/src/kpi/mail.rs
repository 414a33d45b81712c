//! How a report reads as a mail to a contact. The text part is complete: it has every number.

use super::{
    figures::Act,
    period::{Length, Occasion, Period},
    sheet::{Column, Sheet, Span},
    suppression::{Cell, Cells, Rate},
};
use crate::{
    mail::Mail,
    personal::{MailAddress, PersonName},
    phrase::Phrase,
    tenant::Plan,
    text::{Language, Text},
};

/// Contacts read Japanese.
const LANGUAGE: Language = Language::Ja;

/// The mail of a report to one contact.
pub fn mail(sheet: &Sheet, contact: &PersonName, to: MailAddress) -> Mail {
    let (subject, body) = words(sheet, contact, LANGUAGE);
    Mail::new(to, subject, body)
}

fn words(sheet: &Sheet, contact: &PersonName, language: Language) -> (String, String) {
    let period = words_of_period(sheet.report.period, language);
    let (tenant, contact, figures) = (sheet.tenant.clone(), contact.clone(), figures(sheet, language));
    let (subject, body) = match sheet.occasion {
        Occasion::Service => (Text::KpiMailSubject { period: period.clone() }, Text::KpiMailBody { tenant, contact, period, figures }),
        Occasion::Meeting => {
            (Text::KpiMeetingSubject { period: period.clone() }, Text::KpiMeetingBody { tenant, contact, period, figures })
        }
    };
    (language.say(&subject), language.say(&body))
}

fn words_of_period(period: Period, language: Language) -> String {
    language.say(&match period.length() {
        Length::Month => Text::PageMonth { month: period.first() },
        Length::Quarter => Text::KpiPeriod { first: period.first(), last: period.last() },
    })
}

/// All figures, block by block.
fn figures(sheet: &Sheet, language: Language) -> String {
    let has = |plan: Plan| sheet.plans.contains(&plan);
    let mut blocks = Vec::new();
    if has(Plan::EmployeeSupport) {
        blocks.extend(people(sheet, language));
    }
    blocks.push(acts(sheet, language));
    if sheet.this.columns.len() > 1 {
        let months = sheet.this.columns.iter().map(|column| month(sheet, column, language));
        let head = language.phrase(Phrase::KpiHeadMonths).to_owned();
        blocks.push([head].into_iter().chain(months).collect::<Vec<_>>().join("\n"));
    }
    if has(Plan::EmployeeSupport) {
        blocks.push(language.phrase(Phrase::KpiNotes).to_owned());
    }
    blocks.join("\n\n")
}

/// Who is registered and who was active in the last month, beside the last month of the period before.
fn people(sheet: &Sheet, language: Language) -> Option<String> {
    let last = sheet.this.last()?;
    let (now, before) = (&last.cells, sheet.previous.as_ref().and_then(|previous| previous.last()).map(|column| &column.cells));
    let compared = |what, cell: fn(&Cells) -> Cell| {
        let change = before.and_then(|before| cell(now).change_from(cell(before)));
        let value = |cells: &Cells| value(cell(cells), Unit::People, language);
        line(what, value(now), before.map(value), change.map(|change| Unit::People.change(change, language)), language)
    };
    let rate = |what, rate: fn(&Cells) -> Option<Rate>, of: fn(&Cells) -> [Option<Cell>; 2]| {
        let value = |cells: &Cells| value_of_rate(rate(cells), of(cells), language);
        line(what, value(now), before.map(value), None, language)
    };
    let people = |n: u32| Unit::People.of(n.to_string(), language);
    let grown = before.map(|before| Unit::People.change(i64::from(now.roster) - i64::from(before.roster), language));
    Some(
        [
            language.say(&Text::KpiHeadPeople { month: last.month }),
            line(Phrase::KpiRoster, people(now.roster), before.map(|before| people(before.roster)), grown, language),
            compared(Phrase::KpiRegistered, |cells| cells.registered),
            rate(Phrase::KpiRegistrationRate, Cells::registration_rate, |cells| [Some(cells.registered), None]),
            compared(Phrase::KpiActive, |cells| cells.active),
            rate(Phrase::KpiUsageRate, Cells::usage_rate, |cells| [Some(cells.registered), Some(cells.active)]),
        ]
        .join("\n"),
    )
}

/// What was done in all months together.
fn acts(sheet: &Sheet, language: Language) -> String {
    let (this, before) = (&sheet.this, sheet.previous_sums());
    let mut lines = vec![language.say(&Text::KpiHeadActs { period: words_of_period(sheet.report.period, language) })];
    let own = |what, now: u32, before: Option<u32>| {
        let times = |n: u32| Unit::Times.of(n.to_string(), language);
        let change = before.map(|before| Unit::Times.change(i64::from(now) - i64::from(before), language));
        line(what, times(now), before.map(times), change, language)
    };
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        for act in Act::ALL {
            if act == Act::ContentOpened
                && let Some(sent) = this.content_sent()
            {
                lines.push(own(Phrase::KpiContentSent, sent, before.and_then(Span::content_sent)));
            }
            let Some(now) = this.totals.get(&act).copied() else { continue };
            let before = before.and_then(|before| before.totals.get(&act).copied());
            let change = before.and_then(|before| now.change_from(before)).map(|change| Unit::Times.change(change, language));
            let before = before.map(|before| value(before, Unit::Times, language));
            lines.push(line(name(act), value(now, Unit::Times, language), before, change, language));
        }
    }
    if sheet.plans.contains(&Plan::InterviewSupport) {
        lines.push(own(Phrase::KpiInterviews, this.interviews(), before.map(Span::interviews)));
    }
    lines.join("\n")
}

/// One month in a line.
fn month(sheet: &Sheet, column: &Column, language: Language) -> String {
    let cells = &column.cells;
    let mut figures = Vec::new();
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        figures.push((Phrase::KpiRoster, Unit::People.of(cells.roster.to_string(), language)));
        figures.push((Phrase::KpiRegistered, value(cells.registered, Unit::People, language)));
        figures.push((Phrase::KpiActive, value(cells.active, Unit::People, language)));
        figures.extend(column.content_sent.map(|sent| (Phrase::KpiContentSent, Unit::Times.of(sent.to_string(), language))));
        figures.extend(cells.acts.iter().map(|(act, cell)| (name(*act), value(*cell, Unit::Times, language))));
    }
    if sheet.plans.contains(&Plan::InterviewSupport) {
        figures.push((Phrase::KpiInterviews, Unit::Times.of(column.interviews.to_string(), language)));
    }
    let figures = figures.into_iter().map(|(what, now)| language.say(&Text::KpiMonthFigure { what, now }));
    language.say(&Text::KpiMonthLine { month: column.month, figures: figures.collect::<Vec<_>>().join(" / ") })
}

const fn name(act: Act) -> Phrase {
    match act {
        Act::Consultations => Phrase::KpiConsultations,
        Act::ContentOpened => Phrase::KpiContentOpened,
        Act::EventEntries => Phrase::KpiEventEntries,
    }
}

/// What is counted.
#[derive(Clone, Copy)]
enum Unit {
    People,
    Times,
}

impl Unit {
    fn of(self, n: String, language: Language) -> String {
        language.say(&match self {
            Self::People => Text::KpiPeople { n },
            Self::Times => Text::KpiTimes { n },
        })
    }

    fn change(self, by: i64, language: Language) -> String {
        self.of(if by == 0 { "±0".to_owned() } else { format!("{by:+}") }, language)
    }
}

fn value(cell: Cell, unit: Unit, language: Language) -> String {
    cell.number().map_or_else(|| cell.words(language), |number| unit.of(number.to_string(), language))
}

/// A rate; of hidden figures it is hidden, and of nothing there is none.
fn value_of_rate(rate: Option<Rate>, of: [Option<Cell>; 2], language: Language) -> String {
    let is_hidden = of.into_iter().flatten().any(|cell| cell.number().is_none());
    match rate {
        Some(rate) => rate.to_string(),
        None if is_hidden => Cell::Withheld.words(language),
        None => language.phrase(Phrase::KpiNoRate).to_owned(),
    }
}

fn line(what: Phrase, now: String, before: Option<String>, change: Option<String>, language: Language) -> String {
    language.say(&match (before, change) {
        (None, _) => Text::KpiLine { what, now },
        (Some(before), None) => Text::KpiLineBefore { what, now, before },
        (Some(before), Some(change)) => Text::KpiLineChange { what, now, before, change },
    })
}

#[cfg(test)]
mod tests;
