//! When a nurse gives interviews (row C1): written as a person writes hours, a line for each day of the week and for each date that
//! is different.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};
use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    id::NurseId,
    interview::{
        hours::{BadHours, Exception, Hours, Span, TooShort, Weekly},
        slot::Slot,
        state::Interview,
    },
    phrase::Phrase,
};
use store::{
    Key, StoreError, Wanted,
    entity::{audit::Outcome, hours::NurseHours, tenant},
};

use crate::{
    Asking, answer,
    form::Fields,
    interviews::read_all,
    page::{self, Place, Told},
    queue, read,
};

/// The days of business, with the names of their fields.
pub const DAYS: [(Weekday, &str); 5] =
    [(Weekday::Mon, "mon"), (Weekday::Tue, "tue"), (Weekday::Wed, "wed"), (Weekday::Thu, "thu"), (Weekday::Fri, "fri")];
/// What says that the weekly hours do not come.
const OFF: &str = "休み";

/// Hours as they are written: each day of the week, then the dates that are different, a line each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// `09:00-12:00, 13:00-17:00`, in the order of [`DAYS`].
    pub days: [String; 5],
    /// `2026-12-01 休み`, or `2026-12-02 13:00-15:00`.
    pub dates: String,
}

impl Written {
    fn of(hours: &Hours) -> Self {
        let join = |spans: Vec<Span>| spans.iter().map(Span::to_string).collect::<Vec<_>>().join(", ");
        let days =
            DAYS.map(|(weekday, _)| join(hours.weekly().filter(|weekly| weekly.weekday == weekday).map(|weekly| weekly.span).collect()));
        let date = |(date, exception): (&NaiveDate, &Exception)| {
            let off = exception.off.then(|| OFF.to_owned());
            let extra = (!exception.extra.is_empty()).then(|| join(exception.extra.clone()));
            format!("{date} {}", off.into_iter().chain(extra).collect::<Vec<_>>().join(" "))
        };
        Self { days, dates: hours.exceptions().map(date).collect::<Vec<_>>().join("\n") }
    }

    fn read(&self) -> Result<Hours, Phrase> {
        let mut weekly = Vec::new();
        for (written, (weekday, _)) in self.days.iter().zip(DAYS) {
            weekly.extend(spans(written)?.into_iter().map(|span| Weekly { weekday, span }));
        }
        let mut exceptions: BTreeMap<NaiveDate, Exception> = BTreeMap::new();
        for line in self.dates.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (date, rest) = line.split_once(char::is_whitespace).unwrap_or((line, OFF));
            let date = date.replace('/', "-").parse().map_err(|_| Phrase::DeskHoursBadDate)?;
            let exception = exceptions.entry(date).or_default();
            exception.off |= rest.contains(OFF);
            exception.extra.extend(spans(&rest.replace(OFF, ""))?);
        }
        Hours::new(weekly, exceptions).map_err(BadHours::phrase)
    }
}

/// `9:00-12:00, 13:00〜17:00`.
fn spans(written: &str) -> Result<Vec<Span>, Phrase> {
    let parts = written.split([',', '、', '，']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (from, to) = part.split_once(['-', '〜', '～', '－']).ok_or(Phrase::DeskHoursBadTime)?;
            let time = |text: &str| format!("{:0>5}", text.trim()).parse();
            let (from, to) = (time(from).map_err(|_| Phrase::DeskHoursBadTime)?, time(to).map_err(|_| Phrase::DeskHoursBadTime)?);
            Span::new(from, to).map_err(TooShort::phrase)
        })
        .collect()
}

/// An interview ahead that the published hours do not cover (any more).
pub struct Outside {
    /// When it is.
    pub slot: Slot,
    /// The company.
    pub tenant: String,
    /// Whether it awaits approval.
    pub awaits: bool,
}

/// The nurse's hours, and what is booked outside them.
pub async fn show(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let told = read::parameter(asking, "sent").map(|_| Told::Done(Phrase::DeskHoursKept));
    let nurse: Option<NurseId> = asking.nurse.parse().ok();
    let hours = asking.app.store.hours().await?.into_iter().find(|of| Some(of.nurse) == nurse).map(|of| of.hours).unwrap_or_default();
    let outside = match nurse {
        Some(nurse) => outside(asking, nurse, &hours).await?,
        None => Vec::new(),
    };
    page(asking, &Written::of(&hours), &outside, told.as_ref(), StatusCode::OK).await
}

