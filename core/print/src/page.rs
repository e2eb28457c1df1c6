//! A ticket's paper while it is written on, from top to bottom: texts, bands and rules put one beneath the other, from the
//! side on which its language begins. It does not know what a ticket says.

use momfood_domain::text::Lang;

use crate::raster::Raster;
use crate::text::{Block, Reads, Run, Side, Typesetter};

/// White on both sides of what is written: heads burn less well at their ends, and paper shifts.
pub(crate) const MARGIN: u32 = 10;

/// Paper up to this width has no room to spare.
pub(crate) const NARROW: u32 = 448;

/// The colour something is put on in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    White,
}

/// A part of the paper's width, counted from where its language begins.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: u32,
    pub(crate) width: u32,
}

impl Span {
    /// So much of it where reading begins.
    pub(crate) const fn start(self, width: u32) -> Self {
        Self {
            from: self.from,
            width,
        }
    }

    /// What is left of it after so much where reading begins.
    pub(crate) const fn after(self, width: u32) -> Self {
        Self {
            from: self.from + width,
            width: self.width.saturating_sub(width),
        }
    }

    /// So much of it where reading ends.
    pub(crate) const fn end(self, width: u32) -> Self {
        Self {
            from: (self.from + self.width).saturating_sub(width),
            width,
        }
    }
}

/// Paper.
pub(crate) struct Page {
    type_: Typesetter,
    lang: Lang,
    paper: Raster,
    /// The row everything above is written on.
    pub(crate) y: u32,
    /// Dots that fell beside the paper: there should never be one.
    lost: u32,
}

impl Page {
    pub(crate) fn new(lang: Lang, width: u32) -> Self {
        Self {
            type_: Typesetter::new(),
            lang,
            paper: Raster::new(width, 0),
            y: 0,
            lost: 0,
        }
    }

    /// What was written, and how many dots fell beside the paper.
    pub(crate) fn end(mut self) -> (Raster, u32) {
        self.paper.grow(self.y);
        (self.paper, self.lost)
    }

    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    pub(crate) const fn width(&self) -> u32 {
        self.paper.width()
    }

    /// The row under everything that is on the paper, wherever it was put.
    pub(crate) fn written(&self) -> u32 {
        self.paper.height()
    }

    pub(crate) const fn is_narrow(&self) -> bool {
        self.width() <= NARROW
    }

    /// What may be written on.
    pub(crate) const fn inner(&self) -> Span {
        Span {
            from: MARGIN,
            width: self.width() - 2 * MARGIN,
        }
    }

    /// The side on which the ticket's language begins.
    pub(crate) const fn start(&self) -> Side {
        match self.lang {
            Lang::Ar => Side::Right,
            Lang::En => Side::Left,
        }
    }

    pub(crate) const fn skip(&mut self, rows: u32) {
        self.y += rows;
    }

    /// Sets text for a part of the width.
    pub(crate) fn set(&mut self, runs: &[Run], reads: Reads, width: u32, side: Side) -> Block {
        self.type_.set(runs, reads, width, side)
    }

    /// Sets a word or two of the ticket's own language as wide as they are.
    pub(crate) fn label(&mut self, run: Run) -> Block {
        self.type_.set(&[run], Reads::As(self.lang), 4_000, Side::Left)
    }

    /// Sets a word or two of the ticket's own in one line of `width`, at most as large as they are given.
    pub(crate) fn fit(&mut self, text: &str, bold: bool, size: f32, width: u32) -> Block {
        let mut size = size;
        loop {
            let block = self.label(Run::of(text, size, bold));
            if block.width <= width || size < 8.0 {
                break block;
            }
            size *= 0.92;
        }
    }

    /// Sets text into a span and puts it under everything written so far.
    pub(crate) fn write(&mut self, runs: &[Run], reads: Reads, span: Span, side: Side) {
        let block = self.set(runs, reads, span.width, side);
        self.put(&block, span, self.y, Ink::Black);
        self.y += block.height;
    }

