//! What signing in keeps in memory of this process: sessions that ended moments ago. Losing it loses no safety that
//! lasts: an access token dies by itself within its 15 minutes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use momfood_domain::id::SessionId;
use momfood_domain::time::Timestamp;

use super::token::ACCESS_MINUTES;

/// Kept by [`App`](crate::app::App), one per process.
#[derive(Default)]
pub struct Gate {
    ended: Mutex<HashMap<SessionId, Timestamp>>,
}

impl Gate {
    /// Remembers that `session` ended at `now`, for as long as one of its access tokens could still be used.
    pub fn end(&self, session: SessionId, now: Timestamp) {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, until| *until > now);
        ended.insert(session, now.plus_minutes(ACCESS_MINUTES));
    }

    /// Whether `session` ended a moment ago.
    pub fn has_ended(&self, session: SessionId, now: Timestamp) -> bool {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.get(&session).is_some_and(|until| *until > now)
    }
}
