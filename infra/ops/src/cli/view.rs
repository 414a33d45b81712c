//! How things look, for people and for programs. Hashes, secrets and texts are not among what is shown.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use domain::{
    desk::Desk,
    documents::WebLink,
    id::TenantId,
    personal::MailAddress,
    roster::{EraseFrom, Leave, RosterRow},
    roster_file::Kind as FileKind,
    tenant::{ChannelName, Plan, Tenant},
    text::Language,
    time,
};
use ops::outbox::show_key;
use store::{
    entity::{
        contact::Contact,
        delivery::{Delivery, State as Progress},
        erasure::Cause,
        marked_address::Mark,
        nurse::Nurse,
        outbox::{Kind, OutboxItem},
        purge::PurgeRun,
        settings::Settings,
    },
    parameters::Channel,
};

use super::{report::Report, value};

/// Stands where there is nothing.
const NOTHING: &str = "-";

/// The value, or what stands where there is none.
pub fn or_nothing(value: Option<impl ToString>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| value.to_string())
}

/// The parts, with commas between them.
pub fn joined(parts: impl IntoIterator<Item = impl ToString>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    if parts.is_empty() { NOTHING.to_owned() } else { parts.join(", ") }
}

fn minute(at: DateTime<Utc>) -> String {
    time::jst(at).format("%Y-%m-%d %H:%M").to_string()
}

fn language(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}

fn plans(tenant: &Tenant) -> impl Iterator<Item = &'static str> {
    tenant.contract.plans.iter().copied().map(|plan: Plan| value::plan(plan))
}

fn tenant_json(tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id,
        "name": tenant.name,
        "code": tenant.code,
        "channel": tenant.channel,
        "language": tenant.language,
        "numberWidth": tenant.number_width,
        "passphrase": tenant.passphrase.is_some(),
        "starts": tenant.contract.starts,
        "lastDay": tenant.contract.last_day,
        "plans": plans(tenant).collect::<Vec<_>>(),
    })
}

/// One tenant.
pub fn tenant(tenant: &Tenant) -> Report {
    let passphrase = if tenant.passphrase.is_some() { "set" } else { "none" };
    Report::fields(
        vec![
            ("id", tenant.id.to_string()),
            ("name", tenant.name.clone()),
            ("code", tenant.code.to_string()),
            ("passphrase", passphrase.to_owned()),
            ("channel", tenant.channel.to_string()),
            ("language", language(tenant.language).to_owned()),
            ("number width", or_nothing(tenant.number_width)),
            ("starts", tenant.contract.starts.to_string()),
            ("last day", or_nothing(tenant.contract.last_day)),
            ("plans", joined(plans(tenant))),
        ],
        tenant_json(tenant),
    )
}

/// All tenants.
pub fn tenants(tenants: &[Tenant]) -> Report {
    let row = |tenant: &Tenant| {
        vec![
            tenant.id.to_string(),
            tenant.code.to_string(),
            tenant.channel.to_string(),
            tenant.contract.starts.to_string(),
            or_nothing(tenant.contract.last_day),
            tenant.name.clone(),
        ]
    };
    Report::table(
        &["ID", "CODE", "CHANNEL", "STARTS", "LAST DAY", "NAME"],
        tenants.iter().map(row).collect(),
        "There are no tenants.",
        tenants.iter().map(tenant_json).collect(),
    )
}

/// A channel, without its secret.
pub fn channel(name: &ChannelName, channel: &Channel) -> Report {
    Report::fields(
        vec![
            ("name", name.to_string()),
            ("channel id", channel.channel_id.clone()),
            ("basic id", channel.basic_id.clone()),
            ("secret", "set".to_owned()),
            ("members' menu", or_nothing(channel.registered_menu.as_ref())),
            ("webhook path", format!("/line/{name}/webhook")),
        ],
        json!({
            "name": name, "channelId": channel.channel_id, "basicId": channel.basic_id, "webhookPath": format!("/line/{name}/webhook"),
            "registeredMenu": channel.registered_menu,
        }),
    )
}

