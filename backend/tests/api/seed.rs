//! The demo city: there after one run, the same after two.

use std::process::Command;

use momfood_backend::both;
use momfood_backend::seed::{self, SeedError};
use momfood_backend::store::{Db, sql};
use momfood_backend::testing::{Folder, TestApp};
use serde_json::{Value, json};

async fn counts(db: &Db) -> (i64, i64, i64, i64, i64, i64, i64) {
    let mut tx = db.read().await.unwrap();
    let (users, roles, drivers, addresses) = sql!(
        &mut tx,
        fetch_one as (i64, i64, i64, i64),
        "select (select count(*) from users), (select count(*) from user_roles), \
         (select count(*) from driver_profiles), (select count(*) from addresses)"
    )
    .unwrap();
    let (restaurants, menus, staff) = sql!(
        &mut tx,
        fetch_one as (i64, i64, i64),
        "select (select count(*) from restaurants), (select count(*) from menus), \
         (select count(*) from restaurant_staff)"
    )
    .unwrap();
    (users, roles, drivers, addresses, restaurants, menus, staff)
}

both! {
    async fn seeding_twice_changes_nothing(app: TestApp) {
        let media = app.folder.path().join("media");
        let first = seed::demo(&app.db, &app.clock, &media).await.unwrap();
        assert!(first.changed);
        let before = counts(&app.db).await;
        assert_eq!(before, (44, 44, 8, 16, 25, 25, 25));
        app.clock.advance(std::time::Duration::from_mins(1));
        let second = seed::demo(&app.db, &app.clock, &media).await.unwrap();
        assert!(!second.changed);
        assert_eq!(second.sign_ins, first.sign_ins);
        assert_eq!(counts(&app.db).await, before);
    }

    async fn two_applications_wait_and_one_was_refused_for_a_reason(app: TestApp) {
        app.seed().await;
        let root = app.token("admin", momfood_domain::actor::Role::Admin).await;
        let cases = async |status: &str| {
            let path = format!("/api/v1/admin/applications?status={status}");
            app.request(http::Method::GET, &path).bearer(&root).send().await.data()
        };
        let waiting = cases("submitted").await;
        let kinds: Vec<&str> = waiting.as_array().unwrap().iter()
            .map(|case| case["application"]["form"]["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds.len(), 2);
        assert!(kinds.contains(&"restaurant") && kinds.contains(&"driver"));
        let refused = cases("refused").await;
        assert!(refused[0]["application"]["reason"].as_str().unwrap().contains("رخصة"));
        for case in waiting.as_array().unwrap() {
            let application = &case["application"];
            for document in application["documents"].as_array().unwrap() {
                let path = format!("/api/v1/admin/applications/{}/documents/{}",
                    application["id"].as_str().unwrap(), document["id"].as_str().unwrap());
                let shown = app.request(http::Method::GET, &path).bearer(&root).send().await;
                assert_eq!(shown.header("content-type"), document["contentType"].as_str().unwrap());
            }
        }
    }

    async fn everybody_it_names_can_sign_in_in_their_role(app: TestApp) {
        let media = app.folder.path().join("media");
        let seeded = seed::demo(&app.db, &app.clock, &media).await.unwrap();
        let roles: Vec<String> = seeded.sign_ins.iter().map(|sign_in| format!("{:?}", sign_in.role)).collect();
        assert_eq!(roles, ["Customer", "Restaurant", "Driver", "Admin", "Support"]);
        for sign_in in seeded.sign_ins {
            let body = json!({ "email": sign_in.email, "password": sign_in.password, "role": sign_in.role });
            let user = app.post("/api/v1/auth/login", &body).await.data()["user"].clone();
            assert_eq!(user["role"], json!(sign_in.role));
            let restaurant = user.get("restaurantId").cloned();
            assert_eq!(restaurant, sign_in.restaurant_id.map(|id| json!(id)));
        }
    }

    async fn its_pictures_are_served(app: TestApp) {
        seed::demo(&app.db, &app.clock, &app.config.media()).await.unwrap();
        let list = app.get("/api/v1/restaurants").await.data();
        let mut pictures = Vec::new();
        for card in list["restaurants"].as_array().unwrap() {
            pictures.push(card["picture"].clone());
            let page = app.get(&format!("/api/v1/restaurants/{}", card["id"].as_str().unwrap())).await.data();
            for category in page["menu"]["categories"].as_array().unwrap() {
                pictures.extend(category["items"].as_array().unwrap().iter().map(|item| item["picture"].clone()));
            }
        }
        assert!(pictures.len() > 200);
        pictures.sort_by_key(Value::to_string);
        pictures.dedup();
        for picture in pictures {
            let answer = app.get(&format!("/media/{}", picture.as_str().unwrap())).await;
            assert_eq!(answer.header("content-type"), "image/svg+xml", "{picture}");
        }
    }

    async fn a_clash_with_somebody_who_is_there_leaves_nothing_half_done(app: TestApp) {
        app.register("fahad@demo.momfood.test", "mine and mine", "Fahad").await.data();
        let before = counts(&app.db).await;
        let clash = seed::demo(&app.db, &app.clock, &app.config.media()).await.unwrap_err();
        assert!(matches!(&clash, SeedError::Person(email, _) if email == "fahad@demo.momfood.test"), "{clash}");
        assert_eq!(counts(&app.db).await, before);
    }
}

#[test]
fn the_command_prints_whom_to_sign_in_as() {
    let folder = Folder::new("seed");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_momfood"));
        let output = command
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let said = run(&["seed", "demo"]);
    for word in [
        "sara@demo.momfood.test",
        "saj@demo.momfood.test",
        "fahad@demo.momfood.test",
        seed::PASSWORD,
        "Saj Al Sham",
    ] {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
    let json: Value = serde_json::from_str(&run(&["seed", "demo", "--json"])).unwrap();
    assert_eq!(json["changed"], false);
    assert_eq!(
        json["signIns"][0],
        json!({ "app": "customer", "role": "customer", "email": "sara@demo.momfood.test",
        "password": seed::PASSWORD, "name": { "ar": "سارة القحطاني", "en": "Sara Al Qahtani" } })
    );
}
