//! Who listens to what in this process. Told of moved scopes after each commit, it reads what changed once per scope
//! and hands the same bytes to every listener. It keeps nothing that matters: losing it costs listeners a snapshot.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use momfood_domain::id::{SessionId, UserId};
use momfood_protocol::feed::{Delta, Head, OrderPosition, Scope, StreamEvent};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::bodies::changes;
use super::device::last_mids;
use super::heads::head_of;
use super::mailbox::{Frame, Mailbox, Seen, sse};
use crate::clock::Clock;
use crate::identity;
use crate::store::{self, Db, StoreError};

/// Scopes read at the same moment; requests need the connections too.
const READS: usize = 4;
/// Things in one delta at most.
const THINGS: usize = 8;
/// Sessions looked at for all the listeners of a frame; beyond so many, each listener looks for itself.
const SESSIONS: usize = 8;
/// Devices whose `lastMid` is read for a frame; beyond so many, a listener learns it from the next heads.
const DEVICES: usize = 64;
/// Largest delta carried inline, bytes.
const INLINE: usize = 4096;

/// The listeners of this process. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Parts>);

struct Parts {
    db: Db,
    clock: Clock,
    stopping: CancellationToken,
    tasks: TaskTracker,
    reads: Semaphore,
    channels: Mutex<HashMap<Scope, Channel>>,
    /// Changes whenever any scope moved.
    moves: watch::Sender<()>,
}

/// One who listens to a scope.
struct Place {
    session: SessionId,
    /// The device whose `lastMid` is to be told.
    device: Option<Uuid>,
    mailbox: Arc<Mailbox>,
}

/// A scope somebody listens to.
#[derive(Default)]
struct Channel {
    listeners: Vec<Place>,
    /// Up to here its listeners have been told; unknown until the first of them has read where it stands.
    sent: Option<i64>,
    /// Known to have moved to here.
    target: i64,
    /// Whether a task reads it now.
    reading: bool,
}

impl Channel {
    /// Whether a task must be started to read it; then it counts as started.
    fn wants_reading(&mut self) -> bool {
        let behind = self.sent.is_some_and(|sent| sent < self.target);
        let start = behind && !self.reading;
        self.reading |= start;
        start
    }
}

/// A listener's place in the hub. Dropping it gives it up.
pub(super) struct Subscription {
    hub: Hub,
    scopes: Vec<Scope>,
    pub mailbox: Arc<Mailbox>,
}

impl Hub {
    /// A hub that hears of every commit of `db`.
    pub fn new(db: &Db, clock: &Clock, stopping: &CancellationToken, tasks: &TaskTracker) -> Self {
        let hub = Self(Arc::new(Parts {
            db: db.clone(),
            clock: clock.clone(),
            stopping: stopping.clone(),
            tasks: tasks.clone(),
            reads: Semaphore::new(READS),
            channels: Mutex::default(),
            moves: watch::Sender::new(()),
        }));
        // Weak: the database keeps its listeners, and the hub keeps the database.
        let weak: Weak<Parts> = Arc::downgrade(&hub.0);
        db.on_commit(move |heads| {
            if let Some(parts) = weak.upgrade() {
                Self(parts).moved(heads);
            }
        });
        hub
    }

    /// Tells the customer's listeners where the driver of their order is. Kept by nobody: the latest wins.
    pub fn position(&self, customer: UserId, position: OrderPosition) {
        if let Some(channel) = self.channels().get(&Scope::Customer(customer)) {
            for place in &channel.listeners {
                place.mailbox.place(position);
            }
        }
    }

    /// Tells of every commit that changed something somebody can see: for who waits for one of them and looks again.
    pub fn moves(&self) -> watch::Receiver<()> {
        self.0.moves.subscribe()
    }

    /// How many listen now.
    pub fn listeners(&self) -> usize {
        self.channels()
            .values()
            .map(|channel| channel.listeners.len())
            .sum()
    }

    fn channels(&self) -> MutexGuard<'_, HashMap<Scope, Channel>> {
        self.0.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to listen. What happens from now on is kept, also while the listener still reads where things stand.
    pub(super) fn subscribe(
        &self,
        session: SessionId,
        device: Option<Uuid>,
        scopes: &[Scope],
    ) -> Subscription {
        let mailbox = Arc::new(Mailbox::default());
        let mut channels = self.channels();
        for scope in scopes {
            let channel = channels.entry(*scope).or_default();
            channel.listeners.push(Place {
                session,
                device,
                mailbox: Arc::clone(&mailbox),
            });
        }
        drop(channels);
        Subscription {
            hub: self.clone(),
            scopes: scopes.to_vec(),
            mailbox,
        }
    }

