//! Orders, restaurants and drivers as their viewer may see them. One shape per thing: what a viewer may
//! not see is absent, never another shape.

use momfood_domain::actor::Role;
use momfood_domain::address::Address;
use momfood_domain::delivery::{AssignmentStatus, DeliveryStatus};
use momfood_domain::geo::GeoPoint;
use momfood_domain::hours::OpeningHours;
use momfood_domain::id::{OrderId, RestaurantId, ShiftId, UserId};
use momfood_domain::money::Currency;
use momfood_domain::order::{OrderStatus, Reason};
use momfood_domain::payment::{PaymentMethod, PaymentStatus};
use momfood_domain::pricing::{Bill, Fulfilment, Terms};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A restaurant on a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantCard {
    /// Its id.
    pub id: RestaurantId,
    /// Its name.
    pub name: LocalizedText,
    /// What it is known for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
    /// Words of [`crate::rest::CUISINES`].
    pub cuisines: Vec<String>,
    /// District.
    pub district: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// Path of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Tenths of a star (0–50).
    pub rating: u32,
    /// How many rated it.
    pub reviews: u32,
    /// Shown first.
    pub featured: bool,
    /// Usual preparation, minutes.
    pub preparation_minutes: u32,
    /// Currency of its prices.
    pub currency: Currency,
    /// Its charges.
    pub terms: Terms,
    /// Whether it takes orders now.
    pub opening: Opening,
    /// From the point asked about; absent when none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// Delivery fee to that point, minor units; absent when out of range or no point was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_fee: Option<i64>,
    /// Minutes until an order placed now would be at that point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_minutes: Option<u32>,
}

/// Whether a restaurant takes orders now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Opening {
    /// Yes.
    Open,
    /// Not within its hours.
    Closed {
        /// When it opens, if ever.
        #[serde(default, rename = "opensAt", skip_serializing_if = "Option::is_none")]
        opens_at: Option<Timestamp>,
    },
    /// The kitchen asked for a break.
    Paused {
        /// Until when, if known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// Its kitchen has not been heard of for a minute: an order might not be seen.
    Unreachable,
}

/// A restaurant as its own kitchen sees it: entity `restaurant` of scope `restaurant:{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct KitchenSettings {
    /// Its id.
    pub id: RestaurantId,
    /// Its name.
    pub name: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// Opening hours.
    pub hours: OpeningHours,
    /// Takes no new orders until then; `i64::MAX` micros means until someone says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Timestamp>,
    /// Preparation suggested when accepting, minutes.
    pub preparation_minutes: u32,
    /// Seconds the kitchen has to answer a new order.
    pub accept_limit_seconds: i64,
    /// Charges.
    pub terms: Terms,
    /// Currency.
    pub currency: Currency,
}

/// An order as its viewer may see it: entity `order` of scopes `customer:{id}`, `restaurant:{id}`,
/// `driver:{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Its id.
    pub id: OrderId,
    /// The number people say, such as `4821-9346`: the last four are enough in one kitchen.
    pub number: String,
    /// Grows by one with every change; a lower one is older.
    pub rev: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Who cooks.
    pub restaurant: RestaurantOfOrder,
    /// Who eats. A kitchen sees the first name; a driver at work on it sees name and phone.
    pub customer: CustomerOfOrder,
    /// Where to. The customer and the driver at work on it see it; a driver who is asked sees only
    /// [`DeliveryView::area`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// What was ordered and what it costs. A driver sees lines and total only.
    pub bill: Bill,
    /// For the kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How it is paid, and where that stands.
    pub payment: PaymentView,
    /// Its delivery, from acceptance on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryView>,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// Until when the kitchen may answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_by: Option<Timestamp>,
    /// When the kitchen promised it, or when it was ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_by: Option<Timestamp>,
    /// When the customer can expect it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimated_at: Option<Timestamp>,
    /// What happened, oldest first.
    pub timeline: Vec<Step>,
    /// Why it ended, if it ended badly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// To the customer: what stays to be paid when they cancel now, minor units; absent when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_fee: Option<i64>,
    /// Who called it off, if somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<Role>,
    /// To the kitchen: what its stations have done of it. A station that is not named has its part still to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<TicketView>,
    /// To the customer, until it is handed over: what to tell the driver, who can prove with it that it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handover_code: Option<String>,
    /// To the customer: the stars they gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<u8>,
    /// Set by the engine, never by the server: this device has changed it in a way the server has not confirmed yet.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unconfirmed: bool,
    /// What the viewer may do with it now; the server decides again when it is done.
    pub may: Vec<Action>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// One station's part of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TicketView {
    /// Which; a kitchen with one is `kitchen`.
    pub station: String,
    /// Done since then; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

