//! What an interview is for, and what it is not for (row C3, 「関連法令上、医師に実施義務のある面談は貴社産業医による実施をお願い
//! いたします」); and how it is held.

use serde::{Deserialize, Serialize};

use crate::{personal::PhoneNumber, phrase::Phrase};

macro_rules! coded {
    ($(#[$about:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $code:literal, $phrase:ident;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl $type {
            /// Every one, in the order in which people choose.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in forms and in the table.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What people read.
            pub const fn phrase(self) -> Phrase {
                match self { $(Self::$name => Phrase::$phrase),+ }
            }

            /// The one with this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.code() == code)
            }
        }
    };
}

coded! {
    /// What an interview with a nurse is for.
    Purpose {
        /// 健康診断後のフォロー.
        Checkup = "checkup", InterviewPurposeCheckup;
        /// 生活習慣の改善.
        Lifestyle = "lifestyle", InterviewPurposeLifestyle;
        /// こころの健康.
        Mind = "mind", InterviewPurposeMind;
        /// 女性の健康.
        Women = "women", InterviewPurposeWomen;
        /// 休職中・復職後のフォロー.
        Return = "return", InterviewPurposeReturn;
        /// 新入社員・異動者のフォロー.
        Newcomer = "newcomer", InterviewPurposeNewcomer;
        /// その他.
        Other = "other", InterviewPurposeOther;
    }
}

coded! {
    /// What a law gives to a physician: it stands in the form, so that the contact who chooses it learns where it belongs.
    Physicians {
        /// 長時間労働者: 労働安全衛生法 66条の8.
        LongHours = "long-hours", InterviewPurposeLongHours;
        /// 高ストレス者: 労働安全衛生法 66条の10.
        HighStress = "high-stress", InterviewPurposeHighStress;
    }
}

impl Physicians {
    /// Why it is refused, and whom to ask instead.
    pub const fn refusal(self) -> Phrase {
        match self {
            Self::LongHours => Phrase::InterviewPhysicianLongHours,
            Self::HighStress => Phrase::InterviewPhysicianHighStress,
        }
    }
}

/// A choice of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// A nurse does it.
    Nurses(Purpose),
    /// It is refused, with the reason and the advice to ask the company's physician.
    Physicians(Physicians),
}

impl Chosen {
    /// The choice with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        let nurses = Purpose::of_code(code).map(Self::Nurses);
        nurses.or_else(|| Physicians::of_code(code).map(Self::Physicians))
    }
}

/// How an interview is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// The nurse calls the employee under this number.
    #[serde(rename = "phone")]
    Phone(PhoneNumber),
    /// By a link in the guidance mail.
    #[serde(rename = "web")]
    Web,
}

impl Method {
    /// What people read; the number is not in it.
    pub const fn phrase(&self) -> Phrase {
        match self {
            Self::Phone(_) => Phrase::InterviewMethodPhone,
            Self::Web => Phrase::InterviewMethodWeb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_law_gives_to_a_physician_is_no_purpose_of_ours() {
        for physicians in Physicians::ALL {
            assert_eq!(Chosen::of_code(physicians.code()), Some(Chosen::Physicians(*physicians)));
            assert_eq!(Purpose::of_code(physicians.code()), None);
        }
        for purpose in Purpose::ALL {
            assert_eq!(Chosen::of_code(purpose.code()), Some(Chosen::Nurses(*purpose)));
        }
        assert_eq!(Chosen::of_code(""), None);
    }
}
