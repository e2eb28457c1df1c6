//! Passkeys, shown by a software authenticator in a browser's place.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::store::sql;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use openidconnect::url::Url;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData, WebauthnError};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};

const HERE: &str = "http://localhost:8080";

/// Somebody's finger, on the sensor or not.
#[derive(Clone, Copy)]
struct Finger {
    shown: bool,
}

#[async_trait::async_trait]
impl UserValidationMethod for Finger {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        _presence: bool,
        _verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence: true,
            verification: self.shown,
        })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

type Device = Client<Option<Passkey>, Finger, RustCryptoBackend, public_suffix::PublicSuffixList, ()>;

fn device_with(passkey: Option<Passkey>, shown: bool) -> Device {
    let finger = Finger { shown };
    let mut authenticator = Authenticator::new(Aaguid::new_empty(), passkey, finger, RustCryptoBackend);
    authenticator.set_make_credentials_with_signature_counter(true);
    Client::new(authenticator).allows_insecure_localhost(true)
}

fn device() -> Device {
    device_with(None, true)
}

/// The same secret on another device.
fn copy(device: &Device) -> Device {
    device_with(device.authenticator().store().clone(), true)
}

async fn make(device: &mut Device, origin: &str, options: &Value) -> Result<Value, WebauthnError> {
    let public_key = serde_json::from_value(options.clone()).unwrap();
    let options = CredentialCreationOptions { public_key };
    let origin = Url::parse(origin).unwrap();
    let made = device.register(&origin, options, DefaultClientData).await?;
    Ok(serde_json::to_value(made).unwrap())
}

async fn show(device: &mut Device, origin: &str, options: &Value) -> Result<Value, WebauthnError> {
    let public_key = serde_json::from_value(options.clone()).unwrap();
    let options = CredentialRequestOptions { public_key };
    let origin = Url::parse(origin).unwrap();
    let shown = device.authenticate(&origin, options, DefaultClientData).await?;
    Ok(serde_json::to_value(shown).unwrap())
}

async fn ask(app: &TestApp) -> Value {
    let answer = app
        .request(Method::POST, "/api/v1/auth/passkeys/begin")
        .send()
        .await;
    answer.data()
}

async fn begin(app: &TestApp, token: &str) -> Value {
    let request = app
        .request(Method::POST, "/api/v1/me/passkeys/begin")
        .bearer(token);
    request.send().await.data()
}

async fn enter(app: &TestApp, ask: &Value, credential: &Value) -> Answer {
    let body = json!({ "ticket": ask["ticket"], "credential": credential });
    app.post("/api/v1/auth/passkeys/finish", &body).await
}

async fn add(app: &TestApp, token: &str, ask: &Value, credential: &Value) -> Answer {
    let body = json!({ "ticket": ask["ticket"], "credential": credential, "name": " هاتفي " });
    app.request(Method::POST, "/api/v1/me/passkeys")
        .bearer(token)
        .json(&body)
        .send()
        .await
}

/// A device with a passkey of whoever has `token`.
async fn made_for(app: &TestApp, token: &str) -> (Device, Value) {
    let mut device = device();
    let ask = begin(app, token).await;
    let credential = make(&mut device, HERE, &ask["options"]).await.unwrap();
    let kept = add(app, token, &ask, &credential).await;
    assert_eq!(kept.status, 201, "{}", kept.text());
    (device, kept.data())
}

async fn with_people(app: &TestApp) -> (String, String) {
    app.seed().await;
    (
        app.token("sara", Role::Customer).await,
        app.token("fahad", Role::Driver).await,
    )
}

