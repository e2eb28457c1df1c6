//! A kitchen: answers every order, mostly with yes, cooks, and gives away what is fetched. It looks at what may be done
//! with an order, so it also goes on with what another run left behind.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use futures::StreamExt as _;
use momfood_client::{Engine, kitchen};
use momfood_domain::id::OrderId;
use momfood_domain::order::Reason;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::text::Lang;
use momfood_protocol::engine::{
    AcceptOrder, Board, Event, GetBoard, HandOver, MarkReady, RejectOrder, StartPreparing,
};
use momfood_protocol::error::ErrorCode;
use momfood_protocol::view::{Action, OrderView};
use rand::Rng as _;
use rand::rngs::StdRng;

use super::{Town, fork, pause, why};
use crate::city::Someone;

/// Of a hundred orders so many are refused.
const REFUSED: u32 = 5;

pub async fn live(town: Rc<Town>, owner: Someone, mut chance: StdRng) {
    // Not all at once: every sign-in costs the server a password check.
    pause(&mut chance, 0.0..8.0).await;
    let Some(engine) = town.engine(kitchen()) else {
        return;
    };
    let mut events = engine.subscribe();
    if town.sign_in(&engine, &owner.email, &mut chance).await.is_none() {
        return;
    }
    let in_hand = Rc::new(RefCell::new(HashSet::new()));
    loop {
        if let Ok(board) = engine.ask(GetBoard {}).await {
            for order in &board.orders {
                if next(order).is_some() && in_hand.borrow_mut().insert(order.id) {
                    let (town, engine, in_hand) = (Rc::clone(&town), engine.clone(), Rc::clone(&in_hand));
                    let (id, chance) = (order.id, fork(&mut chance));
                    tokio::task::spawn_local(async move {
                        work(&town, &engine, id, chance).await;
                        in_hand.borrow_mut().remove(&id);
                    });
                }
            }
        }
        // Something happened; else a look now and then.
        let heard = tokio::time::timeout(std::time::Duration::from_secs(15), async {
            while let Some(event) = events.next().await {
                if matches!(
                    event,
                    Event::NewOrder { .. } | Event::Order { .. } | Event::Connection(_)
                ) {
                    break;
                }
            }
        });
        let _ = heard.await;
        pause(&mut chance, 0.2..0.6).await;
    }
}

/// What the kitchen does next with an order, if anything.
fn next(order: &OrderView) -> Option<Action> {
    use Action::{Accept, HandOver, MarkReady, StartPreparing};
    [Accept, StartPreparing, MarkReady, HandOver]
        .into_iter()
        .find(|action| order.may.contains(action))
}

/// Sees one order through.
async fn work(town: &Town, engine: &Engine, id: OrderId, mut chance: StdRng) {
    loop {
        let Ok(Board {
            orders, restaurant, ..
        }) = engine.ask(GetBoard {}).await
        else {
            return;
        };
        let Some(order) = orders.iter().find(|order| order.id == id) else {
            return;
        };
        let Some(action) = next(order) else { return };
        let name = restaurant.name.get(Lang::En);
        let number = &order.number;
        let (said, done) = match action {
            Action::Accept => {
                pause(&mut chance, 3.0..14.0).await;
                if chance.random_ratio(REFUSED, 100) {
                    let reason = if chance.random_bool(0.5) {
                        Reason::TooBusy
                    } else {
                        Reason::OutOfStock
                    };
                    let words = match reason {
                        Reason::TooBusy => "too busy",
                        _ => "something has run out",
                    };
                    let done = engine.ask(RejectOrder { id, reason }).await;
                    (format!("{name} cannot take {number}: {words}"), done)
                } else {
                    let usual = restaurant.preparation_minutes.clamp(8, 40);
                    let prep_minutes = chance.random_range(usual - 3..=usual + 5);
                    let done = engine.ask(AcceptOrder { id, prep_minutes }).await;
                    (
                        format!(
                            "{name} takes {number}, ready in {prep_minutes} minutes (sooner, in this city)"
                        ),
                        done,
                    )
                }
            }
            Action::StartPreparing => {
                pause(&mut chance, 2.0..7.0).await;
                let done = engine.ask(StartPreparing { id }).await;
                (format!("{name} begins to cook {number}"), done)
            }
            Action::MarkReady => {
                pause(&mut chance, 12.0..40.0).await;
                (
                    format!("{name} has {number} ready"),
                    engine.ask(MarkReady { id }).await,
                )
            }
            _ => {
                pause(&mut chance, 8.0..25.0).await;
                let due = order.payment.cash_due;
                let cash = (order.payment.method == PaymentMethod::Cash && due > 0).then_some(due);
                let done = engine.ask(HandOver { id, cash }).await;
                (
                    format!("{name} hands {number} over to {}", order.customer.name),
                    done,
                )
            }
        };
        match done {
            Ok(_) => town.say(said),
            Err(failure) if failure.code.is_temporary() => {}
            // Called off while the kitchen looked at it.
            Err(failure) if failure.code == ErrorCode::WrongState => return,
            Err(failure) => {
                town.say(format_args!("{name} and {number}: {}", why(&failure)));
                return;
            }
        }
    }
}
