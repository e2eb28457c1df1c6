-- Drivers on duty, and where they are.

CREATE TABLE shifts (
    id UUID PRIMARY KEY,
    driver_id UUID NOT NULL REFERENCES users (id),
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX shifts_one_open ON shifts (driver_id) WHERE ended_at IS NULL;

-- The latest only; ordered by (session, n) whatever the clocks say.
CREATE TABLE driver_positions (
    driver_id UUID PRIMARY KEY REFERENCES users (id),
    session UUID NOT NULL,
    n BIGINT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    heading BIGINT,
    at BIGINT NOT NULL
);

-- A driver's day as a feed entity.
CREATE TABLE driver_days (
    driver_id UUID PRIMARY KEY REFERENCES users (id),
    rev BIGINT NOT NULL
);
