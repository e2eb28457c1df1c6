//! The cart: kept on the device, priced by the same code the server runs, from the menu as last seen. The server's
//! quote is the truth; this is what is shown until it is there.

use std::rc::Rc;

use momfood_domain::cart::{Cart, MAX_LINES, MAX_QUANTITY};
use momfood_domain::id::RestaurantId;
use momfood_domain::menu::{Availability, Menu};
use momfood_domain::pricing::{Bill, CartProblem, Fulfilment, Terms, price};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{
    AddToCart, CartView, Event, Reorder, ReorderView, SetCart, SetCartLine, SetFulfilment, SetTip,
};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{Quote, QuoteRequest, RestaurantPage};
use momfood_protocol::view::Opening;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::catalog;
use crate::core::{Core, State};
use crate::http::{Patience, Spec};
use crate::port::Method;
use crate::session::signed_in;

/// Where the cart is kept.
const KEPT: &str = "cart";

/// The cart and what is known of its restaurant.
#[derive(Serialize, Deserialize)]
pub(crate) struct CartState {
    cart: Option<Cart>,
    fulfilment: Fulfilment,
    name: Option<LocalizedText>,
    picture: Option<String>,
    #[serde(skip)]
    menu_asked: bool,
}

impl Default for CartState {
    fn default() -> Self {
        Self {
            cart: None,
            fulfilment: Fulfilment::Delivery,
            name: None,
            picture: None,
            menu_asked: false,
        }
    }
}

impl CartState {
    /// Brought or fetched.
    pub const fn fulfilment(&self) -> Fulfilment {
        self.fulfilment
    }

    /// Whose food it holds.
    pub fn restaurant(&self) -> Option<RestaurantId> {
        self.cart.as_ref().map(|cart| cart.restaurant_id)
    }
}

/// Takes up the cart of last time.
pub(crate) fn resume(core: &Core) {
    core.state.borrow_mut().cart = core.kept::<CartState>(KEPT).unwrap_or_default();
}

/// Empties the cart.
pub(crate) fn forget(core: &Core) {
    core.state.borrow_mut().cart = CartState::default();
    core.keep::<CartState>(KEPT, None);
    core.tell(&Event::Cart {});
}

/// `GetCart`.
pub(crate) fn get(core: &Rc<Core>) -> CartView {
    know_menu(core);
    view(core)
}

/// Sees to it that the menu of the cart's restaurant is known, so that it can be priced.
fn know_menu(core: &Rc<Core>) {
    let id = {
        let state = &mut *core.state.borrow_mut();
        match state.cart.restaurant() {
            Some(id) if state.catalog.page(id).is_none() && !state.cart.menu_asked => {
                state.cart.menu_asked = true;
                id
            }
            _ => return,
        }
    };
    let task = Rc::clone(core);
    core.spawn(async move {
        let fetched = catalog::fetch(&task, id).await.is_ok();
        task.state.borrow_mut().cart.menu_asked = false;
        if fetched {
            sign(&task);
        }
    });
}

/// Remembers the name and picture of the cart's restaurant, for when its menu cannot be had.
fn sign(core: &Core) {
    let state = &mut *core.state.borrow_mut();
    if let Some((name, picture)) = state.cart.restaurant().and_then(|id| state.catalog.sign(id)) {
        state.cart.name = Some(name);
        state.cart.picture = picture;
    }
}

/// Changes the cart, keeps it and tells the screens.
fn change(core: &Rc<Core>, change: impl FnOnce(&mut CartState)) -> CartView {
    {
        let cart = &mut core.state.borrow_mut().cart;
        let before = cart.restaurant();
        change(cart);
        if cart.cart.as_ref().is_some_and(|cart| cart.lines.is_empty()) {
            cart.cart = None;
        }
        if cart.restaurant() != before {
            cart.name = None;
            cart.picture = None;
        }
    }
    sign(core);
    {
        let state = core.state.borrow();
        core.keep(KEPT, Some(&state.cart));
    }
    core.tell(&Event::Cart {});
    get(core)
}

fn view(core: &Core) -> CartView {
    let now = core.now();
    let state = core.state.borrow();
    let CartState {
        cart,
        fulfilment,
        name,
        picture,
        ..
    } = &state.cart;
    let (bill, problem) = match cart
        .as_ref()
        .and_then(|cart| state.catalog.page(cart.restaurant_id))
    {
        Some(page) => predict(&state, page, now),
        None => (None, None),
    };
    CartView {
        cart: cart.clone(),
        restaurant: name.clone(),
        picture: picture.clone(),
        count: cart.as_ref().map_or(0, Cart::count),
        fulfilment: *fulfilment,
        bill,
        problem: problem.map(|problem| problem.failure(state.lang)),
        conflict: None,
    }
}

