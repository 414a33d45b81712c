//! The stories, one file a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a story stops at the first surprise")]

mod api;
mod booking;
mod browser;
mod budget;
mod called_off;
mod consultation;
mod contacts;
mod corrected;
mod danger;
mod desk;
mod documents;
mod exactly_once;
mod faults;
mod fixtures;
mod groups;
mod hostile;
mod kpi;
mod kpi_counts;
mod lapsing;
mod leaving;
mod ledger;
mod logged;
mod mail_feedback;
mod menu;
mod outbox;
mod portal;
mod purge;
mod queue;
mod referral;
mod registration;
mod replies;
mod request_form;
mod rosters;
mod secrecy;
mod uploads;
