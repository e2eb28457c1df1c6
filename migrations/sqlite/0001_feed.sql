-- The change feed: what tells others of a write, in the same transaction as the write.

-- Names one unbroken history of this database. A restore rotates it.
CREATE TABLE sync_epoch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch BLOB NOT NULL
) STRICT;

-- The row lock of a scope lasts to commit, so order of numbering is order of visibility.
CREATE TABLE sync_scope (
    scope TEXT PRIMARY KEY,
    head INTEGER NOT NULL,
    horizon INTEGER NOT NULL
) STRICT;

-- One row per thing and scope, so the feed compacts itself.
CREATE TABLE sync_head (
    scope TEXT NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('order', 'restaurant', 'menu', 'driver')),
    id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (scope, entity, id),
    UNIQUE (scope, seq)
) STRICT;

-- Idempotency: what was answered to a request that must happen once.
CREATE TABLE sync_uid (
    actor BLOB NOT NULL,
    uid BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (actor, uid)
) STRICT;

-- Who did what. Append-only; written with the change.
CREATE TABLE audit_log (
    id BLOB PRIMARY KEY,
    at INTEGER NOT NULL,
    actor BLOB,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BLOB,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_subject ON audit_log (subject, subject_id, at);
