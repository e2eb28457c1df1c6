//! What those who run the platform see of a person, and what they do to an account, with all that follows elsewhere: a
//! suspended driver goes off duty, and whoever it concerns is told.

use momfood_domain::actor::Actor;
use momfood_domain::id::{RestaurantId, SessionId, UserId};
use momfood_domain::text::LocalizedText;
use momfood_domain::time::Timestamp;
use momfood_protocol::admin::{People, PeopleQuery, PersonPage, Workplace};
use momfood_protocol::rest::SetShift;
use serde_json::json;

use crate::audit;
use crate::catalog;
use crate::clock::Clock;
use crate::delivery::{self, DeliveryError};
use crate::error::ApiError;
use crate::identity::{self, Deed, Refusal};
use crate::messages::{self, Text};
use crate::store::Tx;

/// People who are looked for; the look is noted, without what was asked.
pub async fn find(
    tx: &mut Tx,
    clock: &Clock,
    actor: &Actor,
    query: &PeopleQuery,
) -> Result<People, ApiError> {
    let by = identity::By::of(query.q.as_deref())?;
    let (people, next) = identity::find(tx, &by, query).await?;
    let entry = audit::Entry {
        id: clock.uuid(),
        at: clock.now(),
        action: "people.searched",
        subject: "user",
        subject_id: None,
        detail: json!({ "by": by.word(), "role": query.role, "found": people.len() }),
    };
    audit::record(tx, actor, entry).await?;
    Ok(People { people, next })
}

/// A person in full.
pub async fn page(tx: &mut Tx, id: UserId, now: Timestamp) -> Result<PersonPage, ApiError> {
    let person = identity::lines(tx, &[id]).await?.pop().ok_or(Refusal::NotFound)?;
    let account = identity::account(tx, id).await?.ok_or(Refusal::NotFound)?;
    let places = identity::workplaces(tx, id).await?;
    let ids: Vec<RestaurantId> = places.iter().map(|(place, _)| *place).collect();
    let mut names = catalog::names(tx, &ids).await?;
    let workplace = |(id, owner): (RestaurantId, bool)| {
        let name: LocalizedText = names.remove(&id)?;
        Some(Workplace { id, name, owner })
    };
    Ok(PersonPage {
        person,
        language: account.language,
        email_verified: account.email_verified,
        phone_verified: account.phone_verified,
        totp: account.totp,
        passkeys: account.passkeys,
        workplaces: places.into_iter().filter_map(workplace).collect(),
        sessions: identity::sign_ins(tx, id, None, now).await?,
        orders: account.orders,
    })
}

/// Closes an account, takes its person off duty and tells them. A driver with a job in hand finishes it or has it taken
/// by support: food is not left on the road.
pub async fn suspend(
    tx: &mut Tx,
    clock: &Clock,
    deed: &Deed<'_>,
) -> Result<(PersonPage, Vec<SessionId>), ApiError> {
    let mut over = Vec::new();
    if let Some(ended) = identity::suspend(tx, deed, clock.uuid()).await? {
        over = ended;
        let off = SetShift {
            on: false,
            point: None,
        };
        match delivery::set_shift(tx, deed.user, &off, clock.id(), deed.now).await {
            Ok(()) | Err(DeliveryError::AtWork(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let text = Text::Suspended {
            reason: deed.reason.to_owned(),
        };
        messages::tell(tx, deed.user, &text, (clock.uuid(), deed.now)).await?;
    }
    Ok((page(tx, deed.user, deed.now).await?, over))
}

/// Takes a lost second factor off an account, and what may have been added beside it, and tells its person. The sessions
/// that ended; nothing when there was none of it.
pub async fn remove_factor(
    tx: &mut Tx,
    clock: &Clock,
    deed: &Deed<'_>,
) -> Result<Option<Vec<SessionId>>, Refusal> {
    let ended = identity::remove_factor(tx, deed, clock.uuid()).await?;
    if ended.is_some() {
        messages::tell(tx, deed.user, &Text::FactorRemoved, (clock.uuid(), deed.now)).await?;
    }
    Ok(ended)
}

/// Opens a closed account again, and tells its person.
pub async fn reinstate(tx: &mut Tx, clock: &Clock, deed: &Deed<'_>) -> Result<PersonPage, ApiError> {
    if identity::reinstate(tx, deed, clock.uuid()).await? {
        messages::tell(tx, deed.user, &Text::Restored, (clock.uuid(), deed.now)).await?;
    }
    page(tx, deed.user, deed.now).await
}
