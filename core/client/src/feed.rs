//! The change feed as a state machine: what came in, what to do now. It does no I/O, reads no clock and draws no
//! chance, so a test can put it through anything.
//!
//! Rules (see `momfood_protocol::feed`):
//! - A delta applies only when its `from` is the cursor. Anything else that says the scope moved (a gap, a head
//!   ahead of the cursor, `resync`) means: take the snapshot again. Deltas that come while a snapshot is under way
//!   wait for it.
//! - Another epoch is another history: every cursor is forgotten, and what is shown stays until the snapshot of
//!   the new one is there.
//! - A stream is believed from its first heads on: they name the epoch.
//! - The stream is dead when nothing was heard for [`SILENCE`]. While it is down there is always a time at which
//!   it is tried again: back-off with jitter, at most [`LONGEST_WAIT`].
//! - The line is `Live` only while the stream is open, was heard within [`SILENCE`] and every scope stands at its
//!   head. Once live, a scope may be [`CATCH_UP`] behind before that is said: a large change is read, not carried.

use std::collections::BTreeMap;

use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::engine::Line;
use momfood_protocol::feed::{Change, Delta, Head, Heads, OrderPosition, Scope, Snapshot, StreamEvent};
use uuid::Uuid;

/// Microseconds of silence after which a stream is dead.
pub const SILENCE: i64 = 45 * SECOND;
/// The server says something at least this often, and a little, microseconds.
const BEAT: i64 = 25 * SECOND;
/// Longest wait before the next attempt, microseconds.
pub const LONGEST_WAIT: i64 = 30 * SECOND;
/// How far behind a live scope may be, in microseconds, before the line is called connecting.
pub const CATCH_UP: i64 = 2 * SECOND;
/// How long a stream may take to open, microseconds.
const OPENING: i64 = 15 * SECOND;
/// First wait before another attempt, microseconds; doubled with each.
const FIRST_WAIT: i64 = SECOND / 2;
/// Failed attempts at the stream after which snapshots are taken with each further one: something on the way may
/// let requests through and no streams.
const POLL_AFTER: u32 = 3;
/// Deltas kept while a snapshot is under way.
const MOST_WAITING: usize = 256;
/// Snapshots older than the cursor, or than a head that was named, after which the server is believed.
const MOST_OLD_SNAPSHOTS: u32 = 3;

/// What came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Follow these scopes, from nothing.
    Start(Vec<Scope>),
    /// Follow nothing.
    Stop,
    /// Time has passed, or the device says that it is online again.
    Tick,
    /// The device came back (network, foreground): do not wait any longer.
    Wake,
    /// The device says that its network is gone: a stream that seems to be open is not to be believed.
    Lost,
    /// The stream of that number is open.
    Opened(u32),
    /// The stream of that number said something.
    Heard(u32, StreamEvent),
    /// The stream of that number said something this version does not know, or a comment: it lives.
    Alive(u32),
    /// The stream of that number ended, or could not be opened.
    Closed(u32),
    /// The snapshot of that number is here, or could not be had.
    Snapshot(u32, Scope, Result<Snapshot, NoSnapshot>),
}

/// Why a snapshot could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSnapshot {
    /// Not now.
    Later,
    /// The scope is not granted (any more).
    Refused,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Open the stream, under this number; the one before is given up.
    Open(u32),
    /// Give the stream up.
    Close,
    /// Fetch a snapshot, under this number.
    Fetch(u32, Scope),
    /// Put this in place of everything known of the scope. With `new_epoch`, revisions start over. `number` is the
    /// fetch's: what was learned otherwise after it was asked for is newer.
    Fill {
        /// Which scope.
        scope: Scope,
        /// Of which fetch.
        number: u32,
        /// Whether revisions known so far mean nothing any more.
        new_epoch: bool,
        /// Everything in it.
        changes: Vec<Change>,
    },
    /// Apply these.
    Apply(Scope, Vec<Change>),
    /// Forget the scope: it is not granted any more.
    Purge(Scope),
    /// A scope that was never filled could not be filled now.
    Unfilled(Scope),
    /// A driver moved.
    Moved(OrderPosition),
    /// What the server's clock says at this moment.
    ServerTime(Timestamp),
    /// The line is now so.
    Line(Line),
}

