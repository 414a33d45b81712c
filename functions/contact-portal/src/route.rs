//! What an address asks for of who is signed in: one table, which a test holds against every role. No address names a company:
//! whose rosters are meant is what the session says.

use lambda_http::http::Method;
use web::Role;

use domain::{
    id::{ImportId, UploadId},
    interview::month::Month,
    kpi::period::Occasion,
};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// How the month stands, and the form to send a roster.
    Home,
    /// Asks where a file may be sent.
    Upload,
    /// What became of a file that was sent.
    Sent,
    /// All that was delivered.
    Deliveries,
    /// A delivered file: how it stands, and its report.
    Delivery,
    /// The findings of the report as CSV.
    Findings,
    /// Who is not in a full roster, as a file to fill in.
    Leavers,
    /// Says that a file that waits is right.
    Confirm,
    /// Takes back a file that waits.
    Withdraw,
    /// A file with the headings of a monthly roster.
    MonthlyTemplate,
    /// A file with the headings of a full roster.
    FullTemplate,
    /// Which reports on the use of the service there are.
    Reports,
    /// One of them.
    Report,
}

/// Who may ask for any of it, where the company still names them.
pub const PERMITS: Role = Role::Contact;

/// A route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// What is asked for.
    pub name: Name,
    /// How.
    pub method: &'static Method,
    /// Where, below the address of the contacts' pages.
    pub pattern: &'static str,
}

const fn route(name: Name, method: &'static Method, pattern: &'static str) -> Route {
    Route { name, method, pattern }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route(Name::Home, &Method::GET, ""),
    route(Name::Upload, &Method::POST, "uploads"),
    route(Name::Sent, &Method::GET, "uploads/{upload}"),
    route(Name::Deliveries, &Method::GET, "deliveries"),
    route(Name::Delivery, &Method::GET, "deliveries/{import}"),
    route(Name::Findings, &Method::GET, "deliveries/{import}/report.csv"),
    route(Name::Leavers, &Method::GET, "deliveries/{import}/leavers.csv"),
    route(Name::Confirm, &Method::POST, "deliveries/{import}/confirm"),
    route(Name::Withdraw, &Method::POST, "deliveries/{import}/withdraw"),
    route(Name::MonthlyTemplate, &Method::GET, "templates/monthly.csv"),
    route(Name::FullTemplate, &Method::GET, "templates/full.csv"),
    route(Name::Reports, &Method::GET, "reports"),
    route(Name::Report, &Method::GET, "reports/{occasion}/{month}"),
];

/// A request's route with the ids in its address.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The route.
    pub route: &'static Route,
    /// `{import}`.
    pub import: Option<ImportId>,
    /// `{upload}`.
    pub upload: Option<UploadId>,
    /// `{occasion}` and `{month}`: a report and its first month.
    pub report: Option<(Occasion, Month)>,
}

impl Asked {
    /// What a request to `path`, below the address of the contacts' pages, asks for.
    pub fn of(method: &Method, path: &str) -> Option<Self> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        ROUTES.iter().filter(|route| route.method == method).find_map(|route| Self::matching(route, path))
    }

    fn matching(route: &'static Route, path: &str) -> Option<Self> {
        let mut asked = Self { route, import: None, upload: None, report: None };
        let mut occasion = None;
        let mut given = path.split('/');
        for part in route.pattern.split('/') {
            let segment = given.next()?;
            match part {
                "{import}" => asked.import = Some(segment.parse().ok()?),
                "{upload}" => asked.upload = Some(segment.parse().ok()?),
                "{occasion}" => occasion = Some(segment.parse().ok()?),
                "{month}" => asked.report = Some((occasion?, segment.parse().ok()?)),
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

    #[test]
    fn an_address_asks_for_one_thing_or_for_nothing() {
        let delivery = "deliveries/01KAS2WJ0000000000000MPRT1";
        for (method, path, name) in [
            (Method::GET, "", Some(Name::Home)),
            (Method::HEAD, "", Some(Name::Home)),
            (Method::POST, "", None),
            (Method::POST, "uploads", Some(Name::Upload)),
            (Method::GET, "uploads", None),
            (Method::GET, "uploads/01KAS2WJ0000000000000VPDX1", Some(Name::Sent)),
            (Method::GET, "deliveries/", None),
            (Method::GET, delivery, Some(Name::Delivery)),
            (Method::GET, &format!("{delivery}/report.csv"), Some(Name::Findings)),
            (Method::GET, &format!("{delivery}/report.json"), None),
            (Method::GET, &format!("{delivery}/confirm"), None),
            (Method::POST, &format!("{delivery}/confirm"), Some(Name::Confirm)),
            (Method::GET, "templates/full.csv", Some(Name::FullTemplate)),
            (Method::GET, "reports", Some(Name::Reports)),
            (Method::GET, "reports/service/2026-12", Some(Name::Report)),
            (Method::GET, "reports/meeting/2026-12", Some(Name::Report)),
            (Method::GET, "reports/meeting/2026-13", None),
            (Method::GET, "reports/other/2026-12", None),
            (Method::GET, "reports/service", None),
            (Method::GET, "deliveries/sakura", None),
            (Method::GET, "../desk", None),
        ] {
            assert_eq!(Asked::of(&method, path).map(|asked| asked.route.name), name, "{method} {path}");
        }
    }
}
