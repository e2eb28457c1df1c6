//! Orders that do not arrive: refused, forgotten, called off. Everyone is told, nobody pays, nobody waits on.

use momfood_domain::actor::Role;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::PaymentStatus;
use momfood_e2e::api::cart;
use momfood_e2e::customer::{Customer, Pay};
use momfood_e2e::screen::id;
use momfood_e2e::stage::{Stage, tell};
use serde_json::json;

#[test]
fn a_refused_customer_learns_why_and_that_nothing_was_charged() {
    tell(async |stage| {
        let kitchen = stage.kitchen().await;
        let customer = stage.customer().await;
        let order = order(stage, &customer, Pay::Card).await;
        kitchen.sees_new_order().await;
        let sees = customer.watch_status("rejected").await;
        kitchen.reject("too_busy").await;
        let reject = kitchen.reject_for_good();
        stage
            .ledger
            .note("rejected", &kitchen.screen, reject, &[sees])
            .await;
        customer.screen.see(&id("ended")).await;
        let why = customer.screen.words(&format!("{} p", id("ended"))).await;
        let name = stage
            .city
            .api()
            .restaurant(stage.city.restaurant())
            .await
            .restaurant
            .name;
        assert!(
            why.contains(name.get(momfood_domain::text::Lang::Ar)),
            "says whose fault it was: {why}"
        );
        nothing_is_charged(stage, &customer, &order, OrderStatus::Rejected).await;
        let seen = stage.api(Role::Customer).await.order(&order).await;
        assert_eq!(seen.reason, Some(Reason::TooBusy));
        kitchen.sees_no_ticket(&order).await;
    });
}

#[test]
fn an_order_nobody_answers_expires_and_the_customer_is_told() {
    tell(async |stage| {
        let owner = stage.api(Role::Restaurant).await;
        let limit = json!({ "acceptLimitSeconds": 10 });
        let _: serde_json::Value = owner.patch("kitchen/restaurant", &limit).await;
        let kitchen = stage.kitchen().await;
        let customer = stage.customer().await;
        let order = order(stage, &customer, Pay::Card).await;
        kitchen.sees_new_order().await;
        customer.sees_order("expired").await;
        customer.screen.see(&id("ended")).await;
        nothing_is_charged(stage, &customer, &order, OrderStatus::Expired).await;
        kitchen.screen.see_no(&id("new-order")).await;
        kitchen.sees_no_ticket(&order).await;
    });
}

#[test]
fn a_customer_can_take_back_an_order_the_kitchen_has_not_answered() {
    tell(async |stage| {
        let kitchen = stage.kitchen().await;
        let customer = stage.customer().await;
        let order = order(stage, &customer, Pay::Card).await;
        kitchen.sees_new_order().await;
        customer.cancel().await;
        customer.sees_order("cancelled").await;
        nothing_is_charged(stage, &customer, &order, OrderStatus::Cancelled).await;
        // Nobody cooks it by mistake.
        kitchen.screen.see_no(&id("new-order")).await;
        kitchen.sees_no_ticket(&order).await;
    });
}

#[test]
fn when_the_kitchen_gives_up_the_customer_is_told_and_the_driver_is_free() {
    tell(async |stage| {
        let kitchen = stage.kitchen().await;
        let driver = stage.driver().await;
        driver.start_shift().await;
        let customer = stage.customer().await;
        let order = order(stage, &customer, Pay::Card).await;
        kitchen.sees_new_order().await;
        kitchen.accept().await;
        customer.sees_order("accepted").await;
        kitchen.start(&order).await;
        customer.sees_order("preparing").await;
        // The offer may come only shortly before the food is ready: the driver is put to work through the API's clock.
        let offered = driver.watch_offer().await;
        kitchen.ready(&order).await;
        offered.seen().await;
        driver.accept().await;
        driver.sees_job("assigned").await;
        let sees = [
            customer.watch_status("cancelled").await,
            driver.screen.watch(&id("waiting")).await,
        ];
        kitchen.cancel(&order, "out_of_stock").await;
        let cancel = kitchen.cancel_for_good();
        stage
            .ledger
            .note("cancelled", &kitchen.screen, cancel, &sees)
            .await;
        driver.is_free().await;
        customer.screen.see(&id("ended")).await;
        nothing_is_charged(stage, &customer, &order, OrderStatus::Cancelled).await;
    });
}

/// Orders something.
async fn order(stage: &Stage, customer: &Customer, pay: Pay) -> String {
    let restaurant = stage.city.restaurant();
    let page = stage.city.api().restaurant(restaurant).await;
    customer.fill_cart(restaurant, &cart(&page)).await;
    customer.open_cart().await;
    customer.check_out().await;
    customer.pay(pay).await;
    customer.place().await
}

/// The order ended like this, the money is free, and the customer can read so.
async fn nothing_is_charged(stage: &Stage, customer: &Customer, order: &str, status: OrderStatus) {
    customer.screen.words(&id("money")).await;
    let api = stage.api(Role::Customer).await;
    let free = async || {
        let seen = api.order(order).await;
        assert_eq!(seen.status, status);
        matches!(
            seen.payment.status,
            PaymentStatus::Voided | PaymentStatus::Refunded
        )
        .then_some(())
    };
    customer.screen.until("the card to be released", free).await;
}
