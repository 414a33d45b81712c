//! The request forms of interviews (row C7): who holds the interview and who is in charge of its company read them, psychologists
//! too. What psychologists do not read are the documents of consultations (row B5), which a member sent for another purpose.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    id::NurseId,
    interview::{
        request_form::{RequestForm, kept_until, may_read},
        state::Interview,
    },
    phrase::Phrase,
};
use store::{
    Documents, Key, Wanted,
    entity::{audit::Outcome, interview::StoredInterview, nurse::Nurse, request_form::StoredForm, tenant},
};

use crate::{Asking, answer};

/// What was submitted with each of `interviews`, 100 at most, in one call; what is past its month reads as not submitted.
pub async fn of(asking: Asking<'_>, interviews: &[Interview]) -> Result<Vec<RequestForm>, Error> {
    let key = |interview: &Interview| Key::request_form(interview.head().tenant(), interview.head().id);
    if interviews.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = Wanted { items: interviews.iter().map(key).collect(), data_keys: Vec::new() };
    let fetched = asking.app.store.fetch(&wanted).await?;
    let (installation, now) = (asking.app.parameters.installation().await?, asking.app.clock.now());
    let mut forms = Vec::with_capacity(interviews.len());
    for interview in interviews {
        let there = fetched.item(&key(interview)).filter(|_| now < kept_until(interview));
        forms.push(StoredForm::of(interview.head().tenant(), interview.head().id, there)?.open(&installation)?);
    }
    Ok(forms)
}

/// Leads to a file for a minute, or until the very instant at which its month is over.
pub async fn file(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (Some(of), Some(id), Some(file)) = (asking.asked.tenant, asking.asked.interview, asking.asked.file) else {
        return asking.missing().await;
    };
    let (interview, form, nurse) = (Key::interview(of, id), Key::request_form(of, id), Key::nurse(asking.nurse));
    let items = vec![interview.clone(), form.clone(), nurse.clone(), Key::tenant(of)];
    let fetched = asking.app.store.fetch(&Wanted { items, data_keys: Vec::new() }).await?;
    let nurse = fetched.item(&nurse).cloned().map(Nurse::from_item).transpose()?.and_then(|nurse| nurse.id.parse::<NurseId>().ok());
    let Some(nurse) = nurse else { return asking.no_staff().await };
    let (Some(interview), Some(of)) = (fetched.item(&interview).cloned(), fetched.item(&Key::tenant(of)).cloned()) else {
        return asking.missing().await;
    };
    let (now, of) = (asking.app.clock.now(), tenant::from_item(of)?);
    let interview = StoredInterview::from_item(interview)?.seen_at(now);
    if !may_read(nurse, interview.head(), of.in_charge) {
        asking.audit(Outcome::Forbidden).await?;
        return answer::notice(StatusCode::FORBIDDEN, Phrase::DeskForbiddenTitle, Phrase::DeskRequestForbidden);
    }
    let form = StoredForm::of(of.id, id, fetched.item(&form))?.open(&*asking.app.parameters.installation().await?)?;
    let Some(there) = form.files.into_iter().find(|there| there.id == file) else { return asking.missing().await };
    let object = Documents::request_file(of.id, id, file);
    let link = asking.app.documents.view_link(&object, there.kind, Some(&there.name), kept_until(&interview), now).await?;
    let Some(link) = link else { return asking.missing().await };
    asking.audit(Outcome::Done).await?;
    web::answer::redirect(&link)
}