#[derive(Debug)]
enum Stream {
    /// Nothing to follow.
    Off,
    /// To be opened again then.
    Waiting(Timestamp),
    /// Being opened since then.
    Opening(Timestamp),
    /// Open; heard last then. `greeted` once it has said where the scopes stand.
    Open { heard: Timestamp, greeted: bool },
}

#[derive(Debug)]
struct Tracked {
    cursor: Option<i64>,
    /// The furthest the server said it stands.
    head: i64,
    fetch: Fetch,
    failures: u32,
    old_snapshots: u32,
    short_snapshots: u32,
    /// Behind its head since then.
    behind_since: Option<Timestamp>,
    waiting: Vec<Delta>,
    /// Not granted.
    refused: bool,
    /// What is known of it is of another epoch.
    outdated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fetch {
    None,
    /// Under way, under that number.
    UnderWay(u32),
    /// To be tried then.
    At(Timestamp),
}

impl Tracked {
    const fn new() -> Self {
        Self {
            cursor: None,
            head: 0,
            fetch: Fetch::None,
            failures: 0,
            old_snapshots: 0,
            short_snapshots: 0,
            behind_since: None,
            waiting: Vec::new(),
            refused: false,
            outdated: false,
        }
    }

    fn is_current(&self) -> bool {
        self.refused || (self.fetch == Fetch::None && self.cursor.is_some_and(|cursor| cursor >= self.head))
    }
}

/// Cursors, the stream's state, and when to do something next.
#[derive(Debug)]
pub struct Feed {
    scopes: BTreeMap<Scope, Tracked>,
    epoch: Option<Uuid>,
    stream: Stream,
    /// Number of the newest stream or fetch; answers to older ones are nobody's.
    number: u32,
    open_number: u32,
    /// Failed attempts since the stream was last open.
    attempts: u32,
    line: Line,
    was_live: bool,
    heard_at: Option<Timestamp>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            scopes: BTreeMap::new(),
            epoch: None,
            stream: Stream::Off,
            number: 0,
            open_number: 0,
            attempts: 0,
            line: Line::Idle,
            was_live: false,
            heard_at: None,
        }
    }
}

impl Feed {
    /// How the line is.
    pub const fn line(&self) -> Line {
        self.line
    }

    /// When the server was last heard.
    pub const fn heard_at(&self) -> Option<Timestamp> {
        self.heard_at
    }

    /// Whether everything in `scope` was known at least once.
    pub fn is_filled(&self, scope: Scope) -> bool {
        self.scopes
            .get(&scope)
            .is_some_and(|tracked| tracked.cursor.is_some())
    }

    /// Takes `input` at `now`. `chance` spreads the waits of many clients.
    pub fn handle(&mut self, now: Timestamp, chance: u32, input: Input) -> Vec<Act> {
        let mut acts = Vec::new();
        match input {
            Input::Start(scopes) => self.start(now, scopes, &mut acts),
            Input::Stop => self.stop(&mut acts),
            Input::Wake => self.wake(now, &mut acts),
            Input::Lost => self.lost(now, &mut acts),
            Input::Opened(number) if number == self.open_number => {
                if matches!(self.stream, Stream::Opening(_)) {
                    self.stream = Stream::Open {
                        heard: now,
                        greeted: false,
                    };
                    self.heard_at = Some(now);
                }
            }
            Input::Alive(number) if number == self.open_number => self.alive(now, false),
            Input::Heard(number, event) if number == self.open_number => self.heard(now, event, &mut acts),
            Input::Closed(number) if number == self.open_number => self.closed(now, chance),
            Input::Snapshot(number, scope, answer) => {
                self.snapshot(now, chance, number, scope, answer, &mut acts);
            }
            // A stream given up has nothing to say any more; time is looked at below.
            Input::Tick | Input::Opened(_) | Input::Alive(_) | Input::Heard(..) | Input::Closed(_) => {}
        }
        self.due(now, chance, &mut acts);
        self.tell_line(now, &mut acts);
        acts
    }

