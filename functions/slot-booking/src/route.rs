//! What an address asks for: a page, or the same as JSON below `api/`. Every route is for contacts who are signed in, and for what
//! is their company's; the description of the API alone says nothing of anybody, and is for everyone.

use lambda_http::http::Method;

use domain::id::InterviewId;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// Who is signed in.
    Session,
    /// A week's free slots, to book one or to move an interview there.
    Week,
    /// Holds a slot for ten minutes.
    Hold,
    /// The form for a slot on hold.
    Form,
    /// Books it.
    Book,
    /// The company's interviews.
    Interviews,
    /// One of them.
    Interview,
    /// Cancels it.
    Cancel,
    /// Moves it to another slot.
    Move,
    /// Saves its request form.
    RequestForm,
    /// What the interviews of a month use and cost.
    Ledger,
}

/// How it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// With a page.
    Page,
    /// With JSON.
    Api,
}

/// A route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// What is asked for.
    pub name: Name,
    /// How it is answered.
    pub way: Way,
    /// How it is asked for.
    pub method: &'static Method,
    /// Where, below the site's address.
    pub pattern: &'static str,
}

const fn page(name: Name, method: &'static Method, pattern: &'static str) -> Route {
    Route { name, way: Way::Page, method, pattern }
}

const fn api(name: Name, method: &'static Method, pattern: &'static str) -> Route {
    Route { name, way: Way::Api, method, pattern }
}

/// Where the description of the API is.
pub const DESCRIPTION: &str = "api/openapi.json";

/// Every other route.
pub const ROUTES: &[Route] = &[
    page(Name::Week, &Method::GET, ""),
    page(Name::Hold, &Method::POST, "holds"),
    page(Name::Form, &Method::GET, "holds/{interview}"),
    page(Name::Book, &Method::POST, "holds/{interview}"),
    page(Name::Interviews, &Method::GET, "interviews"),
    page(Name::Interview, &Method::GET, "interviews/{interview}"),
    page(Name::Cancel, &Method::POST, "interviews/{interview}/cancel"),
    page(Name::Move, &Method::POST, "interviews/{interview}/move"),
    page(Name::RequestForm, &Method::POST, "interviews/{interview}/request-form"),
    page(Name::Ledger, &Method::GET, "ledger"),
    api(Name::Session, &Method::GET, "api/session"),
    api(Name::Week, &Method::GET, "api/slots"),
    api(Name::Hold, &Method::POST, "api/holds"),
    api(Name::Book, &Method::POST, "api/holds/{interview}"),
    api(Name::Interviews, &Method::GET, "api/interviews"),
    api(Name::Interview, &Method::GET, "api/interviews/{interview}"),
    api(Name::Cancel, &Method::POST, "api/interviews/{interview}/cancel"),
    api(Name::Move, &Method::POST, "api/interviews/{interview}/move"),
    api(Name::Ledger, &Method::GET, "api/ledger"),
];

/// A request's route with the id in its address.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// What is asked for.
    pub name: Name,
    /// How it is answered.
    pub way: Way,
    /// `{interview}`.
    pub interview: Option<InterviewId>,
}

impl Way {
    /// How whatever is below `path` is answered, also where there is nothing.
    pub fn of(path: &str) -> Self {
        if path == "api" || path.starts_with("api/") { Self::Api } else { Self::Page }
    }
}

impl Asked {
    /// What `path`, below the site's own, asks for.
    ///
    /// # Errors
    /// There is no such route; where there are routes with other methods, these, as `Allow` wants them.
    pub fn of(method: &Method, path: &str) -> Result<Self, Option<&'static str>> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let found: Vec<(&Method, Self)> = ROUTES.iter().filter_map(|route| Some((route.method, Self::matching(route, path)?))).collect();
        if let Some((_, asked)) = found.iter().find(|(known, _)| *known == method) {
            return Ok(*asked);
        }
        let has = |method| found.iter().any(|(known, _)| *known == method);
        Err(match (has(&Method::GET), has(&Method::POST)) {
            (true, true) => Some("GET, HEAD, POST"),
            (true, false) => Some("GET, HEAD"),
            (false, true) => Some("POST"),
            (false, false) => None,
        })
    }

    fn matching(route: &Route, path: &str) -> Option<Self> {
        let mut asked = Self { name: route.name, way: route.way, interview: None };
        let mut given = path.split('/');
        for part in route.pattern.split('/') {
            let segment = given.next()?;
            match part {
                "{interview}" => asked.interview = Some(segment.parse().ok()?),
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
        let interview = "interviews/01KAS2WJ0000000000000NTRV1";
        let (page, api) = (|name| Ok((name, Way::Page)), |name| Ok((name, Way::Api)));
        for (method, path, asked) in [
            (Method::GET, "", page(Name::Week)),
            (Method::HEAD, "ledger", page(Name::Ledger)),
            (Method::GET, interview, page(Name::Interview)),
            (Method::POST, interview, Err(Some("GET, HEAD"))),
            (Method::POST, &format!("{interview}/cancel"), page(Name::Cancel)),
            (Method::GET, &format!("{interview}/cancel"), Err(Some("POST"))),
            (Method::DELETE, "holds/01KAS2WJ0000000000000NTRV1", Err(Some("GET, HEAD, POST"))),
            (Method::GET, "interviews/佐藤", Err(None)),
            (Method::GET, "interviews/", Err(None)),
            (Method::GET, "api/slots", api(Name::Week)),
            (Method::POST, &format!("api/{interview}/move"), api(Name::Move)),
            (Method::GET, "api", Err(None)),
        ] {
            assert_eq!(Asked::of(&method, path).map(|asked| (asked.name, asked.way)), asked, "{method} {path}");
        }
    }
}
