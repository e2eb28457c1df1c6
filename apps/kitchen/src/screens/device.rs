//! This device, in the settings: its window, its start, its screen, where the sign-in is kept, what it speaks to. Only
//! what the device can do is shown; a browser's window is the browser's affair.

use dioxus::prelude::*;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{Device, DeviceKind, Secrets, SetDevice};

use crate::Route;
use crate::floor::use_shop;
use crate::printing::{held, unsure};
use crate::wake::AWAKE;

/// Whether the screen stays on: by the device itself, or else by the page.
fn stays_awake(device: &Device, page: bool) -> bool {
    device.awake.unwrap_or(page)
}

/// The device.
#[component]
pub fn ThisDevice() -> Element {
    let shop = use_shop();
    let device = shop.device();
    let change = use_command(move |_: Device| shop.device.again());
    let awake = stays_awake(&device, AWAKE());
    let (kept_icon, kept) = secrets(device.secrets);
    rsx! {
        Section { title: t!("kitchen-device"),
            Card {
                div { class: "k-stack", "data-testid": "device",
                    if let Some(full) = device.full_screen {
                        Switch {
                            label: t!("kitchen-full-screen"),
                            hint: t!("kitchen-full-screen-body"),
                            checked: full,
                            disabled: change.busy(),
                            onchange: move |on| change.run(SetDevice { full_screen: Some(on), start_at_boot: None }),
                            "data-testid": "full-screen",
                        }
                    }
                    if let Some(starts) = device.start_at_boot {
                        Switch {
                            label: t!("kitchen-start-at-boot"),
                            hint: t!("kitchen-start-at-boot-body"),
                            checked: starts,
                            disabled: change.busy(),
                            onchange: move |on| change.run(SetDevice { full_screen: None, start_at_boot: Some(on) }),
                            "data-testid": "start-at-boot",
                        }
                    }
                    Fact {
                        icon: if awake { Icon::Sun } else { Icon::Moon },
                        words: match (awake, device.kind) {
                            (true, DeviceKind::Browser) => t!("kitchen-awake"),
                            (true, _) => t!("kitchen-awake-app"),
                            (false, _) => t!("kitchen-may-sleep"),
                        },
                        testid: "awake",
                    }
                    Fact { icon: kept_icon, words: kept, warns: device.secrets == Secrets::File, testid: "secrets" }
                    if !device.server.is_empty() {
                        dl { class: "t-device-facts",
                            dt { {t!("kitchen-server")} }
                            dd { class: "k-ltr", "data-testid": "server", "{device.server}" }
                            dt { {t!("kitchen-version")} }
                            dd { class: "k-ltr k-num", "data-testid": "version", "{device.version}" }
                        }
                    }
                }
            }
        }
        if device.printing {
            PrintersRow {}
        }
    }
}

/// Where the secret of the sign-in is kept, said plainly.
fn secrets(kept: Secrets) -> (Icon, String) {
    match kept {
        Secrets::Cookie => (Icon::Lock, t!("kitchen-secrets-cookie")),
        Secrets::Keychain => (Icon::Lock, t!("kitchen-secrets-keychain")),
        Secrets::File => (Icon::Alert, t!("kitchen-secrets-file")),
        Secrets::Memory => (Icon::Info, t!("kitchen-secrets-memory")),
    }
}

#[component]
fn Fact(icon: Icon, words: String, #[props(default)] warns: bool, testid: &'static str) -> Element {
    rsx! {
        p { class: "k-row k-s", class: if warns { "k-warn" } else { "k-muted" }, "data-testid": testid,
            IconView { icon }
            span { class: "k-grow", "{words}" }
        }
    }
}

/// The way to the printers, with what they are short of.
#[component]
fn PrintersRow() -> Element {
    let shop = use_shop();
    let now = use_now();
    let printing = shop.printing().unwrap_or_default();
    let waits = held(&printing, None, now()).map_or(0, |held| held.count);
    let trouble = waits + unsure(&printing, None).len();
    rsx! {
        Card { flush: true, class: "t-way-on",
            ListRow {
                title: t!("kitchen-printers"),
                detail: t!("kitchen-printers-count", count: printing.printers.len()),
                icon: Some(Icon::Printer),
                onclick: move |()| {
                    navigator().push(Route::Printers {});
                },
                "data-testid": "printers",
                if trouble > 0 {
                    StatusPill { tone: Tone::Bad, icon: Icon::Alert, {t!("kitchen-printers-trouble", count: trouble)} }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_keeps_its_screen_on_is_believed_before_the_page() {
        let of = |awake| Device {
            awake,
            ..Device::default()
        };
        assert!(stays_awake(&of(Some(true)), false));
        assert!(!stays_awake(&of(Some(false)), true));
        assert!(stays_awake(&of(None), true), "a browser's page does it itself");
    }
}
