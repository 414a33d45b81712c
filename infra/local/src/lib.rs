//! The whole system on one machine: the functions' real handlers, and a stand-in for everything around them.

pub mod aws;
pub mod calls;
pub mod clock;
pub mod faults;
pub mod kept;
