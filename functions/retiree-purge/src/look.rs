//! Looks for everything that a member can have left behind: the first look counts, the last one has to find nothing. It looks
//! wherever the entities that go with a person say that they stand ([`store::entity::trace::Trace`]).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use domain::{id::MemberId, time};
use store::{
    Documents, Key, StoreError, Wanted,
    entity::{
        claim::Claimants,
        erasure::{Counts, ErasureRequest},
        trace::Trace,
    },
    transaction::Item,
};

use crate::{App, work::Work};

/// What objects in S3 are counted as, version by version.
pub const OBJECTS: &str = "ObjectVersion";
/// What the order itself is counted as.
const ORDER: &str = "Order";
/// `Sent` says only when it is forgotten, which is so long after it was written.
const SENT_LIFE: TimeDelta = TimeDelta::days(30);

/// What of an item has to be known; nothing that is sealed.
const OUTLINE: [&str; 13] =
    ["kind", "state", "effect", "due", "created_at", "handled_at", "ttl", "member", "sealed_with", "reply", "echo", "dialogue", "version"];

/// What was found of a member.
#[derive(Debug, Default)]
pub struct Found {
    /// Items that are to be deleted.
    pub keys: Vec<Key>,
    /// Of which kinds they are.
    kinds: Counts,
    /// What the LINE user is, where the item is to go.
    pub user: bool,
    /// Versions of objects.
    pub objects: u64,
    /// Who claims the number, where the member does.
    pub claimants: Option<Claimants>,
    /// The data key is there.
    pub data_key: bool,
    /// Something has to be sent, or ended, first.
    pub waits: bool,
}

impl Found {
    /// Whether nothing was found.
    pub fn is_nothing(&self) -> bool {
        self.is_deleted() && !self.waits
    }

    /// Whether nothing was found that can be deleted now.
    pub fn is_deleted(&self) -> bool {
        self.keys.is_empty() && !self.user && self.objects == 0 && self.claimants.is_none() && !self.data_key
    }

    /// What is certified as deleted. Key, claim and membership may have gone already when access was closed: every member had one.
    pub fn counts(&self) -> Counts {
        let mut counts = self.kinds.clone();
        for kind in ["DataKey", "Claim", "LineUser", ORDER] {
            counts.insert(kind.to_owned(), 1);
        }
        if self.objects > 0 {
            counts.insert(OBJECTS.to_owned(), self.objects);
        }
        counts
    }
}

/// Looks under every key and prefix.
pub async fn look(work: &Work<'_>, order: &ErasureRequest) -> Result<Found, StoreError> {
    let mut found = Found::default();
    for trace in Trace::of_a_person() {
        match trace {
            Trace::Member => member(work.app, order, &mut found).await?,
            Trace::LineUser => line_user(work.app, order, &mut found).await?,
            Trace::Claim => claim_and_key(work.app, order, &mut found).await?,
            // The key is read in one call with the claim. The row, interviews and their forms go with their employment, the order with
            // its end; mails of staff name nobody.
            Trace::DataKey | Trace::RosterRow | Trace::Interviews | Trace::RequestForms | Trace::Order | Trace::Mails => {}
        }
    }
    for objects in [Documents::uploads_of_member(order.member), Documents::of_member(order.member)] {
        found.objects += work.app.documents.count(&objects).await?;
    }
    Ok(found)
}

async fn member(app: &App, order: &ErasureRequest, found: &mut Found) -> Result<(), StoreError> {
    let now = app.clock.now();
    for item in app.store.outline(&Key::partition_of_member(order.member), &OUTLINE).await? {
        // Whoever fetches a picture at this moment puts an object: it is found when their time is over.
        let is_fetching = text(&item, "effect") == Some("FetchContent") && text(&item, "state") == Some("Taken");
        if is_fetching && stamp(&item, "due").is_some_and(|due| now < due) {
            found.waits = true;
        } else {
            found.goes(&item);
        }
    }
    Ok(())
}

