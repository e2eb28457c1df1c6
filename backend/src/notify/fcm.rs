//! Firebase Cloud Messaging, version 1: a service account signs for an access token of an hour, with which each message
//! is sent.

use anyhow::Context as _;
use futures::future::BoxFuture;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::push::{Message, Outcome, Push, client, retry_after, unanswered};
use crate::clock::Clock;
use crate::outward;

/// What the access token is for.
const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";
/// How long we ask it to live, in seconds: as long as Google allows.
const LIVES: i64 = 3_600;
/// A token that ends sooner is not used any more.
const NEARLY_OVER: i64 = MINUTE;

/// A service account, as Google hands it out.
#[derive(Clone, Deserialize)]
pub struct Account {
    /// The project.
    pub project_id: String,
    /// Who signs.
    pub client_email: String,
    /// With which RSA key, PKCS#8 in PEM.
    pub private_key: String,
    /// Where access tokens are handed out.
    pub token_uri: String,
}

/// Firebase's push service.
pub struct Fcm {
    client: reqwest::Client,
    send_url: String,
    account: Account,
    signing: EncodingKey,
    clock: Clock,
    /// Whoever holds it asks; everybody else waits for the same answer.
    access: Mutex<Option<(Timestamp, String)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
}

impl Fcm {
    /// The service at `url`.
    pub fn new(account: Account, url: &str, clock: Clock) -> anyhow::Result<Self> {
        let signing = EncodingKey::from_rsa_pem(account.private_key.as_bytes())
            .context("fcm_account holds no RSA key in PEM")?;
        let url = url.trim_end_matches('/');
        outward::private(&account.token_uri).context("token_uri in fcm_account")?;
        Ok(Self {
            client: client(url, false).context("fcm_url")?,
            send_url: format!("{url}/v1/projects/{}/messages:send", account.project_id),
            account,
            signing,
            clock,
            access: Mutex::default(),
        })
    }

    /// An access token that still lives.
    async fn access(&self) -> Result<String, Outcome> {
        let mut kept = self.access.lock().await;
        let now = self.clock.now();
        if let Some((until, token)) = &*kept
            && until.since(now) > NEARLY_OVER
        {
            return Ok(token.clone());
        }
        let granted = self.ask(now).await?;
        *kept = Some((now.plus_seconds(granted.expires_in), granted.access_token.clone()));
        Ok(granted.access_token)
    }

    async fn ask(&self, now: Timestamp) -> Result<Granted, Outcome> {
        let begun = now.0 / SECOND;
        let claims = json!({
            "iss": self.account.client_email, "scope": SCOPE, "aud": self.account.token_uri,
            "iat": begun, "exp": begun + LIVES,
        });
        let assertion = encode(&Header::new(Algorithm::RS256), &claims, &self.signing)
            .map_err(|error| Outcome::Refused(format!("nothing can be signed: {error}")))?;
        // Of a signed token's characters none needs another form.
        let form =
            format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        let response = self
            .client
            .post(&self.account.token_uri)
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .map_err(|error| unanswered("Google", &error))?;
        let status = response.status().as_u16();
        if status == 200 {
            return response
                .json()
                .await
                .map_err(|error| unanswered("Google", &error));
        }
        let retry_after = retry_after(&response);
        // A wrong key is a fault that somebody has to mend: until then it is as if the service were away.
        tracing::error!(status, "Google gave no access token for push messages");
        Err(Outcome::Later { retry_after })
    }

    async fn deliver(&self, token: &str, message: &Message) -> Outcome {
        let access = match self.access().await {
            Ok(access) => access,
            Err(outcome) => return outcome,
        };
        let order = message.order.to_string();
        let left = self.clock.now().seconds_until(message.until);
        let body = json!({ "message": {
            "token": token,
            "notification": { "title": message.notice.title, "body": message.notice.body },
            "data": { "path": message.path(), "order": order },
            "android": {
                "priority": "HIGH",
                "collapse_key": order,
                "ttl": format!("{left}s"),
                "notification": { "tag": order, "sound": "default" },
            },
        } });
        let request = self.client.post(&self.send_url).bearer_auth(access).json(&body);
        match request.send().await {
            Ok(response) => self.answered(response).await,
            Err(error) => unanswered("FCM", &error),
        }
    }

    async fn answered(&self, response: reqwest::Response) -> Outcome {
        let status = response.status().as_u16();
        if status == 200 {
            return Outcome::Sent;
        }
        let retry_after = retry_after(&response);
        let body: Value = response.json().await.unwrap_or_default();
        let details = body["error"]["details"].as_array().cloned().unwrap_or_default();
        let code = details
            .iter()
            .find_map(|detail| detail["errorCode"].as_str())
            .unwrap_or_default();
        let about_token = details.iter().any(|detail| {
            let violations = detail["fieldViolations"].as_array();
            violations.is_some_and(|all| all.iter().any(|one| one["field"] == "message.token"))
        });
        match (status, code) {
            (404, _) | (_, "UNREGISTERED" | "SENDER_ID_MISMATCH") => Outcome::TokenGone,
            (400, _) if about_token => Outcome::TokenGone,
            (401, _) => {
                *self.access.lock().await = None;
                Outcome::Later { retry_after }
            }
            (429 | 500..=599, _) => Outcome::Later { retry_after },
            _ => Outcome::Refused(format!("{status} {code}")),
        }
    }
}

impl Push for Fcm {
    fn send<'a>(&'a self, token: &'a str, message: &'a Message) -> BoxFuture<'a, Outcome> {
        Box::pin(self.deliver(token, message))
    }
}
