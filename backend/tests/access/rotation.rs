//! Keys are changed while people are signed in: nobody notices.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use momfood_backend::both;
use momfood_backend::keys::command::{self, Keys as Do};
use momfood_backend::keys::file;
use momfood_backend::keys::watch::Watch;
use momfood_backend::sealed::master::{MasterKey, MasterKeys as _};
use momfood_backend::sealed::sources::FileKeys;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::time::{DAY, Timestamp};
use serde_json::json;
use std::time::Duration;

use crate::cast::refresh_token;
use crate::town::*;

/// The keys a test server has from its birth, in the files where a real one keeps them.
async fn keep(app: &TestApp) {
    let der = [
        &[
            0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
        ][..],
        &[7; 32],
    ]
    .concat();
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64_STANDARD.encode(der)
    );
    std::fs::write(app.config.key_file(), pem).unwrap();
    let first = MasterKey::new([5; 32], Timestamp(0));
    FileKeys::at(app.config.master_key_file())
        .add(&first)
        .await
        .unwrap();
}

async fn momfood_keys(app: &TestApp, what: Do) -> anyhow::Result<String> {
    let mut said = Vec::new();
    command::run(&what, &app.config, &app.clock, &mut said).await?;
    Ok(String::from_utf8(said).unwrap())
}

async fn renewed(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/refresh", &json!({ "refreshToken": token }))
        .await
}

async fn phone(app: &TestApp, who: &Someone) -> Answer {
    get(app, who, "/api/v1/me").await
}