    /// Puts text that was set for a span's width onto it, its upper edge at `y`.
    pub(crate) fn put(&mut self, block: &Block, span: Span, y: u32, ink: Ink) {
        let left = self.left(span);
        self.paper.grow(y + block.height);
        for (x, row) in block.black() {
            self.dot(u32::try_from(left + x).unwrap_or(u32::MAX), y + row, ink);
        }
    }

    /// Fills rows of a span.
    pub(crate) fn fill(&mut self, span: Span, y: u32, height: u32, ink: Ink) {
        let left = self.left(span);
        self.paper.grow(y + height);
        for row in y..y + height {
            for x in left..left + span.width.cast_signed() {
                self.dot(u32::try_from(x).unwrap_or(u32::MAX), row, ink);
            }
        }
    }

    /// A frame of `thick` dots just inside of a span's rows.
    pub(crate) fn frame(&mut self, span: Span, y: u32, height: u32, thick: u32) {
        self.fill(span, y, height, Ink::Black);
        let inner = Span {
            from: span.from + thick,
            width: span.width.saturating_sub(2 * thick),
        };
        self.fill(inner, y + thick, height.saturating_sub(2 * thick), Ink::White);
    }

    /// A black rule across what may be written on.
    pub(crate) fn rule(&mut self, thick: u32) {
        self.fill(self.inner(), self.y, thick, Ink::Black);
        self.y += thick;
    }

    /// A dotted rule across a span.
    pub(crate) fn dotted(&mut self, span: Span) {
        let dashes = span.width / 12;
        for dash in 0..dashes {
            let from = span.from + dash * (span.width - 6) / dashes.saturating_sub(1).max(1);
            self.fill(Span { from, width: 6 }, self.y, 2, Ink::Black);
        }
        self.y += 2;
    }

    /// Slanted stripes from edge to edge.
    pub(crate) fn stripes(&mut self, height: u32) {
        self.paper.grow(self.y + height);
        for y in 0..height {
            for x in 0..self.width() {
                if (x + y) % 24 < 12 {
                    self.dot(x, self.y + y, Ink::Black);
                }
            }
        }
        self.y += height;
    }

    /// A black band with white text, its ink `pad` away from the band's edges.
    pub(crate) fn band(&mut self, texts: &[Band<'_>], span: Span, pad: u32, side: Side) {
        let inner = Span {
            from: span.from + pad,
            width: span.width - 2 * pad,
        };
        let mut y = self.y + pad;
        let mut blocks = Vec::new();
        for (runs, reads) in texts {
            let block = self.set(runs, *reads, inner.width, side);
            if block.ink.1 > 0 {
                let height = block.ink.1 - block.ink.0;
                blocks.push((y, block));
                y += height + pad;
            }
        }
        self.fill(span, self.y, y - self.y, Ink::Black);
        for (at, block) in blocks {
            self.put_ink(&block, inner, at, Ink::White);
        }
        self.y = y;
    }

    /// Puts text with the first row of its ink at `y`.
    pub(crate) fn put_ink(&mut self, block: &Block, span: Span, y: u32, ink: Ink) {
        let left = self.left(span);
        self.paper.grow(y + block.ink.1 - block.ink.0);
        for (x, row) in block.black() {
            self.dot(
                u32::try_from(left + x).unwrap_or(u32::MAX),
                y + row - block.ink.0,
                ink,
            );
        }
    }

    /// White rows down to `y`.
    pub(crate) fn reach(&mut self, y: u32) {
        self.paper.grow(y);
    }

    /// A dot, counted from the paper's left edge.
    pub(crate) fn dot(&mut self, x: u32, y: u32, ink: Ink) {
        if !self.paper.set(x, y, ink == Ink::Black) {
            self.lost += 1;
        }
    }

    /// From the paper's left edge; text may be set for more room than there is, and then lies at its beginning.
    const fn left(&self, span: Span) -> i32 {
        match self.lang {
            Lang::En => span.from.cast_signed(),
            Lang::Ar => self.width().cast_signed() - (span.from + span.width).cast_signed(),
        }
    }
}

/// A text of a band.
pub(crate) type Band<'a> = (&'a [Run], Reads);