/// A tenant's contacts, with the marks on their addresses.
pub fn contacts(contacts: &[Contact], marks: &BTreeMap<MailAddress, Mark>) -> Report {
    let mark = |contact: &Contact| marks.get(&contact.mail);
    let marked = |mark: &Mark| format!("{}, {}", mark.why.code(), minute(mark.since));
    let row = |contact: &Contact| {
        let marked = mark(contact).map(marked);
        vec![contact.id.clone(), contact.mail.expose().to_owned(), or_nothing(marked), contact.name.expose().to_owned()]
    };
    let json = |contact: &Contact| {
        let mark = mark(contact).map(|mark| json!({ "why": mark.why.code(), "since": mark.since }));
        json!({ "id": contact.id, "name": contact.name, "mail": contact.mail, "mark": mark })
    };
    Report::table(
        &["ID", "MAIL", "MARK", "NAME"],
        contacts.iter().map(row).collect(),
        "The tenant has no contacts.",
        contacts.iter().map(json).collect(),
    )
}

/// The nurses.
pub fn nurses(nurses: &[Nurse]) -> Report {
    let licences = |nurse: &Nurse| nurse.licences.iter().copied().map(value::licence).collect::<Vec<_>>();
    let row =
        |nurse: &Nurse| vec![nurse.id.clone(), nurse.mail.expose().to_owned(), joined(licences(nurse)), nurse.name.expose().to_owned()];
    let json = |nurse: &Nurse| json!({ "id": nurse.id, "name": nurse.name, "mail": nurse.mail, "licences": licences(nurse) });
    Report::table(
        &["ID", "MAIL", "LICENCES", "NAME"],
        nurses.iter().map(row).collect(),
        "There are no nurses.",
        nurses.iter().map(json).collect(),
    )
}

/// The settings, without the words.
pub fn settings(settings: &Settings) -> Report {
    let hours = format!("{}-{}", settings.hours.opens.format("%-H:%M"), settings.hours.closes.format("%-H:%M"));
    let closures: Vec<String> = settings.closures.yearly.iter().map(|closure| format!("{}..{}", closure.from, closure.to)).collect();
    let operators: Vec<&str> = settings.operators.iter().map(MailAddress::expose).collect();
    let duty: Vec<&str> = settings.duty.iter().map(MailAddress::expose).collect();
    Report::fields(
        vec![
            ("hours", hours.clone()),
            ("closures every year", joined(&closures)),
            ("closed on", joined(&settings.closures.days)),
            ("on duty", joined(&duty)),
            ("operators", joined(&operators)),
            ("terms of use", or_nothing(settings.documents.terms.as_ref().map(WebLink::as_str))),
            ("privacy notice", or_nothing(settings.documents.privacy.as_ref().map(WebLink::as_str))),
            ("erased when blocked", format!("{} days", settings.erasure.blocked_days)),
            ("erased when not on a roster", format!("{} days", settings.erasure.unmatched_days)),
            ("danger words", settings.danger.words().len().to_string()),
            ("public desks", settings.public_desks.len().to_string()),
            ("contacts reach us at", or_nothing(settings.own_desk.as_ref().map(Desk::name))),
        ],
        json!({
            "hours": hours, "closures": closures, "closedOn": settings.closures.days, "duty": duty, "operators": operators, "documents": settings.documents,
            "erasure": { "blockedDays": settings.erasure.blocked_days, "unmatchedDays": settings.erasure.unmatched_days },
            "dangerWords": settings.danger.words().len(), "publicDesks": settings.public_desks.len(), "ownDesk": settings.own_desk,
        }),
    )
}

