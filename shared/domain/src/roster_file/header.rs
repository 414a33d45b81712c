//! Which column is which: by its heading, in any order, under any of the names that HR systems give it.

use unicode_normalization::UnicodeNormalization;

use super::{Code, Column, Finding, Kind};

/// A heading that is known. Family and given name may stand in two columns; together they are [`Column::Name`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// 区分; monthly files only, since full rosters call other things so.
    Movement,
    /// 社員番号.
    Number,
    /// 氏名.
    Name,
    /// 姓.
    FamilyName,
    /// 名.
    GivenName,
    /// 異動日; monthly files only.
    Date,
    /// 入社日.
    JoinDate,
    /// 退職日.
    LeaveDate,
}

impl Heading {
    /// Every heading.
    pub const ALL: [Self; 8] =
        [Self::Movement, Self::Number, Self::Name, Self::FamilyName, Self::GivenName, Self::Date, Self::JoinDate, Self::LeaveDate];

    /// The column that it belongs to.
    pub const fn column(self) -> Column {
        match self {
            Self::Movement => Column::Movement,
            Self::Number => Column::Number,
            Self::Name | Self::FamilyName | Self::GivenName => Column::Name,
            Self::Date => Column::Date,
            Self::JoinDate => Column::JoinDate,
            Self::LeaveDate => Column::LeaveDate,
        }
    }

    /// What it is called: in lower case, without spaces and punctuation.
    pub const fn synonyms(self) -> &'static [&'static str] {
        match self {
            Self::Movement => &["区分", "異動区分", "入退社区分", "入退職区分", "異動種別", "種別", "異動内容", "type", "movement"],
            Self::Number => &[
                "社員番号",
                "従業員番号",
                "職員番号",
                "社員no",
                "従業員no",
                "職員no",
                "社員コード",
                "従業員コード",
                "職員コード",
                "社員cd",
                "従業員cd",
                "社員id",
                "従業員id",
                "社番",
                "employeenumber",
                "employeeno",
                "employeeid",
                "employeecode",
                "number",
            ],
            Self::Name => &[
                "氏名",
                "名前",
                "お名前",
                "社員名",
                "従業員名",
                "職員名",
                "社員氏名",
                "従業員氏名",
                "職員氏名",
                "姓名",
                "漢字氏名",
                "氏名漢字",
                "name",
                "fullname",
                "employeename",
            ],
            Self::FamilyName => &["姓", "氏", "苗字", "名字", "漢字姓", "lastname", "familyname", "surname"],
            Self::GivenName => &["名", "漢字名", "firstname", "givenname"],
            Self::Date => &["異動日", "異動年月日", "発令日", "発令年月日", "日付", "年月日", "date"],
            Self::JoinDate => &["入社日", "入社年月日", "入職日", "採用日", "採用年月日", "joindate", "hiredate"],
            Self::LeaveDate => &["退職日", "退職年月日", "退社日", "退社年月日", "離職日", "leavedate", "leavingdate", "retirementdate"],
        }
    }

    fn parse(text: &str, kind: Kind) -> Option<Self> {
        let folded = fold(text)?;
        let heading = Self::ALL.into_iter().find(|heading| heading.synonyms().contains(&folded.as_str()))?;
        match (kind, heading) {
            (Kind::Full, Self::Movement | Self::Date) => None,
            _ => Some(heading),
        }
    }
}

/// Words that make another column of a heading: how the name is read, and what it was before.
const OTHERS: [&str; 12] = ["カナ", "かな", "フリガナ", "ふりがな", "ヨミ", "よみ", "読み", "ローマ字", "英字", "英語", "旧", "kana"];
/// Longer headings are none of ours; the fold need not look at them.
const MAX_HEADING: usize = 200;

/// NFKC in lower case, without spaces, line breaks, punctuation and what stands in brackets; `None` where the heading is
/// about something else. A heading that stands in brackets as a whole keeps what is in them.
fn fold(text: &str) -> Option<String> {
    let text: String = text.chars().take(MAX_HEADING).nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect();
    if OTHERS.iter().any(|other| text.contains(other)) {
        return None;
    }
    let mut depth = 0_u16;
    let (mut outside, mut inside) = (String::new(), String::new());
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' | '【' | '「' | '『' | '〔' | '〈' | '《' => depth += 1,
            ')' | ']' | '}' | '>' | '】' | '」' | '』' | '〕' | '〉' | '》' => depth = depth.saturating_sub(1),
            c if !(c.is_alphanumeric() || c == 'ー') => {}
            c if depth == 0 => outside.push(c),
            c => inside.push(c),
        }
    }
    Some(if outside.is_empty() { inside } else { outside })
}

