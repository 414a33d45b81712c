//! The same as the pages, as JSON (`openapi.json` describes it): for programs of the company and scripts. Who is signed in is in the
//! cookie; whoever changes something repeats the session's token in `X-CSRF-Token`, and brings an idempotency key.

mod problem;
mod request;
mod view;

use lambda_http::{
    Body, Error, Response,
    http::{Method, StatusCode},
};
use serde::Serialize;
use web::answer;

use domain::{id::InterviewId, interview::month::Month, phrase::Phrase, time};
use store::entity::audit::Outcome;

use self::problem::Problem;
use crate::{Asking, became::Not, book, change, form, hold, read, route::Name, week};

const OPENAPI: &str = include_str!("../../openapi.json");

type Answer = Result<Response<Body>, Error>;

/// Answers with JSON.
pub async fn answer(asking: Asking<'_>) -> Answer {
    match (asking.asked.name, asking.asked.interview) {
        (Name::Session, _) => session(asking).await,
        (Name::Week, _) => slots(asking).await,
        (Name::Hold, _) => Box::pin(hold(asking)).await,
        (Name::Book, Some(id)) => Box::pin(book(asking, id)).await,
        (Name::Interviews, _) => interviews(asking).await,
        (Name::Interview, Some(id)) => interview(asking, id, StatusCode::OK).await,
        (Name::Cancel, Some(id)) => Box::pin(cancel(asking, id)).await,
        (Name::Move, Some(id)) => Box::pin(move_to(asking, id)).await,
        (Name::Ledger, _) => ledger(asking).await,
        (Name::Form | Name::Book | Name::Interview | Name::RequestForm | Name::Cancel | Name::Move, _) => not_found(),
    }
}

