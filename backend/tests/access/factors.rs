//! Second factors: asked for once there is one, shown once each, and no way around them.

use std::time::Duration;

use http::StatusCode;
use momfood_backend::both;
use momfood_backend::config::StaffFactor;
use momfood_backend::identity::Hashing;
use momfood_backend::store::Engine;
use momfood_backend::testing::{Answer, FromEngine, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};
use totp_rs::Totp;

use crate::authenticators::{authenticator, code, proposed, ticket};
use crate::town::*;

const PASSWORD: &str = "a hedgehog in the attic";
/// How long a code of an app is shown.
pub const STEP: Duration = Duration::from_secs(30);

/// Somebody with a password.
pub async fn somebody(app: &TestApp, role: Role) -> Someone {
    let someone = fresh(app, &person(app, "Sara", role, None).await).await;
    let id = someone.id;
    let hash = Hashing::default()
        .hash(PASSWORD.to_owned(), [5; 16])
        .await
        .unwrap();
    change!(app, "update users set password_hash = $1 where id = $2", hash, id);
    someone
}

/// The same, who showed a moment ago who they are.
pub async fn fresh(app: &TestApp, someone: &Someone) -> Someone {
    let (session, now) = (someone.session, app.clock.now());
    change!(
        app,
        "update sessions set authenticated_at = $1 where id = $2",
        now,
        session
    );
    someone.clone()
}

/// Signs in with a password.
pub async fn login(app: &TestApp, someone: &Someone) -> Answer {
    let email = format!("{}@example.sa", someone.id);
    let body = json!({ "email": email, "password": PASSWORD, "role": someone.actor.role });
    app.post("/api/v1/auth/login", &body).await
}

/// Shows a second factor.
pub async fn show(app: &TestApp, ticket: &str, method: &str, code: &str) -> Answer {
    let body = json!({ "ticket": ticket, "method": method, "code": code });
    app.post("/api/v1/auth/second-factor", &body).await
}

/// The ticket of a sign-in that was begun.
pub async fn begin(app: &TestApp, someone: &Someone) -> String {
    let answer = login(app, someone).await;
    assert_eq!(answer.code(), "second_factor_required");
    let next = answer.json()["error"]["details"].clone();
    next["ticket"].as_str().unwrap().to_owned()
}

fn wrong(right: &str) -> String {
    let number: u32 = right.parse().unwrap();
    format!("{:06}", (number + 500_000) % 1_000_000)
}

/// Somebody with an app, and the recovery codes they were shown.
pub async fn with_codes(app: &TestApp) -> (Someone, Totp, Vec<String>) {
    let sara = somebody(app, Role::Customer).await;
    let authenticator = proposed(app, &sara).await;
    let body = json!({ "code": code(app, &authenticator) });
    let codes = post(app, &sara, "/api/v1/me/totp/confirm", &body).await.data()["codes"].take();
    app.clock.advance(STEP);
    (sara, authenticator, serde_json::from_value(codes).unwrap())
}

fn arabic(code: &str) -> String {
    code.chars()
        .map(|digit| char::from_u32('٠' as u32 + digit.to_digit(10).unwrap()).unwrap())
        .collect()
}

/// A server whose support and admins must have a second factor.
pub struct Strict(pub TestApp);

impl FromEngine for Strict {
    async fn from_engine(engine: Engine) -> Self {
        let strict = TestApp::start_with(engine, |config| {
            config.staff_second_factor = StaffFactor::Required;
        });
        Self(strict.await)
    }
}

