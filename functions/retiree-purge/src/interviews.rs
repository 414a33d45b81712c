//! Interviews of employees who are erased (row D2): what lies ahead is cancelled, its time becomes free and the contacts are told;
//! then the interview goes. What happened to it stays in the ledger of units, which names nobody.

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
    },
};

use crate::work::Work;

/// A transaction has room for a hundred writes; so many of them may be mails that are deleted.
const MAILS: usize = 50;

/// Erases the interviews of these employments; `false` where one of them changed meanwhile.
pub async fn erase(work: &Work<'_>, tenant: TenantId, ended: &BTreeSet<EmploymentId>) -> Result<bool, StoreError> {
    let mut interviews = work.app.store.interviews(tenant).await?;
    interviews.retain(|interview| ended.contains(&interview.head().employment));
    if interviews.is_empty() {
        return Ok(true);
    }
    let contacts = work.app.store.contacts(tenant).await?;
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
    // Of one that was moved often, what was said of earlier versions goes first; what is gone already may go again.
    let mails = mails_of(&head);
    let (earlier, last) = mails.split_at(mails.len().saturating_sub(MAILS));
    for some in earlier.chunks(MAILS) {
        let mut transaction = app.store.transaction();
        some.iter().try_for_each(|key| transaction.delete(key))?;
        if transaction.commit().await?.is_err() {
            return Ok(false);
        }
    }
    let tally = Tally { deleted: [("Interview".to_owned(), 1)].into(), ..Tally::default() };
    let writes = |transaction: &mut Transaction<'_>| {
        StoredInterview::remove(&head, transaction)?;
        // Mails that wait, or could not be sent, name the employee.
        for key in last {
            transaction.delete(key)?;
        }
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
    work.runs.add(app, tenant, &tally, writes).await
}
