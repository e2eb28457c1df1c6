//! The steps of an order, one route each: every one is a mutation and ends in its one handler, or a command of support.
//! Who may take which step is decided there, never here.

use axum::extract::State;
use http::HeaderMap;
use momfood_domain::id::OrderId;
use momfood_domain::order::Command;
use momfood_protocol::error::{ErrorCode, Failed, Success};
use momfood_protocol::mutation::{self, AtStation, Mutation, Of};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{
    Accept, Attempt, Because, Delivered, HandedOver, NotDelivered, RateOrder, RefundOrder,
};
use momfood_protocol::view::OrderView;
use utoipa::IntoResponses;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{OrderingError, command, view};
use crate::app::App;
use crate::error::ApiError;
use crate::identity::SignedIn;
use crate::mutations::{self, Asked, MutationError, Taken};
use crate::request::{Body, Path, Reply};
use crate::sync::{Key, Once, digest};

/// The routes of this file.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(accept))
        .routes(routes!(reject))
        .routes(routes!(prepare))
        .routes(routes!(ready))
        .routes(routes!(hand_over))
        .routes(routes!(bump))
        .routes(routes!(recall))
        .routes(routes!(cancel))
        .routes(routes!(rate))
        .routes(routes!(accept_offer))
        .routes(routes!(decline_offer))
        .routes(routes!(release))
        .routes(routes!(arrive_at_restaurant))
        .routes(routes!(pick_up))
        .routes(routes!(arrive_at_customer))
        .routes(routes!(deliver))
        .routes(routes!(fail_delivery))
        .routes(routes!(return_food))
        .routes(routes!(refund))
        .routes(routes!(reconcile_cash))
}

/// What any step may be answered with. A step taken before, or too late to matter, changes nothing and is answered with
/// the order as it is.
#[derive(IntoResponses)]
#[expect(
    dead_code,
    clippy::large_enum_variant,
    reason = "describes answers; none is ever made"
)]
enum Answers {
    /// The order as the caller may see it after the step.
    #[response(status = 200)]
    Done(Success<OrderView>),
    /// `malformed_json`, or `key_missing`: the `Idempotency-Key` is no UUID.
    #[response(status = 400)]
    Unread(Failed),
    /// `unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`.
    #[response(status = 401)]
    Unknown(Failed),
    /// `forbidden`: the caller may see the order, but this step is another party's.
    #[response(status = 403)]
    Forbidden(Failed),
    /// `not_found`: to the caller there is no such order.
    #[response(status = 404)]
    NotFound(Failed),
    /// `wrong_state` (`details.status`), `offer_over`, `too_late`, or `key_reused`.
    #[response(status = 409)]
    TooLate(Failed),
    /// `body_too_large`.
    #[response(status = 413)]
    TooLarge(Failed),
    /// `unsupported_media_type`.
    #[response(status = 415)]
    NoJson(Failed),
    /// `prep_minutes`, `cash_needed`, `bad_amount`, or `invalid_input` (`details.field`).
    #[response(status = 422)]
    Senseless(Failed),
}

/// A step as it came: who wants it, of which order, under which key.
struct Step {
    app: App,
    id: OrderId,
    asked: Asked,
}

impl Step {
    fn new(app: App, caller: &SignedIn, headers: &HeaderMap, mutation: Mutation) -> Result<Self, ApiError> {
        let id = mutation.order_id().ok_or(ApiError::new(ErrorCode::NotFound))?;
        let asked = Asked::of(headers, caller.actor, caller.user, mutation)?;
        Ok(Self { app, id, asked })
    }

    /// Takes the step, once if it names a key, and shows the order as it is then: to a driver who has just said no or
    /// let go, as the one they were. Repeated, it shows the order as it is now; and to whom it is out of reach by now,
    /// as it was, without anybody's address or phone.
    async fn take(self) -> Result<Reply<OrderView>, ApiError> {
        let Self { app, id, asked } = self;
        let clock = app.clock.clone();
        let work = app.db.write(async move |mut tx| {
            let taken = mutations::once(&mut tx, &asked, &clock).await?;
            let shown = view(&mut tx, asked.actor(), id, clock.now()).await;
            match (taken, shown) {
                (Taken::Before(kept), Err(OrderingError::NotFound)) => kept
                    .order
                    .map(|order| *order)
                    .ok_or(MutationError::from(OrderingError::NotFound)),
                (Taken::Before(_), shown) => Ok(shown?),
                (Taken::Now(performed), shown) => {
                    let shown = shown?;
                    asked
                        .keep(&mut tx, &performed, without_contacts(shown.clone()))
                        .await?;
                    Ok(shown)
                }
            }
        });
        Ok(Reply(work.await?))
    }
}

