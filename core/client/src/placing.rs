//! Placing an order: one tap is one order, whatever the network does.
//!
//! The order's id is minted before the tap and is the request's idempotency key; a repeated tap sends the very same
//! bytes. A request that got no answer within half a minute may still have arrived: it is remembered, also over a
//! restart, and settled as soon as the server can be asked. It cannot arrive much later: it carries its own deadline.

use std::rc::Rc;

use momfood_domain::id::{OrderId, UserId};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::{MINUTE, SECOND};
use momfood_protocol::engine::{NewId, PlaceOrder as PlaceCall};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::PlaceOrder;
use momfood_protocol::view::OrderView;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cart;
use crate::core::Core;
use crate::http::{Patience, Spec};
use crate::port::Method;
use crate::session::signed_in;

/// Where the order without an answer is kept.
const KEPT: &str = "placing";
/// For how long the server may still take the order.
const VALID: i64 = 2 * MINUTE;

/// An order sent, whose answer is not known.
#[derive(Clone, Serialize, Deserialize)]
struct Sent {
    user: UserId,
    body: PlaceOrder,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Placing {
    sent: Option<Sent>,
    /// Whether it was given up for now, and is to be settled.
    unsettled: bool,
    settling: bool,
}

impl Placing {
    /// Whether an order was sent of which it is not known whether it was placed.
    pub const fn is_unsettled(&self) -> bool {
        self.unsettled
    }
}

/// Takes up what was not settled last time.
pub(crate) fn resume(core: &Rc<Core>) {
    let sent = core.kept::<Sent>(KEPT);
    let placing = &mut core.state.borrow_mut().placing;
    placing.unsettled = sent.is_some();
    placing.sent = sent;
}

/// `NewOrderId`.
pub(crate) fn new_id(core: &Core) -> NewId {
    NewId {
        id: OrderId(core.mint()),
    }
}

/// `PlaceOrder`.
pub(crate) async fn place(core: &Rc<Core>, call: PlaceCall) -> Result<OrderView, Failure> {
    let generation = signed_in(core)?;
    let sent = match unanswered(core) {
        // The same tap, or another one on the same price: the same bytes go again.
        Some(sent) if sent.body.id == call.order_id || sent.body.quote_id == call.quote_id => sent,
        // Something else is ordered now. Was the other order placed after all?
        Some(sent) => match core.fetch_order(sent.body.id).await {
            Ok(view) => return Ok(placed(core, generation, view)),
            Err(failure) if failure.code == ErrorCode::NotFound => {
                done(core, sent.body.id);
                first(core, call)?
            }
            Err(_) => return Err(unknown(core, &sent)),
        },
        None => first(core, call)?,
    };
    core.keep(KEPT, Some(&sent));
    core.state.borrow_mut().placing.sent = Some(sent.clone());
    let spec = Spec::send(Method::Post, "orders", &sent.body)
        .keyed(sent.body.id.0)
        .patience(Patience::Placing);
    match core.server::<OrderView>(spec).await {
        Ok(view) => Ok(placed(core, generation, view)),
        Err(failure) if is_unknown(failure.code) => {
            let known = core.state.borrow().replica.order(sent.body.id).cloned();
            if let Some(view) = known {
                // The feed has told it meanwhile.
                return Ok(placed(core, generation, view));
            }
            unsettled(core, true);
            settle(core);
            Err(unknown(core, &sent))
        }
        Err(failure) => {
            done(core, sent.body.id);
            Err(failure)
        }
    }
}

/// Whether a request that failed so may have been carried out. A session that ended while it was repeated, or an
/// answer this version cannot read, say nothing about the first attempt either.
const fn is_unknown(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Offline
            | ErrorCode::TryAgain
            | ErrorCode::Internal
            | ErrorCode::Protocol
            | ErrorCode::Unauthenticated
            | ErrorCode::SessionRevoked
            | ErrorCode::TokenInvalid
            | ErrorCode::TokenExpired
    )
}

