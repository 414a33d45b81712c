//! Reading JSON one level at a time. Each level is kept as raw text until somebody asks for a field, so that depth,
//! odd types and unknown fields hurt nobody but the field that is asked for: there is no recursion to run out of.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::word::is_word;

/// The longest token that we believe (LINE does not publish a length; today's have 32 characters).
const LONGEST_TOKEN: usize = 1024;

/// One JSON object. Every reader answers `None` for a field that is missing, `null` or of the wrong type.
pub(super) struct Object<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Object<'a> {
    /// The object that `raw` is, if it is one. Of a repeated field the last one counts.
    pub(super) fn read(raw: &'a RawValue) -> Option<Self> {
        scalar_or_level(raw).map(Self)
    }

    /// The fields in the order of their names, as they were written.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.0.iter().map(|(name, raw)| (name.as_str(), raw.get()))
    }

    /// Whether the field is missing or `null`.
    pub(super) fn lacks(&self, name: &str) -> bool {
        self.0.get(name).is_none_or(|raw| raw.get() == "null")
    }

    /// A nested object.
    pub(super) fn object(&self, name: &str) -> Option<Object<'a>> {
        self.0.get(name).and_then(|raw| Object::read(raw))
    }

    /// The elements of an array.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&'a RawValue>> {
        self.get(name)
    }

    /// Any text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)
    }

    /// A `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)
    }

    /// A number with a fraction.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.get(name)
    }

    /// An integer, also where it is written as a text.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.get(name).or_else(|| self.text(name)?.parse().ok())
    }

    /// An id or the name of a kind, also where it is written as a number. Only characters that are harmless in keys and
    /// logs: anything else is none of LINE's ids.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        let text = self.text(name).or_else(|| self.get::<u64>(name).map(|number| number.to_string()))?;
        is_word(&text).then_some(text)
    }

    /// A token: visible ASCII.
    pub(super) fn token(&self, name: &str) -> Option<String> {
        self.text(name).filter(|text| (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()))
    }

    /// All fields that are texts, by name.
    pub(super) fn texts(&self) -> BTreeMap<String, String> {
        self.0.iter().filter_map(|(name, raw)| Some((name.clone(), scalar_or_level(raw)?))).collect()
    }

    fn get<T: Deserialize<'a>>(&self, name: &str) -> Option<T> {
        self.0.get(name).and_then(|raw| scalar_or_level(raw))
    }
}

/// Only ever called with types of at most one level, which is what keeps the recursion limit out of reach.
fn scalar_or_level<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn with_object(json: &str, check: impl FnOnce(Object<'_>)) {
        check(Object::read(serde_json::from_str(json).unwrap()).unwrap());
    }

    #[test]
    fn a_wrong_type_reads_as_absent() {
        with_object(r#"{"a":[],"b":{},"c":null,"d":1.5,"e":true}"#, |object| {
            for name in ["a", "b", "c", "d", "e", "missing"] {
                assert_eq!(object.text(name), None, "{name}");
                assert_eq!(object.word(name), None, "{name}");
                assert_eq!(object.integer(name), None, "{name}");
            }
            assert_eq!(object.flag("e"), Some(true));
            assert_eq!(object.flag("d"), None);
            assert_eq!(object.number("d"), Some(1.5));
            assert!(object.object("b").is_some() && object.object("a").is_none());
            assert!(object.list("a").is_some() && object.list("b").is_none());
        });
    }

    #[test]
    fn ids_may_be_numbers_and_numbers_may_be_texts() {
        with_object(r#"{"id":325708,"timestamp":"1795482900000"}"#, |object| {
            assert_eq!(object.word("id").as_deref(), Some("325708"));
            assert_eq!(object.integer("timestamp"), Some(1_795_482_900_000));
        });
    }

    #[test]
    fn ids_that_would_be_odd_in_a_key_are_none() {
        let long = "a".repeat(129);
        for odd in ["", "a b", "a#b", "a/b", "ｕ", "a\\nb", &long] {
            with_object(&format!(r#"{{"id":"{odd}"}}"#), |object| assert_eq!(object.word("id"), None, "{odd}"));
        }
    }

    #[test]
    fn depth_hurts_only_the_field_that_is_deep() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        with_object(&format!(r#"{{"deep":{deep},"text":"ok"}}"#), |object| {
            assert_eq!(object.text("deep"), None);
            assert_eq!(object.text("text").as_deref(), Some("ok"));
        });
    }

    #[test]
    fn the_last_of_a_repeated_field_counts() {
        with_object(r#"{"a":"1","a":"2"}"#, |object| assert_eq!(object.text("a").as_deref(), Some("2")));
    }
}
