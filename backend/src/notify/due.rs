//! What is still to be told, as rows: written with what happened, taken by one teller at a time, gone when told. A newer
//! piece of news takes an older one's place, also while that is being told, and then waits for its teller to be done: so
//! the older never arrives after the newer.

use momfood_domain::dispatch::estimated_delivery;
use momfood_domain::id::{OrderId, SessionId, UserId};
use momfood_domain::order::{Event, Order, OrderStatus};
use momfood_domain::pricing::Fulfilment;
use momfood_domain::text::{Lang, LocalizedText};
use momfood_domain::time::{MINUTE, SECOND, Timestamp};
use momfood_protocol::notice::{News, Standing};
use sqlx::types::Json;

use super::tokens::{self, Known};
use crate::backoff::Backoff;
use crate::store::{StoreError, Tx, sql};

/// After this news is no longer told: it may not be true any more.
pub const FRESH: i64 = 30 * MINUTE;
/// How long whoever tells a piece of news has it to themselves.
pub const LEASE: i64 = 60 * SECOND;
/// First and longest rest after "not now".
const REST: Backoff = Backoff {
    first: 2 * SECOND,
    longest: MINUTE,
};
/// Longest rest that a service may ask for.
const LONGEST_ASKED: i64 = 5 * 60;

/// Writes down what `events` made worth telling to the order's customer, if they can be told at all. Called with the
/// order locked, in the transaction that changes it.
pub async fn note(
    tx: &mut Tx,
    (before, after): (&Order, &Order),
    events: &[Event],
    (distance_m, rev): (u32, i64),
    now: Timestamp,
) -> Result<(), StoreError> {
    let was = News::of(&standing(before, &[], distance_m, now));
    let is = News::of(&standing(after, events, distance_m, now));
    match (was, is) {
        (None, None) => Ok(()),
        (Some(was), Some(is)) if was.is_same_as(&is) => Ok(()),
        (_, Some(news)) => write(tx, after, rev, news, now).await,
        // What was to be told is true no more, and its customer knows what is.
        (Some(_), None) => sql!(
            tx,
            execute,
            "delete from push_due where order_id = $1 and person = $2",
            after.id,
            after.customer_id
        )
        .map(drop),
    }
}

fn standing(order: &Order, events: &[Event], distance_m: u32, now: Timestamp) -> Standing {
    let from = match order.status {
        OrderStatus::PickedUp => Some(now),
        _ => order.ready_by,
    };
    Standing {
        status: order.status,
        fulfilment: order.fulfilment,
        delivery: order.delivery.map(|delivery| delivery.status),
        expected_at: from.map(|from| match order.fulfilment {
            Fulfilment::Delivery => estimated_delivery(from, distance_m),
            Fulfilment::Pickup => from,
        }),
        reason: order.reason,
        cancelled_by: events.iter().find_map(|event| match event {
            Event::Cancelled { by, .. } => Some(*by),
            _ => None,
        }),
    }
}

async fn write(tx: &mut Tx, order: &Order, rev: i64, news: News, now: Timestamp) -> Result<(), StoreError> {
    // Most people are nowhere to be told: one row of the index says so.
    sql!(
        tx,
        execute,
        "insert into push_due (order_id, person, rev, news, at, told, tries, try_at)
         select $1, p.person, $2, $3, $4, $5, 0, $6 from push_token p where p.person = $7 limit 1
         on conflict (order_id, person) do update set rev = excluded.rev, news = excluded.news, at = excluded.at,
            told = excluded.told, tries = 0",
        order.id,
        rev,
        Json(news),
        now,
        Json(Vec::<SessionId>::new()),
        now,
        order.customer_id
    )
    .map(drop)
}

/// What there is to tell, and to whom.
pub(super) struct Due {
    pub order: OrderId,
    pub person: UserId,
}

/// What is due at `now`, and when the next will be.
pub(super) async fn due(
    tx: &mut Tx,
    now: Timestamp,
    most: i64,
) -> Result<(Vec<Due>, Option<Timestamp>), StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId, UserId),
        "select order_id, person from push_due where try_at <= $1 order by try_at limit $2",
        now,
        most
    )?;
    let (next,) = sql!(
        tx,
        fetch_one as (Option<Timestamp>,),
        "select min(try_at) from push_due where try_at > $1",
        now
    )?;
    let due = rows.into_iter().map(|(order, person)| Due { order, person });
    Ok((due.collect(), next))
}

