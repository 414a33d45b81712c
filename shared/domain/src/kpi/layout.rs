//! A report cell by cell, in the words in which everything that shows it does: text, HTML, page and charts. A number comes here only
//! out of a shown [`Cell`], or is the company's own.

use super::{
    figures::Act,
    period::{Length, Occasion, Period},
    sheet::{Column, Sheet, Span},
    suppression::{Cell, Cells, Rate},
};
use crate::{
    interview::month::Month,
    phrase::Phrase,
    tenant::Plan,
    text::{Language, Text},
};

/// A report, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The language of all words.
    pub language: Language,
    /// What is reported.
    pub period: Period,
    /// What it is, and of when.
    pub title: String,
    /// The figures of the whole period.
    pub blocks: Vec<Block>,
    /// Its months beside each other; `None` where there is only one.
    pub months: Option<Grid>,
    /// The months, those of the period before too, as pictures.
    pub charts: Vec<Chart>,
    /// What the words mean; `None` where there is nothing to explain.
    pub notes: Option<Phrase>,
}

/// Figures below a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What is counted, and when.
    pub title: String,
    /// The figures.
    pub rows: Vec<Row>,
}

impl Block {
    /// Whether a figure is compared with the one before.
    pub fn is_compared(&self) -> bool {
        self.rows.iter().any(|row| row.before.is_some())
    }
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub what: Phrase,
    /// How it is.
    pub now: String,
    /// How it was, where it is compared.
    pub before: Option<String>,
    /// The difference, where both are told.
    pub change: Option<String>,
}

/// Months beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The months, in order.
    pub months: Vec<Month>,
    /// Each figure, with its value in each month.
    pub rows: Vec<(Phrase, Vec<String>)>,
}

/// A bar chart: a group for each month, with a bar for each series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name in files and addresses.
    pub name: &'static str,
    /// What it shows.
    pub title: Phrase,
    /// What the bars of a group are.
    pub series: Vec<Phrase>,
    /// The months, in order.
    pub groups: Vec<Group>,
}

/// A month in a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub month: Month,
    /// One bar for each series.
    pub bars: Vec<Bar>,
}

/// A bar: without a number it has no length, and its words say why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// How long it is.
    pub number: Option<u32>,
    /// What stands beside it.
    pub words: String,
}

impl Chart {
    /// The same in words, for who does not see it.
    pub fn alt(&self, language: Language) -> String {
        let groups = self.groups.iter().map(|group| {
            let figures = self.series.iter().zip(&group.bars).map(|(what, bar)| (*what, bar.words.clone()));
            month_line(group.month, figures, language)
        });
        language.say(&Text::KpiChartAlt { title: self.title, figures: groups.collect::<Vec<_>>().join(" ") })
    }
}

impl Layout {
    /// Lays a report out.
    pub fn of(sheet: &Sheet, language: Language) -> Self {
        let has = |plan: Plan| sheet.plans.contains(&plan);
        let people = has(Plan::EmployeeSupport).then(|| people(sheet, language)).flatten();
        Self {
            language,
            period: sheet.report.period,
            title: title(sheet.occasion, sheet.report.period, language),
            blocks: people.into_iter().chain([acts(sheet, language)]).collect(),
            months: (sheet.this.columns.len() > 1).then(|| months(sheet, language)),
            charts: charts(sheet, language),
            notes: has(Plan::EmployeeSupport).then_some(Phrase::KpiNotes),
        }
    }
}

/// What a report is, and of when.
pub fn title(occasion: Occasion, reported: Period, language: Language) -> String {
    let period = period(reported, language);
    language.say(&match occasion {
        Occasion::Service => Text::KpiTitle { period },
        Occasion::Meeting => Text::KpiMeetingTitle { period },
    })
}

/// A period in words.
pub fn period(period: Period, language: Language) -> String {
    language.say(&match period.length() {
        Length::Month => Text::PageMonth { month: period.first() },
        Length::Quarter => Text::KpiPeriod { first: period.first(), last: period.last() },
    })
}

