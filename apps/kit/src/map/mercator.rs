//! Web Mercator, in whole units of 2^-16 of a tile's pixel world, counted from a point in the city's middle.
//!
//! Used by `build.rs` too: what is drawn at build time and what is placed at run time meet in the same units.

use std::f64::consts::PI;

/// The zoom at which one unit is one pixel (about 2.2 m in Riyadh).
pub const UNIT_ZOOM: f64 = 16.0;

/// The units' origin: the middle of Riyadh.
const ORIGIN: (f64, f64) = (24.7136, 46.6753);

/// Pixels around the world at [`UNIT_ZOOM`].
const WORLD: f64 = 256.0 * 65_536.0;

fn world(lat: f64, lng: f64) -> (f64, f64) {
    // Beyond 85° the projection runs away; nobody orders from there.
    let lat = lat.clamp(-85.0, 85.0).to_radians();
    let x = (lng / 360.0 + 0.5) * WORLD;
    let y = (0.5 - (lat / 2.0 + PI / 4.0).tan().ln() / (2.0 * PI)) * WORLD;
    (x, y)
}

/// Units east and south of the origin.
pub fn project(lat: f64, lng: f64) -> (f64, f64) {
    let (x, y) = world(lat, lng);
    let (ox, oy) = world(ORIGIN.0, ORIGIN.1);
    (x - ox, y - oy)
}

/// Latitude and longitude of a point in units.
pub fn unproject(x: f64, y: f64) -> (f64, f64) {
    let (ox, oy) = world(ORIGIN.0, ORIGIN.1);
    let lng = ((x + ox) / WORLD - 0.5) * 360.0;
    let lat = (((0.5 - (y + oy) / WORLD) * 2.0 * PI).exp().atan() - PI / 4.0) * 2.0;
    (lat.to_degrees(), lng)
}
