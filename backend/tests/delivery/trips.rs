//! Two orders on one trip: who is given a second one, and that both arrive.

use std::time::Duration;

use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::delivery::dispatch_due;
use momfood_backend::ordering;
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::{Command, OrderStatus, Reason};
use momfood_protocol::feed::Scope;
use momfood_protocol::view::DriverDay;
use serde_json::json;
use uuid::Uuid;

use crate::drivers::{accepts, asked, attempts, declines, dispatch, does, driver_at, off, ready, ready_for};
use crate::support::{City, TOTAL, command, north, person, status, token};

/// Drivers with two offers, or more than two things in hand, and how many.
pub async fn overburdened(app: &TestApp) -> Vec<(UserId, i64)> {
    let mut tx = app.db.read().await.unwrap();
    let rows = sql!(
        &mut tx,
        fetch_all as (UserId, i64),
        "select driver_id, count(*) from assignments where status in ('offered', 'accepted') group by driver_id
         having count(*) > 2 or sum(case status when 'offered' then 1 else 0 end) > 1"
    );
    rows.unwrap()
}

/// The orders in a driver's own scope, as they fill it.
async fn in_hand(app: &TestApp, driver: UserId) -> Vec<OrderId> {
    let mut tx = app.db.read().await.unwrap();
    let scope = Scope::Driver(driver);
    let ids = ordering::ids_in_scope(&mut tx, scope, app.clock.now())
        .await
        .unwrap();
    let me = Actor::person(driver, Role::Driver);
    let views = ordering::in_scope(&mut tx, scope, &me, &ids, app.clock.now())
        .await
        .unwrap();
    views.into_iter().map(|view| view.id).collect()
}

/// A driver who has said yes to one order, and a second one of the same way that waits.
async fn with_one_job(app: &TestApp) -> (City, UserId, OrderId, OrderId) {
    let city = City::build(app).await;
    let driver = driver_at(app, north(400.0)).await;
    let first = ready(app, &city).await;
    dispatch(app).await.unwrap();
    accepts(app, driver, first).await;
    let neighbour = City {
        customer: person(app, Role::Customer).await,
        ..city
    };
    let second = ready_for(app, &neighbour, north(2_600.0)).await;
    (neighbour, driver, first, second)
}

/// The same, both taken.
async fn with_two_jobs(app: &TestApp) -> (City, UserId, [OrderId; 2]) {
    let (city, driver, first, second) = with_one_job(app).await;
    dispatch(app).await.unwrap();
    accepts(app, driver, second).await;
    (city, driver, [first, second])
}

