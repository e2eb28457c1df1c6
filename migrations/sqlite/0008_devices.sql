-- Devices that work offline: what they hand in, in order and once, and the pictures that prove it.

-- One installation of one person, acting in one role. `last_mid` never expires.
CREATE TABLE sync_device (
    device BLOB PRIMARY KEY,
    actor BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    restaurant_id BLOB,
    -- SHA-256 of the secret with which the device hands in what waits after its person has signed out.
    push_key_hash BLOB,
    last_mid INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sync_device_actor ON sync_device (actor);

-- What became of each mutation. `detail` is forgotten after a while; `uid` and `request_hash` are not.
CREATE TABLE sync_result (
    device BLOB NOT NULL,
    mid INTEGER NOT NULL,
    uid BLOB NOT NULL,
    request_hash BLOB NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('applied', 'rejected', 'quarantined')),
    disposition TEXT NOT NULL CHECK (disposition IN ('none', 'review')),
    code TEXT,
    detail TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (device, mid)
) STRICT;
CREATE INDEX sync_result_detailed ON sync_result (at) WHERE detail IS NOT NULL;

-- Mutations a device no longer had when it was asked for them.
CREATE TABLE sync_gap (
    device BLOB NOT NULL,
    from_mid INTEGER NOT NULL,
    to_mid INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (device, from_mid)
) STRICT;

-- Mutations that break the program or that nobody can read, kept whole for people to look at. Until
-- `quarantined_at` is set, the row only counts attempts.
CREATE TABLE sync_quarantine (
    device BLOB NOT NULL,
    mid INTEGER NOT NULL,
    uid BLOB NOT NULL,
    actor BLOB NOT NULL,
    name TEXT NOT NULL,
    ver INTEGER NOT NULL,
    -- JSON as text: also what a JSON column could not hold.
    args TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    error TEXT NOT NULL,
    at INTEGER NOT NULL,
    quarantined_at INTEGER,
    PRIMARY KEY (device, mid)
) STRICT;

-- While it lasts, mutations are deferred.
CREATE TABLE sync_pause (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    until INTEGER NOT NULL
) STRICT;

-- When the history was last broken off.
ALTER TABLE sync_epoch ADD COLUMN rotated_at INTEGER NOT NULL DEFAULT 0;

-- What is older than a scope keeps it: ended orders, then tombstones.
CREATE INDEX sync_head_orders ON sync_head (at) WHERE entity = 'order' AND deleted = FALSE;
CREATE INDEX sync_head_tombstones ON sync_head (at) WHERE deleted = TRUE;
CREATE INDEX sync_uid_at ON sync_uid (at);

-- Pictures that are whole. `holder` is the person whose parts hold the bytes.
CREATE TABLE blob (
    sha256 BLOB PRIMARY KEY,
    holder BLOB NOT NULL,
    length INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp')),
    at INTEGER NOT NULL
) STRICT;

-- Who sends or has sent which picture, and how far they are.
CREATE TABLE blob_upload (
    sha256 BLOB NOT NULL,
    person BLOB NOT NULL REFERENCES users (id),
    length INTEGER NOT NULL,
    received INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (sha256, person)
) STRICT;
CREATE INDEX blob_upload_person ON blob_upload (person, at);

CREATE TABLE blob_part (
    sha256 BLOB NOT NULL,
    person BLOB NOT NULL,
    position INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (sha256, person, position)
) STRICT;

-- When a device last said that it is there.
CREATE TABLE presence (
    device BLOB PRIMARY KEY,
    actor BLOB NOT NULL REFERENCES users (id),
    restaurant_id BLOB,
    foreground INTEGER NOT NULL,
    heard_at INTEGER NOT NULL
) STRICT;
CREATE INDEX presence_restaurant ON presence (restaurant_id, heard_at) WHERE restaurant_id IS NOT NULL;
