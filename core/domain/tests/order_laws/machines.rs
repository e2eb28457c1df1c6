//! The state machines as the product draws them, written down a second time as tables of edges. Every
//! change of a status that any history produces must be one of them.

use momfood_domain::delivery::{AssignmentStatus as A, DeliveryStatus as D};
use momfood_domain::order::{Order, OrderStatus as O, decide};
use momfood_domain::payment::PaymentStatus as P;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::history::{honest_stories, stories};

const ORDER: &[(O, O)] = &[
    (O::AwaitingPayment, O::Pending),
    (O::Pending, O::Accepted),
    (O::Accepted, O::Preparing),
    (O::Accepted, O::Ready),
    (O::Preparing, O::Ready),
    (O::Ready, O::PickedUp),
    (O::PickedUp, O::Delivered),
    (O::Ready, O::Delivered), // a pick-up order
    (O::AwaitingPayment, O::Cancelled),
    (O::Pending, O::Cancelled),
    (O::Accepted, O::Cancelled),
    (O::Preparing, O::Cancelled),
    (O::Ready, O::Cancelled),
    (O::Pending, O::Rejected),
    (O::Pending, O::Expired),
    (O::PickedUp, O::Failed),
];

const PAYMENT: &[(P, P)] = &[
    (P::Pending, P::Authorized),
    (P::Authorized, P::Captured),
    (P::Captured, P::PartiallyRefunded),
    (P::PartiallyRefunded, P::PartiallyRefunded),
    (P::PartiallyRefunded, P::Refunded),
    (P::Captured, P::Refunded),
    (P::Pending, P::Failed),
    (P::Pending, P::Voided),
    (P::Authorized, P::Voided),
    (P::Due, P::Collected),
    (P::Collected, P::Reconciled),
    (P::Due, P::Voided),
];

const DELIVERY: &[(D, D)] = &[
    (D::Waiting, D::Assigned),
    (D::Assigned, D::AtRestaurant),
    (D::AtRestaurant, D::PickedUp),
    (D::PickedUp, D::AtCustomer),
    (D::AtCustomer, D::Delivered),
    (D::PickedUp, D::Failed),
    (D::AtCustomer, D::Failed),
    (D::Failed, D::Returned),
    (D::Waiting, D::Cancelled),
    (D::Assigned, D::Cancelled),
    (D::AtRestaurant, D::Cancelled),
];

/// A release: back to waiting, but only under the next attempt.
const RELEASE: &[(D, D)] = &[(D::Assigned, D::Waiting), (D::AtRestaurant, D::Waiting)];

const ASSIGNMENT: &[(A, A)] = &[
    (A::Offered, A::Accepted),
    (A::Accepted, A::Completed),
    (A::Offered, A::Declined),
    (A::Offered, A::Expired),
    (A::Accepted, A::Released),
];

fn is_edge<S: Copy + PartialEq>(edges: &[(S, S)], from: S, to: S) -> bool {
    from == to || edges.contains(&(from, to))
}

/// What is wrong with going from `before` to `after` by one event.
fn off_the_map(before: &Order, after: &Order) -> Option<String> {
    if !is_edge(ORDER, before.status, after.status) {
        return Some(format!("order {:?} → {:?}", before.status, after.status));
    }
    if (before.status, after.status) == (O::Ready, O::Delivered) && after.delivery.is_some() {
        return Some("a delivery skipped picked_up".into());
    }
    if !is_edge(PAYMENT, before.payment.status, after.payment.status) {
        return Some(format!(
            "payment {:?} → {:?}",
            before.payment.status, after.payment.status
        ));
    }
    let (old, new) = match (before.delivery, after.delivery) {
        (None, Some(new)) => {
            return (new.status != D::Waiting || new.attempt != 1).then(|| format!("{new:?}"));
        }
        (Some(_), None) => return Some("the delivery is gone".into()),
        (None, None) => return None,
        (Some(old), Some(new)) => (old, new),
    };
    let next_attempt = new.attempt == old.attempt + 1;
    if !next_attempt && new.attempt != old.attempt {
        return Some(format!("attempt {} → {}", old.attempt, new.attempt));
    }
    let released = next_attempt && RELEASE.contains(&(old.status, new.status));
    if !released && !is_edge(DELIVERY, old.status, new.status) {
        return Some(format!("delivery {:?} → {:?}", old.status, new.status));
    }
    let fits = match (old.assignment, new.assignment) {
        (None, None) => true,
        (None, Some(offer)) => offer.status == A::Offered,
        (Some(let_go), None) => released && let_go.status == A::Accepted,
        (Some(last), Some(offer)) if next_attempt => !last.status.is_open() && offer.status == A::Offered,
        (Some(was), Some(is)) => was.driver_id == is.driver_id && is_edge(ASSIGNMENT, was.status, is.status),
    };
    (!fits).then(|| format!("assignment {:?} → {:?}", old.assignment, new.assignment))
}

proptest! {
    #[test]
    fn every_event_is_an_edge_of_the_product_s_machines(story in stories()) {
        for step in story.play().steps {
            let mut order = step.before;
            for event in step.outcome.iter().flatten() {
                let before = order.clone();
                order.apply(event);
                let fault = off_the_map(&before, &order);
                prop_assert_eq!(fault, None, "{:?} by {:?}: {:?}", step.command, step.who, event);
            }
        }
    }

    #[test]
    fn what_was_agreed_never_changes(story in stories()) {
        for step in story.play().steps {
            let was = &story.order;
            let is = &step.after;
            prop_assert_eq!((is.id, is.customer_id, is.restaurant_id), (was.id, was.customer_id, was.restaurant_id));
            prop_assert_eq!((is.total, is.currency, is.fulfilment), (was.total, was.currency, was.fulfilment));
            prop_assert_eq!(is.payment.method, was.payment.method);
        }
    }

    #[test]
    fn deciding_is_pure(story in stories()) {
        for step in story.play().steps {
            let again = decide(&step.before, &step.command, &step.who.actor(), step.now);
            prop_assert_eq!(again, step.outcome);
        }
    }
}

/// The laws are worth as much as the histories: together these walk every edge.
#[test]
fn the_histories_walk_every_edge_of_every_machine() {
    let mut runner = TestRunner::deterministic();
    let (mut orders, mut payments) = (ORDER.to_vec(), PAYMENT.to_vec());
    let (mut deliveries, mut releases, mut assignments) =
        (DELIVERY.to_vec(), RELEASE.to_vec(), ASSIGNMENT.to_vec());
    let strategy = honest_stories();
    for _ in 0..3_000 {
        let story = strategy
            .new_tree(&mut runner)
            .expect("no filter to reject it")
            .current();
        let mut history = story.play();
        history.settle();
        for step in history.steps {
            let mut order = step.before;
            for event in step.outcome.iter().flatten() {
                let before = order.clone();
                order.apply(event);
                orders.retain(|edge| *edge != (before.status, order.status));
                payments.retain(|edge| *edge != (before.payment.status, order.payment.status));
                if let (Some(old), Some(new)) = (before.delivery, order.delivery) {
                    deliveries.retain(|edge| *edge != (old.status, new.status));
                    releases.retain(|edge| *edge != (old.status, new.status));
                    if let (Some(old), Some(new)) = (old.assignment, new.assignment) {
                        assignments.retain(|edge| *edge != (old.status, new.status));
                    }
                }
            }
        }
    }
    assert_eq!((orders, payments), (vec![], vec![]), "edges never walked");
    assert_eq!(
        (deliveries, releases, assignments),
        (vec![], vec![], vec![]),
        "edges never walked"
    );
}
