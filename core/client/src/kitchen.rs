//! What the kitchen sees and does: the board, its orders, the menu, and a break.

use std::rc::Rc;

use momfood_protocol::engine::{
    AcceptOrder, Board, BumpTicket, Event, HandOver, MarkReady, MenuView, PauseRestaurant, RecallTicket,
    RejectOrder, SaveMenu, SetAvailability, StartPreparing,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::Entity;
use momfood_protocol::mutation::{self, Accept, AtStation, Because, Mutation, Of, Pause};
use momfood_protocol::problem::Problem;
use momfood_protocol::reading;
use momfood_protocol::rest::OwnerMenu;
use momfood_protocol::view::{KitchenSettings, OrderView};

use crate::core::Core;
use crate::http::Spec;
use crate::port::Method;
use crate::session::signed_in;

/// `GetBoard`.
pub(crate) async fn board(core: &Rc<Core>) -> Result<Board, Failure> {
    signed_in(core)?;
    core.filled().await?;
    let restaurant = settings(core)?;
    let mut orders: Vec<OrderView> = core.sync.borrow().shown().scoped().cloned().collect();
    let as_of = core.state.borrow().live.heard();
    orders.sort_by_key(|order| (order.placed_at, order.id));
    let alerts = crate::taps::alerts(core, &orders);
    Ok(Board {
        restaurant,
        orders,
        alerts,
        as_of,
    })
}

pub(crate) fn settings(core: &Core) -> Result<KitchenSettings, Failure> {
    let body = core.sync.borrow().shown().document(Entity::Restaurant).cloned();
    let settings = body.and_then(|body| reading::read(body).ok());
    settings.ok_or_else(|| core.failure(ErrorCode::Protocol))
}

/// `AcceptOrder`.
pub(crate) async fn accept(core: &Rc<Core>, call: AcceptOrder) -> Result<OrderView, Failure> {
    let args = Accept {
        order_id: call.id,
        prep_minutes: call.prep_minutes,
    };
    core.mutate_order(Mutation::AcceptOrder(args)).await
}

/// `RejectOrder`.
pub(crate) async fn reject(core: &Rc<Core>, call: RejectOrder) -> Result<OrderView, Failure> {
    let args = Because {
        order_id: call.id,
        reason: call.reason,
    };
    core.mutate_order(Mutation::RejectOrder(args)).await
}

/// `StartPreparing`.
pub(crate) async fn prepare(core: &Rc<Core>, call: StartPreparing) -> Result<OrderView, Failure> {
    core.mutate_order(Mutation::StartPreparing(Of { order_id: call.id }))
        .await
}

/// `MarkReady`.
pub(crate) async fn ready(core: &Rc<Core>, call: MarkReady) -> Result<OrderView, Failure> {
    core.mutate_order(Mutation::MarkReady(Of { order_id: call.id }))
        .await
}

/// `HandOver`.
pub(crate) async fn hand_over(core: &Rc<Core>, call: HandOver) -> Result<OrderView, Failure> {
    let args = mutation::HandOver {
        order_id: call.id,
        cash: call.cash,
    };
    core.mutate_order(Mutation::HandOver(args)).await
}

/// `BumpTicket`.
pub(crate) async fn bump(core: &Rc<Core>, call: BumpTicket) -> Result<OrderView, Failure> {
    let args = AtStation {
        order_id: call.id,
        station: call.station,
    };
    core.mutate_order(Mutation::BumpTicket(args)).await
}

/// `RecallTicket`.
pub(crate) async fn recall(core: &Rc<Core>, call: RecallTicket) -> Result<OrderView, Failure> {
    let args = AtStation {
        order_id: call.id,
        station: call.station,
    };
    core.mutate_order(Mutation::RecallTicket(args)).await
}

pub(crate) fn known_menu(core: &Core) -> Option<OwnerMenu> {
    let body = core.sync.borrow().shown().document(Entity::Menu).cloned();
    body.and_then(|body| reading::read(body).ok())
}

/// Takes the menu as the server answered it, unless the feed has brought a newer one.
fn put_menu(core: &Core, generation: u32, answer: OwnerMenu) -> MenuView {
    let newest = match known_menu(core) {
        Some(known) if known.rev > answer.rev => known,
        _ => {
            if core.state.borrow().session.generation == generation
                && let Ok(body) = serde_json::to_value(&answer)
            {
                let is_news = core
                    .sync
                    .borrow_mut()
                    .shown_mut()
                    .put_document(Entity::Menu, body);
                if is_news {
                    core.tell(&Event::Menu {});
                }
            }
            // What was tapped here lies over it.
            known_menu(core).unwrap_or(answer)
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
    core.filled().await?;
    let known = known_menu(core);
    if let Some(menu) = known {
        return Ok(MenuView {
            menu: menu.menu,
            rev: menu.rev,
        });
    }
    let menu = core.server::<OwnerMenu>(Spec::get("kitchen/menu")).await?;
    Ok(put_menu(core, generation, menu))
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
    let args = mutation::SetAvailability {
        item_id: call.item_id,
        availability: call.availability,
    };
    core.mutate(Mutation::SetAvailability(args)).await?;
    menu(core).await
}

/// `PauseRestaurant`.
pub(crate) async fn pause(core: &Rc<Core>, call: PauseRestaurant) -> Result<KitchenSettings, Failure> {
    core.mutate(Mutation::Pause(Pause {
        minutes: call.minutes,
    }))
    .await?;
    core.filled().await?;
    settings(core)
}
