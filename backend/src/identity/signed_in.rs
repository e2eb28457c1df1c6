//! The extractor of protected doors: takes the bearer token, believes it or refuses the request.

use axum::extract::FromRequestParts;
use http::header;
use http::request::Parts;
use momfood_domain::access::Permission;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::time::{MINUTE, Timestamp};

use super::error::Refusal;
use super::token::Bearer;
use crate::app::App;
use crate::config::StaffFactor;
use crate::error::{ApiError, ErrorCode};
use crate::limits::{Class, Who};
use crate::store::{StoreError, Tx, sql};

/// How long it holds that a person showed who they are.
const CONFIRMED_MINUTES: i64 = 10;

/// The caller, authenticated. A handler that takes it is protected:
///
/// ```ignore
/// async fn place(caller: SignedIn, body: Body<PlaceOrder>) -> Result<Reply<OrderView>, ApiError> {
///     caller.may(Permission::PlaceOrder)?;
///     // and so on
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who acts; its `user` is always set.
    pub actor: Actor,
    /// The person: `actor.user`, known to be there.
    pub user: UserId,
    /// The sign-in.
    pub session: SessionId,
    /// Whether a second factor was shown.
    pub second_factor: bool,
    /// When the access token ends: a stream must end with it.
    pub expires_at: Timestamp,
}

impl SignedIn {
    /// Refuses (`forbidden`) unless the role includes `permission`.
    pub fn may(&self, permission: Permission) -> Result<(), ApiError> {
        if self.actor.role.may(permission) {
            Ok(())
        } else {
            Err(ApiError::new(ErrorCode::Forbidden))
        }
    }

    /// Refuses (`confirm_identity`) when it is more than ten minutes since the person last showed who they are: for what
    /// a thief with a borrowed session must not do.
    pub async fn recently_confirmed(&self, tx: &mut Tx, now: Timestamp) -> Result<(), Refusal> {
        let row = sql!(
            tx,
            fetch_optional as (Timestamp,),
            "select authenticated_at from sessions where id = $1",
            self.session
        )?;
        match row {
            Some((at,)) if at.plus(CONFIRMED_MINUTES * MINUTE) > now => Ok(()),
            _ => Err(Refusal::ConfirmIdentity),
        }
    }

    /// Whether the role needs a second factor that this session has not shown.
    pub fn lacks_factor(&self, app: &App) -> bool {
        let required = app.config.staff_second_factor == StaffFactor::Required;
        required && self.actor.role.needs_second_factor() && !self.second_factor
    }

    /// The restaurant acted for. Refuses (`forbidden`) who acts for none.
    pub fn restaurant(&self) -> Result<RestaurantId, ApiError> {
        match (self.actor.role, self.actor.restaurant) {
            (Role::Restaurant, Some(restaurant)) => Ok(restaurant),
            _ => Err(ApiError::new(ErrorCode::Forbidden)),
        }
    }
}

/// The caller, about their own account: who still has to set up the second factor their role needs gets no further
/// than the doors that take this. Reached through it is only what is the person's own.
pub struct Oneself(pub SignedIn);

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let Oneself(caller) = Oneself::from_request_parts(parts, app).await?;
        if caller.lacks_factor(app) {
            return Err(ApiError::new(ErrorCode::SecondFactorNeeded));
        }
        Ok(caller)
    }
}

impl FromRequestParts<App> for Oneself {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let text = parts
            .headers
            .get(header::AUTHORIZATION)
            .ok_or(ApiError::new(ErrorCode::Unauthenticated))?
            .to_str()
            .map_err(|_| ApiError::new(ErrorCode::TokenInvalid))?;
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(ApiError::new(ErrorCode::Unauthenticated));
        }
        let now = app.clock.now();
        let bearer = Bearer::read(&app.keys, token.trim(), now)?;
        if app.gate.has_ended(bearer.session, now) {
            return Err(ApiError::new(ErrorCode::SessionRevoked));
        }
        let person = Who::Person(bearer.user);
        app.limits.take(Class::Person, person, now).await?;
        Ok(Self(SignedIn {
            actor: bearer.actor(),
            user: bearer.user,
            session: bearer.session,
            second_factor: bearer.second_factor,
            expires_at: bearer.expires_at,
        }))
    }
}

/// Whether the session still lives: not ended, not run out, its person not suspended, and still holding the role and
/// the restaurant it acts for. For streams, which outlive the moment their token was read.
pub async fn is_alive(tx: &mut Tx, session: SessionId, now: Timestamp) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from sessions s \
         join users u on u.id = s.user_id \
         join user_roles r on r.user_id = s.user_id and r.role = s.role \
         where s.id = $1 and s.ended_at is null and s.expires_at > $2 and u.status = 'active' \
         and (s.restaurant_id is null or exists (select 1 from restaurant_staff w \
              where w.restaurant_id = s.restaurant_id and w.user_id = s.user_id))",
        session,
        now
    )?;
    Ok(row.is_some())
}

/// Whether `actor`, a person, may still act: not suspended, and still holding the role and the restaurant they act for.
/// For what was asked before and is done later, without a session.
pub async fn may_act(tx: &mut Tx, actor: &Actor) -> Result<bool, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from users u join user_roles r on r.user_id = u.id \
         where u.id = $1 and r.role = $2 and u.status = 'active'",
        actor.user,
        actor.role
    )?;
    let Some(restaurant) = actor.restaurant.filter(|_| row.is_some()) else {
        return Ok(row.is_some());
    };
    let works = sql!(
        tx,
        fetch_optional as (i64,),
        "select cast(1 as bigint) from restaurant_staff where restaurant_id = $1 and user_id = $2",
        restaurant,
        actor.user
    )?;
    Ok(works.is_some())
}
