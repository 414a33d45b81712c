//! Where a person goes after signing in: back to where they wanted to go, and nowhere else.

/// Longer ones would not fit into a cookie.
const LONGEST: usize = 1024;

/// `asked`, where it is a path below `prefix` (such as `/desk`) that no browser takes for another place.
pub fn checked<'a>(prefix: &str, asked: &'a str) -> Option<&'a str> {
    let below = asked.strip_prefix(prefix)?;
    let is_below = below.is_empty() && !prefix.is_empty() || below.starts_with(['/', '?']);
    let is_plain = asked.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'));
    let path = below.split('?').next().unwrap_or_default();
    let is_step = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let goes_elsewhere = asked.starts_with("//") || path.split('/').any(is_step);
    // These would lead round in a circle, or out again.
    let is_ours = ["/sign-in", "/sign-out", "/signed-out"].iter().any(|own| path == *own || path.starts_with(&format!("{own}/")));
    (asked.len() <= LONGEST && is_below && is_plain && !goes_elsewhere && !is_ours).then_some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_below_the_prefix_is_gone_back_to() {
        for good in ["/desk", "/desk/", "/desk/consultations/01J?from=mail&x=%2F", "/desk?x=1", "/desk/a..b", "/desk/sign-in-help"] {
            assert_eq!(checked("/desk", good), Some(good));
        }
        let long = format!("/desk/{}", "x".repeat(LONGEST));
        for bad in [
            "",
            "/",
            "/desks",
            "/deskevil.example/",
            "desk/a",
            "//evil.example/desk",
            "https://evil.example/desk/",
            "javascript:alert(1)",
            "/desk/../local/clock",
            "/desk/%2e%2E/local",
            "/desk/a/./b",
            "/desk\\..\\x",
            "/desk/\r\nset-cookie: a=b",
            "/desk/a b",
            "/desk/相談",
            "/desk/#x",
            "/desk/sign-in",
            "/desk/sign-in/callback?code=1",
            "/desk/sign-out",
            "/desk/signed-out",
            &long,
        ] {
            assert_eq!(checked("/desk", bad), None, "{bad}");
        }
    }

    #[test]
    fn a_console_without_a_prefix_still_goes_to_no_other_host() {
        assert_eq!(checked("", "/queue"), Some("/queue"));
        for bad in ["", "//evil.example", "queue", "https://evil.example"] {
            assert_eq!(checked("", bad), None, "{bad}");
        }
    }
}
