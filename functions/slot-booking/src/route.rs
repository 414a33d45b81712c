//! What an address asks for. Every route is for contacts who are signed in, and for what is their company's.

use lambda_http::http::Method;

use domain::id::InterviewId;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
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

/// A route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// What is asked for.
    pub name: Name,
    /// How.
    pub method: &'static Method,
    /// Where, below the site's address.
    pub pattern: &'static str,
}

const fn route(name: Name, method: &'static Method, pattern: &'static str) -> Route {
    Route { name, method, pattern }
}

/// Every route.
pub const ROUTES: &[Route] = &[
    route(Name::Week, &Method::GET, ""),
    route(Name::Hold, &Method::POST, "holds"),
    route(Name::Form, &Method::GET, "holds/{interview}"),
    route(Name::Book, &Method::POST, "holds/{interview}"),
    route(Name::Interviews, &Method::GET, "interviews"),
    route(Name::Interview, &Method::GET, "interviews/{interview}"),
    route(Name::Cancel, &Method::POST, "interviews/{interview}/cancel"),
    route(Name::Move, &Method::POST, "interviews/{interview}/move"),
    route(Name::RequestForm, &Method::POST, "interviews/{interview}/request-form"),
    route(Name::Ledger, &Method::GET, "ledger"),
];

/// A request's route with the id in its address.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The route.
    pub name: Name,
    /// `{interview}`.
    pub interview: Option<InterviewId>,
}

impl Asked {
    /// What `path`, below the site's own, asks for; `None` where there is no such route.
    pub fn of(method: &Method, path: &str) -> Option<Self> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        ROUTES.iter().filter(|route| route.method == method).find_map(|route| Self::matching(route, path))
    }

    fn matching(route: &Route, path: &str) -> Option<Self> {
        let mut asked = Self { name: route.name, interview: None };
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
        for (method, path, name) in [
            (Method::GET, "", Some(Name::Week)),
            (Method::HEAD, "ledger", Some(Name::Ledger)),
            (Method::GET, interview, Some(Name::Interview)),
            (Method::POST, interview, None),
            (Method::POST, &format!("{interview}/cancel"), Some(Name::Cancel)),
            (Method::GET, &format!("{interview}/cancel"), None),
            (Method::GET, "interviews/佐藤", None),
            (Method::GET, "interviews/", None),
        ] {
            assert_eq!(Asked::of(&method, path).map(|asked| asked.name), name, "{method} {path}");
        }
    }
}
