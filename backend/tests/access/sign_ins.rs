//! Sign-ins seen and ended by their owner, showing again who one is, a changed password, and how long all of it lasts.

use std::time::Duration;

use http::{Method, StatusCode};
use momfood_backend::both;
use momfood_backend::identity::{self, Hashing, session};
use momfood_backend::keys::{Keys, file};
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::town::*;

const PASSWORD: &str = "a hedgehog in the attic";
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

async fn somebody(app: &TestApp, role: Role) -> Someone {
    let someone = person(app, "Sara", role, None).await;
    let id = someone.id;
    let hash = Hashing::default()
        .hash(PASSWORD.to_owned(), [5; 16])
        .await
        .unwrap();
    change!(
        app,
        "update users set password_hash = $1, email_verified = true where id = $2",
        hash,
        id
    );
    change!(
        app,
        "update customer_profiles set preferred_language = 'en' where user_id = $1",
        id
    );
    someone
}

/// The subjects of what was written to somebody, in the order of the alphabet.
async fn told(app: &TestApp, who: &Someone) -> Vec<String> {
    let sent = app.messages_to(&format!("{}@example.sa", who.id)).await;
    let mut subjects: Vec<String> = sent.into_iter().map(|message| message.subject).collect();
    subjects.sort();
    subjects
}

async fn login_with(app: &TestApp, someone: &Someone, password: &str, agent: &str) -> Answer {
    let email = format!("{}@example.sa", someone.id);
    let body = json!({ "email": email, "password": password, "role": someone.actor.role });
    let login = app.request(Method::POST, "/api/v1/auth/login");
    login.header("user-agent", agent).json(&body).send().await
}

/// Signs in once more; the refresh token beside the someone.
async fn login(app: &TestApp, someone: &Someone, agent: &str) -> (Someone, String) {
    let session = login_with(app, someone, PASSWORD, agent).await.data();
    let token = session["accessToken"].as_str().unwrap().to_owned();
    let refresh = session["refreshToken"].as_str().unwrap().to_owned();
    (
        Someone {
            token,
            ..someone.clone()
        },
        refresh,
    )
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/refresh", &json!({ "refreshToken": token }))
        .await
}

async fn send(app: &TestApp, method: Method, path: &str, who: &Someone, body: &Value) -> Answer {
    app.request(method, path)
        .bearer(&who.token)
        .json(body)
        .send()
        .await
}

async fn list(app: &TestApp, who: &Someone) -> Vec<Value> {
    let list = get(app, who, "/api/v1/me/sessions").await.data();
    list.as_array().unwrap().clone()
}

const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36";

