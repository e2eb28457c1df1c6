//! A customer's orders: the live ones and the pages of those before.

use std::cmp::Reverse;
use std::rc::Rc;

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{Line, ListOrders, OrderList};
use momfood_protocol::error::Failure;
use momfood_protocol::rest::OrderPage;
use momfood_protocol::view::OrderView;

use crate::core::{Core, State};
use crate::http::Spec;
use crate::session::signed_in;

/// Orders on a page.
const PAGE: usize = 20;

/// The first page, as the server last gave it.
#[derive(Default)]
pub(crate) struct History {
    first: Option<(Vec<OrderId>, Option<Timestamp>)>,
}

/// `ListOrders`.
pub(crate) async fn list(core: &Rc<Core>, call: ListOrders) -> Result<OrderList, Failure> {
    let generation = signed_in(core)?;
    if call.before.is_none() {
        let state = core.state.borrow();
        if state.live.feed.line() == Line::Live
            && let Some((ids, next)) = &state.history.first
        {
            // The feed keeps the live ones; what has ended stays as it was.
            return Ok(first_page(&state, ids, *next, false));
        }
    }
    let mut path = format!("orders?limit={PAGE}");
    if let Some(before) = call.before {
        path.push_str("&before=");
        path.push_str(&before.0.to_string());
    }
    let page = match core.server::<OrderPage>(Spec::get(path)).await {
        Ok(page) => page,
        Err(failure) if failure.code.is_temporary() && call.before.is_none() => {
            let state = core.state.borrow();
            let known = state.history.first.is_some() || state.replica.known().next().is_some();
            if !known {
                return Err(failure);
            }
            let (ids, next) = state.history.first.clone().unwrap_or_default();
            return Ok(first_page(&state, &ids, next, true));
        }
        Err(failure) => return Err(failure),
    };
    let ids: Vec<OrderId> = page.orders.iter().map(|view| view.id).collect();
    let mut orders = Vec::with_capacity(page.orders.len());
    for view in page.orders {
        orders.push(core.put_order(generation, view, false));
    }
    if call.before.is_some() {
        return Ok(OrderList {
            orders,
            next: page.next,
            stale: false,
        });
    }
    let state = &mut *core.state.borrow_mut();
    if state.session.generation == generation {
        state.history.first = Some((ids.clone(), page.next));
    }
    Ok(first_page(state, &ids, page.next, false))
}

fn first_page(state: &State, ids: &[OrderId], next: Option<Timestamp>, stale: bool) -> OrderList {
    let belongs = |view: &&OrderView| {
        ids.is_empty() && stale || ids.contains(&view.id) || state.replica.follows(view.id)
    };
    let mut orders: Vec<OrderView> = state.replica.known().filter(belongs).cloned().collect();
    orders.sort_by_key(|view| (view.status.is_end(), Reverse(view.placed_at)));
    OrderList { orders, next, stale }
}
