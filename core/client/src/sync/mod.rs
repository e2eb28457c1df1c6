//! Handing in what was tapped and reading what changed, without losing anything and without doing anything twice.
//!
//! - [`Client`] is what an engine, or a simulator, drives: it takes inputs, keeps its [`crate::store::Store`] true, and
//!   says what is to be sent. Between any two of its steps the program may end; the next one goes on over the same files.
//! - [`Machine`] decides. It does no I/O, reads no clock and draws no chance.
//! - What is shown is what the cache holds with the vault's mutations above its `lastMid` replayed by the same code the
//!   server runs (`shown`).
//!
//! It must never wait with pulling for pushing, never forget a mutation before its result is written down, never send
//! what one person tapped in another's name, and never let something older replace something newer.

mod client;
mod machine;
mod pull;
mod push;
mod shown;
mod stream;
mod upload;

use momfood_domain::time::SECOND;
use momfood_protocol::error::Failure;

pub use client::{Ask, Client, Effect, Fresh, NotTaken, Outgoing, Signed, no_answer};
pub use machine::{Act, Answer, Beginning, By, Input, Machine};
pub use pull::{CATCH_UP, Standing};
pub use shown::{Changed, Shown};
pub use stream::SILENCE;

/// Longest wait before the next attempt, microseconds.
pub const LONGEST_WAIT: i64 = 30 * SECOND;
/// First wait before another attempt, microseconds; doubled with each.
const FIRST_WAIT: i64 = SECOND / 2;
/// A request without an answer for so long is given up here, whatever the network does with it, microseconds.
const OVERDUE: i64 = 40 * SECOND;

/// Microseconds to wait before attempt `n` + 1: doubling, at most [`LONGEST_WAIT`], the upper half left to chance.
pub fn back_off(n: u32, chance: u32) -> i64 {
    let full = (FIRST_WAIT << n.saturating_sub(1).min(16)).min(LONGEST_WAIT);
    full / 2 + full / 2 * i64::from(chance % 1_024) / 1_024
}

/// How long the server asks to be left alone, microseconds.
fn retry_after(failure: &Failure) -> i64 {
    let seconds = failure
        .details
        .get("retryAfter")
        .and_then(serde_json::Value::as_i64);
    seconds.unwrap_or(0).clamp(0, 600) * SECOND
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Mistakes this could make, for tests that must catch them. Outside of tests there are none to choose from.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Faults {
            $($(#[$doc])* #[cfg(any(test, feature = "faults"))] pub $name: bool,)+
        }

        impl Faults {
            /// None.
            pub const NONE: Self = Self { $(#[cfg(any(test, feature = "faults"))] $name: false,)+ };

            $(#[cfg(any(test, feature = "faults"))]
            const fn $name(self) -> bool {
                self.$name
            }

            #[cfg(not(any(test, feature = "faults")))]
            #[allow(clippy::unused_self, reason = "the same face as with mistakes")]
            const fn $name(self) -> bool {
                false
            })+
        }
    };
}

faults! {
    /// Nothing is read while something waits to be sent.
    pull_waits_for_push,
    /// A refused mutation is sent again and again, and those behind it wait.
    wedge_on_poisoned,
    /// A mutation leaves the outbox before its result is written down.
    result_not_stored,
    /// Only a new tap makes it try again.
    edge_triggered_retry,
    /// A prediction goes as soon as the server names its mutation, though its effects have not come yet.
    early_last_mid,
    /// A cursor is kept though what the person may see has changed.
    keep_cursor_across_views,
}
