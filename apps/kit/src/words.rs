//! What an order's states, reasons and taps, roles and cuisines are called, with the icon and tone that go with each: one
//! name for one thing in every app.

use momfood_domain::actor::Role;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::PaymentStatus;
use momfood_protocol::view::StepKind;

use crate::components::Tone;
use crate::icons::Icon;
use crate::t;

/// The word, icon and tone of an order's status.
pub fn order_status(status: OrderStatus) -> (String, Icon, Tone) {
    match status {
        OrderStatus::AwaitingPayment => (t!("order-awaiting-payment"), Icon::Card, Tone::Warn),
        OrderStatus::Pending => (t!("order-pending"), Icon::Timer, Tone::Warn),
        OrderStatus::Accepted => (t!("order-accepted"), Icon::Check, Tone::Primary),
        OrderStatus::Preparing => (t!("order-preparing"), Icon::Fire, Tone::Primary),
        OrderStatus::Ready => (t!("order-ready"), Icon::Bag, Tone::Good),
        OrderStatus::PickedUp => (t!("order-picked-up"), Icon::Scooter, Tone::Primary),
        OrderStatus::Delivered => (t!("order-delivered"), Icon::Check, Tone::Good),
        OrderStatus::Cancelled => (t!("order-cancelled"), Icon::Close, Tone::Bad),
        OrderStatus::Rejected => (t!("order-rejected"), Icon::Close, Tone::Bad),
        OrderStatus::Expired => (t!("order-expired"), Icon::Clock, Tone::Bad),
        OrderStatus::Failed => (t!("order-failed"), Icon::Alert, Tone::Bad),
    }
}

/// What a role is called.
pub fn role(role: Role) -> String {
    match role {
        Role::Customer => t!("role-customer"),
        Role::Restaurant => t!("role-restaurant"),
        Role::Driver => t!("role-driver"),
        Role::Support => t!("role-support"),
        Role::Admin => t!("role-admin"),
        Role::System => t!("role-system"),
    }
}

/// A cuisine's name.
pub fn cuisine(id: &str) -> String {
    t!(&["cuisine-", id].concat())
}

/// The name a status has on the wire, for `data-status`.
pub const fn status_id(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::AwaitingPayment => "awaiting_payment",
        OrderStatus::Pending => "pending",
        OrderStatus::Accepted => "accepted",
        OrderStatus::Preparing => "preparing",
        OrderStatus::Ready => "ready",
        OrderStatus::PickedUp => "picked_up",
        OrderStatus::Delivered => "delivered",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Rejected => "rejected",
        OrderStatus::Expired => "expired",
        OrderStatus::Failed => "failed",
    }
}

/// A reason in words.
pub fn reason(reason: Reason) -> String {
    match reason {
        Reason::TooBusy => t!("reason-too-busy"),
        Reason::OutOfStock => t!("reason-out-of-stock"),
        Reason::Closing => t!("reason-closing"),
        Reason::ChangedMind => t!("reason-changed-mind"),
        Reason::TakesTooLong => t!("reason-takes-too-long"),
        Reason::OrderedByMistake => t!("reason-ordered-by-mistake"),
        Reason::PaymentDeclined => t!("reason-payment-declined"),
        Reason::PaymentTimedOut => t!("reason-payment-timed-out"),
        Reason::CustomerUnreachable => t!("reason-customer-unreachable"),
        Reason::WrongAddress => t!("reason-wrong-address"),
        Reason::VehicleProblem => t!("reason-vehicle-problem"),
        Reason::Other => t!("reason-other"),
    }
}

/// Where the money stands, in words a customer understands.
pub fn payment_status(status: PaymentStatus) -> String {
    match status {
        PaymentStatus::Pending => t!("payment-pending"),
        PaymentStatus::Authorized => t!("payment-authorized"),
        PaymentStatus::Captured => t!("payment-captured"),
        PaymentStatus::PartiallyRefunded => t!("payment-partially-refunded"),
        PaymentStatus::Refunded => t!("payment-refunded"),
        PaymentStatus::Failed => t!("payment-failed"),
        PaymentStatus::Voided => t!("payment-voided"),
        PaymentStatus::Due => t!("payment-due"),
        PaymentStatus::Collected | PaymentStatus::Reconciled => t!("payment-collected"),
    }
}

