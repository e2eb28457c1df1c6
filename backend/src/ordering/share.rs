//! Links by which others may see how far an order is. What such a link shows is here and nowhere else: never a name of
//! a person, a phone, an address, a position, an item or a price. A driver's position would end at somebody's door, so
//! a shared order only says that one is on the way.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::Mac as _;
use momfood_domain::actor::Actor;
use momfood_domain::id::OrderId;
use momfood_domain::order::{Event, Order, OrderStatus, Party, Rejection, party};
use momfood_domain::time::{DAY, MINUTE, Timestamp};
use momfood_protocol::project;
use momfood_protocol::rest::{SharedOrder, SharedRestaurant};
use sha2::{Digest as _, Sha256};

use super::OrderingError;
use super::people::Names;
use super::record::{self, Record};
use crate::keys::{Key, Keys, keyed};
use crate::store::{StoreError, Tx, sql};

/// A link leads somewhere for so long after the order's end.
const AFTER_END: i64 = 120 * MINUTE;
/// And never longer than this.
const LONGEST: i64 = DAY;
/// Bytes of a token: 144 bits that nobody can guess.
const TOKEN: usize = 18;

/// What a link ends in, and until when it leads somewhere at the latest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The last part of its address.
    pub token: String,
    /// When it is over.
    pub until: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    nonce: Vec<u8>,
    token_hash: Vec<u8>,
    made_at: Timestamp,
}

/// What a link ends in. It is kept nowhere: it follows from the row and the server's own key.
fn token(key: &Key, order: OrderId, nonce: &[u8]) -> String {
    let mut code = keyed(&key.sharing);
    code.update(order.0.as_bytes());
    code.update(nonce);
    BASE64_URL_SAFE_NO_PAD.encode(&code.finalize().into_bytes()[..TOKEN])
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// When the order ended, if it has.
fn ended_at(order: &Order, events: &[(Timestamp, Event)]) -> Option<Timestamp> {
    let ends = |event: &Event| {
        matches!(
            event,
            Event::Delivered
                | Event::Cancelled { .. }
                | Event::Rejected { .. }
                | Event::Expired
                | Event::Failed { .. }
        )
    };
    let end = events.iter().find(|(_, event)| ends(event)).map(|(at, _)| *at);
    end.filter(|_| order.status.is_end())
}

fn until(made_at: Timestamp, ended_at: Option<Timestamp>) -> Timestamp {
    let longest = made_at.plus(LONGEST);
    ended_at.map_or(longest, |end| longest.min(end.plus(AFTER_END)))
}

/// The order, locked, if it is the actor's own as a customer.
async fn own(tx: &mut Tx, actor: &Actor, id: OrderId) -> Result<Record, OrderingError> {
    let record = super::command::reach(tx, actor, id).await?;
    match party(&record.order, actor) {
        Some(Party::Customer) => Ok(record),
        _ => Err(OrderingError::Forbidden),
    }
}

async fn end_of(tx: &mut Tx, record: &Record) -> Result<Option<Timestamp>, StoreError> {
    if !record.order.status.is_end() {
        return Ok(None);
    }
    let events = record::events(tx, &[record.order.id]).await?;
    let events: Vec<(Timestamp, Event)> = events.into_iter().map(|(_, at, event)| (at, event)).collect();
    Ok(ended_at(&record.order, &events))
}

/// The link there is to the order, if it still leads somewhere.
async fn live(tx: &mut Tx, keys: &Keys, record: &Record, now: Timestamp) -> Result<Option<Link>, StoreError> {
    let id = record.order.id;
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select nonce, token_hash, made_at from order_share where order_id = $1",
        id
    )?;
    let ended_at = end_of(tx, record).await?;
    Ok(row.and_then(|row| {
        let ring = keys.believed();
        // Of the key that made it. Of one that is believed no more: nobody can say that link again.
        let mut said = ring.iter().rev().map(|key| token(key, id, &row.nonce));
        let token = said.find(|token| hash(token) == row.token_hash)?;
        let until = until(row.made_at, ended_at);
        (now < until).then_some(Link { token, until })
    }))
}

