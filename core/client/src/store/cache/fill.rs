//! Copies of a scope's rows: the one that is shown, and one that is being filled beside it.

use momfood_protocol::feed::{Change, Entity};
use momfood_protocol::sync::Page;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use uuid::Uuid;

use super::Applied;
use crate::store::error::StoreError;

/// A copy of a scope's rows: the one shown, or one being filled.
pub struct Fill {
    /// Its number.
    pub no: i64,
    /// Of which shape its rows are.
    pub schema: u32,
    /// Of which history.
    pub epoch: Uuid,
    /// Through whose eyes.
    pub view: String,
    /// The cursor.
    pub seq: i64,
    /// Where the scope was last heard to stand.
    pub head: i64,
}

/// Adds a page to a copy that is being filled, and shows it when it is complete.
pub fn fill_on(
    writing: &Transaction<'_>,
    scope: &str,
    fill: i64,
    page: &Page,
) -> Result<Applied, StoreError> {
    put(writing, fill, &page.changes)?;
    move_cursor(writing, fill, page.to, page.head.max(page.to))?;
    if page.more {
        return Ok(Applied::Staged);
    }
    swap(writing, scope, fill)?;
    Ok(Applied::Swapped)
}

/// Shows a copy in place of the one shown.
pub fn swap(writing: &Transaction<'_>, scope: &str, fill: i64) -> Result<(), StoreError> {
    remove_fill(writing, scope, true)?;
    writing
        .prepare_cached("UPDATE fill SET shown = 1 WHERE fill = ?1")?
        .execute([fill])?;
    Ok(())
}

/// Puts changes into a copy of a scope. What is older than what is there changes nothing.
pub fn put(writing: &Transaction<'_>, fill: i64, changes: &[Change]) -> Result<(), StoreError> {
    let mut upsert = writing.prepare_cached(
        "INSERT INTO entry (fill, entity, id, seq, rev, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (fill, entity, id) DO UPDATE SET seq = excluded.seq, rev = excluded.rev, body = excluded.body
         WHERE excluded.seq >= entry.seq",
    )?;
    let mut remove = writing
        .prepare_cached("DELETE FROM entry WHERE fill = ?1 AND entity = ?2 AND id = ?3 AND seq <= ?4")?;
    for change in changes {
        let entity = entity_text(change.entity);
        if let Some(body) = &change.body {
            let body = body.to_string();
            upsert.execute(params![
                fill,
                entity,
                change.id.as_bytes(),
                change.seq,
                change.rev,
                body
            ])?;
        } else {
            remove.execute(params![fill, entity, change.id.as_bytes(), change.seq])?;
        }
    }
    Ok(())
}

/// The copy has been filled up to `seq`.
pub fn move_cursor(writing: &Transaction<'_>, fill: i64, seq: i64, head: i64) -> Result<(), StoreError> {
    writing
        .prepare_cached("UPDATE fill SET seq = ?2, head = ?3 WHERE fill = ?1")?
        .execute(params![fill, seq, head])?;
    Ok(())
}

/// Forgets a copy of a scope.
pub fn remove_fill(writing: &Transaction<'_>, scope: &str, shown: bool) -> Result<(), StoreError> {
    writing
        .prepare_cached(
            "DELETE FROM entry WHERE fill = (SELECT fill FROM fill WHERE scope = ?1 AND shown = ?2)",
        )?
        .execute(params![scope, shown])?;
    writing
        .prepare_cached("DELETE FROM fill WHERE scope = ?1 AND shown = ?2")?
        .execute(params![scope, shown])?;
    Ok(())
}

const FILL: &str = "fill, schema, epoch, view, seq, head, scope";

fn read_fill(row: &rusqlite::Row<'_>) -> rusqlite::Result<Fill> {
    Ok(Fill {
        no: row.get(0)?,
        schema: row.get(1)?,
        epoch: Uuid::from_bytes(row.get(2)?),
        view: row.get(3)?,
        seq: row.get(4)?,
        head: row.get(5)?,
    })
}

/// A scope's copy.
pub fn fill_of(connection: &Connection, scope: &str, shown: bool) -> Result<Option<Fill>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {FILL} FROM fill WHERE scope = ?1 AND shown = ?2"
    ))?;
    Ok(statement.query_row(params![scope, shown], read_fill).optional()?)
}

/// The copies of all scopes.
pub fn fills(connection: &Connection, shown: bool) -> Result<Vec<(String, Fill)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {FILL} FROM fill WHERE shown = ?1"))?;
    let found = statement.query_map([shown], |row| Ok((row.get(6)?, read_fill(row)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// An entity as it is written down.
pub const fn entity_text(entity: Entity) -> &'static str {
    match entity {
        Entity::Order => "order",
        Entity::Restaurant => "restaurant",
        Entity::Menu => "menu",
        Entity::Driver => "driver",
    }
}

/// Which entity was written down; `None` for one only another program knows.
pub fn read_entity(text: &str) -> Option<Entity> {
    [Entity::Order, Entity::Restaurant, Entity::Menu, Entity::Driver]
        .into_iter()
        .find(|entity| entity_text(*entity) == text)
}
