//! The way in, the same in every app.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::api::Api;
use crate::screen::{Screen, id};

/// Comes in by email: the other choice, where there is one.
pub async fn by_email(screen: &Screen) {
    choose(screen, "last-of-type").await;
}

/// Comes in by phone.
pub async fn by_phone(screen: &Screen) {
    choose(screen, "first-of-type").await;
}

async fn choose(screen: &Screen, which: &str) {
    screen.see(&format!("{} form", id("entry"))).await;
    if screen.count(&id("way")).await > 0 {
        screen
            .press(&format!("{} .k-segmented label:{which}", id("way")))
            .await;
    }
}

/// Signs in by email and password.
pub async fn sign_in(screen: &Screen, email: &str, password: &str) {
    by_email(screen).await;
    screen.write(&id("email"), email).await;
    screen.write(&id("password"), password).await;
    screen.press(&id("sign-in")).await;
}

/// Asks for a code by SMS and types it. `phone` as typed after +966.
pub async fn show_code(screen: &Screen, api: &Api, phone: &str) {
    by_phone(screen).await;
    screen.write(&format!("{} input", id("phone")), phone).await;
    screen.press(&id("send-code")).await;
    screen.see(&id("code")).await;
    let code = code(api, &format!("+966{phone}")).await;
    screen.write(&id("code"), &code).await;
}

/// The code that was sent last to an email or a phone.
pub async fn code(api: &Api, to: &str) -> String {
    let message = api.message(to, "").await;
    message["code"].as_str().expect("a code").to_owned()
}

/// Says one's name and agrees: the last step to a new account.
pub async fn register(screen: &Screen, first_name: &str, last_name: &str) {
    screen.write(&id("first-name"), first_name).await;
    screen.write(&id("last-name"), last_name).await;
    screen.press(&id("agree")).await;
    screen.press(&id("sign-up")).await;
    screen.see_no(&id("sign-up")).await;
}

/// Signs out on the account's screen, whose last button it is: on a phone the bar of places stands over the page's end.
pub async fn sign_out(screen: &Screen) {
    screen.see(&id("sign-out")).await;
    let script = "document.querySelector(arguments[0]).click()";
    screen.run(script, vec![json!(id("sign-out"))]).await;
}

/// Gives the browser an authenticator of its own, which says yes to everything: what a phone's passkeys are to a person.
pub async fn give_authenticator(screen: &Screen) {
    screen
        .devtools("WebAuthn.enable", json!({ "enableUI": false }))
        .await;
    let options = json!({ "options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    } });
    screen.devtools("WebAuthn.addVirtualAuthenticator", options).await;
}

/// The six digits that an authenticator app with this secret (Base32) shows in step `step` of thirty seconds. Reckoned by
/// the browser, which has what it takes.
pub async fn totp(screen: &Screen, secret: &str, step: i64) -> String {
    let mut bits = 0_u64;
    let mut count = 0;
    let mut key = Vec::new();
    for letter in secret.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => continue,
        };
        bits = (bits << 5) | u64::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            key.push(u8::try_from(bits >> count & 0xff).expect("a byte"));
        }
    }
    let script = r#"
        const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
        window.__totp = null;
        crypto.subtle.importKey("raw", bytes(arguments[0]), { name: "HMAC", hash: "SHA-1" }, false, ["sign"])
            .then(key => crypto.subtle.sign("HMAC", key, bytes(arguments[1])))
            .then(mac => { window.__totp = [...new Uint8Array(mac)]; });
    "#;
    let step = BASE64_STANDARD.encode(step.to_be_bytes());
    let arguments = vec![json!(BASE64_STANDARD.encode(key)), json!(step)];
    screen.run(script, arguments).await;
    let mac = screen
        .until("the code of the authenticator app", async || {
            let mac = screen.run("return window.__totp", vec![]).await;
            mac.as_array().cloned()
        })
        .await;
    let mac: Vec<u32> = mac
        .iter()
        .map(|byte| u32::try_from(byte.as_u64().expect("a byte")).expect("a byte"))
        .collect();
    let at = usize::try_from(mac[19] & 15).expect("small");
    let number = (mac[at] & 127) << 24 | mac[at + 1] << 16 | mac[at + 2] << 8 | mac[at + 3];
    format!("{:06}", number % 1_000_000)
}
