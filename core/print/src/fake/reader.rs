//! Reads ESC/POS back into pictures, as a printer's head would.

use crate::raster::Raster;

/// What a printer is asked to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// How it is.
    Printer,
    /// How its paper is.
    Paper,
}

impl Answer {
    /// The byte that says it.
    pub const fn byte(self, no_paper: bool) -> u8 {
        match (self, no_paper) {
            (_, false) => 0x12,
            (Self::Printer, true) => 0x1A,
            (Self::Paper, true) => 0x72,
        }
    }
}

/// A head that prints.
#[derive(Debug, Default)]
pub struct Reader {
    /// A command of which more has to come.
    pending: Vec<u8>,
    /// Bytes of a raster's rows that have to come, and how wide it is.
    rows: Option<Rows>,
    paper: Option<Raster>,
    tickets: Vec<Raster>,
    garbage: usize,
}

#[derive(Debug)]
struct Rows {
    width: u32,
    missing: usize,
    dots: Vec<u8>,
}

impl Reader {
    /// Reads the next bytes, in pieces of any size. Returns the questions among them.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<Answer> {
        let mut answers = Vec::new();
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            if let Some(rows) = &mut self.rows {
                let (dots, after) = rest.split_at(rows.missing.min(rest.len()));
                rows.dots.extend_from_slice(dots);
                rows.missing -= dots.len();
                rest = after;
                if rows.missing == 0
                    && let Some(rows) = self.rows.take()
                {
                    self.print(&Raster::from_rows(rows.width, rows.dots));
                }
                continue;
            }
            rest = after;
            self.pending.push(*first);
            self.command(&mut answers);
        }
        answers
    }

    fn command(&mut self, answers: &mut Vec<Answer>) {
        match *self.pending.as_slice() {
            // Beginnings.
            [0x1B | 0x1D | 0x10]
            | [0x1B, 0x64]
            | [0x10, 0x04]
            | [0x1D, 0x56 | 0x76]
            | [0x1D, 0x56, 0x42]
            | [0x1D, 0x76, 0x30]
            | [0x1D, 0x76, 0x30, 0]
            | [0x1D, 0x76, 0x30, 0, _]
            | [0x1D, 0x76, 0x30, 0, _, _]
            | [0x1D, 0x76, 0x30, 0, _, _, _] => return,
            [0] | [0x1B, 0x40] | [0x1B, 0x64, _] => {}
            [0x10, 0x04, 1] => answers.push(Answer::Printer),
            [0x10, 0x04, 4] => answers.push(Answer::Paper),
            [0x1D, 0x56, 0x01] | [0x1D, 0x56, 0x42, _] => {
                if let Some(ticket) = self.paper.take() {
                    self.tickets.push(ticket);
                }
            }
            [0x1D, 0x76, 0x30, 0, x_low, x_high, y_low, y_high] => {
                let across = u16::from_le_bytes([x_low, x_high]);
                let rows = u16::from_le_bytes([y_low, y_high]);
                let missing = usize::from(across) * usize::from(rows);
                if missing > 0 {
                    self.rows = Some(Rows {
                        width: u32::from(across) * 8,
                        missing,
                        dots: Vec::with_capacity(missing),
                    });
                }
            }
            _ => self.garbage += self.pending.len(),
        }
        self.pending.clear();
    }

    fn print(&mut self, band: &Raster) {
        match &mut self.paper {
            Some(paper) if paper.width() == band.width() => paper.append(band),
            Some(_) => self.garbage += band.rows().len(),
            None => self.paper = Some(band.clone()),
        }
    }

    /// Every ticket that was cut off.
    pub fn tickets(&self) -> &[Raster] {
        &self.tickets
    }

    /// What is on paper and not cut off.
    pub const fn unfinished(&self) -> Option<&Raster> {
        self.paper.as_ref()
    }

    /// Bytes that are no command this head knows.
    pub const fn garbage(&self) -> usize {
        self.garbage
    }

    /// Whether it waits for more of something.
    pub const fn is_within(&self) -> bool {
        self.rows.is_some() || !self.pending.is_empty()
    }

    /// Forgets what it was about to do. What is on paper stays there.
    pub fn reset(&mut self) {
        self.pending.clear();
        self.rows = None;
    }
}
