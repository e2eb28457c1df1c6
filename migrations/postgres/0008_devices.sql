-- Devices that work offline: what they hand in, in order and once, and the pictures that prove it.

-- One installation of one person, acting in one role. `last_mid` never expires.
CREATE TABLE sync_device (
    device UUID PRIMARY KEY,
    actor UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    restaurant_id UUID,
    -- SHA-256 of the secret with which the device hands in what waits after its person has signed out.
    push_key_hash BYTEA,
    last_mid BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX sync_device_actor ON sync_device (actor);

-- What became of each mutation. `detail` is forgotten after a while; `uid` and `request_hash` are not.
CREATE TABLE sync_result (
    device UUID NOT NULL,
    mid BIGINT NOT NULL,
    uid UUID NOT NULL,
    request_hash BYTEA NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('applied', 'rejected', 'quarantined')),
    disposition TEXT NOT NULL CHECK (disposition IN ('none', 'review')),
    code TEXT,
    detail JSONB,
    at BIGINT NOT NULL,
    PRIMARY KEY (device, mid)
);
CREATE INDEX sync_result_detailed ON sync_result (at) WHERE detail IS NOT NULL;

-- Mutations a device no longer had when it was asked for them.
CREATE TABLE sync_gap (
    device UUID NOT NULL,
    from_mid BIGINT NOT NULL,
    to_mid BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (device, from_mid)
);

-- Mutations that break the program or that nobody can read, kept whole for people to look at. Until
-- `quarantined_at` is set, the row only counts attempts.
CREATE TABLE sync_quarantine (
    device UUID NOT NULL,
    mid BIGINT NOT NULL,
    uid UUID NOT NULL,
    actor UUID NOT NULL,
    name TEXT NOT NULL,
    ver BIGINT NOT NULL,
    -- JSON as text: also what a JSON column could not hold.
    args TEXT NOT NULL,
    occurred_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL,
    quarantined_at BIGINT,
    PRIMARY KEY (device, mid)
);

-- While it lasts, mutations are deferred.
CREATE TABLE sync_pause (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    until BIGINT NOT NULL
);

-- When the history was last broken off.
ALTER TABLE sync_epoch ADD COLUMN rotated_at BIGINT NOT NULL DEFAULT 0;

-- What is older than a scope keeps it: ended orders, then tombstones.
CREATE INDEX sync_head_orders ON sync_head (at) WHERE entity = 'order' AND deleted = FALSE;
CREATE INDEX sync_head_tombstones ON sync_head (at) WHERE deleted = TRUE;
CREATE INDEX sync_uid_at ON sync_uid (at);

-- Pictures that are whole. `holder` is the person whose parts hold the bytes.
CREATE TABLE blob (
    sha256 BYTEA PRIMARY KEY,
    holder UUID NOT NULL,
    length BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image/jpeg', 'image/png', 'image/webp')),
    at BIGINT NOT NULL
);

-- Who sends or has sent which picture, and how far they are.
CREATE TABLE blob_upload (
    sha256 BYTEA NOT NULL,
    person UUID NOT NULL REFERENCES users (id),
    length BIGINT NOT NULL,
    received BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (sha256, person)
);
CREATE INDEX blob_upload_person ON blob_upload (person, at);

CREATE TABLE blob_part (
    sha256 BYTEA NOT NULL,
    person UUID NOT NULL,
    position BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (sha256, person, position)
);

-- When a device last said that it is there.
CREATE TABLE presence (
    device UUID PRIMARY KEY,
    actor UUID NOT NULL REFERENCES users (id),
    restaurant_id UUID,
    foreground BOOLEAN NOT NULL,
    heard_at BIGINT NOT NULL
);
CREATE INDEX presence_restaurant ON presence (restaurant_id, heard_at) WHERE restaurant_id IS NOT NULL;