/// What the server will say, as far as can be known here.
fn predict(state: &State, page: &RestaurantPage, now: Timestamp) -> (Option<Bill>, Option<Problem>) {
    let Some(cart) = &state.cart.cart else {
        return (None, None);
    };
    let terms = &page.restaurant.terms;
    let distance = match state.cart.fulfilment {
        Fulfilment::Pickup => None,
        // Without an address yet: the least it can be.
        Fulfilment::Delivery => {
            let point = state.catalog.chosen_point();
            Some(point.map_or(0, |point| page.restaurant.point.distance_m(point)))
        }
    };
    let closed = not_taking_orders(page, now);
    match price(&page.menu, cart, terms, distance, now) {
        Ok(bill) => (Some(bill), closed),
        Err(problem) => {
            let bill = price_what_can_be(&page.menu, cart, terms, distance, now, problem);
            (
                bill,
                closed.or_else(|| Some(Problem::of_cart(problem, &page.menu))),
            )
        }
    }
}

fn not_taking_orders(page: &RestaurantPage, now: Timestamp) -> Option<Problem> {
    if let Opening::Paused { until } = page.restaurant.opening
        && until.is_none_or(|until| now < until)
    {
        let details = until.map_or(Value::Null, |until| json!({ "until": until }));
        return Some(Problem {
            code: ErrorCode::RestaurantPaused,
            details,
        });
    }
    if page.hours.is_open(now) {
        return None;
    }
    let details = page
        .hours
        .next_opening(now)
        .map_or(Value::Null, |at| json!({ "opensAt": at }));
    Some(Problem {
        code: ErrorCode::RestaurantClosed,
        details,
    })
}

/// A bill for a cart that cannot be ordered as it is, so that its lines are still shown with name and price: as if
/// everything were to be had and nothing were too little or too far, without the lines that make no sense.
fn price_what_can_be(
    menu: &Menu,
    cart: &Cart,
    terms: &Terms,
    distance: Option<u32>,
    now: Timestamp,
    problem: CartProblem,
) -> Option<Bill> {
    let mut menu = menu.clone();
    for item in menu
        .categories
        .iter_mut()
        .flat_map(|category| &mut category.items)
    {
        item.availability = Availability::Available;
        item.dayparts.clear();
        for option in item.option_groups.iter_mut().flat_map(|group| &mut group.options) {
            option.available = true;
        }
    }
    let terms = Terms {
        minimum_order: 0,
        ..*terms
    };
    let distance = if problem == CartProblem::OutOfRange {
        None
    } else {
        distance
    };
    let mut cart = cart.clone();
    if problem == CartProblem::Tip {
        cart.tip = 0;
    }
    let near = |cart: &Cart, distance| price(&menu, cart, &terms, distance, now);
    if let Ok(bill) = near(&cart, distance) {
        return Some(bill);
    }
    let lines = std::mem::take(&mut cart.lines);
    for line in lines.into_iter().take(MAX_LINES) {
        let alone = Cart {
            lines: vec![line.clone()],
            ..Cart::new(cart.restaurant_id)
        };
        if near(&alone, None).is_ok() {
            cart.lines.push(line);
        }
    }
    near(&cart, distance).or_else(|_| near(&cart, None)).ok()
}

/// `AddToCart`.
pub(crate) async fn add(core: &Rc<Core>, call: AddToCart) -> Result<CartView, Failure> {
    let AddToCart {
        restaurant_id,
        line,
        replace,
    } = call;
    if !(1..=MAX_QUANTITY).contains(&line.quantity) {
        return Err(Problem::from(CartProblem::Quantity(line.item_id)).failure(core.lang()));
    }
    let other = core
        .state
        .borrow()
        .cart
        .restaurant()
        .is_some_and(|held| held != restaurant_id);
    if other && !replace {
        let known = core.state.borrow().catalog.sign(restaurant_id);
        let name = match known {
            Some((name, _)) => name,
            None => catalog::fetch(core, restaurant_id).await?.0.restaurant.name,
        };
        return Ok(CartView {
            conflict: Some(name),
            ..get(core)
        });
    }
    let lines = core
        .state
        .borrow()
        .cart
        .cart
        .as_ref()
        .map_or(0, |cart| cart.lines.len());
    if lines >= MAX_LINES && !other {
        return Err(Problem::from(CartProblem::TooManyLines).failure(core.lang()));
    }
    Ok(change(core, |state| {
        let held = state
            .cart
            .take()
            .filter(|cart| cart.restaurant_id == restaurant_id);
        let mut cart = held.unwrap_or(Cart::new(restaurant_id));
        cart.add(line);
        state.cart = Some(cart);
    }))
}

