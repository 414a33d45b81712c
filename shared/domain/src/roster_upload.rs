//! What the contacts' page takes (row D1). The content decides what a file is, once it is there; here is only what can be told
//! before it is sent. The name itself stays in the browser: HR may write people into it.

use serde::Serialize;

/// The largest file that the page takes, in bytes: that of a workbook, which has to be held as a whole. More people than any
/// tenant has fit into a text file of that length.
pub const LARGEST: u64 = 50 * 1024 * 1024;

/// Endings of the names of what can be read.
pub const ENDINGS: [&str; 4] = ["csv", "tsv", "txt", "xlsx"];
/// Spreadsheets that are not, and that HR may well have.
const OLD_WORKBOOKS: [&str; 3] = ["xls", "xlsm", "xlsb"];

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotTaken {
    /// There is nothing in it.
    Empty,
    /// It is larger than [`LARGEST`].
    TooLarge,
    /// A spreadsheet of another kind than .xlsx.
    OldWorkbook,
    /// Something else.
    OtherType,
}

/// Whether a file of so many bytes, whose name ends so, may be sent.
pub fn may_upload(bytes: u64, ending: &str) -> Result<(), NotTaken> {
    let ending = ending.to_ascii_lowercase();
    if OLD_WORKBOOKS.contains(&ending.as_str()) {
        Err(NotTaken::OldWorkbook)
    } else if !ENDINGS.contains(&ending.as_str()) {
        Err(NotTaken::OtherType)
    } else if bytes == 0 {
        Err(NotTaken::Empty)
    } else if bytes > LARGEST {
        Err(NotTaken::TooLarge)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_is_taken_up_to_the_largest() {
        for (bytes, ending, expected) in [
            (1, "csv", Ok(())),
            (LARGEST, "XLSX", Ok(())),
            (1, "tsv", Ok(())),
            (1, "txt", Ok(())),
            (0, "csv", Err(NotTaken::Empty)),
            (LARGEST + 1, "csv", Err(NotTaken::TooLarge)),
            (u64::MAX, "xlsx", Err(NotTaken::TooLarge)),
            (1, "xls", Err(NotTaken::OldWorkbook)),
            (1, "xlsm", Err(NotTaken::OldWorkbook)),
            (1, "pdf", Err(NotTaken::OtherType)),
            (0, "zip", Err(NotTaken::OtherType)),
            (1, "", Err(NotTaken::OtherType)),
        ] {
            assert_eq!(may_upload(bytes, ending), expected, "{bytes} {ending}");
        }
    }
}
