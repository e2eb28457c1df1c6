//! Signing in with an account at another provider: Google and Apple by OpenID Connect, Facebook by OAuth 2.
//!
//! Where to start: [`trip`] is the way there and back, [`linked`] whose account is whose, `oidc` and `facebook` what is
//! asked of providers. An account is known by its id there, kept as a blind index and nowhere else. It must never be linked
//! because two emails are alike, and nobody is ever sent anywhere but to the provider and back to our own pages.

mod apple;
pub mod doors;
mod facebook;
pub mod linked;
mod oidc;
mod outside;
pub mod trip;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use momfood_protocol::account::Provider;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::Config;
use apple::AppleKey;
use facebook::Facebook;
use oidc::{Oidc, Secret, Terms};
use trip::Trip;

/// An account at a provider, as the provider vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id there, which never changes.
    pub subject: String,
    /// Its email, when the provider has verified it.
    pub email: Option<String>,
    /// First name, as somebody once told the provider.
    pub first_name: Option<String>,
    /// Family name, likewise.
    pub last_name: Option<String>,
}

/// Why nobody came back with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Away {
    /// The provider did not take what we showed it, or we do not believe what it said.
    Refused,
    /// The provider does not answer.
    Unreachable,
    /// A fault of ours.
    Broken,
}

/// A fault of ours, noted.
fn inside(error: &dyn std::fmt::Display) -> Away {
    tracing::error!(%error, "signing in elsewhere is broken");
    Away::Broken
}

/// As the schema, addresses and settings have it.
pub const fn word(provider: Provider) -> &'static str {
    match provider {
        Provider::Google => "google",
        Provider::Apple => "apple",
        Provider::Facebook => "facebook",
    }
}

/// The provider of that name.
pub fn named(word: &str) -> Option<Provider> {
    ALL.into_iter().find(|provider| self::word(*provider) == word)
}

const ALL: [Provider; 3] = [Provider::Google, Provider::Apple, Provider::Facebook];

/// A provider that is set up.
enum Elsewhere {
    Oidc(Box<Oidc>),
    Facebook(Facebook),
}

impl Elsewhere {
    async fn page(&self, trip: &Trip, state: String) -> Result<String, Away> {
        match self {
            Self::Oidc(oidc) => oidc.page(trip, state).await,
            Self::Facebook(facebook) => Ok(facebook.page(trip, &state)),
        }
    }

    async fn account(&self, trip: &Trip, code: String) -> Result<Account, Away> {
        match self {
            Self::Oidc(oidc) => oidc.account(trip, code).await,
            Self::Facebook(facebook) => facebook.account(trip, &code).await,
        }
    }

    fn posts_back(&self) -> bool {
        match self {
            Self::Oidc(oidc) => oidc.posts_back(),
            Self::Facebook(_) => false,
        }
    }
}

/// The providers that are set up. Cheap to clone.
#[derive(Clone, Default)]
pub struct Providers(Vec<(Provider, Arc<Elsewhere>)>);

impl Providers {
    /// Those that `config` has keys for. Fails where something of one is missing.
    pub fn from_config(config: &Config, clock: &Clock) -> anyhow::Result<Self> {
        let mut all = Vec::new();
        if let Some(client_id) = &config.google_client_id {
            let terms = Terms {
                issuer: config.google_issuer.clone(),
                client_id: client_id.clone(),
                secret: Secret::Given(needed(
                    config.google_client_secret.as_ref(),
                    "google_client_id",
                    "google_client_secret",
                )?),
                scopes: &["email", "profile"],
                form_post: false,
            };
            let google = Oidc::new(terms, clock.clone()).context("google_issuer")?;
            all.push((Provider::Google, Arc::new(Elsewhere::Oidc(Box::new(google)))));
        }
        if let Some(client_id) = &config.apple_client_id {
            let needs = |value: Option<&String>, name: &str| needed(value, "apple_client_id", name);
            let path: &Path = config
                .apple_key
                .as_deref()
                .context("apple_client_id is set and apple_key is not")?;
            let pem = std::fs::read(path).with_context(|| format!("apple_key: {}", path.display()))?;
            let key = AppleKey::new(
                &pem,
                needs(config.apple_key_id.as_ref(), "apple_key_id")?,
                needs(config.apple_team.as_ref(), "apple_team")?,
                &config.apple_issuer,
            );
            let terms = Terms {
                issuer: config.apple_issuer.clone(),
                client_id: client_id.clone(),
                secret: Secret::Signed(key.context("apple_key")?),
                scopes: &["name", "email"],
                form_post: true,
            };
            let apple = Oidc::new(terms, clock.clone()).context("apple_issuer")?;
            all.push((Provider::Apple, Arc::new(Elsewhere::Oidc(Box::new(apple)))));
        }
        if let Some(app_id) = &config.facebook_app_id {
            let secret: SecretString = needed(
                config.facebook_app_secret.as_ref(),
                "facebook_app_id",
                "facebook_app_secret",
            )?;
            let (dialog, graph) = (&config.facebook_dialog_url, &config.facebook_graph_url);
            let facebook = Facebook::new((app_id.clone(), secret), dialog, graph, clock.clone());
            let facebook = facebook.context("facebook_dialog_url")?;
            all.push((Provider::Facebook, Arc::new(Elsewhere::Facebook(facebook))));
        }
        Ok(Self(all))
    }

    /// Their names.
    pub fn names(&self) -> Vec<Provider> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    fn get(&self, provider: Provider) -> Option<Arc<Elsewhere>> {
        let found = self.0.iter().find(|(name, _)| *name == provider);
        found.map(|(_, elsewhere)| Arc::clone(elsewhere))
    }
}

fn needed<T: Clone>(value: Option<&T>, set: &str, name: &str) -> anyhow::Result<T> {
    value
        .cloned()
        .with_context(|| format!("{set} is set and {name} is not"))
}
