//! Hosts the functions' real handlers: requests reach them through the gateway's event, other events as the JSON that
//! their source sends.

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, State},
    http::request::Parts,
    response::Response,
    routing::any,
};
use lambda_http::{Adapter, Body, Error, Request, Service, request::LambdaRequest, service_fn};
use lambda_runtime::{Context, LambdaEvent};
use line::NoClient;
use runtime::{Clock, Environment, SignInEnvironment};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    aws::{
        ACCOUNT, REGION,
        lambda::{FunctionError, Lambda},
    },
    gateway,
};

/// The time that the context grants; nothing here stops a function that takes longer.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// The same for those of the first of the month, which begin nobody in their last minute.
const LONG_TIME_LIMIT: Duration = Duration::from_mins(15);

/// The functions, warm; clones are the same ones.
#[derive(Clone)]
pub struct Functions {
    environment: Environment,
    sign_in: SignInEnvironment,
    clock: Clock,
    machine: Clock,
    apps: Arc<RwLock<Apps>>,
}

#[derive(Clone)]
struct Apps {
    line_webhook: line_webhook::App,
    contact_portal: contact_portal::App,
    nurse_console: nurse_console::App,
    slot_booking: slot_booking::App,
    document_upload: document_upload::App,
    outbox: outbox::App,
    roster_import: roster_import::App,
    retiree_purge: retiree_purge::App,
    kpi_report: kpi_report::App,
    mail_feedback: mail_feedback::App,
}

impl Apps {
    fn new(environment: &Environment, sign_in: &SignInEnvironment, clock: &Clock) -> Result<Self, NoClient> {
        Ok(Self {
            line_webhook: line_webhook::App::new(environment, clock.clone())?,
            contact_portal: contact_portal::App::new(environment, sign_in, clock.clone()),
            nurse_console: nurse_console::App::new(environment, sign_in, clock.clone()),
            slot_booking: slot_booking::App::new(environment, sign_in, clock.clone()),
            document_upload: document_upload::App::new(environment, clock.clone()),
            outbox: outbox::App::new(environment, clock.clone())?,
            roster_import: roster_import::App::new(environment, clock.clone()),
            retiree_purge: retiree_purge::App::new(environment, clock.clone()),
            kpi_report: kpi_report::App::new(environment, clock.clone()),
            mail_feedback: mail_feedback::App::new(environment, clock.clone()),
        })
    }
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Functions")
    }
}

impl Functions {
    /// Starts every function with `environment`; `clock` is what they take for now.
    pub fn new(environment: Environment, sign_in: SignInEnvironment, clock: Clock) -> Result<Self, NoClient> {
        let apps = Arc::new(RwLock::new(Apps::new(&environment, &sign_in, &clock)?));
        Ok(Self { environment, sign_in, clock, machine: Clock::system(), apps })
    }

    /// Starts every function anew, so that nothing is cached: what comes next meets cold functions.
    pub fn cold_start(&self) -> Result<(), NoClient> {
        let apps = Apps::new(&self.environment, &self.sign_in, &self.clock)?;
        *self.apps.write().unwrap_or_else(PoisonError::into_inner) = apps;
        Ok(())
    }

    /// The functions as event sources see them.
    pub fn lambda(&self) -> Lambda {
        let functions = self.clone();
        Lambda::new(move |name, payload| {
            let functions = functions.clone();
            async move { functions.invoke(name, payload).await }
        })
    }

    /// The gateway's routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/line/{channel}/webhook", any(webhook))
            .route("/contacts", any(contacts))
            .route("/contacts/{*page}", any(contacts))
            .route("/booking", any(booking))
            .route("/booking/{*page}", any(booking))
            .route("/desk", any(desk))
            .route("/desk/{*page}", any(desk))
            .route("/documents/{*link}", any(documents))
            .layer(DefaultBodyLimit::max(gateway::LARGEST_BODY))
            .with_state(self.clone())
    }

    async fn invoke(&self, name: String, payload: Value) -> Result<Value, FunctionError> {
        let event = LambdaEvent::new(payload, self.context(&name));
        let apps = self.apps();
        let work = match name.as_str() {
            "outbox" => tokio::spawn(async move { outbox::handle(&apps.outbox, event).await }),
            "roster-import" => tokio::spawn(async move { roster_import::handle(&apps.roster_import, event).await }),
            "document-arrival" => tokio::spawn(async move { document_upload::arrival::handle(&apps.document_upload, event).await }),
            "retiree-purge" => tokio::spawn(async move { retiree_purge::handle(&apps.retiree_purge, event).await }),
            "kpi-report" => tokio::spawn(async move { kpi_report::handle(&apps.kpi_report, event).await }),
            "mail-feedback" => tokio::spawn(async move { mail_feedback::handle(&apps.mail_feedback, event).await.map(|()| Value::Null) }),
            _ => return Err(FunctionError::Unknown(name)),
        };
        match work.await {
            Ok(answer) => answer.map_err(|error| FunctionError::Failed(error.to_string())),
            Err(error) => Err(FunctionError::Failed(error.to_string())),
        }
    }

    fn apps(&self) -> Apps {
        self.apps.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn context(&self, name: &str) -> Context {
        let mut context = Context::default();
        #[allow(clippy::disallowed_methods, reason = "Lambda draws its request ids itself")]
        let request_id = Uuid::new_v4().to_string();
        context.request_id = request_id;
        context.invoked_function_arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}");
        let deadline = self.machine.now() + if matches!(name, "retiree-purge" | "kpi-report") { LONG_TIME_LIMIT } else { TIME_LIMIT };
        context.deadline = u64::try_from(deadline.timestamp_millis()).unwrap_or_default();
        context
    }
}

