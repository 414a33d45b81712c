//! What all pages share: the frame around them, their one style sheet, and the policy that lets nothing else in.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use domain::{phrase::Phrase, text::Language};

const STYLE: &str = include_str!("style.css");

/// The content security policy: the style sheet by its digest, and the icon that is none.
pub fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
        format!(
            "default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
    });
    &POLICY
}

/// A whole page with `main` in it.
pub fn page(language: Language, title: &str, main: &Markup) -> Markup {
    let service = language.phrase(Phrase::Service);
    html! {
        (DOCTYPE)
        html lang=(code(language)) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="format-detection" content="telephone=no";
                title { (title) "｜" (service) }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (language.phrase(Phrase::SkipToMain)) }
                header { p { (service) } }
                main id="main" { (main) }
            }
        }
    }
}

/// A page that only says something.
pub fn notice(language: Language, title: Phrase, text: Phrase) -> Markup {
    let title = language.phrase(title);
    page(language, title, &html! { h1 { (title) } p { (language.phrase(text)) } })
}

const fn code(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::En => "en",
    }
}
