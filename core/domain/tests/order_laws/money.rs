//! Money adds up, whatever the gateway's answers do on their way.

use momfood_domain::order::{Command, Event, OrderStatus, Reason};
use momfood_domain::payment::{Owed, PaymentMethod, PaymentStatus};
use momfood_domain::pricing::Fulfilment;
use proptest::prelude::*;

use crate::gateway::Gateway;
use crate::history::{History, Who, honest_stories, placed, stories};

/// What the customer owes for calling it off, as the event says.
fn fee(history: &History) -> i64 {
    let events = history
        .steps
        .iter()
        .flat_map(|step| step.outcome.iter().flatten());
    events.fold(0, |sum, event| match event {
        Event::Cancelled { fee, .. } => sum + fee,
        _ => sum,
    })
}

proptest! {
    #[test]
    fn captured_is_never_more_than_authorised_nor_refunds_more_than_captured(story in stories()) {
        for step in story.play().steps {
            let payment = step.after.payment;
            prop_assert!(0 <= payment.refunded && payment.refunded <= payment.captured);
            match payment.method {
                PaymentMethod::Card => prop_assert!(payment.captured <= payment.authorized),
                PaymentMethod::Cash => prop_assert!(payment.captured <= step.after.total),
            }
        }
    }

    #[test]
    fn a_called_off_order_s_money_goes_back_but_for_the_fee(story in honest_stories()) {
        let mut history = story.play();
        history.settle();
        if history.order.status.is_called_off() {
            let payment = &history.order.payment;
            let fee = fee(&history);
            let ended = match payment.status {
                PaymentStatus::Voided | PaymentStatus::Failed | PaymentStatus::Refunded => true,
                PaymentStatus::PartiallyRefunded | PaymentStatus::Captured => fee > 0 && payment.kept() <= fee,
                _ => false,
            };
            prop_assert!(ended, "fee {}: {:?}", fee, payment);
            prop_assert!(!history.gateway.holds());
        }
    }

    #[test]
    fn only_a_customer_who_cancels_an_accepted_card_order_pays_a_fee(story in stories()) {
        for step in story.play().steps {
            for event in step.outcome.iter().flatten() {
                if let Event::Cancelled { fee, .. } = event {
                    let charged = step.who == Who::Customer
                        && step.before.status == OrderStatus::Accepted
                        && step.before.payment.method == PaymentMethod::Card;
                    let policy = step.before.cancel_fee.clamp(0, step.before.total);
                    prop_assert_eq!(*fee, if charged { policy } else { 0 });
                }
            }
        }
    }

    #[test]
    fn the_books_say_what_the_gateway_did(story in honest_stories()) {
        let mut history = story.play();
        history.settle();
        let payment = &history.order.payment;
        prop_assert!(history.gateway.given_back <= history.gateway.taken, "asked to give back more than was taken");
        if payment.method == PaymentMethod::Card {
            prop_assert_eq!(payment.captured, history.gateway.taken);
            prop_assert_eq!(payment.refunded, history.gateway.given_back);
            prop_assert_eq!(payment.status == PaymentStatus::Authorized, history.gateway.holds());
        }
    }

    #[test]
    fn what_is_owed_is_settled_in_the_end_and_settling_again_asks_nothing(story in honest_stories()) {
        let mut history = story.play();
        history.settle();
        prop_assert_eq!(history.order.payment.owed, None);
        let settled = history.order.clone();
        history.settle();
        prop_assert_eq!(history.order, settled);
    }

    #[test]
    fn no_kitchen_sees_a_card_order_before_its_whole_total_was_held(story in stories()) {
        for step in story.play().steps {
            let order = step.after;
            let seen = order.status.rank() >= OrderStatus::Pending.rank() && order.accept_by.is_some();
            if seen && order.payment.method == PaymentMethod::Card {
                prop_assert!(order.payment.authorized >= order.total, "{:?}", order.payment);
            }
        }
    }

    #[test]
    fn an_accepted_card_order_is_paid_or_about_to_be(story in honest_stories()) {
        let mut history = story.play();
        history.settle();
        let order = &history.order;
        let cooked = order.status.is_in_kitchen() || matches!(order.status, OrderStatus::PickedUp | OrderStatus::Delivered);
        if cooked && order.payment.method == PaymentMethod::Card {
            prop_assert_eq!(order.payment.captured, order.total);
        }
    }

    #[test]
    fn cash_is_collected_exactly_when_a_cash_order_is_delivered(story in stories()) {
        for step in story.play().steps {
            let order = step.after;
            let collected = matches!(order.payment.status, PaymentStatus::Collected | PaymentStatus::Reconciled);
            let delivered = order.status == OrderStatus::Delivered;
            prop_assert_eq!(collected, delivered && order.payment.method == PaymentMethod::Cash);
            if order.status == OrderStatus::Failed && order.payment.method == PaymentMethod::Cash {
                prop_assert_eq!(order.payment.status, PaymentStatus::Voided);
            }
        }
    }

    #[test]
    fn the_gateway_is_never_asked_about_cash(story in stories()) {
        for step in story.play().steps {
            if step.after.payment.method == PaymentMethod::Cash {
                prop_assert_eq!(step.after.payment.owed, None);
            }
        }
    }

    #[test]
    fn what_is_owed_fits_where_the_payment_stands(story in stories()) {
        for step in story.play().steps {
            let payment = step.after.payment;
            let fits = match (payment.status, payment.ask()) {
                (_, None)
                | (PaymentStatus::Pending, Some(Owed::Authorize | Owed::Void))
                | (PaymentStatus::Authorized, Some(Owed::Capture | Owed::Void)) => true,
                (PaymentStatus::Captured | PaymentStatus::PartiallyRefunded, Some(Owed::Refund { amount })) => {
                    (1..=payment.kept()).contains(&amount)
                }
                _ => false,
            };
            prop_assert!(fits, "{:?} by {:?}", payment, step.command);
        }
    }
}

