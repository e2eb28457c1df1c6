//! What is personal is sealed in the database: a copy of it tells nothing, moving a value helps nobody, and who is erased
//! is forgotten at once.

use http::Method;
use momfood_backend::app::App;
use momfood_backend::both;
use momfood_backend::clock::Clock;
use momfood_backend::config::Config;
use momfood_backend::keys::Keys;
use momfood_backend::sealed::{self, Fault, Field, Owner};
use momfood_backend::store::{Both, Engine, StoreError, sql};
use momfood_backend::testing::{Answer, NOON, TestApp};
use momfood_domain::id::{AddressId, OrderId, UserId};
use serde_json::{Value, json};
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Row as _};

use crate::town::*;

const PHONE: &str = "+966512345678";
const TOKEN: &str = "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad";
const STREET: &str = "شارع التحلية 4471";

fn door() -> Value {
    json!({ "label": "Home", "point": DOOR, "shortAddress": "RAHA3443", "line": STREET, "landmark": "Behind the Blue Gate",
        "note": "Ring twice" })
}

/// What must not be found in a copy of the database.
const PERSONAL: [&str; 8] = [
    PHONE,
    "512345678",
    TOKEN,
    STREET,
    "RAHA3443",
    "Blue Gate",
    "Ring twice",
    "Home",
];

async fn saved(app: &TestApp, who: &Someone, id: AddressId) -> Answer {
    let path = format!("/api/v1/me/addresses/{id}");
    app.request(Method::PUT, &path)
        .bearer(&who.token)
        .json(&door())
        .send()
        .await
}

async fn called(app: &TestApp, who: &Someone, phone: &str) -> Answer {
    let change = json!({ "phone": phone });
    app.request(Method::PATCH, "/api/v1/me")
        .bearer(&who.token)
        .json(&change)
        .send()
        .await
}

/// Sara with a phone, an address, an app that is told things, and an order.
async fn lived(app: &TestApp) -> (Town, AddressId, OrderId) {
    let town = Town::build(app).await;
    called(app, &town.sara, PHONE).await.data();
    let home = app.clock.id();
    saved(app, &town.sara, home).await.data();
    let push = json!({ "platform": "apns", "token": TOKEN });
    app.request(Method::PUT, "/api/v1/push/token")
        .bearer(&town.sara.token)
        .json(&push)
        .send()
        .await
        .data();
    let mut request = town.placing(app, &town.sara).await;
    request["address"] = door();
    let order = id_of(&place(app, &town.sara, &request).await.data());
    // Once more, as a device does that did not hear the answer.
    step(app, &town.kitchen, order, "accept", &json!({ "prepMinutes": 20 }))
        .await
        .data();
    (town, home, order)
}

