//! API Gateway (HTTP API, payload format 2.0): a request becomes the event that a function gets, and the function's
//! result becomes the answer.

use std::{collections::BTreeMap, net::SocketAddr};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::aws::ACCOUNT;

/// The largest request that Lambda takes.
pub const LARGEST_BODY: usize = 6 * 1024 * 1024;

/// Whether Lambda does not take a request with this body: what is not text grows by a third on the way.
pub fn is_too_large(parts: &Parts, body: &Bytes) -> bool {
    let length = if text(parts, body).is_some() { body.len() } else { body.len().div_ceil(3) * 4 };
    length > LARGEST_BODY
}

/// The event of a request to `route` (such as `POST /line/{channel}/webhook`), as the gateway writes it at `now`.
pub fn event(parts: &Parts, body: &Bytes, route: &str, from: SocketAddr, request_id: &str, now: DateTime<Utc>) -> Value {
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    let mut cookies = Vec::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        if name == header::COOKIE {
            cookies.extend(value.split("; ").map(str::to_owned));
            continue;
        }
        // Of a header that comes several times the gateway makes one.
        headers.entry(name.as_str()).and_modify(|all| *all = format!("{all},{value}")).or_insert_with(|| value.into_owned());
    }
    let host = headers.get("host").cloned().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": host,
            "domainPrefix": host.split(['.', ':']).next().unwrap_or_default(),
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": from.ip(),
                "userAgent": headers.get("user-agent").cloned().unwrap_or_default(),
            },
            "requestId": request_id,
            "routeKey": route,
            "stage": "$default",
            "time": now.format("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            "timeEpoch": now.timestamp_millis(),
        },
        "headers": headers,
        "isBase64Encoded": false,
    });
    if let Some(members) = event.as_object_mut() {
        if !cookies.is_empty() {
            members.insert("cookies".to_owned(), json!(cookies));
        }
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        let parameters = pairs.fold(BTreeMap::<String, String>::new(), |mut all, (name, value)| {
            all.entry(name).and_modify(|values| *values = format!("{values},{value}")).or_insert(value);
            all
        });
        if !parameters.is_empty() {
            members.insert("queryStringParameters".to_owned(), json!(parameters));
        }
        match text(parts, body) {
            Some("") => {}
            Some(text) => {
                members.insert("body".to_owned(), json!(text));
            }
            None => {
                members.insert("body".to_owned(), json!(BASE64_STANDARD.encode(body)));
                members.insert("isBase64Encoded".to_owned(), json!(true));
            }
        }
    }
    event
}

/// The body as text, when its type says that it is text and it is.
fn text<'a>(parts: &Parts, body: &'a Bytes) -> Option<&'a str> {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/plain");
    let textual = ["text/", "application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded"];
    let text = std::str::from_utf8(body).ok()?;
    textual.iter().any(|prefix| kind.starts_with(prefix)).then_some(text)
}

/// A function's result.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FunctionResult {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The HTTP answer that the gateway makes of a function's `result`.
pub fn answer(result: Value) -> Response {
    answer_of(result).unwrap_or_else(failure)
}

fn answer_of(result: Value) -> Option<Response> {
    let result: FunctionResult = serde_json::from_value(result).ok()?;
    let body = match result.body {
        Some(body) if result.is_base64_encoded => Body::from(BASE64_STANDARD.decode(body).ok()?),
        Some(body) => Body::from(body),
        None => Body::empty(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(result.status_code).ok()?;
    for (name, value) in result.headers {
        response.headers_mut().append(HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?);
    }
    for cookie in result.cookies {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::try_from(cookie).ok()?);
    }
    Some(response)
}

/// What the gateway answers to a request that Lambda does not take.
pub fn too_large() -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, axum::Json(json!({ "message": "Request Entity Too Large" }))).into_response()
}

/// What the gateway answers when the function failed.
pub fn failure() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(json!({ "message": "Internal Server Error" }))).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
    use super::*;

    fn event_of(request: http::Request<&[u8]>) -> Value {
        let (parts, body) = request.into_parts();
        let from = "127.0.0.1:50000".parse().unwrap();
        let now = "2026-11-24T01:02:03Z".parse().unwrap();
        event(&parts, &Bytes::copy_from_slice(body), "POST /line/{channel}/webhook", from, "id", now)
    }

    #[test]
    fn a_request_becomes_the_event_that_lambda_http_reads() {
        let request = http::Request::post("http://localhost:8080/line/demo/webhook?a=1&a=2")
            .header("host", "localhost:8080")
            .header("Content-Type", "application/json; charset=utf-8")
            .header("X-Line-Signature", "sign")
            .header("x-twice", "1")
            .header("x-twice", "2")
            .header("cookie", "a=b; c=d")
            .body("{\"events\":[]}".as_bytes());
        let event = event_of(request.unwrap());
        assert_eq!(event["headers"]["x-line-signature"], "sign");
        assert_eq!(event["headers"]["x-twice"], "1,2");
        assert_eq!(event["cookies"], json!(["a=b", "c=d"]));
        assert_eq!(event["queryStringParameters"], json!({"a": "1,2"}));
        assert_eq!(event["requestContext"]["time"], "24/Nov/2026:01:02:03 +0000");
        let request: lambda_http::request::LambdaRequest = serde_json::from_value(event).unwrap();
        let request = lambda_http::Request::from(request);
        assert_eq!(request.uri().path(), "/line/demo/webhook");
        assert_eq!(request.body().as_ref(), b"{\"events\":[]}");
    }

    #[test]
    fn a_body_that_is_not_text_travels_in_base64() {
        let binary =
            event_of(http::Request::post("/x").header("content-type", "application/octet-stream").body(b"abc".as_slice()).unwrap());
        assert_eq!((&binary["body"], &binary["isBase64Encoded"]), (&json!("YWJj"), &json!(true)));
        let broken = event_of(http::Request::post("/x").header("content-type", "application/json").body([0xff].as_slice()).unwrap());
        assert_eq!((&broken["body"], &broken["isBase64Encoded"]), (&json!("/w=="), &json!(true)));
        let empty = event_of(http::Request::post("/x").body(b"".as_slice()).unwrap());
        assert_eq!(empty.get("body"), None);
    }

    #[test]
    fn a_file_that_is_too_large_in_base64_does_not_reach_the_function() {
        for (kind, megabytes, refused) in
            [("multipart/form-data; boundary=b", 4, false), ("multipart/form-data; boundary=b", 5, true), ("text/plain", 5, false)]
        {
            let (parts, ()) = http::Request::post("/x").header("content-type", kind).body(()).unwrap().into_parts();
            assert_eq!(is_too_large(&parts, &Bytes::from(vec![b' '; megabytes << 20])), refused, "{kind} {megabytes}");
        }
    }

    #[test]
    fn a_result_becomes_the_answer_and_an_unreadable_one_a_500() {
        let result =
            json!({ "statusCode": 401, "headers": {"x-a": "b"}, "cookies": ["s=1", "t=2"], "body": "bm8=", "isBase64Encoded": true });
        let response = answer(result);
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(answer(json!({"statusCode": 1})).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
