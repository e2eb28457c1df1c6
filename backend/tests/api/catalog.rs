//! Restaurants and menus: found, shown, and changed by their kitchens.

use std::time::Duration;

use http::{Method, StatusCode};
use momfood_backend::app::open;
use momfood_backend::catalog::{self, menu};
use momfood_backend::store::sql;
use momfood_backend::testing::{Answer, NOON, TestApp};
use momfood_backend::{both, seed, sync};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::Availability;
use momfood_protocol::feed::Scope;
use momfood_protocol::rest::OwnerMenu;
use serde_json::{Value, json};
use uuid::Uuid;

/// Sara's home.
const HOME: &str = "lat=24.71845&lng=46.68492";

async fn find(app: &TestApp, query: &str) -> Vec<Value> {
    let answer = app.get(&format!("/api/v1/restaurants?{query}")).await;
    answer.data()["restaurants"].as_array().unwrap().clone()
}

async fn names(app: &TestApp, query: &str) -> Vec<String> {
    let found = find(app, query).await;
    found
        .iter()
        .map(|card| card["name"]["en"].as_str().unwrap().to_owned())
        .collect()
}

/// `text` as it stands in a query string.
fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |text, byte| format!("{text}%{byte:02X}"))
}

fn path_of(slug: &str) -> String {
    format!("/api/v1/restaurants/{}", seed::id::<RestaurantId>(slug))
}

async fn owner(app: &TestApp) -> String {
    app.seed().await;
    app.token("saj", Role::Restaurant).await
}

async fn read(app: &TestApp, token: &str, path: &str) -> Answer {
    app.request(Method::GET, path).bearer(token).send().await
}

async fn send(app: &TestApp, token: &str, method: Method, path: &str, body: &Value) -> Answer {
    app.request(method, path).bearer(token).json(body).send().await
}

async fn own_menu(app: &TestApp, token: &str) -> Value {
    read(app, token, "/api/v1/kitchen/menu").await.data()
}

async fn heads(app: &TestApp, slug: &str) -> (i64, i64) {
    let id = seed::id(slug);
    let mut tx = app.db.read().await.unwrap();
    let restaurant = sync::head_of(&mut tx, Scope::Restaurant(id)).await.unwrap();
    let menu = sync::head_of(&mut tx, Scope::Menu(id)).await.unwrap();
    (restaurant, menu)
}