/// Every value of every column, as bytes.
async fn copy(app: &TestApp) -> Vec<(String, Vec<u8>)> {
    let mut tx = app.db.read().await.unwrap();
    let columns = match app.db.engine() {
        Engine::Sqlite => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'"
        ),
        Engine::Postgres => sql!(
            &mut tx,
            fetch_all as (String, String),
            "select table_name::text, column_name::text from information_schema.columns where table_schema = 'public'"
        ),
    };
    let mut all = Vec::new();
    for (table, column) in columns.unwrap() {
        let values: Vec<Option<Vec<u8>>> = match tx.both() {
            Both::Sqlite(conn) => {
                let query = format!("select cast(\"{column}\" as blob) from \"{table}\"");
                let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(conn).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Both::Postgres(conn) => {
                let query = format!(
                    "select case when pg_typeof(t.\"{column}\") = 'bytea'::regtype then decode(substr(t.\"{column}\"::text, 3), 'hex')
                     else convert_to(t.\"{column}\"::text, 'UTF8') end from \"{table}\" t"
                );
                let rows = sqlx::query(AssertSqlSafe(query)).fetch_all(conn).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        };
        let place = format!("{table}.{column}");
        all.extend(values.into_iter().flatten().map(|value| (place.clone(), value)));
    }
    all
}

fn found(copy: &[(String, Vec<u8>)], needle: &str) -> Vec<String> {
    let holds = |value: &[u8]| value.windows(needle.len()).any(|part| part == needle.as_bytes());
    copy.iter()
        .filter(|(_, value)| holds(value))
        .map(|(place, _)| place.clone())
        .collect()
}

async fn addresses(app: &TestApp, who: &Someone) -> Answer {
    get(app, who, "/api/v1/me/addresses").await
}

/// Drops the key of somebody.
async fn forget(app: &TestApp, person: UserId) {
    app.db
        .write(async move |mut tx| sealed::forget(&mut tx, person).await)
        .await
        .unwrap();
}

both! {
    async fn a_copy_of_the_database_tells_no_phone_no_door_and_no_token(app: TestApp) {
        let (town, ..) = lived(&app).await;
        let copy = copy(&app).await;
        for personal in PERSONAL {
            assert_eq!(found(&copy, personal), Vec::<String>::new(), "{personal} is in the clear");
        }
        // It was looked for where it would be: names are not sealed, and these columns hold something.
        assert!(found(&copy, "Sara").contains(&"customer_profiles.first_name".to_owned()));
        for column in ["users.phone", "addresses.address", "orders.delivery_address", "push_token.sealed"] {
            assert!(copy.iter().any(|(place, value)| place == column && found(&[(column.into(), value.clone())], "s1.").len() == 1), "{column}");
        }
        // And it is all there for those who may see it.
        assert_eq!(get(&app, &town.sara, "/api/v1/me").await.data()["phone"], PHONE);
        assert_eq!(addresses(&app, &town.sara).await.data()[0]["line"], STREET);
    }

    async fn a_phone_is_kept_the_same_however_it_is_written_and_blocks_nobody(app: TestApp) {
        lived(&app).await;
        let other = person(&app, "Noura", momfood_domain::actor::Role::Customer, None).await;
        for same in [PHONE, "0512345678", "512345678", "00966 51 234 5678", "٠٥١٢٣٤٥٦٧٨"] {
            assert_eq!(called(&app, &other, same).await.data()["phone"], PHONE, "{same}");
        }
        assert_eq!(count!(app, "select count(*) from users where phone_index is not null"), 0, "nobody showed that it is theirs");
        called(&app, &other, "+966512345679").await.data();
        assert_eq!(get(&app, &other, "/api/v1/me").await.data()["phone"], "+966512345679");
    }

    async fn what_is_moved_to_another_place_does_not_open(app: TestApp) {
        let (town, home, _) = lived(&app).await;
        let (sara, other) = (town.sara.id, town.kitchen.id);
        let office: AddressId = app.clock.id();
        saved(&app, &town.sara, office).await.data();
        let theirs: AddressId = app.clock.id();
        saved(&app, &town.kitchen, theirs).await.data();
        // Between rows of one person, and between persons.
        for (to, who) in [(office, &town.sara), (theirs, &town.kitchen)] {
            change!(app, "update addresses set address = (select address from addresses where id = $1) where id = $2", home, to);
            assert_eq!(addresses(&app, who).await.code(), "internal");
        }
        let plain = b"something";
        let write = app.db.write(async move |mut tx| {
            let field = Field::new("totp", "secret");
            let text = sealed::seal(&mut tx, sara, field, b"row", plain).await?;
            assert_eq!(sealed::open(&mut tx, sara, field, b"row", &text).await?.bytes().unwrap(), plain);
            for (owner, field, row) in [
                (Owner::Person(sara), field, &b"wor"[..]),
                (Owner::Person(sara), Field::new("totp", "other"), b"row"),
                (Owner::Person(sara), Field::new("other", "secret"), b"row"),
                (Owner::Person(other), field, b"row"),
                (Owner::Server, field, b"row"),
            ] {
                // Who has no key yet gets one, so that there is one to fail with.
                sealed::seal(&mut tx, owner, field, row, plain).await?;
                let opened = sealed::open(&mut tx, owner, field, row, &text).await;
                assert!(matches!(opened, Err(StoreError::Sealed(Fault::Broken(_)))), "{owner:?} {field:?}");
            }
            for wrong in ["", "s1.", "s1.AAAA", "s2.AAAA", "+966512345678", &text[..text.len() - 2], &format!("{text}A")] {
                assert!(sealed::open(&mut tx, sara, field, b"row", wrong).await.is_err(), "{wrong}");
            }
            Ok::<_, StoreError>(())
        });
        write.await.unwrap();
    }

    async fn who_is_forgotten_is_unreadable_at_once_and_what_others_see_goes_on(app: TestApp) {
        let (town, home, order) = lived(&app).await;
        forget(&app, town.sara.id).await;
        assert_eq!(addresses(&app, &town.sara).await.data(), json!([]));
        assert_eq!(get(&app, &town.sara, "/api/v1/me").await.data().get("phone").unwrap_or(&Value::Null), &Value::Null);
        let seen = look(&app, &town.kitchen, order).await;
        assert_eq!(seen["status"], "accepted");
        assert!(!seen.to_string().contains(STREET) && !seen.to_string().contains(PHONE), "{seen}");
        // Its driver is still found, and the push tokens are as if there were none.
        app.tick().await;
        // Nothing new is sealed for them: the key does not come back.
        assert_eq!(saved(&app, &town.sara, home).await.code(), "internal");
        assert!(sealed::is_forgotten(&mut app.db.read().await.unwrap(), town.sara.id).await.unwrap());
        let rows = copy(&app).await;
        let keys = rows.iter().filter(|(place, value)| place == "person_keys.wrapped" && value.is_empty());
        assert_eq!(keys.count(), 1);
    }

    async fn two_who_need_a_first_key_at_once_get_the_same(app: TestApp) {
        let sara = person(&app, "Huda", momfood_domain::actor::Role::Customer, None).await;
        change!(app, "delete from person_keys where person = $1", sara.id);
        let ids: Vec<AddressId> = (0..12).map(|_| app.clock.id()).collect();
        let saves = ids.iter().map(|id| saved(&app, &sara, *id));
        for answer in futures::future::join_all(saves).await {
            answer.data();
        }
        assert_eq!(addresses(&app, &sara).await.data().as_array().unwrap().len(), ids.len());
    }

    async fn what_an_older_program_wrote_is_sealed_at_the_start(app: TestApp) {
        let (town, home, order) = lived(&app).await;
        let (sara, address) = (town.sara.id, Json(door()));
        let wrote = app.db.write(async move |mut tx| {
            sql!(&mut tx, execute, "update users set phone = $1, phone_index = null where id = $2", PHONE, sara)?;
            sql!(&mut tx, execute, "update addresses set address = $1 where id = $2", &address, home)?;
            sql!(&mut tx, execute, "update orders set delivery_address = $1 where id = $2", &address, order)?;
            sql!(&mut tx, execute, "update push_token set token = $1, sealed = null", TOKEN)
        });
        wrote.await.unwrap();
        assert!(!found(&copy(&app).await, STREET).is_empty());
        // As often as it starts.
        for _ in 0..2 {
            sealed::adopt(&app.db).await.unwrap();
            let copy = copy(&app).await;
            for personal in PERSONAL {
                assert_eq!(found(&copy, personal), Vec::<String>::new(), "{personal} is in the clear");
            }
        }
        assert_eq!(get(&app, &town.sara, "/api/v1/me").await.data()["phone"], PHONE);
        assert_eq!(addresses(&app, &town.sara).await.data()[0]["line"], STREET);
        assert_eq!(look(&app, &town.sara, order).await["address"]["line"], STREET);
        // The same token named again is the one that was adopted.
        let push = json!({ "platform": "apns", "token": TOKEN });
        app.request(Method::PUT, "/api/v1/push/token").bearer(&town.sara.token).json(&push).send().await.data();
        assert_eq!(count!(app, "select count(*) from push_token"), 1);
    }

    async fn a_server_with_other_master_keys_refuses_to_start_and_says_which_it_wants(app: TestApp) {
        sealed::begin(&app.db).await.unwrap();
        let before = copy(&app).await.len();
        for (key, place) in [(Some("c29tZSBvdGhlciBrZXkgb2YgMzIgYnl0ZXMgLi4uLi4="), "the setting master_key"), (None, "master-keys")] {
            let config = Config { master_key: key.map(Into::into), ..app.config.clone() };
            let refused = App::start(config, Clock::manual(NOON, 9)).await.err().unwrap();
            let text = format!("{refused:#}");
            let wanted = app.db.sealer().unwrap().ring().names();
            assert!(text.contains("sealed under the master key") && text.contains(&wanted) && text.contains(place), "{text}");
        }
        assert!(!app.config.master_key_file().exists(), "no key is made for a database that has one");
        assert_eq!(copy(&app).await.len(), before);
    }
}

#[test]
fn what_seals_shows_nothing_of_itself() {
    let sealer = sealed::Sealer::for_tests();
    assert_eq!(format!("{sealer:?}"), "Sealer");
    let ring = format!("{:?}", sealer.ring());
    assert!(!ring.contains("BQUFBQUF") && !ring.contains("5, 5, 5"), "{ring}");
    let keys = Keys::from_seed(&[7; 32]).unwrap();
    assert!(format!("{:?}", keys.current()).len() < 24);
}
