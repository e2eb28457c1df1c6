//! What people do: taps that follow from what their screen shows, and now and then one that does not fit. They see the
//! screen and nothing else.

use momfood_domain::actor::Role;
use momfood_domain::menu::Availability;
use momfood_domain::order::Reason;
use momfood_protocol::mutation::{
    Accept, AtStation, Attempt, Because, Deliver, Fail, HandOver, Mutation, Of, Pause, Proof, Rate, Release,
    SetAvailability,
};
use momfood_protocol::rest::SetShift;
use momfood_protocol::view::{Action, OrderView};

use crate::chance::Chance;
use crate::town::{self, Person};

/// What somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// A tap.
    Tap(Mutation),
    /// A tap with a picture to be taken first: its bytes are these.
    Picture(Mutation, Vec<u8>),
    /// To order from this kitchen.
    Order(usize),
    /// Nothing now.
    Nothing,
}

/// What `person` does when their screen shows `orders`.
pub fn wish(person: Person, orders: &[OrderView], on_shift: Option<bool>, chance: &mut Chance) -> Wish {
    let odd = chance.hits(40);
    match person.role {
        Role::Customer => customer(orders, odd, chance),
        Role::Restaurant => kitchen(person, orders, odd, chance),
        Role::Driver => driver(orders, on_shift, odd, chance),
        Role::Support | Role::Admin | Role::System => Wish::Nothing,
    }
}

fn customer(orders: &[OrderView], odd: bool, chance: &mut Chance) -> Wish {
    let open = orders.iter().filter(|order| !order.status.is_end()).count();
    if open == 0 || (open < 3 && chance.hits(250)) {
        return Wish::Order(usize::try_from(chance.below(town::KITCHENS.len() as u64)).unwrap_or(0));
    }
    let Some(order) = chance.pick(orders) else {
        return Wish::Nothing;
    };
    let order_id = order.id;
    if odd || order.may.contains(&Action::Rate) {
        return Wish::Tap(Mutation::RateOrder(Rate {
            order_id,
            stars: u8::try_from(chance.between(1, 5)).unwrap_or(5),
            comment: chance.hits(300).then(|| "شكراً".to_owned()),
        }));
    }
    if order.may.contains(&Action::Cancel) && chance.hits(150) {
        return Wish::Tap(Mutation::CancelOrder(Because {
            order_id,
            reason: Reason::ChangedMind,
        }));
    }
    Wish::Nothing
}

fn kitchen(person: Person, orders: &[OrderView], odd: bool, chance: &mut Chance) -> Wish {
    if chance.hits(60) {
        return aside(person, chance);
    }
    let busy: Vec<&OrderView> = orders.iter().filter(|order| !order.may.is_empty()).collect();
    let Some(order) = chance.pick(&busy) else {
        return Wish::Nothing;
    };
    let order_id = order.id;
    let station = || AtStation {
        order_id,
        station: "kitchen".to_owned(),
    };
    if chance.hits(150) {
        let bumped = order.tickets.iter().any(|ticket| ticket.done_at.is_some());
        return Wish::Tap(if bumped {
            Mutation::RecallTicket(station())
        } else {
            Mutation::BumpTicket(station())
        });
    }
    if odd {
        return Wish::Tap(Mutation::MarkReady(Of { order_id }));
    }
    let may: Vec<Action> = order
        .may
        .iter()
        .copied()
        .filter(|action| match action {
            Action::Reject => chance.hits(120),
            Action::Cancel => chance.hits(40),
            _ => true,
        })
        .collect();
    let because = |reason| Because { order_id, reason };
    match chance.pick(&may) {
        Some(Action::Accept) => Wish::Tap(Mutation::AcceptOrder(Accept {
            order_id,
            prep_minutes: u32::try_from(chance.between(1, 15)).unwrap_or(5),
        })),
        Some(Action::Reject) => Wish::Tap(Mutation::RejectOrder(because(Reason::TooBusy))),
        Some(Action::Cancel) => Wish::Tap(Mutation::CancelOrder(because(Reason::OutOfStock))),
        Some(Action::StartPreparing) => Wish::Tap(Mutation::StartPreparing(Of { order_id })),
        Some(Action::MarkReady) => Wish::Tap(Mutation::MarkReady(Of { order_id })),
        Some(Action::HandOver) => Wish::Tap(Mutation::HandOver(HandOver {
            order_id,
            cash: cash(order),
        })),
        _ => Wish::Nothing,
    }
}

