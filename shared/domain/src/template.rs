//! Reply templates (row B2): texts that nurses begin an answer with.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::topic::Topic;

/// What a template says, and where it fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenTemplate")]
pub struct Template {
    title: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<Topic>,
}

/// A template as it is written down.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WrittenTemplate {
    /// What nurses choose by.
    pub title: String,
    /// What it says.
    pub text: String,
    /// The topic that it is for, where it is for one.
    #[serde(default)]
    pub topic: Option<Topic>,
}

/// Why something is no template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// No title, or too long a one.
    #[error("a template has a title of 1 to {} characters, in one line", Template::MAX_TITLE)]
    Title,
    /// No text, or too long a one.
    #[error("a template has a text of 1 to {} characters", Template::MAX_TEXT)]
    Text,
}

impl TryFrom<WrittenTemplate> for Template {
    type Error = BadTemplate;

    fn try_from(WrittenTemplate { title, text, topic }: WrittenTemplate) -> Result<Self, BadTemplate> {
        let title = title.trim().to_owned();
        if !(1..=Self::MAX_TITLE).contains(&title.chars().count()) || title.contains(char::is_control) {
            return Err(BadTemplate::Title);
        }
        let text = text.replace("\r\n", "\n").trim().to_owned();
        if !(1..=Self::MAX_TEXT).contains(&text.chars().count()) {
            return Err(BadTemplate::Text);
        }
        Ok(Self { title, text, topic })
    }
}

impl Template {
    /// Characters of a title at most.
    pub const MAX_TITLE: usize = 40;
    /// Characters of a text at most.
    pub const MAX_TEXT: usize = 2000;

    /// What nurses choose by.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The topic that it is for; `None` fits all.
    pub const fn topic(&self) -> Option<Topic> {
        self.topic
    }

    /// Templates to begin with, `data/reply-templates.toml`. A file that lists none is an empty list; a test keeps that from
    /// happening.
    pub fn default_list() -> &'static [Self] {
        static DEFAULT: LazyLock<Vec<Template>> =
            LazyLock::new(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/reply-templates.json"))).unwrap_or_default());
        &DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(title: &str, text: &str) -> Result<Template, BadTemplate> {
        WrittenTemplate { title: title.to_owned(), text: text.to_owned(), topic: None }.try_into()
    }

    #[test]
    fn a_template_has_a_title_and_a_text() {
        let good =
            template(" お礼 ", "ありがとうございます。\r\n").map(|template| (template.title().to_owned(), template.text().to_owned()));
        assert_eq!(good, Ok(("お礼".to_owned(), "ありがとうございます。".to_owned())));
        assert_eq!(template("", "a"), Err(BadTemplate::Title));
        assert_eq!(template("a\nb", "a"), Err(BadTemplate::Title));
        assert_eq!(template(&"あ".repeat(41), "a"), Err(BadTemplate::Title));
        assert_eq!(template("a", " \r\n"), Err(BadTemplate::Text));
        assert_eq!(template("a", &"あ".repeat(2001)), Err(BadTemplate::Text));
    }

    #[test]
    fn the_templates_that_the_system_comes_with_are_told_apart_by_their_titles() {
        let mut titles: Vec<&str> = Template::default_list().iter().map(Template::title).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), 7);
    }
}