both! {
    async fn restaurants_near_a_point_know_distance_fee_and_time(app: TestApp) {
        app.seed().await;
        let found = find(&app, &format!("{HOME}&sort=distance")).await;
        assert_eq!(found.len(), 25);
        let sheesh = found.iter().find(|card| card["name"]["en"] == "Sheesh w Toum");
        let near = sheesh.unwrap_or(&found[0]);
        assert!(near["distanceM"].as_u64().unwrap() < 2_000);
        assert!(near["deliveryFee"].as_i64().unwrap() > 0);
        let minutes = near["deliveryMinutes"].as_u64().unwrap();
        assert!(minutes > near["preparationMinutes"].as_u64().unwrap());
        // Without a point none of it is known.
        let anywhere = find(&app, "").await;
        assert!(anywhere.iter().all(|card| card.get("distanceM").is_none() && card.get("deliveryFee").is_none()));
    }

    async fn open_ones_come_first_then_those_that_deliver_there_then_the_asked_for_order(app: TestApp) {
        app.seed().await;
        for sort in ["recommended", "distance", "rating", "time", "fee"] {
            let found = find(&app, &format!("lat=24.8218&lng=46.6442&sort={sort}")).await;
            let group = |card: &Value| (card["opening"]["state"] != "open", card.get("deliveryFee").is_none());
            assert!(found.is_sorted_by_key(group), "{sort}");
            for same in found.chunk_by(|a, b| group(a) == group(b)) {
                let sorted = match sort {
                    "distance" => same.is_sorted_by_key(|card| card["distanceM"].as_u64()),
                    "rating" => same.is_sorted_by_key(|card| -card["rating"].as_i64().unwrap()),
                    "time" => same.is_sorted_by_key(|card| card["deliveryMinutes"].as_u64()),
                    "fee" => same.is_sorted_by_key(|card| card["deliveryFee"].as_i64()),
                    _ => same.is_sorted_by_key(|card| card["featured"] != true),
                };
                assert!(sorted, "{sort}");
            }
            assert!(found.iter().any(|card| group(card).0) && found.iter().any(|card| group(card).1), "{sort}");
        }
        let jeddah = find(&app, "lat=21.54&lng=39.17").await;
        assert!(jeddah.is_empty(), "another city");
    }

    async fn words_find_names_cuisines_and_dishes_in_both_languages(app: TestApp) {
        app.seed().await;
        for (typed, expected) in [
            ("garage", "Garage Burger"),
            ("GARAGE burger", "Garage Burger"),
            ("يمني", "Mandi Al Wadi"),
            ("yemeni", "Mandi Al Wadi"),
            ("المندي", "Mandi Al Wadi"),
            ("كبسه", "Najd Kitchen"),
            ("Kabsa", "Najd Kitchen"),
            ("كَبْسَة", "Najd Kitchen"),
            ("المربع", "Najd Kitchen"),
        ] {
            let found = names(&app, &format!("q={}", encoded(typed))).await;
            assert!(found.iter().any(|name| name == expected), "{typed}: {found:?}");
            assert!(found.len() < 25, "{typed} finds everything");
        }
        assert!(names(&app, &format!("q={}", encoded("kabsa pizza"))).await.is_empty(), "every word counts");
        assert!(names(&app, "q=zzzz").await.is_empty());
        assert_eq!(names(&app, "q=%20").await.len(), 25, "blanks are no words");
    }

    async fn cuisines_and_open_ones_can_be_picked(app: TestApp) {
        app.seed().await;
        let pizza = find(&app, "cuisine=pizza").await;
        assert!(!pizza.is_empty() && pizza.len() < 25);
        assert!(pizza.iter().all(|card| card["cuisines"].as_array().unwrap().contains(&json!("pizza"))));
        let open = find(&app, "open=true").await;
        assert!(open.len() > 10 && open.len() < 25);
        assert!(open.iter().all(|card| card["opening"] == json!({ "state": "open" })));
    }

    async fn questions_that_make_no_sense_are_refused(app: TestApp) {
        for query in ["lat=24.7", "lng=46.6", "lat=97&lng=46.6", "cuisine=martian", "sort=luck", "lat=here&lng=there"] {
            let answer = app.get(&format!("/api/v1/restaurants?{query}")).await;
            assert_eq!((answer.status, answer.code().as_str()), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_input"), "{query}");
        }
        let long = app.get(&format!("/api/v1/restaurants?q={}", "x".repeat(81))).await;
        assert_eq!(long.json()["error"]["details"]["field"], "q");
    }

    async fn a_restaurant_shows_its_menu_hours_and_whether_it_takes_orders(app: TestApp) {
        app.seed().await;
        let page = app.get(&path_of("najd-kitchen")).await.data();
        assert_eq!(page["restaurant"]["opening"], json!({ "state": "open" }));
        assert_eq!(page["menuRev"], 1);
        assert_eq!(page["hours"]["periods"].as_array().unwrap().len(), 7);
        assert!(page["menu"]["categories"][0]["items"][0]["price"].as_i64().unwrap() > 0);
        let typed: momfood_protocol::rest::RestaurantPage = serde_json::from_value(page).unwrap();
        assert!(typed.menu.fault().is_none());
        let here = app.get(&format!("{}?{HOME}", path_of("najd-kitchen"))).await.data();
        assert!(here["restaurant"]["distanceM"].as_u64().unwrap() > 5_000);
        assert_eq!(app.get("/api/v1/restaurants/nonsense").await.code(), "not_found");
        assert_eq!(app.get(&format!("/api/v1/restaurants/{}", Uuid::nil())).await.code(), "not_found");
    }

    async fn a_page_that_has_not_changed_is_not_sent_again(app: TestApp) {
        let token = owner(&app).await;
        let path = path_of("saj-al-sham");
        let first = app.get(&path).await;
        let etag = first.header("etag").to_owned();
        let ask = async || app.request(Method::GET, &path).header("if-none-match", &etag).send().await;
        let same = ask().await;
        assert_eq!((same.status, same.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
        send(&app, &token, Method::POST, "/api/v1/kitchen/pause", &json!({})).await.data();
        let other = ask().await;
        assert_eq!(other.status, StatusCode::OK);
        assert_ne!(other.header("etag"), etag);
    }

    async fn only_approved_and_active_restaurants_exist_for_customers(app: TestApp) {
        let token = owner(&app).await;
        let id: RestaurantId = seed::id("saj-al-sham");
        for (status, active) in [("pending", true), ("suspended", true), ("approved", false)] {
            let change = app.db.write(async move |mut tx| {
                sql!(&mut tx, execute, "update restaurants set status = $1, is_active = $2, rev = rev + 1 where id = $3",
                    status, active, id)
            });
            change.await.unwrap();
            app.clock.advance(Duration::from_secs(1));
            assert_eq!(app.get(&path_of("saj-al-sham")).await.code(), "not_found", "{status} {active}");
            assert!(!names(&app, "").await.contains(&"Saj Al Sham".to_owned()));
            let mut tx = app.db.read().await.unwrap();
            assert!(catalog::restaurant_for_order(&mut tx, id).await.unwrap().is_none());
            assert!(catalog::public_menu(&mut tx, id).await.unwrap().is_none());
            drop(tx);
            read(&app, &token, "/api/v1/kitchen/restaurant").await.data();
        }
    }

    async fn a_closed_restaurant_says_when_it_opens(app: TestApp) {
        app.seed().await;
        let page = app.get(&path_of("maraq")).await.data();
        // Sunday noon; it opens at five.
        assert_eq!(page["restaurant"]["opening"], json!({ "state": "closed", "opensAt": NOON.plus_minutes(300) }));
        app.clock.advance(Duration::from_hours(5));
        let page = app.get(&path_of("maraq")).await.data();
        assert_eq!(page["restaurant"]["opening"], json!({ "state": "open" }));
    }

    async fn a_pause_holds_until_its_time_or_until_resumed(app: TestApp) {
        app.seed().await;
        let opening = async || app.get(&path_of("saj-al-sham")).await.data()["restaurant"]["opening"].clone();
        let pause = async |body: Value| {
            let token = app.token("saj", Role::Restaurant).await;
            send(&app, &token, Method::POST, "/api/v1/kitchen/pause", &body).await
        };
        let settings = pause(json!({ "minutes": 30 })).await.data();
        assert_eq!(settings["pausedUntil"], json!(NOON.plus_minutes(30)));
        assert_eq!(opening().await, json!({ "state": "paused", "until": NOON.plus_minutes(30) }));
        assert!(!names(&app, "open=true").await.contains(&"Saj Al Sham".to_owned()));
        app.clock.advance(Duration::from_mins(30));
        assert_eq!(opening().await, json!({ "state": "open" }));
        pause(json!({})).await.data();
        assert_eq!(opening().await, json!({ "state": "paused" }));
        app.clock.advance(Duration::from_hours(30 * 24));
        assert_eq!(opening().await, json!({ "state": "paused" }));
        assert_eq!(pause(json!({ "minutes": 0 })).await.data().get("pausedUntil"), None);
        assert_eq!(opening().await, json!({ "state": "open" }));
        assert_eq!(pause(json!({ "minutes": 1441 })).await.code(), "invalid_input");
    }

    async fn a_kitchen_changes_its_settings_within_bounds(app: TestApp) {
        let token = owner(&app).await;
        let patch = async |body: Value| send(&app, &token, Method::PATCH, "/api/v1/kitchen/restaurant", &body).await;
        let before = read(&app, &token, "/api/v1/kitchen/restaurant").await.data();
        let quiet = heads(&app, "saj-al-sham").await;
        assert_eq!(patch(json!({})).await.data(), before);
        assert_eq!(patch(json!({ "preparationMinutes": before["preparationMinutes"] })).await.data(), before);
        assert_eq!(heads(&app, "saj-al-sham").await, quiet, "nothing changed, nobody is told");
        for (field, value) in [
            ("preparationMinutes", json!(0)), ("preparationMinutes", json!(181)),
            ("acceptLimitSeconds", json!(9)), ("acceptLimitSeconds", json!(1801)),
            ("minimumOrder", json!(-1)), ("deliveryFee", json!(100_001)),
            ("hours", json!({ "utcOffsetMinutes": 180, "periods": [{ "day": 7, "open": 0, "close": 60 }] })),
            ("hours", json!({ "utcOffsetMinutes": 180, "periods": [{ "day": 1, "open": 60, "close": 60 }] })),
            ("hours", json!({ "utcOffsetMinutes": 0, "periods": [] })),
        ] {
            let answer = patch(json!({ "preparationMinutes": 33, field: value })).await;
            assert_eq!(answer.code(), "invalid_input", "{field}");
            assert_eq!(answer.json()["error"]["details"]["field"], field);
        }
        let after = patch(json!({ "preparationMinutes": 45, "minimumOrder": 5_000, "acceptLimitSeconds": 60,
            "hours": { "utcOffsetMinutes": 180, "periods": [] } })).await.data();
        assert_eq!((&after["preparationMinutes"], &after["terms"]["minimumOrder"]), (&json!(45), &json!(5_000)));
        let told = heads(&app, "saj-al-sham").await;
        assert!(told.0 > quiet.0 && told.1 > quiet.1, "the kitchen's screens and those who look at the menu are told");
        let page = app.get(&path_of("saj-al-sham")).await.data();
        assert_eq!(page["restaurant"]["preparationMinutes"], 45);
        assert_eq!(page["restaurant"]["opening"], json!({ "state": "closed" }), "never open");
    }

    async fn an_owner_replaces_the_menu_only_as_they_read_it(app: TestApp) {
        let token = owner(&app).await;
        let put = async |body: &Value| send(&app, &token, Method::PUT, "/api/v1/kitchen/menu", body).await;
        let read_at_first = own_menu(&app, &token).await;
        let quiet = heads(&app, "saj-al-sham").await;
        assert_eq!(put(&read_at_first).await.data(), read_at_first, "the same menu is no change");
        assert_eq!(heads(&app, "saj-al-sham").await, quiet);

        let mut mine = read_at_first.clone();
        mine["menu"]["categories"][0]["items"][0]["price"] = json!(4_321);
        let kept = put(&mine).await.data();
        assert_eq!(kept["rev"], 2);
        let told = heads(&app, "saj-al-sham").await;
        assert_eq!((told.0 - quiet.0, told.1 - quiet.1), (1, 1));
        // The answer was lost, the request comes again: no conflict, no change.
        assert_eq!(put(&mine).await.data(), kept);

        let mut theirs = read_at_first;
        theirs["menu"]["categories"][0]["items"][0]["price"] = json!(1);
        let stale = put(&theirs).await;
        assert_eq!((stale.status, stale.code().as_str()), (StatusCode::CONFLICT, "wrong_state"));
        assert_eq!(stale.json()["error"]["details"]["rev"], 2);
        let page = app.get(&path_of("saj-al-sham")).await.data();
        assert_eq!(page["menu"]["categories"][0]["items"][0]["price"], 4_321);
        assert_eq!(page["menuRev"], 2);
    }

    async fn a_menu_that_cannot_be_sold_from_is_refused(app: TestApp) {
        let token = owner(&app).await;
        let good = own_menu(&app, &token).await;
        let put = async |change: &dyn Fn(&mut Value)| {
            let mut body = good.clone();
            change(&mut body["menu"]);
            let answer = send(&app, &token, Method::PUT, "/api/v1/kitchen/menu", &body).await;
            (answer.code(), answer.json()["error"]["details"]["field"].clone())
        };
        let invalid = |field: &str| ("invalid_input".to_owned(), json!(field));
        assert_eq!(put(&|menu| menu["categories"][0]["items"][0]["price"] = json!(-1)).await, invalid("price"));
        assert_eq!(put(&|menu| {
            let first = menu["categories"][0].clone();
            menu["categories"].as_array_mut().unwrap().push(first);
        }).await, invalid("menu"));
        assert_eq!(put(&|menu| {
            menu["categories"][0]["items"][0]["dayparts"] = json!([{ "open": 600, "close": 500 }]);
        }).await, invalid("dayparts"));
        assert_eq!(put(&|menu| menu["currency"] = json!("KWD")).await, invalid("currency"));
        assert_eq!(put(&|menu| menu["utcOffsetMinutes"] = json!(0)).await, invalid("utcOffsetMinutes"));
        assert_eq!(put(&|menu| menu["categories"][0]["name"] = json!({ "ar": " " })).await.0, "malformed_json");
        assert_eq!(own_menu(&app, &token).await, good);
    }

    async fn an_item_is_sold_out_hidden_and_back(app: TestApp) {
        let token = owner(&app).await;
        let item = own_menu(&app, &token).await["menu"]["categories"][0]["items"][0]["id"].clone();
        let path = format!("/api/v1/kitchen/items/{}/availability", item.as_str().unwrap());
        let set = async |availability: Value| {
            send(&app, &token, Method::PUT, &path, &json!({ "availability": availability })).await
        };
        let shown = async || {
            let page = app.get(&path_of("saj-al-sham")).await.data();
            page["menu"]["categories"].as_array().unwrap().iter()
                .flat_map(|category| category["items"].as_array().unwrap().clone())
                .find(|shown| shown["id"] == item)
        };
        let until = NOON.plus_minutes(90);
        assert_eq!(set(json!({ "state": "sold_out", "until": until })).await.data()["rev"], 2);
        assert_eq!(shown().await.unwrap()["availability"], json!({ "state": "sold_out", "until": until }));
        assert_eq!(set(json!({ "state": "sold_out", "until": until })).await.data()["rev"], 2, "no change");
        set(json!({ "state": "hidden" })).await.data();
        assert_eq!(shown().await, None);
        let whole = own_menu(&app, &token).await;
        assert_eq!(whole["menu"]["categories"][0]["items"][0]["availability"], json!({ "state": "hidden" }));
        set(json!({ "state": "available" })).await.data();
        assert!(shown().await.is_some());
        // Somebody else's dish is not on this menu.
        let theirs: OwnerMenu = {
            let mut tx = app.db.read().await.unwrap();
            catalog::owner_menu(&mut tx, seed::id("najd-kitchen")).await.unwrap().unwrap()
        };
        let other = theirs.menu.items().next().unwrap().id;
        let path = format!("/api/v1/kitchen/items/{other}/availability");
        let body = json!({ "availability": { "state": "hidden" } });
        assert_eq!(send(&app, &token, Method::PUT, &path, &body).await.code(), "not_found");
    }

    async fn only_a_restaurants_people_run_it(app: TestApp) {
        app.seed().await;
        for (name, role) in [
            ("sara", Role::Customer), ("fahad", Role::Driver), ("admin", Role::Admin), ("support", Role::Support),
        ] {
            let token = app.token(name, role).await;
            assert_eq!(read(&app, &token, "/api/v1/kitchen/menu").await.code(), "forbidden", "{name}");
            assert_eq!(read(&app, &token, "/api/v1/kitchen/restaurant").await.code(), "forbidden", "{name}");
            let pause = send(&app, &token, Method::POST, "/api/v1/kitchen/pause", &json!({})).await;
            assert_eq!(pause.code(), "forbidden", "{name}");
        }
        assert_eq!(app.get("/api/v1/kitchen/menu").await.code(), "unauthenticated");
    }

    async fn nobody_is_shown_a_menu_older_than_an_answer_already_given(app: TestApp) {
        let token = owner(&app).await;
        let item = own_menu(&app, &token).await["menu"]["categories"][0]["items"][0]["id"].clone();
        let path = format!("/api/v1/kitchen/items/{}/availability", item.as_str().unwrap());
        let page = path_of("saj-al-sham");
        for minutes in 1..=25 {
            let until = NOON.plus_minutes(minutes);
            let body = json!({ "availability": { "state": "sold_out", "until": until } });
            // Readers at the same time must not leave behind what they read before the commit.
            let ((), _) = tokio::join!(
                async {
                    let rev = send(&app, &token, Method::PUT, &path, &body).await.data()["rev"].clone();
                    assert_eq!(app.get(&page).await.data()["menuRev"], rev);
                },
                futures::future::join_all((0..6).map(|_| app.get(&page))),
            );
            let shown = app.get(&page).await.data();
            assert_eq!(shown["menu"]["categories"][0]["items"][0]["availability"]["until"], json!(until));
        }
    }

    async fn what_another_process_changed_is_shown_within_a_second(app: TestApp) {
        app.seed().await;
        let id: RestaurantId = seed::id("saj-al-sham");
        let page = path_of("saj-al-sham");
        let first = app.get(&page).await.data();
        let item = first["menu"]["categories"][0]["items"][0]["id"].as_str().unwrap().parse().unwrap();
        let elsewhere = open(&app.config).await.unwrap();
        let note = (app.clock.uuid(), app.clock.now());
        let change = elsewhere.write(async move |mut tx| {
            menu::set_availability(&mut tx, &Actor::SYSTEM, id, item, Availability::Hidden, note).await
        });
        change.await.unwrap();
        elsewhere.close().await;
        app.clock.advance(Duration::from_secs(1));
        let second = app.get(&page).await.data();
        assert_eq!((&first["menuRev"], &second["menuRev"]), (&json!(1), &json!(2)));
    }
}
