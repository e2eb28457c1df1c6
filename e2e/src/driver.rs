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

    /// Hands it over; takes all of the cash when there is some to take.
    pub async fn deliver(&self, cash: bool) {
        if cash {
            self.screen.press(&id("take-cash")).await;
            self.screen.see(&id("cash-sheet")).await;
            self.screen
                .slide(&format!("{} {}", id("cash-sheet"), id("deliver")))
                .await;
        } else {
            self.screen.slide(&id("deliver")).await;
        }
    }

    /// Waits for work, with none at hand.
    pub async fn is_free(&self) {
        self.screen.see(&id("waiting")).await;
    }
}

fn job_in(status: &str) -> String {
    format!("{}[data-status=\"{status}\"]", id("job"))
}
