//! Order and delivery tell the same story, and one driver at most is on it.

use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::order::{Command, Event, OrderStatus, Rejection, decide};
use momfood_domain::pricing::Fulfilment;
use proptest::prelude::*;

use crate::history::{Who, driver, stories};

proptest! {
    #[test]
    fn a_delivered_order_with_a_delivery_has_that_delivery_delivered(story in stories()) {
        for step in story.play().steps {
            let order = step.after;
            let Some(delivery) = order.delivery else {
                let brought = order.fulfilment == Fulfilment::Delivery;
                let carried = matches!(order.status, OrderStatus::PickedUp | OrderStatus::Delivered | OrderStatus::Failed);
                prop_assert!(!(brought && (carried || order.status.is_in_kitchen())));
                continue;
            };
            prop_assert_eq!(order.fulfilment, Fulfilment::Delivery);
            let fits = match order.status {
                OrderStatus::Accepted | OrderStatus::Preparing | OrderStatus::Ready => delivery.status.is_before_pick_up(),
                OrderStatus::PickedUp => delivery.status.is_carried(),
                OrderStatus::Delivered => delivery.status == DeliveryStatus::Delivered,
                OrderStatus::Failed => matches!(delivery.status, DeliveryStatus::Failed | DeliveryStatus::Returned),
                OrderStatus::Cancelled => delivery.status == DeliveryStatus::Cancelled,
                OrderStatus::AwaitingPayment
                | OrderStatus::Pending
                | OrderStatus::Rejected
                | OrderStatus::Expired => false,
            };
            prop_assert!(fits, "{:?} with {:?}", order.status, delivery);
        }
    }

    #[test]
    fn a_driver_is_at_work_exactly_while_the_delivery_is_under_way(story in stories()) {
        for step in story.play().steps {
            let Some(delivery) = step.after.delivery else { continue };
            let assignment = delivery.assignment.map(|a| a.status);
            let fits = match delivery.status {
                DeliveryStatus::Waiting => !matches!(
                    assignment,
                    Some(AssignmentStatus::Accepted | AssignmentStatus::Completed | AssignmentStatus::Released)
                ),
                DeliveryStatus::Assigned
                | DeliveryStatus::AtRestaurant
                | DeliveryStatus::PickedUp
                | DeliveryStatus::AtCustomer => assignment == Some(AssignmentStatus::Accepted),
                DeliveryStatus::Delivered | DeliveryStatus::Failed | DeliveryStatus::Returned => {
                    assignment == Some(AssignmentStatus::Completed)
                }
                DeliveryStatus::Cancelled => !assignment.is_some_and(AssignmentStatus::is_open),
            };
            prop_assert!(fits, "{:?}", delivery);
        }
    }

    #[test]
    fn at_most_one_assignment_is_open(story in stories()) {
        let mut open = Vec::new();
        for step in story.play().steps {
            for event in step.outcome.iter().flatten() {
                match event {
                    Event::Offered { attempt, .. } => open.push(*attempt),
                    Event::OfferDeclined { attempt }
                    | Event::OfferExpired { attempt }
                    | Event::Released { attempt, .. } => open.retain(|other| other != attempt),
                    Event::Delivered | Event::Failed { .. } | Event::Cancelled { .. } => open.clear(),
                    _ => {}
                }
                prop_assert!(open.len() <= 1, "{:?}", step);
            }
            let now_open = step.after.delivery.filter(|d| d.assignment.is_some_and(|a| a.status.is_open()));
            prop_assert_eq!(now_open.map(|d| d.attempt), open.first().copied());
        }
    }

    #[test]
    fn an_offer_is_taken_up_only_by_the_driver_asked_in_time_and_under_its_number(story in stories()) {
        for step in story.play().steps {
            if matches!(step.outcome.as_deref(), Ok([Event::OfferAccepted { .. }])) {
                let delivery = step.before.delivery.expect("an offer needs a delivery");
                let offer = delivery.assignment.expect("an offer stands");
                prop_assert_eq!(step.who.actor().user, Some(offer.driver_id));
                prop_assert!(step.now <= offer.expires_at);
                prop_assert_eq!(step.command, Command::AcceptOffer { attempt: delivery.attempt });
            }
        }
    }

    #[test]
    fn every_attempt_has_its_own_number(story in stories()) {
        let mut last = 0;
        for step in story.play().steps {
            for event in step.outcome.iter().flatten() {
                if let Event::Offered { attempt, .. } = event {
                    prop_assert_eq!(*attempt, last + 1, "numbers follow one another");
                    last = *attempt;
                }
            }
        }
    }

    #[test]
    fn food_never_picked_up_is_never_handed_over_by_a_driver(story in stories()) {
        let history = story.play();
        let happened: Vec<_> = history.steps.iter().flat_map(|s| s.outcome.iter().flatten()).collect();
        let at = |wanted: &Event| happened.iter().position(|event| *event == wanted);
        if let (Some(delivered), Some(_)) = (at(&Event::Delivered), history.order.delivery) {
            let picked_up = at(&Event::PickedUp);
            prop_assert!(picked_up.is_some_and(|before| before < delivered));
            let was_ready = happened[..delivered].iter().any(|e| matches!(e, Event::Ready { .. }));
            prop_assert!(was_ready);
        }
    }

    #[test]
    fn a_driver_let_go_has_no_further_say(story in stories()) {
        for step in story.play().steps {
            let Some(delivery) = step.after.delivery else { continue };
            for n in 0..3 {
                if delivery.assignment.is_some_and(|a| a.driver_id == driver(n)) {
                    continue;
                }
                for command in [Command::PickUp, Command::Deliver { cash: Some(0) }, Command::AcceptOffer { attempt: delivery.attempt }] {
                    let outcome = decide(&step.after, &command, &Who::Driver(n).actor(), step.now);
                    let refused = matches!(
                        outcome,
                        Err(Rejection::NotFound | Rejection::WrongState(_) | Rejection::OfferOver)
                    );
                    prop_assert!(refused, "{:?}: {:?}", command, outcome);
                }
            }
        }
    }
}
