//! What the kitchen sees and does: the board, its orders, the menu, and a break.

use std::rc::Rc;

use momfood_protocol::engine::{
    AcceptOrder, Board, Event, HandOver, MarkReady, MenuView, PauseRestaurant, RejectOrder, SaveMenu,
    SetAvailability, StartPreparing,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::problem::Problem;
use momfood_protocol::reading;
use momfood_protocol::rest::{self, Accept, Because, HandedOver, OwnerMenu, Pause};
use momfood_protocol::view::{KitchenSettings, OrderView};

use crate::core::Core;
use crate::http::Spec;
use crate::orders::Empty;
use crate::port::Method;
use crate::session::signed_in;

/// `GetBoard`.
pub(crate) async fn board(core: &Rc<Core>) -> Result<Board, Failure> {
    signed_in(core)?;
    core.filled().await?;
    let state = core.state.borrow();
    let body = state.replica.restaurant.body().cloned();
    let restaurant = body.and_then(|body| reading::read::<KitchenSettings>(body).ok());
    let restaurant = restaurant.ok_or_else(|| Failure::new(ErrorCode::Protocol, state.lang))?;
    let mut orders: Vec<OrderView> = state.replica.scoped().cloned().collect();
    orders.sort_by_key(|order| (order.placed_at, order.id));
    let as_of = state.live.feed.heard_at();
    Ok(Board {
        restaurant,
        orders,
        alerts: Vec::new(),
        as_of,
    })
}

/// `AcceptOrder`.
pub(crate) async fn accept(core: &Rc<Core>, call: AcceptOrder) -> Result<OrderView, Failure> {
    if !momfood_domain::order::PREP_MINUTES.contains(&call.prep_minutes) {
        return Err(core.failure(ErrorCode::PrepMinutes));
    }
    core.command(
        call.id,
        "accept",
        &Accept {
            prep_minutes: call.prep_minutes,
        },
    )
    .await
}

/// `RejectOrder`.
pub(crate) async fn reject(core: &Rc<Core>, call: RejectOrder) -> Result<OrderView, Failure> {
    core.command(
        call.id,
        "reject",
        &Because {
            reason: call.reason,
            attempt: None,
        },
    )
    .await
}

/// `StartPreparing`.
pub(crate) async fn prepare(core: &Rc<Core>, call: StartPreparing) -> Result<OrderView, Failure> {
    core.command(call.id, "prepare", &Empty {}).await
}

/// `MarkReady`.
pub(crate) async fn ready(core: &Rc<Core>, call: MarkReady) -> Result<OrderView, Failure> {
    core.command(call.id, "ready", &Empty {}).await
}

/// `HandOver`.
pub(crate) async fn hand_over(core: &Rc<Core>, call: HandOver) -> Result<OrderView, Failure> {
    core.command(call.id, "hand-over", &HandedOver { cash: call.cash })
        .await
}

fn known_menu(core: &Core) -> Option<OwnerMenu> {
    let body = core.state.borrow().replica.menu.body().cloned();
    body.and_then(|body| reading::read(body).ok())
}

/// Takes the menu as the server answered it, unless the feed has brought a newer one.
fn put_menu(core: &Core, generation: u32, answer: OwnerMenu) -> MenuView {
    let newest = match known_menu(core) {
        Some(known) if known.rev > answer.rev => known,
        _ => {
            let changed = {
                let state = &mut *core.state.borrow_mut();
                let document = &mut state.replica.menu;
                let body = serde_json::to_value(&answer).ok();
                let changes = document.changes();
                state.session.generation == generation
                    && body.is_some_and(|body| document.patch(changes, body))
            };
            if changed {
                core.tell(&Event::Menu {});
            }
            answer
        }
    };
    MenuView {
        menu: newest.menu,
        rev: newest.rev,
    }
}

/// `GetMenu`.
pub(crate) async fn menu(core: &Rc<Core>) -> Result<MenuView, Failure> {
    let generation = signed_in(core)?;
    let known = known_menu(core);
    if core.is_live()
        && let Some(menu) = known
    {
        return Ok(MenuView {
            menu: menu.menu,
            rev: menu.rev,
        });
    }
    match (core.server::<OwnerMenu>(Spec::get("kitchen/menu")).await, known) {
        (Ok(menu), _) => Ok(put_menu(core, generation, menu)),
        (Err(failure), Some(menu)) if failure.code.is_temporary() => Ok(MenuView {
            menu: menu.menu,
            rev: menu.rev,
        }),
        (Err(failure), _) => Err(failure),
    }
}

/// `SaveMenu`.
pub(crate) async fn save_menu(core: &Rc<Core>, call: SaveMenu) -> Result<MenuView, Failure> {
    let generation = signed_in(core)?;
    if let Some(fault) = call.menu.fault() {
        return Err(Problem::from(fault).failure(core.lang()));
    }
    let body = OwnerMenu {
        menu: call.menu,
        rev: call.rev,
    };
    let spec = Spec::send(Method::Put, "kitchen/menu", &body).keyed(core.mint());
    let menu = core.server::<OwnerMenu>(spec).await?;
    Ok(put_menu(core, generation, menu))
}

/// `SetAvailability`.
pub(crate) async fn set_availability(core: &Rc<Core>, call: SetAvailability) -> Result<MenuView, Failure> {
    let generation = signed_in(core)?;
    let body = rest::SetAvailability {
        availability: call.availability,
    };
    let path = format!("kitchen/items/{}/availability", call.item_id);
    let menu = core
        .server::<OwnerMenu>(Spec::send(Method::Put, path, &body).keyed(core.mint()))
        .await?;
    Ok(put_menu(core, generation, menu))
}

/// `PauseRestaurant`.
pub(crate) async fn pause(core: &Rc<Core>, call: PauseRestaurant) -> Result<KitchenSettings, Failure> {
    let generation = signed_in(core)?;
    let changes = core.state.borrow().replica.restaurant.changes();
    let spec = Spec::send(
        Method::Post,
        "kitchen/pause",
        &Pause {
            minutes: call.minutes,
        },
    )
    .keyed(core.mint());
    let settings = core.server::<KitchenSettings>(spec).await?;
    let changed = {
        let state = &mut *core.state.borrow_mut();
        let body = serde_json::to_value(&settings).ok();
        state.session.generation == generation
            && body.is_some_and(|body| state.replica.restaurant.patch(changes, body))
    };
    if changed {
        core.tell(&Event::Restaurant {});
    }
    Ok(settings)
}
