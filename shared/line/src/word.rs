//! LINE's ids: one small macro for the ones that name things and not people, and so may stand in keys and in logs.

/// The longest id or name of a kind that we believe. LINE's have 41 characters at most; table keys need some bound.
const LONGEST: usize = 128;

/// The text is no id of LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of LINE: 1 to 128 ASCII letters, digits, - and _")]
pub struct BadId;

/// Whether a text has the shape of LINE's ids and names of kinds.
pub(crate) fn is_word(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Declares newtypes over such an id, with `parse` and `as_str`.
macro_rules! words {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Accepts 1 to 128 ASCII letters, digits, `-` and `_`: what is harmless in a key and in a log.
            pub fn parse(text: &str) -> Result<Self, $crate::word::BadId> {
                $crate::word::is_word(text).then(|| Self(text.to_owned())).ok_or($crate::word::BadId)
            }

            /// The id as LINE writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    words! {
        /// Stands for any of them.
        Name,
    }

    #[test]
    fn odd_ids_are_refused() {
        for odd in ["", "a b", "a#b", "a/b", "..", "あ", &"a".repeat(129)] {
            assert_eq!(Name::parse(odd), Err(super::BadId), "{odd}");
        }
        for good in ["468789577898262530", "richmenu-88c05ef6921ae53f8b58a25f3a65faf7", &"a".repeat(128)] {
            assert!(Name::parse(good).is_ok_and(|name| name.as_str() == good), "{good}");
        }
    }
}
