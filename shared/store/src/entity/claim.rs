//! Who claims an employee number. Two LINE users can claim one (row A3): both stand in the set, which is all the mark there is.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;

use domain::id::{MemberId, TenantId};

use crate::{
    Guard, Key, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::{Change, Item},
};

/// Number → members: one Get.
pub const ENTITY: Entity = Entity { name: "Claim", pk: "CLAIM#{tenant}#{number}", sk: "CLAIM", index: "", erasure: Erasure::Member };

/// A member with the LINE user behind it.
fn claimant(member: MemberId, user: &Digest) -> AttributeValue {
    AttributeValue::Ss(vec![format!("{member} {}", user.as_str())])
}

/// Adds a claimant; no read is needed, so no two registrations can miss each other.
pub fn add(
    transaction: &mut Transaction<'_>,
    tenant: TenantId,
    number: &Digest,
    member: MemberId,
    user: &Digest,
) -> Result<(), StoreError> {
    let kind = (":kind", AttributeValue::S(ENTITY.name.to_owned()));
    transaction.update(
        Guard::None,
        &Key::claim(tenant, number),
        Change {
            update: "ADD claimants :claimant SET #kind = :kind".to_owned(),
            condition: String::new(),
            names: vec![("#kind", "kind")],
            values: vec![(":claimant", claimant(member, user)), kind],
        },
    )
}

/// Removes a claimant.
pub fn remove(
    transaction: &mut Transaction<'_>,
    tenant: TenantId,
    number: &Digest,
    member: MemberId,
    user: &Digest,
) -> Result<(), StoreError> {
    transaction.update(
        Guard::None,
        &Key::claim(tenant, number),
        Change {
            update: "DELETE claimants :claimant".to_owned(),
            condition: String::new(),
            names: Vec::new(),
            values: vec![(":claimant", claimant(member, user))],
        },
    )
}

/// The members who claim a number, from its fetched item.
pub fn members(item: Option<&Item>) -> BTreeSet<MemberId> {
    let claimants = item.and_then(|item| item.get("claimants")).and_then(|value| value.as_ss().ok());
    claimants.into_iter().flatten().filter_map(|claimant| claimant.split(' ').next()?.parse().ok()).collect()
}
