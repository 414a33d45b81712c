//! A local system with its demo tenants, in a directory of its own.

use std::collections::BTreeMap;

use local::{Options, Running, aws};
use ops::Ops;
use runtime::Aws;
use store::{
    Store,
    entity::audit::{Actor, Audit, Object, Outcome},
};
use tempfile::TempDir;

/// A running system and the operator's acts on it.
#[allow(dead_code, reason = "not every test file looks at everything")]
pub struct House {
    pub ops: Ops,
    pub store: Store,
    pub system: Running,
    pub directory: TempDir,
}

impl House {
    pub async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { data: directory.path().to_owned(), port: 0, fresh: true, now: "2026-11-24T10:00:00+09:00".parse().ok() };
        let system = local::start(options).await.unwrap();
        let environment = &system.environment;
        let store = Store::new(Aws::new(&environment.aws).dynamodb(), &environment.table, &environment.key_table);
        let ops = Ops::of(environment, system.clock.business());
        Self { ops, store, system, directory }
    }

    /// Writes down where the system is, for `ops --local`.
    #[allow(dead_code, reason = "not every test file looks at everything")]
    pub fn tell_where(&self) {
        let environment = &self.system.environment;
        let mut variables = BTreeMap::from(
            [
                ("HOKEN_TABLE", environment.table.as_str()),
                ("HOKEN_KEY_TABLE", &environment.key_table),
                ("HOKEN_KMS_KEY", &environment.kms_key),
                ("HOKEN_PARAMETERS", &environment.parameters),
                ("HOKEN_MAIL_FROM", &environment.mail_from),
                ("HOKEN_CONSOLE", environment.console.as_str()),
                ("HOKEN_CONTACTS", environment.contacts.as_str()),
                ("HOKEN_UPLOADS", environment.uploads.as_str()),
                ("HOKEN_BOOKING", environment.booking.as_str()),
                ("HOKEN_LINE_API", environment.line_api.as_str()),
                ("HOKEN_LINE_DATA_API", environment.line_data_api.as_str()),
                ("HOKEN_BUCKET", &environment.bucket),
                ("AWS_REGION", &environment.aws.region),
                ("AWS_ACCESS_KEY_ID", &environment.aws.access_key_id),
                ("AWS_SECRET_ACCESS_KEY", aws::SECRET_ACCESS_KEY),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        for (service, url) in &environment.aws.endpoints {
            let name = if service.is_empty() { "AWS_ENDPOINT_URL".to_owned() } else { format!("AWS_ENDPOINT_URL_{service}") };
            variables.insert(name, url.to_string());
        }
        local::demo::write_environment(self.directory.path(), &variables).unwrap();
    }
}

/// A line of the audit log.
#[allow(dead_code, reason = "not every test file looks at everything")]
pub fn audit_line(at: &str, act: &str, outcome: Outcome) -> Audit {
    let actor = Actor { subject: "sub-1".to_owned(), nurse: Some("nurse-1".to_owned()), roles: ["nurse".to_owned()].into() };
    let at = at.parse().unwrap();
    Audit { at, line: ulid::Ulid(at.timestamp().unsigned_abs().into()), actor, act: act.to_owned(), object: Object::default(), outcome }
}
