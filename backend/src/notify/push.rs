//! A push service: what is asked of it and what it may answer. It knows nothing of our database and is never asked
//! inside one of our transactions.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures::future::BoxFuture;
use momfood_domain::id::OrderId;
use momfood_domain::time::Timestamp;
use momfood_protocol::device::PushPlatform;
use momfood_protocol::notice::Notice;

use super::apns::{Apns, ApnsKey};
use super::fcm::{Account, Fcm};
use crate::clock::Clock;
use crate::config::Config;
use crate::outward;

/// How long one request to a service may take. Two of them fit well into the time in which nobody else tells the same.
const PATIENCE: Duration = Duration::from_secs(10);

/// Something to be shown on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Of which order: a newer message takes this one's place.
    pub order: OrderId,
    /// Its words.
    pub notice: Notice,
    /// After this it is not to be shown any more.
    pub until: Timestamp,
}

impl Message {
    /// The screen it leads to.
    pub fn path(&self) -> String {
        format!("/orders/{}", self.order)
    }
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The service has it.
    Sent,
    /// The app is no longer on that device: its token is to be forgotten.
    TokenGone,
    /// Not now.
    Later {
        /// Not before so many seconds, if the service said so.
        retry_after: Option<i64>,
    },
    /// The service will not take this message, however often it is sent.
    Refused(String),
}

/// A push service.
pub trait Push: Send + Sync {
    /// Sends `message` to the app known as `token`, once.
    fn send<'a>(&'a self, token: &'a str, message: &'a Message) -> BoxFuture<'a, Outcome>;
}

/// The services there are. A platform without one is told nothing.
#[derive(Clone, Default)]
pub struct Services {
    /// Apple's.
    pub apns: Option<Arc<dyn Push>>,
    /// Firebase.
    pub fcm: Option<Arc<dyn Push>>,
}

impl Services {
    /// Those that `config` has keys for.
    pub fn from_config(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        if config.push_log {
            let log: Arc<dyn Push> = Arc::new(Logged);
            return Ok(Self {
                apns: Some(Arc::clone(&log)),
                fcm: Some(log),
            });
        }
        let mut services = Self::default();
        if let Some(path) = &config.apns_key {
            let pem = std::fs::read(path).with_context(|| format!("apns_key: {}", path.display()))?;
            let needed = |value: &Option<String>, name: &str| {
                value
                    .clone()
                    .with_context(|| format!("apns_key is set and {name} is not"))
            };
            let key = ApnsKey {
                pem,
                id: needed(&config.apns_key_id, "apns_key_id")?,
                team: needed(&config.apns_team, "apns_team")?,
                topic: needed(&config.apns_topic, "apns_topic")?,
            };
            services.apns = Some(Arc::new(Apns::new(key, &config.apns_url, clock.clone())?));
        }
        if let Some(path) = &config.fcm_account {
            let text = std::fs::read(path).with_context(|| format!("fcm_account: {}", path.display()))?;
            let account: Account = serde_json::from_slice(&text).context("fcm_account")?;
            services.fcm = Some(Arc::new(Fcm::new(account, &config.fcm_url, clock.clone())?));
        }
        Ok(services)
    }

    /// Whether nobody is told anything.
    pub fn is_off(&self) -> bool {
        self.apns.is_none() && self.fcm.is_none()
    }

    /// The service of `platform`.
    pub fn of(&self, platform: PushPlatform) -> Option<&Arc<dyn Push>> {
        match platform {
            PushPlatform::Apns => self.apns.as_ref(),
            PushPlatform::Fcm => self.fcm.as_ref(),
        }
    }
}

/// A service for development: writes into the log what it would send.
pub struct Logged;

impl Push for Logged {
    fn send<'a>(&'a self, token: &'a str, message: &'a Message) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let Notice { title, body } = &message.notice;
            // Enough of the token to tell two devices apart.
            let device: String = token.chars().take(8).collect();
            tracing::info!(%device, order = %message.order, title, body, "told");
            Outcome::Sent
        })
    }
}

/// A client to a service at `address`. Where there is no TLS (a test's own service) HTTP/2 is spoken from the first byte.
pub(super) fn client(address: &str, http2: bool) -> anyhow::Result<reqwest::Client> {
    outward::private(address)?;
    let builder = outward::client(PATIENCE);
    let builder = if http2 {
        builder.http2_prior_knowledge()
    } else {
        builder
    };
    builder.build().context("no network client can be made")
}

/// What `Retry-After` says, in seconds.
pub(super) fn retry_after(response: &reqwest::Response) -> Option<i64> {
    let told = response.headers().get(http::header::RETRY_AFTER)?;
    told.to_str()
        .ok()?
        .trim()
        .parse()
        .ok()
        .filter(|seconds| *seconds >= 0)
}

/// No answer: it may be tried again.
pub(super) fn unanswered(service: &'static str, error: &reqwest::Error) -> Outcome {
    // Without the address: it ends in a token.
    let error = error.to_string();
    let error = error.split(" for url").next().unwrap_or_default();
    tracing::warn!(service, error, "a push service gave no answer");
    Outcome::Later { retry_after: None }
}
