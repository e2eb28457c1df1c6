//! What the kitchen's people do in the kitchen's app.

use crate::city::SignIn;
use crate::screen::{Screen, Sight, id};

/// Somebody in front of the kitchen's screen.
pub struct Kitchen {
    /// The window.
    pub screen: Screen,
}

impl Kitchen {
    /// Signs in and sees the board.
    pub async fn sign_in(&self, someone: &SignIn) {
        let screen = &self.screen;
        crate::entry::sign_in(screen, &someone.email, &someone.password).await;
        screen.see(&id("board")).await;
    }

    /// From now on, notes when a new order takes the screen.
    pub async fn watch_new_order(&self) -> Sight {
        self.screen.watch(&id("new-order")).await
    }

    /// Waits until a new order takes the screen.
    pub async fn sees_new_order(&self) {
        self.screen.see(&id("new-order")).await;
    }

    /// Says yes to the order that takes the screen, in the minutes suggested.
    pub async fn accept(&self) {
        self.screen.press(&id("accept")).await;
    }

    /// Is about to say no to it, because of `reason`.
    pub async fn reject(&self, reason: &str) {
        self.screen.press(&id("reject")).await;
        self.screen.press(&id(&format!("reason-{reason}"))).await;
    }

    /// Says so, after [`Self::reject`].
    pub async fn reject_for_good(&self) {
        self.screen.press(&id("reject-yes")).await;
    }

    /// Starts cooking.
    pub async fn start(&self, order: &str) {
        self.press_deed(order, "start-preparing").await;
    }

    /// It can be fetched.
    pub async fn ready(&self, order: &str) {
        self.press_deed(order, "mark-ready").await;
    }

    /// Opens an order's sheet.
    pub async fn look_at(&self, order: &str) {
        self.screen
            .press(&format!("{} {}", ticket(order), id("order-more")))
            .await;
        self.screen.see(&id("order-sheet")).await;
    }

    async fn press_deed(&self, order: &str, deed: &str) {
        self.screen
            .press(&format!("{} {}", ticket(order), id(deed)))
            .await;
    }

    /// Is about to call an order off after having said yes to it.
    pub async fn cancel(&self, order: &str, reason: &str) {
        self.look_at(order).await;
        self.screen.press(&id("cancel")).await;
        self.screen.press(&id(&format!("reason-{reason}"))).await;
    }

    /// Says so, after [`Self::cancel`].
    pub async fn cancel_for_good(&self) {
        self.screen.press(&id("cancel-yes")).await;
    }

    /// Waits until the ticket of `order` is in `status`.
    pub async fn sees_ticket(&self, order: &str, status: &str) {
        let ticket = ticket(order);
        self.screen
            .see(&format!("{ticket}[data-status=\"{status}\"]"))
            .await;
    }

    /// From now on, notes when the ticket of `order` is in `status`.
    pub async fn watch_ticket(&self, order: &str, status: &str) -> Sight {
        let ticket = ticket(order);
        self.screen
            .watch(&format!("{ticket}[data-status=\"{status}\"]"))
            .await
    }

    /// From now on, notes when the ticket of `order` has left the board.
    pub async fn watch_gone(&self, order: &str) -> Sight {
        self.screen
            .watch(&format!("{}:not(:has({}))", id("board"), ticket(order)))
            .await
    }

    /// Waits until the ticket of `order` has left the board.
    pub async fn sees_no_ticket(&self, order: &str) {
        self.screen.see_no(&ticket(order)).await;
    }
}

fn ticket(order: &str) -> String {
    format!("{}[data-id=\"{order}\"]", id("ticket"))
}
