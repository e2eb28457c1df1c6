//! One order, from tap to door: three people in three windows, and all three agree at every moment.

use momfood_domain::actor::Role;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::PaymentStatus;
use momfood_domain::text::Lang;
use momfood_e2e::api::{dish, fewest_picks};
use momfood_e2e::customer::Pay;
use momfood_e2e::driver::Proving;
use momfood_e2e::screen::id;
use momfood_e2e::stage::{Stage, tell};

told_in_both!(
    an_order_paid_by_card_travels_from_tap_to_door_and_everyone_sees_each_step: Sqlite,
    an_order_paid_in_cash_travels_from_tap_to_door_on_postgresql_too: Postgres,
);

async fn an_order_paid_by_card_travels_from_tap_to_door_and_everyone_sees_each_step(stage: &mut Stage) {
    story(stage, Pay::Card).await;
}

async fn an_order_paid_in_cash_travels_from_tap_to_door_on_postgresql_too(stage: &mut Stage) {
    story(stage, Pay::Cash).await;
}

async fn story(stage: &mut Stage, pay: Pay) {
    let kitchen = stage.kitchen().await;
    let driver = stage.driver().await;
    driver.start_shift().await;
    let customer = stage.customer().await;
    let ledger = &stage.ledger;

    // It is all in Arabic, from right to left.
    for screen in stage.browser.screens() {
        assert_eq!(screen.attribute("html", "dir").await, "rtl", "{}", screen.name());
        assert_eq!(screen.attribute("html", "lang").await, "ar", "{}", screen.name());
    }

    // Tap.
    let restaurant = stage.city.restaurant();
    let page = stage.city.api().restaurant(restaurant).await;
    let dish = dish(&page.menu);
    customer
        .find(page.restaurant.name.get(Lang::Ar), restaurant)
        .await;
    customer.add(dish.id, &fewest_picks(dish), 3).await;
    customer.open_cart().await;
    customer.check_out().await;
    customer.pay(pay).await;
    let shown = customer.price().await;
    let rings = kitchen.watch_new_order().await;
    let place = async {
        customer.place().await;
    };
    ledger.note("placed", &customer.screen, place, &[rings]).await;
    let order = customer.placed().await;
    let api = stage.api(Role::Customer).await;
    let placed = api.order(&order).await;
    assert_eq!(placed.status, OrderStatus::Pending);
    let amount = money_digits(placed.bill.total_amount);
    assert!(
        latin(&shown).contains(&amount),
        "the button said {shown}, the order costs {amount}"
    );

    // Kitchen.
    let sees = customer.watch_status("accepted").await;
    ledger
        .note("accepted", &kitchen.screen, kitchen.accept(), &[sees])
        .await;
    let sees = customer.watch_status("preparing").await;
    ledger
        .note("preparing", &kitchen.screen, kitchen.start(&order), &[sees])
        .await;
    let sees = [customer.watch_status("ready").await, driver.watch_offer().await];
    ledger
        .note("ready", &kitchen.screen, kitchen.ready(&order), &sees)
        .await;

    // Driver.
    let sees = customer.screen.watch(&id("driver")).await;
    ledger
        .note("offer accepted", &driver.screen, driver.accept(), &[sees])
        .await;
    driver.sees_job("assigned").await;
    driver.arrive_at_restaurant().await;
    driver.sees_job("at_restaurant").await;
    let sees = [
        customer.watch_status("picked_up").await,
        kitchen.watch_gone(&order).await,
    ];
    ledger
        .note("picked up", &driver.screen, driver.pick_up(), &sees)
        .await;
    driver.sees_job("picked_up").await;
    driver.arrive_at_customer().await;
    driver.sees_job("at_customer").await;
    driver.hand_over().await;
    let code = api
        .order(&order)
        .await
        .handover_code
        .expect("a code for the door");
    driver.prove(Proving::Code(&code)).await;
    let sees = [customer.watch_status("delivered").await];
    ledger
        .note("delivered", &driver.screen, driver.deliver(), &sees)
        .await;

    // Door.
    driver.is_free().await;
    let done = api.order(&order).await;
    assert_eq!(done.status, OrderStatus::Delivered);
    assert_eq!(done.bill, placed.bill, "the price shown is the price paid");
    let paid = match pay {
        Pay::Cash => PaymentStatus::Collected,
        Pay::Card | Pay::BadCard => PaymentStatus::Captured,
    };
    assert_eq!(done.payment.status, paid);
    assert_eq!(api.orders().await.len(), 1, "one tap is one order");
}

