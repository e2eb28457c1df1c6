//! How an owner brings others into a restaurant: a link in a message, good once, for seven days, and only for who is
//! signed in with the very email it was sent to. Of the link only a hash is kept; the email is sealed under the server's
//! key.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::text::Lang;
use momfood_domain::time::{DAY, Timestamp};
use momfood_protocol::onboarding::{Invitation, Invite, Joined, Staff};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::error::OnboardingError;
use crate::audit;
use crate::catalog;
use crate::clock::Clock;
use crate::identity;
use crate::messages::{self, Target, Text};
use crate::sealed::{self, Field, Opener, Owner};
use crate::store::{StoreError, Tx, sql};

/// How long a link works.
const LIVES: i64 = 7 * DAY;
/// Invitations of one restaurant that wait for an answer, and those sent in a day, at most.
const MOST_OPEN: i64 = 20;
const MOST_A_DAY: i64 = 50;
/// Bytes of a token: 192 bits that nobody can guess.
const TOKEN: usize = 24;

const EMAIL: Field = Field::new("invitations", "email");
/// What the blind index of an email is made for.
const PURPOSE: &str = "invitations.email";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    restaurant_id: RestaurantId,
    email: String,
    email_index: Vec<u8>,
    is_owner: bool,
    made_at: Timestamp,
    expires_at: Timestamp,
    accepted_by: Option<UserId>,
    revoked_at: Option<Timestamp>,
}

impl Row {
    fn view(&self, opener: &Opener) -> Result<Invitation, StoreError> {
        let email = opener.open(Owner::Server, EMAIL, self.id.as_bytes(), &self.email)?;
        Ok(Invitation {
            id: self.id,
            email: email.text().unwrap_or_default(),
            owner: self.is_owner,
            made_at: self.made_at,
            expires_at: self.expires_at,
        })
    }
}

/// Refuses who does not own the restaurant.
async fn owner(tx: &mut Tx, actor: &Actor, restaurant: RestaurantId) -> Result<UserId, OnboardingError> {
    let user = actor.user.ok_or(OnboardingError::Forbidden)?;
    match identity::is_owner(tx, restaurant, user).await? {
        Some(true) => Ok(user),
        _ => Err(OnboardingError::Forbidden),
    }
}

/// Where a link leads, and in which language the message is.
pub struct Letterhead {
    /// The address people reach this server at, without a slash at its end.
    pub origin: String,
    /// The language.
    pub lang: Lang,
}

/// Asks somebody to join. The same request again sends nothing again; another to the same email takes the link before it
/// back.
pub async fn invite(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    restaurant: RestaurantId,
    asked: &Invite,
    letterhead: &Letterhead,
) -> Result<Invitation, OnboardingError> {
    let by = owner(tx, actor, restaurant).await?;
    let now = clock.now();
    let email = identity::email(&asked.email).ok_or(OnboardingError::Invalid("email"))?;
    let index = sealed::blind(tx, PURPOSE, &email).await?.to_vec();
    let there = sql!(
        tx,
        fetch_optional as Row,
        "select id, restaurant_id, email, email_index, is_owner, made_at, expires_at, accepted_by, revoked_at \
         from invitations where id = $1 {for_update}",
        asked.id
    )?;
    if let Some(row) = there {
        let same = row.restaurant_id == restaurant && row.email_index == index && row.is_owner == asked.owner;
        let opener = Opener::of(tx, [Owner::Server]).await?;
        return if same {
            Ok(row.view(&opener)?)
        } else {
            Err(OnboardingError::NotFound)
        };
    }
    within_bounds(tx, restaurant, now).await?;
    sql!(
        tx,
        execute,
        "update invitations set revoked_at = $1 where restaurant_id = $2 and email_index = $3 \
         and accepted_at is null and revoked_at is null",
        now,
        restaurant,
        index.clone()
    )?;
    let name = catalog::names(tx, &[restaurant])
        .await?
        .remove(&restaurant)
        .ok_or(OnboardingError::NotFound)?;
    let token = BASE64_URL_SAFE_NO_PAD.encode(clock.bytes::<TOKEN>());
    let sealed = sealed::seal(tx, Owner::Server, EMAIL, asked.id.as_bytes(), email.as_bytes()).await?;
    let made = sql!(
        tx,
        execute,
        "insert into invitations (id, restaurant_id, email, email_index, is_owner, token_hash, invited_by, made_at, \
         expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
        asked.id,
        restaurant,
        sealed,
        index,
        asked.owner,
        hash(&token),
        by,
        now,
        now.plus(LIVES)
    )?;
    if made == 0 {
        // Made at this very moment by another request.
        return Err(OnboardingError::NotFound);
    }
    let text = Text::Invitation {
        restaurant: name.get(letterhead.lang).to_owned(),
        link: format!("{}/kitchen/join/{token}", letterhead.origin),
    };
    let target = Target::Email(email.clone());
    messages::queue(tx, &target, &text, letterhead.lang, (clock.uuid(), now)).await?;
    let detail = json!({ "invitation": asked.id, "owner": asked.owner });
    note(tx, clock, actor, restaurant, "staff.invited", detail).await?;
    Ok(Invitation {
        id: asked.id,
        email,
        owner: asked.owner,
        made_at: now,
        expires_at: now.plus(LIVES),
    })
}

