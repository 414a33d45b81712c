//! What the pages for people outside of LINE share: the [`frame`] around them with its one style sheet and its policy, and
//! the headers of every [`answer`].

pub mod answer;
pub mod frame;

pub use frame::{Link, Page};
