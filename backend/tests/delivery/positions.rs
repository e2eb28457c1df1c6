//! Positions in, and out to those who may know.

use std::time::Duration;

use axum::body::BodyDataStream;
use futures::StreamExt as _;
use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::order::{Command, Reason};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::drivers::{accepts, dispatch, does, driver_at, off, ready};
use crate::support::{City, TOTAL, command, live_token, north, person, token};

async fn send(app: &TestApp, driver: UserId, session: u128, pings: Value) -> Answer {
    let token = token(app, driver, Role::Driver, None);
    let body = json!({ "session": Uuid::from_u128(session), "pings": pings });
    app.request(Method::POST, "/api/v1/pings")
        .bearer(&token)
        .json(&body)
        .send()
        .await
}

fn ping(n: u64, metres: f64) -> Value {
    json!({ "n": n, "point": north(metres), "heading": 90 })
}

async fn seen_by(
    app: &TestApp,
    user: UserId,
    role: Role,
    restaurant: Option<RestaurantId>,
    order: OrderId,
) -> Answer {
    let token = token(app, user, role, restaurant);
    app.request(Method::GET, &format!("/api/v1/orders/{order}/position"))
        .bearer(&token)
        .send()
        .await
}

/// How many metres north of the restaurant the customer sees the driver.
async fn metres(app: &TestApp, city: &City, order: OrderId) -> Option<i64> {
    let answer = seen_by(app, city.customer, Role::Customer, None, order)
        .await
        .data();
    let lat = answer["position"]["point"]["lat"].as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand metres")]
    let metres = ((lat - north(0.0).lat) * 111_195.0).round() as i64;
    Some(metres)
}

/// A driver on the way with an order.
async fn under_way(app: &TestApp) -> (City, UserId, OrderId) {
    let city = City::build(app).await;
    let driver = driver_at(app, north(500.0)).await;
    let order = ready(app, &city).await;
    dispatch(app).await.unwrap();
    accepts(app, driver, order).await;
    (city, driver, order)
}

/// The next `position` of a stream, within the time a machine under load needs.
async fn next_position(body: &mut BodyDataStream) -> Option<Value> {
    let reading = async {
        while let Some(frame) = body.next().await {
            let text = String::from_utf8(frame.unwrap().to_vec()).unwrap();
            let position = |event: &&str| event.starts_with("event: position");
            if let Some(event) = text.split("\n\n").find(position) {
                let data = event.lines().find_map(|line| line.strip_prefix("data: "));
                return serde_json::from_str(data.unwrap()).ok();
            }
        }
        None
    };
    tokio::time::timeout(Duration::from_secs(10), reading)
        .await
        .ok()
        .flatten()
}

async fn stream(app: &TestApp, customer: UserId) -> BodyDataStream {
    let token = live_token(app, customer, Role::Customer).await;
    let (status, _, body) = app
        .request(Method::GET, "/api/v1/sync/stream")
        .bearer(&token)
        .open()
        .await;
    assert_eq!(status, StatusCode::OK);
    let mut body = body.into_data_stream();
    assert!(body.next().await.is_some(), "heads first");
    body
}

