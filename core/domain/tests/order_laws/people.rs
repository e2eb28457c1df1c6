//! Strangers learn nothing; those who may see an order may do only what is theirs.

use momfood_domain::order::{Command, Order, OrderStatus, Party, Rejection, decide, party};
use momfood_domain::payment::PaymentStatus;
use proptest::prelude::*;

use crate::history::{Who, commands, driver, stories};

/// Who may give a command, as the product has it.
const fn givers(command: &Command) -> &'static [Party] {
    match command {
        Command::Authorized { .. }
        | Command::Declined
        | Command::Captured { .. }
        | Command::Voided
        | Command::Refunded { .. }
        | Command::Expire
        | Command::Offer { .. }
        | Command::ExpireOffer { .. } => &[Party::System],
        Command::Accept { .. }
        | Command::Reject { .. }
        | Command::StartPreparing
        | Command::MarkReady
        | Command::HandOver { .. } => &[Party::Kitchen],
        Command::Cancel { .. } => &[Party::Customer, Party::Kitchen, Party::Staff, Party::System],
        Command::Release { .. } => &[Party::Driver, Party::Staff],
        Command::AcceptOffer { .. }
        | Command::DeclineOffer { .. }
        | Command::ArriveAtRestaurant
        | Command::PickUp
        | Command::ArriveAtCustomer
        | Command::Deliver { .. }
        | Command::FailDelivery { .. }
        | Command::ReturnFood => &[Party::Driver],
        Command::Refund { .. } | Command::ReconcileCash => &[Party::Staff],
    }
}

/// Whether `who` is a stranger to the order, told without asking the code under test.
fn is_stranger(who: Who, order: &Order, let_go: &[(u8, u32)]) -> bool {
    match who {
        Who::OtherCustomer | Who::OtherKitchen => true,
        Who::Kitchen => order.accept_by.is_none(),
        Who::Driver(n) => order.delivery.is_none_or(|delivery| {
            let asked = delivery.assignment.is_some_and(|a| a.driver_id == driver(n));
            let just_let_go = delivery.assignment.is_none() && let_go.contains(&(n, delivery.attempt));
            !asked && !just_let_go
        }),
        Who::Customer | Who::Support | Who::Admin | Who::System => false,
    }
}

proptest! {
    #[test]
    fn strangers_are_told_not_found_and_those_who_know_it_forbidden(story in stories()) {
        let mut let_go = Vec::new();
        for step in story.play().steps {
            let order = &step.after;
            if let Some(momfood_domain::order::Event::Released { attempt, .. }) = step.outcome.iter().flatten().last() {
                let was = step.before.delivery.and_then(|d| d.driver());
                let_go.extend((0..3).filter(|n| was == Some(driver(*n))).map(|n| (n, attempt + 1)));
            }
            let attempt = order.delivery.map_or(1, |d| d.attempt);
            for who in Who::ALL {
                for command in commands(attempt, order.total, driver(0), step.now) {
                    let outcome = decide(order, &command, &who.actor(), step.now);
                    if is_stranger(who, order, &let_go) {
                        prop_assert_eq!(outcome, Err(Rejection::NotFound), "{:?}: {:?}", who, command);
                    } else {
                        prop_assert_ne!(&outcome, &Err(Rejection::NotFound), "{:?}: {:?}", who, command);
                        let party = party(order, &who.actor()).expect("no stranger");
                        let theirs = givers(&command).contains(&party);
                        prop_assert_eq!(outcome == Err(Rejection::Forbidden), !theirs, "{:?}: {:?}", who, command);
                    }
                }
            }
        }
    }

    #[test]
    fn a_kitchen_never_learns_of_an_order_whose_card_was_not_authorised(story in stories()) {
        let mut submitted = story.order.status == OrderStatus::Pending;
        for step in story.play().steps {
            submitted |= step.after.status == OrderStatus::Pending;
            let knows = party(&step.after, &Who::Kitchen.actor()).is_some();
            prop_assert_eq!(knows, submitted);
            if step.after.status == OrderStatus::AwaitingPayment || step.after.payment.status == PaymentStatus::Failed {
                prop_assert!(!knows);
            }
        }
    }

    #[test]
    fn support_and_admin_may_do_the_same(story in stories()) {
        for step in story.play().steps {
            let attempt = step.after.delivery.map_or(1, |d| d.attempt);
            for command in commands(attempt, step.after.total, driver(0), step.now) {
                let [support, admin] = [Who::Support, Who::Admin].map(|who| {
                    decide(&step.after, &command, &who.actor(), step.now).map(|events| events.len())
                });
                prop_assert_eq!(support, admin, "{:?}", command);
            }
        }
    }
}