    /// When to call [`Feed::handle`] with [`Input::Tick`] at the latest.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let stream = match self.stream {
            Stream::Off => return None,
            Stream::Waiting(at) => at,
            Stream::Opening(since) => since.plus(OPENING),
            Stream::Open { heard, .. } => heard.plus(SILENCE),
        };
        let scopes = self.scopes.values().flat_map(|tracked| {
            let fetch = match tracked.fetch {
                Fetch::At(at) => Some(at),
                Fetch::None | Fetch::UnderWay(_) => None,
            };
            let behind = (self.line == Line::Live)
                .then_some(tracked.behind_since)
                .flatten();
            [fetch, behind.map(|since| since.plus(CATCH_UP))]
        });
        scopes.flatten().chain([stream]).min()
    }

    const fn next_number(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    fn start(&mut self, now: Timestamp, scopes: Vec<Scope>, acts: &mut Vec<Act>) {
        self.stop(acts);
        self.scopes = scopes.into_iter().map(|scope| (scope, Tracked::new())).collect();
        self.stream = Stream::Waiting(now);
        for tracked in self.scopes.values_mut() {
            tracked.fetch = Fetch::At(now);
        }
    }

    fn stop(&mut self, acts: &mut Vec<Act>) {
        if !matches!(self.stream, Stream::Off) {
            acts.push(Act::Close);
        }
        let number = self.next_number();
        let line = self.line;
        *self = Self {
            number,
            open_number: number,
            line,
            ..Self::default()
        };
    }

    fn wake(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        match self.stream {
            Stream::Waiting(_) => self.stream = Stream::Waiting(now),
            // A beat was missed while the device slept: the stream may be dead and not know it.
            Stream::Open { heard, .. } if now.since(heard) > BEAT => {
                acts.push(Act::Close);
                self.stream = Stream::Waiting(now);
            }
            Stream::Off | Stream::Opening(_) | Stream::Open { .. } => {}
        }
        for tracked in self.scopes.values_mut() {
            if matches!(tracked.fetch, Fetch::At(_)) {
                tracked.fetch = Fetch::At(now);
            }
        }
    }

    /// Opens another stream in place of the one there is: it opens if the device was wrong.
    fn lost(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        if matches!(self.stream, Stream::Open { .. }) {
            acts.push(Act::Close);
            self.stream = Stream::Waiting(now);
        }
    }

    fn alive(&mut self, now: Timestamp, greeting: bool) {
        if let Stream::Open { heard, greeted } = &mut self.stream {
            *heard = now;
            *greeted |= greeting;
            self.heard_at = Some(now);
            // Only words count: something on the way may open streams and pass nothing on.
            self.attempts = 0;
        }
    }

    fn heard(&mut self, now: Timestamp, event: StreamEvent, acts: &mut Vec<Act>) {
        self.alive(now, matches!(event, StreamEvent::Heads(_)));
        if !matches!(self.stream, Stream::Open { greeted: true, .. }) {
            // Before it has said of which epoch it speaks, a stream has said nothing.
            return;
        }
        match event {
            StreamEvent::Heads(heads) => self.heads(now, &heads, acts),
            StreamEvent::Delta(delta) => self.delta(now, delta, acts),
            StreamEvent::Head(Head { scope, head }) => {
                if let Some(tracked) = scope
                    .parse()
                    .ok()
                    .and_then(|scope: Scope| self.scopes.get_mut(&scope))
                {
                    tracked.head = tracked.head.max(head);
                    tracked.catch_up(now);
                }
            }
            StreamEvent::Position(position) => acts.push(Act::Moved(position)),
            StreamEvent::Resync => {
                for tracked in self.scopes.values_mut() {
                    tracked.refused = false;
                    tracked.fetch_at(now);
                }
            }
        }
    }

    fn heads(&mut self, now: Timestamp, heads: &Heads, acts: &mut Vec<Act>) {
        acts.push(Act::ServerTime(heads.time));
        self.enter_epoch(now, heads.epoch);
        for (scope, tracked) in &mut self.scopes {
            // A scope the server does not name has never moved; whether it is still granted, its snapshot tells.
            let named = heads.heads.get(&scope.to_string()).copied();
            let head = named.unwrap_or(0);
            tracked.head = head;
            if named.is_some() {
                tracked.refused = false;
            }
            match tracked.cursor {
                Some(cursor) if head < cursor => tracked.fetch_at(now),
                _ => tracked.catch_up(now),
            }
        }
    }

    /// Another epoch than before: no cursor means anything any more.
    fn enter_epoch(&mut self, now: Timestamp, epoch: Uuid) {
        if self.epoch.replace(epoch).is_some_and(|known| known != epoch) {
            for tracked in self.scopes.values_mut() {
                *tracked = Tracked {
                    behind_since: tracked.behind_since,
                    fetch: Fetch::At(now),
                    outdated: true,
                    ..Tracked::new()
                };
            }
        }
    }

    fn delta(&mut self, now: Timestamp, delta: Delta, acts: &mut Vec<Act>) {
        let Ok(scope) = delta.scope.parse::<Scope>() else {
            return;
        };
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return;
        };
        tracked.head = tracked.head.max(delta.to);
        match tracked.cursor {
            Some(cursor) if tracked.fetch == Fetch::None && delta.from == cursor && delta.to >= cursor => {
                tracked.cursor = Some(delta.to);
                acts.push(Act::Apply(scope, delta.changes));
            }
            _ if tracked.fetch != Fetch::None && tracked.waiting.len() < MOST_WAITING => {
                tracked.waiting.push(delta);
            }
            _ => {}
        }
        tracked.catch_up(now);
    }

    fn snapshot(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        scope: Scope,
        answer: Result<Snapshot, NoSnapshot>,
        acts: &mut Vec<Act>,
    ) {
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return;
        };
        if tracked.fetch != Fetch::UnderWay(number) {
            return;
        }
        let snapshot = match answer {
            Ok(snapshot) => snapshot,
            Err(NoSnapshot::Later) => {
                tracked.failures = tracked.failures.saturating_add(1);
                tracked.fetch = Fetch::At(now.plus(back_off(tracked.failures, chance)));
                if tracked.cursor.is_none() {
                    acts.push(Act::Unfilled(scope));
                }
                return;
            }
            Err(NoSnapshot::Refused) => {
                *tracked = Tracked {
                    refused: true,
                    ..Tracked::new()
                };
                acts.push(Act::Purge(scope));
                return;
            }
        };
        self.heard_at = Some(now);
        acts.push(Act::ServerTime(snapshot.time));
        // The stream and this answer disagree on the epoch: whichever is newer, ask once more, from nothing.
        let rotated = self.epoch.is_some_and(|known| known != snapshot.epoch);
        if rotated {
            self.enter_epoch(now, snapshot.epoch);
        }
        self.epoch = Some(snapshot.epoch);
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return;
        };
        if tracked.cursor.is_some_and(|cursor| snapshot.seq < cursor) {
            // Reads never go back. A server that insists has lost data without saying so.
            tracked.old_snapshots += 1;
            if tracked.old_snapshots < MOST_OLD_SNAPSHOTS {
                tracked.fetch = Fetch::At(now.plus(back_off(tracked.old_snapshots, chance)));
                return;
            }
            tracked.head = snapshot.seq;
        }
        let new_epoch = tracked.outdated || tracked.old_snapshots >= MOST_OLD_SNAPSHOTS;
        tracked.outdated = false;
        tracked.fetch = Fetch::None;
        tracked.failures = 0;
        tracked.old_snapshots = 0;
        tracked.cursor = Some(snapshot.seq);
        acts.push(Act::Fill {
            scope,
            number,
            new_epoch,
            changes: snapshot.changes,
        });
        for delta in std::mem::take(&mut tracked.waiting) {
            if tracked.cursor == Some(delta.from) && delta.to >= delta.from {
                tracked.cursor = Some(delta.to);
                acts.push(Act::Apply(scope, delta.changes));
            }
        }
        tracked.fall_short(now, chance);
    }

    fn closed(&mut self, now: Timestamp, chance: u32) {
        let wait = match self.stream {
            Stream::Off | Stream::Waiting(_) => return,
            // It was good until now: try at once, but not all clients of a restarted server in the same moment.
            Stream::Open { .. } if self.attempts == 0 => {
                self.attempts = 1;
                back_off(1, chance)
            }
            Stream::Open { .. } | Stream::Opening(_) => {
                self.attempts = self.attempts.saturating_add(1);
                back_off(self.attempts, chance)
            }
        };
        self.was_live = false;
        self.open_number = self.next_number();
        self.stream = Stream::Waiting(now.plus(wait));
    }

    /// Does what has come due.
    fn due(&mut self, now: Timestamp, chance: u32, acts: &mut Vec<Act>) {
        let dead = match self.stream {
            Stream::Opening(since) => now.since(since) >= OPENING,
            Stream::Open { heard, .. } => now.since(heard) >= SILENCE,
            Stream::Off | Stream::Waiting(_) => false,
        };
        if dead {
            acts.push(Act::Close);
            self.closed(now, chance);
        }
        if let Stream::Waiting(at) = self.stream
            && now >= at
        {
            self.open_number = self.next_number();
            self.stream = Stream::Opening(now);
            acts.push(Act::Open(self.open_number));
            if self.attempts > POLL_AFTER {
                for tracked in self.scopes.values_mut().filter(|tracked| !tracked.refused) {
                    tracked.fetch_at(now);
                }
            }
        }
        for (scope, tracked) in &mut self.scopes {
            if let Fetch::At(at) = tracked.fetch
                && now >= at
            {
                self.number += 1;
                tracked.fetch = Fetch::UnderWay(self.number);
                acts.push(Act::Fetch(self.number, *scope));
            }
        }
    }

    fn tell_line(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        for tracked in self.scopes.values_mut() {
            tracked.behind_since = if tracked.is_current() {
                None
            } else {
                tracked.behind_since.or(Some(now))
            };
        }
        let current = self.scopes.values().all(Tracked::is_current);
        let soon = self.scopes.values().all(|tracked| {
            tracked.cursor.is_some()
                && tracked
                    .behind_since
                    .is_none_or(|since| now.since(since) < CATCH_UP)
        });
        let line = match self.stream {
            Stream::Off => Line::Idle,
            Stream::Open { greeted: true, .. } if current || (self.was_live && soon) => Line::Live,
            Stream::Open { .. } => Line::Connecting,
            Stream::Waiting(_) | Stream::Opening(_) if self.attempts <= 1 => Line::Connecting,
            Stream::Waiting(_) | Stream::Opening(_) => Line::Offline,
        };
        self.was_live = line == Line::Live;
        if line != self.line {
            self.line = line;
            acts.push(Act::Line(line));
        }
    }
}

