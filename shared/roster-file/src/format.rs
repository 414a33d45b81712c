//! What the first bytes of a file tell: its name is not asked.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes are looked at, where the file has so many.
pub const HEAD: usize = 4096;

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A zip archive, and so an .xlsx or nothing that is read.
    Workbook,
    /// Text; the encoding where the first bytes tell it, else UTF-8 or CP932.
    Text(Option<&'static Encoding>),
    /// An old .xls, an .xlsx with a password, a page, a picture.
    Unreadable,
}

/// Judges the first [`HEAD`] bytes, or the whole file.
pub fn of(head: &[u8]) -> Format {
    const COMPOUND_FILE: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Format::Workbook;
    }
    if head.starts_with(&COMPOUND_FILE) {
        return Format::Unreadable;
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return if encoding == UTF_8 && is_markup(head.get(3..).unwrap_or_default()) {
            Format::Unreadable
        } else {
            Format::Text(Some(encoding))
        };
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Format::Text(Some(encoding));
    }
    // No text begins with control characters; most other formats do within a few bytes.
    let control = |byte: &u8| byte.is_ascii_control() && !b"\t\n\r".contains(byte);
    if head.iter().take(8).any(control) || is_markup(head) { Format::Unreadable } else { Format::Text(None) }
}

/// Tables that are saved as web pages and called .xls, and files of other kinds that are text at the beginning.
fn is_markup(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    [&b"<"[..], b"%PDF", b"{\\rtf"].iter().any(|mark| start.starts_with(mark))
}

/// In UTF-16 every digit, comma and line end has a zero byte: which half it is tells the order. A zero byte here and there is a
/// control character in a text of another encoding.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let (mut high, mut low) = (0_usize, 0_usize);
    for pair in head.chunks(2) {
        high += usize::from(pair.first() == Some(&0));
        low += usize::from(pair.get(1) == Some(&0));
    }
    // 一 and the ideographic space have their zero byte in the other half.
    if (high + low) * 16 < head.len() {
        None
    } else if low > 4 * high {
        Some(UTF_16LE)
    } else if high > 4 * low {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    #[test]
    fn the_first_bytes_tell_the_format() {
        let header = "区分,社員番号,氏名,異動日\r\n";
        for (bytes, format) in [
            (b"PK\x03\x04".to_vec(), Format::Workbook),
            (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1], Format::Unreadable),
            (b"%PDF-1.7".to_vec(), Format::Unreadable),
            (b"\x1F\x8B\x08".to_vec(), Format::Unreadable),
            (b"\r\n<html>".to_vec(), Format::Unreadable),
            ("\u{FEFF}<?xml".as_bytes().to_vec(), Format::Unreadable),
            (Vec::new(), Format::Text(None)),
            (header.as_bytes().to_vec(), Format::Text(None)),
            (format!("\u{FEFF}{header}").into_bytes(), Format::Text(Some(UTF_8))),
            (utf16(&format!("\u{FEFF}{header}"), u16::to_le_bytes), Format::Text(Some(UTF_16LE))),
            (utf16(&format!("\u{FEFF}{header}"), u16::to_be_bytes), Format::Text(Some(UTF_16BE))),
            (utf16(header, u16::to_le_bytes), Format::Text(Some(UTF_16LE))),
            (utf16(header, u16::to_be_bytes), Format::Text(Some(UTF_16BE))),
            (format!("{header}入社,1,佐藤\0花子,\r\n").into_bytes(), Format::Text(None)),
        ] {
            assert_eq!(of(&bytes), format, "{bytes:?}");
        }
    }
}
