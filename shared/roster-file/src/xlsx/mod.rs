//! Excel workbooks (ECMA-376): the sheets that a person sees, read as a stream.

mod package;
mod sheet;
mod strings;
mod styles;
mod workbook;
mod xml;

use domain::roster_file::{Code, Epoch, Finding};

use self::{package::Package, strings::Strings, styles::Styles, workbook::Workbook};
use crate::{Options, Row, table::Table};

/// Why a workbook is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// It is damaged, protected, or no workbook.
    Unreadable,
    /// It unpacks to more than any roster.
    TooLarge,
    /// A row is longer than any roster's.
    RowTooLong(u32),
}

/// Reads the first sheet that is seen and has the header.
pub fn read(bytes: &[u8], options: Options, found: &mut impl FnMut(Row)) {
    if let Err(fault) = sheets(bytes, options, found) {
        found(Row::Finding(match fault {
            Fault::Unreadable => Finding::of_file(Code::NotReadable),
            Fault::TooLarge => Finding::of_file(Code::TooLarge),
            Fault::RowTooLong(line) => Finding::of_line(line, Code::RowTooLong),
        }));
    }
}

fn sheets(bytes: &[u8], options: Options, found: &mut impl FnMut(Row)) -> Result<(), Fault> {
    let mut package = Package::open(bytes)?;
    let workbook = Workbook::read(&mut package)?;
    let styles = workbook.styles.as_deref().map_or(Ok(Styles::default()), |part| Styles::read(&mut package, part))?;
    let strings = workbook.strings.as_deref().map_or(Ok(Strings::default()), |part| Strings::read(&mut package, part))?;
    let mut best = Table::new(options, Epoch::default());
    for part in &workbook.sheets {
        let mut table = Table::new(options, workbook.epoch);
        sheet::read(&mut package, part, &strings, &styles, &mut |row| {
            table.row(row, found);
            table.is_open()
        })?;
        if table.has_header() {
            best = table;
            break;
        }
        if table.likeness() > best.likeness() {
            best = table;
        }
    }
    best.finish(found);
    Ok(())
}
