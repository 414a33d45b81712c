//! What the pages for people outside of LINE share: the [`frame`] around them with its one style sheet and its policy, the
//! headers of every [`answer`], and who is signed in.
//!
//! Who signs in does so at an OpenID provider ([`sign_in`]); what it says of a person ([`token`]) becomes a [`session`] in a sealed
//! cookie. Nothing of it is stored: a session ends by its cookie's age, or with the cookie.

pub mod answer;
mod attempt;
mod client;
mod cookie;
pub mod form;
pub mod frame;
mod provider;
mod random;
mod return_path;
mod role;
pub mod session;
pub mod sign_in;
mod token;
mod transport;
mod verifier;

pub use client::Client;
pub use frame::{Link, Page};
pub use role::Role;
pub use session::{Person, Session};
pub use sign_in::{Answered, Outcome, SignIn, SignInConfig};
