//! XML, one piece at a time, in bounded memory.

use std::{borrow::Cow, io::ErrorKind};

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesEnd, BytesStart, Event},
};

use super::{Fault, package::Part};

/// The longest tag or text, in bytes: a cell has at most 32,767 characters.
const MAX_PIECE: usize = 1024 * 1024;
/// The deepest nesting; a sheet's text lies seven deep.
const MAX_DEPTH: usize = 64;

/// A piece of XML.
pub enum Piece<'a> {
    /// A tag opens. One that is empty opens and closes.
    Opens(BytesStart<'a>),
    /// A tag closes.
    Closes(BytesEnd<'a>),
    /// Text, or a part of one.
    Text(Cow<'a, str>),
    /// Nothing follows.
    End,
}

/// A stream of XML.
pub struct Xml<'p, 'a> {
    reader: Reader<Part<'p, 'a>>,
    held: Vec<u8>,
    depth: usize,
}

impl<'p, 'a> Xml<'p, 'a> {
    /// Begins a part.
    pub fn new(part: Part<'p, 'a>) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, held: Vec::new(), depth: 0 }
    }

    /// The next piece.
    pub fn next(&mut self) -> Result<Piece<'_>, Fault> {
        self.held.clear();
        self.reader.get_mut().allow(MAX_PIECE);
        let event = self.reader.read_event_into(&mut self.held).map_err(|error| {
            let too_large = matches!(&error, quick_xml::Error::Io(error) if error.kind() == ErrorKind::FileTooLarge);
            if too_large { Fault::TooLarge } else { Fault::Unreadable }
        })?;
        Ok(match event {
            Event::Start(element) | Event::Empty(element) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Fault::Unreadable);
                }
                Piece::Opens(element)
            }
            Event::End(element) => {
                self.depth = self.depth.saturating_sub(1);
                Piece::Closes(element)
            }
            Event::Text(text) => Piece::Text(text.decode().map_err(|_| Fault::Unreadable)?),
            Event::CData(text) => Piece::Text(text.decode().map_err(|_| Fault::Unreadable)?),
            Event::GeneralRef(entity) => {
                let named = |name: Cow<'_, str>| resolve_predefined_entity(&name).unwrap_or("\u{FFFD}");
                match entity.resolve_char_ref() {
                    Ok(Some(c)) => Piece::Text(Cow::Owned(c.to_string())),
                    Ok(None) => Piece::Text(Cow::Borrowed(entity.decode().map_or("\u{FFFD}", named))),
                    Err(_) => Piece::Text(Cow::Borrowed("\u{FFFD}")),
                }
            }
            Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Comment(_) => Piece::Text(Cow::Borrowed("")),
            Event::Eof => Piece::End,
        })
    }
}

/// Walks over the attributes of a tag by their names without prefix; values as they are written.
pub fn each_attribute(element: &BytesStart<'_>, mut each: impl FnMut(&[u8], &[u8])) -> Result<(), Fault> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Fault::Unreadable)?;
        each(attribute.key.local_name().as_ref(), &attribute.value);
    }
    Ok(())
}

/// The values of some attributes, without entities.
pub fn attributes<const N: usize>(element: &BytesStart<'_>, names: [&str; N]) -> Result<[Option<String>; N], Fault> {
    let mut found = [const { None }; N];
    each_attribute(element, |name, value| {
        let wanted = found.iter_mut().zip(names).find(|(_, wanted)| wanted.as_bytes() == name);
        let value = std::str::from_utf8(value).ok().and_then(|value| quick_xml::escape::unescape(value).ok());
        if let (Some((place, _)), Some(value)) = (wanted, value) {
            *place = Some(value.into_owned());
        }
    })?;
    Ok(found)
}

/// Undoes what workbooks write for characters that XML cannot hold, from `begin` on: `_x000D_` is a carriage return, and
/// `_x005F_` the line that begins such a word itself (ECMA-376, 22.9.2.19).
pub fn unescape(text: &mut String, begin: usize) {
    let Some(tail) = text.get(begin..).filter(|tail| tail.contains("_x")) else { return };
    let mut plain = String::with_capacity(tail.len());
    let mut rest = tail;
    while let Some((before, behind)) = rest.split_once("_x") {
        plain.push_str(before);
        let code = behind.get(..4).filter(|_| behind.get(4..5) == Some("_")).and_then(|code| u32::from_str_radix(code, 16).ok());
        if let Some(c) = code.and_then(char::from_u32) {
            plain.push(c);
            rest = behind.get(5..).unwrap_or_default();
        } else {
            plain.push_str("_x");
            rest = behind;
        }
    }
    plain.push_str(rest);
    text.truncate(begin);
    text.push_str(&plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_xml_cannot_hold_come_back() {
        for (written, meant) in [
            ("佐藤_x000D_\n花子", "佐藤\r\n花子"),
            ("_x005F_x000D_", "_x000D_"),
            ("a_x", "a_x"),
            ("_xGGGG_", "_xGGGG_"),
            ("_x00髙_", "_x00髙_"),
            ("_xD800_", "_xD800_"),
        ] {
            let mut text = "kept ".to_owned() + written;
            unescape(&mut text, 5);
            assert_eq!(text, "kept ".to_owned() + meant);
        }
    }
}
