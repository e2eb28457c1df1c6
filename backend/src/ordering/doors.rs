//! The routes of ordering that price, place and show orders: read the request, call the module, shape the answer.
//! The steps of an order are in [`steps`]. No rule lives here.

use axum::extract::State;
use http::HeaderMap;
use momfood_domain::access::Permission;
use momfood_domain::id::{OrderId, QuoteId};
use momfood_domain::order::OrderStatus;
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_domain::time::Timestamp;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::mutation::Mutation;
use momfood_protocol::rest::{OrderPage, PlaceOrder, Quote, QuoteRequest};
use momfood_protocol::view::OrderView;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{OrderingError, list, quote, share_doors, steps, view, view_fresh};
use crate::app::App;
use crate::audit;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::mutations::{self, Asked, Done, MutationError, Taken};
use crate::payments;
use crate::request::{Body, Path, Query, Reply};

/// How long placing waits for a card, seconds.
const CARD_SECONDS: i64 = 10;

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(ask_quote))
        .routes(routes!(place_order, list_orders))
        .routes(routes!(read_order))
        .merge(share_doors::routes())
        .merge(steps::routes())
}

/// Prices a cart by the server's word. The quote holds for ten minutes and is needed to place.
///
/// Role: customer.
#[utoipa::path(post, path = "/api/v1/quotes", tag = "ordering", security(("bearer" = [])),
    request_body(content = QuoteRequest, example = json!({
        "cart": { "restaurantId": "019cb5a1-3c00-7000-8000-000000000002", "tip": 500, "lines": [
            { "itemId": "019cb5a1-3c00-7000-8000-000000000003", "quantity": 2,
              "optionIds": ["019cb5a1-3c00-7000-8000-000000000004"], "note": "بدون بصل" }] },
        "fulfilment": "delivery", "point": { "lat": 24.6911, "lng": 46.6853 } })),
    responses(
        (status = 200, body = Success<Quote>, description = "The price"),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: not a customer"),
        (status = 404, body = Failed, description = "`not_found`: no such restaurant"),
        (status = 409, body = Failed, description = "`restaurant_closed`, `restaurant_paused`, \
            `kitchen_unreachable`, `item_unavailable`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`empty_cart`, `bad_quantity`, `unknown_item`, `option_rules`, \
            `below_minimum`, `out_of_range`, `bad_amount`, `invalid_input` (`details.field`: `point`, `lines`, `note`)"),
    ))]
async fn ask_quote(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<QuoteRequest>,
) -> Result<Reply<Quote>, ApiError> {
    caller.may(Permission::PlaceOrder)?;
    let (id, now): (QuoteId, Timestamp) = (app.clock.id(), app.clock.now());
    let priced = app
        .db
        .write(async move |mut tx| quote(&mut tx, caller.user, id, &body.value, now).await)
        .await?;
    Ok(Reply(priced))
}

/// Places an order from a quote, once: the same key with the same bytes is answered with the same order, however often
/// it is sent. The cart is priced again; if it costs something else now, nothing is placed and the new quote is in the
/// details.
///
/// A card is asked before the answer. An order still `awaiting_payment` in the answer waits for a slow gateway.
///
/// Role: customer.
#[utoipa::path(post, path = "/api/v1/orders", tag = "ordering", security(("bearer" = [])),
    params(("Idempotency-Key" = uuid::Uuid, Header, description = "Minted by the client, one per order")),
    request_body(content = PlaceOrder, example = json!({
        "id": "019cb5a1-3c00-7000-8000-000000000005", "quoteId": "019cb5a1-3c00-7000-8000-000000000006",
        "paymentMethod": "card", "cardToken": "sandbox:4242424242424242",
        "address": { "label": "البيت", "point": { "lat": 24.6911, "lng": 46.6853 }, "shortAddress": "RAHA3443",
            "line": "حي العليا، شارع التحلية", "landmark": "مقابل المسجد", "note": "الدور الثالث" },
        "note": "بدون أكياس" })),
    responses(
        (status = 200, body = Success<OrderView>, description = "The order"),
        (status = 400, body = Failed, description = "`malformed_json`, `key_missing`"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 402, body = Failed, description = "`card_declined`: the order is cancelled"),
        (status = 403, body = Failed, description = "`forbidden`: not a customer"),
        (status = 404, body = Failed, description = "`not_found`: no such quote of the caller's"),
        (status = 409, body = Failed, description = "`key_reused` (the key, the id or the quote was used for another \
            order), `quote_expired` and `price_changed` (`details.quote` is a new one), `restaurant_closed`, \
            `restaurant_paused`, `kitchen_unreachable`, `item_unavailable`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 415, body = Failed, description = "`unsupported_media_type`"),
        (status = 422, body = Failed, description = "`invalid_input` (`details.field`: `address`, `cardToken`, `note`)"),
    ))]
