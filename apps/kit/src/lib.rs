//! The design language and the shared pieces of MomFood's screens.
//!
//! Screens in `customer`, `kitchen` and `driver` are put together from what is here: tokens and styles
//! (`css/`), components, words ([`i18n`]), formats ([`mod@format`]), the map ([`map`]), sound, time and storage.
//! Nothing here decides anything about an order: the kit draws what it is given and reports what was touched.
//!
//! Where to start: `README.md` beside this crate has a snippet per component; [`app::start`] runs an app.
#![warn(missing_docs)]

pub mod a11y;
pub mod account;
pub mod amount;
pub mod app;
pub mod art;
pub mod capture;
pub mod components;
pub mod connection;
pub mod engine;
pub mod format;
pub mod hand_out;
pub mod history;
pub mod i18n;
pub mod icons;
pub mod join;
pub mod lang;
pub mod map;
pub mod opened;
pub mod outbox;
pub mod pictures;
pub mod scroll;
pub mod sound;
pub mod span;
pub mod storage;
pub mod theme;
pub mod time;
pub mod title;
pub mod toasts;
pub mod transport;
pub mod words;

mod dom;
pub mod fluent;

/// Everything a screen needs, beside `dioxus::prelude::*`.
pub mod prelude {
    pub use crate::a11y::{announce, announce_now, focus_first, focus_id, unique_id};
    pub use crate::app::{AppFrame, AppName};
    pub use crate::art::{Art, Drawing};
    pub use crate::capture::{PhotoField, SignaturePad};
    pub use crate::components::*;
    pub use crate::connection::{
        CONNECTION, Connection, ConnectionBanner, ConnectionPill, KEPT, Kept, StorageNotice, UnconfirmedMark,
    };
    pub use crate::format;
    pub use crate::icons::{Icon, IconView};
    pub use crate::lang::{Lang, LocalizedText, Words, lang, set_lang};
    pub use crate::map::{MapMarker, MapView, MarkerKind};
    pub use crate::outbox::{open_outbox, use_outbox};
    pub use crate::pictures::picture;
    pub use crate::scroll::use_scroll_spy;
    pub use crate::sound::{BELL, Bell};
    pub use crate::span::for_how_long;
    pub use crate::t;
    pub use crate::theme::{Theme, set_theme, theme};
    pub use crate::time::{now, sleep_ms, use_now};
    pub use crate::title::use_title;
    pub use crate::toasts::{toast, toast_error, toast_undo};
}
