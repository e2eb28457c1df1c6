//! Apple's push service: HTTP/2, one request a message, signed by a token of ours that lives under an hour.

use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use futures::future::BoxFuture;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::push::{Message, Outcome, Push, client, retry_after, unanswered};
use crate::clock::Clock;

/// How long a token of ours is used. Apple takes it for an hour and minds a new one more often than every 20 minutes.
const TOKEN_LIVES: i64 = 50 * MINUTE;

/// With what Apple knows us.
pub struct ApnsKey {
    /// The `.p8` file.
    pub pem: Vec<u8>,
    /// The key's id.
    pub id: String,
    /// The team's id.
    pub team: String,
    /// The app's bundle id.
    pub topic: String,
}

/// Apple's push service.
pub struct Apns {
    client: reqwest::Client,
    url: String,
    clock: Clock,
    signing: EncodingKey,
    id: String,
    team: String,
    topic: String,
    token: Mutex<Option<(Timestamp, String)>>,
}

/// What Apple says of a message it did not take.
#[derive(Deserialize)]
struct Refusal {
    reason: String,
}

impl Apns {
    /// The service at `url`.
    pub fn new(key: ApnsKey, url: &str, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            client: client(url, true).context("apns_url")?,
            url: url.trim_end_matches('/').to_owned(),
            clock,
            signing: EncodingKey::from_ec_pem(&key.pem).context("apns_key is no EC key in PKCS#8 PEM")?,
            id: key.id,
            team: key.team,
            topic: key.topic,
            token: Mutex::default(),
        })
    }

    /// The token of ours, made anew when it is old.
    fn token(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let now = self.clock.now();
        let mut kept = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((made, token)) = &*kept
            && now.since(*made) < TOKEN_LIVES
            && now >= *made
        {
            return Ok(token.clone());
        }
        let header = Header {
            kid: Some(self.id.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let claims = json!({ "iss": self.team, "iat": now.0 / SECOND });
        let token = encode(&header, &claims, &self.signing)?;
        *kept = Some((now, token.clone()));
        Ok(token)
    }

    fn forget_token(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn deliver(&self, token: &str, message: &Message) -> Outcome {
        let ours = match self.token() {
            Ok(ours) => ours,
            Err(error) => return Outcome::Refused(format!("no token can be signed: {error}")),
        };
        let order = message.order.to_string();
        let body = json!({
            "aps": {
                "alert": { "title": message.notice.title, "body": message.notice.body },
                "sound": "default",
                "thread-id": order,
            },
            "path": message.path(),
        });
        let request = self
            .client
            .post(format!("{}/3/device/{token}", self.url))
            .bearer_auth(ours)
            .header("apns-topic", &self.topic)
            .header("apns-push-type", "alert")
            .header("apns-priority", "10")
            .header("apns-expiration", (message.until.0 / SECOND).to_string())
            .header("apns-collapse-id", order)
            .json(&body);
        match request.send().await {
            Ok(response) => self.answered(response).await,
            Err(error) => unanswered("APNs", &error),
        }
    }

    async fn answered(&self, response: reqwest::Response) -> Outcome {
        let status = response.status().as_u16();
        if status == 200 {
            return Outcome::Sent;
        }
        let retry_after = retry_after(&response);
        let body = response.bytes().await.unwrap_or_default();
        let reason =
            serde_json::from_slice::<Refusal>(&body).map_or_else(|_| String::new(), |told| told.reason);
        match (status, reason.as_str()) {
            (410, _) | (400, "BadDeviceToken" | "DeviceTokenNotForTopic") => Outcome::TokenGone,
            (403, "ExpiredProviderToken") => {
                self.forget_token();
                Outcome::Later { retry_after }
            }
            (429 | 500..=599, _) => Outcome::Later { retry_after },
            _ => Outcome::Refused(format!("{status} {reason}")),
        }
    }
}

impl Push for Apns {
    fn send<'a>(&'a self, token: &'a str, message: &'a Message) -> BoxFuture<'a, Outcome> {
        Box::pin(self.deliver(token, message))
    }
}
