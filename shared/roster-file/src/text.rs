//! Text files: decoded, cut and read as they arrive.

use domain::roster_file::{Cell, Code, Epoch, Finding, Kind, Search, Step};
use encoding_rs::Encoding;

use crate::{
    Options, Row,
    encoding::Decoding,
    records::{Record, Records, Stuck},
    table::{Cells, Table},
};

/// How much decoded text the delimiter is told by: the header stands in it.
const HEAD: usize = 64 * 1024;
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// A text file on its way.
#[derive(Debug)]
pub struct Text {
    kind: Kind,
    decoding: Decoding,
    stage: Stage,
    table: Table,
}

#[derive(Debug)]
enum Stage {
    /// The delimiter is not known yet.
    Head(String),
    Records(Records),
}

impl Cells for Record<'_> {
    fn line(&self) -> u32 {
        self.line
    }

    fn cell(&self, place: u16) -> Cell<'_> {
        Record::cell(*self, place).map_or(Cell::EMPTY, Cell::Text)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells()
    }

    fn extra(&self, width: u16) -> Option<u16> {
        let behind = (0..u16::MAX).zip(self.cells()).skip(usize::from(width));
        behind.into_iter().find(|(_, cell)| !cell.trim().is_empty()).map(|(place, _)| place)
    }
}

impl Text {
    /// Begins; the encoding where it is known.
    pub fn new(options: Options, encoding: Option<&'static Encoding>) -> Self {
        let decoding = Decoding::new(encoding);
        Self { kind: options.kind, decoding, stage: Stage::Head(String::new()), table: Table::new(options, Epoch::Year1900) }
    }

    /// Reads on.
    pub fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(Row)) {
        if self.table.is_open() {
            self.decoding.push(bytes, self.stage.text());
            self.read(false, found);
        }
    }

    /// The file ends here.
    pub fn finish(mut self, found: &mut impl FnMut(Row)) {
        if self.table.is_open() {
            let text = self.stage.text();
            self.decoding.finish(text);
            // Old systems end a text with the control character for it.
            if text.ends_with('\u{1A}') {
                text.pop();
            }
            self.read(true, found);
        }
        self.table.finish(found);
    }

    fn read(&mut self, last: bool, found: &mut impl FnMut(Row)) {
        if let Stage::Head(text) = &mut self.stage {
            if text.len() < HEAD && !last {
                return;
            }
            let text = std::mem::take(text);
            let delimiter = delimiter(text.get(..text.floor_char_boundary(HEAD)).unwrap_or_default(), self.kind);
            self.stage = Stage::Records(Records::new(delimiter, text));
        }
        let Stage::Records(records) = &mut self.stage else { return };
        while self.table.is_open() {
            match records.next(last) {
                Ok(Some(record)) => self.table.row(&record, found),
                Ok(None) => return,
                Err((line, stuck)) => {
                    let code = match stuck {
                        Stuck::TooLong => Code::RowTooLong,
                        Stuck::QuoteOpen => Code::QuoteOpen,
                    };
                    self.table.stop(Finding::of_line(line, code), found);
                }
            }
        }
    }
}

impl Stage {
    fn text(&mut self) -> &mut String {
        match self {
            Self::Head(text) => text,
            Self::Records(records) => &mut records.text,
        }
    }
}

/// The delimiter by which the first rows have a header, or most of one.
fn delimiter(head: &str, kind: Kind) -> u8 {
    let likeness = |delimiter: &u8| {
        let mut records = Records::new(*delimiter, head.to_owned());
        let mut search = Search::new(kind);
        while let Ok(Some(record)) = records.next(true) {
            if record.cells().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match search.row(record.line, record.cells()) {
                Step::NotYet => {}
                Step::TooFar => break,
                Step::Header(_) | Step::Refused(_) => return usize::MAX,
            }
        }
        search.known()
    };
    // The last of equals wins: the comma.
    DELIMITERS.into_iter().rev().max_by_key(likeness).unwrap_or(b',')
}
