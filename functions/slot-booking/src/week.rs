//! The free slots of a week: two calls beside the one that knows who asks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};
use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    calendar::BusinessCalendar,
    id::{InterviewId, NurseId},
    interview::{
        hours::DAYS_AHEAD,
        slot::{Cell, Slot},
    },
    personal::PersonName,
    phrase::Phrase,
    time,
};
use store::entity::{audit::Outcome, cell::Claim, hours::NurseHours};

use crate::{Asking, page};

/// A week's free slots.
pub struct Week {
    /// By day, then by time.
    pub days: BTreeMap<NaiveDate, Vec<Slot>>,
    /// Whose.
    pub nurses: BTreeMap<NurseId, PersonName>,
    /// Whether an earlier week, or a later one, can have some.
    pub before: Option<NaiveDate>,
    /// The next one.
    pub after: Option<NaiveDate>,
}

impl Week {
    /// What `hours` offer in the week of `monday` and `claims` leave free.
    pub fn of(monday: NaiveDate, hours: &[NurseHours], claims: &[Claim], calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Self {
        let taken: BTreeSet<Cell> = claims.iter().filter(|claim| claim.is_live(now)).map(Claim::cell).collect();
        let today = time::jst_date(now);
        let last = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
        let mut days: BTreeMap<NaiveDate, Vec<Slot>> = BTreeMap::new();
        for day in monday.iter_days().take(7).filter(|day| *day >= today && *day <= last) {
            for of in hours {
                // Past the list of holidays nothing is offered; the webhook alarms.
                let slots = of.hours.slots_on(day, of.nurse, calendar).unwrap_or_default();
                let free = slots.into_iter().filter(|slot| slot.start() > now && !slot.cells().iter().any(|cell| taken.contains(cell)));
                days.entry(day).or_default().extend(free);
            }
        }
        for slots in days.values_mut() {
            slots.sort_unstable();
        }
        let week = |days: i64| monday.checked_add_signed(chrono::TimeDelta::days(days));
        Self {
            days,
            nurses: hours.iter().map(|of| (of.nurse, of.name.clone())).collect(),
            before: week(-7).filter(|_| monday > today),
            after: week(7).filter(|next| *next <= last),
        }
    }
}

/// The week that is asked for, with a word on what happened.
pub async fn show(asking: Asking<'_>, told: Option<Phrase>) -> Result<Response<Body>, Error> {
    let today = time::jst_date(asking.now);
    let asked = asking.parameter("week").and_then(|week| week.parse().ok()).unwrap_or(today);
    let moving: Option<InterviewId> = asking.parameter("move").and_then(|interview| interview.parse().ok());
    show_week(asking, asked, moving, told).await
}

/// The week of `day`; `moving` is the interview that is to be moved.
pub async fn show_week(
    asking: Asking<'_>,
    day: NaiveDate,
    moving: Option<InterviewId>,
    told: Option<Phrase>,
) -> Result<Response<Body>, Error> {
    let monday = day.week(Weekday::Mon).first_day();
    let store = &asking.app.store;
    let calls = async { Ok::<_, Error>(tokio::try_join!(store.hours(), store.claims(monday))?) };
    let (known, (hours, claims)) = tokio::try_join!(asking.known(Vec::new()), calls)?;
    let known = match known {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let status = if told.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    asking.audit(if told.is_some() { Outcome::Refused } else { Outcome::Done }).await?;
    let week = Week::of(monday, &hours, &claims, &known.calendar(), asking.now);
    let site = asking.site();
    let main = page::week(&site, &week, moving, told);
    site.frame(Phrase::BookingWeek, page::Place::Week, &main, |page| web::answer::page(status, page))
}
