//! EventBridge Scheduler: its REST interface over [`schedules`], which fire by the local clock.

pub mod expression;
pub mod schedule;
pub mod schedules;

use std::collections::HashMap;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::{Value, json};

use crate::{
    aws::{
        ACCOUNT, REGION,
        wire::{AwsError, Wire},
    },
    faults::Target,
};
use schedule::{Definition, Refusal, Schedule};
use schedules::Schedules;

/// `/schedules` and `/schedules/{name}`.
pub fn router(schedules: Schedules, wire: Wire) -> Router {
    Router::new().route("/schedules", get(list)).route("/schedules/{name}", any(one)).with_state((schedules, wire))
}

type Shared = State<(Schedules, Wire)>;
type Parameters = Query<HashMap<String, String>>;

async fn list(State((schedules, wire)): Shared, Query(parameters): Parameters) -> Response {
    wire.answer(Target::Scheduler, "ListSchedules", async {
        let wanted = |name: &str, value: &str| parameters.get(name).is_none_or(|wanted| wanted == value);
        let prefix = parameters.get("NamePrefix").map_or("", String::as_str);
        let shown: Vec<Value> = schedules
            .all()
            .iter()
            .filter(|schedule| wanted("ScheduleGroup", &schedule.definition.group_name) && schedule.name.starts_with(prefix))
            .map(summary)
            .filter(|schedule| wanted("State", schedule.get("State").and_then(Value::as_str).unwrap_or_default()))
            .collect();
        Json(json!({ "Schedules": shown })).into_response()
    })
    .await
}

async fn one(
    State((schedules, wire)): Shared,
    method: Method,
    Path(name): Path<String>,
    Query(parameters): Parameters,
    body: String,
) -> Response {
    let operation = match method {
        Method::POST => "CreateSchedule",
        Method::GET => "GetSchedule",
        Method::PUT => "UpdateSchedule",
        Method::DELETE => "DeleteSchedule",
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let group = parameters.get("groupName").map_or("default", String::as_str);
    wire.answer(Target::Scheduler, operation, async { answer(&schedules, operation, group, &name, &body).map(Json).into_response() }).await
}

fn answer(schedules: &Schedules, operation: &str, group: &str, name: &str, body: &str) -> Result<Value, AwsError> {
    if name.len() > 64 || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
        return Err(AwsError::new("ValidationException", "a name has 1 to 64 letters, digits and -_."));
    }
    let definition = || serde_json::from_str(body).map_err(|error| AwsError::new("ValidationException", error.to_string()));
    match operation {
        "CreateSchedule" | "UpdateSchedule" => {
            let definition: Definition = definition()?;
            let arn = arn(&definition.group_name, name);
            if operation == "CreateSchedule" {
                schedules.create(name, definition)?;
            } else {
                schedules.update(name, definition)?;
            }
            Ok(json!({ "ScheduleArn": arn }))
        }
        "GetSchedule" => Ok(detail(&schedules.get(group, name)?)),
        _ => Ok(schedules.delete(group, name).map(|()| json!({}))?),
    }
}

impl From<Refusal> for AwsError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::Expression(_) | Refusal::Timezone(_) | Refusal::Past(_) | Refusal::Input => Self::new("ValidationException", message),
            Refusal::Exists(_) => Self::new("ConflictException", message).with_status(StatusCode::CONFLICT),
            Refusal::Missing(_) => Self::new("ResourceNotFoundException", message).with_status(StatusCode::NOT_FOUND),
            Refusal::Disk(error) => Self::internal(&error),
        }
    }
}

fn arn(group: &str, name: &str) -> String {
    format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}")
}

fn summary(schedule: &Schedule) -> Value {
    json!({
        "Arn": arn(&schedule.definition.group_name, &schedule.name),
        "Name": schedule.name,
        "GroupName": schedule.definition.group_name,
        "State": schedule.definition.state,
        "Target": { "Arn": schedule.definition.target.arn },
        "CreationDate": schedule.created.timestamp(),
        "LastModificationDate": schedule.modified.timestamp(),
    })
}

fn detail(schedule: &Schedule) -> Value {
    let mut shown = json!(schedule.definition);
    if let (Some(shown), Value::Object(summary)) = (shown.as_object_mut(), summary(schedule)) {
        shown.remove("ClientToken");
        shown.extend(summary.into_iter().filter(|(name, _)| name != "Target"));
    }
    shown
}