both! {
    async fn nobody_is_signed_out_by_a_new_signing_key(app: TestApp) {
        keep(&app).await;
        let town = Town::build(&app).await;
        let order = town.accepted(&app).await;
        let share = |verb: &str| app.request(verb.parse().unwrap(), &format!("/api/v1/orders/{order}/share")).bearer(&town.sara.token);
        let link = share("POST").send().await.data();
        let shown = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let (old, refresh) = (app.keys.current().id.clone(), refresh_token(&app, &town.sara));

        let mut watch = Watch::of(&app).unwrap();
        watch.look().await;
        assert_eq!(app.keys.current().id, old);
        momfood_keys(&app, Do::RotateSigning { after: 30 }).await.unwrap();
        watch.look().await;
        assert_eq!(app.keys.current().id, old, "it signs when every server has read it");
        app.clock.advance(Duration::from_secs(30));
        let new = app.keys.current().id.clone();
        assert_ne!(new, old);

        // What the old key signed and vouched for.
        assert_eq!(phone(&app, &town.sara).await.status, 200);
        assert_eq!(share("POST").send().await.data()["url"], link["url"]);
        assert_eq!(app.get(&format!("/api/v1/shared/{shown}")).await.data()["status"], "accepted");
        let tokens = renewed(&app, &refresh).await.data();
        let header = tokens["accessToken"].as_str().unwrap().split('.').next().unwrap().to_owned();
        assert!(String::from_utf8(base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap().contains(&new));
        // An answer that was lost is said again, and what follows is the new key's.
        let again = renewed(&app, &refresh).await.data();
        assert_eq!(again["refreshToken"], tokens["refreshToken"]);
        let next = renewed(&app, tokens["refreshToken"].as_str().unwrap()).await.data();

        // It is not taken out as long as a session may rest on it, unless that is wanted.
        let kept = momfood_keys(&app, Do::Retire { id: old.clone(), sign_out: false }).await.unwrap_err();
        assert!(kept.to_string().contains("--sign-out"), "{kept}");
        assert!(momfood_keys(&app, Do::Retire { id: new.clone(), sign_out: true }).await.is_err());
        app.clock.advance(Duration::from_micros(u64::try_from(7 * DAY).unwrap()));
        momfood_keys(&app, Do::Retire { id: old.clone(), sign_out: false }).await.unwrap();
        watch.look().await;
        assert!(app.keys.named(&old).is_none());
        assert_eq!(phone(&app, &town.sara).await.code(), "token_invalid");
        assert!(renewed(&app, &refresh).await.status.is_client_error());
        assert!(renewed(&app, next["refreshToken"].as_str().unwrap()).await.status.is_client_error(), "a week is over");
    }

    async fn every_key_is_wrapped_anew_while_the_server_runs(app: TestApp) {
        keep(&app).await;
        let town = Town::build(&app).await;
        for n in 0..260_u128 {
            let person = momfood_domain::id::UserId(uuid::Uuid::from_u128(n + 10));
            app.db.write(async move |mut tx| {
                let field = momfood_backend::sealed::Field::new("totp", "secret");
                momfood_backend::sealed::seal(&mut tx, person, field, b"row", b"secret").await
            }).await.unwrap();
        }
        let before = phone(&app, &town.sara).await.data();
        let mut watch = Watch::of(&app).unwrap();
        watch.look().await;
        let sealer = app.db.sealer().unwrap();
        let old = sealer.ring().names();

        let said = momfood_keys(&app, Do::RotateMaster { after: 0 }).await.unwrap();
        assert!(said.contains("263 keys are wrapped anew") || said.contains("264 keys") || said.contains("265 keys"), "{said}");
        // A server that has not read the new key yet asks to come again; nothing is lost.
        assert_eq!(phone(&app, &town.sara).await.code(), "try_again");
        watch.look().await;
        assert_eq!(phone(&app, &town.sara).await.data(), before);
        assert_eq!(count!(app, "select count(distinct master) from person_keys"), 1);

        // And once more.
        let one = sealer.ring().iter().map(|key| key.id().to_owned()).find(|id| *id != old).unwrap();
        let said = momfood_keys(&app, Do::RotateMaster { after: 0 }).await.unwrap();
        assert!(!said.contains("Going on"), "{said}");
        watch.look().await;
        let kept = momfood_keys(&app, Do::Retire { id: sealer.ring().names().rsplit(", ").next().unwrap().to_owned(), sign_out: false }).await;
        assert!(kept.unwrap_err().to_string().contains("rotate first"));
        for gone in [&old, &one] {
            momfood_keys(&app, Do::Retire { id: gone.clone(), sign_out: false }).await.unwrap();
        }
        watch.look().await;
        assert_eq!(sealer.ring().iter().count(), 1);
        assert_eq!(phone(&app, &town.sara).await.data(), before);
        let said = momfood_keys(&app, Do::Status).await.unwrap();
        assert!(said.contains("wraps new keys") && said.contains("signs"), "{said}");
        let secret = std::fs::read_to_string(app.config.master_key_file()).unwrap();
        let secret = secret.split_whitespace().last().unwrap();
        assert!(!said.contains(secret), "a status tells no secret");
    }

    async fn a_rotation_that_was_cut_off_is_gone_on_with(app: TestApp) {
        keep(&app).await;
        let town = Town::build(&app).await;
        let place = FileKeys::at(app.config.master_key_file());
        // The key was made, and then the machine went away.
        place.add(&MasterKey::new([6; 32], app.clock.now())).await.unwrap();
        let said = momfood_keys(&app, Do::RotateMaster { after: 0 }).await.unwrap();
        assert!(said.contains("Going on"), "{said}");
        assert_eq!(place.load().await.unwrap().iter().count(), 2, "no third key was made");
        Watch::of(&app).unwrap().look().await;
        assert_eq!(phone(&app, &town.sara).await.status, 200);
        assert_eq!(count!(app, "select count(distinct master) from person_keys"), 1);
    }

    async fn a_master_key_that_still_wraps_something_is_not_taken_out(app: TestApp) {
        keep(&app).await;
        let town = Town::build(&app).await;
        let place = FileKeys::at(app.config.master_key_file());
        let old = place.load().await.unwrap().names();
        place.add(&MasterKey::new([6; 32], app.clock.now())).await.unwrap();
        let kept = momfood_keys(&app, Do::Retire { id: old, sign_out: true }).await.unwrap_err();
        assert!(kept.to_string().contains("still wraps"), "{kept}");
        assert_eq!(phone(&app, &town.sara).await.status, 200);
    }

    async fn a_file_of_keys_that_breaks_while_the_server_runs_changes_nothing(app: TestApp) {
        keep(&app).await;
        let town = Town::build(&app).await;
        let mut watch = Watch::of(&app).unwrap();
        watch.look().await;
        std::fs::write(app.config.key_file(), "").unwrap();
        std::fs::write(app.config.master_key_file(), "nonsense").unwrap();
        watch.look().await;
        assert_eq!(phone(&app, &town.sara).await.status, 200);
        std::fs::remove_file(app.config.key_file()).unwrap();
        std::fs::remove_file(app.config.master_key_file()).unwrap();
        watch.look().await;
        assert_eq!(phone(&app, &town.sara).await.status, 200);
        assert!(file::load(&app.config.key_file()).is_err(), "a running server makes no key");
    }
}
