//! Faults, ordered and shown.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Programs, read, refused};
use crate::{
    aws::wire::AwsError,
    faults::{Fault, Mode, Target, names},
};

/// `GET /local/faults`: what is ordered, by target.
pub async fn show(State(programs): State<Programs>) -> Json<Value> {
    Json(programs.faults.show())
}

/// `POST /local/faults` `{"target":"line","mode":"slow","ms":800,"every":3}`: the members beside `target` are those of
/// [`Fault`]; the mode `none` ends what was ordered for the target.
pub async fn order(State(programs): State<Programs>, body: String) -> Result<Json<Value>, AwsError> {
    match read_order(&body)? {
        (target, Some(fault)) => programs.faults.order(target, fault).map_err(|why| refused(&why))?,
        (target, None) => programs.faults.set(target, None, 0),
    }
    Ok(Json(programs.faults.show()))
}

#[derive(Deserialize)]
struct Order {
    target: Target,
    #[serde(flatten)]
    fault: Map<String, Value>,
}

fn read_order(body: &str) -> Result<(Target, Option<Fault>), AwsError> {
    let Order { target, fault } = read(body)?;
    if fault.get("mode").is_some_and(|mode| mode == "none") {
        return Ok((target, None));
    }
    let is_mode = fault.get("mode").is_some_and(|mode| Mode::deserialize(mode).is_ok());
    let fault = serde_json::from_value(Value::Object(fault)).map_err(|error| {
        if is_mode { refused(&error) } else { refused(&format!("the modes of {target} are {} and none", names(target))) }
    })?;
    Ok((target, Some(fault)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn an_order_says_whom_how_and_how_often() {
        let order = r#"{"target":"line","mode":"slow","count":3,"every":2,"operation":"push","ms":800}"#;
        let (target, fault) = read_order(order).unwrap();
        let mut expected = Fault::always(Mode::Slow);
        (expected.count, expected.every, expected.ms) = (Some(3), Some(2), Some(800));
        expected.operation = Some("push".to_owned());
        assert_eq!((target, fault), (Target::Line, Some(expected)));
        assert_eq!(read_order(r#"{"target":"s3","mode":"reset"}"#).unwrap(), (Target::S3, Some(Fault::always(Mode::Reset))));
    }

    #[test]
    fn none_ends_whatever_else_is_said() {
        assert_eq!(read_order(r#"{"target":"s3","mode":"none","count":0}"#).unwrap(), (Target::S3, None));
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_unknown_modes_are_told_the_known_ones() {
        for refused in
            ["", "{}", r#"{"target":"moon","mode":"500"}"#, r#"{"target":"line","mode":"500","often":3}"#, r#"{"target":"line"}"#]
        {
            assert!(read_order(refused).is_err(), "{refused}");
        }
        let why = read_order(r#"{"target":"ssm","mode":"asleep"}"#).unwrap_err().message;
        assert!(why.contains("500, 429, timeout, slow, reset, lost and none"), "{why}");
    }
}
