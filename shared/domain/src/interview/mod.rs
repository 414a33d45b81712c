//! Interviews (面談, rows C1 to C8): a talk of 20 minutes between a nurse and an employee, booked by the tenant's contact.
//!
//! From the [`hours`] of nurses arise [`slot`]s. Until when which act is possible says [`deadline`]; what an interview uses of
//! the tenant's allowance, and why, says [`allowance`].

pub mod allowance;
pub mod deadline;
pub mod hours;
pub mod month;
pub mod slot;
