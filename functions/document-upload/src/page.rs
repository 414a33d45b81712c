//! The page: what can be sent, who reads it, when it goes; a field for files, and what became of each. It shows nothing of what
//! was sent before.

use std::sync::LazyLock;

use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};
use serde_json::json;

use domain::{document::LARGEST, phrase::Phrase, text::Language};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("upload.js");
/// What the field offers to choose; a telephone's own pictures among it as they are.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif";

/// The content security policy: one style sheet and one script by their digests, and requests to ourselves and to `origin`.
pub fn policy(origin: &str) -> String {
    static OURS: LazyLock<[String; 2]> =
        LazyLock::new(|| [STYLE, SCRIPT].map(|text| BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes()))));
    let [style, script] = &*OURS;
    let connect = if origin.is_empty() { "'none'".to_owned() } else { format!("'self' {origin}") };
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; connect-src {connect}; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The page for documents.
pub fn upload(language: Language) -> Markup {
    let say = |phrase| language.phrase(phrase);
    let title = say(Phrase::UploadTitle);
    let about = [
        (Phrase::UploadKindsTitle, Phrase::UploadKinds),
        (Phrase::UploadReadersTitle, Phrase::UploadReaders),
        (Phrase::UploadKeptTitle, Phrase::UploadKept),
    ];
    let main = html! {
        h1 { (title) }
        p { (say(Phrase::UploadIntro)) }
        dl {
            @for (label, text) in about {
                div { dt { (say(label)) } dd { (say(text)) } }
            }
        }
        noscript { p.result.bad { (say(Phrase::UploadNeedsScript)) } }
        form novalidate data-words=(words(language)) data-largest=(LARGEST) {
            label for="files" { (say(Phrase::UploadChoose)) }
            input id="files" type="file" multiple accept=(ACCEPT);
            button type="submit" { (say(Phrase::UploadSend)) }
        }
        p id="result" role="status" {}
        ul id="outcomes" {}
        p.quiet { (say(Phrase::UploadOnlyAdd)) }
    };
    frame(language, title, &main, true)
}

/// What the script says, by the words that it and the answers to it use.
fn words(language: Language) -> String {
    let say = |phrase| language.phrase(phrase);
    json!({
        "progress": say(Phrase::UploadProgress),
        "nothing": say(Phrase::UploadNothing),
        "waiting": say(Phrase::UploadWaiting),
        "sending": say(Phrase::UploadSending),
        "sent": say(Phrase::UploadSent),
        "empty": say(Phrase::UploadEmpty),
        "too-large": say(Phrase::UploadTooLarge),
        "other-type": say(Phrase::UploadOtherType),
        "too-many": say(Phrase::UploadTooMany),
        "failed": say(Phrase::UploadFailed),
        "over": say(Phrase::UploadOverText),
        "all-sent": say(Phrase::UploadAllSent),
        "some-not-sent": say(Phrase::UploadSomeNotSent),
    })
    .to_string()
}

/// A page that only says something.
pub fn notice(language: Language, title: Phrase, text: Phrase) -> Markup {
    let title = language.phrase(title);
    frame(language, title, &html! { h1 { (title) } p { (language.phrase(text)) } }, false)
}

fn frame(language: Language, title: &str, main: &Markup, has_script: bool) -> Markup {
    let service = language.phrase(Phrase::Service);
    let code = match language {
        Language::Ja => "ja",
        Language::En => "en",
    };
    html! {
        (DOCTYPE)
        html lang=(code) {
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
                @if has_script { script { (PreEscaped(SCRIPT)) } }
            }
        }
    }
}
