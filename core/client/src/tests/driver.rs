//! A driver's offer, job and positions.

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{
    AcceptOffer, DriverStep, Event, GetDriverHome, ReportPosition, SetShift, TakeStep,
};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::feed::Entity;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Fault, ME, World, day, order};
use crate::driver;

const ID: OrderId = OrderId(Uuid::from_u128(100));
const HERE: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };

fn offered(world: &World, rev: i64, assignment: &str) -> Value {
    let mut offer = order(ID, rev, "ready");
    offer["delivery"] = json!({ "status": "waiting", "distanceM": 900, "area": HERE, "assignment": {
        "attempt": 1, "status": assignment, "expiresAt": world.now().plus_seconds(45), "pay": 950 } });
    offer
}

fn at(lat: f64) -> ReportPosition {
    ReportPosition {
        point: GeoPoint { lat, lng: 46.7 },
        heading: None,
    }
}

fn sent(world: &World) -> Vec<u64> {
    let bodies = world.server.borrow().bodies("POST pings");
    bodies
        .iter()
        .flat_map(|body| body["pings"].as_array().unwrap())
        .map(|ping| ping["n"].as_u64().unwrap())
        .collect()
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

#[test]
fn positions_close_together_in_time_and_space_are_not_worth_sending() {
    let mut world = World::signed_in(driver());
    world.ask(at(24.70000)).unwrap();
    world.pass(1_000);
    world.ask(at(24.70010)).unwrap(); // 11 m, one second later
    world.pass(1_000);
    world.ask(at(24.70030)).unwrap(); // 33 m
    world.pass(5_000);
    world.ask(at(24.70030)).unwrap(); // not moved, but five seconds later
    world.pass(1_000);
    assert_eq!(sent(&world), [1, 2, 3]);
    let shown = world.ask(GetDriverHome {}).unwrap().position.unwrap();
    assert_eq!(shown.point, at(24.70030).point);
}

#[test]
fn positions_wait_for_the_line_and_say_how_old_they_are() {
    let mut world = World::signed_in(driver());
    world.server.borrow_mut().fault("pings", Fault::LoseRequest);
    world.ask(at(24.70)).unwrap();
    world.server.borrow_mut().up = false;
    for i in 1..60 {
        world.pass(10_000);
        world.ask(at(24.70 + f64::from(i) / 1_000.0)).unwrap();
    }
    world.server.borrow_mut().up = true;
    world.pass(60_000);
    let bodies = world.server.borrow().bodies("POST pings");
    assert_eq!(bodies.len(), 1);
    let pings = bodies[0]["pings"].as_array().unwrap();
    assert_eq!(pings.len(), 50, "only the newest are worth sending");
    assert_eq!(pings.last().unwrap()["n"], 60);
    let oldest = pings[0]["ageMs"].as_u64().unwrap();
    assert!((490_000..560_000).contains(&oldest), "{oldest} ms");
}

#[test]
fn off_duty_nobody_is_followed() {
    let mut world = World::signed_in(driver());
    world
        .server
        .borrow_mut()
        .change(Entity::Driver, ME.0, 2, Some(day(false)));
    world.pass(100);
    world.ask(at(24.7)).unwrap();
    world.pass(1_000);
    assert_eq!(sent(&world), [] as [u64; 0]);
    let off_the_earth = ReportPosition {
        point: GeoPoint { lat: 240.0, lng: 0.0 },
        heading: None,
    };
    assert_eq!(
        world.ask(off_the_earth).unwrap_err().code,
        ErrorCode::InvalidInput
    );
}
