//! What signing in keeps in memory of this process: the line before the password check, and sessions that
//! ended moments ago. An access token says of itself that it may be believed for 15 minutes; what takes that back is that
//! its session ended, whatever the reason (signed out, suspended, erased, a password changed, a role taken). The server
//! that ends one knows at once; all others, and one that was just started, [learn](learn_due) it from the database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use momfood_domain::id::SessionId;
use momfood_domain::time::{MINUTE, Timestamp};

use super::password::Hashing;
use super::session;
use super::token::ACCESS_MINUTES;
use crate::app::App;
use crate::store::StoreError;

/// Kept by [`App`], one per process.
#[derive(Default)]
pub struct Gate {
    /// Where passwords are checked.
    pub hashing: Hashing,
    ended: RwLock<HashMap<SessionId, Timestamp>>,
    /// Up to when the database was asked what ended.
    learnt: Mutex<Timestamp>,
}

/// How much of what was asked for before is asked for again: a commit may be that late, and clocks that far apart.
const AGAIN: i64 = MINUTE;

/// Learns which sessions ended in the meantime, here or elsewhere.
pub async fn learn_due(app: &App, now: Timestamp) -> Result<(), StoreError> {
    let gate = &app.gate;
    let earliest = now.plus_minutes(-ACCESS_MINUTES).plus(-AGAIN);
    let since = gate.learnt().plus(-AGAIN).max(earliest);
    let ended = session::ended_since(&mut app.db.read().await?, since).await?;
    gate.learn(&ended, now);
    *gate.learnt() = now;
    Ok(())
}

impl Gate {
    /// Remembers that `session` ended at `now`, for as long as one of its access tokens could still be used.
    pub fn end(&self, session: SessionId, now: Timestamp) {
        self.learn(&[(session, now)], now);
    }

    /// [`Gate::end`] for several.
    pub fn end_all(&self, sessions: &[SessionId], now: Timestamp) {
        let ended: Vec<_> = sessions.iter().map(|session| (*session, now)).collect();
        self.learn(&ended, now);
    }

    /// Remembers when sessions ended.
    pub fn learn(&self, sessions: &[(SessionId, Timestamp)], now: Timestamp) {
        if sessions.is_empty() {
            return;
        }
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, until| *until > now);
        for (session, at) in sessions {
            // A minute more: the clock of the server that signed its last token may be ahead.
            let until = at.plus_minutes(ACCESS_MINUTES).plus(AGAIN);
            ended.insert(*session, until);
        }
    }

    fn learnt(&self) -> MutexGuard<'_, Timestamp> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether `session` ended a moment ago.
    pub fn has_ended(&self, session: SessionId, now: Timestamp) -> bool {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        ended.get(&session).is_some_and(|until| *until > now)
    }
}
