//! What is done.

use std::collections::BTreeSet;

use lambda_http::{Body, Error, Response, http::StatusCode};
use serde::Deserialize;
use serde_json::json;
use web::{answer, form::field};

use domain::{
    id::{ImportId, UploadId},
    mail::Mail,
    personal::MailAddress,
    phrase::Phrase,
    roster_file::Kind,
    roster_upload::may_upload,
    text::Text,
};
use store::{
    Installation, Key, StoreError, Transaction,
    entity::{
        audit::Outcome,
        delivery::{Answered, Delivery, Party, Verdict},
        outbox::NewItem,
    },
};

use crate::{Asking, LANGUAGE, fresh, not_found, notice, page::Told, read, route::Name};

/// No request is longer.
const LONGEST_REQUEST: usize = 1024;

/// Answers a POST.
pub async fn act(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    if !asking.session.allows(asking.request, field(asking.request, "csrf").as_deref()) {
        asking.audit(Outcome::Forbidden).await?;
        return notice(StatusCode::FORBIDDEN, Phrase::ContactsForbiddenTitle, Phrase::ContactsBadForm);
    }
    match asking.asked.route.name {
        Name::Upload => upload(asking).await,
        Name::Confirm if field(asking.request, "confirmed").is_none() => {
            let told = Told::ToMend(Phrase::RosterConfirmNeedsCheck);
            read::delivery(asking, Some(told), StatusCode::BAD_REQUEST).await
        }
        Name::Confirm => say(asking, Verdict::Confirms).await,
        Name::Withdraw => say(asking, Verdict::Refuses).await,
        Name::Home
        | Name::Sent
        | Name::Deliveries
        | Name::Delivery
        | Name::Findings
        | Name::Leavers
        | Name::MonthlyTemplate
        | Name::FullTemplate
        | Name::Reports
        | Name::Report => not_found(),
    }
}

/// What the page's script asks for. The name of the file is not in it.
#[derive(Deserialize)]
struct Asked {
    kind: Kind,
    bytes: u64,
    ending: String,
}

/// Permits one upload, and says where the page that tells of it is.
async fn upload(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let body: &[u8] = asking.request.body();
    let asked = (body.len() <= LONGEST_REQUEST).then(|| serde_json::from_slice::<Asked>(body).ok()).flatten();
    let Some(Asked { kind, bytes, ending }) = asked else {
        asking.audit(Outcome::Refused).await?;
        return answer::json(StatusCode::BAD_REQUEST, &json!({ "error": "failed" }));
    };
    if let Err(why) = may_upload(bytes, &ending) {
        asking.audit(Outcome::Refused).await?;
        return answer::json(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "error": why }));
    }
    let id = UploadId::new(fresh::ulid());
    let permit = asking.app.files.upload_permit(asking.tenant.id, kind, id, bytes).await?;
    asking.audit(Outcome::Done).await?;
    let headers: serde_json::Map<_, _> = permit.headers.into_iter().map(|(name, value)| (name, json!(value))).collect();
    let page = format!("{}/uploads/{id}", asking.app.base());
    answer::json(StatusCode::OK, &json!({ "url": permit.url, "headers": headers, "page": page }))
}

/// Says something about a delivery that waits. Said twice, by one contact or by two, it is said once.
async fn say(asking: Asking<'_>, verdict: Verdict) -> Result<Response<Body>, Error> {
    let (app, tenant, Some(import)) = (asking.app, asking.tenant, asking.asked.import) else { return asking.missing().await };
    let (installation, settings) = tokio::try_join!(app.parameters.installation(), app.store.settings())?;
    let operators: BTreeSet<MailAddress> = settings.operators.into_iter().collect();
    let now = app.clock.now();
    let also = |transaction: &mut Transaction<'_>, delivery: &Delivery| -> Result<(), StoreError> {
        asking.audit.put(transaction)?;
        if verdict == Verdict::Confirms && delivery.operator_confirmed_at.is_none() {
            for to in &operators {
                mail(&installation, &tenant.name, delivery, to)?.pending(now).put(transaction)?;
            }
        }
        Ok(())
    };
    match app.store.answer_delivery(tenant.id, import, (Party::Contact, verdict), now, also).await? {
        Answered::Now(_) | Answered::Before(_) => {
            let said = if verdict == Verdict::Confirms { "confirm" } else { "withdraw" };
            answer::redirect(&format!("{}/deliveries/{import}?sent={said}", app.base()))
        }
        Answered::NotWaiting => read::delivery(asking, Some(Told::ToMend(Phrase::RosterNotAsked)), StatusCode::CONFLICT).await,
    }
}

/// Tells an operator that it is their turn.
fn mail(installation: &Installation, tenant: &str, delivery: &Delivery, to: &MailAddress) -> Result<NewItem, StoreError> {
    let import: ImportId = delivery.import;
    let (until, left) = (delivery.waits_until(), delivery.leavers);
    let body = Text::OperatorConfirmedBody { tenant: tenant.to_owned(), import: import.to_string(), left, until };
    let mail = Mail::new(to.clone(), LANGUAGE.say(&Text::OperatorConfirmedSubject), LANGUAGE.say(&body));
    let id = installation.outbox_id(&["roster-confirmed", &import.to_string(), to.expose()]);
    NewItem::mail(Key::outbox_of_operator(id), id, &mail, installation)
}
