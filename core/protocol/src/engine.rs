//! What a screen says to its engine, and hears from it: Calls and Events.
//!
//! A screen sends a Call and gets its Reply or a [`Failure`]; it subscribes once and hears [`Event`]s. Everything
//! is JSON, so the engine may live in the page, in a worker or in the app's native process: a screen cannot
//! tell. A screen shows only what a Reply said; it computes no price, no state and no permission.

use momfood_domain::cart::{Cart, CartLine};
use momfood_domain::geo::GeoPoint;
use momfood_domain::id::{AddressId, MenuItemId, OrderId, QuoteId, RestaurantId};
use momfood_domain::menu::{Availability, Menu};
use momfood_domain::order::Reason;
use momfood_domain::payment::PaymentMethod;
use momfood_domain::pricing::{Bill, Fulfilment};
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use crate::device::{
    Device, DeviceKind, Pace, PaceReason, Paper, PrintJob, PrintState, Printer, PrinterHealth, PrinterLine,
    PrinterState, Printing, ProofPicture, PushPlatform, Secrets, ShareLink, SharedView, Sharing, Sheet,
    SheetContent,
};
use crate::error::Failure;
use crate::mutation::Proof;
pub use crate::online::{OnlineCall, SignIn};
use crate::rest::{Me, Quote, RestaurantPage, RestaurantSort, SavedAddress};
use crate::view::{DriverDay, KitchenSettings, OrderView, Position, RestaurantCard};

/// A question or order of a screen to its engine.
pub trait Call: Into<AnyCall> + Serialize + DeserializeOwned {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What the engine answers.
    type Reply: Serialize + DeserializeOwned + 'static;
}

macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* } -> $reply:ty;)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }

            impl Call for $name {
                const NAME: &'static str = stringify!($name);
                type Reply = $reply;
            }

            impl From<$name> for AnyCall {
                fn from(call: $name) -> Self { Self::$name(call) }
            }
        )+

        /// Any Call, as it crosses the wire: `{"call": "GetOrder", "args": {…}}`.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "call", content = "args")]
        pub enum AnyCall {
            $($(#[$doc])* $name($name),)+
            /// One that the engine passes through to the server.
            #[serde(untagged)]
            Online(OnlineCall),
        }

        impl AnyCall {
            /// The name of every Call that the engine answers itself.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];
        }
    };
}