/// What shows that an order was handed over, or that the driver was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProofView {
    /// What kind.
    pub kind: ProofKind,
    /// The picture's name, for `GET /blobs/{sha256}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When it was made, as far as the device's clock can be believed.
    pub at: Timestamp,
}

/// What kind of proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// A photo.
    Photo,
    /// The customer's code.
    Code,
    /// A signature.
    Signature,
}

/// The restaurant of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RestaurantOfOrder {
    /// Its id.
    pub id: RestaurantId,
    /// Its name.
    pub name: LocalizedText,
    /// Where it is.
    pub point: GeoPoint,
    /// District.
    pub district: LocalizedText,
    /// To call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Path of its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// The customer of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomerOfOrder {
    /// First name, or more where the viewer needs it.
    pub name: String,
    /// To call them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// The payment of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentView {
    /// Cash or card.
    pub method: PaymentMethod,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Given back so far, minor units.
    pub refunded: i64,
    /// Cash the driver or counter must take, minor units; 0 when none.
    pub cash_due: i64,
}

/// The delivery of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Straight line from restaurant to customer, metres.
    pub distance_m: u32,
    /// Where to, roughly: the pin rounded to about a kilometre. All a driver sees before accepting.
    pub area: GeoPoint,
    /// The driver at work on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driver: Option<DriverOfOrder>,
    /// To the driver it concerns: the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentView>,
    /// To the customer and the driver: what shows how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofView>,
}

/// A driver's attempt, to that driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignmentView {
    /// Its number, to be named when answering.
    pub attempt: u32,
    /// Where it stands.
    pub status: AssignmentStatus,
    /// Until when the offer stands.
    pub expires_at: Timestamp,
    /// What it pays, tip included, minor units.
    pub pay: i64,
}

/// The driver of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DriverOfOrder {
    /// Their id.
    pub id: UserId,
    /// First name.
    pub name: String,
    /// To call them, while they carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What to look out for: "White motorbike, ABC 1234".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<LocalizedText>,
}

/// A driver's position.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Where.
    pub point: GeoPoint,
    /// When it was measured, by the server's clock.
    pub at: Timestamp,
    /// Degrees clockwise from north.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<u16>,
}

/// A step of an order's timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// When.
    pub at: Timestamp,
}

/// What can stand on a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The customer placed it.
    Placed,
    /// The kitchen said yes.
    Accepted,
    /// Being cooked.
    Preparing,
    /// Can be fetched.
    Ready,
    /// A driver said yes.
    DriverAssigned,
    /// The driver is at the restaurant.
    DriverAtRestaurant,
    /// With the driver.
    PickedUp,
    /// The driver is at the customer's.
    DriverAtCustomer,
    /// With the customer.
    Delivered,
    /// Called off.
    Cancelled,
    /// The kitchen said no.
    Rejected,
    /// The kitchen said nothing in time.
    Expired,
    /// Could not be handed over.
    Failed,
    /// Money was given back.
    Refunded,
}

/// Something a viewer may do with an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Call it off.
    Cancel,
    /// Kitchen: say yes.
    Accept,
    /// Kitchen: say no.
    Reject,
    /// Kitchen: start cooking.
    StartPreparing,
    /// Kitchen: it can be fetched.
    MarkReady,
    /// Kitchen: the customer fetched it.
    HandOver,
    /// Driver: say yes.
    AcceptOffer,
    /// Driver: say no.
    DeclineOffer,
    /// Driver: let go.
    Release,
    /// Driver: at the restaurant.
    ArriveAtRestaurant,
    /// Driver: has the food.
    PickUp,
    /// Driver: at the customer's.
    ArriveAtCustomer,
    /// Driver: handed over.
    Deliver,
    /// Driver: could not hand it over.
    FailDelivery,
    /// Driver: brought back.
    ReturnFood,
    /// Customer: say how it was.
    Rate,
}

/// A driver's day: entity `driver` of scope `driver:{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DriverDay {
    /// On duty since; absent when off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<ShiftView>,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Deliveries completed today (local day).
    pub trips: u32,
    /// Earned today, minor units, tips included.
    pub earned: i64,
    /// Tips among it.
    pub tips: i64,
    /// Cash to hand in, of all days, minor units; also what people have still to look at.
    pub cash_in_hand: i64,
    /// Today's trips, newest first.
    pub done: Vec<TripView>,
}

/// A driver's time on duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShiftView {
    /// Its id.
    pub id: ShiftId,
    /// Since when.
    pub since: Timestamp,
}

/// A completed trip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TripView {
    /// Of which order.
    pub order_id: OrderId,
    /// Its number.
    pub number: String,
    /// From where.
    pub restaurant: LocalizedText,
    /// When it was done.
    pub at: Timestamp,
    /// What it paid, minor units.
    pub pay: i64,
    /// Cash taken, minor units.
    pub cash: i64,
    /// Whether it was handed over.
    pub delivered: bool,
}
