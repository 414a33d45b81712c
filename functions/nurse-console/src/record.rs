//! What a nurse does to an interview: approving it (row C5), calling it off, and recording how it went (row C8). Each is one transaction
//! under the version that is there, behind the ledger that it was decided by.

use chrono::{DateTime, Utc};
use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    calendar::{BusinessCalendar, Holidays},
    id::{InterviewId, NurseId, TenantId},
    interview::{
        allowance::Unit,
        mail::{
            Organizer,
            post::{Happened, Post},
        },
        month::Month,
        state::{InCharge, Interview, Next, Refusal, Went},
    },
    personal::MailAddress,
    phrase::Phrase,
    tenant::Tenant,
};
use store::{
    Key, Transaction, Wanted,
    entity::{
        audit::{Audit, Object},
        cell,
        contact::Contact,
        interview::{self, StoredInterview, forget_later_mails},
        nurse::Nurse,
        request_form::StoredForm,
        roster as rows,
        settings::Settings,
        tenant,
    },
};

use crate::{Asking, form::Fields, interviews::page, page::Told, queue};

/// So often an act is tried again behind something else that happened to the company's interviews.
const TRIES: u8 = 16;

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Approve,
    Decline,
    CallOff,
    Record(Went),
    Correct(Went),
}

impl Act {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "approve" => Self::Approve,
            "decline" => Self::Decline,
            "call-off" => Self::CallOff,
            code => match code.strip_prefix("correct-") {
                Some(code) => Self::Correct(went(code)?),
                None => Self::Record(went(code)?),
            },
        })
    }

    /// What the audit log calls it.
    const fn audited(self) -> &'static str {
        match self {
            Self::Approve => "ApproveInterview",
            Self::Decline => "DeclineInterview",
            Self::CallOff => "CallOffInterview",
            Self::Record(_) => "RecordInterview",
            Self::Correct(_) => "CorrectInterview",
        }
    }

    /// What the page says when it is done.
    const fn sent(self) -> &'static str {
        match self {
            Self::CallOff => "called-off",
            Self::Correct(_) => "corrected",
            Self::Approve | Self::Decline | Self::Record(_) => "1",
        }
    }

    /// What becomes of the interview. `cover` is what the ledger says of its month.
    fn on(
        self,
        there: Interview,
        by: NurseId,
        tenant: &Tenant,
        cover: Option<Unit>,
        now: DateTime<Utc>,
    ) -> Result<Next<Interview>, Refusal> {
        match self {
            Self::Approve => there.awaiting_approval()?.approve(InCharge::check(by, tenant.in_charge)?, cover, now).map(Into::into),
            Self::Decline => there.awaiting_approval()?.decline(InCharge::check(by, tenant.in_charge)?, now).map(Into::into),
            Self::CallOff => there.confirmed()?.call_off(by, tenant.in_charge, now).map(Into::into),
            Self::Record(went) => there.confirmed()?.record(by, went, now).map(Into::into),
            Self::Correct(went) => there.ended()?.correct(by, went, now).map(Into::into),
        }
    }
}

fn went(code: &str) -> Option<Went> {
    match code {
        "held" => Some(Went::Held { continuing: false }),
        "continue" => Some(Went::Held { continuing: true }),
        "no-show" => Some(Went::NoShow),
        _ => None,
    }
}

