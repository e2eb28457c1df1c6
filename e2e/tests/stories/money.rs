//! What is between the cart and the order: cards declined, dishes gone, prices changed, one tap too many. The price
//! shown is the price paid; one tap is one order.

use momfood_domain::actor::Role;
use momfood_domain::menu::Availability;
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::PaymentMethod;
use momfood_e2e::api::cart;
use momfood_e2e::customer::{Customer, Pay};
use momfood_e2e::screen::id;
use momfood_e2e::stage::{Stage, tell};
use serde_json::{Value, json};

#[test]
fn a_declined_card_keeps_the_cart_and_cash_pays_instead() {
    tell(async |stage| {
        let customer = stage.customer().await;
        at_checkout(stage, &customer).await;
        customer.pay(Pay::BadCard).await;
        customer.screen.press(&id("place-order")).await;
        customer.screen.see(&id("card-declined")).await;
        customer.pay(Pay::Cash).await;
        customer.priced().await;
        let order = customer.place().await;
        let orders = stage.api(Role::Customer).await.orders().await;
        let pending: Vec<_> = orders
            .iter()
            .filter(|order| order.status == OrderStatus::Pending)
            .collect();
        assert_eq!(pending.len(), 1);
        assert_eq!(pending[0].id.to_string(), order);
        assert_eq!(pending[0].payment.method, PaymentMethod::Cash);
        // What the card did not pay never reached the kitchen.
        let board = stage.api(Role::Restaurant).await.orders().await;
        assert_eq!(board.len(), 1, "{board:?}");
    });
}

#[test]
fn a_dish_sold_out_between_cart_and_order_is_said_and_not_ordered() {
    tell(async |stage| {
        let customer = stage.customer().await;
        at_checkout(stage, &customer).await;
        let restaurant = stage.city.restaurant();
        let page = stage.city.api().restaurant(restaurant).await;
        let dish = cart(&page).lines[0].item_id;
        let owner = stage.api(Role::Restaurant).await;
        let sold_out = json!({ "availability": Availability::SoldOut { until: None } });
        let _: Value = owner
            .put(&format!("kitchen/items/{dish}/availability"), &sold_out)
            .await;
        customer.pay(Pay::Card).await;
        customer.screen.press(&id("place-order")).await;
        customer
            .screen
            .see(&format!("{}[data-code=item_unavailable]", id("problem")))
            .await;
        assert!(stage.api(Role::Customer).await.orders().await.is_empty());
        // The way out: without it the cart is empty.
        customer.screen.press(&format!("{} button", id("problem"))).await;
        customer.screen.see_no(&id("place-order")).await;
    });
}

#[test]
fn a_changed_price_is_asked_about_and_never_charged_silently() {
    tell(async |stage| {
        let customer = stage.customer().await;
        at_checkout(stage, &customer).await;
        let page = stage.city.api().restaurant(stage.city.restaurant()).await;
        let before = stage.api(Role::Customer).await.quote(cart(&page)).await.bill;
        let dish = cart(&page).lines[0].item_id;
        let raise = |menu: &mut momfood_domain::menu::Menu| {
            let mut items = menu
                .categories
                .iter_mut()
                .flat_map(|category| &mut category.items);
            let item = items.find(|item| item.id == dish).expect("the dish");
            item.price += 300;
        };
        stage.api(Role::Restaurant).await.change_menu(raise).await;
        customer.pay(Pay::Card).await;
        customer.screen.press(&id("place-order")).await;
        customer.screen.see(&id("price-changed")).await;
        let api = stage.api(Role::Customer).await;
        assert!(
            api.orders().await.is_empty(),
            "nothing is ordered before it is agreed to"
        );
        customer.screen.press(&id("agree-price")).await;
        let order = customer.placed().await;
        let paid = api.order(&order).await.bill;
        assert!(
            paid.total_amount > before.total_amount,
            "the price agreed to is charged"
        );
        let after = api.quote(cart(&page)).await.bill;
        assert_eq!(paid.total_amount, after.total_amount);
    });
}

#[test]
fn two_taps_are_one_order() {
    tell(async |stage| {
        let customer = stage.customer().await;
        at_checkout(stage, &customer).await;
        customer.pay(Pay::Card).await;
        customer.tap_twice().await;
        let order = customer.placed().await;
        let orders = stage.api(Role::Customer).await.orders().await;
        assert_eq!(orders.len(), 1);
        assert_eq!(orders[0].id.to_string(), order);
    });
}

/// With something in the cart, at checkout.
async fn at_checkout(stage: &Stage, customer: &Customer) {
    let page = stage.city.api().restaurant(stage.city.restaurant()).await;
    customer.fill_cart(stage.city.restaurant(), &cart(&page)).await;
    customer.open_cart().await;
    customer.check_out().await;
}
