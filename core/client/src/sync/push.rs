//! Handing in what one vault holds, in order and exactly once; each vault by its own machine and in its own name.
//!
//! - Level-triggered: as long as something waits there is a time at which it is tried, whatever else happens: back-off
//!   with jitter, at most [`super::LONGEST_WAIT`], or when the server said to come back.
//! - One request at a time. What it was answered is settled in the vault before anything else forgets it.
//! - Whoever has signed out, or whose session is no good any more, hands in by the vault's own key.
//! - Once after each start, and whenever the server's history is another, the server is asked which number it expects:
//!   it may have lost what it had acknowledged, and this is how it gets it back.

use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::sync::{Gap, MOST_MUTATIONS, MutationStatus, SyncAnswer};
use uuid::Uuid;

use super::machine::{Act, By, Numbers};
use super::{Faults, LONGEST_WAIT, OVERDUE, back_off, retry_after};

/// However long the server says to wait, it is asked again after this.
const LONGEST_DEFERRAL: i64 = 10 * MINUTE;
/// New identities in a row after which something else must be wrong.
const MOST_FORKS: u32 = 3;

/// See the module.
#[derive(Debug)]
pub struct Push {
    user: Uuid,
    waiting: u32,
    /// Whether the server is to be asked where it stands, also when nothing waits.
    check: bool,
    /// Whether its person is signed in here, and their session is not known to be bad.
    bearer: bool,
    under_way: Option<UnderWay>,
    at: Option<Timestamp>,
    failures: u32,
    forks: u32,
    /// Most mutations in a request: fewer after one was too large.
    most: usize,
    gap: Option<Gap>,
    /// The server does not speak our version: everything waits.
    outdated: bool,
    faults: Faults,
}

#[derive(Clone, Copy, Debug)]
struct UnderWay {
    number: u32,
    since: Timestamp,
    by: By,
    /// The server was to be asked anew after this had gone out: its answer may be of another history.
    before_check: bool,
}

/// When the server said what it answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing it said since counts more.
    Now,
    /// Before it was heard that its history is another: of which one it spoke is not known.
    Before,
}

impl Push {
    /// Of a vault in which so much waits.
    pub const fn new(user: Uuid, waiting: u32, faults: Faults) -> Self {
        Self {
            user,
            waiting,
            check: true,
            bearer: false,
            under_way: None,
            at: None,
            failures: 0,
            forks: 0,
            most: MOST_MUTATIONS,
            gap: None,
            outdated: false,
            faults,
        }
    }

    /// Its person is signed in here now, or no longer.
    pub const fn sign(&mut self, now: Timestamp, signed_in: bool) {
        self.bearer = signed_in;
        self.failures = 0;
        self.at = Some(now);
        // The server hears of the key from who is signed in, before it is needed.
        if signed_in {
            self.check(now);
        }
    }

    /// The server's history is another.
    pub const fn check(&mut self, now: Timestamp) {
        self.check = true;
        self.at = Some(now);
        if let Some(under_way) = &mut self.under_way {
            under_way.before_check = true;
        }
    }

    /// So much waits now; `fresh` when something was just queued.
    pub fn waits(&mut self, now: Timestamp, waiting: u32, fresh: bool) {
        self.waiting = waiting;
        if waiting > 0 && self.at.is_none() && (fresh || !self.faults.edge_triggered_retry()) {
            self.at = Some(now);
        }
    }

    /// Whether something waits, or is on its way.
    pub const fn is_busy(&self) -> bool {
        self.waiting > 0 || self.under_way.is_some()
    }

    /// Whether the server does not speak our version.
    pub const fn is_outdated(&self) -> bool {
        self.outdated
    }

    /// The first the server misses is not here any more.
    pub const fn declare(&mut self, now: Timestamp, gap: Gap) {
        self.gap = Some(gap);
        self.check(now);
    }

    /// What was answered could not be written down: it will be answered again.
    pub fn stumble(&mut self, now: Timestamp, chance: u32) {
        self.failures = self.failures.max(3);
        self.back_off(now, chance, 0);
    }

    /// The device came back: do not wait any longer.
    pub const fn wake(&mut self, now: Timestamp) {
        if self.at.is_some() {
            self.at = Some(now);
        }
    }

    /// When to look again.
    pub const fn next(&self) -> Option<Timestamp> {
        match self.under_way {
            Some(under_way) => Some(under_way.since.plus(OVERDUE)),
            None => self.at,
        }
    }

