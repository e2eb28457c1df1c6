//! Who of the platform looked at what belongs to others. Written down before it is shown, once for each sign-in and thing
//! in a while: whoever follows an order looks many times a minute, and one line says it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use momfood_domain::actor::Role;
use momfood_domain::id::SessionId;
use momfood_domain::time::{MINUTE, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::{Entry, record};
use crate::app::App;
use crate::identity::SignedIn;
use crate::store::StoreError;

/// A look within so long of one that was written down says nothing new.
const WHILE: i64 = 15 * MINUTE;
/// Looks remembered at most; beyond so many, some are written down twice.
const REMEMBERED: usize = 50_000;

/// Looks of the last minutes, in this process: losing it costs a line said twice.
#[derive(Default)]
pub struct Looks(Mutex<HashMap<(SessionId, &'static str, Uuid), Timestamp>>);

impl Looks {
    fn is_new(&self, look: (SessionId, &'static str, Uuid), now: Timestamp) -> bool {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.get(&look).is_none_or(|at| now.since(*at) >= WHILE)
    }

    fn keep(&self, look: (SessionId, &'static str, Uuid), now: Timestamp) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if looks.len() >= REMEMBERED {
            looks.retain(|_, at| now.since(*at) < WHILE);
            if looks.len() >= REMEMBERED {
                looks.clear();
            }
        }
        looks.insert(look, now);
    }
}

/// Writes down that `caller` is about to be shown `id`, a `subject` of somebody else's, if they act for the platform:
/// `{subject}.seen`. Everybody else sees only what is theirs. To be called once it is known that they may, before the
/// answer: what cannot be written down is not shown.
pub async fn seen(app: &App, caller: &SignedIn, subject: &'static str, id: Uuid) -> Result<(), StoreError> {
    let detail = Value::Null;
    look(app, caller, (subject, Some(id), id), detail).await
}

/// The same of many things at once, which are looked through and have no id together: a list.
pub async fn seen_together(app: &App, caller: &SignedIn, subject: &'static str) -> Result<(), StoreError> {
    look(app, caller, (subject, None, Uuid::nil()), Value::Null).await
}

/// The same of what has no id of its own: `key` tells one such look from another.
pub(super) async fn look(
    app: &App,
    caller: &SignedIn,
    (subject, subject_id, key): (&'static str, Option<Uuid>, Uuid),
    detail: Value,
) -> Result<(), StoreError> {
    if !matches!(caller.actor.role, Role::Support | Role::Admin) {
        return Ok(());
    }
    let now = app.clock.now();
    let look = (caller.session, subject, key);
    if !app.looks_at_people.is_new(look, now) {
        return Ok(());
    }
    let (entry, actor) = (app.clock.uuid(), caller.actor);
    app.db
        .write(async move |mut tx| {
            let action = format!("{subject}.seen");
            let entry = Entry {
                id: entry,
                at: now,
                action: &action,
                subject,
                subject_id,
                detail,
            };
            record(&mut tx, &actor, entry).await
        })
        .await?;
    app.looks_at_people.keep(look, now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_new_once_in_a_while_and_for_each_thing_and_sign_in() {
        let looks = Looks::default();
        let (session, order) = (SessionId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let now = Timestamp(1_000_000 * MINUTE);
        let look = (session, "order", order);
        assert!(looks.is_new(look, now));
        looks.keep(look, now);
        assert!(!looks.is_new(look, now.plus_minutes(14)));
        assert!(looks.is_new(look, now.plus_minutes(15)));
        assert!(looks.is_new((session, "person", order), now));
        assert!(looks.is_new((session, "order", session.0), now));
        assert!(looks.is_new((SessionId(order), "order", order), now));
    }
}
