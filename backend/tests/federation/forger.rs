//! A provider that says whatever a story wants: what no honest one would. It checks what we show it all the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use momfood_backend::config::Config;
use momfood_backend::testing::TestApp;
use momfood_domain::time::SECOND;
use openidconnect::url::{Url, form_urlencoded};
use serde_json::{Value, json};

use crate::browser::challenge;

pub const CLIENT: &str = "momfood-web";
pub const SECRET: &str = "what-the-provider-gave-us";
const RSA: &[u8] = include_bytes!("../ordering/push/fcm.pem");
const EC: &[u8] = include_bytes!("../ordering/push/apns.p8");
/// Another's.
const OTHER_RSA: &[u8] = include_bytes!("other.pem");

/// What is wrong with the next identity token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Forgery {
    #[default]
    None,
    /// Signed with nothing.
    AlgNone,
    /// Signed with our own client secret.
    SharedSecret,
    /// Signed with a key it does not publish, under the name of one it does.
    WrongKey,
    /// Signed with a key it publishes from now on, as a provider does that changes keys.
    NewKey,
    /// For another program.
    WrongAudience,
    /// For us and another.
    TwoAudiences,
    /// Made at the wish of another.
    WrongParty,
    /// From another provider.
    WrongIssuer,
    /// Over.
    Expired,
    /// Of another trip.
    WrongNonce,
    /// Of no trip.
    NoNonce,
    /// Not there.
    NoToken,
    /// More than anybody needs.
    Endless,
    /// Not the token: what it says of itself is another provider's.
    AnothersDescription,
}

/// Somebody who signed in at the provider.
#[derive(Clone, Debug)]
pub struct Somebody {
    pub subject: &'static str,
    pub email: Option<&'static str>,
    /// `true`, or Apple's `"true"`.
    pub verified: Value,
}

impl Somebody {
    pub fn with(subject: &'static str, email: &'static str) -> Self {
        Self {
            subject,
            email: Some(email),
            verified: json!(true),
        }
    }
}

struct Grant {
    somebody: Somebody,
    asked: HashMap<String, String>,
}

#[derive(Default)]
struct Inner {
    grants: HashMap<String, Grant>,
    codes: u32,
    forgery: Forgery,
    down: bool,
    keys_changed: bool,
    now: i64,
    /// What Facebook is to say of an access token.
    looked: Value,
}

/// The provider.
#[derive(Clone)]
pub struct Forger {
    pub url: String,
    inner: Arc<Mutex<Inner>>,
}

impl Forger {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let forger = Self {
            url,
            inner: Arc::default(),
        };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/graph/oauth/access_token", post(facebook_token))
            .route("/graph/debug_token", get(facebook_looks))
            .route("/graph/me", get(facebook_me))
            .with_state(forger.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        forger
    }

