//! How it was: stars and, for who likes, words. Asked once; what was given stays.

use dioxus::prelude::*;
use momfood_kit::engine::use_command;
use momfood_kit::prelude::*;
use momfood_protocol::engine::RateOrder;
use momfood_protocol::view::{Action, OrderView};

/// The question while it may be answered, the stars once they are given.
#[component]
pub fn Rating(order: OrderView) -> Element {
    let id = order.id;
    let mut stars = use_signal(|| 0_u32);
    let mut words = use_signal(String::new);
    let rate = use_command::<RateOrder>(move |_: OrderView| announce(t!("rate-thanks")));
    if let Some(given) = order.rating {
        return rsx! {
            Card {
                div { class: "c-rated", "data-testid": "rated", "data-stars": "{given}",
                    span { class: "c-rated-stars", role: "img", aria_label: t!("kit-stars", count: u32::from(given)),
                        for star in 1..=5_u8 {
                            IconView { key: "{star}", icon: Icon::Star, filled: star <= given }
                        }
                    }
                    p { class: "k-strong", {t!("rate-thanks")} }
                }
            }
        };
    }
    if !order.may.contains(&Action::Rate) {
        return rsx! {};
    }
    rsx! {
        Card {
            form {
                class: "c-rate k-stack",
                "data-testid": "rate",
                onsubmit: move |event| {
                    event.prevent_default();
                    if let Ok(stars @ 1..=5) = u8::try_from(stars()) {
                        let comment = Some(words().trim().to_owned()).filter(|words| !words.is_empty());
                        rate.run(RateOrder { id, stars, comment });
                    }
                },
                h2 { class: "k-m", {t!("rate-title", name: order.restaurant.name.here())} }
                div { "data-testid": "rate-stars",
                    RateStars { label: t!("rate-stars"), value: stars(), onrate: move |given| stars.set(given) }
                }
                if stars() > 0 {
                    TextArea {
                        label: t!("rate-words"),
                        optional: true,
                        value: words(),
                        oninput: move |typed| words.set(typed),
                        max_length: 500,
                        "data-testid": "rate-comment",
                    }
                    Button { submit: true, block: true, large: true, busy: rate.busy(), "data-testid": "rate-send",
                        {t!("rate-send")}
                    }
                }
            }
        }
    }
}
