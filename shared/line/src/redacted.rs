//! One small macro for texts that must never show themselves in a log.

/// Declares newtypes over `String` whose `Debug` is `‹redacted›`, with `new` and `expose`.
macro_rules! redacted {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it came.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The content; never for a log.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("‹redacted›")
            }
        }
    )+};
}

pub(crate) use redacted;

#[cfg(test)]
mod tests {
    redacted! {
        /// Stands for any of them.
        Whisper,
    }

    #[test]
    fn debug_shows_nothing_and_expose_everything() {
        let whisper = Whisper::new("眠れません");
        assert_eq!(format!("{whisper:?}"), "‹redacted›");
        assert_eq!(whisper.expose(), "眠れません");
    }
}
