//! The talk, told as stories: [`talk::Talk`] plays one LINE user against [`super::decide`], and checks after every act what
//! must be true after any.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod consultation;
mod counted;
mod danger;
mod hours;
mod laws;
mod leaving;
mod membership;
mod name;
mod passphrase;
mod properties;
mod registration;
mod reregistration;
mod talk;
mod texts;
