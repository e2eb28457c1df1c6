//! Everything about a person, and of others nothing but ids.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::time::Duration;

use momfood_backend::both;
use momfood_backend::privacy::register::{Export, REGISTER};
use momfood_backend::testing::{Answer, TestApp};
use momfood_domain::actor::Role;
use serde_json::{Value, json};

use crate::everything::{Everything, MARKS, confirm, prove};
use crate::town::*;

/// The archive's files.
fn files(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut zip = zip::ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        files.insert(name, bytes);
    }
    files
}

fn json_of(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    serde_json::from_slice(&files[name]).unwrap()
}

async fn export(app: &TestApp, who: &Someone) -> Answer {
    confirm(app).await;
    export_at_once(app, who).await
}

async fn export_at_once(app: &TestApp, who: &Someone) -> Answer {
    get(app, who, "/api/v1/me/export").await
}

both! {
    async fn it_holds_everything_about_the_person(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let answer = export(&app, &all.zubaida).await;
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("cache-control"), "no-store");
        let files = files(&answer);
        let whole: String = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        for mark in MARKS.iter().chain(&["SA-of-zubaida", "her licence", "her door"]) {
            assert!(whole.contains(mark), "{mark} is not in it");
        }
        for held in REGISTER {
            if let Export::In(file, _) = held.export {
                assert!(files.keys().any(|name| name.starts_with(file)), "{} should be in {file}", held.table);
            }
        }
        let account = json_of(&files, "account.json");
        assert_eq!((&account["email"], &account["phone"]), (&json!("zubaida@example.sa"), &json!("+966555000111")));
        let orders = json_of(&files, "orders.json");
        assert_eq!(orders.as_array().unwrap().len(), 1);
        assert_eq!(orders[0]["address"]["line"], "شارع لا يعرفه أحد");
        assert_eq!(orders[0]["ratingComment"], "cold said zubaida");
        assert!(orders[0]["sharedAt"].is_i64() && orders[0]["bill"]["lines"].as_array().unwrap().len() == 2);
        assert_eq!(json_of(&files, "consents.json")[0]["kind"], "marketing");
        assert_eq!(json_of(&files, "ways-in.json")["linkedAccounts"][0]["provider"], "google");
        assert_eq!(json_of(&files, "sign-ins.json")[0]["push"]["platform"], "apns");
        assert_eq!(json_of(&files, "proofs.json")[0]["byMe"], false);
        assert!(String::from_utf8_lossy(&files["README.txt"]).contains("نسخة من بياناتك"));
    }

    async fn of_others_it_holds_no_name_and_of_itself_no_secret(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        let hers: String = files(&export(&app, &all.zubaida).await).values()
            .map(|bytes| String::from_utf8_lossy(bytes)).collect();
        for other in ["Fahad", "Noura", "Hamad", "ABC 1234", "kept from her", "740f4707bebcf74f", "$argon2", "s1."] {
            assert!(!hers.contains(other), "{other}");
        }
        let his = files(&export(&app, &all.fahad).await);
        let whole: String = his.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        for mark in MARKS {
            assert!(!whole.contains(mark), "{mark} in the driver's");
        }
        assert!(!whole.contains(&all.zubaida.id.to_string()), "not even her id: an order has one");
        let deliveries = json_of(&his, "deliveries.json");
        assert_eq!(deliveries[0]["orderId"], all.order.to_string());
        assert_eq!(json_of(&his, "account.json")["driver"]["vehicle"]["plate"]["en"], "ABC 1234");
        assert_eq!(json_of(&his, "proofs.json")[0]["byMe"], true);
        assert!(whole.contains("her door"), "the picture he took");
        let kinds: Vec<String> = json_of(&his, "actions.json").as_array().unwrap().iter()
            .map(|action| action["event"].to_string()).collect();
        assert!(kinds.iter().any(|event| event.contains("delivered")), "{kinds:?}");
    }

    async fn a_long_life_is_exported_whole(app: TestApp) {
        let town = Town::build(&app).await;
        for _ in 0..105 {
            let id = town.order(&app).await;
            step(&app, &town.sara, id, "cancel", &json!({ "reason": "other" })).await.data();
        }
        let files = files(&export(&app, &town.sara).await);
        assert_eq!(json_of(&files, "orders.json").as_array().unwrap().len(), 105);
        let audit = json_of(&files, "audit.json");
        let placed = |line: &&Value| line["action"] == "order.cancel";
        assert_eq!(audit.as_array().unwrap().iter().filter(placed).count(), 105);
    }

    async fn it_takes_a_fresh_proof_is_in_the_log_and_is_not_had_all_day(app: TestApp) {
        let all = Everything::of_zubaida(&app).await;
        prove(&app, all.zubaida.id, all.order, b"another").await;
        for _ in 0..3 {
            files(&export(&app, &all.zubaida).await);
        }
        let fourth = export(&app, &all.zubaida).await;
        assert_eq!(fourth.code(), "rate_limited");
        assert!(fourth.json()["error"]["details"]["retryAfter"].as_i64().unwrap() > 60);
        let id = all.zubaida.id;
        assert_eq!(count!(&app, "select count(*) from audit_log where action = 'identity.exported' and actor = $1", id), 3);
        files(&export(&app, &all.fahad).await);
        app.pass(Duration::from_mins(14)).await;
        assert_eq!(export_at_once(&app, &all.fahad).await.code(), "confirm_identity");
        let fresh = sign_in(&app, all.fahad.id, Role::Driver, None).await;
        files(&export(&app, &fresh).await);
        assert_eq!(std::fs::read_dir(app.folder.path()).unwrap().filter(|file| {
            let name = file.as_ref().unwrap().file_name().to_string_lossy().into_owned();
            !name.starts_with("momfood.db")
        }).count(), 0, "no file stays behind");
    }
}
