//! Where a nurse refers a member to (row B4): 「回答が難しいご相談」.

use std::collections::BTreeMap;

use crate::{
    desk::{Desk, PublicDesk},
    text::{Language, Text},
    topic::Topic,
};

/// The desks of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Desks<'a> {
    /// The tenant named this one.
    Tenants(&'a Desk),
    /// The tenant named none; these are for the topic.
    Public(Vec<&'a Desk>),
}

/// The desks of `topic`: the tenant's where it named one, else the public ones. `None` where there is none at all.
pub fn desks<'a>(topic: Topic, tenants: &'a BTreeMap<Topic, Desk>, public: &'a [PublicDesk]) -> Option<Desks<'a>> {
    if let Some(desk) = tenants.get(&topic) {
        return Some(Desks::Tenants(desk));
    }
    let public: Vec<&Desk> = public.iter().filter(|desk| desk.topics.contains(&topic)).map(|public| &public.desk).collect();
    (!public.is_empty()).then_some(Desks::Public(public))
}

impl Desks<'_> {
    /// What the member reads, as a proposal that the nurse can change before it is sent.
    pub fn proposal(&self, topic: Topic, language: Language) -> String {
        let topic = language.phrase(topic.phrase()).to_owned();
        language.say(&match self {
            Self::Tenants(desk) => Text::ReferralTenant { topic, desks: desk.show(language) },
            Self::Public(desks) => {
                let desks: Vec<String> = desks.iter().map(|desk| desk.show(language)).collect();
                Text::ReferralPublic { topic, desks: desks.join("\n\n") }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn tenants() -> BTreeMap<Topic, Desk> {
        serde_json::from_str(r#"{"harassment":{"name":"さくら相談室","phone":"03-1234-5678"}}"#).unwrap()
    }

    #[test]
    fn the_tenant_s_desk_comes_before_the_public_ones_and_only_for_its_topic() {
        let (tenants, public) = (tenants(), PublicDesk::default_list());
        let named = desks(Topic::Harassment, &tenants, public).unwrap();
        assert!(matches!(named, Desks::Tenants(desk) if desk.name() == "さくら相談室"));
        let text = named.proposal(Topic::Harassment, Language::Ja);
        assert!(text.contains("■ さくら相談室\n電話：03-1234-5678") && text.contains("ハラスメント"), "{text}");
        assert!(!text.contains("労働局"), "{text}");

        let open = desks(Topic::Compliance, &tenants, public).unwrap();
        let text = open.proposal(Topic::Compliance, Language::Ja);
        assert!(text.contains("03-3507-9262") && !text.contains("さくら相談室"), "{text}");
        assert!(open.proposal(Topic::Compliance, Language::En).contains("Phone: 03-3507-9262"));
    }

    #[test]
    fn a_topic_without_any_desk_is_not_referred() {
        assert_eq!(desks(Topic::Body, &tenants(), PublicDesk::default_list()), None);
        assert_eq!(desks(Topic::Medical, &tenants(), &[]), None);
    }

    #[test]
    fn a_proposal_fits_into_one_message() {
        for topic in Topic::ALL {
            for language in [Language::Ja, Language::En] {
                let proposal = desks(*topic, &BTreeMap::new(), PublicDesk::default_list()).map(|desks| desks.proposal(*topic, language));
                assert!(proposal.is_none_or(|text| text.encode_utf16().count() <= 1000), "{topic}");
            }
        }
    }
}
