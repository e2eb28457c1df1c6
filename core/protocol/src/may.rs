//! What a viewer may do with an order now, found by asking the domain to decide each action without doing it. The server
//! says it of what it knows, a device of what it predicts.

use momfood_domain::actor::Actor;
use momfood_domain::order::{Command, Order, OrderStatus, Reason, decide};
use momfood_domain::rating;
use momfood_domain::time::Timestamp;

use crate::view::Action;

/// Every action, in the order a screen shows them.
const ACTIONS: [Action; 16] = [
    Action::Accept,
    Action::Reject,
    Action::StartPreparing,
    Action::MarkReady,
    Action::HandOver,
    Action::AcceptOffer,
    Action::DeclineOffer,
    Action::ArriveAtRestaurant,
    Action::PickUp,
    Action::ArriveAtCustomer,
    Action::Deliver,
    Action::FailDelivery,
    Action::ReturnFood,
    Action::Release,
    Action::Cancel,
    Action::Rate,
];

/// The actions that would change something, were they done by `actor` at `now`. `delivered_at` is when the food
/// arrived, `given` the stars the order has.
pub fn actions(
    order: &Order,
    actor: &Actor,
    (delivered_at, given): (Option<Timestamp>, Option<u8>),
    now: Timestamp,
) -> Vec<Action> {
    let may = |action: &Action| match trial(*action, order) {
        Some(trial) => decide(order, &trial, actor, now).is_ok_and(|events| !events.is_empty()),
        None if *action == Action::Rate => {
            given.is_none()
                && rating::rate(order, actor, (delivered_at, given), *rating::STARS.end(), now) == Ok(true)
        }
        None => false,
    };
    ACTIONS.into_iter().filter(may).collect()
}

/// The command behind an action, with arguments that are never what it would fail for.
fn trial(action: Action, order: &Order) -> Option<Command> {
    let attempt = order.delivery.map_or(0, |delivery| delivery.attempt);
    let (reason, cash) = (Reason::Other, Some(order.total));
    Some(match action {
        Action::Cancel => Command::Cancel { reason },
        Action::Accept => Command::Accept { prep_minutes: 15 },
        Action::Reject => Command::Reject { reason },
        Action::StartPreparing => Command::StartPreparing,
        Action::MarkReady => Command::MarkReady,
        // Told of food that was never called ready it is believed, but nobody is asked to do it that way.
        Action::HandOver if order.status != OrderStatus::Ready => return None,
        Action::HandOver => Command::HandOver { cash },
        Action::AcceptOffer => Command::AcceptOffer { attempt },
        Action::DeclineOffer => Command::DeclineOffer { attempt },
        Action::Release => Command::Release { attempt, reason },
        Action::ArriveAtRestaurant => Command::ArriveAtRestaurant,
        Action::PickUp => Command::PickUp,
        Action::ArriveAtCustomer => Command::ArriveAtCustomer,
        Action::Deliver => Command::Deliver { cash },
        Action::FailDelivery => Command::FailDelivery { reason },
        Action::ReturnFood => Command::ReturnFood,
        // Not a matter of the order's state machine.
        Action::Rate => return None,
    })
}
