//! What a driver does in the driver's app.

use crate::city::SignIn;
use crate::screen::{Screen, Sight, id};

/// A driver in front of the app.
pub struct Driver {
    /// The window.
    pub screen: Screen,
}

impl Driver {
    /// Signs in.
    pub async fn sign_in(&self, someone: &SignIn) {
        let screen = &self.screen;
        screen.write(&id("email"), &someone.email).await;
        screen.write(&id("password"), &someone.password).await;
        screen.press(&id("sign-in")).await;
        screen.see(&id("start-shift")).await;
    }

    /// Goes on duty and waits for work.
    pub async fn start_shift(&self) {
        self.screen.press(&id("start-shift")).await;
        self.screen.see(&id("waiting")).await;
    }

    /// From now on, notes when an offer is shown.
    pub async fn watch_offer(&self) -> Sight {
        self.screen.watch(&id("offer")).await
    }

    /// Says yes to the offer.
    pub async fn accept(&self) {
        self.screen.press(&id("accept-offer")).await;
    }

    /// Says no to the offer.
    pub async fn decline(&self) {
        self.screen.press(&id("decline-offer")).await;
    }

    /// From now on, notes when the job is in `status`.
    pub async fn watch_job(&self, status: &str) -> Sight {
        self.screen.watch(&job_in(status)).await
    }

    /// Waits until the job is in `status`.
    pub async fn sees_job(&self, status: &str) {
        self.screen.see(&job_in(status)).await;
    }

    /// At the restaurant.
    pub async fn arrive_at_restaurant(&self) {
        self.screen.press(&id("arrive-restaurant")).await;
    }

    /// Has the food.
    pub async fn pick_up(&self) {
        self.screen.slide(&id("pick-up")).await;
    }

    /// At the customer's.
    pub async fn arrive_at_customer(&self) {
        self.screen.press(&id("arrive-customer")).await;
    }

    /// Is about to take all of the cash.
    pub async fn take_cash(&self) {
        self.screen.press(&id("take-cash")).await;
        self.screen.see(&id("cash-sheet")).await;
    }

    /// Hands it over; with cash to take, after [`Self::take_cash`].
    pub async fn deliver(&self) {
        // On the cash sheet, if that is open: it is the one of the two that can be reached.
        let sheet = format!("{} {}", id("cash-sheet"), id("deliver"));
        let slide = if self.screen.shows(&sheet).await {
            sheet
        } else {
            id("deliver")
        };
        self.screen.slide(&slide).await;
    }

    /// Waits for work, with none at hand.
    pub async fn is_free(&self) {
        self.screen.see(&id("waiting")).await;
    }
}

fn job_in(status: &str) -> String {
    format!("{}[data-status=\"{status}\"]", id("job"))
}
