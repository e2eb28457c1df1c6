//! What people agreed to: each time is kept, the newest counts.

use http::Method;
use momfood_backend::both;
use momfood_backend::privacy::consents;
use momfood_backend::store::sql;
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::everything::rows;
use crate::town::*;

async fn put(app: &TestApp, who: &Someone, body: &Value) -> Answer {
    app.request(Method::PUT, "/api/v1/me/consents")
        .bearer(&who.token)
        .json(body)
        .send()
        .await
}

fn given(standing: &Value, kind: &str) -> bool {
    let one = standing
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == kind)
        .unwrap();
    one["given"].as_bool().unwrap()
}

both! {
    async fn news_are_unwanted_until_somebody_says_otherwise(app: TestApp) {
        let sara = person(&app, "Sara", Role::Customer, None).await;
        let id = sara.id;
        for kind in ["terms", "privacy"] {
            put(&app, &sara, &json!({ "kind": kind, "version": "2026-11-01", "given": true })).await.data();
        }
        let standing = get(&app, &sara, "/api/v1/me/consents").await.data();
        assert_eq!((given(&standing, "terms"), given(&standing, "privacy"), given(&standing, "marketing")),
            (true, true, false));
        let mut tx = app.db.read().await.unwrap();
        assert!(!consents::wants_news(&mut tx, id).await.unwrap());
        drop(tx);
        let news = |given: bool| json!({ "kind": "marketing", "version": "2026-11-01", "given": given });
        for wanted in [true, true, false, true] {
            app.clock.advance(std::time::Duration::from_secs(1));
            let standing = put(&app, &sara, &news(wanted)).await.data();
            assert_eq!(given(&standing, "marketing"), wanted);
        }
        assert_eq!(rows(&app, "consents").await, 2 + 3, "each change is kept, and nothing twice");
        let mut tx = app.db.read().await.unwrap();
        assert!(consents::wants_news(&mut tx, id).await.unwrap());
    }

    async fn only_the_text_in_force_is_agreed_to_and_terms_go_with_the_account(app: TestApp) {
        let sara = person(&app, "Sara", Role::Customer, None).await;
        let old = json!({ "kind": "terms", "version": "2020-01-01", "given": true });
        assert_eq!(put(&app, &sara, &old).await.json()["error"]["details"]["field"], "version");
        let back = json!({ "kind": "terms", "version": "2026-11-01", "given": false });
        assert_eq!(put(&app, &sara, &back).await.json()["error"]["details"]["field"], "given");
        assert_eq!(rows(&app, "consents").await, 0);
    }

    async fn what_was_agreed_to_is_never_changed(app: TestApp) {
        let sara = person(&app, "Sara", Role::Customer, None).await;
        put(&app, &sara, &json!({ "kind": "privacy", "version": "2026-11-01", "given": true })).await.data();
        for refused in ["update", "delete"] {
            let outcome = app.db.write(async move |mut tx| if refused == "update" {
                sql!(&mut tx, execute, "update consents set given = false")
            } else {
                sql!(&mut tx, execute, "delete from consents")
            }).await;
            assert!(outcome.unwrap_err().to_string().contains("append-only"), "{refused}");
        }
    }
}
