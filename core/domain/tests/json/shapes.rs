//! The shapes, written down.

use insta::assert_json_snapshot;
use momfood_domain::actor::Role;
use momfood_domain::money::Currency;
use momfood_domain::order::{Command, Event, OrderStatus};
use momfood_domain::payment::PaymentMethod;
use momfood_domain::pricing::Fulfilment;
use momfood_domain::text::Lang;
use serde_json::json;

use crate::samples::{ASSIGNMENTS, DELIVERIES, PAYMENTS, REASONS, bill, cart, commands, events, menu, order};

#[test]
fn commands_keep_their_shape() {
    assert_json_snapshot!(commands());
}

#[test]
fn events_keep_their_shape() {
    assert_json_snapshot!(events());
}

#[test]
fn a_menu_keeps_its_shape() {
    assert_json_snapshot!(menu());
}

#[test]
fn a_cart_keeps_its_shape() {
    assert_json_snapshot!(cart());
}

#[test]
fn a_bill_keeps_its_shape_and_its_amounts() {
    assert_json_snapshot!(bill());
}

#[test]
fn an_order_keeps_its_shape() {
    assert_json_snapshot!(order());
}

/// These words are also what the columns hold.
#[test]
fn the_words_of_every_state_stay() {
    let roles = [&Role::ALL[..], &[Role::System]].concat();
    let words = json!({
        "order": OrderStatus::ALL,
        "payment": PAYMENTS,
        "delivery": DELIVERIES,
        "assignment": ASSIGNMENTS,
        "reason": REASONS,
        "role": roles,
        "method": [PaymentMethod::Cash, PaymentMethod::Card],
        "fulfilment": [Fulfilment::Delivery, Fulfilment::Pickup],
        "currency": Currency::ALL,
        "lang": [Lang::Ar, Lang::En],
    });
    // Whether a `Value` keeps its keys' order depends on which packages are built beside this one.
    let mut settings = insta::Settings::clone_current();
    settings.set_sort_maps(true);
    settings.bind(|| assert_json_snapshot!(words));
}

/// A new command or event does not compile here until it has a sample.
#[test]
fn every_command_and_event_has_a_sample() {
    let tag = |value: serde_json::Value, key: &str| value[key].as_str().expect("tagged").to_owned();
    let mut names: Vec<_> = commands().iter().map(|c| tag(json!(c), "command")).collect();
    names.dedup();
    assert_eq!(names.len(), 25);
    let mut names: Vec<_> = events().iter().map(|e| tag(json!(e), "event")).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 26);
    for command in commands() {
        match command {
            Command::Authorized { .. }
            | Command::Declined
            | Command::Captured { .. }
            | Command::Voided
            | Command::Refunded { .. }
            | Command::Accept { .. }
            | Command::Reject { .. }
            | Command::StartPreparing
            | Command::MarkReady
            | Command::HandOver { .. }
            | Command::Cancel { .. }
            | Command::Expire
            | Command::Offer { .. }
            | Command::ExpireOffer { .. }
            | Command::AcceptOffer { .. }
            | Command::DeclineOffer { .. }
            | Command::Release { .. }
            | Command::ArriveAtRestaurant
            | Command::PickUp
            | Command::ArriveAtCustomer
            | Command::Deliver { .. }
            | Command::FailDelivery { .. }
            | Command::ReturnFood
            | Command::Refund { .. }
            | Command::ReconcileCash => {}
        }
    }
    for event in events() {
        match event {
            Event::Authorized { .. }
            | Event::PaymentFailed
            | Event::Submitted { .. }
            | Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Expired
            | Event::Preparing
            | Event::Ready { .. }
            | Event::PickedUp
            | Event::Delivered
            | Event::Cancelled { .. }
            | Event::Failed { .. }
            | Event::Owes { .. }
            | Event::Captured { .. }
            | Event::Voided
            | Event::Refunded { .. }
            | Event::CashCollected { .. }
            | Event::CashReconciled
            | Event::Offered { .. }
            | Event::OfferAccepted { .. }
            | Event::OfferDeclined { .. }
            | Event::OfferExpired { .. }
            | Event::Released { .. }
            | Event::ArrivedAtRestaurant
            | Event::ArrivedAtCustomer
            | Event::FoodReturned => {}
        }
    }
}
