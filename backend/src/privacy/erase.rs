//! Forgets a person: in one transaction everything that is theirs is emptied or gone, and the key under which the rest
//! was sealed is dropped. Orders stay without the person; money, and who did what, stay as they are, under an id that
//! names nobody. Other people's views go on: a name that is empty is somebody who left.
//!
//! Nobody leaves in the middle of something: an order, a delivery, cash in hand, a restaurant without another owner.

use momfood_domain::actor::Actor;
use momfood_domain::id::{OrderId, RestaurantId, SessionId, UserId};
use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Entity, Scope};
use serde_json::json;
use sqlx::types::Json;
use uuid::Uuid;

use super::retention;
use crate::error::{ApiError, ErrorCode};
use crate::identity::session::{self, Which};
use crate::store::{StoreError, Tx, sql};
use crate::{audit, delivery, identity, ordering, sealed, sync};

/// Why somebody is not erased.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    /// Something of theirs is still open: `order`, `payment`, `delivery`, `shift`, `cash`, `restaurant`, `admin`.
    #[error("{0} is still open")]
    StillOpen(&'static str),
    /// There is no such account, or it is suspended or erased.
    #[error("no account to erase")]
    NotThere,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotErased> for ApiError {
    fn from(error: NotErased) -> Self {
        match error {
            NotErased::StillOpen(what) => Self::new(ErrorCode::StillOpen).with("what", what),
            NotErased::NotThere => Self::new(ErrorCode::NotFound),
            NotErased::Store(error) => error.into(),
        }
    }
}

/// What erasing needs.
#[derive(Clone, Copy, Debug)]
pub struct Erasure {
    /// Whom.
    pub person: UserId,
    /// Who asked for it.
    pub actor: Actor,
    /// The id of its line in the audit log.
    pub audit: Uuid,
    /// When.
    pub now: Timestamp,
}

/// Erases the person. Returns the sign-ins that ended: tell the gate after the commit.
pub async fn erase(tx: &mut Tx, erasure: Erasure) -> Result<Vec<SessionId>, NotErased> {
    let Erasure {
        person,
        actor,
        audit,
        now,
    } = erasure;
    // The person first: an order or an offer that is being written for them refers to this row, and is waited for.
    let row = sql!(
        tx,
        fetch_optional as (String,),
        "select status from users where id = $1 {for_update}",
        person
    )?;
    if row.is_none_or(|(status,)| status != "active") {
        return Err(NotErased::NotThere);
    }
    if let Some(what) = still_open(tx, person, now).await? {
        return Err(NotErased::StillOpen(what));
    }
    orders(tx, person, now).await?;
    work(tx, person).await?;
    let ended = session::end_those(tx, person, Which::All, now).await?;
    ways_in(tx, person).await?;
    profile(tx, person, now).await?;
    sealed::forget(tx, person).await?;
    let entry = audit::Entry {
        id: audit,
        at: now,
        action: "identity.erased",
        subject: "user",
        subject_id: Some(person.0),
        detail: json!({}),
    };
    audit::record(tx, &actor, entry).await?;
    Ok(ended)
}

/// What of theirs is still open, if anything is.
async fn still_open(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<Option<&'static str>, StoreError> {
    let (orders, payments) = sql!(
        tx,
        fetch_one as (i64, i64),
        "select
            (select count(*) from orders where customer_id = $1
                and status not in ('delivered', 'cancelled', 'rejected', 'expired', 'failed')),
            (select count(*) from orders o join payments p on p.order_id = o.id
                where o.customer_id = $1 and p.owed is not null)",
        person
    )?;
    let (shifts, deliveries) = sql!(
        tx,
        fetch_one as (i64, i64),
        "select
            (select count(*) from shifts where driver_id = $1 and ended_at is null),
            (select count(*) from assignments a join deliveries d on d.order_id = a.order_id and d.attempt = a.attempt
                where a.driver_id = $1 and (a.status in ('offered', 'accepted') or d.status = 'failed'))",
        person
    )?;
    let (restaurants, admins) = sql!(
        tx,
        fetch_one as (i64, i64),
        "select
            (select count(*) from restaurants r where (r.owner_id = $1 or exists (select 1 from restaurant_staff s
                    where s.restaurant_id = r.id and s.user_id = $1 and s.is_owner))
                and not exists (select 1 from restaurant_staff o join users u on u.id = o.user_id
                    where o.restaurant_id = r.id and o.is_owner and o.user_id <> $1 and u.status = 'active')),
            (select count(*) from user_roles a where a.user_id = $1 and a.role = 'admin'
                and not exists (select 1 from user_roles o join users u on u.id = o.user_id
                    where o.role = 'admin' and o.user_id <> $1 and u.status = 'active'))",
        person
    )?;
    let cash = delivery::driver_day(tx, person, now).await?.cash_in_hand;
    let open = [
        (orders, "order"),
        (payments, "payment"),
        (deliveries, "delivery"),
        (shifts, "shift"),
        (cash, "cash"),
        (restaurants, "restaurant"),
        (admins, "admin"),
    ];
    Ok(open
        .into_iter()
        .find(|(count, _)| *count > 0)
        .map(|(_, what)| what))
}

/// Their orders, without them.
async fn orders(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<(), StoreError> {
    let pictures = sql!(
        tx,
        fetch_all as (Vec<u8>,),
        "select distinct p.sha256 from proofs p join orders o on o.id = p.order_id
         where o.customer_id = $1 and p.sha256 is not null
            and not exists (select 1 from proofs q join orders r on r.id = q.order_id
                where q.sha256 = p.sha256 and r.customer_id <> $2)",
        person,
        person
    )?;
    for (name,) in pictures {
        retention::drop_picture(tx, &name).await?;
    }
    // Kitchens still show those: they are told that something of them has changed.
    let shown = sql!(
        tx,
        fetch_all as (OrderId, RestaurantId, i64),
        "select id, restaurant_id, rev from orders where customer_id = $1 and updated_at > $2
            and accept_by is not null order by id {for_update}",
        person,
        now.plus(-ordering::KEPT)
    )?;
    for (id, restaurant, rev) in shown {
        sql!(
            tx,
            execute,
            "update orders set rev = $1 where id = $2",
            rev + 1,
            id
        )?;
        let scope = Scope::Restaurant(restaurant);
        sync::touch(tx, scope, Entity::Order, id.0, rev + 1, false, now);
    }
    sql!(
        tx,
        execute,
        "update orders set delivery_address = null, special_instructions = null, handover_code = null
         where customer_id = $1",
        person
    )?;
    sql!(
        tx,
        execute,
        "update order_lines set note = null where note is not null
            and order_id in (select id from orders where customer_id = $1)",
        person
    )?;
    sql!(
        tx,
        execute,
        "update ratings set comment = null where order_id in (select id from orders where customer_id = $1)",
        person
    )?;
    sql!(
        tx,
        execute,
        "update payments set card_token = null where card_token is not null
            and order_id in (select id from orders where customer_id = $1)",
        person
    )?;
    sql!(
        tx,
        execute,
        "delete from order_share where order_id in (select id from orders where customer_id = $1)",
        person
    )?;
    sql!(tx, execute, "delete from quotes where customer_id = $1", person)?;
    sql!(tx, execute, "delete from push_due where person = $1", person)?;
    Ok(())
}

/// What they did for others, and as what they were to be taken on.
async fn work(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    let nothing: &[u8] = &[];
    // Another owner there is, or they would not be erased.
    sql!(
        tx,
        execute,
        "update restaurants set owner_id = (select o.user_id from restaurant_staff o
                join users u on u.id = o.user_id
             where o.restaurant_id = restaurants.id and o.is_owner and o.user_id <> $1 and u.status = 'active'
             order by o.user_id limit 1)
         where owner_id = $2",
        person,
        person
    )?;
    sql!(
        tx,
        execute,
        "delete from restaurant_staff where user_id = $1",
        person
    )?;
    sql!(
        tx,
        execute,
        "delete from driver_profiles where user_id = $1",
        person
    )?;
    sql!(
        tx,
        execute,
        "delete from driver_positions where driver_id = $1",
        person
    )?;
    sql!(tx, execute, "delete from documents where person = $1", person)?;
    sql!(
        tx,
        execute,
        "delete from applications where person = $1 and status = 'draft'",
        person
    )?;
    sql!(
        tx,
        execute,
        "update applications set reason = null,
            status = case when status = 'submitted' then 'withdrawn' else status end where person = $1",
        person
    )?;
    sql!(
        tx,
        execute,
        "update invitations set email = '', email_index = $1 where accepted_by = $2",
        nothing,
        person
    )?;
    // What they told stays with what it is about; what could not be read may say anything.
    sql!(
        tx,
        execute,
        "update facts set note = null where actor = $1 and note is not null",
        person
    )?;
    sql!(
        tx,
        execute,
        "update sync_quarantine set args = 'null', error = '' where actor = $1",
        person
    )?;
    sql!(
        tx,
        execute,
        "update sync_result set detail = null where device in (select device from sync_device where actor = $1)",
        person
    )?;
    sql!(tx, execute, "delete from presence where actor = $1", person)?;
    Ok(())
}

/// Every way to come in, and what is known of the times they did.
async fn ways_in(tx: &mut Tx, person: UserId) -> Result<(), StoreError> {
    sql!(
        tx,
        execute,
        "update sessions set user_agent = '', address = '' where user_id = $1",
        person
    )?;
    sql!(tx, execute, "delete from push_token where person = $1", person)?;
    identity::forget_ways(tx, person).await?;
    sql!(
        tx,
        execute,
        "delete from one_time_codes where person = $1",
        person
    )?;
    sql!(tx, execute, "delete from challenges where person = $1", person)?;
    Ok(())
}

/// Who they were.
async fn profile(tx: &mut Tx, person: UserId, now: Timestamp) -> Result<(), StoreError> {
    let none = Json(Vec::<String>::new());
    sql!(tx, execute, "delete from addresses where user_id = $1", person)?;
    sql!(tx, execute, "delete from user_roles where user_id = $1", person)?;
    sql!(
        tx,
        execute,
        "update customer_profiles set first_name = '', last_name = '', first_name_ar = null, last_name_ar = null,
            birth_date = null, gender = null, dietary_preferences = $1, allergies = $2, loyalty_points = 0
         where user_id = $3",
        &none,
        &none,
        person
    )?;
    sql!(
        tx,
        execute,
        "update users set status = 'erased', email = null, phone = null, phone_index = null, password_hash = null,
            email_verified = false, phone_verified = false, updated_at = $1 where id = $2",
        now,
        person
    )?;
    Ok(())
}
