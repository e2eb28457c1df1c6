//! An engine with files, hours without a network, and what is told afterwards.

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_protocol::engine::{
    AcceptOrder, AcknowledgeAlert, DriverStep, GetBoard, GetConnection, GetDriverHome, GetOutbox, GetSession,
    SetShift, SettleRefusal, SignOut, Storage, TakeStep,
};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::mutation::Proof;
use serde_json::json;
use uuid::Uuid;

use super::world::{World, order};
use crate::{driver, kitchen};

const ID: OrderId = OrderId(Uuid::from_u128(100));
const SECOND_ID: OrderId = OrderId(Uuid::from_u128(101));

fn accept() -> AcceptOrder {
    AcceptOrder {
        id: ID,
        prep_minutes: 20,
    }
}

fn offline(world: &mut World) {
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.pass(10_000);
}

fn online(world: &mut World) {
    world.server.borrow_mut().up = true;
    world.pass(60_000);
}

fn kitchen_offline() -> World {
    let mut world = World::durable(kitchen());
    world.server.borrow_mut().put_order(&order(ID, 1, "pending"));
    world.pass(100);
    offline(&mut world);
    world
}

#[test]
fn a_kitchen_works_an_hour_without_a_network_and_the_book_agrees_afterwards() {
    let mut world = kitchen_offline();
    let begun = world.now();
    let view = world.ask(accept()).unwrap();
    assert_eq!((view.status, view.unconfirmed), (OrderStatus::Accepted, true));
    assert_eq!(world.now(), begun, "acknowledged at once");
    world.pass(600_000);
    world.restart();
    assert!(world.ask(GetSession {}).unwrap().user.is_some());
    let board = world.ask(GetBoard {}).unwrap();
    assert_eq!(board.orders[0].status, OrderStatus::Accepted);
    let connection = world.ask(GetConnection {}).unwrap();
    assert_eq!((connection.waiting, connection.storage), (1, Storage::Durable));
    assert!(connection.oldest.is_some());
    online(&mut world);
    let board = world.ask(GetBoard {}).unwrap();
    assert_eq!(
        (board.orders[0].status, board.orders[0].unconfirmed),
        (OrderStatus::Accepted, false)
    );
    assert_eq!(world.server.borrow().handed_in.len(), 1);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
}

#[test]
fn what_the_server_would_refuse_is_refused_at_once() {
    let mut world = kitchen_offline();
    let failure = world
        .ask(AcceptOrder {
            id: ID,
            prep_minutes: 0,
        })
        .unwrap_err();
    assert_eq!(failure.code, ErrorCode::PrepMinutes);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
}

#[test]
fn an_order_called_off_after_it_was_accepted_here_alarms_until_somebody_says_so() {
    let mut world = kitchen_offline();
    world.ask(accept()).unwrap();
    let mut cancelled = order(ID, 2, "cancelled");
    cancelled["cancelledBy"] = json!("customer");
    world.server.borrow_mut().put_order(&cancelled);
    world.server.borrow_mut().refuse(
        "order.accept",
        ErrorCode::WrongState,
        json!({ "status": "cancelled" }),
    );
    online(&mut world);
    assert_eq!(world.ask(GetBoard {}).unwrap().alerts, [ID]);
    world.restart();
    assert_eq!(world.ask(GetBoard {}).unwrap().alerts, [ID]);
    let refused = world.ask(GetOutbox {}).unwrap().refused;
    assert_eq!(refused[0].failure.code, ErrorCode::WrongState);
    world.ask(AcknowledgeAlert { id: ID }).unwrap();
    let settle = SettleRefusal {
        uid: refused[0].tap.uid,
        again: false,
    };
    assert!(world.ask(settle).unwrap().refused.is_empty());
    world.restart();
    assert_eq!(world.ask(GetBoard {}).unwrap().alerts, []);
    assert_eq!(world.ask(GetConnection {}).unwrap().refused, 0);
}

#[test]
fn who_signs_out_leaves_what_waits_and_it_goes_out_all_the_same() {
    let mut world = kitchen_offline();
    world.ask(accept()).unwrap();
    world.ask(SignOut {}).unwrap();
    let outbox = world.ask(GetOutbox {}).unwrap();
    assert_eq!((outbox.waiting.len(), outbox.waiting[0].of_another), (1, true));
    assert_eq!(outbox.waiting[0].order_id, None, "what it is about is theirs");
    online(&mut world);
    assert_eq!(world.server.borrow().handed_in.len(), 1);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
}

fn job(id: OrderId) -> serde_json::Value {
    let mut job = order(id, 2, "picked_up");
    job["delivery"] = json!({ "status": "at_customer", "distanceM": 900, "area": { "lat": 24.7, "lng": 46.7 },
        "assignment": { "attempt": 1, "status": "accepted", "expiresAt": 0, "pay": 950 } });
    job["bill"]["totalAmount"] = json!(5_000);
    job["payment"]["cashDue"] = json!(5_000);
    job
}

#[test]
fn a_driver_delivers_two_orders_without_a_network_each_with_its_own_photo_and_cash() {
    let mut world = World::durable(driver());
    world.server.borrow_mut().put_order(&job(ID));
    world.server.borrow_mut().put_order(&job(SECOND_ID));
    world.pass(100);
    let home = world.ask(GetDriverHome {}).unwrap();
    assert_eq!((home.job.is_some(), home.next.len()), (true, 1));
    offline(&mut world);
    let mut photos = vec![];
    for (n, id) in [ID, SECOND_ID].into_iter().enumerate() {
        let bytes = vec![u8::try_from(n).unwrap() + 1; 300_000];
        let photo = world.engine.put_blob(&bytes).unwrap();
        photos.push((photo.sha256.clone(), bytes));
        let step = DriverStep::Deliver {
            cash: Some(5_000),
            proof: Some(Proof::Photo { sha256: photo.sha256 }),
        };
        world.ask(TakeStep { id, step }).unwrap();
    }
    world.restart();
    let home = world.ask(GetDriverHome {}).unwrap();
    assert_eq!(
        (home.job, home.day.cash_in_hand, home.day.trips),
        (None, 10_000, 2)
    );
    assert_eq!(world.ask(GetOutbox {}).unwrap().uploads, 2);
    online(&mut world);
    let server = world.server.borrow();
    let proofs: Vec<_> = server
        .handed_in
        .iter()
        .map(|envelope| envelope.args["proof"]["sha256"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(proofs, [photos[0].0.clone(), photos[1].0.clone()]);
    for (name, bytes) in &photos {
        assert_eq!(&server.files[name], bytes);
    }
}

#[test]
fn going_off_duty_without_a_network_shows_at_once() {
    let mut world = World::durable(driver());
    offline(&mut world);
    let home = world
        .ask(SetShift {
            on: false,
            point: Some(GeoPoint { lat: 24.7, lng: 46.7 }),
        })
        .unwrap();
    assert_eq!(home.day.shift, None);
}

#[test]
fn a_photo_nobody_handed_over_proves_nothing() {
    let mut world = World::durable(driver());
    world.server.borrow_mut().put_order(&job(ID));
    world.pass(100);
    let step = DriverStep::Deliver {
        cash: Some(5_000),
        proof: Some(Proof::Photo {
            sha256: "0".repeat(64),
        }),
    };
    let failure = world.ask(TakeStep { id: ID, step }).unwrap_err();
    assert_eq!(failure.code, ErrorCode::InvalidInput);
    let too_large = vec![0; 5 * 1024 * 1024];
    assert_eq!(
        world.engine.put_blob(&too_large).unwrap_err().code,
        ErrorCode::TooLarge
    );
}
