-- The change feed: what tells others of a write, in the same transaction as the write.

-- Names one unbroken history of this database. A restore rotates it.
CREATE TABLE sync_epoch (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    epoch UUID NOT NULL
);

-- The row lock of a scope lasts to commit, so order of numbering is order of visibility.
CREATE TABLE sync_scope (
    scope TEXT PRIMARY KEY,
    head BIGINT NOT NULL,
    horizon BIGINT NOT NULL
);

-- One row per thing and scope, so the feed compacts itself.
CREATE TABLE sync_head (
    scope TEXT NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('order', 'restaurant', 'menu', 'driver')),
    id UUID NOT NULL,
    seq BIGINT NOT NULL,
    deleted BOOLEAN NOT NULL,
    rev BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (scope, entity, id),
    UNIQUE (scope, seq)
);

-- Idempotency: what was answered to a request that must happen once.
CREATE TABLE sync_uid (
    actor UUID NOT NULL,
    uid UUID NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT NOT NULL,
    answer JSONB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, uid)
);

-- Who did what. Append-only; written with the change.
CREATE TABLE audit_log (
    id UUID PRIMARY KEY,
    at BIGINT NOT NULL,
    actor UUID,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id UUID,
    detail JSONB NOT NULL
);
CREATE INDEX audit_log_subject ON audit_log (subject, subject_id, at);
