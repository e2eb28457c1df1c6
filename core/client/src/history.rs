//! A customer's orders: the live ones and the pages of those before. The first page is kept, so that an order can be
//! read without a line, also after a restart.

use std::cmp::Reverse;
use std::rc::Rc;

use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{ListOrders, OrderList};
use momfood_protocol::error::Failure;
use momfood_protocol::rest::OrderPage;
use momfood_protocol::view::OrderView;

use crate::core::{Core, read_text};
use crate::http::Spec;
use crate::session::signed_in;

/// Orders on a page.
const PAGE: usize = 20;
/// Where the first page is kept.
const KEPT: &str = "orders";

/// The first page, as the server last gave it.
#[derive(Default)]
pub(crate) struct History {
    first: Option<(Vec<OrderId>, Option<Timestamp>)>,
    /// Whether it is of this run. One kept from earlier may miss what came and ended meanwhile, of which no feed tells.
    asked: bool,
}

/// Takes up the first page of last time.
pub(crate) fn resume(core: &Core) {
    let kept = core.sync.borrow().store().cache().kept(KEPT).ok().flatten();
    let Some(page) = kept.and_then(|kept| read_text::<OrderPage>(&kept.text)) else {
        return;
    };
    let ids = page.orders.iter().map(|view| view.id).collect();
    core.state.borrow_mut().history.first = Some((ids, page.next));
    let sync = &mut *core.sync.borrow_mut();
    for view in page.orders {
        sync.shown_mut().put_aside(view);
    }
}

/// Forgets it.
pub(crate) fn forget(core: &Core) {
    core.state.borrow_mut().history = History::default();
    // What cannot be forgotten now is replaced when the next person looks.
    let _ = core.sync.borrow().store().cache().forget(KEPT);
}

/// `ListOrders`.
pub(crate) async fn list(core: &Rc<Core>, call: ListOrders) -> Result<OrderList, Failure> {
    let generation = signed_in(core)?;
    if call.before.is_none() {
        let first = core.state.borrow().history.first.clone();
        match first {
            // The feed keeps the live ones; what has ended stays as it was.
            Some((ids, next)) if core.is_live() && core.state.borrow().history.asked => {
                return Ok(first_page(core, &ids, next, false));
            }
            Some((ids, next)) if !core.is_live() => return Ok(first_page(core, &ids, next, true)),
            _ => {}
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
            let first = core.state.borrow().history.first.clone();
            let known = first.is_some() || core.sync.borrow().shown().known().next().is_some();
            if !known {
                return Err(failure);
            }
            let (ids, next) = first.unwrap_or_default();
            return Ok(first_page(core, &ids, next, true));
        }
        Err(failure) => return Err(failure),
    };
    let ids: Vec<OrderId> = page.orders.iter().map(|view| view.id).collect();
    let next = page.next;
    if call.before.is_none() && core.state.borrow().session.generation == generation {
        core.state.borrow_mut().history = History {
            first: Some((ids.clone(), next)),
            asked: true,
        };
        if let Ok(text) = serde_json::to_value(&page) {
            // Not keeping it costs no more than a look at it without a line.
            let _ = core
                .sync
                .borrow()
                .store()
                .cache()
                .keep(KEPT, &text.to_string(), core.now());
        }
    }
    let mut orders = Vec::with_capacity(page.orders.len());
    for view in page.orders {
        orders.push(core.put_order(generation, view));
    }
    if call.before.is_some() {
        return Ok(OrderList {
            orders,
            next,
            stale: false,
        });
    }
    Ok(first_page(core, &ids, next, false))
}

fn first_page(core: &Core, ids: &[OrderId], next: Option<Timestamp>, stale: bool) -> OrderList {
    let sync = core.sync.borrow();
    let shown = sync.shown();
    let belongs =
        |view: &&OrderView| ids.is_empty() && stale || ids.contains(&view.id) || shown.follows(view.id);
    let mut orders: Vec<OrderView> = shown.known().filter(belongs).cloned().collect();
    orders.sort_by_key(|view| (view.status.is_end(), Reverse(view.placed_at)));
    OrderList { orders, next, stale }
}
