//! The booking form as a contact types it (rows C2, C3, C7), and what of it is missing.

use super::{
    purpose::{Chosen, Method, Physicians, Purpose},
    request_form::{LONGEST_REASON, reason},
    state::Details,
};
use crate::{
    employee::{self, BadName, BadNumber, NumberWidth},
    personal::{EmployeeNumber, MailAddress, PersonName, PhoneNumber, Wishes},
    phrase::Phrase,
};

/// The form as it came.
#[derive(Clone, Copy, Default)]
pub struct Form<'a> {
    /// The employee's number.
    pub number: &'a str,
    /// The employee's name.
    pub name: &'a str,
    /// `phone` or `web`.
    pub method: &'a str,
    /// The number that the nurse calls; looked at for `phone` only.
    pub phone: &'a str,
    /// A code of [`Chosen`].
    pub purpose: &'a str,
    /// Where the guidance mail goes.
    pub mail: &'a str,
    /// Reason and wishes; may be empty.
    pub wishes: &'a str,
}

impl std::fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("method", &self.method).finish_non_exhaustive()
    }
}

/// A form that can be booked, as far as the form alone says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The employee's number, as the roster writes it.
    pub number: EmployeeNumber,
    /// The employee's name.
    pub name: PersonName,
    /// How, what for, and where the guidance mail goes.
    pub details: Details,
    /// Reason and wishes, where there are any: the beginning of the request form.
    pub reason: Option<Wishes>,
}

/// What is missing in a form, or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// The employee's number.
    #[error(transparent)]
    Number(BadNumber),
    /// The employee's name.
    #[error(transparent)]
    Name(BadName),
    /// How it is to be held.
    #[error("the method is phone or web")]
    Method,
    /// The number to call, or it is none in Japan.
    #[error("for an interview by phone a phone number in Japan is needed")]
    Phone,
    /// What it is for.
    #[error("a purpose is needed")]
    Purpose,
    /// A law gives it to a physician (row C3).
    #[error("the company's physician has to do this interview: {}", .0.code())]
    Physician(Physicians),
    /// An address for the guidance mail.
    #[error("a mail address for the guidance is needed")]
    Mail,
    /// Reason and wishes are too long.
    #[error("reason and wishes have at most {LONGEST_REASON} characters")]
    Wishes,
}

impl Missing {
    /// The field of [`Form`] that is to be mended.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Name(_) => "name",
            Self::Method => "method",
            Self::Phone => "phone",
            Self::Purpose | Self::Physician(_) => "purpose",
            Self::Mail => "mail",
            Self::Wishes => "wishes",
        }
    }

    /// What the contact is told.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Number(BadNumber::Empty) => Phrase::InterviewRequestNeedsNumber,
            Self::Number(BadNumber::TooLong | BadNumber::Character) => Phrase::InterviewRequestBadNumber,
            Self::Name(BadName::Empty) => Phrase::InterviewRequestNeedsName,
            Self::Name(BadName::TooLong | BadName::Control) => Phrase::InterviewRequestBadName,
            Self::Method => Phrase::InterviewRequestNeedsMethod,
            Self::Phone => Phrase::InterviewRequestNeedsPhone,
            Self::Purpose => Phrase::InterviewRequestNeedsPurpose,
            Self::Physician(why) => why.refusal(),
            Self::Mail => Phrase::InterviewRequestNeedsMail,
            Self::Wishes => Phrase::InterviewRequestLongWishes,
        }
    }
}

/// Reads a form; `width` is the tenant's width of employee numbers.
///
/// # Errors
/// Everything that is missing or refused, in the order of the form.
pub fn read(form: Form<'_>, width: Option<NumberWidth>) -> Result<Request, Vec<Missing>> {
    let number = employee::parse_number(form.number, width).map_err(Missing::Number);
    let name = employee::parse_name(form.name).map_err(Missing::Name);
    let (method, purpose) = (method(form), purpose(form.purpose));
    let mail = MailAddress::parse(form.mail).map_err(|_| Missing::Mail);
    let wishes = reason(form.wishes).map_err(|_| Missing::Wishes);
    match (number, name, method, purpose, mail, wishes) {
        (Ok(number), Ok(name), Ok(method), Ok(purpose), Ok(guidance_to), Ok(reason)) => {
            Ok(Request { number, name, details: Details { method, purpose, guidance_to }, reason })
        }
        (number, name, method, purpose, mail, wishes) => {
            let missing = [number.err(), name.err(), method.err(), purpose.err(), mail.err(), wishes.err()];
            Err(missing.into_iter().flatten().collect())
        }
    }
}

fn purpose(code: &str) -> Result<Purpose, Missing> {
    match Chosen::of_code(code) {
        Some(Chosen::Nurses(purpose)) => Ok(purpose),
        Some(Chosen::Physicians(why)) => Err(Missing::Physician(why)),
        None => Err(Missing::Purpose),
    }
}

fn method(form: Form<'_>) -> Result<Method, Missing> {
    match form.method {
        "phone" => PhoneNumber::parse(form.phone).map(Method::Phone).map_err(|_| Missing::Phone),
        "web" => Ok(Method::Web),
        _ => Err(Missing::Method),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const GOOD: Form<'_> = Form {
        number: " １２３ ",
        name: " 山田　太郎 ",
        method: "phone",
        phone: "090-1234-5678",
        purpose: "checkup",
        mail: "taro@example.co.jp",
        wishes: " 午前中を希望します。\r\n ",
    };

    #[test]
    fn a_complete_form_is_a_request() {
        let request = read(GOOD, NumberWidth::new(5).ok()).unwrap();
        assert_eq!((request.number.expose(), request.name.expose()), ("00123", "山田　太郎"));
        assert_eq!(request.details.method, Method::Phone(PhoneNumber::parse("09012345678").unwrap()));
        assert_eq!(request.details.purpose, Purpose::Checkup);
        assert_eq!(request.reason.unwrap().expose(), "午前中を希望します。");
    }

    #[test]
    fn a_web_interview_needs_no_phone_number_and_none_needs_wishes() {
        let web = read(Form { method: "web", phone: "x", wishes: " \r\n", ..GOOD }, None).unwrap();
        assert_eq!((web.details.method, web.reason), (Method::Web, None));
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let all = [Missing::Number(BadNumber::Empty), Missing::Name(BadName::Empty), Missing::Method, Missing::Purpose, Missing::Mail];
        assert_eq!(read(Form::default(), None), Err(all.to_vec()));
        let long = "あ".repeat(LONGEST_REASON + 1);
        assert_eq!(read(Form { phone: "", wishes: &long, ..GOOD }, None), Err(vec![Missing::Phone, Missing::Wishes]));
        assert!(read(Form { wishes: &"あ\r\n".repeat(LONGEST_REASON / 2), ..GOOD }, None).is_ok());
    }

    #[test]
    fn long_hours_and_high_stress_are_refused_beside_what_else_is_missing() {
        for (code, physicians) in [("long-hours", Physicians::LongHours), ("high-stress", Physicians::HighStress)] {
            let form = Form { purpose: code, mail: "taro", ..GOOD };
            assert_eq!(read(form, None), Err(vec![Missing::Physician(physicians), Missing::Mail]));
        }
    }

    #[test]
    fn nothing_of_a_person_is_shown() {
        let shown = format!("{GOOD:?} {:?}", read(GOOD, None).unwrap());
        for secret in ["123", "山田", "5678", "taro", "午前"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
