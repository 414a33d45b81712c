//! Carries a decision out: one transaction with the effects, the mark that the event was handled, and the outbox items.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use domain::{
    consultation::Head,
    conversation::{Act, Consult, Content, Decision, Effect},
    id::{DocumentId, KeyGeneration},
    kpi::{marker::Kind as Counts, talk},
    line_user::DIALOGUE_LIFE,
    mail::Mail,
    text::{Language, Say, Text},
};
use line::{Envelope, Outgoing, QuickReply};
use store::{
    Cancelled, DataKey, Guard, Installation, Key, StoreError, Transaction, data_key,
    entity::{
        claim,
        consultation::Consultation,
        document::{Deletion, Document, Fetch},
        erasure::{Cause, ErasureRequest},
        inbox::Mark,
        line_user::Writer,
        marker,
        message::Message,
        outbox::{self, Kind, NewItem, OutboxItem, SealedWith},
        sent::{self, Place},
    },
    seal::{DoesNotOpen, Sealed},
};

use crate::{App, Channel, gather::Gathered, inbound::Inbound};

/// What became of a decision.
pub enum Outcome {
    /// It is written; the answer, if there is one, is the caller's to send.
    Done(Option<Box<Waiting>>),
    /// The event was handled before.
    HandledBefore(Mark),
    /// The message was withdrawn before it came: nothing of it is kept.
    Withdrawn,
    /// A data key was destroyed in between (a purge): forget it, read and decide again.
    KeyGone,
    /// Something else changed in between: read and decide again.
    Stale,
}

/// An answer that is written and waits to be sent.
pub struct Waiting {
    pub item: OutboxItem,
    pub messages: Outgoing,
}

/// Writes all of `decision`, or says why nothing was written.
pub async fn carry_out(
    app: &App,
    channel: &Channel,
    installation: &Installation,
    inbound: &Inbound<'_>,
    gathered: &Gathered,
    act: &Act,
    decision: Decision,
) -> Result<Outcome, StoreError> {
    let transaction = app.store.transaction();
    let mut work = Writing { app, channel, installation, inbound, gathered, transaction, made: None, answer: outbox::fresh_id() };
    for effect in &decision.effects {
        work.effect(effect, &decision).await?;
    }
    work.other_message(&decision)?;
    work.count(act, &decision)?;
    work.user(&decision)?;
    let waiting = work.answer(&decision)?;
    let mark = Mark::new(gathered.now, waiting.as_ref().map(|waiting| waiting.item.key()));
    mark.put(&mut work.transaction, inbound.digest, inbound.event.id.as_str())?;
    match work.transaction.commit().await? {
        Ok(()) => Ok(Outcome::Done(waiting.filter(|_| inbound.reply().is_some()).map(Box::new))),
        Err(cancelled) => why(cancelled),
    }
}

/// Marks an event as handled without any effect.
pub async fn mark_only(app: &App, inbound: &Inbound<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut transaction = app.store.transaction();
    Mark::new(now, None).put(&mut transaction, inbound.digest, inbound.event.id.as_str())?;
    // A mark that stands there already is as good.
    transaction.commit().await.map(drop)
}

/// The mark is asked first: with it standing, the other guards fail because of the event's own effects.
fn why(cancelled: Cancelled) -> Result<Outcome, StoreError> {
    let (withdrawn, key_gone) = (cancelled.by(Guard::NotWithdrawn), cancelled.by(Guard::DataKey));
    let Cancelled::Guards(failed) = cancelled else { return Ok(Outcome::Stale) };
    let mark = failed.into_iter().find(|(guard, _)| *guard == Guard::NotHandled);
    match mark {
        Some((_, Some(item))) => Ok(Outcome::HandledBefore(Mark::from_item(item)?)),
        Some((_, None)) => Ok(Outcome::HandledBefore(Mark::new(DateTime::<Utc>::MIN_UTC, None))),
        None if key_gone => Ok(Outcome::KeyGone),
        None if withdrawn => Ok(Outcome::Withdrawn),
        None => Ok(Outcome::Stale),
    }
}

struct Writing<'a> {
    app: &'a App,
    channel: &'a Channel,
    installation: &'a Installation,
    inbound: &'a Inbound<'a>,
    gathered: &'a Gathered,
    transaction: Transaction<'a>,
    /// The data key that this transaction makes.
    made: Option<Arc<DataKey>>,
    /// The outbox id of the answer.
    answer: Uuid,
}