both! {
    async fn the_customer_whose_order_it_is_is_told_at_once_and_nobody_else(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        let other = City::build(&app).await;
        let (mut theirs, mut others) = (stream(&app, city.customer).await, stream(&app, other.customer).await);
        app.clock.advance(Duration::from_secs(1));
        send(&app, driver, 1, json!([ping(1, 70.0)])).await;
        let told = next_position(&mut theirs).await.unwrap();
        assert_eq!((&told["orderId"], &told["position"]["heading"]), (&json!(order), &json!(90)));
        let silence = tokio::time::timeout(Duration::from_millis(100), next_position(&mut others)).await;
        assert!(silence.is_err(), "{silence:?}");
    }

    async fn the_newest_position_counts_by_its_number_not_by_its_arrival(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(send(&app, driver, 1, json!([ping(7, 70.0), ping(9, 90.0), ping(8, 80.0)])).await.status, StatusCode::OK);
        assert_eq!(metres(&app, &city, order).await, Some(90));
        app.clock.advance(Duration::from_secs(5));
        assert_eq!(send(&app, driver, 1, json!([ping(9, 1.0), ping(3, 30.0)])).await.status, StatusCode::OK);
        assert_eq!(metres(&app, &city, order).await, Some(90), "late ones change nothing");
        send(&app, driver, 1, json!([ping(10, 100.0)])).await;
        assert_eq!(metres(&app, &city, order).await, Some(100));
    }

    async fn an_app_started_anew_counts_from_the_beginning(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        app.clock.advance(Duration::from_secs(1));
        send(&app, driver, 1, json!([ping(900, 90.0)])).await;
        app.clock.advance(Duration::from_secs(30));
        send(&app, driver, 2, json!([ping(1, 10.0)])).await;
        assert_eq!(metres(&app, &city, order).await, Some(10));
        let old = json!([{ "n": 901, "point": north(91.0), "ageMs": 20_000 }]);
        send(&app, driver, 1, old).await;
        assert_eq!(metres(&app, &city, order).await, Some(10), "the old run's last batch was measured before");
    }

    async fn a_position_is_as_old_as_it_says_by_the_servers_clock_and_never_over_an_hour(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        app.clock.advance(Duration::from_mins(10));
        send(&app, driver, 1, json!([{ "n": 1, "point": north(10.0), "ageMs": 90_000 }])).await;
        let answer = seen_by(&app, city.customer, Role::Customer, None, order).await.data();
        assert_eq!(answer["position"]["at"], app.clock.now().0 - 90_000_000);
        app.clock.advance(Duration::from_mins(10));
        let answer = seen_by(&app, city.customer, Role::Customer, None, order).await.data();
        assert_eq!(answer["position"]["at"], app.clock.now().0 - 690_000_000, "an old one says how old it is");
        app.clock.advance(Duration::from_mins(20));
        assert_eq!(metres(&app, &city, order).await, None, "a very old one says nothing");
        send(&app, driver, 1, json!([{ "n": 2, "point": north(10.0), "ageMs": u64::MAX }])).await;
        assert_eq!(metres(&app, &city, order).await, None);
    }

    async fn positions_that_make_no_sense_are_refused_whole(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        app.clock.advance(Duration::from_secs(1));
        send(&app, driver, 1, json!([ping(1, 10.0)])).await;
        let point = |lat: f64, lng: f64| json!([ping(2, 20.0), { "n": 3, "point": { "lat": lat, "lng": lng } }]);
        let many: Vec<_> = (10..61).map(|n| ping(n, 20.0)).collect();
        for (bad, field) in [
            (point(0.0, 0.0), "point"),
            (point(90.1, 46.0), "point"),
            (point(24.0, -180.5), "point"),
            (json!([]), "pings"),
            (json!(many), "pings"),
            (json!([{ "n": u64::MAX, "point": north(1.0) }]), "n"),
            (json!([{ "n": 3, "point": north(1.0), "heading": 361 }]), "heading"),
        ] {
            let answer = send(&app, driver, 1, bad).await;
            assert_eq!((answer.code().as_str(), answer.json()["error"]["details"]["field"].as_str()),
                ("invalid_input", Some(field)));
        }
        let no_number = r#"{"session":"00000000-0000-0000-0000-000000000001","pings":[{"n":4,"point":{"lat":NaN,"lng":1}}]}"#;
        let token = token(&app, driver, Role::Driver, None);
        let answer = app.request(Method::POST, "/api/v1/pings").bearer(&token).raw("application/json", no_number).send().await;
        assert_eq!(answer.code(), "malformed_json");
        assert_eq!(metres(&app, &city, order).await, Some(10), "nothing of them was taken");
    }

    async fn only_a_driver_on_duty_is_followed(app: TestApp) {
        let driver = driver_at(&app, north(500.0)).await;
        off(&app, driver).await.unwrap();
        assert_eq!(send(&app, driver, 1, json!([ping(1, 10.0)])).await.code(), "wrong_state");
        let customer = person(&app, Role::Customer).await;
        let customer = token(&app, customer, Role::Customer, None);
        let body = json!({ "session": Uuid::from_u128(1), "pings": [ping(1, 10.0)] });
        let answer = app.request(Method::POST, "/api/v1/pings").bearer(&customer).json(&body).send().await;
        assert_eq!(answer.code(), "forbidden");
    }

    async fn a_driver_is_seen_only_while_at_work_on_the_order(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(500.0)).await;
        let order = ready(&app, &city).await;
        assert_eq!(metres(&app, &city, order).await, None, "nobody was asked");
        dispatch(&app).await.unwrap();
        assert_eq!(metres(&app, &city, order).await, None, "somebody was asked");
        accepts(&app, driver, order).await;
        for step in [Command::ArriveAtRestaurant, Command::PickUp, Command::ArriveAtCustomer] {
            assert_eq!(metres(&app, &city, order).await, Some(500));
            does(&app, driver, order, step).await;
        }
        does(&app, driver, order, Command::Deliver { cash: Some(TOTAL) }).await;
        assert_eq!(metres(&app, &city, order).await, None, "where they go next is nobody's business");
    }

    async fn a_driver_who_let_go_or_failed_is_not_followed(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        does(&app, driver, order, Command::Release { attempt: 1, reason: Reason::VehicleProblem }).await;
        assert_eq!(metres(&app, &city, order).await, None);
        off(&app, driver).await.unwrap();
        command(&app, city.kitchen(), order, Command::Cancel { reason: Reason::TooBusy }).await.unwrap();
        let (city, driver, order) = under_way(&app).await;
        does(&app, driver, order, Command::PickUp).await;
        does(&app, driver, order, Command::FailDelivery { reason: Reason::WrongAddress }).await;
        assert_eq!(metres(&app, &city, order).await, None);
    }

    async fn an_order_of_others_does_not_exist(app: TestApp) {
        let (city, driver, order) = under_way(&app).await;
        let (other_city, other_driver) = (City::build(&app).await, driver_at(&app, north(900.0)).await);
        let ours = [
            (city.customer, Role::Customer, None),
            (city.owner, Role::Restaurant, Some(city.restaurant)),
            (driver, Role::Driver, None),
        ];
        for (user, role, restaurant) in ours {
            let answer = seen_by(&app, user, role, restaurant, order).await;
            assert!(answer.data()["position"].is_object(), "{role:?}");
        }
        let theirs = [
            (other_city.customer, Role::Customer, None),
            (other_city.owner, Role::Restaurant, Some(other_city.restaurant)),
            (other_driver, Role::Driver, None),
            (driver, Role::Customer, None),
        ];
        for (user, role, restaurant) in theirs {
            assert_eq!(seen_by(&app, user, role, restaurant, order).await.code(), "not_found", "{role:?}");
        }
        let unknown: OrderId = app.clock.id();
        assert_eq!(seen_by(&app, city.customer, Role::Customer, None, unknown).await.code(), "not_found");
        let token = token(&app, city.customer, Role::Customer, None);
        let answer = app.request(Method::GET, "/api/v1/orders/nonsense/position").bearer(&token).send().await;
        assert_eq!(answer.code(), "not_found");
        assert_eq!(app.get(&format!("/api/v1/orders/{order}/position")).await.code(), "unauthenticated");
    }
}
