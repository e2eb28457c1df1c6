//! Shifts and days, through the doors.

use std::time::Duration;

use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::delivery::{day_rev, driver_day};
use momfood_backend::store::sql;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::UserId;
use momfood_domain::order::{Command, Reason};
use momfood_protocol::view::DriverDay;
use serde_json::json;

use crate::drivers::{accepts, attempts, dispatch, does, driver_at, ready};
use crate::support::{City, TIP, TOTAL, command, north, person, token};

async fn shift(app: &TestApp, driver: UserId, body: serde_json::Value) -> Answer {
    let token = token(app, driver, Role::Driver, None);
    app.request(Method::POST, "/api/v1/driver/shift")
        .bearer(&token)
        .json(&body)
        .send()
        .await
}

async fn day(app: &TestApp, driver: UserId) -> DriverDay {
    let token = token(app, driver, Role::Driver, None);
    let answer = app
        .request(Method::GET, "/api/v1/driver/day")
        .bearer(&token)
        .send()
        .await;
    serde_json::from_value(answer.data()).unwrap()
}

fn place() -> serde_json::Value {
    json!({ "on": true, "point": { "lat": 24.6911, "lng": 46.6853 } })
}

async fn rev(app: &TestApp, driver: UserId) -> i64 {
    day_rev(&mut app.db.read().await.unwrap(), driver).await.unwrap()
}

both! {
    async fn a_shift_begins_where_the_driver_is_and_ends_when_they_say(app: TestApp) {
        let driver = person(&app, Role::Driver).await;
        assert_eq!(day(&app, driver).await.shift, None);
        for nowhere in [json!({ "on": true }), json!({ "on": true, "point": { "lat": 0.0, "lng": 0.0 } }),
            json!({ "on": true, "point": { "lat": 95.0, "lng": 46.0 } })] {
            let answer = shift(&app, driver, nowhere).await;
            assert_eq!((answer.code().as_str(), answer.json()["error"]["details"]["field"].as_str()),
                ("invalid_input", Some("point")));
        }
        let answer = shift(&app, driver, place()).await;
        assert_eq!(answer.data()["shift"]["since"], app.clock.now().0);
        let began = rev(&app, driver).await;
        app.clock.advance(Duration::from_mins(1));
        assert_eq!(shift(&app, driver, place()).await.data()["shift"], answer.data()["shift"], "still the same shift");
        assert_eq!(rev(&app, driver).await, began, "nothing changed, nobody is told");
        assert!(shift(&app, driver, json!({ "on": false })).await.data()["shift"].is_null());
        assert!(rev(&app, driver).await > began);
        assert!(shift(&app, driver, json!({ "on": false })).await.data()["shift"].is_null());
    }

    async fn shifts_and_days_are_for_drivers(app: TestApp) {
        let customer = person(&app, Role::Customer).await;
        let customer = token(&app, customer, Role::Customer, None);
        let answer = app.request(Method::GET, "/api/v1/driver/day").bearer(&customer).send().await;
        assert_eq!(answer.code(), "forbidden");
        let answer = app.request(Method::POST, "/api/v1/driver/shift").bearer(&customer).json(&place()).send().await;
        assert_eq!(answer.code(), "forbidden");
        assert_eq!(app.get("/api/v1/driver/day").await.code(), "unauthenticated");
        assert_eq!(app.post("/api/v1/driver/shift", &place()).await.code(), "unauthenticated");
    }

    async fn a_driver_with_a_job_stays_on_duty_and_one_with_an_offer_declines_it(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(200.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        assert_eq!(shift(&app, driver, json!({ "on": false })).await.status, StatusCode::OK);
        assert_eq!(attempts(&app, order).await, [(driver, "declined".into())]);
        assert_eq!(dispatch(&app).await.unwrap(), Some(10), "nobody is left to ask");

        shift(&app, driver, place()).await.data();
        app.clock.advance(Duration::from_mins(2));
        dispatch(&app).await.unwrap();
        accepts(&app, driver, order).await;
        for step in [Command::ArriveAtRestaurant, Command::PickUp] {
            let answer = shift(&app, driver, json!({ "on": false })).await;
            assert_eq!(answer.code(), "wrong_state");
            assert!(answer.json()["error"]["details"]["status"].is_string());
            does(&app, driver, order, step).await;
        }
        does(&app, driver, order, Command::Deliver { cash: Some(TOTAL) }).await;
        assert_eq!(shift(&app, driver, json!({ "on": false })).await.status, StatusCode::OK);
    }

    async fn a_day_says_what_was_earned_today_and_the_cash_of_all_days(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(200.0)).await;
        let delivered = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        accepts(&app, driver, delivered).await;
        does(&app, driver, delivered, Command::PickUp).await;
        let before = rev(&app, driver).await;
        does(&app, driver, delivered, Command::Deliver { cash: Some(TOTAL) }).await;
        assert!(rev(&app, driver).await > before, "the day is told of the trip");

        let failed = ready(&app, &city).await;
        app.clock.advance(Duration::from_secs(1));
        dispatch(&app).await.unwrap();
        accepts(&app, driver, failed).await;
        does(&app, driver, failed, Command::PickUp).await;
        does(&app, driver, failed, Command::FailDelivery { reason: Reason::CustomerUnreachable }).await;

        let today = day(&app, driver).await;
        // 2,000 m as the crow flies are 2,700 m of street: 8.00 and three begun kilometres.
        let pay = 800 + 3 * 150;
        assert_eq!((today.trips, today.earned, today.tips, today.cash_in_hand), (1, 2 * pay + TIP, TIP, TOTAL));
        let done: Vec<_> = today.done.iter().map(|trip| (trip.order_id, trip.pay, trip.cash, trip.delivered)).collect();
        assert_eq!(done, [(failed, pay, 0, false), (delivered, pay + TIP, TOTAL, true)], "newest first");

        // Midnight in Riyadh is twelve hours away.
        app.clock.advance(Duration::from_hours(12));
        let tomorrow = day(&app, driver).await;
        assert_eq!((tomorrow.trips, tomorrow.earned, tomorrow.done.len(), tomorrow.cash_in_hand), (0, 0, 0, TOTAL));

        let support = Actor::person(person(&app, Role::Support).await, Role::Support);
        let before = rev(&app, driver).await;
        command(&app, support, delivered, Command::ReconcileCash).await.unwrap();
        assert_eq!(day(&app, driver).await.cash_in_hand, 0);
        assert!(rev(&app, driver).await > before);
    }

    async fn a_shift_is_told_in_the_drivers_own_feed(app: TestApp) {
        let driver = driver_at(&app, north(200.0)).await;
        let mut tx = app.db.read().await.unwrap();
        let (rev,) = sql!(&mut tx, fetch_one as (i64,),
            "select rev from sync_head where scope = $1 and entity = 'driver' and id = $2",
            format!("driver:{driver}"), driver).unwrap();
        assert_eq!(rev, 1);
        assert!(driver_day(&mut tx, driver, app.clock.now()).await.unwrap().shift.is_some());
    }
}
