//! What becomes of an order's money: the gateway's answers, giving it back, handing cash in.
//!
//! An answer may come late, twice, or overtaken by another. It is taken only while it fits the payment's
//! state; whatever it finds, nothing stays held or taken that is not the platform's.

use super::{Event, Order, OrderStatus, Reason, Rejection};
use crate::actor::Role;
use crate::payment::{Owed, PaymentStatus};
use crate::time::Timestamp;

const fn owes(owed: Owed) -> Event {
    Event::Owes { owed: Some(owed) }
}

/// The platform calls an order off because it will not be paid.
const UNPAID: Event = Event::Cancelled {
    by: Role::System,
    reason: Reason::PaymentDeclined,
    fee: 0,
};

pub(super) fn authorized(order: &Order, amount: i64, now: Timestamp) -> Vec<Event> {
    let payment = &order.payment;
    match payment.status {
        PaymentStatus::Pending if order.status == OrderStatus::AwaitingPayment && amount >= order.total => {
            let accept_by = now.plus_seconds(order.accept_limit_seconds);
            vec![Event::Authorized { amount }, Event::Submitted { accept_by }]
        }
        PaymentStatus::Pending => {
            let held = Event::Authorized {
                amount: amount.max(0),
            };
            // Less than the total is held: no kitchen cooks what is not paid. Or the order ended while the
            // gateway thought about it. Either way, let go of the money.
            let unpaid = (!order.status.is_end()).then_some(UNPAID);
            [held]
                .into_iter()
                .chain(unpaid)
                .chain([owes(Owed::Void)])
                .collect()
        }
        _ => vec![],
    }
}

pub(super) fn declined(order: &Order) -> Vec<Event> {
    if order.payment.status != PaymentStatus::Pending {
        return vec![];
    }
    let unpaid = (order.status == OrderStatus::AwaitingPayment).then_some(UNPAID);
    [Event::PaymentFailed].into_iter().chain(unpaid).collect()
}

pub(super) fn captured(order: &Order, amount: i64) -> Vec<Event> {
    let payment = &order.payment;
    if payment.status != PaymentStatus::Authorized {
        return vec![];
    }
    let amount = amount.clamp(0, payment.authorized);
    let back = match payment.owed {
        // Taken before it could be let go of: all of it goes back.
        Some(Owed::Void) => give_back(amount, 0),
        // A fee is kept: what was held less what was to go back.
        Some(Owed::Refund { amount: back }) => give_back(amount, payment.authorized - back),
        Some(Owed::Authorize | Owed::Capture) | None => None,
    };
    std::iter::once(Event::Captured { amount }).chain(back).collect()
}

pub(super) fn voided(order: &Order) -> Vec<Event> {
    match order.payment.status {
        PaymentStatus::Pending | PaymentStatus::Authorized => {
            // Nobody asked for it while the order was on: the hold lapsed before it was taken.
            let unpaid = (!order.status.is_end() && order.status != OrderStatus::PickedUp).then_some(UNPAID);
            [Event::Voided].into_iter().chain(unpaid).collect()
        }
        _ => vec![],
    }
}

/// `before` tells a repeated answer from the answer to the next refund of the same amount.
pub(super) fn refunded(order: &Order, amount: i64, before: i64) -> Vec<Event> {
    let payment = &order.payment;
    let Some(Owed::Refund { amount: due }) = payment.owed else {
        return vec![];
    };
    let taken = matches!(
        payment.status,
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded
    );
    if !taken || before != payment.refunded || !(1..=payment.kept()).contains(&amount) {
        return vec![];
    }
    // The order may have been called off while a smaller refund was under way: the rest is still owed.
    let rest = (amount < due).then(|| owes(Owed::Refund { amount: due - amount }));
    std::iter::once(Event::Refunded { amount }).chain(rest).collect()
}

/// The event that calls the order off, and what becomes of its money: all but `fee` goes back.
pub(super) fn with_money_back(order: &Order, end: Event, fee: i64) -> Vec<Event> {
    let payment = &order.payment;
    let money = match payment.status {
        PaymentStatus::Due => Some(Event::Voided),
        // The gateway's answer is still to come; void covers both answers.
        PaymentStatus::Pending => Some(owes(Owed::Void)),
        // Nothing taken yet, and nothing to take: let go. A fee is kept by taking all and giving back the rest.
        PaymentStatus::Authorized if fee == 0 => Some(owes(Owed::Void)),
        PaymentStatus::Authorized => Some(owes(Owed::Refund {
            amount: payment.authorized - fee,
        })),
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded => {
            // What support has given back already counts, so what is kept is never more than the fee.
            give_back(payment.kept(), fee)
        }
        _ => None,
    };
    std::iter::once(end).chain(money).collect()
}

/// How all but `fee` of the `kept` minor units goes back. Nothing taken is given back without the gateway.
fn give_back(kept: i64, fee: i64) -> Option<Event> {
    if kept == 0 {
        return Some(Event::Refunded { amount: 0 });
    }
    (kept > fee).then(|| owes(Owed::Refund { amount: kept - fee }))
}

pub(super) fn refund(order: &Order, amount: i64) -> Result<Vec<Event>, Rejection> {
    let payment = &order.payment;
    let taken = matches!(
        payment.status,
        PaymentStatus::Captured | PaymentStatus::PartiallyRefunded
    );
    if !taken || payment.owed.is_some() {
        return Err(Rejection::WrongState(order.status));
    }
    if amount <= 0 || amount > payment.kept() {
        return Err(Rejection::Amount);
    }
    Ok(vec![owes(Owed::Refund { amount })])
}

pub(super) fn reconcile_cash(order: &Order) -> Result<Vec<Event>, Rejection> {
    match order.payment.status {
        PaymentStatus::Collected => Ok(vec![Event::CashReconciled]),
        PaymentStatus::Reconciled => Ok(vec![]),
        _ => Err(Rejection::WrongState(order.status)),
    }
}
