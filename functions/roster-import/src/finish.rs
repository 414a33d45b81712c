//! The report, and who is told of it.

use std::collections::BTreeSet;

use domain::{
    mail::Mail,
    personal::MailAddress,
    roster_report::{LISTED, Outcome, Report},
    text::{Language, Text},
    time,
};
use store::{
    Key, StoreError,
    entity::{
        contact::Contact,
        delivery::{self, Delivery, LEASE_TIME, Party, State},
        outbox::NewItem,
    },
    roster_files::LEAVERS,
};

use crate::{check::Checked, import::Import};

const REPORT: &str = "report.json";

/// Stores what checking found. Without a cell of the file, but for the list of who may have left, which HR is to fill in.
pub async fn report(import: Import<'_>, delivery: &Delivery, checked: &Checked) -> Result<(), StoreError> {
    let (tenant, files) = (import.tenant.id, &import.app.files);
    let brings = checked.would_bring;
    let changes = brings.joined + brings.changed + brings.left;
    let report = Report {
        import: delivery.import,
        kind: delivery.kind,
        received_at: delivery.received_at,
        outcome: outcome(delivery.state),
        rows: checked.rows,
        joined: brings.joined,
        changed: brings.changed,
        left: brings.left,
        unchanged: checked.rows.saturating_sub(changes),
        missing: u64::try_from(checked.missing.len()).unwrap_or(u64::MAX),
        blocking: checked.blocking,
        warnings: checked.warnings,
        more: (checked.blocking + checked.warnings).saturating_sub(u64::try_from(LISTED).unwrap_or(u64::MAX)),
        findings: checked.findings.clone(),
    };
    if !checked.missing.is_empty() && report.outcome != Outcome::Refused {
        let people = checked.missing.iter().map(|(number, name)| (number, name));
        files.put_report(tenant, delivery.import, LEAVERS, roster_file::leavers_csv(people)).await?;
    }
    files.put_report(tenant, delivery.import, "report.csv", roster_file::report_csv(&report.findings, Language::Ja)).await?;
    put(import, &report).await
}

async fn put(import: Import<'_>, report: &Report) -> Result<(), StoreError> {
    let json = serde_json::to_vec(report).map_err(|_| unreadable("it does not serialise"))?;
    import.app.files.put_report(import.tenant.id, report.import, REPORT, json).await
}

const fn outcome(state: State) -> Outcome {
    match state {
        State::Received | State::Applying | State::Applied => Outcome::Applied,
        State::Waiting => Outcome::Waiting,
        State::Repeated => Outcome::Unchanged,
        State::Refused => Outcome::Refused,
    }
}

/// Writes down how the import stands now, and queues the mails that say so, in one transaction.
pub async fn tell(import: Import<'_>, delivery: &mut Delivery) -> Result<(), StoreError> {
    let report = import.app.files.report(import.tenant.id, delivery.import, REPORT).await?;
    let report = report.ok_or_else(|| unreadable("there is none"))?;
    let mut report: Report = serde_json::from_slice(&report).map_err(|_| unreadable("it does not parse"))?;
    report.outcome = outcome(delivery.state);
    if delivery.state == State::Applied {
        // What was written counts, whatever was foreseen.
        (report.joined, report.changed, report.left) = (delivery.brought.joined, delivery.brought.changed, delivery.brought.left);
        report.unchanged = report.rows.saturating_sub(report.joined + report.changed + report.left);
        put(import, &report).await?;
    }
    commit(import, delivery, |contact, link| words(import, &report, contact, link)).await
}

/// Nobody confirmed it in time, the operator refused it, or a contact took it back.
pub async fn lapse(import: Import<'_>, delivery: &mut Delivery) -> Result<(), StoreError> {
    delivery.state = State::Refused;
    let received = delivery.received_at;
    let is_withdrawn = delivery.refused_by == Some(Party::Contact);
    commit(import, delivery, |contact, _| {
        let (tenant, contact) = (import.tenant.name.clone(), contact.name.clone());
        if is_withdrawn {
            (Text::RosterWithdrawnSubject, Text::RosterWithdrawnBody { tenant, contact, received })
        } else {
            (Text::RosterLapsedSubject, Text::RosterLapsedBody { tenant, contact, received })
        }
    })
    .await
}

