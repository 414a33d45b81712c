//! One sheet, row by row.

use std::ops::Range;

use domain::roster_file::Cell;

use super::{
    Fault,
    package::Package,
    strings::Strings,
    styles::{Format, Styles},
    xml::{Piece, each_attribute, unescape},
};
use crate::table::Cells;

/// The last column of a sheet, counted from 0.
const LAST_PLACE: u16 = 16_383;
/// How long the cells of a row may be, in bytes, those that are shared not counted.
const MAX_ROW: usize = crate::records::MAX_RECORD;

/// A row with its cells.
pub struct SheetRow<'a> {
    line: u32,
    /// By their places.
    cells: Vec<(u16, Content)>,
    text: String,
    strings: &'a Strings,
}

#[derive(Debug, Clone)]
enum Content {
    Text(Range<usize>),
    Number(Range<usize>),
    Date(Range<usize>),
    Shared(usize),
    Error,
}

impl SheetRow<'_> {
    fn read(&self, content: &Content) -> Cell<'_> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        match content {
            Content::Text(range) => Cell::Text(text(range)),
            Content::Number(range) => Cell::Number(text(range)),
            Content::Date(range) => Cell::Date(text(range)),
            Content::Shared(index) => Cell::Text(self.strings.get(*index).unwrap_or_default()),
            Content::Error => Cell::Error,
        }
    }
}

impl Cells for SheetRow<'_> {
    fn line(&self) -> u32 {
        self.line
    }

    fn cell(&self, place: u16) -> Cell<'_> {
        let found = self.cells.binary_search_by_key(&place, |(known, _)| *known).ok().and_then(|at| self.cells.get(at));
        found.map_or(Cell::EMPTY, |(_, content)| self.read(content))
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        let width = self.cells.last().map_or(0, |(place, _)| place + 1);
        (0..width).map(|place| match self.cell(place) {
            Cell::Text(text) | Cell::Number(text) | Cell::Date(text) => text,
            Cell::Error => "",
        })
    }

    /// Nothing shifts in a sheet: what stands beside the table is a note.
    fn extra(&self, _: u16) -> Option<u16> {
        None
    }
}

/// What the element that is read last told of the cell.
#[derive(Default)]
struct Current {
    place: u16,
    kind: Kind,
    style: usize,
    begin: usize,
}

/// The type of a cell (ECMA-376, 18.18.11).
#[derive(Clone, Copy, Default)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Error,
}

/// Hands each row to `each`, as long as that asks for more.
pub fn read(
    package: &mut Package<'_>,
    part: &str,
    strings: &Strings,
    styles: &Styles,
    each: &mut impl FnMut(&SheetRow<'_>) -> bool,
) -> Result<(), Fault> {
    let mut part = package.part(part)?;
    let mut row = SheetRow { line: 0, cells: Vec::new(), text: String::new(), strings };
    let mut cell = Current::default();
    let (mut next, mut spoken, mut taken) = (0, false, false);
    loop {
        match part.next()? {
            Piece::Opens(element) => match element.local_name().as_ref() {
                b"row" => {
                    row.line = row.line.saturating_add(1);
                    each_attribute(&element, |name, value| {
                        if name == b"r" {
                            row.line = decimal(value).unwrap_or(row.line);
                        }
                    })?;
                    row.cells.clear();
                    row.text.clear();
                    next = 0;
                }
                b"c" => {
                    cell = Current { place: next, begin: row.text.len(), ..Current::default() };
                    each_attribute(&element, |name, value| match name {
                        b"r" => cell.place = place(value).unwrap_or(cell.place),
                        b"s" => cell.style = decimal(value).and_then(|style| usize::try_from(style).ok()).unwrap_or_default(),
                        b"t" => cell.kind = kind(value),
                        _ => {}
                    })?;
                    next = cell.place.saturating_add(1);
                }
                b"rPh" => spoken = true,
                b"v" | b"t" => taken = !spoken,
                _ => {}
            },
            Piece::Text(text) if taken => row.text.push_str(&text),
            Piece::Text(_) => {}
            Piece::Closes(element) => match element.local_name().as_ref() {
                b"rPh" => spoken = false,
                b"v" | b"t" => taken = false,
                b"c" => row.close(&cell, styles),
                b"row" => {
                    row.cells.sort_by_key(|(place, _)| *place);
                    if !each(&row) {
                        return Ok(());
                    }
                }
                b"sheetData" => return Ok(()),
                _ => {}
            },
            Piece::End => return Ok(()),
        }
        if row.text.len() > MAX_ROW || row.cells.len() > usize::from(LAST_PLACE) + 1 {
            return Err(Fault::RowTooLong(row.line));
        }
    }
}

impl SheetRow<'_> {
    fn close(&mut self, cell: &Current, styles: &Styles) {
        let range = cell.begin..self.text.len();
        let value = self.text.get(range.clone()).unwrap_or_default();
        if value.is_empty() || cell.place > LAST_PLACE {
            return;
        }
        let content = match cell.kind {
            Kind::Error => Content::Error,
            Kind::Shared => Content::Shared(value.parse().unwrap_or(usize::MAX)),
            Kind::Text => {
                unescape(&mut self.text, cell.begin);
                Content::Text(cell.begin..self.text.len())
            }
            Kind::Number => match styles.format(cell.style) {
                Format::Date => Content::Date(range),
                Format::Zeros(width) if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let missing = width.saturating_sub(value.len());
                    self.text.insert_str(cell.begin, &"0".repeat(missing));
                    Content::Text(cell.begin..self.text.len())
                }
                Format::Number | Format::Zeros(_) => Content::Number(range),
            },
        };
        self.cells.push((cell.place, content));
    }
}

fn kind(value: &[u8]) -> Kind {
    match value {
        b"s" => Kind::Shared,
        b"str" | b"inlineStr" | b"d" | b"b" => Kind::Text,
        b"e" => Kind::Error,
        _ => Kind::Number,
    }
}

fn decimal(value: &[u8]) -> Option<u32> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// The column of a cell's name, counted from 0: that of `AB12` is 27.
fn place(name: &[u8]) -> Option<u16> {
    let letters = name.iter().take_while(|byte| byte.is_ascii_uppercase());
    let position = letters.take(3).fold(0_u16, |before, letter| before * 26 + u16::from(letter - b'A') + 1);
    position.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_s_name_tells_its_column() {
        for (name, expected) in
            [("A1", Some(0)), ("Z9", Some(25)), ("AB12", Some(27)), ("XFD1", Some(16_383)), ("ZZZ1", Some(18_277)), ("1", None)]
        {
            assert_eq!(place(name.as_bytes()), expected, "{name}");
        }
    }
}