/// Something for each heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the fields are the headings")]
pub struct PerHeading<T> {
    pub movement: T,
    pub number: T,
    pub name: T,
    pub family_name: T,
    pub given_name: T,
    pub date: T,
    pub join_date: T,
    pub leave_date: T,
}

impl<T> PerHeading<T> {
    /// Something else for each.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> PerHeading<U> {
        PerHeading {
            movement: f(self.movement),
            number: f(self.number),
            name: f(self.name),
            family_name: f(self.family_name),
            given_name: f(self.given_name),
            date: f(self.date),
            join_date: f(self.join_date),
            leave_date: f(self.leave_date),
        }
    }

    fn get_mut(&mut self, heading: Heading) -> &mut T {
        match heading {
            Heading::Movement => &mut self.movement,
            Heading::Number => &mut self.number,
            Heading::Name => &mut self.name,
            Heading::FamilyName => &mut self.family_name,
            Heading::GivenName => &mut self.given_name,
            Heading::Date => &mut self.date,
            Heading::JoinDate => &mut self.join_date,
            Heading::LeaveDate => &mut self.leave_date,
        }
    }
}

/// A row of headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    line: u32,
    width: u16,
    places: PerHeading<Option<u16>>,
    twice: Vec<Finding>,
}

impl Header {
    fn read<'a>(kind: Kind, line: u32, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut header = Self { line, width: 0, places: PerHeading::default(), twice: Vec::new() };
        for (place, cell) in (0..u16::MAX).zip(cells) {
            header.width = place + 1;
            let Some(heading) = Heading::parse(cell, kind) else { continue };
            let known = header.places.get_mut(heading);
            if known.is_none() {
                *known = Some(place);
            } else {
                let (column, position) = (Some(heading.column()), Some(place + 1));
                header.twice.push(Finding { line: Some(line), column, position, code: Code::ColumnTwice });
            }
        }
        header
    }

    /// How many cells it has; a row of a text file has no more.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Where each heading stands, counted from 0.
    pub const fn places(&self) -> PerHeading<Option<u16>> {
        self.places
    }

    fn has_name(&self) -> bool {
        self.places.name.or(self.places.family_name).is_some()
    }

    fn known(&self) -> usize {
        let mut known = 0;
        self.places.map(|place| known += usize::from(place.is_some()));
        known
    }

    /// What keeps the rows under it from being read.
    fn findings(&self, kind: Kind, line: Option<u32>) -> Vec<Finding> {
        let needed = match kind {
            Kind::Monthly => &[
                (Column::Movement, self.places.movement.is_some()),
                (Column::Number, self.places.number.is_some()),
                (Column::Name, self.has_name()),
                (Column::Date, self.places.date.or(self.places.leave_date).is_some()),
            ][..],
            Kind::Full => &[(Column::Number, self.places.number.is_some()), (Column::Name, self.has_name())],
        };
        let missing = |column| Finding { line, column: Some(column), position: None, code: Code::ColumnMissing };
        let missing = needed.iter().filter(|(_, there)| !there).map(|(column, _)| missing(*column));
        missing.chain(self.twice.iter().copied()).collect()
    }
}

/// Looks for the header among the first rows: titles may stand above it.
#[derive(Debug, Clone)]
pub struct Search {
    kind: Kind,
    rows: u8,
    best: Option<Header>,
}

/// What a row was to the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Not the header.
    NotYet,
    /// The header, and it has all that is needed.
    Header(Header),
    /// The header, and it cannot be used.
    Refused(Vec<Finding>),
    /// There is no header so far down.
    TooFar,
}

impl Search {
    /// How many rows with something in them it looks at.
    pub const ROWS: u8 = 10;

    /// Begins at the top of a file or sheet.
    pub const fn new(kind: Kind) -> Self {
        Self { kind, rows: 0, best: None }
    }

