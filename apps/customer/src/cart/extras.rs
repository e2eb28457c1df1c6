//! What goes with a cart: brought or fetched, the tip, the note. Cart and checkout share them.

use dioxus::prelude::*;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::{CartView, SetFulfilment, SetTip};

use crate::words;

/// What is being written to the kitchen; goes out with the order.
static NOTE: GlobalSignal<String> = Signal::global(String::new);

/// The note for the kitchen, if there is one; `true` empties it.
pub fn order_note(empty: bool) -> Option<String> {
    let note = NOTE.peek().trim().to_owned();
    if empty {
        NOTE.write().clear();
    }
    (!note.is_empty()).then_some(note)
}

/// Brought or fetched.
#[component]
pub fn Receiving(fulfilment: Fulfilment) -> Element {
    let set = use_command::<SetFulfilment>(|_| {});
    rsx! {
        div { "data-testid": "fulfilment",
            Segmented {
                label: t!("receiving"),
                options: vec![t!("receiving-delivery"), t!("receiving-pickup")],
                selected: usize::from(fulfilment == Fulfilment::Pickup),
                onselect: move |index: usize| {
                    set.run(SetFulfilment {
                        fulfilment: if index == 0 { Fulfilment::Delivery } else { Fulfilment::Pickup },
                    });
                },
            }
        }
    }
}

/// Tips one can give with one touch, in whole units of the currency.
const TIPS: [i64; 4] = [0, 3, 5, 10];

/// A tip for the driver.
#[component]
pub fn Tip(view: CartView) -> Element {
    let set = use_command::<SetTip>(|_| {});
    let tip = view.cart.as_ref().map_or(0, |cart| cart.tip);
    let currency = words::currency(&view);
    let unit = 10_i64.pow(currency.exponent());
    rsx! {
        div { class: "k-stack-s", "data-testid": "tips",
            strong { {t!("tip-title")} }
            p { class: "k-muted k-xs", {t!("tip-body")} }
            div { class: "k-row-s k-wrap c-tips", role: "group", aria_label: t!("tip-title"),
                for units in TIPS {
                    Chip {
                        key: "{units}",
                        selected: tip == units * unit,
                        onclick: move |()| set.run(SetTip { tip: units * unit }),
                        "data-testid": "tip-{units}",
                        if units == 0 {
                            {t!("tip-none")}
                        } else {
                            {words::price(units * unit, currency)}
                        }
                    }
                }
            }
        }
    }
}

/// A note for the kitchen.
#[component]
pub fn Note() -> Element {
    rsx! {
        div { "data-testid": "order-note",
            TextArea {
                label: t!("note-title"),
                value: NOTE(),
                oninput: move |text| *NOTE.write() = text,
                placeholder: t!("note-example"),
                optional: true,
            }
        }
    }
}
