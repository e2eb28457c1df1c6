//! Tokens that must not be believed, sessions that are over, and cookies that another page would have sent.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use momfood_backend::both;
use momfood_backend::keys::Keys;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::asking::{fault, rows, word};
use crate::cast::refresh_token;
use crate::listener::Ears;
use crate::town::*;

/// The bench's keys follow from this.
const SEED: [u8; 32] = [7; 32];
const REFRESH: &str = "/api/v1/auth/refresh";

/// What a part of a token says.
fn part(token: &str, number: usize) -> Value {
    let text = token.split('.').nth(number).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

fn written(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token that says `claims`, signed by `keys`.
fn signed(keys: &Keys, claims: &Value) -> String {
    encode(&Header::new(Algorithm::EdDSA), claims, &keys.current().signing).unwrap()
}

async fn me(app: &TestApp, token: &str) -> Answer {
    let answer = app.request(Method::GET, "/api/v1/me").bearer(token).send().await;
    assert_eq!(fault(&answer), None);
    answer
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

fn without(claims: &Value, name: &str) -> Value {
    let mut claims = claims.clone();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

async fn refresh(app: &TestApp, token: &str) -> Answer {
    app.post(REFRESH, &json!({ "refreshToken": token })).await
}

/// A refresh as a browser sends it: an empty JSON body, these headers.
async fn refresh_in_browser(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    let mut request = app.request(Method::POST, REFRESH).json(&json!({}));
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.send().await
}

both! {
    async fn what_we_did_not_sign_is_not_believed(app: TestApp) {
        let town = Town::build(&app).await;
        let token = &town.sara.token;
        let (header, claims) = (part(token, 0), part(token, 1));
        let [head, body, code] = token.split('.').collect::<Vec<_>>()[..] else { panic!("{token}") };
        let public = SigningKey::from_bytes(&SEED).verifying_key();
        let by = |secret: &[u8], algorithm| encode(&Header::new(algorithm), &claims, &EncodingKey::from_secret(secret)).unwrap();
        let none = with(&with(&header, "alg", json!("none")), "kid", Value::Null);
        let components = BASE64_URL_SAFE_NO_PAD.encode(public.as_bytes());
        let edited = |name: &str, value: Value| format!("{head}.{}.{code}", written(&with(&claims, name, value)));
        let other = Keys::from_seed(&[8; 32]).unwrap();
        for (what, forged) in [
            ("alg none", format!("{}.{body}.", written(&none))),
            ("alg none with our code", format!("{}.{body}.{code}", written(&none))),
            ("alg None", format!("{}.{body}.", written(&with(&none, "alg", json!("None"))))),
            ("HS256 by the public key", by(public.as_bytes(), Algorithm::HS256)),
            ("HS256 by the public key's text", by(components.as_bytes(), Algorithm::HS256)),
            ("HS512 by the key's name", by(app.keys.current().id.as_bytes(), Algorithm::HS512)),
            ("HS256 in the head, our code", format!("{}.{body}.{code}", written(&with(&header, "alg", json!("HS256"))))),
            ("another key", signed(&other, &claims)),
            ("a key in the head", format!("{}.{body}.{code}", written(&with(&header, "jwk", json!({ "kty": "OKP", "x": "AA" }))))),
            ("another role", edited("role", json!("admin"))),
            ("a restaurant", edited("rst", json!(town.restaurant))),
            ("another person", edited("sub", json!(town.kitchen.id))),
            ("a longer life", edited("exp", json!(4_000_000_000_i64))),
            ("another's code", format!("{head}.{body}.{}", town.kitchen.token.rsplit('.').next().unwrap())),
            ("no code", format!("{head}.{body}.")),
            ("no third part", format!("{head}.{body}")),
            ("a fourth part", format!("{token}.{code}")),
            ("a cut code", token[..token.len() - 2].to_owned()),
            ("padding", format!("{token}=")),
            ("nothing", String::new()),
            ("dots", "..".to_owned()),
            ("a refresh token", refresh_token(&app, &town.sara)),
        ] {
            assert_eq!(word(&me(&app, &forged).await), "token_invalid", "{what}");
        }
        assert_eq!(word(&me(&app, token).await), "ok");
    }

    async fn of_what_we_signed_only_access_tokens_of_this_very_time_are_believed(app: TestApp) {
        let town = Town::build(&app).await;
        let claims = part(&town.sara.token, 1);
        let now = app.clock.now().0 / 1_000_000;
        for (what, claims, expected) in [
            ("as it is", claims.clone(), "ok"),
            ("another audience", with(&claims, "aud", json!("elsewhere")), "token_invalid"),
            ("several audiences", with(&claims, "aud", json!(["elsewhere", "other"])), "token_invalid"),
            ("no audience", without(&claims, "aud"), "token_invalid"),
            ("another issuer", with(&claims, "iss", json!("elsewhere")), "token_invalid"),
            ("no issuer", without(&claims, "iss"), "token_invalid"),
            ("another kind", with(&claims, "kind", json!("refresh")), "token_invalid"),
            ("no kind", without(&claims, "kind"), "token_invalid"),
            ("no person", without(&claims, "sub"), "token_invalid"),
            ("a person who is no id", with(&claims, "sub", json!("sara")), "token_invalid"),
            ("no session", without(&claims, "sid"), "token_invalid"),
            ("an unknown role", with(&claims, "role", json!("god")), "token_invalid"),
            ("the platform's own role", with(&claims, "role", json!("system")), "token_invalid"),
            ("no end", without(&claims, "exp"), "token_invalid"),
            ("an end in words", with(&claims, "exp", json!("tomorrow")), "token_invalid"),
            ("over since a second", with(&claims, "exp", json!(now - 1)), "token_expired"),
            ("over now", with(&claims, "exp", json!(now)), "token_expired"),
            ("over in a second", with(&claims, "exp", json!(now + 1)), "ok"),
            ("over before time began", with(&claims, "exp", json!(i64::MIN)), "token_invalid"),
            ("signed in an hour", with(&with(&claims, "iat", json!(now + 3600)), "exp", json!(now + 4500)), "token_invalid"),
            ("signed by a clock a little fast", with(&claims, "iat", json!(now + 5)), "ok"),
            ("not yet valid", with(&claims, "nbf", json!(now + 3600)), "token_invalid"),
            ("valid since a while", with(&claims, "nbf", json!(now - 60)), "ok"),
            ("a year long", with(&claims, "exp", json!(now + 365 * 86_400)), "token_invalid"),
            ("eternal", with(&claims, "exp", json!(i64::MAX)), "token_invalid"),
        ] {
            let answer = me(&app, &signed(&app.keys, &claims)).await;
            let word = word(&answer);
            let late = expected == "token_invalid" && word == "token_expired" && what == "over before time began";
            assert!(word == expected || late, "{what}: {word}, not {expected}");
        }
    }

    async fn a_token_of_one_restaurant_never_acts_for_another(app: TestApp) {
        let town = Town::build(&app).await;
        let there = restaurant(&app, town.kitchen.id).await;
        let seen = get(&app, &town.kitchen, "/api/v1/kitchen/restaurant").await.data();
        assert_eq!(seen["id"], json!(town.restaurant));
        // Nor does a person who holds the role ask for a place they do not work at.
        let cook = app.register("cook@example.sa", "a long secret", "نورة").await.data()["user"]["id"].as_str().unwrap().parse::<Uuid>().unwrap();
        let (now, here) = (app.clock.now(), town.restaurant);
        change!(&app, "insert into user_roles (user_id, role, granted_at) values ($1, 'restaurant', $2)", cook, now);
        change!(&app, "insert into restaurant_staff (restaurant_id, user_id, is_owner) values ($1, $2, false)", here, cook);
        let login = |place: Value| json!({ "email": "cook@example.sa", "password": "a long secret", "role": "restaurant", "restaurantId": place });
        for (place, expected) in [(json!(here), "ok"), (json!(there), "forbidden"), (json!(Uuid::nil()), "forbidden"), (Value::Null, "ok")] {
            assert_eq!(word(&app.post("/api/v1/auth/login", &login(place.clone())).await), expected, "{place}");
        }
        for role in ["driver", "support", "admin"] {
            let body = json!({ "email": "cook@example.sa", "password": "a long secret", "role": role });
            assert_eq!(word(&app.post("/api/v1/auth/login", &body).await), "role_not_held");
        }
        let body = json!({ "email": "cook@example.sa", "password": "a long secret", "role": "system" });
        assert_ne!(word(&app.post("/api/v1/auth/login", &body).await), "ok");
    }

    async fn a_session_that_was_signed_out_is_over_at_once(app: TestApp) {
        let town = Town::build(&app).await;
        let other = sign_in(&app, town.sara.id, Role::Customer, None).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        let mut others_ears = Ears::open(&app, &other).await;
        ears.heads().await;
        others_ears.heads().await;
        let body = json!({ "refreshToken": refresh_token(&app, &town.sara) });
        app.post("/api/v1/auth/logout", &body).await.data();
        let before = rows(&app).await;
        assert_eq!(word(&me(&app, &town.sara.token).await), "session_revoked");
        assert_eq!(word(&get(&app, &town.sara, "/api/v1/sync/stream").await), "session_revoked");
        assert_eq!(word(&refresh(&app, &refresh_token(&app, &town.sara)).await), "session_revoked");
        assert_eq!(rows(&app).await, before);
        // The person's other session goes on, and what it does is not told to the one that is over.
        let request = town.placing(&app, &other).await;
        place(&app, &other, &request).await.data();
        assert_eq!(others_ears.delta().await.changes.len(), 1);
        assert_eq!(ears.next().await, None);
    }

    async fn the_stream_of_a_session_that_is_over_ends_though_nothing_happens(app: TestApp) {
        let town = Town::build(&app).await;
        let mut ears = Ears::open(&app, &town.sara).await;
        ears.heads().await;
        let body = json!({ "refreshToken": refresh_token(&app, &town.sara) });
        app.post("/api/v1/auth/logout", &body).await.data();
        app.clock.advance(Duration::from_secs(20));
        assert_eq!(ears.next().await, None);
    }

    async fn who_is_suspended_cannot_renew_sign_in_or_listen(app: TestApp) {
        let town = Town::build(&app).await;
        let data = app.register("banned@example.sa", "a long secret", "عمر").await.data();
        let user = data["user"]["id"].as_str().unwrap().parse::<Uuid>().unwrap();
        let access = data["accessToken"].as_str().unwrap();
        let banned = Someone { token: access.to_owned(), ..town.sara.clone() };
        let mut ears = Ears::open(&app, &banned).await;
        ears.heads().await;
        change!(&app, "update users set status = 'suspended' where id = $1", user);
        let login = json!({ "email": "banned@example.sa", "password": "a long secret" });
        assert_eq!(word(&app.post("/api/v1/auth/login", &login).await), "forbidden");
        assert_eq!(word(&refresh(&app, data["refreshToken"].as_str().unwrap()).await), "session_revoked");
        assert_eq!(word(&me(&app, access).await), "session_revoked", "a refused renewal ends the access token too");
        app.clock.advance(Duration::from_secs(20));
        assert_eq!(ears.next().await, None);
    }

    async fn who_lost_a_role_cannot_renew_or_listen_in_it(app: TestApp) {
        let town = Town::build(&app).await;
        let driver = person(&app, "Fahad", Role::Driver, None).await;
        let mut ears = Ears::open(&app, &driver).await;
        ears.heads().await;
        let user = driver.id;
        change!(&app, "delete from user_roles where user_id = $1", user);
        let id = town.accepted(&app).await;
        offer(&app, id, &driver).await;
        assert_eq!(ears.next().await, None, "no offer is told to who is no driver any more");
        assert_eq!(word(&refresh(&app, &refresh_token(&app, &driver)).await), "session_revoked");
    }

    async fn an_access_token_outlives_nothing_by_more_than_its_fifteen_minutes(app: TestApp) {
        let town = Town::build(&app).await;
        assert_eq!(word(&me(&app, &town.sara.token).await), "ok");
        app.clock.advance(Duration::from_mins(15));
        assert_eq!(word(&me(&app, &town.sara.token).await), "token_expired");
    }

    async fn a_cookie_alone_renews_nothing(app: TestApp) {
        let town = Town::build(&app).await;
        let token = refresh_token(&app, &town.sara);
        let ours = format!("__Secure-momfood_customer={token}");
        let before = rows(&app).await;
        for (what, headers, expected) in [
            ("no header: another site's form", vec![("cookie", ours.as_str())], "unauthenticated"),
            ("another app's cookie", vec![("cookie", &ours), ("x-momfood-cookie", "driver")], "unauthenticated"),
            ("no cookie", vec![("x-momfood-cookie", "customer")], "unauthenticated"),
            ("no app of ours", vec![("cookie", &ours), ("x-momfood-cookie", "evil")], "invalid_input"),
            ("by another site", vec![("cookie", &ours), ("x-momfood-cookie", "customer"), ("origin", "https://evil.example"),
                ("sec-fetch-site", "cross-site")], "forbidden"),
            ("by another part of our site", vec![("cookie", &ours), ("x-momfood-cookie", "customer"),
                ("sec-fetch-site", "same-site")], "forbidden"),
            ("an emptied cookie", vec![("cookie", "__Secure-momfood_customer="), ("x-momfood-cookie", "customer")], "token_invalid"),
            ("a strange cookie", vec![("cookie", "__Secure-momfood_customer=%00..; __Secure-momfood_customer"), ("x-momfood-cookie", "customer")], "token_invalid"),
        ] {
            let answer = refresh_in_browser(&app, &headers).await;
            assert_eq!((word(&answer).as_str(), fault(&answer)), (expected, None), "{what}");
            assert!(!answer.text().contains("accessToken"), "{what}");
            assert!(answer.headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{what}");
        }
        let form = app.request(Method::POST, REFRESH).header("cookie", &ours)
            .raw("application/x-www-form-urlencoded", "refreshToken=").send().await;
        assert_eq!(word(&form), "unsupported_media_type");
        assert_eq!(rows(&app).await, before);
        let renewed = refresh_in_browser(&app, &[("cookie", &ours), ("x-momfood-cookie", "customer"), ("sec-fetch-site", "same-origin")]).await;
        assert!(renewed.data().get("refreshToken").is_none());
        let cookie = renewed.header("set-cookie");
        for guard in ["__Secure-momfood_customer=", "HttpOnly", "SameSite=Strict", "Path=/api/v1/auth", "Secure"] {
            assert!(cookie.contains(guard), "{guard}: {cookie}");
        }
    }

    async fn no_other_site_is_ever_allowed_in(app: TestApp) {
        let town = Town::build(&app).await;
        for path in ["/api/v1/auth/login", REFRESH, "/api/v1/orders", "/api/v1/me", "/api/v1/restaurants", "/api/v1/sync/stream"] {
            // What a browser asks before it sends our header, a bearer or JSON for another site.
            let asked = app.request(Method::OPTIONS, path).header("origin", "https://evil.example")
                .header("access-control-request-method", "POST").header("access-control-request-headers", "x-momfood-cookie,authorization")
                .send().await;
            assert_eq!(word(&asked), "method_not_allowed", "{path}");
            let sent = app.request(Method::GET, path).bearer(&town.sara.token).header("origin", "https://evil.example");
            let (_, headers, _) = sent.open().await;
            for headers in [&asked.headers, &headers] {
                assert!(headers.keys().all(|name| !name.as_str().starts_with("access-control")), "{path} {headers:?}");
            }
        }
    }
}
