//! A right request for every operation of the API's document, how it is sent, and how to see that a refusal left
//! nothing behind.

use std::collections::BTreeMap;

use http::Method;
use momfood_backend::router;
use momfood_backend::store::{Both, Engine, sql};
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::time::Timestamp;
use momfood_protocol::account::Consent;
use momfood_protocol::error::ErrorCode;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::authenticators::{authenticator, code, forget_authenticator, proposed, ticket};
use crate::cast::{Caller, Cast, EMAIL, PASSWORD, Scene, driver_form, refresh_token};
use crate::town::*;

/// Every operation of the API's document as `METHOD /path`, with what the document says of it.
pub fn operations() -> BTreeMap<String, Value> {
    let document: Value = serde_json::from_str(&router::document().to_json().unwrap()).unwrap();
    let mut found = BTreeMap::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.insert(format!("{} {path}", method.to_uppercase()), operation.clone());
        }
    }
    found
}

/// A request, still to be sent as somebody.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    /// Its body, when that is no JSON.
    pub bytes: Option<Vec<u8>>,
    /// Its `Idempotency-Key`.
    pub key: Option<Uuid>,
}

impl Ask {
    /// Sends it.
    pub async fn send(&self, app: &TestApp, token: Option<&str>) -> Answer {
        let body = self.body.as_ref().map(|body| body.to_string().into_bytes());
        let kind = match self.bytes {
            Some(_) => "application/octet-stream",
            None => "application/json",
        };
        let body = self.bytes.clone().or(body);
        self.send_with(app, token, body, Some(kind), &[]).await
    }

