//! Where the driver is: asked of the device while the app is open, reported to the engine.
//!
//! Never a made-up place: where the device gives none, the driver is asked to point at the map, and what the
//! driver then says about arriving is taken as the position.

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_kit::engine::use_engine;
use momfood_protocol::engine::ReportPosition;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// What the device says about where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Device {
    /// Not answered yet.
    #[default]
    Asking,
    /// Here.
    At(GeoPoint, Option<u16>),
    /// It will not say: no permission, no receiver, no signal.
    Silent,
}

/// The device's answer, for every screen.
pub static DEVICE: GlobalSignal<Device> = Signal::global(Device::default);

type Watch = (
    Closure<dyn FnMut(web_sys::Position)>,
    Closure<dyn FnMut(web_sys::PositionError)>,
);

/// Watches the device while someone is signed in, and reports each position. Shows nothing.
#[component]
pub fn Reporter() -> Element {
    let engine = use_engine();
    let watch = use_hook(|| {
        let heard = move |position: web_sys::Position| {
            let coordinates = position.coords();
            let point = GeoPoint {
                lat: coordinates.latitude(),
                lng: coordinates.longitude(),
            };
            // (0, 0) is what a receiver says that has nothing to say.
            if !point.is_valid() || (point.lat == 0.0 && point.lng == 0.0) {
                return;
            }
            let heading = coordinates
                .heading()
                .filter(|degrees| degrees.is_finite())
                .map(whole_degrees);
            *DEVICE.write() = Device::At(point, heading);
            dioxus::core::spawn_forever(async move {
                // A position that could not be sent is overtaken by the next one.
                let _ = engine.ask(ReportPosition { point, heading }).await;
            });
        };
        let silent = move |_: web_sys::PositionError| {
            if !matches!(*DEVICE.peek(), Device::At(..)) {
                *DEVICE.write() = Device::Silent;
            }
        };
        let callbacks: Watch = (Closure::new(heard), Closure::new(silent));
        let id = start(&callbacks);
        if id.is_none() {
            *DEVICE.write() = Device::Silent;
        }
        std::rc::Rc::new((callbacks, id))
    });
    use_drop(move || {
        if let (Some(id), Some(geolocation)) = (watch.1, geolocation()) {
            geolocation.clear_watch(id);
        }
    });
    rsx! {}
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0 to 359 after the remainder"
)]
fn whole_degrees(degrees: f64) -> u16 {
    degrees.rem_euclid(360.0) as u16
}

fn geolocation() -> Option<web_sys::Geolocation> {
    web_sys::window()?.navigator().geolocation().ok()
}

fn start(callbacks: &Watch) -> Option<i32> {
    let options = web_sys::PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(8_000);
    geolocation()?
        .watch_position_with_error_callback_and_options(
            callbacks.0.as_ref().unchecked_ref(),
            Some(callbacks.1.as_ref().unchecked_ref()),
            &options,
        )
        .ok()
}
