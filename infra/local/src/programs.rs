//! How programs drive the local system: `/local/…`, the same that the pages use. The README documents it; it is kept stable.

mod bucket;
mod faults;
mod queue;
mod table;

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use chrono_tz::Asia::Tokyo;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    aws::{dynamodb::Tables, router::Services, s3::Buckets, scheduler::schedule::Schedule, sqs::Queue, wire::AwsError},
    calls::Calls,
    faults::Faults,
    span,
    status::Status,
};

/// What the interface reaches.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The stand-ins of AWS, with the clock.
    pub services: Services,
    /// The tables.
    pub tables: Tables,
    /// Faults to order.
    pub faults: Faults,
    /// Requests counted.
    pub calls: Calls,
    /// What is shown at `/local/status`.
    pub status: Status,
    /// The buckets.
    pub buckets: Buckets,
    /// The queues: of delivered rosters, then of uploaded documents.
    pub queues: Vec<Queue>,
}

/// The routes below `/local`, without those of LINE.
pub fn router(programs: Programs) -> Router {
    Router::new()
        .route("/status", get(status))
        .route("/clock", get(clock).post(move_clock))
        .route("/mail", get(mail))
        .route("/faults", get(faults::show).post(faults::order))
        .route("/calls", get(calls))
        .route("/calls/reset", post(reset_calls))
        .route("/schedules", get(schedules))
        .route("/schedules/{name}/run", post(run_schedule))
        .route("/table", get(table::browse))
        .route("/outbox", get(table::outbox))
        .route("/buckets", get(bucket::show))
        .route("/s3", get(bucket::versions))
        .route("/s3/object", get(bucket::download).put(bucket::put).layer(DefaultBodyLimit::disable()))
        .route("/queues", get(queue::show))
        .route("/queues/deliver", post(queue::deliver))
        .route("/queues/redrive", post(queue::redrive))
        .with_state(programs)
}

type Shared = State<Programs>;

async fn status(State(programs): Shared) -> Json<Status> {
    Json(programs.status)
}

async fn clock(State(programs): Shared) -> Json<Value> {
    Json(show_clock(programs.services.clock.now()))
}

fn show_clock(now: DateTime<Utc>) -> Value {
    json!({ "now": now, "jst": now.with_timezone(&Tokyo).format("%Y-%m-%d %H:%M:%S").to_string() })
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Move {
    Set {
        now: DateTime<Utc>,
        #[serde(default)]
        hold: bool,
    },
    Advance {
        advance: String,
    },
}

/// Answers only when everything that became due has been fired and what expired is gone.
async fn move_clock(State(programs): Shared, body: String) -> Result<Json<Value>, AwsError> {
    let clock = &programs.services.clock;
    let change = read(&body)
        .map_err(|_| refused(&r#"say {"now":"2027-01-31T23:59:59+09:00"}, with "hold":true to stop there, or {"advance":"PT1H"}"#))?;
    match change {
        Move::Set { now, hold: true } => clock.hold(now),
        Move::Set { now, hold: false } => clock.set(now),
        Move::Advance { advance } => {
            let by = span::parse(&advance).ok_or_else(|| refused(&"advance is an ISO 8601 duration such as PT1H or P1D"))?;
            clock.advance(by);
        }
    }
    programs.services.schedules.catch_up().await;
    programs.tables.sweep(clock.now()).await.map_err(|error| AwsError::internal(&error))?;
    Ok(Json(show_clock(clock.now())))
}

async fn mail(State(programs): Shared) -> Result<Response, AwsError> {
    let mails = programs.services.mailbox.all().map_err(|error| AwsError::internal(&error))?;
    Ok(Json(mails).into_response())
}

async fn calls(State(programs): Shared) -> Json<Value> {
    Json(programs.calls.show())
}

async fn reset_calls(State(programs): Shared) -> StatusCode {
    programs.calls.reset();
    StatusCode::NO_CONTENT
}

async fn schedules(State(programs): Shared) -> Json<Value> {
    let now = programs.services.clock.now();
    let show = |schedule: &Schedule| {
        let definition = &schedule.definition;
        json!({
            "name": schedule.name,
            "group": definition.group_name,
            "expression": definition.schedule_expression,
            "timezone": definition.schedule_expression_timezone,
            "next": schedule.next(now),
            "target": definition.target.arn,
            "input": definition.target.input,
            "state": definition.state,
        })
    };
    Json(programs.services.schedules.all().iter().map(show).collect())
}

async fn run_schedule(
    State(programs): Shared,
    Path(name): Path<String>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Response, AwsError> {
    let group = parameters.get("group").map_or("default", String::as_str);
    Ok(match programs.services.schedules.run(group, &name).await? {
        Ok(result) => Json(json!({ "result": result })).into_response(),
        Err(error) => (StatusCode::BAD_GATEWAY, Json(json!({ "message": error.to_string() }))).into_response(),
    })
}

/// Reads JSON whatever type the request gives it, as `curl -d` gives a wrong one.
fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, AwsError> {
    serde_json::from_str(body).map_err(|error| refused(&error))
}

fn refused(why: &impl std::fmt::Display) -> AwsError {
    AwsError::new("BadRequest", why.to_string())
}