    /// Looks at the next row that is not empty: the header is the first with number and name.
    pub fn row<'a>(&mut self, line: u32, cells: impl Iterator<Item = &'a str>) -> Step {
        if self.rows == Self::ROWS {
            return Step::TooFar;
        }
        self.rows += 1;
        let header = Header::read(self.kind, line, cells);
        if header.places.number.is_some() && header.has_name() {
            let findings = header.findings(self.kind, Some(line));
            return if findings.is_empty() { Step::Header(header) } else { Step::Refused(findings) };
        }
        if header.known() > self.known() {
            self.best = Some(header);
        }
        Step::NotYet
    }

    /// How many headings the best row so far has.
    pub fn known(&self) -> usize {
        self.best.as_ref().map_or(0, Header::known)
    }

    /// What is missing, where no header was found: told for the row that is most like one.
    pub fn missing(&self) -> Vec<Finding> {
        match &self.best {
            Some(header) => header.findings(self.kind, Some(header.line)),
            None => Header::read(self.kind, 0, std::iter::empty()).findings(self.kind, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_known_under_each_of_its_names_however_it_is_dressed() {
        for heading in Heading::ALL {
            for name in heading.synonyms() {
                for text in [
                    (*name).to_owned(),
                    name.to_uppercase(),
                    format!(" {name}\u{3000}\n"),
                    format!("{name}（必須）"),
                    format!("【必須】{name}"),
                    format!("「{name}」"),
                    format!("※{name}:"),
                ] {
                    assert_eq!(Heading::parse(&text, Kind::Monthly), Some(heading), "{text}");
                }
            }
        }
        for (text, heading) in [
            ("社員Ｎｏ．", Heading::Number),
            ("社員\r\n番号", Heading::Number),
            ("Employee Number", Heading::Number),
            ("employee_no", Heading::Number),
            ("ｼｬｲﾝ番号", Heading::Number),
        ] {
            let expected = (text != "ｼｬｲﾝ番号").then_some(heading);
            assert_eq!(Heading::parse(text, Kind::Full), expected, "{text}");
        }
    }

    #[test]
    fn other_columns_are_left_alone() {
        for text in [
            "",
            "フリガナ",
            "氏名（カナ）",
            "氏名カナ",
            "ｼﾒｲ(ｶﾅ)",
            "氏名かな",
            "旧姓",
            "氏名（旧姓）",
            "No.",
            "番号",
            "部署",
            "上司氏名",
            "生年月日",
        ] {
            assert_eq!(Heading::parse(text, Kind::Monthly), None, "{text}");
        }
        for text in ["区分", "種別", "日付"] {
            assert_eq!(Heading::parse(text, Kind::Full), None, "{text}");
        }
    }

    fn step(kind: Kind, header: &str) -> Step {
        Search::new(kind).row(3, header.split(','))
    }

    fn told(step: Step) -> Vec<(Code, Option<Column>, Option<u16>)> {
        let Step::Refused(findings) = step else { panic!("{step:?}") };
        findings.into_iter().map(|finding| (finding.code, finding.column, finding.position)).collect()
    }

    #[test]
    fn a_header_has_what_its_kind_of_file_needs() {
        for (kind, header) in [
            (Kind::Monthly, "区分,社員番号,氏名,異動日"),
            (Kind::Monthly, "異動日,部署,氏名,社員番号,区分"),
            (Kind::Monthly, "区分,社員番号,姓,名,入社日,退職日"),
            (Kind::Full, "社員番号,氏名"),
            (Kind::Full, "種別,区分,氏名,社員番号,退職日"),
        ] {
            assert!(matches!(step(kind, header), Step::Header(_)), "{header}");
        }
        assert_eq!(
            told(step(Kind::Monthly, "社員番号,氏名")),
            [(Code::ColumnMissing, Some(Column::Movement), None), (Code::ColumnMissing, Some(Column::Date), None),]
        );
        assert_eq!(told(step(Kind::Full, "社員番号,氏名,従業員番号")), [(Code::ColumnTwice, Some(Column::Number), Some(3))]);
    }

    #[test]
    fn the_header_stands_within_the_first_ten_rows() {
        let mut search = Search::new(Kind::Full);
        for line in 1..=9 {
            assert_eq!(search.row(line, "氏名 一覧,".split(',')), Step::NotYet);
        }
        assert!(matches!(search.clone().row(10, "社員番号,氏名".split(',')), Step::Header(_)));
        assert_eq!(search.row(10, "社員番号,".split(',')), Step::NotYet);
        assert_eq!(search.row(11, "社員番号,氏名".split(',')), Step::TooFar);
        assert_eq!(search.missing(), [Finding { line: Some(10), column: Some(Column::Name), position: None, code: Code::ColumnMissing }]);
        assert_eq!(Search::new(Kind::Full).missing().len(), 2);
    }
}
