//! A roster file for the first filling: UTF-8 (a byte order mark does not matter), one person a line,
//! `number,name[,leave date]`, dates as `2027-01-31`, quoted as RFC 4180 has it. A first line that begins with `number` or
//! 社員番号 is a header. Blank lines say nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use csv::{ByteRecord, ReaderBuilder};

use domain::{
    employee::{self, NumberWidth},
    personal::EmployeeNumber,
};

use crate::roster::{Entry, Problem, Reason};

const HEADERS: [&str; 2] = ["number", "社員番号"];

/// The entries with their lines, and what is not in order; `width` is the tenant's.
pub fn read(file: &[u8], width: Option<NumberWidth>) -> (Vec<(u64, Entry)>, Vec<Problem>) {
    let file = file.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(file);
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let (mut entries, mut problems) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<EmployeeNumber, u64> = BTreeMap::new();
    let mut lines = Lines { file, counted: 0, line: 1 };
    for (index, record) in reader.byte_records().enumerate() {
        // Flexible records out of memory can only be read: there is nothing else to fail.
        let Ok(record) = record else { continue };
        let line = lines.of(&record);
        if index == 0 && is_header(&record) || record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let (entry, first) = match entry(&record, width) {
            Ok(entry) => (entry.clone(), *seen.entry(entry.number).or_insert(line)),
            Err(reason) => {
                problems.push(Problem { line, reason });
                continue;
            }
        };
        if first == line {
            entries.push((line, entry));
        } else {
            problems.push(Problem { line, reason: Reason::Repeated(first) });
        }
    }
    (entries, problems)
}

/// Counts lines as editors do: the reader's own count is behind after blank lines and where lines end with CR LF.
struct Lines<'a> {
    file: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, record: &ByteRecord) -> u64 {
        let begins = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let before = self.file.get(begins..).unwrap_or_default().iter().take_while(|byte| b"\r\n".contains(byte)).count();
        let passed = self.file.get(self.counted..begins + before).unwrap_or_default();
        self.line += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.counted = begins + before;
        self.line
    }
}

fn is_header(record: &ByteRecord) -> bool {
    let first = record.get(0).and_then(|cell| std::str::from_utf8(cell).ok()).unwrap_or_default().trim();
    HEADERS.iter().any(|header| header.eq_ignore_ascii_case(first))
}

fn entry(record: &ByteRecord, width: Option<NumberWidth>) -> Result<Entry, Reason> {
    let cells: Vec<&str> = record.iter().map(std::str::from_utf8).collect::<Result<_, _>>().map_err(|_| Reason::Encoding)?;
    let (number, name, leaves) = match cells.as_slice() {
        [number, name] => (number, name, ""),
        [number, name, leaves] => (number, name, leaves.trim()),
        _ => return Err(Reason::Columns),
    };
    Ok(Entry {
        number: employee::parse_number(number, width)?,
        name: employee::parse_name(name)?,
        leaves: if leaves.is_empty() { None } else { Some(date(leaves)?) },
    })
}

/// Only `2027-01-31`: chrono alone would also take `2027-1-31`, and the roster import has its own rules for such dates.
fn date(text: &str) -> Result<NaiveDate, Reason> {
    text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text).ok_or(Reason::Date)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
    use domain::employee::{BadName, BadNumber};

    use super::*;

    /// The entries as `line number name date`, and the problems.
    fn read_all(file: &str) -> (Vec<String>, Vec<Problem>) {
        let (entries, problems) = read(file.as_bytes(), Some(NumberWidth::new(6).unwrap()));
        let shown = |(line, entry): &(u64, Entry)| {
            let leaves = entry.leaves.map_or_else(|| "-".to_owned(), |date| date.to_string());
            format!("{line} {} {} {leaves}", entry.number.expose(), entry.name.expose())
        };
        (entries.iter().map(shown).collect(), problems)
    }

    #[test]
    fn a_file_is_read_with_and_without_header_mark_and_third_column() {
        let after_header = ["2 000123 髙橋 一郎 -", "3 000124 﨑山 花子 2027-01-31"];
        for (file, expected) in [
            ("number,name,leaves\n123,髙橋 一郎\n124,﨑山 花子,2027-01-31\n", after_header),
            ("\u{FEFF}社員番号,氏名,退職日\r\n123,髙橋 一郎,\r\n\"124\",\"﨑山 花子\", 2027-01-31\r\n", after_header),
            ("１２３,髙橋 一郎\n124,﨑山 花子,2027-01-31", ["1 000123 髙橋 一郎 -", "2 000124 﨑山 花子 2027-01-31"]),
        ] {
            assert_eq!(read_all(file), (expected.map(str::to_owned).to_vec(), Vec::new()), "{file}");
        }
    }

    #[test]
    fn every_line_that_is_not_in_order_is_told_with_its_number() {
        let file = "number,name,leaves\n,山田 太郎\n1,\n\n2,山田 太郎,2027-02-29\n3\n4,山田,2027-01-31,x\n5,山田 太郎\n000005,鈴木 花子\n6,山田,2027-1-31\n";
        let (entries, problems) = read_all(file);
        assert_eq!(entries.len(), 1);
        let told: Vec<_> = problems.into_iter().map(|problem| (problem.line, problem.reason)).collect();
        assert_eq!(
            told,
            [
                (2, Reason::Number(BadNumber::Empty)),
                (3, Reason::Name(BadName::Empty)),
                (5, Reason::Date),
                (6, Reason::Columns),
                (7, Reason::Columns),
                (9, Reason::Repeated(8)),
                (10, Reason::Date),
            ]
        );
    }

    #[test]
    fn a_line_in_another_encoding_is_told() {
        let (entries, problems) = read(b"1,Smith\n2,\x8eR\x93c\n", None);
        assert_eq!(entries.len(), 1);
        assert_eq!(problems, [Problem { line: 2, reason: Reason::Encoding }]);
    }

    #[test]
    fn what_is_told_quotes_no_cell() {
        let (_, problems) = read_all("1,山田 太郎,yesterday\n");
        assert_eq!(problems[0].to_string(), "line 1: the leave date is not a date such as 2027-01-31");
    }
}
