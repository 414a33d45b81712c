//! The demo: one LINE channel, two tenants with rosters, contacts, nurses, made with the operator's own commands. Every part
//! is made where it is missing, so that a second start changes nothing and a start that was cut short is completed.

mod nurses;

use std::{collections::BTreeMap, io, path::Path};

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use ops::{Ops, OpsError, link, roster::Entry, settings::SettingsChange, tenant::NewTenant};
use runtime::{Clock, Environment};
use serde::Serialize;

use domain::{
    desk::BadPhone,
    documents::BadWebLink,
    employee::{self, BadName, BadNumber, BadWidth, NumberWidth},
    personal::{BadMailAddress, MailAddress},
    roster::RosterRow,
    tenant::{BadChannelName, ChannelName, Plan, Tenant},
    text::Language,
    time,
};
use store::parameters::Channel;

use crate::{kept, line::LocalChannel};

/// A LINE channel that only LINE's stand-in knows; its secret guards nothing.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoChannel {
    /// The path segment of its webhook.
    pub name: String,
    /// Channel id.
    pub id: String,
    /// Channel secret.
    pub secret: String,
    /// Basic id.
    pub basic_id: String,
}

/// A tenant to play with, as `/local/status` shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoTenant {
    /// The tenant's id.
    pub id: String,
    /// The company's name.
    pub name: String,
    /// The path segment of its LINE channel.
    pub channel: String,
    /// The registration code.
    pub code: String,
    /// The passphrase, where registration asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// What an employee opens to register, on the chat page of this machine.
    pub registration_link: String,
    /// The same as a real QR code holds it.
    pub line_link: String,
    /// The roster, by number.
    pub employees: Vec<DemoEmployee>,
}