/// Approves, declines, calls off, records how it went, or corrects that.
pub async fn record(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let refuse = |why, status| async move { page(asking, Some(&Told::Words(vec![why])), status).await };
    let (Some(nurse), _) = queue::nurse_and_settings(asking.app, asking.nurse).await? else { return asking.no_staff().await };
    let Ok(by) = nurse.id.parse::<NurseId>() else { return asking.no_staff().await };
    let tenant: Option<TenantId> = fields.get("tenant").and_then(|tenant| tenant.parse().ok());
    let interview: Option<InterviewId> = fields.get("interview").and_then(|interview| interview.parse().ok());
    let (Some(tenant), Some(interview)) = (tenant, interview) else { return asking.missing().await };
    let Some(act) = fields.get("act").and_then(Act::of) else { return refuse(Phrase::DeskBadForm, StatusCode::BAD_REQUEST).await };
    if act == Act::CallOff && fields.get("confirmed").is_none() {
        return refuse(Phrase::DeskCallOffUnconfirmed, StatusCode::BAD_REQUEST).await;
    }
    let seen: Option<u64> = fields.get("version").and_then(|version| version.parse().ok());
    for _ in 0..TRIES {
        let now = asking.app.clock.now();
        let key = Key::interview(tenant, interview);
        let fetched = asking.app.store.fetch(&Wanted { items: vec![key.clone(), Key::tenant(tenant)], data_keys: Vec::new() }).await?;
        let (Some(there), Some(of)) = (fetched.item(&key).cloned(), fetched.item(&Key::tenant(tenant)).cloned()) else {
            return asking.missing().await;
        };
        let (there, of) = (StoredInterview::from_item(there)?.seen_at(now), tenant::from_item(of)?);
        let (before, happened) = (there.head().clone(), happens_to(&there));
        // It may have been moved to a time of which the nurse knows nothing.
        if seen.is_some_and(|seen| seen != before.version) {
            return refuse(Phrase::DeskInterviewStale, StatusCode::CONFLICT).await;
        }
        let ledger = asking.app.store.ledger_of_interviews(tenant, &of.allowance).await?;
        let next = match act.on(there, by, &of, ledger.ledger.cover(Month::of(before.slot.day())), now) {
            Ok(next) => next,
            Err(why) => return refuse(why.phrase(), StatusCode::CONFLICT).await,
        };
        let mut transaction = asking.app.store.transaction();
        cell::free(&mut transaction, &next.freed, interview)?;
        StoredInterview::put(&next.state, &mut transaction)?;
        ledger.append(&mut transaction, tenant, next.event)?;
        forget_later_mails(&mut transaction, &before)?;
        mails(asking, (&of, &nurse), (&next.state, happened), &mut transaction, now).await?;
        let object = Object { tenant: Some(tenant), ..Object::default() };
        Audit { act: act.audited().to_owned(), object, ..asking.audit.clone() }.put(&mut transaction)?;
        if transaction.commit().await?.is_ok() {
            return web::answer::redirect(&format!("{}/interviews?sent={}", asking.app.base(), act.sent()));
        }
    }
    refuse(Phrase::BookingBusy, StatusCode::CONFLICT).await
}

const fn happens_to(there: &Interview) -> Happened {
    match there {
        Interview::Ended(ended) => Happened::Corrected { was_told: ended.continuing_told },
        Interview::AwaitingApproval(_) | Interview::Confirmed(_) => Happened::ByNurse,
    }
}

/// Queues what people are told of it.
async fn mails(
    asking: Asking<'_>,
    (of, by): (&Tenant, &Nurse),
    (after, happened): (&Interview, Happened),
    transaction: &mut Transaction<'_>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (app, head) = (asking.app, after.head());
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
    let contact = match contact {
        Some(contact) => Some(app.store.reachable_or_next(of.id, contact, &installation).await?),
        None => None,
    };
    let settings = Settings::from_item(fetched.item(&Key::settings()))?;
    let form = StoredForm::of(of.id, head.id, fetched.item(&form))?;
    form.follow(transaction, after, &installation, now)?;
    // Nobody is left to write about.
    let Some(employee) = employee else { return Ok(()) };
    // Whoever was to hold it may have left the staff, which can be why it is called off.
    let nurse = nurse.as_ref().unwrap_or(by);
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
    let mails = post.mails(after, happened, &calendar, now)?;
    Ok(interview::queue(transaction, after, &mails, &installation, now)?)
}
