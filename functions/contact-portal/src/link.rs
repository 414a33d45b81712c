//! The addresses in mails: whoever has one reads that report, without signing in.

use domain::id::{ImportId, TenantId};

/// Something below `…/contacts/rosters/{tenant}/{import}/{token}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    /// Whose import.
    pub tenant: TenantId,
    /// Which.
    pub import: ImportId,
    /// What makes the address one that nobody guesses.
    pub token: &'a str,
    /// The page, or a file to download.
    pub asks: Asks,
}

/// What is asked for about an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The page.
    Page,
    /// The findings as CSV.
    Report,
}

/// What stands before the ids, whatever stage the gateway may put before it.
const PREFIX: &str = "/contacts/rosters/";

/// Whether `path` is meant as the link of a mail, right or wrong.
pub fn is_below(path: &str) -> bool {
    path.contains(PREFIX)
}

impl<'a> Link<'a> {
    /// Reads a path (a stage may stand before it); `None` where there is no such page.
    pub fn of(path: &'a str) -> Option<Self> {
        let (_, below) = path.split_once(PREFIX)?;
        let mut parts = below.split('/');
        let (tenant, import, token) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
        let asks = match (parts.next(), parts.next()) {
            (None, None) => Asks::Page,
            (Some("report.csv"), None) => Asks::Report,
            _ => return None,
        };
        Some(Self { tenant, import, token, asks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_tenant_import_token_and_what_is_asked_for() {
        const BASE: &str = "/contacts/rosters/01JDFZ6B0000000000000000AA/01JDFZ6B0000000000000000BB/abc";
        for (path, asks) in [
            (BASE.to_owned(), Some(Asks::Page)),
            (format!("/prod{BASE}"), Some(Asks::Page)),
            (format!("{BASE}/report.csv"), Some(Asks::Report)),
            // It holds personal data, and whoever has the link reads what is here.
            (format!("{BASE}/leavers.csv"), None),
            (format!("{BASE}/"), None),
            (format!("{BASE}/report.json"), None),
            (format!("{BASE}/report.csv/more"), None),
            (BASE.replace("/01JDFZ6B0000000000000000BB", ""), None),
            (BASE.replace("01JDFZ6B0000000000000000AA", "sakura"), None),
            (BASE.replace("/contacts", ""), None),
            ("/".to_owned(), None),
        ] {
            let link = Link::of(&path);
            assert_eq!(link.map(|link| link.asks), asks, "{path}");
            assert!(link.is_none_or(|link| link.token == "abc"), "{path}");
        }
    }
}
