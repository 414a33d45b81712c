//! What waits, as it is now: three calls whatever there is in the table, and no key.

use std::collections::{BTreeMap, BTreeSet};

use domain::{id::TenantId, topic::Topic};
use store::{
    Key, StoreError, Wanted,
    entity::{
        consultation::{Consultation, Filter, Waiting},
        nurse::Nurse,
        settings::Settings,
        tenant,
    },
};

use crate::App;

/// So many stand on a page.
pub const PAGE: usize = 50;

/// What a nurse looks for, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asks {
    /// About this.
    pub topic: Option<Topic>,
    /// What the nurse's licences fit.
    pub fitting: bool,
    /// In nobody's hands.
    pub free: bool,
    /// Of members whom the roster does not know.
    pub unmatched: bool,
    /// From behind here on.
    pub after: Option<String>,
}

impl Asks {
    /// What a query string asks for; what nobody could have asked for is left out.
    pub fn of(query: &str) -> Self {
        let mut asks = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "topic" => asks.topic = value.parse().ok(),
                "fitting" => asks.fitting = value == "1",
                "free" => asks.free = value == "1",
                "unmatched" => asks.unmatched = value == "1",
                "after" => asks.after = Some(value.into_owned()).filter(|after| after.len() < 100 && after.is_ascii()),
                _ => {}
            }
        }
        asks
    }

    /// The same from behind `after` on, as a query string.
    pub fn from(&self, after: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(topic) = self.topic {
            query.append_pair("topic", topic.code());
        }
        for (name, is_on) in [("fitting", self.fitting), ("free", self.free), ("unmatched", self.unmatched)] {
            if is_on {
                query.append_pair(name, "1");
            }
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        query.finish()
    }

    fn filter(&self, nurse: Option<&Nurse>) -> Filter {
        let fits = |topic: &Topic| nurse.is_some_and(|nurse| nurse.licences.iter().any(|licence| topic.fits(*licence)));
        let topics: BTreeSet<Topic> = match self.topic {
            Some(topic) => BTreeSet::from([topic]),
            None if self.fitting => Topic::ALL.iter().copied().filter(fits).collect(),
            None => BTreeSet::new(),
        };
        Filter { topics, assignee: None, free: self.free, unmatched: self.unmatched }
    }
}

/// What waits.
pub struct Queue {
    /// The nurse who asks, as the roster of staff knows them.
    pub nurse: Option<Nurse>,
    /// What was asked for.
    pub waiting: Waiting,
    /// What the nurse has answered and not closed.
    pub answered: Vec<Consultation>,
    /// Names of the companies.
    pub tenants: BTreeMap<TenantId, String>,
    /// The operator's settings.
    pub settings: Settings,
}

/// All that waits and fits what is asked for.
pub async fn waiting(app: &App, staff: &str, asks: &Asks) -> Result<Queue, StoreError> {
    let nurse = nurse_and_settings(app, staff);
    // Only who asks for what fits their licences has to be known first.
    let (nurse, settings, waiting) = if asks.fitting {
        let (nurse, settings) = nurse.await?;
        let waiting = app.store.waiting(&asks.filter(nurse.as_ref()), asks.after.as_deref(), PAGE).await?;
        (nurse, settings, waiting)
    } else {
        let filter = asks.filter(None);
        let ((nurse, settings), waiting) = tokio::try_join!(nurse, app.store.waiting(&filter, asks.after.as_deref(), PAGE))?;
        (nurse, settings, waiting)
    };
    let tenants = names(app, &waiting.consultations, &[]).await?;
    Ok(Queue { nurse, waiting, answered: Vec::new(), tenants, settings })
}

/// What the nurse with the id `staff` has in hand: what waits, and what is answered.
pub async fn mine(app: &App, staff: &str) -> Result<Queue, StoreError> {
    let filter = Filter { assignee: Some(staff.to_owned()), ..Filter::default() };
    let limit = i32::try_from(PAGE).unwrap_or(i32::MAX);
    let ((nurse, settings), waiting, answered) =
        tokio::try_join!(nurse_and_settings(app, staff), all_waiting(app, &filter), app.store.answered(staff, limit))?;
    let tenants = names(app, &waiting.consultations, &answered).await?;
    Ok(Queue { nurse, waiting, answered, tenants, settings })
}

/// Up to a page of what waits and fits, however much waits that does not: nobody goes on to a second page of their own.
async fn all_waiting(app: &App, filter: &Filter) -> Result<Waiting, StoreError> {
    let mut all = app.store.waiting(filter, None, PAGE).await?;
    while let Some(after) = all.next.take().filter(|_| all.consultations.len() < PAGE) {
        let more = app.store.waiting(filter, Some(&after), PAGE - all.consultations.len()).await?;
        all.consultations.extend(more.consultations);
        all.next = more.next;
    }
    Ok(all)
}

/// The nurse with the id `staff`, and the operator's settings.
pub async fn nurse_and_settings(app: &App, staff: &str) -> Result<(Option<Nurse>, Settings), StoreError> {
    let key = Key::nurse(staff);
    let fetched = app.store.fetch(&Wanted { items: vec![key.clone(), Key::settings()], data_keys: Vec::new() }).await?;
    let nurse = fetched.item(&key).cloned().map(Nurse::from_item).transpose()?;
    Ok((nurse, Settings::from_item(fetched.item(&Key::settings()))?))
}

async fn names(app: &App, waiting: &[Consultation], answered: &[Consultation]) -> Result<BTreeMap<TenantId, String>, StoreError> {
    let tenants: BTreeSet<TenantId> = waiting.iter().chain(answered).map(|consultation| consultation.head.tenant).collect();
    names_of(app, tenants).await
}

/// The names of all companies.
pub async fn all_names(app: &App) -> Result<BTreeMap<TenantId, String>, StoreError> {
    let mut names = BTreeMap::new();
    for some in app.store.tenants().await?.chunks(100) {
        names.extend(names_of(app, some.iter().copied().collect()).await?);
    }
    Ok(names)
}

/// The names of these companies.
pub async fn names_of(app: &App, tenants: BTreeSet<TenantId>) -> Result<BTreeMap<TenantId, String>, StoreError> {
    if tenants.is_empty() {
        return Ok(BTreeMap::new());
    }
    let fetched = app.store.fetch(&Wanted { items: tenants.iter().map(|id| Key::tenant(*id)).collect(), data_keys: Vec::new() }).await?;
    let mut names = BTreeMap::new();
    for id in tenants {
        if let Some(item) = fetched.item(&Key::tenant(id)) {
            names.insert(id, tenant::from_item(item.clone())?.name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_asks_for_survives_going_on_to_the_next_page() {
        let asks = Asks { topic: Some(Topic::Mind), fitting: false, free: true, unmatched: true, after: None };
        assert_eq!(Asks::of(&asks.from(None)), asks);
        let next = Asks::of(&asks.from(Some("1#2026-11-25T01:00:00.000Z#x")));
        assert_eq!(next.after.as_deref(), Some("1#2026-11-25T01:00:00.000Z#x"));
        assert_eq!(Asks::of("topic=nothing&free=yes&after=%E3%81%82&other=1"), Asks::default());
    }
}
