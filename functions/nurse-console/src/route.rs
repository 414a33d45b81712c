//! What an address asks for, and who may ask: one table, which a test holds against every role.

use lambda_http::http::Method;
use web::Role;

use domain::id::{ConsultationId, DocumentId, InterviewId, MemberId, RequestFileId, TenantId};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// All that waits.
    Queue,
    /// What the nurse has in hand.
    Mine,
    /// The form to find a member by company and number.
    SearchForm,
    /// Who claims this number.
    Search,
    /// A member's consultations.
    Member,
    /// A thread.
    Thread,
    /// The version of a thread, for a page that looks whether something is new.
    Version,
    /// Answers the member.
    Reply,
    /// A word for colleagues.
    Note,
    /// Takes it into the own hands.
    TakeOver,
    /// To whom it can be handed over.
    HandOverForm,
    /// Hands it over.
    HandOver,
    /// Says what it is about.
    Sort,
    /// Closes it.
    Close,
    /// Opens it again.
    Reopen,
    /// Asks the member for number and name again (row A3).
    AskAgain,
    /// Sends the member the link to the page for documents (row B5).
    AskDocuments,
    /// A document of it.
    Document,
    /// A proposal to refer the member to a desk (row B4).
    ReferForm,
    /// Refers the member.
    Refer,
    /// The form to disclose something to the company's contact (row B4).
    DiscloseForm,
    /// Discloses it.
    Disclose,
    /// A company's ledger of disclosures.
    Ledger,
    /// Reply templates, everybody's and the nurse's own.
    Templates,
    /// Adds or changes one.
    KeepTemplate,
    /// Removes one.
    RemoveTemplate,
    /// When the nurse gives interviews (row C1).
    Hours,
    /// Sets that.
    SetHours,
    /// The nurse's interviews, and those that await approval.
    Interviews,
    /// Approves or declines one, calls it off, records how it went, or corrects that.
    Record,
    /// A file of an interview's request form (row C7).
    RequestFile,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permits {
    /// Everybody who answers consultations (row B3).
    Nurses,
    /// Nurses and public health nurses, not psychologists (row B5).
    DocumentReaders,
}

impl Permits {
    /// Whether one of `roles` is enough.
    pub fn one_of(self, roles: &std::collections::BTreeSet<Role>) -> bool {
        let enough: &[Role] = match self {
            Self::Nurses => &[Role::Nurse, Role::PublicHealthNurse, Role::Psychologist],
            Self::DocumentReaders => &[Role::Nurse, Role::PublicHealthNurse],
        };
        enough.iter().any(|role| roles.contains(role))
    }
}

/// A route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// What is asked for.
    pub name: Name,
    /// How.
    pub method: &'static Method,
    /// Where, below the console's address.
    pub pattern: &'static str,
    /// By whom.
    pub permits: Permits,
}

const fn route(name: Name, method: &'static Method, pattern: &'static str) -> Route {
    Route { name, method, pattern, permits: Permits::Nurses }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route(Name::Queue, &Method::GET, ""),
    route(Name::Mine, &Method::GET, "mine"),
    route(Name::SearchForm, &Method::GET, "search"),
    route(Name::Search, &Method::POST, "search"),
    route(Name::Member, &Method::GET, "members/{member}"),
    route(Name::Thread, &Method::GET, "members/{member}/consultations/{consultation}"),
    route(Name::Version, &Method::GET, "members/{member}/consultations/{consultation}/version"),
    route(Name::Reply, &Method::POST, "members/{member}/consultations/{consultation}/reply"),
    route(Name::Note, &Method::POST, "members/{member}/consultations/{consultation}/note"),
    route(Name::TakeOver, &Method::POST, "members/{member}/consultations/{consultation}/take-over"),
    route(Name::HandOverForm, &Method::GET, "members/{member}/consultations/{consultation}/hand-over"),
    route(Name::HandOver, &Method::POST, "members/{member}/consultations/{consultation}/hand-over"),
    route(Name::Sort, &Method::POST, "members/{member}/consultations/{consultation}/topic"),
    route(Name::Close, &Method::POST, "members/{member}/consultations/{consultation}/close"),
    route(Name::Reopen, &Method::POST, "members/{member}/consultations/{consultation}/reopen"),
    route(Name::AskAgain, &Method::POST, "members/{member}/consultations/{consultation}/ask-again"),
    route(Name::AskDocuments, &Method::POST, "members/{member}/consultations/{consultation}/ask-documents"),
    route(Name::ReferForm, &Method::GET, "members/{member}/consultations/{consultation}/refer"),
    route(Name::Refer, &Method::POST, "members/{member}/consultations/{consultation}/refer"),
    route(Name::DiscloseForm, &Method::GET, "members/{member}/consultations/{consultation}/disclose"),
    route(Name::Disclose, &Method::POST, "members/{member}/consultations/{consultation}/disclose"),
    route(Name::Ledger, &Method::GET, "ledger"),
    route(Name::Templates, &Method::GET, "templates"),
    route(Name::KeepTemplate, &Method::POST, "templates"),
    route(Name::RemoveTemplate, &Method::POST, "templates/remove"),
    route(Name::Hours, &Method::GET, "hours"),
    route(Name::SetHours, &Method::POST, "hours"),
    route(Name::Interviews, &Method::GET, "interviews"),
    route(Name::Record, &Method::POST, "interviews"),
    route(Name::RequestFile, &Method::GET, "interviews/{tenant}/{interview}/files/{file}"),
    Route {
        permits: Permits::DocumentReaders,
        ..route(Name::Document, &Method::GET, "members/{member}/consultations/{consultation}/documents/{document}")
    },
];