impl Writing<'_> {
    fn key(&self, generation: KeyGeneration) -> Option<Arc<DataKey>> {
        let made = self.made.as_ref().filter(|key| key.generation == generation);
        made.or_else(|| self.gathered.keys.get(&generation)).cloned()
    }

    async fn effect(&mut self, effect: &Effect, decision: &Decision) -> Result<(), StoreError> {
        let (now, user) = (self.gathered.now, self.inbound.digest);
        match effect {
            Effect::MakeKey { tenant, member, key } => {
                let until = now + DIALOGUE_LIFE;
                self.made = Some(self.app.data_keys.make(&mut self.transaction, *tenant, *member, *key, until).await?);
                Ok(())
            }
            Effect::DestroyKey { member } => data_key::destroy(&mut self.transaction, *member),
            Effect::Register { tenant, member, number } => {
                let number = self.installation.number(*tenant, number);
                claim::add(&mut self.transaction, *tenant, &number, *member, user)
            }
            Effect::MoveClaim { tenant, member, from, to } => {
                let (from, to) = (self.installation.number(*tenant, from), self.installation.number(*tenant, to));
                claim::remove(&mut self.transaction, *tenant, &from, *member, user, &self.gathered.claimants)?;
                claim::add(&mut self.transaction, *tenant, &to, *member, user)
            }
            Effect::Erase { tenant, member, key, number } => {
                // A transaction touches an item once: where the same number is registered anew, the purge removes the former claim.
                let again = |other: &Effect| matches!(other, Effect::Register { tenant: t, number: n, .. } if (t, n) == (tenant, number));
                let number = self.installation.number(*tenant, number);
                if !decision.effects.iter().any(again) {
                    claim::remove(&mut self.transaction, *tenant, &number, *member, user, &self.gathered.claimants)?;
                }
                let (member, tenant, user) = (*member, *tenant, user.clone());
                let cause = Cause::MembersOwnAct;
                ErasureRequest { member, key: *key, tenant, user, number, cause, requested_at: now, counts: None }
                    .put(&mut self.transaction)
            }
            Effect::Consult(consult) => self.consult(consult, decision),
            Effect::AlertDuty { tenant, member, consultation } => {
                let console = self.app.console.as_str().trim_end_matches('/');
                let link = format!("{console}/members/{member}/consultations/{consultation}");
                let body =
                    Text::DutyMailBody { tenant: tenant.clone(), consultation: consultation.to_string(), at: self.inbound.event.at, link };
                self.alert(&body)
            }
            Effect::ShowMenu(_) => self.show_menu(decision),
            Effect::AlarmCalendar => {
                tracing::error!(alarm = "holidays", "the holiday data does not reach far enough to say when answers resume");
                Ok(())
            }
        }
    }

    fn consult(&mut self, consult: &Consult, decision: &Decision) -> Result<(), StoreError> {
        let (at, user, member) = (self.inbound.event.at, self.inbound.digest, consult.member);
        let key = self.gathered.user.member.as_ref().and_then(|member| self.key(member.key)).ok_or(NO_KEY)?;
        let id = self.inbound.message.map_or(self.inbound.event.id.as_str(), |id| id.as_str());
        let message = Message::of_member(at, &consult.content, &key)?.put(&mut self.transaction, member, consult.consultation, id)?;
        let document = match &consult.content {
            Content::Document(document) => Some((consult.consultation, *document)),
            Content::Text(_) | Content::Sticker(_) | Content::Place(_) => None,
        };
        if let Some((_, document)) = document {
            self.await_document(consult, document, id, decision.language, &key)?;
        }
        let place = Place { message: Some((member, message)), document, echo: self.echo(decision) };
        sent::put(&mut self.transaction, user, id, &place, self.gathered.now)?;
        let contested = self.gathered.claimants.others(user);
        let consultation = match &self.gathered.consultation {
            _ if consult.opens => Consultation::new(Head::opened(consult, contested, at), member, user.clone()),
            Some(there) if there.head.id == consult.consultation => there.with(there.head.clone().joined(consult, contested, at)),
            Some(_) | None => return Err(NO_CONSULTATION),
        };
        consultation.put(&mut self.transaction)
    }

    /// The answer, where it repeats words of the message.
    fn echo(&self, decision: &Decision) -> Option<Key> {
        let repeats = |say: &Say| matches!(say.text, Text::NameConfirm { .. } | Text::ConsentAsk { .. } | Text::NumberChanged { .. });
        decision.say.iter().any(repeats).then(|| self.answer_key(decision))
    }

    /// A message of which nothing is kept in a consultation: a number, a name, a word to the bot.
    fn other_message(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let is_kept = decision.effects.iter().any(|effect| matches!(effect, Effect::Consult(_)));
        let Some(id) = self.inbound.message.filter(|_| !is_kept) else { return Ok(()) };
        match self.echo(decision) {
            None => sent::check(&mut self.transaction, self.inbound.digest, id.as_str()),
            echo => {
                let place = Place { echo, ..Place::default() };
                sent::put(&mut self.transaction, self.inbound.digest, id.as_str(), &place, self.gathered.now)
            }
        }
    }

    /// A document that LINE still holds: the outbox fetches it, and deletes it when its month is over.
    fn await_document(
        &mut self,
        consult: &Consult,
        document: DocumentId,
        message: &str,
        language: Language,
        key: &DataKey,
    ) -> Result<(), StoreError> {
        let (at, now) = (self.inbound.event.at, self.gathered.now);
        let awaited = Document::awaited(document, consult.consultation, consult.file_name.as_ref(), at, key)?;
        awaited.put(&mut self.transaction, consult.member)?;
        let deletion = Deletion { member: consult.member, consultation: consult.consultation, document };
        deletion.queue(&mut self.transaction, outbox::fresh_id(), self.installation, awaited.expires_at, now)?;
        let fetch =
            Fetch { consultation: consult.consultation, document, message: message.to_owned(), to: self.inbound.user.clone(), language };
        let id = outbox::fresh_id();
        let item = NewItem {
            key: Key::outbox_of_member(consult.member, id),
            id,
            effect: Kind::FetchContent,
            channel: Some(self.channel.name.clone()),
            user: Some(self.inbound.digest.clone()),
            reply: None,
            sealed_with: SealedWith::Member(key.member, key.generation),
            body: self.seal(Some(key), &fetch)?,
        };
        item.pending(self.gathered.now).put(&mut self.transaction)
    }

    /// Which menu fits is found out when it is sent, so that a late one is never a wrong one.
    fn show_menu(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let id = outbox::fresh_id();
        let key = decision.user.member.as_ref().and_then(|member| self.key(member.key));
        let item = NewItem {
            key: Key::outbox_of_line_user(self.inbound.digest, id),
            id,
            effect: Kind::ShowMenu,
            channel: Some(self.channel.name.clone()),
            user: Some(self.inbound.digest.clone()),
            reply: None,
            sealed_with: key.as_ref().map_or(SealedWith::Installation, |key| SealedWith::Member(key.member, key.generation)),
            body: self.seal(key.as_deref(), self.inbound.user)?,
        };
        item.pending(self.gathered.now).put(&mut self.transaction)
    }

    /// One mail to each address on duty; staff read Japanese.
    fn alert(&mut self, body: &Text) -> Result<(), StoreError> {
        let duty = &self.gathered.settings.duty;
        if duty.is_empty() {
            tracing::error!(alarm = "duty", "nobody is on duty to be told of an urgent consultation: run `ops settings set --duty`");
        }
        for to in duty {
            let mail = Mail::new(to.clone(), Language::Ja.say(&Text::DutyMailSubject), Language::Ja.say(body));
            let id = outbox::fresh_id();
            let item = NewItem::mail(self.outbox_key(id), id, &mail, self.installation)?;
            item.pending(self.gathered.now).put(&mut self.transaction)?;
        }
        Ok(())
    }

    /// What is counted of it (row D3).
    fn count(&mut self, act: &Act, decision: &Decision) -> Result<(), StoreError> {
        let now = self.gathered.now;
        for counted in talk::counted(self.gathered.user.member.as_ref(), act, decision) {
            match self.key(counted.key).filter(|_| counted.kind != Counts::Left) {
                Some(key) => {
                    let of = (&*key, counted.tenant);
                    marker::of_member(&mut self.transaction, of, counted.kind, counted.consultation, now)?;
                }
                // Who has left is not to be found again; the event's mark sees to it that it is counted once.
                None => marker::of_nobody(&mut self.transaction, counted.tenant, counted.kind, outbox::fresh_id(), now)?,
            }
        }
        Ok(())
    }

    /// The user's item, and that the keys which it is sealed with are still there.
    fn user(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let user = &decision.user;
        if *user == self.gathered.user {
            self.gathered.stored.unchanged(&mut self.transaction)?;
        } else {
            let writer = Writer {
                address: self.inbound.user,
                channel: &self.channel.name,
                installation: self.installation,
                terms: self.gathered.settings.erasure,
                now: self.gathered.now,
            };
            let (gathered, made) = (self.gathered, self.made.clone());
            let key = |generation| {
                let made = made.as_ref().filter(|key| key.generation == generation);
                made.or_else(|| gathered.keys.get(&generation)).cloned()
            };
            self.gathered.stored.replace(&mut self.transaction, user, &writer, key)?;
        }
        let registers = decision.effects.iter().any(|effect| matches!(effect, Effect::Register { .. }));
        if let Some(member) = &user.member {
            if registers {
                data_key::keep(&mut self.transaction, member.id, member.key)?;
            } else {
                data_key::check(&mut self.transaction, member.id, member.key)?;
            }
        }
        match &user.dialogue {
            Some(dialogue) if self.made.is_none() => data_key::check(&mut self.transaction, dialogue.member, dialogue.key),
            _ => Ok(()),
        }
    }

    /// The answer as an outbox item: taken by this function where there is a reply token, else to be pushed.
    fn answer(&mut self, decision: &Decision) -> Result<Option<Waiting>, StoreError> {
        let Some(messages) = outgoing(&decision.say, decision.language) else { return Ok(None) };
        let owner = decision.user.member.as_ref().map(|member| (member.id, member.key));
        let owner = owner.or(decision.user.dialogue.as_ref().map(|dialogue| (dialogue.member, dialogue.key)));
        let key = owner.and_then(|(_, generation)| self.key(generation));
        let id = self.answer;
        let envelope = Envelope { to: self.inbound.user.clone(), messages };
        let new = NewItem {
            key: self.answer_key(decision),
            id,
            effect: Kind::Line,
            channel: Some(self.channel.name.clone()),
            user: Some(self.inbound.digest.clone()),
            reply: self.inbound.reply().map(|(token, until)| (token.expose().to_owned(), until)),
            sealed_with: key.as_ref().map_or(SealedWith::Installation, |key| SealedWith::Member(key.member, key.generation)),
            body: self.seal(key.as_deref(), &envelope)?,
        };
        let item = if self.inbound.reply().is_some() { new.taken(self.gathered.now) } else { new.pending(self.gathered.now) };
        item.put(&mut self.transaction)?;
        Ok(Some(Waiting { item, messages: envelope.messages }))
    }

    fn answer_key(&self, decision: &Decision) -> Key {
        match &decision.user.member {
            Some(member) => Key::outbox_of_member(member.id, self.answer),
            None => Key::outbox_of_line_user(self.inbound.digest, self.answer),
        }
    }

    /// In the partition of whom it concerns.
    fn outbox_key(&self, id: Uuid) -> Key {
        match &self.gathered.user.member {
            Some(member) => Key::outbox_of_member(member.id, id),
            None => Key::outbox_of_line_user(self.inbound.digest, id),
        }
    }

    fn seal<T: Serialize>(&self, key: Option<&DataKey>, body: &T) -> Result<Sealed, StoreError> {
        let sealed = match key {
            Some(key) => key.seal(OutboxItem::BODY, body),
            None => self.installation.seal().seal_json(OutboxItem::BODY, body),
        };
        sealed.map_err(|DoesNotOpen| StoreError::Unreadable { entity: "Outbox", reason: "its body cannot be sealed" })
    }
}

const NO_KEY: StoreError = StoreError::Unreadable { entity: "LineUser", reason: "a member without a data key asks for a consultation" };

const NO_CONSULTATION: StoreError = StoreError::Unreadable { entity: "Consultation", reason: "it is open for its member and not there" };

/// The bubbles in LINE's form; `None` where there is nothing to say. Our texts keep LINE's limits (a test of the catalogue
/// holds them), except where a person's own long text stands in them: such an answer is cut into more bubbles.
fn outgoing(say: &[Say], language: Language) -> Option<Outgoing> {
    let texts: Vec<String> = say.iter().flat_map(|say| line::split_text(&language.say(&say.text))).collect();
    let choices = say.last().map(|say| say.choices.as_slice()).unwrap_or_default();
    let quick_replies = choices.iter().filter_map(|choice| {
        let label = language.label(*choice);
        QuickReply::postback(label, choice.data(), Some(label.to_owned())).ok()
    });
    match Outgoing::new(texts, quick_replies.collect()) {
        Ok(outgoing) => Some(outgoing),
        Err(_) if say.is_empty() => None,
        Err(limit) => {
            tracing::error!(limit = %limit, "an answer breaks LINE's limits and is not sent");
            None
        }
    }
}
