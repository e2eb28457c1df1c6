//! The map: the city drawn as vector shapes, without a network.
//!
//! `build.rs` turns `map/riyadh.json` into finished SVG paths; a move of the view changes one `transform`. Markers lie
//! above as HTML. A driver's position is never shown fresher than it is: after 30 s it turns grey and says its age.

mod camera;
mod mercator;

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_domain::text::Lang;
use momfood_domain::time::{SECOND, Timestamp};

use crate::components::IconButton;
use crate::icons::{Icon, IconView};
use crate::lang::lang;
use crate::{dom, format, t, time};
use camera::Camera;

/// The city, drawn at build time.
mod city {
    include!(concat!(env!("OUT_DIR"), "/city.rs"));
}

/// A name on the map.
struct Name {
    /// `place`, `road`, `park`, `water`, `desert`.
    kind: &'static str,
    /// Shown from this zoom on, in tenths.
    from: i32,
    x: i32,
    y: i32,
    ar: &'static str,
    en: &'static str,
}

/// After this long without news a position is shown as old.
const STALE_AFTER: i64 = 30 * SECOND;

/// What a marker stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkerKind {
    /// Where the food is cooked.
    Restaurant,
    /// Where it goes.
    Home,
    /// Who carries it.
    Driver,
}

/// Something at a place on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MapMarker {
    /// Tells it from the others while it moves.
    pub id: String,
    /// What it stands for.
    pub kind: MarkerKind,
    /// Where.
    pub at: GeoPoint,
    /// Its name, shown on demand and to screen readers; empty: the kind's own word.
    pub name: String,
    /// For what moves: when it was there (the server's time).
    pub seen: Option<Timestamp>,
}

impl MapMarker {
    /// A marker that stands still.
    pub fn fixed(kind: MarkerKind, at: GeoPoint, name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            id: name.clone(),
            kind,
            at,
            name,
            seen: None,
        }
    }

    /// The driver, last seen `at` a place at the time `seen`.
    pub fn driver(at: GeoPoint, seen: Timestamp, name: impl Into<String>) -> Self {
        Self {
            id: "driver".to_owned(),
            kind: MarkerKind::Driver,
            at,
            name: name.into(),
            seen: Some(seen),
        }
    }
}

/// How fingers and the mouse hold the map.
#[derive(Clone, Copy, PartialEq)]
struct Finger {
    id: i32,
    x: f64,
    y: f64,
}