async fn place_order(
    State(app): State<App>,
    caller: SignedIn,
    headers: HeaderMap,
    body: Body<PlaceOrder>,
) -> Result<Reply<OrderView>, ApiError> {
    caller.may(Permission::PlaceOrder)?;
    let request = body.value;
    let id = request.id;
    let asked = Asked::of(
        &headers,
        caller.actor,
        caller.user,
        Mutation::PlaceOrder(request.clone()),
    )?;
    if !asked.has_key() {
        return Err(ApiError::new(ErrorCode::KeyMissing));
    }
    let placed = match place_once(&app, asked, &request).await {
        Ok(placed) => placed,
        Err(MutationError::Ordering(OrderingError::QuoteExpired(_))) => {
            return Err(
                OrderingError::QuoteExpired(Some(price_again(&app, &caller, &request).await?)).into(),
            );
        }
        Err(MutationError::Ordering(OrderingError::PriceChanged(_))) => {
            return Err(
                OrderingError::PriceChanged(Some(price_again(&app, &caller, &request).await?)).into(),
            );
        }
        Err(error) => return Err(error.into()),
    };
    let order = match placed {
        Some(order) => order,
        None => paid(&app, &caller, id).await?,
    };
    let declined = order.status == OrderStatus::Cancelled && order.payment.status == PaymentStatus::Failed;
    if declined {
        return Err(OrderingError::CardDeclined.into());
    }
    Ok(Reply(order))
}

async fn shown(app: &App, caller: &SignedIn, id: OrderId) -> Result<OrderView, OrderingError> {
    let mut tx = app.db.read().await?;
    view(&mut tx, &caller.actor, id, app.clock.now()).await
}

/// The order once its card has been asked, or as it stands when that takes too long. The worker may be asking already:
/// then its answer is waited for.
async fn paid(app: &App, caller: &SignedIn, id: OrderId) -> Result<OrderView, OrderingError> {
    let until = app.clock.now().plus_seconds(CARD_SECONDS);
    let mut moves = app.hub.moves();
    payments::settle_while_waiting(app, id).await;
    loop {
        moves.mark_unchanged();
        let order = shown(app, caller, id).await?;
        if order.status != OrderStatus::AwaitingPayment {
            return Ok(order);
        }
        tokio::select! {
            biased;
            () = app.clock.sleep_until(until) => return Ok(order),
            () = app.stopping.cancelled() => return Ok(order),
            _ = moves.changed() => {}
        }
    }
}

/// Places the order, or finds it placed before. Gives it back as its customer sees it, unless its card must be asked
/// first.
async fn place_once(
    app: &App,
    asked: Asked,
    request: &PlaceOrder,
) -> Result<Option<OrderView>, MutationError> {
    let (clock, id, method) = (app.clock.clone(), request.id, request.payment_method);
    app.db
        .write(async move |mut tx| {
            let fresh = match mutations::once(&mut tx, &asked, &clock).await? {
                Taken::Now(performed) => match performed.done {
                    Done::Placed(_, fresh) => fresh,
                    _ => None,
                },
                Taken::Before(_) => None,
            };
            let (actor, now) = (asked.actor(), clock.now());
            Ok(match (method, fresh) {
                (PaymentMethod::Card, _) => None,
                (PaymentMethod::Cash, Some(fresh)) => Some(view_fresh(&mut tx, actor, *fresh, now).await?),
                (PaymentMethod::Cash, None) => Some(view(&mut tx, actor, id, now).await?),
            })
        })
        .await
}

/// What the cart of a quote that no longer holds costs now.
async fn price_again(
    app: &App,
    caller: &SignedIn,
    request: &PlaceOrder,
) -> Result<Box<Quote>, OrderingError> {
    let (customer, old) = (caller.user, request.quote_id);
    let (fresh, now): (QuoteId, Timestamp) = (app.clock.id(), app.clock.now());
    let priced = app
        .db
        .write(async move |mut tx| quote::again(&mut tx, customer, old, fresh, now).await);
    Ok(Box::new(priced.await?))
}

/// Which page of orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Page {
    /// Only orders placed before this: `next` of the page before.
    #[serde(default)]
    before: Option<Timestamp>,
    /// At most so many, 1 to 50; 20 when absent.
    #[serde(default)]
    limit: Option<u32>,
}

/// A customer's own orders, or a restaurant's, newest first.
///
/// Roles: customer, restaurant.
#[utoipa::path(get, path = "/api/v1/orders", tag = "ordering", security(("bearer" = [])), params(Page),
    responses(
        (status = 200, body = Success<OrderPage>, description = "A page"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: neither customer nor restaurant"),
        (status = 422, body = Failed, description = "`invalid_input`"),
    ))]
async fn list_orders(
    State(app): State<App>,
    caller: SignedIn,
    Query(Page { before, limit }): Query<Page>,
) -> Result<Reply<OrderPage>, ApiError> {
    let mut tx = app.db.read().await?;
    let page = list(&mut tx, &caller.actor, before, limit, app.clock.now()).await?;
    Ok(Reply(page))
}

/// An order as the caller may see it.
///
/// Roles: customer, restaurant and driver of the order; support, admin. To all others the order does not exist.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order")),
    responses(
        (status = 200, body = Success<OrderView>, description = "The order"),
        (status = 401, body = Failed, description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 404, body = Failed, description = "`not_found`"),
    ))]
async fn read_order(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
) -> Result<Reply<OrderView>, ApiError> {
    let mut tx = app.db.read().await?;
    let order = view(&mut tx, &caller.actor, id, app.clock.now()).await?;
    drop(tx);
    audit::seen(&app, &caller, "order", id.0).await?;
    Ok(Reply(order))
}
