//! LINE's Messaging API, as far as the service uses it: our own thin layer, because LINE adds event kinds and fields
//! unannounced and one odd event must never cost its siblings.
//!
//! In reading order:
//! 1. [`signature`]: is this body from LINE? (over the raw bytes, before anything is parsed)
//! 2. [`event`]: what happened? Every event is decoded on its own and tolerantly.
//! 3. [`message`], [`quick_reply`], [`limit`], [`split`]: what we answer, with LINE's limits checked before sending.
//! 4. [`rich_menu`]: the buttons at the bottom of the chat.
//! 5. [`client`], [`token`], [`error`]: calling LINE, and what a failure means for trying again.
//!
//! Nothing here writes a log line; `Debug` of everything that a person wrote, of ids of persons and of secrets is
//! `‹redacted›`. Facts are taken from LINE's reference, <https://developers.line.biz/en/reference/messaging-api/>.

pub mod client;
pub mod envelope;
pub mod error;
pub mod event;
pub mod limit;
pub mod message;
pub mod quick_reply;
mod redacted;
pub mod rich_menu;
pub mod signature;
pub mod split;
pub mod token;
mod transport;
mod word;

pub use client::{Client, NoClient, Sent, content::ContentAnswer};
pub use envelope::Envelope;
pub use error::SendError;
pub use event::{
    Content, Delivery, Event, EventId, EventKind, FileName, Location, Message, MessageId, Mode, NotADelivery, Position, PostbackParams,
    Provider, ReplyToken, Source, Sticker, Unreadable, UnreadableEvent, decode,
};
pub use limit::{InvalidMessage, Limit};
pub use message::{Outgoing, OutgoingMessage, QuickReplies};
pub use quick_reply::{Action, PostbackData, QuickReply};
pub use rich_menu::{Area, Bounds, RichMenu, RichMenuId, Size};
pub use signature::{BadSignature, ChannelSecret, SIGNATURE_HEADER, sign, verify};
pub use split::split_text;
pub use token::ChannelCredentials;
