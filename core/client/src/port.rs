//! What the engine needs from where it runs: a network, a place to keep a little, time, chance and tasks.
//!
//! The engine lives on one thread: nothing here is `Send`. Where screens are elsewhere (another thread, a
//! worker, the app's native process), Calls and Events cross as JSON, not these.

use std::rc::Rc;
use std::sync::Arc;

use futures::future::BoxFuture;
pub use futures::future::LocalBoxFuture;
pub use futures::stream::LocalBoxStream;
use momfood_domain::time::Timestamp;
use momfood_protocol::engine::{self, SetDevice};
use momfood_protocol::sync::BlobState;
#[cfg(any(target_arch = "wasm32", feature = "native"))]
use momfood_protocol::sync::{LENGTH_HEADER, OFFSET_HEADER};
use uuid::Uuid;

/// Where the engine runs.
#[derive(Clone)]
pub struct Ports {
    /// The way to the server.
    pub net: Rc<dyn Net>,
    /// What outlives the engine.
    pub keep: Rc<dyn Keep>,
    /// Time, chance and tasks.
    pub host: Rc<dyn Host>,
}

/// How a request reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Do.
    Post,
    /// Put in place.
    Put,
    /// Change in part.
    Patch,
    /// Take away.
    Delete,
    /// Ask about, without reading it.
    Head,
}

impl Method {
    /// As it is written in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
        }
    }
}

/// A request, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// The whole address, or in a browser a path of the page's own origin.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Option<String>,
    /// A part of a file, in place of a body.
    pub bytes: Option<Vec<u8>>,
}

/// An answer, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// What the answer's headers say of a file, if they say something.
    pub upload: Option<BlobState>,
    /// As it came.
    pub body: Vec<u8>,
}

/// Says with `1` that a file is whole.
#[cfg(any(target_arch = "wasm32", feature = "native"))]
const COMPLETE_HEADER: &str = "upload-complete";

/// What an answer's headers say of a file.
#[cfg(any(target_arch = "wasm32", feature = "native"))]
pub(crate) fn upload_of(header: impl Fn(&str) -> Option<String>) -> Option<BlobState> {
    let number = |name| header(name)?.parse().ok();
    Some(BlobState {
        offset: number(OFFSET_HEADER)?,
        length: number(LENGTH_HEADER).unwrap_or(0),
        complete: number(COMPLETE_HEADER) == Some(1),
    })
}

/// An answer whose body goes on.
pub struct Opened {
    /// HTTP status.
    pub status: u16,
    /// The body, piece by piece; an item that is an error is the last.
    pub body: LocalBoxStream<'static, Result<Vec<u8>, NetError>>,
}

/// No answer, or only part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer from the server")]
pub struct NetError;

/// The way to the server. Dropping what is returned ends the request.
pub trait Net {
    /// Sends, and waits for the whole answer.
    fn send(&self, request: Request) -> LocalBoxFuture<'static, Result<Response, NetError>>;

    /// Sends, and waits for the answer to begin.
    fn open(&self, request: Request) -> LocalBoxFuture<'static, Result<Opened, NetError>>;
}

/// What outlives the engine: a few small JSON texts. It may lose them; nothing may depend on them.
pub trait Keep {
    /// What was kept under `key`.
    fn get(&self, key: &str) -> Option<String>;

    /// Keeps `value` under `key`; `None` forgets it.
    fn set(&self, key: &str, value: Option<&str>);
}

/// Time, chance and tasks.
pub trait Host {
    /// The device's clock.
    fn now(&self) -> Timestamp;

    /// Waits.
    fn sleep(&self, millis: u64) -> LocalBoxFuture<'static, ()>;

    /// Runs `task` beside everything else.
    fn spawn(&self, task: LocalBoxFuture<'static, ()>);

    /// 128 random bits, good enough for ids.
    fn random(&self) -> u128;
}

/// What only the program around the engine can do: its windows, its start, its keychain. Other than the ports it may come
/// after the engine began, and lives on other threads.
pub trait Device: Send + Sync {
    /// What it can do, and does now.
    fn state(&self) -> engine::Device;

    /// Changes what it does.
    fn set(&self, change: &SetDevice) -> Result<(), CannotDo>;

    /// Opens a window for a station, or brings the one there is to the front.
    fn open_station(&self, station: Option<&str>) -> Result<(), CannotDo>;

    /// Asks the person whether notifications may be shown.
    fn ask_to_notify(&self) -> BoxFuture<'static, Result<(), CannotDo>>;
}

/// The device does not do that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device does not do that: {0}")]
pub struct CannotDo(pub String);

/// The way to a printer.
pub trait Press: Send + Sync {
    /// Reaches a printer that, as far as one can ask it, would print. No byte of a sheet goes out yet. One at a time holds a
    /// printer; the next waits until it has printed its sheet, or is dropped.
    fn reach(&self, printer: &engine::Printer) -> BoxFuture<'static, Result<Reached, PressError>>;

    /// Reaches a sheet's printer and prints the sheet, for those who write nothing down in between.
    fn print(&self, sheet: engine::Sheet) -> BoxFuture<'static, Result<(), PressError>> {
        let reached = self.reach(&sheet.printer);
        Box::pin(async move { (reached.await?)(sheet).await })
    }
}

/// A printer that was reached. Sends a sheet's bytes out to it; ends when all of them were taken, or when the printer takes no
/// more for a while: the engine itself waits for as long as this takes.
pub type Reached = Box<dyn FnOnce(engine::Sheet) -> BoxFuture<'static, Result<(), PressError>> + Send>;

/// Why a sheet was not printed, as far as one can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PressError {
    /// Not a byte of the sheet went out.
    #[error("the printer cannot be reached")]
    Unreachable,
    /// Some bytes went out: it may be on paper.
    #[error("the printer took no more in the middle of the sheet")]
    Stalled,
}

/// What may join an engine after it began.
#[derive(Clone, Default)]
pub struct Attached {
    /// The program around it.
    pub device: Option<Arc<dyn Device>>,
    /// The way to printers.
    pub press: Option<Arc<dyn Press>>,
}

/// A `UUIDv7` of this moment.
pub(crate) fn mint(host: &dyn Host) -> Uuid {
    let millis = u64::try_from(host.now().0 / 1_000).unwrap_or(0);
    let random = host.random().to_le_bytes();
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}
