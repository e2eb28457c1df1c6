//! Bodies of `/api/v1`. Success is wrapped in [`crate::error::Success`], failure in [`crate::error::Failed`].
//!
//! Who calls is told by `Authorization: Bearer <access token>`; in which language, by `Accept-Language`. A browser
//! that wants its refresh token as an `HttpOnly` cookie sends [`COOKIE_HEADER`] with its app's name.

use momfood_domain::actor::Role;
use momfood_domain::address::Address;
use momfood_domain::cart::Cart;
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{AddressId, OrderId, QuoteId, RestaurantId, UserId};
use momfood_domain::menu::{Availability, Menu};
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::PaymentMethod;
use momfood_domain::phone::Phone;
use momfood_domain::pricing::{Bill, Fulfilment};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::account::Consent;
use crate::device::PushPlatform;
use crate::error::ErrorCode;
use crate::mutation::Proof;
use crate::view::{OrderView, Position, RestaurantCard, Step};

/// Asks for cookie mode and names the app (`customer`, `kitchen`, `driver`, `admin`) whose cookie is meant.
/// A form on another site cannot send it.
pub const COOKIE_HEADER: &str = "x-momfood-cookie";
/// Carries the idempotency key, a UUID, of a request that must happen once.
pub const KEY_HEADER: &str = "idempotency-key";

/// Cuisines a restaurant can be found by.
pub const CUISINES: [&str; 17] = [
    "saudi",
    "yemeni",
    "grills",
    "shawarma",
    "lebanese",
    "burgers",
    "pizza",
    "indian",
    "breakfast",
    "seafood",
    "healthy",
    "sweets",
    "coffee",
    "bakery",
    "korean",
    "asian",
    "egyptian",
];

/// `POST /auth/register`: a new customer, whose email or phone is the one that the ticket stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Register {
    /// From `registration_required`.
    pub ticket: String,
    /// 8 to 200 characters. An email needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// First name.
    pub first_name: String,
    /// Family name.
    #[serde(default)]
    pub last_name: String,
    /// Preferred language.
    #[serde(default)]
    pub language: Lang,
    /// What they agree to, each once and of the text in force: without the terms and the privacy notice there is no
    /// account.
    #[serde(default)]
    pub consents: Vec<Consent>,
}

/// `POST /auth/login`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Login {
    /// Sign-in name.
    pub email: String,
    /// At least 8 characters.
    pub password: String,
    /// The role to act in; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The restaurant to act for; the person's first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// `POST /auth/refresh` and `POST /auth/logout`; in cookie mode the token travels in the cookie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token, unless it is in the cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A session begun or renewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// For `Authorization: Bearer`; lives 15 minutes.
    pub access_token: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The server's time now.
    pub now: Timestamp,
    /// Lives 7 days, works once; absent in cookie mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    pub user: Me,
}

/// The signed-in person: `GET /me`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Their id.
    pub id: UserId,
    /// Sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// First name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Preferred language.
    pub language: Lang,
    /// Roles held.
    pub roles: Vec<Role>,
    /// The role of this session.
    pub role: Role,
    /// The restaurant of this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
}

/// `PATCH /me`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateMe {
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Preferred language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
    /// Mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

/// A saved address: `GET /me/addresses`, `PUT /me/addresses/{id}` (the client mints the id).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SavedAddress {
    /// Its id.
    pub id: AddressId,
    /// The address.
    #[serde(flatten)]
    pub address: Address,
}

/// Query of `GET /restaurants`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams, utoipa::ToSchema), into_params(parameter_in = Query))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantQuery {
    /// Degrees north of the point to deliver to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east of the point to deliver to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// Words in names, cuisines or items, in either language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// One of [`CUISINES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cuisine: Option<String>,
    /// Only those that take orders now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Order of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<RestaurantSort>,
}

/// Order of a list of restaurants; open ones always come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RestaurantSort {
    /// Featured, then near and well rated.
    #[default]
    Recommended,
    /// Nearest first.
    Distance,
    /// Best rated first.
    Rating,
    /// Soonest delivered first.
    Time,
    /// Lowest delivery fee first.
    Fee,
}

/// Answer of `GET /restaurants`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantList {
    /// In order.
    pub restaurants: Vec<RestaurantCard>,
}

/// Answer of `GET /restaurants/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantPage {
    /// The restaurant.
    pub restaurant: RestaurantCard,
    /// Opening hours.
    pub hours: OpeningHours,
    /// To call it.
    pub phone: String,
    /// What it sells, without hidden items.
    pub menu: Menu,
    /// Grows with every change of the menu.
    pub menu_rev: i64,
}

/// `PATCH /kitchen/restaurant`: what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateRestaurant {
    /// Usual preparation, 1 to 180 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation_minutes: Option<u32>,
    /// Seconds to answer a new order, 10 to 1800.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_limit_seconds: Option<i64>,
    /// Smallest order, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<i64>,
    /// Base delivery fee, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_fee: Option<i64>,
    /// Opening hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<OpeningHours>,
}

/// `POST /kitchen/pause`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pause {
    /// Minutes to pause, 1 to 1440; 0 takes orders again at once; absent pauses until resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// `PUT /kitchen/items/{id}/availability`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetAvailability {
    /// Whether the item can be had.
    pub availability: Availability,
}

