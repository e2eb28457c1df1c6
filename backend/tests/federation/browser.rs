//! A browser as far as these stories need one: it keeps cookies, and the secret of whoever begins a trip.

use std::cell::RefCell;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::Method;
use momfood_backend::testing::{Answer, TestApp};
use openidconnect::url::{Url, form_urlencoded};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// One person's browser.
#[derive(Default)]
pub struct Browser {
    cookies: RefCell<BTreeMap<String, String>>,
}

/// A page's address, taken apart.
pub fn query(address: &str) -> BTreeMap<String, String> {
    let (_, query) = address.split_once('?').unwrap_or((address, ""));
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// What somebody who begins keeps to themself.
pub const VERIFIER: &str = "a secret that only this page knows, and nobody else";

pub fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

impl Browser {
    fn keep(&self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let (pair, rest) = cookie.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(rest.contains("HttpOnly"), "{rest}");
            let mut cookies = self.cookies.borrow_mut();
            if rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn cookie(&self) -> String {
        let cookies = self.cookies.borrow();
        let pairs: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// Begins a trip to `provider` from the customer's app.
    pub async fn begin(&self, app: &TestApp, provider: &str) -> Url {
        let path = format!("/api/v1/auth/oauth/{provider}/begin");
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        let answer = app.post(&path, &body).await;
        self.keep(&answer);
        Url::parse(answer.data()["url"].as_str().unwrap()).unwrap()
    }

    /// Begins to link an account of `provider`.
    pub async fn begin_to_link(&self, app: &TestApp, token: &str, provider: &str) -> Url {
        let path = format!("/api/v1/me/linked/{provider}/begin");
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        let answer = app
            .request(Method::POST, &path)
            .bearer(token)
            .json(&body)
            .send()
            .await;
        self.keep(&answer);
        Url::parse(answer.data()["url"].as_str().unwrap()).unwrap()
    }

    /// Is sent back by `provider`; the answer is where to.
    pub async fn back(&self, app: &TestApp, provider: &str, pairs: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let path = format!("/api/v1/auth/oauth/{provider}/callback?{query}");
        let request = app.request(Method::GET, &path).header("cookie", &self.cookie());
        self.sent_on(request.send().await)
    }

    /// Is sent back with a form.
    pub async fn back_by_form(&self, app: &TestApp, provider: &str, pairs: &[(&str, &str)]) -> String {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let path = format!("/api/v1/auth/oauth/{provider}/callback");
        let request = app.request(Method::POST, &path).header("cookie", &self.cookie());
        let request = request.raw("application/x-www-form-urlencoded", form);
        self.sent_on(request.send().await)
    }

    #[expect(clippy::needless_pass_by_value, reason = "an answer is read once")]
    fn sent_on(&self, answer: Answer) -> String {
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        self.keep(&answer);
        answer.header("location").to_owned()
    }
}

/// Shows the ticket of an address and the secret of whoever began.
pub async fn finish(app: &TestApp, address: &str, verifier: &str) -> Answer {
    let ticket = query(address).get("ticket").cloned().unwrap_or_default();
    let body = json!({ "ticket": ticket, "verifier": verifier });
    app.post("/api/v1/auth/oauth/finish", &body).await
}

/// Links what an address' ticket stands for.
pub async fn link(app: &TestApp, token: &str, address: &str) -> Answer {
    let ticket = query(address).get("ticket").cloned().unwrap_or_default();
    let body = json!({ "ticket": ticket, "verifier": VERIFIER });
    let request = app.request(Method::POST, "/api/v1/me/linked").bearer(token);
    request.json(&body).send().await
}

/// The details of a refusal.
pub fn details(answer: &Answer) -> Value {
    answer.json()["error"]["details"].clone()
}
