//! What a contact reads of the company's interviews.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use lambda_http::Error;

use domain::{
    calendar::BusinessCalendar,
    id::{InterviewId, NurseId},
    interview::{allowance::Statement, month::Month, state::Interview},
    personal::PersonName,
    roster::RosterRow,
    time,
};
use store::{
    Key, Wanted,
    entity::{hours::NurseHours, interview::StoredInterview, roster as rows},
};

use crate::{
    Asking,
    became::Not,
    request_form::{self, ShownForm},
};

/// So many interviews are listed, the latest first.
const LISTED: usize = 60;

/// An interview with what stands elsewhere.
pub struct Shown {
    /// The interview as it is now.
    pub interview: Interview,
    /// The employee's name by the roster.
    pub employee: Option<PersonName>,
}

/// One interview with all that belongs to it.
pub struct One {
    /// The interview.
    pub shown: Shown,
    /// The nurses' names.
    pub nurses: Nurses,
    /// What was submitted with it.
    pub form: ShownForm,
}

/// The nurses' names.
pub type Nurses = BTreeMap<NurseId, PersonName>;

/// The company's interviews.
pub async fn interviews(asking: Asking<'_>) -> Result<Result<(Vec<Shown>, Nurses), Not>, Error> {
    let store = &asking.app.store;
    let calls = async { Ok::<_, Error>(tokio::try_join!(store.interviews(asking.tenant()), store.hours())?) };
    let (known, (all, hours)) = tokio::try_join!(asking.known(Vec::new()), calls)?;
    if let Err(not) = known {
        return Ok(Err(not));
    }
    let mut all: Vec<Interview> = all.into_iter().map(|interview| interview.seen_at(asking.now)).collect();
    all.sort_by_key(|interview| std::cmp::Reverse(interview.head().slot));
    all.truncate(LISTED);
    Ok(Ok((with_names(asking, all).await?, names(hours))))
}

/// One of them, with its request form.
pub async fn interview(asking: Asking<'_>, id: InterviewId) -> Result<Result<One, Not>, Error> {
    let key = Key::interview(asking.tenant(), id);
    let keys = vec![key.clone(), Key::request_form(asking.tenant(), id)];
    let (known, hours) = tokio::try_join!(asking.known(keys), async { Ok(asking.app.store.hours().await?) })?;
    let known = match known {
        Ok(known) => known,
        Err(not) => return Ok(Err(not)),
    };
    let Some(interview) = known.fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()? else {
        return Ok(Err(Not::There));
    };
    let Some(shown) = with_names(asking, vec![interview.seen_at(asking.now)]).await?.pop() else { return Ok(Err(Not::There)) };
    let form = request_form::shown(asking, &known, &shown.interview)?;
    Ok(Ok(One { shown, nurses: names(hours), form }))
}

/// What a ledger page is made of.
pub struct Used {
    /// What the interviews of the month use and cost.
    pub statement: Statement,
    /// The nurses' names.
    pub nurses: Nurses,
    /// For deadlines.
    pub calendar: BusinessCalendar<'static>,
    /// In Japan.
    pub today: NaiveDate,
}

/// What the interviews of a month use and cost; without one that is asked for, of this month.
pub async fn ledger(asking: Asking<'_>, month: Option<Month>) -> Result<Result<Used, Not>, Error> {
    let known = match asking.known(Vec::new()).await? {
        Ok(known) => known,
        Err(not) => return Ok(Err(not)),
    };
    let today = time::jst_date(asking.now);
    let month = month.unwrap_or_else(|| Month::of(today));
    let store = &asking.app.store;
    let (ledger, hours) = tokio::try_join!(store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance), store.hours())?;
    let statement = ledger.ledger.statement(month, asking.now);
    Ok(Ok(Used { statement, nurses: names(hours), calendar: known.calendar(), today }))
}

fn names(hours: Vec<NurseHours>) -> Nurses {
    hours.into_iter().map(|of| (of.nurse, of.name)).collect()
}

/// With the employees' names by the roster; of who has left and been erased none is known.
async fn with_names(asking: Asking<'_>, interviews: Vec<Interview>) -> Result<Vec<Shown>, Error> {
    let key =
        |interview: &Interview| Key::roster_row(asking.tenant(), &asking.installation.number(asking.tenant(), &interview.head().number));
    let mut keys: Vec<Key> = interviews.iter().map(key).collect();
    keys.sort();
    keys.dedup();
    let mut found: BTreeMap<Key, RosterRow> = BTreeMap::new();
    if !keys.is_empty() {
        let fetched = asking.app.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
        for key in keys {
            if let Some(item) = fetched.item(&key).cloned() {
                found.insert(key, rows::from_item(item)?.row);
            }
        }
    }
    let name = |interview: &Interview| {
        let row = found.get(&key(interview))?;
        row.employments.iter().find(|employment| employment.id == interview.head().employment).map(|employment| employment.name.clone())
    };
    Ok(interviews.into_iter().map(|interview| Shown { employee: name(&interview), interview }).collect())
}
