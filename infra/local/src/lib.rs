//! The whole system on one machine: the functions' real handlers, and a stand-in for everything around them.
//!
//! [`start`] runs it in this process; the binary `local` does no more than that. Any number of systems can run side by
//! side, each in its own directory on its own ports.
//!
//! A code tour: [`system`] puts everything together. [`functions`] hosts the handlers behind the [`gateway`]; [`aws`] and
//! [`line`] stand for the world, and [`provider`] signs people in; [`programs`] and [`pages`] are how programs and people drive it.

pub mod aws;
pub mod calls;
pub mod clock;
pub mod demo;
pub mod directory;
pub mod faults;
pub mod functions;
pub mod gateway;
pub mod kept;
pub mod line;
pub mod log;
pub mod pages;
pub mod ports;
pub mod programs;
pub mod provider;
pub mod span;
pub mod status;
pub mod system;

pub use system::{Error, Options, Running, start};
