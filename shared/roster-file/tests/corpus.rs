//! Every file of `tests/rosters` is read as is expected of it, however it arrives.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{fs, path::Path};

use chrono::NaiveDate;
use domain::{
    employee::NumberWidth,
    roster_file::{Code, Entry, Finding, Kind, Numbers, Says, repeated},
    text::Language,
};
use roster_file::{Options, Reader, Row, report_csv};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Expected {
    kind: Kind,
    width: Option<NumberWidth>,
    entries: usize,
    findings: Vec<Value>,
    rows: Option<Value>,
}

struct File {
    name: String,
    bytes: Vec<u8>,
    expected: Expected,
}

impl File {
    fn read<'a>(&self, pieces: impl Iterator<Item = &'a [u8]>) -> Found {
        read(Options { kind: self.expected.kind, width: self.expected.width }, pieces)
    }

    fn read_whole(&self) -> Found {
        self.read(std::iter::once(self.bytes.as_slice()))
    }
}

fn corpus() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rosters");
    let expected = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = expected
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(".expected.json")?.to_owned();
            let expected = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            Some(File { bytes: fs::read(path.with_file_name(&name)).unwrap(), name, expected })
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

#[derive(PartialEq)]
struct Found {
    entries: Vec<Entry>,
    findings: Vec<Finding>,
}

/// Reads a file in pieces, with the second look at numbers that come twice.
fn read<'a>(options: Options, pieces: impl Iterator<Item = &'a [u8]>) -> Found {
    let (mut entries, mut findings, mut numbers) = (Vec::new(), Vec::new(), Numbers::default());
    let mut found = |row| match row {
        Row::Entry(entry) => {
            numbers.note(&entry.number);
            entries.push(entry);
        }
        Row::Finding(finding) => findings.push(finding),
    };
    let mut reader = Reader::new(options);
    pieces.for_each(|piece| reader.push(piece, &mut found));
    reader.finish(&mut found);
    let suspects = numbers.suspects();
    let suspected: Vec<_> = entries.iter().filter(|entry| suspects.may_hold(&entry.number)).cloned().collect();
    findings.extend(repeated(&suspected));
    findings.sort();
    Found { entries, findings }
}

/// Lengths between 1 and 100, the same in every run.
fn random_pieces(mut bytes: &[u8], mut seed: usize) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (piece, rest) = bytes.split_at(bytes.len().min(1 + (seed >> 33) % 100));
        bytes = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

fn shown(entry: &Entry) -> Value {
    let on = |word: &str, date: Option<NaiveDate>| date.map_or_else(String::new, |date| format!(" {word}{date}"));
    let says = match entry.says {
        Says::Joins { on: date } => format!("joins{}", on("", date)),
        Says::Leaves { on: date } => format!("leaves {date}"),
        Says::Stays => "stays".to_owned(),
        Says::Works { since, leaves } => format!("works{}{}", on("since ", since), on("until ", leaves)),
    };
    json!([entry.line, entry.number.expose(), entry.name.expose(), says])
}

#[test]
fn every_file_is_read_as_is_expected_of_it_however_it_arrives() {
    let files = corpus();
    assert!(files.len() >= 45);
    for file in &files {
        let (name, bytes, expected) = (&file.name, &file.bytes, &file.expected);
        let whole = file.read_whole();
        let told: Vec<_> = whole.findings.iter().map(|finding| json!([finding.line, finding.column, finding.code])).collect();
        assert_eq!(told, expected.findings, "{name}");
        if let Some(rows) = &expected.rows {
            assert_eq!(&whole.entries.iter().map(shown).collect::<Value>(), rows, "{name}");
        }
        assert_eq!(whole.entries.len(), expected.entries, "{name}");
        assert!(file.read(bytes.chunks(1)) == whole, "{name} byte by byte");
        // What unpacks to tens of megabytes is held whole anyway.
        for seed in 0..if name.starts_with("bomb") { 0 } else { 4 } {
            assert!(file.read(random_pieces(bytes, seed)) == whole, "{name} in pieces, seed {seed}");
        }
    }
}

#[test]
fn what_is_told_of_a_file_quotes_none_of_its_cells() {
    for file in corpus() {
        let Found { entries, findings } = file.read_whole();
        for finding in &findings {
            // Names of fields and numbers of lines; a cell would bring kanji or signs with it.
            let plain = |c: char| c.is_ascii_alphanumeric() || " {}():,_".contains(c);
            assert!(format!("{finding:?}").chars().all(plain), "{}", file.name);
        }
        for entry in &entries {
            let debug = format!("{:?} {:?}", entry.number, entry.name);
            assert_eq!(debug, "‹redacted› ‹redacted›");
        }
        let report = String::from_utf8(report_csv(&findings, Language::Ja)).unwrap();
        let sentences = findings.iter().map(|finding| Language::Ja.finding(finding.code).replace('"', "\"\""));
        for (row, sentence) in report.lines().skip(1).zip(sentences) {
            assert!(row.trim_end_matches('"').ends_with(sentence.trim_end_matches('"')), "{}", file.name);
        }
    }
}

#[test]
fn the_files_between_them_have_every_code_that_a_file_alone_can_have() {
    let told: Vec<Finding> = corpus().iter().flat_map(|file| file.read_whole().findings).collect();
    // What needs the present roster comes last in the list.
    for code in Code::ALL.iter().take_while(|code| **code != Code::NotOnRoster) {
        assert!(told.iter().any(|finding| finding.code == *code), "{code}");
        assert_ne!(Language::Ja.finding(*code), code.key());
    }
}
