//! Where a person can be found: read from the key patterns that the entities declare, so that an entity which goes with a
//! person and stands where the purge does not look makes a test fail.

use super::{ENTITIES, Entity, Erasure};

/// A place where something of a person stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// The member's partition: all of it goes.
    Member,
    /// The LINE user's partition: what is of the member's time goes.
    LineUser,
    /// Who claims the number: the member's entry goes.
    Claim,
    /// The key table.
    DataKey,
    /// The roster row: the employment goes.
    RosterRow,
    /// The tenant's interviews: those of the employment go.
    Interviews,
    /// Their request forms: they go with them, and so do the files.
    RequestForms,
    /// The order to erase, which goes last.
    Order,
    /// Queued mails of a tenant or the operator: sealed, sent within a day, and about no member by name.
    Mails,
}

impl Trace {
    /// The places of an entity; `None` for a key pattern that the purge does not know.
    pub fn of(entity: &Entity) -> Option<Vec<Self>> {
        if entity.sk.is_empty() {
            return (entity.pk == "MEMBER#{member}").then(|| vec![Self::DataKey]);
        }
        let patterns = entity.pk.split(", ").flat_map(|part| part.split(" or "));
        patterns
            .map(|pattern| match pattern {
                "MEMBER#{member}" => Some(Self::Member),
                "LINE#{user}" => Some(Self::LineUser),
                "CLAIM#{tenant}#{number}" => Some(Self::Claim),
                "ROSTER#{tenant}#{first digit of number}" => Some(Self::RosterRow),
                "INTERVIEWS#{tenant}" => Some(Self::Interviews),
                "REQUESTS#{tenant}" => Some(Self::RequestForms),
                "ERASURE" => Some(Self::Order),
                "TENANT#{tenant}" | "OPERATOR" => Some(Self::Mails),
                _ => None,
            })
            .collect()
    }

    /// Every place where the entities that go with a person stand.
    pub fn of_a_person() -> Vec<Self> {
        let personal = ENTITIES.iter().filter(|entity| matches!(entity.erasure, Erasure::Member | Erasure::Employment));
        let mut traces: Vec<Self> = personal.filter_map(Self::of).flatten().collect();
        traces.sort_unstable();
        traces.dedup();
        traces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_purge_looks_wherever_an_entity_of_a_person_stands() {
        for entity in ENTITIES.iter().filter(|entity| matches!(entity.erasure, Erasure::Member | Erasure::Employment)) {
            let places = Trace::of(entity);
            assert!(places.is_some_and(|places| !places.is_empty()), "the purge does not look where {} stands: {}", entity.name, entity.pk);
        }
        assert_eq!(Trace::of_a_person().len(), 9);
    }
}
