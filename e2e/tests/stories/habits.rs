//! What one expects of any app: it remembers, it goes back, links lead somewhere, it speaks one's language.

use momfood_domain::actor::Role;
use momfood_e2e::api::{cart, dish};
use momfood_e2e::screen::{Size, id};
use momfood_e2e::stage::tell;

#[test]
fn a_reload_keeps_the_session_and_the_cart() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let page = stage.city.api().restaurant(stage.city.restaurant()).await;
        customer.fill_cart(stage.city.restaurant(), &cart(&page)).await;
        let count = customer.screen.attribute(&id("cart-bar"), "data-count").await;
        customer.screen.reload().await;
        assert_eq!(
            customer.screen.attribute(&id("cart-bar"), "data-count").await,
            count
        );
        customer.open_cart().await;
        customer.check_out().await;
        assert!(!customer.screen.shows(&id("sign-in")).await, "still signed in");
    });
}

#[test]
fn the_language_changes_without_a_reload_and_turns_the_page_around() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let page = stage.city.api().restaurant(stage.city.restaurant()).await;
        customer.screen.run("window.__same = true", Vec::new()).await;
        customer.screen.press("nav a[href$=\"/account\"]").await;
        let arabic = customer.screen.words("main").await;
        customer
            .screen
            .press(&format!("{} label:last-of-type", id("language")))
            .await;
        customer.screen.see("html[dir=ltr][lang=en]").await;
        customer
            .screen
            .hear("main", "something else", |words| words != arabic)
            .await;
        customer.screen.press("nav a[href=\"/\"]").await;
        customer.screen.see(&id("restaurant-card")).await;
        let english = page.restaurant.name.get(momfood_domain::text::Lang::En);
        let list = customer.screen.words("main").await;
        assert!(list.contains(english), "names are in English too");
        assert_eq!(
            customer
                .screen
                .run("return window.__same === true", Vec::new())
                .await,
            true,
            "nothing was loaded again"
        );
        customer.screen.reload().await;
        customer.screen.see("html[dir=ltr][lang=en]").await;
    });
}

#[test]
fn a_link_to_an_order_asks_who_one_is_and_leads_to_the_order() {
    tell(async |stage| {
        let api = stage.api(Role::Customer).await;
        let order = api.place(stage.city.restaurant()).await;
        let link = format!("/orders/{}", order.id);
        let screen = stage.browser.open("customer", Size::PHONE, &link).await;
        let someone = stage.city.someone(Role::Customer);
        momfood_e2e::entry::sign_in(&screen, &someone.email, &someone.password).await;
        assert_eq!(
            screen.attribute(&id("order"), "data-id").await,
            order.id.to_string()
        );
        assert_eq!(screen.path().await, link);
    });
}

#[test]
fn someone_elses_order_reads_as_unknown() {
    tell(async |stage| {
        let other = stage
            .city
            .api()
            .register("stranger@stories.momfood.test", "not-a-secret", "غريب")
            .await;
        let _ = other;
        let order = stage
            .api(Role::Customer)
            .await
            .place(stage.city.restaurant())
            .await;
        let link = format!("/orders/{}", order.id);
        let screen = stage.browser.open("stranger", Size::PHONE, &link).await;
        momfood_e2e::entry::sign_in(&screen, "stranger@stories.momfood.test", "not-a-secret").await;
        screen.see(".k-empty").await;
        assert!(!screen.shows(&id("order")).await);
    });
}

#[test]
fn the_back_button_closes_a_sheet_and_not_the_screen() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let restaurant = stage.city.restaurant();
        let page = stage.city.api().restaurant(restaurant).await;
        customer.visit(restaurant).await;
        customer.look_at(dish(&page.menu).id).await;
        customer.screen.back().await;
        customer.screen.see_no(&id("item-sheet")).await;
        assert_eq!(customer.screen.path().await, format!("/restaurants/{restaurant}"));
        // The same with the keyboard.
        customer.look_at(dish(&page.menu).id).await;
        customer.screen.keys("\u{e00c}").await;
        customer.screen.see_no(&id("item-sheet")).await;
        assert_eq!(customer.screen.path().await, format!("/restaurants/{restaurant}"));
    });
}

#[test]
fn someone_new_can_look_around_sign_up_and_order() {
    tell(async |stage| {
        let screen = stage.browser.open("customer", Size::PHONE, "/").await;
        let customer = momfood_e2e::customer::Customer { screen };
        let restaurant = stage.city.restaurant();
        let page = stage.city.api().restaurant(restaurant).await;
        customer.screen.see(&id("restaurant-card")).await;
        customer.fill_cart(restaurant, &cart(&page)).await;
        customer.open_cart().await;
        customer.screen.press(&id("to-checkout")).await;
        customer.sign_up(&stage.city.api(), "أمل", "501234567").await;
        // An address of one's own, written down once.
        customer
            .screen
            .press(&format!("{} button", id("checkout-address")))
            .await;
        customer.screen.press(&id("address-add")).await;
        customer
            .screen
            .write(&id("address-line"), "حي العليا، شارع التحلية، مبنى ١٢")
            .await;
        customer.screen.press(&id("address-save")).await;
        customer.priced().await;
        customer.place().await;
        customer.sees_order("pending").await;
    });
}

#[test]
fn pages_one_has_left_keep_no_line_to_the_server() {
    tell(async |stage| {
        let customer = stage.customer().await;
        // A browser makes six connections to a server; each of these pages had a live one.
        for path in [
            "/orders", "/account", "/cart", "/orders", "/account", "/cart", "/orders",
        ] {
            customer.screen.goto(path).await;
            customer.screen.see("nav.k-nav, header").await;
        }
        let kitchen = stage.kitchen().await;
        let api = stage.api(Role::Customer).await;
        let order = api.place(stage.city.restaurant()).await;
        kitchen.sees_new_order().await;
        // Back to a page from before: it is as true as a new one.
        customer.screen.goto(&format!("/orders/{}", order.id)).await;
        customer.sees_order("pending").await;
        customer.screen.goto("/account").await;
        kitchen.accept().await;
        customer.screen.back().await;
        customer.sees_order("accepted").await;
    });
}
