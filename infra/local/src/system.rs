//! Puts the parts together, starts them and stops them.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::Router;
use chrono::{DateTime, Utc};
use runtime::{Aws, Environment, MissingVariables, SignInEnvironment};
use serde_json::json;
use store::Parameters;
use tokio::{sync::watch, task::JoinSet};
use url::Url;

use crate::{
    aws::{
        ACCESS_KEY_ID, ACCOUNT, REGION, SECRET_ACCESS_KEY,
        dynamodb::{self, Tables, TablesError},
        feedback::Feedback,
        kms::{KEY_ALIAS, Kms},
        router::{self, Services},
        s3::{self, Buckets, notification::Notifications},
        scheduler::{schedule::Refusal, schedules::Schedules},
        ses::Mailbox,
        sqs::{Pauses, Queue, source::Source},
        ssm::Ssm,
        streams::OutboxSource,
        wire::Wire,
    },
    calls::Calls,
    clock::LocalClock,
    demo,
    directory::{Directory, DirectoryError},
    faults::Faults,
    functions::Functions,
    line::StandIn,
    pages,
    ports::{Port, PortError, Ports},
    programs::{self, Programs},
    provider::{self, People, Provider},
    status::{Addresses, AwsAccess, Status},
};

/// How often the clock is looked at for schedules.
const TICK: Duration = Duration::from_millis(200);
/// How often expired items are looked for.
const SWEEP: Duration = Duration::from_mins(1);
/// How long requests that are under way may take at the end.
const FAREWELL: Duration = Duration::from_secs(3);
/// Where this installation's parameters are.
const PARAMETERS: &str = "/hokenshitsu/local";
/// The queue of delivered rosters, and the function that it feeds.
const ROSTER_QUEUE: &str = "roster-import";
/// The queue of uploaded documents, and the function that it feeds.
const UPLOAD_QUEUE: &str = "document-arrival";

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept; created when it is not there.
    pub data: PathBuf,
    /// The front's port; the other parts take the next four. 0 takes any free ones.
    pub port: u16,
    /// Empties `data` first.
    pub fresh: bool,
    /// Holds the clock at this instant from the start; without it the clock goes on from where it was.
    pub now: Option<DateTime<Utc>>,
}

/// Why the system did not start.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum Error {
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Tables(#[from] TablesError),
    #[error("the data directory: {0}")]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Environment(#[from] MissingVariables),
    #[error("the functions: {0}")]
    Functions(#[from] ::line::NoClient),
    #[error("the recurring schedules: {0}")]
    Schedules(#[from] Refusal),
    #[error("the machine gives no random bytes for a signing key")]
    Key,
    #[error("the demo tenants: {0}")]
    Demo(Box<dyn std::error::Error + Send + Sync>),
}

/// A system that runs. Dropping it stops it without waiting.
#[derive(Debug)]
pub struct Running {
    /// What `/local/status` shows.
    pub status: Status,
    /// What a function's process would find in its environment.
    pub environment: Environment,
    /// Where the pages find who signs people in.
    pub sign_in: SignInEnvironment,
    /// Who signs them in, for [`Provider::spoil`] and [`Provider::rotate_key`].
    pub provider: Provider,
    /// The hosted functions, for [`Functions::cold_start`].
    pub functions: Functions,
    /// Business time.
    pub clock: LocalClock,
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
    _directory: Directory,
}

impl Running {
    /// Stops taking requests, lets those under way finish for a few seconds, and returns.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, finished).await.is_err() {
            tracing::warn!("some requests were not finished at the end");
        }
    }
}

/// Starts every part and returns when all of them answer.
pub async fn start(options: Options) -> Result<Running, Error> {
    start_in(Directory::open(&options.data, options.fresh)?, options.port, options.now).await
}

