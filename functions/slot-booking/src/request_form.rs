//! The request form of an interview (row C7): what a contact writes and attaches, at once or later.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    id::{InterviewId, RequestFileId},
    interview::{
        mail::{ToContact, post::Kind},
        request_form::{Attached, Change, NotTaken, Reminding, RequestForm, kept_until, reminding},
        state::Interview,
    },
    phrase::Phrase,
};
use store::{
    Guard, Key, Transaction,
    entity::{
        audit::{Audit, Object, Outcome},
        interview::{self, StoredInterview},
        request_form::{Deletion, StoredForm},
    },
};

use crate::{Asking, Known, not_found, read, sent_form::SentForm, ulid};

/// So often a change is tried again behind one of the interview.
const TRIES: u8 = 8;

/// What the page of an interview shows of its form.
pub struct ShownForm {
    /// What was submitted.
    pub form: RequestForm,
    /// The version that is shown.
    pub version: u64,
    /// The id of the file that may be added.
    pub file: RequestFileId,
    /// What was typed and could not be saved, with the reasons.
    pub back: Back,
}

/// What comes back to who typed it.
#[derive(Default)]
pub struct Back {
    /// Why nothing was saved.
    pub words: Vec<Phrase>,
    /// Reason and wishes as typed.
    pub typed: Option<String>,
}

/// The form as the page of `interview` shows it; what is past its month is shown no more.
pub async fn shown(asking: Asking<'_>, known: &Known, interview: &Interview, back: Back) -> Result<ShownForm, Error> {
    let stored = stored(asking, known, interview.head().id)?;
    let form = if asking.now < kept_until(interview) {
        stored.open(&*asking.app.parameters.installation().await?)?
    } else {
        RequestForm::default()
    };
    Ok(ShownForm { form, version: stored.version(), file: RequestFileId::new(ulid()), back })
}

/// The form of an interview, which was read with what is `known`.
pub fn stored(asking: Asking<'_>, known: &Known, id: InterviewId) -> Result<StoredForm, Error> {
    let item = known.fetched.item(&Key::request_form(asking.tenant(), id));
    Ok(StoredForm::of(asking.tenant(), id, item)?)
}

/// Saves what was sent: text, a file that is added, one that is removed, all of it or nothing.
pub async fn save(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let Some(id) = asking.asked.interview else { return not_found() };
    let sent = SentForm::of(asking.request).await;
    let allowed = sent.as_ref().filter(|sent| asking.session.allows(asking.request, sent.get("csrf")));
    let Some((sent, change)) = allowed.and_then(|sent| Some((sent, sent.change()?))) else {
        asking.audit(Outcome::Forbidden).await?;
        return crate::notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::DeskBadForm);
    };
    let mut is_put = false;
    for _ in 0..TRIES {
        let keys = vec![Key::interview(asking.tenant(), id), Key::request_form(asking.tenant(), id)];
        let known = match asking.known(keys).await? {
            Ok(known) => known,
            Err(answer) => return Ok(answer),
        };
        let there = known.fetched.item(&Key::interview(asking.tenant(), id)).cloned();
        let Some(interview) = there.map(StoredInterview::from_item).transpose()? else {
            asking.audit(Outcome::Missing).await?;
            return not_found();
        };
        let step = Step { asking, known: &known, interview: interview.seen_at(asking.now), stored: stored(asking, &known, id)? };
        match step.take(sent, change, &mut is_put).await? {
            Took::Saved => return web::answer::redirect(&format!("{}/interviews/{id}?sent=request", asking.app.base())),
            Took::Again => {}
            Took::Refused(status, words) => return refused(asking, sent, status, words).await,
        }
    }
    refused(asking, sent, StatusCode::CONFLICT, vec![Phrase::BookingBusy]).await
}

/// The page of the interview with the reasons and with what was typed.
async fn refused(asking: Asking<'_>, sent: &SentForm, status: StatusCode, words: Vec<Phrase>) -> Result<Response<Body>, Error> {
    let back = Back { words, typed: sent.get("reason").map(str::to_owned) };
    read::interview_after(asking, Some(Phrase::BookingRequestNotSaved), status, back).await
}

/// What came of one try.
enum Took {
    Saved,
    Again,
    Refused(StatusCode, Vec<Phrase>),
}

