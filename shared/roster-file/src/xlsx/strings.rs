//! The strings that cells share, in one piece of memory.

use super::{
    Fault,
    package::Package,
    xml::{Piece, unescape},
};

/// How long all strings together may be, in bytes: names and numbers of a million people fill less than half of it.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// How many there may be.
const MAX_STRINGS: usize = 8 * 1024 * 1024;

/// All shared strings.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Reads them; runs of rich text become one, how a text is read aloud (`rPh`) is not part of it.
    pub fn read(package: &mut Package<'_>, part: &str) -> Result<Self, Fault> {
        let mut part = package.part(part)?;
        let mut strings = Self::default();
        let (mut begin, mut spoken, mut taken) = (0, false, false);
        loop {
            match part.next()? {
                Piece::Opens(element) => match element.local_name().as_ref() {
                    b"rPh" => spoken = true,
                    b"t" => taken = !spoken,
                    _ => {}
                },
                Piece::Text(text) if taken => strings.text.push_str(&text),
                Piece::Text(_) => {}
                Piece::Closes(element) => match element.local_name().as_ref() {
                    b"rPh" => spoken = false,
                    b"t" => taken = false,
                    b"si" => {
                        unescape(&mut strings.text, begin);
                        begin = strings.text.len();
                        strings.ends.push(begin);
                    }
                    _ => {}
                },
                Piece::End => return Ok(strings),
            }
            if strings.text.len() > MAX_TEXT || strings.ends.len() > MAX_STRINGS {
                return Err(Fault::TooLarge);
            }
        }
    }

    /// The string with an index.
    pub fn get(&self, index: usize) -> Option<&str> {
        let begin = index.checked_sub(1).map_or(Some(&0), |before| self.ends.get(before))?;
        self.text.get(*begin..*self.ends.get(index)?)
    }
}
