//! How far each scope is read, and what to ask for next. Pulling never waits for pushing.
//!
//! - A page or delta applies only when its `from` is the cursor. A cursor belongs to (epoch, scope, view). The cache
//!   checks that once more; what is kept here is a mirror of it, to know what to ask for.
//! - A scope without a cursor is filled by a snapshot; one with a cursor catches up by pages.
//! - Another epoch is another history: every cursor is forgotten, and what is shown stays until the snapshot of the
//!   new one is there.
//! - A snapshot's `lastMid` counts once every cursor has reached that snapshot's heads: only then are the effects of
//!   those mutations in the rows, and their predictions may go. The cache counts; it is told only what covers all scopes.

use std::collections::{BTreeMap, VecDeque};

use momfood_domain::time::{SECOND, Timestamp};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::feed::{Delta, Head, Heads, Scope, Snapshot};
use momfood_protocol::sync::{Cursor, Page, SyncAnswer};
use uuid::Uuid;

use super::machine::{Act, Numbers};
use super::{Faults, OVERDUE, back_off, retry_after};

/// How far behind a live scope may be, in microseconds, before the line is called connecting.
pub const CATCH_UP: i64 = 2 * SECOND;
/// Deltas kept while pages are under way.
const MOST_WAITING: usize = 256;
/// Answers short of a head that was named, after which the answer is believed.
const MOST_SHORT: u32 = 4;

/// Where the cache says a scope stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Through whose eyes, and up to which number; absent when it has to be filled anew.
    pub cursor: Option<Cursor>,
    /// Whether what is shown goes on from the cursor. If not, the scope is being filled beside it.
    pub current: bool,
    /// Whether anything of it can be shown.
    pub filled: bool,
}

#[derive(Debug, Default)]
struct Tracked {
    standing: Standing,
    /// The furthest the server said it stands.
    head: i64,
    snapshot: Fetch,
    failures: u32,
    short_answers: u32,
    /// Behind its head since then.
    behind_since: Option<Timestamp>,
    waiting: VecDeque<(Delta, Option<i64>)>,
    /// Not granted.
    refused: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fetch {
    #[default]
    None,
    /// Under way since then, under that number.
    UnderWay(u32, Timestamp),
    /// To be tried then.
    At(Timestamp),
}

impl Fetch {
    /// Asks then, unless that is under way or due sooner.
    fn want(&mut self, at: Timestamp) {
        *self = match *self {
            Self::None => Self::At(at),
            Self::At(due) => Self::At(due.min(at)),
            under_way @ Self::UnderWay(..) => under_way,
        };
    }

    fn is_under_way(self, number: u32) -> bool {
        matches!(self, Self::UnderWay(n, _) if n == number)
    }

    const fn next(self) -> Option<Timestamp> {
        match self {
            Self::None => None,
            Self::At(at) => Some(at),
            Self::UnderWay(_, since) => Some(since.plus(OVERDUE)),
        }
    }

    fn begin(&mut self, now: Timestamp, numbers: &mut Numbers) -> Option<u32> {
        if self.next().is_none_or(|at| now < at) {
            return None;
        }
        let number = numbers.next();
        *self = Self::UnderWay(number, now);
        Some(number)
    }

    fn hurry(&mut self, now: Timestamp) {
        if let Self::At(at) = self {
            *at = now;
        }
    }
}

impl Tracked {
    fn seq(&self) -> Option<i64> {
        self.standing.cursor.as_ref().map(|cursor| cursor.seq)
    }

    fn is_current(&self) -> bool {
        self.refused || (self.standing.current && self.seq().is_some_and(|seq| seq >= self.head))
    }

    /// Forgets the cursor; what is shown stays until a snapshot is there.
    fn forget(&mut self, now: Timestamp) {
        *self = Self {
            standing: Standing {
                filled: self.standing.filled,
                ..Standing::default()
            },
            behind_since: self.behind_since,
            snapshot: Fetch::At(now),
            ..Self::default()
        };
    }

