//! The pages for people: static files that use the programs' interface (`/local/…`) and nothing else.

use axum::{Router, response::IntoResponse, routing::get};
use http::header;

/// A page: its path, its title, and its `<main>` (the frame around it is the same for all).
struct Page {
    path: &'static str,
    title: &'static str,
    main: &'static str,
}

macro_rules! page_file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/pages/", $name))
    };
}

const PAGES: [Page; 7] = [
    Page { path: "/", title: "トップ", main: page_file!("front.html") },
    Page { path: "/chat", title: "チャット", main: page_file!("chat.html") },
    Page { path: "/mailbox", title: "メール", main: page_file!("mailbox.html") },
    Page { path: "/schedules", title: "予定", main: page_file!("schedules.html") },
    Page { path: "/clock", title: "時計", main: page_file!("clock.html") },
    Page { path: "/table", title: "テーブル", main: page_file!("table.html") },
    Page { path: "/buckets", title: "バケット", main: page_file!("buckets.html") },
];

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FILES: [(&str, &str, &str); 11] = [
    ("/static/style.css", CSS, page_file!("style.css")),
    ("/static/local.js", SCRIPT, page_file!("local.js")),
    ("/static/message.js", SCRIPT, page_file!("message.js")),
    ("/static/front.js", SCRIPT, page_file!("front.js")),
    ("/static/chat.js", SCRIPT, page_file!("chat.js")),
    ("/static/mailbox.js", SCRIPT, page_file!("mailbox.js")),
    ("/static/schedules.js", SCRIPT, page_file!("schedules.js")),
    ("/static/clock.js", SCRIPT, page_file!("clock.js")),
    ("/static/table.js", SCRIPT, page_file!("table.js")),
    ("/static/buckets.js", SCRIPT, page_file!("buckets.js")),
    ("/static/deliver.js", SCRIPT, page_file!("deliver.js")),
];

/// Nothing comes from elsewhere. Inline styles and `data:` pictures are allowed for mails, which are shown in a frame
/// without scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; \
                      frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// All pages and their files.
pub fn router() -> Router {
    let pages = PAGES.iter().map(|page| (page.path, "text/html; charset=utf-8", framed(page)));
    let files = FILES.iter().map(|(path, kind, text)| (*path, *kind, (*text).to_owned()));
    pages.chain(files).fold(Router::new(), |router, (path, kind, text)| {
        router.route(path, get(async move || ([(header::CONTENT_TYPE, kind)], headers(), text).into_response()))
    })
}

/// The headers of every page and file.
pub fn headers() -> [(header::HeaderName, &'static str); 3] {
    [(header::CACHE_CONTROL, "no-cache"), (header::CONTENT_SECURITY_POLICY, POLICY), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")]
}

/// The page in the frame that all pages share, its own link marked.
fn framed(page: &Page) -> String {
    let link = format!("<a href=\"{}\"", page.path);
    // The bar comes first; what the page itself says is left alone.
    framed_as(page.title, page.main).replacen(&link, &format!("{link} aria-current=\"page\""), 1)
}

/// A page that is made when it is asked for, in the same frame.
pub fn framed_as(title: &str, main: &str) -> String {
    page_file!("shell.html").replace("{{title}}", title).replace("{{main}}", main.trim_end())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use axum::body::Body;
    use http::{Request, StatusCode};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn open(path: &str) -> (StatusCode, String) {
        let response = router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
    }

    /// Values of `src` and `href`, and the modules that a script imports.
    fn links(text: &str) -> Vec<&str> {
        let after = |mark: &'static str| text.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        after("src=\"").chain(after("href=\"")).chain(after("from \"")).collect()
    }

    #[tokio::test]
    async fn every_page_opens_and_everything_that_it_links_to_is_here() {
        for page in &PAGES {
            let (status, text) = open(page.path).await;
            assert!(status == StatusCode::OK && text.contains(page.title) && !text.contains("{{"), "{}", page.path);
            for link in links(&text) {
                let path = link.split(['?', '#']).next().unwrap();
                // Desk, booking site and the contacts' pages are functions', and the programs' interface is no page.
                let of_function = ["/desk", "/booking", "/contacts"].contains(&path);
                let elsewhere = of_function || path.starts_with("/local/") || path.is_empty() || path == "data:,";
                assert!(elsewhere || open(path).await.0 == StatusCode::OK, "{} → {link}", page.path);
            }
        }
        for (path, kind, text) in FILES {
            let modules = if kind == SCRIPT { links(text) } else { Vec::new() };
            for module in modules.into_iter().filter_map(|link| link.strip_prefix("./")) {
                assert_eq!(open(&format!("/static/{module}")).await.0, StatusCode::OK, "{path} → {module}");
            }
        }
    }

    #[tokio::test]
    async fn the_page_that_is_open_is_marked_in_the_bar() {
        for page in &PAGES {
            assert_eq!(open(page.path).await.1.matches("aria-current=\"page\"").count(), 1, "{}", page.path);
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        let texts = PAGES.iter().map(|page| page.main).chain(FILES.iter().map(|file| file.2));
        for text in texts.chain([page_file!("shell.html")]) {
            assert!(!links(text).iter().any(|link| link.starts_with("http") || link.starts_with("//")) && !text.contains("url("));
        }
    }
}