async fn line_user(app: &App, order: &ErasureRequest, found: &mut Found) -> Result<(), StoreError> {
    let items = app.store.outline(&Key::partition_of_line_user(&order.user), &OUTLINE).await?;
    let user = items.iter().find(|item| kind(item) == "LineUser");
    let has_new_life = user.is_some_and(|user| user.contains_key("member") || user.contains_key("dialogue"));
    for item in items.iter().filter(|item| kind(item) != "LineUser") {
        match fate(item, order, has_new_life) {
            Fate::Goes => found.goes(item),
            Fate::Waits => found.waits = true,
            Fate::Stays => {}
        }
    }
    // Whether the account is blocked has to be known until the last item is sent.
    found.user = user.is_some() && !has_new_life && !found.waits;
    Ok(())
}

async fn claim_and_key(app: &App, order: &ErasureRequest, found: &mut Found) -> Result<(), StoreError> {
    let claim = Key::claim(order.tenant, &order.number);
    let fetched = app.store.fetch(&Wanted { items: vec![claim.clone()], data_keys: vec![order.member] }).await?;
    found.data_key = fetched.data_key(order.member).is_some();
    found.claimants = Some(Claimants::of(fetched.item(&claim))).filter(|claimants| claimants.has(order.member));
    Ok(())
}

impl Found {
    fn goes(&mut self, item: &Item) {
        *self.kinds.entry(kind(item)).or_default() += 1;
        self.keys.extend(Key::of(item));
    }
}

/// What becomes of an item in the LINE user's partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Goes,
    Stays,
    /// It goes when it was sent.
    Waits,
}

/// What names the member goes, what names another one stays. Anything else goes by its time, where the user has begun a new
/// life since: what was written at the moment of the order belongs to the act that ended the membership, and to the new life.
fn fate(item: &Item, order: &ErasureRequest, has_new_life: bool) -> Fate {
    let named = named_member(item);
    if named.is_some_and(|member| member == order.member) {
        return Fate::Goes;
    }
    let is_later = |at: Option<DateTime<Utc>>| has_new_life && at.is_none_or(|at| order.requested_at <= at);
    let at = match kind(item).as_str() {
        "Outbox" => stamp(item, "created_at"),
        "Inbox" => stamp(item, "handled_at"),
        "Sent" => seconds(item, "ttl").map(|forgotten| forgotten - SENT_LIFE),
        _ => None,
    };
    let is_unsent = kind(item) == "Outbox" && matches!(text(item, "state"), Some("Pending" | "Taken"));
    match (named.is_some() || is_later(at), is_unsent) {
        (true, _) => Fate::Stays,
        (false, true) => Fate::Waits,
        (false, false) => Fate::Goes,
    }
}

/// The member that an item of a LINE user names.
fn named_member(item: &Item) -> Option<MemberId> {
    if let Some(member) = text(item, "member") {
        return member.parse().ok();
    }
    // Where the answer waits, or waited: in the partition of the member that the user was then.
    if let Some(answer) = item.get("reply").or_else(|| item.get("echo")).and_then(|answer| answer.as_l().ok()) {
        let pk = answer.first().and_then(|pk| pk.as_s().ok())?;
        return pk.strip_prefix("MEMBER#")?.parse().ok();
    }
    let sealed_with = item.get("sealed_with").and_then(|sealed| sealed.as_m().ok())?;
    let member = sealed_with.get("Member").and_then(|member| member.as_l().ok())?;
    member.first().and_then(|member| member.as_s().ok())?.parse().ok()
}

/// The entity's name.
pub fn kind(item: &Item) -> String {
    text(item, "kind").unwrap_or("unknown").to_owned()
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

fn stamp(item: &Item, name: &str) -> Option<DateTime<Utc>> {
    text(item, name).and_then(|stamp| time::parse_stamp(stamp).ok())
}

fn seconds(item: &Item, name: &str) -> Option<DateTime<Utc>> {
    let seconds = item.get(name).and_then(|value| value.as_n().ok())?;
    DateTime::from_timestamp(seconds.parse().ok()?, 0)
}

/// Adds up counts.
pub fn sum(counts: &[Counts]) -> Counts {
    let mut sum = BTreeMap::new();
    for (kind, count) in counts.iter().flatten() {
        *sum.entry(kind.clone()).or_default() += count;
    }
    sum
}
