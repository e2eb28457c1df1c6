-- What is told to people who are not looking at their app, and links by which others may look.

-- What a push service calls an app on a device, and whose sign-in it is there. A sign-in has one; a token has one sign-in.
CREATE TABLE push_token (
    platform TEXT NOT NULL CHECK (platform IN ('apns', 'fcm')),
    token TEXT NOT NULL,
    app TEXT NOT NULL CHECK (app IN ('customer', 'kitchen', 'driver')),
    person BLOB NOT NULL REFERENCES users (id),
    session BLOB NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, token)
) STRICT;
CREATE INDEX push_token_person ON push_token (person);

-- The newest there is to tell of an order, written with what happened. It leaves when it was told, or is true no more.
-- Not before `try_at`: somebody is telling it, or the service asked to wait. `told` holds the sign-ins that have it.
CREATE TABLE push_due (
    order_id BLOB NOT NULL REFERENCES orders (id),
    person BLOB NOT NULL REFERENCES users (id),
    rev INTEGER NOT NULL,
    news TEXT NOT NULL,
    at INTEGER NOT NULL,
    told TEXT NOT NULL,
    tries INTEGER NOT NULL,
    try_at INTEGER NOT NULL,
    PRIMARY KEY (order_id, person)
) STRICT;
CREATE INDEX push_due_next ON push_due (try_at);

-- A link to an order. What the link ends in follows from `nonce` and the server's key; the table has only its SHA-256.
CREATE TABLE order_share (
    order_id BLOB PRIMARY KEY REFERENCES orders (id),
    nonce BLOB NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL
) STRICT;
