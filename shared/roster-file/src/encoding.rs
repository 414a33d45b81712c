//! Bytes become text.

use encoding_rs::{CoderResult, Decoder, Encoding, SHIFT_JIS, UTF_8};

/// How many bytes from the first one that is not ASCII decide between UTF-8 and CP932.
const WINDOW: usize = 64 * 1024;

/// Decodes a stream. What does not decode becomes U+FFFD.
pub struct Decoding {
    /// None while everything was ASCII, which reads the same either way.
    decoder: Option<Decoder>,
    /// From the first byte that is not ASCII, until there are enough to decide.
    ahead: Vec<u8>,
}

impl std::fmt::Debug for Decoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoding").field("encoding", &self.decoder.as_ref().map(Decoder::encoding)).finish_non_exhaustive()
    }
}

impl Decoding {
    /// Begins; a byte order mark goes.
    pub fn new(encoding: Option<&'static Encoding>) -> Self {
        Self { decoder: encoding.map(Encoding::new_decoder_with_bom_removal), ahead: Vec::new() }
    }

    /// Appends what the bytes say.
    pub fn push(&mut self, bytes: &[u8], text: &mut String) {
        if let Some(decoder) = &mut self.decoder {
            return decode(decoder, bytes, false, text);
        }
        let mut rest = bytes;
        if self.ahead.is_empty() {
            let ascii = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len());
            let (plain, other) = bytes.split_at(ascii);
            text.push_str(std::str::from_utf8(plain).unwrap_or_default());
            rest = other;
        }
        self.ahead.extend_from_slice(rest);
        if self.ahead.len() >= WINDOW {
            self.decide(false, text);
        }
    }

    /// Appends what was held back.
    pub fn finish(&mut self, text: &mut String) {
        if self.decoder.is_none() {
            self.decide(true, text);
        }
        if let Some(decoder) = &mut self.decoder {
            decode(decoder, &[], true, text);
        }
    }

    fn decide(&mut self, complete: bool, text: &mut String) {
        let ahead = std::mem::take(&mut self.ahead);
        let window = ahead.get(..WINDOW).unwrap_or(&ahead);
        let encoding = if is_utf8(window, complete && window.len() == ahead.len()) { UTF_8 } else { SHIFT_JIS };
        let decoder = self.decoder.insert(encoding.new_decoder_without_bom_handling());
        decode(decoder, &ahead, false, text);
    }
}

/// Whether the bytes are meant as UTF-8: a few broken ones in a text that otherwise is do not make it CP932, whose characters
/// are hardly ever UTF-8 by chance.
fn is_utf8(window: &[u8], complete: bool) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    let mut chunks = window.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let cut_off = !complete && chunks.peek().is_none() && chunk.invalid().first().is_some_and(|lead| *lead >= 0xC2);
        broken += usize::from(!chunk.invalid().is_empty() && !cut_off);
    }
    broken == 0 || whole > 4 * broken
}

fn decode(decoder: &mut Decoder, mut bytes: &[u8], last: bool, text: &mut String) {
    loop {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
        let (result, read, _) = decoder.decode_to_string(bytes, text, last);
        bytes = bytes.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], piece: usize) -> String {
        let (mut decoding, mut text) = (Decoding::new(None), String::new());
        bytes.chunks(piece).for_each(|bytes| decoding.push(bytes, &mut text));
        decoding.finish(&mut text);
        text
    }

    #[test]
    fn a_long_ascii_beginning_does_not_mislead() {
        let text = "number,name\r\n".to_owned() + &"1,Smith\r\n".repeat(20_000) + &"2,髙橋\r\n".repeat(20_000);
        let (cp932, ..) = SHIFT_JIS.encode(&text);
        for piece in [1, 1000, usize::MAX] {
            assert_eq!(decoded(text.as_bytes(), piece), text);
            assert_eq!(decoded(&cp932, piece), text);
        }
    }

    #[test]
    fn broken_bytes_do_not_turn_the_encoding() {
        let mut bytes = "社員番号,氏名\r\n1,山田\r\n2,山".as_bytes().to_vec();
        bytes.extend(b"\xE7\x94\r\n");
        assert_eq!(decoded(&bytes, 3), "社員番号,氏名\r\n1,山田\r\n2,山\u{FFFD}\r\n");
        let (mut cp932, ..) = SHIFT_JIS.encode("社員番号,氏名\r\n1,ﾔﾏﾀﾞ\r\n2,");
        cp932.to_mut().extend(b"\xFD\xFF,\x81");
        assert_eq!(decoded(&cp932, 1), "社員番号,氏名\r\n1,ﾔﾏﾀﾞ\r\n2,\u{FFFD}\u{FFFD},\u{FFFD}");
    }
}
