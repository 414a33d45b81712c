//! Queues a report: that it is on its way, and a mail to each contact, in one transaction.

use domain::{
    kpi::{
        layout::Layout,
        mail::{Letter, text},
        period::{Occasion, Report, path},
        sheet::Sheet,
    },
    mail::Mail,
    tenant::Tenant,
    text::Language,
};
use store::{
    Key,
    entity::{
        figures::{Figures, SentReport},
        outbox::NewItem,
    },
};

use crate::{
    html::html,
    picture::picture,
    work::{Failure, Work},
};

/// Contacts read Japanese.
const LANGUAGE: Language = Language::Ja;

/// Queues `report`; `false` where somebody else did. Without a contact whom mails reach it stays due.
pub async fn send(work: &Work<'_>, tenant: &Tenant, (occasion, report): (Occasion, Report), figures: &Figures) -> Result<bool, Failure> {
    let store = &work.app.store;
    let contacts = store.contacts(tenant.id).await?;
    if contacts.is_empty() {
        return Err(Failure::NoContact);
    }
    let contacts = store.reachable(contacts, &work.installation).await?;
    if contacts.is_empty() {
        return Err(Failure::NoneReachable);
    }
    let mut shown = figures.shown.clone();
    let sheet = Sheet::of(tenant, (occasion, report), &figures.months, &mut shown)?;
    let layout = Layout::of(&sheet, LANGUAGE);
    let pictures = layout.charts.iter().map(|chart| picture(chart, LANGUAGE)).collect::<Result<Vec<_>, _>>()?;
    let link = format!("{}/{}", work.app.contacts.as_str().trim_end_matches('/'), path(occasion, report.period.first()));
    let mut transaction = store.transaction();
    let sent = SentReport { occasion, period: report.period, queued_at: work.now, contacts: contacts.len() as u64 };
    sent.put(&mut transaction, tenant.id)?;
    if shown != figures.shown {
        figures.show(&mut transaction, tenant.id, &shown)?;
    }
    for contact in contacts {
        let parts = ["kpi", &tenant.id.to_string(), occasion.code(), &report.period.to_string(), &contact.id];
        let id = work.installation.outbox_id(&parts);
        let letter = Letter::of(&sheet, &layout, &contact.name, &link);
        let (text, html) = (text(&letter, &layout), html(&letter, &layout, &pictures));
        let mail = Mail::with_html(contact.mail, letter.subject, text, html, pictures.clone());
        NewItem::mail(Key::outbox_of_tenant(tenant.id, id), id, &mail, &work.installation)?.pending(work.now).put(&mut transaction)?;
    }
    let written = transaction.commit().await?.is_ok();
    if written {
        tracing::info!(tenant = %tenant.id, kpi.occasion = occasion.code(), kpi.period = %report.period, "a report is on its way");
    }
    Ok(written)
}
