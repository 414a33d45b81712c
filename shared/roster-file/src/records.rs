//! Text becomes records (RFC 4180, with any delimiter and any line end), while it arrives.

use memchr::{memchr, memchr_iter, memchr3};

/// The longest record, in bytes of UTF-8: a quote that is never closed makes one of the rest of the file.
pub const MAX_RECORD: usize = 64 * 1024;

/// What stands next in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The length of a record, and where the one after it begins.
    Record { length: usize, next: usize },
    /// It is not there yet.
    More,
    /// It is too long.
    TooLong,
    /// The text ends within a quote.
    QuoteOpen,
}

/// Why a text cannot be cut any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// A record is longer than [`MAX_RECORD`].
    TooLong,
    /// The text ends within a quote.
    QuoteOpen,
}

/// Text that is cut into records.
#[derive(Debug)]
pub struct Records {
    /// What was not cut yet is appended here.
    pub text: String,
    delimiter: u8,
    begin: usize,
    line: u32,
    /// How far the record at `begin` was looked at, and whether a quote is open there.
    seen: usize,
    quoted: bool,
    unquoted: String,
    cells: Vec<(usize, usize)>,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The line on which it begins, from 1.
    pub line: u32,
    text: &'a str,
    cells: &'a [(usize, usize)],
}

impl<'a> Record<'a> {
    /// Its cells, without quotes.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        self.cells.iter().map(move |(begin, end)| self.text.get(*begin..*end).unwrap_or_default())
    }

    /// The cell at a place, counted from 0.
    pub fn cell(self, place: u16) -> Option<&'a str> {
        self.cells.get(usize::from(place)).and_then(|(begin, end)| self.text.get(*begin..*end))
    }
}

impl Records {
    /// Begins at line 1 of `text`.
    pub const fn new(delimiter: u8, text: String) -> Self {
        Self { text, delimiter, begin: 0, line: 1, seen: 0, quoted: false, unquoted: String::new(), cells: Vec::new() }
    }

    /// The next record, if all of it is there; `last` says that nothing follows the text.
    pub fn next(&mut self, last: bool) -> Result<Option<Record<'_>>, (u32, Stuck)> {
        let (length, next) = match self.find(last) {
            Next::Record { length, next } => (length, next),
            Next::More => {
                self.text.drain(..self.begin);
                self.begin = 0;
                return Ok(None);
            }
            Next::TooLong => return Err((self.line, Stuck::TooLong)),
            Next::QuoteOpen => return Err((self.line, Stuck::QuoteOpen)),
        };
        let record = self.text.get(self.begin..self.begin + length).unwrap_or_default();
        let line = self.line;
        self.begin += next;
        (self.seen, self.quoted) = (0, false);
        self.cells.clear();
        let (text, lines) = if memchr(b'"', record.as_bytes()).is_some() {
            self.unquoted.clear();
            unquote(record, self.delimiter, &mut self.unquoted, &mut self.cells);
            (self.unquoted.as_str(), 1 + line_ends(record))
        } else {
            let mut begin = 0;
            for end in memchr_iter(self.delimiter, record.as_bytes()) {
                self.cells.push((begin, end));
                begin = end + 1;
            }
            self.cells.push((begin, record.len()));
            (record, 1)
        };
        self.line = self.line.saturating_add(lines);
        Ok(Some(Record { line, text, cells: &self.cells }))
    }

    fn find(&mut self, last: bool) -> Next {
        let bytes = self.text.as_bytes().get(self.begin..).unwrap_or_default();
        loop {
            let rest = bytes.get(self.seen..).unwrap_or_default();
            let found = if self.quoted { memchr(b'"', rest) } else { memchr3(b'\n', b'\r', b'"', rest) };
            let Some(at) = found.map(|found| self.seen + found) else {
                self.seen = bytes.len();
                return match last {
                    _ if bytes.len() > MAX_RECORD => Next::TooLong,
                    false => Next::More,
                    true if self.quoted => Next::QuoteOpen,
                    true if bytes.is_empty() => Next::More,
                    true => Next::Record { length: bytes.len(), next: bytes.len() },
                };
            };
            if at > MAX_RECORD {
                return Next::TooLong;
            }
            let behind = bytes.get(at + 1);
            let undecided = behind.is_none() && !last;
            match bytes.get(at) {
                Some(b'"') if self.quoted => {
                    if undecided {
                        self.seen = at;
                        return Next::More;
                    }
                    let doubled = behind == Some(&b'"');
                    self.quoted = doubled;
                    self.seen = at + 1 + usize::from(doubled);
                }
                Some(b'"') => {
                    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                    self.quoted = before.is_none_or(|before| *before == self.delimiter);
                    self.seen = at + 1;
                }
                Some(b'\r') if undecided => {
                    self.seen = at;
                    return Next::More;
                }
                Some(b'\r') if behind == Some(&b'\n') => return Next::Record { length: at, next: at + 2 },
                _ => return Next::Record { length: at, next: at + 1 },
            }
        }
    }
}

