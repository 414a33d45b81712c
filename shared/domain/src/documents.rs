//! What a person consents to: where the operator has published it (row A1).

use serde::{Deserialize, Serialize};

/// Links to the operator's terms of use and privacy notice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Documents {
    /// 利用規約.
    pub terms: Option<WebLink>,
    /// プライバシーポリシー.
    pub privacy: Option<WebLink>,
}

/// An `https` address of a page, as it stands in a chat text: at most 300 characters of printable ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// The text is no link that we would send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a link: https:// with at most 300 characters of ASCII, without spaces")]
pub struct BadWebLink;

impl WebLink {
    /// The link as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for WebLink {
    type Err = BadWebLink;

    fn from_str(text: &str) -> Result<Self, BadWebLink> {
        let text = text.trim();
        let host = text.strip_prefix("https://").ok_or(BadWebLink)?;
        let names_a_host = host.split('/').next().is_some_and(|host| host.contains('.'));
        if names_a_host && text.len() <= 300 && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadWebLink)
        }
    }
}

impl TryFrom<String> for WebLink {
    type Error = BadWebLink;

    fn try_from(text: String) -> Result<Self, BadWebLink> {
        text.parse()
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_links_are_sent_to_people() {
        for (text, good) in [
            ("https://kenko.example.jp/terms", true),
            (" https://kenko.example.jp ", true),
            ("http://kenko.example.jp/terms", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https://a b.jp", false),
            ("https://健康.jp/", false),
        ] {
            assert_eq!(text.parse::<WebLink>().is_ok(), good, "{text}");
        }
    }
}
