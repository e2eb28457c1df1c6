//! What the driver does now: off duty, waiting, or a job. An offer comes over whatever is shown, except over a door
//! where food is being handed over.

use dioxus::prelude::*;
use momfood_domain::id::OrderId;
use momfood_kit::engine::{Answer, EventKind, use_query};
use momfood_kit::prelude::*;
use momfood_protocol::engine::{DriverHome, GetDriverHome};

use super::job::Job;
use super::offer::Offer;
use super::shift::{OffDuty, Waiting};
use super::stops::Stops;

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
    // Which of several jobs the driver looks at; while that is none of them, the one the engine names first.
    let mut looked_at = use_signal(|| None::<OrderId>);
    let mut handing_over = use_signal(|| false);
    let offered = home.offer.clone().filter(|_| !handing_over());
    let jobs: Vec<_> = home.job.iter().chain(&home.next).cloned().collect();
    let shown = jobs
        .iter()
        .find(|order| Some(order.id) == looked_at())
        .or(jobs.first())
        .cloned();
    rsx! {
        match (shown, home.day.shift) {
            // The key keeps what was typed and taken for one order away from every other.
            (Some(order), _) => rsx! {
                for order in [order] {
                    Job {
                        key: "{order.id}",
                        others: jobs.iter().filter(|other| other.id != order.id).cloned().collect::<Vec<_>>(),
                        stops: rsx! {
                            if jobs.len() > 1 {
                                Stops { shown: order.id, jobs: jobs.clone(), onlook: move |id| looked_at.set(Some(id)) }
                            }
                        },
                        order,
                        onhands: move |full| handing_over.set(full),
                    }
                }
            },
            (None, Some(_)) => rsx! { Waiting { home: home.clone() } },
            (None, None) => rsx! { OffDuty { home: home.clone() } },
        }
        if let Some(order) = offered {
            Offer { key: "{order.id}", order }
        }
    }
}
