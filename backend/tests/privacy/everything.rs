//! A person of whom everything is kept that can be, and a look into every table.

use momfood_backend::sealed::{self, Field};
use momfood_backend::store::{Both, Engine, sql};
use momfood_backend::testing::TestApp;
use momfood_domain::actor::Role;
use momfood_domain::id::{OrderId, UserId};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use sqlx::types::Json;

use crate::tablet::Tablet;
use crate::town::*;

/// What is said of the person in words, each found nowhere else.
pub const MARKS: [&str; 12] = [
    "Zubaida",
    "Almarqoum",
    "زبيدة",
    "zubaida@example.sa",
    "+966555000111",
    "شارع لا يعرفه أحد",
    "no onions for zubaida",
    "ring twice for zubaida",
    "cold said zubaida",
    "zubaidas-phone",
    "203.0.113.77",
    "zubaidas-passkey",
];

/// Everything there is of one person.
pub struct Everything {
    pub town: Town,
    pub zubaida: Someone,
    pub fahad: Someone,
    pub root: Someone,
    /// Delivered, rated, shared, proven by a picture.
    pub order: OrderId,
}

/// How many rows of any table hold `text`, by table.
pub async fn holders(app: &TestApp, text: &str) -> Vec<String> {
    let mut tx = app.db.read().await.unwrap();
    let mut found = Vec::new();
    for (table, columns) in crate::register::schema(&app.db).await {
        let holds = |column: &String| match app.db.engine() {
            // Byte by byte: also in the middle of what is no text.
            Engine::Sqlite => format!("instr(cast({column} as blob), cast('{text}' as blob)) > 0"),
            Engine::Postgres => format!("cast({column} as text) like '%{text}%'"),
        };
        let any: Vec<String> = columns.iter().map(holds).collect();
        let select = format!("select count(*) from {table} where {}", any.join(" or "));
        let select = AssertSqlSafe(select);
        let (count,): (i64,) = match tx.both() {
            Both::Sqlite(conn) => sqlx::query_as::<sqlx::Sqlite, _>(select).fetch_one(conn).await,
            Both::Postgres(conn) => sqlx::query_as::<sqlx::Postgres, _>(select).fetch_one(conn).await,
        }
        .unwrap();
        if count > 0 {
            found.push(table);
        }
    }
    found
}

/// How many rows a table has.
pub async fn rows(app: &TestApp, table: &str) -> i64 {
    let mut tx = app.db.read().await.unwrap();
    let select = AssertSqlSafe(format!("select count(*) from {table}"));
    let (count,): (i64,) = match tx.both() {
        Both::Sqlite(conn) => sqlx::query_as::<sqlx::Sqlite, _>(select).fetch_one(conn).await,
        Both::Postgres(conn) => sqlx::query_as::<sqlx::Postgres, _>(select).fetch_one(conn).await,
    }
    .unwrap();
    count
}

/// Brings a delivery to its end, its cash into the books.
pub async fn bring(app: &TestApp, id: OrderId, driver: &Someone) {
    offer(app, id, driver).await;
    for (name, body) in [
        ("accept-offer", json!({ "attempt": 1 })),
        ("pick-up", Value::Null),
        ("deliver", json!({ "cash": 6_150 })),
    ] {
        step(app, driver, id, name, &body).await.data();
    }
}

/// A picture as the server keeps it, and that it proves something of an order.
pub async fn prove(app: &TestApp, by: UserId, id: OrderId, bytes: &'static [u8]) -> Vec<u8> {
    use sha2::Digest as _;
    let name = sha2::Sha256::digest(bytes).to_vec();
    let (kept, now, uid, length) = (
        name.clone(),
        app.clock.now(),
        app.clock.uuid(),
        i64::try_from(bytes.len()).unwrap(),
    );
    app.db
        .write(async move |mut tx| {
            let tx = &mut tx;
            sql!(
                tx,
                execute,
                "insert into blob (sha256, holder, length, kind, at) values ($1, $2, $3, 'image/jpeg', $4)",
                &kept,
                by,
                length,
                now
            )?;
            sql!(
                tx,
                execute,
                "insert into blob_upload (sha256, person, length, received, at) values ($1, $2, $3, $4, $5)",
                &kept,
                by,
                length,
                length,
                now
            )?;
            sql!(
                tx,
                execute,
                "insert into blob_part (sha256, person, position, bytes) values ($1, $2, 0, $3)",
                &kept,
                by,
                bytes
            )?;
            sql!(
                tx,
                execute,
                "insert into proofs (actor, uid, order_id, kind, sha256, counts, at, occurred_at)
                    values ($1, $2, $3, 'photo', $4, true, $5, $6)",
                by,
                uid,
                id,
                &kept,
                now,
                now
            )
        })
        .await
        .unwrap();
    name
}

