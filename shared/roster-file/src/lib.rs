//! Roster files as HR delivers them (row D1): CSV, TSV and .xlsx in every encoding that Japanese spreadsheets write become
//! entries and findings, row by row, while the bytes arrive.
//!
//! Nothing here waits, allocates by the length of a text file, or fails: whatever the bytes are, they are read or told of. What
//! a cell means is ruled by [`domain::roster_file`]; here is only how bytes become cells.

mod encoding;
mod format;
mod records;
mod report;
mod table;
mod text;
mod xlsx;

use domain::{
    employee::NumberWidth,
    roster_file::{Code, Entry, Finding, Kind},
};

pub use self::report::{leavers_csv, report_csv, template_csv};
use self::{format::Format, text::Text};

/// What is known of a file before its first byte.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// What it claims to be.
    pub kind: Kind,
    /// The tenant's width of employee numbers.
    pub width: Option<NumberWidth>,
}

/// What was found in a file, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A row that is in order.
    Entry(Entry),
    /// Something that is not.
    Finding(Finding),
}

/// The largest .xlsx that is read, in bytes: it has to be held as a whole.
pub const MAX_WORKBOOK: usize = 50 * 1024 * 1024;

/// Takes a file in pieces of any length; what it finds does not depend on where they were cut.
#[derive(Debug)]
pub struct Reader {
    options: Options,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The first bytes, until they tell the format.
    Head(Vec<u8>),
    Text(Box<Text>),
    Workbook(Vec<u8>),
    /// Refused: the rest says nothing.
    Over,
}

/// Text is decoded in pieces of this length, so that memory stays flat when a caller hands over a file as one.
const PIECE: usize = 64 * 1024;

impl Reader {
    /// Begins a file.
    pub const fn new(options: Options) -> Self {
        Self { options, state: State::Head(Vec::new()) }
    }

    /// Reads on.
    pub fn push(&mut self, bytes: &[u8], found: &mut impl FnMut(Row)) {
        bytes.chunks(PIECE).for_each(|piece| self.piece(piece, found));
    }

    fn piece(&mut self, bytes: &[u8], found: &mut impl FnMut(Row)) {
        match &mut self.state {
            State::Head(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= format::HEAD {
                    self.begin(found);
                }
            }
            State::Text(text) => text.push(bytes, found),
            State::Workbook(held) if held.len() + bytes.len() > MAX_WORKBOOK => self.refuse(Code::TooLarge, found),
            State::Workbook(held) => held.extend_from_slice(bytes),
            State::Over => {}
        }
    }

    /// The format is decided by the same bytes wherever the pieces were cut.
    fn begin(&mut self, found: &mut impl FnMut(Row)) {
        let State::Head(head) = &mut self.state else { return };
        let head = std::mem::take(head);
        match format::of(head.get(..format::HEAD).unwrap_or(&head)) {
            Format::Workbook => self.state = State::Workbook(head),
            Format::Text(encoding) => {
                let mut text = Box::new(Text::new(self.options, encoding));
                text.push(&head, found);
                self.state = State::Text(text);
            }
            Format::Unreadable => self.refuse(Code::NotReadable, found),
        }
    }

    fn refuse(&mut self, code: Code, found: &mut impl FnMut(Row)) {
        found(Row::Finding(Finding::of_file(code)));
        self.state = State::Over;
    }

    /// The file ends here.
    pub fn finish(mut self, found: &mut impl FnMut(Row)) {
        self.begin(found);
        match self.state {
            State::Text(text) => text.finish(found),
            State::Workbook(held) => xlsx::read(&held, self.options, found),
            State::Head(_) | State::Over => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contacts_page_takes_what_can_be_read() {
        assert_eq!(u64::try_from(MAX_WORKBOOK), Ok(domain::roster_upload::LARGEST));
    }

    #[test]
    fn a_workbook_that_is_too_large_is_told_once() {
        let mut rows = Vec::new();
        let mut reader = Reader::new(Options { kind: Kind::Full, width: None });
        reader.push(b"PK\x03\x04", &mut |row| rows.push(row));
        let piece = vec![0; 1024 * 1024];
        for _ in 0..=MAX_WORKBOOK / piece.len() {
            reader.push(&piece, &mut |row| rows.push(row));
        }
        reader.finish(&mut |row| rows.push(row));
        assert_eq!(rows, [Row::Finding(Finding::of_file(Code::TooLarge))]);
    }
}
