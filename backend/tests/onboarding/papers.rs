//! Forms with nothing wrong in them, and what goes with them.

use http::Method;
use momfood_backend::content::samples;
use momfood_backend::testing::{Answer, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::town::*;

pub fn both(ar: &str, en: &str) -> Value {
    json!({ "ar": ar, "en": en })
}

/// A driver's form.
pub fn driver() -> Value {
    json!({ "kind": "driver", "nationalId": "1000000008", "licenseNumber": "1000000008",
        "licenseExpires": "2027-03-31", "vehicleKind": both("دراجة نارية", "motorbike"),
        "plate": both("أ ب ح 1234", "ABJ 1234"), "color": both("أحمر", "Red"), "home": DOOR,
        "iban": "SA0380000000608010167519" })
}

/// A restaurant's form.
pub fn kitchen() -> Value {
    json!({ "kind": "restaurant", "name": both("بيت الزربيان", "Zurbian House"), "cuisine": "yemeni",
        "district": both("العليا", "Olaya"), "point": KITCHEN, "phone": "+966512345678",
        "email": "mandi@example.sa", "businessLicense": "1010123456", "vatNumber": "310122393500003",
        "iban": "SA0380000000608010167519" })
}

/// The documents a form needs.
pub fn needed(form: &Value) -> &'static [&'static str] {
    if form["kind"] == "driver" {
        &[
            "identity",
            "driving_license",
            "vehicle_registration",
            "iban_letter",
        ]
    } else {
        &["business_license", "vat_certificate", "iban_letter"]
    }
}

/// Sends a request without a body.
pub async fn ask(app: &TestApp, who: &Someone, method: Method, path: &str) -> Answer {
    app.request(method, path).bearer(&who.token).send().await
}

pub async fn save(app: &TestApp, who: &Someone, id: Uuid, form: &Value) -> Answer {
    app.request(Method::PUT, &format!("/api/v1/applications/{id}"))
        .bearer(&who.token)
        .json(&json!({ "form": form }))
        .send()
        .await
}

pub async fn hand_in(app: &TestApp, who: &Someone, id: Uuid, kind: &str, bytes: Vec<u8>) -> Answer {
    app.request(
        Method::PUT,
        &format!("/api/v1/applications/{id}/documents/{kind}"),
    )
    .bearer(&who.token)
    .raw("application/octet-stream", bytes)
    .send()
    .await
}

/// A draft with all its documents.
pub async fn drafted(app: &TestApp, who: &Someone, form: &Value) -> Uuid {
    let id = app.clock.uuid();
    save(app, who, id, form).await.data();
    for kind in needed(form) {
        hand_in(app, who, id, kind, samples::png(200, 100, kind.as_bytes()))
            .await
            .data();
    }
    id
}

pub async fn move_on(app: &TestApp, who: &Someone, id: Uuid, step: &str) -> Answer {
    ask(
        app,
        who,
        Method::POST,
        &format!("/api/v1/applications/{id}/{step}"),
    )
    .await
}

/// An application that waits for an answer.
pub async fn submitted(app: &TestApp, who: &Someone, form: &Value) -> Uuid {
    let id = drafted(app, who, form).await;
    let waits = move_on(app, who, id, "submit").await.data();
    assert_eq!(waits["status"], "submitted");
    id
}

/// The application as an admin sees it.
pub async fn case(app: &TestApp, admin: &Someone, id: Uuid) -> Value {
    get(app, admin, &format!("/api/v1/admin/applications/{id}"))
        .await
        .data()
}

/// Approves what stands there now.
pub async fn approve(app: &TestApp, admin: &Someone, id: Uuid) -> Answer {
    let seen = case(app, admin, id).await;
    let body = json!({ "submittedAt": seen["application"]["submittedAt"] });
    post(
        app,
        admin,
        &format!("/api/v1/admin/applications/{id}/approve"),
        &body,
    )
    .await
}

pub async fn refuse(app: &TestApp, admin: &Someone, id: Uuid, reason: &str) -> Answer {
    let path = format!("/api/v1/admin/applications/{id}/refuse");
    post(app, admin, &path, &json!({ "reason": reason })).await
}

/// How often the audit log says that.
pub async fn noted(app: &TestApp, action: &str) -> i64 {
    use momfood_backend::store::sql;
    let action = action.to_owned();
    let mut tx = app.db.read().await.unwrap();
    let (times,) = sql!(
        &mut tx,
        fetch_one as (i64,),
        "select count(*) from audit_log where action = $1",
        action
    )
    .unwrap();
    times
}
