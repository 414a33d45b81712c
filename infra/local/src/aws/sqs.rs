//! SQS: a queue with its dead-letter queue, kept in `<data>/queues`. At least once: what was received and not deleted is
//! received again, also after the process was killed. Only its [`source`] reads it, so nothing speaks SQS's protocol.

mod record;
pub mod source;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use runtime::Clock;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::{sync::Notify, time::Instant};
use uuid::Uuid;

use super::{ACCOUNT, REGION};
use crate::kept;

/// A message that was received so often and never deleted goes to the dead-letter queue (the template's `maxReceiveCount`).
pub const MOST_RECEIVES: u32 = 5;

/// How long a message stays hidden after it failed. SQS waits for a visibility time-out of minutes; nobody here wants to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pauses {
    /// After the first failure; each further one doubles it.
    pub first: Duration,
    /// But never longer than this.
    pub longest: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(30) }
    }
}

impl Pauses {
    /// The pause of a message that has been received `receives` times.
    fn after(self, receives: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(receives.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

/// A queue; clones are the same one.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    file: PathBuf,
    pauses: Pauses,
    machine: Clock,
    state: Mutex<State>,
    /// Somebody should look: a message has come, or will become visible.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    kept: Kept,
    /// Messages that cannot be received now, by id. Not kept: at the next start everything can be.
    hidden: HashMap<String, Hidden>,
}

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    messages: Vec<Message>,
    /// The dead-letter queue.
    dead: Vec<Message>,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The message id.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// When, by the machine's clock.
    pub sent_at: DateTime<Utc>,
    /// When it was received for the first time.
    pub first_received_at: Option<DateTime<Utc>>,
    /// How often it was received.
    pub receives: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hidden {
    /// [`Prepared`].
    Unsent,
    /// Its receiver works on it.
    InFlight,
    /// It failed.
    Until(Instant),
}

impl Queue {
    /// The queue kept in `<data>/queues/{name}.json`.
    pub fn open(data: &Path, name: &'static str, pauses: Pauses) -> io::Result<Self> {
        let folder = data.join("queues");
        std::fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.json"));
        let state = State { kept: kept::read(&file)?, hidden: HashMap::new() };
        Ok(Self(Arc::new(Inner { name, file, pauses, machine: Clock::system(), state: Mutex::new(state), changed: Notify::new() })))
    }

    /// The queue's name.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// The queue's ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{}", self.0.name)
    }

    /// Sends a message, and answers its id.
    pub fn send(&self, body: String) -> io::Result<String> {
        Ok(self.prepare(body)?.send())
    }

    /// Keeps a message that will be received from when it is sent, or from the next start: for a message about something that
    /// is to be done next, so that neither is ever there without the other.
    pub fn prepare(&self, body: String) -> io::Result<Prepared> {
        #[allow(clippy::disallowed_methods, reason = "SQS draws its ids itself")]
        let id = Uuid::new_v4().to_string();
        let message = Message { id: id.clone(), body, sent_at: self.0.machine.now(), first_received_at: None, receives: 0 };
        let mut state = self.lock();
        state.kept.messages.push(message);
        state.hidden.insert(id.clone(), Hidden::Unsent);
        let prepared = Prepared { queue: self.clone(), id, is_sent: false };
        let written = self.keep(&state);
        // A message that could not be kept is dropped, which takes the lock again.
        drop(state);
        written.map(|()| prepared)
    }

    /// Receives the oldest messages that can be, at most `most`; they stay hidden until they are settled.
    fn receive(&self, most: usize) -> io::Result<Vec<Message>> {
        let (now, instant) = (self.0.machine.now(), Instant::now());
        let mut guard = self.lock();
        let State { kept, hidden } = &mut *guard;
        hidden.retain(|_, why| !matches!(why, Hidden::Until(until) if *until <= instant));
        let mut received = Vec::new();
        for message in kept.messages.iter_mut().filter(|message| !hidden.contains_key(&message.id)).take(most) {
            message.receives = message.receives.saturating_add(1);
            message.first_received_at.get_or_insert(now);
            received.push(message.clone());
        }
        hidden.extend(received.iter().map(|message| (message.id.clone(), Hidden::InFlight)));
        if !received.is_empty()
            && let Err(error) = self.keep(&guard)
        {
            guard.hidden.retain(|id, _| received.iter().all(|message| message.id != *id));
            return Err(error);
        }
        Ok(received)
    }

    /// Deletes the messages of `batch` that are `done`; the others come again, or go to the dead-letter queue.
    fn settle(&self, batch: &[Message], done: impl Fn(&Message) -> bool) -> io::Result<()> {
        let instant = Instant::now();
        let mut guard = self.lock();
        let State { kept, hidden } = &mut *guard;
        for message in batch {
            hidden.remove(&message.id);
            if done(message) {
                kept.messages.retain(|other| other.id != message.id);
            } else if message.receives >= MOST_RECEIVES {
                kept.messages.retain(|other| other.id != message.id);
                kept.dead.push(message.clone());
                tracing::error!(
                    alarm = "dead-letter",
                    queue = self.0.name,
                    message.id,
                    "a message failed too often and waits in the dead-letter queue"
                );
            } else {
                hidden.insert(message.id.clone(), Hidden::Until(instant + self.0.pauses.after(message.receives)));
            }
        }
        self.0.changed.notify_one();
        self.keep(&guard)
    }

    /// Sends everything that waits in the dead-letter queue anew, and answers how much that was.
    pub fn redrive(&self) -> io::Result<usize> {
        let mut state = self.lock();
        let dead = std::mem::take(&mut state.kept.dead);
        let count = dead.len();
        state.kept.messages.extend(dead.into_iter().map(|message| Message { first_received_at: None, receives: 0, ..message }));
        self.0.changed.notify_one();
        self.keep(&state)?;
        Ok(count)
    }

    /// Resolves when there may be something to receive.
    async fn something_to_receive(&self) {
        let Some(next) = self.next_visible() else { return self.0.changed.notified().await };
        let _changed_or_visible = tokio::time::timeout_at(next, self.0.changed.notified()).await;
    }

    /// When the first message becomes visible that is hidden because it failed.
    fn next_visible(&self) -> Option<Instant> {
        let until = |hidden: &Hidden| match hidden {
            Hidden::Until(until) => Some(*until),
            Hidden::Unsent | Hidden::InFlight => None,
        };
        self.lock().hidden.values().filter_map(until).min()
    }

    /// What lies in it: `{name,arn,messages:[{id,body,sentAt,firstReceivedAt,receives,state}],dead:[…]}`, where `state` is
    /// `waiting`, `inFlight`, or `hidden` after a failure.
    pub fn show(&self) -> Value {
        let state = self.lock();
        let shown = |message: &Message, state: &str| {
            json!({
                "id": message.id,
                "body": message.body,
                "sentAt": message.sent_at,
                "firstReceivedAt": message.first_received_at,
                "receives": message.receives,
                "state": state,
            })
        };
        let now = Instant::now();
        let word = |message: &Message| match state.hidden.get(&message.id) {
            Some(Hidden::InFlight) => "inFlight",
            Some(Hidden::Until(until)) if *until > now => "hidden",
            Some(Hidden::Until(_) | Hidden::Unsent) | None => "waiting",
        };
        json!({
            "name": self.0.name,
            "arn": self.arn(),
            "messages": state.kept.messages.iter().map(|message| shown(message, word(message))).collect::<Vec<_>>(),
            "dead": state.kept.dead.iter().map(|message| shown(message, "dead")).collect::<Vec<_>>(),
        })
    }

    fn keep(&self, state: &State) -> io::Result<()> {
        kept::write(&self.0.file, &state.kept)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message that is kept and not sent yet. Dropping it takes it back.
#[derive(Debug)]
pub struct Prepared {
    queue: Queue,
    id: String,
    is_sent: bool,
}

impl Prepared {
    /// Sends it, and answers its id.
    pub fn send(mut self) -> String {
        self.is_sent = true;
        self.queue.lock().hidden.remove(&self.id);
        self.queue.0.changed.notify_one();
        std::mem::take(&mut self.id)
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if self.is_sent {
            return;
        }
        let mut state = self.queue.lock();
        state.hidden.remove(&self.id);
        state.kept.messages.retain(|message| message.id != self.id);
        if let Err(error) = self.queue.keep(&state) {
            tracing::warn!(%error, "a message that was taken back will be received after the next start");
        }
    }
}
