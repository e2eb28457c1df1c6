//! Why a cart cannot be ordered as it is, and the way out: one band for cart and checkout.

use dioxus::prelude::*;
use momfood_domain::cart::Cart;
use momfood_domain::money::Currency;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::engine::{ErrorCode, Failure, use_command};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{SetCart, SetFulfilment};

use crate::address::AddressSheet;
use crate::route::Route;
use crate::words;

/// What one can do about a problem.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// Look at the restaurant's menu for more, or for something else.
    Menu,
    /// Take out what cannot be had.
    Remove,
    /// Another address, or fetching it oneself.
    Address,
    /// Another restaurant.
    Others,
    /// Back to the cart, where lines can be changed.
    Cart,
    /// Ask once more.
    Again,
}

/// The band. Ask `onagain` for what may work a second time.
#[component]
pub fn Problem(
    failure: Failure,
    /// What is in the cart.
    cart: Option<Cart>,
    currency: Currency,
    onagain: EventHandler<()>,
) -> Element {
    let navigator = use_navigator();
    let mut addresses = use_signal(|| false);
    let set = use_command::<SetCart>(|_| {});
    let pick_up = use_command::<SetFulfilment>(|_| {});
    let (body, way) = said(&failure, currency);
    let action = match way {
        Some(Way::Menu) => t!("problem-add-more"),
        Some(Way::Remove) => t!("problem-remove"),
        Some(Way::Address) => t!("problem-address"),
        Some(Way::Others) => t!("problem-others"),
        Some(Way::Cart) => t!("problem-cart"),
        Some(Way::Again) => t!("kit-retry"),
        None => String::new(),
    };
    let kind = match failure.code {
        ErrorCode::BelowMinimum => BannerKind::Info,
        ErrorCode::Offline => BannerKind::Offline,
        _ => BannerKind::Warn,
    };
    let code = serde_json::to_value(failure.code).ok();
    let code = code
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let far = failure.code == ErrorCode::OutOfRange;
    rsx! {
        div { class: "k-stack-s", "data-testid": "problem", "data-code": "{code}",
            Banner {
                kind,
                action,
                onaction: move |()| match way {
                    Some(Way::Menu) => {
                        if let Some(cart) = &cart {
                            navigator.push(Route::Restaurant { id: cart.restaurant_id });
                        }
                    }
                    Some(Way::Remove) => {
                        if let Some(cart) = &cart {
                            set.run(SetCart { cart: without(cart, &failure) });
                        }
                    }
                    Some(Way::Address) => addresses.set(true),
                    Some(Way::Others) => {
                        navigator.push(Route::Home {});
                    }
                    Some(Way::Cart) => {
                        navigator.push(Route::Cart {});
                    }
                    Some(Way::Again) => onagain.call(()),
                    None => {}
                },
                "{body}"
            }
            if far {
                Button {
                    kind: ButtonKind::Quiet,
                    busy: pick_up.busy(),
                    icon: Icon::Bag,
                    onclick: move |_| pick_up.run(SetFulfilment { fulfilment: Fulfilment::Pickup }),
                    {t!("problem-pick-up")}
                }
            }
        }
        if addresses() {
            AddressSheet { onclose: move |()| addresses.set(false) }
        }
    }
}

/// A problem in words, and the way out of it.
fn said(failure: &Failure, currency: Currency) -> (String, Option<Way>) {
    let amount = |field| words::amount_in(failure, field).map(|amount| words::price(amount, currency));
    let message = failure.message.clone();
    match failure.code {
        ErrorCode::BelowMinimum => match (amount("missing"), amount("minimum")) {
            (Some(missing), Some(minimum)) => (
                t!("problem-below-minimum", missing: missing, minimum: minimum),
                Some(Way::Menu),
            ),
            _ => (message, Some(Way::Menu)),
        },
        ErrorCode::ItemUnavailable => match words::name_in(failure) {
            Some(name) => (t!("problem-unavailable", name: name), Some(Way::Remove)),
            None => (message, Some(Way::Remove)),
        },
        ErrorCode::UnknownItem => (t!("problem-unknown"), Some(Way::Remove)),
        ErrorCode::RestaurantClosed => match words::time_in(failure, "opensAt") {
            Some(at) => (
                t!("problem-closed-until", time: words::moment(at)),
                Some(Way::Others),
            ),
            None => (message, Some(Way::Others)),
        },
        ErrorCode::RestaurantPaused => match words::time_in(failure, "until") {
            Some(at) => (
                t!("problem-paused-until", time: words::moment(at)),
                Some(Way::Others),
            ),
            None => (message, Some(Way::Others)),
        },
        ErrorCode::KitchenUnreachable => (t!("problem-unreachable"), Some(Way::Others)),
        ErrorCode::OutOfRange => (message, Some(Way::Address)),
        ErrorCode::InvalidInput
            if failure
                .details
                .get("field")
                .is_some_and(|field| field == "address") =>
        {
            (t!("problem-no-address"), Some(Way::Address))
        }
        ErrorCode::OptionRules | ErrorCode::BadQuantity | ErrorCode::BadAmount => (message, Some(Way::Cart)),
        code if code.is_temporary() => (message, Some(Way::Again)),
        _ => (message, None),
    }
}

/// The cart without the lines a failure names: those of the item, or with the option.
fn without(cart: &Cart, failure: &Failure) -> Cart {
    let named = |field: &str| {
        failure
            .details
            .get(field)
            .and_then(|id| id.as_str())
            .map(str::to_owned)
    };
    let (item, option) = (named("itemId"), named("optionId"));
    let mut cart = cart.clone();
    cart.lines.retain(|line| {
        item.as_ref().is_none_or(|id| line.item_id.to_string() != *id)
            && option
                .as_ref()
                .is_none_or(|id| line.option_ids.iter().all(|picked| picked.to_string() != *id))
    });
    cart
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::cart::CartLine;
    use serde_json::json;

    const ITEM: &str = "00000000-0000-7000-8000-000000000001";
    const OTHER: &str = "00000000-0000-7000-8000-000000000002";
    const OPTION: &str = "00000000-0000-7000-8000-000000000003";

    fn cart() -> Cart {
        let line = |item: &str, options: &[&str]| CartLine {
            item_id: item.parse().unwrap(),
            quantity: 1,
            option_ids: options.iter().map(|id| id.parse().unwrap()).collect(),
            note: None,
        };
        Cart {
            lines: vec![line(ITEM, &[]), line(OTHER, &[OPTION]), line(OTHER, &[])],
            ..Cart::new(ITEM.parse().unwrap())
        }
    }

    fn left(details: serde_json::Value) -> Vec<String> {
        let failure = Failure::new(ErrorCode::ItemUnavailable, Lang::Ar).with(details);
        without(&cart(), &failure)
            .lines
            .iter()
            .map(|line| line.item_id.to_string())
            .collect()
    }

    #[test]
    fn removing_a_sold_out_item_leaves_the_others() {
        assert_eq!(left(json!({ "itemId": ITEM })), [OTHER, OTHER]);
    }

    #[test]
    fn removing_a_sold_out_option_takes_only_the_lines_that_have_it() {
        assert_eq!(left(json!({ "optionId": OPTION })), [ITEM, OTHER]);
    }

    #[test]
    fn a_failure_that_names_nothing_takes_nothing() {
        assert_eq!(left(json!({})), [ITEM, OTHER, OTHER]);
    }
}
