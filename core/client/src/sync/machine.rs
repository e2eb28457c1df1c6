//! Everything that happens between a device and the server, as one machine: inputs in, acts out. It does no I/O, reads
//! no clock and draws no chance, so a test can put it through anything.

use std::collections::BTreeMap;

use momfood_domain::time::Timestamp;
use momfood_protocol::engine::Line;
use momfood_protocol::error::Failure;
use momfood_protocol::feed::{Delta, OrderPosition, Scope, Snapshot, StreamEvent};
use momfood_protocol::sync::{BlobState, Cursor, Gap, MutationResult, PRESENCE_EVERY, Page, SyncAnswer};
use uuid::Uuid;

use super::pull::{Pull, Standing};
use super::push::{Heard, Push};
use super::stream::Stream;
use super::upload::Uploads;
use super::{Faults, OVERDUE};

/// What came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Time has passed.
    Tick,
    /// The device came back (network, foreground): do not wait any longer.
    Wake,
    /// The device says that its network is gone: a stream that seems to be open is not to be believed.
    Lost,
    /// The stream of that number is open.
    Opened(u32),
    /// The stream of that number said something; with the `lastMid` that its frame carried.
    Heard(u32, StreamEvent, Option<i64>),
    /// The stream of that number said something this version does not know, or a comment: it lives.
    Alive(u32),
    /// The stream of that number ended, or could not be opened.
    Closed(u32),
    /// The request of that number was answered, or was not. A failure of the code `offline` means: no answer.
    Answer(u32, Result<Answer, Failure>),
}

/// What a request was answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Of `POST /sync`.
    Sync(SyncAnswer),
    /// Of `GET /scopes/{scope}/snapshot`.
    Snapshot(Snapshot),
    /// Of `HEAD` or `PUT /blobs/{sha256}`.
    Blob(BlobState),
    /// Of `POST /presence`.
    Noted,
}

/// In whose name a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Of who is signed in: `Authorization: Bearer …`.
    Session,
    /// Of a device, by the secret in its vault: `Authorization: Device <device>:<key>`.
    Key,
}

/// What to do now. Each that writes is one transaction of one file; a crash may come between any two.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Open the stream, under this number; the one before is given up.
    Open(u32),
    /// Give the stream up.
    Close,
    /// Fetch the snapshot of a scope, under this number.
    Fetch(u32, Scope),
    /// Ask for pages, under this number.
    Pull(u32),
    /// Hand in what the vault of `user` holds.
    Push {
        /// Under this number.
        number: u32,
        /// Whose vault.
        user: Uuid,
        /// In whose name.
        by: By,
        /// At most so many mutations.
        most: usize,
        /// What is to be declared lost.
        gap: Option<Gap>,
    },
    /// Ask how much the server has of the next bytes to be sent from the vault of `user`.
    AskBlob {
        /// Under this number.
        number: u32,
        /// Whose vault.
        user: Uuid,
        /// In whose name.
        by: By,
    },
    /// Send the next part.
    SendPart {
        /// Under this number.
        number: u32,
        /// Whose vault.
        user: Uuid,
        /// In whose name.
        by: By,
        /// Of which bytes.
        sha256: String,
        /// From where on.
        offset: u64,
    },
    /// Say that the device is there.
    BePresent(u32),

    /// Cache: another history begins; every cursor is forgotten.
    Epoch(Uuid),
    /// Cache: show this in place of what was shown of the scope.
    Fill {
        /// The scope whole.
        snapshot: Snapshot,
        /// What it holds of our mutations.
        last_mids: BTreeMap<Uuid, i64>,
    },
    /// Cache: apply these pages.
    Pages {
        /// Of which history.
        epoch: Uuid,
        /// By scope.
        pages: BTreeMap<String, Page>,
        /// What they hold of our mutations.
        last_mids: BTreeMap<Uuid, i64>,
    },
    /// Cache: apply this.
    Delta {
        /// The changes.
        delta: Delta,
        /// What they hold of our mutations.
        last_mids: BTreeMap<Uuid, i64>,
    },
    /// Cache: where the scopes stand, and what that holds of our mutations.
    Hear {
        /// Of which history.
        epoch: Uuid,
        /// By scope.
        heads: BTreeMap<String, i64>,
        /// What they hold of our mutations.
        last_mids: BTreeMap<Uuid, i64>,
    },
    /// Cache: forget the scope, it is not granted any more.
    Purge(Scope),

    /// Vault: write down what became of mutations, and compare its numbers with the server's.
    Settle {
        /// Whose.
        user: Uuid,
        /// What became of them.
        results: Vec<MutationResult>,
        /// The number the server expects next.
        expected_mid: i64,
    },
    /// Vault: the server has lost what it had acknowledged from this number on: it waits again.
    Reopen {
        /// Whose.
        user: Uuid,
        /// The first number it misses.
        from: i64,
    },
    /// Vault: the server knows this device's numbers for something else. It is another device from now on.
    ReIdentify {
        /// Whose.
        user: Uuid,
    },
    /// Vault: the server has so much of these bytes.
    Uploaded {
        /// Whose vault.
        user: Uuid,
        /// Of which bytes.
        sha256: String,
        /// How much.
        state: BlobState,
    },
    /// A broken variant's: lets go of what the server has answered, before that is written down.
    DropSettled {
        /// Whose.
        user: Uuid,
        /// What was answered.
        results: Vec<MutationResult>,
    },

    /// A scope that was never filled could not be filled now.
    Unfilled,
    /// A driver moved.
    Moved(OrderPosition),
    /// What the server's clock says at this moment.
    ServerTime(Timestamp),
    /// The line is now so.
    Line(Line),
}

