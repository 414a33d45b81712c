//! Which sheets a person sees, and what the workbook says of all of them.

use domain::roster_file::Epoch;

use super::{
    Fault,
    package::Package,
    xml::{Piece, attributes},
};

/// What is needed of a workbook.
#[derive(Debug, Default)]
pub struct Workbook {
    /// The paths of the sheets that are not hidden, in their order.
    pub sheets: Vec<String>,
    /// From which day serial numbers count.
    pub epoch: Epoch,
    /// The path of the shared strings, where there are any.
    pub strings: Option<String>,
    /// The path of the styles, where there are any.
    pub styles: Option<String>,
}

impl Workbook {
    /// Reads it.
    pub fn read(package: &mut Package<'_>) -> Result<Self, Fault> {
        let root = package.relationships("")?;
        let path = root.into_values().find(|relationship| relationship.kind == "officeDocument").ok_or(Fault::Unreadable)?.target;
        let mut relationships = package.relationships(&path)?;
        let mut workbook = Self::default();
        for relationship in relationships.values() {
            match relationship.kind.as_str() {
                "sharedStrings" => workbook.strings = Some(relationship.target.clone()),
                "styles" => workbook.styles = Some(relationship.target.clone()),
                _ => {}
            }
        }
        let mut part = package.part(&path)?;
        loop {
            match part.next()? {
                Piece::Opens(element) if element.local_name().as_ref() == b"workbookPr" => {
                    let [flag] = attributes(&element, ["date1904"])?;
                    if flag.is_some_and(|flag| flag == "1" || flag == "true") {
                        workbook.epoch = Epoch::Year1904;
                    }
                }
                Piece::Opens(element) if element.local_name().as_ref() == b"sheet" => {
                    let [state, id] = attributes(&element, ["state", "id"])?;
                    let hidden = state.is_some_and(|state| state != "visible");
                    let sheet = id.and_then(|id| relationships.remove(&id)).filter(|sheet| sheet.kind == "worksheet" && !hidden);
                    workbook.sheets.extend(sheet.map(|sheet| sheet.target));
                }
                Piece::End => return Ok(workbook),
                Piece::Opens(_) | Piece::Closes(_) | Piece::Text(_) => {}
            }
        }
    }
}
