//! The steps of an order, one route each: every one is a command of the domain and ends in the one command handler.
//! Who may take which step is decided there, never here.

use axum::extract::State;
use http::HeaderMap;
use momfood_domain::id::OrderId;
use momfood_domain::order::Command;
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::problem::Problem;
use momfood_protocol::rest::{Accept, Attempt, Because, HandedOver, RefundOrder};
use momfood_protocol::view::OrderView;
use utoipa::IntoResponses;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{OrderingError, command, view};
use crate::app::App;
use crate::error::ApiError;
use crate::identity::SignedIn;
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
        .routes(routes!(cancel))
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
    /// `wrong_state` (`details.status`), `offer_over`, or `key_reused`.
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
    caller: SignedIn,
    id: OrderId,
    key: Option<Key>,
}

impl Step {
    fn new(
        app: App,
        caller: SignedIn,
        id: OrderId,
        (headers, step, body): (&HeaderMap, &str, &[u8]),
    ) -> Result<Self, ApiError> {
        let key = Key::of(
            headers,
            caller.user,
            digest(&format!("POST /orders/{id}/{step}"), body),
        )?;
        Ok(Self { app, caller, id, key })
    }

    /// Takes the step, once if it names a key, and shows the order as it is then: to a driver who has just said no or
    /// let go, as the one they were. Repeated, it shows the order as it is now; and to whom it is out of reach by now,
    /// as it was, without anybody's address or phone.
    async fn take(self, wanted: Command) -> Result<Reply<OrderView>, ApiError> {
        let Self { app, caller, id, key } = self;
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
}

/// The order without what lets one find or call a person: what is kept under a key outlives the right to see it.
fn without_contacts(mut order: OrderView) -> OrderView {
    order.address = None;
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
    let step = Step::new(app, caller, id, (&headers, "accept", &body.bytes))?;
    step.take(Command::Accept {
        prep_minutes: body.value.prep_minutes,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "reject", &body.bytes))?;
    step.take(Command::Reject {
        reason: body.value.reason,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "prepare", &[]))?;
    step.take(Command::StartPreparing).await
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
    let step = Step::new(app, caller, id, (&headers, "ready", &[]))?;
    step.take(Command::MarkReady).await
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
    let step = Step::new(app, caller, id, (&headers, "hand-over", &body.bytes))?;
    step.take(Command::HandOver {
        cash: body.value.cash,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "cancel", &body.bytes))?;
    step.take(Command::Cancel {
        reason: body.value.reason,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "accept-offer", &body.bytes))?;
    step.take(Command::AcceptOffer {
        attempt: body.value.attempt,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "decline-offer", &body.bytes))?;
    step.take(Command::DeclineOffer {
        attempt: body.value.attempt,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "release", &body.bytes))?;
    let Because { reason, attempt } = body.value;
    let attempt = attempt.ok_or(OrderingError::Problem(Problem::invalid("attempt")))?;
    step.take(Command::Release { attempt, reason }).await
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
    let step = Step::new(app, caller, id, (&headers, "arrive-restaurant", &[]))?;
    step.take(Command::ArriveAtRestaurant).await
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
    let step = Step::new(app, caller, id, (&headers, "pick-up", &[]))?;
    step.take(Command::PickUp).await
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
    let step = Step::new(app, caller, id, (&headers, "arrive-customer", &[]))?;
    step.take(Command::ArriveAtCustomer).await
}

/// Handed over. Cash that is due must be named.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/deliver", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = HandedOver, example = json!({ "cash": 5750 })),
    responses(Answers))]
async fn deliver(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<HandedOver>,
) -> Result<Reply<OrderView>, ApiError> {
    let step = Step::new(app, caller, id, (&headers, "deliver", &body.bytes))?;
    step.take(Command::Deliver {
        cash: body.value.cash,
    })
    .await
}

/// Could not hand it over.
///
/// Role: driver.
#[utoipa::path(post, path = "/api/v1/orders/{id}/fail", tag = "ordering", security(("bearer" = [])),
    params(("id" = OrderId, Path, description = "The order"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")),
    request_body(content = Because, example = json!({ "reason": "customer_unreachable" })),
    responses(Answers))]
async fn fail_delivery(
    State(app): State<App>,
    caller: SignedIn,
    Path(id): Path<OrderId>,
    headers: HeaderMap,
    body: Body<Because>,
) -> Result<Reply<OrderView>, ApiError> {
    let step = Step::new(app, caller, id, (&headers, "fail", &body.bytes))?;
    step.take(Command::FailDelivery {
        reason: body.value.reason,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "return", &[]))?;
    step.take(Command::ReturnFood).await
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
    let step = Step::new(app, caller, id, (&headers, "refund", &body.bytes))?;
    step.take(Command::Refund {
        amount: body.value.amount,
    })
    .await
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
    let step = Step::new(app, caller, id, (&headers, "reconcile-cash", &[]))?;
    step.take(Command::ReconcileCash).await
}
