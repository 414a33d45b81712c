//! One file an entity: its keys, its mapping, its access patterns, its erasure kind.

pub mod allowance;
pub mod audit;
pub mod cell;
pub mod claim;
pub mod consultation;
pub mod contact;
pub mod delivery;
pub mod disclosure;
pub mod document;
pub mod erasure;
pub mod figures;
pub mod first_answer;
pub mod hours;
pub mod idempotency;
pub mod inbox;
pub mod interview;
pub mod line_user;
pub mod marked_address;
pub mod marker;
pub mod message;
pub mod nurse;
pub mod outbox;
pub mod purge;
pub mod request_form;
pub mod roster;
pub mod sent;
pub mod settings;
pub mod template;
pub mod tenant;
pub mod trace;

/// What happens to an entity when a person is erased (row D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erasure {
    /// Goes with the member (or the LINE user who never became one).
    Member,
    /// Goes with the employment: the roster row.
    Employment,
    /// Says nothing about a person.
    Anonymous,
    /// Is kept, for this reason.
    Kept(&'static str),
}

/// What `docs/table.md` charts of an entity.
#[derive(Debug, Clone, Copy)]
pub struct Entity {
    /// The value of attribute `kind`.
    pub name: &'static str,
    /// Pattern of the partition key.
    pub pk: &'static str,
    /// Pattern of the sort key; empty in the key table.
    pub sk: &'static str,
    /// Pattern of the index key, for entities that are in the index.
    pub index: &'static str,
    /// What erases it.
    pub erasure: Erasure,
}

/// Every entity of both tables.
pub const ENTITIES: &[Entity] = &[
    settings::ENTITY,
    nurse::ENTITY,
    tenant::ENTITY,
    tenant::ENTRY,
    tenant::CODE,
    contact::ENTITY,
    marked_address::ENTITY,
    roster::ENTITY,
    delivery::ENTITY,
    delivery::CONTENT,
    delivery::MONTH,
    delivery::LEASE,
    claim::ENTITY,
    line_user::ENTITY,
    inbox::ENTITY,
    sent::ENTITY,
    consultation::ENTITY,
    message::ENTITY,
    document::ENTITY,
    outbox::ENTITY,
    audit::ENTITY,
    marker::ENTITY,
    first_answer::ENTITY,
    figures::ENTITY,
    figures::SHOWN,
    figures::REPORT,
    erasure::ENTITY,
    purge::ENTITY,
    purge::OPEN,
    disclosure::ENTITY,
    disclosure::TEXT,
    template::ENTITY,
    hours::ENTITY,
    cell::ENTITY,
    interview::ENTITY,
    request_form::ENTITY,
    allowance::ENTITY,
    idempotency::ENTITY,
    crate::data_key::ENTITY,
];
