//! What all subjects of the engine share: its ports, its state, and telling the screens.
//!
//! `state` and `sync` are borrowed for a moment at a time, never across an `await`, and never one within the other.

use std::cell::RefCell;
use std::rc::Rc;

use futures::channel::mpsc;
use momfood_domain::text::Lang;
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::{Connection, Event, Line, Storage};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::reading;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::engine::EngineConfig;
use crate::live::Live;
use crate::port::{Attached, Ports, mint};
use crate::session::Auth;
use crate::store::Cache;
use crate::sync::Client;

/// Reads `text` by way of a [`serde_json::Value`], as everything is read.
pub(crate) fn read_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let value = serde_json::from_str::<serde_json::Value>(text).ok()?;
    reading::read(value).ok()
}

/// Where something small stands in the cache's file.
fn small(key: &str) -> String {
    ["small:", key].concat()
}

/// The engine's inside.
pub(crate) struct Core {
    pub ports: Ports,
    pub config: EngineConfig,
    pub state: RefCell<State>,
    pub sync: RefCell<Client>,
    pub hearers: RefCell<Vec<mpsc::UnboundedSender<Event>>>,
    /// What joined after the engine began.
    pub attached: RefCell<Attached>,
}

/// Everything the engine remembers while it runs.
#[derive(Default)]
pub(crate) struct State {
    pub lang: Lang,
    pub session: Auth,
    pub live: Live,
    pub taps: crate::taps::Taps,
    /// Add to the device's clock to get the server's.
    pub offset: Option<i64>,
    #[cfg(feature = "customer")]
    pub catalog: crate::catalog::Catalog,
    #[cfg(feature = "customer")]
    pub cart: crate::cart::CartState,
    #[cfg(feature = "customer")]
    pub history: crate::history::History,
    #[cfg(feature = "customer")]
    pub push: crate::notify::Push,
    #[cfg(feature = "customer")]
    pub looked: crate::notify::Looked,
    #[cfg(feature = "printing")]
    pub printing: crate::printing::Desk,
    #[cfg(feature = "driver")]
    pub track: crate::track::Track,
}

impl Core {
    /// `code` in the language spoken.
    pub fn failure(&self, code: ErrorCode) -> Failure {
        Failure::new(code, self.lang())
    }

    pub fn lang(&self) -> Lang {
        self.state.borrow().lang
    }

    /// The server's time, as well as it is known.
    pub fn now(&self) -> Timestamp {
        let offset = self.state.borrow().offset.unwrap_or(0);
        self.ports.host.now().plus(offset)
    }

    pub fn mint(&self) -> Uuid {
        mint(&*self.ports.host)
    }

    pub fn chance(&self) -> u32 {
        let [a, b, c, d, ..] = self.ports.host.random().to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    pub async fn sleep_micros(&self, micros: i64) {
        let millis = u64::try_from(micros.max(0)).unwrap_or(0).div_ceil(1_000);
        self.ports.host.sleep(millis).await;
    }

    pub fn tell(&self, event: &Event) {
        self.hearers
            .borrow_mut()
            .retain(|hearer| hearer.unbounded_send(event.clone()).is_ok());
    }

    /// Whether the line is known to be down.
    pub fn is_offline(&self) -> bool {
        self.sync.borrow().machine().line() == Line::Offline
    }

    /// Whether what the feed brought is known to be current.
    pub fn is_live(&self) -> bool {
        self.sync.borrow().machine().line() == Line::Live
    }

    pub fn connection(&self) -> Connection {
        let sync = self.sync.borrow();
        let state = self.state.borrow();
        Connection {
            line: sync.machine().line(),
            heard_at: sync.machine().heard_at(),
            clock_offset: state.offset.unwrap_or(0),
            waiting: state.taps.waiting,
            oldest: state.taps.oldest,
            refused: state.taps.refused,
            storage: sync.store().storage(),
            outdated: sync.machine().is_outdated(),
        }
    }

    pub fn tell_connection(&self) {
        self.tell(&Event::Connection(self.connection()));
    }

    /// The server's clock said `time` just now, or a little earlier: what came through a network is late, never
    /// early, so the greatest offset seen is the truest, unless a clock was set.
    pub fn server_said(&self, time: Timestamp) {
        let sample = time.since(self.ports.host.now());
        let moved = {
            let offset = &mut self.state.borrow_mut().offset;
            let old = *offset;
            match old {
                Some(known) if sample <= known && known - sample < SECOND => {}
                _ => *offset = Some(sample),
            }
            (old.unwrap_or(0) - offset.unwrap_or(0)).abs() >= SECOND / 2
        };
        if moved {
            let offset = self.state.borrow().offset.unwrap_or(0);
            self.sync.borrow_mut().set_offset(offset);
            self.tell_connection();
        }
    }

    pub fn kept<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let beside = self.beside(|cache| cache.kept(&small(key)).ok().flatten());
        let text = beside.flatten().map(|kept| kept.text);
        read_text(&text.or_else(|| self.ports.keep.get(key))?)
    }

    /// Keeps something small. A page's own storage is written down by a browser when it likes, and with a browser that is
    /// killed goes what was kept a moment ago, who is signed in among it: in a browser it stands in the cache's file too.
    /// A native app keeps the session's secret here, and a file is no place for that.
    pub fn keep<T: Serialize>(&self, key: &str, value: Option<&T>) {
        let text = value
            .and_then(|value| serde_json::to_value(value).ok())
            .map(|value| value.to_string());
        self.ports.keep.set(key, text.as_deref());
        let now = self.ports.host.now();
        // Where it cannot be written, what was written above has to do.
        self.beside(|cache| match &text {
            Some(text) => cache.keep(&small(key), text, now),
            None => cache.forget(&small(key)),
        });
    }

    fn beside<T>(&self, look: impl FnOnce(&Cache) -> T) -> Option<T> {
        let sync = self.sync.try_borrow().ok().filter(|_| self.config.cookie_mode)?;
        let durable = sync.store().storage() != Storage::Memory;
        durable.then(|| look(sync.store().cache()))
    }

    /// Runs `task` beside everything else.
    pub fn spawn(self: &Rc<Self>, task: impl Future<Output = ()> + 'static) {
        self.ports.host.spawn(Box::pin(task));
    }
}
