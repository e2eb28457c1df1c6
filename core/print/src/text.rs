//! Text set in lines: Arabic joined and shaped, both directions in one line, wrapped where it is too long. Fonts are those
//! in this crate and never the system's: a ticket looks the same on every device. Nothing that was to be read is cut off.

use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{
    Align, Attrs, Buffer, Fallback, Family, FontSystem, Metrics, Shaping, SwashCache, Weight, Wrap,
};
use momfood_domain::text::Lang;
use std::sync::Arc;
use unicode_script::Script;

use crate::raster::Raster;

const LATIN: &str = "Noto Sans";
const ARABIC: &str = "Noto Sans Arabic";

static FONTS: [&[u8]; 4] = [
    include_bytes!("../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../fonts/NotoSans-Bold.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Bold.ttf"),
];

/// How much of a dot a letter has to cover for it to be burnt, of 255. Under a half: thin strokes fade on paper.
const BURNT: u8 = 112;

/// Line height to font size.
const LATIN_LINE: f32 = 1.28;
/// Arabic letters hang lower, and marks stand above and below them.
const ARABIC_LINE: f32 = 1.5;

const RIGHT_TO_LEFT: char = '\u{200F}';
const LEFT_TO_RIGHT: char = '\u{200E}';
const ISOLATE_LEFT_TO_RIGHT: char = '\u{2066}';
const ISOLATE_RIGHT_TO_LEFT: char = '\u{2067}';
const NO_BREAK: &str = "\u{A0}";
const END_OF_ISOLATE: char = '\u{2069}';

/// The longest a measure is written.
const MEASURE: usize = 10;

struct OwnFonts;

impl Fallback for OwnFonts {
    fn common_fallback(&self) -> &[&'static str] {
        &[LATIN, ARABIC]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, _locale: &str) -> &[&'static str] {
        match script {
            Script::Arabic => &[ARABIC],
            _ => &[],
        }
    }
}

/// A stretch of text in one size.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    text: String,
    size: f32,
    bold: bool,
}

impl Run {
    /// What people wrote, whatever it is: a new line of theirs stays one, and it cannot turn around what stands beside it.
    pub(crate) fn of(text: &str, size: f32, bold: bool) -> Self {
        Self {
            text: clean(text),
            size,
            bold,
        }
    }

    /// As [`Run::of`], bold.
    pub(crate) fn bold(text: &str, size: f32) -> Self {
        Self::of(text, size, true)
    }

    /// As [`Run::of`], in regular weight.
    pub(crate) fn regular(text: &str, size: f32) -> Self {
        Self::of(text, size, false)
    }
}

/// Which way a paragraph is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// As texts of this language.
    As(Lang),
    /// As its first letter says.
    Itself,
}

/// On which side a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Center,
}

/// A text that was set: its dots, and where they lie in the room it takes.
#[derive(Debug)]
pub(crate) struct Block {
    /// Of its longest line, rounded up.
    pub(crate) width: u32,
    /// Of all its lines.
    pub(crate) height: u32,
    /// Of its first line.
    pub(crate) first: u32,
    /// The rows that hold ink: from, to.
    pub(crate) ink: (u32, u32),
    left: i32,
    dots: Raster,
}

impl Block {
    /// Where it is black, from its upper left corner. A letter may reach a dot or two over its sides.
    pub(crate) fn black(&self) -> impl Iterator<Item = (i32, u32)> {
        let (width, height) = (self.dots.width(), self.dots.height());
        (0..height)
            .flat_map(move |y| (0..width).map(move |x| (x, y)))
            .filter(|(x, y)| self.dots.is_black(*x, *y))
            .map(|(x, y)| (x.cast_signed() + self.left, y))
    }
}

/// Sets text.
pub(crate) struct Typesetter {
    fonts: FontSystem,
    glyphs: SwashCache,
}

impl Typesetter {
    pub(crate) fn new() -> Self {
        let mut db = Database::new();
        for font in FONTS {
            db.load_font_source(Source::Binary(Arc::new(font)));
        }
        let locale = Lang::Ar.tag().to_owned();
        Self {
            fonts: FontSystem::new_with_locale_and_db_and_fallback(locale, db, OwnFonts),
            glyphs: SwashCache::new(),
        }
    }

    /// Sets runs one after the other into lines no wider than `width`.
    pub(crate) fn set(&mut self, runs: &[Run], reads: Reads, width: u32, side: Side) -> Block {
        let mut ink = Coverage::default();
        let (mut top, mut widest, mut first) = (0.0_f32, 0.0_f32, None);
        for paragraph in paragraphs(runs) {
            let buffer = self.shape(&paragraph, reads, width, side);
            let mut bottom = top;
            for line in buffer.layout_runs() {
                for glyph in line.glyphs {
                    let spot = glyph.physical((0.0, top + line.line_y), 1.0);
                    if let Some(image) = self.glyphs.get_image(&mut self.fonts, spot.cache_key) {
                        ink.add(spot.x + image.placement.left, spot.y - image.placement.top, image);
                    }
                }
                widest = widest.max(line.line_w);
                bottom = bottom.max(top + line.line_top + line.line_height);
                first.get_or_insert(line.line_height);
            }
            top = bottom;
        }
        ink.block(whole(widest), whole(top), whole(first.unwrap_or(0.0)))
    }