/// The map. It fits itself to what it shows until one moves it; the button brings that back.
#[component]
pub fn MapView(
    /// What it shows, for screen readers.
    #[props(into)]
    label: String,
    /// What stands on it.
    #[props(default)]
    markers: Vec<MapMarker>,
    /// A way, drawn as a line.
    #[props(default)]
    route: Vec<GeoPoint>,
    /// Pixels down; 0 fills its place.
    #[props(default = 280)]
    height: u32,
    /// For choosing a place: a pin stands in the middle, the map moves under it, and each rest reports the place.
    #[props(default)]
    onpick: Option<EventHandler<GeoPoint>>,
    /// Where choosing begins.
    #[props(default)]
    start: Option<GeoPoint>,
) -> Element {
    let mut camera = use_signal(|| Camera::new(390.0, 280.0));
    let mut steered = use_signal(|| false);
    let mut fingers = use_signal(Vec::<Finger>::new);
    let mut frame = use_signal(|| None::<web_sys::Element>);
    let mut ready = use_signal(|| false);

    let points: Vec<GeoPoint> = markers
        .iter()
        .map(|m| m.at)
        .chain(route.iter().copied())
        .collect();
    let fit = {
        let points = points.clone();
        move |camera: Camera| match start {
            Some(start) if points.is_empty() => camera.at(start),
            _ => camera.fitted(&points),
        }
    };
    // What moved out of sight brings the view along, unless a person holds it.
    use_effect(use_reactive!(|points| {
        if ready() && !*steered.peek() && !camera.peek().shows(&points) {
            let fitted = camera.peek().fitted(&points);
            camera.set(fitted);
        }
    }));

    let report = move || {
        if let Some(onpick) = onpick {
            onpick.call(camera.peek().centre());
        }
    };
    let mut steer = move |change: &dyn Fn(Camera) -> Camera| {
        steered.set(true);
        let changed = change(*camera.peek());
        camera.set(changed);
    };
    let offset = move |x: f64, y: f64| {
        let bounds = frame
            .peek()
            .as_ref()
            .map(web_sys::Element::get_bounding_client_rect);
        bounds.map_or((x, y), |b| (x - b.left(), y - b.top()))
    };
    let middle = move || (camera.peek().width / 2.0, camera.peek().height / 2.0);
    let refit = {
        let fit = fit.clone();
        move |_| {
            steered.set(false);
            let fitted = fit(*camera.peek());
            camera.set(fitted);
            report();
        }
    };

    let cam = camera();
    let k = cam.scale();
    let (tx, ty) = (cam.width / 2.0 - cam.x * k, cam.height / 2.0 - cam.y * k);
    let size = if height == 0 {
        "block-size:100%".to_owned()
    } else {
        format!("block-size:{height}px")
    };
    // Streets get wider as one comes nearer, but slower than the ground does.
    let street = ((cam.zoom - 11.0) * 0.9).clamp(0.6, 6.0);
    rsx! {
        div {
            class: "k-map",
            class: if !fingers().is_empty() { "is-held" },
            style: "{size};--street:{street:.2}",
            dir: "ltr",
            role: "group",
            aria_label: "{label}",
            tabindex: "0",
            onmounted: move |event| frame.set(dom::element(&event)),
            onresize: move |event| {
                if let Ok(size) = event.get_border_box_size() {
                    let resized = Camera { width: size.width, height: size.height, ..*camera.peek() };
                    let view = if steered() { resized } else { fit(resized) };
                    camera.set(view);
                    ready.set(true);
                }
            },
            onpointerdown: move |event| {
                hold(&event);
                let at = event.client_coordinates();
                let id = event.pointer_id();
                fingers.write().retain(|f| f.id != id);
                fingers.write().push(Finger { id, x: at.x, y: at.y });
            },
            onpointermove: move |event| {
                let at = event.client_coordinates();
                let id = event.pointer_id();
                let before = fingers.peek().clone();
                let Some(which) = before.iter().position(|f| f.id == id) else { return };
                let mut after = before.clone();
                after[which] = Finger { id, x: at.x, y: at.y };
                steer(&|camera| moved(camera, &before, &after, offset));
                fingers.set(after);
            },
            onpointerup: move |event| {
                fingers.write().retain(|f| f.id != event.pointer_id());
                report();
            },
            onpointercancel: move |event| fingers.write().retain(|f| f.id != event.pointer_id()),
            onwheel: move |event| {
                event.prevent_default();
                let at = event.client_coordinates();
                let (x, y) = offset(at.x, at.y);
                let down = event.delta().strip_units().y;
                steer(&|camera| camera.zoomed((-down / 240.0).clamp(-1.0, 1.0), x, y));
                report();
            },
            ondoubleclick: move |event| {
                let at = event.client_coordinates();
                let (x, y) = offset(at.x, at.y);
                steer(&|camera| camera.zoomed(1.0, x, y));
                report();
            },
            onkeydown: move |event| {
                let (x, y) = middle();
                let change = match event.key() {
                    Key::ArrowLeft => (60.0, 0.0, 0.0),
                    Key::ArrowRight => (-60.0, 0.0, 0.0),
                    Key::ArrowUp => (0.0, 60.0, 0.0),
                    Key::ArrowDown => (0.0, -60.0, 0.0),
                    Key::Character(c) if c == "+" || c == "=" => (0.0, 0.0, 0.75),
                    Key::Character(c) if c == "-" => (0.0, 0.0, -0.75),
                    _ => return,
                };
                event.prevent_default();
                steer(&|camera| camera.panned(change.0, change.1).zoomed(change.2, x, y));
                report();
            },
            svg { class: "k-map-ground", "aria-hidden": "true",
                g { transform: "translate({tx:.2} {ty:.2}) scale({k:.6})",
                    City {}
                    Route { points: route }
                    Names { tenths: tenths(cam.zoom) }
                }
            }
            div { class: "k-map-markers",
                for marker in markers {
                    Marker { key: "{marker.id}", place: pixels(cam.place(marker.at)), marker }
                }
            }
            if onpick.is_some() {
                span { class: "k-map-pick", aria_hidden: "true",
                    IconView { icon: Icon::Pin, filled: true, size: 44 }
                }
            }
            p { class: "k-sr", {t!("kit-map-keys")} }
            div { class: "k-map-tools",
                IconButton {
                    icon: Icon::Plus,
                    class: "k-filled",
                    label: t!("kit-map-zoom-in"),
                    onclick: move |_| {
                        let (x, y) = middle();
                        steer(&|camera| camera.zoomed(0.75, x, y));
                        report();
                    },
                }
                IconButton {
                    icon: Icon::Minus,
                    class: "k-filled",
                    label: t!("kit-map-zoom-out"),
                    onclick: move |_| {
                        let (x, y) = middle();
                        steer(&|camera| camera.zoomed(-0.75, x, y));
                        report();
                    },
                }
                if steered() && !points.is_empty() {
                    IconButton { icon: Icon::Target, class: "k-filled", label: t!("kit-map-fit"), onclick: refit }
                }
            }
        }
    }
}

