//! What waits to be sent to one listener: bounded. Of positions only the latest waits; of everything else a few, and
//! one who is slower than that is told to start over.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use momfood_domain::id::{OrderId, SessionId, UserId};
use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::feed::{OrderPosition, Scope, StreamEvent};
use tokio::sync::Notify;
use uuid::Uuid;

/// Frames that may wait.
const FRAMES: usize = 32;
/// Orders whose driver's position may wait.
const POSITIONS: usize = 64;

/// A step of a scope, written once for everyone who listens to it.
#[derive(Debug)]
pub(super) struct Frame {
    pub scope: Scope,
    /// The scope stood here before…
    pub from: i64,
    /// …and here after.
    pub to: i64,
    /// The changes, when they are small enough to carry.
    pub delta: Option<Bytes>,
    /// That it moved.
    pub head: Bytes,
    /// Which of the sessions that listened still lived when this was read.
    pub seen: Seen,
}

/// How long what was seen of a session is believed: a session that ends hears nothing read later than this after.
const BELIEVED: i64 = SECOND;

/// Which sessions still lived at a moment, and how far devices had come, read in the snapshot the frame was read in.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub at: Timestamp,
    pub alive: BTreeMap<SessionId, bool>,
    pub last_mids: BTreeMap<Uuid, (UserId, i64)>,
}

impl Seen {
    /// The last mutation of a device of `user`'s, if that is known.
    pub(super) fn last_mid(&self, device: Uuid, user: UserId) -> Option<i64> {
        let (owner, last) = self.last_mids.get(&device)?;
        (*owner == user).then_some(*last)
    }

    /// Whether the session lives, if that is known at `now`.
    pub(super) fn lives(&self, session: SessionId, now: Timestamp) -> Option<bool> {
        let fresh = (0..BELIEVED).contains(&now.since(self.at));
        let alive = self.alive.get(&session).copied();
        alive.filter(|alive| fresh || !alive)
    }
}

/// An event as it is sent. `None` only if it cannot be written as JSON, which none of ours is.
pub(super) fn sse(event: &StreamEvent) -> Option<Bytes> {
    let name = match event {
        StreamEvent::Heads(_) => "heads",
        StreamEvent::Delta(_) => "delta",
        StreamEvent::Head(_) => "head",
        StreamEvent::Position(_) => "position",
        StreamEvent::Resync => "resync",
    };
    let data = serde_json::to_string(event).ok()?;
    Some(Bytes::from(format!("event: {name}\ndata: {data}\n\n")))
}

/// What stands before an event that holds the effects of a device's mutations up to `last_mid`.
pub(super) fn mark(last_mid: i64) -> Bytes {
    Bytes::from(format!("id: {last_mid}\n"))
}

#[derive(Default)]
pub(super) struct Mailbox {
    letters: Mutex<Letters>,
    bell: Notify,
}

/// What was waiting.
#[derive(Default)]
pub(super) struct Letters {
    pub frames: VecDeque<Arc<Frame>>,
    pub positions: BTreeMap<OrderId, OrderPosition>,
    /// Frames were dropped: the listener must start over.
    pub overflowed: bool,
}

impl Letters {
    fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.positions.is_empty() && !self.overflowed
    }
}

impl Mailbox {
    fn letters(&self) -> MutexGuard<'_, Letters> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, frame: Arc<Frame>) {
        let mut letters = self.letters();
        if letters.overflowed {
            return;
        }
        if letters.frames.len() >= FRAMES {
            letters.frames.clear();
            letters.overflowed = true;
        } else {
            letters.frames.push_back(frame);
        }
        drop(letters);
        self.bell.notify_one();
    }

    pub(super) fn place(&self, position: OrderPosition) {
        let mut letters = self.letters();
        if letters.positions.len() < POSITIONS || letters.positions.contains_key(&position.order_id) {
            letters.positions.insert(position.order_id, position);
        }
        drop(letters);
        self.bell.notify_one();
    }

    /// Everything that waits, as soon as something does. Cancelling it loses nothing.
    pub(super) async fn take(&self) -> Letters {
        loop {
            {
                let mut letters = self.letters();
                if !letters.is_empty() {
                    return std::mem::take(&mut letters);
                }
            }
            self.bell.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use momfood_domain::geo::GeoPoint;
    use momfood_protocol::view::Position;

    fn frame(to: i64) -> Arc<Frame> {
        Arc::new(Frame {
            scope: Scope::Customer(UserId(Uuid::nil())),
            from: to - 1,
            to,
            delta: None,
            head: Bytes::new(),
            seen: Seen::default(),
        })
    }

    fn position(order: u128, at: i64) -> OrderPosition {
        let point = GeoPoint { lat: 24.7, lng: 46.7 };
        let position = Position {
            point,
            at: Timestamp(at),
            heading: None,
        };
        OrderPosition {
            order_id: OrderId(Uuid::from_u128(order)),
            position,
        }
    }

    #[tokio::test]
    async fn a_slow_listener_is_told_to_start_over_and_costs_no_memory() {
        let mailbox = Mailbox::default();
        for to in 1..=1_000 {
            mailbox.push(frame(to));
        }
        let letters = mailbox.take().await;
        assert!(letters.overflowed && letters.frames.len() <= FRAMES);
        mailbox.push(frame(1_001));
        let letters = mailbox.take().await;
        assert!(!letters.overflowed);
        assert_eq!(letters.frames.len(), 1);
    }

    #[tokio::test]
    async fn of_positions_only_the_latest_of_each_order_waits() {
        let mailbox = Mailbox::default();
        for at in 0..100 {
            mailbox.place(position(1, at));
            mailbox.place(position(2, at));
        }
        let letters = mailbox.take().await;
        let times: Vec<i64> = letters.positions.values().map(|p| p.position.at.0).collect();
        assert_eq!(times, [99, 99]);
    }

    #[test]
    fn that_a_session_lived_is_believed_for_less_than_a_second() {
        let (one, other) = (SessionId(Uuid::from_u128(1)), SessionId(Uuid::from_u128(2)));
        let seen = Seen {
            at: Timestamp(5 * SECOND),
            alive: [(one, true), (other, false)].into(),
            ..Seen::default()
        };
        let lives = |session, at| seen.lives(session, Timestamp(at));
        assert_eq!(lives(one, 6 * SECOND - 1), Some(true));
        assert_eq!(lives(one, 6 * SECOND), None);
        assert_eq!(lives(one, 5 * SECOND - 1), None, "a clock was set back");
        assert_eq!(
            lives(other, 60 * SECOND),
            Some(false),
            "what has ended stays ended"
        );
        assert_eq!(lives(SessionId(Uuid::nil()), 5 * SECOND), None);
    }
}
