//! A file that belongs to no tenant, or lies where none is taken: nothing of it is applied, it stays where it is, and the operator
//! is told once.

use domain::{
    mail::Mail,
    text::{Language, Text},
};
use runtime::notification::Object;
use store::{Key, StoreError};

use crate::App;

/// Tells the operator of `object`.
pub async fn tell(app: &App, object: &Object) -> Result<(), StoreError> {
    tracing::error!(alarm = "roster", file.bytes = object.bytes, "a file was put where no roster is taken; `ops roster aside` shows it");
    let subject = Text::OperatorAsideSubject;
    operator(app, &["aside", &object.key, &object.version], &subject, &Text::OperatorAsideBody { bytes: object.bytes }).await
}

/// A mail to each of the operator's addresses, once for each `what`.
pub async fn operator(app: &App, what: &[&str], subject: &Text, body: &Text) -> Result<(), StoreError> {
    let installation = app.parameters.installation().await?;
    for to in app.store.settings().await?.operators {
        let id = installation.outbox_id(&[what, &[to.expose()]].concat());
        let mail = Mail::new(to, Language::Ja.say(subject), Language::Ja.say(body));
        app.store.queue_mail(Key::outbox_of_operator(id), id, &mail, &installation, app.clock.now()).await?;
    }
    Ok(())
}
