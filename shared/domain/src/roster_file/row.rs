//! One row's cells become an entry, or everything that is not in order in them.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Code, Column, Entry, Epoch, Finding, Header, Kind, Movement, PerHeading, Says, date, parse_date};
use crate::{
    employee::{self, BadName, BadNumber, MAX_NUMBER, NumberWidth},
    personal::{EmployeeNumber, PersonName},
};

/// What rows are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// What the file claims to be.
    pub kind: Kind,
    /// The tenant's width of employee numbers.
    pub width: Option<NumberWidth>,
    /// From which day the file counts its serial numbers.
    pub epoch: Epoch,
}

/// A cell as the file has it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text; empty where there is no cell.
    Text(&'a str),
    /// A number of a spreadsheet, as its file writes it.
    Number(&'a str),
    /// A number that the spreadsheet shows as a date or time.
    Date(&'a str),
    /// An error of a formula.
    Error,
}

impl<'a> Cell<'a> {
    /// No cell.
    pub const EMPTY: Self = Cell::Text("");

    /// Whether there is nothing to see in it.
    pub fn is_blank(self) -> bool {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Date(text) => text.chars().all(char::is_whitespace),
            Self::Error => false,
        }
    }

    /// The text without the apostrophe that keeps spreadsheets from reading it as something else. A number in the place of a
    /// text is what it looks like: `5.0` in the file is shown as 5.
    fn text(self) -> Result<Cow<'a, str>, Code> {
        match self {
            Self::Text(text) => {
                let text = text.strip_prefix('\'').unwrap_or(text);
                if is_error(text) { Err(Code::CellError) } else { Ok(Cow::Borrowed(text)) }
            }
            Self::Number(value) | Self::Date(value) => Ok(whole(value).map_or(Cow::Borrowed(value), Cow::Owned)),
            Self::Error => Err(Code::CellError),
        }
    }
}

/// The errors that spreadsheets write into their cells, and the bars where a column is too narrow.
fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 11] =
        ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA"];
    let text = text.trim();
    text.starts_with('#') && (ERRORS.contains(&text) || text.len() > 1 && text.bytes().all(|byte| byte == b'#'))
}

/// A whole number from 0 to 15 digits, which is as far as spreadsheets count exactly.
fn whole(value: &str) -> Option<String> {
    let number: f64 = value.parse().ok()?;
    ((0.0..1e15).contains(&number) && number.fract() == 0.0).then(|| format!("{number:.0}"))
}

impl Header {
    /// The entry of a row; `None` where nothing stands in the columns that matter: a row that was prepared and left empty.
    ///
    /// # Errors
    /// Everything that is not in order in the row.
    pub fn entry(&self, rules: Rules, line: u32, cells: PerHeading<Cell<'_>>) -> Result<Option<Entry>, Vec<Finding>> {
        let mut blank = true;
        cells.map(|cell| blank &= cell.is_blank());
        if blank {
            return Ok(None);
        }
        let places = self.places();
        let mut row = Row { rules, line, cells, places, findings: Vec::new() };
        let says = match rules.kind {
            Kind::Monthly => row.movement(),
            Kind::Full => {
                let (since, leaves) = (row.date(Column::JoinDate), row.date(Column::LeaveDate));
                since.and_then(|since| Ok(Says::Works { since, leaves: leaves? }))
            }
        };
        let number = number(cells.number, rules.width);
        let number = row.tell(Column::Number, number);
        let name = if places.name.is_some() { cells.name.text() } else { joined(cells.family_name, cells.given_name) };
        let name = row.tell(Column::Name, name.and_then(|text| name_of(&text)));
        if let (Ok(says), Ok(number), Ok(name)) = (says, number, name) {
            return Ok(Some(Entry { line, number, name, says }));
        }
        row.findings.sort_unstable();
        Err(row.findings)
    }
}

/// A row on its way to an entry.
struct Row<'a> {
    rules: Rules,
    line: u32,
    cells: PerHeading<Cell<'a>>,
    places: PerHeading<Option<u16>>,
    findings: Vec<Finding>,
}

/// The finding was noted.
struct Told;

