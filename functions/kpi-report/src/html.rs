//! A report as the HTML part of a mail. Tables and inline styles only, and nothing from elsewhere: Outlook draws with Word's engine,
//! Gmail drops style sheets, and a phone shows it in the width that it has.

use domain::{
    kpi::{
        layout::{Block, Chart, Grid, Layout},
        mail::Letter,
    },
    mail::Picture,
    phrase::Phrase,
    text::Text,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const FONTS: &str = "font-family:'Hiragino Sans','Yu Gothic UI',Meiryo,sans-serif;color:#1d2730";
/// Outlook takes no `max-width`: it gets a table of that width around everything.
const OUTLOOK_OPENS: &str = "<!--[if mso]><table role=\"presentation\" width=\"640\" align=\"center\"><tr><td><![endif]-->";
const OUTLOOK_CLOSES: &str = "<!--[if mso]></td></tr></table><![endif]-->";
const CELL: &str = "padding:8px 6px;border-bottom:1px solid #d5dce2;font-size:14px;line-height:1.5";
const HEAD: &str = "padding:8px 6px;border-bottom:2px solid #9aa5af;font-size:12px;line-height:1.5;color:#56636f";

/// Writes it; `pictures` are those of the layout's charts, in the same order.
pub fn html(letter: &Letter, layout: &Layout, pictures: &[Picture]) -> String {
    let say = |phrase| layout.language.phrase(phrase);
    let page = html! {
        (DOCTYPE)
        html lang=(layout.language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light";
                title { (letter.subject) }
            }
            body style="margin:0;padding:0;background:#ffffff" {
                (PreEscaped(OUTLOOK_OPENS))
                div style={ "max-width:640px;margin:0 auto;padding:16px;font-size:15px;line-height:1.7;" (FONTS) } {
                    (paragraphs(&letter.opening))
                    @for block in &layout.blocks { (self::block(block, &say)) }
                    @if let Some(grid) = &layout.months { (self::grid(grid, layout, &say)) }
                    @for (chart, picture) in layout.charts.iter().zip(pictures) { (self::chart(chart, picture, layout)) }
                    @if let Some(notes) = layout.notes {
                        p style="margin:16px 0;font-size:13px;color:#56636f" { (lines(say(notes))) }
                    }
                    (paragraphs(&letter.closing))
                }
                (PreEscaped(OUTLOOK_CLOSES))
            }
        }
    };
    page.into_string()
}

fn title(title: &str) -> Markup {
    html! { h2 style="margin:24px 0 8px;padding:4px 0 4px 10px;border-left:5px solid #0b6b57;font-size:16px;line-height:1.4" { (title) } }
}

/// Where the first value is the one that matters, it stands out.
fn table(heads: &[String], first_stands_out: bool, rows: impl Iterator<Item = (&'static str, Vec<String>)>) -> Markup {
    let align = |place: usize| if place == 0 { "left" } else { "right" };
    html! {
        table cellpadding="0" cellspacing="0" border="0" width="100%" style={ "width:100%;border-collapse:collapse;" (FONTS) } {
            tr {
                @for (place, head) in heads.iter().enumerate() {
                    th scope="col" align=(align(place)) valign="bottom" style={ (HEAD) ";text-align:" (align(place)) } { (head) }
                }
            }
            @for (what, values) in rows {
                tr {
                    th scope="row" align="left" valign="top" style={ (CELL) ";text-align:left;font-weight:normal" } { (what) }
                    @for (place, value) in values.iter().enumerate() {
                        td align="right" valign="top" style={ (CELL) ";text-align:right;white-space:nowrap" @if first_stands_out && place == 0 { ";font-weight:bold" } } {
                            (value)
                        }
                    }
                }
            }
        }
    }
}

fn block(block: &Block, say: &impl Fn(Phrase) -> &'static str) -> Markup {
    let mut heads = vec![say(Phrase::KpiColumnWhat).to_owned(), say(Phrase::KpiColumnNow).to_owned()];
    if block.is_compared() {
        heads.extend([say(Phrase::KpiColumnBefore).to_owned(), say(Phrase::KpiColumnChange).to_owned()]);
    }
    let or_nothing = |value: &Option<String>| value.clone().unwrap_or_else(|| say(Phrase::KpiNothing).to_owned());
    let rows = block.rows.iter().map(|row| {
        let mut values = vec![row.now.clone()];
        if block.is_compared() {
            values.extend([or_nothing(&row.before), or_nothing(&row.change)]);
        }
        (say(row.what), values)
    });
    html! { (title(&block.title)) (table(&heads, true, rows)) }
}

fn grid(grid: &Grid, layout: &Layout, say: &impl Fn(Phrase) -> &'static str) -> Markup {
    let mut heads = vec![say(Phrase::KpiColumnWhat).to_owned()];
    heads.extend(grid.months.iter().map(|month| layout.language.say(&Text::PageMonth { month: *month })));
    let rows = grid.rows.iter().map(|(what, values)| (say(*what), values.clone()));
    html! { (title(say(Phrase::KpiHeadMonths))) (table(&heads, false, rows)) }
}

fn chart(chart: &Chart, picture: &Picture, layout: &Layout) -> Markup {
    html! {
        (title(layout.language.phrase(chart.title)))
        img src={ "cid:" (picture.content_id()) } alt=(chart.alt(layout.language)) width="600"
            style="display:block;width:100%;max-width:600px;height:auto;border:0";
    }
}

/// A paragraph for each block, a link for a line that is one.
fn paragraphs(text: &str) -> Markup {
    html! { @for block in text.split("\n\n") { p style="margin:0 0 16px" { (lines(block)) } } }
}

fn lines(text: &str) -> Markup {
    html! {
        @for (place, line) in text.lines().enumerate() {
            @if place > 0 { br; }
            @if line.starts_with("https://") || line.starts_with("http://") {
                a href=(line) style="color:#0b6b57;word-break:break-all" { (line) }
            } @else {
                (line)
            }
        }
    }
}
