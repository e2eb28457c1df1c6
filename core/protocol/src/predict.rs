//! What an order will look like after a mutation, as far as a device can know: the domain decides it there as it will
//! here. The prediction is shown until the server has spoken, and never kept.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::delivery::{Assignment, AssignmentStatus, Delivery, DeliveryStatus};
use momfood_domain::dispatch::estimated_delivery;
use momfood_domain::id::UserId;
use momfood_domain::order::{ACCEPT_LIMIT_SECONDS, Event, Order, Party, Rejection, decide, party};
use momfood_domain::payment::{Payment, PaymentStatus};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::rating;
use momfood_domain::ticket::{Ticket, TicketCommand};
use momfood_domain::time::Timestamp;
use uuid::Uuid;

use crate::may;
use crate::mutation::{AtStation, Mutation, Proof};
use crate::project::{cancel_fee, canceller, delivered_at, is_at_work, is_under_way, payment, step};
use crate::view::{AssignmentView, DeliveryView, OrderView, ProofView, TicketView};

/// `view` as it will be after `mutation` by `actor`, who sees the order as `view`; `None` when nothing changes: the
/// mutation is about something else, late, repeated, or in the view already. The revision stays the server's.
///
/// A prediction holds what follows from the state alone. What the server adds (the customer's phone for a driver who
/// says yes, how far it is) comes with its answer.
pub fn predict(
    view: &OrderView,
    mutation: &Mutation,
    actor: &Actor,
    now: Timestamp,
) -> Result<Option<OrderView>, Rejection> {
    if mutation.order_id() != Some(view.id) {
        return Ok(None);
    }
    let mut order = rebuild(view, actor);
    let mut next = view.clone();
    match mutation {
        Mutation::RateOrder(rate) => {
            let before = (delivered_at(&view.timeline), view.rating);
            if !rating::rate(&order, actor, before, rate.stars, now)? {
                return Ok(None);
            }
            next.rating = Some(rate.stars);
        }
        Mutation::BumpTicket(at) => {
            if !ticket(&mut next, &order, actor, (at, TicketCommand::Bump), now)? {
                return Ok(None);
            }
        }
        Mutation::RecallTicket(at) => {
            if !ticket(&mut next, &order, actor, (at, TicketCommand::Recall), now)? {
                return Ok(None);
            }
        }
        _ => {
            let Some(command) = mutation.command() else {
                return Ok(None);
            };
            let events = decide(&order, &command, actor, now)?;
            if events.is_empty() {
                return Ok(None);
            }
            for event in &events {
                order.apply(event);
            }
            write(&mut next, &order, actor, &events, now);
            prove(&mut next, mutation.proof(), now);
        }
    }
    let rated = (delivered_at(&next.timeline), next.rating);
    next.may = may::actions(&order, actor, rated, now);
    next.unconfirmed = true;
    Ok(Some(next))
}

/// Somebody who is not the viewer.
const NOBODY: UserId = UserId(Uuid::nil());

/// The order as far as its viewer's own decisions need it. What the view does not show is filled in such a way that it
/// decides nothing for that viewer.
fn rebuild(view: &OrderView, actor: &Actor) -> Order {
    let viewer = |role| actor.user.filter(|_| actor.role == role);
    let total = view.bill.total_amount;
    let status = view.payment.status;
    let taken = match status {
        PaymentStatus::Captured
        | PaymentStatus::PartiallyRefunded
        | PaymentStatus::Refunded
        | PaymentStatus::Collected
        | PaymentStatus::Reconciled => total,
        _ => 0,
    };
    Order {
        id: view.id,
        customer_id: viewer(Role::Customer).unwrap_or(NOBODY),
        restaurant_id: view.restaurant.id,
        fulfilment: view.fulfilment,
        status: view.status,
        currency: view.bill.currency,
        total,
        cancel_fee: view.cancel_fee.unwrap_or(0),
        accept_limit_seconds: ACCEPT_LIMIT_SECONDS,
        accept_by: view.accept_by,
        ready_by: view.ready_by,
        reason: view.reason,
        payment: Payment {
            method: view.payment.method,
            status,
            authorized: total,
            captured: taken,
            refunded: view.payment.refunded,
            owed: None,
        },
        delivery: view
            .delivery
            .as_ref()
            .map(|delivery| rebuild_delivery(delivery, viewer(Role::Driver))),
    }
}

