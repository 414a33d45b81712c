//! Who claims an employee number. Two LINE users can claim one (row A3): both stand in the set, which is all the mark there is.

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

/// Removes a claimant; `claimants` is what the item held when it was read. The last one takes the item along.
pub fn remove(
    transaction: &mut Transaction<'_>,
    tenant: TenantId,
    number: &Digest,
    member: MemberId,
    user: &Digest,
    claimants: &Claimants,
) -> Result<(), StoreError> {
    let (key, claimant) = (Key::claim(tenant, number), claimant(member, user));
    if claimants.0.len() <= 1 {
        let only = [(":claimant", claimant)];
        return transaction.delete_if(Guard::Version, &key, "attribute_not_exists(pk) OR claimants = :claimant", &only);
    }
    transaction.update(
        Guard::Version,
        &key,
        Change {
            update: "DELETE claimants :claimant".to_owned(),
            condition: "size(claimants) > :one".to_owned(),
            names: Vec::new(),
            values: vec![(":claimant", claimant), (":one", AttributeValue::N("1".to_owned()))],
        },
    )
}

/// Asks in `transaction` that the number is claimed by those who were read, and nobody else.
pub fn unchanged(transaction: &mut Transaction<'_>, tenant: TenantId, number: &Digest, claimants: &Claimants) -> Result<(), StoreError> {
    let key = Key::claim(tenant, number);
    if claimants.0.is_empty() {
        return transaction.check(Guard::Version, &key, "attribute_not_exists(pk)", &[]);
    }
    let all = claimants.0.iter().map(|(member, user)| format!("{member} {user}")).collect();
    transaction.check(Guard::Version, &key, "claimants = :claimants", &[(":claimants", AttributeValue::Ss(all))])
}

/// Who claims a number.
#[derive(Debug, Clone, Default)]
pub struct Claimants(Vec<(MemberId, String)>);

impl Claimants {
    /// The claimants in a fetched item.
    pub fn of(item: Option<&Item>) -> Self {
        let claimants = item.and_then(|item| item.get("claimants")).and_then(|value| value.as_ss().ok());
        let read = |claimant: &String| claimant.split_once(' ').and_then(|(member, user)| Some((member.parse().ok()?, user.to_owned())));
        Self(claimants.into_iter().flatten().filter_map(read).collect())
    }

    /// Every claimant with the LINE user behind it.
    pub fn all(&self) -> impl Iterator<Item = (MemberId, Digest)> {
        self.0.iter().map(|(member, user)| (*member, Digest::of_text(user)))
    }

    /// Whether the number is claimed by `member`.
    pub fn has(&self, member: MemberId) -> bool {
        self.0.iter().any(|(claimant, _)| *claimant == member)
    }

    /// Whether somebody else than this LINE user claims the number (row A3).
    pub fn others(&self, user: &Digest) -> bool {
        self.0.iter().any(|(_, other)| other != user.as_str())
    }
}
