//! The routes of the catalog: read the request, call the module, shape the answer. No rule lives here.

use axum::body::Body as ResponseBody;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use momfood_domain::id::{MenuItemId, RestaurantId};
use momfood_protocol::error::{Failed, Success};
use momfood_protocol::mutation::{self, Mutation};
use momfood_protocol::rest::{
    OwnerMenu, Pause, RestaurantList, RestaurantPage, RestaurantQuery, SetAvailability, UpdateRestaurant,
};
use momfood_protocol::view::KitchenSettings;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::search::{self, Wanted};
use super::{change, menu, restaurant};
use crate::app::App;
use crate::catalog::CatalogError;
use crate::error::{ApiError, ErrorCode};
use crate::identity::SignedIn;
use crate::mutations::{self, Asked, Done, MutationError, Taken};
use crate::request::{Body, Path, Query, Reply};

/// The routes of this module.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_restaurants))
        .routes(routes!(read_restaurant))
        .routes(routes!(read_settings, update_settings))
        .routes(routes!(pause))
        .routes(routes!(read_menu, replace_menu))
        .routes(routes!(set_availability))
}

/// Find restaurants.
///
/// Open to everyone. With a point: those within 40 km, with distance, fee and time; those that do not deliver there
/// come last and have no fee. Those that take orders come first. `q` finds names, cuisines and items in both
/// languages, whatever the case and the Arabic vowel marks. At most 200.
#[utoipa::path(get, path = "/api/v1/restaurants", tag = "catalog", security(()), params(RestaurantQuery),
    responses(
        (status = 200, body = Success<RestaurantList>, description = "In order", example = json!({
            "success": true, "data": { "restaurants": [{
                "id": "f0a1c2d3-0000-8000-8000-000000000001", "name": { "ar": "برجر القراج", "en": "Garage Burger" },
                "cuisines": ["burgers"], "district": { "ar": "العليا", "en": "Al Olaya" },
                "point": { "lat": 24.7033, "lng": 46.6801 }, "picture": "covers/garage-burger.svg",
                "rating": 42, "reviews": 1200, "featured": false, "preparationMinutes": 20, "currency": "SAR",
                "terms": { "minimumOrder": 2500, "deliveryFee": 900, "deliveryFeePerKm": 150,
                    "deliveryRadiusM": 12000, "serviceFeeBp": 300, "vatBp": 1500, "discount": 0 },
                "opening": { "state": "open" }, "distanceM": 1752, "deliveryFee": 900, "deliveryMinutes": 29 }] } })),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`")))]
async fn list_restaurants(
    State(app): State<App>,
    Query(query): Query<RestaurantQuery>,
) -> Result<Reply<RestaurantList>, ApiError> {
    let wanted = Wanted::check(query)?;
    let restaurants = app.shelf.find(&app.db, &wanted, app.clock.now()).await?;
    Ok(Reply(RestaurantList { restaurants }))
}

/// Where somebody would have it brought.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct From {
    /// Degrees north of the point to deliver to.
    #[serde(default)]
    lat: Option<f64>,
    /// Degrees east of the point to deliver to.
    #[serde(default)]
    lng: Option<f64>,
}

/// A restaurant and its menu.
///
/// Open to everyone. Without hidden items. The answer has an `ETag`; sent back in `If-None-Match` it saves the bytes
/// of a menu that has not changed. A restaurant that is not approved or not active is not found. What another server
/// process changed may be missing for about a second; quotes are always priced from the database.
#[utoipa::path(get, path = "/api/v1/restaurants/{id}", tag = "catalog", security(()),
    params(("id" = RestaurantId, Path, description = "Which"), From),
    responses(
        (status = 200, body = Success<RestaurantPage>, description = "As it is now", example = json!({
            "success": true, "data": {
                "restaurant": { "id": "f0a1c2d3-0000-8000-8000-000000000001",
                    "name": { "ar": "برجر القراج", "en": "Garage Burger" }, "cuisines": ["burgers"],
                    "district": { "ar": "العليا", "en": "Al Olaya" }, "point": { "lat": 24.7033, "lng": 46.6801 },
                    "rating": 42, "reviews": 1200, "featured": false, "preparationMinutes": 20, "currency": "SAR",
                    "terms": { "minimumOrder": 2500, "deliveryFee": 900, "deliveryFeePerKm": 150,
                        "deliveryRadiusM": 12000, "serviceFeeBp": 300, "vatBp": 1500, "discount": 0 },
                    "opening": { "state": "closed", "opensAt": 1_795_330_800_000_000_i64 } },
                "hours": { "utcOffsetMinutes": 180, "periods": [{ "day": 0, "open": 660, "close": 1500 }] },
                "phone": "+966114020318", "menuRev": 7,
                "menu": { "currency": "SAR", "utcOffsetMinutes": 180, "categories": [{
                    "id": "f0a1c2d3-0000-8000-8000-000000000002", "name": { "ar": "البرجر", "en": "Burgers" },
                    "items": [{ "id": "f0a1c2d3-0000-8000-8000-000000000003",
                        "name": { "ar": "برجر كلاسيك", "en": "Classic burger" }, "price": 2800,
                        "availability": { "state": "available" } }] }] } } })),
        (status = 304, description = "As `If-None-Match` says"),
        (status = 404, body = Failed, description = "`not_found`"),
        (status = 422, body = Failed, description = "`invalid_input`: half a point")))]
async fn read_restaurant(
    State(app): State<App>,
    Path(id): Path<RestaurantId>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let from = search::point(from.lat, from.lng)?;
    let page = app.shelf.page(&app.db, id, from, app.clock.now()).await?;
    let page = page.ok_or(CatalogError::NotFound)?;
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tags| {
        tags.to_str().is_ok_and(|tags| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == &*page.etag)
        })
    });
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (kind, ResponseBody::from(page.body)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(etag) = HeaderValue::from_str(&page.etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// My restaurant's settings.
///
/// Role `restaurant`; the restaurant of the session.
#[utoipa::path(get, path = "/api/v1/kitchen/restaurant", tag = "catalog", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<KitchenSettings>, description = "As they are", example = json!({
            "success": true, "data": { "id": "f0a1c2d3-0000-8000-8000-000000000001",
                "name": { "ar": "برجر القراج", "en": "Garage Burger" }, "point": { "lat": 24.7033, "lng": 46.6801 },
                "hours": { "utcOffsetMinutes": 180, "periods": [{ "day": 0, "open": 660, "close": 1500 }] },
                "preparationMinutes": 20, "acceptLimitSeconds": 300, "currency": "SAR",
                "terms": { "minimumOrder": 2500, "deliveryFee": 900, "deliveryFeePerKm": 150,
                    "deliveryRadiusM": 12000, "serviceFeeBp": 300, "vatBp": 1500, "discount": 0 } } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role")))]
async fn read_settings(State(app): State<App>, caller: SignedIn) -> Result<Reply<KitchenSettings>, ApiError> {
    let id = caller.restaurant()?;
    let settings = restaurant::kitchen_settings(&mut app.db.read().await?, id).await?;
    Ok(Reply(settings.ok_or(ApiError::new(ErrorCode::NotFound))?))
}

/// Change my restaurant's settings.
///
/// Role `restaurant`. What is absent stays. Orders placed before keep the terms they were placed under.
#[utoipa::path(patch, path = "/api/v1/kitchen/restaurant", tag = "catalog", security(("bearer" = [])),
    request_body = UpdateRestaurant,
    responses(
        (status = 200, body = Success<KitchenSettings>, description = "As they are now", example = json!({
            "success": true, "data": { "id": "f0a1c2d3-0000-8000-8000-000000000001",
                "name": { "ar": "برجر القراج", "en": "Garage Burger" }, "point": { "lat": 24.7033, "lng": 46.6801 },
                "hours": { "utcOffsetMinutes": 180, "periods": [] }, "preparationMinutes": 25,
                "acceptLimitSeconds": 300, "currency": "SAR",
                "terms": { "minimumOrder": 2500, "deliveryFee": 900, "deliveryFeePerKm": 150,
                    "deliveryRadiusM": 12000, "serviceFeeBp": 300, "vatBp": 1500, "discount": 0 } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field`")))]
async fn update_settings(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<UpdateRestaurant>,
) -> Result<Reply<KitchenSettings>, ApiError> {
    let id = caller.restaurant()?;
    let note = (app.clock.uuid(), app.clock.now());
    let settings = app
        .db
        .write(async move |mut tx| change::update(&mut tx, &caller.actor, id, body.value, note).await)
        .await?;
    Ok(Reply(settings))
}

/// Take no new orders for a while, or take them again.
///
/// Role `restaurant`. 1 to 1440 minutes; 0 takes orders again at once; without `minutes` until resumed. Orders
/// already placed go on.
#[utoipa::path(post, path = "/api/v1/kitchen/pause", tag = "catalog", security(("bearer" = [])),
    params(("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")), request_body = Pause,
    responses(
        (status = 200, body = Success<KitchenSettings>, description = "As it is now", example = json!({
            "success": true, "data": { "id": "f0a1c2d3-0000-8000-8000-000000000001",
                "name": { "ar": "برجر القراج", "en": "Garage Burger" }, "point": { "lat": 24.7033, "lng": 46.6801 },
                "hours": { "utcOffsetMinutes": 180, "periods": [] }, "pausedUntil": 1_795_331_400_000_000_i64,
                "preparationMinutes": 20, "acceptLimitSeconds": 300, "currency": "SAR",
                "terms": { "minimumOrder": 2500, "deliveryFee": 900, "deliveryFeePerKm": 150,
                    "deliveryRadiusM": 12000, "serviceFeeBp": 300, "vatBp": 1500, "discount": 0 } } })),
        (status = 400, body = Failed, description = "`malformed_json`, or `key_missing`: the `Idempotency-Key` is no UUID"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 409, body = Failed, description = "`key_reused`"),
        (status = 422, body = Failed, description = "`invalid_input`: minutes")))]
