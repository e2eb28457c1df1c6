//! What a stream carries, to whom, and when it ends.

use std::time::Duration;

use momfood_backend::both;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::OrderId;
use momfood_protocol::feed::{Entity, OrderPosition, StreamEvent};
use momfood_protocol::view::Position;
use serde_json::{Value, json};

use crate::listener::Ears;
use crate::town::*;

both! {
    async fn every_party_hears_every_step_as_it_may_see_it(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let (mut sara, mut kitchen, mut fahad) =
            (Ears::open(&app, &town.sara).await, Ears::open(&app, &town.kitchen).await, Ears::open(&app, &driver).await);
        for (ears, scope) in [
            (&mut sara, format!("customer:{}", town.sara.id)),
            (&mut kitchen, format!("restaurant:{}", town.restaurant)),
            (&mut fahad, format!("driver:{}", driver.id)),
        ] {
            let heads = ears.heads().await;
            assert_eq!((heads.time, heads.heads), (app.clock.now(), [(scope, 0)].into()));
        }

        let id = town.order(&app).await;
        for (ears, address) in [(&mut sara, true), (&mut kitchen, false)] {
            let delta = ears.delta().await;
            assert_eq!((delta.from, delta.to, delta.changes.len()), (0, 1, 1));
            let change = &delta.changes[0];
            assert_eq!((change.entity, change.id, change.rev), (Entity::Order, id.0, 1));
            let body = change.body.as_ref().unwrap();
            assert_eq!((&body["status"], body.get("address").is_some()), (&json!("pending"), address));
        }
        step(&app, &town.kitchen, id, "accept", &json!({ "prepMinutes": 20 })).await.data();
        for ears in [&mut sara, &mut kitchen] {
            assert_eq!(ears.delta().await.changes[0].body.as_ref().unwrap()["status"], "accepted");
        }
        offer(&app, id, &driver).await;
        let asked = fahad.delta().await;
        assert_eq!(asked.changes[0].body.as_ref().unwrap()["may"], json!(["accept_offer", "decline_offer"]));
        for ears in [&mut sara, &mut kitchen] {
            ears.delta().await;
        }
        step(&app, &driver, id, "accept-offer", &json!({ "attempt": 1 })).await.data();
        let body = fahad.delta().await.changes[0].body.clone().unwrap();
        assert_eq!(body["address"]["landmark"], "مقابل المسجد");
        assert_eq!(sara.delta().await.changes[0].body.as_ref().unwrap()["delivery"]["driver"]["name"], "Fahad");
        step(&app, &driver, id, "pick-up", &Value::Null).await.data();
        fahad.delta().await;
        step(&app, &driver, id, "deliver", &json!({ "cash": 6_150 })).await.data();
        let done = fahad.delta().await;
        assert_eq!(done.to - done.from, 2, "the job is gone and the day has changed");
        let order = done.changes.iter().find(|change| change.entity == Entity::Order).unwrap();
        let day = done.changes.iter().find(|change| change.entity == Entity::Driver).unwrap();
        assert!(order.body.is_none());
        assert_eq!(day.body.as_ref().unwrap()["cashInHand"], 6_150);
    }

    async fn a_driver_who_says_no_loses_the_order_and_the_next_gets_it(app: TestApp) {
        let town = Town::build(&app).await;
        let (fahad, omar) = (person(&app, "Fahad", Role::Driver, None).await, person(&app, "Omar", Role::Driver, None).await);
        let id = town.accepted(&app).await;
        let (mut first, mut second) = (Ears::open(&app, &fahad).await, Ears::open(&app, &omar).await);
        first.heads().await;
        second.heads().await;
        offer(&app, id, &fahad).await;
        assert!(first.delta().await.changes[0].body.is_some());
        step(&app, &fahad, id, "decline-offer", &json!({ "attempt": 1 })).await.data();
        assert!(first.delta().await.changes[0].body.is_none());
        offer(&app, id, &omar).await;
        assert_eq!(second.delta().await.changes[0].body.as_ref().unwrap()["delivery"]["assignment"]["attempt"], 2);
    }

    async fn heads_come_every_twenty_seconds_whatever_else_comes(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        let first = ears.heads().await;
        app.clock.advance(Duration::from_secs(19));
        town.order(&app).await;
        ears.delta().await;
        app.clock.advance(Duration::from_secs(1));
        let second = ears.heads().await;
        assert_eq!(second.time.since(first.time), 20_000_000);
        assert_eq!((second.epoch, second.heads.values().sum::<i64>()), (first.epoch, 1));
    }

    async fn a_stream_ends_with_its_token(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        ears.heads().await;
        app.clock.advance(Duration::from_mins(15));
        assert!(ears.next().await.is_none());
    }

    async fn a_stream_ends_with_its_session_and_says_nothing_more(app: TestApp) {
        let town = Town::build(&app).await;
        let (mut sara, mut kitchen) = (Ears::open(&app, &town.sara).await, Ears::open(&app, &town.kitchen).await);
        sara.heads().await;
        kitchen.heads().await;
        let (session, now) = (town.kitchen.session, app.clock.now());
        change!(&app, "update sessions set ended_at = $1 where id = $2", now, session);
        town.order(&app).await;
        sara.delta().await;
        assert!(kitchen.next().await.is_none());
    }

    async fn a_stream_ends_with_the_staff_members_place(app: TestApp) {
        let town = Town::build(&app).await;
        let mut kitchen = Ears::open(&app, &town.kitchen).await;
        kitchen.heads().await;
        let user = town.kitchen.id;
        change!(&app, "delete from restaurant_staff where user_id = $1", user);
        town.order(&app).await;
        assert!(kitchen.next().await.is_none());
    }

    async fn streams_end_when_the_server_stops(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        ears.heads().await;
        app.stopping.cancel();
        assert!(ears.next().await.is_none());
    }

    async fn who_is_too_slow_is_told_to_start_over(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.kitchen).await;
        ears.heads().await;
        for _ in 0..40 {
            let mut quick = Ears::open(&app, &town.sara).await;
            quick.heads().await;
            town.order(&app).await;
            quick.delta().await;
            app.clock.advance(Duration::from_millis(100));
        }
        // Its own scope is read beside the customer's: wait until that is done too.
        let mut late = Ears::open(&app, &town.kitchen).await;
        let head = late.heads().await.heads.into_values().sum::<i64>();
        assert_eq!(head, 40);
        let mut events = Vec::new();
        loop {
            let event = ears.next().await.unwrap();
            let heads = matches!(event, StreamEvent::Heads(_));
            events.push(event);
            if heads { break }
        }
        assert_eq!(events[0], StreamEvent::Resync, "{events:?}");
        town.order(&app).await;
        let mut next = ears.next().await.unwrap();
        while let StreamEvent::Head(_) = next {
            next = ears.next().await.unwrap();
        }
        let StreamEvent::Delta(delta) = next else { panic!("not a delta: {next:?}") };
        assert_eq!((delta.from, delta.to), (40, 41), "after the heads it was told, it hears changes again");
    }

    async fn what_is_too_large_to_carry_is_only_named(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        ears.heads().await;
        let lines: Vec<Value> = (0..30).map(|n| json!({ "itemId": JUICE, "quantity": 1, "note": format!("رقم {n}") })).collect();
        let cart = json!({ "restaurantId": town.restaurant, "lines": lines });
        let request = json!({ "cart": cart, "fulfilment": "delivery", "point": DOOR });
        let quote = post(&app, &town.sara, "/api/v1/quotes", &request).await.data();
        let request = json!({ "id": app.clock.uuid(), "quoteId": quote["id"], "paymentMethod": "cash", "address": address() });
        place(&app, &town.sara, &request).await.data();
        match ears.next().await {
            Some(StreamEvent::Head(head)) => assert_eq!(head.head, 1),
            other => panic!("not a head: {other:?}"),
        }
    }

    async fn a_position_reaches_the_orders_customer_and_only_the_latest_counts(app: TestApp) {
        let town = Town::build(&app).await;
        let omar = person(&app, "Omar", Role::Customer, None).await;
        let (mut sara, mut other) = (Ears::open(&app, &town.sara).await, Ears::open(&app, &omar).await);
        sara.heads().await;
        other.heads().await;
        let order_id: OrderId = app.clock.id();
        let at = |n: i64| Position { point: GeoPoint { lat: 24.7, lng: 46.7 }, at: app.clock.now().plus(n), heading: Some(90) };
        for n in 0..100 {
            app.hub.position(town.sara.id, OrderPosition { order_id, position: at(n) });
        }
        assert_eq!(sara.next().await, Some(StreamEvent::Position(OrderPosition { order_id, position: at(99) })));
        app.clock.advance(Duration::from_secs(20));
        sara.heads().await;
        other.heads().await;
    }

    async fn who_leaves_is_forgotten(app: TestApp) {
        let town = Town::build(&app).await;
        let ears = Ears::open(&app, &town.sara).await;
        let more = Ears::open(&app, &town.sara).await;
        assert_eq!(app.hub.listeners(), 2);
        drop(ears);
        assert_eq!(app.hub.listeners(), 1);
        drop(more);
        town.order(&app).await;
        assert_eq!(app.hub.listeners(), 0);
    }
}
