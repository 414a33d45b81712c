//! What a nurse does, in one transaction: the thread's head under the version that the nurse saw, the words, what goes out, and
//! the line in the audit log.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use domain::{
    consultation::{Act, Assignee, Head, Refusal, State},
    disclosure::Disclosure,
    personal::MessageText,
    text::{Choice, Language, Say, Text},
    topic::Topic,
};
use line::{Envelope, Outgoing, QuickReply};
use store::{
    Cancelled, Guard, Key, StoreError, Transaction, data_key,
    entity::{
        audit::Audit,
        consultation::Consultation,
        contact::Contact,
        disclosure::{Disclosing, Entry},
        message::{Author, Message},
        nurse::Nurse,
        outbox::{Kind, NewItem, OutboxItem, SealedWith, fresh_id},
    },
    seal::DoesNotOpen,
};

use crate::{App, page, thread::Thread};

/// A nurse's words at most, in characters: they fit into few bubbles of LINE.
pub const LONGEST: usize = 2000;

/// What a nurse wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These words go to the member.
    Reply(MessageText),
    /// These words go to the member and lead to a desk for this topic.
    Refer(Topic, MessageText),
    /// These words are for colleagues.
    Note(MessageText),
    /// The thread itself changes.
    Head(Act),
    /// The member is asked for number and name again.
    AskAgain,
    /// The member gets this link to the page for documents.
    AskDocuments(String),
    /// This contact of the company is told.
    Disclose(Disclosure, Contact),
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It is done.
    Done,
    /// It was done before: the form was sent twice.
    DoneBefore,
    /// Something has changed since the nurse looked.
    Stale,
    /// Another consultation of the member is open.
    AnotherIsOpen,
    /// It is not possible.
    Refused(Refusal),
    /// The member was erased meanwhile.
    Gone,
}

/// A form as it was sent.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Drawn when the page was made: the same form does the same once.
    pub id: Uuid,
    /// The version that the nurse saw.
    pub version: u64,
}

/// So often an act is tried again behind somebody else's disclosure of the same company.
const TRIES: u8 = 16;

/// Carries `change` out as `nurse`, at `now`.
pub async fn carry_out(
    app: &App,
    thread: &Thread,
    change: &Change,
    nurse: &Nurse,
    form: Form,
    audit: &Audit,
    now: DateTime<Utc>,
) -> Result<Became, StoreError> {
    let there = &thread.consultation;
    if there.head.version != form.version {
        return was_done(app, thread, form).await;
    }
    let by = &nurse.assignee();
    let head = match head(&there.head, change, by, now) {
        Ok(head) => head,
        Err(refusal) => return Ok(Became::Refused(refusal)),
    };
    for _ in 0..TRIES {
        let mut transaction = app.store.transaction();
        let changed = there.with(head.clone());
        changed.put(&mut transaction)?;
        data_key::check(&mut transaction, there.member, thread.whose.key.generation)?;
        if !intake(&mut transaction, thread, &changed, now)? {
            return Ok(Became::AnotherIsOpen);
        }
        let disclosed = if let Change::Disclose(disclosure, contact) = change {
            let last = app.store.last_disclosure(there.head.tenant).await?;
            Some(disclose(&mut transaction, thread, nurse, disclosure, contact, last.as_ref(), now)?)
        } else {
            None
        };
        words(&mut transaction, thread, change, by, disclosed, form, now)?;
        if there.head.first_answered_at.is_none() && changed.head.first_answered_at.is_some() {
            crate::waited::first_answer(&mut transaction, thread, now)?;
        }
        audit.put(&mut transaction)?;
        match transaction.commit().await? {
            Ok(()) => return Ok(Became::Done),
            // Somebody disclosed something of another member in the same moment: the ledger goes on behind that.
            Err(cancelled) if cancelled.by(Guard::Ledger) && !cancelled.by(Guard::Open) => {}
            Err(cancelled) => return why(app, thread, &cancelled, form).await,
        }
    }
    Ok(Became::Stale)
}

/// Adds what a disclosure is made of, and gives the words that stay in the thread.
fn disclose(
    transaction: &mut Transaction<'_>,
    thread: &Thread,
    nurse: &Nurse,
    disclosure: &Disclosure,
    contact: &Contact,
    last: Option<&Entry>,
    now: DateTime<Utc>,
) -> Result<Text, StoreError> {
    let whose = &thread.whose;
    let disclosing = Disclosing {
        tenant: whose.tenant.id,
        tenant_name: &whose.tenant.name,
        key: &whose.key,
        nurse: (&nurse.id, &nurse.name),
        disclosure,
        contact,
        reach: &thread.settings.reach(&nurse.mail),
        mail: fresh_id(),
        at: now,
    };
    let entry = disclosing.append(transaction, last)?;
    Ok(Text::DisclosureNote {
        number: entry.number,
        contact: contact.name.clone(),
        reason: page::say(disclosure.reason.phrase()).to_owned(),
        consent: page::say(disclosure.consent.phrase()).to_owned(),
        text: disclosure.text.expose().to_owned(),
    })
}

