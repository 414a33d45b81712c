//! Charts as pictures for mails, whose programs show no SVG.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, LazyLock},
};

use domain::{kpi::layout::Chart, mail::Picture, text::Language};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{self, fontdb},
};

/// See `font/make` and its licence beside it.
const FONT: &[u8] = include_bytes!("../font/BIZUDPGothic.ttf");

static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    Arc::new(fonts)
});

/// A chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the chart {0} cannot be drawn")]
pub struct NotDrawn(&'static str);

/// Draws a chart, [`chart::WIDTH`] pixels wide.
pub fn picture(chart: &Chart, language: Language) -> Result<Picture, NotDrawn> {
    let png = png(&chart::svg(chart, language).into_string()).ok_or(NotDrawn(chart.name))?;
    Ok(Picture { name: chart.name.to_owned(), png })
}

fn png(svg: &str) -> Option<Vec<u8>> {
    let options = usvg::Options { fontdb: FONTS.clone(), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).ok()?;
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height())?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    indexed(&pixels)
}

/// Writes pixels as a PNG with a palette, a third as large: it waits in the outbox once for each contact. Colours are rounded to 16
/// steps each, which nobody sees in a chart, so that the edges of letters find room in 256 entries.
fn indexed(pixels: &Pixmap) -> Option<Vec<u8>> {
    let mut palette: Vec<[u8; 3]> = Vec::new();
    let mut places: HashMap<[u8; 3], u8> = HashMap::new();
    let mut indices = Vec::with_capacity(pixels.pixels().len());
    // Most pixels are as the one before.
    let mut last = None;
    for pixel in pixels.pixels() {
        if let Some((before, place)) = last
            && before == *pixel
        {
            indices.push(place);
            continue;
        }
        let colour = [pixel.red(), pixel.green(), pixel.blue()].map(|part| part.saturating_add(8) / 17 * 17);
        let known = u8::try_from(palette.len());
        let place = *match places.entry(colour) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                palette.push(colour);
                new.insert(known.ok()?)
            }
        };
        last = Some((*pixel, place));
        indices.push(place);
    }
    let mut written = Vec::new();
    let mut encoder = png::Encoder::new(&mut written, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.write_header().ok()?.write_image_data(&indices).ok()?;
    Some(written)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{
        kpi::layout::{Bar, Group},
        phrase::Phrase,
        text::Text,
    };
    use skrifa::{FontRef, MetadataProvider};

    use super::*;

    #[test]
    fn the_font_has_every_character_of_the_charts() {
        let characters = FontRef::new(FONT).unwrap().charmap();
        let figures = Phrase::ALL.iter().filter(|phrase| phrase.key().starts_with("kpi-") && **phrase != Phrase::KpiNotes);
        for language in [Language::Ja, Language::En] {
            let n = "0123456789".to_owned();
            let mut words: Vec<String> = figures.clone().map(|phrase| language.phrase(*phrase).replace('\n', "")).collect();
            words.extend([Text::KpiPeople { n: n.clone() }, Text::KpiTimes { n }].map(|text| language.say(&text)));
            let months = (1..=12).map(|month| format!("2027-{month:02}").parse().unwrap());
            words.extend(months.map(|month| language.say(&Text::PageMonth { month })));
            for word in words {
                let lacking: String = word.chars().filter(|character| characters.map(*character).is_none()).collect();
                assert_eq!(lacking, "", "run font/make: {word}");
            }
        }
    }

    #[test]
    fn a_chart_is_a_picture_that_is_small_enough_to_wait_in_the_outbox() {
        let bar = |number: u32| Bar { number: Some(number), words: format!("{number}件") };
        let group =
            |month: u32| Group { month: format!("2027-{month:02}").parse().unwrap(), bars: (1..5).map(|n| bar(month * n)).collect() };
        let series = vec![Phrase::KpiConsultations, Phrase::KpiContentOpened, Phrase::KpiEventEntries, Phrase::KpiInterviews];
        let chart = Chart { name: "acts", title: Phrase::KpiChartActs, series, groups: (1..=6).map(group).collect() };
        let picture = picture(&chart, Language::Ja).unwrap();
        assert!(picture.png.starts_with(b"\x89PNG") && picture.png.len() < 40_000, "{} bytes", picture.png.len());
    }
}
