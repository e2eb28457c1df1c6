//! Which driver is asked, and what happens when they do not take it.

use std::collections::HashSet;
use std::time::Duration;

use momfood_backend::both;
use momfood_backend::delivery::{DeliveryError, dispatch_due};
use momfood_backend::ordering::OrderingError;
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::{Command, OrderStatus, Reason};

use crate::drivers::{
    accepts, asked, attempt, attempts, declines, dispatch, does, driver_at, off, on, ready, ready_for,
};
use crate::support::{City, TOTAL, command, north, person, status};
use crate::trips::overburdened;

/// A driver does something: goes off or on duty, takes what is offered, or does not. Only the database may not refuse.
async fn whim(app: &TestApp, driver: UserId) {
    let mut tx = app.db.read().await.unwrap();
    let open = sql!(
        &mut tx,
        fetch_optional as (OrderId, i64),
        "select order_id, attempt from assignments where driver_id = $1 and status = 'offered'",
        driver
    )
    .unwrap();
    drop(tx);
    let answer = open.map(|(order, attempt)| (order, u32::try_from(attempt).unwrap()));
    let me = Actor::person(driver, Role::Driver);
    let [whim] = app.clock.bytes();
    let outcome = match (whim % 4, answer) {
        (0, _) => off(app, driver).await,
        (1, Some((order, attempt))) => {
            let taken = command(app, me, order, Command::AcceptOffer { attempt }).await;
            taken.map(drop).map_err(DeliveryError::from)
        }
        (2, Some((order, attempt))) => {
            let declined = command(app, me, order, Command::DeclineOffer { attempt }).await;
            declined.map(drop).map_err(DeliveryError::from)
        }
        _ => on(app, driver, north(f64::from(whim))).await,
    };
    if let Err(DeliveryError::Store(error) | DeliveryError::Ordering(OrderingError::Store(error))) = outcome {
        panic!("the database was run into: {error}");
    }
}