fn head(head: &Head, change: &Change, by: &Assignee, now: DateTime<Utc>) -> Result<Head, Refusal> {
    match change {
        Change::Reply(_) => head.clone().after(&Act::Reply, by, now),
        Change::Refer(topic, _) => head.clone().after(&Act::Refer(*topic), by, now),
        Change::Head(act) => head.clone().after(act, by, now),
        // Also of a closed one: a note or a question to the member changes nothing of where it stands.
        Change::Note(_) | Change::AskAgain | Change::AskDocuments(_) | Change::Disclose(..) => {
            Ok(Head { version: head.version + 1, ..head.clone() })
        }
    }
}

/// What the member's next message joins; `false` where another consultation is open.
fn intake(transaction: &mut Transaction<'_>, thread: &Thread, changed: &Consultation, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let intake = thread.whose.membership.intake;
    let id = changed.head.id;
    let after = match (thread.consultation.head.state, changed.head.state) {
        (State::Open, State::Closed) => intake.closed(id, now),
        (State::Closed, State::Open) => match intake.reopened(id) {
            Some(reopened) => reopened,
            None => return Ok(false),
        },
        (State::Open, State::Open) | (State::Closed, State::Closed) => return Ok(true),
    };
    thread.whose.stored.with_intake(transaction, after)?;
    Ok(true)
}

fn words(
    transaction: &mut Transaction<'_>,
    thread: &Thread,
    change: &Change,
    by: &Assignee,
    disclosed: Option<Text>,
    form: Form,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let language = thread.whose.tenant.language;
    let (author, text, say) = match change {
        Change::Reply(text) | Change::Refer(_, text) => {
            let said = Text::NurseReply { nurse: by.name.clone(), text: text.clone() };
            (Author::Nurse(by.clone()), text.clone(), Some(said.into()))
        }
        Change::Note(text) => (Author::Note(by.clone()), text.clone(), None),
        Change::AskAgain => {
            let question = Text::RosterDiffers;
            let text = MessageText::new(language.say(&question));
            (Author::Nurse(by.clone()), text, Some(question.with([Choice::ChangeNumber, Choice::ChangeName])))
        }
        Change::AskDocuments(link) => {
            let text = Text::DocumentsAsked { link: link.clone() };
            (Author::Nurse(by.clone()), MessageText::new(language.say(&text)), Some(text.into()))
        }
        Change::Disclose(..) => {
            let text = disclosed.map(|note| page::LANGUAGE.say(&note)).unwrap_or_default();
            (Author::Note(by.clone()), MessageText::new(text), None)
        }
        Change::Head(_) => return Ok(()),
    };
    let (member, consultation) = (thread.consultation.member, thread.consultation.head.id);
    Message::of_nurse(author, now, &text, &thread.whose.key)?.put(transaction, member, consultation, &form.id.to_string())?;
    let Some(say) = say else { return Ok(()) };
    push(transaction, thread, &say, language, form, now)
}

/// Queues what goes to the member. The form's id is LINE's retry key too.
fn push(
    transaction: &mut Transaction<'_>,
    thread: &Thread,
    say: &Say,
    language: Language,
    form: Form,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let whose = &thread.whose;
    let choices = say.choices.iter().filter_map(|choice| {
        let label = language.label(*choice);
        QuickReply::postback(label, choice.data(), Some(label.to_owned())).ok()
    });
    let messages = Outgoing::new(line::split_text(&language.say(&say.text)), choices.collect())
        .map_err(|_| StoreError::Unreadable { entity: "Outbox", reason: "a nurse's words break LINE's limits" })?;
    let envelope = Envelope { to: whose.address.clone(), messages };
    let body = whose.key.seal(OutboxItem::BODY, &envelope);
    let item = NewItem {
        key: Key::outbox_of_member(thread.consultation.member, form.id),
        id: form.id,
        effect: Kind::Line,
        channel: Some(whose.membership.channel.clone()),
        user: Some(thread.consultation.user.clone()),
        reply: None,
        sealed_with: SealedWith::Member(whose.key.member, whose.key.generation),
        body: body.map_err(|DoesNotOpen| StoreError::Unreadable { entity: "Outbox", reason: "its body cannot be sealed" })?,
    };
    item.pending(now).put(transaction)
}

async fn why(app: &App, thread: &Thread, cancelled: &Cancelled, form: Form) -> Result<Became, StoreError> {
    if cancelled.by(Guard::DataKey) {
        app.data_keys.forget(thread.whose.key.generation);
        return Ok(Became::Gone);
    }
    if cancelled.by(Guard::Unique) {
        return Ok(Became::DoneBefore);
    }
    was_done(app, thread, form).await
}

/// The nurse saw another version: because the same form did its work before, or because somebody else was faster.
async fn was_done(app: &App, thread: &Thread, form: Form) -> Result<Became, StoreError> {
    let (member, consultation) = (thread.consultation.member, thread.consultation.head.id);
    let is_there = app.store.has_message(member, consultation, &form.id.to_string()).await?;
    Ok(if is_there { Became::DoneBefore } else { Became::Stale })
}