/// A drag with one finger moves; with two it moves and zooms around the point between them.
fn moved(
    camera: Camera,
    before: &[Finger],
    after: &[Finger],
    offset: impl Fn(f64, f64) -> (f64, f64),
) -> Camera {
    match (before, after) {
        ([a], [b]) => camera.panned(b.x - a.x, b.y - a.y),
        ([a1, a2, ..], [b1, b2, ..]) => {
            let gap = |p: &Finger, q: &Finger| (p.x - q.x).hypot(p.y - q.y).max(1.0);
            let between = |p: &Finger, q: &Finger| (f64::midpoint(p.x, q.x), f64::midpoint(p.y, q.y));
            let ((ax, ay), (bx, by)) = (between(a1, a2), between(b1, b2));
            let (x, y) = offset(bx, by);
            camera
                .panned(bx - ax, by - ay)
                .zoomed((gap(b1, b2) / gap(a1, a2)).log2(), x, y)
        }
        _ => camera,
    }
}

/// Keeps a drag with the map when the finger leaves it, except on its buttons.
fn hold(event: &PointerEvent) {
    let Some(web) = event.data().downcast::<web_sys::PointerEvent>().cloned() else {
        return;
    };
    let target = web
        .target()
        .and_then(|t| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(t).ok());
    if let Some(target) = target
        && target.closest("button").ok().flatten().is_none()
    {
        // Without capture a drag ends at the edge, nothing worse.
        let _ = target.set_pointer_capture(web.pointer_id());
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a zoom is at most 18")]
fn tenths(zoom: f64) -> i32 {
    (zoom * 10.0).round() as i32
}

#[expect(clippy::cast_possible_truncation, reason = "pixels near a screen")]
fn pixels((x, y): (f64, f64)) -> (i32, i32) {
    (x.round() as i32, y.round() as i32)
}

/// The ground. It takes nothing and so is drawn once.
#[component]
fn City() -> Element {
    rsx! {
        for (class, d) in city::SHAPES.iter().copied() {
            path { class: "k-map-{class}", d }
        }
    }
}

#[component]
fn Route(points: Vec<GeoPoint>) -> Element {
    if points.is_empty() {
        return rsx! {};
    }
    let steps = points.iter().enumerate().map(|(index, point)| {
        let (x, y) = pixels(mercator::project(point.lat, point.lng));
        format!("{}{x} {y}", if index == 0 { 'M' } else { 'L' })
    });
    let d: String = steps.collect();
    rsx! {
        path { class: "k-map-route-edge", d: d.clone() }
        path { class: "k-map-route", d }
    }
}

/// Names of places, in the language on screen; small places only from near.
#[component]
fn Names(tenths: i32) -> Element {
    let k = (f64::from(tenths) / 10.0 - mercator::UNIT_ZOOM).exp2();
    let here = lang();
    let shown = city::NAMES
        .iter()
        .enumerate()
        .filter(|(_, name)| tenths >= name.from);
    rsx! {
        for (index, name) in shown {
            text {
                key: "{index}",
                class: "k-map-name k-map-name-{name.kind}",
                transform: "translate({name.x} {name.y}) scale({1.0 / k:.4})",
                if here == Lang::Ar {
                    "{name.ar}"
                } else {
                    "{name.en}"
                }
            }
        }
    }
}

#[component]
fn Marker(marker: MapMarker, place: (i32, i32)) -> Element {
    let (class, icon, word) = match marker.kind {
        MarkerKind::Restaurant => ("is-restaurant", Icon::Bowl, t!("kit-map-restaurant")),
        MarkerKind::Home => ("is-home", Icon::Home, t!("kit-map-home")),
        MarkerKind::Driver => ("is-driver", Icon::Scooter, t!("kit-map-driver")),
    };
    let name = if marker.name.is_empty() { word } else { marker.name };
    // It glides when the driver moved, and jumps when only the view did.
    let mut last = use_hook(|| CopyValue::new(marker.at));
    let glides = last() != marker.at;
    last.set(marker.at);
    rsx! {
        div {
            class: "k-marker {class}",
            class: if glides { "is-gliding" },
            style: "transform:translate({place.0}px,{place.1}px)",
            role: "img",
            aria_label: "{name}",
            title: "{name}",
            span { class: "k-marker-pin",
                IconView { icon, size: 20 }
            }
            if let Some(seen) = marker.seen {
                Age { seen }
            }
        }
    }
}

/// Says how old a position is once it is old; its presence greys the marker (see the styles).
#[component]
fn Age(seen: Timestamp) -> Element {
    let now = time::use_now();
    if now().since(seen) <= STALE_AFTER {
        return rsx! {};
    }
    rsx! {
        span { class: "k-marker-age", dir: "auto", {t!("kit-map-stale", ago: format::relative(seen, now()))} }
    }
}
