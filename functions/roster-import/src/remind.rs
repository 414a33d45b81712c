//! No roster by the 25th: the contacts are reminded, and from the 28th on the operator is alarmed (row D1).

use chrono::Datelike;
use serde_json::{Value, json};

use domain::{
    id::TenantId,
    mail::Mail,
    roster_month::{ALARMED_FROM, REMINDED_FROM},
    text::{Language, Text},
    time,
};
use store::{Key, StoreError};

use crate::{App, aside};

/// Looks at every tenant; doing it again on another day of the same month tells nobody twice.
pub async fn run(app: &App) -> Result<Value, StoreError> {
    let now = app.clock.now();
    let (day, month) = (time::jst_date(now).day(), time::month(now));
    let mut missing = 0;
    if day >= REMINDED_FROM {
        for id in app.store.tenants().await? {
            let Some(tenant) = app.store.tenant(id).await?.filter(|tenant| tenant.contract.in_force(now)) else { continue };
            if app.store.has_delivered(id, &month).await? {
                continue;
            }
            missing += 1;
            remind(app, id, &tenant.name, &month).await?;
            if day >= ALARMED_FROM {
                tracing::error!(alarm = "roster", tenant.id = %id, "a tenant has delivered no roster this month");
                let body = Text::OperatorMissingBody { tenant: tenant.name };
                aside::operator(app, &["missing", &id.to_string(), &month], &Text::OperatorMissingSubject, &body).await?;
            }
        }
    }
    Ok(json!({ "missing": missing }))
}

async fn remind(app: &App, tenant: TenantId, name: &str, month: &str) -> Result<(), StoreError> {
    let installation = app.parameters.installation().await?;
    let contacts = app.store.reachable(app.store.contacts(tenant).await?, &installation).await?;
    if contacts.is_empty() {
        tracing::error!(alarm = "roster", tenant.id = %tenant, "a tenant has no contact whom mails reach to be reminded of its roster");
    }
    for contact in contacts {
        let id = installation.outbox_id(&["remind", &tenant.to_string(), month, &contact.id]);
        let body = Text::RosterReminderBody { tenant: name.to_owned(), contact: contact.name };
        let mail = Mail::new(contact.mail, Language::Ja.say(&Text::RosterReminderSubject), Language::Ja.say(&body));
        app.store.queue_mail(Key::outbox_of_tenant(tenant, id), id, &mail, &installation, app.clock.now()).await?;
    }
    Ok(())
}
