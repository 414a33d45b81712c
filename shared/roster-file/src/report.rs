//! Files that go back to HR. A spreadsheet opens them, so no cell of theirs begins like a formula.

use std::fmt::Write;

use domain::{
    personal::{EmployeeNumber, PersonName},
    roster_file::{Column, Finding, Kind, Movement},
    text::Language,
};

/// The findings as a CSV file that Excel opens: UTF-8 with a byte order mark, lines end with CR LF.
pub fn report_csv(findings: &[Finding], language: Language) -> Vec<u8> {
    let mut csv = Csv::new(&language.report_headings());
    for finding in findings {
        let line = finding.line.map(|line| line.to_string()).unwrap_or_default();
        let letters = finding.position.map(letters);
        let column = match (finding.column.map(|column| language.column(column)), letters) {
            (Some(label), Some(letters)) => format!("{label} ({letters})"),
            (label, letters) => label.map(str::to_owned).or(letters).unwrap_or_default(),
        };
        let severity = language.severity(finding.code.severity());
        csv.row(&[&line, &column, severity, finding.code.as_str(), language.finding(finding.code)]);
    }
    csv.0.into_bytes()
}

/// A monthly file that says 退職 of each person, for HR to fill in the dates and send back. Numbers stand behind an apostrophe,
/// so that a spreadsheet leaves their zeros alone; the import takes it off again.
pub fn leavers_csv<'a>(people: impl IntoIterator<Item = (&'a EmployeeNumber, &'a PersonName)>) -> Vec<u8> {
    let headings = [Column::Movement, Column::Number, Column::Name, Column::Date].map(|column| Language::Ja.column(column));
    let mut csv = Csv::new(&headings);
    for (number, name) in people {
        csv.row(&[Movement::Leaves.word(), &format!("'{}", number.expose()), name.expose(), ""]);
    }
    csv.0.into_bytes()
}

/// A file with the headings only, for HR to fill in. Sent back as it is, it says that nobody comes or goes.
pub fn template_csv(kind: Kind) -> Vec<u8> {
    let columns = match kind {
        Kind::Monthly => [Column::Movement, Column::Number, Column::Name, Column::Date],
        Kind::Full => [Column::Number, Column::Name, Column::JoinDate, Column::LeaveDate],
    };
    Csv::new(&columns.map(|column| Language::Ja.column(column))).0.into_bytes()
}

/// The column as spreadsheets call it: A for 1, AA for 27.
fn letters(position: u16) -> String {
    let mut letters = String::new();
    let mut rest = u32::from(position);
    while let Some(before) = rest.checked_sub(1) {
        letters.insert(0, char::from_u32(u32::from('A') + before % 26).unwrap_or_default());
        rest = before / 26;
    }
    letters
}

struct Csv(String);

impl Csv {
    fn new(headings: &[&str]) -> Self {
        let mut csv = Self("\u{FEFF}".to_owned());
        csv.row(headings);
        csv
    }

    fn row(&mut self, cells: &[&str]) {
        for (place, cell) in cells.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let apostrophe = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
            let quote = if cell.contains([',', '"', '\r', '\n']) { "\"" } else { "" };
            // Writing to a String does not fail.
            let _ = write!(self.0, "{comma}{quote}{apostrophe}{}{quote}", cell.replace('"', "\"\""));
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use domain::{
        employee::{parse_name, parse_number},
        roster_file::{Code, Entry, Says},
    };
    use proptest::prelude::*;

    use super::*;
    use crate::{Options, Reader, Row};

    #[test]
    fn a_report_opens_in_a_spreadsheet() {
        let findings = [
            Finding::of_file(Code::NoRows),
            Finding { line: Some(12), column: Some(Column::Number), position: Some(2), code: Code::NumberBad },
            Finding { line: Some(13), column: None, position: Some(28), code: Code::CellsExtra },
        ];
        let report = String::from_utf8(report_csv(&findings, Language::Ja)).unwrap();
        let lines: Vec<_> = report.split("\r\n").collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines.first(), Some(&"\u{FEFF}行,列,区分,コード,内容"));
        assert!(lines.get(1).unwrap().starts_with(",,注意,no-rows,"));
        assert!(lines.get(2).unwrap().starts_with("12,社員番号 (B),エラー,number-bad,"));
        assert!(lines.get(3).unwrap().starts_with("13,AB,エラー,cells-extra,"));
        assert!(String::from_utf8(report_csv(&findings, Language::En)).unwrap().starts_with("\u{FEFF}Line,Column,"));
    }

    #[test]
    fn a_template_is_read_as_what_it_is_for() {
        for (kind, row) in [(Kind::Monthly, "退職,00123,髙橋 一郎,2027/1/31\r\n"), (Kind::Full, "00123,髙橋 一郎,2020/4/1,\r\n")]
        {
            let read = |rows: &str| {
                let mut found = Vec::new();
                let mut reader = Reader::new(Options { kind, width: None });
                reader.push(&[template_csv(kind), rows.as_bytes().to_vec()].concat(), &mut |row| found.push(row));
                reader.finish(&mut |row| found.push(row));
                found
            };
            assert_eq!(read(""), [Row::Finding(Finding::of_file(Code::NoRows))], "{kind:?}");
            assert!(matches!(read(row).as_slice(), [Row::Entry(_)]), "{kind:?}: {:?}", read(row));
        }
    }

    #[test]
    fn no_cell_begins_like_a_formula() {
        let mut csv = Csv(String::new());
        csv.row(&["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", "\"=\""]);
        assert_eq!(csv.0, "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\",\"a,b\",\"\"\"=\"\"\"\r\n");
    }

    proptest! {
        #[test]
        fn a_file_of_leavers_reads_back_once_the_dates_are_filled_in(numbers in "0{0,3}[0-9A-Z]{1,5}[-0-9]{0,3}", name in "[=+@\",;a-z佐藤髙𠮷\u{3000} -]{1,20}") {
            let (number, Ok(name)) = (parse_number(&numbers, None).unwrap(), parse_name(&name)) else { return Ok(()) };
            let file = String::from_utf8(leavers_csv([(&number, &name)])).unwrap();
            let filled = file.strip_suffix("\r\n").unwrap().to_owned() + "2027/1/31\r\n";
            let mut rows = Vec::new();
            let mut reader = Reader::new(Options { kind: Kind::Monthly, width: None });
            reader.push(filled.as_bytes(), &mut |row| rows.push(row));
            reader.finish(&mut |row| rows.push(row));
            let says = Says::Leaves { on: "2027-01-31".parse().unwrap() };
            prop_assert_eq!(rows, [Row::Entry(Entry { line: 2, number, name, says })]);
        }
    }
}
