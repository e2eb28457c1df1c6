//! Where a driver is said to be, how often, and what that costs.

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{Event, GetDriverHome, GetPace, Locate, PaceReason, ReportPosition, SignOut};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::feed::Entity;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{Fault, ME, World, day, order};
use crate::driver;
use crate::pace::hour;

const ID: OrderId = OrderId(Uuid::from_u128(100));
/// Where [`order`]'s restaurant is.
const KITCHEN: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };
/// Where its customer is: far away.
const DOOR: GeoPoint = GeoPoint {
    lat: 25.7,
    lng: 46.700_123_4,
};
/// Degrees of latitude that are a metre.
const METRE: f64 = 1.0 / 111_195.0;

fn at(metres_north: f64) -> ReportPosition {
    ReportPosition {
        point: GeoPoint {
            lat: KITCHEN.lat + metres_north * METRE,
            lng: 46.700_123_4,
        },
        heading: Some(271),
    }
}

/// The driver's job, at that step.
fn job(rev: i64, delivery: &str) -> Value {
    let status = if matches!(delivery, "picked_up" | "at_customer") {
        "picked_up"
    } else {
        "ready"
    };
    let mut job = order(ID, rev, status);
    job["address"] = json!({ "label": "Home", "point": DOOR });
    job["delivery"] = json!({ "status": delivery, "distanceM": 900, "area": DOOR, "assignment": {
        "attempt": 1, "status": "accepted", "expiresAt": 0, "pay": 950 } });
    job
}

fn working(delivery: &str) -> World {
    let mut world = World::signed_in(driver());
    world.server.borrow_mut().put_order(&job(1, delivery));
    world.pass(100);
    world
}

fn off_shift(world: &mut World) {
    world
        .server
        .borrow_mut()
        .change(Entity::Driver, ME.0, 2, Some(day(false)));
    world.pass(100);
}

fn sent(world: &World) -> Vec<u64> {
    let bodies = world.server.borrow().bodies("POST pings");
    bodies
        .iter()
        .flat_map(|body| body["pings"].as_array().unwrap())
        .map(|ping| ping["n"].as_u64().unwrap())
        .collect()
}

fn paces(world: &mut World) -> Vec<PaceReason> {
    let events = world.events().into_iter();
    let pace = |event| match event {
        Event::Pace(pace) => Some(pace.reason),
        _ => None,
    };
    events.filter_map(pace).collect()
}

#[test]
fn the_pace_follows_the_shift_the_job_and_the_way() {
    let mut world = World::signed_in(driver());
    assert_eq!(world.ask(GetPace {}).unwrap().reason, PaceReason::Idle);
    world.server.borrow_mut().put_order(&job(1, "assigned"));
    world.pass(100);
    world.ask(at(2_000.0)).unwrap();
    assert_eq!(paces(&mut world), [PaceReason::OnTheWay]);
    world.pass(60_000);
    world.ask(at(200.0)).unwrap();
    assert_eq!(paces(&mut world), [PaceReason::Close]);
    world.server.borrow_mut().put_order(&job(2, "at_restaurant"));
    world.pass(100);
    assert_eq!(
        paces(&mut world),
        [PaceReason::OnTheWay],
        "who waits at the counter moves nowhere"
    );
    world.server.borrow_mut().put_order(&job(3, "picked_up"));
    world.pass(100);
    assert_eq!(
        paces(&mut world),
        [PaceReason::Close],
        "a customer may be watching"
    );
    world.server.borrow_mut().change(Entity::Order, ID.0, 4, None);
    world.pass(100);
    assert_eq!(paces(&mut world), [PaceReason::Idle]);
    world.ask(SignOut {}).unwrap();
    assert_eq!(paces(&mut world), [PaceReason::OffShift]);
    assert_eq!(world.ask(GetPace {}).unwrap().seconds, 0);
}

#[test]
fn positions_close_together_in_time_or_space_are_not_worth_sending_but_the_last_is_never_lost() {
    let mut world = working("picked_up");
    world.ask(at(0.0)).unwrap();
    world.pass(1_000);
    world.ask(at(4.0)).unwrap(); // not far enough
    world.pass(1_000);
    world.ask(at(33.0)).unwrap(); // too soon
    world.pass(1_000);
    world.ask(at(40.0)).unwrap(); // too soon as well, and truer
    assert_eq!(sent(&world), [1]);
    world.pass(3_000);
    assert_eq!(
        sent(&world),
        [1, 2],
        "its turn has come, though nothing was reported since"
    );
    let last = world.server.borrow().bodies("POST pings").pop().unwrap();
    let lat = last["pings"][0]["point"]["lat"].as_f64().unwrap();
    assert!((lat - at(40.0).point.lat).abs() < METRE);
    assert_eq!(
        last["pings"][0]["ageMs"], 2_000,
        "and it says when it was measured"
    );
    let shown = world.ask(GetDriverHome {}).unwrap().position.unwrap();
    assert_eq!(shown.point, at(40.0).point);
}

#[test]
fn who_stands_still_is_still_there() {
    let mut world = working("picked_up");
    for _ in 0..300 {
        world.ask(at(0.0)).unwrap();
        world.pass(1_000);
    }
    assert_eq!(sent(&world), [1, 2, 3, 4, 5]);
}

