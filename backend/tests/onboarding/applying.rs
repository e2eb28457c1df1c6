//! Drafts, their documents, and handing them in.

use http::Method;
use momfood_backend::both;
use momfood_backend::content::samples;
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use serde_json::json;

use crate::papers::*;
use crate::town::{get, person};

both! {
    async fn a_draft_says_what_is_missing_until_it_can_be_submitted(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let id = app.clock.uuid();
        let mut form = driver();
        form["iban"] = json!("SA0480000000608010167519");
        let draft = save(&app, &hanan, id, &form).await.data();
        assert_eq!(draft["status"], "draft");
        assert_eq!(draft["missing"],
            json!(["iban", "identity", "driving_license", "vehicle_registration", "iban_letter"]));
        let refused = move_on(&app, &hanan, id, "submit").await;
        assert_eq!(refused.code(), "application_incomplete");

        // As people type it: it is kept tidy.
        form["iban"] = json!("sa03 8000 0000 6080 1016 7519");
        form["nationalId"] = json!("١٠٠٠٠٠٠٠٠٨");
        let draft = save(&app, &hanan, id, &form).await.data();
        assert_eq!(draft["form"], driver());
        for kind in needed(&form) {
            hand_in(&app, &hanan, id, kind, samples::jpeg(300, 200, kind.as_bytes())).await.data();
        }
        let waits = move_on(&app, &hanan, id, "submit").await.data();
        assert_eq!(waits["status"], "submitted");
        assert_eq!(waits["missing"], json!([]));
        assert_eq!(waits["documents"].as_array().unwrap().len(), 4);
        assert_eq!(move_on(&app, &hanan, id, "submit").await.data(), waits, "once more changes nothing");
        assert_eq!(get(&app, &hanan, "/api/v1/applications").await.data(), json!([waits]));
    }

    async fn a_repeated_request_changes_nothing(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let id = app.clock.uuid();
        let first = save(&app, &hanan, id, &kitchen()).await.data();
        app.clock.advance(std::time::Duration::from_secs(5));
        assert_eq!(save(&app, &hanan, id, &kitchen()).await.data(), first);
        let bytes = samples::pdf("/Type /Catalog");
        let document = hand_in(&app, &hanan, id, "iban_letter", bytes.clone()).await.data();
        app.clock.advance(std::time::Duration::from_secs(5));
        assert_eq!(hand_in(&app, &hanan, id, "iban_letter", bytes).await.data(), document);
        let other = hand_in(&app, &hanan, id, "iban_letter", samples::png(9, 9, b"")).await.data();
        assert_ne!(other["id"], document["id"]);
        let draft = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        assert_eq!(draft["documents"], json!([other]), "one of each kind");
    }

    async fn what_waits_for_an_answer_cannot_be_changed_until_it_is_taken_back(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let id = submitted(&app, &hanan, &kitchen()).await;
        let own = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        let document = format!("/api/v1/applications/{id}/documents/{}", own["documents"][0]["id"].as_str().unwrap());
        for refused in [
            save(&app, &hanan, id, &kitchen()).await,
            hand_in(&app, &hanan, id, "iban_letter", samples::png(9, 9, b"")).await,
            ask(&app, &hanan, Method::DELETE, &document).await,
        ] {
            assert_eq!(refused.code(), "application_state");
        }
        assert_eq!(move_on(&app, &hanan, id, "withdraw").await.data()["status"], "withdrawn");
        let removed = ask(&app, &hanan, Method::DELETE, &document).await;
        assert!(removed.status.is_success());
        let draft = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        assert_eq!(draft["status"], "draft");
        assert_eq!(draft["missing"], json!(["business_license"]));
        assert_eq!(ask(&app, &hanan, Method::GET, &document).await.code(), "not_found");
    }

    async fn nobody_else_learns_that_an_application_is_there(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let other = person(&app, "Omar", Role::Customer, None).await;
        let id = submitted(&app, &hanan, &driver()).await;
        let own = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        let document = own["documents"][0]["id"].as_str().unwrap();
        for path in [format!("/api/v1/applications/{id}"), format!("/api/v1/applications/{id}/documents/{document}")] {
            assert_eq!(get(&app, &other, &path).await.code(), "not_found");
        }
        assert_eq!(save(&app, &other, id, &driver()).await.code(), "not_found");
        assert_eq!(get(&app, &other, "/api/v1/applications").await.data(), json!([]));
        // Nor does a document of one's own open another's application.
        let mine = drafted(&app, &other, &driver()).await;
        let path = format!("/api/v1/applications/{mine}/documents/{document}");
        assert_eq!(get(&app, &other, &path).await.code(), "not_found");
    }

    async fn only_what_is_a_document_is_taken_and_it_comes_back_as_it_is(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let id = drafted(&app, &hanan, &driver()).await;
        for (bytes, why) in [
            (b"<svg onload='alert(1)'/>".to_vec(), "unknown"),
            (samples::png(60_000, 60_000, b""), "too_many_pixels"),
            (samples::jpeg(64, 64, b"")[..20].to_vec(), "damaged"),
        ] {
            let refused = hand_in(&app, &hanan, id, "identity", bytes).await;
            assert_eq!(refused.code(), "content_refused");
            assert!(refused.text().contains(why), "{}", refused.text());
        }
        let huge = hand_in(&app, &hanan, id, "identity", vec![0; 5 * 1024 * 1024 + 1]).await;
        assert_eq!(huge.code(), "body_too_large");
        let large = samples::jpeg(4_000, 3_000, &vec![7; 4 * 1024 * 1024]);
        let kept = hand_in(&app, &hanan, id, "identity", large.clone()).await.data();
        let path = format!("/api/v1/applications/{id}/documents/{}", kept["id"].as_str().unwrap());
        let back = get(&app, &hanan, &path).await;
        assert_eq!(back.bytes, large);
        assert_eq!(back.headers["content-type"], "image/jpeg");
        assert_eq!(back.headers["cache-control"], "no-store");
        assert_eq!(back.headers["x-content-type-options"], "nosniff");
        assert_eq!(hand_in(&app, &hanan, id, "vat_certificate", large.clone()).await.code(), "invalid_input");
        assert_eq!(hand_in(&app, &hanan, id, "passport", large).await.code(), "not_found");
    }

    async fn nothing_of_a_form_or_a_document_stands_readable_in_the_database(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let secret = b"the letter of her bank";
        let id = drafted(&app, &hanan, &driver()).await;
        hand_in(&app, &hanan, id, "iban_letter", samples::png(64, 64, secret)).await.data();
        let mut tx = app.db.read().await.unwrap();
        let (form,) = sql!(&mut tx, fetch_one as (String,), "select form from applications").unwrap();
        for said in ["1000000008", "SA03", "ABJ", "24.7"] {
            assert!(!form.contains(said), "{said}");
        }
        let documents = sql!(&mut tx, fetch_all as (Vec<u8>,), "select bytes from documents").unwrap();
        assert_eq!(documents.len(), 4);
        for (bytes,) in documents {
            assert!(!bytes.windows(4).any(|four| four == b"IHDR"));
            assert!(!bytes.windows(secret.len()).any(|some| some == secret));
        }
    }

    async fn a_person_has_five_open_applications_at_most(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        for _ in 0..5 {
            save(&app, &hanan, app.clock.uuid(), &driver()).await.data();
        }
        let sixth = save(&app, &hanan, app.clock.uuid(), &driver()).await;
        assert_eq!(sixth.code(), "invalid_input");
        let first = get(&app, &hanan, "/api/v1/applications").await.data();
        let id = first[0]["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(save(&app, &hanan, id, &kitchen()).await.code(), "invalid_input", "it is a driver's");
    }
}
