//! Sending the bytes that one vault's mutations name, in parts, beside the mutations and never in their way.
//!
//! The server is asked first how much of them it has. They stay on the device until it says that they are whole.

use momfood_domain::time::Timestamp;
use momfood_protocol::error::{ErrorCode, Failure};
use momfood_protocol::sync::BlobState;
use uuid::Uuid;

use super::machine::{Act, By, Numbers};
use super::{OVERDUE, back_off, retry_after};

/// See the module.
#[derive(Debug)]
pub struct Uploads {
    user: Uuid,
    bearer: bool,
    waiting: bool,
    /// How much of the first one the server has, once it was asked.
    asked: Option<(String, u64)>,
    under_way: Option<(u32, Timestamp, By)>,
    at: Option<Timestamp>,
    failures: u32,
}

impl Uploads {
    pub const fn new(user: Uuid) -> Self {
        Self {
            user,
            bearer: false,
            waiting: false,
            asked: None,
            under_way: None,
            at: None,
            failures: 0,
        }
    }

    pub fn sign(&mut self, now: Timestamp, signed_in: bool) {
        self.bearer = signed_in;
        self.failures = 0;
        self.at = self.waiting.then_some(now);
    }

    /// Whether something is to be sent.
    pub fn waits(&mut self, now: Timestamp, waiting: bool) {
        self.waiting = waiting;
        if !waiting {
            self.at = None;
            self.asked = None;
        } else if self.at.is_none() {
            self.at = Some(now);
        }
    }

    pub const fn wake(&mut self, now: Timestamp) {
        if self.at.is_some() {
            self.at = Some(now);
        }
    }

    pub const fn next(&self) -> Option<Timestamp> {
        match self.under_way {
            Some((_, since, _)) => Some(since.plus(OVERDUE)),
            // A time that is past and nothing to send would be looked at for ever.
            None if self.waiting => self.at,
            None => None,
        }
    }

    pub fn due(&mut self, now: Timestamp, chance: u32, numbers: &mut Numbers, acts: &mut Vec<Act>) {
        if !self.waiting {
            self.at = None;
            self.under_way = None;
            return;
        }
        if self
            .under_way
            .is_some_and(|(_, since, _)| now.since(since) >= OVERDUE)
        {
            self.under_way = None;
            self.again(now, chance, 0);
        }
        if self.under_way.is_some() || self.at.is_none_or(|at| now < at) {
            return;
        }
        self.at = None;
        let by = if self.bearer { By::Session } else { By::Key };
        let number = numbers.next();
        self.under_way = Some((number, now, by));
        let user = self.user;
        acts.push(match &self.asked {
            None => Act::AskBlob { number, user, by },
            Some((sha256, offset)) => Act::SendPart {
                number,
                user,
                by,
                sha256: sha256.clone(),
                offset: *offset,
            },
        });
    }

    fn again(&mut self, now: Timestamp, chance: u32, least: i64) {
        self.failures = self.failures.saturating_add(1);
        self.asked = None;
        self.at = Some(now.plus(back_off(self.failures, chance).max(least)));
    }

    /// An answer about the bytes `sha256`, if it is waited for.
    pub fn answer(
        &mut self,
        now: Timestamp,
        chance: u32,
        number: u32,
        sha256: &str,
        answer: Result<BlobState, &Failure>,
        acts: &mut Vec<Act>,
    ) -> bool {
        let Some((_, _, by)) = self.under_way.filter(|(n, ..)| *n == number) else {
            return false;
        };
        self.under_way = None;
        match answer {
            Ok(state) => {
                self.failures = 0;
                // Once it is written down that these are whole, it is known whether there are more.
                self.at = (!state.complete).then_some(now);
                self.asked = (!state.complete).then(|| (sha256.to_owned(), state.offset));
                acts.push(Act::Uploaded {
                    user: self.user,
                    sha256: sha256.to_owned(),
                    state,
                });
            }
            // Never heard of: from the beginning.
            Err(failure) if failure.code == ErrorCode::NotFound && self.asked.is_none() => {
                self.at = Some(now);
                self.asked = Some((sha256.to_owned(), 0));
            }
            Err(failure) if failure.code == ErrorCode::OffsetMismatch && self.failures == 0 => {
                let offset = failure.details.get("offset").and_then(serde_json::Value::as_u64);
                self.failures = 1;
                self.at = Some(now);
                self.asked = offset.map(|offset| (sha256.to_owned(), offset));
            }
            Err(failure)
                if by == By::Session
                    && matches!(
                        failure.code,
                        ErrorCode::Unauthenticated
                            | ErrorCode::TokenExpired
                            | ErrorCode::TokenInvalid
                            | ErrorCode::SessionRevoked
                            | ErrorCode::Forbidden
                    ) =>
            {
                self.bearer = false;
                self.at = Some(now);
            }
            Err(failure) => self.again(now, chance, retry_after(failure)),
        }
        true
    }
}
