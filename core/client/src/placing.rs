//! Placing an order: one tap is one order, whatever the network does.
//!
//! The order's id is minted before the tap and is the mutation's uid: handed in once or ten times, it is one order. A
//! Call waits half a minute for what became of it. After that it is said to be unknown, stays in the vault, and settles
//! itself; it cannot be placed much later, because it carries its own deadline.

use std::rc::Rc;

use futures::future::{Either, select};
use momfood_domain::id::{OrderId, UserId};
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::time::{MINUTE, SECOND};
use momfood_protocol::engine::{Event, NewId, PlaceOrder as PlaceCall};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::PlaceOrder;
use momfood_protocol::sync::MutationStatus;
use momfood_protocol::view::OrderView;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::cart;
use crate::core::Core;
use crate::session::signed_in;

/// Where the order without an answer is kept, beside the vault: that may be in memory only.
const KEPT: &str = "placing";
/// For how long the server may still take the order, microseconds.
const VALID: i64 = 2 * MINUTE;
/// For how long a Call waits, microseconds.
const PATIENCE: i64 = 30 * SECOND;
/// For how long the feed may take to show what was placed, before it is asked for, microseconds.
const SHOWN_SOON: i64 = SECOND / 2;
/// For how long a card may take to answer, microseconds.
const CARD: i64 = 10 * SECOND;

/// An order sent, whose answer is not known.
#[derive(Clone, Serialize, Deserialize)]
struct Sent {
    user: UserId,
    /// The order's id; another one when that was refused before, at another price.
    uid: Uuid,
    body: PlaceOrder,
}

/// Sees to it that what was sent last time and not answered is in the vault, whatever became of that.
pub(crate) fn resume(core: &Rc<Core>) {
    let Some(sent) = core.kept::<Sent>(KEPT) else {
        return;
    };
    let me = core.state.borrow().session.user.as_ref().map(|me| me.id);
    if me != Some(sent.user) {
        return;
    }
    match core.result(sent.uid) {
        Some(_) => settled(core, sent.uid),
        None => {
            // Under its uid it is the same order, if it is there already.
            let _ = core.take(sent.uid, Mutation::PlaceOrder(sent.body));
        }
    }
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
    let (uid, body) = match unanswered(core) {
        // The same tap, or another one on the same price: the same order.
        Some((uid, sent)) if sent.id == call.order_id || sent.quote_id == call.quote_id => (uid, sent),
        // Something else is ordered now. Was the other order placed after all?
        Some((uid, sent)) => match end(core, uid, sent.id).await {
            End::Placed => return placed(core, generation, uid, sent.id).await,
            End::Refused(_) => {
                done(core, uid);
                first(core, call)?
            }
            End::Unknown => return Err(unknown(core, sent.id)),
        },
        None => first(core, call)?,
    };
    let id = body.id;
    if let Some(user) = core.state.borrow().session.user.as_ref().map(|me| me.id) {
        let body = body.clone();
        core.keep(KEPT, Some(&Sent { user, uid, body }));
    }
    core.take(uid, Mutation::PlaceOrder(body))?;
    match end(core, uid, id).await {
        End::Placed => placed(core, generation, uid, id).await,
        End::Refused(failure) => {
            done(core, uid);
            Err(with_new_price(core, failure).await)
        }
        End::Unknown => Err(unknown(core, id)),
    }
}

/// How an order that was sent has ended, as far as is known.
enum End {
    Placed,
    Refused(Failure),
    Unknown,
}

/// Waits for what becomes of it: the feed may show the order before the answer is there.
async fn end(core: &Rc<Core>, uid: Uuid, id: OrderId) -> End {
    let outcome = Box::pin(core.outcome(uid, PATIENCE));
    let shown = Box::pin(core.order_when(id, PATIENCE, |_| true));
    let (outcome, shown) = match select(outcome, shown).await {
        Either::Left((outcome, _)) => (outcome, None),
        Either::Right((shown, _)) => (core.result(uid), shown),
    };
    match (outcome, shown) {
        (Some(settled), _) => match core.judge(&settled) {
            Ok(()) => End::Placed,
            Err(failure) => End::Refused(failure),
        },
        (None, Some(_)) => End::Placed,
        (None, None) => End::Unknown,
    }
}

/// It is not known whether the order was placed: `details.unknown` says so.
fn unknown(core: &Core, id: OrderId) -> Failure {
    core.failure(ErrorCode::Offline)
        .with(json!({ "unknown": true, "orderId": id }))
}

/// The order of who is signed in that waits for its answer.
fn unanswered(core: &Core) -> Option<(Uuid, PlaceOrder)> {
    let vault = core.sync.borrow().vault()?;
    let waiting = vault.waiting(usize::MAX).ok()?;
    waiting.iter().find_map(|tap| match tap.mutation() {
        Ok(Mutation::PlaceOrder(body)) => Some((tap.uid, body)),
        _ => None,
    })
}

