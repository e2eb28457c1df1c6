//! The record of who saw and did what. Written in the same transaction as what it records, never changed, never read by
//! the product's own decisions. It holds ids and words of this program: no name, phone, email, address, password, token
//! or card, so that nobody need be erased from it.
//!
//! Where to start: [`record`] writes an entry, [`Looks`] that somebody of the platform looked at another's data, [`seal`]
//! chains what was written, [`verify`] finds what was changed since.

pub mod chain;
pub mod command;
mod doors;
mod looks;
mod read;
pub mod seal;
pub mod verify;

use momfood_domain::actor::{Actor, Role};
use momfood_domain::time::Timestamp;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

pub use doors::routes;
pub use looks::{Looks, seen, seen_together};
pub use seal::{Sealing, seal_due};

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
    /// What else is worth knowing; `{}` when nothing. Ids, numbers and words of this program only.
    pub detail: Value,
}

/// Writes one line: `actor` did it.
///
/// # Panics
/// Where debug assertions are on (in every test): when the detail holds an email or a phone number.
pub async fn record(tx: &mut Tx, actor: &Actor, entry: Entry<'_>) -> Result<(), StoreError> {
    debug_assert!(
        !reaches_somebody(&entry.detail),
        "an email or a phone in the audit log: {} {}",
        entry.action,
        entry.detail
    );
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

/// Whether some text in `detail` looks like an email or an international phone number.
pub fn reaches_somebody(detail: &Value) -> bool {
    match detail {
        Value::String(text) => is_contact(text),
        Value::Array(values) => values.iter().any(reaches_somebody),
        Value::Object(fields) => fields.values().any(reaches_somebody),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_contact(text: &str) -> bool {
    let email = text
        .split('@')
        .zip(text.split('@').skip(1))
        .any(|(before, after)| {
            before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
        });
    let phone = text.match_indices('+').any(|(at, _)| {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit);
        digits.count() >= 9
    });
    email || phone
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_email_or_a_phone_is_noticed_wherever_it_hides() {
        for detail in [
            json!({ "to": "sara@example.sa" }),
            json!({ "why": ["was told", { "at": "call +966512345678 now" }] }),
        ] {
            assert!(reaches_somebody(&detail), "{detail}");
        }
        for detail in [
            json!(null),
            json!({ "agent": "Mozilla/5.0 (compatible; +http://x)", "at": 1_772_355_600_000_000_i64 }),
            json!({ "order": "4821-1234", "version": "a@", "sum": "1+2" }),
        ] {
            assert!(!reaches_somebody(&detail), "{detail}");
        }
    }
}
