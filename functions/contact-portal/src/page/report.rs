//! A report as a page, and as a part of one. It tells where something is and of what kind, as the report does: no cell of the file.

use maud::{Markup, html};

use domain::{
    phrase::Phrase,
    roster_file::{Finding, Kind, Severity},
    roster_report::{Outcome, Report},
    text::{Language, Text},
};

use web::Page;

/// The page behind the link in a mail; `token` is the last part of its own address, below which its files are. What needs more than
/// the link is done on the contacts' own pages below `portal`.
pub fn report(language: Language, report: &Report, token: &str, portal: &str) -> Page<'static> {
    let say = |phrase| language.phrase(phrase);
    let title = say(Phrase::ReportTitle);
    let main = html! {
        h1 { (title) }
        p.result.(class(report.outcome)) { (say(result(report.outcome))) }
        section aria-labelledby="next" {
            h2 id="next" { (say(Phrase::NextTitle)) }
            p { (say(next(report))) }
            @if report.missing > 0 && report.warnings > 0 && report.outcome == Outcome::Applied {
                p { (say(Phrase::NextMissing)) }
            }
            @if report.outcome == Outcome::Waiting {
                p { a.button href={ (portal) "/deliveries/" (report.import) } { (say(Phrase::RosterSignInToConfirm)) } }
            } @else if report.missing > 0 && report.outcome == Outcome::Applied {
                p { a.button href={ (portal) "/deliveries/" (report.import) } { (say(Phrase::RosterSignIn)) } }
            }
        }
        (counts_and_findings(language, report, token))
        p.quiet { (language.say(&Text::PageReadableUntil { until: report.readable_until() })) }
    };
    Page::plain(language, title, main)
}

/// What a file brought or would bring, and what is not in order in it; its files are below `path`.
pub fn counts_and_findings(language: Language, report: &Report, path: &str) -> Markup {
    let say = |phrase| language.phrase(phrase);
    html! {
        section aria-labelledby="counts" {
            h2 id="counts" {
                (say(if report.outcome == Outcome::Waiting { Phrase::ReportCountsIfApplied } else { Phrase::ReportCounts }))
            }
            dl.counts {
                @for (label, count) in counts(report) {
                    div { dt { (say(label)) } dd { (language.say(&count)) } }
                }
            }
            (about(language, report))
        }
        section aria-labelledby="findings" {
            h2 id="findings" { (say(Phrase::FindingsTitle)) }
            @if report.findings.is_empty() {
                p { (say(Phrase::NoFindings)) }
            } @else {
                p { a.download href={ (path) "/report.csv" } download { (say(Phrase::DownloadReport)) } }
                (findings(language, &report.findings))
            }
            @if report.more > 0 {
                p { (language.say(&Text::PageMoreFindings { count: report.more })) }
            }
        }
    }
}

const fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Applied => "applied",
        Outcome::Unchanged => "unchanged",
        Outcome::Refused => "refused",
        Outcome::Waiting => "waiting",
    }
}

const fn result(outcome: Outcome) -> Phrase {
    match outcome {
        Outcome::Applied => Phrase::Applied,
        Outcome::Refused => Phrase::Refused,
        Outcome::Waiting => Phrase::Waiting,
        Outcome::Unchanged => Phrase::Repeated,
    }
}

const fn next(report: &Report) -> Phrase {
    match report.outcome {
        Outcome::Applied if report.warnings > 0 => Phrase::NextCheck,
        Outcome::Applied if report.missing > 0 => Phrase::NextMissing,
        Outcome::Applied => Phrase::NextNothing,
        Outcome::Refused => Phrase::NextMend,
        Outcome::Waiting => Phrase::NextConfirm,
        Outcome::Unchanged => Phrase::NextRepeated,
    }
}