calls! {
    // Session -------------------------------------------------------------------------------------------
    /// Who is signed in, if anyone. Waits a moment for the session kept from last time to be renewed.
    GetSession {} -> SessionState;
    /// End the session on this device.
    SignOut {} -> SessionState;
    /// Speak this language from now on, to the person and to the server.
    SetLanguage {
        /// Which.
        lang: Lang,
    } -> Done;
    /// How the line to the server is, and the server's time.
    GetConnection {} -> Connection;
    /// What was tapped here and is not confirmed yet, and what was refused and not looked at.
    GetOutbox {} -> Outbox;
    /// A refusal was looked at. `again` taps the same once more, where that makes sense.
    SettleRefusal {
        /// Which.
        uid: Uuid,
        /// Whether to try the same again, as a new tap.
        again: bool,
    } -> Outbox;
    /// An alert of this device was acknowledged: it does not come back.
    AcknowledgeAlert {
        /// Of which order.
        id: OrderId,
    } -> Done;
    /// Everything this device keeps and has tapped, for support.
    ExportVault {} -> VaultExport;

    // Device --------------------------------------------------------------------------------------------
    /// What the device can do for the app, and does now.
    GetDevice {} -> Device;
    /// Change what the device does; what is absent stays.
    SetDevice {
        /// Fill the screen.
        full_screen: Option<bool>,
        /// Start with the device.
        start_at_boot: Option<bool>,
    } -> Device;
    /// Ask the person whether notifications may be shown; answers with what they said.
    AskToNotify {} -> Device;
    /// The push service gave the app this token. It is handed to the server while somebody is signed in.
    RegisterPush {
        /// Whose service.
        platform: PushPlatform,
        /// The token.
        token: String,
    } -> Done;

    // Customer: choosing --------------------------------------------------------------------------------
    /// Saved addresses, and the one in use.
    GetAddresses {} -> Addresses;
    /// Save an address (a new one without an id) and use it.
    SaveAddress {
        /// Which, or a new one.
        id: Option<AddressId>,
        /// The address as typed; the short address is checked.
        address: AddressForm,
    } -> Addresses;
    /// Forget an address.
    DeleteAddress {
        /// Which.
        id: AddressId,
    } -> Addresses;
    /// Deliver to this address.
    ChooseAddress {
        /// Which.
        id: AddressId,
    } -> Addresses;
    /// Restaurants for the address in use.
    ListRestaurants {
        /// Words typed.
        search: Option<String>,
        /// One of [`crate::rest::CUISINES`].
        cuisine: Option<String>,
        /// Only those that take orders now.
        open_only: bool,
        /// In which order.
        sort: RestaurantSort,
    } -> Restaurants;
    /// A restaurant and its menu.
    GetRestaurant {
        /// Which.
        id: RestaurantId,
    } -> RestaurantView;

    // Customer: the cart --------------------------------------------------------------------------------
    /// The cart, priced as far as the engine knows.
    GetCart {} -> CartView;
    /// Add a line. A cart holds one restaurant: with another's items in it, [`CartView::conflict`] is answered
    /// unless `replace` is set.
    AddToCart {
        /// Where from.
        restaurant_id: RestaurantId,
        /// What.
        line: CartLine,
        /// Empty the cart of another restaurant first.
        replace: bool,
    } -> CartView;
    /// Change a line, by its place in the cart; quantity 0 takes it out.
    SetCartLine {
        /// Place of the line.
        index: usize,
        /// The line as it shall be.
        line: CartLine,
    } -> CartView;
    /// Put a whole cart in place of the one there is (undo, reorder).
    SetCart {
        /// The cart.
        cart: Cart,
    } -> CartView;
    /// Set the tip.
    SetTip {
        /// Minor units.
        tip: i64,
    } -> CartView;
    /// Brought or fetched.
    SetFulfilment {
        /// Which.
        fulfilment: Fulfilment,
    } -> CartView;
    /// Empty the cart.
    ClearCart {} -> CartView;
    /// Ask the server to price the cart. Placing needs its answer.
    GetQuote {} -> Quote;
    /// Place the order. Repeating the Call with the same `order_id` is the same order. A changed price is
    /// answered `price_changed` with the new quote in the details, and nothing is charged.
    PlaceOrder {
        /// Minted by [`NewOrderId`].
        order_id: OrderId,
        /// The price agreed to.
        quote_id: QuoteId,
        /// Cash or card.
        payment_method: PaymentMethod,
        /// What the card's form gave.
        card_token: Option<String>,
        /// For the kitchen.
        note: Option<String>,
    } -> OrderView;
    /// Mint the id of an order about to be placed.
    NewOrderId {} -> NewId;

    // Customer: orders ----------------------------------------------------------------------------------
    /// The customer's orders, newest first: the live ones, then a page of history.
    ListOrders {
        /// The next page, as the last answer named it.
        before: Option<Timestamp>,
    } -> OrderList;
    /// One order; also with the driver's last position.
    GetOrder {
        /// Which.
        id: OrderId,
    } -> OrderTrack;
    /// Call an order off (customer or kitchen).
    CancelOrder {
        /// Which.
        id: OrderId,
        /// Why.
        reason: Reason,
    } -> OrderView;
    /// Say how it was.
    RateOrder {
        /// Which.
        id: OrderId,
        /// 1 to 5.
        stars: u8,
        /// In the customer's words.
        comment: Option<String>,
    } -> OrderView;
    /// A link with which somebody else can follow an order.
    ShareOrder {
        /// Which.
        id: OrderId,
    } -> ShareLink;
    /// Whether an order is shared, and by which link.
    GetSharing {
        /// Which.
        id: OrderId,
    } -> Sharing;
    /// Let the link lead nowhere.
    StopSharing {
        /// Of which order.
        id: OrderId,
    } -> Sharing;
    /// An order that somebody shared, by the last part of its link. Nobody needs to be signed in.
    GetShared {
        /// The last part of the link.
        token: String,
    } -> SharedView;
    /// The picture that shows that an order of one's own was handed over.
    GetProof {
        /// Of which order.
        id: OrderId,
    } -> ProofPicture;
    /// Fill the cart with what can still be had of an old order.
    Reorder {
        /// Which.
        id: OrderId,
    } -> ReorderView;

    // Kitchen -------------------------------------------------------------------------------------------
    /// The board: every open order of the restaurant.
    GetBoard {} -> Board;
    /// Say yes.
    AcceptOrder {
        /// To which.
        id: OrderId,
        /// Minutes until ready.
        prep_minutes: u32,
    } -> OrderView;
    /// Say no.
    RejectOrder {
        /// To which.
        id: OrderId,
        /// Why.
        reason: Reason,
    } -> OrderView;
    /// Start cooking.
    StartPreparing {
        /// Which.
        id: OrderId,
    } -> OrderView;
    /// It can be fetched.
    MarkReady {
        /// Which.
        id: OrderId,
    } -> OrderView;
    /// The customer fetched it.
    HandOver {
        /// Which.
        id: OrderId,
        /// Cash taken, minor units.
        cash: Option<i64>,
    } -> OrderView;
    /// A station has done its part.
    BumpTicket {
        /// Which order.
        id: OrderId,
        /// Which station.
        station: String,
    } -> OrderView;
    /// Not done after all.
    RecallTicket {
        /// Which order.
        id: OrderId,
        /// Which station.
        station: String,
    } -> OrderView;
    /// The restaurant's own menu.
    GetMenu {} -> MenuView;
    /// Replace the menu, as read at `rev`.
    SaveMenu {
        /// The whole menu.
        menu: Menu,
        /// The revision it was read at.
        rev: i64,
    } -> MenuView;
    /// Sold out, back, or hidden.
    SetAvailability {
        /// Which item.
        item_id: MenuItemId,
        /// Whether it can be had.
        availability: Availability,
    } -> MenuView;
    /// Take no new orders for some minutes; 0 resumes; `None` until resumed.
    PauseRestaurant {
        /// How long.
        minutes: Option<u32>,
    } -> KitchenSettings;

    /// Open a window of its own for a station; without a name, for the whole board.
    OpenStation {
        /// Which.
        station: Option<String>,
    } -> Done;
    /// Printers of this device and what they have to do.
    GetPrinting {} -> Printing;
    /// Add a printer, or change the one of that id.
    SavePrinter {
        /// The printer.
        printer: Printer,
    } -> Printing;
    /// Forget a printer and what it still had to print.
    RemovePrinter {
        /// Which.
        id: Uuid,
    } -> Printing;
    /// Print a test page.
    TestPrinter {
        /// On which printer.
        id: Uuid,
    } -> Printing;
    /// Print an order on every printer of this device it belongs to; marked COPY where it was printed before.
    PrintOrder {
        /// Which.
        id: OrderId,
    } -> Printing;
    /// Somebody looked at an unsure or waiting ticket: it is there or not needed, or (`again`) is to be printed as a COPY.
    SettlePrint {
        /// Which ticket.
        job: Uuid,
        /// Print it again.
        again: bool,
    } -> Printing;

    // Driver --------------------------------------------------------------------------------------------
    /// Shift, offer, job and today.
    GetDriverHome {} -> DriverHome;
    /// Go on or off duty.
    SetShift {
        /// On or off.
        on: bool,
        /// Where the driver is; needed to go on.
        point: Option<GeoPoint>,
    } -> DriverHome;
    /// Say yes to an offer.
    AcceptOffer {
        /// Of which order.
        id: OrderId,
        /// Which attempt.
        attempt: u32,
    } -> DriverHome;
    /// Say no to an offer.
    DeclineOffer {
        /// Of which order.
        id: OrderId,
        /// Which attempt.
        attempt: u32,
    } -> DriverHome;
    /// Take the next step of the job.
    TakeStep {
        /// Of which order.
        id: OrderId,
        /// Which step.
        step: DriverStep,
    } -> DriverHome;
    /// Where the driver is now. Answers at once; sending is the engine's affair.
    ReportPosition {
        /// Where.
        point: GeoPoint,
        /// Degrees clockwise from north.
        heading: Option<u16>,
    } -> Done;
    /// How often the device should say where it is.
    GetPace {} -> Pace;
    /// Where the driver is just now, for once: the pace is [`PaceReason::Starting`] until something reports it, twenty
    /// seconds at most. Fails with `not_on_this_device` when nothing did.
    Locate {} -> Position;
}

