//! What a driver does in the driver's app.

use crate::browser::Kind;
use crate::city::SignIn;
use crate::screen::{Screen, Sight, id};

/// How a driver shows that it was handed over.
#[derive(Clone, Copy, Debug)]
pub enum Proving<'a> {
    /// With the customer's code.
    Code(&'a str),
    /// With a photo.
    Photo(&'a std::path::Path),
    /// Not at all.
    Nothing,
}

/// A driver in front of the app.
pub struct Driver {
    /// The window.
    pub screen: Screen,
}

impl Driver {
    /// Signs in.
    pub async fn sign_in(&self, someone: &SignIn) {
        let screen = &self.screen;
        crate::entry::sign_in(screen, &someone.email, &someone.password).await;
        screen.see(&id("start-shift")).await;
    }

    /// Goes on duty and waits for work.
    pub async fn start_shift(&self) {
        self.screen.press(&id("start-shift")).await;
        if self.screen.kind() == Kind::Apps {
            // Without a receiver a driver points at the map, which begins in the middle of the city.
            self.screen.press(&id("start-here")).await;
        }
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

    /// At the door: takes what cash is due, exactly, and is about to show that it was handed over.
    pub async fn hand_over(&self) {
        self.screen.press(&id("hand-over")).await;
        self.screen.see(&id("hand-over-sheet")).await;
    }

    /// Shows it by `way`, on the sheet of [`Self::hand_over`].
    pub async fn prove(&self, way: Proving<'_>) {
        let screen = &self.screen;
        let place = match way {
            Proving::Code(_) => 1,
            Proving::Photo(_) => 2,
            Proving::Nothing => 4,
        };
        screen
            .press(&format!("{} label:nth-of-type({place})", id("proof-kind")))
            .await;
        match way {
            Proving::Code(code) => {
                screen.press(&id("proof-code")).await;
                screen.keys(code).await;
            }
            Proving::Photo(file) => {
                screen.choose(&id("photo-input"), file).await;
                screen.see(&format!("{}[data-state=kept]", id("photo"))).await;
            }
            Proving::Nothing => {}
        }
        screen.see(&format!("{}[data-ready=true]", id("deliver"))).await;
    }

    /// Slides it out of hand.
    pub async fn deliver(&self) {
        self.screen.slide(&id("deliver")).await;
    }

    /// Turns to that order, of several on one trip.
    pub async fn turn_to(&self, order: &str) {
        self.screen
            .press(&format!("{}[data-order=\"{order}\"]", id("stop")))
            .await;
        self.screen
            .see(&format!("{}[data-order=\"{order}\"]", id("job")))
            .await;
    }

    /// Waits for work, with none at hand.
    pub async fn is_free(&self) {
        self.screen.see(&id("waiting")).await;
    }
}

fn job_in(status: &str) -> String {
    format!("{}[data-status=\"{status}\"]", id("job"))
}
