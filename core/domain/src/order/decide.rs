//! What a command does to an order: the only place that says so, on the server and in every client.

use super::money::{self, with_money_back};
use super::{Command, Event, Order, OrderStatus, PREP_MINUTES, Reason, Rejection};
use crate::actor::{Actor, Role};
use crate::delivery::{AssignmentStatus, DeliveryStatus};
use crate::payment::{Owed, PaymentStatus};
use crate::pricing::Fulfilment;
use crate::time::Timestamp;

/// What someone is to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// Placed it.
    Customer,
    /// Cooks it.
    Kitchen,
    /// Was asked to carry it, carries it, or was let go last while nobody else was asked.
    Driver,
    /// Support or admin.
    Staff,
    /// The platform's own worker.
    System,
}

/// What `actor` is to `order`; `None` when they may not know that it exists.
pub fn party(order: &Order, actor: &Actor) -> Option<Party> {
    match actor.role {
        Role::System => Some(Party::System),
        Role::Support | Role::Admin => Some(Party::Staff),
        Role::Customer => (actor.user == Some(order.customer_id)).then_some(Party::Customer),
        // A kitchen never sees an order whose card is not authorised, nor one that ended that way.
        Role::Restaurant => (actor.restaurant == Some(order.restaurant_id) && order.accept_by.is_some())
            .then_some(Party::Kitchen),
        Role::Driver => {
            let asked = order
                .delivery
                .and_then(|d| d.assignment.map(|a| a.driver_id).or(d.let_go));
            (asked.is_some() && asked == actor.user).then_some(Party::Driver)
        }
    }
}

