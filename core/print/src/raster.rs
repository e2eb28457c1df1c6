//! A picture of black and white dots, as a printer's head burns them. It knows nothing of text or commands.

/// Dots in rows, top to bottom. A row is packed from its left, the highest bit first; a set bit is black.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    width: u32,
    dots: Vec<u8>,
}

impl Raster {
    /// White, `width` × `height` dots. The width is a whole number of bytes, as printers want it.
    pub fn new(width: u32, height: u32) -> Self {
        let width = width.next_multiple_of(8).max(8);
        Self {
            width,
            dots: vec![0; (width / 8 * height) as usize],
        }
    }

    /// Of packed rows; a last row that is not whole is left out.
    pub fn from_rows(width: u32, mut rows: Vec<u8>) -> Self {
        let white = Self::new(width, 0);
        rows.truncate(rows.len() / white.stride() * white.stride());
        Self { dots: rows, ..white }
    }

    /// Dots across.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        u32::try_from(self.dots.len() / self.stride()).unwrap_or(u32::MAX)
    }

    /// Bytes of a row.
    pub const fn stride(&self) -> usize {
        (self.width / 8) as usize
    }

    /// All rows, packed.
    pub fn rows(&self) -> &[u8] {
        &self.dots
    }

    /// Whether a dot is black; outside of the picture none is.
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        x < self.width
            && self
                .dots
                .get(self.at(x, y))
                .is_some_and(|byte| byte & bit(x) != 0)
    }

    /// Colours a dot. Says whether it lies in the picture; one that does not is left alone.
    pub fn set(&mut self, x: u32, y: u32, black: bool) -> bool {
        if x >= self.width {
            return false;
        }
        let at = self.at(x, y);
        let Some(byte) = self.dots.get_mut(at) else {
            return false;
        };
        if black {
            *byte |= bit(x);
        } else {
            *byte &= !bit(x);
        }
        true
    }

    /// Makes it at least `height` rows high.
    pub fn grow(&mut self, height: u32) {
        let bytes = height as usize * self.stride();
        if bytes > self.dots.len() {
            self.dots.resize(bytes, 0);
        }
    }

    /// Puts another of the same width beneath it.
    pub fn append(&mut self, below: &Self) {
        debug_assert_eq!(self.width, below.width, "bands of one picture are equally wide");
        self.dots.extend_from_slice(&below.dots);
    }

    const fn at(&self, x: u32, y: u32) -> usize {
        y as usize * self.stride() + (x / 8) as usize
    }
}

const fn bit(x: u32) -> u8 {
    0x80 >> (x % 8)
}

impl core::fmt::Debug for Raster {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let black: u32 = self.dots.iter().map(|byte| byte.count_ones()).sum();
        write!(f, "Raster({} × {}, {black} black)", self.width, self.height())
    }
}

#[cfg(test)]
mod tests {
    use super::Raster;

    #[test]
    fn the_leftmost_dot_is_the_highest_bit() {
        let mut it = Raster::new(16, 2);
        assert!(it.set(0, 0, true) && it.set(9, 1, true));
        assert_eq!(it.rows(), [0x80, 0, 0, 0x40]);
        assert!(it.is_black(9, 1) && !it.is_black(8, 1));
        it.set(9, 1, false);
        assert!(!it.is_black(9, 1));
    }

    #[test]
    fn a_dot_beside_the_picture_is_refused() {
        let mut it = Raster::new(8, 1);
        assert!(!it.set(8, 0, true));
        assert!(!it.set(0, 1, true));
        assert!(!it.is_black(8, 0));
        assert_eq!(it.rows(), [0]);
    }
}
