//! The stand-ins, asked through the SDK's own clients over real sockets.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod dynamodb;
mod faults;
mod kms;
mod s3;
mod scheduler;
mod ses;
mod sqs;
mod ssm;
mod streams;

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig};
use aws_types::SdkConfig;
use axum::Router;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::{
    ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY,
    dynamodb::Tables,
    feedback::Feedback,
    kms::Kms,
    lambda::{FunctionError, Lambda},
    router::{Services, router},
    s3::{Buckets, notification::Notifications},
    scheduler::schedules::Schedules,
    ses::Mailbox,
    sqs::{Pauses, Queue},
    ssm::Ssm,
    wire::Wire,
};
use crate::{calls::Calls, clock::LocalClock, faults::Faults};

/// The stand-ins over one directory, with clients that do not retry.
struct Rig {
    services: Services,
    tables: Tables,
    buckets: Buckets,
    queue: Queue,
    faults: Faults,
    calls: Calls,
    clock: LocalClock,
    target: Recorder,
    dynamodb: SdkConfig,
    s3: SdkConfig,
    aws: SdkConfig,
    _work: JoinSet<()>,
}

impl Rig {
    async fn start(data: &Path) -> Self {
        let (faults, calls, clock) = (Faults::default(), Calls::default(), LocalClock::default());
        let wire = Wire::new(faults.clone(), calls.clone());
        let target = Recorder::default();
        let tables = Tables::open(data).unwrap();
        tables.create().unwrap();
        let kms = Kms::open(data).unwrap();
        let services = Services {
            ssm: Ssm::open(data, kms.clone()).unwrap(),
            kms,
            mailbox: Mailbox::open(data).unwrap(),
            feedback: Feedback::new(target.lambda()),
            schedules: Schedules::open(data, clock.clone(), target.lambda()).unwrap(),
            clock: clock.clone(),
            wire: wire.clone(),
        };
        let mut work = JoinSet::new();
        let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = super::dynamodb::front(tables.clone(), inner.local_addr().unwrap(), wire.clone());
        work.spawn(dynoxide::server::serve_on(inner, tables.database().clone()));
        let dynamodb = serve(&mut work, front).await;
        let queue =
            Queue::open(data, "roster-import", Pauses { first: Duration::from_millis(250), longest: Duration::from_millis(500) }).unwrap();
        let uploads = Queue::open(data, "document-arrival", Pauses::default()).unwrap();
        let buckets = Buckets::open(data, Notifications::to(queue.clone(), uploads.clone())).unwrap();
        let origin = "http://127.0.0.1:8080/".parse().unwrap();
        let s3 = serve(&mut work, buckets.router(wire, &origin)).await;
        let aws = serve(&mut work, router(services.clone())).await;
        Self { services, tables, buckets, queue, faults, calls, clock, target, dynamodb, s3, aws, _work: work }
    }
}

async fn serve(work: &mut JoinSet<()>, router: Router) -> SdkConfig {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    work.spawn(async move { axum::serve(listener, router).await.unwrap() });
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(runtime::aws::http_client())
        .retry_config(RetryConfig::disabled())
        .endpoint_url(endpoint)
        .build()
}

/// A function that remembers what it was invoked with, and answers as it is told.
#[derive(Debug, Clone, Default)]
struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Debug, Default)]
struct Recorded {
    seen: Vec<(String, Value)>,
    answers: Vec<Result<Value, FunctionError>>,
}

impl Recorder {
    fn lambda(&self) -> Lambda {
        let shared = Arc::clone(&self.0);
        Lambda::new(move |function, payload| {
            let mut recorded = shared.lock().unwrap();
            recorded.seen.push((function, payload));
            let answer = if recorded.answers.is_empty() { Ok(json!({})) } else { recorded.answers.remove(0) };
            async move { answer }
        })
    }

    /// The next invocations get these answers, later ones `{}`.
    fn will_answer(&self, answers: impl IntoIterator<Item = Result<Value, FunctionError>>) {
        self.0.lock().unwrap().answers.extend(answers);
    }

    fn seen(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap().seen.clone()
    }
}