/// The link to the order of a customer, the same for as long as it leads somewhere.
pub(super) async fn share(
    tx: &mut Tx,
    keys: &Keys,
    actor: &Actor,
    id: OrderId,
    (nonce, now): ([u8; 16], Timestamp),
) -> Result<Link, OrderingError> {
    let record = own(tx, actor, id).await?;
    if let Some(link) = live(tx, keys, &record, now).await? {
        return Ok(link);
    }
    let link = Link {
        token: token(&keys.current(), id, &nonce),
        until: until(now, end_of(tx, &record).await?),
    };
    if link.until <= now {
        return Err(Rejection::WrongState(record.order.status).into());
    }
    let (nonce, token_hash): (&[u8], _) = (&nonce, hash(&link.token));
    sql!(
        tx,
        execute,
        "insert into order_share (order_id, nonce, token_hash, made_at) values ($1, $2, $3, $4)
         on conflict (order_id) do update set nonce = excluded.nonce, token_hash = excluded.token_hash,
            made_at = excluded.made_at",
        id,
        nonce,
        token_hash,
        now
    )?;
    Ok(link)
}

/// The link there is to the order of a customer.
pub(super) async fn shared_by(
    tx: &mut Tx,
    keys: &Keys,
    actor: &Actor,
    id: OrderId,
    now: Timestamp,
) -> Result<Option<Link>, OrderingError> {
    let record = record::load(tx, &[id])
        .await?
        .pop()
        .ok_or(OrderingError::NotFound)?;
    match party(&record.order, actor) {
        None => Err(OrderingError::NotFound),
        Some(Party::Customer) => Ok(live(tx, keys, &record, now).await?),
        Some(_) => Err(OrderingError::Forbidden),
    }
}

/// Lets the link to the order of a customer lead nowhere.
pub(super) async fn stop(tx: &mut Tx, actor: &Actor, id: OrderId) -> Result<(), OrderingError> {
    own(tx, actor, id).await?;
    sql!(tx, execute, "delete from order_share where order_id = $1", id)?;
    Ok(())
}

/// The order that a link leads to, as anybody may see it; nothing when it leads nowhere.
pub(super) async fn shared(
    tx: &mut Tx,
    token: &str,
    now: Timestamp,
) -> Result<Option<SharedOrder>, StoreError> {
    if token.len() > 4 * TOKEN {
        return Ok(None);
    }
    let row = sql!(
        tx,
        fetch_optional as (OrderId, Timestamp),
        "select order_id, made_at from order_share where token_hash = $1",
        hash(token)
    )?;
    let Some((id, made_at)) = row else { return Ok(None) };
    let Some(record) = record::load(tx, &[id]).await?.pop() else {
        return Ok(None);
    };
    let events = record::events(tx, &[id]).await?;
    let events: Vec<(Timestamp, Event)> = events.into_iter().map(|(_, at, event)| (at, event)).collect();
    let until = until(made_at, ended_at(&record.order, &events));
    if until <= now {
        return Ok(None);
    }
    let names = Names::of(tx, std::slice::from_ref(&record)).await?;
    let restaurant = names.restaurant(record.order.restaurant_id);
    Ok(restaurant.map(|restaurant| SharedOrder {
        restaurant: SharedRestaurant {
            name: restaurant.name.clone(),
            picture: restaurant.picture.clone(),
        },
        status: record.order.status,
        fulfilment: record.order.fulfilment,
        timeline: project::timeline(record.placed_at, &events, false),
        estimated_at: record.estimated_at.filter(|_| !record.order.status.is_end()),
        on_the_way: record.order.status == OrderStatus::PickedUp,
        as_of: now,
        until,
    }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_is_one_servers_one_orders_and_one_sharings() {
        let keys = |seed| Keys::from_seed(&[seed; 32]).unwrap().current();
        let order = |n| OrderId(Uuid::from_u128(n));
        let first = token(&keys(1), order(1), &[1; 16]);
        assert_eq!(first, token(&keys(1), order(1), &[1; 16]));
        assert_eq!(first.len(), 24);
        for other in [
            token(&keys(2), order(1), &[1; 16]),
            token(&keys(1), order(2), &[1; 16]),
            token(&keys(1), order(1), &[2; 16]),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn a_link_is_over_two_hours_after_the_end_and_after_a_day_at_the_latest() {
        let made = Timestamp(0);
        assert_eq!(until(made, None), Timestamp(DAY));
        let end = made.plus_minutes(40);
        assert_eq!(until(made, Some(end)), end.plus_minutes(120));
        let late = made.plus_minutes(23 * 60);
        assert_eq!(until(made, Some(late)), Timestamp(DAY));
    }
}
