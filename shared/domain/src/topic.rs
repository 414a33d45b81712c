//! What a consultation is about, by a nurse's judgement: nobody chooses it before asking (row B1).

use serde::{Deserialize, Serialize};

use crate::{licence::Licence, phrase::Phrase};

/// What a consultation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Topic {
    /// 未分類: nobody has looked yet.
    #[default]
    Unsorted,
    /// からだ.
    Body,
    /// こころ.
    Mind,
    /// 女性の健康.
    Women,
    /// 生活習慣.
    Lifestyle,
    /// 仕事と健康.
    Work,
    /// ハラスメント; nurses refer it (row B4).
    Harassment,
    /// コンプライアンス; nurses refer it (row B4).
    Compliance,
    /// 医療行為の適否; nurses refer it (row B4).
    MedicalLegality,
    /// その他.
    Other,
}

impl Topic {
    /// All of them, as a nurse chooses from them.
    pub const ALL: [Self; 10] = [
        Self::Unsorted,
        Self::Body,
        Self::Mind,
        Self::Women,
        Self::Lifestyle,
        Self::Work,
        Self::Harassment,
        Self::Compliance,
        Self::MedicalLegality,
        Self::Other,
    ];

    /// Its name in forms and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unsorted => "unsorted",
            Self::Body => "body",
            Self::Mind => "mind",
            Self::Women => "women",
            Self::Lifestyle => "lifestyle",
            Self::Work => "work",
            Self::Harassment => "harassment",
            Self::Compliance => "compliance",
            Self::MedicalLegality => "medical-legality",
            Self::Other => "other",
        }
    }

    /// The topic with this name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.code() == code)
    }

    /// Its name for people.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Unsorted => Phrase::TopicUnsorted,
            Self::Body => Phrase::TopicBody,
            Self::Mind => Phrase::TopicMind,
            Self::Women => Phrase::TopicWomen,
            Self::Lifestyle => Phrase::TopicLifestyle,
            Self::Work => Phrase::TopicWork,
            Self::Harassment => Phrase::TopicHarassment,
            Self::Compliance => Phrase::TopicCompliance,
            Self::MedicalLegality => Phrase::TopicMedicalLegality,
            Self::Other => Phrase::TopicOther,
        }
    }

    /// Whether somebody with this licence is the one to answer it.
    pub const fn fits(self, licence: Licence) -> bool {
        match self {
            Self::Body | Self::Women | Self::Lifestyle | Self::MedicalLegality => {
                matches!(licence, Licence::Nurse | Licence::PublicHealthNurse)
            }
            Self::Mind => matches!(licence, Licence::PublicHealthNurse | Licence::Psychologist),
            Self::Unsorted | Self::Work | Self::Harassment | Self::Compliance | Self::Other => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_found_by_its_name_and_somebody_fits_it() {
        let licences = [Licence::Nurse, Licence::PublicHealthNurse, Licence::Psychologist];
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.code()), Some(topic));
            assert!(licences.iter().any(|licence| topic.fits(*licence)), "{topic:?}");
        }
        assert_eq!(Topic::parse("Mind"), None);
    }
}
