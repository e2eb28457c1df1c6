//! Yes and no, what follows from them, and what does not before.

use std::time::Duration;

use http::Method;
use momfood_backend::both;
use momfood_backend::store::sql;
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::RestaurantId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::papers::*;
use crate::town::*;

async fn found(app: &TestApp, q: &str) -> usize {
    let list = app.get(&format!("/api/v1/restaurants?q={q}")).await.data();
    list["restaurants"].as_array().unwrap().len()
}

/// Signs a person in again in another role.
async fn again(app: &TestApp, who: &Someone, role: Role, place: Option<RestaurantId>) -> Someone {
    sign_in(app, who.id, role, place).await
}

async fn verify_email(app: &TestApp, who: &Someone) -> String {
    let id = who.id;
    change!(app, "update users set email_verified = true where id = $1", id);
    format!("{id}@example.sa")
}

both! {
    async fn nothing_is_visible_or_to_be_ordered_before_approval_nor_before_there_is_a_menu_and_hours(app: TestApp) {
        let town = Town::build(&app).await;
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let email = verify_email(&app, &hanan).await;
        let id = submitted(&app, &hanan, &kitchen()).await;
        let mut tx = app.db.read().await.unwrap();
        let (before,) = sql!(&mut tx, fetch_one as (i64,), "select count(*) from restaurants").unwrap();
        drop(tx);
        assert_eq!(before, 1, "the town's own");
        assert_eq!(found(&app, "Zurbian").await, 0);

        let approved = approve(&app, &root, id).await.data();
        assert_eq!(approved["application"]["status"], "approved");
        let place: RestaurantId = approved["application"]["restaurantId"].as_str().unwrap().parse().unwrap();
        assert_eq!(approved["person"]["roles"], json!(["customer", "restaurant"]));
        assert!(app.messages_to(&email).await.iter().any(|message| message.text.contains("قُبل")));
        // Approved, and still nothing to be had there.
        assert_eq!(found(&app, "Zurbian").await, 0);
        let page = app.get(&format!("/api/v1/restaurants/{place}")).await.data();
        assert_eq!(page["restaurant"]["opening"]["state"], "closed");
        let mut cart = town.quote_request();
        cart["cart"]["restaurantId"] = json!(place);
        assert_eq!(post(&app, &town.sara, "/api/v1/quotes", &cart).await.code(), "restaurant_closed");

        // Its owner gives it both.
        let owner = again(&app, &hanan, Role::Restaurant, Some(place)).await;
        let hours = json!({ "hours": momfood_domain::hours::OpeningHours::always(180) });
        let opened = app.request(Method::PATCH, "/api/v1/kitchen/restaurant").bearer(&owner.token).json(&hours);
        opened.send().await.data();
        assert_eq!(post(&app, &town.sara, "/api/v1/quotes", &cart).await.code(), "unknown_item");
        let mut menu = get(&app, &owner, "/api/v1/kitchen/menu").await.data();
        menu["menu"]["categories"] = json!([{ "id": app.clock.uuid(), "name": both("مندي", "Mandi"), "items": [
            { "id": Uuid::from_u128(0xabc), "name": both("مندي لحم", "Lamb mandi"), "price": 6_000,
              "availability": { "state": "available" } }] }]);
        let written = app.request(Method::PUT, "/api/v1/kitchen/menu").bearer(&owner.token).json(&menu);
        written.send().await.data();
        assert_eq!(found(&app, "Zurbian").await, 1);
        let cart = json!({ "cart": { "restaurantId": place, "lines": [{ "itemId": Uuid::from_u128(0xabc),
            "quantity": 1 }] }, "fulfilment": "delivery", "point": DOOR });
        let quote = post(&app, &town.sara, "/api/v1/quotes", &cart).await.data();
        assert_eq!(quote["bill"]["subtotal"], 6_000);
    }

    async fn nobody_drives_before_approval(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let id = submitted(&app, &hanan, &driver()).await;
        let on = json!({ "on": true, "point": KITCHEN });
        assert_eq!(post(&app, &hanan, "/api/v1/driver/shift", &on).await.code(), "forbidden");
        let roles = async || {
            let me = get(&app, &hanan, "/api/v1/me").await.data();
            me["roles"].clone()
        };
        assert_eq!(roles().await, json!(["customer"]));
        approve(&app, &root, id).await.data();
        assert_eq!(roles().await, json!(["customer", "driver"]));
        let driving = again(&app, &hanan, Role::Driver, None).await;
        post(&app, &driving, "/api/v1/driver/shift", &on).await.data();
        let mut tx = app.db.read().await.unwrap();
        let (vehicle,) = sql!(&mut tx, fetch_one as (sqlx::types::Json<Value>,),
            "select vehicle from driver_profiles where user_id = $1", hanan.id).unwrap();
        assert_eq!(vehicle.0["plate"], both("أ ب ح 1234", "ABJ 1234"));
    }

    async fn approving_twice_or_at_once_makes_one_restaurant(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let admins = [person(&app, "Root", Role::Admin, None).await, person(&app, "Dana", Role::Admin, None).await];
        let id = submitted(&app, &hanan, &kitchen()).await;
        let seen = case(&app, &admins[0], id).await;
        let body = json!({ "submittedAt": seen["application"]["submittedAt"] });
        let path = format!("/api/v1/admin/applications/{id}/approve");
        let answers = futures::future::join_all((0..6).map(|n| post(&app, &admins[n % 2], &path, &body))).await;
        for answer in &answers {
            assert_eq!(answer.data(), answers[0].data());
        }
        let mut tx = app.db.read().await.unwrap();
        let (made,) = sql!(&mut tx, fetch_one as (i64,), "select count(*) from restaurants").unwrap();
        assert_eq!(made, 1);
        drop(tx);
        assert_eq!(noted(&app, "application.approved").await, 1);
        assert_eq!(refuse(&app, &admins[1], id, "too late").await.code(), "application_state");
    }

    async fn of_a_yes_and_a_no_at_once_one_holds(app: TestApp) {
        let root = person(&app, "Root", Role::Admin, None).await;
        for round in 0..4 {
            let hanan = person(&app, "Hanan", Role::Customer, None).await;
            let id = submitted(&app, &hanan, &kitchen()).await;
            let (yes, no) = if round % 2 == 0 {
                tokio::join!(approve(&app, &root, id), refuse(&app, &root, id, "papers do not fit"))
            } else {
                let (no, yes) = tokio::join!(refuse(&app, &root, id, "papers do not fit"), approve(&app, &root, id));
                (yes, no)
            };
            assert_ne!(yes.status.is_success(), no.status.is_success(), "{} {}", yes.text(), no.text());
            let own = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
            let status = if yes.status.is_success() { "approved" } else { "refused" };
            assert_eq!(own["status"], status);
            assert_eq!(own["restaurantId"].is_string(), status == "approved");
        }
    }

    async fn a_refused_one_is_told_why_corrected_and_sent_again(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let email = verify_email(&app, &hanan).await;
        let id = submitted(&app, &hanan, &driver()).await;
        refuse(&app, &root, id, "الصورة غير واضحة").await.data();
        let own = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        assert_eq!((&own["status"], &own["reason"]), (&json!("refused"), &json!("الصورة غير واضحة")));
        let told = app.messages_to(&email).await;
        assert!(told.iter().any(|message| message.text.contains("الصورة غير واضحة")));
        assert_eq!(approve(&app, &root, id).await.code(), "application_state");
        assert_eq!(move_on(&app, &hanan, id, "submit").await.code(), "application_state", "as it was");

        let better = momfood_backend::content::samples::png(900, 600, b"sharp");
        hand_in(&app, &hanan, id, "identity", better).await.data();
        let own = get(&app, &hanan, &format!("/api/v1/applications/{id}")).await.data();
        assert_eq!((&own["status"], &own["reason"]), (&json!("draft"), &json!("الصورة غير واضحة")));
        move_on(&app, &hanan, id, "submit").await.data();
        let approved = approve(&app, &root, id).await.data();
        assert_eq!(approved["application"]["status"], "approved");
        assert_eq!(approved["application"]["reason"], Value::Null);
    }

    async fn what_was_not_looked_at_is_not_approved(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let id = submitted(&app, &hanan, &driver()).await;
        let seen = case(&app, &root, id).await;
        app.clock.advance(Duration::from_mins(1));
        move_on(&app, &hanan, id, "withdraw").await.data();
        let mut other = driver();
        other["iban"] = json!("SA4420000001234567891234");
        save(&app, &hanan, id, &other).await.data();
        move_on(&app, &hanan, id, "submit").await.data();
        let body = json!({ "submittedAt": seen["application"]["submittedAt"] });
        let path = format!("/api/v1/admin/applications/{id}/approve");
        assert_eq!(post(&app, &root, &path, &body).await.code(), "application_state");
        approve(&app, &root, id).await.data();
    }

    async fn a_licence_that_ran_out_while_it_waited_is_not_approved(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let mut form = driver();
        form["licenseExpires"] = json!("2026-03-02");
        let id = submitted(&app, &hanan, &form).await;
        app.clock.advance(Duration::from_hours(48));
        let root = again(&app, &root, Role::Admin, None).await;
        let refused = approve(&app, &root, id).await;
        assert_eq!(refused.code(), "application_incomplete");
        assert!(refused.text().contains("licenseExpires"));
    }

    async fn every_look_of_those_who_decide_is_noted_and_drafts_are_not_theirs_to_see(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let root = person(&app, "Root", Role::Admin, None).await;
        let draft = drafted(&app, &hanan, &driver()).await;
        assert_eq!(get(&app, &root, "/api/v1/admin/applications?status=draft").await.data(), json!([]));
        assert_eq!(get(&app, &root, &format!("/api/v1/admin/applications/{draft}")).await.code(), "not_found");
        assert_eq!(noted(&app, "application.seen").await, 1, "of the list");
        move_on(&app, &hanan, draft, "submit").await.data();
        let list = get(&app, &root, "/api/v1/admin/applications").await.data();
        assert_eq!(list[0]["application"]["id"], json!(draft));
        assert!(list[0]["person"]["phone"].as_str().unwrap().contains('•'));
        let seen = case(&app, &root, draft).await;
        assert_eq!(noted(&app, "application.seen").await, 2);
        let document = seen["application"]["documents"][0]["id"].as_str().unwrap();
        let path = format!("/api/v1/admin/applications/{draft}/documents/{document}");
        assert_eq!(get(&app, &root, &path).await.headers["content-type"], "image/png");
        assert_eq!(noted(&app, "document.seen").await, 1);
    }

    async fn nobody_decides_on_their_own(app: TestApp) {
        let hanan = person(&app, "Hanan", Role::Customer, None).await;
        let id = submitted(&app, &hanan, &driver()).await;
        let (user, now) = (hanan.id, app.clock.now());
        change!(app, "insert into user_roles (user_id, role, granted_at) values ($1, 'admin', $2)", user, now);
        let herself = again(&app, &hanan, Role::Admin, None).await;
        assert_eq!(approve(&app, &herself, id).await.code(), "forbidden");
        assert_eq!(refuse(&app, &herself, id, "no reason").await.code(), "forbidden");
    }
}