    fn refuse(&mut self, scope: Scope, acts: &mut Vec<Act>) {
        *self = Self {
            refused: true,
            ..Self::default()
        };
        acts.push(Act::Purge(scope));
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Pull {
    scopes: BTreeMap<Scope, Tracked>,
    device: Uuid,
    epoch: Option<Uuid>,
    /// The `lastMid` told to the cache last, with the heads it came with.
    told: Option<i64>,
    pages: Fetch,
    failures: u32,
    faults: Faults,
}

impl Pull {
    pub const fn with(faults: Faults) -> Self {
        Self {
            scopes: BTreeMap::new(),
            device: Uuid::nil(),
            epoch: None,
            told: None,
            pages: Fetch::None,
            failures: 0,
            faults,
        }
    }

    pub fn start(
        &mut self,
        now: Timestamp,
        device: Uuid,
        scopes: impl IntoIterator<Item = (Scope, Standing)>,
        epoch: Option<Uuid>,
    ) {
        *self = Self {
            device,
            epoch,
            ..Self::with(self.faults)
        };
        for (scope, standing) in scopes {
            let mut tracked = Tracked::default();
            if standing.cursor.is_some() {
                self.pages.want(now);
            } else {
                tracked.snapshot.want(now);
            }
            tracked.standing = standing;
            self.scopes.insert(scope, tracked);
        }
    }

    /// The device goes by another name from now on.
    pub fn rename(&mut self, now: Timestamp, device: Uuid) {
        self.device = device;
        self.told = None;
        // What was heard with these counts the mutations of the old one.
        for tracked in self.scopes.values_mut() {
            // A snapshot that was asked for under the old name may be older than what was done under it.
            if matches!(tracked.snapshot, Fetch::UnderWay(..)) {
                tracked.snapshot = Fetch::At(now);
            }
            for (_, mid) in &mut tracked.waiting {
                *mid = None;
            }
        }
    }

    pub fn stop(&mut self) {
        *self = Self::with(self.faults);
    }

    /// Whether anything of every scope can be shown.
    pub fn is_filled(&self) -> bool {
        self.scopes.values().all(|tracked| tracked.standing.filled)
    }

    /// The history the device knows.
    pub const fn epoch(&self) -> Option<Uuid> {
        self.epoch
    }

    /// Every scope stands at its head.
    pub fn is_current(&self) -> bool {
        self.scopes.values().all(Tracked::is_current)
    }

    /// Every scope stands at its head, or fell behind a moment ago.
    pub fn is_nearly_current(&self, now: Timestamp) -> bool {
        self.scopes.values().all(|tracked| {
            let moment = |since| now.since(since) < CATCH_UP;
            tracked.refused || (tracked.standing.current && tracked.behind_since.is_none_or(moment))
        })
    }

    /// Notes who is behind, and since when.
    pub fn look(&mut self, now: Timestamp) {
        for tracked in self.scopes.values_mut() {
            tracked.behind_since = if tracked.is_current() {
                None
            } else {
                tracked.behind_since.or(Some(now))
            };
        }
    }

    /// When to look again; `live` asks also when a scope will have been behind for too long to be called live.
    pub fn next(&self, live: bool) -> Option<Timestamp> {
        let scopes = self.scopes.values().flat_map(|tracked| {
            let behind = live.then_some(tracked.behind_since).flatten();
            [tracked.snapshot.next(), behind.map(|since| since.plus(CATCH_UP))]
        });
        scopes.chain([self.pages.next()]).flatten().min()
    }

    /// The device came back: do not wait any longer.
    pub fn wake(&mut self, now: Timestamp) {
        for tracked in self.scopes.values_mut() {
            tracked.snapshot.hurry(now);
        }
        self.pages.hurry(now);
    }

    /// Asks for whatever may have changed.
    pub fn poll(&mut self, now: Timestamp) {
        for tracked in self.scopes.values_mut() {
            if tracked.seq().is_some() {
                self.pages.want(now);
            } else if !tracked.refused {
                tracked.snapshot.want(now);
            }
        }
    }

    /// As [`Pull::poll`], also for what was not granted last time.
    pub fn resync(&mut self, now: Timestamp) {
        for tracked in self.scopes.values_mut() {
            tracked.refused = false;
        }
        self.poll(now);
    }

    fn mids(&self, mid: Option<i64>) -> BTreeMap<Uuid, i64> {
        mid.map(|mid| (self.device, mid)).into_iter().collect()
    }

    /// What the stream says first and at each beat. Whether the epoch is another.
    pub fn heads(&mut self, now: Timestamp, heads: &Heads, mid: Option<i64>, acts: &mut Vec<Act>) -> bool {
        let rotated = self.enter_epoch(now, heads.epoch, acts);
        let mut stand = BTreeMap::new();
        let mut astray = false;
        for (scope, tracked) in &mut self.scopes {
            // A scope the server does not name has never moved; whether it is still granted, its pages tell.
            let text = scope.to_string();
            let named = heads.heads.get(&text).copied();
            tracked.head = named.unwrap_or(0);
            tracked.refused &= named.is_none();
            match tracked.seq() {
                // If the server knows less than we, it has lost data, and says so when it is asked.
                Some(seq) => astray |= tracked.head != seq || !tracked.standing.current,
                None if !tracked.refused => tracked.snapshot.want(now),
                None => {}
            }
            stand.insert(
                text,
                if self.faults.early_last_mid() {
                    0
                } else {
                    tracked.head
                },
            );
        }
        if astray {
            self.pages.want(now);
        }
        if mid.is_some_and(|mid| self.told.is_none_or(|told| told < mid)) {
            self.told = mid;
            acts.push(Act::Hear {
                epoch: heads.epoch,
                heads: stand,
                last_mids: self.mids(mid),
            });
        }
        rotated
    }

    /// Of which history the server spoke when something was handed in. Whether the epoch is another.
    pub fn hear_of(&mut self, now: Timestamp, epoch: Uuid, acts: &mut Vec<Act>) -> bool {
        self.epoch.is_some() && self.enter_epoch(now, epoch, acts)
    }

    /// Another epoch than before: no cursor means anything any more.
    fn enter_epoch(&mut self, now: Timestamp, epoch: Uuid, acts: &mut Vec<Act>) -> bool {
        let rotated = self.epoch.replace(epoch).is_some_and(|known| known != epoch);
        if rotated {
            acts.push(Act::Epoch(epoch));
            for tracked in self.scopes.values_mut() {
                tracked.forget(now);
            }
            self.told = None;
            self.pages = Fetch::None;
        }
        rotated
    }

    /// The scope moved, and the changes were too large to carry.
    pub fn head(&mut self, now: Timestamp, head: &Head) {
        let scope = head.scope.parse::<Scope>();
        let Some(tracked) = scope.ok().and_then(|scope| self.scopes.get_mut(&scope)) else {
            return;
        };
        tracked.head = tracked.head.max(head.head);
        if tracked.seq().is_some() && !tracked.is_current() {
            self.pages.want(now);
        }
    }

    pub fn delta(&mut self, now: Timestamp, delta: Delta, mid: Option<i64>, acts: &mut Vec<Act>) {
        let Ok(scope) = delta.scope.parse::<Scope>() else {
            return;
        };
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return;
        };
        tracked.head = tracked.head.max(delta.to);
        let seq = tracked.seq();
        if seq.is_some_and(|seq| delta.to <= seq) {
            // Heard already.
            return;
        }
        if tracked.waiting.len() >= MOST_WAITING {
            tracked.waiting.pop_front();
        }
        tracked.waiting.push_back((delta, mid));
        self.follow_on(scope, acts);
        let behind = self
            .scopes
            .get(&scope)
            .is_some_and(|tracked| !tracked.is_current());
        if behind && seq.is_some() {
            self.pages.want(now);
        }
    }

    /// Applies the deltas that follow the cursor.
    fn follow_on(&mut self, scope: Scope, acts: &mut Vec<Act>) {
        let alone = self.scopes.len() == 1;
        let device = self.device;
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return;
        };
        if !tracked.standing.current {
            return;
        }
        let Some(cursor) = &mut tracked.standing.cursor else {
            return;
        };
        loop {
            tracked.waiting.retain(|(delta, _)| delta.to > cursor.seq);
            let fits = |(delta, _): &(Delta, _)| delta.from == cursor.seq;
            let next = tracked.waiting.iter().position(fits);
            let Some((delta, mid)) = next.and_then(|next| tracked.waiting.remove(next)) else {
                return;
            };
            cursor.seq = delta.to;
            let mid = mid.filter(|_| alone);
            self.told = self.told.max(mid);
            let last_mids = mid.map(|mid| (device, mid)).into_iter().collect();
            acts.push(Act::Delta { delta, last_mids });
        }
    }

