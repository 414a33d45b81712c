//! Figures for the contacts (利用状況やその他KPI, rows D3 and D7): what is counted, when it is reported, and how it is told
//! without telling of anybody.
//!
//! The words: 「初月及びその後3か月に1回にメールにて利用状況やその他KPIについて報告します」; for tenants with interview support
//! 「毎月1回の定例MTGにてご報告します」, whose agenda is 「前月の研修、産業看護職面談、LINE利用状況」. Row D3 adds: 「10未満」 for a
//! figure of 1 to 9, health figures withheld where fewer than 10 are registered, and nothing that lets a hidden figure be derived.
//!
//! Acts leave a [`marker`]; those in the chat are told by [`talk`]. When a month has [settled](marker::settled_at), its markers are counted once and kept for good as
//! [`figures`]. What of them the company may see is decided once more and for good, by [`suppression`]; mails, pages and charts
//! show that and nothing else. Which reports are due says [`period`]. A
//! [`sheet`](sheet::Sheet) is what a report says, its [`layout`] says it in words, and [`mail`] writes these to a contact.

pub mod figures;
pub mod layout;
pub mod mail;
pub mod marker;
pub mod period;
pub mod sheet;
pub mod suppression;
pub mod talk;