/// The menu as its owner edits it: `GET /kitchen/menu`, `PUT /kitchen/menu`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnerMenu {
    /// The whole menu, hidden items too.
    pub menu: Menu,
    /// The revision it was read at; a `PUT` against another is answered `wrong_state`.
    pub rev: i64,
}

/// `POST /quotes`: price this cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuoteRequest {
    /// What.
    pub cart: Cart,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Where to; needed for a delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<GeoPoint>,
}

/// A server-priced cart. Placing needs one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// The price.
    pub bill: Bill,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Until when it holds.
    pub expires_at: Timestamp,
    /// When an order placed now could be expected.
    pub estimated_at: Timestamp,
}

/// `POST /orders`, with an [`KEY_HEADER`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceOrder {
    /// Minted by the client: a retry names the same order.
    pub id: OrderId,
    /// The price agreed to.
    pub quote_id: QuoteId,
    /// Cash or card.
    pub payment_method: PaymentMethod,
    /// What the card's form gave; needed for a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_token: Option<String>,
    /// Where to; needed for a delivery, and at the quoted point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// For the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Not to be placed after this (an order queued offline at noon is not placed at six).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Timestamp>,
}

/// A page of orders, newest first: `GET /orders`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderPage {
    /// Newest first.
    pub orders: Vec<OrderView>,
    /// Send as `before` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Timestamp>,
}

/// `POST /orders/{id}/accept`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Accept {
    /// Minutes until ready, 1 to 180.
    pub prep_minutes: u32,
}

/// `POST /orders/{id}/reject`, `/cancel`, `/release`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Because {
    /// Why.
    pub reason: Reason,
    /// `/release` only: of which attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
}

/// `POST /orders/{id}/accept-offer`, `/decline-offer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attempt {
    /// The attempt answered.
    pub attempt: u32,
}

/// `POST /orders/{id}/hand-over`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandedOver {
    /// Cash taken, minor units; needed when cash is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
}

/// `POST /orders/{id}/deliver`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delivered {
    /// Cash taken, minor units; needed when cash is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
    /// What shows that it was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// `POST /orders/{id}/fail`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotDelivered {
    /// Why.
    pub reason: Reason,
    /// What shows that the driver was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// `POST /orders/{id}/refund`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundOrder {
    /// Minor units to give back.
    pub amount: i64,
}

/// `POST /orders/{id}/rate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateOrder {
    /// 1 to 5.
    pub stars: u8,
    /// In the customer's words, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Longest note on a closed review, in characters.
pub const MAX_REVIEW_NOTE: usize = 1_000;

/// Answer of `GET /support/reviews`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReviewList {
    /// Oldest first.
    pub reviews: Vec<Review>,
}

/// A fact that does not fit what is written down: people look at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Review {
    /// Its id.
    pub id: Uuid,
    /// Who told it.
    pub actor: UserId,
    /// In which role.
    pub role: Role,
    /// For which restaurant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restaurant_id: Option<RestaurantId>,
    /// What made it happen once.
    pub uid: Uuid,
    /// The name of the mutation, see [`crate::mutation::Mutation::NAMES`].
    pub name: String,
    /// Its arguments.
    pub args: Value,
    /// The order it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// That order's number, if there is such an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_number: Option<String>,
    /// Cash it says was taken, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
    /// When it was told.
    pub at: Timestamp,
    /// When it happened, as far as the device's clock can be believed.
    pub occurred_at: Timestamp,
    /// Whether that clock was far off.
    pub skewed: bool,
    /// Whether it was done all the same.
    pub applied: bool,
    /// Why it does not fit.
    pub code: ErrorCode,
    /// What the code says it holds.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

/// `POST /support/reviews/{id}/close`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseReview {
    /// What came of it, 1 to 1000 characters.
    pub note: String,
}

/// `POST /driver/shift`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetShift {
    /// On or off duty.
    pub on: bool,
    /// Where the driver is; needed to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<GeoPoint>,
}

/// `POST /pings`: at most 50 positions of a driver on shift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pings {
    /// Names one run of the app; with `n`, orders positions whatever the clocks say.
    pub session: Uuid,
    /// Oldest first.
    pub pings: Vec<Ping>,
}

/// A measured position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Ping {
    /// Grows by one within the session.
    pub n: u64,
    /// Where.
    pub point: GeoPoint,
    /// How many milliseconds before sending it was measured.
    #[serde(default)]
    pub age_ms: u64,
    /// Degrees clockwise from north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<u16>,
}

/// Answer of `GET /orders/{id}/position`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PositionAnswer {
    /// Last known; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

/// `PUT /push/token`: where a push service finds the app of this session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushToken {
    /// Whose service.
    pub platform: PushPlatform,
    /// What the service calls the app on this device.
    pub token: String,
}

/// Answer of `GET /shared/{token}`: how far somebody's order is. Nobody's name, phone, address or position, no item and
/// no price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SharedOrder {
    /// Who cooks.
    pub restaurant: SharedRestaurant,
    /// Where it stands.
    pub status: OrderStatus,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// What happened, oldest first; nothing about money.
    pub timeline: Vec<Step>,
    /// When it can be expected, while it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_at: Option<Timestamp>,
    /// Whether a driver has it and is on the way.
    pub on_the_way: bool,
    /// When the server said so, by its clock.
    pub as_of: Timestamp,
    /// Until when the link leads somewhere, at the latest.
    pub until: Timestamp,
}

/// The restaurant of a shared order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SharedRestaurant {
    /// Its name.
    pub name: LocalizedText,
    /// Path of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}
