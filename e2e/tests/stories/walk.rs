//! A walk past every screen of every app, in one language. At each stop somebody looks.

use momfood_domain::actor::Role;
use momfood_domain::order::Reason;
use momfood_domain::text::Lang;
use momfood_e2e::api::{Api, cart, dish, dishes, fewest_picks};
use momfood_e2e::customer::{Customer, Pay};
use momfood_e2e::screen::{Screen, Size, id};
use momfood_e2e::stage::Stage;
use serde_json::{Value, json};

/// A screen one stands before.
pub struct Stop<'a> {
    /// The window.
    pub screen: &'a Screen,
    /// The app.
    pub app: &'static str,
    /// What is shown.
    pub name: &'static str,
    /// What one most likely presses here.
    pub main: String,
}

/// Walks past every screen, in `lang`, and looks at each.
pub async fn walk(stage: &mut Stage, lang: Lang, look: &mut impl AsyncFnMut(Stop<'_>)) {
    customer_alone(stage, lang, look).await;
    all_three(stage, lang, look).await;
}

/// Opens an app in a language, as if it had been chosen before.
async fn open(stage: &Stage, app: &'static str, size: Size, lang: Lang) -> Screen {
    let path = if app == "customer" { "/".to_owned() } else { format!("/{app}/") };
    let screen = stage.browser.open(app, size, &path).await;
    screen.stand_at(24.7001, 46.6841).await;
    let keep = "localStorage.setItem(arguments[0], arguments[1])";
    let key = format!("momfood.{app}.lang");
    screen.run(keep, vec![json!(key), json!(lang.tag())]).await;
    screen.reload().await;
    screen.see(&format!("html[lang={}]", lang.tag())).await;
    screen
}

/// What a customer sees before anybody cooks.
async fn customer_alone(stage: &Stage, lang: Lang, look: &mut impl AsyncFnMut(Stop<'_>)) {
    let customer = Customer {
        screen: open(stage, "customer", Size::PHONE, lang).await,
    };
    let screen = &customer.screen;
    let mut at = async |name, main: &str| {
        let main = main.to_owned();
        look(Stop { screen, app: "customer", name, main }).await;
    };
    let restaurant = stage.city.someone(Role::Restaurant).restaurant_id.expect("a restaurant");
    let page = stage.city.api().restaurant(restaurant).await;

    screen.see(&id("restaurant-card")).await;
    at("home-guest", &id("restaurant-card")).await;
    screen.write(&format!("{} input", id("search")), "zzzz").await;
    screen.see(&id("no-restaurants")).await;
    at("home-nothing-found", &format!("{} button", id("no-restaurants"))).await;
    screen.goto("/cart").await;
    screen.see(&id("cart-empty")).await;
    at("cart-empty", &format!("{} button", id("cart-empty"))).await;
    screen.goto("/nowhere").await;
    screen.see(".k-empty").await;
    at("lost", ".k-empty button").await;
    screen.goto("/sign-in").await;
    screen.see(&id("sign-in")).await;
    at("sign-in", &id("sign-in")).await;
    screen.press(&id("sign-in")).await;
    screen.see("[aria-invalid=true], [role=alert]").await;
    at("sign-in-wrong", &id("sign-in")).await;
    screen.press(".c-entry .k-segmented label:last-of-type").await;
    screen.see(&id("sign-up")).await;
    at("sign-up", &id("sign-up")).await;

    screen.goto("/sign-in").await;
    customer.sign_in(stage.city.someone(Role::Customer)).await;
    at("home", &id("restaurant-card")).await;
    screen.press(&id("address-button")).await;
    screen.see(&id("address")).await;
    at("addresses", &id("address-add")).await;
    screen.press(&id("address-add")).await;
    screen.see(&id("address-save")).await;
    at("address-form", &id("address-save")).await;
    screen.goto("/orders").await;
    screen.see(".k-empty").await;
    at("orders-empty", ".k-empty button").await;
    screen.goto("/account").await;
    screen.see(&id("me")).await;
    at("account", &id("sign-out")).await;

    customer.visit(restaurant).await;
    at("restaurant", &id("menu-item")).await;
    let dish = dish(&page.menu);
    customer.look_at(dish.id).await;
    at("item", &id("add-to-cart")).await;
    screen.press(&id("add-to-cart")).await;
    at("item-choice-missing", &id("add-to-cart")).await;
    screen.back().await;
    screen.see_no(&id("item-sheet")).await;
    customer.add(dish.id, &fewest_picks(dish), 1).await;
    for item in dishes(&page.menu).filter(|item| item.option_groups.is_empty()).take(2) {
        customer.add(item.id, &[], 2).await;
    }
    at("restaurant-with-cart", &id("menu-item")).await;
    customer.open_cart().await;
    at("cart", &id("to-checkout")).await;
    customer.check_out().await;
    at("checkout", &id("place-order")).await;
    customer.pay(Pay::BadCard).await;
    screen.press(&id("place-order")).await;
    screen.see(&id("card-declined")).await;
    customer.priced().await;
    at("checkout-card-declined", &id("place-order")).await;
    let raise = |menu: &mut momfood_domain::menu::Menu| {
        let mut items = menu.categories.iter_mut().flat_map(|category| &mut category.items);
        items.find(|item| item.id == dish.id).expect("the dish").price += 300;
    };
    stage.api(Role::Restaurant).await.change_menu(raise).await;
    customer.pay(Pay::Card).await;
    screen.press(&id("place-order")).await;
    screen.see(&id("price-changed")).await;
    at("price-changed", &id("agree-price")).await;
    screen.press(&id("agree-price")).await;
    let order = customer.placed().await;
    customer.sees_order("pending").await;
    at("track-pending", &id("cancel")).await;
    screen.press(&id("cancel")).await;
    screen.see(&id("cancel-sheet")).await;
    at("cancel", &id("cancel-yes")).await;
    screen.press(&id("cancel-yes")).await;
    customer.sees_order("cancelled").await;
    screen.see(&id("ended")).await;
    at("track-cancelled", &id("reorder")).await;

    let api = stage.api(Role::Customer).await;
    let owner = stage.api(Role::Restaurant).await;
    let refused = api.place(restaurant).await.id.to_string();
    step(&owner, &refused, "reject", &json!({ "reason": Reason::TooBusy })).await;
    screen.goto(&format!("/orders/{refused}")).await;
    customer.sees_order("rejected").await;
    at("track-rejected", &id("ended")).await;
    let _ = order;
}

async fn step(api: &Api, order: &str, step: &str, body: &Value) {
    let _: Value = api.post(&format!("orders/{order}/{step}"), body).await;
}

/// The work of a kitchen and a driver, and how the customer follows it.
async fn all_three(stage: &Stage, lang: Lang, look: &mut impl AsyncFnMut(Stop<'_>)) {
    let restaurant = stage.city.someone(Role::Restaurant).restaurant_id.expect("a restaurant");
    let customer = stage.browser.screens().into_iter().next().expect("the customer's window");
    let kitchen = open(stage, "kitchen", Size::DESK, lang).await;
    let driver = open(stage, "driver", Size::PHONE, lang).await;
    let mut at = async |screen: &Screen, name, main: &str| {
        let app = match screen.name() {
            "kitchen" => "kitchen",
            "driver" => "driver",
            _ => "customer",
        };
        let main = main.to_owned();
        look(Stop { screen, app, name, main }).await;
    };
    let owner = stage.api(Role::Restaurant).await;
    let api = stage.api(Role::Customer).await;
    let kitchen_desk = momfood_e2e::kitchen::Kitchen { screen: kitchen.clone() };
    let wheel = momfood_e2e::driver::Driver { screen: driver.clone() };

    kitchen.see(&id("sign-in")).await;
    at(&kitchen, "sign-in", &id("sign-in")).await;
    kitchen_desk.sign_in(stage.city.someone(Role::Restaurant)).await;
    at(&kitchen, "board-calm", "nav a").await;
    driver.see(&id("sign-in")).await;
    at(&driver, "sign-in", &id("sign-in")).await;
    wheel.sign_in(stage.city.someone(Role::Driver)).await;
    at(&driver, "off-duty", &id("start-shift")).await;
    wheel.start_shift().await;
    at(&driver, "waiting", &id("end-shift")).await;

    // Three on the board, one that asks.
    let cooking = api.place(restaurant).await.id.to_string();
    step(&owner, &cooking, "accept", &json!({ "prepMinutes": 25 })).await;
    step(&owner, &cooking, "prepare", &json!({})).await;
    let said_yes = api.place(restaurant).await.id.to_string();
    step(&owner, &said_yes, "accept", &json!({ "prepMinutes": 40 })).await;
    kitchen.see(&ticket(&said_yes)).await;
    at(&kitchen, "board", &id("mark-ready")).await;
    kitchen_desk.look_at(&cooking).await;
    at(&kitchen, "order", &id("cancel")).await;
    kitchen.back().await;
    for (button, sheet, name) in [
        ("pause", "pause-sheet", "pause"),
        ("sold-out", "sold-out-sheet", "sold-out"),
        ("all-day", "all-day-sheet", "all-day"),
    ] {
        kitchen.see_no("dialog[open]").await;
        kitchen.press(&id(button)).await;
        kitchen.see(&id(sheet)).await;
        at(&kitchen, name, &format!("{} button", id(sheet))).await;
        kitchen.back().await;
    }
    kitchen.see_no("dialog[open]").await;
    let asking = api.place(restaurant).await.id.to_string();
    kitchen_desk.sees_new_order().await;
    at(&kitchen, "new-order", &id("accept")).await;
    kitchen.press(&id("reject")).await;
    kitchen.see(&id("reject-yes")).await;
    at(&kitchen, "reject", &id("reason-too_busy")).await;
    step(&owner, &asking, "reject", &json!({ "reason": Reason::OutOfStock })).await;
    kitchen.see_no(&id("new-order")).await;

    customer.goto(&format!("/orders/{cooking}")).await;
    let follower = Customer { screen: customer.clone() };
    follower.sees_order("preparing").await;
    at(&customer, "track-preparing", &id("call-restaurant")).await;
    step(&owner, &cooking, "ready", &json!({})).await;
    driver.see(&id("offer")).await;
    at(&driver, "offer", &id("accept-offer")).await;
    kitchen.see(&format!("{}[data-status=ready]", ticket(&cooking))).await;
    at(&kitchen, "board-ready", "nav a").await;
    wheel.accept().await;
    wheel.sees_job("assigned").await;
    at(&driver, "job-assigned", &id("arrive-restaurant")).await;
    follower.screen.see(&id("driver")).await;
    at(&customer, "track-ready", &id("call-restaurant")).await;
    wheel.arrive_at_restaurant().await;
    wheel.sees_job("at_restaurant").await;
    at(&driver, "job-at-restaurant", &id("pick-up")).await;
    driver.press(&id("trouble")).await;
    driver.see(&id("trouble-sheet")).await;
    at(&driver, "trouble", &format!("{} input, {0} button", id("trouble-sheet"))).await;
    driver.back().await;
    driver.see_no(&id("trouble-sheet")).await;
    wheel.pick_up().await;
    wheel.sees_job("picked_up").await;
    at(&driver, "job-picked-up", &id("arrive-customer")).await;
    follower.sees_order("picked_up").await;
    at(&customer, "track-picked-up", &id("call-driver")).await;
    wheel.arrive_at_customer().await;
    wheel.sees_job("at_customer").await;
    at(&driver, "job-at-customer", &id("take-cash")).await;
    driver.press(&id("take-cash")).await;
    driver.see(&id("cash-sheet")).await;
    at(&driver, "cash", &id("deliver")).await;
    driver.slide(&format!("{} {}", id("cash-sheet"), id("deliver"))).await;
    wheel.is_free().await;
    follower.sees_order("delivered").await;
    at(&customer, "track-delivered", "header button").await;
    customer.goto("/orders").await;
    customer.see(&id("order-card")).await;
    at(&customer, "orders", &id("order-card")).await;

    for (path, name, seen) in [("today", "today", "earned"), ("account", "account", "sign-out")] {
        driver.press(&format!("nav a[href$=\"/{path}\"]")).await;
        driver.see(&id(seen)).await;
        at(&driver, name, "nav a").await;
    }
    for (path, name, seen) in [
        ("history", "history", id("past-order")),
        ("menu", "menu", "main".to_owned()),
        ("account", "account", id("sign-out")),
    ] {
        kitchen.press(&format!("nav a[href$=\"/{path}\"]")).await;
        kitchen.see(&seen).await;
        at(&kitchen, name, "nav a").await;
    }
    let _ = cart;
}

fn ticket(order: &str) -> String {
    format!("{}[data-id=\"{order}\"]", id("ticket"))
}