/// A driver sees their own attempt; others see who is at work, and an offer that stands is nothing to them.
fn rebuild_delivery(view: &DeliveryView, driver: Option<UserId>) -> Delivery {
    let Some(driver) = driver else {
        let at_work = view.driver.as_ref().map(|driver| Assignment {
            driver_id: driver.id,
            status: match view.status {
                DeliveryStatus::Delivered | DeliveryStatus::Failed | DeliveryStatus::Returned => {
                    AssignmentStatus::Completed
                }
                _ => AssignmentStatus::Accepted,
            },
            expires_at: Timestamp(i64::MAX),
        });
        return Delivery {
            status: view.status,
            attempt: 0,
            assignment: at_work,
            let_go: None,
        };
    };
    let own = view.assignment.map(|own| Assignment {
        driver_id: driver,
        status: own.status,
        expires_at: own.expires_at,
    });
    Delivery {
        status: view.status,
        attempt: view.assignment.map_or(0, |own| own.attempt),
        assignment: own,
        // Who sees a delivery and no attempt of their own was let go last.
        let_go: own.is_none().then_some(driver),
    }
}

/// Writes into the view what `events` made of the order.
fn write(view: &mut OrderView, order: &Order, actor: &Actor, events: &[Event], now: Timestamp) {
    let party = party(order, actor);
    let of_money = party != Some(Party::Driver);
    view.estimated_at = estimate(view, order, events, now);
    view.status = order.status;
    view.ready_by = order.ready_by;
    view.reason = order.reason;
    view.payment = payment(order, of_money);
    view.cancel_fee = party.and_then(|party| cancel_fee(order, party));
    view.cancelled_by = events.iter().find_map(canceller).or(view.cancelled_by);
    view.timeline
        .extend(events.iter().filter_map(|event| step(event, now, of_money)));
    if !is_under_way(order) {
        view.handover_code = None;
    }
    if !of_money && !is_at_work(order) {
        view.address = None;
        view.customer.phone = None;
        let first = view.customer.name.split_whitespace().next();
        view.customer.name = first.unwrap_or_default().to_owned();
    }
    let nothing_known = DeliveryView {
        status: DeliveryStatus::Waiting,
        distance_m: 0,
        area: view.restaurant.point,
        driver: None,
        assignment: None,
        proof: None,
    };
    view.delivery = order.delivery.map(|delivery| {
        let mut seen = view.delivery.take().unwrap_or(nothing_known);
        seen.status = delivery.status;
        if delivery.driver().is_none() {
            seen.driver = None;
        }
        seen.assignment = seen.assignment.and_then(|own| {
            delivery.assignment.map(|assignment| AssignmentView {
                status: assignment.status,
                ..own
            })
        });
        seen
    });
}

/// When the customer can expect the order, where that can be known.
fn estimate(view: &OrderView, order: &Order, events: &[Event], now: Timestamp) -> Option<Timestamp> {
    if order.status.is_end() {
        return None;
    }
    let from = events.iter().rev().find_map(|event| match event {
        Event::PickedUp => Some(now),
        Event::Accepted { .. } | Event::Ready { .. } => order.ready_by,
        _ => None,
    });
    match (from, order.fulfilment, &view.delivery) {
        (Some(from), Fulfilment::Pickup, _) => Some(from),
        (Some(from), Fulfilment::Delivery, Some(delivery)) => {
            Some(estimated_delivery(from, delivery.distance_m))
        }
        _ => view.estimated_at,
    }
}

/// The proof that came with a step. Whether a code is right the server says.
fn prove(view: &mut OrderView, proof: Option<&Proof>, now: Timestamp) {
    if let (Some(proof), Some(delivery)) = (proof, &mut view.delivery) {
        delivery.proof.get_or_insert_with(|| ProofView {
            kind: proof.kind(),
            sha256: proof.sha256().map(ToOwned::to_owned),
            at: now,
        });
    }
}

/// Bumps or recalls a station's ticket. `false` when nothing changes.
fn ticket(
    view: &mut OrderView,
    order: &Order,
    actor: &Actor,
    (at, command): (&AtStation, TicketCommand),
    now: Timestamp,
) -> Result<bool, Rejection> {
    match party(order, actor) {
        None => return Err(Rejection::NotFound),
        Some(Party::Kitchen) => {}
        Some(_) => return Err(Rejection::Forbidden),
    }
    if !order.status.is_in_kitchen() {
        return Ok(false);
    }
    let place = view
        .tickets
        .binary_search_by(|ticket| ticket.station.as_str().cmp(&at.station));
    let mut ticket = Ticket::open(order.id, at.station.clone());
    ticket.done_at = place.ok().and_then(|place| view.tickets[place].done_at);
    let Some(event) = ticket.decide(command, now) else {
        return Ok(false);
    };
    ticket.apply(event);
    let seen = TicketView {
        station: ticket.station,
        done_at: ticket.done_at,
    };
    match place {
        Ok(place) => view.tickets[place] = seen,
        Err(place) => view.tickets.insert(place, seen),
    }
    Ok(true)
}
