//! A provider of OpenID Connect: Google, Apple. What it says of itself (discovery) and its keys are kept for a day, and
//! its keys asked for again when something is signed with one not known. Nothing it signs is believed but with RS256 or
//! ES256, by its own key, for us alone, in time, and with the nonce of this very trip.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError,
    IssuerUrl, LocalizedClaim, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, SignatureVerificationError, TokenResponse as _,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::apple::AppleKey;
use super::outside::{NoAnswer, Outside};
use super::{Account, Away, Trip, inside};
use crate::clock::Clock;

/// What a provider said of itself is asked again after this long.
const KEPT: i64 = DAY;
/// Its keys are not asked for again sooner than this: somebody may send us made-up key names.
const KEYS_REST: i64 = MINUTE;

/// How we show the provider who we are.
pub enum Secret {
    /// It gave us a secret.
    Given(SecretString),
    /// We sign for it.
    Signed(AppleKey),
}

/// What a provider is made of.
pub struct Terms {
    /// Where it is.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// How we show it.
    pub secret: Secret,
    /// What we ask for beside `openid`.
    pub scopes: &'static [&'static str],
    /// Whether it sends people back with a form: Apple, when asked for a name or an email.
    pub form_post: bool,
}

/// A provider of OpenID Connect.
pub struct Oidc {
    terms: Terms,
    issuer: IssuerUrl,
    outside: Outside,
    clock: Clock,
    /// Whoever holds it asks; everybody else waits for the same answer.
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    keys: Arc<CoreJsonWebKeySet>,
    asked_at: Timestamp,
    keys_asked_at: Timestamp,
}

