//! Where a call goes: one of LINE's two hosts, and a path below it.

use http::Uri;
use url::{Host, Url};

use super::NoClient;
use crate::error::SendError;

/// What every path of a host is added to.
pub(super) struct Base(Url);

impl Base {
    /// Accepts https, and http where nobody else can listen: secrets and messages travel there.
    pub(super) fn new(url: &Url) -> Result<Self, NoClient> {
        let safe = match url.scheme() {
            "https" => true,
            "http" => is_loopback(url),
            _ => false,
        };
        if safe && !url.cannot_be_a_base() { Ok(Self(url.clone())) } else { Err(NoClient::Address(url.clone())) }
    }

    /// Whether calls go out in clear text.
    pub(super) fn is_clear_text(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// A path below the base, whether or not the base ends with a slash. Each of the `segments` is percent-encoded, so that
    /// an id cannot lead anywhere else; one that would (`.` and `..` are steps, no names) is refused.
    pub(super) fn at(&self, segments: &[&str]) -> Result<Uri, SendError> {
        let wrong = || SendError::NotSent { why: "the address cannot be formed".to_owned() };
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(wrong());
        }
        let mut url = self.0.clone();
        url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(segments);
        url.as_str().parse().map_err(|_| wrong())
    }
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn base(url: &str) -> Base {
        Base::new(&url.parse().unwrap()).unwrap()
    }

    #[test]
    fn clear_text_stays_on_this_machine() {
        for (good, clear_text) in
            [("https://api.line.me/", false), ("http://127.0.0.1:8080", true), ("http://[::1]:1/", true), ("http://localhost:9/line", true)]
        {
            assert_eq!(base(good).is_clear_text(), clear_text, "{good}");
        }
        for bad in ["http://api.line.me/", "http://10.0.0.1/", "http://localhost.example.jp/", "ftp://127.0.0.1/", "mailto:a@b.jp"] {
            let bad: Url = bad.parse().unwrap();
            assert_eq!(Base::new(&bad).map(|_| ()), Err(NoClient::Address(bad)));
        }
    }

    #[test]
    fn paths_are_added_to_any_base() {
        for (url, expected) in [
            ("https://api.line.me", "https://api.line.me/v2/bot"),
            ("https://api.line.me/", "https://api.line.me/v2/bot"),
            ("http://127.0.0.1:8080/line/", "http://127.0.0.1:8080/line/v2/bot"),
        ] {
            assert_eq!(base(url).at(&["v2", "bot"]).unwrap(), expected);
        }
    }

    #[test]
    fn an_id_stays_where_it_is_put() {
        assert_eq!(base("https://api.line.me").at(&["user", "a/../b?c#d"]).unwrap(), "https://api.line.me/user/a%2F..%2Fb%3Fc%23d");
        for step in ["", ".", ".."] {
            assert!(base("https://api.line.me").at(&["user", step]).is_err(), "{step}");
        }
    }
}