both! {
    async fn a_driver_takes_two_orders_of_one_way_and_delivers_both(app: TestApp) {
        let (_, driver, first, second) = with_one_job(&app).await;
        does(&app, driver, first, Command::ArriveAtRestaurant).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(driver));
        assert_eq!(in_hand(&app, driver).await, [first, second], "a job and an offer");
        accepts(&app, driver, second).await;
        assert_eq!(in_hand(&app, driver).await, [first, second]);
        for order in [first, second] {
            does(&app, driver, order, Command::PickUp).await;
        }
        for order in [second, first] {
            app.clock.advance(Duration::from_mins(5));
            does(&app, driver, order, Command::ArriveAtCustomer).await;
            does(&app, driver, order, Command::Deliver { cash: Some(TOTAL) }).await;
            assert_eq!(status(&app, order).await, OrderStatus::Delivered);
        }
        assert_eq!(in_hand(&app, driver).await, []);
        let token = token(&app, driver, Role::Driver, None);
        let day = app.request(Method::GET, "/api/v1/driver/day").bearer(&token).send().await.data();
        let day: DriverDay = serde_json::from_value(day).unwrap();
        assert_eq!((day.trips, day.cash_in_hand), (2, 2 * TOTAL));
        assert_eq!(day.earned, day.done.iter().map(|trip| trip.pay).sum::<i64>());
        let done: Vec<_> = day.done.iter().map(|trip| trip.order_id).collect();
        assert_eq!(done, [first, second], "newest first");
        let third = ready(&app, &City::build(&app).await).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, third).await, Some(driver), "both hands are free again");
    }

    async fn a_free_driver_nearby_comes_first(app: TestApp) {
        let (_, driver, _, second) = with_one_job(&app).await;
        let free = driver_at(&app, north(2_900.0)).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(free));
        declines(&app, free, second).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(driver), "then who is there anyway");
    }

    async fn a_free_driver_far_away_is_not_waited_for(app: TestApp) {
        let (_, driver, _, second) = with_one_job(&app).await;
        driver_at(&app, north(4_000.0)).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(driver));
    }

    async fn a_second_order_may_be_of_the_restaurant_next_door(app: TestApp) {
        let (_, driver, _, second) = with_one_job(&app).await;
        let other = City::build(&app).await;
        let moved = async |metres: f64| {
            let (id, lat) = (other.restaurant, north(metres).lat);
            app.db
                .write(async move |mut tx| sql!(&mut tx, execute, "update restaurants set lat = $1 where id = $2", lat, id))
                .await
                .unwrap();
        };
        dispatch(&app).await.unwrap();
        declines(&app, driver, second).await;
        moved(400.0).await;
        let third = ready(&app, &other).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, third).await, None, "a street too far");
        moved(250.0).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, third).await, Some(driver));
    }

    async fn who_carries_food_is_asked_for_nothing_more(app: TestApp) {
        let (_, driver, first, second) = with_one_job(&app).await;
        does(&app, driver, first, Command::PickUp).await;
        assert_eq!(dispatch(&app).await.unwrap(), Some(10));
        assert_eq!(attempts(&app, second).await, []);
        does(&app, driver, first, Command::Deliver { cash: Some(TOTAL) }).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(driver));
    }

    async fn nobody_is_given_a_third_order_nor_two_offers(app: TestApp) {
        let (city, driver, first, second) = with_one_job(&app).await;
        let third = ready(&app, &city).await;
        for _ in 0..2 {
            dispatch(&app).await.unwrap();
            assert_eq!(in_hand(&app, driver).await, [first, second], "one offer at a time");
        }
        accepts(&app, driver, second).await;
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, third).await, []);
        for order in [first, second] {
            does(&app, driver, order, Command::PickUp).await;
        }
        does(&app, driver, first, Command::Deliver { cash: Some(TOTAL) }).await;
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, third).await, [], "food is still in the box");
    }

    async fn a_second_order_said_no_to_leaves_the_first_as_it_is(app: TestApp) {
        let (_, driver, first, second) = with_one_job(&app).await;
        dispatch(&app).await.unwrap();
        declines(&app, driver, second).await;
        assert_eq!(in_hand(&app, driver).await, [first]);
        does(&app, driver, first, Command::PickUp).await;
    }

    async fn a_driver_who_lets_go_of_one_keeps_the_other(app: TestApp) {
        let (_, driver, [first, second]) = with_two_jobs(&app).await;
        let other = driver_at(&app, north(3_500.0)).await;
        does(&app, driver, first, Command::Release { attempt: 1, reason: Reason::VehicleProblem }).await;
        assert_eq!(in_hand(&app, driver).await, [second]);
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, first).await, [(driver, "released".into()), (other, "offered".into())]);
        does(&app, driver, second, Command::PickUp).await;
        does(&app, driver, second, Command::Deliver { cash: Some(TOTAL) }).await;
        assert_eq!(in_hand(&app, driver).await, []);
    }

    async fn an_order_called_off_takes_nothing_of_the_other(app: TestApp) {
        let (city, driver, [first, second]) = with_two_jobs(&app).await;
        command(&app, city.kitchen(), second, Command::Cancel { reason: Reason::OutOfStock }).await.unwrap();
        assert_eq!(in_hand(&app, driver).await, [first]);
        let third = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, third).await, Some(driver), "there is room again");
    }

    async fn a_shift_ends_when_the_last_job_has(app: TestApp) {
        let (_, driver, [first, second]) = with_two_jobs(&app).await;
        for order in [second, first] {
            let refused = off(&app, driver).await;
            assert!(matches!(refused, Err(momfood_backend::delivery::DeliveryError::AtWork(_))), "{refused:?}");
            does(&app, driver, order, Command::PickUp).await;
            does(&app, driver, order, Command::Deliver { cash: Some(TOTAL) }).await;
        }
        off(&app, driver).await.unwrap();
    }

    async fn a_shift_that_cannot_end_declines_nothing(app: TestApp) {
        let (_, driver, _, second) = with_one_job(&app).await;
        dispatch(&app).await.unwrap();
        let refused = off(&app, driver).await;
        assert!(matches!(refused, Err(momfood_backend::delivery::DeliveryError::AtWork(_))), "{refused:?}");
        assert_eq!(asked(&app, second).await, Some(driver));
    }

    async fn both_customers_see_the_driver_until_their_own_order_is_there(app: TestApp) {
        let (neighbour, driver, [first, second]) = with_two_jobs(&app).await;
        let mut tx = app.db.read().await.unwrap();
        let (customer,) = sql!(&mut tx, fetch_one as (UserId,), "select customer_id from orders where id = $1", first).unwrap();
        drop(tx);
        app.clock.advance(Duration::from_secs(1));
        let mine = token(&app, driver, Role::Driver, None);
        let body = json!({ "session": Uuid::from_u128(1), "pings": [{ "n": 1, "point": north(70.0) }] });
        let sent = app.request(Method::POST, "/api/v1/pings").bearer(&mine).json(&body).send().await;
        assert_eq!(sent.status, StatusCode::OK);
        let mut tx = app.db.read().await.unwrap();
        let mut followers = momfood_backend::tracking::work_in_hand(&mut tx, driver).await.unwrap();
        drop(tx);
        followers.sort();
        let mut expected = vec![(first, customer), (second, neighbour.customer)];
        expected.sort();
        assert_eq!(followers, expected);
        let seen = async |order: OrderId, customer: UserId| {
            let token = token(&app, customer, Role::Customer, None);
            let path = format!("/api/v1/orders/{order}/position");
            let answer = app.request(Method::GET, &path).bearer(&token).send().await.data();
            !answer["position"].is_null()
        };
        assert!(seen(first, customer).await && seen(second, neighbour.customer).await);
        does(&app, driver, first, Command::PickUp).await;
        does(&app, driver, first, Command::Deliver { cash: Some(TOTAL) }).await;
        assert!(!seen(first, customer).await, "the rest of the way is the neighbour's business");
        assert!(seen(second, neighbour.customer).await);
    }

    async fn servers_that_dispatch_at_once_give_nobody_a_third(app: TestApp) {
        let city = City::build(&app).await;
        let mut drivers = Vec::new();
        let mut orders = Vec::new();
        for metre in 1..=3_u32 {
            drivers.push(driver_at(&app, north(f64::from(metre) * 100.0)).await);
        }
        for _ in 0..10 {
            orders.push(ready(&app, &city).await);
        }
        let now = app.clock.now();
        for _ in 0..4 {
            // Drivers say yes while four servers look for somebody to ask.
            let yes = async {
                for order in &orders {
                    if let Some(driver) = asked(&app, *order).await {
                        accepts(&app, driver, *order).await;
                    }
                }
            };
            let rounds = futures::future::join_all((0..4).map(|_| dispatch_due(&app, now)));
            let (rounds, ()) = tokio::join!(rounds, yes);
            for round in rounds {
                round.unwrap();
            }
            assert_eq!(overburdened(&app).await, []);
        }
        for driver in drivers {
            assert_eq!(in_hand(&app, driver).await.len(), 2, "every driver has two orders");
        }
    }

    async fn offers_made_at_once_behind_each_others_back_are_two_at_most(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(100.0)).await;
        let mut orders = Vec::new();
        for _ in 0..6 {
            orders.push(ready(&app, &city).await);
        }
        for given in 1..=3_usize {
            let wish = Command::Offer { driver_id: driver, expires_at: app.clock.now().plus_seconds(45) };
            let offers = orders.iter().map(|order| command(&app, Actor::SYSTEM, *order, wish.clone()));
            let made = futures::future::join_all(offers).await.into_iter().flatten().count();
            assert_eq!(made, usize::from(given <= 2), "one offer at a time, and no third");
            assert_eq!(overburdened(&app).await, []);
            for order in &orders {
                if asked(&app, *order).await.is_some() {
                    accepts(&app, driver, *order).await;
                }
            }
        }
        assert_eq!(in_hand(&app, driver).await.len(), 2);
    }

    async fn who_takes_the_food_at_this_very_moment_is_asked_before_it_or_not_at_all(app: TestApp) {
        let city = City::build(&app).await;
        for _ in 0..12 {
            let driver = driver_at(&app, north(100.0)).await;
            let first = ready(&app, &city).await;
            dispatch(&app).await.unwrap();
            accepts(&app, driver, first).await;
            let second = ready(&app, &city).await;
            let (round, ()) = tokio::join!(dispatch(&app), does(&app, driver, first, Command::PickUp));
            round.unwrap();
            if asked(&app, second).await.is_some() {
                let number = async |order: OrderId| {
                    let mut tx = app.db.read().await.unwrap();
                    let (seq,) = sql!(&mut tx, fetch_one as (i64,), "select seq from sync_head where scope = $1 and id = $2",
                        Scope::Driver(driver).to_string(), order.0).unwrap();
                    seq
                };
                assert!(number(second).await < number(first).await, "asked with food in the box");
                declines(&app, driver, second).await;
            }
            command(&app, city.kitchen(), second, Command::Cancel { reason: Reason::TooBusy }).await.unwrap();
            does(&app, driver, first, Command::Deliver { cash: Some(TOTAL) }).await;
            off(&app, driver).await.unwrap();
        }
    }
}