fn first(core: &Core, call: PlaceCall) -> Result<(Uuid, PlaceOrder), Failure> {
    let valid_until = core.now().plus(VALID);
    let was_refused = core.result(call.order_id.0).is_some();
    let uid = if was_refused { core.mint() } else { call.order_id.0 };
    let state = core.state.borrow();
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
    Ok((uid, body))
}

/// A price that no longer holds is answered with the one that does, to be agreed to or not.
async fn with_new_price(core: &Rc<Core>, failure: Failure) -> Failure {
    let is_price = matches!(failure.code, ErrorCode::PriceChanged | ErrorCode::QuoteExpired);
    if !is_price || failure.details.get("quote").is_some() {
        return failure;
    }
    match cart::quote(core).await {
        Ok(quote) => failure.with(json!({ "quote": quote })),
        // Why there is no price any more says more than that the old one is over.
        Err(newer) if !newer.code.is_temporary() => newer,
        Err(_) => failure,
    }
}

/// It was placed: shows it, once it is known what its card said. The cart goes with the answer, not before: whoever
/// looks at it until then still sees what they ordered.
async fn placed(core: &Rc<Core>, generation: u32, uid: Uuid, id: OrderId) -> Result<OrderView, Failure> {
    done(core, uid);
    let view = settle(core, generation, id).await?;
    if !was_declined(&view) {
        cart::forget(core);
    }
    Ok(view)
}

/// The order that was placed, once its card has answered, or as it stands when that takes too long.
async fn settle(core: &Rc<Core>, generation: u32, id: OrderId) -> Result<OrderView, Failure> {
    let view = match core.order_when(id, SHOWN_SOON, |_| true).await {
        Some(view) => view,
        None => core.put_order(generation, core.fetch_order(id).await?),
    };
    if view.status != OrderStatus::AwaitingPayment {
        return Ok(view);
    }
    let answered = |view: &OrderView| view.status != OrderStatus::AwaitingPayment;
    match core.order_when(id, CARD, answered).await {
        Some(view) => Ok(view),
        None => Ok(core.put_order(generation, core.fetch_order(id).await?)),
    }
}

fn was_declined(view: &OrderView) -> bool {
    view.status == OrderStatus::Cancelled && view.reason == Some(Reason::PaymentDeclined)
}

/// What became of it is known, and its person has heard it.
fn done(core: &Core, uid: Uuid) {
    core.look_at(uid);
    if core.kept::<Sent>(KEPT).is_some_and(|sent| sent.uid == uid) {
        core.keep::<Sent>(KEPT, None);
    }
    core.tell_connection();
}

/// What became of a mutation nobody waits for any more is known: was it an order?
pub(crate) fn settled(core: &Rc<Core>, uid: Uuid) {
    let Some(vault) = core.sync.borrow().vault() else {
        return;
    };
    let Ok(Some(tap)) = vault.find(uid) else { return };
    let Ok(Mutation::PlaceOrder(PlaceOrder { id, .. })) = tap.mutation() else {
        return;
    };
    let Some(end) = tap.result else { return };
    if core.kept::<Sent>(KEPT).is_some_and(|sent| sent.uid == uid) {
        core.keep::<Sent>(KEPT, None);
    }
    if end.status != MutationStatus::Applied {
        // The cart is there to try again; the refusal waits to be looked at.
        return;
    }
    let Ok(generation) = signed_in(core) else { return };
    let task = Rc::clone(core);
    core.spawn(async move {
        // Without a line to ask by, it was placed all the same.
        let declined = settle(&task, generation, id)
            .await
            .is_ok_and(|view| was_declined(&view));
        if !declined {
            cart::forget(&task);
        }
        task.tell(&Event::Order { id });
    });
}

impl Core {
    /// An order as it is shown, once `is_it` what is waited for, if that is within `micros`.
    async fn order_when(
        self: &Rc<Self>,
        id: OrderId,
        micros: i64,
        is_it: impl Fn(&OrderView) -> bool,
    ) -> Option<OrderView> {
        let shown = || {
            let known = self.sync.borrow();
            known.shown().order(id).filter(|view| is_it(view)).cloned()
        };
        if let Some(view) = shown() {
            return Some(view);
        }
        let mut events = {
            let (tell, told) = futures::channel::mpsc::unbounded();
            self.hearers.borrow_mut().push(tell);
            told
        };
        let here = Box::pin(async {
            use futures::StreamExt as _;
            while let Some(event) = events.next().await {
                if event == (Event::Order { id }) && shown().is_some() {
                    return;
                }
            }
        });
        let late = Box::pin(self.sleep_micros(micros));
        let _ = select(here, late).await;
        shown()
    }
}
