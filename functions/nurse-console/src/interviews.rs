//! The nurse's interviews (row C8), and those of companies in their charge that await approval (row C5).

use std::collections::BTreeMap;

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    calendar::{BusinessCalendar, Holidays},
    id::{InterviewId, NurseId, TenantId},
    interview::{
        mail::{
            Organizer,
            post::{Happened, Post},
        },
        month::Month,
        request_form::RequestForm,
        state::{InCharge, Interview, Next, Refusal},
    },
    personal::{MailAddress, PersonName},
    phrase::Phrase,
    tenant::Tenant,
    time,
};
use store::{
    Key, StoreError, Transaction, Wanted,
    entity::{
        audit::{Audit, Object, Outcome},
        cell,
        contact::Contact,
        interview::{self, StoredInterview, forget_reminder},
        nurse::Nurse,
        request_form::StoredForm,
        roster as rows,
        settings::Settings,
        tenant,
    },
};

use crate::{
    Asking,
    form::Fields,
    page::{self, Place, Told},
    queue, read, request_form,
};

/// So many are listed, the earliest first.
const LISTED: i32 = 90;
/// So often an act is tried again behind something else that happened to the company's interviews.
const TRIES: u8 = 16;

/// An interview with what stands elsewhere.
pub struct Shown {
    /// The interview as it is now.
    pub interview: Interview,
    /// The company.
    pub tenant: String,
    /// The employee's name by the roster.
    pub employee: Option<PersonName>,
    /// What the company submitted.
    pub form: RequestForm,
}

/// What the page shows.
pub struct Seen {
    /// Those of companies in the nurse's charge that await approval.
    pub awaiting: Vec<Shown>,
    /// The nurse's own that are not over, the earliest first.
    pub own: Vec<Shown>,
}

/// The nurse's interviews.
pub async fn show(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let told = read::parameter(asking, "sent").map(|_| Told::Done(Phrase::DeskDone));
    page(asking, told.as_ref(), StatusCode::OK).await
}

async fn page(asking: Asking<'_>, told: Option<&Told>, status: StatusCode) -> Result<Response<Body>, Error> {
    let (nurse, _) = queue::nurse_and_settings(asking.app, asking.nurse).await?;
    let Some(id) = nurse.and_then(|nurse: Nurse| nurse.id.parse::<NurseId>().ok()) else { return asking.no_staff().await };
    let seen = seen(asking, id).await?;
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let desk = asking.desk();
    let main = page::interviews(&desk, &seen, told, asking.app.clock.now());
    desk.frame(Phrase::DeskInterviews, Place::Interviews, &[], &main, |page| web::answer::page(status, page))
}

async fn seen(asking: Asking<'_>, nurse: NurseId) -> Result<Seen, Error> {
    let (app, now) = (asking.app, asking.app.clock.now());
    let last = time::jst_date(now).checked_add_days(chrono::Days::new(domain::interview::hours::DAYS_AHEAD)).unwrap_or_default();
    let (keys, tenants) = tokio::try_join!(app.store.interviews_of_nurse(nurse, last, LISTED), tenants(asking))?;
    let fetched = app.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
    let own = keys.iter().filter_map(|key| fetched.item(key).cloned()).map(StoredInterview::from_item);
    let own: Vec<Interview> = own.collect::<Result<_, StoreError>>()?;
    let own = own.into_iter().map(|interview| interview.seen_at(now)).filter(|interview| matches!(interview, Interview::Confirmed(_)));
    let mut awaiting = Vec::new();
    for tenant in tenants.values().filter(|tenant| tenant.in_charge == Some(nurse)) {
        let all = app.store.interviews(tenant.id).await?.into_iter().map(|interview| interview.seen_at(now));
        awaiting.extend(all.filter(|interview| matches!(interview, Interview::AwaitingApproval(_))));
    }
    awaiting.sort_by_key(|interview| interview.head().slot);
    Ok(Seen { own: with_names(asking, own.collect(), &tenants).await?, awaiting: with_names(asking, awaiting, &tenants).await? })
}