both! {
    async fn the_nearest_free_driver_is_asked_first(app: TestApp) {
        let city = City::build(&app).await;
        let _far = driver_at(&app, north(3_000.0)).await;
        let near = driver_at(&app, north(400.0)).await;
        let gone = driver_at(&app, north(10.0)).await;
        off(&app, gone).await.unwrap();
        let _abroad = driver_at(&app, north(20_000.0)).await;
        let order = ready(&app, &city).await;
        assert_eq!(dispatch(&app).await.unwrap(), Some(45), "until the offer runs out");
        assert_eq!(asked(&app, order).await, Some(near));
        assert_eq!(dispatch(&app).await.unwrap(), Some(45), "one offer at a time");
        assert_eq!(attempt(&app, order).await, 1);
    }

    async fn nobody_is_asked_before_the_food_is_nearly_ready(app: TestApp) {
        let city = City::build(&app).await;
        driver_at(&app, north(100.0)).await;
        let order = city.order(&app, None).await;
        command(&app, city.kitchen(), order, Command::Accept { prep_minutes: 30 }).await.unwrap();
        assert_eq!(dispatch(&app).await.unwrap(), Some(20 * 60));
        assert_eq!(attempts(&app, order).await, []);
        app.clock.advance(Duration::from_mins(20));
        dispatch(&app).await.unwrap();
        assert_eq!(attempt(&app, order).await, 1);
    }

    async fn whoever_declines_is_followed_by_the_next_nearest(app: TestApp) {
        let city = City::build(&app).await;
        let near = driver_at(&app, north(400.0)).await;
        let far = driver_at(&app, north(3_000.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        declines(&app, near, order).await;
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, order).await, [(near, "declined".into()), (far, "offered".into())]);
    }

    async fn an_offer_nobody_answers_goes_to_the_next_driver_at_its_deadline(app: TestApp) {
        let city = City::build(&app).await;
        let near = driver_at(&app, north(400.0)).await;
        let far = driver_at(&app, north(3_000.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        app.clock.advance(Duration::from_secs(44));
        assert_eq!(dispatch(&app).await.unwrap(), Some(1));
        assert_eq!(asked(&app, order).await, Some(near));
        app.clock.advance(Duration::from_secs(1));
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, order).await, [(near, "expired".into()), (far, "offered".into())]);
    }

    async fn when_all_have_declined_they_are_asked_again_later(app: TestApp) {
        let city = City::build(&app).await;
        let near = driver_at(&app, north(400.0)).await;
        let far = driver_at(&app, north(3_000.0)).await;
        let order = ready(&app, &city).await;
        for driver in [near, far] {
            dispatch(&app).await.unwrap();
            declines(&app, driver, order).await;
            assert_eq!(asked(&app, order).await, None);
        }
        assert_eq!(dispatch(&app).await.unwrap(), Some(10), "nobody is pestered");
        assert_eq!(attempt(&app, order).await, 2);
        app.clock.advance(Duration::from_mins(1));
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, order).await, Some(near));
    }

    async fn a_driver_who_comes_on_duty_is_asked_at_the_next_round(app: TestApp) {
        let city = City::build(&app).await;
        let order = ready(&app, &city).await;
        assert_eq!(dispatch(&app).await.unwrap(), Some(10));
        let driver = driver_at(&app, north(400.0)).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, order).await, Some(driver));
    }

    async fn a_round_that_finds_nobody_writes_nothing(app: TestApp) {
        let city = City::build(&app).await;
        ready(&app, &city).await;
        app.db.written().await;
        dispatch(&app).await.unwrap();
        let woken = tokio::time::timeout(Duration::from_millis(50), app.db.written()).await;
        assert!(woken.is_err(), "a round must not wake itself");
    }

    async fn two_deliveries_of_different_ways_never_go_to_one_driver(app: TestApp) {
        let city = City::build(&app).await;
        let only = driver_at(&app, north(400.0)).await;
        let (first, second) = (ready(&app, &city).await, ready_for(&app, &city, north(-2_500.0)).await);
        dispatch(&app).await.unwrap();
        let offered = [asked(&app, first).await, asked(&app, second).await];
        assert_eq!(offered.iter().flatten().count(), 1);
        let (first, second) = if offered[0].is_some() { (first, second) } else { (second, first) };
        accepts(&app, only, first).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, None, "a driver who goes north takes nothing south");
        does(&app, only, first, Command::PickUp).await;
        does(&app, only, first, Command::Deliver { cash: Some(5_000) }).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, second).await, Some(only));
    }

    async fn two_servers_that_dispatch_at_once_ask_each_driver_once(app: TestApp) {
        let city = City::build(&app).await;
        let mut orders = Vec::new();
        for metre in 1..=4_u32 {
            driver_at(&app, north(f64::from(metre) * 100.0)).await;
            orders.push(ready(&app, &city).await);
            orders.push(ready(&app, &city).await);
        }
        let now = app.clock.now();
        for _ in 0..2 {
            let rounds = futures::future::join_all((0..4).map(|_| dispatch_due(&app, now))).await;
            for round in rounds {
                round.unwrap();
            }
        }
        let mut asked_drivers = HashSet::new();
        for order in orders {
            let attempts = attempts(&app, order).await;
            assert!(attempts.len() <= 1, "{attempts:?}");
            for (driver, _) in attempts {
                assert!(asked_drivers.insert(driver), "asked twice");
            }
        }
        assert_eq!(asked_drivers.len(), 4, "every driver has something to do");
    }

    async fn whatever_drivers_do_at_one_moment_none_has_more_in_hand_than_they_may(app: TestApp) {
        let city = City::build(&app).await;
        let mut drivers = Vec::new();
        let mut orders = Vec::new();
        for metre in 1..=5_u32 {
            drivers.push(driver_at(&app, north(f64::from(metre) * 100.0)).await);
            orders.push(ready(&app, &city).await);
        }
        for _ in 0..12 {
            app.clock.advance(Duration::from_secs(20));
            let rounds = futures::future::join_all((0..2).map(|_| dispatch(&app)));
            let moves = futures::future::join_all(drivers.iter().map(|driver| whim(&app, *driver)));
            let (rounds, _) = tokio::join!(rounds, moves);
            for round in rounds {
                round.unwrap();
            }
            let mut tx = app.db.read().await.unwrap();
            let (off_duty,) = sql!(&mut tx, fetch_one as (i64,),
                "select count(*) from assignments a where a.status in ('offered', 'accepted') and not exists \
                 (select 1 from shifts s where s.driver_id = a.driver_id and s.ended_at is null)").unwrap();
            assert_eq!(off_duty, 0, "nobody off duty has anything in hand");
            assert_eq!(overburdened(&app).await, []);
        }
        let mut given = 0;
        for order in orders {
            given += attempts(&app, order).await.len();
        }
        assert!(given > 5, "there was something to do at once: {given}");
    }

    async fn a_driver_who_lets_go_is_replaced_at_once(app: TestApp) {
        let city = City::build(&app).await;
        let near = driver_at(&app, north(400.0)).await;
        let far = driver_at(&app, north(3_000.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        accepts(&app, near, order).await;
        does(&app, near, order, Command::Release { attempt: 1, reason: Reason::VehicleProblem }).await;
        dispatch(&app).await.unwrap();
        assert_eq!(attempts(&app, order).await, [(near, "released".into()), (far, "offered".into())]);
    }

    async fn an_order_called_off_is_offered_to_nobody(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(400.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, order).await, Some(driver));
        command(&app, city.kitchen(), order, Command::Cancel { reason: Reason::OutOfStock }).await.unwrap();
        assert_eq!(dispatch(&app).await.unwrap(), None);
        assert_eq!(asked(&app, order).await, None);
    }

    async fn a_server_that_restarts_goes_on_where_the_other_stopped(app: TestApp) {
        let city = City::build(&app).await;
        let near = driver_at(&app, north(400.0)).await;
        let far = driver_at(&app, north(3_000.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        // Another process on the same database knows nothing but what is written.
        app.clock.advance(Duration::from_mins(5));
        let keys = momfood_backend::keys::Keys::from_seed(&[9; 32]).unwrap();
        let other = momfood_backend::app::App::new(app.config.clone(), app.clock.clone(), app.db.clone(), keys);
        dispatch_due(&other, other.clock.now()).await.unwrap();
        assert_eq!(attempts(&app, order).await, [(near, "expired".into()), (far, "offered".into())]);
    }

    async fn a_driver_seen_lately_is_asked_before_a_nearer_one_gone_quiet(app: TestApp) {
        let city = City::build(&app).await;
        let quiet = driver_at(&app, north(100.0)).await;
        app.clock.advance(Duration::from_mins(11));
        let lively = driver_at(&app, north(5_000.0)).await;
        let order = ready(&app, &city).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, order).await, Some(lively));
        declines(&app, lively, order).await;
        dispatch(&app).await.unwrap();
        assert_eq!(asked(&app, order).await, Some(quiet), "better a quiet driver than none");
    }

    async fn the_worker_carries_a_card_order_from_the_tap_to_an_offer(app: TestApp) {
        let city = City::build(&app).await;
        let driver = driver_at(&app, north(400.0)).await;
        let order = city.order(&app, Some("sandbox:4242424242424242")).await;
        app.tick().await;
        assert_eq!(status(&app, order).await, OrderStatus::Pending);
        command(&app, city.kitchen(), order, Command::Accept { prep_minutes: 15 }).await.unwrap();
        app.pass(Duration::from_mins(5)).await;
        assert_eq!(asked(&app, order).await, Some(driver));
        let mut tx = app.db.read().await.unwrap();
        let (captured,) = sql!(&mut tx, fetch_one as (i64,), "select captured from payments where order_id = $1", order).unwrap();
        assert_eq!(captured, TOTAL);
        drop(tx);
        app.pass(Duration::from_secs(45)).await;
        assert_eq!(asked(&app, order).await, None, "the offer ran out");
    }

    async fn going_on_duty_twice_is_one_shift(app: TestApp) {
        let driver = person(&app, Role::Driver).await;
        for _ in 0..2 {
            on(&app, driver, north(100.0)).await.unwrap();
        }
        let mut tx = app.db.read().await.unwrap();
        let (shifts,) = sql!(&mut tx, fetch_one as (i64,), "select count(*) from shifts where driver_id = $1", driver).unwrap();
        assert_eq!(shifts, 1);
    }
}