/// Lines that end within a quoted record, as an editor counts them.
fn line_ends(record: &str) -> u32 {
    let ends = record.bytes().filter(|byte| *byte == b'\n' || *byte == b'\r').count() - record.matches("\r\n").count();
    u32::try_from(ends).unwrap_or(u32::MAX)
}

/// Cuts a record in which quotes stand; what follows a closing quote belongs to the cell as it is.
fn unquote(record: &str, delimiter: u8, plain: &mut String, cells: &mut Vec<(usize, usize)>) {
    let delimiter = char::from(delimiter);
    let (mut begin, mut quoted) = (0, false);
    let mut opens = true;
    let mut chars = record.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => plain.push('"'),
            '"' if quoted => quoted = false,
            '"' if opens => quoted = true,
            c if c == delimiter && !quoted => {
                cells.push((begin, plain.len()));
                begin = plain.len();
            }
            c => plain.push(c),
        }
        opens = c == delimiter && !quoted;
    }
    cells.push((begin, plain.len()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Records as `line:cell|cell`, however the text is cut.
    fn cut(text: &str, pieces: &[usize]) -> (Vec<String>, Option<(u32, Stuck)>) {
        let mut records = Records::new(b',', String::new());
        let mut rest = text;
        let mut pieces = pieces.iter().copied().chain([usize::MAX]);
        let mut all = Vec::new();
        loop {
            let piece = rest.floor_char_boundary(pieces.next().unwrap_or(usize::MAX).max(4));
            let (now, later) = rest.split_at(piece);
            records.text.push_str(now);
            rest = later;
            loop {
                match records.next(rest.is_empty()) {
                    Ok(None) => break,
                    Ok(Some(record)) => all.push(format!("{}:{}", record.line, record.cells().collect::<Vec<_>>().join("|"))),
                    Err(stuck) => return (all, Some(stuck)),
                }
            }
            if rest.is_empty() {
                return (all, None);
            }
        }
    }

    #[test]
    fn records_are_cut_as_rfc_4180_has_it_at_any_line_end() {
        for (text, records) in [
            ("", &[][..]),
            ("a,b", &["1:a|b"]),
            ("a,b\n", &["1:a|b"]),
            ("a\r\nb\r\n", &["1:a", "2:b"]),
            ("a\rb\r", &["1:a", "2:b"]),
            ("a\n\n\nb", &["1:a", "2:", "3:", "4:b"]),
            ("\"a,b\",c\n", &["1:a,b|c"]),
            ("\"a\"\"b\",\"\"\nc", &["1:a\"b|", "2:c"]),
            ("\"a\r\nb\nc\rd\",e\nf", &["1:a\r\nb\nc\rd|e", "5:f"]),
            ("a\"b\",c\nd", &["1:a\"b\"|c", "2:d"]),
            ("\"a\"b\"c,d", &["1:ab\"c|d"]),
            (",,\n", &["1:||"]),
            ("\"\"", &["1:"]),
        ] {
            assert_eq!(cut(text, &[]).0, records, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_with_the_line_where_its_record_begins() {
        assert_eq!(cut("a\nb,\"c\nd\n", &[]), (vec!["1:a".to_owned()], Some((2, Stuck::QuoteOpen))));
        let long = format!("a\n\"{}", "x\n".repeat(MAX_RECORD));
        assert_eq!(cut(&long, &[]), (vec!["1:a".to_owned()], Some((2, Stuck::TooLong))));
        let line = "x".repeat(MAX_RECORD);
        assert_eq!(cut(&line, &[]).1, None);
        assert_eq!(cut(&format!("{line}x\n"), &[]).1, Some((1, Stuck::TooLong)));
    }

    proptest! {
        #[test]
        fn where_the_text_was_cut_makes_no_difference(text in "[ab髙,\"\n\r]{0,40}", pieces in prop::collection::vec(0_usize..9, 0..10)) {
            prop_assert_eq!(cut(&text, &pieces), cut(&text, &[]));
        }
    }
}