impl Row<'_> {
    /// The value, or its finding is noted.
    fn tell<T>(&mut self, column: Column, read: Result<T, Code>) -> Result<T, Told> {
        read.map_err(|code| {
            let position = self.place(column).map(|place| place + 1);
            self.findings.push(Finding { line: Some(self.line), column: Some(column), position, code });
            Told
        })
    }

    const fn place(&self, column: Column) -> Option<u16> {
        match column {
            Column::Movement => self.places.movement,
            Column::Number => self.places.number,
            Column::Name if self.places.name.is_some() => self.places.name,
            Column::Name => self.places.family_name,
            Column::Date => self.places.date,
            Column::JoinDate => self.places.join_date,
            Column::LeaveDate => self.places.leave_date,
        }
    }

    fn movement(&mut self) -> Result<Says, Told> {
        let movement = self.cells.movement.text().and_then(|text| match Movement::parse(&text) {
            None if text.trim().is_empty() => Err(Code::MovementMissing),
            None => Err(Code::MovementUnknown),
            Some(movement) => Ok(movement),
        });
        match self.tell(Column::Movement, movement)? {
            Movement::Stays => Ok(Says::Stays),
            Movement::Joins => {
                let column = self.own_or_common(Column::JoinDate, self.cells.join_date);
                self.date(column).map(|on| Says::Joins { on })
            }
            Movement::Leaves => {
                let column = self.own_or_common(Column::LeaveDate, self.cells.leave_date);
                let date = self.date(column)?;
                self.tell(column, date.ok_or(Code::DateMissing)).map(|on| Says::Leaves { on })
            }
        }
    }

    /// A date in the movement's own column comes before one in the column for both.
    fn own_or_common(&self, own: Column, cell: Cell<'_>) -> Column {
        if cell.is_blank() && self.places.date.is_some() { Column::Date } else { own }
    }

    fn date(&mut self, column: Column) -> Result<Option<NaiveDate>, Told> {
        let cell = match column {
            Column::JoinDate => self.cells.join_date,
            Column::LeaveDate => self.cells.leave_date,
            Column::Date | Column::Movement | Column::Number | Column::Name => self.cells.date,
        };
        self.tell(column, optional_date(self.rules, cell))
    }
}

fn number(cell: Cell<'_>, width: Option<NumberWidth>) -> Result<EmployeeNumber, Code> {
    let text = match cell {
        // Typed as 1-2 and taken for the 2nd of January: the number is lost.
        Cell::Date(_) => return Err(Code::NumberBad),
        Cell::Number(value) => match whole(value) {
            Some(whole) => Cow::Owned(whole),
            None if value.parse::<f64>().is_ok_and(|number| number >= 1e15) => return Err(Code::NumberScientific),
            None => return Err(Code::NumberBad),
        },
        Cell::Text(_) | Cell::Error => cell.text()?,
    };
    employee::parse_number(&text, width).map_err(|why| match why {
        BadNumber::Empty => Code::NumberMissing,
        BadNumber::TooLong => Code::NumberTooLong,
        BadNumber::Character if is_scientific(&text) => Code::NumberScientific,
        BadNumber::Character => Code::NumberBad,
    })
}

/// `1.23E+08`, in any width. The sign tells it from a number such as `1E5`, which an employee may have.
fn is_scientific(text: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.trim().chars().take(2 * MAX_NUMBER).nfkc().collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    folded.to_ascii_uppercase().split_once("E+").is_some_and(|(mantissa, exponent)| {
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        digits(whole) && digits(fraction) && digits(exponent)
    })
}

/// What stands where a character was lost: by a decoder, or by a system that has no such character.
const LOST: [char; 2] = [char::REPLACEMENT_CHARACTER, '〓'];

fn name_of(text: &str) -> Result<PersonName, Code> {
    if text.contains(LOST) {
        return Err(Code::NameReplaced);
    }
    employee::parse_name(text).map_err(|why| match why {
        BadName::Empty => Code::NameMissing,
        BadName::TooLong => Code::NameTooLong,
        BadName::Control => Code::NameControl,
    })
}

