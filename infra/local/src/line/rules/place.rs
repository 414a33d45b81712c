//! Where something stands in a request's JSON, and what is wrong there.

use serde::Serialize;
use serde_json::Value;

/// A value of the request with LINE's name for its place, such as `messages[0].quickReply.items[3].action`.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    path: String,
    /// `None` where the request has nothing (or `null`) at this place.
    value: Option<&'a Value>,
}

impl<'a> Place<'a> {
    /// The whole request.
    pub fn root(value: &'a Value) -> Self {
        Self { path: String::new(), value: Some(value) }
    }

    /// The field `name` of this object.
    pub fn field(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, value: self.value.and_then(|value| value.get(name)).filter(|value| !value.is_null()) }
    }

    /// The elements of this array; `None` where it is no array.
    pub fn elements(&self) -> Option<Vec<Self>> {
        let elements = self.value?.as_array()?;
        Some(elements.iter().enumerate().map(|(i, value)| Self { path: format!("{}[{i}]", self.path), value: Some(value) }).collect())
    }

    /// The text here; `None` where there is none.
    pub fn text(&self) -> Option<&'a str> {
        self.value.and_then(Value::as_str)
    }

    /// The number here; `None` where there is none.
    pub fn number(&self) -> Option<f64> {
        self.value.and_then(Value::as_f64)
    }

    /// The whole number here; `None` where there is none.
    pub fn whole(&self) -> Option<i64> {
        self.value.and_then(Value::as_i64)
    }

    /// The truth value here; `None` where there is none.
    pub fn truth(&self) -> Option<bool> {
        self.value.and_then(Value::as_bool)
    }

    /// Whether the request says something at this place.
    pub fn is_given(&self) -> bool {
        self.value.is_some()
    }

    /// Bytes of this value as JSON.
    pub fn json_size(&self) -> usize {
        self.value.map_or(0, |value| value.to_string().len())
    }
}

/// One entry of an error answer's `details`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// Where, see [`Place`].
    pub property: String,
}

/// Everything that is wrong with a request.
#[derive(Debug, Default)]
pub struct Problems(pub Vec<Problem>);

/// How LINE counts the characters of a field.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// UTF-16 code units: a surrogate pair counts twice.
    Utf16,
    /// What a reader sees as one character.
    Grapheme,
}

impl Problems {
    /// Notes a problem.
    pub fn add(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.0.push(Problem { message: message.into(), property: place.path.clone() });
    }

    /// The field must hold a text that is not blank, of at most `max` characters.
    pub fn required_text(&mut self, place: &Place<'_>, max: usize, unit: Unit) {
        match place.text() {
            Some(text) if !text.trim().is_empty() => self.length(place, text, max, unit),
            Some(_) | None => self.add(place, "May not be empty"),
        }
    }

    /// The field may be absent; else it is a text of at most `max` characters.
    pub fn optional_text(&mut self, place: &Place<'_>, max: usize, unit: Unit) {
        match place.text() {
            Some(text) => self.length(place, text, max, unit),
            None if place.is_given() => self.add(place, "Must be a string"),
            None => {}
        }
    }

    fn length(&mut self, place: &Place<'_>, text: &str, max: usize, unit: Unit) {
        let length = match unit {
            Unit::Utf16 => text.encode_utf16().count(),
            Unit::Grapheme => unicode_segmentation::UnicodeSegmentation::graphemes(text, true).count(),
        };
        if length > max {
            self.add(place, format!("Length must be between 0 and {max}"));
        }
    }

    /// The field must be an array of `min` to `max` elements, which are returned (none where it is not).
    pub fn sized<'a>(&mut self, place: &Place<'a>, min: usize, max: usize) -> Vec<Place<'a>> {
        let elements = place.elements().unwrap_or_default();
        if !(min..=max).contains(&elements.len()) {
            self.add(place, format!("Size must be between {min} and {max}"));
        }
        elements
    }

    /// The field must be one of `allowed`.
    pub fn one_of(&mut self, place: &Place<'_>, allowed: &[&str]) {
        if !place.text().is_some_and(|text| allowed.contains(&text)) {
            self.add(place, format!("Must be one of: {}", allowed.join(", ")));
        }
    }

    /// The field must be an `https` address of at most 2000 characters (pictures, sounds, videos).
    pub fn https(&mut self, place: &Place<'_>) {
        self.address(place, &["https"], 2000);
    }

    /// The field must be an address of one of `schemes`, in ASCII (everything else percent-encoded), of at most `max` characters.
    pub fn address(&mut self, place: &Place<'_>, schemes: &[&str], max: usize) {
        let Some(text) = place.text().filter(|text| !text.is_empty()) else {
            return self.add(place, "May not be empty");
        };
        self.length(place, text, max, Unit::Utf16);
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        let known = url::Url::parse(text).is_ok_and(|url| schemes.contains(&url.scheme()));
        if !plain || !known {
            self.add(place, "invalid uri scheme");
        }
    }

    /// An address that may be absent.
    pub fn optional_https(&mut self, place: &Place<'_>) {
        if place.is_given() {
            self.https(place);
        }
    }
}
