//! What a person who signs in may be.

use serde::{Deserialize, Serialize};

use domain::licence::Licence;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// A role, as the identity provider's groups give it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name of its group.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

roles! {
    /// 看護師.
    Nurse = "nurse",
    /// 保健師.
    PublicHealthNurse = "public_health_nurse",
    /// 公認心理師.
    Psychologist = "psychologist",
    /// A tenant's contact (担当者).
    Contact = "contact",
    /// Runs the service.
    Operator = "operator",
}

impl Role {
    /// The role of a group; `None` for a group that means nothing here.
    pub fn of_group(group: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.code() == group)
    }
}

impl From<Licence> for Role {
    fn from(licence: Licence) -> Self {
        match licence {
            Licence::Nurse => Self::Nurse,
            Licence::PublicHealthNurse => Self::PublicHealthNurse,
            Licence::Psychologist => Self::Psychologist,
        }
    }
}
