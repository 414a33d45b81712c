//! What the page's script reads.

use lambda_http::{Body, Error, Response, http::StatusCode};
use serde_json::{Value, json};

use crate::permit::Answer;

/// What the page's script reads.
pub fn json(answer: &Answer) -> Result<Response<Body>, Error> {
    let error = |error: Value| json!({ "error": error });
    let (status, body) = match answer {
        Answer::Permitted(upload) => {
            let headers: serde_json::Map<String, Value> = upload.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            (StatusCode::OK, json!({ "url": upload.url, "headers": headers }))
        }
        Answer::NotTaken(why) => (StatusCode::UNPROCESSABLE_ENTITY, error(serde_json::to_value(why)?)),
        Answer::Over => (StatusCode::GONE, error(json!("over"))),
        Answer::Unknown => (StatusCode::NOT_FOUND, error(json!("over"))),
        Answer::Malformed => (StatusCode::BAD_REQUEST, error(json!("failed"))),
        Answer::Failure => (StatusCode::INTERNAL_SERVER_ERROR, error(json!("failed"))),
    };
    web::answer::json(status, &body)
}
