//! Kitchens that have fallen silent: nobody orders from them until they are heard again.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::RestaurantId;
use momfood_domain::order::OrderStatus;
use momfood_domain::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

const TILL: Uuid = Uuid::from_u128(1);
const TABLET: Uuid = Uuid::from_u128(2);

/// A device of the kitchen says that it is there.
async fn heard(app: &TestApp, kitchen: &Someone, device: Uuid) {
    let fresh = sign_in(app, kitchen.id, Role::Restaurant, kitchen.actor.restaurant).await;
    let body = json!({ "device": device, "foreground": true });
    let answer = post(app, &fresh, "/api/v1/presence", &body).await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

fn after(app: &TestApp, seconds: u64) {
    app.clock.advance(Duration::from_secs(seconds));
}

/// The restaurant as its page shows it, which must be as the list shows it.
async fn opening(app: &TestApp, id: RestaurantId) -> Value {
    let page = app.get(&format!("/api/v1/restaurants/{id}")).await.data();
    let near = format!("/api/v1/restaurants/{id}?lat={}&lng={}", DOOR.lat, DOOR.lng);
    let page_near = app.get(&near).await.data();
    let list = app.get("/api/v1/restaurants").await.data();
    let cards = list["restaurants"].as_array().unwrap();
    let card = cards.iter().find(|card| card["id"] == json!(id)).unwrap();
    assert_eq!(page["restaurant"]["opening"], card["opening"]);
    assert_eq!(page_near["restaurant"]["opening"], card["opening"]);
    card["opening"]["state"].clone()
}

/// What somebody is told who asks what the usual cart costs.
async fn quoting(app: &TestApp, town: &Town) -> String {
    let answer = post(app, &town.sara, "/api/v1/quotes", &town.quote_request()).await;
    if answer.status.is_success() {
        "a price".into()
    } else {
        answer.code()
    }
}

both! {
    async fn a_kitchen_that_falls_silent_takes_no_orders_until_it_is_heard_again(app: TestApp) {
        let town = Town::build(&app).await;
        heard(&app, &town.kitchen, TILL).await;
        assert_eq!((opening(&app, town.restaurant).await, quoting(&app, &town).await), (json!("open"), "a price".into()));
        after(&app, 60);
        assert_eq!((opening(&app, town.restaurant).await, quoting(&app, &town).await), (json!("open"), "a price".into()));
        after(&app, 1);
        assert_eq!(opening(&app, town.restaurant).await, "unreachable");
        assert_eq!(quoting(&app, &town).await, "kitchen_unreachable");
        let open = app.get("/api/v1/restaurants?open=true").await.data();
        assert_eq!(open["restaurants"], json!([]), "nor is it among those that take orders");

        heard(&app, &town.kitchen, TILL).await;
        assert_eq!(quoting(&app, &town).await, "a price", "at once");
        after(&app, 1);
        assert_eq!(opening(&app, town.restaurant).await, "open");
    }

    async fn what_was_quoted_before_is_not_placed_in_the_silence_and_what_was_placed_is_still_there(app: TestApp) {
        let town = Town::build(&app).await;
        heard(&app, &town.kitchen, TILL).await;
        let placed = town.order(&app).await;
        let request = town.placing(&app, &town.sara).await;
        after(&app, 61);
        assert_eq!(place(&app, &town.sara, &request).await.code(), "kitchen_unreachable");
        assert_eq!(count!(&app, "select count(*) from orders"), 1, "nothing of it was written");
        for who in [&town.sara, &town.kitchen] {
            assert_eq!(look(&app, who, placed).await["status"], json!(OrderStatus::Pending));
        }
        step(&app, &town.kitchen, placed, "accept", &json!({ "prepMinutes": 20 })).await.data();
        heard(&app, &town.kitchen, TILL).await;
        assert_eq!(place(&app, &town.sara, &request).await.data()["status"], "pending", "the price still held");
    }

    async fn an_order_placed_before_the_silence_is_answered_alike_in_it(app: TestApp) {
        let town = Town::build(&app).await;
        heard(&app, &town.kitchen, TILL).await;
        let request = town.placing(&app, &town.sara).await;
        let key = app.clock.uuid();
        let first = place_with(&app, &town.sara, &request, key).await.data();
        after(&app, 61);
        assert_eq!(place_with(&app, &town.sara, &request, key).await.data()["id"], first["id"]);
    }

    async fn a_kitchen_that_never_had_a_device_is_left_alone(app: TestApp) {
        let (town, other) = (Town::build(&app).await, Town::build(&app).await);
        heard(&app, &other.kitchen, TILL).await;
        after(&app, 3_600);
        assert_eq!(opening(&app, town.restaurant).await, "open");
        assert_eq!(opening(&app, other.restaurant).await, "unreachable");
    }

    async fn one_screen_that_is_heard_is_enough(app: TestApp) {
        let town = Town::build(&app).await;
        heard(&app, &town.kitchen, TILL).await;
        after(&app, 40);
        heard(&app, &town.kitchen, TABLET).await;
        after(&app, 40);
        assert_eq!((opening(&app, town.restaurant).await, quoting(&app, &town).await), (json!("open"), "a price".into()));
        after(&app, 21);
        assert_eq!(opening(&app, town.restaurant).await, "unreachable");
    }

    async fn a_kitchen_that_said_it_is_closed_or_on_a_break_is_shown_so(app: TestApp) {
        let town = Town::build(&app).await;
        heard(&app, &town.kitchen, TILL).await;
        after(&app, 300);
        let (restaurant, until) = (town.restaurant, app.clock.now().plus_minutes(30));
        let touched = async |paused: Option<Timestamp>| {
            change!(&app, "update restaurants set paused_until = $1, rev = rev + 1 where id = $2", paused, restaurant);
            after(&app, 1);
        };
        touched(Some(until)).await;
        assert_eq!(opening(&app, restaurant).await, "paused");
        assert_eq!(quoting(&app, &town).await, "restaurant_paused");
        touched(None).await;
        assert_eq!(opening(&app, restaurant).await, "unreachable");
        let never = json!({ "utcOffsetMinutes": 180, "periods": [] });
        let never = sqlx::types::Json(never);
        change!(&app, "update restaurants set hours = $1, rev = rev + 1 where id = $2", never, restaurant);
        after(&app, 1);
        assert_eq!(opening(&app, restaurant).await, "closed");
        assert_eq!(quoting(&app, &town).await, "restaurant_closed");
    }
}
