//! What is not in order in a roster file, and how much that matters.

use serde::{Deserialize, Serialize};

/// A column that the import knows, whatever its heading is called in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// 区分: whether somebody joins or leaves.
    Movement,
    /// 社員番号.
    Number,
    /// 氏名.
    Name,
    /// 異動日: the date of what 区分 says.
    Date,
    /// 入社日.
    JoinDate,
    /// 退職日.
    LeaveDate,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 6] = [Self::Movement, Self::Number, Self::Name, Self::Date, Self::JoinDate, Self::LeaveDate];

    /// The key of its label in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Movement => "column-movement",
            Self::Number => "column-number",
            Self::Name => "column-name",
            Self::Date => "column-date",
            Self::JoinDate => "column-join-date",
            Self::LeaveDate => "column-leave-date",
        }
    }
}

/// Whether a file can be applied in spite of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing of the file is applied until it is mended.
    Blocking,
    /// The contact is told, and the file is applied.
    Warning,
}

impl Severity {
    /// The key of its label in the catalogue.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Blocking => "severity-blocking",
            Self::Warning => "severity-warning",
        }
    }
}

/// Something that is not in order. It says where and of what kind, never what the cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The line as an editor or a spreadsheet counts, from 1; none where the file as a whole is meant.
    pub line: Option<u32>,
    /// The column, where one is meant.
    pub column: Option<Column>,
    /// Where in the file that column stands, from 1.
    pub position: Option<u16>,
    /// What is not in order.
    pub code: Code,
}

impl Finding {
    /// About the file as a whole.
    pub const fn of_file(code: Code) -> Self {
        Self { line: None, column: None, position: None, code }
    }

    /// About a line as a whole.
    pub const fn of_line(line: u32, code: Code) -> Self {
        Self { line: Some(line), column: None, position: None, code }
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal $severity:ident),+ $(,)?) => {
        /// What can be not in order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[doc = $doc])+ $name),+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Whether it keeps the file from being applied.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity),+ }
            }

            /// The code as reports write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The key of its sentence in the catalogue.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => concat!("finding-", $code)),+ }
            }
        }
    };
}

codes! {
    /// Neither CSV, TSV nor .xlsx: an old .xls, a page saved as a table, protected by a password, damaged.
    NotReadable = "not-readable" Blocking,
    /// An .xlsx of more than 50 MiB, or one that unpacks to more than any roster.
    TooLarge = "too-large" Blocking,
    /// A column that is needed is not there.
    ColumnMissing = "column-missing" Blocking,
    /// Two columns could be the same one.
    ColumnTwice = "column-twice" Blocking,
    /// There is a header and nothing under it.
    NoRows = "no-rows" Warning,
    /// A record of more than 64 KiB.
    RowTooLong = "row-too-long" Blocking,
    /// A quote is opened and not closed until the file ends.
    QuoteOpen = "quote-open" Blocking,
    /// A row has more cells than the header: an unquoted comma shifted them.
    CellsExtra = "cells-extra" Blocking,
    /// A cell holds an error of the spreadsheet, such as `#N/A`.
    CellError = "cell-error" Blocking,
    /// 区分 is empty.
    MovementMissing = "movement-missing" Blocking,
    /// 区分 is none of the words that are known.
    MovementUnknown = "movement-unknown" Blocking,
    /// The employee number is empty.
    NumberMissing = "number-missing" Blocking,
    /// The employee number has characters that none has.
    NumberBad = "number-bad" Blocking,
    /// The employee number is too long.
    NumberTooLong = "number-too-long" Blocking,
    /// The employee number was turned into `1.23E+08`.
    NumberScientific = "number-scientific" Blocking,
    /// The name is empty.
    NameMissing = "name-missing" Blocking,
    /// The name is too long.
    NameTooLong = "name-too-long" Blocking,
    /// The name has a line break or another control character.
    NameControl = "name-control" Blocking,
    /// A character of the name was lost on the way: U+FFFD, 〓, or bytes that do not decode.
    NameReplaced = "name-replaced" Blocking,
    /// 退職 without a date.
    DateMissing = "date-missing" Blocking,
    /// What stands in the place of a date is none, or could be two.
    DateBad = "date-bad" Blocking,
    /// Different rows have the same number.
    NumberTwice = "number-twice" Blocking,
    /// The same row again.
    RowTwice = "row-twice" Warning,
    /// 入社 and 退職 of the same number.
    JoinsAndLeaves = "joins-and-leaves" Blocking,
    /// 退職 or 退職取消 of a number that the roster does not have; the row has no effect.
    NotOnRoster = "not-on-roster" Warning,
    /// The roster has the number only with zeros before it.
    NumberLacksZeros = "number-lacks-zeros" Blocking,
    /// 退職 of a number that the roster has under another name.
    LeaverNameDiffers = "leaver-name-differs" Blocking,
    /// 入社 of a number that the roster has under another name.
    NameChanges = "name-changes" Warning,
    /// The month of the leave date is over: access ends at once.
    LeaveReportedLate = "leave-reported-late" Warning,
    /// The leave date lies more than two calendar months back: the erasure waits for a confirmation.
    LeaveLongPast = "leave-long-past" Warning,
    /// The leave date lies more than a year ahead.
    LeaveFarAhead = "leave-far-ahead" Warning,
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_code_is_written_as_it_is_called() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
            assert_eq!(code.key(), format!("finding-{code}"));
        }
        for column in Column::ALL {
            assert_eq!(format!("\"{}\"", column.key().trim_start_matches("column-")), serde_json::to_string(&column).unwrap());
        }
    }

    #[test]
    fn findings_sort_by_line_and_those_of_the_file_come_first() {
        let mut findings = [Finding::of_line(10, Code::NotReadable), Finding::of_line(9, Code::DateBad), Finding::of_file(Code::NoRows)];
        findings.sort();
        assert_eq!(findings.map(|finding| finding.line), [None, Some(9), Some(10)]);
    }
}
