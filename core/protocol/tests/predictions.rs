//! A device shows what the server will say. For every order that can come about, through the eyes of everyone who acts
//! on it: what is predicted from the view is what is projected from the order.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

#[path = "../../domain/tests/order_laws/gateway.rs"]
#[expect(dead_code, reason = "shared with the laws of orders")]
mod gateway;
#[path = "../../domain/tests/order_laws/history.rs"]
#[expect(dead_code, reason = "shared with the laws of orders")]
mod history;

use history::{Story, Who, driver, honest_stories};
use momfood_domain::actor::Actor;
use momfood_domain::address::Address;
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_domain::money::Currency;
use momfood_domain::order::{Event, Order, Reason, Rejection, decide, party};
use momfood_domain::pricing::Bill;
use momfood_domain::text::LocalizedText;
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::mutation::{
    Accept, AtStation, Attempt, Because, Deliver, Fail, HandOver, Mutation, Of, Proof, Rate, Release,
};
use momfood_protocol::predict::predict;
use momfood_protocol::project::{Someone, Whole, project};
use momfood_protocol::view::{Action, OrderView, ProofKind, RestaurantOfOrder, TicketView};
use proptest::prelude::*;
use uuid::Uuid;

const POINT: GeoPoint = GeoPoint {
    lat: 24.6911,
    lng: 46.6853,
};
const REV: i64 = 7;

/// An order as a server keeps it: what the domain knows, and what happened when.
#[derive(Clone)]
struct Kept {
    order: Order,
    events: Vec<(Timestamp, Event)>,
    placed_at: Timestamp,
    tickets: Vec<TicketView>,
    rating: Option<u8>,
}

impl Kept {
    fn new(order: Order) -> Self {
        Self {
            order,
            events: Vec::new(),
            placed_at: history::START,
            tickets: Vec::new(),
            rating: None,
        }
    }

    fn happen(&mut self, events: &[Event], now: Timestamp) {
        for event in events {
            self.order.apply(event);
            self.events.push((now, event.clone()));
        }
    }

    fn seen_by(&self, actor: &Actor, now: Timestamp) -> Option<OrderView> {
        let order = &self.order;
        let address = Address {
            label: "البيت".into(),
            point: POINT,
            short_address: None,
            line: "حي العليا".into(),
            landmark: None,
            note: None,
        };
        let restaurant = RestaurantOfOrder {
            id: order.restaurant_id,
            name: LocalizedText::both("بيت الكبسة", "Kabsa House"),
            point: POINT,
            district: LocalizedText::both("العليا", "Al Olaya"),
            phone: None,
            picture: None,
        };
        let someone = |id, first_name| Someone {
            id,
            first_name,
            last_name: "القحطاني",
            phone: Some("+966512345678"),
            vehicle: None,
        };
        let whole = Whole {
            order,
            rev: REV,
            number: "4821-1234",
            bill: Bill {
                currency: Currency::Sar,
                lines: vec![],
                subtotal: order.total,
                delivery_fee: 0,
                service_fee: 0,
                discount: 0,
                tip: 0,
                tax_amount: 0,
                total_amount: order.total,
            },
            note: Some("بدون أكياس"),
            address: Some(&address),
            distance_m: 1_752,
            estimated_at: None,
            placed_at: self.placed_at,
            pay: 1_550,
            handover_code: Some("4821"),
            events: &self.events,
            restaurant: &restaurant,
            customer: someone(order.customer_id, "سارة"),
            driver: order
                .delivery
                .and_then(|delivery| delivery.driver())
                .map(|driver| someone(driver, "فهد")),
            tickets: &self.tickets,
            rating: self.rating,
            proof: None,
        };
        Some(project(whole, party(order, actor)?, actor, now))
    }
}

