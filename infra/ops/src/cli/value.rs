//! How values are written on the command line.

use domain::{
    employee::{self, NumberWidth},
    licence::Licence,
    personal::{MailAddress, PersonName},
    tenant::Plan,
};
use ops::contract::Month;
use store::entity::delivery::Party;

/// A plan, as one writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PlanName {
    /// 従業員サポート: registration on LINE, consultations, content
    EmployeeSupport,
    /// 面談サポート: interviews and the regular meeting
    InterviewSupport,
}

impl From<PlanName> for Plan {
    fn from(name: PlanName) -> Self {
        match name {
            PlanName::EmployeeSupport => Self::EmployeeSupport,
            PlanName::InterviewSupport => Self::InterviewSupport,
        }
    }
}

/// The same word back.
pub fn plan(plan: Plan) -> &'static str {
    match plan {
        Plan::EmployeeSupport => "employee-support",
        Plan::InterviewSupport => "interview-support",
    }
}

/// A licence, as one writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LicenceName {
    /// 看護師
    Nurse,
    /// 保健師
    PublicHealthNurse,
    /// 公認心理師
    Psychologist,
}

impl From<LicenceName> for Licence {
    fn from(name: LicenceName) -> Self {
        match name {
            LicenceName::Nurse => Self::Nurse,
            LicenceName::PublicHealthNurse => Self::PublicHealthNurse,
            LicenceName::Psychologist => Self::Psychologist,
        }
    }
}

/// The same word back.
pub fn licence(licence: Licence) -> &'static str {
    match licence {
        Licence::Nurse => "nurse",
        Licence::PublicHealthNurse => "public-health-nurse",
        Licence::Psychologist => "psychologist",
    }
}

/// Whose confirmation, as one writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ConfirmsName {
    /// 担当者
    Contact,
    /// 運営者
    Operator,
}

impl From<ConfirmsName> for Party {
    fn from(name: ConfirmsName) -> Self {
        match name {
            ConfirmsName::Contact => Self::Contact,
            ConfirmsName::Operator => Self::Operator,
        }
    }
}

/// A width, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(pub Option<NumberWidth>);

/// Reads `6` or `none`.
pub fn width(text: &str) -> Result<Width, String> {
    if text == "none" {
        return Ok(Width(None));
    }
    let bad = "a number from 1 to 20, or none";
    let digits: u8 = text.parse().map_err(|_| bad.to_owned())?;
    NumberWidth::new(digits).map(|width| Width(Some(width))).map_err(|error| error.to_string())
}

/// Reads a person's name.
pub fn name(text: &str) -> Result<PersonName, employee::BadName> {
    employee::parse_name(text)
}

/// Reads a mail address.
pub fn mail(text: &str) -> Result<MailAddress, domain::personal::BadMailAddress> {
    MailAddress::parse(text)
}

/// Reads a month.
pub fn month(text: &str) -> Result<Month, ops::contract::BadMonth> {
    text.parse()
}

/// A list that can be emptied: `none`, or what is parsed from each value.
pub fn list<T>(values: Option<Vec<Listed<T>>>) -> Option<Vec<T>> {
    values.map(|values| values.into_iter().filter_map(|Listed(value)| value).collect())
}

/// A value of a list, or `none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T>(pub Option<T>);

/// Reads a value or `none`.
pub fn listed<T, E>(parse: impl Fn(&str) -> Result<T, E> + Clone) -> impl Fn(&str) -> Result<Listed<T>, E> + Clone {
    move |text| if text == "none" { Ok(Listed(None)) } else { parse(text).map(|value| Listed(Some(value))) }
}