/// It is not known whether the order was placed: `details.unknown` says so.
fn unknown(core: &Core, sent: &Sent) -> Failure {
    core.failure(ErrorCode::Offline)
        .with(json!({ "unknown": true, "orderId": sent.body.id }))
}

/// The order of who is signed in that was sent and not answered.
fn unanswered(core: &Core) -> Option<Sent> {
    let state = core.state.borrow();
    let me = state.session.user.as_ref()?.id;
    state.placing.sent.clone().filter(|sent| sent.user == me)
}

fn first(core: &Core, call: PlaceCall) -> Result<Sent, Failure> {
    let valid_until = core.now().plus(VALID);
    let state = core.state.borrow();
    let Some(me) = &state.session.user else {
        return Err(Failure::new(ErrorCode::Unauthenticated, state.lang));
    };
    let address = match state.cart.fulfilment() {
        Fulfilment::Pickup => None,
        Fulfilment::Delivery => {
            let chosen = state.catalog.chosen_address();
            Some(
                chosen
                    .ok_or_else(|| Problem::invalid("address").failure(state.lang))?
                    .clone(),
            )
        }
    };
    let body = PlaceOrder {
        id: call.order_id,
        quote_id: call.quote_id,
        payment_method: call.payment_method,
        card_token: call.card_token,
        address,
        note: call.note.filter(|note| !note.trim().is_empty()),
        valid_until: Some(valid_until),
    };
    Ok(Sent { user: me.id, body })
}

fn placed(core: &Rc<Core>, generation: u32, view: OrderView) -> OrderView {
    done(core, view.id);
    cart::forget(core);
    core.put_order(generation, view, true)
}

/// The answer for `id` is known.
fn done(core: &Core, id: OrderId) {
    let mine = {
        let placing = &mut core.state.borrow_mut().placing;
        let mine = placing.sent.as_ref().is_some_and(|sent| sent.body.id == id);
        if mine {
            placing.sent = None;
        }
        mine
    };
    if mine {
        core.keep::<Sent>(KEPT, None);
        unsettled(core, false);
    }
}

fn unsettled(core: &Core, is: bool) {
    let changed = {
        let placing = &mut core.state.borrow_mut().placing;
        std::mem::replace(&mut placing.unsettled, is) != is
    };
    if changed {
        core.tell_connection();
    }
}

/// The server can be asked again: was the order placed?
pub(crate) fn settle(core: &Rc<Core>) {
    let sent = {
        let state = &mut *core.state.borrow_mut();
        let me = state.session.user.as_ref().map(|me| me.id);
        match state.placing.sent.clone() {
            Some(sent) if state.placing.unsettled && !state.placing.settling && me == Some(sent.user) => {
                state.placing.settling = true;
                sent
            }
            _ => return,
        }
    };
    let core = Rc::clone(core);
    let host = Rc::clone(&core.ports.host);
    host.spawn(Box::pin(async move {
        settle_now(&core, &sent).await;
        core.state.borrow_mut().placing.settling = false;
    }));
}

async fn settle_now(core: &Rc<Core>, sent: &Sent) {
    let Ok(generation) = signed_in(core) else { return };
    loop {
        if !core.state.borrow().placing.is_unsettled() || signed_in(core) != Ok(generation) {
            return;
        }
        let last_time = sent
            .body
            .valid_until
            .is_none_or(|until| core.now() > until.plus(5 * SECOND));
        match core.fetch_order(sent.body.id).await {
            Ok(view) => {
                placed(core, generation, view);
                return;
            }
            // Nor will it be any more: its time is over.
            Err(failure) if failure.code == ErrorCode::NotFound && last_time => {
                done(core, sent.body.id);
                return;
            }
            // It may be on its way yet, or the server cannot be asked.
            Err(_) => core.sleep_micros(10 * SECOND).await,
        }
    }
}
