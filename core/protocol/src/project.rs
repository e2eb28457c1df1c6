//! What each party sees of an order. Pure: everything was read before. What a viewer may not see is absent, never
//! another shape.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::address::Address;
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::UserId;
use momfood_domain::order::{Event, Order, Party};
use momfood_domain::payment::PaymentStatus;
use momfood_domain::pricing::Bill;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;

use crate::may;
use crate::view::{
    AssignmentView, CustomerOfOrder, DeliveryView, DriverOfOrder, OrderView, PaymentView, ProofView,
    RestaurantOfOrder, Step, StepKind, TicketView,
};

/// Everything there is to see of an order.
#[derive(Clone, Debug)]
pub struct Whole<'a> {
    /// What decisions need.
    pub order: &'a Order,
    /// Its revision.
    pub rev: i64,
    /// The number people say.
    pub number: &'a str,
    /// What was ordered and what it costs, with every amount.
    pub bill: Bill,
    /// For the kitchen.
    pub note: Option<&'a str>,
    /// Where to.
    pub address: Option<&'a Address>,
    /// Straight line, metres.
    pub distance_m: u32,
    /// When the customer can expect it.
    pub estimated_at: Option<Timestamp>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What carrying it pays, minor units.
    pub pay: i64,
    /// What the customer tells the driver.
    pub handover_code: Option<&'a str>,
    /// What happened, oldest first.
    pub events: &'a [(Timestamp, Event)],
    /// Who cooks.
    pub restaurant: &'a RestaurantOfOrder,
    /// Who eats.
    pub customer: Someone<'a>,
    /// Who carries it.
    pub driver: Option<Someone<'a>>,
    /// What the kitchen's stations have done of it, by name.
    pub tickets: &'a [TicketView],
    /// The stars it has.
    pub rating: Option<u8>,
    /// What shows how it ended.
    pub proof: Option<&'a ProofView>,
}

/// A person of an order.
#[derive(Clone, Copy, Debug)]
pub struct Someone<'a> {
    /// Who.
    pub id: UserId,
    /// First name.
    pub first_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
    /// To call them.
    pub phone: Option<&'a str>,
    /// What a driver drives.
    pub vehicle: Option<&'a LocalizedText>,
}

/// The order as `party` (who is `actor`) may see it at `now`.
pub fn project(whole: Whole<'_>, party: Party, actor: &Actor, now: Timestamp) -> OrderView {
    let order = whole.order;
    let at_work = party == Party::Driver && is_at_work(order);
    let knows_customer = at_work || matches!(party, Party::Customer | Party::Staff | Party::System);
    let of_money = party != Party::Driver;
    let timeline = timeline(whole.placed_at, whole.events, of_money);
    let rating = whole.rating.filter(|_| party == Party::Customer);
    OrderView {
        id: order.id,
        number: order
            .accept_by
            .map(|_| whole.number.to_owned())
            .unwrap_or_default(),
        rev: whole.rev,
        status: order.status,
        fulfilment: order.fulfilment,
        restaurant: whole.restaurant.clone(),
        customer: CustomerOfOrder {
            name: if knows_customer {
                full_name(whole.customer)
            } else {
                whole.customer.first_name.to_owned()
            },
            phone: whole
                .customer
                .phone
                .filter(|_| knows_customer)
                .map(ToOwned::to_owned),
        },
        address: whole.address.filter(|_| knows_customer).cloned(),
        note: whole.note.filter(|_| of_money).map(ToOwned::to_owned),
        payment: payment(order, of_money),
        delivery: delivery(&whole, party, actor),
        placed_at: whole.placed_at,
        accept_by: order.accept_by,
        ready_by: order.ready_by,
        estimated_at: whole.estimated_at.filter(|_| !order.status.is_end()),
        reason: order.reason,
        cancel_fee: cancel_fee(order, party),
        cancelled_by: whole.events.iter().rev().find_map(|(_, event)| canceller(event)),
        tickets: if party == Party::Kitchen {
            whole.tickets.to_vec()
        } else {
            Vec::new()
        },
        handover_code: whole
            .handover_code
            .filter(|_| party == Party::Customer && is_under_way(order))
            .map(ToOwned::to_owned),
        rating,
        unconfirmed: false,
        may: may::actions(order, actor, (delivered_at(&timeline), rating), now),
        timeline,
        bill: bill(whole.bill, of_money),
    }
}

fn full_name(person: Someone<'_>) -> String {
    format!("{} {}", person.first_name, person.last_name)
        .trim_end()
        .to_owned()
}

/// Whether the driver of the order is on the way with it, or to it.
pub(crate) fn is_at_work(order: &Order) -> bool {
    let assignment = order.delivery.and_then(|delivery| delivery.assignment);
    assignment.is_some_and(|a| a.status == AssignmentStatus::Accepted)
}