async fn webhook(State(functions): State<Functions>, ConnectInfo(from): ConnectInfo<SocketAddr>, parts: Parts, body: Bytes) -> Response {
    let app = functions.apps().line_webhook;
    let handle = move |request| {
        let app = app.clone();
        async move { line_webhook::handle(&app, request).await }
    };
    functions.request("line-webhook", "POST /line/{channel}/webhook", Call { from, parts, body }, handle).await
}

async fn contacts(State(functions): State<Functions>, ConnectInfo(from): ConnectInfo<SocketAddr>, parts: Parts, body: Bytes) -> Response {
    let app = functions.apps().contact_portal;
    let handle = move |request| {
        let app = app.clone();
        async move { contact_portal::handle(&app, request).await }
    };
    functions.request("contact-portal", "ANY /contacts/{proxy+}", Call { from, parts, body }, handle).await
}

async fn desk(State(functions): State<Functions>, ConnectInfo(from): ConnectInfo<SocketAddr>, parts: Parts, body: Bytes) -> Response {
    let app = functions.apps().nurse_console;
    let handle = move |request| {
        let app = app.clone();
        async move { nurse_console::handle(&app, request).await }
    };
    functions.request("nurse-console", "ANY /desk/{proxy+}", Call { from, parts, body }, handle).await
}

async fn booking(State(functions): State<Functions>, ConnectInfo(from): ConnectInfo<SocketAddr>, parts: Parts, body: Bytes) -> Response {
    let app = functions.apps().slot_booking;
    let handle = move |request| {
        let app = app.clone();
        async move { slot_booking::handle(&app, request).await }
    };
    functions.request("slot-booking", "ANY /booking/{proxy+}", Call { from, parts, body }, handle).await
}

async fn documents(State(functions): State<Functions>, ConnectInfo(from): ConnectInfo<SocketAddr>, parts: Parts, body: Bytes) -> Response {
    let app = functions.apps().document_upload;
    let handle = move |request| {
        let app = app.clone();
        async move { document_upload::handle(&app, request).await }
    };
    functions.request("document-upload", "ANY /documents/{proxy+}", Call { from, parts, body }, handle).await
}

/// A request as it came.
struct Call {
    from: SocketAddr,
    parts: Parts,
    body: Bytes,
}

impl Functions {
    /// Hands a request on `route` to the function `name`, as the gateway would.
    async fn request<F>(&self, name: &str, route: &str, call: Call, handle: impl Fn(Request) -> F) -> Response
    where
        F: Future<Output = Result<lambda_http::Response<Body>, Error>> + Send + 'static,
    {
        if gateway::is_too_large(&call.parts, &call.body) {
            return gateway::too_large();
        }
        let context = self.context(name);
        let event = gateway::event(&call.parts, &call.body, route, call.from, &context.request_id, self.machine.now());
        let Ok(request) = serde_json::from_value::<LambdaRequest>(event) else { return gateway::failure() };
        let answer = {
            // The adapter itself must not be held over an await: it is not Send.
            let mut adapter = Adapter::from(service_fn(handle));
            adapter.call(LambdaEvent::new(request, context))
        };
        // A task of its own, so that a panic ends as the gateway's 500 and not as a broken connection.
        match tokio::spawn(answer).await {
            Ok(Ok(result)) => serde_json::to_value(result).map_or_else(|_| gateway::failure(), gateway::answer),
            Ok(Err(error)) => {
                tracing::error!(%error, function = name, "the function failed");
                gateway::failure()
            }
            Err(error) => {
                tracing::error!(%error, function = name, "the function panicked");
                gateway::failure()
            }
        }
    }
}
