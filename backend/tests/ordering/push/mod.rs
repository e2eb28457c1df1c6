//! What people are told who are not looking: by services that speak as Apple's and Google's do, on real sockets.

mod fake;

use std::time::Duration;

use http::Method;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use momfood_backend::app::{self, App};
use momfood_backend::both;
use momfood_backend::config::Config;
use momfood_backend::keys::Keys;
use momfood_backend::notify::{FRESH, LEASE, Services, tell_due_with};
use momfood_backend::sealed::Sealer;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::OrderId;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::town::*;
use fake::{Fake, TOPIC};

/// What Apple calls Sara's phone.
const PHONE: &str = "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad";
/// What Google calls her tablet.
const TABLET: &str = "dQw4-w9_:APA91b.x";

async fn named(app: &TestApp, who: &Someone, platform: &str, token: &str) -> Answer {
    app.request(Method::PUT, "/api/v1/push/token")
        .bearer(&who.token)
        .json(&json!({ "platform": platform, "token": token }))
        .send()
        .await
}

/// A town whose Sara has a phone, and Apple.
async fn with_phone(app: &TestApp) -> (Town, Fake, Services) {
    let town = Town::build(app).await;
    named(app, &town.sara, "apns", PHONE).await.data();
    let fake = Fake::start().await;
    let services = fake.services(&app.clock);
    (town, fake, services)
}

async fn tell(app: &TestApp, services: &Services) {
    tell_due_with(app, services, app.clock.now()).await.unwrap();
}

