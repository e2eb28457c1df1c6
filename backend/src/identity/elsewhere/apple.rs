//! What Apple wants in place of a client secret: a token signed with the team's key, good for a few minutes.

use anyhow::Context as _;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use momfood_domain::time::{SECOND, Timestamp};
use serde_json::json;

/// How long one is good for, in seconds. Apple allows six months; nobody needs one for longer than a request.
const LIVES: i64 = 300;

/// A team's key for signing in with Apple.
pub struct AppleKey {
    signing: EncodingKey,
    id: String,
    team: String,
    audience: String,
}

impl AppleKey {
    /// The key `id` of `team`, PKCS#8 in PEM as Apple hands it out (`.p8`), for the provider at `issuer`.
    pub fn new(pem: &[u8], id: String, team: String, issuer: &str) -> anyhow::Result<Self> {
        Ok(Self {
            signing: EncodingKey::from_ec_pem(pem).context("no EC key in PKCS#8 PEM")?,
            id,
            team,
            audience: issuer.to_owned(),
        })
    }

    /// A client secret of `client` at `now`.
    pub fn secret(&self, client: &str, now: Timestamp) -> Result<String, jsonwebtoken::errors::Error> {
        let begun = now.0 / SECOND;
        let claims = json!({
            "iss": self.team, "iat": begun, "exp": begun + LIVES, "aud": self.audience, "sub": client,
        });
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.id.clone());
        encode(&header, &claims, &self.signing)
    }
}
