//! Interviews (面談, rows C1 to C8): a talk of 20 minutes between a nurse and an employee, booked by the tenant's contact.
//!
//! From the [`hours`] of nurses arise [`slot`]s.

pub mod hours;
pub mod slot;
