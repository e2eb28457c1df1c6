//! What each party sees of an order. Pure: everything was read before. What a viewer may not see is absent, never
//! another shape.

use momfood_domain::actor::Actor;
use momfood_domain::delivery::AssignmentStatus;
use momfood_domain::geo::GeoPoint;
use momfood_domain::order::{Event, Order, Party};
use momfood_domain::payment::PaymentStatus;
use momfood_domain::pricing::{Bill, OrderLine};
use momfood_domain::time::Timestamp;
use momfood_protocol::view::{
    AssignmentView, CustomerOfOrder, DeliveryView, DriverOfOrder, OrderView, PaymentView, RestaurantOfOrder,
    Step, StepKind,
};

use super::may;
use super::record::Record;
use crate::identity::Person;

/// Everything there is to see of an order.
pub(super) struct Whole<'a> {
    pub record: &'a Record,
    pub lines: Vec<OrderLine>,
    pub events: &'a [(Timestamp, Event)],
    pub restaurant: &'a RestaurantOfOrder,
    pub customer: &'a Person,
    pub driver: Option<&'a Person>,
}

/// The order as `party` (who is `actor`) may see it at `now`.
pub(super) fn project(whole: Whole<'_>, party: Party, actor: &Actor, now: Timestamp) -> OrderView {
    let Record { order, .. } = whole.record;
    let at_work = party == Party::Driver && is_at_work(order);
    let knows_customer = at_work || matches!(party, Party::Customer | Party::Staff | Party::System);
    let of_money = party != Party::Driver;
    OrderView {
        id: order.id,
        number: order
            .accept_by
            .map(|_| whole.record.number.clone())
            .unwrap_or_default(),
        rev: whole.record.rev,
        status: order.status,
        fulfilment: order.fulfilment,
        restaurant: whole.restaurant.clone(),
        customer: CustomerOfOrder {
            name: if knows_customer {
                full_name(whole.customer)
            } else {
                whole.customer.first_name.clone()
            },
            phone: whole.customer.phone.clone().filter(|_| knows_customer),
        },
        address: whole.record.address.clone().filter(|_| knows_customer),
        bill: bill(whole.record, whole.lines, of_money),
        note: whole.record.note.clone().filter(|_| of_money),
        payment: PaymentView {
            method: order.payment.method,
            status: order.payment.status,
            refunded: if of_money { order.payment.refunded } else { 0 },
            cash_due: if order.payment.status == PaymentStatus::Due {
                order.total
            } else {
                0
            },
        },
        delivery: delivery(whole.record, whole.driver, party, actor),
        placed_at: whole.record.placed_at,
        accept_by: order.accept_by,
        ready_by: order.ready_by,
        estimated_at: whole.record.estimated_at.filter(|_| !order.status.is_end()),
        timeline: timeline(whole.record.placed_at, whole.events, of_money),
        reason: order.reason,
        cancel_fee: Some(order.fee_to_cancel()).filter(|fee| party == Party::Customer && *fee > 0),
        cancelled_by: None,
        tickets: Vec::new(),
        handover_code: None,
        rating: None,
        unconfirmed: false,
        may: may::actions(order, actor, now),
    }
}

fn full_name(person: &Person) -> String {
    format!("{} {}", person.first_name, person.last_name)
        .trim_end()
        .to_owned()
}

/// Whether the driver of the order is on the way with it, or to it.
fn is_at_work(order: &Order) -> bool {
    let assignment = order.delivery.and_then(|delivery| delivery.assignment);
    assignment.is_some_and(|a| a.status == AssignmentStatus::Accepted)
}

/// A driver sees what to carry and what it costs in all.
fn bill(record: &Record, lines: Vec<OrderLine>, of_money: bool) -> Bill {
    let shown = |amount: i64| if of_money { amount } else { 0 };
    Bill {
        currency: record.order.currency,
        lines,
        subtotal: shown(record.subtotal),
        delivery_fee: shown(record.delivery_fee),
        service_fee: shown(record.service_fee),
        discount: shown(record.discount),
        tip: shown(record.tip),
        tax_amount: shown(record.tax_amount),
        total_amount: record.order.total,
    }
}

fn delivery(record: &Record, driver: Option<&Person>, party: Party, actor: &Actor) -> Option<DeliveryView> {
    let delivery = record.order.delivery?;
    let own = delivery
        .assignment
        .filter(|a| party == Party::Driver && Some(a.driver_id) == actor.user);
    let carried = delivery.status.is_carried();
    let seen = driver.filter(|person| party != Party::Driver || Some(person.id) == actor.user);
    Some(DeliveryView {
        status: delivery.status,
        distance_m: record.distance_m,
        area: record
            .address
            .as_ref()
            .map_or(GeoPoint { lat: 0.0, lng: 0.0 }, |address| roughly(address.point)),
        driver: seen.map(|person| DriverOfOrder {
            id: person.id,
            name: person.first_name.clone(),
            phone: person
                .phone
                .clone()
                .filter(|_| carried || matches!(party, Party::Driver | Party::Staff)),
            vehicle: person.vehicle.clone(),
        }),
        assignment: own.map(|assignment| AssignmentView {
            attempt: delivery.attempt,
            status: assignment.status,
            expires_at: assignment.expires_at,
            pay: record.pay,
        }),
        proof: None,
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

fn timeline(placed_at: Timestamp, events: &[(Timestamp, Event)], of_money: bool) -> Vec<Step> {
    let placed = Step {
        kind: StepKind::Placed,
        at: placed_at,
    };
    let steps = events.iter().filter_map(|(at, event)| {
        let kind = kind_of(event)?;
        (of_money || kind != StepKind::Refunded).then_some(Step { kind, at: *at })
    });
    std::iter::once(placed).chain(steps).collect()
}

/// What an event is on a timeline, if it stands there at all.
const fn kind_of(event: &Event) -> Option<StepKind> {
    match event {
        Event::Accepted { .. } => Some(StepKind::Accepted),
        Event::Rejected { .. } => Some(StepKind::Rejected),
        Event::Expired => Some(StepKind::Expired),
        Event::Preparing => Some(StepKind::Preparing),
        Event::Ready { .. } => Some(StepKind::Ready),
        Event::PickedUp => Some(StepKind::PickedUp),
        Event::Delivered => Some(StepKind::Delivered),
        Event::Cancelled { .. } => Some(StepKind::Cancelled),
        Event::Failed { .. } => Some(StepKind::Failed),
        Event::OfferAccepted { .. } => Some(StepKind::DriverAssigned),
        Event::ArrivedAtRestaurant => Some(StepKind::DriverAtRestaurant),
        Event::ArrivedAtCustomer => Some(StepKind::DriverAtCustomer),
        Event::Refunded { amount } if *amount > 0 => Some(StepKind::Refunded),
        _ => None,
    }
}