/// The answer of a Call that has nothing to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}

/// An id just minted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewId {
    /// The id.
    pub id: OrderId,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionState {
    /// The person, or nobody.
    pub user: Option<Me>,
}

/// How the line to the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// Live, catching up, or none.
    pub line: Line,
    /// When the server was last heard, by the device's clock in microseconds since 1970; absent when never.
    pub heard_at: Option<Timestamp>,
    /// Add to the device's clock to get the server's, microseconds.
    pub clock_offset: i64,
    /// Changes made here that the server has not confirmed yet.
    pub waiting: u32,
    /// When the oldest of them was made, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// Refusals nobody has looked at.
    #[serde(default)]
    pub refused: u32,
    /// Whether what is tapped outlives this page.
    #[serde(default)]
    pub storage: Storage,
    /// Whether this program and the server do not fit: what was tapped is kept, and goes out once one of them is newer.
    #[serde(default)]
    pub outdated: bool,
}

/// Whether what is tapped outlives the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// Nothing outlives it: a tap counts once the server has answered.
    #[default]
    Memory,
    /// A tap is written down before it is acknowledged.
    Durable,
    /// As [`Storage::Durable`], but what was written down before could not be read; a copy is kept for support.
    Recovered,
}

/// What was tapped here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outbox {
    /// Not confirmed yet, oldest first.
    pub waiting: Vec<Tap>,
    /// Refused, newest first, until somebody has looked.
    pub refused: Vec<Refusal>,
    /// Files that go out beside them.
    pub uploads: u32,
}

