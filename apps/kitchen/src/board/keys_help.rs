//! What the keys do: for a keyboard or a bump bar beside the screen.

use dioxus::prelude::*;
use momfood_kit::prelude::*;

use crate::floor::use_shop;

/// The keys.
#[component]
pub fn KeysHelp(onclose: EventHandler<()>) -> Element {
    let has_window = use_shop().device().full_screen.is_some();
    let mut keys = vec![
        ("1 – 9", t!("kitchen-key-select")),
        ("↑ ↓", t!("kitchen-key-move")),
        ("Enter", t!("kitchen-key-do")),
        ("Esc", t!("kitchen-key-leave")),
        ("N", t!("kitchen-key-new")),
        ("R", t!("kitchen-key-recall")),
        ("O", t!("kit-outbox-title")),
        ("P", t!("kitchen-key-pause")),
        ("S", t!("kitchen-key-sold-out")),
        ("A", t!("kitchen-key-all-day")),
        ("G", t!("kitchen-key-stations")),
        ("+ −", t!("kitchen-key-minutes")),
        ("?", t!("kitchen-key-help")),
    ];
    if has_window {
        keys.push(("F11", t!("kitchen-key-full-screen")));
    }
    rsx! {
        Sheet { title: t!("kitchen-keys"), onclose: move |()| onclose.call(()),
            dl { class: "t-keys",
                for (key, words) in keys {
                    div { key: "{key}",
                        dt {
                            kbd { class: "k-ltr", "{key}" }
                        }
                        dd { "{words}" }
                    }
                }
            }
        }
    }
}