fn joined<'a>(family: Cell<'a>, given: Cell<'a>) -> Result<Cow<'a, str>, Code> {
    let (family, given) = (family.text()?, given.text()?);
    Ok(match (family.trim(), given.trim()) {
        ("", _) => given,
        (_, "") => family,
        (family, given) => Cow::Owned(format!("{family} {given}")),
    })
}

fn optional_date(rules: Rules, cell: Cell<'_>) -> Result<Option<NaiveDate>, Code> {
    if cell.is_blank() {
        return Ok(None);
    }
    let date = match cell {
        Cell::Date(value) => date::from_serial(days(value).ok_or(Code::DateBad)?, rules.epoch),
        // A number that is not shown as a date is read as the same digits are in a text.
        Cell::Number(value) => parse_date(&days(value).ok_or(Code::DateBad)?.to_string(), rules.epoch),
        Cell::Text(_) | Cell::Error => parse_date(&cell.text()?, rules.epoch),
    };
    date.map(Some).map_err(|_| Code::DateBad)
}

/// The whole days of a serial number; what is behind the point is a time of day.
fn days(value: &str) -> Option<u32> {
    let number: f64 = value.parse().ok()?;
    if (0.0..1e9).contains(&number) { format!("{:.0}", number.floor()).parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::{
        super::{Search, Step},
        *,
    };

    fn header(kind: Kind, headings: &str) -> Header {
        let Step::Header(header) = Search::new(kind).row(1, headings.split(',')) else { panic!("{headings}") };
        header
    }

    fn rules(kind: Kind) -> Rules {
        Rules { kind, width: NumberWidth::new(6).ok(), epoch: Epoch::Year1900 }
    }

    fn read(kind: Kind, headings: &str, row: &[Cell<'_>]) -> Result<Option<Entry>, Vec<Finding>> {
        let header = header(kind, headings);
        let cells = header.places().map(|place| place.and_then(|place| row.get(usize::from(place))).copied().unwrap_or(Cell::EMPTY));
        header.entry(rules(kind), 2, cells)
    }

    fn said(kind: Kind, headings: &str, row: &str) -> String {
        let cells: Vec<_> = row.split(',').map(Cell::Text).collect();
        match read(kind, headings, &cells) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(entry)) => format!("{} {} {:?}", entry.number.expose(), entry.name.expose(), entry.says),
            Err(findings) => {
                let told = |finding: &Finding| format!("{} {}", finding.position.map_or(0, u16::from), finding.code);
                findings.iter().map(told).collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn a_monthly_row_says_who_joins_who_leaves_and_who_stays() {
        for (row, says) in [
            ("入社,123,髙橋 一郎,2027-01-04", "000123 髙橋 一郎 Joins { on: Some(2027-01-04) }"),
            ("入社,123,髙橋 一郎,", "000123 髙橋 一郎 Joins { on: None }"),
            ("退職,'000124,'﨑山 花子,R9.1.31", "000124 﨑山 花子 Leaves { on: 2027-01-31 }"),
            ("退職取消,124,﨑山 花子,未定", "000124 﨑山 花子 Stays"),
            (" ,\u{3000},,", "nothing"),
            ("退職,124,﨑山 花子,", "4 date-missing"),
            ("退職,124,﨑山 花子,1/31/2027", "4 date-bad"),
            ("入社,124,﨑山 花子,未定", "4 date-bad"),
            (",124,﨑山 花子,", "1 movement-missing"),
            ("異動,,,#REF!", "1 movement-unknown; 2 number-missing; 3 name-missing"),
            ("退職,#N/A,#####,#REF!", "2 cell-error; 3 cell-error; 4 cell-error"),
            ("退職,1.23E+08,〓田,2027-01-31", "2 number-scientific; 3 name-replaced"),
            ("退職,１．２３Ｅ＋０８,山\u{FFFD},2027-01-31", "2 number-scientific; 3 name-replaced"),
            ("入社,1E5,#1 山田,", "0001E5 #1 山田 Joins { on: None }"),
            ("入社,社員12,佐藤\t花子,", "2 number-bad; 3 name-control"),
        ] {
            let says = says.replace("0001E5", "1E5");
            assert_eq!(said(Kind::Monthly, "区分,社員番号,氏名,異動日", row), says, "{row}");
        }
    }

    #[test]
    fn a_date_may_have_a_column_of_its_own() {
        let headings = "区分,社員番号,姓,名,入社日,退職日,異動日";
        for (row, says) in [
            ("退職,124,﨑山,花子,2020-04-01,2027-01-31,2027-01-01", "000124 﨑山 花子 Leaves { on: 2027-01-31 }"),
            ("退職,124,﨑山,,2020-04-01,,2027-01-31", "000124 﨑山 Leaves { on: 2027-01-31 }"),
            ("入社,124,,花子,2027-01-04,未定,", "000124 花子 Joins { on: Some(2027-01-04) }"),
            ("退職,124,,,2020-04-01,,", "3 name-missing; 7 date-missing"),
        ] {
            assert_eq!(said(Kind::Monthly, headings, row), says, "{row}");
        }
        assert_eq!(said(Kind::Monthly, "区分,社員番号,氏名,退職日", "退職,1,王,"), "4 date-missing");
        assert_eq!(said(Kind::Monthly, "区分,社員番号,氏名,退職日", "入社,1,王,2027-01-31"), "000001 王 Joins { on: None }");
    }

    #[test]
    fn a_full_roster_may_say_since_and_until_when() {
        for (row, says) in [
            ("1,王,,", "000001 王 Works { since: None, leaves: None }"),
            ("1,王,2020/4/1,2027/1/31", "000001 王 Works { since: Some(2020-04-01), leaves: Some(2027-01-31) }"),
            ("1,王,2020/4,未定", "3 date-bad; 4 date-bad"),
        ] {
            assert_eq!(said(Kind::Full, "社員番号,氏名,入社日,退職日", row), says, "{row}");
        }
    }

    #[test]
    fn the_cells_of_a_spreadsheet_are_read_as_it_shows_them() {
        let number = |cell| {
            let read = read(Kind::Full, "社員番号,氏名", &[cell, Cell::Text("王")]);
            read.map(|entry| entry.unwrap().number.expose().to_owned()).map_err(|findings| findings.first().unwrap().code)
        };
        for (cell, expected) in [
            (Cell::Number("12345"), Ok("012345")),
            (Cell::Number("12345.0"), Ok("012345")),
            (Cell::Number("1.2345E4"), Ok("012345")),
            (Cell::Number("1.5"), Err(Code::NumberBad)),
            (Cell::Number("-5"), Err(Code::NumberBad)),
            (Cell::Number("NaN"), Err(Code::NumberBad)),
            (Cell::Number("1.2345678901234567E+17"), Err(Code::NumberScientific)),
            (Cell::Number("999999999999999"), Ok("999999999999999")),
            (Cell::Date("46024"), Err(Code::NumberBad)),
            (Cell::Text("00012345"), Ok("00012345")),
            (Cell::Error, Err(Code::CellError)),
        ] {
            assert_eq!(number(cell).as_deref().map_err(|code| *code), expected);
        }
        let leaves =
            |cell| read(Kind::Full, "社員番号,氏名,退職日", &[Cell::Text("1"), Cell::Text("王"), cell]).map(|entry| entry.unwrap().says);
        let on = |day: &str| Ok(Says::Works { since: None, leaves: Some(day.parse().unwrap()) });
        let bad = Err(vec![Finding { line: Some(2), column: Some(Column::LeaveDate), position: Some(3), code: Code::DateBad }]);
        for (cell, expected) in [
            (Cell::Date("46418"), on("2027-01-31")),
            (Cell::Date("46418.99"), on("2027-01-31")),
            (Cell::Date("61"), on("1900-03-01")),
            (Cell::Date("60"), bad.clone()),
            (Cell::Date("-1"), bad.clone()),
            (Cell::Number("46418"), on("2027-01-31")),
            (Cell::Number("20270131"), on("2027-01-31")),
            (Cell::Number("2027"), bad.clone()),
            (Cell::Number("inf"), bad),
        ] {
            assert_eq!(leaves(cell), expected);
        }
    }
}
