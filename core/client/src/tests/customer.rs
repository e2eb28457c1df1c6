//! A customer chooses, orders once, and follows.

use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{OrderId, QuoteId};
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{
    AddressForm, ChooseAddress, Event, GetAddresses, GetCart, GetConnection, GetOrder, GetOutbox,
    GetRestaurant, ListOrders, ListRestaurants, NewOrderId, PlaceOrder, SaveAddress,
};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::feed::{OrderPosition, StreamEvent};
use momfood_protocol::rest::RestaurantSort;
use momfood_protocol::view::Position;
use serde_json::json;
use uuid::Uuid;

use super::cart::{add_kabsa, page, with_menu};
use super::world::{Fault, KITCHEN, START, World, order};
use crate::customer;

const RIYADH: GeoPoint = GeoPoint { lat: 24.7, lng: 46.7 };

fn form(label: &str) -> AddressForm {
    AddressForm {
        label: label.into(),
        point: RIYADH,
        short_address: Some("raha 3443".into()),
        line: "Olaya".into(),
        landmark: Some("  ".into()),
        note: None,
    }
}

/// Signed in, with an address and a cart, about to place an order.
fn ready() -> (World, PlaceOrder) {
    let mut world = with_menu();
    for _ in 0..1 {
        world.server.borrow_mut().say("GET me/addresses", json!([]));
    }
    let id = momfood_domain::id::AddressId(Uuid::from_u128(50));
    world
        .server
        .borrow_mut()
        .say(&format!("PUT me/addresses/{id}"), json!(null));
    world
        .ask(SaveAddress {
            id: Some(id),
            address: form("Home"),
        })
        .unwrap();
    add_kabsa(&mut world);
    let order_id = world.ask(NewOrderId {}).unwrap().id;
    let quote_id = QuoteId(Uuid::from_u128(60));
    let call = PlaceOrder {
        order_id,
        quote_id,
        payment_method: PaymentMethod::Cash,
        card_token: None,
        note: None,
    };
    world.events();
    (world, call)
}

fn placed(world: &World) -> u32 {
    world.server.borrow().placed.values().sum()
}

#[test]
fn placing_empties_the_cart_and_shows_the_order_at_once() {
    let (mut world, call) = ready();
    world.server.borrow_mut().deltas_lost = true;
    let view = world.ask(call.clone()).unwrap();
    assert_eq!((view.id, view.status), (call.order_id, OrderStatus::Pending));
    assert_eq!(world.ask(GetCart {}).unwrap().cart, None);
    let events = world.events();
    assert!(events.contains(&Event::Cart {}) && events.contains(&Event::Order { id: call.order_id }));
    let handed_in = world.server.borrow().handed_in.clone();
    assert_eq!(handed_in.len(), 1);
    assert_eq!(handed_in[0].uid, call.order_id.0);
    let body = &handed_in[0].args;
    assert_eq!(body["address"]["shortAddress"], "RAHA3443");
    assert_eq!(body["address"].get("landmark"), None);
}

#[test]
fn one_tap_is_one_order_when_answers_are_lost() {
    let (mut world, call) = ready();
    for fault in [Fault::LoseAnswer, Fault::LoseRequest, Fault::LoseAnswer] {
        world.server.borrow_mut().fault("sync", fault);
    }
    world.ask(call).unwrap();
    assert_eq!(placed(&world), 1);
}

#[test]
fn a_second_tap_while_the_first_is_under_way_is_the_same_order() {
    let (mut world, call) = ready();
    world.server.borrow_mut().fault("sync", Fault::Late(3_000));
    let (first, second) = (world.begin(call.clone()), world.begin(call));
    let first: momfood_protocol::view::OrderView = world.wait(first).unwrap();
    let second: momfood_protocol::view::OrderView = world.wait(second).unwrap();
    assert_eq!(first.id, second.id);
    assert_eq!(placed(&world), 1);
}

#[test]
fn an_order_without_an_answer_is_said_to_be_unknown_and_settled_when_the_line_is_back() {
    let (mut world, call) = ready();
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().fault("sync", Fault::LoseAnswer);
    let slot = world.begin(call.clone());
    world.pass(30);
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    let failure = world.wait::<momfood_protocol::view::OrderView>(slot).unwrap_err();
    assert_eq!(failure.code, ErrorCode::Offline);
    assert_eq!(
        failure.details,
        json!({ "unknown": true, "orderId": call.order_id })
    );
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 1);
    assert_ne!(
        world.ask(GetCart {}).unwrap().cart,
        None,
        "nothing is thrown away yet"
    );

    world.events();
    world.server.borrow_mut().up = true;
    world.pass(40_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
    assert!(world.events().contains(&Event::Order { id: call.order_id }));
    assert_eq!(world.ask(GetCart {}).unwrap().cart, None);
    assert_eq!(placed(&world), 1);
}