    /// Sends it with another body and more headers.
    pub async fn send_with(
        &self,
        app: &TestApp,
        token: Option<&str>,
        body: Option<Vec<u8>>,
        kind: Option<&str>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = app.request(self.method.clone(), &self.path);
        if let Some(token) = token {
            request = request.bearer(token);
        }
        if let Some(key) = self.key {
            request = request.header("idempotency-key", &key.to_string());
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        match (body, kind) {
            (Some(body), Some(kind)) => request = request.raw(kind, body),
            // The bench names a kind with every body; an empty one stands for none.
            (Some(body), None) => request = request.raw("", body),
            (None, _) => {}
        }
        let (status, headers, body) = request.open().await;
        let endless = headers
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream");
        let bytes = if endless {
            Vec::new()
        } else {
            axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec()
        };
        Answer {
            status,
            headers,
            bytes,
        }
    }
}

/// What is wrong with an answer that must be a success or one of the API's refusals; `None` when nothing is.
pub fn fault(answer: &Answer) -> Option<String> {
    // Browsers are led on, whatever a provider sent them back with.
    if answer.status.is_success() || answer.status == 303 || answer.status == 304 {
        return None;
    }
    let wrong = |what: &str| Some(format!("{what}: {} {}", answer.status, answer.text()));
    let Ok(json) = serde_json::from_slice::<Value>(&answer.bytes) else {
        return wrong("no JSON");
    };
    let Ok(code) = serde_json::from_value::<ErrorCode>(json["error"]["code"].clone()) else {
        return wrong("no code of ours");
    };
    if json["success"] != false || json["error"]["message"].as_str().is_none_or(str::is_empty) {
        return wrong("not in its envelope");
    }
    if code.status() != answer.status.as_u16() {
        return wrong("a status that is not its code's");
    }
    if answer.status.is_server_error() {
        return wrong("our own fault");
    }
    None
}

/// How an answer is told from another: `ok`, or its code.
pub fn word(answer: &Answer) -> String {
    if answer.status.is_success() || answer.status == 303 {
        return "ok".to_owned();
    }
    serde_json::from_slice::<Value>(&answer.bytes)
        .ok()
        .and_then(|json| json["error"]["code"].as_str().map(str::to_owned))
        .unwrap_or_else(|| format!("{} without a code", answer.status))
}

/// The request of `operation` in a case, as `caller` would send it.
pub async fn ask(
    app: &TestApp,
    cast: &Cast,
    scene: &Scene,
    (operation, case): (&str, &str),
    caller: Caller,
) -> Ask {
    let (method, pattern) = operation.split_once(' ').unwrap();
    let path = if let Some((before, after)) = pattern.split_once("{id}") {
        let id = match (pattern, case) {
            ("/api/v1/support/reviews/{id}/close", "open") => review(app, cast).await,
            _ => id(app, cast, scene, (pattern, case)),
        };
        let unknown = app.clock.uuid();
        let document = match method {
            "PUT" => "iban_letter".to_owned(),
            _ => scene.paper.document_or(unknown).to_string(),
        };
        let after = after.replace("{station}", "grill").replace("{doc}", &document);
        let session = match case {
            "somebody" => scene.somebody.as_ref().map(|somebody| somebody.session.0),
            "foreign" => Some(cast.huda.session.0),
            _ => None,
        };
        let session = format!("{}?reason=asked+for", session.unwrap_or(unknown));
        format!("{before}{id}{}", after.replace("{session}", &session))
    } else {
        // The name of nothing that was ever sent.
        let sha256 = "0123456789abcdef".repeat(4);
        let path = pattern.replace("{sha256}", &sha256);
        let path = path.replace("{provider}", "facebook");
        let path = path.replace("{token}", &shared(app, cast, &path, case).await);
        path.replace("{scope}", &scope(app, cast, scene, case))
    };
    let body = body(app, cast, scene, (operation, case), caller).await;
    let key = (operation == "POST /api/v1/orders").then(|| app.clock.uuid());
    let png = || momfood_backend::content::samples::png(64, 64, app.clock.uuid().as_bytes());
    Ask {
        method: method.parse().unwrap(),
        path,
        body,
        bytes: (method == "PUT" && pattern.ends_with("/documents/{doc}")).then(png),
        key,
    }
}

/// A fact that nobody has looked at.
async fn review(app: &TestApp, cast: &Cast) -> Uuid {
    let (id, uid, now, who) = (app.clock.uuid(), app.clock.uuid(), app.clock.now(), cast.huda.id);
    change!(
        app,
        "insert into facts (id, actor, role, uid, name, ver, args, at, occurred_at, skewed, disposition, applied,
            code, detail)
         values ($1, $2, 'driver', $3, 'delivery.deliver', 2, 'null', $4, $5, $6, 'review', $7, 'not_found', $8)",
        id,
        who,
        uid,
        now,
        now,
        false,
        false,
        sqlx::types::Json(json!(null))
    );
    id
}

fn id(app: &TestApp, cast: &Cast, scene: &Scene, (pattern, case): (&str, &str)) -> Uuid {
    let known = match (pattern, case) {
        (_, "unknown" | "new") => None,
        ("/api/v1/restaurants/{id}", "hidden") => Some(cast.hidden.0),
        ("/api/v1/restaurants/{id}", _) => Some(cast.town.restaurant.0),
        ("/api/v1/kitchen/items/{id}/availability", _) => Some(KABSA),
        ("/api/v1/me/sessions/{id}", _) => scene.session.map(|session| session.0),
        ("/api/v1/me/passkeys/{id}", _) => scene.passkey,
        ("/api/v1/me/addresses/{id}", _) => scene.home.map(|home| home.0),
        ("/api/v1/kitchen/staff/{id}", "last-owner") => Some(cast.town.kitchen.id.0),
        ("/api/v1/kitchen/staff/{id}", _) => scene.somebody.as_ref().map(|somebody| somebody.id.0),
        ("/api/v1/kitchen/invitations/{id}", _) => scene.invitation,
        (admin, "foreign" | "somebody") if admin.starts_with("/api/v1/admin/people/") => {
            scene.somebody.as_ref().map(|somebody| somebody.id.0)
        }
        (path, _) if path.contains("/applications/") => scene.paper.application,
        _ => scene.order.map(|order| order.0),
    };
    known.unwrap_or_else(|| app.clock.uuid())
}

