//! Orders, as all three apps handle them: one order, and commands on it.

use std::rc::Rc;

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{CancelOrder, GetOrder, OrderTrack};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::rest::{Because, PositionAnswer};
use momfood_protocol::view::OrderView;
use serde::Serialize;

use crate::core::Core;
use crate::http::Spec;
use crate::port::Method;
use crate::session::signed_in;

/// The body of a command that has nothing to say.
#[derive(Serialize)]
pub(crate) struct Empty {}

impl Core {
    /// Takes an order as the server answered it to the session `generation`, and gives what is known of it now:
    /// something newer may have come by the feed already.
    pub fn put_order(&self, generation: u32, view: OrderView, follow: bool) -> OrderView {
        let id = view.id;
        let (newest, event) = {
            let state = &mut *self.state.borrow_mut();
            if state.session.generation != generation {
                return view;
            }
            let event = state.replica.put(view.clone(), follow);
            (state.replica.order(id).cloned().unwrap_or(view), event)
        };
        self.changed(event.into_iter().collect());
        newest
    }

    /// Gives a command on an order, once, however often it has to be sent.
    pub async fn command(
        self: &Rc<Self>,
        id: OrderId,
        verb: &str,
        body: &impl Serialize,
    ) -> Result<OrderView, Failure> {
        let generation = signed_in(self)?;
        let spec = Spec::send(Method::Post, format!("orders/{id}/{verb}"), body).keyed(self.mint());
        match self.server::<OrderView>(spec).await {
            Ok(view) => Ok(self.put_order(generation, view, false)),
            Err(failure) => {
                if matches!(
                    failure.code,
                    ErrorCode::WrongState | ErrorCode::OfferOver | ErrorCode::NotFound
                ) {
                    self.look_again(generation, id);
                }
                Err(failure)
            }
        }
    }

    /// What is shown of an order was not what the server knows: asks for it, unless the feed will tell.
    fn look_again(self: &Rc<Self>, generation: u32, id: OrderId) {
        if self.is_live() && self.state.borrow().replica.follows(id) {
            return;
        }
        let core = Rc::clone(self);
        self.spawn(async move {
            if let Ok(view) = core.fetch_order(id).await {
                core.put_order(generation, view, false);
            }
        });
    }

    /// One order, from the server.
    pub async fn fetch_order(self: &Rc<Self>, id: OrderId) -> Result<OrderView, Failure> {
        self.server(Spec::get(format!("orders/{id}"))).await
    }

    /// One order: what the feed keeps current, else from the server, else what was known of it last.
    pub async fn order(self: &Rc<Self>, id: OrderId) -> Result<OrderView, Failure> {
        let generation = signed_in(self)?;
        let known = {
            let state = self.state.borrow();
            let view = state.replica.order(id).cloned();
            if state.replica.follows(id)
                && state.live.feed.line() == momfood_protocol::engine::Line::Live
                && let Some(view) = view
            {
                return Ok(view);
            }
            view
        };
        match (self.fetch_order(id).await, known) {
            (Ok(view), _) => Ok(self.put_order(generation, view, false)),
            (Err(failure), Some(view)) if failure.code.is_temporary() => Ok(view),
            (Err(failure), _) => Err(failure),
        }
    }
}

/// `GetOrder`.
pub(crate) async fn get(core: &Rc<Core>, call: GetOrder) -> Result<OrderTrack, Failure> {
    let order = core.order(call.id).await?;
    let on_the_way = order.delivery.as_ref().is_some_and(|delivery| {
        matches!(
            delivery.status,
            DeliveryStatus::Assigned
                | DeliveryStatus::AtRestaurant
                | DeliveryStatus::PickedUp
                | DeliveryStatus::AtCustomer
        )
    });
    if !on_the_way {
        return Ok(OrderTrack {
            order,
            position: None,
        });
    }
    let mut position = core.state.borrow().replica.position(call.id);
    if position.is_none() && !core.is_offline() {
        // Not having it is no reason not to show the order.
        let answer = core
            .server::<PositionAnswer>(Spec::get(format!("orders/{}/position", call.id)))
            .await;
        let asked = answer.ok().and_then(|answer| answer.position);
        let newest = core.state.borrow().replica.position(call.id);
        position = newest.or(asked);
    }
    Ok(OrderTrack { order, position })
}

/// `CancelOrder`.
pub(crate) async fn cancel(core: &Rc<Core>, call: CancelOrder) -> Result<OrderView, Failure> {
    core.command(
        call.id,
        "cancel",
        &Because {
            reason: call.reason,
            attempt: None,
        },
    )
    .await
}
