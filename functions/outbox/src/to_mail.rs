//! Mail through SES. SES has no idempotency key: where the outcome is unknown the mail goes out again, with the same
//! `Message-ID`-like header `X-Hoken-Id`, so that a second copy can be told from a second mail.

mod mime;

use aws_sdk_sesv2::{
    error::{BuildError, SdkError},
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Body, Content, Destination, EmailContent, Message, MessageHeader, RawMessage},
};

use domain::mail::Mail;
use store::{StoreError, entity::outbox::OutboxItem};

use crate::{
    App,
    deliver::{Attempt, open},
};

/// Identifies the mail, whichever attempt delivers it.
const ID_HEADER: &str = "X-Hoken-Id";

/// Makes one attempt.
pub async fn send(app: &App, item: &OutboxItem) -> Result<Attempt, StoreError> {
    let mail: Mail = match open(app, item).await? {
        Ok(mail) => mail,
        Err(without) => return Ok(without),
    };
    let Ok(content) = content(app, &mail, item) else { return Ok(Attempt::Refused("the mail cannot be built")) };
    let sent = app
        .ses
        .send_email()
        .from_email_address(&app.mail_from)
        .destination(Destination::builder().to_addresses(mail.to.expose()).build())
        .content(content)
        .send()
        .await;
    Ok(sent.map_or_else(|error| after(&error), |_| Attempt::Accepted))
}

/// SES builds the mail, unless there is more to it than text and HTML: SES would attach it, and leaves open how. What comes built
/// needs `ses:SendRawEmail` beside `ses:SendEmail`.
fn content(app: &App, mail: &Mail, item: &OutboxItem) -> Result<EmailContent, BuildError> {
    if mail.calendar.is_none() && mail.pictures.is_empty() {
        return Ok(EmailContent::builder().simple(message(mail, item)?).build());
    }
    let envelope = mime::Envelope { from: &app.mail_from, id: item.id, at: app.clock.now() };
    let raw = RawMessage::builder().data(Blob::new(mime::write(&envelope, mail))).build()?;
    Ok(EmailContent::builder().raw(raw).build())
}

fn message(mail: &Mail, item: &OutboxItem) -> Result<Message, BuildError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    Ok(Message::builder()
        .subject(utf8(&mail.subject)?)
        .body(Body::builder().text(utf8(&mail.text)?).set_html(mail.html.as_deref().map(utf8).transpose()?).build())
        .headers(MessageHeader::builder().name(ID_HEADER).value(item.id.to_string()).build()?)
        .build())
}

fn after(error: &SdkError<SendEmailError>) -> Attempt {
    let later = |why| Attempt::Later { why, after: None, token_spent: false };
    match error.as_service_error() {
        Some(SendEmailError::MessageRejected(_) | SendEmailError::BadRequestException(_)) => Attempt::Refused("rejected by SES"),
        Some(SendEmailError::AccountSuspendedException(_) | SendEmailError::SendingPausedException(_)) => {
            Attempt::Refused("sending is paused")
        }
        Some(SendEmailError::MailFromDomainNotVerifiedException(_)) => Attempt::Refused("the sender is not verified"),
        Some(SendEmailError::TooManyRequestsException(_) | SendEmailError::LimitExceededException(_)) => later("rate limit"),
        _ => later(OutboxItem::UNKNOWN),
    }
}
