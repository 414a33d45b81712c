//! What a consultation is about (row B2): whom it fits, and whether nurses answer it or refer it (row B4).

use serde::{Deserialize, Serialize};

use crate::{
    licence::Licence::{self, Nurse, Psychologist, PublicHealthNurse},
    phrase::Phrase,
};

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $phrase:ident, [$($licence:ident),+];)+) => {
        /// What a consultation is about. The order is the one in which people choose.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        pub enum Topic {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl Topic {
            /// Every topic.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in forms, addresses, commands and the table.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What people read.
            pub const fn phrase(self) -> Phrase {
                match self { $(Self::$name => Phrase::$phrase),+ }
            }

            /// Who answers it, the best first.
            pub const fn licences(self) -> &'static [Licence] {
                match self { $(Self::$name => &[$($licence),+]),+ }
            }
        }
    };
}

topics! {
    /// 未分類: no nurse has looked at it yet.
    #[default]
    Unsorted = "unsorted", TopicUnsorted, [Nurse, PublicHealthNurse, Psychologist];
    /// からだ.
    Body = "body", TopicBody, [Nurse, PublicHealthNurse];
    /// こころ.
    Mind = "mind", TopicMind, [Psychologist, PublicHealthNurse];
    /// 女性の健康.
    Women = "women", TopicWomen, [Nurse, PublicHealthNurse];
    /// 生活習慣.
    Lifestyle = "lifestyle", TopicLifestyle, [PublicHealthNurse, Nurse];
    /// 仕事と健康.
    Work = "work", TopicWork, [PublicHealthNurse, Psychologist, Nurse];
    /// ハラスメント.
    Harassment = "harassment", TopicHarassment, [Psychologist, PublicHealthNurse, Nurse];
    /// コンプライアンス.
    Compliance = "compliance", TopicCompliance, [PublicHealthNurse, Psychologist, Nurse];
    /// 医療行為の適否.
    Medical = "medical", TopicMedical, [Nurse, PublicHealthNurse, Psychologist];
    /// その他.
    Other = "other", TopicOther, [Nurse, PublicHealthNurse, Psychologist];
}

impl Topic {
    /// Whether nurses refer it to a desk instead of answering it: 「回答が難しいご相談」 (row B4).
    pub const fn is_referred(self) -> bool {
        matches!(self, Self::Harassment | Self::Compliance | Self::Medical)
    }

    /// Whether who holds `licence` answers it.
    pub fn fits(self, licence: Licence) -> bool {
        self.licences().contains(&licence)
    }
}

/// The text names no topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the topics are: unsorted, body, mind, women, lifestyle, work, harassment, compliance, medical, other")]
pub struct UnknownTopic;

impl std::str::FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(text: &str) -> Result<Self, UnknownTopic> {
        Self::ALL.iter().copied().find(|topic| topic.code() == text).ok_or(UnknownTopic)
    }
}

impl std::fmt::Display for Topic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_topic_reads_back_from_its_code_in_forms_and_in_the_table() {
        for topic in Topic::ALL {
            assert_eq!(topic.code().parse(), Ok(*topic));
            assert_eq!(serde_json::to_string(topic).unwrap(), format!("\"{}\"", topic.code()));
            assert!(UnknownTopic.to_string().contains(topic.code()));
        }
        let map = BTreeMap::from([(Topic::Mind, 1), (Topic::Body, 2)]);
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!((json.as_str(), serde_json::from_str(&json).unwrap()), (r#"{"body":2,"mind":1}"#, map));
        assert_eq!("Body".parse::<Topic>(), Err(UnknownTopic));
        assert_eq!(Topic::default(), Topic::Unsorted);
    }

    #[test]
    fn harassment_compliance_and_the_legality_of_medical_acts_are_referred() {
        let referred: Vec<&str> = Topic::ALL.iter().filter(|topic| topic.is_referred()).map(|topic| topic.code()).collect();
        assert_eq!(referred, ["harassment", "compliance", "medical"]);
    }

    #[test]
    fn every_licence_has_topics_and_every_topic_has_somebody() {
        for licence in Licence::ALL {
            assert!(Topic::ALL.iter().any(|topic| topic.fits(licence)));
        }
        assert!(Topic::ALL.iter().all(|topic| !topic.licences().is_empty()));
        assert!(!Topic::Body.fits(Psychologist) && Topic::Mind.fits(Psychologist) && !Topic::Mind.fits(Nurse));
    }
}
