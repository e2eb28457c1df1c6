//! A walk past every screen of every app, in one language. At each stop somebody looks.

use momfood_domain::actor::Role;
use momfood_domain::id::MenuItemId;
use momfood_domain::menu::Menu;
use momfood_domain::order::Reason;
use momfood_domain::text::Lang;
use momfood_e2e::api::{Api, dish, dishes, fewest_picks};
use momfood_e2e::browser::Browser;
use momfood_e2e::customer::{Customer, Pay};
use momfood_e2e::driver::Driver;
use momfood_e2e::entry;
use momfood_e2e::kitchen::Kitchen;
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
    pub main: &'a str,
}

/// Walks past every screen, in `lang`, and looks at each.
pub async fn walk(stage: &Stage, lang: Lang, look: &mut impl AsyncFnMut(Stop<'_>)) {
    let mut walk = Walk { stage, lang, look };
    let customer = Customer {
        screen: walk.open("customer", Size::PHONE).await,
    };
    walk.as_a_guest(&customer).await;
    walk.at_home(&customer).await;
    walk.choosing(&customer).await;
    walk.ordering(&customer).await;
    let kitchen = Kitchen {
        screen: walk.open("kitchen", Size::DESK).await,
    };
    let driver = Driver {
        screen: walk.open("driver", Size::PHONE).await,
    };
    walk.coming_to_work(&kitchen, &driver).await;
    let order = walk.cooking(&kitchen).await;
    walk.carrying(&order, &customer, &kitchen, &driver).await;
    walk.looking_back(&customer, &kitchen, &driver).await;
    walk.applying().await;
    walk.looking_after().await;
}

/// How large the screen is that an app is mostly used on.
pub fn usual(app: &str) -> Size {
    match app {
        "kitchen" | "admin" => Size::DESK,
        _ => Size::PHONE,
    }
}

struct Walk<'a, L> {
    stage: &'a Stage,
    lang: Lang,
    look: &'a mut L,
}

