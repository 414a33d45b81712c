//! Charts of reports, drawn as SVG: pages show it as it is, mails the picture that is made of it.
//!
//! Bars lie, one below the other with their figures beside them, because most contacts read on a phone: so a hidden figure has room
//! for its words, and nothing is read off an axis.

use maud::{Markup, html};

use domain::{
    kpi::layout::{Chart, Group},
    text::{Language, Text},
};

/// Units that a chart is wide; as a picture, pixels. Mails show it at half of that or less.
pub const WIDTH: u32 = 1200;
/// The font that pictures are drawn with; where a page's reader has not got it, another one.
pub const FONT: &str = "BIZ UDPGothic";

/// Height of the line with the series.
const HEAD: u32 = 84;
/// A bar with the space below it.
const BAR: u32 = 60;
/// The bar itself.
const THICK: u32 = 44;
/// The space between months.
const GAP: u32 = 32;
/// Where bars begin: left of it are the months.
const LEFT: u32 = 290;
/// The longest bar; right of it is room for its figure.
const LONGEST: u32 = 690;
/// Size of the letters: a phone shows a third of it.
const LETTERS: u32 = 38;
/// What shorter bars are measured with, so that a few do not look like many.
const LEAST_SCALE: u32 = 10;
/// One colour for each series, told apart without seeing red or green; white letters would be readable on each.
const COLOURS: [&str; 4] = ["#0b6b57", "#b85c00", "#3b5ba9", "#7a4a7a"];
const INK: &str = "#1d2730";
const QUIET: &str = "#56636f";

/// Draws it.
pub fn svg(chart: &Chart, language: Language) -> Markup {
    let bars = u32::try_from(chart.series.len()).unwrap_or_default();
    let group_height = bars * BAR + GAP;
    let groups = u32::try_from(chart.groups.len()).unwrap_or_default();
    let height = HEAD + groups * group_height;
    let numbers = chart.groups.iter().flat_map(|group| &group.bars).filter_map(|bar| bar.number);
    let scale = numbers.max().unwrap_or_default().max(LEAST_SCALE);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img"
            aria-label=(chart.alt(language)) font-family={ "'" (FONT) "', sans-serif" } font-size=(LETTERS) fill=(INK) {
            rect width=(WIDTH) height=(height) fill="#ffffff" {}
            (legend(chart, language))
            line x1=(LEFT) y1=(HEAD) x2=(LEFT) y2=(height - GAP / 2) stroke="#9aa5af" stroke-width="3" {}
            @for (group, top) in chart.groups.iter().zip((HEAD + GAP / 2..).step_by(group_height as usize)) {
                (month(group, top, scale, language))
            }
        }
    }
}

/// What the colours mean, as wide as the words may be.
fn legend(chart: &Chart, language: Language) -> Markup {
    let width = WIDTH / u32::try_from(chart.series.len().max(1)).unwrap_or(1);
    html! {
        @for (place, (what, colour)) in (0_u32..).zip(chart.series.iter().zip(COLOURS)) {
            rect x=(place * width + 8) y="22" width="36" height="36" rx="6" fill=(colour) {}
            text x=(place * width + 58) y="54" { (language.phrase(*what)) }
        }
    }
}

fn month(group: &Group, top: u32, scale: u32, language: Language) -> Markup {
    let bars = u32::try_from(group.bars.len()).unwrap_or_default();
    html! {
        text x=(LEFT - 24) y=(top + (bars * BAR - (BAR - THICK)) / 2 + LETTERS / 3) text-anchor="end" {
            (language.say(&Text::PageMonth { month: group.month }))
        }
        @for (place, (bar, colour)) in (0_u32..).zip(group.bars.iter().zip(COLOURS)) {
            @let y = top + place * BAR;
            @let length = bar.number.map(|number| number * LONGEST / scale);
            @if let Some(length) = length { rect x=(LEFT) y=(y) width=(length) height=(THICK) fill=(colour) {} }
            text x=(LEFT + length.unwrap_or_default() + 18) y=(y + THICK - LETTERS / 4) fill=[length.is_none().then_some(QUIET)] { (bar.words) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{kpi::layout::Bar, phrase::Phrase};

    use super::*;

    fn chart(bars: &[(Option<u32>, &str)]) -> String {
        let bars = bars.iter().map(|(number, words)| Bar { number: *number, words: (*words).to_owned() }).collect();
        let groups = vec![Group { month: "2026-11".parse().unwrap(), bars }];
        let chart = Chart { name: "people", title: Phrase::KpiChartPeople, series: vec![Phrase::KpiRegistered, Phrase::KpiActive], groups };
        svg(&chart, Language::Ja).into_string()
    }

    #[test]
    fn bars_are_as_long_as_their_numbers_and_what_is_hidden_has_none() {
        let svg = chart(&[(Some(40), "40名"), (Some(20), "20名")]);
        assert!(svg.contains("width=\"690\"") && svg.contains("width=\"345\""), "{svg}");
        let svg = chart(&[(Some(12), "12名"), (None, "10未満")]);
        assert_eq!(svg.matches("<rect").count(), 1 + 2 + 1, "background, legend and one bar: {svg}");
        assert!(svg.contains(">10未満</text>") && svg.contains("登録者数 12名 / 利用者数 10未満"), "{svg}");
    }

    #[test]
    fn nothing_at_all_is_drawn_without_a_bar_of_full_length() {
        let svg = chart(&[(Some(0), "0名"), (Some(0), "0名")]);
        assert!(svg.contains("width=\"0\"") && !svg.contains("width=\"690\""), "{svg}");
    }
}