    /// A listener has read that `scope` stands at `head`: who came first needs no delta before it.
    pub(super) fn stands(&self, scope: Scope, head: i64) {
        let mut channels = self.channels();
        let Some(channel) = channels.get_mut(&scope) else {
            return;
        };
        channel.sent.get_or_insert(head);
        let read = channel.wants_reading();
        drop(channels);
        if read {
            self.read(scope);
        }
    }

    fn moved(&self, heads: &[store::Head]) {
        if !heads.is_empty() {
            self.0.moves.send_replace(());
        }
        for head in heads {
            let Ok(scope) = head.scope.parse::<Scope>() else {
                continue;
            };
            let mut channels = self.channels();
            let Some(channel) = channels.get_mut(&scope) else {
                continue;
            };
            // Commits of different connections may be heard of out of order.
            channel.target = channel.target.max(head.head);
            let read = channel.wants_reading();
            drop(channels);
            if read {
                self.read(scope);
            }
        }
    }

    fn read(&self, scope: Scope) {
        let hub = self.clone();
        self.0.tasks.spawn(async move {
            tokio::select! {
                () = hub.0.stopping.cancelled() => {}
                () = hub.tell(scope) => {}
            }
        });
    }

    /// Tells the listeners of `scope` what changed, until they know all of it.
    async fn tell(&self, scope: Scope) {
        loop {
            let (from, target, sessions, devices) = {
                let mut channels = self.channels();
                let Some(channel) = channels.get_mut(&scope) else {
                    return;
                };
                match channel.sent {
                    Some(sent) if sent < channel.target && !channel.listeners.is_empty() => {
                        let mut sessions: Vec<SessionId> =
                            channel.listeners.iter().map(|place| place.session).collect();
                        sessions.sort_unstable();
                        sessions.dedup();
                        let devices = channel.listeners.iter().filter_map(|place| place.device);
                        let devices: Vec<Uuid> = devices.take(DEVICES).collect();
                        (sent, channel.target, sessions, devices)
                    }
                    _ => {
                        channel.reading = false;
                        if channel.listeners.is_empty() {
                            channels.remove(&scope);
                        }
                        return;
                    }
                }
            };
            let frame = match self.frame(scope, from, &sessions, &devices).await {
                Ok(frame) => frame,
                Err(error) => {
                    // They read it themselves then.
                    tracing::warn!(%error, "a delta could not be read");
                    frame(scope, (from, target), None, Seen::default())
                }
            };
            let frame = Arc::new(frame);
            let mut channels = self.channels();
            let Some(channel) = channels.get_mut(&scope) else {
                return;
            };
            channel.sent = Some(frame.to.max(from + 1));
            for place in &channel.listeners {
                place.mailbox.push(Arc::clone(&frame));
            }
        }
    }

    /// What changed, and who of the listeners may still hear it: looked at here, they need no snapshot of their own.
    async fn frame(
        &self,
        scope: Scope,
        from: i64,
        sessions: &[SessionId],
        devices: &[Uuid],
    ) -> Result<Frame, StoreError> {
        let _turn = self.0.reads.acquire().await;
        let now = self.0.clock.now();
        let mut tx = self.0.db.read().await?;
        let to = head_of(&mut tx, scope).await?;
        let changes = changes(&mut tx, scope, (from, to), THINGS, now).await?;
        let mut seen = Seen {
            at: now,
            last_mids: last_mids(&mut tx, devices).await?,
            ..Seen::default()
        };
        for session in sessions.iter().take(SESSIONS) {
            let alive = identity::is_alive(&mut tx, *session, now).await?;
            seen.alive.insert(*session, alive);
        }
        drop(tx);
        let delta = changes.and_then(|changes| {
            sse(&StreamEvent::Delta(Delta {
                scope: scope.to_string(),
                from,
                to,
                changes,
            }))
        });
        Ok(frame(
            scope,
            (from, to),
            delta.filter(|bytes| bytes.len() <= INLINE),
            seen,
        ))
    }
}

fn frame(scope: Scope, (from, to): (i64, i64), delta: Option<axum::body::Bytes>, seen: Seen) -> Frame {
    let head = StreamEvent::Head(Head {
        scope: scope.to_string(),
        head: to,
    });
    Frame {
        scope,
        from,
        to,
        delta,
        head: sse(&head).unwrap_or_default(),
        seen,
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut channels = self.hub.channels();
        for scope in &self.scopes {
            if let Some(channel) = channels.get_mut(scope) {
                channel
                    .listeners
                    .retain(|place| !Arc::ptr_eq(&place.mailbox, &self.mailbox));
                // One that is being read is removed by its reader.
                if channel.listeners.is_empty() && !channel.reading {
                    channels.remove(scope);
                }
            }
        }
    }
}
