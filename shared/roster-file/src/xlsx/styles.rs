//! How a workbook shows its numbers: only what makes a number something else to who reads it.

use std::collections::BTreeMap;

use super::{
    Fault,
    package::Package,
    xml::{Piece, attributes},
};

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As a number.
    #[default]
    Number,
    /// As a date or a time.
    Date,
    /// With zeros before it, up to so many digits: `00000`.
    Zeros(usize),
}

/// The formats by the style numbers of cells.
#[derive(Debug, Default)]
pub struct Styles(Vec<Format>);

/// More cell formats than a workbook may have.
const MAX_STYLES: usize = 65_536;

impl Styles {
    /// Reads them.
    pub fn read(package: &mut Package<'_>, part: &str) -> Result<Self, Fault> {
        let mut part = package.part(part)?;
        let mut own: BTreeMap<u32, Format> = BTreeMap::new();
        let (mut styles, mut of_cells) = (Vec::new(), false);
        loop {
            match part.next()? {
                Piece::Opens(element) => match element.local_name().as_ref() {
                    b"numFmt" => {
                        let [id, code] = attributes(&element, ["numFmtId", "formatCode"])?;
                        if let (Some(id), Some(code)) = (id.and_then(|id| id.parse().ok()), code) {
                            own.insert(id, format(&code));
                        }
                    }
                    b"cellXfs" => of_cells = true,
                    b"xf" if of_cells => {
                        let [id] = attributes(&element, ["numFmtId"])?;
                        let id = id.and_then(|id| id.parse().ok()).unwrap_or_default();
                        styles.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
                    }
                    _ => {}
                },
                Piece::Closes(element) if element.local_name().as_ref() == b"cellXfs" => of_cells = false,
                Piece::End => return Ok(Self(styles)),
                Piece::Closes(_) | Piece::Text(_) => {}
            }
            if styles.len().max(own.len()) > MAX_STYLES {
                return Err(Fault::TooLarge);
            }
        }
    }

    /// The format of a cell's style.
    pub fn format(&self, style: usize) -> Format {
        self.0.get(style).copied().unwrap_or_default()
    }
}

/// The formats that have a number and no code (ECMA-376, 18.8.30), with those of Japanese workbooks.
const fn built_in(id: u32) -> Format {
    match id {
        14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
        _ => Format::Number,
    }
}

fn format(code: &str) -> Format {
    let positive = code.split(';').next().unwrap_or_default();
    if !positive.is_empty() && positive.bytes().all(|byte| byte == b'0') {
        return if positive.len() > 1 { Format::Zeros(positive.len()) } else { Format::Number };
    }
    // What is quoted, escaped or in brackets is no placeholder; elapsed hours [h] stand beside minutes.
    let (mut quoted, mut bracketed, mut skips) = (false, false, false);
    let placeholders: String = positive
        .chars()
        .filter(|c| {
            let skipped = std::mem::take(&mut skips);
            match c {
                _ if skipped => return false,
                '"' => quoted = !quoted,
                '\\' | '_' | '*' if !quoted => skips = true,
                '[' if !quoted => bracketed = true,
                ']' if !quoted => bracketed = false,
                _ => return !quoted && !bracketed,
            }
            false
        })
        .collect::<String>()
        .to_ascii_lowercase();
    if placeholders != "general" && placeholders.contains(['y', 'm', 'd', 'h', 's', 'g']) { Format::Date } else { Format::Number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_s_code_tells_dates_and_zeros() {
        for (code, expected) in [
            ("General", Format::Number),
            ("0", Format::Number),
            ("0.00E+00", Format::Number),
            ("#,##0;[Red]-#,##0", Format::Number),
            ("0\"days\"", Format::Number),
            ("0\\d", Format::Number),
            ("@", Format::Number),
            ("00000", Format::Zeros(5)),
            ("000000;-000000", Format::Zeros(6)),
            ("yyyy/m/d", Format::Date),
            ("[$-411]ggge\"年\"m\"月\"d\"日\";@", Format::Date),
            ("[$-ja-JP-x-gannen]ge.m.d", Format::Date),
            ("[h]:mm", Format::Date),
        ] {
            assert_eq!(format(code), expected, "{code}");
        }
    }
}
