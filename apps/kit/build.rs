//! Draws the city at build time: `map/riyadh.json` becomes finished SVG paths and placed names, so that the apps
//! carry no JSON of it and project nothing but their markers.

#[allow(dead_code, reason = "the apps use the rest")]
#[path = "src/map/mercator.rs"]
mod mercator;

use std::error::Error;
use std::fmt::Write as _;

use serde_json::Value;

/// Areas from the ground up: what the JSON calls them is also their class.
const AREAS: [&str; 4] = ["desert", "built", "park", "water"];
/// Roads from below to above, by class and the kinds drawn in it. Edges lie below all roads they border.
const ROADS: [(&str, &[&str]); 4] = [
    ("street", &["street"]),
    ("edge", &["main", "highway"]),
    ("main", &["main"]),
    ("highway", &["highway"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=map/riyadh.json");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/map/mercator.rs");
    let city: Value = serde_json::from_str(&std::fs::read_to_string("map/riyadh.json")?)?;

    let mut code = String::from("pub static SHAPES: &[(&str, &str)] = &[\n");
    for kind in AREAS {
        let d = paths(&city, "areas", "ring", &[kind], "z")?;
        writeln!(code, "    ({kind:?}, {d:?}),")?;
    }
    for (class, kinds) in ROADS {
        let d = paths(&city, "roads", "line", kinds, "")?;
        writeln!(code, "    ({class:?}, {d:?}),")?;
    }
    code.push_str("];\n\npub static NAMES: &[super::Name] = &[\n");
    let mut names = Vec::new();
    for place in list(&city, "places")? {
        let from = match place["rank"].as_u64() {
            Some(1) => 107,
            Some(2) => 122,
            _ => 134,
        };
        name(&mut names, "place", from, place, project(&place["at"])?);
    }
    for area in list(&city, "areas")?
        .iter()
        .filter(|area| area["kind"] != "built")
    {
        let from = if area["kind"] == "desert" { 100 } else { 132 };
        let kind = area["kind"].as_str().unwrap_or_default();
        name(&mut names, kind, from, area, middle(&area["ring"])?);
    }
    for road in list(&city, "roads")? {
        let from = match road["kind"].as_str() {
            Some("highway") => 120,
            Some("main") => 132,
            _ => 147,
        };
        let line = road["line"].as_array().ok_or("a road without a line")?;
        name(&mut names, "road", from, road, project(&line[line.len() / 2])?);
    }
    for Name {
        kind,
        from,
        at: (x, y),
        ar,
        en,
    } in apart(names)
    {
        writeln!(
            code,
            "    super::Name {{ kind: {kind:?}, from: {from}, x: {x}, y: {y}, ar: {ar:?}, en: {en:?} }},"
        )?;
    }
    code.push_str("];\n");
    std::fs::write(
        std::path::Path::new(&std::env::var("OUT_DIR")?).join("city.rs"),
        code,
    )?;
    Ok(())
}

fn list<'a>(city: &'a Value, key: &str) -> Result<&'a Vec<Value>, Box<dyn Error>> {
    city[key]
        .as_array()
        .ok_or_else(|| format!("the map has no {key}").into())
}

/// Units of a `[lat, lng]` pair.
fn project(pair: &Value) -> Result<(i64, i64), Box<dyn Error>> {
    let (Some(lat), Some(lng)) = (pair[0].as_f64(), pair[1].as_f64()) else {
        return Err(format!("not a place: {pair}").into());
    };
    let (x, y) = mercator::project(lat, lng);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a city is some ten thousand units wide"
    )]
    Ok((x.round() as i64, y.round() as i64))
}

/// All lines of the given kinds in one path, in relative steps.
fn paths(city: &Value, layer: &str, line: &str, kinds: &[&str], end: &str) -> Result<String, Box<dyn Error>> {
    let mut d = String::new();
    for shape in list(city, layer)?
        .iter()
        .filter(|s| kinds.iter().any(|kind| s["kind"] == *kind))
    {
        let points = shape[line].as_array().ok_or("a shape without points")?;
        let mut last = (0, 0);
        for (index, point) in points.iter().enumerate() {
            let (x, y) = project(point)?;
            if index == 0 {
                write!(d, "M{x} {y}")?;
            } else if (x, y) != last {
                write!(d, "l{} {}", x - last.0, y - last.1)?;
            }
            last = (x, y);
        }
        d.push_str(end);
    }
    Ok(d)
}

/// The middle of what a ring spans.
fn middle(ring: &Value) -> Result<(i64, i64), Box<dyn Error>> {
    let points = ring
        .as_array()
        .ok_or("an area without a ring")?
        .iter()
        .map(project)
        .collect::<Result<Vec<_>, _>>()?;
    let span = |of: fn(&(i64, i64)) -> i64| {
        let (low, high) = (points.iter().map(of).min(), points.iter().map(of).max());
        low.unwrap_or(0).midpoint(high.unwrap_or(0))
    };
    Ok((span(|p| p.0), span(|p| p.1)))
}

/// A name on the map.
struct Name<'a> {
    kind: &'a str,
    /// Shown from this zoom on, in tenths.
    from: u32,
    at: (i64, i64),
    ar: &'a str,
    en: &'a str,
}

/// Adds a name, if the thing has one.
fn name<'a>(names: &mut Vec<Name<'a>>, kind: &'a str, from: u32, thing: &'a Value, at: (i64, i64)) {
    if let (Some(ar), Some(en)) = (thing["name"]["ar"].as_str(), thing["name"]["en"].as_str()) {
        names.push(Name {
            kind,
            from,
            at,
            ar,
            en,
        });
    }
}

/// The nearest zoom there is, in tenths.
const NEAREST: u32 = 180;

/// Names that never lie over each other: of two that would, the later one waits until the view is near enough for
/// both, and is left out when it never is.
fn apart(names: Vec<Name<'_>>) -> Vec<Name<'_>> {
    let mut kept: Vec<Name<'_>> = Vec::with_capacity(names.len());
    for mut name in names {
        let free = (name.from..=NEAREST).find(|&zoom| !kept.iter().any(|other| collide(&name, other, zoom)));
        if let Some(zoom) = free {
            name.from = zoom;
            kept.push(name);
        }
    }
    kept
}

/// Whether two names lie over each other at the first zoom that shows both.
fn collide(one: &Name<'_>, other: &Name<'_>, zoom: u32) -> bool {
    let scale = (f64::from(zoom.max(other.from)) / 10.0 - mercator::UNIT_ZOOM).exp2();
    let pixels = |units: i64| f64::from(i32::try_from(units.abs()).unwrap_or(i32::MAX)) * scale;
    let wide = |name: &Name<'_>| {
        let letters = name.ar.chars().count().max(name.en.chars().count());
        f64::from(u32::try_from(letters).unwrap_or(u32::MAX)) * 7.0 + 10.0
    };
    let (across, down) = (pixels(one.at.0 - other.at.0), pixels(one.at.1 - other.at.1));
    across < f64::midpoint(wide(one), wide(other)) && down < 20.0
}
