//! Where the driver is, for the screens; and in a browser, where from: asked of it as often as the engine says, never more.
//!
//! On a phone the program around the page knows, and sleeps less than a page does: there the browser is not asked as well.
//! Never a made-up place: where the device gives none, the driver is asked to point at the map, and what the driver then says
//! about arriving is taken as the position.

use std::cell::RefCell;
use std::rc::Rc;

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_kit::engine::{Engine, EventKind, use_engine, use_event};
use momfood_protocol::engine::{DeviceKind, Event, GetDevice, GetPace, Pace, ReportPosition};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// What the device says about where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Device {
    /// Not answered yet, or not asked.
    #[default]
    Asking,
    /// Here.
    At(GeoPoint, Option<u16>),
    /// It will not say: no permission, no receiver, no signal.
    Silent,
}

/// The device's answer, for every screen.
pub static DEVICE: GlobalSignal<Device> = Signal::global(Device::default);

/// Where the app runs, once that is known.
pub static KIND: GlobalSignal<Option<DeviceKind>> = Signal::global(|| None);

/// Where the driver said to be, for want of a device that does: what the engine then tells is no answer of the device's.
static SAID: GlobalSignal<Option<GeoPoint>> = Signal::global(|| None);

/// The driver says: here. True when that was taken.
pub async fn say(engine: Engine, point: GeoPoint) -> bool {
    *SAID.write() = Some(point);
    engine.ask(ReportPosition { point, heading: None }).await.is_ok()
}

/// Keeps [`DEVICE`] while someone is signed in, and asks the browser where the engine wants to know. Shows nothing.
#[component]
pub fn Reporter() -> Element {
    let engine = use_engine();
    let mut pace = use_signal(|| None::<Pace>);
    use_hook(|| {
        spawn(async move {
            if let Ok(device) = engine.ask(GetDevice {}).await {
                *KIND.write() = Some(device.kind);
            }
            if let Ok(asked) = engine.ask(GetPace {}).await {
                pace.set(Some(asked));
            }
        });
    });
    use_event(&[EventKind::Pace, EventKind::Here], move |event| match event {
        Event::Pace(told) => pace.set(Some(told)),
        Event::Here { position } if *SAID.peek() != Some(position.point) => {
            *DEVICE.write() = Device::At(position.point, position.heading);
        }
        _ => {}
    });
    let heard = use_callback(move |(point, heading)| {
        spawn(async move {
            // A position that could not be taken is overtaken by the next one.
            let _ = engine.ask(ReportPosition { point, heading }).await;
        });
    });
    let silent = use_callback(move |()| {
        // One fix that fails on the way is no reason to ask the driver.
        if !matches!(*DEVICE.peek(), Device::At(..)) {
            *DEVICE.write() = Device::Silent;
        }
    });
    let watch = use_hook(|| Rc::new(RefCell::new(None::<Watch>)));
    let kept = Rc::clone(&watch);
    use_effect(move || {
        let (Some(kind), Some(pace)) = (*KIND.read(), pace()) else {
            return;
        };
        // The old one ends first: two would ask the receiver twice.
        kept.borrow_mut().take();
        if kind == DeviceKind::Phone || pace.seconds == 0 {
            return;
        }
        let begun = Watch::begin(pace, heard, silent);
        if begun.is_none() {
            silent.call(());
        }
        *kept.borrow_mut() = begun;
    });
    use_drop(move || {
        watch.borrow_mut().take();
    });
    rsx! {}
}

/// The browser is being asked; until this is let go.
struct Watch {
    id: i32,
    _heard: Closure<dyn FnMut(web_sys::Position)>,
    _silent: Closure<dyn FnMut(web_sys::PositionError)>,
}

impl Watch {
    fn begin(pace: Pace, heard: Callback<(GeoPoint, Option<u16>)>, silent: Callback<()>) -> Option<Self> {
        let heard = Closure::new(move |position: web_sys::Position| {
            let coordinates = position.coords();
            let point = GeoPoint {
                lat: coordinates.latitude(),
                lng: coordinates.longitude(),
            };
            // (0, 0) is what a receiver says that has nothing to say.
            if !point.is_valid() || (point.lat == 0.0 && point.lng == 0.0) {
                silent.call(());
                return;
            }
            let heading = coordinates
                .heading()
                .filter(|degrees| degrees.is_finite())
                .map(whole_degrees);
            heard.call((point, heading));
        });
        let refused = Closure::new(move |_: web_sys::PositionError| silent.call(()));
        let id = geolocation()?
            .watch_position_with_error_callback_and_options(
                heard.as_ref().unchecked_ref(),
                Some(refused.as_ref().unchecked_ref()),
                &options(pace),
            )
            .ok()?;
        Some(Self {
            id,
            _heard: heard,
            _silent: refused,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(geolocation) = geolocation() {
            geolocation.clear_watch(self.id);
        }
    }
}

/// What to ask of the browser: satellites only where that is worth it, and nothing newer than anybody needs.
fn options(pace: Pace) -> web_sys::PositionOptions {
    let options = web_sys::PositionOptions::new();
    options.set_enable_high_accuracy(pace.exact);
    options.set_maximum_age(pace.seconds.saturating_mul(500));
    options.set_timeout(pace.seconds.saturating_mul(2_000).max(8_000));
    options
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