#[expect(clippy::too_many_lines, reason = "one of everything, in a list")]
async fn known(app: &TestApp, zubaida: &Someone) {
    let (id, now, address) = (zubaida.id, app.clock.now(), app.clock.uuid());
    let phone = json!({ "phone": "+966555000111" });
    let changed = app
        .request(http::Method::PATCH, "/api/v1/me")
        .bearer(&zubaida.token)
        .json(&phone)
        .send()
        .await;
    changed.data();
    let saved = app
        .request(http::Method::PUT, &format!("/api/v1/me/addresses/{address}"))
        .bearer(&zubaida.token)
        .json(&home())
        .send()
        .await;
    saved.data();
    let (session, entry) = (zubaida.session, app.clock.uuid());
    app.db
        .write(async move |mut tx| {
            let tx = &mut tx;
            sql!(
                tx,
                execute,
                "update users set email = 'zubaida@example.sa', email_verified = true where id = $1",
                id
            )?;
            sql!(
                tx,
                execute,
                "update customer_profiles set last_name = 'Almarqoum', first_name_ar = 'زبيدة',
                    birth_date = '1990-01-01' where user_id = $1",
                id
            )?;
            sql!(
                tx,
                execute,
                "update sessions set user_agent = 'zubaidas-phone', address = '203.0.113.77' where id = $1",
                session
            )?;
            let credential = Json(json!({ "key": "kept from her" }));
            sql!(
                tx,
                execute,
                "insert into passkeys (id, person, name, credential, made_at) values ($1, $2, $3, $4, $5)",
                entry.as_bytes().as_slice(),
                id,
                "zubaidas-passkey",
                credential,
                now
            )?;
            sql!(
                tx,
                execute,
                "insert into linked_accounts (provider, subject_index, person, made_at, used_at)
                    values ('google', $1, $2, $3, $4)",
                entry.as_bytes().as_slice(),
                id,
                now,
                now
            )?;
            sql!(
                tx,
                execute,
                "insert into recovery_codes (person, code_hash) values ($1, $2)",
                id,
                entry.as_bytes().as_slice()
            )?;
            let said = Json(json!({ "iban": "SA-of-zubaida" }));
            let form = sealed::seal_json(
                tx,
                id,
                Field::new("applications", "form"),
                entry.as_bytes(),
                &said.0,
            )
            .await?;
            sql!(
                tx,
                execute,
                "insert into applications (id, person, kind, status, form, rev, made_at, updated_at)
                    values ($1, $2, 'driver', 'submitted', $3, 1, $4, $5)",
                entry,
                id,
                form,
                now,
                now
            )?;
            let bytes = sealed::seal_bytes(
                tx,
                id,
                Field::new("documents", "bytes"),
                entry.as_bytes(),
                b"her licence",
            )
            .await?;
            sql!(
                tx,
                execute,
                "insert into documents (id, application_id, person, kind, content_type, length, sha256,
                    bytes, at) values ($1, $2, $3, 'driving_license', 'image/jpeg', 11, $4, $5, $6)",
                entry,
                entry,
                id,
                entry.as_bytes().as_slice(),
                bytes,
                now
            )
        })
        .await
        .unwrap();
}

/// An address nobody else has.
pub fn home() -> Value {
    json!({ "label": "البيت", "point": DOOR, "line": "شارع لا يعرفه أحد" })
}

impl Everything {
    /// Gathers it.
    pub async fn of_zubaida(app: &TestApp) -> Self {
        let town = Town::build(app).await;
        let zubaida = person(app, "Zubaida", Role::Customer, None).await;
        let fahad = person(app, "Fahad", Role::Driver, None).await;
        let root = person(app, "Root", Role::Admin, None).await;
        known(app, &zubaida).await;
        let mut request = town.placing(app, &zubaida).await;
        request["address"] = home();
        request["note"] = json!("ring twice for zubaida");
        let order = id_of(&place(app, &zubaida, &request).await.data());
        change!(
            app,
            "update order_lines set note = 'no onions for zubaida' where order_id = $1 and position = 1",
            order
        );
        step(app, &town.kitchen, order, "accept", &json!({ "prepMinutes": 20 }))
            .await
            .data();
        step(app, &zubaida, order, "share", &Value::Null).await.data();
        bring(app, order, &fahad).await;
        let rating = json!({ "stars": 2, "comment": "cold said zubaida" });
        step(app, &zubaida, order, "rate", &rating).await.data();
        prove(app, fahad.id, order, b"her door").await;
        let consent = json!({ "kind": "marketing", "version": "2026-11-01", "given": true });
        let put = app
            .request(http::Method::PUT, "/api/v1/me/consents")
            .bearer(&zubaida.token)
            .json(&consent)
            .send()
            .await;
        put.data();
        let tablet = Tablet::new(app);
        tablet.push(app, &zubaida, &[]).await;
        let here = json!({ "device": tablet.id, "foreground": true });
        let told = post(app, &zubaida, "/api/v1/presence", &here).await;
        assert!(told.status.is_success(), "{}", told.text());
        let token = json!({ "platform": "apns", "token": "740f4707bebcf74f" });
        let put = app
            .request(http::Method::PUT, "/api/v1/push/token")
            .bearer(&zubaida.token)
            .json(&token)
            .send()
            .await;
        put.data();
        Self {
            town,
            zubaida,
            fahad,
            root,
            order,
        }
    }
}

/// Has everybody show who they are, now.
pub async fn confirm(app: &TestApp) {
    let now = app.clock.now();
    change!(app, "update sessions set authenticated_at = $1", now);
}

/// Shows who they are and asks to be erased.
pub async fn leave(app: &TestApp, who: &Someone) -> momfood_backend::testing::Answer {
    confirm(app).await;
    leave_at_once(app, who).await
}

/// Asks to be erased.
pub async fn leave_at_once(app: &TestApp, who: &Someone) -> momfood_backend::testing::Answer {
    post(app, who, "/api/v1/me/erase", &json!({ "confirm": "erase" })).await
}
