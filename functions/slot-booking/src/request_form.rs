//! The request form of an interview (row C7): what a contact writes and attaches, at once or later.

use lambda_http::{Error, http::StatusCode};

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
        audit::{Audit, Object},
        interview::{self, StoredInterview},
        request_form::{Deletion, StoredForm},
    },
};

use crate::{Asking, Known, became::Not, sent_form::SentForm, ulid};

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
pub fn shown(asking: Asking<'_>, known: &Known, interview: &Interview) -> Result<ShownForm, Error> {
    let stored = stored(asking, known, interview.head().id)?;
    let is_kept = asking.now < kept_until(interview);
    let form = if is_kept { stored.open(asking.installation)? } else { RequestForm::default() };
    Ok(ShownForm { form, version: stored.version(), file: RequestFileId::new(ulid()), back: Back::default() })
}

/// The form of an interview, which was read with what is `known`.
pub fn stored(asking: Asking<'_>, known: &Known, id: InterviewId) -> Result<StoredForm, Error> {
    let item = known.fetched.item(&Key::request_form(asking.tenant(), id));
    Ok(StoredForm::of(asking.tenant(), id, item)?)
}

/// Why a form was not saved.
pub enum Unsaved {
    /// It is not theirs to change.
    Not(Not),
    /// What is to be mended, with the status of the page that says so.
    Refused(StatusCode, Vec<Phrase>),
}

/// Saves what was sent: text, a file that is added, one that is removed, all of it or nothing.
pub async fn save(asking: Asking<'_>, id: InterviewId, sent: &SentForm, change: Change<'_>) -> Result<Result<(), Unsaved>, Error> {
    let mut is_put = false;
    for _ in 0..TRIES {
        let keys = vec![Key::interview(asking.tenant(), id), Key::request_form(asking.tenant(), id)];
        let known = match asking.known(keys).await? {
            Ok(known) => known,
            Err(not) => return Ok(Err(Unsaved::Not(not))),
        };
        let there = known.fetched.item(&Key::interview(asking.tenant(), id)).cloned();
        let Some(interview) = there.map(StoredInterview::from_item).transpose()? else {
            return Ok(Err(Unsaved::Not(Not::There)));
        };
        let step = Step { asking, known: &known, interview: interview.seen_at(asking.now), stored: stored(asking, &known, id)? };
        match step.take(sent, change, &mut is_put).await? {
            Took::Saved => return Ok(Ok(())),
            Took::Again => {}
            Took::Refused(status, words) => return Ok(Err(Unsaved::Refused(status, words))),
        }
    }
    Ok(Err(Unsaved::Refused(StatusCode::CONFLICT, vec![Phrase::BookingBusy])))
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
        let before = self.stored.open(self.asking.installation)?;
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
            deletion.queue_unless_named(&mut transaction, self.asking.installation, self.asking.now)?;
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
        let removed = before.files.iter().find(|file| after.files.iter().all(|there| there.id != file.id));
        let mut transaction = app.store.transaction();
        self.stored.replace(&mut transaction, after, &self.interview, self.asking.installation, now)?;
        interview::unchanged(&mut transaction, head)?;
        if let Some(added) = added {
            self.deletion(added).take_back(&mut transaction, self.asking.installation)?;
        }
        if let Some(removed) = removed {
            self.deletion(removed).queue(&mut transaction, self.asking.installation, now)?;
        }
        self.remind(&mut transaction, before, after)?;
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
    fn remind(&self, transaction: &mut Transaction<'_>, before: &RequestForm, after: &RequestForm) -> Result<(), Error> {
        let (asking, head) = (self.asking, self.interview.head());
        match reminding(before, after, &self.interview, &self.known.calendar(), asking.now)? {
            Reminding::AsBefore => {}
            Reminding::TakenBack => interview::forget(transaction, head, Kind::RequestForm)?,
            Reminding::Asked(due) => {
                let link = format!("{}/interviews/{}", asking.app.site.as_str().trim_end_matches('/'), head.id);
                let (tenant, contact) = (&self.known.tenant, &self.known.contact);
                let mail = ToContact { tenant, contact: &contact.name, mail: &contact.mail, link: &link }.request_form(head);
                let mails = [(Kind::RequestForm, mail, Some(due))];
                interview::queue(transaction, &self.interview, &mails, asking.installation, asking.now)?;
            }
        }
        Ok(())
    }

    fn deletion(&self, file: &Attached) -> Deletion {
        Deletion { tenant: self.asking.tenant(), interview: self.interview.head().id, file: Some(file.id) }
    }
}
