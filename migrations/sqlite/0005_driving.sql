-- Drivers on duty, and where they are.

CREATE TABLE shifts (
    id BLOB PRIMARY KEY,
    driver_id BLOB NOT NULL REFERENCES users (id),
    started_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX shifts_one_open ON shifts (driver_id) WHERE ended_at IS NULL;

-- The latest only; ordered by (session, n) whatever the clocks say.
CREATE TABLE driver_positions (
    driver_id BLOB PRIMARY KEY REFERENCES users (id),
    session BLOB NOT NULL,
    n INTEGER NOT NULL,
    lat REAL NOT NULL,
    lng REAL NOT NULL,
    heading INTEGER,
    at INTEGER NOT NULL
) STRICT;

-- A driver's day as a feed entity.
CREATE TABLE driver_days (
    driver_id BLOB PRIMARY KEY REFERENCES users (id),
    rev INTEGER NOT NULL
) STRICT;