impl Oidc {
    /// The provider of `terms`.
    pub fn new(terms: Terms, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self {
            issuer: IssuerUrl::new(terms.issuer.clone())?,
            outside: Outside::to(&terms.issuer)?,
            terms,
            clock,
            known: Mutex::default(),
        })
    }

    /// Whether it sends people back with a form.
    pub const fn posts_back(&self) -> bool {
        self.terms.form_post
    }

    /// What the provider says of itself.
    async fn known(&self) -> Result<Known, Away> {
        let mut kept = self.known.lock().await;
        let now = self.clock.now();
        if let Some(known) = &*kept
            && now.since(known.asked_at) < KEPT
        {
            return Ok(known.clone());
        }
        match CoreProviderMetadata::discover_async(self.issuer.clone(), &self.outside).await {
            Ok(metadata) => {
                let known = Known {
                    keys: Arc::new(metadata.jwks().clone()),
                    metadata: Arc::new(metadata),
                    asked_at: now,
                    keys_asked_at: now,
                };
                *kept = Some(known.clone());
                Ok(known)
            }
            Err(error) => {
                let away = undiscovered(&self.terms.issuer, &error);
                // What it said yesterday is most likely still so.
                kept.clone().ok_or(away)
            }
        }
    }

    /// Its keys, newer than those of `known` if it may be asked again already.
    async fn newer_keys(&self, known: &Known) -> Result<Option<Arc<CoreJsonWebKeySet>>, Away> {
        let mut kept = self.known.lock().await;
        let now = self.clock.now();
        let Some(current) = kept.as_mut() else {
            return Ok(None);
        };
        if current.keys_asked_at > known.keys_asked_at {
            return Ok(Some(Arc::clone(&current.keys)));
        }
        if now.since(current.keys_asked_at) < KEYS_REST {
            return Ok(None);
        }
        current.keys_asked_at = now;
        let keys = CoreJsonWebKeySet::fetch_async(known.metadata.jwks_uri(), &self.outside)
            .await
            .map_err(|error| undiscovered(&self.terms.issuer, &error))?;
        current.keys = Arc::new(keys);
        Ok(Some(Arc::clone(&current.keys)))
    }

    fn secret(&self) -> Result<ClientSecret, Away> {
        let text = match &self.terms.secret {
            Secret::Given(secret) => secret.expose_secret().to_owned(),
            Secret::Signed(key) => key
                .secret(&self.terms.client_id, self.clock.now())
                .map_err(|error| inside(&error))?,
        };
        Ok(ClientSecret::new(text))
    }

    /// The provider's page for `trip`, whose ticket it gives back as `state`.
    pub async fn page(&self, trip: &Trip, state: String) -> Result<String, Away> {
        let known = self.known().await?;
        let client_id = ClientId::new(self.terms.client_id.clone());
        let client = CoreClient::from_provider_metadata((*known.metadata).clone(), client_id, None)
            .set_redirect_uri(RedirectUrl::new(trip.back.clone()).map_err(|error| inside(&error))?);
        let verifier = PkceCodeVerifier::new(trip.pkce.clone());
        let nonce = Nonce::new(trip.nonce.clone());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || nonce,
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(
                self.terms
                    .scopes
                    .iter()
                    .map(|scope| Scope::new((*scope).to_owned())),
            );
        if self.terms.form_post {
            request = request.add_extra_param("response_mode", "form_post");
        }
        let (url, _, _) = request.url();
        Ok(url.into())
    }

    /// Whose account the provider gave us `code` for.
    pub async fn account(&self, trip: &Trip, code: String) -> Result<Account, Away> {
        let known = self.known().await?;
        let client_id = ClientId::new(self.terms.client_id.clone());
        let client =
            CoreClient::from_provider_metadata((*known.metadata).clone(), client_id, Some(self.secret()?))
                .set_auth_type(AuthType::RequestBody)
                .set_redirect_uri(RedirectUrl::new(trip.back.clone()).map_err(|error| inside(&error))?);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| inside(&error))?
            .set_pkce_verifier(PkceCodeVerifier::new(trip.pkce.clone()))
            .request_async(&self.outside)
            .await
            .map_err(|error| self.unexchanged(&error))?;
        let Some(token) = answer.id_token() else {
            tracing::warn!(issuer = self.terms.issuer, "a provider gave no id token");
            return Err(Away::Refused);
        };
        let nonce = Nonce::new(trip.nonce.clone());
        let claims = match self.claims(token, &known.keys, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let Some(keys) = self.newer_keys(&known).await? else {
                    return Err(self.unbelieved(&"signed with a key nobody knows"));
                };
                self.claims(token, &keys, &nonce)
                    .map_err(|error| self.unbelieved(&error))?
            }
            claims => claims.map_err(|error| self.unbelieved(&error))?,
        };
        if claims
            .authorized_party()
            .is_some_and(|party| party.as_str() != self.terms.client_id)
        {
            return Err(self.unbelieved(&"made for another program"));
        }
        Ok(Account {
            subject: claims.subject().to_string(),
            email: claims
                .email()
                .filter(|_| claims.email_verified() == Some(true))
                .map(|email| email.to_string()),
            first_name: said(claims.given_name()).map(|name| name.to_string()),
            last_name: said(claims.family_name()).map(|name| name.to_string()),
        })
    }

    /// What `token` says, if it is to be believed.
    fn claims<'a>(
        &self,
        token: &'a CoreIdToken,
        keys: &CoreJsonWebKeySet,
        nonce: &Nonce,
    ) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
        // A public client's verifier knows no shared secret: nothing signed with one can pass.
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.terms.client_id.clone()),
            self.issuer.clone(),
            keys.clone(),
        );
        let now = self.clock.now();
        let verifier = verifier
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            ])
            .set_time_fn(move || utc(now));
        token.claims(&verifier, nonce)
    }

    fn unbelieved(&self, why: &dyn std::fmt::Display) -> Away {
        tracing::warn!(issuer = self.terms.issuer, %why, "an id token is not believed");
        Away::Refused
    }

    fn unexchanged<T>(&self, error: &RequestTokenError<NoAnswer, T>) -> Away
    where
        T: openidconnect::ErrorResponse + 'static,
    {
        let issuer = &self.terms.issuer;
        match error {
            RequestTokenError::Request(error) => {
                tracing::warn!(issuer, %error, "a provider did not answer");
                Away::Unreachable
            }
            RequestTokenError::ServerResponse(_) => {
                tracing::info!(issuer, "a provider did not take a code");
                Away::Refused
            }
            // Without their words: they may hold a token.
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                tracing::warn!(issuer, "a provider's answer could not be read");
                Away::Refused
            }
        }
    }
}

fn undiscovered(issuer: &str, error: &DiscoveryError<NoAnswer>) -> Away {
    let why: &dyn std::fmt::Display = match error {
        DiscoveryError::Request(error) => error,
        DiscoveryError::Validation(why) => why,
        _ => &"its description could not be read",
    };
    tracing::warn!(issuer, %why, "a provider does not say how it is to be asked");
    Away::Unreachable
}

/// A claim in whichever language it came.
fn said<T>(claim: Option<&LocalizedClaim<T>>) -> Option<&T> {
    let claim = claim?;
    claim
        .get(None)
        .or_else(|| claim.iter().next().map(|(_, said)| said))
}

fn utc(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(now.0).unwrap_or_default()
}
