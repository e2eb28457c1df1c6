//! Guessing passwords: from one address, from many, by way of an account of one's own, and so as to lock its owner out.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::testing::{Answer, TestApp};
use momfood_protocol::account::Consent;
use serde_json::{Value, json};

use crate::asking::word;

const SARA: &str = "sara@example.sa";
const MALLORY: &str = "mallory@example.sa";
const SECRET: &str = "a long secret";
const HOME: &str = "5.5.5.5:4000";

async fn enrol(app: &TestApp, email: &str, from: &str) {
    let ticket = app.ticket(email).await;
    let body = json!({ "ticket": ticket, "password": SECRET, "firstName": "سارة", "consents": Consent::of_a_newcomer(false) });
    let asked = app
        .request(Method::POST, "/api/v1/auth/register")
        .from(from)
        .json(&body);
    asked.send().await.data();
}

/// A try from an address, in a browser with these cookies.
async fn attempt(app: &TestApp, email: &str, password: &str, from: &str, cookies: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    let mut asked = app
        .request(Method::POST, "/api/v1/auth/login")
        .from(from)
        .json(&body);
    if !cookies.is_empty() {
        asked = asked
            .header("cookie", cookies)
            .header("x-momfood-cookie", "customer");
    }
    asked.send().await
}

async fn guess(app: &TestApp, email: &str, from: &str) -> String {
    word(&attempt(app, email, "a wrong guess", from, "").await)
}

/// The address of the attacker's next machine.
fn machine(number: u32) -> String {
    format!(
        "185.{}.{}.{}:4000",
        number / 65_536,
        number / 256 % 256,
        number % 256
    )
}

/// Wrong passwords from so many addresses, once each.
async fn besiege(app: &TestApp, email: &str, machines: std::ops::Range<u32>) {
    for number in machines {
        assert_eq!(
            guess(app, email, &machine(number)).await,
            "invalid_credentials",
            "{number}"
        );
    }
}

fn wait_of(answer: &Answer) -> i64 {
    answer.json()["error"]["details"]["retryAfter"].as_i64().unwrap()
}