/// Who is registered and who was active in the last month, beside the last month of the period before.
fn people(sheet: &Sheet, language: Language) -> Option<Block> {
    let last = sheet.this.last()?;
    let (now, before) = (&last.cells, sheet.previous.as_ref().and_then(|previous| previous.last()).map(|column| &column.cells));
    let compared = |what, cell: fn(&Cells) -> Cell| {
        let change = before.and_then(|before| cell(now).change_from(cell(before)));
        let value = |cells: &Cells| value(cell(cells), Unit::People, language);
        Row { what, now: value(now), before: before.map(value), change: change.map(|change| Unit::People.change(change, language)) }
    };
    let rate = |what, rate: fn(&Cells) -> Option<Rate>, of: fn(&Cells) -> [Option<Cell>; 2]| {
        let value = |cells: &Cells| value_of_rate(rate(cells), of(cells), language);
        Row { what, now: value(now), before: before.map(value), change: None }
    };
    let rows = vec![
        own(Phrase::KpiRoster, Unit::People, now.roster, before.map(|before| before.roster), language),
        compared(Phrase::KpiRegistered, |cells| cells.registered),
        rate(Phrase::KpiRegistrationRate, Cells::registration_rate, |cells| [Some(cells.registered), None]),
        compared(Phrase::KpiActive, |cells| cells.active),
        rate(Phrase::KpiUsageRate, Cells::usage_rate, |cells| [Some(cells.registered), Some(cells.active)]),
    ];
    Some(Block { title: language.say(&Text::KpiHeadPeople { month: last.month }), rows })
}

/// What was done in all months together.
fn acts(sheet: &Sheet, language: Language) -> Block {
    let (this, before) = (&sheet.this, sheet.previous_sums());
    let mut rows = Vec::new();
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        for act in Act::ALL {
            if act == Act::ContentOpened
                && let Some(sent) = this.content_sent()
            {
                rows.push(own(Phrase::KpiContentSent, Unit::Times, sent, before.and_then(Span::content_sent), language));
            }
            let Some(now) = this.totals.get(&act).copied() else { continue };
            let before = before.and_then(|before| before.totals.get(&act).copied());
            let change = before.and_then(|before| now.change_from(before)).map(|change| Unit::Times.change(change, language));
            let before = before.map(|before| value(before, Unit::Times, language));
            rows.push(Row { what: act.phrase(), now: value(now, Unit::Times, language), before, change });
        }
    }
    if sheet.plans.contains(&Plan::InterviewSupport) {
        rows.push(own(Phrase::KpiInterviews, Unit::Times, this.interviews(), before.map(Span::interviews), language));
    }
    Block { title: language.say(&Text::KpiHeadActs { period: period(sheet.report.period, language) }), rows }
}

/// A figure that the company knows itself.
fn own(what: Phrase, unit: Unit, now: u32, before: Option<u32>, language: Language) -> Row {
    let words = |n: u32| unit.of(n.to_string(), language);
    let change = before.map(|before| unit.change(i64::from(now) - i64::from(before), language));
    Row { what, now: words(now), before: before.map(words), change }
}

/// A figure of a month, where the month had it.
type OfMonth = Box<dyn Fn(&Column) -> Option<Bar>>;

fn people_by_month(language: Language) -> Vec<(Phrase, OfMonth)> {
    let shown = move |cell: Cell| Some(Bar { number: cell.number(), words: value(cell, Unit::People, language) });
    vec![
        (Phrase::KpiRegistered, Box::new(move |column| shown(column.cells.registered))),
        (Phrase::KpiActive, Box::new(move |column| shown(column.cells.active))),
    ]
}

fn acts_by_month(sheet: &Sheet, language: Language) -> Vec<(Phrase, OfMonth)> {
    let mut figures: Vec<(Phrase, OfMonth)> = Vec::new();
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        for act in Act::ALL {
            let shown = move |cell: &Cell| Bar { number: cell.number(), words: value(*cell, Unit::Times, language) };
            figures.push((act.phrase(), Box::new(move |column| column.cells.acts.get(&act).map(shown))));
        }
    }
    if sheet.plans.contains(&Plan::InterviewSupport) {
        figures.push((Phrase::KpiInterviews, Box::new(move |column| Some(own_bar(Unit::Times, column.interviews, language)))));
    }
    figures
}