/// A step that only support takes: no mutation, because no device does it offline.
async fn settle(
    app: App,
    caller: SignedIn,
    id: OrderId,
    key: Option<Key>,
    wanted: Command,
) -> Result<Reply<OrderView>, ApiError> {
    let now = app.clock.now();
    let work = app.db.write(async move |mut tx| {
        if let Some(key) = &key {
            match key.claim::<OrderView>(&mut tx, now).await? {
                Once::Answered(before) => {
                    return match view(&mut tx, &caller.actor, id, now).await {
                        Err(OrderingError::NotFound) => Ok(before),
                        shown => shown,
                    };
                }
                Once::Another => return Err(OrderingError::KeyReused),
                Once::First => {}
            }
        }
        command(&mut tx, &caller.actor, id, &wanted, now).await?;
        let shown = view(&mut tx, &caller.actor, id, now).await?;
        if let Some(key) = &key {
            key.answer(&mut tx, &without_contacts(shown.clone())).await?;
        }
        Ok(shown)
    });
    Ok(Reply(work.await?))
}

/// The order without what lets one find or call a person: what is kept under a key outlives the right to see it.
fn without_contacts(mut order: OrderView) -> OrderView {
    order.address = None;
    order.handover_code = None;
    order.customer.phone = None;
    order.customer.name = first_word(&order.customer.name);
    if let Some(driver) = order
        .delivery
        .as_mut()
        .and_then(|delivery| delivery.driver.as_mut())
    {
        driver.phone = None;
    }
    order
}

fn first_word(name: &str) -> String {
    name.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Says yes: it will be ready in so many minutes.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/accept", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Accept, example = json!({ "prepMinutes": 20 })),
    responses(Answers))]
