//! Everything about a person as one archive: JSON a program can read, their pictures and documents, and a word on what it
//! is in both languages. Of others it holds ids and nothing else: no name, no phone, no position.
//!
//! Read in one snapshot and written to a file on the way, a page at a time: a person with ten thousand orders costs as
//! little memory as one with ten.

use std::fs::File;
use std::io;
use std::path::Path;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::id::{OrderId, RestaurantId, UserId};
use momfood_domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::archive::Archive;
use super::consents;
use crate::hex::hex;
use crate::identity::{self, addresses};
use crate::ordering;
use crate::sealed::{self, Field};
use crate::store::{Db, StoreError, Tx, sql};

/// Archives written at the same moment.
const AT_ONCE: usize = 2;
/// Rows read at once.
const PAGE: i64 = 100;
/// Bytes of pictures in an archive at most. The rest is named, and can be asked for by name.
const PICTURES: usize = 200 * 1024 * 1024;

const FORM: Field = Field::new("applications", "form");
const BYTES: Field = Field::new("documents", "bytes");

/// Turns to write an archive.
pub struct Exports(pub(super) Semaphore);

impl Default for Exports {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoArchive {
    /// The file could not be written.
    #[error("the archive could not be written: {0}")]
    File(#[from] io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gathers everything about `person` into an archive in `folder`.
pub(super) async fn gather(
    db: &Db,
    folder: &Path,
    person: UserId,
    now: Timestamp,
) -> Result<File, NoArchive> {
    let mut archive = Archive::begin(folder)?;
    let mut tx = db.read().await?;
    archive.text("README.txt", README)?;
    archive.json("account.json", &account(&mut tx, person).await?)?;
    let saved = addresses::list(&mut tx, person).await?;
    archive.json("addresses.json", &saved)?;
    orders(&mut tx, &mut archive, person, now).await?;
    ways_in(&mut tx, &mut archive, person).await?;
    agreed(&mut tx, &mut archive, person).await?;
    applied(&mut tx, &mut archive, person).await?;
    driven(&mut tx, &mut archive, person).await?;
    told(&mut tx, &mut archive, person).await?;
    proofs(&mut tx, &mut archive, person).await?;
    actions(&mut tx, &mut archive, person).await?;
    audit(&mut tx, &mut archive, person).await?;
    Ok(archive.finish()?)
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    status: String,
    role: Role,
    email_verified: bool,
    phone_verified: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    first_name: String,
    last_name: String,
    first_name_ar: Option<String>,
    last_name_ar: Option<String>,
    birth_date: Option<String>,
    gender: Option<String>,
    dietary_preferences: Json<Value>,
    allergies: Json<Value>,
    loyalty_points: i64,
}

async fn account(tx: &mut Tx, person: UserId) -> Result<Value, StoreError> {
    let row = sql!(
        tx,
        fetch_one as AccountRow,
        "select u.status, u.role, u.email_verified, u.phone_verified, u.created_at, u.updated_at, p.first_name,
            p.last_name, p.first_name_ar, p.last_name_ar, p.birth_date, p.gender, p.dietary_preferences, p.allergies,
            p.loyalty_points
         from users u join customer_profiles p on p.user_id = u.id where u.id = $1",
        person
    )?;
    let contacts = identity::contacts(tx, person).await?;
    let (email, phone, language) = contacts.map_or((None, None, None), |contacts| {
        (
            contacts.email,
            contacts.phone.map(|phone| phone.as_str().to_owned()),
            Some(contacts.language),
        )
    });
    let roles = sql!(
        tx,
        fetch_all as (Role, Timestamp),
        "select role, granted_at from user_roles where user_id = $1 order by granted_at, role",
        person
    )?;
    let roles: Vec<Value> = roles
        .into_iter()
        .map(|(role, at)| json!({ "role": role, "grantedAt": at }))
        .collect();
    Ok(json!({
        "id": person, "email": email, "emailVerified": row.email_verified, "phone": phone,
        "phoneVerified": row.phone_verified, "status": row.status, "role": row.role, "roles": roles,
        "firstName": row.first_name, "lastName": row.last_name, "firstNameAr": row.first_name_ar,
        "lastNameAr": row.last_name_ar, "birthDate": row.birth_date, "gender": row.gender,
        "dietaryPreferences": row.dietary_preferences.0, "allergies": row.allergies.0, "language": language,
        "loyaltyPoints": row.loyalty_points, "createdAt": row.created_at, "updatedAt": row.updated_at,
        "workplaces": workplaces(tx, person).await?, "driver": driver(tx, person).await?,
        "invitations": invitations(tx, person).await?,
    }))
}

async fn workplaces(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, StoreError> {
    let owned = sql!(
        tx,
        fetch_all as (RestaurantId,),
        "select id from restaurants where owner_id = $1 order by id",
        person
    )?;
    let staffed = sql!(
        tx,
        fetch_all as (RestaurantId, bool),
        "select restaurant_id, is_owner from restaurant_staff where user_id = $1 order by restaurant_id",
        person
    )?;
    let place =
        |id: RestaurantId, owner: bool, how: &str| json!({ "restaurantId": id, "owner": owner, "as": how });
    let owned = owned.into_iter().map(|(id,)| place(id, true, "registered owner"));
    let staffed = staffed.into_iter().map(|(id, owner)| place(id, owner, "staff"));
    Ok(owned.chain(staffed).collect())
}

async fn driver(tx: &mut Tx, person: UserId) -> Result<Option<Value>, StoreError> {
    let profile = sql!(
        tx,
        fetch_optional as (Json<Value>, f64, f64),
        "select vehicle, home_lat, home_lng from driver_profiles where user_id = $1",
        person
    )?;
    let Some((Json(vehicle), lat, lng)) = profile else {
        return Ok(None);
    };
    let position = sql!(
        tx,
        fetch_optional as (f64, f64, Option<i64>, Timestamp),
        "select lat, lng, heading, at from driver_positions where driver_id = $1",
        person
    )?;
    let position = position
        .map(|(lat, lng, heading, at)| json!({ "lat": lat, "lng": lng, "heading": heading, "at": at }));
    Ok(Some(
        json!({ "vehicle": vehicle, "home": { "lat": lat, "lng": lng }, "lastPosition": position }),
    ))
}

async fn invitations(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, StoreError> {
    let rows = sql!(
        tx,
        fetch_all as (Uuid, RestaurantId, bool, Timestamp, Timestamp, Option<Timestamp>),
        "select id, restaurant_id, is_owner, made_at, expires_at, accepted_at from invitations
         where accepted_by = $1 order by made_at",
        person
    )?;
    let told = |(id, restaurant, owner, made_at, expires_at, accepted_at)| {
        json!({ "id": id, "restaurantId": restaurant, "owner": owner, "madeAt": made_at, "expiresAt": expires_at,
            "acceptedAt": accepted_at })
    };
    Ok(rows.into_iter().map(told).collect())
}

async fn orders(tx: &mut Tx, archive: &mut Archive, person: UserId, now: Timestamp) -> Result<(), NoArchive> {
    archive.list("orders.json")?;
    let actor = Actor::person(person, Role::Customer);
    let mut after = (Timestamp(i64::MIN), OrderId(Uuid::nil()));
    loop {
        let rows = sql!(
            tx,
            fetch_all as (OrderId, Timestamp, Option<String>, Option<Timestamp>, Option<String>, Option<Timestamp>),
            "select o.id, o.created_at, r.comment, r.at, o.handover_code, s.made_at from orders o
             left join ratings r on r.order_id = o.id left join order_share s on s.order_id = o.id
             where o.customer_id = $1 and (o.created_at, o.id) > ($2, $3) order by o.created_at, o.id limit $4",
            person,
            after.0,
            after.1,
            PAGE
        )?;
        let Some((id, at, ..)) = rows.last() else { break };
        after = (*at, *id);
        let ids: Vec<OrderId> = rows.iter().map(|(id, ..)| *id).collect();
        let views = ordering::views(tx, &actor, &ids, now).await?;
        let mut beside = rows.into_iter().map(|(id, _, comment, rated, code, shared)| {
            let beside = json!({ "ratingComment": comment, "ratedAt": rated, "handoverCode": code,
                "sharedAt": shared });
            (id, beside)
        });
        for mut view in views {
            // Who carried it is somebody else.
            if let Some(delivery) = &mut view.delivery {
                delivery.driver = None;
            }
            let mut order = serde_json::to_value(&view).unwrap_or_default();
            let found = beside.by_ref().find(|(id, _)| *id == view.id);
            if let (Value::Object(order), Some((_, Value::Object(beside)))) = (&mut order, found) {
                order.extend(beside);
            }
            archive.item(&order)?;
        }
    }
    Ok(archive.end()?)
}

#[derive(sqlx::FromRow)]
struct SignInRow {
    id: Uuid,
    role: Role,
    restaurant_id: Option<RestaurantId>,
    user_agent: String,
    created_at: Timestamp,
    refreshed_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
    method: String,
    second_factor: bool,
    address: String,
    authenticated_at: Timestamp,
    platform: Option<String>,
    app: Option<String>,
    named_at: Option<Timestamp>,
}

async fn ways_in(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let rows = sql!(
        tx,
        fetch_all as SignInRow,
        "select s.id, s.role, s.restaurant_id, s.user_agent, s.created_at, s.refreshed_at, s.expires_at, s.ended_at,
            s.method, s.second_factor, s.address, s.authenticated_at, t.platform, t.app, t.at as named_at
         from sessions s left join push_token t on t.session = s.id where s.user_id = $1 order by s.created_at, s.id",
        person
    )?;
    archive.list("sign-ins.json")?;
    for row in rows {
        let push = row
            .platform
            .map(|platform| json!({ "platform": platform, "app": row.app, "at": row.named_at }));
        archive.item(
            &json!({ "id": row.id, "role": row.role, "restaurantId": row.restaurant_id, "device": row.user_agent,
                "createdAt": row.created_at, "renewedAt": row.refreshed_at, "expiresAt": row.expires_at,
                "endedAt": row.ended_at, "method": row.method, "secondFactor": row.second_factor,
                "address": row.address, "confirmedAt": row.authenticated_at, "push": push }),
        )?;
    }
    archive.end()?;
    let passkeys = sql!(
        tx,
        fetch_all as (String, Timestamp, Option<Timestamp>),
        "select name, made_at, used_at from passkeys where person = $1 order by made_at",
        person
    )?;
    let passkeys = passkeys
        .into_iter()
        .map(|(name, made_at, used_at)| json!({ "name": name, "madeAt": made_at, "usedAt": used_at }));
    let linked = sql!(
        tx,
        fetch_all as (String, Timestamp, Timestamp),
        "select provider, made_at, used_at from linked_accounts where person = $1 order by made_at",
        person
    )?;
    let linked = linked.into_iter().map(
        |(provider, made_at, used_at)| json!({ "provider": provider, "madeAt": made_at, "usedAt": used_at }),
    );
    let totp = sql!(
        tx,
        fetch_optional as (Timestamp, Option<Timestamp>),
        "select made_at, confirmed_at from totp where person = $1",
        person
    )?;
    let recovery = sql!(
        tx,
        fetch_all as (Option<Timestamp>,),
        "select used_at from recovery_codes where person = $1 order by used_at",
        person
    )?;
    let recovery = recovery
        .into_iter()
        .map(|(used_at,)| json!({ "usedAt": used_at }));
    archive.json(
        "ways-in.json",
        &json!({ "passkeys": passkeys.collect::<Vec<_>>(), "linkedAccounts": linked.collect::<Vec<_>>(),
            "authenticatorApp": totp.map(|(made_at, on)| json!({ "madeAt": made_at, "confirmedAt": on })),
            "recoveryCodes": recovery.collect::<Vec<_>>() }),
    )?;
    devices(tx, archive, person).await
}

async fn devices(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let rows = sql!(
        tx,
        fetch_all
            as (
                Uuid,
                Role,
                Option<RestaurantId>,
                Timestamp,
                Timestamp,
                Option<Timestamp>
            ),
        "select d.device, d.role, d.restaurant_id, d.created_at, d.seen_at, p.heard_at from sync_device d
         left join presence p on p.device = d.device where d.actor = $1 order by d.created_at",
        person
    )?;
    archive.list("devices.json")?;
    for (device, role, restaurant, created_at, seen_at, heard_at) in rows {
        archive.item(
            &json!({ "device": device, "role": role, "restaurantId": restaurant, "createdAt": created_at,
                "seenAt": seen_at, "heardAt": heard_at }),
        )?;
    }
    Ok(archive.end()?)
}

async fn agreed(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    archive.list("consents.json")?;
    for (kind, version, given, at) in consents::all(tx, person).await? {
        archive.item(&json!({ "kind": kind, "version": version, "given": given, "at": at }))?;
    }
    Ok(archive.end()?)
}

#[derive(sqlx::FromRow)]
struct ApplicationRow {
    id: Uuid,
    kind: String,
    status: String,
    form: String,
    restaurant_id: Option<RestaurantId>,
    reason: Option<String>,
    made_at: Timestamp,
    submitted_at: Option<Timestamp>,
    decided_at: Option<Timestamp>,
}

async fn applied(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let rows = sql!(
        tx,
        fetch_all as ApplicationRow,
        "select id, kind, status, form, restaurant_id, reason, made_at, submitted_at, decided_at from applications
         where person = $1 order by made_at",
        person
    )?;
    archive.list("applications.json")?;
    for row in rows {
        let form = sealed::open(tx, person, FORM, row.id.as_bytes(), &row.form).await?;
        archive.item(
            &json!({ "id": row.id, "kind": row.kind, "status": row.status, "form": form.json::<Value>(),
                "restaurantId": row.restaurant_id, "reason": row.reason, "madeAt": row.made_at,
                "submittedAt": row.submitted_at, "decidedAt": row.decided_at }),
        )?;
    }
    archive.end()?;
    let documents = sql!(
        tx,
        fetch_all as (Uuid, Uuid, String, String, i64, Timestamp),
        "select id, application_id, kind, content_type, length, at from documents where person = $1 order by at, id",
        person
    )?;
    archive.list("documents/list.json")?;
    for (id, application, kind, content_type, length, at) in &documents {
        archive.item(
            &json!({ "file": document_name(*id, kind, content_type), "application": application, "kind": kind,
                "contentType": content_type, "length": length, "at": at }),
        )?;
    }
    archive.end()?;
    for (id, _, kind, content_type, ..) in documents {
        let row = sql!(
            tx,
            fetch_optional as (Vec<u8>,),
            "select bytes from documents where id = $1",
            id
        )?;
        let Some((bytes,)) = row else { continue };
        let opened = sealed::open_bytes(tx, person, BYTES, id.as_bytes(), &bytes).await?;
        if let Some(bytes) = opened.bytes() {
            archive.bytes(
                &format!("documents/{}", document_name(id, &kind, &content_type)),
                &bytes,
            )?;
        }
    }
    Ok(())
}

fn document_name(id: Uuid, kind: &str, content_type: &str) -> String {
    format!("{kind}-{id}.{}", ending(content_type))
}

fn ending(content_type: &str) -> &str {
    match content_type {
        "image/jpeg" => "jpg",
        other => other.rsplit('/').next().unwrap_or("bin"),
    }
}

async fn driven(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let rows = sql!(
        tx,
        fetch_all as (OrderId, i64, String, Timestamp, Option<Timestamp>, String, i64),
        "select a.order_id, a.attempt, a.status, a.offered_at, a.ended_at, d.status as delivery, d.pay
         from assignments a join deliveries d on d.order_id = a.order_id
         where a.driver_id = $1 order by a.offered_at, a.order_id",
        person
    )?;
    archive.list("deliveries.json")?;
    for (order, attempt, status, offered_at, ended_at, delivery, pay) in rows {
        archive.item(
            &json!({ "orderId": order, "attempt": attempt, "status": status, "offeredAt": offered_at,
                "endedAt": ended_at, "delivery": delivery, "pay": pay }),
        )?;
    }
    archive.end()?;
    let shifts = sql!(
        tx,
        fetch_all as (Uuid, Timestamp, Option<Timestamp>),
        "select id, started_at, ended_at from shifts where driver_id = $1 order by started_at",
        person
    )?;
    archive.list("shifts.json")?;
    for (id, started_at, ended_at) in shifts {
        archive.item(&json!({ "id": id, "startedAt": started_at, "endedAt": ended_at }))?;
    }
    archive.end()?;
    let cash = sql!(
        tx,
        fetch_all as (Uuid, Role, OrderId, i64, String, String, Timestamp, Timestamp),
        "select uid, role, order_id, amount, currency, disposition, at, occurred_at from cash_entries
         where actor = $1 order by at, uid",
        person
    )?;
    archive.list("cash.json")?;
    for (uid, role, order, amount, currency, disposition, at, occurred_at) in cash {
        archive.item(
            &json!({ "uid": uid, "role": role, "orderId": order, "amount": amount, "currency": currency,
            "disposition": disposition, "at": at, "occurredAt": occurred_at }),
        )?;
    }
    Ok(archive.end()?)
}

#[derive(sqlx::FromRow)]
struct FactRow {
    id: Uuid,
    role: Role,
    restaurant_id: Option<RestaurantId>,
    uid: Uuid,
    name: String,
    args: String,
    order_id: Option<OrderId>,
    at: Timestamp,
    occurred_at: Timestamp,
    disposition: String,
    applied: bool,
    code: String,
    detail: Json<Value>,
    closed_at: Option<Timestamp>,
    note: Option<String>,
}

/// What their devices told and could not simply be done.
async fn told(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let facts = sql!(
        tx,
        fetch_all as FactRow,
        "select id, role, restaurant_id, uid, name, args, order_id, at, occurred_at, disposition, applied, code, detail,
            closed_at, note from facts where actor = $1 order by at, id",
        person
    )?;
    archive.list("told.json")?;
    for row in facts {
        archive.item(
            &json!({ "id": row.id, "role": row.role, "restaurantId": row.restaurant_id, "uid": row.uid,
                "name": row.name, "args": read(&row.args), "orderId": row.order_id, "at": row.at,
                "occurredAt": row.occurred_at, "disposition": row.disposition, "applied": row.applied,
                "code": row.code, "detail": row.detail.0, "closedAt": row.closed_at, "note": row.note }),
        )?;
    }
    let unread = sql!(
        tx,
        fetch_all as (Uuid, i64, Uuid, String, i64, String, Timestamp, i64, String, Timestamp, Option<Timestamp>),
        "select device, mid, uid, name, ver, args, occurred_at, attempts, error, at, quarantined_at from sync_quarantine
         where actor = $1 order by at, device, mid",
        person
    )?;
    for (device, mid, uid, name, ver, args, occurred_at, attempts, error, at, quarantined_at) in unread {
        archive.item(
            &json!({ "device": device, "mid": mid, "uid": uid, "name": name, "ver": ver, "args": read(&args),
                "occurredAt": occurred_at, "attempts": attempts, "error": error, "at": at,
                "quarantinedAt": quarantined_at }),
        )?;
    }
    Ok(archive.end()?)
}

/// JSON that was kept as text; the text itself where it is none.
fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// What proves that their orders were handed over, and what they proved of others', with the pictures.
async fn proofs(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    let rows = sql!(
        tx,
        fetch_all as (UserId, OrderId, String, Option<Vec<u8>>, Timestamp),
        "select p.actor, p.order_id, p.kind, p.sha256, p.at from proofs p left join orders o on o.id = p.order_id
         where p.actor = $1 or o.customer_id = $2 order by p.at, p.uid",
        person,
        person
    )?;
    archive.list("proofs.json")?;
    for (actor, order, kind, sha256, at) in &rows {
        archive.item(
            &json!({ "orderId": order, "kind": kind, "byMe": *actor == person, "at": at,
                "picture": sha256.as_deref().map(hex) }),
        )?;
    }
    archive.end()?;
    let sent = sql!(
        tx,
        fetch_all as (Vec<u8>, i64, Timestamp),
        "select sha256, length, at from blob_upload where person = $1 and received = length order by at, sha256",
        person
    )?;
    let mut names: Vec<Vec<u8>> = rows
        .into_iter()
        .filter_map(|(_, _, _, sha256, _)| sha256)
        .collect();
    names.extend(sent.into_iter().map(|(sha256, ..)| sha256));
    names.sort_unstable();
    names.dedup();
    let (mut taken, mut listed) = (0, Vec::new());
    for name in names {
        let row = sql!(
            tx,
            fetch_optional as (UserId, i64, String, Timestamp),
            "select holder, length, kind, at from blob where sha256 = $1",
            &name
        )?;
        let Some((holder, length, kind, at)) = row else {
            continue;
        };
        taken += usize::try_from(length).unwrap_or(PICTURES);
        let fits = taken <= PICTURES;
        let file = format!("{}.{}", hex(&name), ending(&kind));
        listed.push(json!({ "file": file, "kind": kind, "length": length, "at": at, "here": fits }));
        if fits {
            let parts = sql!(
                tx,
                fetch_all as (Vec<u8>,),
                "select bytes from blob_part where sha256 = $1 and person = $2 order by position",
                &name,
                holder
            )?;
            let bytes: Vec<u8> = parts.into_iter().flat_map(|(bytes,)| bytes).collect();
            archive.bytes(&format!("pictures/{file}"), &bytes)?;
        }
    }
    Ok(archive.json("pictures/list.json", &listed)?)
}

/// What they did to orders, whoever's.
async fn actions(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    archive.list("actions.json")?;
    // Of what was done to an order its audit line tells; the event is beside it.
    let mut after = (Timestamp(i64::MIN), Uuid::nil());
    loop {
        let orders = sql!(
            tx,
            fetch_all as (Timestamp, Uuid, Uuid),
            "select at, id, subject_id from audit_log where actor = $1 and subject = 'order'
                and subject_id is not null and (at, id) > ($2, $3) order by at, id limit $4",
            person,
            after.0,
            after.1,
            PAGE
        )?;
        let Some((at, id, _)) = orders.last() else { break };
        after = (*at, *id);
        for (at, _, order) in orders {
            let events = sql!(
                tx,
                fetch_all as (i64, Role, Json<Value>),
                "select number, role, event from order_events where order_id = $1 and at = $2 and actor = $3
                 order by number",
                order,
                at,
                person
            )?;
            for (number, role, Json(event)) in events {
                archive.item(
                    &json!({ "orderId": order, "number": number, "at": at, "role": role,
                    "event": without_people(event) }),
                )?;
            }
        }
    }
    Ok(archive.end()?)
}

/// An event without whom else it names.
fn without_people(event: Value) -> Value {
    match event {
        Value::Object(fields) => {
            let kept: Map<String, Value> = fields
                .into_iter()
                .filter(|(name, _)| name != "driverId" && name != "driver_id")
                .collect();
            Value::Object(kept)
        }
        other => other,
    }
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    id: Uuid,
    at: Timestamp,
    actor: Option<UserId>,
    role: Role,
    action: String,
    subject: String,
    subject_id: Option<Uuid>,
    detail: Json<Value>,
}

/// What the audit log says of them: what they did, and what was done to their account. Of others it says the role.
async fn audit(tx: &mut Tx, archive: &mut Archive, person: UserId) -> Result<(), NoArchive> {
    archive.list("audit.json")?;
    let mut after = (Timestamp(i64::MIN), Uuid::nil());
    loop {
        let rows = sql!(
            tx,
            fetch_all as AuditRow,
            "select id, at, actor, role, action, subject, subject_id, detail from (
                select id, at, actor, role, action, subject, subject_id, detail from audit_log where actor = $1
                union all
                select id, at, actor, role, action, subject, subject_id, detail from audit_log
                    where subject_id = $2 and (actor is null or actor <> $3)
             ) lines where (at, id) > ($4, $5) order by at, id limit $6",
            person,
            person.0,
            person,
            after.0,
            after.1,
            PAGE
        )?;
        let Some(last) = rows.last() else { break };
        after = (last.at, last.id);
        for row in rows {
            archive.item(
                &json!({ "at": row.at, "byMe": row.actor == Some(person), "role": row.role, "action": row.action,
                    "subject": row.subject, "subjectId": row.subject_id, "detail": row.detail.0 }),
            )?;
        }
    }
    Ok(archive.end()?)
}

const README: &str = "\
مام فود — نسخة من بياناتك
=========================
كل ما نحتفظ به عنك، في ملفات JSON يقرؤها أي برنامج. الأوقات بالميكروثانية منذ 1970-01-01 بتوقيت غرينتش، والمبالغ بأصغر
وحدة من العملة (الهللة). عن غيرك لا تجد هنا إلا أرقاماً تعريفية.

MomFood — a copy of your data
=============================
Everything we keep about you, in JSON files that any program can read. Times are microseconds since 1970-01-01 UTC,
amounts are the currency's smallest unit (halalas). Of other people there are ids here and nothing else.

account.json         من أنت: الاسم والتواصل والأدوار ومكان العمل والمركبة
                     who you are: name, contact, roles, workplaces, vehicle
addresses.json       العناوين المحفوظة
                     saved addresses
orders.json          طلباتك: الأصناف والسعر والدفع والعنوان والملاحظات والتقييم
                     your orders: items, price, payment, address, notes, rating
sign-ins.json        مرات الدخول: الجهاز وعنوان الشبكة
                     sign-ins: device and network address
ways-in.json         مفاتيح المرور والحسابات المرتبطة وتطبيق المصادقة
                     passkeys, linked accounts, authenticator app
devices.json         الأجهزة التي تعمل دون اتصال
                     devices that work offline
consents.json        ما وافقت عليه وما سحبته
                     what you agreed to, and took back
applications.json    طلبات الانضمام، ومستنداتها في documents/
                     applications, their documents in documents/
deliveries.json      التوصيلات · shifts.json المناوبات · cash.json النقد
                     deliveries · shifts · cash
told.json            ما أبلغت به أجهزتك وراجعه موظفونا
                     what your devices told and people of ours looked at
proofs.json          إثباتات التسليم، والصور في pictures/
                     proofs of handing over, pictures in pictures/
actions.json         ما فعلته بالطلبات
                     what you did to orders
audit.json           السجل: من اطّلع أو غيّر، وبأي دور
                     the record: who saw or changed something, in which role
";