/// What is counted: of a file that was refused nothing was done, so there is nothing to tell of people.
fn counts(report: &Report) -> Vec<(Phrase, Text)> {
    let people = |count| Text::PagePeople { count };
    let mut counts = vec![(Phrase::Rows, Text::PageRows { count: report.rows })];
    if matches!(report.outcome, Outcome::Applied | Outcome::Waiting) {
        counts.extend([
            (Phrase::Joined, people(report.joined)),
            (Phrase::Left, people(report.left)),
            (Phrase::Changed, people(report.changed)),
            (Phrase::Unchanged, people(report.unchanged)),
        ]);
        if report.kind == Kind::Full {
            counts.push((Phrase::Missing, people(report.missing)));
        }
    }
    counts.push((Phrase::Blocking, Text::PageFindings { count: report.blocking }));
    counts.push((Phrase::Warnings, Text::PageFindings { count: report.warnings }));
    counts
}

fn about(language: Language, report: &Report) -> Markup {
    let say = |phrase| language.phrase(phrase);
    let kind = match report.kind {
        Kind::Monthly => Phrase::KindMonthly,
        Kind::Full => Phrase::KindFull,
    };
    html! {
        dl {
            div { dt { (say(Phrase::ReportReceived)) } dd { (language.date_time(report.received_at)) } }
            div { dt { (say(Phrase::ReportKind)) } dd { (say(kind)) } }
            div { dt { (say(Phrase::ReportNumber)) } dd { (report.import.to_string()) } }
        }
    }
}

/// Roles are written out: on a phone the rows are blocks, and browsers then forget that it is a table.
fn findings(language: Language, findings: &[Finding]) -> Markup {
    let [line, column, severity, _, sentence] = language.report_headings();
    html! {
        table role="table" aria-labelledby="findings" {
            thead role="rowgroup" {
                tr role="row" {
                    @for heading in [line, column, severity, sentence] {
                        th role="columnheader" scope="col" { (heading) }
                    }
                }
            }
            tbody role="rowgroup" {
                @for finding in findings {
                    tr role="row" {
                        td.line role="cell" { span.label aria-hidden="true" { (line) } (place(language, finding)) }
                        td.column role="cell" { span.label aria-hidden="true" { (column) } (column_of(language, finding)) }
                        td role="cell" { (badge(language, finding.code.severity())) }
                        td.what role="cell" { (language.finding(finding.code)) }
                    }
                }
            }
        }
    }
}

fn place(language: Language, finding: &Finding) -> String {
    finding.line.map_or_else(|| language.phrase(Phrase::WholeFile).to_owned(), |line| line.to_string())
}

/// The column by its label and where it stands, as far as they are known.
fn column_of(language: Language, finding: &Finding) -> Markup {
    let position = finding.position.map(|position| language.say(&Text::PagePosition { position: u64::from(position) }));
    match (finding.column.map(|column| language.column(column)), position) {
        (Some(column), Some(position)) => html! { (column) span.position { "（" (position) "）" } },
        (Some(column), None) => html! { (column) },
        (None, Some(position)) => html! { (position) },
        (None, None) if finding.line.is_some() => html! { (language.phrase(Phrase::WholeLine)) },
        (None, None) => html! { (language.phrase(Phrase::WholeFile)) },
    }
}

