//! What a roster file says (row D1): the rules by which the cells of a delivered file become entries and findings, whatever
//! the format. `docs/roster-files.md` tells them to people, and a test keeps page and code together.

mod date;
mod finding;
mod header;
mod movement;
mod repeats;
mod row;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::{
    date::{BadDate, Epoch, parse_date},
    finding::{Code, Column, Finding, Severity},
    header::{Header, Heading, PerHeading, Search, Step},
    movement::Movement,
    repeats::{Numbers, Suspects, repeated},
    row::{Cell, Rules},
};
use crate::personal::{EmployeeNumber, PersonName};

/// What a file claims to be: the prefix under which it was delivered says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The month's delta: who joins and who leaves. Who is not in it stays as they are.
    Monthly,
    /// Everybody who is employed. Who is not in it may have left.
    Full,
}

/// What a row says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Says {
    /// 区分 入社.
    Joins {
        /// First day of employment, where the row has one.
        on: Option<NaiveDate>,
    },
    /// 区分 退職.
    Leaves {
        /// Last day of employment.
        on: NaiveDate,
    },
    /// 区分 退職取消: a leave date that was reported by mistake is taken back.
    Stays,
    /// A row of a full roster.
    Works {
        /// First day of employment, where the row has one.
        since: Option<NaiveDate>,
        /// Last day of employment, where one is known.
        leaves: Option<NaiveDate>,
    },
}

/// A row that is in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it begins, as an editor or a spreadsheet counts: from 1.
    pub line: u32,
    /// Whom it is about.
    pub number: EmployeeNumber,
    /// As HR wrote it.
    pub name: PersonName,
    /// What happens to the employment.
    pub says: Says,
}
