//! Orders, as all three apps handle them: one order, and calling it off.

use std::collections::BTreeSet;
use std::rc::Rc;

use momfood_domain::delivery::DeliveryStatus;
use momfood_domain::id::OrderId;
use momfood_protocol::engine::{CancelOrder, GetOrder, OrderTrack};
use momfood_protocol::error::Failure;
use momfood_protocol::mutation::{Because, Mutation};
use momfood_protocol::rest::PositionAnswer;
use momfood_protocol::view::OrderView;

use crate::core::Core;
use crate::http::Spec;
use crate::session::signed_in;
use crate::sync::Changed;

impl Core {
    /// Takes an order as the server answered it to the session `generation`, and gives what is shown of it now:
    /// something newer may have come by the feed already, and something tapped here may lie over it.
    pub fn put_order(self: &Rc<Self>, generation: u32, view: OrderView) -> OrderView {
        let id = view.id;
        if self.state.borrow().session.generation != generation {
            return view;
        }
        let is_news = self.sync.borrow_mut().shown_mut().put_aside(view.clone());
        if is_news {
            self.changed(&BTreeSet::from([Changed::Order(id)]));
        }
        let shown = self.sync.borrow().shown().order(id).cloned();
        shown.unwrap_or(view)
    }

    /// One order, from the server.
    pub async fn fetch_order(self: &Rc<Self>, id: OrderId) -> Result<OrderView, Failure> {
        self.server(Spec::get(format!("orders/{id}"))).await
    }

    /// One order: what the scopes hold, else from the server, else what was known of it last.
    pub async fn order(self: &Rc<Self>, id: OrderId) -> Result<OrderView, Failure> {
        let generation = signed_in(self)?;
        let known = {
            let sync = self.sync.borrow();
            let view = sync.shown().order(id).cloned();
            if sync.shown().follows(id)
                && let Some(view) = view
            {
                return Ok(view);
            }
            view
        };
        match (self.fetch_order(id).await, known) {
            (Ok(view), _) => Ok(self.put_order(generation, view)),
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
    let mut position = core.state.borrow().live.position(call.id);
    if position.is_none() && !core.is_offline() {
        // Not having it is no reason not to show the order.
        let answer = core
            .server::<PositionAnswer>(Spec::get(format!("orders/{}/position", call.id)))
            .await;
        let asked = answer.ok().and_then(|answer| answer.position);
        let newest = core.state.borrow().live.position(call.id);
        position = newest.or(asked);
    }
    Ok(OrderTrack { order, position })
}

/// `CancelOrder`.
pub(crate) async fn cancel(core: &Rc<Core>, call: CancelOrder) -> Result<OrderView, Failure> {
    let args = Because {
        order_id: call.id,
        reason: call.reason,
    };
    core.mutate_order(Mutation::CancelOrder(args)).await
}

/// `RateOrder`.
#[cfg(feature = "customer")]
pub(crate) async fn rate(
    core: &Rc<Core>,
    call: momfood_protocol::engine::RateOrder,
) -> Result<OrderView, Failure> {
    let args = momfood_protocol::mutation::Rate {
        order_id: call.id,
        stars: call.stars,
        comment: call.comment.filter(|comment| !comment.trim().is_empty()),
    };
    core.mutate_order(Mutation::RateOrder(args)).await
}