    fn shape(&mut self, runs: &[Run], reads: Reads, width: u32, side: Side) -> Buffer {
        let family = Attrs::new().family(Family::Name(LATIN));
        let attrs = |run: &Run| {
            let line = if is_arabic(&run.text) {
                ARABIC_LINE
            } else {
                LATIN_LINE
            };
            family
                .clone()
                .weight(if run.bold { Weight::BOLD } else { Weight::NORMAL })
                .metrics(Metrics::relative(run.size, line))
        };
        let texts = directed(runs, reads);
        let size = runs.iter().map(|run| run.size).fold(1.0, f32::max);
        let mut buffer = Buffer::new_empty(Metrics::relative(size, 1.0));
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_size(Some(to_f32(width)), None);
        let align = match side {
            Side::Left => Align::Left,
            Side::Right => Align::Right,
            Side::Center => Align::Center,
        };
        let spans = texts
            .iter()
            .zip(runs)
            .map(|(text, run)| (text.as_str(), attrs(run)));
        buffer.set_rich_text(spans, &family, Shaping::Advanced, Some(align));
        buffer.shape_until_scroll(&mut self.fonts, false);
        buffer
    }
}

/// How far letters cover the dots: where two of them meet in one dot, both count, so that joined letters stay joined.
#[derive(Default)]
struct Coverage {
    parts: Vec<(i32, i32, u32, Vec<u8>)>,
}

impl Coverage {
    fn add(&mut self, x: i32, y: i32, image: &cosmic_text::SwashImage) {
        if image.placement.width > 0 && image.placement.height > 0 {
            self.parts.push((x, y, image.placement.width, image.data.clone()));
        }
    }

    fn block(self, width: u32, height: u32, first: u32) -> Block {
        let rows = |part: &(i32, i32, u32, Vec<u8>)| part.3.len() / part.2 as usize;
        let bottom_of = |part: &(i32, i32, u32, Vec<u8>)| part.1 + i32::try_from(rows(part)).unwrap_or(0);
        let left = self.parts.iter().map(|part| part.0).min().unwrap_or(0);
        let right = self
            .parts
            .iter()
            .map(|part| part.0 + part.2.cast_signed())
            .max()
            .unwrap_or(0);
        // A mark that stands above its line moves the whole text down.
        let above = self.parts.iter().map(|part| part.1).min().unwrap_or(0).min(0);
        let bottom = self.parts.iter().map(bottom_of).max().unwrap_or(0);
        let height = height.max(bottom.cast_unsigned()) + above.unsigned_abs();
        let across = (right - left).max(1).cast_unsigned();
        let mut covered = vec![0_u8; across as usize * height as usize];
        for (x, y, part_width, data) in &self.parts {
            for (row, values) in data.chunks(*part_width as usize).enumerate() {
                let from = ((y - above).cast_unsigned() as usize + row) * across as usize
                    + (x - left).cast_unsigned() as usize;
                for (dot, value) in covered[from..].iter_mut().zip(values) {
                    *dot = dot.saturating_add(*value);
                }
            }
        }
        let mut dots = Raster::new(across, height);
        let (mut from, mut to) = (height, 0);
        for (y, row) in (0..).zip(covered.chunks(across as usize)) {
            for (x, value) in (0..).zip(row) {
                if *value >= BURNT {
                    dots.set(x, y, true);
                    from = from.min(y);
                    to = y + 1;
                }
            }
        }
        Block {
            width,
            height,
            first: first + above.unsigned_abs(),
            ink: (from.min(to), to),
            left,
            dots,
        }
    }
}

/// The runs' texts with marks of direction. Every run after the first is kept apart from those beside it; in a text read
/// from the right, so is every `250 ml` within.
fn directed(runs: &[Run], reads: Reads) -> Vec<String> {
    let first_letter = |text: &str| match text.chars().find(|c| c.is_alphabetic()) {
        Some(c) if is_arabic(c.encode_utf8(&mut [0; 4])) => Lang::Ar,
        _ => Lang::En,
    };
    let mut texts = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let lang = match reads {
            Reads::As(lang) if index == 0 => lang,
            Reads::As(_) | Reads::Itself => first_letter(&run.text),
        };
        let text = match lang {
            Lang::Ar => apart(&run.text),
            Lang::En => run.text.clone(),
        };
        let (base, isolate) = match lang {
            Lang::Ar => (RIGHT_TO_LEFT, ISOLATE_RIGHT_TO_LEFT),
            Lang::En => (LEFT_TO_RIGHT, ISOLATE_LEFT_TO_RIGHT),
        };
        texts.push(if index == 0 {
            format!("{base}{text}")
        } else {
            format!("{isolate}{text}{END_OF_ISOLATE}")
        });
    }
    texts
}