#[test]
fn three_people_in_one_browser_do_not_disturb_each_other() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let kitchen = stage.kitchen().await;
        let driver = stage.driver().await;

        // Each app has a cookie of its own, out of reach of scripts.
        let cookies = customer
            .screen
            .devtools("Network.getAllCookies", serde_json::json!({}))
            .await;
        let mut cookies = cookies["cookies"].as_array().expect("cookies").clone();
        // Beside it, one that says which people this browser is known to.
        cookies.retain(|cookie| {
            let name = cookie["name"].as_str().unwrap_or_default();
            !name.starts_with("momfood_known_")
        });
        assert_eq!(cookies.len(), 3, "{cookies:?}");
        let mut names: Vec<_> = cookies.iter().map(|cookie| cookie["name"].to_string()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 3, "{names:?}");
        assert!(
            cookies.iter().all(|cookie| cookie["httpOnly"] == true),
            "{cookies:?}"
        );

        // Speaking another language in one changes no other.
        driver.screen.press("nav a[href$=\"/account\"]").await;
        driver
            .screen
            .press(&format!("{} label:last-of-type", id("language")))
            .await;
        driver.screen.see("html[dir=ltr][lang=en]").await;
        for other in [&customer.screen, &kitchen.screen] {
            assert_eq!(other.attribute("html", "lang").await, "ar", "{}", other.name());
        }

        // Each comes back as who they were, in the language they chose.
        for screen in stage.browser.screens() {
            screen.reload().await;
        }
        customer.screen.see(&id("restaurant-card")).await;
        kitchen.screen.see(&id("board")).await;
        driver.screen.see("html[lang=en]").await;
        driver.screen.see(&id("sign-out")).await;

        // Signing one out leaves the others in.
        driver.screen.press(&id("sign-out")).await;
        driver.screen.see(&id("sign-in")).await;
        customer.screen.reload().await;
        kitchen.screen.reload().await;
        kitchen.screen.see(&id("board")).await;
        customer.screen.goto("/orders").await;
        customer.screen.see("main h2, main h3").await;
        assert!(!customer.screen.shows(&id("sign-in")).await);

        // The storage of each app is under its own name, the workers under their own paths.
        let keys = customer
            .screen
            .run("return Object.keys(localStorage)", Vec::new())
            .await;
        let keys: Vec<String> = serde_json::from_value(keys).expect("names");
        let known = ["momfood.customer.", "momfood.kitchen.", "momfood.driver."];
        assert!(
            keys.iter()
                .all(|key| known.iter().any(|app| key.starts_with(app))),
            "{keys:?}"
        );
        let script = "return navigator.serviceWorker.getRegistrations().then(all => all.map(one => new URL(one.scope).pathname).sort())";
        let scopes = customer.screen.run(script, Vec::new()).await;
        assert_eq!(scopes, serde_json::json!(["/", "/driver/", "/kitchen/"]));
    });
}

/// The whole part of an amount as it stands in Latin digits.
fn money_digits(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// Digits as they are in Latin script, and the Arabic decimal mark as a point.
fn latin(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{0660}'..='\u{0669}' => char::from_digit(u32::from(c) - 0x0660, 10).unwrap_or(c),
            '\u{066B}' => '.',
            c => c,
        })
        .collect()
}
