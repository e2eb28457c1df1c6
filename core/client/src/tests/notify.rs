//! Where a push service finds the app, and links to orders.

use momfood_domain::id::OrderId;
use momfood_protocol::engine::{
    GetShared, GetSharing, PushPlatform, RegisterPush, ShareOrder, SignIn, SignOut, StopSharing,
};
use momfood_protocol::error::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{START, World};
use crate::customer;

fn phone(token: &str) -> RegisterPush {
    RegisterPush {
        platform: PushPlatform::Apns,
        token: token.into(),
    }
}

fn sign_in() -> SignIn {
    SignIn {
        email: "a@b.c".into(),
        password: "password".into(),
    }
}

fn told(world: &World) -> Vec<Value> {
    world.server.borrow().bodies("PUT push/token")
}

fn answering(world: &World) {
    world.server.borrow_mut().say("PUT push/token", json!(null));
}

#[test]
fn a_push_token_is_handed_in_once_while_somebody_is_signed_in() {
    let mut world = World::new(customer());
    answering(&world);
    world.ask(phone("aa")).unwrap();
    world.pass(5_000);
    assert_eq!(told(&world).len(), 0, "nobody's");
    world.ask(sign_in()).unwrap();
    world.pass(2_000);
    assert_eq!(told(&world), [json!({ "platform": "apns", "token": "aa" })]);
    world.ask(phone("aa")).unwrap();
    world.server.borrow_mut().cut();
    world.pass(60_000);
    assert_eq!(told(&world).len(), 1, "the server knows");
    world.ask(phone("bb")).unwrap();
    world.pass(1_000);
    assert_eq!(told(&world)[1]["token"], "bb");
}

#[test]
fn the_next_person_on_the_device_takes_its_token_over() {
    let mut world = World::signed_in(customer());
    answering(&world);
    world.ask(phone("aa")).unwrap();
    world.pass(1_000);
    world.ask(SignOut {}).unwrap();
    world.ask(sign_in()).unwrap();
    world.pass(2_000);
    assert_eq!(told(&world).len(), 2);
}

#[test]
fn a_token_that_got_no_answer_is_handed_in_when_the_line_is_back() {
    let mut world = World::signed_in(customer());
    answering(&world);
    world.server.borrow_mut().up = false;
    world.server.borrow_mut().cut();
    world.ask(phone("aa")).unwrap();
    world.pass(60_000);
    world.server.borrow_mut().up = true;
    world.pass(90_000);
    assert_eq!(told(&world).len(), 1);
}

#[test]
fn a_restarted_app_knows_its_token() {
    let mut world = World::durable(customer());
    answering(&world);
    world.ask(phone("aa")).unwrap();
    world.pass(1_000);
    world.restart();
    world.pass(5_000);
    assert_eq!(
        told(&world).len(),
        2,
        "the server forgets it when a session ends: said once in each run"
    );
}

#[test]
fn an_order_is_shared_looked_up_and_no_longer_shared() {
    let mut world = World::signed_in(customer());
    let id = OrderId(Uuid::from_u128(9));
    let path = format!("orders/{id}/share");
    let link = json!({ "url": "https://momfood.example/s/abc", "until": START });
    world.server.borrow_mut().say(&format!("POST {path}"), &link);
    world.server.borrow_mut().say(&format!("GET {path}"), &link);
    world
        .server
        .borrow_mut()
        .say(&format!("DELETE {path}"), json!(null));
    assert_eq!(
        world.ask(ShareOrder { id }).unwrap().url,
        "https://momfood.example/s/abc"
    );
    assert!(world.ask(GetSharing { id }).unwrap().link.is_some());
    assert_eq!(world.ask(StopSharing { id }).unwrap().link, None);
    world.server.borrow_mut().say(&format!("GET {path}"), json!(null));
    assert_eq!(world.ask(GetSharing { id }).unwrap().link, None);
}

#[test]
fn a_shared_order_needs_nobody_signed_in_and_says_how_old_it_is_without_a_line() {
    let mut world = World::new(customer());
    let token = "4Qy7Jw2mT9kX1bVn0ZcRpAaB";
    let shared = json!({ "restaurant": { "name": { "en": "Kabsa House" } }, "status": "picked_up",
        "fulfilment": "delivery", "timeline": [], "onTheWay": true, "asOf": START, "until": START.plus_minutes(60) });
    let path = format!("GET shared/{token}");
    world.server.borrow_mut().say(&path, &shared);
    let ask = || GetShared { token: token.into() };
    let seen = world.ask(ask()).unwrap();
    assert!(!seen.stale && seen.order.on_the_way);

    world.server.borrow_mut().up = false;
    let seen = world.ask(ask()).unwrap();
    assert!(seen.stale);
    assert_eq!(seen.order.as_of, START, "the time of the answer, not of the look");
    let other = GetShared {
        token: "another-token-than-that".into(),
    };
    assert_eq!(world.ask(other).unwrap_err().code, ErrorCode::Offline);

    world.server.borrow_mut().up = true;
    world
        .server
        .borrow_mut()
        .refuse(&path, ErrorCode::NotFound, json!(null));
    assert_eq!(world.ask(ask()).unwrap_err().code, ErrorCode::NotFound);
    world.server.borrow_mut().up = false;
    assert_eq!(
        world.ask(ask()).unwrap_err().code,
        ErrorCode::Offline,
        "what is over is not shown again"
    );
}

#[test]
fn what_cannot_be_a_link_is_asked_of_nobody() {
    let mut world = World::new(customer());
    for token in ["", "../orders", "a b", "%2e"] {
        let call = GetShared { token: token.into() };
        assert_eq!(world.ask(call).unwrap_err().code, ErrorCode::NotFound);
    }
    assert!(world.server.borrow().requests.is_empty());
}
