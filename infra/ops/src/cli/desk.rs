//! `ops desk` and `ops tenant desk`: where members are referred to.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use serde_json::json;

use domain::{
    desk::{Desk as Named, Phone, PublicDesk, WrittenDesk},
    documents::WebLink,
    topic::Topic,
};
use ops::{Ops, OpsError};

use super::{act::Answer, report::Report};

/// A desk, as one writes it.
#[derive(Debug, Args)]
pub struct Written {
    /// What it is called
    #[arg(long)]
    pub name: String,
    /// What it is for, when it is open, how to reach it; may be given again
    #[arg(long, value_name = "TEXT")]
    pub line: Vec<String>,
    /// Its phone number
    #[arg(long, value_name = "NUMBER")]
    pub phone: Option<Phone>,
    /// Its page
    #[arg(long, value_name = "URL")]
    pub url: Option<WebLink>,
}

#[derive(Debug, Subcommand)]
pub enum TenantDesk {
    /// Name the tenant's desk for a topic, in the place of a former one
    #[command(after_help = "\
Topics: body, mind, women, lifestyle, work, harassment, compliance, medical, other

Example:
  ops tenant desk set ひかり商事株式会社 harassment --name 人事相談室 --line '平日 9:00〜17:00' --phone 03-1234-5678")]
    Set {
        /// The tenant's id or name
        tenant: String,
        /// What it is for
        topic: Topic,
        #[command(flatten)]
        desk: Written,
    },
    /// List the tenant's desks
    List {
        /// The tenant's id or name
        tenant: String,
    },
    /// Remove the tenant's desk for a topic: members are referred to the public ones
    Remove {
        /// The tenant's id or name
        tenant: String,
        /// What it is for
        topic: Topic,
    },
}

#[derive(Debug, Subcommand)]
pub enum Desk {
    /// List the public desks
    List,
    /// Add a public desk, in the place of one with the same name
    #[command(after_help = "\
Example:
  ops desk add --topics compliance --name 公益通報者保護制度相談ダイヤル --phone 03-3507-9262")]
    Add {
        /// What it is for
        #[arg(long, required = true, value_delimiter = ',')]
        topics: Vec<Topic>,
        #[command(flatten)]
        desk: Written,
    },
    /// Remove a public desk
    Remove {
        /// Its name
        name: String,
    },
    /// Go back to the public desks that the system comes with
    Reset,
    /// Say how a contact reaches the nurses: stands in the mail that discloses something
    #[command(after_help = "Example:\n  ops desk own --name ONLINE健康推進室 --phone 03-1234-5678")]
    Own(Written),
}

impl TryFrom<Written> for Named {
    type Error = OpsError;

    fn try_from(written: Written) -> Result<Self, OpsError> {
        let Written { name, line: lines, phone, url } = written;
        Ok(WrittenDesk { name, lines, phone, url }.try_into()?)
    }
}

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Desk) -> Answer {
    let desks = match command {
        Desk::List => ops.public_desks().await?,
        Desk::Add { topics, desk } => ops.put_public_desk(topics.into_iter().collect(), desk.try_into()?).await?,
        Desk::Remove { name } => ops.remove_public_desk(&name).await?,
        Desk::Reset => ops.reset_public_desks().await?,
        Desk::Own(desk) => {
            let desk = ops.set_own_desk(desk.try_into()?).await?;
            return Ok(Report::said("Contacts read it after a disclosure.", json!(desk)));
        }
    };
    Ok(public(&desks))
}

/// Carries out `command` for a tenant.
pub async fn act_for_tenant(ops: &Ops, command: TenantDesk) -> Answer {
    let desks = match command {
        TenantDesk::List { tenant } => ops.tenant(&tenant).await?.desks,
        TenantDesk::Set { tenant, topic, desk } => ops.set_desk(&tenant, topic, desk.try_into()?).await?,
        TenantDesk::Remove { tenant, topic } => ops.remove_desk(&tenant, topic).await?,
    };
    Ok(of_tenant(&desks))
}

const HEADERS: &[&str] = &["TOPICS", "PHONE", "PAGE", "NAME"];

fn row(topics: String, desk: &Named) -> Vec<String> {
    let phone = desk.phone().map_or("-", Phone::as_str).to_owned();
    let url = desk.url().map_or("-", WebLink::as_str).to_owned();
    vec![topics, phone, url, desk.name().to_owned()]
}

fn public(desks: &[PublicDesk]) -> Report {
    let topics = |desk: &PublicDesk| desk.topics.iter().map(|topic| topic.code()).collect::<Vec<_>>().join(", ");
    let rows = desks.iter().map(|desk| row(topics(desk), &desk.desk)).collect();
    Report::table(HEADERS, rows, "There are no public desks.", json!(desks))
}

fn of_tenant(desks: &BTreeMap<Topic, Named>) -> Report {
    let rows = desks.iter().map(|(topic, desk)| row(topic.to_string(), desk)).collect();
    Report::table(HEADERS, rows, "The tenant has named no desk: members are referred to the public ones.", json!(desks))
}