async fn within_bounds(tx: &mut Tx, restaurant: RestaurantId, now: Timestamp) -> Result<(), OnboardingError> {
    let (open,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from invitations where restaurant_id = $1 and accepted_at is null and revoked_at is null \
         and expires_at > $2",
        restaurant,
        now
    )?;
    let (today,) = sql!(
        tx,
        fetch_one as (i64,),
        "select count(*) from invitations where restaurant_id = $1 and made_at > $2",
        restaurant,
        now.plus(-DAY)
    )?;
    if open >= MOST_OPEN || today >= MOST_A_DAY {
        return Err(OnboardingError::Invalid("invitations"));
    }
    Ok(())
}

/// Takes an invitation back that was not accepted.
pub async fn revoke(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (restaurant, id): (RestaurantId, Uuid),
) -> Result<(), OnboardingError> {
    owner(tx, actor, restaurant).await?;
    let gone = sql!(
        tx,
        execute,
        "update invitations set revoked_at = $1 where id = $2 and restaurant_id = $3 and accepted_at is null \
         and revoked_at is null",
        clock.now(),
        id,
        restaurant
    )?;
    if gone == 0 {
        return Err(OnboardingError::NotFound);
    }
    let detail = json!({ "invitation": id });
    Ok(note(tx, clock, actor, restaurant, "staff.invitation_revoked", detail).await?)
}

/// A restaurant's people, and for its owners who was asked to join.
pub async fn staff(
    tx: &mut Tx,
    actor: &Actor,
    restaurant: RestaurantId,
    now: Timestamp,
) -> Result<Staff, OnboardingError> {
    let user = actor.user.ok_or(OnboardingError::Forbidden)?;
    let is_owner = identity::is_owner(tx, restaurant, user).await?;
    let is_owner = is_owner.ok_or(OnboardingError::Forbidden)?;
    let people = identity::staff(tx, restaurant).await?;
    let mut invitations = Vec::new();
    if is_owner {
        let rows = sql!(
            tx,
            fetch_all as Row,
            "select id, restaurant_id, email, email_index, is_owner, made_at, expires_at, accepted_by, revoked_at \
             from invitations where restaurant_id = $1 and accepted_at is null and revoked_at is null \
             and expires_at > $2 order by made_at desc, id desc",
            restaurant,
            now
        )?;
        let opener = Opener::of(tx, [Owner::Server]).await?;
        invitations = rows
            .iter()
            .map(|row| row.view(&opener))
            .collect::<Result<_, _>>()?;
    }
    Ok(Staff { people, invitations })
}

/// Takes somebody off the staff. Their sessions for the restaurant, which are given back, are over, and so are the
/// invitations they sent.
pub async fn dismiss(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    (restaurant, user): (RestaurantId, UserId),
) -> Result<Vec<SessionId>, OnboardingError> {
    owner(tx, actor, restaurant).await?;
    let now = clock.now();
    let ended = identity::dismiss(tx, restaurant, user, now).await?;
    sql!(
        tx,
        execute,
        "update invitations set revoked_at = $1 where restaurant_id = $2 and invited_by = $3 \
         and accepted_at is null and revoked_at is null",
        now,
        restaurant,
        user
    )?;
    let detail = json!({ "person": user, "sessions": ended });
    note(tx, clock, actor, restaurant, "staff.dismissed", detail).await?;
    Ok(ended)
}

/// Joins the restaurant whose invitation's token is shown, as `actor`. What is not theirs, is over or was never there is
/// not found alike. Shown again by who accepted it, nothing happens.
pub async fn accept(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    token: &str,
) -> Result<Joined, OnboardingError> {
    let user = actor.user.ok_or(OnboardingError::Forbidden)?;
    let now = clock.now();
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select id, restaurant_id, email, email_index, is_owner, made_at, expires_at, accepted_by, revoked_at \
         from invitations where token_hash = $1 {for_update}",
        hash(token)
    )?;
    let contacts = identity::contacts(tx, user).await?;
    let verified = contacts.filter(|contacts| contacts.email_verified);
    let email = verified
        .and_then(|contacts| contacts.email)
        .ok_or(OnboardingError::NotFound)?;
    let index = sealed::blind(tx, PURPOSE, &email).await?;
    let row = row
        .filter(|row| row.email_index == index && row.revoked_at.is_none())
        .ok_or(OnboardingError::NotFound)?;
    let restaurant = row.restaurant_id;
    let name = catalog::names(tx, &[restaurant])
        .await?
        .remove(&restaurant)
        .ok_or(OnboardingError::NotFound)?;
    let joined = Joined {
        restaurant_id: restaurant,
        name,
    };
    match row.accepted_by {
        Some(by) if by == user => return Ok(joined),
        Some(_) => return Err(OnboardingError::NotFound),
        None if row.expires_at <= now => return Err(OnboardingError::NotFound),
        None => {}
    }
    sql!(
        tx,
        execute,
        "update invitations set accepted_at = $1, accepted_by = $2 where id = $3",
        now,
        user,
        row.id
    )?;
    identity::employ(tx, user, restaurant, row.is_owner).await?;
    identity::grant(tx, user, Role::Restaurant, now).await?;
    let detail = json!({ "invitation": row.id, "owner": row.is_owner });
    note(tx, clock, actor, restaurant, "staff.joined", detail).await?;
    Ok(joined)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

async fn note(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    restaurant: RestaurantId,
    action: &str,
    detail: Value,
) -> Result<(), StoreError> {
    let entry = audit::Entry {
        id: clock.uuid(),
        at: clock.now(),
        action,
        subject: "restaurant",
        subject_id: Some(restaurant.0),
        detail,
    };
    audit::record(tx, actor, entry).await
}
