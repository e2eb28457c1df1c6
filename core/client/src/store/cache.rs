//! `cache.db`: the scopes as the server showed them, up to which mutation they hold, and documents kept for later.
//!
//! It must never show a row twice, an older row in place of a newer one, or half of a page. A scope that is filled anew
//! is filled beside what is shown, which it replaces when it is complete: an upgrade without a network blanks nothing.
//! Only another view hides at once what the old one showed.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;

use momfood_domain::time::Timestamp;
use momfood_protocol::feed::{Delta, Entity, Snapshot};
use momfood_protocol::reading;
use momfood_protocol::sync::{Cursor, Page};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use fill::{Fill, entity_text, fill_of, fill_on, fills, move_cursor, put, read_entity, remove_fill, swap};

use super::disk::{look_for_damage, trust};
use super::error::StoreError;

mod fill;
mod mids;

/// Raised with every change of the tables: another number begins the cache anew.
const TABLES_VERSION: i64 = 1;

const TABLES: &str = "
    CREATE TABLE epoch (only INTEGER PRIMARY KEY CHECK (only = 1), epoch BLOB NOT NULL) STRICT;
    CREATE TABLE fill (
        fill INTEGER PRIMARY KEY, scope TEXT NOT NULL, shown INTEGER NOT NULL, schema INTEGER NOT NULL,
        epoch BLOB NOT NULL, view TEXT NOT NULL, seq INTEGER NOT NULL, head INTEGER NOT NULL, UNIQUE (scope, shown)
    ) STRICT;
    CREATE TABLE entry (
        no INTEGER PRIMARY KEY, fill INTEGER NOT NULL, entity TEXT NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL,
        rev INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (fill, entity, id)
    ) STRICT;
    CREATE TABLE last_mid (device BLOB PRIMARY KEY, epoch BLOB NOT NULL, mid INTEGER NOT NULL) STRICT;
    CREATE TABLE promise (promise INTEGER PRIMARY KEY, device BLOB NOT NULL, mid INTEGER NOT NULL) STRICT;
    CREATE TABLE promise_head (
        promise INTEGER NOT NULL, scope TEXT NOT NULL, head INTEGER NOT NULL, PRIMARY KEY (promise, scope)
    ) STRICT;
    CREATE TABLE kept (key TEXT PRIMARY KEY, text TEXT NOT NULL, as_of INTEGER NOT NULL) STRICT;
";

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It is shown, and the cursor moved.
    Shown,
    /// It was the last page of a scope filled anew: all of that is shown now, in place of what was.
    Swapped,
    /// It is kept beside what is shown, until the pages that complete it have come.
    Staged,
    /// It does not follow the cursor, or belongs to another epoch or view. Nothing was changed: ask again.
    Discarded,
    /// The scope is not granted any more: nothing is known of it now.
    Purged,
}

/// A thing in a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What kind of thing.
    pub entity: Entity,
    /// Which one.
    pub id: Uuid,
    /// The number of its last change within the scope.
    pub seq: i64,
    /// Grows with every change of the thing.
    pub rev: i64,
    /// The thing, as JSON.
    pub body: String,
}

impl Row {
    /// The thing itself; `None` when this program cannot read it, as rows of another schema may be.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        reading::read(serde_json::from_str(&self.body).ok()?).ok()
    }
}

/// How far a scope has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeState {
    /// Through whose eyes.
    pub view: String,
    /// Up to which number.
    pub seq: i64,
    /// Where the scope was last heard to stand.
    pub head: i64,
    /// Whether what is shown is of this epoch and schema and goes on from `seq`. If not, something older may be shown,
    /// and the scope is being filled anew, up to `seq` so far.
    pub current: bool,
}

/// A document kept for later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// As it was given.
    pub text: String,
    /// When it was true.
    pub as_of: Timestamp,
}

/// See the module.
pub struct Cache {
    connection: RefCell<Connection>,
    schema: u32,
}

impl Cache {
    pub(super) fn open(connection: Connection, schema: u32) -> Result<Self, StoreError> {
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version == 0 {
            let writing = connection.unchecked_transaction()?;
            writing.execute_batch(TABLES)?;
            writing.pragma_update(None, "user_version", TABLES_VERSION)?;
            writing.commit()?;
        } else if version == TABLES_VERSION {
            look_for_damage(&connection)?;
        } else {
            return Err(StoreError::Damaged);
        }
        trust(&connection)?;
        Ok(Self {
            connection: RefCell::new(connection),
            schema,
        })
    }

    /// Lets go of the file.
    pub(super) fn close(&self) -> Result<(), StoreError> {
        self.connection.replace(Connection::open_in_memory()?);
        Ok(())
    }

    /// Goes on with `other`'s file.
    pub(super) fn replace(&self, other: Self) {
        self.connection.replace(other.connection.into_inner());
    }

