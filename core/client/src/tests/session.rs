//! Signing in, staying signed in, being thrown out.

use momfood_domain::id::OrderId;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{
    Event, GetConnection, GetOrder, GetSession, Line, ListOrders, OrderList, OrderTrack, SetLanguage, SignIn,
    SignOut,
};
use momfood_protocol::error::ErrorCode;
use serde_json::json;
use uuid::Uuid;

use super::world::{ME, World, order};
use crate::{customer, kitchen};

fn sign_in() -> SignIn {
    SignIn {
        email: "a@b.c".into(),
        password: "password".into(),
    }
}

#[test]
fn signing_in_names_the_apps_role_and_goes_live() {
    let mut world = World::new(kitchen());
    assert_eq!(world.ask(GetSession {}).unwrap().user, None);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Idle);
    let state = world.ask(sign_in()).unwrap();
    assert_eq!(state.user.unwrap().id, ME);
    world.pass(1_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
    let body = &world.server.borrow().bodies("POST auth/login")[0];
    assert_eq!(
        *body,
        json!({ "email": "a@b.c", "password": "password", "role": "restaurant" })
    );
}

#[test]
fn the_servers_clock_is_known_within_the_time_a_message_travels() {
    let mut world = World::signed_in(customer());
    let offset = world.ask(GetConnection {}).unwrap().clock_offset;
    assert!(
        (2_900_000..=3_000_000).contains(&offset),
        "the server is 3 s ahead, not {offset} µs"
    );
}

#[test]
fn a_wrong_password_is_told_once_and_not_tried_again() {
    let mut world = World::new(customer());
    world
        .server
        .borrow_mut()
        .refuse("POST auth/login", ErrorCode::InvalidCredentials, json!(null));
    assert_eq!(
        world.ask(sign_in()).unwrap_err().code,
        ErrorCode::InvalidCredentials
    );
    world
        .server
        .borrow_mut()
        .refuse("POST auth/login", ErrorCode::TryAgain, json!(null));
    assert_eq!(world.ask(sign_in()).unwrap_err().code, ErrorCode::TryAgain);
    assert_eq!(world.server.borrow().asked("POST auth/login"), 2);
}

#[test]
fn an_expired_token_is_renewed_once_for_all_who_wait() {
    let mut world = World::signed_in(customer());
    let id = OrderId(Uuid::from_u128(9));
    world.server.borrow_mut().say(
        "GET orders/00000000-0000-0000-0000-000000000009",
        order(id, 1, "pending"),
    );
    world
        .server
        .borrow_mut()
        .say("GET orders", json!({ "orders": [] }));
    world.pass(905_000);
    let calls = [
        world.begin(GetOrder { id }),
        world.begin(GetOrder { id }),
        world.begin(GetOrder { id }),
    ];
    let list = world.begin(ListOrders { before: None });
    for call in calls {
        world.wait::<OrderTrack>(call).unwrap();
    }
    world.wait::<OrderList>(list).unwrap();
    assert_eq!(world.server.borrow().refreshes, 1);
}

#[test]
fn a_token_that_ends_mid_stream_costs_a_moment_and_no_session() {
    let mut world = World::signed_in(customer());
    world.pass(901_000);
    world.server.borrow_mut().cut();
    world.pass(3_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
    assert_eq!(world.server.borrow().refreshes, 1);
    assert!(
        !world
            .events()
            .iter()
            .any(|event| matches!(event, Event::Session(_)))
    );
}

#[test]
fn a_revoked_session_ends_everywhere_and_is_told() {
    let mut world = World::signed_in(customer());
    world.server.borrow_mut().refuse_refresh = Some(ErrorCode::SessionRevoked);
    world.pass(901_000);
    world.server.borrow_mut().cut();
    world.pass(5_000);
    assert_eq!(world.ask(GetSession {}).unwrap().user, None);
    assert!(
        world
            .events()
            .iter()
            .any(|event| matches!(event, Event::Session(state) if state.user.is_none()))
    );
    assert_eq!(
        world.ask(ListOrders { before: None }).unwrap_err().code,
        ErrorCode::Unauthenticated
    );
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Idle);
    world.restart();
    assert_eq!(
        world.ask(GetSession {}).unwrap().user,
        None,
        "nor is it remembered"
    );
}

#[test]
fn a_session_is_taken_up_after_a_restart_even_without_a_line() {
    let mut world = World::signed_in(customer());
    world.restart();
    assert_eq!(world.ask(GetSession {}).unwrap().user.unwrap().id, ME);
    world.pass(1_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);

    world.server.borrow_mut().up = false;
    world.restart();
    assert_eq!(
        world.ask(GetSession {}).unwrap().user.unwrap().id,
        ME,
        "no answer is no refusal"
    );
    world.pass(5_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Offline);
    world.server.borrow_mut().up = true;
    world.pass(40_000);
    assert_eq!(world.ask(GetConnection {}).unwrap().line, Line::Live);
}

#[test]
fn signing_out_forgets_even_when_the_server_cannot_be_told() {
    let mut world = World::signed_in(customer());
    world.server.borrow_mut().up = false;
    assert_eq!(world.ask(SignOut {}).unwrap().user, None);
    world.server.borrow_mut().up = true;
    world.restart();
    assert_eq!(world.ask(GetSession {}).unwrap().user, None);
}

#[test]
fn the_language_chosen_is_spoken_to_the_server_and_kept() {
    let mut world = World::signed_in(customer());
    world.ask(SetLanguage { lang: Lang::En }).unwrap();
    world.pass(1_000);
    assert_eq!(
        world.server.borrow().bodies("PATCH me"),
        [json!({ "language": "en" })]
    );
    let failure = world.ask(momfood_protocol::engine::GetBoard {}).unwrap_err();
    assert_eq!(
        failure.message,
        ErrorCode::Forbidden.message(Lang::En),
        "not this app's Call"
    );
    world.restart();
    world.ask(GetSession {}).unwrap();
    let spoken = world.server.borrow().requests.last().unwrap().headers[0].clone();
    assert_eq!(spoken, ("accept-language", "en".to_owned()));
}
