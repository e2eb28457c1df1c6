//! What the device does for the app, asked of the program around the engine. In a browser there is none: the page itself
//! does what a page can.

use std::sync::Arc;

use momfood_protocol::engine::{self, Done, Event, OpenStation, SetDevice};
use momfood_protocol::error::{ErrorCode, Failure};
use serde_json::json;

use crate::core::Core;
use crate::port::{CannotDo, Device};

fn program(core: &Core) -> Option<Arc<dyn Device>> {
    core.attached.borrow().device.clone()
}

fn not_here(core: &Core) -> Failure {
    core.failure(ErrorCode::NotOnThisDevice)
}

fn refused(core: &Core, CannotDo(why): CannotDo) -> Failure {
    not_here(core).with(json!({ "why": why }))
}

/// `GetDevice`.
pub(crate) fn state(core: &Core) -> engine::Device {
    let mut state = program(core).map(|device| device.state()).unwrap_or_default();
    state.printing = core.attached.borrow().press.is_some();
    state
}

/// `SetDevice`.
pub(crate) fn set(core: &Core, call: &SetDevice) -> Result<engine::Device, Failure> {
    let device = program(core).ok_or_else(|| not_here(core))?;
    let done = device.set(call).map_err(|why| refused(core, why));
    // What was done before it failed is done.
    core.tell(&Event::Device {});
    done.map(|()| state(core))
}

/// `OpenStation`.
pub(crate) fn open_station(core: &Core, call: &OpenStation) -> Result<Done, Failure> {
    let device = program(core).ok_or_else(|| not_here(core))?;
    let opened = device.open_station(call.station.as_deref());
    opened.map(|()| Done {}).map_err(|why| refused(core, why))
}

/// `AskToNotify`.
pub(crate) async fn ask_to_notify(core: &Core) -> Result<engine::Device, Failure> {
    let device = program(core).ok_or_else(|| not_here(core))?;
    let asked = device.ask_to_notify().await;
    core.tell(&Event::Device {});
    asked.map(|()| state(core)).map_err(|why| refused(core, why))
}