/// What the link to an order of Sara's ends in, or what none does.
async fn shared(app: &TestApp, cast: &Cast, path: &str, case: &str) -> String {
    if case != "shared" || !path.contains("{token}") {
        return "4Qy7Jw2mT9kX1bVn0ZcRpAaB".to_owned();
    }
    let id = cast.town.order(app).await;
    let link = step(app, &cast.town.sara, id, "share", &Value::Null).await.data();
    let url = link["url"].as_str().unwrap();
    url.rsplit_once('/').unwrap().1.to_owned()
}

fn scope(app: &TestApp, cast: &Cast, scene: &Scene, case: &str) -> String {
    match case {
        "customer" => format!("customer:{}", cast.town.sara.id),
        "restaurant" => format!("restaurant:{}", cast.town.restaurant),
        "driver" => format!("driver:{}", scene.fahad.id),
        "menu" => format!("menu:{}", cast.town.restaurant),
        "hidden" => format!("menu:{}", cast.hidden),
        "no-menu" => format!("menu:{}", app.clock.uuid()),
        _ => format!("customer:{}", app.clock.uuid()),
    }
}

#[expect(clippy::too_many_lines, reason = "an arm for each operation")]
async fn body(
    app: &TestApp,
    cast: &Cast,
    scene: &Scene,
    (operation, case): (&str, &str),
    caller: Caller,
) -> Option<Value> {
    let because = json!({ "reason": "other" });
    // As if no code had been asked for, and none been wrong.
    change!(app, "delete from code_budgets where last_at >= $1", 0_i64);
    change!(app, "delete from totp_misses where full_at >= $1", 0_i64);
    Some(match operation {
        "POST /api/v1/auth/register" => {
            let ticket = app.ticket(&format!("{}@example.sa", app.clock.uuid())).await;
            json!({ "ticket": ticket, "password": PASSWORD, "firstName": "سارة", "lastName": "القحطاني",
                "language": "ar", "consents": Consent::of_a_newcomer(true) })
        }
        "POST /api/v1/auth/codes" => {
            let purpose = if case == "sign-up" { "sign_up" } else { "recover" };
            json!({ "purpose": purpose, "email": format!("{}@example.sa", app.clock.uuid()), "language": "en" })
        }
        "POST /api/v1/auth/codes/check" | "POST /api/v1/auth/recovery" | "POST /api/v1/me/contacts/check" => {
            shown_code(app, cast, scene, (operation, case), caller).await
        }
        "POST /api/v1/auth/confirm/code" => {
            if let Some(someone) = cast.someone(scene, caller) {
                let (id, verified) = (someone.id, case == "verified");
                change!(
                    app,
                    "update users set email_verified = $1 where id = $2",
                    verified,
                    id
                );
                change!(app, "delete from code_budgets where last_at >= $1", 0_i64);
                forget_authenticator(app, Some(someone)).await;
            }
            return None;
        }
        "POST /api/v1/me/contacts" => json!({ "email": format!("{}@example.sa", app.clock.uuid()) }),
        "POST /api/v1/auth/login" => json!({ "email": EMAIL, "password": PASSWORD, "role": "customer" }),
        "POST /api/v1/auth/refresh" | "POST /api/v1/auth/logout" => {
            let sara = &cast.town.sara;
            let session = sign_in(app, sara.id, sara.actor.role, None).await;
            json!({ "refreshToken": refresh_token(app, &session) })
        }
        "POST /api/v1/auth/passkeys/finish" => json!({ "ticket": "AZn4", "credential": {} }),
        "POST /api/v1/me/passkeys" => json!({ "ticket": "AZn4", "credential": {}, "name": "هاتفي" }),
        "POST /api/v1/auth/oauth/{provider}/begin" | "POST /api/v1/me/linked/{provider}/begin" => {
            json!({ "app": "customer", "challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" })
        }
        "POST /api/v1/auth/oauth/finish" | "POST /api/v1/me/linked" => {
            json!({ "ticket": "AZn4", "verifier": "a secret" })
        }
        "POST /api/v1/auth/oauth/{provider}/callback" => json!({}),
        "PUT /api/v1/applications/{id}" => json!({ "form": driver_form() }),
        "POST /api/v1/kitchen/invitations" => {
            json!({ "id": app.clock.uuid(), "email": format!("{}@example.sa", app.clock.uuid()), "owner": false })
        }
        "POST /api/v1/invitations/accept" => {
            let token = match case {
                "invited" => scene.token.clone(),
                _ => None,
            };
            json!({ "token": token.unwrap_or_else(|| "4Qy7Jw2mT9kX1bVn0ZcRpAaB".to_owned()) })
        }
        "POST /api/v1/admin/applications/{id}/approve" => {
            let at = scene.paper.submitted_at.unwrap_or(1);
            json!({ "submittedAt": if case == "old-look" { at - 1 } else { at } })
        }
        "POST /api/v1/admin/applications/{id}/refuse"
        | "POST /api/v1/admin/people/{id}/suspend"
        | "POST /api/v1/admin/people/{id}/remove-factor"
        | "POST /api/v1/admin/people/{id}/reinstate" => json!({ "reason": "papers do not fit" }),
        "POST /api/v1/admin/people/{id}/roles" => {
            json!({ "role": "support", "held": true, "reason": "helps out" })
        }
        "POST /api/v1/auth/second-factor/sms" => {
            let huda = cast.huda.id;
            change!(app, "update users set phone_verified = true where id = $1", huda);
            // As if none had been asked for.
            change!(
                app,
                "update code_budgets set last_at = $1, full_at = $1",
                Timestamp(0)
            );
            let authenticator = authenticator(app, &cast.huda).await;
            let ticket = ticket(app, &cast.huda).await;
            if case == "used-up" {
                let shown = json!({ "ticket": ticket, "method": "totp", "code": code(app, &authenticator) });
                app.post("/api/v1/auth/second-factor", &shown).await.data();
            }
            json!({ "ticket": ticket })
        }
        "POST /api/v1/auth/second-factor" => {
            let authenticator = authenticator(app, &cast.huda).await;
            let ticket = ticket(app, &cast.huda).await;
            let shown = json!({ "ticket": ticket, "method": "totp", "code": code(app, &authenticator) });
            if case == "used-up" {
                app.post("/api/v1/auth/second-factor", &shown).await.data();
            }
            shown
        }
        "POST /api/v1/auth/confirm" if case == "no-app" => {
            forget_authenticator(app, cast.someone(scene, caller)).await;
            json!({ "totp": "123456" })
        }
        "POST /api/v1/auth/confirm" => {
            set_password(app, cast.someone(scene, caller)).await;
            json!({ "password": PASSWORD })
        }
        "PUT /api/v1/me/password" if case == "current" => {
            set_password(app, cast.someone(scene, caller)).await;
            json!({ "current": PASSWORD, "password": "a hedgehog in the attic" })
        }
        "PUT /api/v1/me/password" => json!({ "password": "a hedgehog in the attic" }),
        "POST /api/v1/me/totp" | "POST /api/v1/me/recovery-codes" => {
            match cast.someone(scene, caller) {
                Some(someone) if case == "with-app" => drop(authenticator(app, someone).await),
                someone => forget_authenticator(app, someone).await,
            }
            return None;
        }
        "POST /api/v1/me/totp/confirm" => {
            let someone = cast.someone(scene, caller);
            forget_authenticator(app, someone).await;
            let code = match someone {
                Some(someone) if case == "shown" => code(app, &proposed(app, someone).await),
                _ => "123456".to_owned(),
            };
            json!({ "code": code })
        }
        "DELETE /api/v1/me/totp" => {
            let code = match cast.someone(scene, caller) {
                Some(someone) if case == "with-app" => code(app, &authenticator(app, someone).await),
                someone => {
                    forget_authenticator(app, someone).await;
                    "123456".to_owned()
                }
            };
            json!({ "code": code })
        }
        "PATCH /api/v1/me" => json!({ "firstName": "سارة", "lastName": "القحطاني", "language": "ar" }),
        // Nobody of the cast may go.
        "POST /api/v1/me/erase" => json!({ "confirm": if case == "stale" { "erase" } else { "yes" } }),
        "PUT /api/v1/me/consents" => json!({ "kind": "marketing", "version": "2026-11-01", "given": true }),
        "PUT /api/v1/me/addresses/{id}" => address(),
        "PATCH /api/v1/kitchen/restaurant" => json!({ "preparationMinutes": 25, "acceptLimitSeconds": 300,
            "minimumOrder": 2000, "deliveryFee": 500 }),
        "POST /api/v1/kitchen/pause" => json!({ "minutes": 0 }),
        "PUT /api/v1/kitchen/menu" => {
            let whose = match caller {
                Caller::Rival => &cast.rival,
                _ => &cast.town.kitchen,
            };
            get(app, whose, "/api/v1/kitchen/menu").await.data()
        }
        "PUT /api/v1/kitchen/items/{id}/availability" => {
            json!({ "availability": { "state": "available" } })
        }
        "POST /api/v1/quotes" => {
            let mut request = cast.town.quote_request();
            match case {
                "unknown" => request["cart"]["restaurantId"] = json!(app.clock.uuid()),
                "hidden" => request["cart"]["restaurantId"] = json!(cast.hidden),
                _ => {}
            }
            request
        }
        "POST /api/v1/orders" => {
            let whose = match (case, caller) {
                ("foreign", _) => &cast.huda,
                (_, Caller::Omar) => &cast.omar,
                _ => &cast.town.sara,
            };
            let mut request = cast.town.placing(app, whose).await;
            match case {
                "unknown" => request["quoteId"] = json!(app.clock.uuid()),
                "taken" => request["id"] = json!(scene.order),
                _ => {}
            }
            request
        }
        "POST /api/v1/driver/shift" => json!({ "on": true, "point": KITCHEN }),
        "POST /api/v1/pings" => json!({ "session": app.clock.uuid(), "pings": [
            { "n": 1, "point": KITCHEN, "ageMs": 0, "heading": 90 }] }),
        "POST /api/v1/sync" => {
            json!({ "proto": 1, "schema": 1, "device": device(app, cast, operation, case).await })
        }
        "POST /api/v1/presence" => {
            json!({ "device": device(app, cast, operation, case).await, "foreground": true })
        }
        "POST /api/v1/orders/{id}/accept" => json!({ "prepMinutes": 20 }),
        "POST /api/v1/orders/{id}/reject"
        | "POST /api/v1/orders/{id}/cancel"
        | "POST /api/v1/orders/{id}/fail" => because,
        "POST /api/v1/orders/{id}/release" => json!({ "reason": "other", "attempt": 1 }),
        "POST /api/v1/orders/{id}/accept-offer" | "POST /api/v1/orders/{id}/decline-offer" => {
            json!({ "attempt": if case == "passed-on" { 2 } else { 1 } })
        }
        "POST /api/v1/orders/{id}/hand-over" | "POST /api/v1/orders/{id}/deliver" => {
            json!({ "cash": 5_150 })
        }
        "POST /api/v1/orders/{id}/rate" => json!({ "stars": 5, "comment": "وصل ساخناً" }),
        "PUT /api/v1/push/token" => json!({ "platform": "apns", "token": "740f4707bebcf74f" }),
        "POST /api/v1/support/reviews/{id}/close" => json!({ "note": "Counted." }),
        "POST /api/v1/orders/{id}/refund" => json!({ "amount": 100 }),
        _ => return None,
    })
}

