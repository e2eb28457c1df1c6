//! The record of who did what. Written in the same transaction as what it records, never changed, never read by the
//! product's own decisions. It holds no password, token or card.

use momfood_domain::actor::{Actor, Role};
use momfood_domain::time::Timestamp;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use crate::store::{StoreError, Tx, sql};

/// One line of the record.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What was done: `identity.login`, `menu.changed`.
    pub action: &'a str,
    /// To what kind of thing: `user`, `restaurant`.
    pub subject: &'a str,
    /// To which one.
    pub subject_id: Option<Uuid>,
    /// What else is worth knowing; `{}` when nothing.
    pub detail: Value,
}

/// Writes one line: `actor` did it.
pub async fn record(tx: &mut Tx, actor: &Actor, entry: Entry<'_>) -> Result<(), StoreError> {
    let detail = if entry.detail.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        entry.detail
    };
    sql!(
        tx,
        execute,
        "insert into audit_log (id, at, actor, role, action, subject, subject_id, detail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.id,
        entry.at,
        actor.user,
        role_word(actor.role),
        entry.action,
        entry.subject,
        entry.subject_id,
        Json(detail)
    )?;
    Ok(())
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Customer => "customer",
        Role::Restaurant => "restaurant",
        Role::Driver => "driver",
        Role::Support => "support",
        Role::Admin => "admin",
        Role::System => "system",
    }
}