/// Gives every stream and request a number of its own; an answer to one given up is nobody's.
#[derive(Debug, Default)]
pub struct Numbers(u32);

impl Numbers {
    /// The next one; never 0.
    pub const fn next(&mut self) -> u32 {
        self.0 = match self.0.wrapping_add(1) {
            0 => 1,
            next => next,
        };
        self.0
    }
}

/// The time as it is counted here: it never goes back, whatever is done to the device's clock.
#[derive(Debug, Default)]
struct Steady {
    last: Option<Timestamp>,
    /// Add to the device's clock.
    ahead: i64,
}

impl Steady {
    fn read(&mut self, device: Timestamp) -> Timestamp {
        let now = device.plus(self.ahead);
        if let Some(last) = self.last
            && now < last
        {
            self.ahead += last.since(now);
            return last;
        }
        self.last = Some(now);
        now
    }
}

/// See the module.
#[derive(Debug)]
pub struct Machine {
    stream: Stream,
    pull: Pull,
    pushes: BTreeMap<Uuid, (Push, Uploads)>,
    /// Who is signed in.
    user: Option<Uuid>,
    presence: Presence,
    numbers: Numbers,
    clock: Steady,
    heard_at: Option<Timestamp>,
    line: Line,
    was_live: bool,
    faults: Faults,
}

/// Saying that one is there.
#[derive(Debug, Default)]
struct Presence {
    at: Option<Timestamp>,
    under_way: Option<(u32, Timestamp)>,
}

/// Who begins, and what the store knows of them.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// Who is signed in.
    pub user: Uuid,
    /// Under which name of the device.
    pub device: Uuid,
    /// What to follow, and how far it is read.
    pub scopes: Vec<(Scope, Standing)>,
    /// The history that is of.
    pub epoch: Option<Uuid>,
    /// Whether others want to know that this device is there.
    pub is_awaited: bool,
}

impl Machine {
    /// One that follows nothing.
    pub const fn new(faults: Faults) -> Self {
        Self {
            stream: Stream::off(),
            pull: Pull::with(faults),
            pushes: BTreeMap::new(),
            user: None,
            presence: Presence {
                at: None,
                under_way: None,
            },
            numbers: Numbers(0),
            clock: Steady { last: None, ahead: 0 },
            heard_at: None,
            line: Line::Idle,
            was_live: false,
            faults,
        }
    }