#[test]
fn an_order_the_feed_has_shown_was_placed_whatever_became_of_the_answer() {
    let (mut world, call) = ready();
    for _ in 0..4 {
        world.server.borrow_mut().fault("sync", Fault::LoseAnswer);
    }
    let begun = world.now();
    assert_eq!(world.ask(call.clone()).unwrap().id, call.order_id);
    assert!(
        world.now().since(begun) < 1_000_000,
        "nobody waits for an answer that says nothing new"
    );
    world.pass(60_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
    assert_eq!(placed(&world), 1);
}

#[test]
fn it_is_settled_after_a_restart_too() {
    let (mut world, call) = ready();
    world.server.borrow_mut().fault("sync", Fault::LoseAnswer);
    world.begin(call.clone());
    world.pass(30);
    world.restart();
    world.pass(15_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
    assert_eq!(world.ask(GetCart {}).unwrap().cart, None);
    assert_eq!(
        world.ask(GetOrder { id: call.order_id }).unwrap().order.id,
        call.order_id
    );
    assert_eq!(placed(&world), 1);
}

#[test]
fn what_did_not_arrive_in_its_time_is_not_placed_and_said_to_be_too_late() {
    let (mut world, call) = ready();
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.ask(call.clone()).unwrap_err();
    world.pass(60_000);
    assert_eq!(
        world.ask(GetConnection {}).unwrap().waiting,
        1,
        "it may be placed yet"
    );
    world.pass(60_000);
    world.server.borrow_mut().up = true;
    world.pass(40_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
    assert_ne!(
        world.ask(GetCart {}).unwrap().cart,
        None,
        "the cart is there to try again"
    );
    let refused = world.ask(GetOutbox {}).unwrap().refused;
    assert_eq!(refused[0].failure.code, ErrorCode::TooLate);
    assert_eq!(refused[0].tap.order_id, Some(call.order_id));
    assert_eq!(placed(&world), 0);
}

#[test]
fn a_new_try_after_an_unknown_one_finds_the_order_that_was_placed() {
    let (mut world, call) = ready();
    world.server.borrow_mut().deltas_lost = true;
    world.server.borrow_mut().fault("sync", Fault::LoseAnswer);
    let slot = world.begin(call.clone());
    world.pass(30);
    world.server.borrow_mut().up = false;
    world.wait::<momfood_protocol::view::OrderView>(slot).unwrap_err();
    world.server.borrow_mut().up = true;
    // Another price was asked for, another id was minted: the first order is found all the same.
    let again = PlaceOrder {
        order_id: OrderId(Uuid::from_u128(61)),
        quote_id: QuoteId(Uuid::from_u128(62)),
        ..call.clone()
    };
    assert_eq!(world.ask(again).unwrap().id, call.order_id);
    assert_eq!(placed(&world), 1);
}

#[test]
fn a_changed_price_places_nothing_and_comes_with_the_new_one() {
    let (mut world, call) = ready();
    let details = json!({ "quote": { "id": Uuid::from_u128(63) } });
    world
        .server
        .borrow_mut()
        .refuse("order.place", ErrorCode::PriceChanged, details.clone());
    let failure = world.ask(call.clone()).unwrap_err();
    assert_eq!(
        (failure.code, failure.details),
        (ErrorCode::PriceChanged, details)
    );
    assert_eq!(world.ask(GetConnection {}).unwrap().waiting, 0);
    world.server.borrow_mut().scripted.remove("order.place");
    world
        .ask(PlaceOrder {
            quote_id: QuoteId(Uuid::from_u128(63)),
            ..call
        })
        .unwrap();
    assert_eq!(placed(&world), 1);
}

#[test]
fn restaurants_seen_before_are_shown_without_a_line_and_called_stale() {
    let mut world = World::new(customer());
    let list = ListRestaurants {
        search: Some("كبسة".into()),
        cuisine: None,
        open_only: true,
        sort: RestaurantSort::Fee,
    };
    world.server.borrow_mut().say(
        "GET restaurants",
        json!({ "restaurants": [page()["restaurant"]] }),
    );
    world
        .server
        .borrow_mut()
        .say(&format!("GET restaurants/{KITCHEN}"), page());
    let fresh = world.ask(list.clone()).unwrap();
    assert!(!fresh.stale);
    assert!(
        world.server.borrow().requests[0]
            .url
            .ends_with("?q=%D9%83%D8%A8%D8%B3%D8%A9&open=true&sort=fee")
    );
    world.ask(GetRestaurant { id: KITCHEN }).unwrap();
    world.server.borrow_mut().up = false;
    let stale = world.ask(list).unwrap();
    assert!(stale.stale && stale.restaurants == fresh.restaurants && stale.as_of == fresh.as_of);
    assert!(world.ask(GetRestaurant { id: KITCHEN }).unwrap().stale);
    let other = ListRestaurants {
        search: None,
        cuisine: None,
        open_only: false,
        sort: RestaurantSort::Fee,
    };
    assert_eq!(
        world.ask(other).unwrap_err().code,
        ErrorCode::Offline,
        "never seen: nothing to show"
    );
}

#[test]
fn the_saved_address_is_used_checked_and_remembered() {
    let (mut world, _) = ready();
    let all = world.ask(GetAddresses {}).unwrap();
    assert_eq!(
        all.addresses.len(),
        0,
        "the server's word counts: it knows of none"
    );
    let bad = AddressForm {
        short_address: Some("nonsense".into()),
        ..form("Work")
    };
    let failure = world
        .ask(SaveAddress {
            id: None,
            address: bad,
        })
        .unwrap_err();
    assert_eq!(failure.details, json!({ "field": "shortAddress" }));
    let unknown = momfood_domain::id::AddressId(Uuid::from_u128(51));
    assert_eq!(
        world.ask(ChooseAddress { id: unknown }).unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[test]
fn the_list_of_orders_comes_from_the_feed_once_it_is_known() {
    let mut world = World::signed_in(customer());
    let (old, live) = (OrderId(Uuid::from_u128(1)), OrderId(Uuid::from_u128(2)));
    world.server.borrow_mut().say(
        "GET orders",
        json!({ "orders": [order(old, 9, "delivered")], "next": START }),
    );
    assert_eq!(world.ask(ListOrders { before: None }).unwrap().orders.len(), 1);
    world.server.borrow_mut().put_order(&order(live, 1, "pending"));
    world.pass(100);
    let list = world.ask(ListOrders { before: None }).unwrap();
    assert_eq!(
        list.orders.iter().map(|order| order.id).collect::<Vec<_>>(),
        [live, old],
        "live ones first"
    );
    assert_eq!(list.next, Some(START));
    assert_eq!(world.server.borrow().asked("GET orders"), 1);
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.pass(10_000);
    assert!(world.ask(ListOrders { before: None }).unwrap().stale);
}

#[test]
fn a_driver_is_seen_moving_and_an_older_position_never_replaces_a_newer() {
    let mut world = World::signed_in(customer());
    let id = OrderId(Uuid::from_u128(2));
    let mut carried = order(id, 3, "picked_up");
    carried["delivery"] = json!({ "status": "picked_up", "distanceM": 900, "area": RIYADH });
    world.server.borrow_mut().put_order(&carried);
    let at = |seconds: i64| Position {
        point: RIYADH,
        at: START.plus_seconds(seconds),
        heading: None,
    };
    world
        .server
        .borrow_mut()
        .say(&format!("GET orders/{id}/position"), json!({ "position": at(1) }));
    world.pass(100);
    assert_eq!(
        world.ask(GetOrder { id }).unwrap().position,
        Some(at(1)),
        "asked for while none was heard"
    );
    for seconds in [9, 5] {
        let moved = OrderPosition {
            order_id: id,
            position: at(seconds),
        };
        world.server.borrow_mut().send(&StreamEvent::Position(moved));
    }
    world.pass(100);
    assert_eq!(world.ask(GetOrder { id }).unwrap().position, Some(at(9)));
    let told: Vec<_> = world
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Position { .. }))
        .collect();
    assert_eq!(told, [Event::Position { id, position: at(9) }]);
}

#[test]
fn a_view_without_a_line_is_what_was_seen_last() {
    let mut world = World::signed_in(customer());
    let id = OrderId(Uuid::from_u128(2));
    world.server.borrow_mut().put_order(&order(id, 3, "preparing"));
    world.pass(100);
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.pass(10_000);
    let begun = world.now();
    assert_eq!(
        world.ask(GetOrder { id }).unwrap().order.status,
        OrderStatus::Preparing
    );
    assert!(
        world.now().since(begun) < 1_000_000,
        "known to be offline: nobody waits for nothing"
    );
    assert_ne!(world.ask(GetConnection {}).unwrap().heard_at, None::<Timestamp>);
}
