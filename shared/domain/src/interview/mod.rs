//! Interviews (面談, rows C1 to C8): a talk of 20 minutes between a nurse and an employee, booked by the tenant's contact.
//!
//! From the [`hours`] of nurses arise [`slot`]s; a contact puts one on hold, fills in the form of [`request`] and is admitted with
//! an employee ([`admission`]). What becomes of the interview then is in [`state`]; why it is asked for says the [`request_form`]. Until when which act is possible says
//! [`deadline`]; what an interview uses of the tenant's allowance, and why, says [`allowance`].

pub mod admission;
pub mod allowance;
pub mod deadline;
pub mod hours;
pub mod mail;
pub mod month;
pub mod purpose;
pub mod request;
pub mod request_form;
pub mod slot;
pub mod state;