async fn session(asking: Asking<'_>) -> Answer {
    match asking.known(Vec::new()).await? {
        Ok(known) => shown(asking, StatusCode::OK, &view::Session::of(&known, &asking.session.csrf)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn slots(asking: Asking<'_>) -> Answer {
    let day = match asking.parameter("week").map(|week| week.parse()) {
        Some(Ok(day)) => day,
        None => time::jst_date(asking.now),
        Some(Err(_)) => return refused(asking, Problem::bad_parameter("week", Phrase::BookingApiBadWeek)).await,
    };
    match week::of(asking, day).await? {
        Ok(week) => shown(asking, StatusCode::OK, &view::Week::of(&week)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn hold(asking: Asking<'_>) -> Answer {
    let (key, request) = match request::read::<request::Hold>(asking) {
        Ok(read) => read,
        Err(problem) => return refused(asking, problem).await,
    };
    let Some(slot) = form::slot(&request.slot) else { return refused(asking, Problem::bad_slot()).await };
    let once = asking.under(&key, &["hold", &request.slot]);
    match hold::hold(asking, slot, Some(&once)).await? {
        Ok(held) => answer::json(StatusCode::CREATED, &view::Held::of(held)),
        Err(other) => not(asking, other).await,
    }
}

async fn book(asking: Asking<'_>, id: InterviewId) -> Answer {
    let (key, request) = match request::read::<request::Booking>(asking) {
        Ok(read) => read,
        Err(problem) => return refused(asking, problem).await,
    };
    let Some(slot) = form::slot(&request.slot) else { return refused(asking, Problem::bad_slot()).await };
    let once = asking.under(&key, &["book", &id.to_string(), &request.digested()]);
    match book::book(asking, id, slot, request.form(), Some(&once)).await? {
        Ok(id) => after(asking, id, StatusCode::CREATED).await,
        Err(other) => not(asking, other).await,
    }
}

async fn cancel(asking: Asking<'_>, id: InterviewId) -> Answer {
    let (key, request) = match request::read::<request::Cancel>(asking) {
        Ok(read) => read,
        Err(problem) => return refused(asking, problem).await,
    };
    let once = asking.under(&key, &["cancel", &id.to_string(), if request.in_time { "in time" } else { "late" }]);
    match change::cancel(asking, id, request.in_time, Some(&once)).await? {
        Ok(id) => after(asking, id, StatusCode::OK).await,
        Err(other) => not(asking, other).await,
    }
}

async fn move_to(asking: Asking<'_>, id: InterviewId) -> Answer {
    let (key, request) = match request::read::<request::Hold>(asking) {
        Ok(read) => read,
        Err(problem) => return refused(asking, problem).await,
    };
    let Some(slot) = form::slot(&request.slot) else { return refused(asking, Problem::bad_slot()).await };
    let once = asking.under(&key, &["move", &id.to_string(), &request.slot]);
    match change::move_to(asking, id, slot, Some(&once)).await? {
        Ok(id) => after(asking, id, StatusCode::OK).await,
        Err(other) => not(asking, other).await,
    }
}

async fn interviews(asking: Asking<'_>) -> Answer {
    match read::interviews(asking).await? {
        Ok((interviews, nurses)) => shown(asking, StatusCode::OK, &view::Interviews::of(&interviews, &nurses, asking.now)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn interview(asking: Asking<'_>, id: InterviewId, status: StatusCode) -> Answer {
    match read::interview(asking, id).await? {
        Ok(one) => shown(asking, status, &view::Interview::of_one(&one, asking.now)).await,
        Err(other) => not(asking, other).await,
    }
}

/// The interview as it is after an act that was written with its line of the audit log.
async fn after(asking: Asking<'_>, id: InterviewId, status: StatusCode) -> Answer {
    match read::interview(asking, id).await? {
        Ok(one) => answer::json(status, &view::Interview::of_one(&one, asking.now)),
        Err(other) => not(asking, other).await,
    }
}

async fn ledger(asking: Asking<'_>) -> Answer {
    let month = match asking.parameter("month").map(|month| month.parse::<Month>()) {
        Some(Ok(month)) => Some(month),
        None => None,
        Some(Err(_)) => return refused(asking, Problem::bad_parameter("month", Phrase::BookingApiBadMonth)).await,
    };
    match read::ledger(asking, month).await? {
        Ok(used) => shown(asking, StatusCode::OK, &view::Ledger::of(&used)).await,
        Err(other) => not(asking, other).await,
    }
}

/// Adds the line to the audit log, and answers.
async fn shown<T: Serialize>(asking: Asking<'_>, status: StatusCode, value: &T) -> Answer {
    asking.audit(Outcome::Done).await?;
    answer::json(status, value)
}

async fn refused(asking: Asking<'_>, problem: Problem) -> Answer {
    asking.audit(if problem.status() == StatusCode::FORBIDDEN { Outcome::Forbidden } else { Outcome::Refused }).await?;
    problem.answer()
}

/// Why not. Whoever was too slow gets the slots that are free now.
async fn not(asking: Asking<'_>, not: Not) -> Answer {
    asking.audit(not.outcome()).await?;
    match not {
        Not::Allowed => forbidden(),
        Not::Bought => Problem::not_bought().answer(),
        Not::There => not_found(),
        Not::Complete(missing) => Problem::incomplete(&missing).answer(),
        Not::Admitted(why) => Problem::not_admitted(why).answer(),
        Not::Possible(why) => Problem::not_possible(why).answer(),
        Not::TheSameRequest => Problem::other_request().answer(),
        Not::Free(why, day) => match week::of(asking, day).await? {
            Ok(week) => Problem::not_free(why, view::Week::of(&week).slots).answer(),
            Err(_) => forbidden(),
        },
    }
}

/// Who asks is not signed in.
pub fn stranger() -> Answer {
    Problem::stranger().answer()
}

/// Who is signed in is no contact, or not any more.
pub fn forbidden() -> Answer {
    Problem::forbidden().answer()
}

/// There is nothing of the kind.
pub fn not_found() -> Answer {
    Problem::not_found().answer()
}

/// Our own failure.
pub fn failed() -> Answer {
    Problem::failed().answer()
}

/// The description of the API: it says nothing of anybody.
pub fn description(method: &Method) -> Answer {
    if matches!(*method, Method::GET | Method::HEAD) {
        answer::json(StatusCode::OK, &serde_json::from_str::<serde_json::Value>(OPENAPI)?)
    } else {
        answer::not_allowed("GET, HEAD")
    }
}
