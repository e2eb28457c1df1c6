//! What signing in keeps in memory of this process: the line before the password check, tries left, and sessions that
//! ended moments ago. Losing it loses no safety that lasts: an access token dies by itself within its 15 minutes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

use momfood_domain::id::SessionId;
use momfood_domain::time::Timestamp;

use super::limit::Limit;
use super::password::Hashing;
use super::token::ACCESS_MINUTES;

/// Kept by [`App`](crate::app::App), one per process.
#[derive(Default)]
pub struct Gate {
    /// Where passwords are checked.
    pub hashing: Hashing,
    /// Tries by address and account.
    pub tries: Limit<(Option<IpAddr>, String)>,
    ended: RwLock<HashMap<SessionId, Timestamp>>,
}

impl Gate {
    /// Remembers that `session` ended at `now`, for as long as one of its access tokens could still be used.
    pub fn end(&self, session: SessionId, now: Timestamp) {
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, until| *until > now);
        ended.insert(session, now.plus_minutes(ACCESS_MINUTES));
    }

    /// Whether `session` ended a moment ago.
    pub fn has_ended(&self, session: SessionId, now: Timestamp) -> bool {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        ended.get(&session).is_some_and(|until| *until > now)
    }
}
