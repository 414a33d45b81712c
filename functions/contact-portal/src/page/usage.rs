//! What the service is used for: the reports that went out by mail, each as a page that is made for printing too.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{allowance::Totals, slot::Slot},
    kpi::{
        layout::{Block, Chart, Grid, Layout, period, title},
        period::{Occasion, Period, path},
    },
    phrase::Phrase,
    text::Text,
};

use super::{Portal, say};
use crate::LANGUAGE;

/// What a report for the regular meeting has beside the figures (row D7).
pub struct Pack {
    /// What the month's interviews used, as the ledger stands now.
    pub used: Totals,
    /// The interviews that are planned in the month after, the earliest first; nothing of who comes.
    pub planned: Vec<Slot>,
    /// As of when.
    pub now: DateTime<Utc>,
}

/// The list, the newest first.
pub fn reports(portal: &Portal, sent: &BTreeSet<(Occasion, Period)>) -> Markup {
    let mut newest: Vec<_> = sent.iter().copied().collect();
    newest.sort_by_key(|(occasion, period)| std::cmp::Reverse((period.last(), *occasion)));
    html! {
        h1 { (say(Phrase::UsageTitle)) }
        section {
            @if newest.is_empty() {
                p { (say(Phrase::UsageNone)) }
            } @else {
                ul.reports {
                    @for (occasion, period) in newest {
                        li { a href={ (portal.base) "/" (path(occasion, period.first())) } { (title(occasion, period, LANGUAGE)) } }
                    }
                }
            }
        }
        p.quiet { (say(Phrase::UsageWhen)) }
    }
}

/// A report.
pub fn report(portal: &Portal, company: &str, layout: &Layout, pack: Option<&Pack>) -> Markup {
    html! {
        p.back { a href={ (portal.base) "/reports" } { (say(Phrase::UsageBack)) } }
        h1 { (layout.title) }
        p.company { (company) }
        @for block in &layout.blocks { (figures(block)) }
        @if let Some(grid) = &layout.months { (months(grid)) }
        @for chart in &layout.charts { (self::chart(chart)) }
        @if let Some(pack) = pack { (self::pack(layout, pack)) }
        @if let Some(notes) = layout.notes { p.quiet.notes { (say(notes)) } }
        p.quiet.back { (say(Phrase::UsagePrint)) }
    }
}

fn figures(block: &Block) -> Markup {
    let nothing = || say(Phrase::KpiNothing).to_owned();
    html! {
        section {
            h2 { (block.title) }
            table.figures {
                thead {
                    tr {
                        th scope="col" { (say(Phrase::KpiColumnWhat)) }
                        th scope="col" { (say(Phrase::KpiColumnNow)) }
                        @if block.is_compared() {
                            th scope="col" { (say(Phrase::KpiColumnBefore)) }
                            th scope="col" { (say(Phrase::KpiColumnChange)) }
                        }
                    }
                }
                tbody {
                    @for row in &block.rows {
                        tr {
                            th scope="row" { (say(row.what)) }
                            td { strong { (row.now) } }
                            @if block.is_compared() {
                                td { (row.before.clone().unwrap_or_else(nothing)) }
                                td { (row.change.clone().unwrap_or_else(nothing)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn months(grid: &Grid) -> Markup {
    html! {
        section {
            h2 { (say(Phrase::KpiHeadMonths)) }
            table.figures {
                thead {
                    tr {
                        th scope="col" { (say(Phrase::KpiColumnWhat)) }
                        @for month in &grid.months { th scope="col" { (LANGUAGE.say(&Text::PageMonth { month: *month })) } }
                    }
                }
                tbody {
                    @for (what, values) in &grid.rows {
                        tr { th scope="row" { (say(*what)) } @for value in values { td { (value) } } }
                    }
                }
            }
        }
    }
}

fn chart(chart: &Chart) -> Markup {
    html! { section.chart { h2 { (say(chart.title)) } (::chart::svg(chart, LANGUAGE)) } }
}

fn pack(layout: &Layout, pack: &Pack) -> Markup {
    let used = pack.used;
    let counts = [
        (Phrase::BookingTotalBase, used.base),
        (Phrase::BookingTotalCarriedIn, used.carried_in),
        (Phrase::BookingTotalExtra, used.extra),
        (Phrase::BookingTotalCarriedOver, used.carried_over),
        (Phrase::BookingTotalLapsed, used.lapsed),
    ];
    let (used, planned) = (period(layout.period, LANGUAGE), LANGUAGE.say(&Text::PageMonth { month: layout.period.last().next() }));
    html! {
        section {
            h2 { (LANGUAGE.say(&Text::UsageLedger { period: used })) }
            dl.counts { @for (label, count) in counts { div { dt { (say(label)) } dd { (count) } } } }
        }
        section {
            h2 { (LANGUAGE.say(&Text::UsagePlanned { period: planned })) }
            @if pack.planned.is_empty() {
                p { (say(Phrase::UsageNothingPlanned)) }
            } @else {
                ul { @for slot in &pack.planned { li { (LANGUAGE.say(&Text::PageSlot { slot: *slot })) } } }
            }
        }
        p.quiet { (LANGUAGE.say(&Text::UsageAsOf { at: pack.now })) }
    }
}