/// Everything a person taps about an order that is decided by its state machine.
fn taps(order: &Order) -> Vec<Mutation> {
    let order_id = order.id;
    let of = Of { order_id };
    let reason = Reason::Other;
    let because = Because { order_id, reason };
    let now = order.delivery.map_or(1, |delivery| delivery.attempt);
    let mut taps = vec![
        Mutation::CancelOrder(because),
        Mutation::RejectOrder(because),
        Mutation::StartPreparing(of),
        Mutation::MarkReady(of),
        Mutation::ArriveAtRestaurant(of),
        Mutation::PickUp(of),
        Mutation::ArriveAtCustomer(of),
        Mutation::FailDelivery(Fail {
            order_id,
            reason,
            proof: None,
        }),
        Mutation::ReturnFood(of),
    ];
    for prep_minutes in [0, 20] {
        taps.push(Mutation::AcceptOrder(Accept {
            order_id,
            prep_minutes,
        }));
    }
    for cash in [None, Some(order.total), Some(order.total + 1)] {
        taps.push(Mutation::HandOver(HandOver { order_id, cash }));
        taps.push(Mutation::Deliver(Deliver {
            order_id,
            cash,
            proof: None,
        }));
    }
    for attempt in [now, now + 1, now.saturating_sub(1)] {
        let answer = Attempt { order_id, attempt };
        taps.push(Mutation::AcceptOffer(answer));
        taps.push(Mutation::DeclineOffer(answer));
        taps.push(Mutation::Release(Release {
            order_id,
            attempt,
            reason,
        }));
    }
    taps
}

const PEOPLE: [Who; 5] = [
    Who::Customer,
    Who::Kitchen,
    Who::Driver(0),
    Who::Driver(1),
    Who::Driver(2),
];

/// What follows from the state alone. What only the server can add is taken from its answer.
fn as_far_as_can_be_known(before: &OrderView, mut predicted: OrderView, said: &OrderView) -> OrderView {
    assert!(predicted.unconfirmed, "a prediction says that it is one");
    assert_eq!(predicted.rev, before.rev, "the revision stays the server's");
    predicted.unconfirmed = false;
    // How far it is, nobody has told the kitchen before there was a delivery; the driver's name comes with the answer.
    if let (Some(predicted), Some(said)) = (&mut predicted.delivery, &said.delivery) {
        if before.delivery.is_none() {
            predicted.distance_m = said.distance_m;
            predicted.area = said.area;
        }
        if predicted.driver.is_none() && predicted.assignment.is_some() {
            predicted.driver.clone_from(&said.driver);
        }
    }
    // The customer's address, name and phone are shown to a driver who has said yes.
    if before.address.is_none() && said.address.is_some() {
        predicted.address.clone_from(&said.address);
        predicted.customer = said.customer.clone();
    }
    // Kept and recomputed where it is written down.
    predicted.estimated_at = said.estimated_at;
    predicted
}

fn agrees(kept: &Kept, who: Who, tap: &Mutation, now: Timestamp) -> Result<(), TestCaseError> {
    let actor = who.actor();
    let Some(before) = kept.seen_by(&actor, now) else {
        return Ok(());
    };
    let predicted = predict(&before, tap, &actor, now);
    let command = tap.command().expect("a step of the order");
    match decide(&kept.order, &command, &actor, now) {
        Err(rejection) => prop_assert_eq!(predicted, Err(rejection), "{:?} taps {:?}", who, tap),
        Ok(events) if events.is_empty() => {
            prop_assert_eq!(predicted, Ok(None), "{:?} taps {:?}", who, tap);
        }
        Ok(events) => {
            let mut after = kept.clone();
            after.happen(&events, now);
            let said = after
                .seen_by(&actor, now)
                .expect("who has just acted still sees it");
            let predicted = predicted.ok().flatten();
            prop_assert!(
                predicted.is_some(),
                "{who:?} taps {tap:?} and nothing is predicted"
            );
            let predicted = predicted.unwrap();
            let known = as_far_as_can_be_known(&before, predicted.clone(), &said);
            prop_assert_eq!(known, said.clone(), "{:?} taps {:?}", who, tap);
            // The overlay may meet a row that has it already, and its own prediction.
            prop_assert_eq!(predict(&said, tap, &actor, now), Ok(None), "again: {:?}", tap);
            prop_assert_eq!(
                predict(&predicted, tap, &actor, now),
                Ok(None),
                "twice: {:?}",
                tap
            );
        }
    }
    Ok(())
}

