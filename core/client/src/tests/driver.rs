//! A driver's shift, offer and job.

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{AcceptOffer, DriverStep, Event, GetDriverHome, SetShift, TakeStep};
use momfood_protocol::feed::Entity;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{ME, World, day, order};
use crate::driver;

const ID: OrderId = OrderId(Uuid::from_u128(100));
const HERE: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };

fn offered(world: &World, rev: i64, assignment: &str) -> Value {
    let mut offer = order(ID, rev, "ready");
    offer["delivery"] = json!({ "status": "waiting", "distanceM": 900, "area": HERE, "assignment": {
        "attempt": 1, "status": assignment, "expiresAt": world.now().plus_seconds(45), "pay": 950 } });
    offer
}

#[test]
fn an_offer_shows_until_its_time_is_over_and_becomes_the_job_when_accepted() {
    let mut world = World::signed_in(driver());
    let offer = offered(&world, 1, "offered");
    world.server.borrow_mut().put_order(&offer);
    world.pass(100);
    assert!(world.events().contains(&Event::Driver {}));
    let home = world.ask(GetDriverHome {}).unwrap();
    assert_eq!((home.offer.map(|order| order.id), home.job), (Some(ID), None));

    let accepted = offered(&world, 2, "accepted");
    world.server.borrow_mut().deltas_lost = true;
    world
        .server
        .borrow_mut()
        .say(&format!("POST orders/{ID}/accept-offer"), accepted);
    let home = world.ask(AcceptOffer { id: ID, attempt: 1 }).unwrap();
    assert_eq!((home.offer, home.job.map(|order| order.id)), (None, Some(ID)));
}

#[test]
fn an_offer_nobody_answered_is_gone_by_the_clock() {
    let mut world = World::signed_in(driver());
    let offer = offered(&world, 1, "offered");
    world.server.borrow_mut().put_order(&offer);
    world.pass(46_000);
    assert_eq!(world.ask(GetDriverHome {}).unwrap().offer, None);
}

#[test]
fn a_job_taken_away_leaves_the_screen() {
    let mut world = World::signed_in(driver());
    let job = offered(&world, 2, "accepted");
    world.server.borrow_mut().put_order(&job);
    world.pass(100);
    assert!(world.ask(GetDriverHome {}).unwrap().job.is_some());
    world.server.borrow_mut().change(Entity::Order, ID.0, 3, None);
    world.pass(100);
    assert_eq!(world.ask(GetDriverHome {}).unwrap().job, None);
}

#[test]
fn a_step_says_what_the_server_needs_to_know() {
    let mut world = World::signed_in(driver());
    let mut job = offered(&world, 2, "accepted");
    job["status"] = json!("picked_up");
    job["delivery"]["status"] = json!("at_customer");
    job["bill"]["totalAmount"] = json!(5_000);
    job["payment"]["cashDue"] = json!(5_000);
    world.server.borrow_mut().put_order(&job);
    world.pass(100);
    let home = world
        .ask(TakeStep {
            id: ID,
            step: DriverStep::Deliver {
                cash: Some(5_000),
                proof: None,
            },
        })
        .unwrap();
    assert_eq!(home.job, None);
    let handed_in = world.server.borrow().handed_in.clone();
    assert_eq!(handed_in[0].name, "delivery.deliver");
    assert_eq!(handed_in[0].args, json!({ "orderId": ID, "cash": 5_000 }));
}

#[test]
fn going_on_duty_shows_at_once() {
    let mut world = World::signed_in(driver());
    world
        .server
        .borrow_mut()
        .change(Entity::Driver, ME.0, 2, Some(day(false)));
    world.pass(100);
    assert_eq!(world.ask(GetDriverHome {}).unwrap().day.shift, None);
    world.server.borrow_mut().say("POST driver/shift", day(true));
    let home = world
        .ask(SetShift {
            on: true,
            point: Some(HERE),
        })
        .unwrap();
    assert!(home.day.shift.is_some());
}
