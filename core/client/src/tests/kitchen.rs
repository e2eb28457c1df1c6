//! A kitchen's board in good and bad weather.

use momfood_domain::id::OrderId;
use momfood_domain::order::OrderStatus;
use momfood_protocol::engine::{AcceptOrder, Event, GetBoard, GetConnection, Line, PauseRestaurant};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::feed::Entity;
use serde_json::json;
use uuid::Uuid;

use super::world::{Fault, KITCHEN, World, order, settings};
use crate::kitchen;

const ID: OrderId = OrderId(Uuid::from_u128(100));
const ACCEPT: &str = "order.accept";

fn is_new(event: &Event) -> bool {
    matches!(event, Event::NewOrder { id } if *id == ID)
}

fn pending() -> World {
    let mut world = World::signed_in(kitchen());
    world.server.borrow_mut().put_order(&order(ID, 1, "pending"));
    world.pass(100);
    world
}

fn statuses(world: &mut World) -> Vec<OrderStatus> {
    world
        .ask(GetBoard {})
        .unwrap()
        .orders
        .iter()
        .map(|order| order.status)
        .collect()
}

#[test]
fn a_new_order_rings_once_and_is_on_the_board() {
    let mut world = pending();
    assert_eq!(world.events().iter().filter(|event| is_new(event)).count(), 1);
    assert_eq!(statuses(&mut world), [OrderStatus::Pending]);
    world.server.borrow_mut().put_order(&order(ID, 2, "pending"));
    world.server.borrow_mut().put_order(&order(ID, 3, "accepted"));
    world.pass(100);
    let events = world.events();
    assert!(events.contains(&Event::Order { id: ID }) && !events.iter().any(is_new));
}

#[test]
fn an_order_that_came_while_the_line_was_down_rings_when_it_is_back() {
    let mut world = World::signed_in(kitchen());
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.pass(60_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Offline);
    world.server.borrow_mut().put_order(&order(ID, 1, "pending"));
    world.server.borrow_mut().up = true;
    world.pass(35_000);
    assert_eq!(world.events().iter().filter(|event| is_new(event)).count(), 1);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
}

#[test]
fn a_change_lost_on_the_way_is_seen_with_the_next_beat() {
    let mut world = pending();
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().put_order(&order(ID, 2, "cancelled"));
    world.server.borrow_mut().deltas_lost = false;
    world.pass(21_000);
    assert_eq!(statuses(&mut world), [OrderStatus::Cancelled]);
}

fn accept() -> AcceptOrder {
    AcceptOrder {
        id: ID,
        prep_minutes: 20,
    }
}

fn changes(world: &mut World) -> Vec<Event> {
    let mut events = world.events();
    events.retain(|event| !matches!(event, Event::Connection(_) | Event::Outbox {}));
    events
}

#[test]
fn where_nothing_is_kept_a_tap_is_acknowledged_by_the_servers_answer() {
    let mut world = pending();
    world.server.borrow_mut().deltas_lost = true;
    world.events();
    let view = world.ask(accept()).unwrap();
    assert_eq!(view.status, OrderStatus::Accepted);
    assert_eq!(statuses(&mut world), [OrderStatus::Accepted]);
    let changes = changes(&mut world);
    assert!(
        changes.iter().all(|event| *event == Event::Order { id: ID }),
        "{changes:?}"
    );
    let handed_in = world.server.borrow().handed_in.clone();
    assert_eq!(handed_in[0].name, ACCEPT);
    assert_eq!(handed_in[0].args, json!({ "orderId": ID, "prepMinutes": 20 }));
}

#[test]
fn an_answer_that_is_older_than_what_the_feed_brought_changes_nothing() {
    let mut world = pending();
    world.server.borrow_mut().put_order(&order(ID, 5, "ready"));
    world.pass(100);
    let view = world
        .ask(AcceptOrder {
            id: ID,
            prep_minutes: 20,
        })
        .unwrap();
    assert_eq!(
        view.status,
        OrderStatus::Ready,
        "the newest that is known is answered"
    );
    assert_eq!(statuses(&mut world), [OrderStatus::Ready]);
}

#[test]
fn a_tap_whose_answer_is_lost_is_handed_in_again_and_done_once() {
    let mut world = pending();
    world.server.borrow_mut().fault("sync", Fault::LoseAnswer);
    world.server.borrow_mut().fault("sync", Fault::LoseRequest);
    world.ask(accept()).unwrap();
    assert_eq!(world.server.borrow().handed_in.len(), 1);
    world.ask(accept()).unwrap();
    let handed_in = world.server.borrow().handed_in.clone();
    assert_eq!(handed_in.len(), 2, "another tap is another mutation");
    assert_ne!(handed_in[0].uid, handed_in[1].uid);
}

#[test]
fn a_tap_without_a_line_is_told_in_time() {
    let mut world = pending();
    world.server.borrow_mut().up = false;
    let before = world.now();
    let failure = world.ask(accept()).unwrap_err();
    assert_eq!(failure.code, ErrorCode::Offline);
    assert!(world.now().since(before) < 15_000_000);
}

#[test]
fn a_snapshot_asked_for_before_a_tap_does_not_undo_it() {
    let mut world = pending();
    // A snapshot is under way, and slow; meanwhile the order is accepted, and then taken off the board.
    world.server.borrow_mut().fault("scopes", Fault::Late(500));
    world
        .server
        .borrow_mut()
        .send(&momfood_protocol::feed::StreamEvent::Resync);
    world.pass(10);
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().say(ACCEPT, order(ID, 7, "accepted"));
    world
        .ask(AcceptOrder {
            id: ID,
            prep_minutes: 20,
        })
        .unwrap();
    world.pass(2_000);
    assert_eq!(
        statuses(&mut world),
        [OrderStatus::Accepted],
        "revision 1 of the snapshot is older"
    );
}

#[test]
fn after_the_server_lost_data_the_board_is_what_the_server_says() {
    let mut world = pending();
    world.server.borrow_mut().put_order(&order(ID, 5, "ready"));
    world.pass(100);
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().put_order(&order(ID, 2, "accepted"));
    world.server.borrow_mut().rotate_epoch(3);
    world.pass(5_000);
    assert_eq!(statuses(&mut world), [OrderStatus::Accepted]);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
}

#[test]
fn a_break_shows_at_once() {
    let mut world = World::signed_in(kitchen());
    assert!(
        world
            .ask(PauseRestaurant { minutes: Some(30) })
            .unwrap()
            .paused_until
            .is_some()
    );
    assert!(world.ask(GetBoard {}).unwrap().restaurant.paused_until.is_some());
    world
        .server
        .borrow_mut()
        .change(Entity::Restaurant, KITCHEN.0, 2, Some(settings()));
    world.pass(100);
    assert_eq!(world.ask(GetBoard {}).unwrap().restaurant.paused_until, None);
}

#[test]
fn an_order_whose_state_surprises_is_looked_at_again() {
    let mut world = pending();
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().put_order(&order(ID, 4, "cancelled"));
    world
        .server
        .borrow_mut()
        .refuse(ACCEPT, ErrorCode::WrongState, json!({ "status": "cancelled" }));
    assert_eq!(
        world
            .ask(AcceptOrder {
                id: ID,
                prep_minutes: 20
            })
            .unwrap_err()
            .code,
        ErrorCode::WrongState
    );
    world.pass(21_000);
    assert_eq!(statuses(&mut world), [OrderStatus::Cancelled]);
}
