//! The operator's settings: when nurses answer (row B1), who is on duty (row B4), what people consent to and how long
//! a membership of which nothing is heard is kept (row A1).

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use domain::{
    calendar::{BadHours, BusinessHours, YearlyClosure},
    documents::WebLink,
    personal::MailAddress,
};
use store::entity::settings::Settings;

use crate::{Ops, OpsError};

/// What is changed; the rest stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// When nurses answer.
    pub hours: Option<BusinessHours>,
    /// Who gets the alert about danger words; replaces the former ones.
    pub duty: Option<Vec<MailAddress>>,
    /// The operator's own addresses; replaces the former ones.
    pub operators: Option<Vec<MailAddress>>,
    /// Days for which a member can block the account (row A1).
    pub blocked_days: Option<u16>,
    /// Days in which the roster has to know a member's number (row A1).
    pub unmatched_days: Option<u16>,
    /// Where the terms of use are published.
    pub terms: Option<WebLink>,
    /// Where the privacy notice is published.
    pub privacy: Option<WebLink>,
    /// Where interviews by web take place.
    pub meeting: Option<WebLink>,
    /// Closures of every year; replaces the former ones.
    pub yearly: Option<Vec<YearlyClosure>>,
    /// Closures of one day; replaces the former ones.
    pub days: Option<BTreeSet<NaiveDate>>,
}

impl SettingsChange {
    /// The settings after the change.
    pub fn apply(self, settings: Settings) -> Settings {
        let mut changed = settings;
        if let Some(hours) = self.hours {
            changed.hours = hours;
        }
        if let Some(duty) = self.duty {
            changed.duty = duty;
        }
        if let Some(operators) = self.operators {
            changed.operators = operators;
        }
        if let Some(days) = self.blocked_days {
            changed.erasure.blocked_days = days;
        }
        if let Some(days) = self.unmatched_days {
            changed.erasure.unmatched_days = days;
        }
        if self.terms.is_some() {
            changed.documents.terms = self.terms;
        }
        if self.privacy.is_some() {
            changed.documents.privacy = self.privacy;
        }
        if self.meeting.is_some() {
            changed.meeting = self.meeting;
        }
        if let Some(yearly) = self.yearly {
            changed.closures.yearly = yearly;
        }
        if let Some(days) = self.days {
            changed.closures.days = days;
        }
        changed
    }
}

/// The text is neither hours nor a closure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSetting {
    /// Not two times of day.
    #[error("not hours such as 9:00-17:30")]
    Hours,
    /// Closes before it opens.
    #[error(transparent)]
    Order(#[from] BadHours),
    /// Not two days of a year.
    #[error("not a closure such as 12-29..01-03")]
    Closure,
}

/// Reads `9:00-17:30`.
pub fn parse_hours(text: &str) -> Result<BusinessHours, BadSetting> {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| BadSetting::Hours);
    let (opens, closes) = text.split_once('-').ok_or(BadSetting::Hours)?;
    let (opens, closes) = (time(opens)?, time(closes)?);
    if opens < closes { Ok(BusinessHours { opens, closes }) } else { Err(BadHours.into()) }
}

/// Reads `12-29..01-03`, first and last day included; one day alone is `08-14`.
pub fn parse_closure(text: &str) -> Result<YearlyClosure, BadSetting> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let day = |text: &str| text.trim().parse().map_err(|_| BadSetting::Closure);
    Ok(YearlyClosure { from: day(from)?, to: day(to)? })
}

impl Ops {
    /// The settings; the defaults where none were made.
    pub async fn settings(&self) -> Result<Settings, OpsError> {
        Ok(self.store.settings().await?)
    }

    /// Changes settings and answers how they are now.
    pub async fn change_settings(&self, change: SettingsChange) -> Result<Settings, OpsError> {
        let settings = change.apply(self.store.settings().await?);
        self.store.put_settings(&settings).await?;
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn hours_open_before_they_close() {
        let hours = parse_hours("9:00-17:30").unwrap();
        assert_eq!(hours, BusinessHours::default());
        assert_eq!(parse_hours("09:00 - 17:30"), Ok(hours));
        for (bad, why) in [
            ("17:30-9:00", BadSetting::Order(BadHours)),
            ("9:00-9:00", BadSetting::Order(BadHours)),
            ("9-17", BadSetting::Hours),
            ("9:00", BadSetting::Hours),
            ("9:00-25:00", BadSetting::Hours),
        ] {
            assert_eq!(parse_hours(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn a_closure_is_one_day_or_from_a_day_to_a_day() {
        let shown = |text| parse_closure(text).map(|closure| format!("{}..{}", closure.from, closure.to));
        assert_eq!(shown("12-29..01-03").unwrap(), "12-29..01-03");
        assert_eq!(shown("08-14").unwrap(), "08-14..08-14");
        for bad in ["", "12-29..", "12-29..02-30", "12/29..01/03"] {
            assert_eq!(shown(bad), Err(BadSetting::Closure), "{bad}");
        }
    }

    #[test]
    fn what_is_not_changed_stays() {
        let duty = vec![MailAddress::parse("duty@example.jp").unwrap()];
        let changed = SettingsChange { duty: Some(duty.clone()), ..SettingsChange::default() }.apply(Settings::default());
        assert_eq!(changed, Settings { duty, ..Settings::default() });
        let closed = SettingsChange { yearly: Some(Vec::new()), ..SettingsChange::default() }.apply(changed.clone());
        assert!(closed.closures.yearly.is_empty());
        assert_eq!(closed.duty, changed.duty);
    }
}