    /// How the line is.
    pub const fn line(&self) -> Line {
        self.line
    }

    /// When the server was last heard, by the device's clock.
    pub const fn heard_at(&self) -> Option<Timestamp> {
        self.heard_at
    }

    /// Whether anything of what is followed can be shown.
    pub fn is_filled(&self) -> bool {
        self.pull.is_filled()
    }

    /// The history the device knows.
    pub const fn epoch(&self) -> Option<Uuid> {
        self.pull.epoch()
    }

    /// What to ask pages with.
    pub fn cursors(&self) -> BTreeMap<String, Cursor> {
        self.pull.cursors()
    }

    /// Whether the server does not speak our version: everything waits.
    pub fn is_outdated(&self) -> bool {
        self.pushes.values().any(|(push, _)| push.is_outdated())
    }

    /// Somebody is signed in.
    pub fn begin(&mut self, now: Timestamp, chance: u32, beginning: Beginning) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let mut acts = Vec::new();
        self.stream.stop(&mut acts);
        let Beginning {
            user,
            device,
            scopes,
            epoch,
            is_awaited,
        } = beginning;
        self.leave(now);
        self.user = Some(user);
        self.pull.start(now, device, scopes, epoch);
        self.stream.start(now);
        self.was_live = false;
        self.presence = Presence {
            at: is_awaited.then_some(now),
            under_way: None,
        };
        let faults = self.faults;
        let (push, uploads) = self
            .pushes
            .entry(user)
            .or_insert_with(|| (Push::new(user, 0, faults), Uploads::new(user)));
        push.sign(now, true);
        uploads.sign(now, true);
        self.finish(device_now, now, chance, acts)
    }

    /// Nobody is signed in any more.
    pub fn end(&mut self, now: Timestamp, chance: u32) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let mut acts = Vec::new();
        self.stream.stop(&mut acts);
        self.leave(now);
        self.pull.stop();
        self.presence = Presence::default();
        self.heard_at = None;
        self.finish(device_now, now, chance, acts)
    }

    fn leave(&mut self, now: Timestamp) {
        let before = self.user.take();
        if let Some((push, uploads)) = before.and_then(|user| self.pushes.get_mut(&user)) {
            push.sign(now, false);
            uploads.sign(now, false);
        }
    }

    /// So much waits in the vault of `user`. `fresh`: something was just queued.
    pub fn waits(
        &mut self,
        now: Timestamp,
        chance: u32,
        user: Uuid,
        waiting: u32,
        uploads: bool,
        fresh: bool,
    ) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let faults = self.faults;
        let (push, sending) = self
            .pushes
            .entry(user)
            .or_insert_with(|| (Push::new(user, 0, faults), Uploads::new(user)));
        push.waits(now, waiting, fresh);
        sending.waits(now, uploads);
        self.finish(device_now, now, chance, Vec::new())
    }

    /// What the server answered could not be written down.
    pub fn stumble(&mut self, now: Timestamp, chance: u32, user: Uuid) {
        let now = self.clock.read(now);
        if let Some((push, _)) = self.pushes.get_mut(&user) {
            push.stumble(now, chance);
        }
    }

    /// The server misses mutations that are not here any more.
    pub fn declare(&mut self, now: Timestamp, user: Uuid, gap: Gap) {
        let now = self.clock.read(now);
        if let Some((push, _)) = self.pushes.get_mut(&user) {
            push.declare(now, gap);
        }
    }

    /// The device of `user` goes by another name. What the stream says of mutations is of the old one: another is opened.
    pub fn rename(&mut self, now: Timestamp, chance: u32, user: Uuid, device: Uuid) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let mut acts = Vec::new();
        if self.user == Some(user) {
            self.pull.rename(now, device);
            self.stream.reopen(now, &mut acts);
        }
        self.finish(device_now, now, chance, acts)
    }

    /// What the cache holds is not what was thought.
    pub fn recover(&mut self, now: Timestamp, epoch: Option<Uuid>, standing: BTreeMap<Scope, Standing>) {
        let now = self.clock.read(now);
        self.pull.recover(now, epoch, standing);
    }

    /// Takes `input` at `now`. `chance` spreads the waits of many clients.
    pub fn handle(&mut self, now: Timestamp, chance: u32, input: Input) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let mut acts = Vec::new();
        match input {
            Input::Wake => {
                self.stream.wake(now, &mut acts);
                self.pull.wake(now);
                for (push, uploads) in self.pushes.values_mut() {
                    push.wake(now);
                    uploads.wake(now);
                }
                if let Some(at) = &mut self.presence.at {
                    *at = now;
                }
            }
            Input::Lost => self.stream.lost(now, &mut acts),
            Input::Opened(number) if self.stream.is(number) => {
                if self.stream.opened(now) {
                    self.heard_at = Some(device_now);
                }
            }
            Input::Alive(number) if self.stream.is(number) => {
                self.alive(device_now, now, false);
            }
            Input::Heard(number, event, mid) if self.stream.is(number) => {
                if self.alive(device_now, now, matches!(event, StreamEvent::Heads(_))) {
                    // What may be seen, and how, may have changed while there was none: only pages tell.
                    self.pull.poll(now);
                }
                // Before it has said of which epoch it speaks, a stream has said nothing.
                if self.stream.is_greeted() {
                    self.heard(now, event, mid, &mut acts);
                }
            }
            Input::Closed(number) if self.stream.is(number) => {
                self.was_live = false;
                self.stream.closed(now, chance);
            }
            Input::Answer(number, answer) => self.answer(device_now, now, chance, number, answer, &mut acts),
            // A stream given up has nothing to say any more; time is looked at below.
            Input::Tick | Input::Opened(_) | Input::Alive(_) | Input::Heard(..) | Input::Closed(_) => {}
        }
        self.finish(device_now, now, chance, acts)
    }

    /// When to call [`Machine::handle`] with [`Input::Tick`] at the latest, by the device's clock.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let pushes = self.pushes.values();
        let pushes = pushes.flat_map(|(push, uploads)| [push.next(), uploads.next()]);
        let presence = match self.presence.under_way {
            Some((_, since)) => Some(since.plus(OVERDUE)),
            None => self.presence.at,
        };
        let is_held =
            self.faults.pull_waits_for_push() && self.pushes.values().any(|(push, _)| push.is_busy());
        let pull = if is_held {
            None
        } else {
            self.pull.next(self.line == Line::Live)
        };
        let others = [self.stream.next(), pull, presence];
        let next = pushes.chain(others).flatten().min()?;
        Some(next.plus(-self.clock.ahead))
    }

    fn alive(&mut self, device_now: Timestamp, now: Timestamp, greeting: bool) -> bool {
        self.heard_at = Some(device_now);
        self.stream.alive(now, greeting)
    }

    fn heard(&mut self, now: Timestamp, event: StreamEvent, mid: Option<i64>, acts: &mut Vec<Act>) {
        match event {
            StreamEvent::Heads(heads) => {
                acts.push(Act::ServerTime(heads.time));
                if self.pull.heads(now, &heads, mid, acts) {
                    self.check(now);
                }
            }
            StreamEvent::Delta(delta) => self.pull.delta(now, delta, mid, acts),
            StreamEvent::Head(head) => self.pull.head(now, &head),
            StreamEvent::Position(position) => acts.push(Act::Moved(position)),
            StreamEvent::Resync => self.pull.resync(now),
        }
    }

    /// The server has lost data: every vault here may have what it misses.
    fn check(&mut self, now: Timestamp) {
        for (push, _) in self.pushes.values_mut() {
            push.check(now);
        }
    }

    fn answer(
        &mut self,
        device_now: Timestamp,
        now: Timestamp,
        chance: u32,
        number: u32,
        answer: Result<Answer, Failure>,
        acts: &mut Vec<Act>,
    ) {
        if answer.is_ok() && self.user.is_some() {
            self.heard_at = Some(device_now);
        }
        if self.presence.under_way.is_some_and(|(n, _)| n == number) {
            self.presence.under_way = None;
            return;
        }
        let mut rotated = false;
        match answer {
            Ok(Answer::Sync(answer)) => {
                let mut pushes = self.pushes.values_mut();
                let heard = pushes.find_map(|(push, _)| push.answer(now, chance, number, Ok(&answer), acts));
                rotated = match heard {
                    None => self.pull.pages(now, chance, number, Ok(answer), acts),
                    Some(Heard::Now) => self.pull.hear_of(now, answer.epoch, acts),
                    Some(Heard::Before) => false,
                };
            }
            Ok(Answer::Snapshot(snapshot)) => {
                rotated = self.pull.snapshot(now, chance, number, Ok(snapshot), acts);
            }
            Ok(Answer::Blob(_) | Answer::Noted) => {}
            Err(failure) => {
                for (push, _) in self.pushes.values_mut() {
                    if push.answer(now, chance, number, Err(&failure), acts).is_some() {
                        return;
                    }
                }
                self.pull.pages(now, chance, number, Err(&failure), acts);
                self.pull.snapshot(now, chance, number, Err(&failure), acts);
            }
        }
        if rotated {
            self.check(now);
        }
    }

    /// An answer about the bytes `sha256`.
    pub fn blob(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        sha256: &str,
        answer: Result<BlobState, &Failure>,
    ) -> Vec<Act> {
        let device_now = now;
        let now = self.clock.read(now);
        let mut acts = Vec::new();
        for (_, uploads) in self.pushes.values_mut() {
            if uploads.answer(now, chance, number, sha256, answer, &mut acts) {
                break;
            }
        }
        self.finish(device_now, now, chance, acts)
    }

    /// Does what has come due.
    fn finish(&mut self, device_now: Timestamp, now: Timestamp, chance: u32, mut acts: Vec<Act>) -> Vec<Act> {
        if self.stream.due(now, chance, &mut self.numbers, &mut acts) {
            self.pull.poll(now);
        }
        let mut busy = false;
        for (push, uploads) in self.pushes.values_mut() {
            push.due(now, chance, &mut self.numbers, &mut acts);
            uploads.due(now, chance, &mut self.numbers, &mut acts);
            busy |= push.is_busy();
        }
        self.pull.due(now, busy, &mut self.numbers, &mut acts);
        self.be_present(now, &mut acts);
        self.tell_line(device_now, now, &mut acts);
        acts
    }

    fn be_present(&mut self, now: Timestamp, acts: &mut Vec<Act>) {
        if self
            .presence
            .under_way
            .is_some_and(|(_, since)| now.since(since) >= OVERDUE)
        {
            self.presence.under_way = None;
        }
        if self.presence.under_way.is_none() && self.presence.at.is_some_and(|at| now >= at) {
            let number = self.numbers.next();
            self.presence.under_way = Some((number, now));
            self.presence.at = Some(now.plus(PRESENCE_EVERY));
            acts.push(Act::BePresent(number));
        }
    }

    /// The line is `Live` only while the stream is open, was heard within [`super::SILENCE`] and every scope stands at
    /// its head. Once live, a scope may be [`super::CATCH_UP`] behind before that is said: a large change is read, not
    /// carried.
    fn tell_line(&mut self, _device_now: Timestamp, now: Timestamp, acts: &mut Vec<Act>) {
        self.pull.look(now);
        let line = if self.stream.is_off() {
            Line::Idle
        } else if self.stream.is_greeted()
            && (self.pull.is_current() || (self.was_live && self.pull.is_nearly_current(now)))
        {
            Line::Live
        } else if self.stream.is_open() || !self.stream.is_failing() {
            Line::Connecting
        } else {
            Line::Offline
        };
        self.was_live = line == Line::Live;
        if line != self.line {
            self.line = line;
            acts.push(Act::Line(line));
        }
    }
}
