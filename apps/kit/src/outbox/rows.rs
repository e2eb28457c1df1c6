//! One tap that waits, and one that was refused.

use dioxus::prelude::*;
use momfood_domain::money::{Currency, Money};
use momfood_protocol::engine::{Outbox, Refusal, SettleRefusal, Tap};

use crate::components::{Button, ButtonKind};
use crate::engine::use_command;
use crate::icons::{Icon, IconView};
use crate::span::for_how_long;
use crate::{format, t, time, words};

/// A tap that waits.
#[component]
pub(super) fn Waiting(tap: Tap) -> Element {
    let (what, icon) = words::tap(&tap.name);
    rsx! {
        li { class: "k-list-row", "data-testid": "waiting-tap", "data-name": "{tap.name}", "data-uid": "{tap.uid}",
            span { class: "k-list-icon", IconView { icon } }
            span { class: "k-grow",
                span { class: "k-list-title", "{what}" }
                Facts { tap: tap.clone() }
            }
            Age { at: tap.at }
        }
    }
}

/// Which order, how much, whose.
#[component]
fn Facts(tap: Tap) -> Element {
    let number = tap.number.as_deref().map(format::isolate_ltr);
    rsx! {
        span { class: "k-meta",
            if let Some(number) = number {
                span { {t!("kit-tap-order", number: number)} }
            }
            if let Some(cash) = tap.cash {
                span { class: "k-num", {t!("kit-tap-cash", amount: format::money(Money::new(cash, Currency::Sar)))} }
            }
            if tap.of_another {
                span { {t!("kit-tap-of-another")} }
            }
        }
    }
}

/// How old a tap is, by the server's clock.
#[component]
fn Age(at: momfood_domain::time::Timestamp) -> Element {
    let now = time::use_now();
    let words = for_how_long(at, now()).unwrap_or_else(|| t!("kit-just-now"));
    rsx! {
        time { class: "k-muted k-s k-num", title: format::date_time(at), "{words}" }
    }
}

/// A tap that was not done as meant: why, and the way out.
#[component]
pub(super) fn Refused(refusal: Refusal, onsettled: EventHandler<()>) -> Element {
    let Refusal {
        tap,
        failure,
        review,
        can_repeat,
    } = refusal;
    let (what, icon) = words::tap(&tap.name);
    let settle = use_command(move |_: Outbox| onsettled.call(()));
    let uid = tap.uid;
    let code = serde_json::to_value(failure.code).unwrap_or_default();
    rsx! {
        li { class: "k-refused", "data-testid": "refusal", "data-code": code.as_str().unwrap_or_default(), "data-name": "{tap.name}", "data-uid": "{uid}", "data-review": review,
            div { class: "k-row",
                span { class: "k-list-icon", IconView { icon } }
                span { class: "k-grow",
                    span { class: "k-list-title", "{what}" }
                    Facts { tap: tap.clone() }
                }
                Age { at: tap.at }
            }
            p { class: "k-refused-why",
                IconView { icon: Icon::Alert }
                span { "{failure.message}" }
            }
            if review {
                p { class: "k-muted k-s", "data-testid": "kept-for-review", {t!("kit-kept-for-review")} }
            }
            div { class: "k-row-s k-row",
                if can_repeat {
                    Button {
                        icon: Icon::Sync,
                        busy: settle.busy(),
                        onclick: move |_| settle.run(SettleRefusal { uid, again: true }),
                        "data-testid": "refusal-again",
                        {t!("kit-retry")}
                    }
                }
                Button {
                    kind: ButtonKind::Secondary,
                    icon: Icon::Check,
                    busy: settle.busy(),
                    onclick: move |_| settle.run(SettleRefusal { uid, again: false }),
                    "data-testid": "refusal-dismiss",
                    {t!("kit-understood")}
                }
            }
        }
    }
}
