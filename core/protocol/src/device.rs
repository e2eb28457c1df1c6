//! What a screen says about the device it runs on, and hears of it: its window, its printers, its secrets, how often it
//! says where it is. Parts of [`crate::engine`]'s Calls; a browser's engine answers them with what a browser can do.

use momfood_domain::id::OrderId;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::rest::SharedOrder;
use crate::view::{OrderView, ProofKind};

/// What the device can do for the app, and does now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Where the app runs.
    pub kind: DeviceKind,
    /// The app's version, `1.2.3`; empty in a browser, whose page knows its own.
    pub version: String,
    /// The server it speaks to, `https://…`; empty in a browser: the page's own.
    pub server: String,
    /// Where the sign-in's secret is kept.
    pub secrets: Secrets,
    /// Whether the window fills the screen; absent where the app has no say in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_screen: Option<bool>,
    /// Whether the app starts with the device; absent where it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_at_boot: Option<bool>,
    /// Whether the app keeps the screen on; absent where the page has to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awake: Option<bool>,
    /// Whether it can open further windows, see [`crate::engine::OpenStation`].
    #[serde(default)]
    pub windows: bool,
    /// Whether it can print.
    #[serde(default)]
    pub printing: bool,
    /// Whether it may show notifications; absent where nobody was asked, or none can be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<bool>,
}

/// Where an app runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// In a browser's page.
    #[default]
    Browser,
    /// As a program of a computer.
    Desktop,
    /// As an app of a phone.
    Phone,
}

/// Where the sign-in's secret is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrets {
    /// In a cookie no script can read.
    #[default]
    Cookie,
    /// In the device's keychain.
    Keychain,
    /// In a file, encrypted with a key that lies beside it: this device offers no keychain. Whoever can read the person's
    /// files can read it.
    File,
    /// Nowhere: the next start asks for the password again.
    Memory,
}

/// How a printer is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum PrinterLine {
    /// Over the network, raw bytes to a port (usually 9100).
    Network {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// A serial line, also one over USB (`/dev/ttyUSB0`, `COM3`).
    Serial {
        /// The line's name.
        path: String,
        /// Bits a second.
        baud: u32,
    },
    /// A device file that takes bytes (`/dev/usb/lp0`).
    File {
        /// Its path.
        path: String,
    },
}

/// Width of a printer's paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 80 mm: 576 dots.
    #[default]
    Wide,
    /// 58 mm: 384 dots.
    Narrow,
}

impl Paper {
    /// Dots across.
    pub const fn dots(self) -> u32 {
        match self {
            Self::Wide => 576,
            Self::Narrow => 384,
        }
    }
}

/// A ticket printer of this device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Printer {
    /// Minted by whoever adds it.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// How it is reached.
    pub line: PrinterLine,
    /// Its paper.
    pub paper: Paper,
    /// The language of its headings; names are printed in both.
    pub lang: Lang,
    /// Prints only these stations' lines; empty: whole orders.
    #[serde(default)]
    pub stations: Vec<String>,
    /// Prints each order by itself as soon as the kitchen has accepted it.
    pub automatic: bool,
    /// How many of each ticket, 1 to 5.
    pub copies: u8,
}

/// Printers of this device and what they have to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Printing {
    /// In order of names.
    pub printers: Vec<PrinterState>,
    /// What is not certainly on paper yet, oldest first.
    pub jobs: Vec<PrintJob>,
    /// What was printed or settled lately, newest first.
    pub done: Vec<PrintJob>,
    /// What was kept of printers and tickets could not be read, and was begun anew; until a printer is saved.
    #[serde(default)]
    pub lost: bool,
}

/// A printer and how it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrinterState {
    /// The printer.
    pub printer: Printer,
    /// How it is, as far as was tried.
    pub health: PrinterHealth,
    /// When that was found out, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}

/// How a printer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterHealth {
    /// Nothing was printed on it yet.
    #[default]
    Unknown,
    /// It took the last ticket whole.
    Ready,
    /// It cannot be reached.
    Unreachable,
    /// It was reached and took no more: paper, cover, or cut off.
    Stalled,
}

/// A ticket on its way to paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrintJob {
    /// Its own name.
    pub id: Uuid,
    /// On which printer.
    pub printer: Uuid,
    /// Of which order; absent for a test page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// That order's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where it stands.
    pub state: PrintState,
    /// Whether it is marked COPY: paper of the same may lie there already.
    pub copy: bool,
    /// How often its printer was reached to print it.
    pub attempts: u32,
    /// When it was asked for, by the server's clock.
    pub at: Timestamp,
}

/// Where a ticket stands. A printer gives no reliable receipt: `Printed` says that it took every byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// No byte of it has gone out.
    Waiting,
    /// Its bytes are going out now.
    Sending,
    /// Some bytes went out, not certainly all: it may be on paper. What follows it is marked COPY.
    Unsure,
    /// The printer took every byte.
    Printed,
    /// Not needed (any more): somebody looked and said so, a COPY of it was printed, or its order was called off.
    Settled,
}

/// What a printer is given to print. It crosses no wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// On what, and in which language.
    pub printer: Printer,
    /// What.
    pub content: SheetContent,
    /// Whose kitchen.
    pub restaurant: LocalizedText,
    /// Paper of the same may lie there already.
    pub copy: bool,
    /// When it is printed, by the server's clock.
    pub at: Timestamp,
    /// Minutes east of UTC in which times are written.
    pub utc_offset_minutes: i16,
}

/// What stands on a [`Sheet`].
#[derive(Clone, Debug, PartialEq)]
pub enum SheetContent {
    /// A test page: both scripts, the paper's edges.
    Test,
    /// A kitchen's ticket.
    Order {
        /// Of this order.
        order: Box<OrderView>,
        /// Only these of its lines, by their place; absent: all of them.
        lines: Option<Vec<usize>>,
    },
}

/// How often a driver's device should say where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// Why so often.
    pub reason: PaceReason,
    /// At least so many seconds between two positions; 0: none at all.
    pub seconds: u32,
    /// And only after so many metres.
    pub metres: u32,
    /// Whether the receiver should be as exact as it can.
    pub exact: bool,
}

/// Why a driver's device says so often where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaceReason {
    /// Not on shift: nothing is asked, nothing is sent.
    OffShift,
    /// Not on shift, but about to be: asked once, while the app is open; not sent by itself.
    Starting,
    /// On shift and waiting for work.
    Idle,
    /// On the way.
    OnTheWay,
    /// Near a stop, or a customer is watching.
    Close,
}

/// Whose push service a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PushPlatform {
    /// Apple.
    Apns,
    /// Firebase.
    Fcm,
}

/// A link to an order for somebody else: it shows how far it is, never who, where or what it cost. Answer of
/// `POST /orders/{id}/share` and `GET /orders/{id}/share`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ShareLink {
    /// `https://…/s/…`.
    pub url: String,
    /// Until when it leads somewhere, at the latest: two hours after the order's end it leads nowhere.
    pub until: Timestamp,
}

/// Whether an order is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sharing {
    /// The link, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<ShareLink>,
}

/// An order that somebody shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedView {
    /// How far it is.
    pub order: SharedOrder,
    /// Whether it is what was answered last, because the server cannot be asked now.
    pub stale: bool,
}

/// What shows that an order was handed over, to its customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofPicture {
    /// What kind.
    pub kind: ProofKind,
    /// When it was made, as far as the device's clock can be believed.
    pub at: Timestamp,
    /// The picture as a `data:` address; absent where the proof has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}
