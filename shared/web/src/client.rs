//! What a seal is bound to. Several clients share an installation and its key: what one of them let in is a stranger to the others.

use url::Url;

/// Who vouches for a person, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client(String);

impl Client {
    /// The client of that id at that provider.
    pub fn new(issuer: &Url, id: &str) -> Self {
        // No URL has a space in it, so that no two pairs are written alike.
        Self(format!("{} {id}", issuer.as_str().trim_end_matches('/')))
    }

    /// Where something that is sealed for this client opens.
    pub(crate) fn place(&self, kind: &str) -> String {
        format!("web|{kind}|{}", self.0)
    }
}
