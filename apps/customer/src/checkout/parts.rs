//! Pieces of the checkout page: the address, the place to fetch it, what is in it, how long the price holds.

use dioxus::prelude::*;
use momfood_domain::id::RestaurantId;
use momfood_domain::time::{MINUTE, Timestamp};
use momfood_kit::engine::{EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{CartView, GetAddresses, GetRestaurant};

use crate::address::AddressSheet;
use crate::words::own;

/// The address it goes to.
#[component]
pub fn To(onchanged: EventHandler<()>) -> Element {
    let addresses = use_query(|| GetAddresses {}, &[EventKind::Session, EventKind::Cart]);
    let mut open = use_signal(|| false);
    let Some(all) = addresses.data() else {
        return rsx! { Skeleton { shape: SkeletonShape::Row } };
    };
    let chosen = all
        .chosen
        .and_then(|id| all.addresses.iter().find(|saved| saved.id == id).cloned());
    rsx! {
        div { "data-testid": "checkout-address",
            match chosen {
                Some(saved) => rsx! {
                    ListRow {
                        icon: Icon::Pin,
                        title: saved.address.label.clone(),
                        detail: [Some(saved.address.line.clone()), saved.address.landmark.clone()]
                            .into_iter()
                            .flatten()
                            .filter(|words| !words.is_empty())
                            .map(|words| own(&words))
                            .collect::<Vec<_>>()
                            .join(" · "),
                        onclick: move |()| open.set(true),
                        span { class: "k-primary k-strong k-xs", {t!("checkout-change")} }
                    }
                    if let Some(note) = &saved.address.note {
                        p { class: "k-muted k-xs c-driver-note",
                            IconView { icon: Icon::Note }
                            {own(note)}
                        }
                    }
                },
                None => rsx! {
                    ListRow {
                        icon: Icon::Pin,
                        title: t!("home-choose-address"),
                        detail: t!("problem-no-address"),
                        onclick: move |()| open.set(true),
                    }
                },
            }
        }
        if open() {
            AddressSheet {
                onclose: move |()| {
                    open.set(false);
                    addresses.again();
                    onchanged.call(());
                },
            }
        }
    }
}

/// Where one fetches it.
#[component]
pub fn Fetch(restaurant: Option<RestaurantId>) -> Element {
    let Some(id) = restaurant else { return rsx! {} };
    rsx! { Place { id } }
}

#[component]
fn Place(id: RestaurantId) -> Element {
    let shown = use_query(move || GetRestaurant { id }, &[]);
    let Some(view) = shown.data() else {
        return rsx! { Skeleton { shape: SkeletonShape::Block(160) } };
    };
    let card = view.page.restaurant;
    rsx! {
        ListRow { icon: Icon::Bag, title: card.name.here(), detail: card.district.here() }
        div { class: "c-map",
            MapView {
                label: t!("checkout-pickup-map"),
                height: 160,
                markers: vec![MapMarker::fixed(MarkerKind::Restaurant, card.point, card.name.here())],
            }
        }
    }
}

/// What is in it, folded.
#[component]
pub fn Summary(view: CartView) -> Element {
    let lines = view.bill.map(|bill| bill.lines).unwrap_or_default();
    rsx! {
        details { class: "c-summary",
            summary {
                strong { class: "k-grow", {view.restaurant.as_ref().map(Words::here).unwrap_or_default()} }
                span { class: "k-muted k-xs", {t!("kit-items", count: view.count)} }
                IconView { icon: Icon::ChevronDown }
            }
            ul { class: "c-summary-lines",
                for (index, line) in lines.into_iter().enumerate() {
                    li { key: "{index}",
                        span { class: "k-num k-muted", "{line.quantity}×" }
                        span { class: "k-grow", {line.name.here()} }
                    }
                }
            }
        }
    }
}

/// For how long the price holds; says when it is over, once.
#[component]
pub fn PriceHolds(until: Timestamp, onover: EventHandler<()>) -> Element {
    let now = use_now();
    let mut told = use_signal(|| false);
    let left = now().seconds_until(until);
    use_effect(use_reactive!(|left| {
        if left == 0 && !*told.peek() {
            told.set(true);
            onover.call(());
        }
    }));
    // Nobody needs to watch the seconds from the first one on.
    if until.since(now()) > 3 * MINUTE {
        return rsx! {};
    }
    rsx! {
        p { class: "k-muted k-xs k-num", role: "timer", {t!("checkout-price-holds", left: format::countdown(left))} }
    }
}
