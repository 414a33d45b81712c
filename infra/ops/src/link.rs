//! The link behind a registration's QR code: it opens the LINE chat with the code typed in (row A1).

use domain::tenant::RegistrationCode;

/// `https://line.me/R/oaMessage/{basic id}/?{text}`, both percent-encoded (LINE's URL scheme for sharing text to an account).
pub fn registration(basic_id: &str, code: &RegistrationCode) -> String {
    format!("https://line.me/R/oaMessage/{}/?{}", percent_encode(basic_id), percent_encode(&code.chat_text()))
}

/// Everything but RFC 3986's unreserved characters as `%XX` of its UTF-8.
pub fn percent_encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len() * 3), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn the_link_names_the_account_and_types_the_code() {
        let code = "ABCD2345".parse().unwrap();
        assert_eq!(
            registration("@123abcde", &code),
            "https://line.me/R/oaMessage/%40123abcde/?%E7%99%BB%E9%8C%B2%E3%82%B3%E3%83%BC%E3%83%89%20ABCD2345"
        );
    }

    #[test]
    fn the_link_stays_below_line_s_1000_characters() {
        let longest = format!("@{}", "a".repeat(20));
        assert!(registration(&longest, &"ABCD2345".parse().unwrap()).len() < 1000);
    }

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(percent_encode("aZ09-._~"), "aZ09-._~");
        assert_eq!(percent_encode("a b&c=%/?#"), "a%20b%26c%3D%25%2F%3F%23");
        assert_eq!(percent_encode("登"), "%E7%99%BB");
    }
}