    /// Our settings for it, as Google, Apple and Facebook.
    pub fn settings(&self, config: &mut Config) {
        config.google_client_id = Some(CLIENT.to_owned());
        config.google_client_secret = Some(SECRET.to_owned().into());
        config.google_issuer.clone_from(&self.url);
        config.apple_client_id = Some(CLIENT.to_owned());
        config.apple_team = Some("TEAM".to_owned());
        config.apple_key_id = Some("KEY".to_owned());
        config.apple_key = Some(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ordering/push/apns.p8").into());
        config.apple_issuer.clone_from(&self.url);
        config.facebook_app_id = Some(CLIENT.to_owned());
        config.facebook_app_secret = Some(SECRET.to_owned().into());
        config.facebook_dialog_url = format!("{}/dialog", self.url);
        config.facebook_graph_url = format!("{}/graph", self.url);
    }

    pub fn forge(&self, forgery: Forgery) {
        self.inner.lock().unwrap().forgery = forgery;
    }

    pub fn go_down(&self, down: bool) {
        self.inner.lock().unwrap().down = down;
    }

    pub fn facebook_says(&self, looked: Value) {
        self.inner.lock().unwrap().looked = looked;
    }

    /// Somebody signs in on its page at `page`: the code and the state it sends them back with.
    pub fn sign_in(&self, app: &TestApp, page: &Url, somebody: Somebody) -> (String, String) {
        let asked: HashMap<String, String> = page.query_pairs().into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        let state = asked["state"].clone();
        let mut inner = self.inner.lock().unwrap();
        inner.now = app.clock.now().0 / SECOND;
        inner.codes += 1;
        let code = format!("code-{}", inner.codes);
        inner.grants.insert(code.clone(), Grant { somebody, asked });
        (code, state)
    }
}

fn down() -> Response {
    (StatusCode::BAD_GATEWAY, "<html>down</html>").into_response()
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}

async fn describe(State(forger): State<Forger>) -> Response {
    let forgery = {
        let inner = forger.inner.lock().unwrap();
        if inner.down {
            return down();
        }
        inner.forgery
    };
    let url = &forger.url;
    let issuer = match forgery {
        Forgery::AnothersDescription => "https://accounts.evil.example",
        _ => url,
    };
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/jwks"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    }))
    .into_response()
}

fn jwk(pem: &[u8], id: &str) -> Value {
    let key = EncodingKey::from_rsa_pem(pem).unwrap();
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
    jwk.common.key_id = Some(id.to_owned());
    serde_json::to_value(jwk).unwrap()
}

async fn keys(State(forger): State<Forger>) -> Response {
    let inner = forger.inner.lock().unwrap();
    if inner.down {
        return down();
    }
    let mut keys = vec![jwk(RSA, "one")];
    if inner.keys_changed {
        keys.push(jwk(OTHER_RSA, "two"));
    }
    Json(json!({ "keys": keys })).into_response()
}

fn read(form: &str) -> HashMap<String, String> {
    form_urlencoded::parse(form.as_bytes()).into_owned().collect()
}

/// Whether the token request is one that an honest provider would answer.
fn fits(url: &str, grant: &Grant, form: &HashMap<String, String>, now: i64) -> bool {
    let secret = form.get("client_secret").map_or("", String::as_str);
    let apple = grant
        .asked
        .get("response_mode")
        .is_some_and(|mode| mode == "form_post");
    let known = if apple {
        apple_secret(url, secret, now)
    } else {
        secret == SECRET
    };
    known
        && form.get("client_id").is_some_and(|id| id == CLIENT)
        && form.get("redirect_uri") == grant.asked.get("redirect_uri")
        && form
            .get("code_verifier")
            .map(|verifier| challenge(verifier))
            .as_ref()
            == grant.asked.get("code_challenge")
}

/// Whether it is a client secret as Apple wants it.
fn apple_secret(url: &str, secret: &str, now: i64) -> bool {
    let key = EncodingKey::from_ec_pem(EC).unwrap();
    let jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_audience(&[url]);
    rules.set_issuer(&["TEAM"]);
    rules.validate_exp = false;
    let Ok(token) = decode::<Value>(secret, &DecodingKey::from_jwk(&jwk).unwrap(), &rules) else {
        return false;
    };
    let lives = token.claims["exp"].as_i64().unwrap() - now;
    token.header.kid.as_deref() == Some("KEY") && token.claims["sub"] == CLIENT && (1..=600).contains(&lives)
}

async fn token(State(forger): State<Forger>, body: String) -> Response {
    let form = read(&body);
    let mut inner = forger.inner.lock().unwrap();
    if inner.down {
        return down();
    }
    let Some(grant) = form.get("code").and_then(|code| inner.grants.remove(code)) else {
        return refused("invalid_grant");
    };
    if !fits(&forger.url, &grant, &form, inner.now) {
        return refused("invalid_client");
    }
    if inner.forgery == Forgery::NewKey {
        inner.keys_changed = true;
    }
    let mut answer = json!({ "access_token": "at", "token_type": "Bearer", "expires_in": 3600 });
    match inner.forgery {
        Forgery::NoToken => {}
        Forgery::Endless => answer["id_token"] = json!("x".repeat(400_000)),
        forgery => answer["id_token"] = json!(id_token(&forger.url, &grant, forgery, inner.now)),
    }
    Json(answer).into_response()
}

fn id_token(url: &str, grant: &Grant, forgery: Forgery, now: i64) -> String {
    let mut claims = json!({
        "iss": url, "aud": CLIENT, "sub": grant.somebody.subject, "iat": now, "exp": now + 3600,
        "nonce": grant.asked["nonce"], "given_name": "Sara",
    });
    if let Some(email) = grant.somebody.email {
        claims["email"] = json!(email);
        claims["email_verified"] = grant.somebody.verified.clone();
    }
    match forgery {
        Forgery::WrongAudience => claims["aud"] = json!("another-program"),
        Forgery::TwoAudiences => claims["aud"] = json!([CLIENT, "another-program"]),
        Forgery::WrongParty => claims["azp"] = json!("another-program"),
        Forgery::WrongIssuer => claims["iss"] = json!("https://accounts.evil.example"),
        Forgery::Expired => {
            claims["iat"] = json!(now - 7200);
            claims["exp"] = json!(now - 3600);
        }
        Forgery::WrongNonce => claims["nonce"] = json!("of-another-trip"),
        Forgery::NoNonce => {
            claims.as_object_mut().unwrap().remove("nonce");
        }
        _ => {}
    }
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let header = |alg, id: &str| {
        let mut header = Header::new(alg);
        header.kid = Some(id.to_owned());
        header
    };
    let rsa = |pem: &[u8], id: &str| {
        let key = EncodingKey::from_rsa_pem(pem).unwrap();
        encode(&header(Algorithm::RS256, id), &claims, &key).unwrap()
    };
    match forgery {
        Forgery::AlgNone => format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims)),
        Forgery::SharedSecret => {
            let key = EncodingKey::from_secret(SECRET.as_bytes());
            encode(&header(Algorithm::HS256, "one"), &claims, &key).unwrap()
        }
        Forgery::WrongKey => rsa(OTHER_RSA, "one"),
        Forgery::NewKey => rsa(OTHER_RSA, "two"),
        _ => rsa(RSA, "one"),
    }
}