/// A request's route with the ids in its address.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The route.
    pub route: &'static Route,
    /// `{member}`.
    pub member: Option<MemberId>,
    /// `{consultation}`.
    pub consultation: Option<ConsultationId>,
    /// `{document}`.
    pub document: Option<DocumentId>,
    /// `{tenant}`.
    pub tenant: Option<TenantId>,
    /// `{interview}`.
    pub interview: Option<InterviewId>,
    /// `{file}`.
    pub file: Option<RequestFileId>,
}

impl Asked {
    /// What `path`, below the console's own, asks for; `None` where there is no such route.
    pub fn of(method: &Method, path: &str) -> Option<Self> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        ROUTES.iter().filter(|route| route.method == method).find_map(|route| Self::matching(route, path))
    }

    fn matching(route: &'static Route, path: &str) -> Option<Self> {
        let mut asked = Self { route, member: None, consultation: None, document: None, tenant: None, interview: None, file: None };
        let mut given = path.split('/');
        for part in route.pattern.split('/') {
            let segment = given.next()?;
            match part {
                "{member}" => asked.member = Some(segment.parse().ok()?),
                "{consultation}" => asked.consultation = Some(segment.parse().ok()?),
                "{document}" => asked.document = Some(segment.parse().ok()?),
                "{tenant}" => asked.tenant = Some(segment.parse().ok()?),
                "{interview}" => asked.interview = Some(segment.parse().ok()?),
                "{file}" => asked.file = Some(segment.parse().ok()?),
                fixed if fixed == segment => {}
                _ => return None,
            }
        }
        given.next().is_none().then_some(asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVIEW: &str = "01KAS2WJ0000000000000TNNT1/01KAS2WJ0000000000000NTRV1";

    #[test]
    fn an_address_asks_for_one_thing_or_for_nothing() {
        let member = "members/01KAS2WJ0000000000000MMBR1";
        let thread = format!("{member}/consultations/01KAS2WJ0000000000000CNST1");
        for (method, path, name) in [
            (Method::GET, "", Some(Name::Queue)),
            (Method::HEAD, "", Some(Name::Queue)),
            (Method::GET, "mine", Some(Name::Mine)),
            (Method::GET, "mine/", None),
            (Method::GET, member, Some(Name::Member)),
            (Method::GET, &thread, Some(Name::Thread)),
            (Method::POST, &thread, None),
            (Method::POST, &format!("{thread}/reply"), Some(Name::Reply)),
            (Method::GET, &format!("{thread}/reply"), None),
            (Method::GET, &format!("{thread}/documents/01KAS2WJ0000000000000DCMT1"), Some(Name::Document)),
            (Method::GET, &format!("interviews/{INTERVIEW}/files/01KAS2WJ0000000000000FJ1E1"), Some(Name::RequestFile)),
            (Method::GET, &format!("interviews/{INTERVIEW}"), None),
            (Method::GET, "members/佐藤", None),
            (Method::GET, "../contacts", None),
        ] {
            assert_eq!(Asked::of(&method, path).map(|asked| asked.route.name), name, "{method} {path}");
        }
    }
}