async fn pause(
    State(app): State<App>,
    caller: SignedIn,
    headers: HeaderMap,
    body: Body<Pause>,
) -> Result<Reply<KitchenSettings>, ApiError> {
    let id = caller.restaurant()?;
    let minutes = body.value.minutes;
    let mutation = Mutation::Pause(mutation::Pause { minutes });
    let asked = Asked::of(&headers, caller.actor, caller.user, mutation)?;
    let clock = app.clock.clone();
    let settings = app
        .db
        .write(async move |mut tx| {
            if let Taken::Now(performed) = mutations::once(&mut tx, &asked, &clock).await?
                && let Done::Settings(settings) = performed.done
            {
                return Ok(*settings);
            }
            let settings = restaurant::kitchen_settings(&mut tx, id).await?;
            settings.ok_or(MutationError::from(CatalogError::NotFound))
        })
        .await?;
    Ok(Reply(settings))
}

/// My restaurant's whole menu.
///
/// Role `restaurant`. Hidden items too.
#[utoipa::path(get, path = "/api/v1/kitchen/menu", tag = "catalog", security(("bearer" = [])),
    responses(
        (status = 200, body = Success<OwnerMenu>, description = "As it is", example = json!({
            "success": true, "data": { "rev": 7,
                "menu": { "currency": "SAR", "utcOffsetMinutes": 180, "categories": [] } } })),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: the restaurant has no menu yet")))]
async fn read_menu(State(app): State<App>, caller: SignedIn) -> Result<Reply<OwnerMenu>, ApiError> {
    let id = caller.restaurant()?;
    let menu = menu::owner_menu(&mut app.db.read().await?, id).await?;
    Ok(Reply(menu.ok_or(ApiError::new(ErrorCode::NotFound))?))
}

/// Replace the menu.
///
/// Role `restaurant`. `rev` is the revision it was read at: when somebody else changed the menu since, the answer is
/// `wrong_state` with the menu's `details.rev`, and nothing is lost. The same menu again changes nothing.
#[utoipa::path(put, path = "/api/v1/kitchen/menu", tag = "catalog", security(("bearer" = [])),
    request_body = OwnerMenu,
    responses(
        (status = 200, body = Success<OwnerMenu>, description = "As it is now", example = json!({
            "success": true, "data": { "rev": 8,
                "menu": { "currency": "SAR", "utcOffsetMinutes": 180, "categories": [] } } })),
        (status = 400, body = Failed, description = "`malformed_json`"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 404, body = Failed, description = "`not_found`: the restaurant has no menu yet"),
        (status = 409, body = Failed, description = "`wrong_state` with `details.rev`"),
        (status = 413, body = Failed, description = "`body_too_large`"),
        (status = 422, body = Failed, description = "`invalid_input` with `details.field` and what it is about")))]