/// A tap, as it is remembered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tap {
    /// Its own name.
    pub uid: Uuid,
    /// What, see [`crate::mutation::Mutation::NAMES`].
    pub name: String,
    /// Of which order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// That order's number, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// When, by the server's clock as far as it is known.
    pub at: Timestamp,
    /// Cash it says was taken, minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash: Option<i64>,
    /// Whether its person is signed in no more: it goes out as theirs all the same.
    #[serde(default)]
    pub of_another: bool,
}

/// A tap that was not done as meant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The tap.
    pub tap: Tap,
    /// Why.
    pub failure: Failure,
    /// Whether it is kept for people to look at (a fact that no longer fits, or one nobody can read).
    pub review: bool,
    /// Whether tapping the same again can help.
    pub can_repeat: bool,
}

/// See [`ExportVault`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VaultExport {
    /// A name for the file.
    pub file_name: String,
    /// Everything, as JSON.
    pub content: Value,
}

/// Bytes handed to the engine once, and named by their hash from then on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlobRef {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// How many.
    pub size: u64,
}

/// State of the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Nobody is signed in: nothing to be connected to.
    #[default]
    Idle,
    /// Opening the stream, or catching up after a gap. What is shown may be old.
    Connecting,
    /// The stream is open, was heard within 45 s, and everything up to its head is applied.
    Live,
    /// No answer; trying again by itself.
    Offline,
}

/// Saved addresses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Addresses {
    /// In order of use.
    pub addresses: Vec<SavedAddress>,
    /// The one in use.
    pub chosen: Option<AddressId>,
}

/// An address as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressForm {
    /// What the customer calls it.
    pub label: String,
    /// The pin.
    pub point: GeoPoint,
    /// National short address.
    pub short_address: Option<String>,
    /// District, street, building.
    pub line: String,
    /// Something one can see from the street.
    pub landmark: Option<String>,
    /// For the driver.
    pub note: Option<String>,
}

/// A list of restaurants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Restaurants {
    /// In order.
    pub restaurants: Vec<RestaurantCard>,
    /// When the server said so.
    pub as_of: Timestamp,
    /// Whether it is kept from earlier because the server could not be asked.
    pub stale: bool,
}

/// A restaurant page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestaurantView {
    /// The page.
    pub page: RestaurantPage,
    /// When the server said so.
    pub as_of: Timestamp,
    /// Whether it is kept from earlier because the server could not be asked.
    pub stale: bool,
}