/// What the roster says of one number.
pub fn roster_row(row: &RosterRow, now: DateTime<Utc>) -> Report {
    let access = |has: bool| if has { "yes" } else { "no" };
    let shown = row.employments.iter().map(|employment| {
        vec![
            row.number.expose().to_owned(),
            or_nothing(employment.leaves()),
            access(employment.gives_access(now)).to_owned(),
            employment.id.to_string(),
            employment.name.expose().to_owned(),
        ]
    });
    let json = row.employments.iter().map(|employment| {
        json!({
            "number": row.number, "name": employment.name, "leaves": employment.leaves(),
            "access": employment.gives_access(now), "employment": employment.id,
        })
    });
    Report::table(&["NUMBER", "LEAVES", "ACCESS", "EMPLOYMENT", "NAME"], shown.collect(), "Nobody has the number.", json.collect())
}

/// Roster files that were delivered.
pub fn deliveries(deliveries: &[Delivery]) -> Report {
    let state = |delivery: &Delivery| match (delivery.state, delivery.contact_confirmed_at, delivery.operator_confirmed_at) {
        _ if delivery.state == Progress::Waiting && delivery.refused_at.is_some() => "refused, about to be deleted",
        (Progress::Received, ..) => "received",
        (Progress::Waiting, None, None) => "waits for contact and operator",
        (Progress::Waiting, Some(_), None) => "waits for the operator",
        (Progress::Waiting, None, Some(_)) => "waits for the contact",
        (Progress::Waiting, Some(_), Some(_)) => "confirmed, about to be applied",
        (Progress::Applying, ..) => "being applied",
        (Progress::Applied, ..) => "applied",
        (Progress::Repeated, ..) => "was applied before",
        (Progress::Refused, ..) => "refused",
    };
    let kind = |delivery: &Delivery| match delivery.kind {
        FileKind::Monthly => "monthly",
        FileKind::Full => "full",
    };
    let row = |delivery: &Delivery| {
        let brought = delivery.brought;
        vec![
            minute(delivery.received_at),
            kind(delivery).to_owned(),
            state(delivery).to_owned(),
            delivery.rows.to_string(),
            delivery.blocking.to_string(),
            delivery.warnings.to_string(),
            format!("+{} ~{} -{}", brought.joined, brought.changed, brought.left),
            delivery.import.to_string(),
        ]
    };
    Report::table(
        &["RECEIVED (JST)", "KIND", "STATE", "ROWS", "ERRORS", "WARNINGS", "CHANGES", "IMPORT"],
        deliveries.iter().map(row).collect(),
        "Nothing was delivered.",
        deliveries.iter().map(|delivery| json!(delivery)).collect(),
    )
}

/// Leave dates that wait for a confirmation.
pub fn unconfirmed(rows: &[(TenantId, RosterRow)]) -> Report {
    let waiting = || {
        rows.iter().flat_map(|(tenant, row)| {
            let waits = row.employments.iter().filter(|employment| employment.leave.map(Leave::erase_from) == Some(EraseFrom::Unconfirmed));
            waits.filter_map(move |employment| Some((tenant, &row.number, employment, employment.leave?)))
        })
    };
    let shown = waiting().map(|(tenant, number, employment, leave)| {
        let name = employment.name.expose().to_owned();
        vec![tenant.to_string(), number.expose().to_owned(), leave.date.to_string(), minute(leave.reported_at), name]
    });
    let json = waiting().map(|(tenant, number, employment, leave)| {
        json!({ "tenant": tenant, "number": number, "name": employment.name, "leaves": leave.date, "reportedAt": leave.reported_at })
    });
    Report::table(
        &["TENANT", "NUMBER", "LEAVES", "REPORTED (JST)", "NAME"],
        shown.collect(),
        "No leave date waits for a confirmation.",
        json.collect(),
    )
}

/// Runs of the purge.
pub fn purges(runs: &[PurgeRun]) -> Report {
    let members = |run: &PurgeRun| run.tally.members.values().sum::<u64>();
    let row = |run: &PurgeRun| {
        vec![
            run.id.to_string(),
            run.tenant.to_string(),
            minute(run.started_at),
            or_nothing(run.completed_at.map(minute)),
            run.tally.leavers.to_string(),
            members(run).to_string(),
        ]
    };
    Report::table(
        &["RUN", "TENANT", "STARTED (JST)", "COMPLETED (JST)", "LEAVERS", "MEMBERS"],
        runs.iter().map(row).collect(),
        "Nobody was erased yet.",
        runs.iter().map(purge_json).collect(),
    )
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Left => "left",
        Cause::MembersOwnAct => "ownAct",
        Cause::Blocked => "blocked",
        Cause::Unmatched => "unmatched",
        Cause::ContractEnd => "contractEnd",
    }
}

