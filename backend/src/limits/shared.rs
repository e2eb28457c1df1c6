//! Budgets that several servers share, in Redis. No request waits long for it: what does not answer at once is away, is
//! said once, and is tried again in the background while each process goes by its own memory.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::time::Timestamp;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, RedisError, Script};
use tokio::time::Instant;

use super::budget::Budget;
use super::class::Class;
use super::memory::Caller;
use crate::config::is_this_machine;

/// How long a request waits for an answer.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long a connection may take to be made.
const CONNECTING: Duration = Duration::from_secs(1);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(2);

/// The same as [`Budget::take`], in one step for all servers. `KEYS[1]` holds when the budget is whole again. Answers
/// how long to wait, in microseconds; with `ARGV[4]` 0 nothing is taken.
const TAKE: &str = r"
local now, burst, every = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local after = full + every
local wait = after - burst * every - now
if wait > 0 then return wait end
if ARGV[4] == '1' then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
end
return 0
";

/// The way to Redis.
pub(super) struct Shared {
    client: Client,
    script: Script,
    link: Mutex<Link>,
}

enum Link {
    Up(MultiplexedConnection),
    /// Somebody is making a connection.
    Trying,
    /// Until then nobody tries.
    Away(Instant),
}

fn key(class: Class, caller: &Caller) -> String {
    format!(
        "momfood:limit:{}:{}",
        class.word(),
        BASE64_URL_SAFE_NO_PAD.encode(caller)
    )
}

/// Whether what is said to Redis at `url` may be read, or answered by others, on its way: it is on another machine, and not
/// spoken to by TLS.
pub(crate) fn may_be_read_on_its_way(url: &str) -> bool {
    let Ok(client) = Client::open(url) else {
        return false;
    };
    match client.get_connection_info().addr() {
        ConnectionAddr::Tcp(host, _) => !is_this_machine(host),
        ConnectionAddr::TcpTls { insecure, .. } => *insecure,
        _ => false,
    }
}

impl Shared {
    /// A way to the server at `url`, not gone yet. Fails on an address that is none.
    pub(super) fn new(url: &str) -> Result<Arc<Self>, RedisError> {
        Ok(Arc::new(Self {
            client: Client::open(url)?,
            script: Script::new(TAKE),
            link: Mutex::new(Link::Away(Instant::now())),
        }))
    }

    /// Takes one (or only looks whether there is one): how long to wait for it, microseconds, 0 for not at all. `None`
    /// when Redis is away.
    pub(super) async fn take(
        self: &Arc<Self>,
        class: Class,
        caller: &Caller,
        budget: Budget,
        now: Timestamp,
        for_good: bool,
    ) -> Option<i64> {
        let mut connection = self.connection()?;
        let mut call = self.script.key(key(class, caller));
        call.arg(now.0)
            .arg(budget.burst())
            .arg(budget.every())
            .arg(u8::from(for_good));
        self.heard(call.invoke_async(&mut connection).await)
    }

    /// Gives the whole budget back.
    pub(super) async fn forgive(self: &Arc<Self>, class: Class, caller: &Caller) {
        if let Some(mut connection) = self.connection() {
            let mut call = redis::cmd("DEL");
            call.arg(key(class, caller));
            let _: Option<i64> = self.heard(call.query_async(&mut connection).await);
        }
    }

    fn heard<T>(&self, answer: Result<T, RedisError>) -> Option<T> {
        answer.map_err(|error| self.lost(&error)).ok()
    }

    fn link(&self) -> std::sync::MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, if there is one. When it is time to, another is made meanwhile.
    fn connection(self: &Arc<Self>) -> Option<MultiplexedConnection> {
        let mut link = self.link();
        match &*link {
            Link::Up(connection) => Some(connection.clone()),
            Link::Trying => None,
            Link::Away(until) => {
                if *until <= Instant::now() {
                    *link = Link::Trying;
                    let shared = Arc::clone(self);
                    tokio::spawn(async move { shared.connect(false).await });
                }
                None
            }
        }
    }

    /// Makes a connection now, and waits for it as long as it may take.
    pub(super) async fn join(self: &Arc<Self>) {
        *self.link() = Link::Trying;
        self.connect(true).await;
    }

    async fn connect(&self, first: bool) {
        let rules = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(PATIENCE));
        let made = self
            .client
            .get_multiplexed_async_connection_with_config(&rules)
            .await;
        let mut link = self.link();
        match made {
            Ok(connection) => {
                *link = Link::Up(connection);
                tracing::info!("limits are shared through Redis");
            }
            Err(error) => {
                *link = Link::Away(Instant::now() + AGAIN);
                if first {
                    tell(&error);
                }
            }
        }
    }

    /// The connection is of no use any more. Of all requests that find out, the first says so.
    fn lost(&self, error: &RedisError) {
        let mut link = self.link();
        if matches!(*link, Link::Up(_)) {
            *link = Link::Away(Instant::now() + AGAIN);
            tell(error);
        }
    }
}

fn tell(error: &RedisError) {
    // The error's own words may repeat the address, and with it a password.
    tracing::warn!(kind = ?error.kind(), "Redis is away: each server counts for itself until it is back");
}