async fn replace_menu(
    State(app): State<App>,
    caller: SignedIn,
    body: Body<OwnerMenu>,
) -> Result<Reply<OwnerMenu>, ApiError> {
    let id = caller.restaurant()?;
    let note = (app.clock.uuid(), app.clock.now());
    let menu = app
        .db
        .write(async move |mut tx| menu::replace(&mut tx, &caller.actor, id, body.value, note).await)
        .await?;
    Ok(Reply(menu))
}

/// Say whether an item can be had.
///
/// Role `restaurant`. `sold_out` with `until` comes back by itself; `hidden` is not shown at all.
#[utoipa::path(put, path = "/api/v1/kitchen/items/{id}/availability", tag = "catalog", security(("bearer" = [])),
    params(("id" = MenuItemId, Path, description = "Which item"),
        ("Idempotency-Key" = Option<uuid::Uuid>, Header, description = "The same key and body are answered alike")), request_body = SetAvailability,
    responses(
        (status = 200, body = Success<OwnerMenu>, description = "The menu as it is now", example = json!({
            "success": true, "data": { "rev": 9,
                "menu": { "currency": "SAR", "utcOffsetMinutes": 180, "categories": [] } } })),
        (status = 400, body = Failed, description = "`malformed_json`, or `key_missing`: the `Idempotency-Key` is no UUID"),
        (status = 401, body = Failed,
            description = "`unauthenticated`, `token_expired`, `token_invalid`, `session_revoked`"),
        (status = 403, body = Failed, description = "`forbidden`: another role"),
        (status = 409, body = Failed, description = "`key_reused`"),
        (status = 404, body = Failed, description = "`not_found`: not on this restaurant's menu")))]
async fn set_availability(
    State(app): State<App>,
    caller: SignedIn,
    Path(item): Path<MenuItemId>,
    headers: HeaderMap,
    body: Body<SetAvailability>,
) -> Result<Reply<OwnerMenu>, ApiError> {
    let id = caller.restaurant()?;
    let mutation = Mutation::SetAvailability(mutation::SetAvailability {
        item_id: item,
        availability: body.value.availability,
    });
    let asked = Asked::of(&headers, caller.actor, caller.user, mutation)?;
    let clock = app.clock.clone();
    let menu = app
        .db
        .write(async move |mut tx| {
            if let Taken::Now(performed) = mutations::once(&mut tx, &asked, &clock).await?
                && let Done::Menu(menu) = performed.done
            {
                return Ok(menu);
            }
            let menu = menu::owner_menu(&mut tx, id).await?;
            menu.ok_or(MutationError::from(CatalogError::NotFound))
        })
        .await?;
    Ok(Reply(menu))
}
