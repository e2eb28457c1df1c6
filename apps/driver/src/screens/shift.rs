//! On and off duty.

use dioxus::prelude::*;
use momfood_domain::geo::GeoPoint;
use momfood_kit::engine::{use_command, use_engine};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{DeviceKind, DriverHome, Locate, SetShift};

use super::today::Sums;
use crate::location::{self, DEVICE, Device, KIND};

/// The middle of the city: where pointing at the map begins.
const CITY: GeoPoint = GeoPoint {
    lat: 24.7136,
    lng: 46.6753,
};

/// Off duty: one button, and how today went.
#[component]
pub fn OffDuty(home: DriverHome) -> Element {
    let mut pointing = use_signal(|| None::<GeoPoint>);
    let start = use_command(move |_: DriverHome| announce(t!("driver-on-duty")));
    let engine = use_engine();
    let mut locating = use_signal(|| false);
    let place = home.position.map_or(CITY, |p| p.point);
    // The device is asked now and not before: off shift nobody has to know.
    let begin = move |_| {
        if locating.replace(true) {
            return;
        }
        *DEVICE.write() = Device::Asking;
        spawn(async move {
            let here = engine.ask(Locate {}).await;
            if !locating.replace(false) {
                return;
            }
            if let Ok(here) = here {
                start.run(SetShift {
                    on: true,
                    point: Some(here.point),
                });
            } else {
                *DEVICE.write() = Device::Silent;
                pointing.set(Some(place));
            }
        });
    };
    use_effect(move || {
        // It said no: who waits for it can point at the map.
        if *DEVICE.read() == Device::Silent && locating.replace(false) {
            pointing.set(Some(place));
        }
    });
    let why = match *KIND.read() {
        Some(DeviceKind::Phone) => t!("driver-follow-phone"),
        _ => t!("driver-follow-page"),
    };
    rsx! {
        div { class: "k-page k-narrow k-stack-l",
            EmptyState { art: Art::Waiting, title: t!("driver-off-title"), body: t!("driver-off-body"),
                Button {
                    large: true,
                    icon: Icon::Power,
                    busy: start.busy() || locating(),
                    onclick: begin,
                    "data-testid": "start-shift",
                    {t!("driver-start")}
                }
            }
            p { class: "k-muted k-s d-follow", "data-testid": "follow-why",
                IconView { icon: Icon::Pin }
                span { "{why}" }
            }
            Sums { day: home.day.clone() }
        }
        if let Some(point) = pointing() {
            Sheet {
                title: t!("driver-where-title"),
                onclose: move |()| pointing.set(None),
                footer: rsx! {
                    Button {
                        block: true,
                        large: true,
                        busy: start.busy(),
                        onclick: move |_| {
                            start.run(SetShift { on: true, point: Some(point) });
                            pointing.set(None);
                        },
                        "data-testid": "start-here",
                        {t!("driver-start-here")}
                    }
                },
                p { class: "k-muted", {t!("driver-where-body")} }
                MapView { label: t!("driver-where-title"), start: place, onpick: move |at| pointing.set(Some(at)), height: 320 }
            }
        }
    }
}

/// On duty, nothing to carry: the map and the wait.
#[component]
pub fn Waiting(home: DriverHome) -> Element {
    let engine = use_engine();
    let mut moving = use_signal(|| None::<GeoPoint>);
    let stop = use_command(move |_: DriverHome| announce(t!("driver-off-title")));
    // The device's own word is newer than what the screen was told when it was shown.
    let here = match *DEVICE.read() {
        Device::At(point, _) => Some((point, now())),
        _ => home.position.map(|p| (p.point, p.at)),
    };
    let markers = here
        .map(|(point, at)| MapMarker::driver(point, at, t!("driver-you")))
        .into_iter()
        .collect::<Vec<_>>();
    let silent = *DEVICE.read() == Device::Silent;
    // Who waits for what cannot come should know it.
    let cut_off = matches!(*CONNECTION.read(), Connection::Offline { .. });
    let place = home.position.map_or(CITY, |p| p.point);
    rsx! {
        div { class: "d-map",
            MapView { label: t!("driver-map"), markers, height: 0 }
        }
        section { class: "d-sheet k-stack",
            div { class: "k-row k-between",
                div {
                    h1 { class: "k-l k-strong", "data-testid": "waiting",
                        if cut_off { {t!("driver-cut-off-title")} } else { {t!("driver-waiting-title")} }
                    }
                    p { class: "k-muted k-s",
                        if cut_off { {t!("driver-cut-off-body")} } else { {t!("driver-waiting-body")} }
                    }
                }
                if !cut_off {
                    span { class: "d-pulse", aria_hidden: "true" }
                }
            }
            Sums { day: home.day.clone() }
            if silent {
                Button { kind: ButtonKind::Secondary, block: true, icon: Icon::Pin, onclick: move |_| moving.set(Some(place)),
                    {t!("driver-move")}
                }
            }
            Button {
                kind: ButtonKind::Quiet,
                block: true,
                icon: Icon::Power,
                busy: stop.busy(),
                onclick: move |_| stop.run(SetShift { on: false, point: None }),
                "data-testid": "end-shift",
                {t!("driver-stop")}
            }
        }
        if let Some(point) = moving() {
            Sheet {
                title: t!("driver-where-title"),
                onclose: move |()| moving.set(None),
                footer: rsx! {
                    Button {
                        block: true,
                        large: true,
                        onclick: move |_| {
                            spawn(async move {
                                if location::say(engine, point).await {
                                    toast(t!("driver-moved"));
                                }
                            });
                            moving.set(None);
                        },
                        {t!("driver-i-am-here")}
                    }
                },
                p { class: "k-muted", {t!("driver-where-body")} }
                MapView { label: t!("driver-where-title"), start: place, onpick: move |at| moving.set(Some(at)), height: 320 }
            }
        }
    }
}