fn purge_json(run: &PurgeRun) -> Value {
    let members: serde_json::Map<String, Value> =
        run.tally.members.iter().map(|(why, count)| (cause(*why).to_owned(), json!(count))).collect();
    json!({
        "run": run.id, "tenant": run.tenant, "startedAt": run.started_at, "completedAt": run.completed_at, "leavers": run.tally.leavers,
        "members": members, "deleted": run.tally.deleted, "foundAfterwards": run.tally.found_afterwards,
        "keysBackupFreeOn": run.keys_backup_free_on(), "backupFreeOn": run.backup_free_on(),
    })
}

/// The certificate of a run.
pub fn certificate(run: &PurgeRun) -> Report {
    let counts = |counts: Vec<(String, u64)>| joined(counts.into_iter().map(|(what, count)| format!("{what} {count}")));
    let members = run.tally.members.iter().map(|(why, count)| (cause(*why).to_owned(), *count)).collect();
    let deleted = run.tally.deleted.iter().map(|(kind, count)| (kind.clone(), *count)).collect();
    Report::fields(
        vec![
            ("run", run.id.to_string()),
            ("tenant", run.tenant.to_string()),
            ("started", minute(run.started_at)),
            ("completed", run.completed_at.map_or_else(|| "not yet".to_owned(), minute)),
            ("employments that ended", run.tally.leavers.to_string()),
            ("members", counts(members)),
            ("deleted", counts(deleted)),
            ("found afterwards", run.tally.found_afterwards.to_string()),
            ("keys in no backup after", or_nothing(run.keys_backup_free_on())),
            ("in no backup after", or_nothing(run.backup_free_on())),
        ],
        purge_json(run),
    )
}

/// Deliveries that failed for good. Their texts stay sealed.
pub fn failed(items: &[OutboxItem]) -> Report {
    let kind = |item: &OutboxItem| match item.effect {
        Kind::Line => "line",
        Kind::Mail => "mail",
        Kind::FetchContent => "fetch content",
        Kind::DeleteDocument => "delete document",
        Kind::DeleteRequestForm => "delete request form",
        Kind::ShowMenu => "show menu",
    };
    let row = |item: &OutboxItem| {
        vec![minute(item.created_at), kind(item).to_owned(), item.attempt.to_string(), or_nothing(item.why.as_ref()), show_key(&item.key())]
    };
    let json = |item: &OutboxItem| {
        json!({
            "key": show_key(&item.key()), "kind": kind(item), "queuedAt": item.created_at, "attempts": item.attempt, "why": item.why,
        })
    };
    Report::table(
        &["QUEUED (JST)", "KIND", "ATTEMPTS", "WHY", "KEY"],
        items.iter().map(row).collect(),
        "Nothing failed.",
        items.iter().map(json).collect(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn neither_a_secret_nor_a_hash_is_shown() {
        let secret =
            Channel { channel_id: "1".into(), channel_secret: "hidden-secret-123".into(), basic_id: "@a".into(), registered_menu: None };
        let company: Tenant = serde_json::from_value(json!({
            "id": "01J0000000000000000000000A", "name": "ひかり商事", "code": "ABCD2345", "channel": "demo", "language": "ja",
            "number_width": null,
            "passphrase": String::from(domain::passphrase::PassphraseHash::of("けんこう2026", &[7; 16]).unwrap()),
            "contract": { "starts": "2026-04-01", "last_day": null, "plans": ["EmployeeSupport"] },
        }))
        .unwrap();
        let shown = format!("{:?}{:?}", channel(&"demo".parse().unwrap(), &secret), tenant(&company));
        assert!(!shown.contains("hidden") && !shown.contains("argon2"), "{shown}");
    }
}
