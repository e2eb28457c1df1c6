//! The timeline: what happened and what is to come.

use dioxus::prelude::*;
use momfood_domain::order::OrderStatus;
use momfood_domain::pricing::Fulfilment;
use momfood_kit::prelude::*;
use momfood_protocol::view::{Step, StepKind};

/// The steps of an order that is carried out as planned.
const DELIVERY: [StepKind; 6] = [
    StepKind::Placed,
    StepKind::Accepted,
    StepKind::Preparing,
    StepKind::Ready,
    StepKind::PickedUp,
    StepKind::Delivered,
];
/// The same for one that is fetched.
const PICKUP: [StepKind; 5] = [
    StepKind::Placed,
    StepKind::Accepted,
    StepKind::Preparing,
    StepKind::Ready,
    StepKind::Delivered,
];

/// The timeline of an order.
#[component]
pub fn Steps(
    timeline: Vec<Step>,
    status: OrderStatus,
    fulfilment: Fulfilment,
    /// It is somebody else's.
    #[props(default)]
    shared: bool,
) -> Element {
    let badly = status.is_end() && status != OrderStatus::Delivered;
    let steps = if badly {
        as_it_was(&timeline)
    } else {
        as_planned(&timeline, status, fulfilment, shared)
    };
    rsx! {
        div { class: "k-stack",
            h2 { class: "k-m", {t!("track-steps")} }
            Timeline { steps }
        }
    }
}

/// Every step that was taken; the one that ended it last.
fn as_it_was(timeline: &[Step]) -> Vec<TimelineStep> {
    timeline
        .iter()
        .map(|step| {
            shown(
                *step,
                if ends_badly(step.kind) {
                    StepState::Failed
                } else {
                    StepState::Done
                },
            )
        })
        .collect()
}

/// The steps as planned: those taken, the one under way, those to come. Details go under the step they belong to.
fn as_planned(
    timeline: &[Step],
    status: OrderStatus,
    fulfilment: Fulfilment,
    shared: bool,
) -> Vec<TimelineStep> {
    let plan: &[StepKind] = if fulfilment == Fulfilment::Pickup {
        &PICKUP
    } else {
        &DELIVERY
    };
    let taken = |kind: StepKind| timeline.iter().rev().find(|step| step.kind == kind);
    let last = plan.iter().rposition(|kind| taken(*kind).is_some());
    let done = status == OrderStatus::Delivered;
    plan.iter()
        .enumerate()
        .filter_map(|(index, kind)| {
            let before = last.is_some_and(|last| index <= last);
            // A kitchen may go from accepted to ready at once.
            if before && taken(*kind).is_none() {
                return None;
            }
            let next = last.map_or(0, |last| last + 1);
            let state = if before || done {
                StepState::Done
            } else if index == next {
                StepState::Now
            } else {
                StepState::Later
            };
            let mut step = match taken(*kind) {
                Some(step) => shown(*step, state),
                None => to_come(*kind, state, fulfilment, shared),
            };
            step.detail = detail(timeline, *kind, state);
            Some(step)
        })
        .collect()
}

fn shown(step: Step, state: StepState) -> TimelineStep {
    TimelineStep {
        title: name(step.kind),
        detail: String::new(),
        time: format::time(step.at),
        state,
        icon: icon(step.kind),
    }
}

fn to_come(kind: StepKind, state: StepState, fulfilment: Fulfilment, shared: bool) -> TimelineStep {
    let title = match (kind, state) {
        (StepKind::Accepted, StepState::Now) => t!("step-now-accepted"),
        (StepKind::Preparing, StepState::Now) => t!("step-now-preparing"),
        (StepKind::Ready, StepState::Now) => t!("step-now-ready"),
        (StepKind::PickedUp, _) => t!("step-later-picked-up"),
        (StepKind::Delivered, _) if shared && fulfilment == Fulfilment::Pickup => t!("shared-later-fetched"),
        (StepKind::Delivered, _) if shared => t!("shared-later-delivered"),
        (StepKind::Delivered, _) if fulfilment == Fulfilment::Pickup => t!("step-later-fetched"),
        (StepKind::Delivered, _) => t!("step-later-delivered"),
        (kind, _) => name(kind),
    };
    TimelineStep {
        title,
        detail: String::new(),
        time: String::new(),
        state,
        icon: icon(kind),
    }
}

/// What the driver has done so far belongs under the step it leads to.
fn detail(timeline: &[Step], kind: StepKind, state: StepState) -> String {
    if state == StepState::Done {
        return String::new();
    }
    let newest = |kinds: &[StepKind]| {
        let step = timeline.iter().rev().find(|step| kinds.contains(&step.kind))?;
        Some([name(step.kind), format::time(step.at)].join(" · "))
    };
    match kind {
        StepKind::PickedUp => {
            newest(&[StepKind::DriverAssigned, StepKind::DriverAtRestaurant]).unwrap_or_default()
        }
        StepKind::Delivered => newest(&[StepKind::DriverAtCustomer]).unwrap_or_default(),
        _ => String::new(),
    }
}

const fn ends_badly(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Cancelled | StepKind::Rejected | StepKind::Expired | StepKind::Failed
    )
}

fn name(kind: StepKind) -> String {
    t!(match kind {
        StepKind::Placed => "step-placed",
        StepKind::Accepted => "step-accepted",
        StepKind::Preparing => "step-preparing",
        StepKind::Ready => "step-ready",
        StepKind::DriverAssigned => "step-driver-assigned",
        StepKind::DriverAtRestaurant => "step-driver-at-restaurant",
        StepKind::PickedUp => "step-picked-up",
        StepKind::DriverAtCustomer => "step-driver-at-customer",
        StepKind::Delivered => "step-delivered",
        StepKind::Cancelled => "step-cancelled",
        StepKind::Rejected => "step-rejected",
        StepKind::Expired => "step-expired",
        StepKind::Failed => "step-failed",
        StepKind::Refunded => "step-refunded",
    })
}

const fn icon(kind: StepKind) -> Icon {
    match kind {
        StepKind::Placed => Icon::Receipt,
        StepKind::Accepted => Icon::Chef,
        StepKind::Preparing => Icon::Fire,
        StepKind::Ready => Icon::Bag,
        StepKind::DriverAssigned | StepKind::DriverAtRestaurant | StepKind::PickedUp => Icon::Scooter,
        StepKind::DriverAtCustomer | StepKind::Delivered => Icon::Home,
        StepKind::Cancelled | StepKind::Rejected | StepKind::Expired | StepKind::Failed => Icon::Stop,
        StepKind::Refunded => Icon::Wallet,
    }
}
