//! The live stream as a state machine: when to open it, when to believe it, when it is dead. Knows nothing of what is
//! said on it.
//!
//! - A stream is believed from its first heads on: they name the epoch.
//! - It is dead when nothing was heard for [`SILENCE`]. While it is down there is always a time at which it is tried
//!   again: back-off with jitter, at most [`super::LONGEST_WAIT`].

use momfood_domain::time::{SECOND, Timestamp};

use super::back_off;
use super::machine::{Act, Numbers};

/// Microseconds of silence after which a stream is dead.
pub const SILENCE: i64 = 45 * SECOND;
/// The server says something at least this often, and a little, microseconds.
const BEAT: i64 = 25 * SECOND;
/// How long a stream may take to open, microseconds.
const OPENING: i64 = 15 * SECOND;
/// Failed attempts at the stream after which pages are asked for with each further one: something on the way may let
/// requests through and no streams.
const POLL_AFTER: u32 = 3;

#[derive(Clone, Copy, Debug)]
enum State {
    /// Nothing to follow.
    Off,
    /// To be opened again then.
    Waiting(Timestamp),
    /// Being opened since then.
    Opening(Timestamp),
    /// Open; heard last then. `greeted` once it has said where the scopes stand.
    Open { heard: Timestamp, greeted: bool },
}

/// See the module.
#[derive(Debug)]
pub struct Stream {
    state: State,
    number: u32,
    /// Failed attempts since it was last heard.
    attempts: u32,
    /// Whether one has said where the scopes stand since there is something to follow.
    was_greeted: bool,
}

impl Stream {
    pub const fn off() -> Self {
        Self {
            state: State::Off,
            number: 0,
            attempts: 0,
            was_greeted: false,
        }
    }

    pub const fn is(&self, number: u32) -> bool {
        self.number == number && !matches!(self.state, State::Off)
    }

    pub const fn is_off(&self) -> bool {
        matches!(self.state, State::Off)
    }

    pub const fn is_greeted(&self) -> bool {
        matches!(self.state, State::Open { greeted: true, .. })
    }

    /// Open, though perhaps nothing was said on it yet.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// Whether opening it has failed more often than can be put down to a moment.
    pub const fn is_failing(&self) -> bool {
        self.attempts > 1
    }

    pub const fn start(&mut self, now: Timestamp) {
        self.state = State::Waiting(now);
        self.attempts = 0;
        self.was_greeted = false;
    }

    pub fn stop(&mut self, acts: &mut Vec<Act>) {
        if !self.is_off() {
            acts.push(Act::Close);
        }
        *self = Self::off();
    }

    pub fn wake(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        match self.state {
            State::Waiting(_) => self.state = State::Waiting(now),
            // A beat was missed while the device slept: the stream may be dead and not know it.
            State::Open { heard, .. } if now.since(heard) > BEAT => {
                acts.push(Act::Close);
                self.state = State::Waiting(now);
            }
            State::Off | State::Opening(_) | State::Open { .. } => {}
        }
    }

    /// Opens another stream in place of the one there is: it opens if the device was wrong.
    pub fn lost(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        if self.is_open() {
            acts.push(Act::Close);
            self.state = State::Waiting(now);
        }
    }

    /// Gives up the stream there is, if any, and opens another: that one speaks to the device by its old name.
    pub fn reopen(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        if matches!(self.state, State::Opening(_) | State::Open { .. }) {
            acts.push(Act::Close);
            self.state = State::Waiting(now);
        }
        self.number = 0;
    }

    /// Whether that was news.
    pub const fn opened(&mut self, now: Timestamp) -> bool {
        let news = matches!(self.state, State::Opening(_));
        if news {
            self.state = State::Open {
                heard: now,
                greeted: false,
            };
        }
        news
    }

    /// Whether it says where the scopes stand for the first time, in place of one that did so before.
    pub const fn alive(&mut self, now: Timestamp, greeting: bool) -> bool {
        let mut anew = false;
        if let State::Open { heard, greeted } = &mut self.state {
            *heard = now;
            if greeting && !*greeted {
                *greeted = true;
                anew = self.was_greeted;
                self.was_greeted = true;
            }
            // Only words count: something on the way may open streams and pass nothing on.
            self.attempts = 0;
        }
        anew
    }

    pub fn closed(&mut self, now: Timestamp, chance: u32) {
        if matches!(self.state, State::Off | State::Waiting(_)) {
            return;
        }
        // If it was good until now: soon, but not all clients of a restarted server in the same moment.
        self.attempts = self.attempts.saturating_add(1);
        self.number = 0;
        self.state = State::Waiting(now.plus(back_off(self.attempts, chance)));
    }

    /// Does what has come due; answers whether pages should be asked for beside it.
    pub fn due(&mut self, now: Timestamp, chance: u32, numbers: &mut Numbers, acts: &mut Vec<Act>) -> bool {
        let dead = match self.state {
            State::Opening(since) => now.since(since) >= OPENING,
            State::Open { heard, .. } => now.since(heard) >= SILENCE,
            State::Off | State::Waiting(_) => false,
        };
        if dead {
            acts.push(Act::Close);
            self.closed(now, chance);
        }
        let State::Waiting(at) = self.state else {
            return false;
        };
        if now < at {
            return false;
        }
        self.number = numbers.next();
        self.state = State::Opening(now);
        acts.push(Act::Open(self.number));
        self.attempts > POLL_AFTER
    }

    /// When to look again.
    pub const fn next(&self) -> Option<Timestamp> {
        match self.state {
            State::Off => None,
            State::Waiting(at) => Some(at),
            State::Opening(since) => Some(since.plus(OPENING)),
            State::Open { heard, .. } => Some(heard.plus(SILENCE)),
        }
    }
}