fn everyone_agrees(story: &Story) -> Result<(), TestCaseError> {
    let mut kept = Kept::new(story.order.clone());
    for step in story.play().steps {
        for who in PEOPLE {
            for tap in taps(&kept.order) {
                agrees(&kept, who, &tap, step.now)?;
            }
        }
        kept.happen(&step.outcome.unwrap_or_default(), step.now);
        prop_assert_eq!(&kept.order, &step.after);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn what_a_device_predicts_is_what_the_server_says(story in honest_stories()) {
        everyone_agrees(&story)?;
    }

    /// Offline, one tap follows the other: each is predicted on top of the prediction before it.
    #[test]
    fn a_whole_shift_offline_is_predicted_tap_by_tap(story in honest_stories(), taps in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        let history = story.play();
        let now = history.now;
        let mut kept = Kept::new(story.order.clone());
        for step in &history.steps {
            kept.happen(step.outcome.as_deref().unwrap_or_default(), step.now);
        }
        for who in PEOPLE {
            let actor = who.actor();
            let Some(mut shown) = kept.seen_by(&actor, now) else { continue };
            let mut real = kept.clone();
            for index in &taps {
                let choices = self::taps(&real.order);
                let tap = index.get(&choices);
                let command = tap.command().expect("a step of the order");
                let decided = decide(&real.order, &command, &actor, now);
                let predicted = predict(&shown, tap, &actor, now);
                if let Ok(events) = &decided {
                    real.happen(events, now);
                }
                prop_assert_eq!(predicted.as_ref().err(), decided.as_ref().err(), "{:?} taps {:?}", who, tap);
                if let Ok(Some(next)) = predicted {
                    shown = next;
                }
                let said = real.seen_by(&actor, now).expect("who acts still sees it");
                prop_assert_eq!(shown.status, said.status);
                prop_assert_eq!(&shown.may, &said.may, "{:?} has tapped {:?}", who, tap);
                prop_assert_eq!(&shown.timeline, &said.timeline);
                prop_assert_eq!(shown.payment, said.payment);
                prop_assert_eq!(stands(&shown), stands(&said));
            }
        }
    }

    #[test]
    fn two_screens_of_a_kitchen_agree_on_its_tickets(taps in prop::collection::vec((any::<bool>(), 0..3_usize), 0..12)) {
        let kitchen = Who::Kitchen.actor();
        let mut kept = cooking();
        let mut shown = kept.seen_by(&kitchen, kept.placed_at).unwrap();
        let status = shown.status;
        for (number, (bump, station)) in (1_i64..).zip(taps) {
            let now = kept.placed_at.plus_seconds(number);
            let at = AtStation { order_id: kept.order.id, station: ["cold", "grill", "kitchen"][station].into() };
            let tap = if bump { Mutation::BumpTicket(at.clone()) } else { Mutation::RecallTicket(at.clone()) };
            let was = shown.tickets.iter().find(|ticket| ticket.station == at.station).and_then(|ticket| ticket.done_at);
            let next = predict(&shown, &tap, &kitchen, now).unwrap();
            prop_assert_eq!(next.is_some(), was.is_none() == bump, "only what changes something is predicted");
            if let Some(next) = next {
                prop_assert_eq!(predict(&next, &tap, &kitchen, now.plus(1)), Ok(None), "a repeated tap");
                shown = next;
            }
            prop_assert_eq!(shown.status, status, "tickets never move the order");
            prop_assert!(shown.tickets.is_sorted_by(|one, other| one.station < other.station));
        }
        // Gone from the kitchen, nothing is left to do.
        kept.order.status = momfood_domain::order::OrderStatus::PickedUp;
        let gone = kept.seen_by(&kitchen, kept.placed_at).unwrap();
        let at = AtStation { order_id: kept.order.id, station: "grill".into() };
        prop_assert_eq!(predict(&gone, &Mutation::BumpTicket(at), &kitchen, kept.placed_at), Ok(None));
    }
}

fn stands(seen: &OrderView) -> Option<(DeliveryStatus, Option<AssignmentStatus>)> {
    let delivery = seen.delivery.as_ref()?;
    Some((delivery.status, delivery.assignment.map(|own| own.status)))
}

fn cooking() -> Kept {
    use momfood_domain::payment::PaymentMethod::Cash;
    use momfood_domain::pricing::Fulfilment::Delivery;
    let mut kept = Kept::new(history::placed(Cash, Delivery, 5_000, 1_000));
    let ready_by = history::START.plus_minutes(20);
    kept.happen(&[Event::Accepted { ready_by }, Event::Preparing], history::START);
    kept
}

/// Brought by the first driver, cash taken.
fn delivered() -> Kept {
    let mut kept = cooking();
    let now = history::START.plus_minutes(30);
    let (attempt, driver_id, expires_at) = (1, driver(0), now.plus_seconds(45));
    kept.happen(
        &[
            Event::Ready { at: now },
            Event::Offered {
                attempt,
                driver_id,
                expires_at,
            },
            Event::OfferAccepted { attempt },
            Event::ArrivedAtRestaurant,
            Event::PickedUp,
            Event::ArrivedAtCustomer,
            Event::Delivered,
            Event::CashCollected { amount: 5_000 },
        ],
        now,
    );
    kept
}

#[test]
fn only_the_kitchen_touches_tickets() {
    let kept = cooking();
    let at = AtStation {
        order_id: kept.order.id,
        station: "grill".into(),
    };
    let customer = Who::Customer.actor();
    let seen = kept.seen_by(&customer, kept.placed_at).unwrap();
    assert_eq!(
        predict(&seen, &Mutation::BumpTicket(at), &customer, kept.placed_at),
        Err(Rejection::Forbidden)
    );
}

#[test]
fn a_rating_is_given_once_and_in_time() {
    let mut kept = delivered();
    let customer = Who::Customer.actor();
    let soon = history::START.plus_minutes(40);
    let rate = |stars| {
        Mutation::RateOrder(Rate {
            order_id: kept.order.id,
            stars,
            comment: None,
        })
    };
    let (five, one) = (rate(5), rate(1));
    let seen = kept.seen_by(&customer, soon).unwrap();
    assert!(seen.may.contains(&Action::Rate));
    let rated = predict(&seen, &five, &customer, soon).unwrap().unwrap();
    assert_eq!(rated.rating, Some(5));
    assert!(!rated.may.contains(&Action::Rate));
    assert_eq!(predict(&rated, &five, &customer, soon), Ok(None));
    assert_eq!(
        predict(&rated, &one, &customer, soon),
        Err(Rejection::WrongState(kept.order.status))
    );
    kept.rating = Some(5);
    let said = kept.seen_by(&customer, soon).unwrap();
    assert_eq!(
        OrderView {
            unconfirmed: false,
            ..rated
        },
        said
    );
    kept.rating = None;
    let late = soon.plus(14 * DAY);
    let seen = kept.seen_by(&customer, late).unwrap();
    assert!(!seen.may.contains(&Action::Rate));
    assert_eq!(predict(&seen, &five, &customer, late), Err(Rejection::TooLate));
    let kitchen = Who::Kitchen.actor();
    let seen = kept.seen_by(&kitchen, soon).unwrap();
    assert_eq!(predict(&seen, &five, &kitchen, soon), Err(Rejection::Forbidden));
}

#[test]
fn a_proof_is_shown_with_the_delivery_it_proves() {
    let mut kept = delivered();
    // As it stood before it was handed over.
    let last = kept.events.len() - 3;
    let events: Vec<_> = kept.events.drain(..).take(last).collect();
    let mut before = Kept::new(history::placed(
        momfood_domain::payment::PaymentMethod::Cash,
        momfood_domain::pricing::Fulfilment::Delivery,
        5_000,
        1_000,
    ));
    for (at, event) in events {
        before.happen(&[event], at);
    }
    let carrier = Who::Driver(0).actor();
    let now = history::START.plus_minutes(31);
    let seen = before.seen_by(&carrier, now).unwrap();
    let tap = Mutation::Deliver(Deliver {
        order_id: before.order.id,
        cash: Some(5_000),
        proof: Some(Proof::Photo {
            sha256: "0a".repeat(32),
        }),
    });
    let next = predict(&seen, &tap, &carrier, now).unwrap().unwrap();
    let proof = next.delivery.unwrap().proof.unwrap();
    assert_eq!((proof.kind, proof.at), (ProofKind::Photo, now));
    assert_eq!(proof.sha256, Some("0a".repeat(32)));
    assert_eq!(next.address, None, "who has delivered it no longer knows where");
}

#[test]
fn a_tap_about_another_order_changes_nothing() {
    let kept = cooking();
    let kitchen = Who::Kitchen.actor();
    let seen = kept.seen_by(&kitchen, kept.placed_at).unwrap();
    let order_id = OrderId(Uuid::from_u128(4));
    let tap = Mutation::MarkReady(Of { order_id });
    assert_eq!(predict(&seen, &tap, &kitchen, kept.placed_at), Ok(None));
}

#[test]
fn the_code_is_shown_to_its_customer_alone_and_only_until_it_is_used() {
    let (cooking, delivered) = (cooking(), delivered());
    let code = |kept: &Kept, who: Who| {
        let seen = kept.seen_by(&who.actor(), history::START);
        seen.and_then(|seen| seen.handover_code)
    };
    assert_eq!(code(&cooking, Who::Customer), Some("4821".into()));
    for who in [Who::Kitchen, Who::Support, Who::Admin] {
        assert_eq!(code(&cooking, who), None, "{who:?}");
    }
    for who in Who::ALL {
        assert_eq!(code(&delivered, who), None, "{who:?}");
    }
}