/// Arabic text whose stretches of Latin words with their numbers (`250 ml`, `1.5 L`) each read from the left, whole; a
/// measure stays in one line.
fn apart(text: &str) -> String {
    let is_latin = |c: char| c.is_alphabetic() && !is_arabic(c.encode_utf8(&mut [0; 4]));
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(|c: char| is_latin(c) || c.is_ascii_digit()) {
        let (before, stretch) = rest.split_at(from);
        out.push_str(before);
        // To the last Latin letter or digit before anything else than what stands between them.
        let mut end = 0;
        for (at, c) in stretch.char_indices() {
            if is_latin(c) || c.is_ascii_digit() {
                end = at + c.len_utf8();
            } else if !matches!(
                c,
                ' ' | '\u{A0}' | '.' | ',' | '\'' | '’' | '&' | '-' | '/' | '%' | '+'
            ) {
                break;
            }
        }
        let (stretch, after) = stretch.split_at(end);
        if stretch.chars().any(is_latin) {
            out.push(ISOLATE_LEFT_TO_RIGHT);
            if stretch.len() <= MEASURE && stretch.starts_with(|c: char| c.is_ascii_digit()) {
                out.push_str(&stretch.replace(' ', NO_BREAK));
            } else {
                out.push_str(stretch);
            }
            out.push(END_OF_ISOLATE);
        } else {
            out.push_str(stretch);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Runs cut where people began a new line.
fn paragraphs(runs: &[Run]) -> Vec<Vec<Run>> {
    let mut all: Vec<Vec<Run>> = vec![Vec::new()];
    for run in runs {
        for (index, text) in run.text.split('\n').enumerate() {
            if index > 0 {
                all.push(Vec::new());
            }
            if let Some(last) = all.last_mut() {
                last.push(Run {
                    text: text.to_owned(),
                    ..run.clone()
                });
            }
        }
    }
    all.retain(|runs| runs.iter().any(|run| !run.text.trim().is_empty()));
    all
}

/// Without what would turn around or hide what stands beside it: control characters and marks of direction. Ends of lines
/// are `\n`.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'))
        .map(|c| match c {
            '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Whether any of it is written in Arabic letters.
pub(crate) fn is_arabic(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{0600}'..='\u{08FF}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'))
}

#[expect(clippy::cast_precision_loss, reason = "paper is a few hundred dots wide")]
const fn to_f32(dots: u32) -> f32 {
    dots as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths on paper are small and not negative"
)]
fn whole(dots: f32) -> u32 {
    dots.max(0.0).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_in_an_arabic_text_reads_from_the_left() {
        assert_eq!(
            apart("علبة 250 ml كبيرة"),
            "علبة \u{2066}250\u{A0}ml\u{2069} كبيرة"
        );
        assert_eq!(apart("(BBQ)، 2"), "(\u{2066}BBQ\u{2069})، 2");
        assert_eq!(apart("بدون 3 حبات"), "بدون 3 حبات");
        assert_eq!(apart("Coca-Cola"), "\u{2066}Coca-Cola\u{2069}");
    }

    #[test]
    fn what_people_write_cannot_turn_around_what_stands_beside_it() {
        assert_eq!(clean("a\u{202E}b\u{2069}c"), "abc");
        assert_eq!(clean("a\r\nb\u{2028}c\td"), "a\nb\nc d");
    }

    #[test]
    fn an_empty_text_takes_no_room() {
        let mut it = Typesetter::new();
        let block = it.set(&[Run::bold(" \n\u{200F}", 40.0)], Reads::Itself, 500, Side::Left);
        assert_eq!(block.ink, (0, 0));
    }

    #[test]
    fn joined_letters_have_no_gap_between_them() {
        let mut it = Typesetter::new();
        for size in [23.0, 31.0, 46.0, 72.0] {
            let block = it.set(
                &[Run::bold("سسسسسس", size)],
                Reads::As(Lang::Ar),
                2_000,
                Side::Left,
            );
            let mut columns: Vec<i32> = block.black().map(|(x, _)| x).collect();
            columns.sort_unstable();
            columns.dedup();
            let (first, last) = (columns[0], columns[columns.len() - 1]);
            assert_eq!(columns, (first..=last).collect::<Vec<_>>(), "at {size}");
        }
    }

    #[test]
    fn a_long_word_is_broken_and_never_wider_than_its_room() {
        let mut it = Typesetter::new();
        let block = it.set(
            &[Run::bold(&"م".repeat(60), 40.0)],
            Reads::As(Lang::Ar),
            300,
            Side::Right,
        );
        assert!(block.height > 2 * block.first);
        let reach = block
            .black()
            .fold((0, 0), |(low, high), (x, _)| (x.min(low), x.max(high)));
        assert!(reach.0 > -8 && reach.1 < 308, "{reach:?}");
    }
}