both! {
    async fn a_person_sees_where_they_are_signed_in_and_ends_one(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (here, _) = login(&app, &sara, "MomFood/0.1.0 (iOS)").await;
        app.clock.advance(MINUTE);
        let (there, there_refresh) = login(&app, &sara, PHONE).await;
        let omar = somebody(&app, Role::Customer).await;

        let seen = list(&app, &here).await;
        assert_eq!(seen.len(), 3, "and the one the test began with");
        assert_eq!(seen[0]["device"], "Chrome · Android");
        assert_eq!(seen[0]["current"], false);
        assert_eq!(seen[0]["method"], "password");
        assert_eq!(seen[1]["device"], "MomFood · iOS");
        assert_eq!(seen[1]["current"], true);

        let path = format!("/api/v1/me/sessions/{}", seen[0]["id"].as_str().unwrap());
        assert_eq!(send(&app, Method::DELETE, &path, &omar, &Value::Null).await.code(), "not_found");
        get(&app, &there, "/api/v1/me").await.data();
        send(&app, Method::DELETE, &path, &here, &Value::Null).await.data();
        assert_eq!(get(&app, &there, "/api/v1/me").await.code(), "session_revoked");
        assert_eq!(refresh(&app, &there_refresh).await.code(), "session_revoked");
        assert_eq!(list(&app, &here).await.len(), 2);
        assert_eq!(send(&app, Method::DELETE, &path, &here, &Value::Null).await.code(), "not_found");
    }

    async fn all_others_end_at_once(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (one, _) = login(&app, &sara, PHONE).await;
        let (two, _) = login(&app, &sara, PHONE).await;
        send(&app, Method::DELETE, "/api/v1/me/sessions", &two, &Value::Null).await.data();
        assert_eq!(get(&app, &one, "/api/v1/me").await.code(), "session_revoked");
        let left = list(&app, &two).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["current"], true);
        assert_eq!(
            count!(&app, "select count(*) from audit_log where action = 'identity.sessions_ended'"), 1);
    }

    async fn what_needs_a_confirmed_identity_asks_for_it_after_ten_minutes(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (sara, _) = login(&app, &sara, PHONE).await;
        let other = login(&app, &sara, PHONE).await.0;
        let end = async || send(&app, Method::DELETE, "/api/v1/me/sessions", &sara, &Value::Null).await;
        app.clock.advance(MINUTE * 9);
        end().await.data();
        app.clock.advance(MINUTE);
        assert_eq!(end().await.code(), "confirm_identity");

        let confirm = async |body: Value| send(&app, Method::POST, "/api/v1/auth/confirm", &sara, &body).await;
        assert_eq!(confirm(json!({ "password": "wrong" })).await.code(), "invalid_credentials");
        assert_eq!(confirm(json!({})).await.code(), "invalid_input");
        assert_eq!(confirm(json!({ "password": PASSWORD, "totp": "123456" })).await.code(), "invalid_input");
        assert_eq!(end().await.code(), "confirm_identity");
        confirm(json!({ "password": PASSWORD })).await.data();
        end().await.data();
        // Renewing is no confirming, and another session's is not this one's.
        assert_eq!(get(&app, &other, "/api/v1/me").await.code(), "session_revoked");
        let (elsewhere, token) = login(&app, &sara, PHONE).await;
        app.clock.advance(MINUTE * 10);
        let renewed = refresh(&app, &token).await.data();
        let elsewhere = Someone { token: renewed["accessToken"].as_str().unwrap().to_owned(), ..elsewhere };
        let answer = send(&app, Method::DELETE, "/api/v1/me/sessions", &elsewhere, &Value::Null).await;
        assert_eq!(answer.code(), "confirm_identity");
    }

    async fn guessing_the_password_of_a_borrowed_session_is_slowed_down(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let mut limited = false;
        for _ in 0..20 {
            let body = json!({ "password": "a guess" });
            let answer = send(&app, Method::POST, "/api/v1/auth/confirm", &sara, &body).await;
            limited |= answer.code() == "rate_limited";
        }
        assert!(limited);
        assert!(login_with(&app, &sara, PASSWORD, PHONE).await.status == StatusCode::OK, "signing in is not");
    }

    async fn a_changed_password_ends_every_other_session(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (here, here_refresh) = login(&app, &sara, PHONE).await;
        let (there, there_refresh) = login(&app, &sara, PHONE).await;
        let change = async |body: Value| send(&app, Method::PUT, "/api/v1/me/password", &here, &body).await;
        let answer = change(json!({ "current": "wrong", "password": "another long secret" })).await;
        assert_eq!(answer.code(), "invalid_credentials");
        assert_eq!(change(json!({ "current": PASSWORD, "password": "short" })).await.code(), "invalid_input");
        app.clock.advance(MINUTE * 10);
        assert_eq!(change(json!({ "password": "another long secret" })).await.code(), "confirm_identity");
        change(json!({ "current": PASSWORD, "password": "another long secret" })).await.data();

        assert_eq!(get(&app, &there, "/api/v1/me").await.code(), "session_revoked");
        assert_eq!(refresh(&app, &there_refresh).await.code(), "session_revoked");
        get(&app, &here, "/api/v1/me").await.data();
        refresh(&app, &here_refresh).await.data();
        assert_eq!(login_with(&app, &sara, PASSWORD, PHONE).await.code(), "invalid_credentials");
        login_with(&app, &sara, "another long secret", PHONE).await.data();
    }

    async fn who_runs_the_platform_is_signed_out_after_half_a_day_idle_and_a_week_anyhow(app: TestApp) {
        let lina = somebody(&app, Role::Support).await;
        let (_, idle) = login(&app, &lina, PHONE).await;
        app.clock.advance(DAY / 2);
        assert_eq!(refresh(&app, &idle).await.code(), "session_revoked");

        let (_, mut token) = login(&app, &lina, PHONE).await;
        let mut renewed = 0;
        loop {
            app.clock.advance(DAY / 4);
            let answer = refresh(&app, &token).await;
            if answer.status != StatusCode::OK {
                assert_eq!(answer.code(), "session_revoked");
                break;
            }
            renewed += 1;
            answer.data()["refreshToken"].as_str().unwrap().clone_into(&mut token);
        }
        assert_eq!(renewed, 27, "a week in quarters of a day");
    }

    async fn nobody_stays_signed_in_for_ever(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (_, mut token) = login(&app, &sara, PHONE).await;
        let mut days = 0;
        loop {
            app.clock.advance(DAY * 6);
            days += 6;
            let answer = refresh(&app, &token).await;
            if answer.status != StatusCode::OK {
                assert_eq!(answer.code(), "session_revoked");
                break;
            }
            answer.data()["refreshToken"].as_str().unwrap().clone_into(&mut token);
        }
        assert_eq!(days, 180);
    }

    async fn a_session_ended_by_another_server_is_believed_no_more_after_the_next_look(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (here, _) = login(&app, &sara, PHONE).await;
        let (id, now) = (sara.id, app.clock.now());
        // As another server would: its own memory hears of it, this one's does not.
        app.db
            .write(async move |mut tx| session::end_those(&mut tx, id, session::Which::All, now).await)
            .await
            .unwrap();
        get(&app, &here, "/api/v1/me").await.data();
        app.tick().await;
        assert_eq!(get(&app, &here, "/api/v1/me").await.code(), "session_revoked");
        // And still after a while, as long as the token itself would be.
        app.pass(MINUTE * 14).await;
        assert_eq!(get(&app, &here, "/api/v1/me").await.code(), "session_revoked");
    }

    async fn a_server_that_was_just_started_knows_what_ended(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (here, _) = login(&app, &sara, PHONE).await;
        let (id, now) = (sara.id, app.clock.now());
        app.db
            .write(async move |mut tx| session::end_those(&mut tx, id, session::Which::All, now).await)
            .await
            .unwrap();
        app.clock.advance(MINUTE * 10);
        identity::learn_due(&app, app.clock.now()).await.unwrap();
        assert_eq!(get(&app, &here, "/api/v1/me").await.code(), "session_revoked");
    }

    async fn who_copied_a_refresh_token_ends_the_session_and_its_person_is_told(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (_, first) = login(&app, &sara, PHONE).await;
        let second = refresh(&app, &first).await.data()["refreshToken"].as_str().unwrap().to_owned();
        assert_eq!(refresh(&app, &first).await.data()["refreshToken"], second, "a lost answer, no theft");
        let third = refresh(&app, &second).await.data()["refreshToken"].as_str().unwrap().to_owned();
        assert!(told(&app, &sara).await.is_empty());
        assert_eq!(refresh(&app, &first).await.code(), "session_revoked");
        assert_eq!(refresh(&app, &third).await.code(), "session_revoked");
        assert_eq!(told(&app, &sara).await, ["A session of your account was ended"], "once");
    }

    async fn what_changes_how_an_account_is_kept_is_told_to_its_person(app: TestApp) {
        let sara = somebody(&app, Role::Customer).await;
        let (sara, _) = login(&app, &sara, PHONE).await;
        let body = json!({ "current": PASSWORD, "password": "another long secret" });
        send(&app, Method::PUT, "/api/v1/me/password", &sara, &body).await.data();
        let authenticator = crate::authenticators::proposed(&app, &sara).await;
        let shown = json!({ "code": crate::authenticators::code(&app, &authenticator) });
        let codes = post(&app, &sara, "/api/v1/me/totp/confirm", &shown).await.data();
        post(&app, &sara, "/api/v1/me/recovery-codes", &Value::Null).await.data();
        let old = json!({ "code": codes["codes"][0] });
        assert_eq!(send(&app, Method::DELETE, "/api/v1/me/totp", &sara, &old).await.code(), "code_invalid");
        app.clock.advance(MINUTE);
        let shown = json!({ "code": crate::authenticators::code(&app, &authenticator) });
        send(&app, Method::DELETE, "/api/v1/me/totp", &sara, &shown).await.data();
        assert_eq!(
            told(&app, &sara).await,
            [
                "New recovery codes for your account",
                "Two-step verification is off",
                "Two-step verification is on",
                "Your MomFood password was changed",
            ]
        );
    }

    async fn neither_a_restart_nor_a_new_key_signs_anybody_out(app: TestApp) {
        let mut app = app;
        let path = app.folder.path().join("ring.pem");
        let one_key = Keys::load_or_create(&path, &app.clock).unwrap();
        file::rotate(&path, &app.clock, 0).unwrap();
        let two_keys = Keys::load_or_create(&path, &app.clock).unwrap();
        assert_ne!(one_key.current().id, two_keys.current().id);
        let sara = somebody(&app, Role::Customer).await;
        app.restart(one_key).await;
        let (here, first) = login(&app, &sara, PHONE).await;
        let before = refresh(&app, &first).await.data()["refreshToken"].as_str().unwrap().to_owned();

        app.restart(two_keys).await;
        get(&app, &here, "/api/v1/me").await.data();
        // The one before still says its successor, by whichever key, and only one of them is ever used.
        let again = refresh(&app, &first).await.data()["refreshToken"].as_str().unwrap().to_owned();
        let next = refresh(&app, &before).await.data()["refreshToken"].as_str().unwrap().to_owned();
        assert_eq!(refresh(&app, &again).await.data()["refreshToken"], next, "the same generation");
        refresh(&app, &next).await.data();
        assert_eq!(refresh(&app, &first).await.code(), "session_revoked");
        app.clock.advance(DAY * 31);
        let (_, last) = login(&app, &sara, PHONE).await;
        app.clock.advance(DAY * 31);
        assert_eq!(refresh(&app, &last).await.code(), "session_revoked");
    }

    async fn the_sign_ins_of_a_role_or_a_restaurant_that_was_taken_end_alone(app: TestApp) {
        let town = Town::build(&app).await;
        let (kitchen, restaurant, now) = (town.kitchen.clone(), town.restaurant, app.clock.now());
        let customer = sign_in(&app, kitchen.id, Role::Customer, None).await;
        let id = kitchen.id;
        let ended = app
            .db
            .write(async move |mut tx| {
                let which = session::Which::For(restaurant);
                session::end_those(&mut tx, id, which, now).await
            })
            .await
            .unwrap();
        assert_eq!(ended, [kitchen.session]);
        let ended = app
            .db
            .write(async move |mut tx| {
                let which = session::Which::In(Role::Customer);
                session::end_those(&mut tx, id, which, now).await
            })
            .await
            .unwrap();
        assert_eq!(ended, [customer.session]);
    }
}
