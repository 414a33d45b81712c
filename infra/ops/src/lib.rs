//! What an operator does (row D8): one method of [`Ops`] an act, used by the command `ops` and by whoever makes demo data.
//!
//! A code tour: [`installation`] and [`channel`] come first in a new installation. [`tenant`] makes client companies, with
//! [`contract`] for the notice period (row D6), [`link`] and [`qr`] for their registration (row A1). [`contact`], [`nurse`],
//! [`settings`] and [`words`] are lists that an operator keeps; [`roster`] enters people by hand and [`delivery`] shows what HR delivered; [`menu`] makes
//! the rich menus at LINE; [`outbox`] shows what could not be delivered; [`leave`] confirms leave dates and [`purge`] shows certificates of erasure.
//! For the nurses there are [`desk`]s to refer to, [`template`]s, the [`ledger`] of what they disclosed, and the [`audit`] log of what they did. [`Fresh`] is where ids and secrets come from, the clock is the runtime's.

pub mod audit;
pub mod channel;
pub mod contact;
pub mod contract;
pub mod delivery;
pub mod desk;
mod error;
mod fresh;
pub mod installation;
pub mod kpi;
pub mod leave;
pub mod ledger;
mod line_hosts;
pub mod link;
pub mod menu;
pub mod nurse;
pub mod outbox;
mod parameters;
pub mod purge;
pub mod qr;
pub mod roster;
pub mod settings;
pub mod template;
pub mod tenant;
pub mod words;

use chrono::{DateTime, NaiveDate, Utc};

use domain::time;
use runtime::{Aws, Clock, Environment};
use store::{RosterFiles, Store};

pub use error::OpsError;
pub use fresh::Fresh;
pub use line_hosts::LineHosts;
pub use parameters::ParameterStore;

/// The operator's acts on one installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Ops {
    store: Store,
    parameters: ParameterStore,
    files: RosterFiles,
    line: LineHosts,
    clock: Clock,
    fresh: Fresh,
}

impl Ops {
    /// Acts on these tables, parameters and files, and at LINE; nothing is called yet.
    pub fn new(store: Store, parameters: ParameterStore, files: RosterFiles, line: LineHosts, clock: Clock) -> Self {
        Self { store, parameters, files, line, clock, fresh: Fresh::default() }
    }

    /// Acts on the installation that a function with this environment works in.
    pub fn of(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        let store = Store::new(aws.dynamodb(), &environment.table, &environment.key_table);
        let parameters = ParameterStore::new(aws.ssm(), &environment.parameters, Some(environment.kms_key.clone()));
        let files = RosterFiles::new(aws.s3(), &environment.bucket);
        let line = LineHosts { api: environment.line_api.clone(), data: environment.line_data_api.clone() };
        Self::new(store, parameters, files, line, clock)
    }

    /// The instant that the acts take for now.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn today(&self) -> NaiveDate {
        time::jst_date(self.now())
    }

    /// A new id, as keys hold it.
    fn id(&self) -> Result<ulid::Ulid, OpsError> {
        self.fresh.ulid(self.now())
    }
}