fn badge(language: Language, severity: Severity) -> Markup {
    let is_blocking = severity == Severity::Blocking;
    html! { span.severity.blocking[is_blocking] { (language.severity(severity)) } }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{
        id::ImportId,
        roster_file::{Code, Column},
    };
    use ulid::Ulid;

    use super::*;

    fn example(outcome: Outcome, findings: Vec<Finding>) -> Report {
        let count = |severity| findings.iter().filter(|finding| finding.code.severity() == severity).count().try_into().unwrap();
        Report {
            import: ImportId::new(Ulid(1)),
            kind: Kind::Monthly,
            received_at: "2026-11-25T01:00:00Z".parse().unwrap(),
            outcome,
            rows: 12,
            joined: 3,
            changed: 1,
            left: 2,
            unchanged: 6,
            missing: 0,
            blocking: count(Severity::Blocking),
            warnings: count(Severity::Warning),
            more: 0,
            findings,
        }
    }

    fn page(report: &Report) -> String {
        super::report(Language::Ja, report, "0123abcd", "/contacts").render().0
    }

    #[test]
    fn a_person_reads_the_result_first_and_then_what_to_do() {
        let applied = page(&example(Outcome::Applied, Vec::new()));
        assert!(applied.contains("取り込みが完了しました。") && applied.contains("していただくことはありません"));
        assert!(applied.contains("<dt>入社</dt><dd>3名</dd>") && applied.contains("<dt>読み取った行</dt><dd>12行</dd>"));
        assert!(applied.contains("確認が必要な箇所はありません。") && !applied.contains("report.csv"));
        assert!(applied.contains("11月25日(火) 10:00") || applied.contains("11月25日(水) 10:00"));
        let waiting = page(&example(Outcome::Waiting, Vec::new()));
        assert!(
            waiting.contains("確認待ちです")
                && waiting.contains("href=\"/contacts/deliveries/00000000000000000000000001\"")
                && waiting.contains("取り込んだ場合の内容")
        );
        assert!(page(&example(Outcome::Unchanged, Vec::new())).contains("同じ内容"));
    }

    #[test]
    fn a_refused_file_tells_each_line_and_nothing_of_people() {
        let bad = Finding { line: Some(4), column: Some(Column::Number), position: Some(2), code: Code::NumberBad };
        let refused =
            page(&example(Outcome::Refused, vec![Finding::of_file(Code::ColumnMissing), Finding::of_line(3, Code::RowTwice), bad]));
        assert!(refused.contains("取り込みを行っていません") && refused.contains("もう一度お送りください"));
        assert!(!refused.contains("<dt>入社</dt>"));
        assert!(
            refused.contains("</span>4</td>")
                && refused.contains("社員番号<span class=\"position\">（2列目）</span>")
                && refused.contains("行全体")
                && refused.contains("全体")
        );
        assert!(refused.contains(Language::Ja.finding(Code::NumberBad)));
        assert!(refused.contains("<dt>エラー</dt><dd>2件</dd>") && refused.contains("<dt>注意</dt><dd>1件</dd>"));
        assert!(refused.contains("href=\"0123abcd/report.csv\""));
        assert_eq!(refused.matches("role=\"row\"").count(), 4);
    }

    #[test]
    fn a_full_roster_tells_who_is_missing_by_number_and_where_to_get_the_list() {
        let full = Report { kind: Kind::Full, missing: 5, more: 7, ..example(Outcome::Applied, Vec::new()) };
        let told = page(&full);
        assert!(told.contains("<dt>名簿に載っていない在籍者</dt><dd>5名</dd>") && told.contains("leavers.csv"));
        assert!(told.contains("ほかに7件あります") && told.contains("退職日を記入し") && !told.contains("していただくことはありません"));
        let both = page(&Report { warnings: 1, ..full.clone() });
        assert!(both.contains("退職日を記入し") && both.contains("誤りがなければ"));
        assert!(!told.contains("href=\"0123abcd/leavers.csv"), "it holds personal data");
    }

    #[test]
    fn what_is_put_in_is_never_markup() {
        let page =
            super::report(Language::Ja, &example(Outcome::Refused, vec![Finding::of_file(Code::NoRows)]), "\"><script>", "/contacts")
                .render()
                .0;
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn the_page_lets_in_nothing_but_its_one_style_sheet() {
        let page = super::report(Language::Ja, &example(Outcome::Applied, Vec::new()), "0123abcd", "/contacts");
        let (shown, policy) = (page.render().0, page.policy());
        assert!(!shown.contains(" style=") && !shown.contains("<script") && shown.matches("<style>").count() == 1);
        assert!(policy.contains("style-src 'sha256-") && policy.starts_with("default-src 'none'") && policy.contains("form-action 'none'"));
    }
}