    pub(super) const fn schema(&self) -> u32 {
        self.schema
    }

    fn connection(&self) -> Ref<'_, Connection> {
        self.connection.borrow()
    }

    /// The history all cursors belong to; `None` before the first.
    pub fn epoch(&self) -> Result<Option<Uuid>, StoreError> {
        epoch(&self.connection())
    }

    /// Another history begins: every cursor is forgotten and every scope has to be filled anew. What is shown stays until
    /// then, and so does what [`Cache::last_mid`] says of it.
    pub fn reset_cursors(&self, epoch: Uuid) -> Result<(), StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        set_epoch(&writing, epoch)?;
        for (scope, _) in fills(&writing, false)? {
            remove_fill(&writing, &scope, false)?;
        }
        writing.execute_batch("DELETE FROM promise; DELETE FROM promise_head")?;
        Ok(writing.commit()?)
    }

    /// What to ask with, by scope. A scope that is not in it is asked for from 0.
    pub fn cursors(&self) -> Result<BTreeMap<String, Cursor>, StoreError> {
        let states = self.scopes()?.into_iter();
        Ok(states
            .map(|(scope, ScopeState { view, seq, .. })| (scope, Cursor { view, seq }))
            .collect())
    }

    /// Every scope that has a cursor.
    pub fn scopes(&self) -> Result<BTreeMap<String, ScopeState>, StoreError> {
        let connection = self.connection();
        let epoch = epoch(&connection)?;
        let mut states = BTreeMap::new();
        for shown in [true, false] {
            for (scope, fill) in fills(&connection, shown)? {
                if Some(fill.epoch) == epoch && fill.schema == self.schema {
                    let state = ScopeState {
                        view: fill.view,
                        seq: fill.seq,
                        head: fill.head,
                        current: shown,
                    };
                    states.insert(scope, state);
                }
            }
        }
        Ok(states)
    }

    /// Every scope of which something is held, current or not.
    pub fn scopes_held(&self) -> Result<Vec<String>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT DISTINCT scope FROM fill ORDER BY scope")?;
        let scopes = statement.query_map([], |row| row.get(0))?;
        Ok(scopes.collect::<Result<_, _>>()?)
    }

    /// Puts in what one answer of the server said: its pages and, in the same transaction, up to which mutation they hold
    /// the devices' own. `last_mids` counts once every page's scope has reached that page's head; leave it empty unless
    /// the pages cover all of the session's own scopes.
    ///
    /// An `epoch` other than [`Cache::epoch`] discards all pages: [`Cache::reset_cursors`] first.
    pub fn apply(
        &self,
        epoch: Uuid,
        pages: &BTreeMap<String, Page>,
        last_mids: &BTreeMap<Uuid, i64>,
    ) -> Result<BTreeMap<String, Applied>, StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        if !is_epoch(&writing, epoch)? {
            return Ok(pages
                .keys()
                .map(|scope| (scope.clone(), Applied::Discarded))
                .collect());
        }
        let mut outcome = BTreeMap::new();
        for (scope, page) in pages {
            outcome.insert(scope.clone(), self.apply_page(&writing, epoch, scope, page)?);
        }
        let heads = pages.iter().filter(|(_, page)| !page.revoked);
        let heads: Vec<_> = heads.map(|(scope, page)| (scope.as_str(), page.head)).collect();
        mids::hear(&writing, epoch, self.schema, &heads, last_mids)?;
        writing.commit()?;
        Ok(outcome)
    }

    /// Puts in changes that came by the stream: only if they follow what is shown. Leave `last_mids` empty unless the
    /// session has this one own scope.
    pub fn apply_delta(&self, delta: &Delta, last_mids: &BTreeMap<Uuid, i64>) -> Result<Applied, StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        let Some(epoch) = epoch(&writing)? else {
            return Ok(Applied::Discarded);
        };
        let shown = fill_of(&writing, &delta.scope, true)?.filter(|fill| self.is_current(fill, epoch));
        let Some(shown) = shown.filter(|fill| fill.seq == delta.from && delta.to >= delta.from) else {
            return Ok(Applied::Discarded);
        };
        put(&writing, shown.no, &delta.changes)?;
        move_cursor(&writing, shown.no, delta.to, shown.head.max(delta.to))?;
        mids::hear(
            &writing,
            epoch,
            self.schema,
            &[(&delta.scope, delta.to)],
            last_mids,
        )?;
        writing.commit()?;
        Ok(Applied::Shown)
    }

    /// Shows a scope whole, as of a snapshot, in place of what was shown of it. Discarded if it is of another epoch, or
    /// older than what is shown. Leave `last_mids` empty unless the session has this one own scope.
    pub fn fill(&self, snapshot: &Snapshot, last_mids: &BTreeMap<Uuid, i64>) -> Result<Applied, StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        let scope = snapshot.scope.as_str();
        let older = fill_of(&writing, scope, true)?.is_some_and(|fill| {
            self.is_current(&fill, snapshot.epoch) && fill.view == snapshot.view && fill.seq > snapshot.seq
        });
        if older || !is_epoch(&writing, snapshot.epoch)? {
            return Ok(Applied::Discarded);
        }
        let fill = self.begin(&writing, snapshot.epoch, scope, &snapshot.view)?;
        put(&writing, fill, &snapshot.changes)?;
        move_cursor(&writing, fill, snapshot.seq, snapshot.seq)?;
        swap(&writing, scope, fill)?;
        mids::hear(
            &writing,
            snapshot.epoch,
            self.schema,
            &[(scope, snapshot.seq)],
            last_mids,
        )?;
        writing.commit()?;
        Ok(Applied::Swapped)
    }

    /// Where scopes stand, and up to which mutation that holds the devices' own, without the changes themselves.
    pub fn hear(
        &self,
        epoch: Uuid,
        heads: &BTreeMap<String, i64>,
        last_mids: &BTreeMap<Uuid, i64>,
    ) -> Result<(), StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        if is_epoch(&writing, epoch)? {
            let heads: Vec<_> = heads
                .iter()
                .map(|(scope, head)| (scope.as_str(), *head))
                .collect();
            mids::hear(&writing, epoch, self.schema, &heads, last_mids)?;
            writing.commit()?;
        }
        Ok(())
    }

    /// Up to which of `device`'s mutations the shown rows hold their effects; 0 before any.
    pub fn last_mid(&self, device: Uuid) -> Result<i64, StoreError> {
        Ok(self.heard_mid(device)?.unwrap_or(0))
    }

    /// As [`Cache::last_mid`]; `None` as long as the shown rows are of no snapshot that knew `device`. What its vault
    /// had settled under former identities is in the rows as soon as there is a number here, be it 0: the server heard
    /// the name `device` later.
    pub fn heard_mid(&self, device: Uuid) -> Result<Option<i64>, StoreError> {
        mids::heard(&self.connection(), device)
    }

    /// Forgets all about a scope; with the last one, also which mutations the rows held.
    pub fn purge(&self, scope: &str) -> Result<(), StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        self.forget_scope(&writing, scope)?;
        Ok(writing.commit()?)
    }

    /// Forgets everything: all scopes, mutations and documents.
    pub fn clear(&self) -> Result<(), StoreError> {
        let connection = self.connection();
        let writing = connection.unchecked_transaction()?;
        writing.execute_batch(
            "DELETE FROM epoch; DELETE FROM fill; DELETE FROM entry; DELETE FROM last_mid; DELETE FROM promise;
             DELETE FROM promise_head; DELETE FROM kept",
        )?;
        Ok(writing.commit()?)
    }

    /// What is shown of a scope, in no order. Kinds this program does not know are left out.
    pub fn rows(&self, scope: &str) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT e.entity, e.id, e.seq, e.rev, e.body FROM fill f JOIN entry e ON e.fill = f.fill
             WHERE f.scope = ?1 AND f.shown = 1",
        )?;
        let mut found = statement.query([scope])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.extend(read_row(row)?);
        }
        Ok(rows)
    }

    /// One thing shown in a scope.
    pub fn row(&self, scope: &str, entity: Entity, id: Uuid) -> Result<Option<Row>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT e.entity, e.id, e.seq, e.rev, e.body FROM fill f JOIN entry e ON e.fill = f.fill
             WHERE f.scope = ?1 AND f.shown = 1 AND e.entity = ?2 AND e.id = ?3",
        )?;
        let mut found = statement.query(params![scope, entity_text(entity), id.as_bytes()])?;
        match found.next()? {
            Some(row) => Ok(read_row(row)?),
            None => Ok(None),
        }
    }

    /// Keeps a document under `key`.
    pub fn keep(&self, key: &str, text: &str, as_of: Timestamp) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("INSERT OR REPLACE INTO kept (key, text, as_of) VALUES (?1, ?2, ?3)")?
            .execute(params![key, text, as_of.0])?;
        Ok(())
    }

    /// What was kept under `key`.
    pub fn kept(&self, key: &str) -> Result<Option<Kept>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT text, as_of FROM kept WHERE key = ?1")?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Kept {
                text: row.get(0)?,
                as_of: Timestamp(row.get(1)?),
            })
        };
        Ok(statement.query_row([key], read).optional()?)
    }

    /// Forgets what was kept under `key`.
    pub fn forget(&self, key: &str) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM kept WHERE key = ?1")?
            .execute([key])?;
        Ok(())
    }

    /// Of the documents whose key begins with `prefix`, forgets all but the `most` newest; `most` 0 forgets them all.
    pub fn keep_newest(&self, prefix: &str, most: u32) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached(
                "DELETE FROM kept WHERE substr(key, 1, length(?1)) = ?1 AND key NOT IN (
                    SELECT key FROM kept WHERE substr(key, 1, length(?1)) = ?1 ORDER BY as_of DESC, key LIMIT ?2)",
            )?
            .execute(params![prefix, most])?;
        Ok(())
    }

    fn is_current(&self, fill: &Fill, epoch: Uuid) -> bool {
        fill.epoch == epoch && fill.schema == self.schema
    }

    fn apply_page(
        &self,
        writing: &Transaction<'_>,
        epoch: Uuid,
        scope: &str,
        page: &Page,
    ) -> Result<Applied, StoreError> {
        if page.revoked {
            self.forget_scope(writing, scope)?;
            return Ok(Applied::Purged);
        }
        let fits = |fill: &Fill| {
            self.is_current(fill, epoch)
                && fill.view == page.view
                && fill.seq == page.from
                && page.to >= page.from
        };
        let shown = fill_of(writing, scope, true)?.filter(|fill| self.is_current(fill, epoch));
        if !page.reset {
            if let Some(staged) = fill_of(writing, scope, false)?.filter(fits) {
                return fill_on(writing, scope, staged.no, page);
            }
            if let Some(shown) = shown.as_ref().filter(|fill| fits(fill)) {
                put(writing, shown.no, &page.changes)?;
                move_cursor(writing, shown.no, page.to, page.head.max(page.to))?;
                return Ok(Applied::Shown);
            }
        }
        // A page from the beginning fills a scope anew: when the server says so, or when there is nothing to go on from.
        let from_nothing = shown.is_none_or(|shown| shown.view != page.view) && page.from == 0;
        if !(page.reset || from_nothing) {
            return Ok(Applied::Discarded);
        }
        let fill = self.begin(writing, epoch, scope, &page.view)?;
        fill_on(writing, scope, fill, page)
    }

    /// An empty copy of a scope, to be filled.
    fn begin(
        &self,
        writing: &Transaction<'_>,
        epoch: Uuid,
        scope: &str,
        view: &str,
    ) -> Result<i64, StoreError> {
        remove_fill(writing, scope, false)?;
        // Other eyes may see less: what the old ones saw goes at once.
        if fill_of(writing, scope, true)?.is_some_and(|shown| shown.view != view) {
            remove_fill(writing, scope, true)?;
        }
        let mut statement = writing.prepare_cached(
            "INSERT INTO fill (scope, shown, schema, epoch, view, seq, head) VALUES (?1, 0, ?2, ?3, ?4, 0, 0)",
        )?;
        Ok(statement.insert(params![scope, self.schema, epoch.as_bytes(), view])?)
    }

    fn forget_scope(&self, writing: &Transaction<'_>, scope: &str) -> Result<(), StoreError> {
        remove_fill(writing, scope, true)?;
        remove_fill(writing, scope, false)?;
        if fills(writing, true)?.is_empty() && fills(writing, false)?.is_empty() {
            // Of no rows, nothing can be said; what comes back says it anew.
            writing.execute_batch("DELETE FROM last_mid; DELETE FROM promise; DELETE FROM promise_head")?;
            return Ok(());
        }
        writing.execute("DELETE FROM promise_head WHERE scope = ?1", [scope])?;
        // What waited for this scope alone may count now.
        match epoch(writing)? {
            Some(epoch) => mids::count(writing, epoch, self.schema),
            None => Ok(()),
        }
    }
}

fn epoch(connection: &Connection) -> Result<Option<Uuid>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT epoch FROM epoch")?;
    let epoch = statement
        .query_row([], |row| Ok(Uuid::from_bytes(row.get(0)?)))
        .optional()?;
    Ok(epoch)
}

fn set_epoch(writing: &Transaction<'_>, epoch: Uuid) -> Result<(), StoreError> {
    writing
        .prepare_cached("INSERT OR REPLACE INTO epoch (only, epoch) VALUES (1, ?1)")?
        .execute([epoch.as_bytes()])?;
    Ok(())
}

/// Whether `said` is the history known here; the first one heard of is.
fn is_epoch(writing: &Transaction<'_>, said: Uuid) -> Result<bool, StoreError> {
    match epoch(writing)? {
        Some(known) => Ok(known == said),
        None => set_epoch(writing, said).map(|()| true),
    }
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Row>> {
    let Some(entity) = read_entity(row.get_ref(0)?.as_str()?) else {
        return Ok(None);
    };
    Ok(Some(Row {
        entity,
        id: Uuid::from_bytes(row.get(1)?),
        seq: row.get(2)?,
        rev: row.get(3)?,
        body: row.get(4)?,
    }))
}
