//! Rows of cells, of whatever format, become what was found: first the header, then what stands under it.

use domain::roster_file::{Cell, Code, Epoch, Finding, Header, Rules, Search, Step};

use crate::{Options, Row};

/// A row of cells.
pub trait Cells {
    /// Its line, from 1.
    fn line(&self) -> u32;
    /// The cell at a place, counted from 0; empty where there is none.
    fn cell(&self, place: u16) -> Cell<'_>;
    /// Its texts, for the search of the header.
    fn texts(&self) -> impl Iterator<Item = &str>;
    /// The place of a cell behind the last one that the row may have.
    fn extra(&self, width: u16) -> Option<u16>;
}

/// A file or a sheet on its way.
#[derive(Debug)]
pub struct Table {
    rules: Rules,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Search(Search),
    Rows { header: Header, empty: bool },
    Refused(Vec<Finding>),
    Over,
}

impl Table {
    /// Begins at the top.
    pub const fn new(options: Options, epoch: Epoch) -> Self {
        Self { rules: Rules { kind: options.kind, width: options.width, epoch }, stage: Stage::Search(Search::new(options.kind)) }
    }

    /// Whether rows still say something.
    pub const fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Search(_) | Stage::Rows { .. })
    }

    /// Whether a header was found that has all that is needed.
    pub const fn has_header(&self) -> bool {
        matches!(self.stage, Stage::Rows { .. } | Stage::Over)
    }

    /// How much like a roster it looks where it has no such header.
    pub fn likeness(&self) -> usize {
        match &self.stage {
            Stage::Search(search) => search.known(),
            Stage::Refused(_) | Stage::Rows { .. } | Stage::Over => usize::MAX,
        }
    }

    /// Takes the next row.
    pub fn row(&mut self, row: &impl Cells, found: &mut impl FnMut(Row)) {
        match &mut self.stage {
            Stage::Search(search) => {
                if row.texts().all(|text| text.trim().is_empty()) {
                    return;
                }
                match search.row(row.line(), row.texts()) {
                    Step::NotYet => {}
                    Step::Header(header) => self.stage = Stage::Rows { header, empty: true },
                    Step::Refused(findings) => self.stage = Stage::Refused(findings),
                    Step::TooFar => self.stage = Stage::Refused(search.missing()),
                }
            }
            Stage::Rows { header, empty } => {
                let mut tell = |row| {
                    *empty = false;
                    found(row);
                };
                if let Some(place) = row.extra(header.width()) {
                    let position = Some(place.saturating_add(1));
                    return tell(Row::Finding(Finding { line: Some(row.line()), column: None, position, code: Code::CellsExtra }));
                }
                let cells = header.places().map(|place| place.map_or(Cell::EMPTY, |place| row.cell(place)));
                match header.entry(self.rules, row.line(), cells) {
                    Ok(None) => {}
                    Ok(Some(entry)) => tell(Row::Entry(entry)),
                    Err(findings) => findings.into_iter().map(Row::Finding).for_each(tell),
                }
            }
            Stage::Refused(_) | Stage::Over => {}
        }
    }

    /// Tells that nothing can be read from here on.
    pub fn stop(&mut self, finding: Finding, found: &mut impl FnMut(Row)) {
        found(Row::Finding(finding));
        self.stage = Stage::Over;
    }

    /// The file or sheet ends here.
    pub fn finish(self, found: &mut impl FnMut(Row)) {
        let findings = match self.stage {
            Stage::Search(search) => search.missing(),
            Stage::Refused(findings) => findings,
            Stage::Rows { empty: true, .. } => vec![Finding::of_file(Code::NoRows)],
            Stage::Rows { empty: false, .. } | Stage::Over => Vec::new(),
        };
        findings.into_iter().map(Row::Finding).for_each(found);
    }
}
