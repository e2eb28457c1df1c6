//! The engine as a browser worker, so that the screens' module neither holds it nor waits for it.
//!
//! It carries between the page and the engine and decides nothing. What starts it is `xtask/assets/engine-worker.js`;
//! what stands at the page's end is `xtask/assets/engine-page.js`.
//!
//! | the page says | |
//! |---|---|
//! | `{"start": {"app", "kept": {key: text}}}` | first, once: for which app, and what was kept of last time |
//! | `{"id", "call", "args"}` | a Call |
//! | `{"wake": true}` | the network is back, or the page is in front again |
//! | `{"lost": true}` | the device says that its network is gone |
//!
//! | the worker says | |
//! |---|---|
//! | `{"id", "reply"}`, `{"event"}` | for the screens, as text |
//! | `["ready"]`, `["keep", key, text or null]` | for the page itself, as lists: a worker has no `localStorage` |

#[cfg(target_arch = "wasm32")]
mod door;
#[cfg(target_arch = "wasm32")]
mod keep;

fn main() {
    #[cfg(target_arch = "wasm32")]
    door::open();
}
