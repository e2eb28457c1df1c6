//! A status never goes back, no end is left, and what is late or repeated changes nothing.

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::order::{Command, Order, OrderStatus, Rejection, decide};
use momfood_domain::payment::PaymentStatus;
use proptest::prelude::*;

use crate::history::{Who, stories};

/// Order, payment and delivery, each as far as it has come.
fn ranks(order: &Order) -> (u8, u8, (u32, u8)) {
    let delivery = order.delivery.map_or((0, 0), |d| (d.attempt, d.status.rank()));
    (order.status.rank(), order.payment.status.rank(), delivery)
}

fn went_back(before: &Order, after: &Order) -> bool {
    let (old, new) = (ranks(before), ranks(after));
    new.0 < old.0 || new.1 < old.1 || new.2 < old.2
}

/// Whether an end was left.
fn revived(before: &Order, after: &Order) -> bool {
    let order = before.status.is_end() && after.status != before.status;
    let paid = matches!(
        before.payment.status,
        PaymentStatus::Refunded | PaymentStatus::Failed | PaymentStatus::Voided | PaymentStatus::Reconciled
    );
    let payment = paid && after.payment.status != before.payment.status;
    let delivery = before.delivery.is_some_and(|was| {
        matches!(
            was.status,
            DeliveryStatus::Delivered | DeliveryStatus::Returned | DeliveryStatus::Cancelled
        ) && after
            .delivery
            .is_none_or(|is| is.status != was.status || is.attempt != was.attempt)
    });
    let assignment = before.delivery.zip(after.delivery).is_some_and(|(was, is)| {
        let ended = was.assignment.is_some_and(|a| !a.status.is_open());
        ended && was.attempt == is.attempt && was.assignment != is.assignment
    });
    order || payment || delivery || assignment
}

proptest! {
    #[test]
    fn a_status_never_goes_back(story in stories()) {
        for step in story.play().steps {
            prop_assert!(!went_back(&step.before, &step.after), "{:?}", step);
        }
    }

    #[test]
    fn no_end_is_ever_left(story in stories()) {
        for step in story.play().steps {
            prop_assert!(!revived(&step.before, &step.after), "{:?}", step);
        }
    }

    #[test]
    fn what_was_done_a_moment_ago_changes_nothing_when_done_again_and_is_no_error(story in stories()) {
        for step in story.play().steps {
            if step.outcome.is_err() {
                continue;
            }
            let again = decide(&step.after, &step.command, &step.who.actor(), step.now);
            match step.command {
                // Each is a new wish: a further amount, a further driver.
                Command::Refund { .. } | Command::Offer { .. } => {
                    prop_assert_eq!(again, Err(Rejection::WrongState(step.after.status)));
                }
                _ => prop_assert_eq!(again, Ok(vec![]), "{:?}", step),
            }
        }
    }

    #[test]
    fn a_command_that_arrives_late_never_moves_anything_back(story in stories()) {
        let history = story.play();
        for step in &history.steps {
            let late = decide(&history.order, &step.command, &step.who.actor(), history.now);
            let mut order = history.order.clone();
            for event in late.iter().flatten() {
                order.apply(event);
            }
            prop_assert!(!went_back(&history.order, &order), "{:?}", step.command);
            prop_assert!(!revived(&history.order, &order), "{:?}", step.command);
        }
    }

    #[test]
    fn a_refused_command_changes_nothing(story in stories()) {
        for step in story.play().steps {
            if step.outcome.is_err() || step.outcome == Ok(vec![]) {
                prop_assert_eq!(step.before, step.after);
            }
        }
    }

    #[test]
    fn an_order_expires_only_at_its_deadline_or_after(story in stories()) {
        for step in story.play().steps {
            if step.before.status != OrderStatus::Expired && step.after.status == OrderStatus::Expired {
                let deadline = step.before.accept_by.expect("a pending order has a deadline");
                prop_assert!(step.now >= deadline);
                prop_assert_eq!(step.before.status, OrderStatus::Pending);
                prop_assert_eq!(step.who, Who::System);
            }
        }
    }

    #[test]
    fn a_pending_order_past_its_deadline_expires_when_the_worker_comes(story in stories()) {
        for step in story.play().steps {
            let Some(deadline) = step.after.accept_by else { continue };
            if step.after.status == OrderStatus::Pending {
                let early = decide(&step.after, &Command::Expire, &Who::System.actor(), deadline.plus(-1));
                prop_assert_eq!(early, Ok(vec![]));
                let due = decide(&step.after, &Command::Expire, &Who::System.actor(), deadline);
                prop_assert!(due.is_ok_and(|events| !events.is_empty()));
            }
        }
    }

    #[test]
    fn nobody_accepts_after_the_deadline_whether_or_not_the_worker_has_come(story in stories()) {
        for step in story.play().steps {
            let accepted = step.before.status == OrderStatus::Pending && step.after.status == OrderStatus::Accepted;
            let deadline = step.before.accept_by;
            prop_assert!(!accepted || deadline.is_some_and(|by| step.now <= by), "{:?}", step);
            let accept = Command::Accept { prep_minutes: 20 };
            if step.after.status == OrderStatus::Expired {
                let late = decide(&step.after, &accept, &Who::Kitchen.actor(), step.now);
                prop_assert_eq!(late, Err(Rejection::WrongState(OrderStatus::Expired)));
            }
            if let (OrderStatus::Pending, Some(by)) = (step.after.status, step.after.accept_by) {
                let late = decide(&step.after, &accept, &Who::Kitchen.actor(), by.plus(1));
                prop_assert_eq!(late, Err(Rejection::WrongState(OrderStatus::Expired)));
                let in_time = decide(&step.after, &accept, &Who::Kitchen.actor(), by);
                prop_assert!(in_time.is_ok_and(|events| !events.is_empty()));
            }
        }
    }

    #[test]
    fn preparation_takes_one_to_180_minutes(story in stories(), minutes in any::<u32>()) {
        for step in story.play().steps {
            let accept = Command::Accept { prep_minutes: minutes };
            let outcome = decide(&step.after, &accept, &Who::Kitchen.actor(), step.now);
            if !(1..=180).contains(&minutes) {
                prop_assert!(matches!(outcome, Err(Rejection::PrepMinutes | Rejection::NotFound)));
            }
        }
    }
}