both! {
    async fn an_account_of_ones_own_gives_no_tries_at_anothers(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        enrol(&app, MALLORY, "6.6.6.6:1").await;
        let mut guesses = 0;
        for _ in 0..40 {
            // Signing in rightly between two guesses gives nothing back.
            attempt(&app, MALLORY, SECRET, "6.6.6.6:1", "").await.data();
            if guess(&app, SARA, "6.6.6.6:1").await != "rate_limited" {
                guesses += 1;
            }
        }
        assert_eq!(guesses, 8);
        // Nor does another port, or another name for the same account.
        assert_eq!(guess(&app, SARA, "6.6.6.6:2").await, "rate_limited");
        assert_eq!(guess(&app, " SARA@Example.sa ", "6.6.6.6:3").await, "rate_limited");
        let refused = attempt(&app, SARA, SECRET, "6.6.6.6:1", "").await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("retry-after"), wait_of(&refused).to_string());
        assert!((1..=10).contains(&wait_of(&refused)));
        // The owner notices nothing, wherever they are.
        attempt(&app, SARA, SECRET, HOME, "").await.data();
        attempt(&app, SARA, SECRET, "7.7.7.7:1", "").await.data();
    }

    async fn addresses_of_one_network_are_one_guesser(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        let mut guesses = 0;
        for number in 0..20 {
            guesses += u32::from(guess(&app, SARA, &format!("[2a00:1:2:3::{number}]:1")).await != "rate_limited");
        }
        assert_eq!(guesses, 8);
    }

    async fn nobody_is_believed_about_their_address_but_our_own_proxies(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        let mut guesses = 0;
        for number in 0..20 {
            let body = json!({ "email": SARA, "password": "a wrong guess" });
            let claimed = format!("9.9.9.{number}");
            let asked = app.request(Method::POST, "/api/v1/auth/login").from("6.6.6.6:1").json(&body)
                .header("x-forwarded-for", &claimed).header("forwarded", &format!("for={claimed}"))
                .header("x-real-ip", &claimed).header("true-client-ip", &claimed);
            guesses += u32::from(word(&asked.send().await) != "rate_limited");
        }
        assert_eq!(guesses, 8);
    }

    async fn guessing_from_everywhere_is_slowed_down_and_locks_the_owner_out_of_nothing(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        let signed_in = attempt(&app, SARA, SECRET, "8.8.8.8:1", "__Secure-momfood_customer=none").await;
        signed_in.data();
        let cookies: Vec<&str> = signed_in.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
        let known = cookies.iter().find(|cookie| cookie.starts_with("__Secure-momfood_known_customer=")).unwrap();
        for guard in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
            assert!(known.contains(guard), "{known}");
        }
        let known = known.split(';').next().unwrap();

        besiege(&app, SARA, 0..50).await;
        // From now on a stranger has one try and waits minutes for the next.
        let stranger = machine(9_000);
        assert_eq!(guess(&app, SARA, &stranger).await, "invalid_credentials");
        let refused = attempt(&app, SARA, SECRET, &stranger, "").await;
        assert_eq!(word(&refused), "rate_limited");
        assert!(wait_of(&refused) > 60, "{}", refused.text());
        // So does whoever has been there before.
        assert_eq!(guess(&app, SARA, &machine(1)).await, "invalid_credentials");
        assert_eq!(guess(&app, SARA, &machine(1)).await, "rate_limited");
        // The owner: at home, from the browser that knows them wherever it is, and from anywhere new.
        for _ in 0..7 {
            assert_eq!(guess(&app, SARA, HOME).await, "invalid_credentials");
        }
        attempt(&app, SARA, SECRET, HOME, "").await.data();
        attempt(&app, SARA, SECRET, "185.0.0.1:77", known).await.data();
        attempt(&app, SARA, SECRET, "77.7.7.7:1", "").await.data();
        // Other accounts are not concerned.
        enrol(&app, MALLORY, "6.6.6.6:1").await;
        assert_eq!(guess(&app, MALLORY, &stranger).await, "invalid_credentials");
        assert_eq!(guess(&app, MALLORY, &stranger).await, "invalid_credentials");
        // It ends by itself.
        app.clock.advance(Duration::from_hours(3));
        assert_eq!(guess(&app, SARA, &stranger).await, "invalid_credentials");
        assert_eq!(guess(&app, SARA, &stranger).await, "invalid_credentials");
    }

    async fn an_account_that_is_not_there_is_besieged_the_same(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        for email in [SARA, "nobody@example.sa"] {
            besiege(&app, email, 0..50).await;
            let stranger = machine(9_000);
            let told: Vec<(u16, Value)> = futures::future::join_all([
                attempt(&app, email, "a wrong guess", &stranger, ""),
            ]).await.iter().map(|answer| (answer.status.as_u16(), answer.json()["error"].clone())).collect();
            assert_eq!(told[0].0, 401);
            let refused = attempt(&app, email, "a wrong guess", &stranger, "").await;
            assert_eq!((word(&refused).as_str(), wait_of(&refused)), ("rate_limited", 300), "{email}");
        }
    }

    async fn a_cookie_of_another_account_or_of_nobody_makes_no_friend(app: TestApp) {
        enrol(&app, SARA, HOME).await;
        enrol(&app, MALLORY, "6.6.6.6:1").await;
        let own = attempt(&app, MALLORY, SECRET, "6.6.6.6:1", "__Secure-momfood_customer=none").await;
        let own = own.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned())
            .find(|cookie| cookie.starts_with("__Secure-momfood_known_customer=")).unwrap();
        let own = own.split(';').next().unwrap().to_owned();
        let forged = format!("{}AAAA", &own[..own.len() - 4]);
        besiege(&app, SARA, 0..50).await;
        for (number, cookies) in [own.as_str(), &forged, "__Secure-momfood_known_customer=", "__Secure-momfood_known_customer=%00"].into_iter().enumerate() {
            let machine = machine(9_000 + u32::try_from(number).unwrap());
            assert_eq!(word(&attempt(&app, SARA, "a wrong guess", &machine, cookies).await), "invalid_credentials");
            assert_eq!(word(&attempt(&app, SARA, "a wrong guess", &machine, cookies).await), "rate_limited", "{cookies}");
        }
        // It signs nobody in, and is no refresh token.
        let renewed = app.request(Method::POST, "/api/v1/auth/refresh").json(&json!({}))
            .header("x-momfood-cookie", "customer").header("cookie", &own.replace("momfood_known_customer", "momfood_customer"));
        assert_eq!(word(&renewed.send().await), "token_invalid");
    }
}