/// What `command` does when `actor` gives it `now`: the events to apply, none when it is late or repeated.
pub fn decide(
    order: &Order,
    command: &Command,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Rejection> {
    let party = party(order, actor).ok_or(Rejection::NotFound)?;
    if !command.is_for(party) {
        return Err(Rejection::Forbidden);
    }
    match command {
        Command::Authorized { amount } => Ok(money::authorized(order, *amount, now)),
        Command::Declined => Ok(money::declined(order)),
        Command::Captured { amount } => Ok(money::captured(order, *amount)),
        Command::Voided => Ok(money::voided(order)),
        Command::Refunded { amount, before } => Ok(money::refunded(order, *amount, *before)),
        Command::Accept { prep_minutes } => accept(order, *prep_minutes, now),
        Command::Reject { reason } => reject(order, *reason),
        Command::StartPreparing => kitchen_step(order, OrderStatus::Preparing, || vec![Event::Preparing]),
        Command::MarkReady => kitchen_step(order, OrderStatus::Ready, || vec![Event::Ready { at: now }]),
        Command::HandOver { cash } => hand_over(order, *cash, now),
        Command::Cancel { reason } => cancel(order, party, actor.role, *reason),
        Command::Expire => Ok(expire(order, now)),
        Command::Offer { .. }
        | Command::ExpireOffer { .. }
        | Command::AcceptOffer { .. }
        | Command::DeclineOffer { .. }
        | Command::Release { .. } => assignment(order, command, now),
        Command::ArriveAtRestaurant | Command::PickUp | Command::ArriveAtCustomer => {
            travel(order, command, now)
        }
        Command::Deliver { cash } => deliver(order, *cash),
        Command::FailDelivery { reason } => fail(order, *reason),
        Command::ReturnFood => match order.delivery.map(|d| d.status) {
            Some(DeliveryStatus::Failed) => Ok(vec![Event::FoodReturned]),
            Some(DeliveryStatus::Returned) => Ok(vec![]),
            _ => Err(Rejection::WrongState(order.status)),
        },
        Command::Refund { amount } => money::refund(order, *amount),
        Command::ReconcileCash => money::reconcile_cash(order),
    }
}

fn accept(order: &Order, prep_minutes: u32, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    if !PREP_MINUTES.contains(&prep_minutes) {
        return Err(Rejection::PrepMinutes);
    }
    match order.status {
        // Late by the clock but not yet expired by the worker: the deadline is the customer's, so it holds.
        OrderStatus::Pending if order.accept_by.is_some_and(|by| now > by) => {
            Err(Rejection::WrongState(OrderStatus::Expired))
        }
        OrderStatus::Pending => {
            let mut events = vec![Event::Accepted {
                ready_by: now.plus_minutes(i64::from(prep_minutes)),
            }];
            if order.payment.status == PaymentStatus::Authorized {
                events.push(Event::Owes {
                    owed: Some(Owed::Capture),
                });
            }
            Ok(events)
        }
        status if reached(status, OrderStatus::Accepted) => Ok(vec![]),
        status => Err(Rejection::WrongState(status)),
    }
}

fn reject(order: &Order, reason: Reason) -> Result<Vec<Event>, Rejection> {
    match order.status {
        OrderStatus::Pending => Ok(with_money_back(order, Event::Rejected { reason }, 0)),
        OrderStatus::Rejected => Ok(vec![]),
        status => Err(Rejection::WrongState(status)),
    }
}

/// Whether an order at `status` has been through `step` on its way to the customer.
const fn reached(status: OrderStatus, step: OrderStatus) -> bool {
    let on_the_way = !status.is_end() || matches!(status, OrderStatus::Delivered | OrderStatus::Failed);
    on_the_way && status.rank() >= step.rank()
}

fn kitchen_step(
    order: &Order,
    step: OrderStatus,
    events: impl FnOnce() -> Vec<Event>,
) -> Result<Vec<Event>, Rejection> {
    match order.status {
        status if reached(status, step) => Ok(vec![]),
        status if status.is_in_kitchen() => Ok(events()),
        status => Err(Rejection::WrongState(status)),
    }
}

/// Food that the customer has was ready, whether or not the kitchen's other screen has said so yet.
fn hand_over(order: &Order, cash: Option<i64>, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    match order.status {
        status if status.is_in_kitchen() && order.fulfilment == Fulfilment::Pickup => {
            let ready = (status != OrderStatus::Ready).then_some(Event::Ready { at: now });
            Ok(ready.into_iter().chain(delivered(order, cash)?).collect())
        }
        OrderStatus::Delivered => Ok(vec![]),
        status => Err(Rejection::WrongState(status)),
    }
}

fn delivered(order: &Order, cash: Option<i64>) -> Result<Vec<Event>, Rejection> {
    let mut events = vec![Event::Delivered];
    if order.payment.status == PaymentStatus::Due {
        let amount = cash.ok_or(Rejection::CashNeeded)?;
        // More than was due cannot be owed to anyone; a mistyped amount must not enter the books.
        if !(0..=order.total).contains(&amount) {
            return Err(Rejection::Amount);
        }
        events.push(Event::CashCollected { amount });
    }
    Ok(events)
}

fn cancel(order: &Order, party: Party, role: Role, reason: Reason) -> Result<Vec<Event>, Rejection> {
    let status = order.status;
    if status == OrderStatus::Cancelled {
        return Ok(vec![]);
    }
    let may = match party {
        Party::Customer => matches!(
            status,
            OrderStatus::AwaitingPayment | OrderStatus::Pending | OrderStatus::Accepted
        ),
        Party::Kitchen => status.is_in_kitchen(),
        Party::System => status == OrderStatus::AwaitingPayment,
        _ => !status.is_end() && status != OrderStatus::PickedUp,
    };
    if !may {
        return Err(Rejection::WrongState(status));
    }
    let fee = if party == Party::Customer {
        order.fee_to_cancel()
    } else {
        0
    };
    Ok(with_money_back(
        order,
        Event::Cancelled {
            by: role,
            reason,
            fee,
        },
        fee,
    ))
}

fn expire(order: &Order, now: Timestamp) -> Vec<Event> {
    let due = order.accept_by.is_some_and(|by| now >= by);
    if order.status == OrderStatus::Pending && due {
        with_money_back(order, Event::Expired, 0)
    } else {
        vec![]
    }
}

fn assignment(order: &Order, command: &Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let delivery = order.delivery.ok_or(Rejection::WrongState(order.status))?;
    let current = delivery
        .assignment
        .filter(|_| delivery.attempt == attempt_of(command).unwrap_or(delivery.attempt));
    let status = current.map(|a| a.status);
    match *command {
        Command::Offer {
            driver_id,
            expires_at,
        } => {
            let open = delivery.assignment.is_some_and(|a| a.status.is_open());
            if open || delivery.status != DeliveryStatus::Waiting || expires_at <= now {
                return Err(Rejection::WrongState(order.status));
            }
            let attempt = if delivery.assignment.is_some() {
                delivery.attempt + 1
            } else {
                delivery.attempt
            };
            Ok(vec![Event::Offered {
                attempt,
                driver_id,
                expires_at,
            }])
        }
        Command::ExpireOffer { attempt } => Ok(match current {
            Some(a) if a.status == AssignmentStatus::Offered && now >= a.expires_at => {
                vec![Event::OfferExpired { attempt }]
            }
            _ => vec![],
        }),
        Command::AcceptOffer { attempt } => match current {
            Some(a) if a.status == AssignmentStatus::Offered && now <= a.expires_at => {
                Ok(vec![Event::OfferAccepted { attempt }])
            }
            Some(a) if matches!(a.status, AssignmentStatus::Accepted | AssignmentStatus::Completed) => {
                Ok(vec![])
            }
            _ => Err(Rejection::OfferOver),
        },
        Command::DeclineOffer { attempt } => match status {
            Some(AssignmentStatus::Offered) => Ok(vec![Event::OfferDeclined { attempt }]),
            Some(AssignmentStatus::Accepted | AssignmentStatus::Completed) => {
                Err(Rejection::WrongState(order.status))
            }
            _ => Ok(vec![]),
        },
        Command::Release { attempt, reason } => match status {
            Some(AssignmentStatus::Accepted) if delivery.status.is_before_pick_up() => {
                Ok(vec![Event::Released { attempt, reason }])
            }
            Some(_) => Err(Rejection::WrongState(order.status)),
            None => Ok(vec![]),
        },
        _ => Ok(vec![]),
    }
}

const fn attempt_of(command: &Command) -> Option<u32> {
    match command {
        Command::ExpireOffer { attempt }
        | Command::AcceptOffer { attempt }
        | Command::DeclineOffer { attempt }
        | Command::Release { attempt, .. } => Some(*attempt),
        _ => None,
    }
}

/// The driver's steps along the way. A step taken after a later one changes nothing. Taking the food implies
/// having arrived where it was, because a driver may forget a tap; but nobody is at the customer's with food
/// they never took.
fn travel(order: &Order, command: &Command, now: Timestamp) -> Result<Vec<Event>, Rejection> {
    let wrong = Err(Rejection::WrongState(order.status));
    let Some(delivery) = order.delivery else {
        return wrong;
    };
    let at_work = delivery.assignment.map(|a| a.status);
    if !matches!(
        at_work,
        Some(AssignmentStatus::Accepted | AssignmentStatus::Completed)
    ) {
        return wrong;
    }
    let (step, event) = match command {
        Command::ArriveAtRestaurant => (DeliveryStatus::AtRestaurant, Event::ArrivedAtRestaurant),
        Command::PickUp => (DeliveryStatus::PickedUp, Event::PickedUp),
        _ => (DeliveryStatus::AtCustomer, Event::ArrivedAtCustomer),
    };
    if delivery.status == DeliveryStatus::Cancelled {
        return wrong;
    }
    if delivery.status.rank() >= step.rank() {
        return Ok(vec![]);
    }
    match step {
        DeliveryStatus::PickedUp if order.status.is_in_kitchen() => {
            // Food in a driver's hands was ready, whether or not the kitchen said so.
            let ready = (order.status != OrderStatus::Ready).then_some(Event::Ready { at: now });
            let arrived = (delivery.status == DeliveryStatus::Assigned).then_some(Event::ArrivedAtRestaurant);
            Ok(ready.into_iter().chain(arrived).chain([event]).collect())
        }
        DeliveryStatus::AtCustomer if delivery.status != DeliveryStatus::PickedUp => wrong,
        DeliveryStatus::PickedUp => wrong,
        _ => Ok(vec![event]),
    }
}

fn deliver(order: &Order, cash: Option<i64>) -> Result<Vec<Event>, Rejection> {
    match order.delivery.map(|d| d.status) {
        Some(status) if status.is_carried() => {
            let mut events = delivered(order, cash)?;
            if status == DeliveryStatus::PickedUp {
                events.insert(0, Event::ArrivedAtCustomer);
            }
            Ok(events)
        }
        Some(DeliveryStatus::Delivered) => Ok(vec![]),
        _ => Err(Rejection::WrongState(order.status)),
    }
}

fn fail(order: &Order, reason: Reason) -> Result<Vec<Event>, Rejection> {
    match order.delivery.map(|d| d.status) {
        Some(status) if status.is_carried() => {
            // Cash that was never handed over is not owed any more; money taken by card is support's to settle.
            let money = (order.payment.status == PaymentStatus::Due).then_some(Event::Voided);
            Ok(std::iter::once(Event::Failed { reason }).chain(money).collect())
        }
        Some(DeliveryStatus::Failed | DeliveryStatus::Returned) => Ok(vec![]),
        _ => Err(Rejection::WrongState(order.status)),
    }
}
