//! LINE's events become conversation and consultation.
//!
//! * **Trigger:** `POST /line/{channel}/webhook`, signed by LINE (API Gateway, HTTP API).
//! * **Reads:** the channel and the installation's secret (SSM), the LINE user, and in one call the settings, the tenant, the
//!   roster row, the claims and the data key.
//! * **Writes:** in one transaction per event the mark that it was handled, the LINE user, the message, the consultation and the
//!   answer as an outbox item; then the answer goes out as a LINE reply and the item is settled.
//! * **On failure:** 500, and nothing of the event is written: LINE delivers it again. An event that was handled finds its mark.
//!   A reply of which nothing is known is found by the sweep of `outbox`.
//!
//! In reading order: [`handle`] (route, signature, body), `inbound` (what an event asks for), `gather` (reads), `carry_out`
//! (writes), `reply`.

mod carry_out;
mod fresh;
mod gather;
mod group;
mod inbound;
mod reply;

use std::{sync::Arc, time::Duration};

use futures::{StreamExt, stream};
use lambda_http::{Body, Error, Request, Response, http::StatusCode};

use domain::tenant::ChannelName;
use line::{ChannelCredentials, ChannelSecret, Delivery, Event, SIGNATURE_HEADER};
use runtime::{Aws, Clock, Environment};
use store::{DataKeys, Parameters, Store, StoreError, entity::settings::Remembered};
use url::Url;

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    /// The keys that were unwrapped so far.
    pub data_keys: DataKeys,
    parameters: Parameters,
    settings: Arc<Remembered>,
    line: line::Client,
    clock: Clock,
    console: Url,
}

/// LINE waits two seconds for the 200; a reply that takes longer is left to the sweep.
const LINE_CONNECT: Duration = Duration::from_millis(300);
const LINE_CALL: Duration = Duration::from_millis(700);
/// So many users' events of one body are handled at the same time.
const USERS_AT_ONCE: usize = 16;

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Result<Self, line::NoClient> {
        let aws = Aws::new(&environment.aws);
        Ok(Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            data_keys: DataKeys::new(aws.kms(), &environment.kms_key),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            settings: Arc::default(),
            line: line::Client::with_timeouts(&environment.line_api, &environment.line_data_api, LINE_CONNECT, LINE_CALL)?,
            clock,
            console: environment.console.clone(),
        })
    }
}

/// The channel that a webhook belongs to.
struct Channel {
    name: ChannelName,
    credentials: ChannelCredentials,
}

/// Answers one webhook call: 200 where every event is handled or needs nothing, 400 for a signed body that is no delivery,
/// 401 for a wrong signature, 404 for an unknown channel, 500 for our own failure.
///
/// # Errors
/// None: every failure is a status, so that LINE and the access log can tell.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let status = match answer(app, &request).await {
        Ok(status) => status,
        Err(error) => {
            tracing::error!(error = %error, "a webhook call failed and will be delivered again");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    Ok(Response::builder().status(status).body(Body::Empty)?)
}

async fn answer(app: &App, request: &Request) -> Result<StatusCode, StoreError> {
    let Some(name) = channel_name(request.uri().path()) else { return Ok(StatusCode::NOT_FOUND) };
    let Some(channel) = app.parameters.channel(&name).await? else {
        tracing::warn!("a webhook call names an unknown channel");
        return Ok(StatusCode::NOT_FOUND);
    };
    let credentials = ChannelCredentials { channel_id: channel.channel_id, secret: ChannelSecret::new(channel.channel_secret) };
    let body: &[u8] = request.body();
    let header = request.headers().get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    if let Err(bad) = line::verify(&credentials.secret, body, header) {
        tracing::warn!(signature = ?bad, "a webhook call has no valid signature");
        return Ok(StatusCode::UNAUTHORIZED);
    }
    match line::decode(body) {
        Ok(delivery) => handle_delivery(app, &Channel { name, credentials }, delivery).await,
        Err(bad) => {
            tracing::warn!(body = %bad, "a signed body is no delivery");
            Ok(StatusCode::BAD_REQUEST)
        }
    }
}

/// The channel in `…/line/{channel}/webhook` (a stage may stand before it).
fn channel_name(path: &str) -> Option<ChannelName> {
    let mut segments = path.trim_end_matches('/').rsplit('/');
    let (webhook, channel, line) = (segments.next()?, segments.next()?, segments.next()?);
    (webhook == "webhook" && line == "line").then(|| channel.parse().ok())?
}

/// Handles all events: those of one user one after the other in the order of their times, those of different users side by side.
async fn handle_delivery(app: &App, channel: &Channel, delivery: Delivery) -> Result<StatusCode, StoreError> {
    let mut by_user: Vec<Vec<Event>> = Vec::new();
    for event in delivery.events {
        match event {
            Ok(event) => match by_user.iter_mut().find(|events| same_user(events, &event)) {
                Some(events) => events.push(event),
                None => by_user.push(vec![event]),
            },
            Err(unreadable) => tracing::warn!(event.kind = unreadable.kind, event.why = %unreadable.why, "an event cannot be read"),
        }
    }
    let handled: Vec<Result<(), StoreError>> =
        stream::iter(by_user).map(|events| handle_user(app, channel, events)).buffer_unordered(USERS_AT_ONCE).collect().await;
    // A user's failure is told only after all others were served: the redelivery finds their marks.
    handled.into_iter().collect::<Result<Vec<()>, _>>()?;
    Ok(StatusCode::OK)
}

fn same_user(events: &[Event], event: &Event) -> bool {
    event.source.user().is_some() && events.first().is_some_and(|first| first.source.user() == event.source.user())
}

/// One event's failure does not keep the next ones from being handled: LINE may never deliver again.
async fn handle_user(app: &App, channel: &Channel, mut events: Vec<Event>) -> Result<(), StoreError> {
    events.sort_by_key(|event| event.at);
    let mut handled = Ok(());
    for event in events {
        let this = inbound::handle_event(app, channel, event).await;
        handled = handled.and(this);
    }
    handled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_channel_is_named_in_the_path() {
        for (path, channel) in [
            ("/line/demo/webhook", Some("demo")),
            ("/prod/line/demo-2/webhook/", Some("demo-2")),
            ("/line/Demo/webhook", None),
            ("/line//webhook", None),
            ("/line/demo", None),
            ("/", None),
        ] {
            assert_eq!(channel_name(path).as_ref().map(ChannelName::as_str), channel, "{path}");
        }
    }
}