/// Subject and text of the mail to a contact.
fn words(import: Import<'_>, report: &Report, contact: &Contact, link: String) -> (Text, Text) {
    let (tenant, contact, received) = (import.tenant.name.clone(), contact.name.clone(), report.received_at);
    let Report { rows, joined, changed, left, missing, blocking, warnings, .. } = *report;
    match report.outcome {
        Outcome::Applied => (
            Text::RosterAppliedSubject,
            Text::RosterAppliedBody { tenant, contact, received, rows, joined, changed, left, missing, warnings, link },
        ),
        Outcome::Refused => {
            (Text::RosterRefusedSubject, Text::RosterRefusedBody { tenant, contact, received, rows, blocking, warnings, link })
        }
        Outcome::Waiting => {
            let until = received + delivery::WAITS;
            (Text::RosterWaitingSubject, Text::RosterWaitingBody { tenant, contact, received, left, until, link })
        }
        Outcome::Unchanged => (Text::RosterRepeatedSubject, Text::RosterRepeatedBody { tenant, contact, received, link }),
    }
}

async fn commit(import: Import<'_>, delivery: &mut Delivery, words: impl Fn(&Contact, String) -> (Text, Text)) -> Result<(), StoreError> {
    let Import { app, tenant, installation, .. } = import;
    let now = app.clock.now();
    let mut transaction = app.store.transaction();
    // Where the file cannot be discarded now, the sweep does it.
    delivery.put(&mut transaction, if delivery.state == State::Waiting { delivery.waits_until() } else { now + LEASE_TIME })?;
    if delivery.state == State::Applied
        && let Some(content) = &delivery.content
    {
        delivery::applied(&mut transaction, tenant.id, content, now)?;
    }
    if delivery.state == State::Applied {
        delivery::count(&mut transaction, tenant.id, &time::month(delivery.received_at), 0, 1)?;
    }
    let contacts = app.store.reachable(app.store.contacts(tenant.id).await?, installation).await?;
    if contacts.is_empty() {
        tracing::error!(alarm = "roster", tenant.id = %tenant.id, "a tenant has no contact whom mails reach to be told of its roster");
    }
    let token = installation.report_token(tenant.id, delivery.import);
    let base = app.contacts.as_str().trim_end_matches('/');
    let link = format!("{base}/rosters/{}/{}/{}", tenant.id, delivery.import, token.as_str());
    let (import, version) = (delivery.import.to_string(), delivery.version.to_string());
    for contact in &contacts {
        let (subject, body) = words(contact, link.clone());
        let id = installation.outbox_id(&["roster", &import, &version, &contact.id]);
        let mail = Mail::new(contact.mail.clone(), Language::Ja.say(&subject), Language::Ja.say(&body));
        NewItem::mail(Key::outbox_of_tenant(tenant.id, id), id, &mail, installation)?.pending(now).put(&mut transaction)?;
    }
    if delivery.state == State::Waiting {
        let (tenant, until) = (tenant.name.clone(), delivery.waits_until());
        let body = Text::OperatorWaitingBody { tenant, import: import.clone(), left: delivery.leavers, until };
        let operators: BTreeSet<MailAddress> = app.store.settings().await?.operators.into_iter().collect();
        for to in operators {
            let id = installation.outbox_id(&["roster", &import, &version, to.expose()]);
            let mail = Mail::new(to, Language::Ja.say(&Text::OperatorWaitingSubject), Language::Ja.say(&body));
            NewItem::mail(Key::outbox_of_operator(id), id, &mail, installation)?.pending(now).put(&mut transaction)?;
        }
    }
    transaction.commit().await?.map_err(|_| StoreError::Contention)?;
    let brought = delivery.brought;
    tracing::info!(
        tenant.id = %tenant.id, import.id = %delivery.import, import.state = ?delivery.state, import.rows = delivery.rows,
        import.blocking = delivery.blocking, import.warnings = delivery.warnings, import.joined = brought.joined,
        import.changed = brought.changed, import.left = brought.left, "a roster file was dealt with"
    );
    Ok(())
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: "roster report", reason }
}
