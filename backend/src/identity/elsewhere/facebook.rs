//! Facebook: OAuth 2 and no identity token. Whose an access token is, and that it was made for our app and not for
//! another whose owner would sign in with what their own users gave them, is asked of Facebook itself. Its word on an
//! email is not taken: it does not say that it was verified.

use hmac::{Hmac, Mac as _};
use http::Method;
use momfood_domain::time::SECOND;
use openidconnect::url::Url;
use openidconnect::{HttpRequest, PkceCodeChallenge, PkceCodeVerifier};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use super::outside::Outside;
use super::{Account, Away, Trip, inside};
use crate::clock::Clock;
use crate::hex::hex;
use crate::outward;

/// Facebook.
pub struct Facebook {
    app_id: String,
    app_secret: SecretString,
    dialog: Url,
    graph: String,
    outside: Outside,
    clock: Clock,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

#[derive(Deserialize)]
struct Looked {
    data: Token,
}

/// What Facebook says of an access token.
#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    app_id: String,
    #[serde(default)]
    is_valid: bool,
    #[serde(default)]
    user_id: String,
    #[serde(default)]
    r#type: String,
    /// Seconds; 0 for never.
    #[serde(default)]
    expires_at: i64,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
}

impl Facebook {
    /// Our app `app_id` at the Graph API `graph`, whose sign-in page is `dialog`.
    pub fn new(
        (app_id, app_secret): (String, SecretString),
        dialog: &str,
        graph: &str,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            app_id,
            app_secret,
            dialog: outward::private(dialog)?,
            graph: graph.trim_end_matches('/').to_owned(),
            outside: Outside::to(graph)?,
            clock,
        })
    }

    /// Facebook's page for `trip`, whose ticket it gives back as `state`.
    pub fn page(&self, trip: &Trip, state: &str) -> String {
        let mut url = self.dialog.clone();
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(trip.pkce.clone()));
        url.query_pairs_mut()
            .append_pair("client_id", &self.app_id)
            .append_pair("redirect_uri", &trip.back)
            .append_pair("response_type", "code")
            .append_pair("scope", "public_profile")
            .append_pair("state", state)
            .append_pair("code_challenge", challenge.as_str())
            .append_pair("code_challenge_method", challenge.method().as_str());
        url.into()
    }

    /// Whose account Facebook gave us `code` for.
    pub async fn account(&self, trip: &Trip, code: &str) -> Result<Account, Away> {
        let secret = self.app_secret.expose_secret();
        let granted: Granted = self
            .post(
                "oauth/access_token",
                &[
                    ("client_id", &self.app_id),
                    ("client_secret", secret),
                    ("redirect_uri", &trip.back),
                    ("code", code),
                    ("code_verifier", &trip.pkce),
                ],
            )
            .await?;
        let token = granted.access_token;
        let ours = format!("{}|{secret}", self.app_id);
        let looked: Looked = self
            .get("debug_token", &[("input_token", &token), ("access_token", &ours)])
            .await?;
        let seen = looked.data;
        let lives = seen.expires_at == 0 || seen.expires_at > self.clock.now().0 / SECOND;
        if !seen.is_valid || !lives || seen.app_id != self.app_id || seen.r#type != "USER" {
            tracing::warn!("an access token of Facebook's is not ours, or not valid");
            return Err(Away::Refused);
        }
        let proof = self.proof(&token);
        let person: Person = self
            .get(
                "me",
                &[
                    ("fields", "id,first_name,last_name"),
                    ("access_token", &token),
                    ("appsecret_proof", &proof),
                ],
            )
            .await?;
        if person.id.is_empty() || person.id != seen.user_id {
            tracing::warn!("Facebook names two people for one access token");
            return Err(Away::Refused);
        }
        Ok(Account {
            subject: person.id,
            email: None,
            first_name: person.first_name,
            last_name: person.last_name,
        })
    }

    /// Shows that whoever asks with `token` knows the app's secret too.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    fn proof(&self, token: &str) -> String {
        let key = self.app_secret.expose_secret().as_bytes();
        let mut code = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        code.update(token.as_bytes());
        hex(&code.finalize().into_bytes())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, Away> {
        let url = format!("{}/{path}?{}", self.graph, form(query));
        let request = http::Request::builder()
            .method(Method::GET)
            .uri(url)
            .body(Vec::new());
        self.ask(request.map_err(|error| inside(&error))?).await
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &[(&str, &str)]) -> Result<T, Away> {
        let request = http::Request::builder()
            .method(Method::POST)
            .uri(format!("{}/{path}", self.graph))
            .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form(body).into_bytes());
        self.ask(request.map_err(|error| inside(&error))?).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: HttpRequest) -> Result<T, Away> {
        let answer = self.outside.ask(request).await.map_err(|error| {
            tracing::warn!(%error, "Facebook did not answer");
            Away::Unreachable
        })?;
        if answer.status() != http::StatusCode::OK {
            tracing::info!(status = answer.status().as_u16(), "Facebook refused");
            return Err(Away::Refused);
        }
        serde_json::from_slice(answer.body()).map_err(|_| {
            tracing::warn!("Facebook's answer could not be read");
            Away::Refused
        })
    }
}

fn form(pairs: &[(&str, &str)]) -> String {
    openidconnect::url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