/// Something that is about no order.
fn aside(person: Person, chance: &mut Chance) -> Wish {
    let kitchen = person.kitchen.unwrap_or(0);
    if chance.hits(700) {
        let nth = usize::try_from(chance.below(town::DISHES as u64)).unwrap_or(0);
        return Wish::Tap(Mutation::SetAvailability(SetAvailability {
            item_id: town::dish(kitchen, nth),
            // The first dish is always there: a town where nothing can be ordered shows nothing.
            availability: if nth > 0 && chance.hits(500) {
                Availability::SoldOut { until: None }
            } else {
                Availability::Available
            },
        }));
    }
    Wish::Tap(Mutation::Pause(Pause {
        minutes: Some(u32::try_from(chance.between(0, 2)).unwrap_or(0)),
    }))
}

fn driver(orders: &[OrderView], on_shift: Option<bool>, odd: bool, chance: &mut Chance) -> Wish {
    if on_shift != Some(true) {
        return Wish::Tap(Mutation::SetShift(SetShift {
            on: true,
            point: Some(town::MIDDLE),
        }));
    }
    let busy: Vec<&OrderView> = orders.iter().filter(|order| !order.may.is_empty()).collect();
    let Some(order) = chance.pick(&busy) else {
        return if chance.hits(20) {
            Wish::Tap(Mutation::SetShift(SetShift {
                on: false,
                point: None,
            }))
        } else {
            Wish::Nothing
        };
    };
    let order_id = order.id;
    let attempt = order
        .delivery
        .as_ref()
        .and_then(|delivery| delivery.assignment)
        .map_or(1, |assignment| assignment.attempt);
    if odd {
        return Wish::Tap(Mutation::PickUp(Of { order_id }));
    }
    let may: Vec<Action> = order
        .may
        .iter()
        .copied()
        .filter(|action| match action {
            Action::DeclineOffer | Action::Release => chance.hits(100),
            Action::FailDelivery => chance.hits(80),
            _ => true,
        })
        .collect();
    match chance.pick(&may) {
        Some(Action::AcceptOffer) => Wish::Tap(Mutation::AcceptOffer(Attempt { order_id, attempt })),
        Some(Action::DeclineOffer) => Wish::Tap(Mutation::DeclineOffer(Attempt { order_id, attempt })),
        Some(Action::Release) => Wish::Tap(Mutation::Release(Release {
            order_id,
            attempt,
            reason: Reason::VehicleProblem,
        })),
        Some(Action::ArriveAtRestaurant) => Wish::Tap(Mutation::ArriveAtRestaurant(Of { order_id })),
        Some(Action::PickUp) => Wish::Tap(Mutation::PickUp(Of { order_id })),
        Some(Action::ArriveAtCustomer) => Wish::Tap(Mutation::ArriveAtCustomer(Of { order_id })),
        Some(Action::Deliver) => deliver(order, chance),
        Some(Action::FailDelivery) => Wish::Tap(Mutation::FailDelivery(Fail {
            order_id,
            reason: Reason::CustomerUnreachable,
            proof: None,
        })),
        Some(Action::ReturnFood) => Wish::Tap(Mutation::ReturnFood(Of { order_id })),
        _ => Wish::Nothing,
    }
}

fn deliver(order: &OrderView, chance: &mut Chance) -> Wish {
    let handed = |proof| {
        Mutation::Deliver(Deliver {
            order_id: order.id,
            cash: cash(order),
            proof,
        })
    };
    match chance.below(3) {
        0 => Wish::Tap(handed(None)),
        1 => Wish::Tap(handed(Some(Proof::Code {
            // The customer's code is not on a driver's screen: some guess.
            code: "0000".to_owned(),
        }))),
        _ => {
            let picture = picture(chance);
            let sha256 = sha256(&picture);
            Wish::Picture(handed(Some(Proof::Photo { sha256 })), picture)
        }
    }
}

fn cash(order: &OrderView) -> Option<i64> {
    (order.payment.cash_due > 0).then_some(order.payment.cash_due)
}

/// A small photo like no other.
fn picture(chance: &mut Chance) -> Vec<u8> {
    let note: Vec<u8> = (0..8).flat_map(|_| chance.bits().to_be_bytes()).collect();
    momfood_backend::content::samples::jpeg(1_280, 960, &note)
}

/// The name of some bytes.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            use std::fmt::Write as _;
            let _ = write!(text, "{byte:02x}");
            text
        })
}
