//! What is in pictures and files, as far as LINE looks: their types by their first bytes, and the size of an image in pixels.

use serde_json::Value;

/// The picture that a person sends who chose none.
pub const EXAMPLE: &[u8] = include_bytes!("example.jpg");

/// The kind of a message whose content is bytes that LINE holds; `None` for all others.
pub fn kind(message: &Value) -> Option<&str> {
    let kind = message.get("type")?.as_str().filter(|kind| matches!(*kind, "image" | "video" | "audio" | "file"))?;
    let elsewhere = message.get("contentProvider").is_some_and(|provider| provider.get("type").is_some_and(|of| of == "external"));
    (!elsewhere).then_some(kind)
}

/// The `Content-Type` with which LINE hands out `bytes` of a message of this kind.
pub fn content_type(kind: &str, bytes: &[u8]) -> &'static str {
    match (Format::of(bytes), kind) {
        (Some(format), _) => format.content_type(),
        (None, _) if bytes.starts_with(b"%PDF-") => "application/pdf",
        (None, "image") if bytes.get(4..8) == Some(b"ftyp") => "image/heic",
        (None, "video") => "video/mp4",
        (None, "audio") => "audio/x-m4a",
        (None, _) => "application/octet-stream",
    }
}

/// Format of an image that a rich menu can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
}

impl Format {
    /// By the first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// Its `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// Width and height in pixels, from the header; `None` where there is none.
    pub fn pixels(self, bytes: &[u8]) -> Option<(u32, u32)> {
        match self {
            // Signature, length and name of the first chunk (IHDR), then both sizes: PNG specification, 11.2.1.
            Self::Png => {
                let size = |at: usize| bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four));
                Some((size(16)?, size(20)?))
            }
            Self::Jpeg => jpeg_pixels(bytes),
        }
    }
}

/// Walks over the segments to the frame header: ITU-T T.81, B.1.1 and B.2.2.
fn jpeg_pixels(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, length @ ..] = rest.first_chunk::<4>()? else { return None };
        let segment = rest.get(4..)?;
        match marker {
            // Fill bytes may stand before a marker.
            0xff => rest = rest.get(1..)?,
            // SOF0 to SOF15, of which DHT, JPG and DAC are none.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let [_precision, height_high, height_low, width_high, width_low] = *segment.first_chunk()?;
                let size = |high, low| u32::from(u16::from_be_bytes([high, low]));
                return Some((size(width_high, width_low), size(height_high, height_low)));
            }
            _ => rest = rest.get(2 + usize::from(u16::from_be_bytes(*length))..)?,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_are_read_from_the_headers() {
        assert_eq!(Format::of(EXAMPLE), Some(Format::Jpeg));
        assert_eq!(Format::Jpeg.pixels(EXAMPLE), Some((64, 48)));
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &2500_u32.to_be_bytes(), &843_u32.to_be_bytes()].concat();
        assert_eq!(Format::of(&png).unwrap().pixels(&png), Some((2500, 843)));
        for cut in 0..100 {
            assert_eq!(Format::Jpeg.pixels(EXAMPLE.get(..cut).unwrap()), None, "{cut}");
        }
        assert_eq!(Format::Png.pixels(b"\x89PNG\r\n\x1a\n"), None);
    }

    #[test]
    fn types_follow_the_bytes_and_then_the_kind() {
        let types = [("image", EXAMPLE), ("file", EXAMPLE), ("file", b"%PDF-1.7"), ("file", b"x"), ("video", b"x"), ("audio", b"")];
        let expected = ["image/jpeg", "image/jpeg", "application/pdf", "application/octet-stream", "video/mp4", "audio/x-m4a"];
        assert_eq!(types.map(|(kind, bytes)| content_type(kind, bytes)), expected);
    }

    #[test]
    fn line_holds_no_content_of_texts_and_of_pictures_from_elsewhere() {
        assert_eq!(kind(&json!({"type": "image", "contentProvider": {"type": "line"}})), Some("image"));
        assert_eq!(kind(&json!({"type": "file"})), Some("file"));
        assert_eq!(kind(&json!({"type": "image", "contentProvider": {"type": "external"}})), None);
        assert_eq!(kind(&json!({"type": "text"})), None);
    }
}