/// What an access token says, unread by us elsewhere.
fn claims(token: &Value) -> Value {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

both! {
    async fn a_passkey_signs_its_person_in_and_is_both_factors(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (mut device, kept) = made_for(&app, &sara).await;
        assert_eq!(kept["name"], "هاتفي");
        let asked = ask(&app).await;
        assert_eq!(asked["options"]["userVerification"], "required");
        assert_eq!(asked["options"]["rpId"], "localhost");
        // Nobody is named: the device finds its passkey by itself.
        assert!(asked["options"]["allowCredentials"].as_array().is_none_or(Vec::is_empty));
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        let session = enter(&app, &asked, &shown).await.data();
        assert_eq!(session["user"]["email"], "sara@demo.momfood.test");
        assert_eq!(claims(&session["accessToken"])["mfa"], true);
        // And again, with the counter gone on.
        let asked = ask(&app).await;
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(enter(&app, &asked, &shown).await.status, 200);
        let list = app.request(Method::GET, "/api/v1/me/passkeys").bearer(&sara).send().await.data();
        assert_eq!(list[0]["id"], kept["id"]);
        assert!(list[0]["usedAt"].is_i64());
    }

    async fn what_was_shown_once_is_not_taken_again(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (mut device, _) = made_for(&app, &sara).await;
        let asked = ask(&app).await;
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(enter(&app, &asked, &shown).await.status, 200);
        assert_eq!(enter(&app, &asked, &shown).await.code(), "ticket_invalid");
        // Nor as the answer to another question, which is then used up as well.
        let another = ask(&app).await;
        assert_eq!(enter(&app, &another, &shown).await.code(), "passkey_invalid");
        let right = show(&mut device, HERE, &another["options"]).await.unwrap();
        assert_eq!(enter(&app, &another, &right).await.code(), "ticket_invalid");
        let late = ask(&app).await;
        let shown = show(&mut device, HERE, &late["options"]).await.unwrap();
        app.pass(Duration::from_secs(601)).await;
        assert_eq!(enter(&app, &late, &shown).await.code(), "ticket_invalid");
    }

    async fn a_page_of_another_site_gets_nothing(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (mut device, _) = made_for(&app, &sara).await;
        let asked = ask(&app).await;
        // What a device signed there is no good here.
        let shown = show(&mut device, "https://evil.example", &asked["options"]).await.unwrap();
        assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid");
        // Nor is what was signed here and says it was there.
        for origin in ["https://evil.example", "http://localhost.evil.example:8080", "https://localhost:8080"] {
            let asked = ask(&app).await;
            let mut shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
            let data = String::from_utf8(bytes(&shown["response"]["clientDataJSON"])).unwrap();
            assert!(data.contains(HERE), "{data}");
            shown["response"]["clientDataJSON"] = json!(text(data.replace(HERE, origin).as_bytes()));
            assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid", "{origin}");
        }
    }

    async fn nothing_of_an_answer_may_be_changed(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (mut device, _) = made_for(&app, &sara).await;
        for part in ["clientDataJSON", "authenticatorData", "signature", "userHandle"] {
            let asked = ask(&app).await;
            let mut shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
            let mut changed = bytes(&shown["response"][part]);
            let last = changed.len() - 1;
            changed[last] ^= 1;
            shown["response"][part] = json!(text(&changed));
            assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid", "{part}");
        }
        for nonsense in [json!({}), json!(null), json!("x"), json!({ "id": "a", "rawId": "!", "type": "public-key" })] {
            assert_eq!(enter(&app, &ask(&app).await, &nonsense).await.code(), "passkey_invalid");
        }
    }

    async fn a_device_that_did_not_verify_its_person_lets_nobody_in(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (device, _) = made_for(&app, &sara).await;
        let mut unverified = device_with(device.authenticator().store().clone(), false);
        let asked = ask(&app).await;
        if let Ok(shown) = show(&mut unverified, HERE, &asked["options"]).await {
            assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid");
        }
        // A page that asked for less than we do is not believed either.
        let mut less = ask(&app).await;
        less["options"]["userVerification"] = json!("discouraged");
        let shown = show(&mut unverified, HERE, &less["options"]).await.unwrap();
        assert_eq!(enter(&app, &less, &shown).await.code(), "passkey_invalid");
        let mut device = device_with(None, false);
        let mut asked = begin(&app, &sara).await;
        asked["options"]["authenticatorSelection"]["userVerification"] = json!("discouraged");
        let made = make(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(add(&app, &sara, &asked, &made).await.code(), "passkey_invalid");
    }

    async fn a_copied_passkey_is_found_out_and_written_down(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (mut device, _) = made_for(&app, &sara).await;
        let mut thief = copy(&device);
        for _ in 0..2 {
            let asked = ask(&app).await;
            let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
            assert_eq!(enter(&app, &asked, &shown).await.status, 200);
        }
        let asked = ask(&app).await;
        let shown = show(&mut thief, HERE, &asked["options"]).await.unwrap();
        assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid");
        let mut tx = app.db.read().await.unwrap();
        let (count,): (i64,) = sql!(
            &mut tx,
            fetch_one as (i64,),
            "select count(*) from audit_log where action = 'identity.passkey_doubted'"
        )
        .unwrap();
        assert_eq!(count, 1);
    }

    async fn a_passkey_is_its_persons_alone(app: TestApp) {
        let (sara, fahad) = with_people(&app).await;
        let (mut device, kept) = made_for(&app, &sara).await;
        // Begun by Sara, finished by Fahad.
        let asked = begin(&app, &sara).await;
        let made = make(&mut self::device(), HERE, &asked["options"]).await.unwrap();
        assert_eq!(add(&app, &fahad, &asked, &made).await.code(), "ticket_invalid");
        assert_eq!(add(&app, &sara, &asked, &made).await.code(), "ticket_invalid", "used up");
        // Hers, shown as his.
        let asked = ask(&app).await;
        let mut shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        let id = momfood_backend::seed::id::<UserId>("fahad@demo.momfood.test");
        shown["response"]["userHandle"] = json!(text(id.0.as_bytes()));
        assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid");
        // Removed by him, who has none of that name.
        let path = format!("/api/v1/me/passkeys/{}", kept["id"].as_str().unwrap());
        let remove = |token: &str| app.request(Method::DELETE, &path).bearer(token);
        assert_eq!(remove(&fahad).send().await.code(), "not_found");
        assert_eq!(remove(&sara).send().await.data(), json!(null));
        assert_eq!(remove(&sara).send().await.code(), "not_found");
        // Gone, it says no more than one that never was.
        let asked = ask(&app).await;
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(enter(&app, &asked, &shown).await.code(), "passkey_invalid");
    }

    async fn the_last_passkey_of_who_has_nothing_else_stays(app: TestApp) {
        let (sara, _) = with_people(&app).await;
        let (_, kept) = made_for(&app, &sara).await;
        let id = momfood_backend::seed::id::<UserId>("sara@demo.momfood.test");
        crate::stories::forget_password(&app, id).await;
        let path = format!("/api/v1/me/passkeys/{}", kept["id"].as_str().unwrap());
        let remove = || app.request(Method::DELETE, &path).bearer(&sara);
        assert_eq!(remove().send().await.code(), "last_way_in");
        made_for(&app, &sara).await;
        assert_eq!(remove().send().await.data(), json!(null));
    }

    async fn a_borrowed_session_makes_and_removes_no_passkey(app: TestApp) {
        let (sara, fahad) = with_people(&app).await;
        let (mut device, kept) = made_for(&app, &sara).await;
        app.pass(Duration::from_mins(11)).await;
        let begin = || app.request(Method::POST, "/api/v1/me/passkeys/begin").bearer(&sara);
        assert_eq!(begin().send().await.code(), "confirm_identity");
        let path = format!("/api/v1/me/passkeys/{}", kept["id"].as_str().unwrap());
        let remove = app.request(Method::DELETE, &path).bearer(&sara);
        assert_eq!(remove.send().await.code(), "confirm_identity");
        // Her passkey shows again who she is, and nobody else.
        let confirm = async |token: &str, asked: &Value, shown: &Value| {
            let body = json!({ "passkey": { "ticket": asked["ticket"], "credential": shown } });
            app.request(Method::POST, "/api/v1/auth/confirm").bearer(token).json(&body).send().await
        };
        let asked = ask(&app).await;
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(confirm(&fahad, &asked, &shown).await.code(), "passkey_invalid");
        let asked = ask(&app).await;
        let shown = show(&mut device, HERE, &asked["options"]).await.unwrap();
        assert_eq!(confirm(&sara, &asked, &shown).await.status, 200);
        assert_eq!(begin().send().await.status, 200);
    }

    async fn the_same_passkey_is_not_kept_twice_nor_more_than_a_few(app: TestApp) {
        let (sara, fahad) = with_people(&app).await;
        let (_, kept) = made_for(&app, &sara).await;
        // A device that has one already is told so, and makes none.
        let asked = begin(&app, &sara).await;
        assert_eq!(asked["options"]["excludeCredentials"][0]["id"], kept["id"]);
        for _ in 0..19 {
            made_for(&app, &sara).await;
        }
        let request = app.request(Method::POST, "/api/v1/me/passkeys/begin").bearer(&sara);
        assert_eq!(request.send().await.code(), "invalid_input");
        let request = app.request(Method::POST, "/api/v1/me/passkeys/begin").bearer(&fahad);
        assert_eq!(request.send().await.status, 200);
    }
}

fn bytes(text: &Value) -> Vec<u8> {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD
        .decode(text.as_str().unwrap())
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