/// A piece of news that is ours to tell until `lease`.
pub(super) struct Taken {
    pub order: OrderId,
    pub person: UserId,
    pub rev: i64,
    pub news: News,
    pub until: Timestamp,
    pub restaurant: LocalizedText,
    pub lang: Lang,
    /// Where the person has yet to be told.
    pub open: Vec<Known>,
    /// Where they have been.
    pub told: Vec<SessionId>,
    pub tries: i64,
    pub lease: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    rev: i64,
    news: Json<News>,
    at: Timestamp,
    told: Json<Vec<SessionId>>,
    tries: i64,
    try_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct About {
    name: Option<String>,
    name_ar: Option<String>,
    lang: Option<Lang>,
}

/// Takes what is due, unless somebody else has, or nobody is left to be told. What is too old is dropped.
pub(super) async fn take(
    tx: &mut Tx,
    Due { order, person }: Due,
    now: Timestamp,
) -> Result<Option<Taken>, StoreError> {
    let row = sql!(
        tx,
        fetch_optional as Row,
        "select rev, news, at, told, tries, try_at from push_due where order_id = $1 and person = $2 {for_update}",
        order,
        person
    )?;
    let Some(row) = row.filter(|row| row.try_at <= now) else {
        return Ok(None);
    };
    let until = row.at.plus(FRESH);
    let mut open = tokens::of(tx, person, now).await?;
    open.retain(|known| !row.told.0.contains(&known.session));
    let about = sql!(
        tx,
        fetch_optional as About,
        "select r.name, r.name_ar, c.preferred_language as lang from orders o
         join restaurants r on r.id = o.restaurant_id
         left join customer_profiles c on c.user_id = o.customer_id where o.id = $1",
        order
    )?;
    let about = about.and_then(|about| {
        let name = LocalizedText::new(about.name_ar, about.name).ok()?;
        Some((name, about.lang.unwrap_or_default()))
    });
    let (Some((restaurant, lang)), true) = (about, now < until && !open.is_empty()) else {
        drop_it(tx, order, person, row.rev).await?;
        return Ok(None);
    };
    let lease = now.plus(LEASE);
    sql!(
        tx,
        execute,
        "update push_due set tries = tries + 1, try_at = $1 where order_id = $2 and person = $3",
        lease,
        order,
        person
    )?;
    Ok(Some(Taken {
        order,
        person,
        rev: row.rev,
        news: row.news.0,
        until,
        restaurant,
        lang,
        open,
        told: row.told.0,
        tries: row.tries + 1,
        lease,
    }))
}

async fn drop_it(tx: &mut Tx, order: OrderId, person: UserId, rev: i64) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from push_due where order_id = $1 and person = $2 and rev = $3",
        order,
        person,
        rev
    )
    .map(drop)
}

/// Drops everything that is too old to be told, told or not: where no service is there to tell it.
pub(super) async fn drop_old(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from push_due where at <= $1",
        now.plus(-FRESH)
    )
    .map(drop)
}

/// What came of telling.
pub(super) struct Came {
    /// Sign-ins that need not be told again.
    pub told: Vec<SessionId>,
    /// Tokens that lead nowhere.
    pub gone: Vec<Known>,
    /// Some are to be told later: not before so many seconds, as their service said; 0 when it did not.
    pub later: Option<i64>,
}

/// Writes down what came of telling. Newer news, come meanwhile, is due now.
pub(super) async fn settle(
    tx: &mut Tx,
    taken: Taken,
    came: Came,
    (now, chance): (Timestamp, u32),
) -> Result<(), StoreError> {
    for gone in &came.gone {
        tokens::forget(tx, gone).await?;
    }
    let asked = came.later.unwrap_or(0).min(LONGEST_ASKED);
    let not_before = now.plus_seconds(asked);
    if came.later.is_some() {
        let again = now.plus(REST.rest(taken.tries, chance)).max(not_before);
        let told: Vec<SessionId> = taken.told.iter().chain(&came.told).copied().collect();
        sql!(
            tx,
            execute,
            "update push_due set told = $1, try_at = $2
             where order_id = $3 and person = $4 and rev = $5 and try_at = $6",
            Json(told),
            again,
            taken.order,
            taken.person,
            taken.rev,
            taken.lease
        )?;
    } else {
        drop_leased(tx, &taken).await?;
    }
    sql!(
        tx,
        execute,
        "update push_due set try_at = $1 where order_id = $2 and person = $3 and rev <> $4 and try_at = $5",
        not_before,
        taken.order,
        taken.person,
        taken.rev,
        taken.lease
    )
    .map(drop)
}

async fn drop_leased(tx: &mut Tx, taken: &Taken) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "delete from push_due where order_id = $1 and person = $2 and rev = $3 and try_at = $4",
        taken.order,
        taken.person,
        taken.rev,
        taken.lease
    )
    .map(drop)
}
