//! What may be added: a file of a kind and size that are kept, while the consultation has a place for it.

use serde::Deserialize;

use chrono::{DateTime, Utc};
use domain::{
    document::{NotTaken, may_upload},
    personal::DocumentName,
};
use store::{
    Documents, Guard, StoreError, Upload, data_key,
    entity::document::{Deletion, Document},
};

use crate::{
    App,
    admit::{Admission, Admitted, admit},
    fresh,
};

/// A name longer than that is cut; file systems end at 255.
const LONGEST_NAME: usize = 200;
/// No request is longer.
const LONGEST_REQUEST: usize = 8 * 1024;
/// So often it is tried where others write at the same time.
const TRIES: usize = 10;

/// What the page asks for.
#[derive(Deserialize)]
struct Asked {
    name: String,
    size: u64,
    #[serde(rename = "type", default)]
    media_type: String,
}

/// What it is answered.
pub enum Answer {
    Permitted(Upload),
    NotTaken(NotTaken),
    /// As [`Admission::Over`].
    Over,
    /// As [`Admission::Unknown`].
    Unknown,
    Malformed,
    Failure,
}

/// Answers a request for an upload.
pub async fn run(app: &App, link: &str, body: &[u8]) -> Result<Answer, StoreError> {
    let asked = (body.len() <= LONGEST_REQUEST).then(|| serde_json::from_slice::<Asked>(body).ok()).flatten();
    for _ in 0..TRIES {
        let now = app.clock.now();
        let admitted = match admit(app, link, now).await? {
            Admission::Admitted(admitted) => admitted,
            Admission::Over => return Ok(Answer::Over),
            Admission::Unknown => return Ok(Answer::Unknown),
        };
        let Some(asked) = &asked else { return Ok(Answer::Malformed) };
        if let Some(answer) = permit(app, &admitted, asked, now).await? {
            return Ok(answer);
        }
    }
    Err(StoreError::Contention)
}

/// Writes what is to be uploaded and permits it; `None` where something changed in between.
async fn permit(app: &App, admitted: &Admitted, asked: &Asked, now: DateTime<Utc>) -> Result<Option<Answer>, StoreError> {
    let (member, consultation) = (admitted.link.member, admitted.link.consultation);
    let documents = app.store.documents(member, consultation).await?;
    let kept = documents.iter().filter(|document| document.takes_place(now)).count();
    let media_type = match may_upload(asked.size, &asked.media_type, kept) {
        Ok(media_type) => media_type,
        Err(why) => return Ok(Some(Answer::NotTaken(why))),
    };
    let Some(data_key) = app.store.data_key(&app.data_keys, member, admitted.key).await? else { return Ok(Some(Answer::Over)) };
    let installation = app.parameters.installation().await?;
    let document = Document::uploading(fresh::document(), consultation, name(&asked.name).as_ref(), now, &data_key)?;
    let deletion = Deletion { member, consultation, document: document.id };
    // Who counted the same documents makes the same id, which is taken once: nobody gets the last place twice.
    let counted = documents.len().to_string();
    let id = installation.outbox_id(&["upload", &member.to_string(), &consultation.to_string(), &counted]);
    let mut transaction = app.store.transaction();
    document.put(&mut transaction, member)?;
    deletion.queue(&mut transaction, id, &installation, document.expires_at, now)?;
    admitted.stored.unchanged(&mut transaction)?;
    data_key::check(&mut transaction, member, admitted.key)?;
    match transaction.commit().await? {
        Ok(()) => {
            let key = Documents::upload(member, consultation, document.id);
            Ok(Some(Answer::Permitted(app.documents.upload_permit(&key, media_type, asked.size).await?)))
        }
        Err(cancelled) => {
            if cancelled.by(Guard::DataKey) {
                app.data_keys.forget(admitted.key);
            }
            Ok(None)
        }
    }
}

fn name(name: &str) -> Option<DocumentName> {
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    (!name.is_empty()).then(|| DocumentName::new(name))
}
