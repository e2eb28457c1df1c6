//! What must not work, whoever tries.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::browser::{Browser, VERIFIER, challenge, finish, link, query};
use crate::forger::{Forgery, Somebody};
use crate::stories::{Abroad, stranger};

const LOST: &str = "/signed-in?error=ticket_invalid";

both! {
    async fn a_forged_identity_token_lets_nobody_in(abroad: Abroad) {
        for forgery in [
            Forgery::AlgNone, Forgery::SharedSecret, Forgery::WrongKey, Forgery::WrongAudience,
            Forgery::TwoAudiences, Forgery::WrongParty, Forgery::WrongIssuer, Forgery::Expired,
            Forgery::WrongNonce, Forgery::NoNonce, Forgery::NoToken,
        ] {
            abroad.forger.forge(forgery);
            for provider in ["google", "apple"] {
                let address = abroad.trip(&Browser::default(), provider, stranger()).await;
                let expected = format!("/signed-in?error=provider_refused&provider={provider}");
                assert_eq!(address, expected, "{forgery:?}");
            }
        }
        abroad.forger.forge(Forgery::Endless);
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert_eq!(query(&address)["error"], "try_again");
        abroad.forger.forge(Forgery::None);
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert!(query(&address).contains_key("ticket"));
    }

    async fn nobody_is_sent_to_a_provider_that_says_it_is_another(abroad: Abroad) {
        abroad.forger.forge(Forgery::AnothersDescription);
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        for provider in ["google", "apple"] {
            let begin = format!("/api/v1/auth/oauth/{provider}/begin");
            assert_eq!(abroad.app.post(&begin, &body).await.code(), "try_again");
        }
        abroad.forger.forge(Forgery::None);
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert!(query(&address).contains_key("ticket"), "{address}");
    }

    async fn an_access_token_made_for_another_app_is_not_taken_from_facebook(abroad: Abroad) {
        for said in [
            json!({ "app_id": "another-app" }), json!({ "is_valid": false }), json!({ "user_id": "another" }),
            json!({ "type": "PAGE" }), json!({ "expires_at": 1 }), json!({ "app_id": null }),
        ] {
            abroad.forger.facebook_says(said.clone());
            let address = abroad.trip(&Browser::default(), "facebook", stranger()).await;
            assert_eq!(address, "/signed-in?error=provider_refused&provider=facebook", "{said}");
        }
        abroad.forger.facebook_says(Value::Null);
        let address = abroad.trip(&Browser::default(), "facebook", stranger()).await;
        assert!(query(&address).contains_key("ticket"), "{address}");
    }

    async fn a_return_works_once_and_in_the_browser_that_left(abroad: Abroad) {
        let browser = Browser::default();
        let page = browser.begin(&abroad.app, "google").await;
        let (code, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        // Sent to somebody else, whose browser never left; the one it belongs to loses nothing by it.
        let another = Browser::default();
        assert_eq!(another.back(&abroad.app, "google", &pairs).await, LOST);
        another.begin(&abroad.app, "google").await;
        assert_eq!(another.back(&abroad.app, "google", &pairs).await, LOST);
        // To another provider's door.
        assert_eq!(browser.back(&abroad.app, "facebook", &pairs).await, LOST);
        let address = browser.back(&abroad.app, "google", &pairs).await;
        assert!(query(&address).contains_key("ticket"), "{address}");
        assert_eq!(browser.back(&abroad.app, "google", &pairs).await, LOST);
    }

    async fn a_state_that_is_not_ours_leads_nowhere_but_home(abroad: Abroad) {
        let browser = Browser::default();
        browser.begin(&abroad.app, "google").await;
        for state in ["", "x", "../../evil", "https://evil.example/", "%0d%0aset-cookie:a=b", "a\r\nb: c"] {
            let pairs = [("code", "code"), ("state", state)];
            assert_eq!(browser.back(&abroad.app, "google", &pairs).await, LOST, "{state}");
            assert_eq!(browser.back_by_form(&abroad.app, "apple", &pairs).await, LOST, "{state}");
        }
        let ours = browser.begin(&abroad.app, "google").await;
        let mut state = query(ours.as_str())["state"].clone();
        state.replace_range(5..6, if &state[5..6] == "A" { "B" } else { "A" });
        let pairs = [("code", "code"), ("state", state.as_str())];
        assert_eq!(browser.back(&abroad.app, "google", &pairs).await, LOST);
    }

    async fn nobody_is_signed_in_with_a_ticket_they_were_sent(abroad: Abroad) {
        // A thief goes all the way with an account of their own and sends the end of it to somebody.
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        for verifier in ["", "the secret of the one it was sent to", &challenge(VERIFIER)] {
            assert_eq!(finish(&abroad.app, &address, verifier).await.code(), "ticket_invalid");
        }
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "registration_required");
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "ticket_invalid");
    }

    async fn a_secret_is_not_to_be_guessed_nor_waited_for(abroad: Abroad) {
        let address = abroad.trip(&Browser::default(), "google", stranger()).await;
        for _ in 0..5 {
            assert_eq!(finish(&abroad.app, &address, "a guess").await.code(), "ticket_invalid");
        }
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "ticket_invalid");
        let late = abroad.trip(&Browser::default(), "google", stranger()).await;
        let browser = Browser::default();
        let page = browser.begin(&abroad.app, "google").await;
        let (code, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
        abroad.app.pass(Duration::from_secs(601)).await;
        assert_eq!(finish(&abroad.app, &late, VERIFIER).await.code(), "ticket_invalid");
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        assert_eq!(browser.back(&abroad.app, "google", &pairs).await, LOST);
    }

    async fn a_code_of_another_trip_is_not_taken(abroad: Abroad) {
        let (thief, person) = (Browser::default(), Browser::default());
        let theirs = thief.begin(&abroad.app, "google").await;
        let (stolen, _) = abroad.forger.sign_in(&abroad.app, &theirs, stranger());
        let page = person.begin(&abroad.app, "google").await;
        let (_, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
        let pairs = [("code", stolen.as_str()), ("state", state.as_str())];
        let address = person.back(&abroad.app, "google", &pairs).await;
        assert_eq!(query(&address)["error"], "provider_refused");
    }

    async fn people_are_sent_to_our_own_pages_only(abroad: Abroad) {
        for app in ["", "https://evil.example", "//evil.example", "customer/../../evil", "momfood", "Kitchen"] {
            let body = json!({ "app": app, "challenge": challenge(VERIFIER) });
            let answer = abroad.app.post("/api/v1/auth/oauth/google/begin", &body).await;
            assert_eq!(answer.code(), "invalid_input", "{app}");
        }
        for weak in ["", "short", "a secret that only this page knows, and nobody else!!"] {
            let body = json!({ "app": "customer", "challenge": weak });
            let answer = abroad.app.post("/api/v1/auth/oauth/google/begin", &body).await;
            assert_eq!(answer.code(), "invalid_input", "{weak}");
        }
        // What a request says of its host is no address of ours.
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        let request = abroad.app.request(Method::POST, "/api/v1/auth/oauth/google/begin").json(&body);
        let answer = request.header("host", "evil.example").send().await.data();
        let back = query(answer["url"].as_str().unwrap())["redirect_uri"].clone();
        assert_eq!(back, "http://localhost:8080/api/v1/auth/oauth/google/callback");
    }

    async fn an_account_is_linked_to_who_began_and_to_nobody_else(abroad: Abroad) {
        let (sara, fahad) = (abroad.sara().await, abroad.app.token("fahad", Role::Driver).await);
        let browser = Browser::default();
        let page = browser.begin_to_link(&abroad.app, &fahad, "google").await;
        let (code, state) = abroad.forger.sign_in(&abroad.app, &page, stranger());
        let pairs = [("code", code.as_str()), ("state", state.as_str())];
        let address = browser.back(&abroad.app, "google", &pairs).await;
        // A ticket for linking signs nobody in, and one for signing in links nothing.
        assert_eq!(finish(&abroad.app, &address, VERIFIER).await.code(), "ticket_invalid");
        let other = abroad.trip(&Browser::default(), "google", stranger()).await;
        assert_eq!(link(&abroad.app, &sara, &other).await.code(), "ticket_invalid");
        assert_eq!(link(&abroad.app, &sara, &address).await.code(), "ticket_invalid");
        // Used up by whoever tried; Fahad begins again.
        assert_eq!(link(&abroad.app, &fahad, &address).await.code(), "ticket_invalid");
        abroad.link(&fahad, "google", stranger()).await;
        // Theirs is not anybody else's any more, and nobody has two at one provider.
        for (token, somebody) in [(&sara, stranger()), (&fahad, Somebody::with("second", "b@mail.example"))] {
            let browser = Browser::default();
            let page = browser.begin_to_link(&abroad.app, token, "google").await;
            let (code, state) = abroad.forger.sign_in(&abroad.app, &page, somebody);
            let pairs = [("code", code.as_str()), ("state", state.as_str())];
            let address = browser.back(&abroad.app, "google", &pairs).await;
            assert_eq!(link(&abroad.app, token, &address).await.code(), "already_linked");
        }
    }

    async fn a_borrowed_session_links_and_unlinks_nothing(abroad: Abroad) {
        let sara = abroad.sara().await;
        abroad.link(&sara, "google", stranger()).await;
        abroad.app.pass(Duration::from_mins(11)).await;
        let body = json!({ "app": "customer", "challenge": challenge(VERIFIER) });
        let begin = abroad.app.request(Method::POST, "/api/v1/me/linked/facebook/begin").bearer(&sara);
        assert_eq!(begin.json(&body).send().await.code(), "confirm_identity");
        let remove = abroad.app.request(Method::DELETE, "/api/v1/me/linked/google").bearer(&sara);
        assert_eq!(remove.send().await.code(), "confirm_identity");
    }

    async fn a_form_that_says_a_thing_twice_is_refused(abroad: Abroad) {
        for (kind, form, code) in [
            ("application/x-www-form-urlencoded", "state=a&state=b&code=c", "invalid_input"),
            ("application/x-www-form-urlencoded", "state=a&code=b&code=c", "invalid_input"),
            ("application/json", "{}", "unsupported_media_type"),
        ] {
            let request = abroad.app.request(Method::POST, "/api/v1/auth/oauth/apple/callback");
            assert_eq!(request.raw(kind, form).send().await.code(), code, "{form}");
        }
        let long = format!("state={}", "a".repeat(40_000));
        let request = abroad.app.request(Method::POST, "/api/v1/auth/oauth/apple/callback");
        let answer = request.raw("application/x-www-form-urlencoded", long).send().await;
        assert_eq!(answer.code(), "body_too_large");
        assert_eq!(abroad.app.get("/api/v1/auth/oauth/evil/callback").await.code(), "not_found");
    }
}
