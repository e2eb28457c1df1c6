//! Access tokens: signed statements of who acts, for 15 minutes. A token says all an extractor needs; nothing is
//! looked up to believe it. Only `EdDSA` by one of this server's own keys is believed, whatever a token says of itself.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::time::{SECOND, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ErrorCode};
use crate::keys::Keys;

/// How long an access token lives.
pub const ACCESS_MINUTES: i64 = 15;

const ISSUER: &str = "momfood";
const AUDIENCE: &str = "momfood";
const KIND: &str = "access";
/// How far the clocks of two servers may be apart, seconds.
const CLOCK_DIFFERENCE: i64 = 60;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// Tells an access token from any other kind this key may sign.
    kind: String,
    sub: UserId,
    sid: SessionId,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rst: Option<RestaurantId>,
    /// Whether a second factor was shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mfa: bool,
    iat: i64,
    /// Never written by us.
    #[serde(default, skip_serializing)]
    nbf: Option<i64>,
    exp: i64,
}

impl Claims {
    /// Whether a token of ours could say this at `now`: no longer than we sign, and begun, give or take the
    /// difference between two servers' clocks.
    fn is_plausible(&self, now: Timestamp) -> bool {
        let latest = now.0.div_euclid(SECOND) + CLOCK_DIFFERENCE;
        let begins = self.iat.max(self.nbf.unwrap_or(self.iat));
        begins <= latest && self.exp.saturating_sub(self.iat) <= ACCESS_MINUTES * 60
    }
}

/// What a believed access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The person.
    pub user: UserId,
    /// The role used now.
    pub role: Role,
    /// The restaurant acted for.
    pub restaurant: Option<RestaurantId>,
    /// The sign-in it belongs to.
    pub session: SessionId,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A signed access token and when it ends.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The text for `Authorization: Bearer`.
    pub text: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Forged, of another kind, or of another server.
    #[error("not one of ours")]
    Invalid,
}

impl From<Untrusted> for ApiError {
    fn from(reason: Untrusted) -> Self {
        Self::new(match reason {
            Untrusted::Expired => ErrorCode::TokenExpired,
            Untrusted::Invalid => ErrorCode::TokenInvalid,
        })
    }
}

impl Bearer {
    /// Who acts.
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.user),
            role: self.role,
            restaurant: self.restaurant,
        }
    }

    /// Signs a token for `actor` (a person) that begins at `now`.
    pub fn sign(
        keys: &Keys,
        user: UserId,
        role: Role,
        restaurant: Option<RestaurantId>,
        session: SessionId,
        second_factor: bool,
        now: Timestamp,
    ) -> Result<AccessToken, jsonwebtoken::errors::Error> {
        let iat = now.0.div_euclid(SECOND);
        let exp = iat + ACCESS_MINUTES * 60;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            kind: KIND.to_owned(),
            sub: user,
            sid: session,
            role,
            rst: restaurant,
            mfa: second_factor,
            iat,
            nbf: None,
            exp,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        let key = keys.current();
        header.kid = Some(key.id.clone());
        Ok(AccessToken {
            text: encode(&header, &claims, &key.signing)?,
            expires_at: Timestamp(exp.saturating_mul(SECOND)),
        })
    }

    /// Reads a token as of `now`.
    pub fn read(keys: &Keys, text: &str, now: Timestamp) -> Result<Self, Untrusted> {
        let mut rules = Validation::new(Algorithm::EdDSA);
        // Checked below, by the program's own clock.
        rules.validate_exp = false;
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // What a token says of its key only chooses among ours; one that says nothing is the current one's.
        let named = decode_header(text).map_err(|_| Untrusted::Invalid)?.kid;
        let key = named.map_or_else(|| Some(keys.current()), |id| keys.named(&id));
        let key = key.ok_or(Untrusted::Invalid)?;
        let claims = match decode::<Claims>(text, &key.checking, &rules) {
            Ok(token) => token.claims,
            Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => {
                return Err(Untrusted::Expired);
            }
            Err(_) => return Err(Untrusted::Invalid),
        };
        if claims.kind != KIND || claims.role == Role::System || !claims.is_plausible(now) {
            return Err(Untrusted::Invalid);
        }
        let expires_at = Timestamp(claims.exp.saturating_mul(SECOND));
        if expires_at <= now {
            return Err(Untrusted::Expired);
        }
        Ok(Self {
            user: claims.sub,
            role: claims.role,
            restaurant: claims.rst,
            session: claims.sid,
            second_factor: claims.mfa,
            expires_at,
        })
    }
}
