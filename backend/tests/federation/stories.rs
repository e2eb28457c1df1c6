//! What people see of accounts elsewhere when nobody means harm.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::store::{Engine, sql};
use momfood_backend::testing::{FromEngine, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use serde_json::json;
use uuid::Uuid;

use crate::browser::{Browser, VERIFIER, challenge, details, finish, link, query};
use crate::forger::{Forger, Forgery, Somebody};

/// A server with three providers set up, and the demo city's people.
pub struct Abroad {
    pub app: TestApp,
    pub forger: Forger,
}

impl FromEngine for Abroad {
    async fn from_engine(engine: Engine) -> Self {
        let forger = Forger::start().await;
        let app = TestApp::start_with(engine, |config| forger.settings(config)).await;
        app.seed().await;
        Self { app, forger }
    }
}

impl Abroad {
    /// A whole trip of `somebody`'s to `provider`: the address they come back to.
    pub async fn trip(&self, browser: &Browser, provider: &str, somebody: Somebody) -> String {
        let page = browser.begin(&self.app, provider).await;
        let (code, state) = self.forger.sign_in(&self.app, &page, somebody);
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        if provider == "apple" {
            browser.back_by_form(&self.app, provider, &pairs).await
        } else {
            browser.back(&self.app, provider, &pairs).await
        }
    }

    /// Links `somebody`'s account to whoever has `token`.
    pub async fn link(&self, token: &str, provider: &str, somebody: Somebody) {
        let browser = Browser::default();
        let page = browser.begin_to_link(&self.app, token, provider).await;
        let (code, state) = self.forger.sign_in(&self.app, &page, somebody);
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        let address = browser.back(&self.app, provider, &pairs).await;
        assert_eq!(
            query(&address).get("for").map(String::as_str),
            Some("link"),
            "{address}"
        );
        let linked = link(&self.app, token, &address).await.data();
        assert_eq!(linked["provider"], provider);
    }

    pub async fn sara(&self) -> String {
        self.app.token("sara", Role::Customer).await
    }
}

pub fn stranger() -> Somebody {
    Somebody::with("subject-of-a-stranger", "Stranger@Mail.Example")
}

both! {
    async fn who_is_new_here_is_asked_for_no_more_than_the_provider_did_not_tell(abroad: Abroad) {
        let browser = Browser::default();
        let address = abroad.trip(&browser, "google", stranger()).await;
        assert!(address.starts_with("/signed-in?ticket="), "{address}");
        let answer = finish(&abroad.app, &address, VERIFIER).await;
        assert_eq!((answer.code().as_str(), answer.status.as_u16()), ("registration_required", 409));
        let details = details(&answer);
        assert_eq!(details["email"], "stranger@mail.example");
        assert_eq!(details["firstName"], "Sara");
        assert_eq!(details["needsPassword"], false);
        assert!(details["ticket"].as_str().unwrap().len() > 40);
    }

    async fn an_email_the_provider_did_not_verify_is_nobodys(abroad: Abroad) {
        for verified in [json!(false), json!("false"), json!(null)] {
            let somebody = Somebody { verified, ..Somebody::with("s", "sara@demo.momfood.test") };
            let address = abroad.trip(&Browser::default(), "google", somebody).await;
            let answer = finish(&abroad.app, &address, VERIFIER).await;
            // Whether Sara has an account here is not for somebody to learn who only typed her email elsewhere.
            assert_eq!(answer.code(), "registration_required");
            assert_eq!(details(&answer)["email"], json!(null));
        }
    }

    async fn an_account_is_never_linked_because_emails_are_alike(abroad: Abroad) {
        let somebody = || Somebody::with("somebody", "sara@demo.momfood.test");
        let address = abroad.trip(&Browser::default(), "google", somebody()).await;
        let answer = finish(&abroad.app, &address, VERIFIER).await;
        assert_eq!(answer.code(), "already_linked");
        assert_eq!(details(&answer)["provider"], "google");
        // She signs in, links it, and from then on it signs her in.
        let sara = abroad.sara().await;
        abroad.link(&sara, "google", somebody()).await;
        let address = abroad.trip(&Browser::default(), "google", somebody()).await;
        let session = finish(&abroad.app, &address, VERIFIER).await.data();
        assert_eq!(session["user"]["email"], "sara@demo.momfood.test");
        assert!(session["refreshToken"].is_string());
    }

    async fn each_provider_signs_in_whom_it_is_linked_to(abroad: Abroad) {
        let sara = abroad.sara().await;
        for provider in ["google", "facebook"] {
            let somebody = || Somebody { email: None, ..stranger() };
            abroad.link(&sara, provider, somebody()).await;
            let address = abroad.trip(&Browser::default(), provider, somebody()).await;
            let session = finish(&abroad.app, &address, VERIFIER).await.data();
            assert_eq!(session["user"]["email"], "sara@demo.momfood.test", "{provider}");
        }
        let request = abroad.app.request(Method::GET, "/api/v1/me/linked").bearer(&sara);
        let linked = request.send().await.data();
        let names: Vec<_> = linked.as_array().unwrap().iter().map(|linked| linked["provider"].clone()).collect();
        assert_eq!(names, ["facebook", "google"].map(|name| json!(name)));
    }

    async fn apple_comes_back_with_a_form_and_a_name_once(abroad: Abroad) {
        let browser = Browser::default();
        let page = browser.begin(&abroad.app, "apple").await;
        assert!(page.query().unwrap().contains("response_mode=form_post"), "{page}");
        let somebody = Somebody { verified: json!("true"), ..stranger() };
        let (code, state) = abroad.forger.sign_in(&abroad.app, &page, somebody);
        let user = json!({ "name": { "firstName": "نورة", "lastName": "العتيبي" } }).to_string();
        let pairs = [("code", code.as_str()), ("state", state.as_str()), ("user", user.as_str())];
        let address = browser.back_by_form(&abroad.app, "apple", &pairs).await;
        let answer = finish(&abroad.app, &address, VERIFIER).await;
        assert_eq!(answer.code(), "registration_required");
        assert_eq!(details(&answer)["email"], "stranger@mail.example");
        assert_eq!(details(&answer)["lastName"], "العتيبي");
    }

    async fn a_program_of_its_own_comes_back_to_itself(abroad: Abroad) {
        let body = json!({ "app": "customer", "native": true, "challenge": challenge(VERIFIER) });
        let answer = abroad.app.post("/api/v1/auth/oauth/google/begin", &body).await;
        assert_eq!(answer.header("set-cookie"), "");
        let page = answer.data()["url"].as_str().unwrap().parse().unwrap();
        let (code, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        let address = Browser::default().back(&abroad.app, "google", &pairs).await;
        assert!(address.starts_with("momfood://signed-in?ticket="), "{address}");
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "registration_required");
    }

    async fn who_calls_it_off_is_told_so(abroad: Abroad) {
        let browser = Browser::default();
        let page = browser.begin(&abroad.app, "google").await;
        let state = query(page.as_str())["state"].clone();
        let pairs = [("error", "access_denied"), ("state", state.as_str())];
        let address = browser.back(&abroad.app, "google", &pairs).await;
        assert_eq!(address, "/signed-in?error=provider_refused&provider=google");
    }

    async fn a_provider_that_is_away_is_said_to_be(abroad: Abroad) {
        abroad.forger.go_down(true);
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        let answer = abroad.app.post("/api/v1/auth/oauth/google/begin", &body).await;
        assert_eq!(answer.code(), "try_again");
        assert_eq!(details(&answer)["provider"], "google");
        // It goes away while somebody is there.
        abroad.forger.go_down(false);
        for provider in ["google", "facebook"] {
            let browser = Browser::default();
            let page = browser.begin(&abroad.app, provider).await;
            let (code, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
            abroad.forger.go_down(true);
            let pairs = [("code", code.as_str()), ("state", state.as_str())];
            let address = browser.back(&abroad.app, provider, &pairs).await;
            assert_eq!(address, format!("/signed-in?error=try_again&provider={provider}"));
            abroad.forger.go_down(false);
        }
    }

    async fn a_provider_may_change_its_keys(abroad: Abroad) {
        abroad.trip(&Browser::default(), "google", stranger()).await;
        abroad.forger.forge(Forgery::NewKey);
        // Just asked for its keys, we do not ask again at once: made-up key names would have us ask for ever.
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert_eq!(query(&address)["error"], "provider_refused");
        abroad.app.pass(Duration::from_secs(61)).await;
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert!(query(&address).contains_key("ticket"), "{address}");
    }

    async fn ways_in_are_told_and_the_last_one_is_kept(abroad: Abroad) {
        let ways = abroad.app.get("/api/v1/auth/ways").await.data();
        assert_eq!(ways["providers"], json!(["google", "apple", "facebook"]));
        assert_eq!(ways["passkey"], true);
        let sara = abroad.sara().await;
        abroad.link(&sara, "google", stranger()).await;
        let id = momfood_backend::seed::id::<UserId>("sara@demo.momfood.test");
        forget_password(&abroad.app, id).await;
        let remove = || abroad.app.request(Method::DELETE, "/api/v1/me/linked/google").bearer(&sara);
        assert_eq!(remove().send().await.code(), "last_way_in");
        abroad.link(&sara, "facebook", stranger()).await;
        assert_eq!(remove().send().await.data(), json!(null));
        assert_eq!(remove().send().await.code(), "not_found");
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "registration_required");
    }

    async fn nobody_who_reads_the_database_learns_an_id_of_elsewhere(abroad: Abroad) {
        let sara = abroad.sara().await;
        abroad.link(&sara, "google", stranger()).await;
        abroad.trip(&Browser::default(), "google", stranger()).await;
        let mut tx = abroad.app.db.read().await.unwrap();
        let states: Vec<(String,)> = sql!(&mut tx, fetch_all as (String,), "select state from challenges").unwrap();
        assert!(states.len() >= 4);
        for (state,) in states {
            assert!(!state.contains("stranger") && !state.contains("subject"), "{state}");
        }
        let indexes: Vec<(Vec<u8>,)> =
            sql!(&mut tx, fetch_all as (Vec<u8>,), "select subject_index from linked_accounts").unwrap();
        assert_eq!(indexes[0].0.len(), 32);
        let notes: Vec<(String, Option<Uuid>)> = sql!(
            &mut tx,
            fetch_all as (String, Option<Uuid>),
            "select action, subject_id from audit_log where action like 'identity.account%'"
        )
        .unwrap();
        let id = momfood_backend::seed::id::<UserId>("sara@demo.momfood.test");
        assert_eq!(notes, [("identity.account_linked".to_owned(), Some(id.0))]);
    }
}

/// Somebody who never chose a password.
pub async fn forget_password(app: &TestApp, id: UserId) {
    app.db
        .write(async move |mut tx| {
            sql!(
                &mut tx,
                execute,
                "update users set password_hash = null, phone_verified = false where id = $1",
                id
            )
        })
        .await
        .unwrap();
}