fn own_bar(unit: Unit, number: u32, language: Language) -> Bar {
    Bar { number: Some(number), words: unit.of(number.to_string(), language) }
}

fn months(sheet: &Sheet, language: Language) -> Grid {
    let mut figures: Vec<(Phrase, OfMonth)> = Vec::new();
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        figures.push((Phrase::KpiRoster, Box::new(move |column| Some(own_bar(Unit::People, column.cells.roster, language)))));
        figures.extend(people_by_month(language));
        let sent = move |column: &Column| column.content_sent.map(|sent| own_bar(Unit::Times, sent, language));
        figures.push((Phrase::KpiContentSent, Box::new(sent)));
    }
    figures.extend(acts_by_month(sheet, language));
    let columns = &sheet.this.columns;
    let rows = groups_of(&figures, columns.iter(), language).map(|(what, bars)| (what, bars.into_iter().map(|bar| bar.words).collect()));
    Grid { months: columns.iter().map(|column| column.month).collect(), rows: rows.collect() }
}

/// Each figure that a month had, with its bar in each.
fn groups_of<'a>(
    figures: &'a [(Phrase, OfMonth)],
    columns: impl Iterator<Item = &'a Column> + Clone + 'a,
    language: Language,
) -> impl Iterator<Item = (Phrase, Vec<Bar>)> + 'a {
    figures.iter().filter_map(move |(what, figure)| {
        let bars: Vec<Option<Bar>> = columns.clone().map(figure).collect();
        let nothing = || Bar { number: None, words: language.phrase(Phrase::KpiNothing).to_owned() };
        bars.iter().any(Option::is_some).then(|| (*what, bars.into_iter().map(|bar| bar.unwrap_or_else(nothing)).collect()))
    })
}

fn charts(sheet: &Sheet, language: Language) -> Vec<Chart> {
    let mut charts = Vec::new();
    if sheet.plans.contains(&Plan::EmployeeSupport) {
        charts.push(chart("people", Phrase::KpiChartPeople, &people_by_month(language), sheet, language));
    }
    charts.push(chart("acts", Phrase::KpiChartActs, &acts_by_month(sheet, language), sheet, language));
    charts
}

fn chart(name: &'static str, title: Phrase, figures: &[(Phrase, OfMonth)], sheet: &Sheet, language: Language) -> Chart {
    let columns = sheet.previous.iter().chain([&sheet.this]).flat_map(|span| &span.columns);
    let figures: Vec<(Phrase, Vec<Bar>)> = groups_of(figures, columns.clone(), language).collect();
    let bars_of = |place: usize| figures.iter().filter_map(|(_, bars)| bars.get(place).cloned()).collect();
    let groups = columns.enumerate().map(|(place, column)| Group { month: column.month, bars: bars_of(place) }).collect();
    Chart { name, title, series: figures.into_iter().map(|(what, _)| what).collect(), groups }
}

/// The figures of a month in a line.
pub fn month_line(month: Month, figures: impl Iterator<Item = (Phrase, String)>, language: Language) -> String {
    let figures = figures.map(|(what, now)| language.say(&Text::KpiMonthFigure { what, now }));
    language.say(&Text::KpiMonthLine { month, figures: figures.collect::<Vec<_>>().join(" / ") })
}

impl Act {
    const fn phrase(self) -> Phrase {
        match self {
            Self::Consultations => Phrase::KpiConsultations,
            Self::ContentOpened => Phrase::KpiContentOpened,
            Self::EventEntries => Phrase::KpiEventEntries,
        }
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
        // A minus is as wide as the plus above it.
        self.of(if by == 0 { "±0".to_owned() } else { format!("{by:+}").replace('-', "−") }, language)
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
        None => language.phrase(Phrase::KpiNothing).to_owned(),
    }
}
