//! `docs/roster-files.md` and the code say the same.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use domain::{
    roster_file::{Code, Column, Heading, Movement, Severity},
    text::Language,
};

/// The rows of the table in a section, without its head.
fn table(section: &str) -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/roster-files.md")).unwrap();
    let section = page.split(&format!("## {section}\n")).nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    section.lines().filter(|line| line.starts_with("| ")).skip(2).map(str::to_owned).collect()
}

/// What a failing test shows is what belongs into the page.
#[track_caller]
fn assert_charted(section: &str, rows: &[String]) {
    assert!(table(section) == rows, "docs/roster-files.md, {section}, should have:\n{}", rows.join("\n"));
}

#[test]
fn the_columns_of_the_page_are_the_code_s() {
    let rows = Heading::ALL.map(|heading| {
        let label = match heading {
            Heading::FamilyName => "姓",
            Heading::GivenName => "名",
            Heading::Movement | Heading::Number | Heading::Name | Heading::Date | Heading::JoinDate | Heading::LeaveDate => {
                Language::Ja.column(heading.column())
            }
        };
        format!("| {label} | {} |", heading.synonyms().join(", "))
    });
    assert_charted("Columns", &rows);
}

#[test]
fn the_words_of_the_page_are_the_code_s() {
    assert_charted("Words of 区分", &Movement::ALL.map(|movement| format!("| {} | {} |", movement.word(), movement.words().join(", "))));
}

#[test]
fn the_codes_of_the_page_are_the_code_s() {
    let severity = |code: &Code| match code.severity() {
        Severity::Blocking => "blocking",
        Severity::Warning => "warning",
    };
    let rows: Vec<_> =
        Code::ALL.iter().map(|code| format!("| `{code}` | {} | {} |", severity(code), Language::Ja.finding(*code))).collect();
    assert_charted("Codes", &rows);
}

#[test]
fn a_file_of_our_own_has_columns_that_the_import_knows() {
    for column in Column::ALL {
        let label = Language::Ja.column(column);
        let known = Heading::ALL.into_iter().find(|heading| heading.synonyms().contains(&label));
        assert_eq!(known.map(Heading::column), Some(column), "{label}");
    }
}