/// The titles that arrived, in their order.
fn titles(fake: &Fake) -> Vec<String> {
    fake.heard()
        .iter()
        .filter(|heard| heard.path.starts_with("/3/device/"))
        .map(|heard| heard.body["aps"]["alert"]["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Has a driver carry the order, or come to the door with it.
async fn carried(app: &TestApp, id: OrderId) -> Someone {
    let fahad = person(app, "Fahad", Role::Driver, None).await;
    offer(app, id, &fahad).await;
    step(app, &fahad, id, "accept-offer", &json!({ "attempt": 1 }))
        .await
        .data();
    step(app, &fahad, id, "pick-up", &Value::Null).await.data();
    fahad
}

both! {
    async fn an_accepted_order_is_told_as_apple_wants_it_and_says_nothing_private(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        let id = town.accepted(&app).await;
        assert_eq!(fake.heard().len(), 0, "nothing is asked inside the transaction");
        tell(&app, &services).await;

        let heard = fake.heard();
        assert_eq!(heard.len(), 1);
        let heard = &heard[0];
        assert_eq!((heard.method.as_str(), heard.http2), ("POST", true));
        assert_eq!(heard.path, format!("/3/device/{PHONE}"));
        assert_eq!(heard.header("apns-topic"), TOPIC);
        assert_eq!(heard.header("apns-push-type"), "alert");
        assert_eq!(heard.header("apns-collapse-id"), id.to_string());
        let until = app.clock.now().plus(FRESH).0 / 1_000_000;
        assert_eq!(heard.header("apns-expiration"), until.to_string());
        assert_eq!(heard.body["path"], format!("/orders/{id}"));
        assert_eq!(heard.body["aps"]["alert"]["title"], "قُبل طلبك");

        let token = heard.header("authorization").strip_prefix("Bearer ").unwrap().to_owned();
        let mut rules = Validation::new(Algorithm::ES256);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        let key = DecodingKey::from_ec_pem(include_bytes!("apns.pub")).unwrap();
        let read = decode::<Value>(&token, &key, &rules).unwrap();
        assert_eq!(read.header.kid.as_deref(), Some("KEY1234567"));
        assert_eq!(read.claims, json!({ "iss": "TEAM123456", "iat": app.clock.now().0 / 1_000_000 }));

        let order = look(&app, &town.sara, id).await;
        let said = heard.body.to_string();
        for private in [
            order["customer"]["phone"].as_str().unwrap(),
            order["customer"]["name"].as_str().unwrap(),
            order["address"]["line"].as_str().unwrap(),
            order["address"]["shortAddress"].as_str().unwrap(),
            order["handoverCode"].as_str().unwrap(),
        ] {
            assert!(!said.contains(private), "{private} in {said}");
        }
        assert_eq!(count!(app, "select count(*) from push_due"), 0, "told is told");
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 1);
    }

    async fn google_is_asked_for_access_once_and_a_person_is_told_in_their_language(app: TestApp) {
        let town = Town::build(&app).await;
        named(&app, &town.sara, "fcm", TABLET).await.data();
        let user = town.sara.id;
        change!(app, "update customer_profiles set preferred_language = 'en' where user_id = $1", user);
        let fake = Fake::start().await;
        let services = fake.services(&app.clock);
        let id = town.accepted(&app).await;
        tell(&app, &services).await;
        let fahad = carried(&app, id).await;
        tell(&app, &services).await;
        step(&app, &fahad, id, "arrive-customer", &Value::Null).await.data();
        tell(&app, &services).await;
        step(&app, &fahad, id, "deliver", &json!({ "cash": 6_150 })).await.data();
        tell(&app, &services).await;

        let heard = fake.heard();
        let access: Vec<_> = heard.iter().filter(|heard| heard.path == "/token").collect();
        assert_eq!(access.len(), 1, "an access token serves for its hour");
        let form = access[0].text.clone();
        let assertion = form.split_once("assertion=").unwrap().1;
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_audience(&[format!("{}/token", fake.url)]);
        rules.validate_exp = false;
        let key = DecodingKey::from_rsa_pem(include_bytes!("fcm.pub")).unwrap();
        let claims = decode::<Value>(assertion, &key, &rules).unwrap().claims;
        assert_eq!(claims["iss"], "push@momfood-test.example");
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 3_600);

        let sent: Vec<_> = heard.iter().filter(|heard| heard.path.ends_with("messages:send")).collect();
        let titles: Vec<_> = sent.iter().map(|heard| heard.body["message"]["notification"]["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Your order is accepted", "Your order is on its way", "Your driver is at the door", "Delivered"]);
        for one in &sent {
            assert_eq!(one.path, "/v1/projects/momfood-test/messages:send");
            assert_eq!(one.header("authorization"), "Bearer access-1");
            let message = &one.body["message"];
            assert_eq!(message["token"], TABLET);
            assert_eq!(message["android"]["collapse_key"], id.to_string());
            assert_eq!(message["android"]["notification"]["tag"], id.to_string());
            assert_eq!(message["android"]["ttl"], "1800s");
            assert_eq!(message["data"]["path"], format!("/orders/{id}"));
        }

        // The hour is over: another token.
        let next = town.accepted(&app).await;
        app.clock.advance(Duration::from_hours(1));
        let now = app.clock.now();
        change!(app, "update push_due set at = $1 where order_id = $2", now, next);
        tell(&app, &services).await;
        assert_eq!(fake.heard().iter().filter(|heard| heard.path == "/token").count(), 2);
    }

    async fn only_the_newest_is_told_of_what_happened_while_nobody_told(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        let id = town.accepted(&app).await;
        step(&app, &town.kitchen, id, "prepare", &Value::Null).await.data();
        step(&app, &town.kitchen, id, "ready", &Value::Null).await.data();
        carried(&app, id).await;
        tell(&app, &services).await;
        assert_eq!(titles(&fake), ["طلبك في الطريق"]);
    }

    async fn a_newer_one_waits_until_the_older_has_arrived(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        let id = town.accepted(&app).await;
        let gate = fake.hold();
        let first = {
            let (app, services) = (App::clone(&app), services.clone());
            tokio::spawn(async move { tell_due_with(&app, &services, app.clock.now()).await })
        };
        gate.reached().await;
        carried(&app, id).await;
        tell(&app, &services).await;
        assert_eq!(titles(&fake), ["قُبل طلبك"], "the older is still on its way");
        gate.open();
        first.await.unwrap().unwrap();
        tell(&app, &services).await;
        assert_eq!(titles(&fake), ["قُبل طلبك", "طلبك في الطريق"]);
    }

    async fn a_token_that_leads_nowhere_is_forgotten(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        for (status, reason) in [(410, "Unregistered"), (400, "BadDeviceToken")] {
            named(&app, &town.sara, "apns", PHONE).await.data();
            fake.answer(status, &[], json!({ "reason": reason }));
            town.accepted(&app).await;
            tell(&app, &services).await;
            assert_eq!(count!(app, "select count(*) from push_token"), 0, "{reason}");
            assert_eq!(count!(app, "select count(*) from push_due"), 0);
        }
        let before = fake.heard().len();
        town.accepted(&app).await;
        assert_eq!(count!(app, "select count(*) from push_due"), 0, "nobody is there to be told");
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), before);

        named(&app, &town.sara, "fcm", TABLET).await.data();
        fake.answer(404, &[], json!({ "error": { "details": [{ "errorCode": "UNREGISTERED" }] } }));
        town.accepted(&app).await;
        tell(&app, &services).await;
        assert_eq!(count!(app, "select count(*) from push_token"), 0);
    }

    async fn a_service_that_asks_to_wait_is_left_alone_for_so_long(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        fake.answer(429, &[("retry-after", "100")], json!({ "reason": "TooManyRequests" }));
        town.accepted(&app).await;
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 1);
        app.clock.advance(Duration::from_secs(99));
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 1, "too soon");
        app.clock.advance(Duration::from_secs(2));
        fake.answer(503, &[], json!({ "reason": "ServiceUnavailable" }));
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 2);
        app.clock.advance(Duration::from_mins(1));
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 3);
        assert_eq!(count!(app, "select count(*) from push_due"), 0);
    }

    async fn what_may_no_longer_be_true_is_not_told(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        // Also where there is no service at all: nothing piles up.
        for services in [services, Services::default()] {
            town.accepted(&app).await;
            let old = app.clock.now().plus(-FRESH);
            change!(app, "update push_due set at = $1", old);
            tell(&app, &services).await;
            assert_eq!(fake.heard().len(), 0);
            assert_eq!(count!(app, "select count(*) from push_due"), 0);
        }
    }

    async fn what_a_killed_server_did_not_tell_another_one_does(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        town.accepted(&app).await;
        // The first server ends between its commit and telling.
        let second = another(&app).await;
        tell_due_with(&second, &services, second.clock.now()).await.unwrap();
        assert_eq!(titles(&fake), ["قُبل طلبك"]);

        // One that ends in the middle of telling: after its lease, another tells it in its place.
        town.accepted(&app).await;
        let gate = fake.hold();
        let dying = {
            let (app, services) = (App::clone(&app), services.clone());
            tokio::spawn(async move { tell_due_with(&app, &services, app.clock.now()).await })
        };
        gate.reached().await;
        dying.abort();
        tell_due_with(&second, &services, second.clock.now()).await.unwrap();
        assert_eq!(fake.heard().len(), 2, "it is another's to tell");
        app.clock.advance(micros(LEASE));
        tell_due_with(&second, &services, second.clock.now()).await.unwrap();
        assert_eq!(fake.heard().len(), 3);
        assert_eq!(count!(app, "select count(*) from push_due"), 0);
        gate.open();
        second.stop().await;
    }

    async fn two_servers_tell_nothing_twice(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        for _ in 0..8 {
            town.accepted(&app).await;
        }
        let second = another(&app).await;
        let now = app.clock.now();
        let both = futures::future::join(tell_due_with(&app, &services, now), tell_due_with(&second, &services, now)).await;
        both.0.unwrap();
        both.1.unwrap();
        // One of them may have left what the other was telling.
        tell(&app, &services).await;
        let mut orders: Vec<String> = fake.heard().iter().map(|heard| heard.header("apns-collapse-id").to_owned()).collect();
        orders.sort();
        let all = orders.len();
        orders.dedup();
        assert_eq!((all, orders.len()), (8, 8));
        second.stop().await;
    }

    async fn only_the_device_that_was_not_told_is_told_again(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        let tablet = sign_in(&app, town.sara.id, Role::Customer, None).await;
        named(&app, &tablet, "fcm", TABLET).await.data();
        fake.answer_to("messages:send", 503, &[], json!({}));
        town.accepted(&app).await;
        tell(&app, &services).await;
        app.clock.advance(Duration::from_mins(1));
        tell(&app, &services).await;
        assert_eq!(titles(&fake).len(), 1, "the phone has it");
        let sent = fake.heard().iter().filter(|heard| heard.path.ends_with("messages:send")).count();
        assert_eq!(sent, 2);
        assert_eq!(count!(app, "select count(*) from push_due"), 0);
    }

    async fn who_calls_an_order_off_is_not_told_so_and_what_was_to_be_told_is_dropped(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        let id = town.accepted(&app).await;
        step(&app, &town.sara, id, "cancel", &json!({ "reason": "changed_mind" })).await.data();
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 0);

        let id = town.order(&app).await;
        step(&app, &town.kitchen, id, "reject", &json!({ "reason": "out_of_stock" })).await.data();
        tell(&app, &services).await;
        assert_eq!(titles(&fake), ["اعتذر المطعم عن طلبك"]);
        assert!(fake.heard()[0].body["aps"]["alert"]["body"].as_str().unwrap().contains("نفد"));
    }

    async fn a_token_goes_with_whoever_is_signed_in_on_the_device(app: TestApp) {
        let (town, fake, services) = with_phone(&app).await;
        // Omar signs in on Sara's phone.
        let omar = person(&app, "Omar", Role::Customer, None).await;
        named(&app, &omar, "apns", PHONE).await.data();
        assert_eq!(count!(app, "select count(*) from push_token"), 1);
        town.accepted(&app).await;
        tell(&app, &services).await;
        assert_eq!(fake.heard().len(), 0, "Sara is not told on a phone that is Omar's now");

        // A sign-in has one token.
        named(&app, &town.sara, "apns", "abcdef").await.data();
        named(&app, &town.sara, "apns", "abcdef01").await.data();
        assert_eq!(count!(app, "select count(*) from push_token"), 2);
        app.request(Method::DELETE, "/api/v1/push/token").bearer(&town.sara.token).send().await.data();
        assert_eq!(count!(app, "select count(*) from push_token"), 1);

        // Signing out forgets it; what has ended takes no new one.
        named(&app, &town.sara, "apns", "abcdef").await.data();
        let renewal = momfood_backend::identity::Renewal { session: town.sara.session, generation: 1 };
        app.post("/api/v1/auth/logout", &json!({ "refreshToken": renewal.token(&app.keys) })).await;
        assert_eq!(count!(app, "select count(*) from push_token"), 1);
        assert_eq!(named(&app, &town.sara, "apns", "abcdef").await.code(), "session_revoked");
        assert_eq!(named(&app, &omar, "apns", "../x").await.code(), "invalid_input");
    }
}

fn micros(span: i64) -> Duration {
    Duration::from_micros(span.unsigned_abs())
}

/// Another server on the same database, under the same clock.
async fn another(app: &TestApp) -> App {
    let url = app
        .config
        .database_url
        .as_ref()
        .unwrap()
        .expose_secret()
        .to_owned();
    let config = Config {
        data_dir: app.config.data_dir.clone(),
        database_url: Some(url.into()),
        ..Config::default()
    };
    let db = app::open(&config).await.unwrap();
    db.seal_with(Sealer::for_tests());
    let keys = Keys::from_seed(&[7; 32]).unwrap();
    App::new(config, app.clock.clone(), db, keys)
}
