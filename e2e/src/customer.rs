//! What a customer does in the customer's app.

use momfood_domain::id::{MenuItemId, OptionId, RestaurantId};
use serde_json::json;

use crate::api::Api;
use crate::city::SignIn;
use crate::screen::{Screen, Sight, id};

/// How the order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pay {
    /// At the door.
    Cash,
    /// With a card that is accepted.
    Card,
    /// With a card that is declined.
    BadCard,
}

impl Pay {
    const fn testid(self) -> &'static str {
        match self {
            Self::Cash => "pay-cash",
            Self::Card => "pay-card-approved",
            Self::BadCard => "pay-card-declined",
        }
    }
}

/// A customer in front of the app.
pub struct Customer {
    /// The window.
    pub screen: Screen,
}

impl Customer {
    /// Signs in and is home.
    pub async fn sign_in(&self, someone: &SignIn) {
        let screen = &self.screen;
        crate::entry::sign_in(screen, &someone.email, &someone.password).await;
        screen.see(&id("restaurant-card")).await;
    }

    /// Becomes a customer, where the way in is shown. `phone` as typed after +966.
    pub async fn sign_up(&self, api: &Api, first_name: &str, phone: &str) {
        crate::entry::show_code(&self.screen, api, phone).await;
        crate::entry::register(&self.screen, first_name, "الجديدة").await;
    }

    /// Looks for a restaurant by name and goes in.
    pub async fn find(&self, name: &str, restaurant: RestaurantId) {
        let screen = &self.screen;
        screen.write(&format!("{} input", id("search")), name).await;
        let card = format!("{}[data-id=\"{restaurant}\"]", id("restaurant-card"));
        // Only what was looked for is left.
        let alone = async || (screen.count(&id("restaurant-card")).await == 1).then_some(());
        screen.until("only what was looked for", alone).await;
        screen.press(&card).await;
        screen.see(&id("restaurant-head")).await;
    }

    /// Goes straight to a restaurant, by its address.
    pub async fn visit(&self, restaurant: RestaurantId) {
        self.screen.goto(&format!("/restaurants/{restaurant}")).await;
        self.screen.see(&id("menu-item")).await;
    }

    /// Opens a dish of the menu.
    pub async fn look_at(&self, item: MenuItemId) {
        let dish = format!("{}[data-id=\"{item}\"]", id("menu-item"));
        self.screen.press(&dish).await;
        self.screen.see(&id("item-sheet")).await;
    }

    /// Adds some of a dish with these options to the cart.
    pub async fn add(&self, item: MenuItemId, options: &[OptionId], quantity: u32) {
        let screen = &self.screen;
        self.look_at(item).await;
        for option in options {
            let label = format!("{}[data-id=\"{option}\"] label", id("option"));
            screen.press(&label).await;
        }
        for _ in 1..quantity {
            screen.press(".k-sheet-foot .k-stepper button:last-of-type").await;
        }
        screen.press(&id("add-to-cart")).await;
        screen.see_no(&id("item-sheet")).await;
    }

    /// Opens the cart.
    pub async fn open_cart(&self) {
        self.screen
            .press(&format!("{0} button, {0} a", id("cart-bar")))
            .await;
        self.screen.see(&id("cart-line")).await;
    }

    /// Goes on to checkout and waits for the server's price.
    pub async fn check_out(&self) {
        self.screen.press(&id("to-checkout")).await;
        self.priced().await;
    }

    /// Waits until the order could be placed.
    pub async fn priced(&self) {
        self.screen
            .see(&format!("{}:not(:disabled)", id("place-order")))
            .await;
    }

    /// Chooses how to pay.
    pub async fn pay(&self, how: Pay) {
        self.screen.press(&format!("{} label", id(how.testid()))).await;
    }

    /// The amount on the button.
    pub async fn price(&self) -> String {
        self.screen.words(&id("place-order")).await
    }

    /// Places the order; returns its id.
    pub async fn place(&self) -> String {
        self.screen.press(&id("place-order")).await;
        self.placed().await
    }

    /// Waits for the tracking screen; returns the order's id.
    pub async fn placed(&self) -> String {
        self.screen.attribute(&id("order"), "data-id").await
    }

    /// Puts a dish of `restaurant` into the cart and goes to checkout: the shortest way to an order.
    pub async fn fill_cart(&self, restaurant: RestaurantId, cart: &momfood_domain::cart::Cart) {
        self.visit(restaurant).await;
        for line in &cart.lines {
            self.add(line.item_id, &line.option_ids, line.quantity).await;
        }
    }

    /// From now on, notes when the order's status is `status`.
    pub async fn watch_status(&self, status: &str) -> Sight {
        self.screen.watch(&order_in(status)).await
    }

    /// Waits until the order followed is in `status`, and that is no promise of this device's any more: the server said so.
    pub async fn sees_order(&self, status: &str) {
        let confirmed = format!("{}[data-unconfirmed=\"false\"]", order_in(status));
        self.screen.see(&confirmed).await;
    }

    /// Taps the button to place the order twice, as fast as a finger cannot.
    pub async fn tap_twice(&self) {
        let script = "const button = document.querySelector(arguments[0]); button.click(); button.click();";
        self.screen.run(script, vec![json!(id("place-order"))]).await;
    }

    /// Calls the order off.
    pub async fn cancel(&self) {
        self.screen.press(&id("cancel")).await;
        self.screen.press(&id("cancel-yes")).await;
    }
}

fn order_in(status: &str) -> String {
    format!("{}[data-status=\"{status}\"]", id("order"))
}
