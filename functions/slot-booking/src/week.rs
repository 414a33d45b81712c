//! The free slots of a week: two calls beside the one that knows who asks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};
use lambda_http::Error;

use domain::{
    calendar::BusinessCalendar,
    id::NurseId,
    interview::{
        hours::DAYS_AHEAD,
        slot::{Cell, Slot},
    },
    personal::PersonName,
    time,
};
use store::entity::{cell::Claim, hours::NurseHours};

use crate::{Asking, became::Not};

/// A week's free slots.
pub struct Week {
    /// By day, then by time.
    pub days: BTreeMap<NaiveDate, Vec<Slot>>,
    /// Its first day.
    pub monday: NaiveDate,
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
            monday,
            nurses: hours.iter().map(|of| (of.nurse, of.name.clone())).collect(),
            before: week(-7).filter(|_| monday > today),
            after: week(7).filter(|next| *next <= last),
        }
    }
}

/// The free slots of the week of `day`.
pub async fn of(asking: Asking<'_>, day: NaiveDate) -> Result<Result<Week, Not>, Error> {
    let monday = day.week(Weekday::Mon).first_day();
    let store = &asking.app.store;
    let calls = async { Ok::<_, Error>(tokio::try_join!(store.hours(), store.claims(monday))?) };
    let (known, (hours, claims)) = tokio::try_join!(asking.known(Vec::new()), calls)?;
    Ok(known.map(|known| Week::of(monday, &hours, &claims, &known.calendar(), asking.now)))
}