async fn outside(asking: Asking<'_>, nurse: NurseId, hours: &Hours) -> Result<Vec<Outside>, StoreError> {
    let store = &asking.app.store;
    let mut booked = read_all(asking, &store.interviews_ahead(nurse, asking.app.clock.now()).await?).await?;
    booked.retain(|interview| {
        let slot = interview.head().slot;
        // The index may be a moment behind.
        !matches!(interview, Interview::Ended(_)) && slot.nurse() == nurse && !hours.covers(slot)
    });
    booked.sort_by_key(|interview| interview.head().slot);
    let mut tenants = BTreeMap::new();
    let keys: BTreeSet<Key> = booked.iter().map(|interview| Key::tenant(interview.head().tenant())).collect();
    for some in keys.into_iter().collect::<Vec<_>>().chunks(100) {
        let fetched = store.fetch(&Wanted { items: some.to_vec(), data_keys: Vec::new() }).await?;
        for item in some.iter().filter_map(|key| fetched.item(key).cloned()) {
            let tenant = tenant::from_item(item)?;
            tenants.insert(tenant.id, tenant.name);
        }
    }
    let outside = |interview: Interview| Outside {
        slot: interview.head().slot,
        tenant: tenants.get(&interview.head().tenant()).cloned().unwrap_or_default(),
        awaits: matches!(interview, Interview::AwaitingApproval(_)),
    };
    Ok(booked.into_iter().map(outside).collect())
}

/// Sets them. What is booked already stays booked; the page that follows says what of it stands outside.
pub async fn set(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let get = |name| fields.get(name).unwrap_or_default().to_owned();
    let written = Written { days: DAYS.map(|(_, name)| get(name)), dates: get("dates") };
    let hours = match written.read() {
        Ok(hours) => hours,
        Err(phrase) => return page(asking, &written, &[], Some(&Told::Words(vec![phrase])), StatusCode::BAD_REQUEST).await,
    };
    let (Some(nurse), _) = queue::nurse_and_settings(asking.app, asking.nurse).await? else { return asking.no_staff().await };
    let Ok(id) = nurse.id.parse() else { return answer::not_found() };
    let mut transaction = asking.app.store.transaction();
    NurseHours { nurse: id, name: nurse.name, hours }.put(&mut transaction)?;
    asking.audit.put(&mut transaction)?;
    transaction.commit().await?.map_err(|_| "the line of the audit log was there already")?;
    web::answer::redirect(&format!("{}/hours?sent=1", asking.app.base()))
}

async fn page(
    asking: Asking<'_>,
    written: &Written,
    outside: &[Outside],
    told: Option<&Told>,
    status: StatusCode,
) -> Result<Response<Body>, Error> {
    if queue::nurse_and_settings(asking.app, asking.nurse).await?.0.is_none() {
        return asking.no_staff().await;
    }
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let desk = asking.desk();
    let main = page::hours(&desk, written, outside, told);
    desk.frame(Phrase::DeskHours, Place::Hours, &[], &main, |page| web::answer::page(status, page))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn written(monday: &str, dates: &str) -> Written {
        Written { days: [monday, "", "", "", ""].map(str::to_owned), dates: dates.to_owned() }
    }

    #[test]
    fn hours_are_read_as_people_write_them_and_shown_in_one_way() {
        let hours = written("9:00〜12:00、13:00-17:00", "2026/12/01 休み\n2026-12-02 13:00-15:00\n2026-12-03").read().unwrap();
        let shown = Written::of(&hours);
        assert_eq!(shown.days[0], "09:00-12:00, 13:00-17:00");
        assert_eq!(shown.dates, "2026-12-01 休み\n2026-12-02 13:00-15:00\n2026-12-03 休み");
        assert_eq!(shown.read().unwrap(), hours);
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (monday, dates, why) in [
            ("9時から", "", Phrase::DeskHoursBadTime),
            ("09:03-12:00", "", Phrase::DeskHoursBadTime),
            ("09:00-09:15", "", Phrase::InterviewHoursTooShort),
            ("09:00-12:00, 11:00-13:00", "", Phrase::InterviewHoursOverlap),
            ("", "来週 休み", Phrase::DeskHoursBadDate),
        ] {
            assert_eq!(written(monday, dates).read(), Err(why), "{monday} {dates}");
        }
    }
}