both! {
    async fn an_authenticator_app_is_asked_for_once_it_is_confirmed(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let shown = post(&app, &sara, "/api/v1/me/totp", &Value::Null).await.data();
        let uri = shown["uri"].as_str().unwrap();
        assert!(uri.starts_with("otpauth://totp/MomFood:") && uri.contains("issuer=MomFood"), "{uri}");
        assert!(uri.contains(&format!("secret={}", shown["secret"].as_str().unwrap())));
        assert!(shown["qr"].as_str().unwrap().starts_with("<svg "));
        assert_eq!(login(&app, &sara).await.status, StatusCode::OK, "only shown so far");

        let authenticator = crate::authenticators::holding(shown["secret"].as_str().unwrap());
        let right = code(&app, &authenticator);
        let answer = post(&app, &sara, "/api/v1/me/totp/confirm", &json!({ "code": wrong(&right) })).await;
        assert_eq!(answer.code(), "code_invalid");
        let typed = format!(" {} ", arabic(&right));
        let codes = post(&app, &sara, "/api/v1/me/totp/confirm", &json!({ "code": typed })).await.data();
        assert_eq!(codes["codes"].as_array().unwrap().len(), 10);

        let answer = login(&app, &sara).await;
        assert_eq!(answer.code(), "second_factor_required");
        let next = answer.json()["error"]["details"].clone();
        assert_eq!(next["methods"], json!(["totp", "recovery"]));
        assert!(answer.header("set-cookie").is_empty());
        let ticket = next["ticket"].as_str().unwrap();
        app.clock.advance(STEP);
        let session = show(&app, ticket, "totp", &code(&app, &authenticator)).await.data();
        assert_eq!(session["user"]["id"], json!(sara.id));
        assert!(session["refreshToken"].is_string());
        let security = app
            .request(http::Method::GET, "/api/v1/me/security")
            .bearer(session["accessToken"].as_str().unwrap())
            .send()
            .await
            .data();
        assert_eq!(security["totp"], true);
        assert_eq!(security["recoveryCodes"], 10);
    }

    async fn what_is_kept_of_an_app_and_its_codes_opens_nothing(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let authenticator = authenticator(&app, &sara).await;
        let secret = authenticator.secret().to_base32();
        let mut tx = app.db.read().await.unwrap();
        let (kept,) = momfood_backend::store::sql!(&mut tx, fetch_one as (String,),
            "select secret from totp where person = $1", sara.id).unwrap();
        assert!(kept.starts_with("s1.") && !kept.contains(&secret), "sealed");
        drop(tx);
        // A row that was copied to another person does not open there.
        let omar = somebody(&app, Role::Customer).await;
        change!(&app, "insert into totp (person, secret, last_step, confirmed_at, made_at)
            values ($1, $2, 0, 1, 1)", omar.id, kept);
        let ticket = begin(&app, &omar).await;
        let answer = show(&app, &ticket, "totp", &code(&app, &authenticator)).await;
        assert_eq!(answer.code(), "internal");
    }

    async fn a_code_counts_once_and_none_before_it_any_more(app: TestApp) {
        let (sara, authenticator, _) = with_codes(&app).await;
        let (one, two) = (begin(&app, &sara).await, begin(&app, &sara).await);
        let right = code(&app, &authenticator);
        show(&app, &one, "totp", &right).await.data();
        assert_eq!(show(&app, &two, "totp", &right).await.code(), "code_invalid");
        // The one before, which would be near enough in time.
        let before = authenticator.generate((app.clock.now().0 / 1_000_000 - 30).try_into().unwrap()).to_string();
        assert_eq!(show(&app, &two, "totp", &before).await.code(), "code_invalid");
        // The next one, from a clock that is ahead.
        let next = authenticator.generate((app.clock.now().0 / 1_000_000 + 30).try_into().unwrap()).to_string();
        show(&app, &two, "totp", &next).await.data();
    }

    async fn a_code_of_long_ago_or_of_another_is_no_code(app: TestApp) {
        let (sara, authenticator, _) = with_codes(&app).await;
        let old = code(&app, &authenticator);
        app.clock.advance(STEP * 2);
        let ticket = begin(&app, &sara).await;
        assert_eq!(show(&app, &ticket, "totp", &old).await.code(), "code_invalid");
        let omar = somebody(&app, Role::Customer).await;
        let other = crate::authenticators::authenticator(&app, &omar).await;
        assert_eq!(show(&app, &ticket, "totp", &code(&app, &other)).await.code(), "code_invalid");
        for nonsense in ["", "12345", "1234567", "abcdef", "000000000000000000000000", "１２３４５６"] {
            let answer = show(&app, &begin(&app, &sara).await, "totp", nonsense).await;
            assert_eq!(answer.code(), "code_invalid", "{nonsense}");
        }
    }

    async fn a_ticket_bears_five_tries_and_ten_minutes_and_one_success(app: TestApp) {
        let (sara, authenticator, _) = with_codes(&app).await;
        let one = begin(&app, &sara).await;
        let bad = wrong(&code(&app, &authenticator));
        for left in [4, 3, 2, 1, 0] {
            let answer = show(&app, &one, "totp", &bad).await;
            assert_eq!(answer.code(), "code_invalid");
            assert_eq!(answer.json()["error"]["details"]["triesLeft"], left);
        }
        let right = code(&app, &authenticator);
        assert_eq!(show(&app, &one, "totp", &right).await.code(), "ticket_invalid", "a right one comes too late");

        let two = begin(&app, &sara).await;
        app.clock.advance(Duration::from_mins(10));
        let right = code(&app, &authenticator);
        assert_eq!(show(&app, &two, "totp", &right).await.code(), "ticket_invalid");

        let three = begin(&app, &sara).await;
        show(&app, &three, "totp", &right).await.data();
        app.clock.advance(STEP);
        let right = code(&app, &authenticator);
        assert_eq!(show(&app, &three, "totp", &right).await.code(), "ticket_invalid");
        for forged in ["", "x", &three[..three.len() - 2], &format!("A{}", &three[1..])] {
            assert_eq!(show(&app, forged, "totp", &right).await.code(), "ticket_invalid", "{forged}");
        }
    }

    async fn a_ticket_is_its_persons_alone_and_no_token(app: TestApp) {
        let (sara, _, _) = with_codes(&app).await;
        let omar = somebody(&app, Role::Customer).await;
        let others = authenticator(&app, &omar).await;
        let ticket = begin(&app, &sara).await;
        assert_eq!(show(&app, &ticket, "totp", &code(&app, &others)).await.code(), "code_invalid");
        let as_bearer = app.request(http::Method::GET, "/api/v1/me").bearer(&ticket).send().await;
        assert_eq!(as_bearer.code(), "token_invalid");
        let as_refresh = app.post("/api/v1/auth/refresh", &json!({ "refreshToken": ticket })).await;
        assert_eq!(as_refresh.code(), "token_invalid");
        let sms = show(&app, &ticket, "sms", "123456").await;
        assert_eq!(sms.code(), "invalid_input", "no phone of theirs was verified");
    }

    async fn guessing_from_elsewhere_ends_and_leaves_the_owner_their_ways_in(app: TestApp) {
        let (sara, authenticator, codes) = with_codes(&app).await;
        let mut tried = 0;
        let waits = loop {
            let ticket = begin(&app, &sara).await;
            let bad = wrong(&code(&app, &authenticator));
            let answer = show(&app, &ticket, "totp", &bad).await;
            if answer.code() == "rate_limited" {
                break answer.json()["error"]["details"]["retryAfter"].as_i64().unwrap();
            }
            tried += 1;
            assert!(tried < 50, "guessing without end");
            app.clock.advance(Duration::from_secs(11));
        };
        assert!(tried <= 12, "{tried} guesses");
        assert!(waits > 60, "{waits} s");
        // Even the right one waits, from there.
        let ticket = begin(&app, &sara).await;
        let right = code(&app, &authenticator);
        assert_eq!(show(&app, &ticket, "totp", &right).await.code(), "rate_limited");
        // Signed in elsewhere the owner goes on using the app,
        let confirm = post(&app, &sara, "/api/v1/auth/confirm", &json!({ "totp": right })).await;
        confirm.data();
        // and a recovery code always works.
        show(&app, &ticket, "recovery", &codes[3]).await.data();
        let last = count!(&app, "select count(*) from audit_log where action = 'identity.second_factor_failed'");
        assert_eq!(last, tried);
    }

    async fn a_recovery_code_works_once_however_it_is_typed(app: TestApp) {
        let (sara, _, codes) = with_codes(&app).await;
        assert!(codes.iter().all(|code| code.len() == 29));
        let typed = codes[0].to_lowercase().replace('-', " ");
        show(&app, &begin(&app, &sara).await, "recovery", &typed).await.data();
        let again = show(&app, &begin(&app, &sara).await, "recovery", &codes[0]).await;
        assert_eq!(again.code(), "code_invalid");
        let omar = somebody(&app, Role::Customer).await;
        authenticator(&app, &omar).await;
        let others = show(&app, &begin(&app, &omar).await, "recovery", &codes[1]).await;
        assert_eq!(others.code(), "code_invalid");
        let renewed = post(&app, &fresh(&app, &sara).await, "/api/v1/me/recovery-codes", &Value::Null).await.data();
        assert_eq!(renewed["codes"].as_array().unwrap().len(), 10);
        let old = show(&app, &begin(&app, &sara).await, "recovery", &codes[1]).await;
        assert_eq!(old.code(), "code_invalid");
        let new = renewed["codes"][9].as_str().unwrap();
        show(&app, &begin(&app, &sara).await, "recovery", new).await.data();
    }

    async fn the_same_right_code_at_once_lets_one_in(app: TestApp) {
        let (sara, authenticator, codes) = with_codes(&app).await;
        let mut tickets = Vec::new();
        for _ in 0..6 {
            tickets.push(ticket(&app, &sara).await);
        }
        let right = code(&app, &authenticator);
        let all = tickets.iter().map(|ticket| show(&app, ticket, "totp", &right));
        let answers = futures::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
        let all = tickets.iter().map(|ticket| show(&app, ticket, "recovery", &codes[5]));
        let answers = futures::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1);
    }

    async fn setting_one_up_ends_what_was_signed_in_without_it(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let elsewhere = login(&app, &sara).await.data();
        authenticator(&app, &sara).await;
        let token = elsewhere["accessToken"].as_str().unwrap();
        let answer = app.request(http::Method::GET, "/api/v1/me").bearer(token).send().await;
        assert_eq!(answer.code(), "session_revoked");
        let refresh = app
            .post("/api/v1/auth/refresh", &json!({ "refreshToken": elsewhere["refreshToken"] }))
            .await;
        assert_eq!(refresh.code(), "session_revoked", "no way around by renewing");
        get(&app, &sara, "/api/v1/me").await.data();
    }

    async fn another_app_takes_the_place_of_the_first_only_when_it_is_confirmed(app: TestApp) {
        let (sara, first, _) = with_codes(&app).await;
        // The session that confirmed has shown it, and says so once renewed.
        let with_factor = show(&app, &begin(&app, &sara).await, "totp", &code(&app, &first)).await.data();
        let sara_now = Someone { token: with_factor["accessToken"].as_str().unwrap().to_owned(), ..sara.clone() };
        let second = proposed(&app, &sara_now).await;
        app.clock.advance(STEP);
        show(&app, &begin(&app, &sara).await, "totp", &code(&app, &first)).await.data();
        app.clock.advance(STEP);
        let shown = json!({ "code": code(&app, &second) });
        post(&app, &sara_now, "/api/v1/me/totp/confirm", &shown).await.data();
        app.clock.advance(STEP);
        let ticket = begin(&app, &sara).await;
        assert_eq!(show(&app, &ticket, "totp", &code(&app, &first)).await.code(), "code_invalid");
        show(&app, &ticket, "totp", &code(&app, &second)).await.data();
    }

    async fn a_set_up_that_was_left_alone_is_over_after_half_an_hour(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let authenticator = proposed(&app, &sara).await;
        app.clock.advance(Duration::from_mins(31));
        let sara = fresh(&app, &sign_in(&app, sara.id, Role::Customer, None).await).await;
        let shown = json!({ "code": code(&app, &authenticator) });
        assert_eq!(post(&app, &sara, "/api/v1/me/totp/confirm", &shown).await.code(), "not_found");
    }

    async fn it_is_turned_off_by_its_code_or_a_recovery_code_only(app: TestApp) {
        let (sara, authenticator, codes) = with_codes(&app).await;
        let off = async |code: String| {
            let body = json!({ "code": code });
            app.request(http::Method::DELETE, "/api/v1/me/totp").bearer(&sara.token).json(&body).send().await
        };
        assert_eq!(off(wrong(&code(&app, &authenticator))).await.code(), "code_invalid");
        app.clock.advance(Duration::from_mins(11));
        assert_eq!(off(codes[0].clone()).await.code(), "confirm_identity");
        fresh(&app, &sara).await;
        off(codes[0].clone()).await.data();
        assert_eq!(login(&app, &sara).await.status, StatusCode::OK);
        assert_eq!(count!(&app, "select count(*) from recovery_codes"), 0);
        let ticketless = get(&app, &sara, "/api/v1/me/security").await.data();
        assert_eq!(ticketless["totp"], false);
    }

    async fn digits_by_sms_stand_beside_an_app_and_never_beside_digits_by_sms(app: TestApp) {
        let (sara, authenticator, _) = with_codes(&app).await;
        fresh(&app, &sara).await;
        let phone = "+966512345670".to_owned();
        let asked = post(&app, &sara, "/api/v1/me/contacts", &json!({ "phone": phone })).await.data();
        let shown = json!({ "challenge": asked["challenge"], "code": app.code_to(&phone).await });
        post(&app, &sara, "/api/v1/me/contacts/check", &shown).await.data();
        app.clock.advance(Duration::from_mins(1));
        let one = begin(&app, &sara).await;
        let ask = async |ticket: &str| app.post("/api/v1/auth/second-factor/sms", &json!({ "ticket": ticket })).await;
        assert_eq!(show(&app, &one, "sms", "123456").await.code(), "code_invalid", "none was sent");
        ask(&one).await.data();
        let sent = app.code_to(&phone).await;
        let two = begin(&app, &sara).await;
        assert_eq!(show(&app, &two, "sms", &sent).await.code(), "code_invalid", "sent for another sign-in");
        assert_eq!(show(&app, &one, "totp", &sent).await.code(), "code_invalid");
        show(&app, &one, "sms", &sent).await.data();
        assert_eq!(ask(&one).await.code(), "ticket_invalid");
        assert_eq!(show(&app, &two, "sms", &sent).await.code(), "code_invalid", "once");

        // Whoever came by a code to the phone has shown the phone already.
        app.clock.advance(Duration::from_mins(1));
        let asked = json!({ "purpose": "sign_in", "phone": phone });
        let challenge = app.post("/api/v1/auth/codes", &asked).await.data()["challenge"].take();
        let body = json!({ "challenge": challenge, "code": app.code_to(&phone).await });
        let answer = app.post("/api/v1/auth/codes/check", &body).await;
        assert_eq!(answer.code(), "second_factor_required");
        let next = answer.json()["error"]["details"].clone();
        assert_eq!(next["methods"], json!(["totp", "recovery"]));
        let ticket = next["ticket"].as_str().unwrap();
        assert_eq!(ask(ticket).await.code(), "invalid_input");
        assert_eq!(show(&app, ticket, "sms", "123456").await.code(), "invalid_input");
        show(&app, ticket, "totp", &code(&app, &authenticator)).await.data();
    }

    async fn who_runs_the_platform_gets_nowhere_without_one(strict: Strict) {
        let app = &strict.0;
        for role in [Role::Support, Role::Admin] {
            let lina = somebody(app, role).await;
            let order = app.clock.uuid();
            for path in ["/api/v1/support/reviews", "/api/v1/orders", &format!("/api/v1/orders/{order}"), "/api/v1/sync/stream"] {
                assert_eq!(get(app, &lina, path).await.code(), "second_factor_needed", "{role:?} {path}");
            }
            let security = get(app, &lina, "/api/v1/me/security").await.data();
            assert_eq!(security["secondFactorNeeded"], true);
            // By password alone they come as far, and no further.
            let session = login(app, &lina).await.data();
            let half = Someone { token: session["accessToken"].as_str().unwrap().to_owned(), ..lina.clone() };
            assert_eq!(get(app, &half, "/api/v1/support/reviews").await.code(), "second_factor_needed");

            let authenticator = proposed(app, &half).await;
            let shown = json!({ "code": code(app, &authenticator) });
            post(app, &half, "/api/v1/me/totp/confirm", &shown).await.data();
            assert_eq!(get(app, &half, "/api/v1/support/reviews").await.code(), "second_factor_needed", "the token does not know yet");
            let body = json!({ "refreshToken": session["refreshToken"] });
            let renewed = app.post("/api/v1/auth/refresh", &body).await.data();
            let whole = Someone { token: renewed["accessToken"].as_str().unwrap().to_owned(), ..lina.clone() };
            get(app, &whole, "/api/v1/support/reviews").await.data();
            // And cannot go without again.
            app.clock.advance(STEP);
            let body = json!({ "code": code(app, &authenticator) });
            let off = app.request(http::Method::DELETE, "/api/v1/me/totp").bearer(&whole.token).json(&body).send().await;
            assert_eq!(off.code(), "second_factor_needed");
            app.clock.advance(STEP);
        }
        let sara = somebody(app, Role::Customer).await;
        get(app, &sara, "/api/v1/orders").await.data();
    }
}