/// Somebody on a demo roster.
#[derive(Debug, Clone, Serialize)]
pub struct DemoEmployee {
    /// The employee number.
    pub number: String,
    /// The name.
    pub name: String,
    /// The last day of employment, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leaves: Option<NaiveDate>,
}

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum DemoError {
    #[error(transparent)]
    Ops(#[from] OpsError),
    #[error(transparent)]
    Channel(#[from] BadChannelName),
    #[error(transparent)]
    Name(#[from] BadName),
    #[error(transparent)]
    Number(#[from] BadNumber),
    #[error(transparent)]
    Mail(#[from] BadMailAddress),
    #[error(transparent)]
    Link(#[from] BadWebLink),
    #[error(transparent)]
    Width(#[from] BadWidth),
    #[error(transparent)]
    Phone(#[from] BadPhone),
    #[error(transparent)]
    Hours(#[from] serde_json::Error),
}

const CHANNEL: &str = "demo";
const CHANNEL_ID: &str = "2000000001";
const CHANNEL_SECRET: &str = "demo-channel-secret-0123456789abcd";
const BASIC_ID: &str = "@hoken-demo";

/// First day of service of both tenants. Evaluated by the compiler: a day that does not exist would not build.
const STARTS: NaiveDate = match NaiveDate::from_ymd_opt(2026, 4, 1) {
    Some(date) => date,
    None => panic!("1 April exists"),
};

const TERMS: &str = "https://kenko.example.jp/terms";
const PRIVACY: &str = "https://kenko.example.jp/privacy";
/// Where interviews by web take place.
const MEETING: &str = "https://meet.example.jp/hokenshitsu";
const DUTY: &str = "duty@example.jp";
const OPERATOR: &str = "operator@example.jp";

/// A tenant as it is to be. The names are invented.
struct Company {
    name: &'static str,
    passphrase: Option<&'static str>,
    number_width: Option<u8>,
    plans: &'static [Plan],
    contact: (&'static str, &'static str),
    /// Name, hours and number of its own desk for harassment.
    desk: Option<(&'static str, &'static str, &'static str)>,
    employees: &'static [(&'static str, &'static str)],
    /// Leaves in the month in which the demo is made.
    leaver: (&'static str, &'static str),
    /// Left two months before.
    former: (&'static str, &'static str),
}

const COMPANIES: [Company; 2] = [
    Company {
        name: "株式会社さくら製作所",
        passphrase: None,
        number_width: Some(6),
        plans: &[Plan::EmployeeSupport, Plan::InterviewSupport],
        contact: ("田村 直樹", "tamura@sakura.example.jp"),
        desk: Some(("さくら製作所 ハラスメント相談窓口", "平日 10:00〜16:00（人事部）", "03-0000-1234")),
        employees: &[
            ("000101", "髙橋 一郎"),
            ("000102", "﨑山 花子"),
            ("000103", "鈴木 大輔"),
            ("000104", "渡邉 さやか"),
            ("000105", "グエン ティ ラン"),
            ("000106", "中村 健太"),
            ("000107", "小林 美咲"),
            ("000108", "Maria Santos"),
            ("000109", "斎藤 隆"),
            ("000110", "加藤 優"),
        ],
        leaver: ("000111", "小川 みどり"),
        former: ("000112", "石田 健"),
    },
    Company {
        name: "ひかり商事株式会社",
        passphrase: Some("けんこう2026"),
        number_width: None,
        plans: &[Plan::EmployeeSupport],
        contact: ("森 由美子", "mori@hikari.example.jp"),
        desk: None,
        employees: &[
            ("H-201", "松本 明"),
            ("H-202", "井上 香織"),
            ("H-203", "木村 拓也"),
            ("H-204", "林 あゆみ"),
            ("H-205", "清水 徹"),
            ("H-206", "山﨑 陽子"),
            ("H-207", "森田 翔"),
            ("H-208", "John Miller"),
            ("H-209", "池田 沙織"),
            ("H-210", "橋本 誠"),
        ],
        leaver: ("H-211", "阿部 千尋"),
        former: ("H-212", "前田 浩二"),
    },
];

/// Makes what is missing of the demo in the installation that `environment` names, and tells which tenants there are.
pub async fn prepare(environment: &Environment, now: DateTime<Utc>) -> Result<Vec<DemoTenant>, DemoError> {
    let ops = Ops::of(environment, Clock::from_source(move || now));
    ops.init().await?;
    let channel: ChannelName = CHANNEL.parse()?;
    set_channel(&ops, &channel).await?;
    ops.apply_menus(&channel).await?;
    name_duty(&ops).await?;
    nurses::employ(&ops).await?;
    nurses::publish_hours(&ops).await?;
    nurses::write_templates(&ops).await?;
    nurses::open_desk(&ops).await?;
    let mut tenants = Vec::with_capacity(COMPANIES.len());
    for company in &COMPANIES {
        let tenant = contract(&ops, &channel, company).await?;
        name_contact(&ops, &tenant, company).await?;
        nurses::name_desk(&ops, &tenant, company.desk).await?;
        nurses::put_in_charge(&ops, &tenant).await?;
        let roster = fill_roster(&ops, &tenant, company, time::jst_date(now)).await?;
        tenants.push(show(&ops, &tenant, company, &roster).await?);
    }
    Ok(tenants)
}

/// The channel of all demo tenants; LINE's stand-in has to know it before [`prepare`] sets its menus.
pub fn channel_at_line() -> DemoChannel {
    DemoChannel { name: CHANNEL.to_owned(), id: CHANNEL_ID.to_owned(), secret: CHANNEL_SECRET.to_owned(), basic_id: BASIC_ID.to_owned() }
}

/// Keeps the variables with which a function would run, where `ops --local` looks for them.
pub fn write_environment(data: &Path, variables: &BTreeMap<String, String>) -> io::Result<()> {
    kept::write(&data.join("environment.json"), variables)
}

impl From<&DemoChannel> for LocalChannel {
    fn from(channel: &DemoChannel) -> Self {
        Self {
            channel: channel.name.clone(),
            channel_id: channel.id.clone(),
            secret: channel.secret.clone(),
            basic_id: channel.basic_id.clone(),
            name: "ONLINE健康推進室".to_owned(),
        }
    }
}

async fn set_channel(ops: &Ops, name: &ChannelName) -> Result<(), DemoError> {
    match ops.channel(name).await {
        Err(OpsError::NoChannel(_)) => {
            let channel = Channel {
                channel_id: CHANNEL_ID.to_owned(),
                channel_secret: CHANNEL_SECRET.to_owned(),
                basic_id: BASIC_ID.to_owned(),
                registered_menu: None,
            };
            Ok(ops.set_channel(name, &channel).await?)
        }
        there => Ok(there.map(drop)?),
    }
}

async fn name_duty(ops: &Ops) -> Result<(), DemoError> {
    if ops.settings().await?.duty.is_empty() {
        let duty = Some(vec![MailAddress::parse(DUTY)?]);
        let operators = Some(vec![MailAddress::parse(OPERATOR)?]);
        let (terms, privacy) = (Some(TERMS.parse()?), Some(PRIVACY.parse()?));
        ops.change_settings(SettingsChange {
            duty,
            operators,
            terms,
            privacy,
            meeting: Some(MEETING.parse()?),
            ..SettingsChange::default()
        })
        .await?;
    }
    Ok(())
}

async fn contract(ops: &Ops, channel: &ChannelName, company: &Company) -> Result<Tenant, DemoError> {
    let tenant = match ops.tenant(company.name).await {
        Err(OpsError::NoTenant(_)) => {
            let new = NewTenant {
                name: company.name.to_owned(),
                channel: channel.clone(),
                language: Language::Ja,
                number_width: company.number_width.map(NumberWidth::new).transpose()?,
                starts: STARTS,
                plans: company.plans.iter().copied().collect(),
            };
            ops.add_tenant(new).await?
        }
        there => there?,
    };
    match company.passphrase {
        Some(phrase) if tenant.passphrase.is_none() => Ok(ops.set_passphrase(&tenant.id.to_string(), phrase).await?),
        Some(_) | None => Ok(tenant),
    }
}

async fn name_contact(ops: &Ops, tenant: &Tenant, company: &Company) -> Result<(), DemoError> {
    if ops.contacts(tenant.id).await?.is_empty() {
        let (name, mail) = company.contact;
        ops.add_contact(tenant.id, employee::parse_name(name)?, MailAddress::parse(mail)?).await?;
    }
    Ok(())
}

/// Enters who comes after the last one that is on the roster: where a start was cut short the rest, and who was erased stays erased.
async fn fill_roster(ops: &Ops, tenant: &Tenant, company: &Company, today: NaiveDate) -> Result<Vec<RosterRow>, DemoError> {
    let there = ops.roster(tenant.id).await?;
    let mut missing = Vec::new();
    for (number, name, leaves) in company.people(today) {
        let entry = Entry { number: employee::parse_number(number, tenant.number_width)?, name: employee::parse_name(name)?, leaves };
        if there.iter().any(|row| row.number == entry.number) {
            missing.clear();
        } else {
            missing.push(entry);
        }
    }
    for entry in &missing {
        ops.add_to_roster(tenant.id, entry).await?;
    }
    Ok(ops.roster(tenant.id).await?)
}

impl Company {
    /// Number, name and last day of everybody, first of those who go.
    fn people(&self, today: NaiveDate) -> impl Iterator<Item = (&'static str, &'static str, Option<NaiveDate>)> {
        let leaves = today.with_day(15).unwrap_or(today);
        let left = leaves.checked_sub_months(Months::new(2)).unwrap_or(leaves);
        let stay = self.employees.iter().map(|(number, name)| (*number, *name, None));
        [(self.leaver.0, self.leaver.1, Some(leaves)), (self.former.0, self.former.1, Some(left))].into_iter().chain(stay)
    }
}

async fn show(ops: &Ops, tenant: &Tenant, company: &Company, roster: &[RosterRow]) -> Result<DemoTenant, DemoError> {
    let registration = ops.registration(tenant).await?;
    let text = link::percent_encode(&registration.code.chat_text());
    let employees = roster.iter().flat_map(|row| {
        row.employments.iter().map(|employment| DemoEmployee {
            number: row.number.expose().to_owned(),
            name: employment.name.expose().to_owned(),
            leaves: employment.leaves(),
        })
    });
    Ok(DemoTenant {
        id: tenant.id.to_string(),
        name: tenant.name.clone(),
        channel: tenant.channel.to_string(),
        code: registration.code.to_string(),
        passphrase: company.passphrase.map(str::to_owned),
        registration_link: format!("/chat?channel={}&text={text}", tenant.channel),
        line_link: registration.link,
        employees: employees.collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn one_leaves_in_the_month_of_the_demo_and_one_left_two_months_before() {
        for company in &COMPANIES {
            for (today, leaves, left) in [("2026-11-24", "2026-11-15", "2026-09-15"), ("2027-01-31", "2027-01-15", "2026-11-15")] {
                let people: Vec<_> = company.people(today.parse().unwrap()).collect();
                let dates: Vec<_> = people.iter().filter_map(|(_, _, leaves)| *leaves).map(|date| date.to_string()).collect();
                assert_eq!((people.len(), dates), (12, vec![leaves.to_owned(), left.to_owned()]));
            }
        }
    }

    #[tokio::test]
    async fn who_was_erased_is_not_entered_again_and_who_was_not_entered_yet_is() {
        let place = tempfile::tempdir().unwrap();
        let now = "2026-11-24T10:00:00+09:00".parse().unwrap();
        let options = crate::Options { data: place.path().to_owned(), port: 0, fresh: true, now: Some(now) };
        let running = crate::start(options).await.unwrap();
        let (ops, [sakura, _]) = (Ops::of(&running.environment, running.clock.business()), &COMPANIES);
        let tenant = ops.tenant(sakura.name).await.unwrap();
        let numbers = async || {
            let roster = ops.roster(tenant.id).await.unwrap();
            roster.iter().map(|row| row.number.expose().to_owned()).collect::<Vec<_>>()
        };
        // The leaver is erased with the month; the former one, who left long before it was told, when an operator confirms it.
        running.clock.set("2026-12-01T03:00:00+09:00".parse().unwrap());
        for _ in 0..200 {
            if numbers().await.len() < 12 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let left = numbers().await;
        assert_eq!(left.len(), 11, "{left:?}");
        prepare(&running.environment, running.clock.now()).await.unwrap();
        assert_eq!(numbers().await, left);
        running.stop().await;
    }

    #[tokio::test]
    async fn a_second_start_changes_nothing() {
        let place = tempfile::tempdir().unwrap();
        let options = crate::Options { data: place.path().to_owned(), port: 0, fresh: true, now: "2026-11-24T10:00:00+09:00".parse().ok() };
        let running = crate::start(options).await.unwrap();
        let ops = Ops::of(&running.environment, running.clock.business());
        let state = async || {
            let tenants = ops.tenants().await.unwrap();
            let mut of_tenants = Vec::new();
            for tenant in &tenants {
                of_tenants.push((ops.contacts(tenant.id).await.unwrap(), ops.roster(tenant.id).await.unwrap()));
            }
            let channel = ops.channel(&CHANNEL.parse().unwrap()).await.unwrap().channel_secret;
            (tenants, of_tenants, ops.nurses().await.unwrap(), ops.settings().await.unwrap(), (channel, ops.templates().await.unwrap()))
        };
        let first = state().await;
        assert_eq!((first.0.len(), first.1.iter().map(|(contacts, _)| contacts.len()).sum::<usize>(), first.2.len()), (2, 2, 3));
        let again = prepare(&running.environment, running.clock.now() + chrono::TimeDelta::days(70)).await.unwrap();
        assert_eq!(state().await, first);
        assert_eq!(serde_json::to_value(again).unwrap(), serde_json::to_value(&running.status.tenants).unwrap());
        running.stop().await;
    }
}
