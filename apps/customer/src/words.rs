//! Phrases several screens share, and how amounts, pictures and opening times are written.
//!
//! Puts into words what the engine said; computes nothing of it.

use momfood_domain::money::{Currency, Money};
use momfood_domain::time::Timestamp;
use momfood_kit::prelude::*;
pub use momfood_kit::words::cuisine;
use momfood_protocol::engine::CartView;
use momfood_protocol::error::Failure;
use momfood_protocol::reading;
use momfood_protocol::view::{Opening, RestaurantCard};

/// An amount with all its digits, for bills.
pub fn money(amount: i64, currency: Currency) -> String {
    format::money(Money::new(amount, currency))
}

/// An amount without digits that say nothing, for menus.
pub fn price(amount: i64, currency: Currency) -> String {
    format::money_short(Money::new(amount, currency))
}

/// What an option adds; nothing when it adds nothing.
pub fn delta(amount: i64, currency: Currency) -> String {
    if amount == 0 {
        String::new()
    } else {
        format::money_delta(Money::new(amount, currency))
    }
}

/// Where a picture is, from the path that the engine names.
pub fn media(path: Option<&String>) -> Option<String> {
    path.map(|path| momfood_kit::pictures::picture(path))
}

/// An allergen's name.
pub fn allergen(id: &str) -> String {
    t!(&["allergen-", id].concat())
}

/// What a restaurant cooks: "Saudi · Grills".
pub fn cuisines(card: &RestaurantCard) -> String {
    let names: Vec<String> = card.cuisines.iter().take(3).map(|id| cuisine(id)).collect();
    names.join(" · ")
}

/// The delivery fee as a card says it.
pub fn fee(card: &RestaurantCard) -> String {
    match card.delivery_fee {
        Some(0) => t!("fee-free"),
        Some(fee) => t!("fee", amount: price(fee, card.currency)),
        None if card.distance_m.is_some() => t!("fee-too-far"),
        None => t!("fee-from", amount: price(card.terms.delivery_fee, card.currency)),
    }
}

/// Minutes until an order placed now would arrive; where no address is known, of cooking alone, and it says so.
pub fn time(card: &RestaurantCard) -> String {
    match card.delivery_minutes {
        Some(minutes) => format::minutes(minutes),
        None => t!("time-cooking", time: format::minutes(card.preparation_minutes)),
    }
}

/// A moment: the time of day, with the day when it is not today's.
pub fn moment(at: Timestamp) -> String {
    if format::date(at) == format::date(now()) {
        format::time(at)
    } else {
        format::date_time(at)
    }
}

/// Why a restaurant takes no orders now, in a few words; `None` when it does.
pub fn not_open(opening: Opening) -> Option<String> {
    match opening {
        Opening::Open => None,
        Opening::Closed { opens_at: Some(at) } => Some(t!("opening-closed-until", time: moment(at))),
        Opening::Closed { opens_at: None } => Some(t!("opening-closed")),
        Opening::Paused { until: Some(at) } => Some(t!("opening-paused-until", time: moment(at))),
        Opening::Paused { until: None } => Some(t!("opening-paused")),
        Opening::Unreachable => Some(t!("opening-unreachable")),
    }
}

/// The currency of a cart; the riyal while nothing in it has a price.
pub fn currency(view: &CartView) -> Currency {
    view.bill.as_ref().map_or(Currency::Sar, |bill| bill.currency)
}

/// What a person wrote: it keeps its own direction, whatever the page's.
pub fn own(text: &str) -> String {
    ["\u{2068}", text, "\u{2069}"].concat()
}

/// An amount a failure's details name.
pub fn amount_in(failure: &Failure, field: &str) -> Option<i64> {
    failure.details.get(field)?.as_i64()
}

/// A time a failure's details name.
pub fn time_in(failure: &Failure, field: &str) -> Option<Timestamp> {
    amount_in(failure, field).map(Timestamp)
}

/// A name in both languages that a failure's details hold.
pub fn name_in(failure: &Failure) -> Option<String> {
    let name: LocalizedText = reading::read(failure.details.get("name")?.clone()).ok()?;
    Some(name.here())
}
