//! The mails about an interview, queued with the change that they tell of.

use lambda_http::Error;

use domain::{
    interview::{
        mail::{
            Organizer,
            post::{Happened, Post},
        },
        state::Interview,
    },
    personal::{MailAddress, PersonName},
};
use store::{
    Key, Transaction, Wanted,
    entity::{interview, nurse::Nurse, roster as rows},
};

use crate::{Asking, Known};

/// Queues what people are told of `interview` after `happened`; the contact is reminded of a request form that is missing.
pub async fn queue(
    asking: Asking<'_>,
    known: &Known,
    transaction: &mut Transaction<'_>,
    interview: &Interview,
    happened: Happened,
    (employee, nurse): (&PersonName, &PersonName),
    form_is_missing: bool,
) -> Result<(), Error> {
    let in_charge = match (interview, known.tenant.in_charge) {
        (Interview::AwaitingApproval(_), Some(nurse)) => {
            let key = Key::nurse(&nurse.to_string());
            let fetched = asking.app.store.fetch(&Wanted { items: vec![key.clone()], data_keys: Vec::new() }).await?;
            fetched.item(&key).cloned().map(Nurse::from_item).transpose()?.map(|nurse| nurse.mail)
        }
        (Interview::AwaitingApproval(_) | Interview::Confirmed(_) | Interview::Ended(_), _) => None,
    };
    let app = asking.app;
    let (site, desk) = (app.site.as_str().trim_end_matches('/'), app.console.as_str().trim_end_matches('/'));
    let links = (format!("{site}/interviews/{}", interview.head().id), format!("{desk}/interviews"));
    let from = MailAddress::parse(&app.mail_from)?;
    let domain = from.expose().rsplit('@').next().unwrap_or_default();
    let post = Post {
        tenant: &known.tenant,
        employee,
        nurse,
        contact: Some((&known.contact.name, &known.contact.mail)),
        in_charge: in_charge.as_ref(),
        meeting: known.settings.meeting.as_ref(),
        organizer: Organizer { mail: &from, domain },
        links: (&links.0, &links.1),
        form_is_missing,
    };
    let mails = post.mails(interview, happened, &known.calendar(), asking.now)?;
    Ok(interview::queue(transaction, interview, &mails, asking.installation, asking.now)?)
}

/// How employee and nurse are called: by the roster and the list of staff. Of who is on neither any more the contact is written to
/// by their own name.
pub async fn names(asking: Asking<'_>, known: &Known, interview: &Interview) -> Result<(PersonName, PersonName), Error> {
    let head = interview.head();
    let row = Key::roster_row(asking.tenant(), &asking.installation.number(asking.tenant(), &head.number));
    let nurse = Key::nurse(&head.slot.nurse().to_string());
    let fetched = asking.app.store.fetch(&Wanted { items: vec![row.clone(), nurse.clone()], data_keys: Vec::new() }).await?;
    let row = fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let employee = row.and_then(|row| row.employments.into_iter().find(|there| there.id == head.employment)).map(|there| there.name);
    let nurse = fetched.item(&nurse).cloned().map(Nurse::from_item).transpose()?.map(|nurse| nurse.name);
    let contact = || known.contact.name.clone();
    Ok((employee.unwrap_or_else(contact), nurse.unwrap_or_else(contact)))
}