    /// What to ask pages with.
    pub fn cursors(&self) -> BTreeMap<String, Cursor> {
        let of = |(scope, tracked): (&Scope, &Tracked)| {
            Some((scope.to_string(), tracked.standing.cursor.clone()?))
        };
        self.scopes.iter().filter_map(of).collect()
    }

    /// An answer to the pages of that number, if it is waited for. Whether the epoch is another.
    pub fn pages(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        answer: Result<SyncAnswer, &Failure>,
        acts: &mut Vec<Act>,
    ) -> bool {
        if !self.pages.is_under_way(number) {
            return false;
        }
        self.pages = Fetch::None;
        let mut answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                self.failures = self.failures.saturating_add(1);
                let wait = back_off(self.failures, chance).max(retry_after(failure));
                self.pages = Fetch::At(now.plus(wait));
                return false;
            }
        };
        self.failures = 0;
        acts.push(Act::ServerTime(answer.time));
        if self.enter_epoch(now, answer.epoch, acts) {
            // Its pages are of a history we know nothing of; snapshots are asked for.
            return true;
        }
        let mut pages = BTreeMap::new();
        for (text, mut page) in std::mem::take(&mut answer.scopes) {
            if let Ok(scope) = text.parse::<Scope>()
                && self.page(now, chance, scope, &mut page, acts)
            {
                pages.insert(text, page);
            }
        }
        // Of a snapshot that leaves out one of our scopes, nothing follows for our mutations.
        let whole = self
            .scopes
            .iter()
            .all(|(scope, tracked)| tracked.refused || pages.contains_key(&scope.to_string()));
        let mid = answer.last_mids.get(&self.device).copied();
        let mid = mid.filter(|_| whole || self.faults.early_last_mid());
        self.told = self.told.max(mid);
        if self.faults.early_last_mid() {
            for page in pages.values_mut() {
                page.head = page.head.min(page.to);
            }
        }
        if !pages.is_empty() {
            acts.push(Act::Pages {
                epoch: answer.epoch,
                pages,
                last_mids: self.mids(mid),
            });
        }
        let scopes: Vec<Scope> = self.scopes.keys().copied().collect();
        for scope in scopes {
            self.follow_on(scope, acts);
        }
        false
    }

    /// Moves the mirror by a page; whether the cache is to have it.
    fn page(
        &mut self,
        now: Timestamp,
        chance: u32,
        scope: Scope,
        page: &mut Page,
        acts: &mut Vec<Act>,
    ) -> bool {
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return false;
        };
        if page.revoked {
            tracked.refuse(scope, acts);
            return false;
        }
        let Some(cursor) = tracked.standing.cursor.as_mut() else {
            return false;
        };
        if self.faults.keep_cursor_across_views() && page.view != cursor.view {
            page.view.clone_from(&cursor.view);
            page.reset = false;
            page.from = cursor.seq;
        }
        let anew = page.reset || page.view != cursor.view;
        if anew {
            tracked.forget(now);
            return false;
        }
        if page.from != cursor.seq || page.to < page.from {
            // A delta was faster, or it answers something else.
            if !tracked.is_current() {
                self.pages.want(now);
            }
            return false;
        }
        cursor.seq = page.to;
        // The last page of a scope that is filled beside what is shown completes it.
        tracked.standing.current |= !page.more;
        tracked.standing.filled |= tracked.standing.current;
        if page.more {
            tracked.head = tracked.head.max(page.head);
            self.pages.want(now);
        } else if page.to < tracked.head {
            // One that keeps falling short of a head that was named means that it was no true one; asking as fast as
            // answers come would help nobody.
            tracked.short_answers += 1;
            if tracked.short_answers >= MOST_SHORT {
                tracked.short_answers = 0;
                tracked.head = page.to;
            } else {
                let wait = match tracked.short_answers {
                    1 => 0,
                    again => back_off(again, chance),
                };
                self.pages.want(now.plus(wait));
            }
        } else {
            tracked.short_answers = 0;
        }
        true
    }

    pub fn snapshot(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        answer: Result<Snapshot, &Failure>,
        acts: &mut Vec<Act>,
    ) -> bool {
        let asked = self
            .scopes
            .iter()
            .find(|(_, tracked)| tracked.snapshot.is_under_way(number));
        let Some((&scope, _)) = asked else { return false };
        let alone = self.scopes.len() == 1;
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return false;
        };
        let snapshot = match answer {
            Ok(snapshot) => snapshot,
            Err(failure) if matches!(failure.code, ErrorCode::NotFound | ErrorCode::Forbidden) => {
                tracked.refuse(scope, acts);
                return false;
            }
            Err(failure) => {
                tracked.failures = tracked.failures.saturating_add(1);
                let wait = back_off(tracked.failures, chance).max(retry_after(failure));
                tracked.snapshot = Fetch::At(now.plus(wait));
                acts.push(Act::Unfilled);
                return false;
            }
        };
        acts.push(Act::ServerTime(snapshot.time));
        // The cursors of the other scopes are of another history then, and so was what was known of this one.
        let rotated = self.enter_epoch(now, snapshot.epoch, acts);
        let Some(tracked) = self.scopes.get_mut(&scope) else {
            return rotated;
        };
        tracked.snapshot = Fetch::None;
        tracked.failures = 0;
        tracked.head = tracked.head.max(snapshot.seq);
        tracked.standing = Standing {
            cursor: Some(Cursor {
                view: snapshot.view.clone(),
                seq: snapshot.seq,
            }),
            current: true,
            filled: true,
        };
        let mid = snapshot.last_mids.get(&self.device).copied();
        let mid = Some(mid.unwrap_or(0)).filter(|_| alone);
        self.told = self.told.max(mid);
        acts.push(Act::Fill {
            snapshot,
            last_mids: self.mids(mid),
        });
        self.follow_on(scope, acts);
        let behind = self
            .scopes
            .get(&scope)
            .is_some_and(|tracked| !tracked.is_current());
        if behind || !alone {
            // With several scopes only a snapshot of all of them says what became of our own mutations.
            self.pages.want(now);
        }
        rotated
    }

    /// Does what has come due. `held` matters to a broken variant only, in which pulling waits for pushing.
    pub fn due(&mut self, now: Timestamp, held: bool, numbers: &mut Numbers, acts: &mut Vec<Act>) {
        if held && self.faults.pull_waits_for_push() {
            return;
        }
        let mut readable = false;
        for (scope, tracked) in &mut self.scopes {
            readable |= tracked.seq().is_some();
            if let Some(number) = tracked.snapshot.begin(now, numbers) {
                acts.push(Act::Fetch(number, *scope));
            }
        }
        if !readable {
            self.pages = Fetch::None;
        } else if let Some(number) = self.pages.begin(now, numbers) {
            acts.push(Act::Pull(number));
        }
    }

    /// What the cache holds is not what was thought: it discarded something, or failed. Goes on from what it says.
    pub fn recover(&mut self, now: Timestamp, epoch: Option<Uuid>, mut standing: BTreeMap<Scope, Standing>) {
        self.epoch = epoch;
        self.told = None;
        let soon = now.plus(CATCH_UP);
        for (scope, tracked) in &mut self.scopes {
            if tracked.refused {
                continue;
            }
            tracked.waiting.clear();
            tracked.standing = standing.remove(scope).unwrap_or_default();
            if tracked.standing.cursor.is_some() {
                self.pages.want(soon);
            } else {
                tracked.snapshot.want(soon);
            }
        }
    }
}
