//! Interviews of employees who are erased (row D2): what lies ahead is cancelled, its time becomes free and the contacts are told;
//! then the interview goes, with its request form and the form's files. What happened to it stays in the ledger of units, which
//! names nobody.

use std::collections::BTreeSet;

use domain::{
    id::{EmploymentId, TenantId},
    interview::state::Interview,
    mail::Mail,
    text::{Language, Text},
};
use store::{
    Key, StoreError, Transaction,
    entity::{
        cell,
        contact::Contact,
        interview::{StoredInterview, mails_of},
        outbox::{NewItem, fresh_id},
        purge::Tally,
        request_form::{self, Deletion},
    },
};

use crate::{look::OBJECTS, work::Work};

/// Erases the interviews of these employments; `false` where one of them changed meanwhile.
pub async fn erase(work: &Work<'_>, tenant: TenantId, ended: &BTreeSet<EmploymentId>) -> Result<bool, StoreError> {
    let mut interviews = work.app.store.interviews(tenant).await?;
    interviews.retain(|interview| ended.contains(&interview.head().employment));
    if interviews.is_empty() {
        return Ok(true);
    }
    let contacts = work.app.store.reachable(work.app.store.contacts(tenant).await?, &work.installation).await?;
    let mut all = true;
    for interview in interviews {
        all &= one(work, tenant, &contacts, interview).await?;
    }
    Ok(all)
}

async fn one(work: &Work<'_>, tenant: TenantId, contacts: &[Contact], interview: Interview) -> Result<bool, StoreError> {
    let (app, head) = (work.app, interview.head().clone());
    let of = work.tenants.get(&tenant);
    let allowance = of.map(|tenant| tenant.allowance.clone()).unwrap_or_default();
    let ledger = app.store.ledger_of_interviews(tenant, &allowance).await?;
    let installation = app.parameters.installation().await?;
    let ahead = interview.seen_at(work.now).cancel(head.booked_by, work.now).ok();
    // Files and what is queued first: where this is killed, the interview is still there and the next sweep comes back. Whoever adds
    // one meanwhile changes the form, and nothing below is written.
    let form = app.store.request_form(tenant, head.id).await?;
    let files = Deletion { tenant, interview: head.id, file: None };
    // Of a purge that was killed the objects may be gone already: the form still names them.
    let objects = app.documents.count(&files.objects()).await?.max(form.files());
    app.documents.delete(&files.objects()).await?;
    // Mails that wait, or could not be sent, name the employee.
    let queued: Vec<Key> = mails_of(&head).into_iter().chain([files.key(&installation)]).collect();
    app.store.delete_all(&queued).await?;
    let deleted = [("Interview", 1), (request_form::ENTITY.name, u64::from(form.is_there())), (OBJECTS, objects)];
    let deleted = deleted.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| (kind.to_owned(), count)).collect();
    let tally = Tally { deleted, ..Tally::default() };
    let writes = |transaction: &mut Transaction<'_>| {
        StoredInterview::remove(&head, transaction)?;
        form.remove(transaction)?;
        let Some(next) = &ahead else { return Ok(()) };
        cell::free(transaction, &head.slot.cells(), head.id)?;
        ledger.append(transaction, tenant, next.event)?;
        for contact in contacts {
            let body = Text::InterviewFreedMailBody {
                tenant: of.map(|tenant| tenant.name.clone()).unwrap_or_default(),
                contact: contact.name.clone(),
                at: head.slot.start(),
            };
            let mail = Mail::new(contact.mail.clone(), Language::Ja.say(&Text::InterviewFreedMailSubject), Language::Ja.say(&body));
            let id = fresh_id();
            NewItem::mail(Key::outbox_of_tenant(tenant, id), id, &mail, &installation)?.pending(work.now).put(transaction)?;
        }
        Ok(())
    };
    let written = work.runs.add(app, tenant, &tally, writes).await?;
    // A file that was being put meanwhile is named by nobody. Its own deletion is queued; nobody has to wait for that.
    if written {
        app.documents.delete(&files.objects()).await?;
    }
    Ok(written)
}
