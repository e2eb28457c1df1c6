//! Where the map looks and how close: plain arithmetic, no browser.

use momfood_domain::geo::GeoPoint;

use super::mercator::{UNIT_ZOOM, project, unproject};

/// Farthest and closest one can look.
const ZOOMS: (f64, f64) = (10.0, 16.5);

/// A view of the map: a middle in units, a zoom, and the size of the window on it in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Units east of the origin, in the middle of the view.
    pub x: f64,
    /// Units south of the origin, in the middle of the view.
    pub y: f64,
    /// Web Mercator zoom.
    pub zoom: f64,
    /// Pixels across.
    pub width: f64,
    /// Pixels down.
    pub height: f64,
}

impl Camera {
    /// Looking at the whole city.
    pub const fn new(width: f64, height: f64) -> Self {
        Self {
            x: 0.0,
            y: 0.0,
            zoom: 12.0,
            width,
            height,
        }
    }

    /// Pixels per unit.
    pub fn scale(&self) -> f64 {
        (self.zoom - UNIT_ZOOM).exp2()
    }

    /// Where on the view a place is, in pixels from its upper left corner.
    pub fn place(&self, at: GeoPoint) -> (f64, f64) {
        let (x, y) = project(at.lat, at.lng);
        let k = self.scale();
        (
            (x - self.x) * k + self.width / 2.0,
            (y - self.y) * k + self.height / 2.0,
        )
    }

    /// The place in the middle.
    pub fn centre(&self) -> GeoPoint {
        let (lat, lng) = unproject(self.x, self.y);
        GeoPoint { lat, lng }
    }

    /// Moves by pixels: what was under the finger stays under it.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Self {
        let k = self.scale();
        Self {
            x: self.x - dx / k,
            y: self.y - dy / k,
            ..self
        }
    }

    /// Zooms by steps, holding the pixel (`px`, `py`) where it is.
    #[must_use]
    pub fn zoomed(self, steps: f64, px: f64, py: f64) -> Self {
        let zoom = (self.zoom + steps).clamp(ZOOMS.0, ZOOMS.1);
        let (dx, dy) = (px - self.width / 2.0, py - self.height / 2.0);
        let before = self.scale();
        let after = Self { zoom, ..self }.scale();
        Self {
            x: self.x + dx / before - dx / after,
            y: self.y + dy / before - dy / after,
            zoom,
            ..self
        }
    }

    /// Looks at `at` from as near as a street.
    #[must_use]
    pub fn at(self, at: GeoPoint) -> Self {
        let (x, y) = project(at.lat, at.lng);
        Self {
            x,
            y,
            zoom: 14.8,
            ..self
        }
    }

    /// The closest view that shows all `points` with room around them.
    #[must_use]
    pub fn fitted(self, points: &[GeoPoint]) -> Self {
        let [first, rest @ ..] = points else { return self };
        if rest.is_empty() {
            return self.at(*first);
        }
        let (mut west, mut north) = (f64::INFINITY, f64::INFINITY);
        let (mut east, mut south) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for point in points {
            let (x, y) = project(point.lat, point.lng);
            (west, east) = (west.min(x), east.max(x));
            (north, south) = (north.min(y), south.max(y));
        }
        let room = |pixels: f64, margin: f64| (pixels - 2.0 * margin).max(60.0);
        let k = (room(self.width, 56.0) / (east - west).max(1.0))
            .min(room(self.height, 64.0) / (south - north).max(1.0));
        let zoom = (UNIT_ZOOM + k.log2()).clamp(ZOOMS.0, 14.8);
        Self {
            x: f64::midpoint(west, east),
            y: f64::midpoint(north, south),
            zoom,
            ..self
        }
    }

    /// Whether all `points` are well inside the view.
    pub fn shows(&self, points: &[GeoPoint]) -> bool {
        points.iter().all(|point| {
            let (x, y) = self.place(*point);
            (24.0..=self.width - 24.0).contains(&x) && (40.0..=self.height - 12.0).contains(&y)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLAYA: GeoPoint = GeoPoint {
        lat: 24.6911,
        lng: 46.6853,
    };
    const DIRIYAH: GeoPoint = GeoPoint {
        lat: 24.7341,
        lng: 46.5757,
    };

    fn camera() -> Camera {
        Camera::new(390.0, 320.0)
    }

    #[test]
    fn a_place_looked_at_is_in_the_middle() {
        let camera = camera().at(OLAYA);
        let (x, y) = camera.place(OLAYA);
        assert!((x - 195.0).abs() < 0.01 && (y - 160.0).abs() < 0.01);
        assert!(
            (camera.centre().lat - OLAYA.lat).abs() < 1e-9 && (camera.centre().lng - OLAYA.lng).abs() < 1e-9
        );
    }

    #[test]
    fn fitting_shows_every_point() {
        let camera = camera().fitted(&[OLAYA, DIRIYAH]);
        assert!(camera.shows(&[OLAYA, DIRIYAH]));
        assert!(!camera.zoomed(2.0, 195.0, 160.0).shows(&[OLAYA, DIRIYAH]));
    }

    #[test]
    fn zooming_holds_what_is_under_the_finger() {
        let before = camera().at(OLAYA);
        let (x, y) = before.place(DIRIYAH);
        let after = before.zoomed(-2.0, x, y);
        let (x2, y2) = after.place(DIRIYAH);
        assert!((x - x2).abs() < 0.01 && (y - y2).abs() < 0.01);
    }

    #[test]
    fn panning_moves_with_the_finger() {
        let before = camera().at(OLAYA);
        let (x, y) = before.panned(30.0, -12.0).place(OLAYA);
        assert!((x - 225.0).abs() < 0.01 && (y - 148.0).abs() < 0.01);
    }
}
