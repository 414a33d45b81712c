//! The rules of the service and their words. Nothing here knows AWS, tokio, the environment or a clock: time,
//! randomness and ids come in as arguments.

pub mod calendar;
pub mod consultation;
pub mod conversation;
pub mod danger;
pub mod desk;
pub mod disclosure;
pub mod document;
pub mod documents;
pub mod employee;
pub mod erasure;
pub mod id;
pub mod interview;
pub mod kpi;
pub mod licence;
pub mod line_user;
pub mod mail;
pub mod passphrase;
pub mod personal;
pub mod phrase;
pub mod referral;
pub mod roster;
pub mod roster_change;
pub mod roster_file;
pub mod roster_month;
pub mod roster_report;
pub mod roster_upload;
pub mod template;
pub mod tenant;
pub mod text;
pub mod time;
pub mod topic;
pub mod unreachable;