/// One try, by what was read for it.
struct Step<'a> {
    asking: Asking<'a>,
    known: &'a Known,
    interview: Interview,
    stored: StoredForm,
}

impl Step<'_> {
    async fn take(&self, sent: &SentForm, change: Change<'_>, is_put: &mut bool) -> Result<Took, Error> {
        let installation = self.asking.app.parameters.installation().await?;
        let before = self.stored.open(&installation)?;
        let after = match before.changed(change, &self.interview, self.asking.now) {
            Ok(after) => after,
            Err(why) => {
                return Ok(Took::Refused(StatusCode::BAD_REQUEST, why.into_iter().map(NotTaken::phrase).collect()));
            }
        };
        // The same form may have done its work before.
        if after == before {
            return Ok(Took::Saved);
        }
        if sent.version() != Some(self.stored.version()) {
            return Ok(Took::Refused(StatusCode::CONFLICT, vec![Phrase::BookingRequestStale]));
        }
        let added = after.files.iter().find(|file| !self.stored.names(file.id));
        if let (Some(added), Some(content), false) = (added, sent.content(), *is_put) {
            let deletion = self.deletion(added);
            let mut transaction = self.asking.app.store.transaction();
            deletion.queue_unless_named(&mut transaction, &installation, self.asking.now)?;
            // The same form is under way, or was cut short: its file goes, and can be sent anew by a new one.
            if transaction.commit().await?.is_err() {
                return Ok(Took::Refused(StatusCode::CONFLICT, vec![Phrase::BookingBusy]));
            }
            self.asking.app.documents.put(&deletion.objects(), content, added.kind).await?;
            *is_put = true;
        }
        self.write(&before, &after, added).await
    }

    async fn write(&self, before: &RequestForm, after: &RequestForm, added: Option<&Attached>) -> Result<Took, Error> {
        let (app, now, head) = (self.asking.app, self.asking.now, self.interview.head());
        let installation = app.parameters.installation().await?;
        let removed = before.files.iter().find(|file| after.files.iter().all(|there| there.id != file.id));
        let mut transaction = app.store.transaction();
        self.stored.replace(&mut transaction, after, &self.interview, &installation, now)?;
        interview::unchanged(&mut transaction, head)?;
        if let Some(added) = added {
            self.deletion(added).take_back(&mut transaction, &installation)?;
        }
        if let Some(removed) = removed {
            self.deletion(removed).queue(&mut transaction, &installation, now)?;
        }
        self.remind(&mut transaction, before, after).await?;
        let object = Object {
            tenant: Some(self.asking.tenant()),
            interview: Some(head.id),
            file: added.or(removed).map(|file| file.id),
            ..Object::default()
        };
        Audit { object, ..self.asking.audit.clone() }.put(&mut transaction)?;
        Ok(match transaction.commit().await? {
            Ok(()) => Took::Saved,
            // So slow that the file was deleted again.
            Err(cancelled) if cancelled.by(Guard::Held) => Took::Refused(StatusCode::CONFLICT, vec![Phrase::BookingBusy]),
            Err(_) => Took::Again,
        })
    }

    /// Who has submitted the form is not reminded of it; who took all of it back is, while there is time. Who did that is written
    /// to, whoever booked the interview.
    async fn remind(&self, transaction: &mut Transaction<'_>, before: &RequestForm, after: &RequestForm) -> Result<(), Error> {
        let (asking, head) = (self.asking, self.interview.head());
        match reminding(before, after, &self.interview, &self.known.calendar(), asking.now)? {
            Reminding::AsBefore => {}
            Reminding::TakenBack => interview::forget(transaction, head, Kind::RequestForm)?,
            Reminding::Asked(due) => {
                let link = format!("{}/interviews/{}", asking.app.site.as_str().trim_end_matches('/'), head.id);
                let (tenant, contact) = (&self.known.tenant, &self.known.contact);
                let mail = ToContact { tenant, contact: &contact.name, mail: &contact.mail, link: &link }.request_form(head);
                let installation = asking.app.parameters.installation().await?;
                let mails = [(Kind::RequestForm, mail, Some(due))];
                interview::queue(transaction, &self.interview, &mails, &installation, asking.now)?;
            }
        }
        Ok(())
    }

    fn deletion(&self, file: &Attached) -> Deletion {
        Deletion { tenant: self.asking.tenant(), interview: self.interview.head().id, file: Some(file.id) }
    }
}