/// A code that was sent, to be shown: for signing in by phone, for recovery, or for a new email of the caller's.
async fn shown_code(
    app: &TestApp,
    cast: &Cast,
    scene: &Scene,
    (operation, case): (&str, &str),
    caller: Caller,
) -> Value {
    if case == "unknown" {
        let mut shown = json!({ "challenge": app.clock.uuid(), "code": "123456" });
        if operation.ends_with("recovery") {
            shown["password"] = json!("a hedgehog in the attic");
        }
        return shown;
    }
    let email = format!("{}@example.sa", app.clock.uuid());
    if operation.ends_with("contacts/check") {
        let asker = match case {
            "anothers" => &cast.huda,
            _ => cast.someone(scene, caller).unwrap_or(&cast.huda),
        };
        let sent = post(app, asker, "/api/v1/me/contacts", &json!({ "email": email }))
            .await
            .data();
        return json!({ "challenge": sent["challenge"], "code": app.code_to(&email).await });
    }
    let digits = app.clock.uuid().as_u128() % 100_000_000;
    let phone = format!("+9665{digits:08}");
    app.register(&phone, PASSWORD, "هند").await.data();
    change!(app, "delete from code_budgets where last_at >= $1", 0_i64);
    let purpose = if operation.ends_with("recovery") {
        "recover"
    } else {
        "sign_in"
    };
    let ask = json!({ "purpose": purpose, "phone": phone });
    let sent = app.post("/api/v1/auth/codes", &ask).await.data();
    let mut shown = json!({ "challenge": sent["challenge"], "code": app.code_to(&phone).await });
    if purpose == "recover" {
        shown["password"] = json!("a hedgehog in the attic");
    }
    shown
}

