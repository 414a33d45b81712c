//! The embedded roots of Amazon Trust Services are the five that it publishes, and none of them runs out soon.
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test stops at the first surprise and asks for today's date")]

use std::collections::BTreeSet;

use x509_parser::pem::Pem;

const ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

#[test]
fn the_embedded_roots_are_amazon_s_five_and_hold_for_two_more_years() {
    let soon = chrono::Utc::now().timestamp() + 2 * 365 * 24 * 60 * 60;
    let mut names = BTreeSet::new();
    for pem in Pem::iter_from_buffer(ROOTS) {
        let pem = pem.expect("a PEM block");
        let certificate = pem.parse_x509().expect("a certificate");
        let name = certificate.subject().iter_common_name().next().and_then(|name| name.as_str().ok()).expect("a common name").to_owned();
        let until = certificate.validity().not_after;
        assert!(until.timestamp() > soon, "{name} runs out on {until}: fetch the roots anew from Amazon Trust Services");
        names.insert(name);
    }
    let expected = [
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
}
