//! What all pages share: the frame around them, their one style sheet, and the policy that lets nothing else in.

use base64::{Engine, prelude::BASE64_STANDARD};
use lambda_http::Request;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use domain::{phrase::Phrase, text::Language};

const STYLE: &str = include_str!("style.css");

/// A script that keeps the element `list` of a page as it is now; its requests say so in a header.
pub const REFRESH: &str = include_str!("refresh.js");

/// Whether a request is one of [`REFRESH`].
pub fn is_refresh(request: &Request) -> bool {
    request.headers().contains_key("x-refresh")
}

/// A page as it is to be shown.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The language of the frame; `main` is in the same.
    pub language: Language,
    /// What the page is about.
    pub title: &'a str,
    /// Where else one can go from here.
    pub nav: &'a [Link<'a>],
    /// The name of who is signed in.
    pub person: Option<&'a str>,
    /// Scripts that run in the page, below `main`. Written by us: nothing in them is escaped.
    pub scripts: &'a [&'static str],
    /// A style sheet of the page's own, behind the shared one.
    pub style: &'static str,
    /// Another origin that its scripts may call, or nothing.
    pub origin: &'a str,
    /// Whether the page may send forms, to its own origin.
    pub has_forms: bool,
    /// What the page says.
    pub main: Markup,
}

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct Link<'a> {
    /// What it says.
    pub label: &'a str,
    /// Where it goes.
    pub href: &'a str,
    /// Whether this is the page itself.
    pub current: bool,
}

impl<'a> Page<'a> {
    /// A page that is only read: no navigation, no scripts, no forms.
    pub const fn plain(language: Language, title: &'a str, main: Markup) -> Self {
        Self { language, title, nav: &[], person: None, scripts: &[], style: "", origin: "", has_forms: false, main }
    }

    /// A page that only says something.
    pub fn notice(language: Language, title: Phrase, text: Phrase) -> Self {
        let title = language.phrase(title);
        Self::plain(language, title, html! { h1 { (title) } p { (language.phrase(text)) } })
    }

    /// The whole page.
    pub fn render(&self) -> Markup {
        let say = |phrase| self.language.phrase(phrase);
        html! {
            (DOCTYPE)
            html lang=(self.language.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="format-detection" content="telephone=no";
                    title { (self.title) "｜" (say(Phrase::Service)) }
                    link rel="icon" href="data:,";
                    style { (PreEscaped(STYLE)) }
                    @if !self.style.is_empty() { style { (PreEscaped(self.style)) } }
                }
                body {
                    a.skip href="#main" { (say(Phrase::SkipToMain)) }
                    header {
                        div.bar {
                            p.service { (say(Phrase::Service)) }
                            @if let Some(person) = self.person { p.person { (person) } }
                        }
                        @if !self.nav.is_empty() {
                            nav {
                                ul {
                                    @for link in self.nav {
                                        li { a href=(link.href) aria-current=[link.current.then_some("page")] { (link.label) } }
                                    }
                                }
                            }
                        }
                    }
                    main id="main" { (self.main) }
                    @for script in self.scripts { script { (PreEscaped(script)) } }
                }
            }
        }
    }

    /// The content security policy: style sheet and scripts by their digests, calls and forms to the own origin where the
    /// page has them, pictures from there, and the icon that is none.
    pub fn policy(&self) -> String {
        let sheets = [STYLE, self.style].into_iter().filter(|sheet| !sheet.is_empty());
        let style = sheets.map(by_digest).collect::<Vec<_>>().join(" ");
        let scripts = if self.scripts.is_empty() {
            String::new()
        } else {
            let digests: Vec<_> = self.scripts.iter().map(|script| by_digest(script)).collect();
            let origin = if self.origin.is_empty() { String::new() } else { format!(" {}", self.origin) };
            format!("script-src {}; connect-src 'self'{origin}; ", digests.join(" "))
        };
        let forms = if self.has_forms { "'self'" } else { "'none'" };
        format!(
            "default-src 'none'; style-src {style}; {scripts}img-src 'self' data:; base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
        )
    }
}

fn by_digest(text: &str) -> String {
    format!("'sha256-{}'", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "if (1 < 2) document.title = 'x';";

    #[test]
    fn a_page_that_is_only_read_lets_in_nothing_but_its_style_sheet() {
        let page = Page::notice(Language::Ja, Phrase::NotFoundTitle, Phrase::NotFoundText);
        let (shown, policy) = (page.render().0, page.policy());
        assert!(shown.matches("<style>").count() == 1 && !shown.contains("<script") && !shown.contains("<nav"));
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("form-action 'none'"));
        assert!(!policy.contains("script-src") && !policy.contains("connect-src"));
    }

    #[test]
    fn a_script_stands_in_the_page_as_its_digest_was_taken() {
        let page = Page { scripts: &[SCRIPT], has_forms: true, ..Page::plain(Language::En, "Queue", html! {}) };
        assert!(page.render().0.contains(&format!("<script>{SCRIPT}</script>")));
        assert!(page.policy().contains(&format!("script-src {}; connect-src 'self'", by_digest(SCRIPT))));
        assert!(page.policy().contains("form-action 'self'"));
    }

    #[test]
    fn the_page_itself_is_marked_in_the_navigation_and_names_are_never_markup() {
        let nav = [Link { label: "相談", href: "/desk/", current: true }, Link { label: "<i>", href: "/desk/x", current: false }];
        let page = Page { nav: &nav, person: Some("<b>"), ..Page::plain(Language::Ja, "相談", html! {}) };
        let shown = page.render().0;
        assert!(shown.contains("<a href=\"/desk/\" aria-current=\"page\">相談</a>") && shown.matches("aria-current=\"page\"").count() == 1);
        assert!(shown.contains("&lt;b&gt;") && !shown.contains("<b>") && !shown.contains("<i>"));
    }
}