impl Tracked {
    /// Takes the snapshot again, unless that is under way or due already.
    fn fetch_at(&mut self, at: Timestamp) {
        if self.fetch == Fetch::None {
            self.fetch = Fetch::At(at);
        }
    }

    /// After a snapshot: it may have been taken before the head that was named. One that keeps falling short means
    /// that the head was no true one; asking for it as fast as answers come would help nobody.
    fn fall_short(&mut self, now: Timestamp, chance: u32) {
        if self.cursor.is_some_and(|cursor| cursor >= self.head) {
            self.short_snapshots = 0;
            return;
        }
        self.short_snapshots += 1;
        match self.short_snapshots {
            1 => self.fetch_at(now),
            2..=MOST_OLD_SNAPSHOTS => self.fetch_at(now.plus(back_off(self.short_snapshots, chance))),
            _ => {
                self.short_snapshots = 0;
                self.head = self.cursor.unwrap_or(0);
            }
        }
    }

    /// Takes the snapshot again if the scope is known to stand further.
    fn catch_up(&mut self, now: Timestamp) {
        if !self.refused && self.cursor.is_none_or(|cursor| cursor < self.head) {
            self.fetch_at(now);
        }
    }
}

/// Microseconds to wait before attempt `n` + 1: doubling, at most [`LONGEST_WAIT`], the upper half left to chance.
pub fn back_off(n: u32, chance: u32) -> i64 {
    let full = (FIRST_WAIT << n.saturating_sub(1).min(16)).min(LONGEST_WAIT);
    full / 2 + full / 2 * i64::from(chance % 1_024) / 1_024
}