/// Starts in a directory that is already open.
pub async fn start_in(directory: Directory, port: u16, now: Option<DateTime<Utc>>) -> Result<Running, Error> {
    let ports = Ports::take(port).await?;
    let data = directory.path();
    let (faults, calls, clock) = (Faults::default(), Calls::default(), LocalClock::open(data)?);
    if let Some(now) = now {
        clock.hold(now);
    }
    let wire = Wire::new(faults.clone(), calls.clone());
    let variables = variables(&ports);
    demo::write_environment(data, &variables)?;
    let environment = Environment::from_lookup(|name| variables.get(name).cloned())?;
    let sign_in = SignInEnvironment::from_lookup(|name| variables.get(name).cloned())?;
    let functions = Functions::new(environment.clone(), sign_in.clone(), clock.business())?;
    let tables = Tables::open(data)?;
    tables.create()?;
    let kms = Kms::open(data)?;
    let services = Services {
        ssm: Ssm::open(data, kms.clone())?,
        kms,
        mailbox: Mailbox::open(data)?,
        feedback: Feedback::new(functions.lambda()),
        schedules: Schedules::open(data, clock.clone(), functions.lambda())?,
        clock: clock.clone(),
        wire: wire.clone(),
    };
    let queue = Queue::open(data, ROSTER_QUEUE, Pauses::default())?;
    let uploads = Queue::open(data, UPLOAD_QUEUE, Pauses::default())?;
    let buckets = Buckets::open(data, Notifications::to(queue.clone(), uploads.clone()))?;
    let line = StandIn::open(data, clock.clone(), faults.clone(), calls.clone())?;
    line.set_webhook_base(ports.front.url.clone());
    let mut status = status(&ports);

    let mut work = Work::new();
    let tables_at = ports.tables.listener.local_addr()?;
    work.serve_tables(ports.tables, &tables);
    work.serve(ports.dynamodb, dynamodb::front(tables.clone(), tables_at, wire.clone()));
    work.serve(ports.s3, buckets.router(wire, &ports.front.url));
    work.serve(ports.aws, router::router(services.clone()));
    work.serve(ports.line, line.api());

    // Makes the demo tenants through the ports above, as an operator would.
    line.register_channel((&demo::channel_at_line()).into());
    status.tenants = demo::prepare(&environment, clock.now()).await.map_err(|error| Error::Demo(error.into()))?;
    let people = People::new(&environment, clock.business());
    status.people = people.all().await.map_err(|error| Error::Demo(error.into()))?;
    let provider = Provider::new(&ports.front.url, people).map_err(|_| Error::Key)?;
    recur(&services.schedules)?;
    calls.reset();

    let programs = Programs {
        services: services.clone(),
        tables: tables.clone(),
        faults,
        calls,
        status: status.clone(),
        buckets,
        queues: vec![queue.clone(), uploads.clone()],
    };
    let parameters = Parameters::new(Aws::new(&environment.aws).ssm(), &environment.parameters);
    let local = programs::router(programs).nest("/line", line.programs()).merge(provider.programs(parameters));
    work.serve(ports.front, functions.router().nest("/local", local).merge(provider.router()).merge(pages::router()));
    work.tick(&services.schedules, tables, clock.clone(), &functions, data);
    work.until_stopped(Source::new(queue, functions.lambda(), ROSTER_QUEUE).run());
    work.until_stopped(Source::new(uploads, functions.lambda(), UPLOAD_QUEUE).run());
    Ok(Running {
        status,
        environment,
        sign_in,
        provider,
        functions,
        clock,
        stopping: work.stopping,
        tasks: work.tasks,
        _directory: directory,
    })
}

/// The tasks of a system.
struct Work {
    stopping: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Work {
    fn new() -> Self {
        Self { stopping: watch::Sender::new(false), tasks: JoinSet::new() }
    }

    /// Resolves when the system stops, also when it was dropped.
    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        async move {
            let _stopped_or_dropped = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    fn serve(&mut self, port: Port, router: Router) {
        let server = axum::serve(port.listener, router.into_make_service_with_connect_info::<SocketAddr>());
        let server = server.with_graceful_shutdown(self.stopped());
        self.tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, url = %port.url, "a part has stopped");
            }
        });
    }

    fn serve_tables(&mut self, port: Port, tables: &Tables) {
        let server = dynoxide::server::serve_with_shutdown(port.listener, tables.database().clone(), self.stopped());
        self.tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "the tables have stopped");
            }
        });
    }

    /// What happens without a request: the stream, schedules, expiry.
    fn tick(&mut self, schedules: &Schedules, tables: Tables, clock: LocalClock, functions: &Functions, data: &Path) {
        let source = OutboxSource::new(tables.clone(), functions.lambda(), data);
        self.until_stopped(source.run());
        let schedules = schedules.clone();
        self.until_stopped(async move {
            loop {
                schedules.catch_up().await;
                tokio::time::sleep(TICK).await;
            }
        });
        self.until_stopped(async move {
            loop {
                if let Err(error) = tables.sweep(clock.now()).await {
                    tracing::warn!(%error, "what has expired stays for now");
                }
                tokio::time::sleep(SWEEP).await;
            }
        });
    }

    fn until_stopped(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        let stopped = self.stopped();
        self.tasks.spawn(async move {
            tokio::select! {
                () = work => {}
                () = stopped => {}
            }
        });
    }
}