impl<L: AsyncFnMut(Stop<'_>)> Walk<'_, L> {
    /// Opens an app in the walk's language, as if it had been chosen before.
    async fn open(&self, app: &'static str, size: Size) -> Screen {
        self.open_in(&self.stage.browser, app, size).await
    }

    async fn open_in(&self, browser: &Browser, app: &'static str, size: Size) -> Screen {
        let path = if app == "customer" {
            "/".to_owned()
        } else {
            format!("/{app}/")
        };
        let screen = browser.open(app, size, &path).await;
        screen.stand_at(24.7001, 46.6841).await;
        let keep = "localStorage.setItem(arguments[0], arguments[1])";
        let key = format!("momfood.{app}.lang");
        screen.run(keep, vec![json!(key), json!(self.lang.tag())]).await;
        screen.reload().await;
        screen.see(&format!("html[lang={}]", self.lang.tag())).await;
        screen
    }

    async fn at(&mut self, screen: &Screen, name: &'static str, main: &str) {
        let app = match screen.name() {
            "kitchen" => "kitchen",
            "driver" => "driver",
            "admin" => "admin",
            _ => "customer",
        };
        (self.look)(Stop {
            screen,
            app,
            name,
            main,
        })
        .await;
    }

    async fn as_a_guest(&mut self, customer: &Customer) {
        let screen = &customer.screen;
        screen.see(&id("restaurant-card")).await;
        self.at(screen, "home-guest", &id("restaurant-card")).await;
        screen.write(&format!("{} input", id("search")), "zzzz").await;
        screen.see(&id("no-restaurants")).await;
        let all = format!("{} button", id("no-restaurants"));
        self.at(screen, "home-nothing-found", &all).await;
        screen.goto("/cart").await;
        screen.see(&id("cart-empty")).await;
        self.at(screen, "cart-empty", &format!("{} button", id("cart-empty")))
            .await;
        screen.goto("/nowhere").await;
        screen.see(".k-empty").await;
        self.at(screen, "lost", ".k-empty button").await;
        screen.goto("/sign-in").await;
        entry::by_phone(screen).await;
        screen.see(&id("send-code")).await;
        self.at(screen, "sign-in-by-phone", &id("send-code")).await;
        entry::by_email(screen).await;
        screen.see(&id("sign-in")).await;
        self.at(screen, "sign-in", &id("sign-in")).await;
        screen.press(&id("sign-in")).await;
        screen.see("[aria-invalid=true], [role=alert]").await;
        self.at(screen, "sign-in-wrong", &id("sign-in")).await;
        screen.press(&id("to-sign-up")).await;
        screen.see(&id("send-code")).await;
        self.at(screen, "sign-up", &id("send-code")).await;
        screen.goto("/privacy").await;
        screen.see(".k-prose").await;
        self.at(screen, "privacy-notice", ".k-bar button").await;
    }

    async fn at_home(&mut self, customer: &Customer) {
        let screen = &customer.screen;
        screen.goto("/sign-in").await;
        customer.sign_in(self.stage.city.someone(Role::Customer)).await;
        self.at(screen, "home", &id("restaurant-card")).await;
        screen.press(&id("address-button")).await;
        screen.see(&id("address")).await;
        self.at(screen, "addresses", &id("address-add")).await;
        screen.press(&id("address-add")).await;
        screen.see(&id("address-save")).await;
        self.at(screen, "address-form", &id("address-save")).await;
        screen.goto("/orders").await;
        screen.see(".k-empty").await;
        self.at(screen, "orders-empty", ".k-empty button").await;
        screen.goto("/account").await;
        screen.see(&id("me")).await;
        self.at(screen, "account", &id("sign-out")).await;
        for (place, main) in [
            ("security", "add-totp"),
            ("devices", "sign-in-row"),
            ("privacy", "delete-account"),
        ] {
            screen.goto(&format!("/account/{place}")).await;
            screen.see(&id(main)).await;
            let main = if place == "devices" {
                ".k-bar button".to_owned()
            } else {
                id(main)
            };
            self.at(screen, place, &main).await;
        }
    }

    async fn choosing(&mut self, customer: &Customer) {
        let screen = &customer.screen;
        let restaurant = self.stage.city.restaurant();
        let page = self.stage.city.api().restaurant(restaurant).await;
        customer.visit(restaurant).await;
        self.at(screen, "restaurant", &id("menu-item")).await;
        let dish = dish(&page.menu);
        customer.look_at(dish.id).await;
        self.at(screen, "item", &id("add-to-cart")).await;
        screen.press(&id("add-to-cart")).await;
        self.at(screen, "item-choice-missing", &id("add-to-cart")).await;
        screen.back().await;
        screen.see_no(&id("item-sheet")).await;
        customer.add(dish.id, &fewest_picks(dish), 1).await;
        for item in dishes(&page.menu)
            .filter(|item| item.option_groups.is_empty())
            .take(2)
        {
            customer.add(item.id, &[], 2).await;
        }
        self.at(screen, "restaurant-with-cart", &id("menu-item")).await;
        customer.open_cart().await;
        self.at(screen, "cart", &id("to-checkout")).await;
        customer.check_out().await;
        self.at(screen, "checkout", &id("place-order")).await;
        customer.pay(Pay::BadCard).await;
        screen.press(&id("place-order")).await;
        screen.see(&id("card-declined")).await;
        customer.priced().await;
        self.at(screen, "checkout-card-declined", &id("place-order"))
            .await;
        let owner = self.stage.api(Role::Restaurant).await;
        owner.change_menu(|menu| raise(menu, dish.id)).await;
        customer.pay(Pay::Card).await;
        screen.press(&id("place-order")).await;
        screen.see(&id("price-changed")).await;
        self.at(screen, "price-changed", &id("agree-price")).await;
        screen.press(&id("agree-price")).await;
        customer.placed().await;
    }

    async fn ordering(&mut self, customer: &Customer) {
        let screen = &customer.screen;
        customer.sees_order("pending").await;
        self.at(screen, "track-pending", &id("cancel")).await;
        screen.press(&id("cancel")).await;
        screen.see(&id("cancel-sheet")).await;
        self.at(screen, "cancel", &id("cancel-yes")).await;
        screen.press(&id("cancel-yes")).await;
        customer.sees_order("cancelled").await;
        screen.see(&id("ended")).await;
        self.at(screen, "track-cancelled", &id("reorder")).await;
        let api = self.stage.api(Role::Customer).await;
        let owner = self.stage.api(Role::Restaurant).await;
        let refused = api.place(self.stage.city.restaurant()).await.id.to_string();
        step(&owner, &refused, "reject", &json!({ "reason": Reason::TooBusy })).await;
        screen.goto(&format!("/orders/{refused}")).await;
        customer.sees_order("rejected").await;
        self.at(screen, "track-rejected", &id("reorder")).await;
    }

    async fn coming_to_work(&mut self, kitchen: &Kitchen, driver: &Driver) {
        kitchen.screen.see(&id("sign-in")).await;
        self.at(&kitchen.screen, "sign-in", &id("sign-in")).await;
        kitchen.sign_in(self.stage.city.someone(Role::Restaurant)).await;
        self.at(&kitchen.screen, "board-calm", "nav a").await;
        driver.screen.see(&id("sign-in")).await;
        self.at(&driver.screen, "sign-in", &id("sign-in")).await;
        driver.sign_in(self.stage.city.someone(Role::Driver)).await;
        self.at(&driver.screen, "off-duty", &id("start-shift")).await;
        driver.start_shift().await;
        self.at(&driver.screen, "waiting", &id("end-shift")).await;
    }

    /// Two orders on the board, and one that asks and is refused. Returns the first.
    async fn cooking(&mut self, kitchen: &Kitchen) -> String {
        let screen = &kitchen.screen;
        let restaurant = self.stage.city.restaurant();
        let owner = self.stage.api(Role::Restaurant).await;
        let api = self.stage.api(Role::Customer).await;
        let first = api.place(restaurant).await.id.to_string();
        step(&owner, &first, "accept", &json!({ "prepMinutes": 25 })).await;
        step(&owner, &first, "prepare", &json!({})).await;
        let second = api.place(restaurant).await.id.to_string();
        step(&owner, &second, "accept", &json!({ "prepMinutes": 40 })).await;
        kitchen.sees_ticket(&second, "accepted").await;
        self.at(screen, "board", &id("mark-ready")).await;
        kitchen.look_at(&first).await;
        self.at(screen, "order", &id("cancel")).await;
        screen.back().await;
        for (button, sheet, name) in [
            ("pause", "pause-sheet", "pause"),
            ("sold-out", "sold-out-sheet", "sold-out"),
            ("all-day", "all-day-sheet", "all-day"),
        ] {
            screen.see_no("dialog[open]").await;
            screen.press(&id(button)).await;
            screen.see(&id(sheet)).await;
            self.at(screen, name, &format!("{} button", id(sheet))).await;
            screen.back().await;
        }
        screen.see_no("dialog[open]").await;
        let asking = api.place(restaurant).await.id.to_string();
        kitchen.sees_new_order().await;
        self.at(screen, "new-order", &id("accept")).await;
        screen.press(&id("reject")).await;
        screen.see(&id("reject-yes")).await;
        self.at(screen, "reject", &id("reason-too_busy")).await;
        step(
            &owner,
            &asking,
            "reject",
            &json!({ "reason": Reason::OutOfStock }),
        )
        .await;
        screen.see_no(&id("new-order")).await;
        first
    }

    async fn carrying(&mut self, order: &str, customer: &Customer, kitchen: &Kitchen, driver: &Driver) {
        customer.screen.goto(&format!("/orders/{order}")).await;
        customer.sees_order("preparing").await;
        let call = id("call-restaurant");
        self.at(&customer.screen, "track-preparing", &call).await;
        kitchen.ready(order).await;
        driver.screen.see(&id("offer")).await;
        self.at(&driver.screen, "offer", &id("accept-offer")).await;
        kitchen.sees_ticket(order, "ready").await;
        self.at(&kitchen.screen, "board-ready", "nav a").await;
        driver.accept().await;
        driver.sees_job("assigned").await;
        self.at(&driver.screen, "job-assigned", &id("arrive-restaurant"))
            .await;
        customer.screen.see(&id("driver")).await;
        self.at(&customer.screen, "track-ready", &call).await;
        driver.arrive_at_restaurant().await;
        driver.sees_job("at_restaurant").await;
        self.at(&driver.screen, "job-at-restaurant", &id("pick-up")).await;
        driver.screen.press(&id("trouble")).await;
        driver.screen.see(&id("trouble-sheet")).await;
        self.at(
            &driver.screen,
            "trouble",
            &format!("{} input", id("trouble-sheet")),
        )
        .await;
        driver.screen.back().await;
        driver.screen.see_no(&id("trouble-sheet")).await;
        driver.pick_up().await;
        driver.sees_job("picked_up").await;
        self.at(&driver.screen, "job-picked-up", &id("arrive-customer"))
            .await;
        customer.sees_order("picked_up").await;
        self.at(&customer.screen, "track-picked-up", &id("call-driver"))
            .await;
        driver.arrive_at_customer().await;
        driver.sees_job("at_customer").await;
        self.at(&driver.screen, "job-at-customer", &id("hand-over")).await;
        driver.hand_over().await;
        driver.prove(momfood_e2e::driver::Proving::Nothing).await;
        self.at(&driver.screen, "hand-over", &id("deliver")).await;
        driver.deliver().await;
        driver.is_free().await;
        customer.sees_order("delivered").await;
        self.at(&customer.screen, "track-delivered", "header button")
            .await;
    }

    async fn looking_back(&mut self, customer: &Customer, kitchen: &Kitchen, driver: &Driver) {
        customer.screen.goto("/orders").await;
        customer.screen.see(&id("order-card")).await;
        self.at(&customer.screen, "orders", &id("order-card")).await;
        for (screen, path, seen) in [
            (&driver.screen, "today", id("earned")),
            (&driver.screen, "account", id("sign-out")),
            (&kitchen.screen, "history", id("past-order")),
            (&kitchen.screen, "menu", "main [role=switch]".to_owned()),
            (&kitchen.screen, "account", id("sign-out")),
        ] {
            screen.press(&format!("nav a[href$=\"/{path}\"]")).await;
            screen.see(&seen).await;
            self.at(screen, path, "nav a").await;
        }
    }

    /// Somebody who wants to sell.
    async fn applying(&mut self) {
        let (email, password) = ("salma@stories.momfood.test", "three short words");
        let _ = self.stage.city.api().register(email, password, "سلمى").await;
        let home = self.stage.elsewhere().await;
        let screen = &self.open_in(&home.browser, "kitchen", Size::PHONE).await;
        entry::sign_in(screen, email, password).await;
        screen.see(&id("apply")).await;
        self.at(screen, "apply", &id("apply")).await;
        screen.press(&id("apply")).await;
        screen.see(&id("wizard")).await;
        screen.write(&id("name-ar"), "مطبخ سلمى").await;
        screen.write("input[name=\"district-ar\"]", "الملز").await;
        screen.write(&format!("{} input", id("phone")), "551110088").await;
        self.at(screen, "apply-about", &id("next")).await;
        screen.press(&id("next")).await;
        screen.write(&id("iban"), "SA0380000000608010167518").await;
        self.at(screen, "apply-numbers", &id("next")).await;
        screen.press(&id("next")).await;
        screen.press(&id("submit")).await;
        screen.see(&id("missing")).await;
        self.at(screen, "apply-papers", &id("submit")).await;
    }

    /// Those who run the platform.
    async fn looking_after(&mut self) {
        let screen = &self.open("admin", Size::DESK).await;
        let admin = self.stage.city.someone(Role::Admin);
        screen.see(&format!("{} form", id("entry"))).await;
        self.at(screen, "entry", &id("sign-in")).await;
        entry::sign_in(screen, &admin.email, &admin.password).await;
        let case = format!("{} a", id("case"));
        screen.see(&case).await;
        self.at(screen, "approvals", &case).await;
        screen.press(&case).await;
        screen.see(&id("approve")).await;
        self.at(screen, "case", &id("approve")).await;
        screen.press(&id("refuse")).await;
        screen.see(&id("reason-yes")).await;
        self.at(screen, "case-refused", &id("reason-yes")).await;
        screen.goto("/admin/people").await;
        let sara = self.stage.city.someone(Role::Customer);
        screen.write(&id("people-search"), &sara.email).await;
        let person = format!("{} a", id("person"));
        let found = async || (screen.count(&id("person")).await == 1).then_some(());
        screen.until("only she is found", found).await;
        self.at(screen, "people", &person).await;
        screen.press(&person).await;
        screen.see(&id("suspend")).await;
        self.at(screen, "person", &id("suspend")).await;
        screen.goto("/admin/audit").await;
        screen.see(&id("audit-line")).await;
        self.at(screen, "audit", &id("audit-actor")).await;
    }
}

/// Makes a dish three riyals dearer.
fn raise(menu: &mut Menu, dish: MenuItemId) {
    let mut items = menu
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.items);
    items.find(|item| item.id == dish).expect("the dish").price += 300;
}

async fn step(api: &Api, order: &str, step: &str, body: &Value) {
    let _: Value = api.post(&format!("orders/{order}/{step}"), body).await;
}