async fn facebook_token(State(forger): State<Forger>, body: String) -> Response {
    let form = read(&body);
    let mut inner = forger.inner.lock().unwrap();
    if inner.down {
        return down();
    }
    match form.get("code").and_then(|code| inner.grants.remove(code)) {
        Some(grant) if fits(&forger.url, &grant, &form, inner.now) => {
            let token = format!("token-of-{}", grant.somebody.subject);
            Json(json!({ "access_token": token, "token_type": "bearer" })).into_response()
        }
        _ => refused("invalid_grant"),
    }
}

async fn facebook_looks(
    State(forger): State<Forger>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if query.get("access_token") != Some(&format!("{CLIENT}|{SECRET}")) {
        return refused("not the app");
    }
    let subject = query["input_token"].strip_prefix("token-of-").unwrap_or_default();
    let mut looked = json!({
        "app_id": CLIENT, "type": "USER", "is_valid": true, "user_id": subject, "expires_at": 0,
    });
    if let Some(said) = forger.inner.lock().unwrap().looked.as_object() {
        looked.as_object_mut().unwrap().extend(said.clone());
    }
    Json(json!({ "data": looked })).into_response()
}

async fn facebook_me(Query(query): Query<HashMap<String, String>>) -> Response {
    use hmac::{Hmac, Mac as _};
    let token = &query["access_token"];
    let mut code = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    code.update(token.as_bytes());
    let proof = code
        .finalize()
        .into_bytes()
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    if query.get("appsecret_proof") != Some(&proof) {
        return refused("no proof");
    }
    let subject = token.strip_prefix("token-of-").unwrap_or_default();
    Json(json!({ "id": subject, "first_name": "Sara", "last_name": "Al Qahtani" })).into_response()
}
