//! QR codes (ISO/IEC 18004) for flyers, with error correction M and the quiet zone of four modules that scanners need.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode, render::svg};

/// A QR code cannot hold so much text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the link is too long for a QR code")]
pub struct TooLong;

/// Light modules on each side.
const QUIET: u32 = 4;
/// Pixels a module: sharp on paper up to about 6 cm.
const SCALE: u32 = 16;

fn code(text: &str) -> Result<QrCode, TooLong> {
    QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)
}

/// The code as an SVG document.
pub fn svg(text: &str) -> Result<String, TooLong> {
    Ok(code(text)?.render::<svg::Color>().min_dimensions(480, 480).quiet_zone(true).build())
}

/// The code as a PNG file, black on white.
pub fn png(text: &str) -> Result<Vec<u8>, TooLong> {
    let code = code(text)?;
    let modules = u32::try_from(code.width()).map_err(|_| TooLong)?;
    let (colours, width) = (code.to_colors(), code.width());
    let is_dark = |x: u32, y: u32| {
        let (column, row) = (x.checked_sub(QUIET)?, y.checked_sub(QUIET)?);
        let inside = column < modules && row < modules;
        colours.get(usize::try_from(row).ok()? * width + usize::try_from(column).ok()?).filter(|colour| inside && **colour == Color::Dark)
    };
    let size = (modules + 2 * QUIET) * SCALE;
    let picture = GrayImage::from_fn(size, size, |x, y| Luma([if is_dark(x / SCALE, y / SCALE).is_some() { 0 } else { 255 }]));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).map_err(|_| TooLong)?;
    Ok(file.into_inner())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
    use super::*;

    const LINK: &str = "https://line.me/R/oaMessage/%40123abcde/?%E7%99%BB%E9%8C%B2%E3%82%B3%E3%83%BC%E3%83%89%20ABCD2345";

    #[test]
    fn a_code_is_a_square_with_a_quiet_zone_and_the_three_finders() {
        let picture = image::load_from_memory(&png(LINK).unwrap()).unwrap().to_luma8();
        let size = picture.width();
        assert_eq!(size, picture.height());
        let at = |column: u32, row: u32| picture.get_pixel(column * SCALE + SCALE / 2, row * SCALE + SCALE / 2)[0];
        let last = size / SCALE - 1;
        for edge in 0..=last {
            assert_eq!([at(edge, 0), at(edge, 3), at(0, edge), at(edge, last)], [255; 4], "{edge}");
        }
        assert_eq!([at(4, 4), at(last - 4, 4), at(4, last - 4)], [0; 3]);
    }

    #[test]
    fn the_svg_is_a_document() {
        let svg = svg(LINK).unwrap();
        assert!(svg.starts_with("<?xml") && svg.contains("<svg"));
    }

    #[test]
    fn what_no_code_can_hold_is_refused() {
        assert_eq!(png(&"a".repeat(5000)), Err(TooLong));
    }
}