async fn tenants(asking: Asking<'_>) -> Result<BTreeMap<TenantId, Tenant>, StoreError> {
    let mut tenants = BTreeMap::new();
    for some in asking.app.store.tenants().await?.chunks(100) {
        let keys: Vec<Key> = some.iter().map(|id| Key::tenant(*id)).collect();
        let fetched = asking.app.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
        for item in keys.iter().filter_map(|key| fetched.item(key)) {
            let tenant = tenant::from_item(item.clone())?;
            tenants.insert(tenant.id, tenant);
        }
    }
    Ok(tenants)
}

async fn with_names(asking: Asking<'_>, interviews: Vec<Interview>, tenants: &BTreeMap<TenantId, Tenant>) -> Result<Vec<Shown>, Error> {
    let installation = asking.app.parameters.installation().await?;
    let mut shown = Vec::with_capacity(interviews.len());
    for some in interviews.chunks(100) {
        let key = |interview: &Interview| {
            let head = interview.head();
            Key::roster_row(head.tenant(), &installation.number(head.tenant(), &head.number))
        };
        let forms = request_form::of(asking, some).await?;
        let mut keys: Vec<Key> = some.iter().map(key).collect();
        keys.sort();
        keys.dedup();
        let fetched = asking.app.store.fetch(&Wanted { items: keys, data_keys: Vec::new() }).await?;
        for (interview, form) in some.iter().zip(forms) {
            let row = fetched.item(&key(interview)).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
            let of = |employment| row.as_ref()?.employments.iter().find(|there| there.id == employment).map(|there| there.name.clone());
            shown.push(Shown {
                employee: of(interview.head().employment),
                tenant: tenants.get(&interview.head().tenant()).map(|tenant| tenant.name.clone()).unwrap_or_default(),
                interview: interview.clone(),
                form,
            });
        }
    }
    Ok(shown)
}

/// Approves, declines, or records how it went.
pub async fn record(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let (nurse, _) = queue::nurse_and_settings(asking.app, asking.nurse).await?;
    let Some(nurse) = nurse.and_then(|nurse| nurse.id.parse::<NurseId>().ok()) else { return asking.no_staff().await };
    let tenant: Option<TenantId> = fields.get("tenant").and_then(|tenant| tenant.parse().ok());
    let interview: Option<InterviewId> = fields.get("interview").and_then(|interview| interview.parse().ok());
    let (Some(tenant), Some(interview)) = (tenant, interview) else { return asking.missing().await };
    for _ in 0..TRIES {
        let key = Key::interview(tenant, interview);
        let fetched = asking.app.store.fetch(&Wanted { items: vec![key.clone(), Key::tenant(tenant)], data_keys: Vec::new() }).await?;
        let (Some(there), Some(of)) = (fetched.item(&key).cloned(), fetched.item(&Key::tenant(tenant)).cloned()) else {
            return asking.missing().await;
        };
        let (there, of) = (StoredInterview::from_item(there)?.seen_at(asking.app.clock.now()), tenant::from_item(of)?);
        let ledger = asking.app.store.ledger_of_interviews(tenant, &of.allowance).await?;
        let there_head = there.head().clone();
        let month = Month::of(there_head.slot.day());
        let next = match after(asking, there, fields.get("act").unwrap_or_default(), nurse, &of, ledger.ledger.cover(month)) {
            Ok(next) => next,
            Err(why) => return page(asking, Some(&Told::Words(vec![why.phrase()])), StatusCode::CONFLICT).await,
        };
        let before = there_head;
        let mut transaction = asking.app.store.transaction();
        cell::free(&mut transaction, &next.freed, interview)?;
        StoredInterview::put(&next.state, &mut transaction)?;
        ledger.append(&mut transaction, tenant, next.event)?;
        forget_reminder(&mut transaction, &before)?;
        mails(asking, &of, &next.state, &mut transaction).await?;
        Audit { object: Object { tenant: Some(tenant), ..Object::default() }, ..asking.audit.clone() }.put(&mut transaction)?;
        if transaction.commit().await?.is_ok() {
            return web::answer::redirect(&format!("{}/interviews?sent=1", asking.app.base()));
        }
    }
    page(asking, Some(&Told::Words(vec![Phrase::BookingBusy])), StatusCode::CONFLICT).await
}