/// The cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartView {
    /// What is picked; absent when nothing is.
    pub cart: Option<Cart>,
    /// The restaurant's name.
    pub restaurant: Option<LocalizedText>,
    /// Its picture.
    pub picture: Option<String>,
    /// How many items.
    pub count: u32,
    /// Brought or fetched.
    pub fulfilment: Fulfilment,
    /// Predicted price of the lines that can be priced; the quote's is the truth.
    pub bill: Option<Bill>,
    /// Why it cannot be ordered as it is.
    pub problem: Option<Failure>,
    /// Set when a line of another restaurant was to be added: that restaurant's name.
    pub conflict: Option<LocalizedText>,
}

/// Orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderList {
    /// Newest first.
    pub orders: Vec<OrderView>,
    /// For the next page.
    pub next: Option<Timestamp>,
    /// Whether it is kept from earlier because the server could not be asked.
    pub stale: bool,
}

/// An order to follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderTrack {
    /// The order.
    pub order: OrderView,
    /// The driver's last known position, while they carry or fetch it.
    pub position: Option<Position>,
}

/// A cart filled from an old order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReorderView {
    /// The new cart.
    pub cart: CartView,
    /// Names of what can no longer be had.
    pub missing: Vec<LocalizedText>,
}

/// The kitchen's board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The restaurant.
    pub restaurant: KitchenSettings,
    /// Open orders and those that ended within 48 h, oldest first.
    pub orders: Vec<OrderView>,
    /// Orders that were called off by others after this kitchen had accepted them, until that is acknowledged here.
    #[serde(default)]
    pub alerts: Vec<OrderId>,
    /// When the server last said so, by its clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// The restaurant's own menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MenuView {
    /// The whole menu.
    pub menu: Menu,
    /// Its revision.
    pub rev: i64,
}

/// The driver's screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DriverHome {
    /// Shift and today's earnings.
    pub day: DriverDay,
    /// An offer standing.
    pub offer: Option<OrderView>,
    /// The job at hand.
    pub job: Option<OrderView>,
    /// Further jobs accepted: food of the same trip, in the order it is worth bringing it.
    #[serde(default)]
    pub next: Vec<OrderView>,
    /// Where the engine last knew the driver to be.
    pub position: Option<Position>,
}

/// A step of a driver's job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum DriverStep {
    /// At the restaurant.
    ArriveAtRestaurant,
    /// Has the food.
    PickUp,
    /// At the customer's.
    ArriveAtCustomer,
    /// Handed over.
    Deliver {
        /// Cash taken, minor units.
        cash: Option<i64>,
        /// What shows it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    },
    /// Could not hand it over.
    Fail {
        /// Why.
        reason: Reason,
        /// What shows that the driver was there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Proof>,
    },
    /// Brought back.
    ReturnFood,
    /// Let go before pick-up.
    Release {
        /// Why.
        reason: Reason,
        /// Which attempt.
        attempt: u32,
    },
}

/// What an engine tells its screens, unasked. An Event says that something changed; the screen asks again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Signed in, out, or thrown out.
    Session(SessionState),
    /// The line changed.
    Connection(Connection),
    /// An order changed.
    Order {
        /// Which.
        id: OrderId,
    },
    /// A new order waits for the kitchen's answer.
    NewOrder {
        /// Which.
        id: OrderId,
    },
    /// The board's restaurant changed; to a customer: a list that was answered from what is kept is here anew.
    Restaurant {},
    /// The restaurant's own menu changed; to a customer: a menu that was answered from what is kept is here anew.
    Menu {},
    /// The driver's day, offer or job changed.
    Driver {},
    /// The cart changed, perhaps in another screen.
    Cart {},
    /// Something was tapped, confirmed, refused or looked at.
    Outbox {},
    /// What the device does changed.
    Device {},
    /// A printer, or what is to be printed, changed.
    Printing {},
    /// The driver's device should say where it is more or less often.
    Pace(Pace),
    /// This device said where its driver is.
    Here {
        /// Where.
        position: Position,
    },
    /// The app is to show this place, a path below the app's own (`/orders/…`): a link or a notification was opened.
    Open {
        /// The path.
        path: String,
    },
    /// A driver moved.
    Position {
        /// Whose order.
        id: OrderId,
        /// Where.
        position: Position,
    },
}

/// The reply of any Call, as it crosses the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnyReply {
    /// The Call's Reply.
    Ok(Value),
    /// What went wrong.
    Err(Failure),
}