/// The schedules that the template deploys: name, when (JST), function, input.
const RECURRING: [(&str, &str, &str, &str); 7] = [
    ("outbox-sweep", "rate(1 minute)", "outbox", r#"{"sweep":true}"#),
    ("roster-sweep", "rate(1 minute)", "roster-import", r#"{"sweep":true}"#),
    ("roster-reminders", "cron(0 10 * * ? *)", "roster-import", r#"{"remind":true}"#),
    ("kpi-monthly", "cron(15 0 1 * ? *)", "kpi-report", r#"{"monthly":true}"#),
    ("kpi-sweep", "cron(45 1 * * ? *)", "kpi-report", r#"{"sweep":true}"#),
    ("purge-monthly", "cron(0 3 1 * ? *)", "retiree-purge", r#"{"monthly":true}"#),
    ("purge-sweep", "rate(10 minutes)", "retiree-purge", r#"{"sweep":true}"#),
];

fn recur(schedules: &Schedules) -> Result<(), Refusal> {
    for (name, expression, function, input) in RECURRING {
        if schedules.get("default", name).is_ok() {
            continue;
        }
        let definition = json!({
            "ScheduleExpression": expression,
            "ScheduleExpressionTimezone": "Asia/Tokyo",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": {
                "Arn": format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"),
                "RoleArn": format!("arn:aws:iam::{ACCOUNT}:role/scheduler"),
                "Input": input,
            },
        });
        schedules.create(name, serde_json::from_value(definition).map_err(io::Error::from)?)?;
    }
    Ok(())
}

/// What a function's process would find in its environment.
fn variables(ports: &Ports) -> BTreeMap<String, String> {
    let contacts = format!("{}contacts", ports.front.url);
    let console = format!("{}desk", ports.front.url);
    let issuer = provider::issuer(&ports.front.url);
    let uploads = format!("{}documents", ports.front.url);
    let booking = format!("{}booking", ports.front.url);
    let variables = [
        ("HOKEN_TABLE", dynamodb::TABLE),
        ("HOKEN_KEY_TABLE", dynamodb::KEY_TABLE),
        ("HOKEN_KMS_KEY", KEY_ALIAS),
        ("HOKEN_PARAMETERS", PARAMETERS),
        ("HOKEN_MAIL_FROM", "hokenshitsu@example.jp"),
        ("HOKEN_LINE_API", ports.line.url.as_str()),
        ("HOKEN_LINE_DATA_API", ports.line.url.as_str()),
        ("HOKEN_BUCKET", s3::BUCKET),
        ("HOKEN_CONSOLE", console.as_str()),
        ("HOKEN_SIGN_IN_ISSUER", issuer.as_str()),
        ("HOKEN_SIGN_IN_CLIENT", provider::CLIENT),
        ("HOKEN_CONTACTS", contacts.as_str()),
        ("HOKEN_UPLOADS", uploads.as_str()),
        ("HOKEN_BOOKING", booking.as_str()),
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("AWS_ENDPOINT_URL_DYNAMODB", ports.dynamodb.url.as_str()),
        ("AWS_ENDPOINT_URL_S3", ports.s3.url.as_str()),
        ("AWS_ENDPOINT_URL", ports.aws.url.as_str()),
    ];
    variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn status(ports: &Ports) -> Status {
    let url = |port: &Port| port.url.clone();
    let webhook = |front: &Url| front.join("line/").unwrap_or_else(|_| front.clone());
    Status {
        addresses: Addresses {
            front: url(&ports.front),
            webhook: webhook(&ports.front.url),
            dynamodb: url(&ports.dynamodb),
            s3: url(&ports.s3),
            line: url(&ports.line),
            aws: url(&ports.aws),
        },
        aws: AwsAccess {
            region: REGION.to_owned(),
            access_key_id: ACCESS_KEY_ID.to_owned(),
            secret_access_key: SECRET_ACCESS_KEY.to_owned(),
            table: dynamodb::TABLE.to_owned(),
            key_table: dynamodb::KEY_TABLE.to_owned(),
            kms_key: KEY_ALIAS.to_owned(),
            parameters: PARAMETERS.to_owned(),
            bucket: s3::BUCKET.to_owned(),
        },
        tenants: Vec::new(),
        people: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