async fn accept(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Accept>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::AcceptOrder(mutation::Accept {
        order_id: id,
        prep_minutes: body.value.prep_minutes,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Says no. The money goes back.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/reject", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Because, example = json!({ "reason": "out_of_stock" })),
    responses(Answers))]
async fn reject(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Because>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::RejectOrder(mutation::Because {
        order_id: id,
        reason: body.value.reason,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Starts cooking.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/prepare", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn prepare(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::StartPreparing(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// It can be fetched.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/ready", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn ready(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::MarkReady(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// The customer has fetched it (pick-up orders).
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/hand-over", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = HandedOver, example = json!({ "cash": 5750 })),
    responses(Answers))]
async fn hand_over(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<HandedOver>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::HandOver(mutation::HandOver {
        order_id: id,
        cash: body.value.cash,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// A station has done its part of the order. The order's own status stays as it is; on an order the kitchen has no
/// work on, nothing changes.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/tickets/{station}/bump", tag = "ordering",
    security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("station" = String, Path, description = "Which station, 1 to 40 characters; a kitchen with one has `kitchen`"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn bump(
    State(app): State<App>,
    caller: SignedIn,
    Path((order_id, station)): Path<(OrderId, String)>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::BumpTicket(AtStation { order_id, station });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// A station has not done its part after all. The order's own status stays as it is; on an order the kitchen has no
/// work on, nothing changes.
///
/// Role: restaurant.
#[utoipa::path(post, path = "/api/v1/orders/{id}/tickets/{station}/recall", tag = "ordering",
    security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("station" = String, Path, description = "Which station, 1 to 40 characters; a kitchen with one has `kitchen`"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn recall(
    State(app): State<App>,
    caller: SignedIn,
    Path((order_id, station)): Path<(OrderId, String)>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::RecallTicket(AtStation { order_id, station });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Calls the order off. Free while `pending`; a customer who cancels after acceptance pays the fee by card.
///
/// Roles: customer, restaurant, support, admin.
#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Because, example = json!({ "reason": "changed_mind" })),
    responses(Answers))]
async fn cancel(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Because>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::CancelOrder(mutation::Because {
        order_id: id,
        reason: body.value.reason,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Says how it was, once, within 14 days after it arrived. The stars become part of the restaurant's rating.
///
/// Role: customer.
#[utoipa::path(post, path = "/api/v1/orders/{id}/rate", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = RateOrder, example = json!({ "stars": 5, "comment": "وصل ساخناً" })),
    responses(Answers))]
async fn rate(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<RateOrder>,
) -> Result<Reply<OrderView>, ApiError> {
    let RateOrder { stars, comment } = body.value;
    let mutation = Mutation::RateOrder(mutation::Rate {
        order_id: id,
        stars,
        comment,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// A driver says yes to an offer.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/accept-offer", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Attempt, example = json!({ "attempt": 1 })),
    responses(Answers))]
async fn accept_offer(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Attempt>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::AcceptOffer(mutation::Attempt {
        order_id: id,
        attempt: body.value.attempt,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// A driver says no to an offer.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/decline-offer", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Attempt, example = json!({ "attempt": 1 })),
    responses(Answers))]
async fn decline_offer(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Attempt>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::DeclineOffer(mutation::Attempt {
        order_id: id,
        attempt: body.value.attempt,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Lets go of a delivery before pick-up; another driver is asked. `attempt` is needed.
///
/// Roles: driver, support, admin.
#[utoipa::path(post, path = "/api/v1/orders/{id}/release", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Because, example = json!({ "reason": "vehicle_problem", "attempt": 1 })),
    responses(Answers))]
async fn release(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Because>,
) -> Result<Reply<OrderView>, ApiError> {
    let Because { reason, attempt } = body.value;
    let attempt = attempt.ok_or(OrderingError::Problem(Problem::invalid("attempt")))?;
    let mutation = Mutation::Release(mutation::Release {
        order_id: id,
        attempt,
        reason,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// The driver is at the restaurant.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/arrive-restaurant", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn arrive_at_restaurant(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::ArriveAtRestaurant(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// The driver has the food.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/pick-up", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn pick_up(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::PickUp(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// The driver is at the customer's.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/arrive-customer", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn arrive_at_customer(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::ArriveAtCustomer(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Handed over. Cash that is due must be named. A photo or signature is sent by itself, as a blob of the name given here;
/// a code that is not the customer's changes nothing but that people look at it.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/deliver", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Delivered, example = json!({
        "cash": 5750, "proof": { "kind": "code", "code": "4821" } })),
    responses(Answers))]
async fn deliver(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Delivered>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::Deliver(mutation::Deliver {
        order_id: id,
        cash: body.value.cash,
        proof: body.value.proof,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Could not hand it over.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/fail", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = NotDelivered, example = json!({ "reason": "customer_unreachable", "proof": {
        "kind": "photo", "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" } })),
    responses(Answers))]
async fn fail_delivery(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<NotDelivered>,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::FailDelivery(mutation::Fail {
        order_id: id,
        reason: body.value.reason,
        proof: body.value.proof,
    });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// The food is back at the restaurant.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/return", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn return_food(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let mutation = Mutation::ReturnFood(Of { order_id: id });
    Step::new(app, &caller, &headers, mutation)?.take().await
}

/// Gives back part or all of what was taken by card.
///
/// Roles: support, admin.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = RefundOrder, example = json!({ "amount": 1500 })),
    responses(Answers))]
async fn refund(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<RefundOrder>,
) -> Result<Reply<OrderView>, ApiError> {
    let request = digest(&format!("POST /orders/{id}/refund"), &body.bytes);
    let key = Key::of(&headers, caller.user, request)?;
    let amount = body.value.amount;
    settle(app, caller, id, key, Command::Refund { amount }).await
}

/// The cash was handed in and counted.
///
/// Roles: support, admin.
#[utoipa::path(post, path = "/api/v1/orders/{id}/reconcile-cash", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    responses(Answers))]
async fn reconcile_cash(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
) -> Result<Reply<OrderView>, ApiError> {
    let request = digest(&format!("POST /orders/{id}/reconcile-cash"), &[]);
    let key = Key::of(&headers, caller.user, request)?;
    settle(app, caller, id, key, Command::ReconcileCash).await
}