fn after(
    asking: Asking<'_>,
    there: Interview,
    act: &str,
    nurse: NurseId,
    tenant: &Tenant,
    cover: Option<domain::interview::allowance::Unit>,
) -> Result<Next<Interview>, Refusal> {
    let now = asking.app.clock.now();
    let holds = |confirmed: domain::interview::state::Confirmed| {
        if confirmed.head.slot.nurse() == nurse { Ok(confirmed) } else { Err(Refusal::NotInCharge) }
    };
    match act {
        "approve" => there.awaiting_approval()?.approve(InCharge::check(nurse, tenant.in_charge)?, cover, now).map(Into::into),
        "decline" => there.awaiting_approval()?.decline(InCharge::check(nurse, tenant.in_charge)?, now).map(Into::into),
        "no-show" => holds(there.confirmed()?)?.no_show(now).map(Into::into),
        "held" => holds(there.confirmed()?)?.took_place(false, now).map(Into::into),
        "continue" => holds(there.confirmed()?)?.took_place(true, now).map(Into::into),
        _ => Err(Refusal::AwaitsNothing),
    }
}

/// Queues what people are told of it.
async fn mails(asking: Asking<'_>, of: &Tenant, after: &Interview, transaction: &mut Transaction<'_>) -> Result<(), Error> {
    let (app, head, now) = (asking.app, after.head(), asking.app.clock.now());
    let installation = app.parameters.installation().await?;
    let row = Key::roster_row(of.id, &installation.number(of.id, &head.number));
    let nurse = Key::nurse(&head.slot.nurse().to_string());
    let contact = Key::contact(of.id, &head.booked_by.contact.to_string());
    let form = Key::request_form(of.id, head.id);
    let items = vec![row.clone(), nurse.clone(), contact.clone(), form.clone(), Key::settings()];
    let fetched = app.store.fetch(&Wanted { items, data_keys: Vec::new() }).await?;
    let row = fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let employee = row.and_then(|row| row.employments.into_iter().find(|there| there.id == head.employment));
    let nurse = fetched.item(&nurse).cloned().map(Nurse::from_item).transpose()?;
    let contact = fetched.item(&contact).cloned().map(Contact::from_item).transpose()?;
    let settings = Settings::from_item(fetched.item(&Key::settings()))?;
    let form = StoredForm::of(of.id, head.id, fetched.item(&form))?;
    form.follow(transaction, after, &installation, now)?;
    // Nobody is left to write to, or about.
    let (Some(employee), Some(nurse)) = (employee, nurse) else { return Ok(()) };
    let from = MailAddress::parse(&app.mail_from)?;
    let domain = from.expose().rsplit('@').next().unwrap_or_default();
    let link = format!("{}/interviews/{}", app.booking.as_str().trim_end_matches('/'), head.id);
    let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: settings.hours, closures: settings.closures.clone() };
    let post = Post {
        tenant: of,
        employee: &employee.name,
        nurse: &nurse.name,
        contact: contact.as_ref().map(|contact| (&contact.name, &contact.mail)),
        in_charge: None,
        meeting: settings.meeting.as_ref(),
        organizer: Organizer { mail: &from, domain },
        links: (&link, ""),
        form_is_missing: form.is_missing(),
    };
    let mails = post.mails(after, Happened::ByNurse, &calendar, now)?;
    Ok(interview::queue(transaction, after, &mails, &installation, now)?)
}