    /// Does what has come due.
    pub fn due(&mut self, now: Timestamp, chance: u32, numbers: &mut Numbers, acts: &mut Vec<Act>) {
        if let Some(under_way) = self.under_way
            && now.since(under_way.since) >= OVERDUE
        {
            self.under_way = None;
            self.back_off(now, chance, 0);
        }
        if self.waiting > 0 && self.at.is_none() && !self.faults.edge_triggered_retry() {
            self.at = Some(now);
        }
        if self.under_way.is_some() || self.at.is_none_or(|at| now < at) {
            return;
        }
        self.at = None;
        if self.waiting == 0 && !self.check && self.gap.is_none() {
            return;
        }
        let by = if self.bearer { By::Session } else { By::Key };
        let number = numbers.next();
        self.under_way = Some(UnderWay {
            number,
            since: now,
            by,
            before_check: false,
        });
        acts.push(Act::Push {
            number,
            user: self.user,
            by,
            most: self.most,
            gap: self.gap,
        });
    }

    fn back_off(&mut self, now: Timestamp, chance: u32, least: i64) {
        self.failures = self.failures.saturating_add(1);
        let wait = back_off(self.failures, chance).max(least);
        self.at = (!self.faults.edge_triggered_retry()).then(|| now.plus(wait));
    }

    /// An answer to the request of that number; `None` when it is not waited for.
    pub fn answer(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        answer: Result<&SyncAnswer, &Failure>,
        acts: &mut Vec<Act>,
    ) -> Option<Heard> {
        let under_way = self.under_way.filter(|under_way| under_way.number == number)?;
        self.under_way = None;
        match answer {
            Ok(answer) => self.answered(now, chance, under_way, answer, acts),
            Err(failure) => self.refused(now, chance, under_way, failure, acts),
        }
        Some(if under_way.before_check {
            Heard::Before
        } else {
            Heard::Now
        })
    }

    /// The server was asked, unless it was to be asked anew since.
    const fn checked(&mut self, under_way: UnderWay) {
        if !under_way.before_check {
            self.check = false;
            self.gap = None;
        }
    }

    fn answered(
        &mut self,
        now: Timestamp,
        chance: u32,
        under_way: UnderWay,
        answer: &SyncAnswer,
        acts: &mut Vec<Act>,
    ) {
        self.outdated = false;
        self.checked(under_way);
        self.most = MOST_MUTATIONS;
        acts.push(Act::ServerTime(answer.time));
        let mut results = answer.results.clone();
        if self.faults.wedge_on_poisoned() {
            results.retain(|result| {
                !matches!(
                    result.status,
                    MutationStatus::Rejected | MutationStatus::Quarantined
                )
            });
        }
        let ended = results.iter().filter(|result| result.status.is_final()).count();
        let deferred = results
            .iter()
            .find(|result| result.status == MutationStatus::Deferred);
        if let Some(deferred) = deferred {
            let wait = deferred.retry_at.map_or(0, |at| at.since(answer.time));
            self.back_off(now, chance, wait.clamp(0, LONGEST_DEFERRAL));
        } else if ended > 0 {
            self.forks = 0;
            self.failures = 0;
            // What still waits goes at once; there is nothing to wait for.
            self.at = Some(now);
        } else {
            // Nothing has come of it: not to be repeated as fast as answers come.
            self.back_off(now, chance, 0);
        }
        if under_way.before_check && deferred.is_none() {
            self.at = Some(now);
        }
        if self.faults.result_not_stored() {
            acts.push(Act::DropSettled {
                user: self.user,
                results: results.clone(),
            });
        }
        acts.push(Act::Settle {
            user: self.user,
            results,
            expected_mid: answer.expected_mid,
        });
    }

    fn refused(
        &mut self,
        now: Timestamp,
        chance: u32,
        under_way: UnderWay,
        failure: &Failure,
        acts: &mut Vec<Act>,
    ) {
        match failure.code {
            ErrorCode::IdentityFork => {
                self.forks += 1;
                self.checked(under_way);
                if self.forks > MOST_FORKS {
                    self.back_off(now, chance, LONGEST_WAIT / 2);
                } else {
                    self.at = Some(now);
                    acts.push(Act::ReIdentify { user: self.user });
                }
            }
            ErrorCode::Unauthenticated
            | ErrorCode::TokenExpired
            | ErrorCode::TokenInvalid
            | ErrorCode::SessionRevoked
            | ErrorCode::InvalidCredentials
            | ErrorCode::RoleNotHeld
            | ErrorCode::Forbidden
                if under_way.by == By::Session =>
            {
                self.bearer = false;
                self.at = Some(now);
            }
            ErrorCode::ProtocolUnsupported => {
                self.outdated = true;
                self.back_off(now, chance, LONGEST_WAIT / 2);
            }
            ErrorCode::BodyTooLarge if self.most > 1 => {
                self.most /= 2;
                self.at = Some(now.plus(SECOND / 10));
            }
            _ => self.back_off(now, chance, retry_after(failure).min(LONGEST_DEFERRAL)),
        }
    }
}
