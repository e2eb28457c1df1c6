//! The engine as a browser worker, so that the screens' module neither holds it nor waits for it.
//!
//! It carries between the page and the engine and decides nothing. What starts it is `xtask/assets/engine-worker.js`;
//! what stands at the page's end is `xtask/assets/engine-page.js`.
//!
//! | a page says | |
//! |---|---|
//! | `{"id", "call", "args"}` | a Call |
//! | `["blob", id, bytes]` | bytes, handed over once; the reply to `id` names them |
//! | `{"wake": true}` | the network is back, or the page is in front again |
//! | `{"lost": true}` | the device says that its network is gone |
//! | `["start", {key: text}]` | what was kept of last time: first, and after `["turn"]` |
//!
//! | the worker says | |
//! |---|---|
//! | `{"id", "reply"}`, `{"event"}` | for the screens, as text |
//! | `["ready"]` | the engine runs, here or in another tab's worker |
//! | `["keep", key, text or null]` | to be kept: a worker has no `localStorage` |
//! | `["turn"]` | the tab that ran the engine is gone, and it is this one's turn: what is kept now? |
//! | `["lost", id]` | the Call was under way in a tab that is gone: it may be done, or not |
//!
//! **One engine for all tabs of an app.** Its files belong to one worker at a time: the one that holds the Web Lock
//! `momfood-<app>-store`. Workers of other tabs pass on what their pages say over the `BroadcastChannel`
//! `momfood-<app>`, and wait for the lock; it is free as soon as its holder has ended, however that came. Where there are
//! no locks (a page that did not come over TLS) each tab has an engine of its own, and nothing is kept in files. Where
//! the browser gives no files (some private windows), the engine keeps everything in memory and says so.
//!
//! Between script and program: `self.hear(message, from)` hands in what a tab says, and `{"start": {"app", "kept",
//! "files"}}` once; `self.tell(message, to)` hands out what the engine says, to all when `to` is undefined.

#[cfg(target_arch = "wasm32")]
mod door;
#[cfg(target_arch = "wasm32")]
mod keep;
#[cfg(all(target_arch = "wasm32", feature = "self-test"))]
mod self_test;

fn main() {
    #[cfg(target_arch = "wasm32")]
    door::open();
    #[cfg(all(target_arch = "wasm32", feature = "self-test"))]
    self_test::open();
}