/// The word and icon of a step on a timeline.
pub fn step(kind: StepKind) -> (String, Icon) {
    match kind {
        StepKind::Placed => (t!("step-placed"), Icon::Receipt),
        StepKind::Accepted => (t!("step-accepted"), Icon::Check),
        StepKind::Preparing => (t!("step-preparing"), Icon::Fire),
        StepKind::Ready => (t!("step-ready"), Icon::Bag),
        StepKind::DriverAssigned => (t!("step-driver-assigned"), Icon::Scooter),
        StepKind::DriverAtRestaurant => (t!("step-driver-at-restaurant"), Icon::Pin),
        StepKind::PickedUp => (t!("step-picked-up"), Icon::Route),
        StepKind::DriverAtCustomer => (t!("step-driver-at-customer"), Icon::Home),
        StepKind::Delivered => (t!("step-delivered"), Icon::Check),
        StepKind::Cancelled => (t!("step-cancelled"), Icon::Close),
        StepKind::Rejected => (t!("step-rejected"), Icon::Close),
        StepKind::Expired => (t!("step-expired"), Icon::Clock),
        StepKind::Failed => (t!("step-failed"), Icon::Alert),
        StepKind::Refunded => (t!("step-refunded"), Icon::Undo),
    }
}

/// What was tapped, in the words of its button, and the icon of it. `name` is one of
/// [`momfood_protocol::mutation::Mutation::NAMES`]; a name of a newer program has words too.
pub fn tap(name: &str) -> (String, Icon) {
    let (key, icon) = tap_key(name);
    (t!(key), icon)
}

fn tap_key(name: &str) -> (&'static str, Icon) {
    match name {
        "order.place" => ("tap-order-place", Icon::Bag),
        "order.cancel" => ("tap-order-cancel", Icon::Close),
        "order.rate" => ("tap-order-rate", Icon::Star),
        "order.accept" => ("tap-order-accept", Icon::Check),
        "order.reject" => ("tap-order-reject", Icon::Close),
        "order.prepare" => ("tap-order-prepare", Icon::Fire),
        "order.ready" => ("tap-order-ready", Icon::Bag),
        "order.hand_over" => ("tap-order-hand-over", Icon::Bag),
        "ticket.bump" => ("tap-ticket-bump", Icon::Check),
        "ticket.recall" => ("tap-ticket-recall", Icon::Undo),
        "menu.availability" => ("tap-menu-availability", Icon::Bowl),
        "restaurant.pause" => ("tap-restaurant-pause", Icon::Pause),
        "shift.set" => ("tap-shift-set", Icon::Power),
        "offer.accept" => ("tap-offer-accept", Icon::Check),
        "offer.decline" => ("tap-offer-decline", Icon::Close),
        "delivery.release" => ("tap-delivery-release", Icon::Undo),
        "delivery.arrive_restaurant" => ("tap-delivery-arrive-restaurant", Icon::Pin),
        "delivery.pick_up" => ("tap-delivery-pick-up", Icon::Bag),
        "delivery.arrive_customer" => ("tap-delivery-arrive-customer", Icon::Home),
        "delivery.deliver" => ("tap-delivery-deliver", Icon::Check),
        "delivery.fail" => ("tap-delivery-fail", Icon::Alert),
        "delivery.return" => ("tap-delivery-return", Icon::Undo),
        _ => ("tap-unknown", Icon::Edit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::words_in;
    use crate::lang::Lang;
    use momfood_protocol::mutation::Mutation;

    #[test]
    fn everything_that_can_be_tapped_has_its_own_words_in_both_languages() {
        for lang in [Lang::Ar, Lang::En] {
            let mut seen = vec![words_in(lang, "tap-unknown", &[])];
            for (name, _) in Mutation::NAMES {
                let (key, _) = tap_key(name);
                let words = words_in(lang, key, &[]);
                assert_ne!(words, key, "{name} has no words in {lang:?}");
                assert!(!seen.contains(&words), "{name} is called as another is: {words}");
                seen.push(words);
            }
        }
        let arabic = |text: &str| text.chars().any(|c| ('\u{0600}'..='\u{06FF}').contains(&c));
        for (name, _) in Mutation::NAMES {
            let (key, _) = tap_key(name);
            assert!(
                arabic(&words_in(Lang::Ar, key, &[])) && !arabic(&words_in(Lang::En, key, &[])),
                "{name}"
            );
        }
    }
}
