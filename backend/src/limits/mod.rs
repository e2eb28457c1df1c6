//! How often who may do what: by address, by account, by person, each class of requests with a budget of its own.
//! Counted in this process, and in Redis for all servers together where there is one.
//!
//! Where to start: [`Class`] is what is counted, [`Limits::take`] counts, [`layer::guard`] counts every request before
//! anything is done for it. A limit must never cost its owner more than a wait: nothing here is written down for good,
//! and nobody can use up a budget that another needs to get in (see `identity::attempt`).

mod budget;
mod class;
pub mod layer;
mod memory;
mod shared;

use std::sync::Arc;

use hmac::{Hmac, Mac as _};
use momfood_domain::id::UserId;
use momfood_domain::time::{SECOND, Timestamp};
use secrecy::ExposeSecret as _;
use sha2::Sha256;
use uuid::Uuid;

pub use budget::{Budget, NoBudget};
pub use class::{Budgets, Class};
pub(crate) use shared::may_be_read_on_its_way;

use crate::address::Address;
use crate::config::Config;
use crate::error::{ApiError, ErrorCode};
use memory::{Caller, Used};
use shared::Shared;

/// Not now: in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too often; again in {seconds} s")]
pub struct Wait {
    /// Seconds, one at least.
    pub seconds: i64,
}

impl Wait {
    fn of(microseconds: i64) -> Self {
        Self {
            seconds: microseconds.saturating_add(SECOND - 1).div_euclid(SECOND).max(1),
        }
    }
}

impl From<Wait> for ApiError {
    fn from(wait: Wait) -> Self {
        Self::new(ErrorCode::RateLimited).with("retryAfter", wait.seconds)
    }
}

/// Whose budget it is.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// Everybody at an address.
    At(Address),
    /// An account, named as it was typed: there may be none of that name.
    Account(&'a str),
    /// An account as tried from an address.
    AccountAt(&'a str, Address),
    /// An account as tried from a device that it knows.
    AccountOn(&'a str, Uuid),
    /// A person.
    Person(UserId),
}

/// What everybody has used.
pub struct Limits {
    budgets: Budgets,
    used: Vec<Used>,
    shared: Option<Arc<Shared>>,
    /// Names callers, so that neither memory nor Redis holds an email, a phone or an address.
    secret: [u8; 32],
}

impl Limits {
    /// With the budgets of `config`, shared if it says where Redis is. Fails if that is no address. `secret` is to be
    /// the same on all servers.
    pub fn new(config: &Config, secret: [u8; 32]) -> Result<Self, redis::RedisError> {
        let url = config.redis_url.as_ref();
        let shared = url.map(|url| Shared::new(url.expose_secret())).transpose()?;
        Ok(Self {
            shared,
            ..Self::alone(config, secret)
        })
    }

    /// The same, in this process alone.
    pub fn alone(config: &Config, secret: [u8; 32]) -> Self {
        Self {
            budgets: config.limits.clone(),
            used: Class::ALL.iter().map(|_| Used::default()).collect(),
            shared: None,
            secret,
        }
    }

    /// Reaches for Redis, if there is to be one. Without it, or while it is away, this process counts for itself.
    pub async fn join(&self) {
        if let Some(shared) = &self.shared {
            shared.join().await;
        }
    }

    /// Takes one of `who`'s budget, or says how long to wait. What this process has counted by itself is asked first: a
    /// flood is not passed on to Redis.
    pub async fn take(&self, class: Class, who: Who<'_>, now: Timestamp) -> Result<(), Wait> {
        let Some(budget) = self.budgets.of(class) else {
            return Ok(());
        };
        let caller = self.name(who);
        self.used(class).take(caller, budget, now).map_err(Wait::of)?;
        if let Some(shared) = &self.shared
            && let Some(wait @ 1..) = shared.take(class, &caller, budget, now, true).await
        {
            return Err(Wait::of(wait));
        }
        Ok(())
    }

    /// Whether `who` has one left. Takes none.
    pub async fn has(&self, class: Class, who: Who<'_>, now: Timestamp) -> bool {
        let Some(budget) = self.budgets.of(class) else {
            return true;
        };
        let caller = self.name(who);
        if !self.used(class).has(caller, budget, now) {
            return false;
        }
        match &self.shared {
            Some(shared) => !matches!(shared.take(class, &caller, budget, now, false).await, Some(1..)),
            None => true,
        }
    }

    /// Gives `who` the whole budget back.
    pub async fn forgive(&self, class: Class, who: Who<'_>) {
        let caller = self.name(who);
        self.used(class).forgive(&caller);
        if let Some(shared) = &self.shared {
            shared.forgive(class, &caller).await;
        }
    }

    fn used(&self, class: Class) -> &Used {
        &self.used[class as usize]
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn name(&self, who: Who<'_>) -> Caller {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.secret).expect("a key of any length");
        match who {
            Who::At(address) => {
                code.update(b"at\0");
                code.update(&address.network());
            }
            Who::Account(name) => {
                code.update(b"account\0");
                code.update(name.as_bytes());
            }
            Who::AccountAt(name, address) => {
                code.update(b"account at\0");
                code.update(&address.network());
                code.update(name.as_bytes());
            }
            Who::AccountOn(name, device) => {
                code.update(b"account on\0");
                code.update(device.as_bytes());
                code.update(name.as_bytes());
            }
            Who::Person(person) => {
                code.update(b"person\0");
                code.update(person.0.as_bytes());
            }
        }
        let mut caller = Caller::default();
        caller.copy_from_slice(&code.finalize().into_bytes()[..16]);
        caller
    }
}
