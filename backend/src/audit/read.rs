//! The audit log as admins search it: newest first, a page at a time.

use momfood_domain::actor::Role;
use momfood_domain::id::UserId;
use momfood_domain::time::Timestamp;
use momfood_protocol::admin::{AuditLine, AuditPage, AuditQuery, AuditSeal};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::chain::{self, START};
use crate::store::{StoreError, Tx, sql};

/// Lines on a page.
const PAGE: i64 = 100;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    at: Timestamp,
    actor: Option<UserId>,
    role: Role,
    action: String,
    subject: String,
    subject_id: Option<Uuid>,
    detail: Json<Value>,
    number: Option<i64>,
}

impl From<Row> for AuditLine {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor,
            role: row.role,
            action: row.action,
            subject: row.subject,
            subject_id: row.subject_id,
            detail: row.detail.0,
            number: row.number,
        }
    }
}

/// What an action must be, to be looked for: words of this program.
pub(super) fn is_action(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'_')
}

/// A page of the lines that `query` asks for.
pub(super) async fn page(tx: &mut Tx, query: &AuditQuery) -> Result<AuditPage, StoreError> {
    let start = match query.after {
        None => (query.to.unwrap_or(Timestamp(i64::MAX)), Uuid::nil()),
        Some(after) => {
            let row = sql!(
                tx,
                fetch_optional as (Timestamp,),
                "select at from audit_log where id = $1",
                after
            )?;
            match row {
                Some((at,)) => (at, after),
                None => return Ok(AuditPage::default()),
            }
        }
    };
    let action = query.action.as_deref().unwrap_or("");
    // A word that ends in a point is the beginning of others.
    let (exact, beginning) = if action.ends_with('.') {
        ("", action)
    } else {
        (action, "")
    };
    let rows = find(tx, query, start, exact, beginning).await?;
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let next = (rows.len() > most).then(|| rows[most - 1].id);
    Ok(AuditPage {
        lines: rows.into_iter().take(most).map(AuditLine::from).collect(),
        next,
    })
}

/// By what there is an index for; the rest narrows what that finds.
async fn find(
    tx: &mut Tx,
    query: &AuditQuery,
    (at, id): (Timestamp, Uuid),
    exact: &str,
    beginning: &str,
) -> Result<Vec<Row>, StoreError> {
    let from = query.from.unwrap_or(Timestamp(i64::MIN));
    let length = i64::try_from(beginning.len()).unwrap_or(0);
    match (query.subject, query.actor) {
        (Some(subject), actor) => sql!(
            tx,
            fetch_all as Row,
            "select a.id, a.at, a.actor, a.role, a.action, a.subject, a.subject_id, a.detail, s.number
             from audit_log a left join audit_seal s on s.entry = a.id
             where a.subject_id = $1 and (a.at, a.id) < ($2, $3) and a.at >= $4
                and ($5 = '' or a.action = $5) and substr(a.action, 1, cast($6 as integer)) = $7
                and (a.actor = $8 or $9)
             order by a.at desc, a.id desc limit $10",
            subject,
            at,
            id,
            from,
            exact,
            length,
            beginning,
            actor,
            actor.is_none(),
            PAGE + 1
        ),
        (None, Some(actor)) => sql!(
            tx,
            fetch_all as Row,
            "select a.id, a.at, a.actor, a.role, a.action, a.subject, a.subject_id, a.detail, s.number
             from audit_log a left join audit_seal s on s.entry = a.id
             where a.actor = $1 and (a.at, a.id) < ($2, $3) and a.at >= $4
                and ($5 = '' or a.action = $5) and substr(a.action, 1, cast($6 as integer)) = $7
             order by a.at desc, a.id desc limit $8",
            actor,
            at,
            id,
            from,
            exact,
            length,
            beginning,
            PAGE + 1
        ),
        (None, None) => sql!(
            tx,
            fetch_all as Row,
            "select a.id, a.at, a.actor, a.role, a.action, a.subject, a.subject_id, a.detail, s.number
             from audit_log a left join audit_seal s on s.entry = a.id
             where (a.at, a.id) < ($1, $2) and a.at >= $3
                and ($4 = '' or a.action = $4) and substr(a.action, 1, cast($5 as integer)) = $6
             order by a.at desc, a.id desc limit $7",
            at,
            id,
            from,
            exact,
            length,
            beginning,
            PAGE + 1
        ),
    }
}

/// How the chain stands.
pub(super) async fn standing(tx: &mut Tx, broken_at: Option<i64>) -> Result<AuditSeal, StoreError> {
    let end = sql!(
        tx,
        fetch_optional as (i64, Vec<u8>, Timestamp),
        "select number, hash, at from audit_seal order by number desc limit 1"
    )?;
    let (waiting,) = sql!(tx, fetch_one as (i64,), "select count(*) from audit_waiting")?;
    let (number, hash, at) = match end {
        Some((number, hash, at)) => (number, chain::read(&hash).unwrap_or(START), Some(at)),
        None => (0, START, None),
    };
    Ok(AuditSeal {
        number,
        hash: chain::shown(&hash),
        at,
        waiting,
        broken_at,
    })
}
