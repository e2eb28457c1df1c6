//! When the line to the server is gone: the screens say so, keep what they know, and catch up by themselves.

use momfood_domain::actor::Role;
use momfood_e2e::api::cart;
use momfood_e2e::customer::Pay;
use momfood_e2e::screen::{Screen, id};
use momfood_e2e::stage::tell;

/// The band that says that there is no line.
const OFFLINE: &str = "[data-testid=line]";

#[test]
fn without_a_network_the_screen_says_so_and_catches_up_when_it_is_back() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let restaurant = stage.city.restaurant();
        let page = stage.city.api().restaurant(restaurant).await;
        customer.fill_cart(restaurant, &cart(&page)).await;
        customer.open_cart().await;
        customer.check_out().await;
        customer.pay(Pay::Cash).await;
        let order = customer.place().await;
        customer.sees_order("pending").await;

        stage.wire.cut();
        customer.screen.see(OFFLINE).await;
        let owner = stage.api(Role::Restaurant).await;
        let accepted = serde_json::json!({ "prepMinutes": 20 });
        let _: serde_json::Value = owner.post(&format!("orders/{order}/accept"), &accepted).await;
        // What it shows is what it knew, and it still says that it is old.
        assert!(
            customer
                .screen
                .shows(&format!("{}[data-status=pending]", id("order")))
                .await
        );
        assert!(customer.screen.shows(OFFLINE).await);

        stage.wire.mend();
        customer.sees_order("accepted").await;
        customer.screen.see_no(OFFLINE).await;
    });
}

#[test]
fn an_order_whose_answer_was_lost_is_found_again_and_not_doubled() {
    tell(async |stage| {
        let customer = stage.customer().await;
        let restaurant = stage.city.restaurant();
        let page = stage.city.api().restaurant(restaurant).await;
        customer.fill_cart(restaurant, &cart(&page)).await;
        customer.open_cart().await;
        customer.check_out().await;
        customer.pay(Pay::Card).await;
        let api = stage.api(Role::Customer).await;
        stage.wire.lose_answers();
        customer.screen.press(&id("place-order")).await;
        // The server has it; the customer does not know.
        let arrived = async || (api.orders().await.len() == 1).then_some(());
        customer.screen.until("the order to arrive", arrived).await;
        stage.wire.cut();
        customer.screen.see(&id("placing-checking")).await;
        assert!(
            !customer.screen.shows(&id("order")).await,
            "nothing is claimed that is not known"
        );
        stage.wire.mend();
        let order = customer.placed().await;
        let orders = api.orders().await;
        assert_eq!(orders.len(), 1, "one tap is one order");
        assert_eq!(orders[0].id.to_string(), order);
    });
}

#[test]
fn a_server_that_falls_over_and_comes_back_is_noticed_by_every_screen() {
    tell(async |stage| {
        let kitchen = stage.kitchen().await;
        let customer = stage.customer().await;
        let restaurant = stage.city.restaurant();
        stage.city.kill();
        for screen in stage.browser.screens() {
            screen
                .until("a word about it", async || {
                    says_offline(&screen).await.then_some(())
                })
                .await;
        }
        stage.city.start().await;
        customer.screen.see_no(OFFLINE).await;
        // An order placed right after reaches a kitchen that was not touched since.
        let api = stage.api(Role::Customer).await;
        let order = api.place(restaurant).await;
        kitchen.sees_new_order().await;
        kitchen.accept().await;
        customer.screen.goto(&format!("/orders/{}", order.id)).await;
        customer.sees_order("accepted").await;
    });
}

/// Whether it says so: in a band, or in the kitchen's bar.
async fn says_offline(screen: &Screen) -> bool {
    screen.shows(OFFLINE).await
        || screen
            .shows("[data-testid=connection]:not([data-line=live])")
            .await
}