/// `SetCartLine`.
pub(crate) fn set_line(core: &Rc<Core>, call: SetCartLine) -> Result<CartView, Failure> {
    let SetCartLine { index, line } = call;
    if line.quantity > MAX_QUANTITY {
        return Err(Problem::from(CartProblem::Quantity(line.item_id)).failure(core.lang()));
    }
    let lines = core
        .state
        .borrow()
        .cart
        .cart
        .as_ref()
        .map_or(0, |cart| cart.lines.len());
    if index >= lines {
        return Err(core.failure(ErrorCode::NotFound));
    }
    Ok(change(core, |state| {
        if let Some(cart) = &mut state.cart {
            cart.lines.remove(index);
            if line.quantity > 0 {
                cart.lines.insert(index, line);
            }
        }
    }))
}

/// `SetCart`.
pub(crate) fn set(core: &Rc<Core>, call: SetCart) -> Result<CartView, Failure> {
    if call.cart.lines.len() > MAX_LINES {
        return Err(Problem::from(CartProblem::TooManyLines).failure(core.lang()));
    }
    Ok(change(core, |state| state.cart = Some(call.cart)))
}

/// `SetTip`.
pub(crate) fn set_tip(core: &Rc<Core>, call: &SetTip) -> Result<CartView, Failure> {
    if call.tip < 0 {
        return Err(Problem::from(CartProblem::Tip).failure(core.lang()));
    }
    Ok(change(core, |state| {
        if let Some(cart) = &mut state.cart {
            cart.tip = call.tip;
        }
    }))
}

/// `SetFulfilment`.
pub(crate) fn set_fulfilment(core: &Rc<Core>, call: &SetFulfilment) -> CartView {
    change(core, |state| {
        state.fulfilment = call.fulfilment;
        // Nobody brings it: there is nobody to tip.
        if let (Fulfilment::Pickup, Some(cart)) = (call.fulfilment, &mut state.cart) {
            cart.tip = 0;
        }
    })
}

/// `ClearCart`.
pub(crate) fn clear(core: &Rc<Core>) -> CartView {
    forget(core);
    view(core)
}

/// `GetQuote`.
pub(crate) async fn quote(core: &Rc<Core>) -> Result<Quote, Failure> {
    signed_in(core)?;
    let body = {
        let state = core.state.borrow();
        let Some(cart) = state.cart.cart.clone() else {
            return Err(Failure::new(ErrorCode::EmptyCart, state.lang));
        };
        let fulfilment = state.cart.fulfilment;
        let point = match fulfilment {
            Fulfilment::Pickup => None,
            Fulfilment::Delivery => {
                let point = state.catalog.chosen_point();
                Some(point.ok_or_else(|| Problem::invalid("address").failure(state.lang))?)
            }
        };
        QuoteRequest {
            cart,
            fulfilment,
            point,
        }
    };
    let restaurant = body.cart.restaurant_id;
    let answer = core
        .server(Spec::send(Method::Post, "quotes", &body).patience(Patience::Short))
        .await;
    if let Err(Failure {
        code:
            ErrorCode::ItemUnavailable
            | ErrorCode::UnknownItem
            | ErrorCode::OptionRules
            | ErrorCode::BelowMinimum
            | ErrorCode::OutOfRange
            | ErrorCode::RestaurantClosed
            | ErrorCode::RestaurantPaused,
        ..
    }) = &answer
    {
        // The menu in hand is not the one of now: the next look at the cart says why.
        let core = Rc::clone(core);
        let host = Rc::clone(&core.ports.host);
        host.spawn(Box::pin(async move {
            let _ = catalog::fetch(&core, restaurant).await;
        }));
    }
    answer
}

/// `Reorder`.
pub(crate) async fn reorder(core: &Rc<Core>, call: Reorder) -> Result<ReorderView, Failure> {
    let order = core.order(call.id).await?;
    let restaurant_id = order.restaurant.id;
    let (page, _) = catalog::fetch(core, restaurant_id).await?;
    let free = Terms {
        minimum_order: 0,
        ..page.restaurant.terms
    };
    let now = core.now();
    let mut cart = Cart::new(restaurant_id);
    let mut missing = Vec::new();
    for old in order.bill.lines {
        let line = momfood_domain::cart::CartLine {
            item_id: old.item_id,
            quantity: old.quantity,
            option_ids: old.options.iter().map(|option| option.id).collect(),
            note: old.note,
        };
        let alone = Cart {
            lines: vec![line.clone()],
            ..Cart::new(restaurant_id)
        };
        if price(&page.menu, &alone, &free, None, now).is_ok() {
            cart.add(line);
        } else {
            missing.push(old.name);
        }
    }
    let cart = if cart.lines.is_empty() {
        // Nothing of it can be had: what is in the cart stays.
        get(core)
    } else {
        change(core, |state| {
            state.cart = Some(cart);
            state.fulfilment = order.fulfilment;
        })
    };
    Ok(ReorderView { cart, missing })
}
