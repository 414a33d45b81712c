//! The page: what can be sent, who reads it, when it goes; a field for files, and what became of each. It shows nothing of what
//! was sent before.

use maud::html;
use serde_json::json;
use web::Page;

use domain::{document::LARGEST, phrase::Phrase, text::Language};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("upload.js");
/// What the field offers to choose; a telephone's own pictures among it as they are.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif";

/// The page for documents, from which they go to `origin`.
pub fn upload(language: Language, origin: &str) -> Page<'_> {
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
    Page { scripts: &[SCRIPT], style: STYLE, origin, ..Page::plain(language, title, main) }
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
