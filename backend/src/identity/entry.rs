//! The one way in. Whatever somebody showed first (a password, a code, a passkey, an account elsewhere), what follows is
//! decided here: the session and its tokens, or a second factor first. Nothing else hands out tokens.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::account::NextFactor;
use momfood_protocol::rest::{Me, Session};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::challenge::{self, Kind};
use super::cookie::CookieMode;
use super::error::Refusal;
use super::known::Device;
use super::session::{self, Live, Wish};
use super::token::Bearer;
use super::{factor, people};
use crate::address::Address;
use crate::app::App;
use crate::error::ApiError;
use crate::request::Reply;
use crate::store::Tx;

/// What was shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstFactor {
    /// A password.
    Password,
    /// A code sent to a phone or an email.
    Code,
    /// A passkey.
    Passkey,
    /// An account at another provider.
    Oauth,
}

impl FirstFactor {
    /// As `sessions.method` has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Passkey => "passkey",
            Self::Oauth => "oauth",
        }
    }
}

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct How {
    /// What was shown first.
    pub method: FirstFactor,
    /// Whether a second factor was shown as well. A passkey whose authenticator verified its user (by finger, face or
    /// PIN) is both at once.
    pub second_factor: bool,
}

impl How {
    /// By `method` and nothing else.
    pub const fn by(method: FirstFactor) -> Self {
        Self {
            method,
            second_factor: false,
        }
    }
}

/// From where and with what somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network address they are at.
    pub address: Option<IpAddr>,
    /// What their program calls itself.
    pub agent: String,
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let Address(address) = Address::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            address,
            agent: agent
                .and_then(|agent| agent.to_str().ok())
                .unwrap_or("")
                .to_owned(),
        })
    }
}

/// What comes of a first factor that was right.
#[derive(Debug)]
pub enum Entered {
    /// They are in.
    In(Live, Box<Me>),
    /// A second factor is asked for.
    Asked(NextFactor),
}

/// What a ticket for a second factor keeps of the first.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    pub method: FirstFactor,
    pub wish: Wish,
    /// When the first factor was right.
    pub at: Timestamp,
    /// The code that was sent by SMS, if one was asked for.
    #[serde(default)]
    pub sms: Option<Uuid>,
}

/// Lets `user` in, who showed who they are: begins their session, or asks for the second factor when they have one and
/// have not shown it. For a door with more to do in the same transaction; others use [`enter`].
pub async fn admit(
    app: &App,
    tx: &mut Tx,
    user: UserId,
    how: How,
    wish: Wish,
    origin: &Origin,
) -> Result<Entered, Refusal> {
    let now = app.clock.now();
    // Whoever may not act as they wish is not asked for more first.
    session::place(tx, user, wish).await?;
    if !how.second_factor
        && let Some(methods) = factor::beside(tx, user, how.method).await?
    {
        let begun = Begun {
            method: how.method,
            wish,
            at: now,
            sms: None,
        };
        let made = (app.clock.uuid(), now);
        let (ticket, expires_at) =
            challenge::begin(tx, &app.keys, Kind::SecondFactor, Some(user), &begun, made).await?;
        return Ok(Entered::Asked(NextFactor {
            ticket,
            methods,
            expires_at,
        }));
    }
    let ids = (app.clock.id(), app.clock.uuid());
    let live = session::begin(tx, user, wish, how, origin, ids, now).await?;
    let me = people::me(tx, user, live.role, live.restaurant).await?;
    Ok(Entered::In(live, Box::new(me)))
}

/// The answer to somebody who showed a first factor: `status` with a session, or `second_factor_required`.
pub fn answer(
    app: &App,
    entered: Entered,
    cookie: Option<CookieMode>,
    status: StatusCode,
) -> Result<Response, ApiError> {
    match entered {
        Entered::In(live, me) => hand_out(app, live, *me, cookie, status),
        Entered::Asked(next) => Err(Refusal::SecondFactorRequired(next).into()),
    }
}

/// [`admit`] in a transaction of its own, and its [`answer`].
pub async fn enter(
    app: &App,
    user: UserId,
    how: How,
    wish: Wish,
    origin: Origin,
    cookie: Option<CookieMode>,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let state = app.clone();
    let entered = app
        .db
        .write(async move |mut tx| admit(&state, &mut tx, user, how, wish, &origin).await)
        .await?;
    answer(app, entered, cookie, status)
}

/// The answer that hands out tokens: the refresh token in the cookie or in the body, never both.
pub(super) fn hand_out(
    app: &App,
    live: Live,
    user: Me,
    cookie: Option<CookieMode>,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let access = Bearer::sign(
        &app.keys,
        live.user,
        live.role,
        live.restaurant,
        live.renewal.session,
        live.second_factor,
        now,
    )
    .map_err(|error| ApiError::internal(&error))?;
    let token = live.renewal.token(&app.keys);
    let mut headers = HeaderMap::new();
    let refresh_token = match cookie {
        Some(mode) => {
            let known = Device::of(&live).text(&app.keys);
            for cookie in [mode.keep(&token), mode.know(&known)].into_iter().flatten() {
                headers.append(header::SET_COOKIE, cookie);
            }
            None
        }
        None => Some(token),
    };
    let session = Session {
        access_token: access.text,
        expires_at: access.expires_at,
        now,
        refresh_token,
        user,
    };
    Ok((status, headers, Reply(session)).into_response())
}