/// Whether a driver can still hand it over.
pub(crate) fn is_under_way(order: &Order) -> bool {
    use DeliveryStatus::{Assigned, AtCustomer, AtRestaurant, PickedUp, Waiting};
    order.delivery.is_some_and(|delivery| {
        matches!(
            delivery.status,
            Waiting | Assigned | AtRestaurant | PickedUp | AtCustomer
        )
    })
}

pub(crate) fn cancel_fee(order: &Order, party: Party) -> Option<i64> {
    Some(order.fee_to_cancel()).filter(|fee| party == Party::Customer && *fee > 0)
}

pub(crate) const fn canceller(event: &Event) -> Option<Role> {
    match event {
        Event::Cancelled { by, .. } => Some(*by),
        _ => None,
    }
}

pub(crate) fn payment(order: &Order, of_money: bool) -> PaymentView {
    PaymentView {
        method: order.payment.method,
        status: order.payment.status,
        refunded: if of_money { order.payment.refunded } else { 0 },
        cash_due: if order.payment.status == PaymentStatus::Due {
            order.total
        } else {
            0
        },
    }
}

/// A driver sees what to carry and what it costs in all.
fn bill(mut bill: Bill, of_money: bool) -> Bill {
    if !of_money {
        let amounts = [
            &mut bill.subtotal,
            &mut bill.delivery_fee,
            &mut bill.service_fee,
            &mut bill.discount,
            &mut bill.tip,
            &mut bill.tax_amount,
        ];
        for amount in amounts {
            *amount = 0;
        }
    }
    bill
}

fn delivery(whole: &Whole<'_>, party: Party, actor: &Actor) -> Option<DeliveryView> {
    let delivery = whole.order.delivery?;
    let own = delivery
        .assignment
        .filter(|a| party == Party::Driver && Some(a.driver_id) == actor.user);
    let carried = delivery.status.is_carried();
    let seen = whole
        .driver
        .filter(|person| party != Party::Driver || Some(person.id) == actor.user);
    Some(DeliveryView {
        status: delivery.status,
        distance_m: whole.distance_m,
        area: whole
            .address
            .map_or(GeoPoint { lat: 0.0, lng: 0.0 }, |address| roughly(address.point)),
        driver: seen.map(|person| DriverOfOrder {
            id: person.id,
            name: person.first_name.to_owned(),
            phone: person
                .phone
                .filter(|_| carried || matches!(party, Party::Driver | Party::Staff))
                .map(ToOwned::to_owned),
            vehicle: person.vehicle.cloned(),
        }),
        assignment: own.map(|assignment| AssignmentView {
            attempt: delivery.attempt,
            status: assignment.status,
            expires_at: assignment.expires_at,
            pay: whole.pay,
        }),
        proof: whole
            .proof
            .filter(|_| party == Party::Customer || own.is_some())
            .cloned(),
    })
}

/// The point on a grid of a hundredth of a degree: about a kilometre.
fn roughly(point: GeoPoint) -> GeoPoint {
    let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
    GeoPoint {
        lat: round(point.lat),
        lng: round(point.lng),
    }
}

/// What stands on an order's timeline, oldest first; of money only what `of_money` may see.
pub fn timeline(placed_at: Timestamp, events: &[(Timestamp, Event)], of_money: bool) -> Vec<Step> {
    let placed = Step {
        kind: StepKind::Placed,
        at: placed_at,
    };
    let steps = events.iter().filter_map(|(at, event)| step(event, *at, of_money));
    std::iter::once(placed).chain(steps).collect()
}

/// What an event is on a timeline, if it stands there at all.
pub(crate) fn step(event: &Event, at: Timestamp, of_money: bool) -> Option<Step> {
    let kind = match event {
        Event::Accepted { .. } => StepKind::Accepted,
        Event::Rejected { .. } => StepKind::Rejected,
        Event::Expired => StepKind::Expired,
        Event::Preparing => StepKind::Preparing,
        Event::Ready { .. } => StepKind::Ready,
        Event::PickedUp => StepKind::PickedUp,
        Event::Delivered => StepKind::Delivered,
        Event::Cancelled { .. } => StepKind::Cancelled,
        Event::Failed { .. } => StepKind::Failed,
        Event::OfferAccepted { .. } => StepKind::DriverAssigned,
        Event::ArrivedAtRestaurant => StepKind::DriverAtRestaurant,
        Event::ArrivedAtCustomer => StepKind::DriverAtCustomer,
        Event::Refunded { amount } if *amount > 0 && of_money => StepKind::Refunded,
        _ => return None,
    };
    Some(Step { kind, at })
}

/// When the food arrived, by the timeline.
pub(crate) fn delivered_at(timeline: &[Step]) -> Option<Timestamp> {
    let last = timeline
        .iter()
        .rev()
        .find(|step| step.kind == StepKind::Delivered);
    last.map(|step| step.at)
}