/// Gives somebody the password of [`EMAIL`].
async fn set_password(app: &TestApp, someone: Option<&Someone>) {
    let Some(id) = someone.map(|someone| someone.id) else {
        return;
    };
    change!(
        app,
        "update users set password_hash = (select password_hash from users where email = $1) where id = $2",
        EMAIL,
        id
    );
}

/// A device nobody has used yet, or one that Huda has.
async fn device(app: &TestApp, cast: &Cast, operation: &str, case: &str) -> Uuid {
    if case != "anothers" {
        return app.clock.uuid();
    }
    let device = Uuid::from_u128(0xd0);
    let (_, path) = operation.split_once(' ').unwrap();
    let body = match path {
        "/api/v1/sync" => json!({ "proto": 1, "schema": 1, "device": device }),
        _ => json!({ "device": device, "foreground": true }),
    };
    let answer = post(app, &cast.huda, path, &body).await;
    assert!(answer.status.is_success(), "{}", answer.text());
    device
}

/// Every table of the schema: the same on both databases, and looked up once.
async fn tables(app: &TestApp) -> &'static [String] {
    static TABLES: OnceCell<Vec<String>> = OnceCell::const_new();
    let look = async || {
        let mut tx = app.db.read().await.unwrap();
        let found = match app.db.engine() {
            Engine::Sqlite => sql!(
                &mut tx,
                fetch_all as (String,),
                "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
            ),
            Engine::Postgres => sql!(
                &mut tx,
                fetch_all as (String,),
                "select table_name::text from information_schema.tables where table_schema = 'public'"
            ),
        };
        found.unwrap().into_iter().map(|(table,)| table).collect()
    };
    TABLES.get_or_init(look).await
}

/// How many rows every table has, and the sums that grow with every change of a row.
pub async fn rows(app: &TestApp) -> BTreeMap<String, i64> {
    let counts = tables(app)
        .await
        .iter()
        .map(|table| format!("select '{table}', count(*) from {table}"));
    let sums = [
        ("orders", "rev"),
        ("menus", "rev"),
        ("restaurants", "rev"),
        ("sessions", "generation"),
        ("sync_scope", "head"),
    ]
    .map(|(table, column)| {
        format!("select '{table}.{column}', cast(coalesce(sum({column}), 0) as bigint) from {table}")
    });
    let text = counts.chain(sums).collect::<Vec<_>>().join(" union all ");
    let text = sqlx::AssertSqlSafe(text);
    let mut tx = app.db.read().await.unwrap();
    let found: Vec<(String, i64)> = match tx.both() {
        Both::Sqlite(conn) => sqlx::query_as::<sqlx::Sqlite, _>(text).fetch_all(conn).await,
        Both::Postgres(conn) => sqlx::query_as::<sqlx::Postgres, _>(text).fetch_all(conn).await,
    }
    .unwrap();
    found.into_iter().collect()
}