#[test]
fn while_idle_positions_nearby_travel_together_until_somebody_looks() {
    let mut world = World::signed_in(driver());
    world.ask(at(3_000.0)).unwrap();
    for minute in 1..=4 {
        world.pass(60_000);
        world.ask(at(3_000.0 + f64::from(minute) * 60.0)).unwrap();
    }
    world.pass(1_000);
    assert_eq!(sent(&world), [1], "nobody has to know yet");
    world.server.borrow_mut().put_order(&job(1, "assigned"));
    world.pass(100);
    assert_eq!(sent(&world), [1, 2, 3, 4, 5], "now somebody does");
    assert_eq!(world.server.borrow().asked("POST pings"), 2);
}

#[test]
fn what_waits_while_idle_waits_five_minutes_at_most() {
    let mut world = World::signed_in(driver());
    world.ask(at(0.0)).unwrap();
    world.pass(60_000);
    world.ask(at(60.0)).unwrap();
    world.pass(299_000);
    assert_eq!(sent(&world), [1]);
    world.pass(2_000);
    assert_eq!(sent(&world), [1, 2]);
}

#[test]
fn positions_wait_for_the_line_and_say_how_old_they_are() {
    let mut world = working("picked_up");
    world.server.borrow_mut().fault("pings", Fault::LoseRequest);
    world.ask(at(0.0)).unwrap();
    world.server.borrow_mut().up = false;
    for i in 1..60 {
        world.pass(10_000);
        world.ask(at(f64::from(i) * 100.0)).unwrap();
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
    off_shift(&mut world);
    world.ask(at(0.0)).unwrap();
    world.pass(600_000);
    assert_eq!(sent(&world), [] as [u64; 0]);
}

#[test]
fn what_was_not_sent_when_the_shift_ended_is_never_sent() {
    let mut world = World::signed_in(driver());
    world.ask(at(0.0)).unwrap();
    world.pass(60_000);
    world.ask(at(60.0)).unwrap();
    off_shift(&mut world);
    world.pass(600_000);
    assert_eq!(sent(&world), [1]);
}

#[test]
fn a_place_off_the_earth_or_where_no_receiver_is_is_refused() {
    let mut world = World::signed_in(driver());
    for (lat, lng) in [(240.0, 0.0), (0.0, 0.0), (f64::NAN, 46.0)] {
        let point = GeoPoint { lat, lng };
        let call = ReportPosition { point, heading: None };
        assert!(world.ask(call).is_err(), "{point:?}");
    }
    assert_eq!(world.ask(GetDriverHome {}).unwrap().position, None);
}

#[test]
fn who_is_about_to_begin_is_asked_once() {
    let mut world = World::signed_in(driver());
    off_shift(&mut world);
    world.events();
    let answer = world.begin(Locate {});
    world.pass(1_000);
    assert_eq!(paces(&mut world), [PaceReason::Starting]);
    world.ask(at(5.0)).unwrap();
    let found: momfood_protocol::view::Position = world.wait(answer).unwrap();
    assert_eq!(found.point, at(5.0).point);
    world.pass(100);
    assert_eq!(paces(&mut world), [PaceReason::OffShift]);
    assert_eq!(sent(&world), [] as [u64; 0]);
    assert_eq!(
        world.ask(Locate {}).unwrap().point,
        at(5.0).point,
        "known just now"
    );
}

#[test]
fn a_device_that_does_not_know_where_it_is_is_not_waited_for_for_ever() {
    let mut world = World::signed_in(driver());
    off_shift(&mut world);
    world.events();
    let begun = world.now();
    let failure = world.ask(Locate {}).unwrap_err();
    assert_eq!(failure.code, ErrorCode::NotOnThisDevice);
    assert_eq!(world.now().since(begun), 20_000_000);
    assert_eq!(paces(&mut world), [PaceReason::Starting, PaceReason::OffShift]);
}

/// An hour of somebody who is told of every second, and drives all the time.
fn drive_an_hour(mut world: World, reason: PaceReason) {
    let metres_a_second = 10.0;
    for second in 0..3_600 {
        world
            .ask(at(1_000.0 + f64::from(second) * metres_a_second))
            .unwrap();
        world.pass(1_000);
        if second == 10 {
            assert_eq!(world.ask(GetPace {}).unwrap().reason, reason);
        }
    }
    let said = hour(reason);
    let requests: Vec<String> = {
        let server = world.server.borrow();
        let pings = server
            .requests
            .iter()
            .filter(|request| request.url.ends_with("/pings"));
        pings.map(|request| request.body.clone().unwrap()).collect()
    };
    let close = |what: &str, is: usize, said: u32| {
        let (is, said) = (i64::try_from(is).unwrap(), i64::from(said));
        assert!(
            (is - said).abs() * 20 <= said,
            "{reason:?}: {is} {what}, said were {said}"
        );
    };
    close("positions", sent(&world).len(), said.pings);
    close("requests", requests.len(), said.requests);
    close("bytes", requests.iter().map(String::len).sum(), said.bodies);
}

#[test]
fn an_hour_costs_what_it_is_said_to_cost() {
    drive_an_hour(World::signed_in(driver()), PaceReason::Idle);
    drive_an_hour(working("at_restaurant"), PaceReason::OnTheWay);
    drive_an_hour(working("picked_up"), PaceReason::Close);
}
