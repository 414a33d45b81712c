//! Who has claimed a nurse's time (row C1): five minutes each, whose key exists once. So no nurse is booked for two times that
//! overlap, whatever grids the slots were offered on.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::{InterviewId, NurseId},
    interview::slot::{Cell, Slot},
    time::{self, stamp},
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item, ttl},
};

/// A week's claims: one Query. TTL tidies up a day after the time is over; that an hold is over, its instant says.
pub const ENTITY: Entity = Entity { name: "Cell", pk: "CELLS#{monday}", sk: "{start}#{nurse}", index: "", erasure: Erasure::Anonymous };

/// A claim on a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Whose time.
    pub nurse: NurseId,
    /// Where it begins.
    #[serde(with = "time::stamped")]
    pub start: DateTime<Utc>,
    /// For which interview; a hold has the id that its interview will have.
    pub interview: InterviewId,
    /// Until when a hold keeps it; an interview keeps it for good.
    #[serde(with = "time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<DateTime<Utc>>,
}

impl Claim {
    /// Whether nobody else can have the cell at `now`.
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.held_until.is_none_or(|until| now < until)
    }

    /// The cell.
    pub const fn cell(&self) -> Cell {
        Cell { start: self.start, nurse: self.nurse }
    }

    fn item(&self) -> Result<Item, StoreError> {
        let mut item = item(ENTITY.name, &Key::cell(self.cell()), self)?;
        item.insert("ttl".to_owned(), ttl(self.start + TimeDelta::days(1)));
        Ok(item)
    }

    fn of(slot: Slot, interview: InterviewId, held_until: Option<DateTime<Utc>>) -> impl Iterator<Item = Self> {
        slot.cells().into_iter().map(move |Cell { start, nurse }| Self { nurse, start, interview, held_until })
    }
}

/// Holds a slot until `until` for the interview that may come of it. [`Guard::Slot`] fails where somebody else has some of it.
/// Holding it again under the same id prolongs it.
pub fn hold(
    transaction: &mut Transaction<'_>,
    slot: Slot,
    interview: InterviewId,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let values = [(":now", AttributeValue::S(stamp(now))), (":interview", AttributeValue::S(interview.to_string()))];
    for claim in Claim::of(slot, interview, Some(until)) {
        let free = "attribute_not_exists(pk) OR held_until <= :now OR (interview = :interview AND attribute_exists(held_until))";
        transaction.put_if(Guard::Slot, claim.item()?, free, &values)?;
    }
    Ok(())
}

/// Claims a held slot for good. [`Guard::Slot`] fails where the hold is over and somebody else has some of it.
pub fn keep(transaction: &mut Transaction<'_>, slot: Slot, interview: InterviewId) -> Result<(), StoreError> {
    let values = [(":interview", AttributeValue::S(interview.to_string()))];
    for claim in Claim::of(slot, interview, None) {
        transaction.put_if(Guard::Slot, claim.item()?, "interview = :interview AND attribute_exists(held_until)", &values)?;
    }
    Ok(())
}

/// Claims a slot for an interview that moves there. [`Guard::Slot`] fails where somebody else has some of it.
pub fn take(transaction: &mut Transaction<'_>, slot: Slot, interview: InterviewId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let values = [(":now", AttributeValue::S(stamp(now))), (":interview", AttributeValue::S(interview.to_string()))];
    for claim in Claim::of(slot, interview, None) {
        let free = "attribute_not_exists(pk) OR held_until <= :now OR interview = :interview";
        transaction.put_if(Guard::Slot, claim.item()?, free, &values)?;
    }
    Ok(())
}

/// Frees cells that `interview` has.
pub fn free(transaction: &mut Transaction<'_>, cells: &[Cell], interview: InterviewId) -> Result<(), StoreError> {
    let values = [(":interview", AttributeValue::S(interview.to_string()))];
    for cell in cells {
        transaction.delete_if(Guard::None, &Key::cell(*cell), "attribute_not_exists(pk) OR interview = :interview", &values)?;
    }
    Ok(())
}

impl Store {
    /// All claims of the week that begins with `monday`.
    pub async fn claims(&self, monday: NaiveDate) -> Result<Vec<Claim>, StoreError> {
        let items = self.query_all(&Key::partition_of_cells(monday)).await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}