/// A card order that the kitchen has accepted; nothing has been asked of the gateway but to hold.
fn accepted(total: i64, cancel_fee: i64) -> History {
    let order = placed(PaymentMethod::Card, Fulfilment::Delivery, total, cancel_fee);
    let mut history = History::new(order, Gateway::good());
    history.settle();
    give(&mut history, Who::Kitchen, Command::Accept { prep_minutes: 20 });
    history
}

fn give(history: &mut History, who: Who, command: Command) {
    let outcome = history.give(who, command);
    assert!(
        outcome.as_ref().is_ok_and(|events| !events.is_empty()),
        "{outcome:?}"
    );
}

const CANCEL: Command = Command::Cancel {
    reason: Reason::ChangedMind,
};

#[test]
fn a_capture_under_way_when_the_order_is_called_off_is_given_back() {
    let mut history = accepted(5_000, 0);
    history.gateway.ask(&history.order.payment.clone());
    history.gateway.hear_all(5_000);
    give(&mut history, Who::Customer, CANCEL);
    assert_eq!(
        history.order.payment.owed,
        Some(Owed::Void),
        "the answer is not here yet"
    );
    history.settle();
    assert_eq!(history.order.payment.status, PaymentStatus::Refunded);
    assert_eq!(
        (history.gateway.taken, history.gateway.given_back),
        (5_000, 5_000)
    );
}

#[test]
fn a_fee_is_kept_by_taking_all_and_giving_back_the_rest() {
    let mut history = accepted(5_000, 1_500);
    give(&mut history, Who::Customer, CANCEL);
    assert_eq!(history.order.payment.ask(), Some(Owed::Capture));
    history.settle();
    assert_eq!(
        (history.gateway.taken, history.gateway.given_back),
        (5_000, 3_500)
    );
    assert_eq!(history.order.payment.kept(), 1_500);
}

#[test]
fn a_fee_of_the_whole_total_is_taken_and_nothing_goes_back() {
    let mut history = accepted(5_000, 9_999);
    give(&mut history, Who::Customer, CANCEL);
    history.settle();
    assert_eq!((history.gateway.taken, history.gateway.given_back), (5_000, 0));
}

#[test]
fn a_refund_under_way_when_the_order_is_called_off_is_not_paid_twice_and_the_rest_follows() {
    let mut history = accepted(5_000, 0);
    history.settle();
    give(&mut history, Who::Support, Command::Refund { amount: 2_000 });
    history.gateway.ask(&history.order.payment.clone());
    history.gateway.hear_all(5_000);
    give(&mut history, Who::Kitchen, CANCEL);
    history.settle();
    assert_eq!(history.order.payment.status, PaymentStatus::Refunded);
    assert_eq!(history.gateway.given_back, 5_000);
}

#[test]
fn what_support_gave_back_before_the_order_was_called_off_counts_and_the_rest_follows() {
    for (who, kept) in [(Who::Kitchen, 0), (Who::Customer, 1_500)] {
        let mut history = accepted(5_000, 1_500);
        history.settle();
        give(&mut history, Who::Support, Command::Refund { amount: 2_000 });
        history.settle();
        give(&mut history, who, CANCEL);
        history.settle();
        assert_eq!(history.order.payment.kept(), kept);
        assert_eq!(history.gateway.given_back, 5_000 - kept);
    }
}

#[test]
fn a_repeated_answer_does_not_pass_for_the_answer_to_the_next_refund() {
    let mut history = accepted(5_000, 0);
    history.settle();
    let refund = Command::Refund { amount: 1_000 };
    give(&mut history, Who::Support, refund.clone());
    history.settle();
    give(&mut history, Who::Support, refund);
    let repeated = Command::Refunded {
        amount: 1_000,
        before: 0,
    };
    assert_eq!(history.give(Who::System, repeated), &Ok(vec![]));
    history.settle();
    assert_eq!(
        (history.order.payment.refunded, history.gateway.given_back),
        (2_000, 2_000)
    );
}

#[test]
fn a_hold_that_lapses_before_it_is_taken_calls_the_order_off() {
    let mut history = accepted(5_000, 0);
    give(&mut history, Who::System, Command::Voided);
    assert_eq!(history.order.status, OrderStatus::Cancelled);
    assert_eq!(history.order.reason, Some(Reason::PaymentDeclined));
    assert_eq!(history.order.payment.status, PaymentStatus::Voided);
}

#[test]
fn a_card_held_for_less_than_the_total_is_let_go_of() {
    let order = placed(PaymentMethod::Card, Fulfilment::Pickup, 5_000, 0);
    let mut history = History::new(order, Gateway::good());
    give(&mut history, Who::System, Command::Authorized { amount: 4_999 });
    assert_eq!(history.order.status, OrderStatus::Cancelled);
    assert_eq!(history.order.payment.owed, Some(Owed::Void));
    assert!(!history.knows(Who::Kitchen));
}

#[test]
fn a_card_authorised_after_the_customer_gave_up_is_let_go_of_and_no_kitchen_hears_of_it() {
    let order = placed(PaymentMethod::Card, Fulfilment::Delivery, 5_000, 0);
    let mut history = History::new(order, Gateway::good());
    history.gateway.ask(&history.order.payment.clone());
    give(&mut history, Who::Customer, CANCEL);
    history.gateway.hear_all(5_000);
    history.settle();
    assert_eq!(history.order.payment.status, PaymentStatus::Voided);
    assert_eq!(history.order.status, OrderStatus::Cancelled);
    assert!(!history.knows(Who::Kitchen) && !history.gateway.holds());
}
