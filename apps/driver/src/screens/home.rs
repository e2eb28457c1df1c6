//! What the driver does now: off duty, waiting, or a job. An offer comes over whatever is shown.

use dioxus::prelude::*;
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{DriverHome, GetDriverHome};

use super::job::Job;
use super::offer::Offer;
use super::shift::{OffDuty, Waiting};

/// The first screen.
#[component]
pub fn Home() -> Element {
    use_title(t!("driver-title"));
    let home = use_query(|| GetDriverHome {}, &[EventKind::Driver, EventKind::Orders]);
    rsx! {
        AppBar { title: t!("driver-nav-home"), end: rsx! { ConnectionPill {} } }
        main { id: "content", tabindex: "-1", class: "d-main",
            match &*home.read() {
                Answer::Loading => rsx! {
                    div { class: "k-page k-narrow", Skeleton { shape: SkeletonShape::Row, count: 4 } }
                },
                Answer::Failed(failure, None) => rsx! {
                    ErrorState { title: t!("driver-failed"), body: failure.message.clone(), onretry: move |()| home.again() }
                },
                Answer::Ready(home, _) | Answer::Failed(_, Some(home)) => rsx! {
                    Now { home: home.clone() }
                },
            }
        }
    }
}

#[component]
fn Now(home: DriverHome) -> Element {
    let offered = home.offer.clone().filter(|_| home.job.is_none());
    rsx! {
        match (home.job.clone(), home.day.shift) {
            (Some(order), _) => rsx! { Job { key: "{order.id}", order } },
            (None, Some(_)) => rsx! { Waiting { home: home.clone() } },
            (None, None) => rsx! { OffDuty { home: home.clone() } },
        }
        if let Some(order) = offered {
            Offer { key: "{order.id}", order }
        }
    }
}
