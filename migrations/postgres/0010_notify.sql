-- What is told to people who are not looking at their app, and links by which others may look.

-- What a push service calls an app on a device, and whose sign-in it is there. A sign-in has one; a token has one sign-in.
CREATE TABLE push_token (
    platform TEXT NOT NULL CHECK (platform IN ('apns', 'fcm')),
    token TEXT NOT NULL,
    app TEXT NOT NULL CHECK (app IN ('customer', 'kitchen', 'driver')),
    person UUID NOT NULL REFERENCES users (id),
    session UUID NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    PRIMARY KEY (platform, token)
);
CREATE INDEX push_token_person ON push_token (person);

-- The newest there is to tell of an order, written with what happened. It leaves when it was told, or is true no more.
-- Not before `try_at`: somebody is telling it, or the service asked to wait. `told` holds the sign-ins that have it.
CREATE TABLE push_due (
    order_id UUID NOT NULL REFERENCES orders (id),
    person UUID NOT NULL REFERENCES users (id),
    rev BIGINT NOT NULL,
    news JSONB NOT NULL,
    at BIGINT NOT NULL,
    told JSONB NOT NULL,
    tries BIGINT NOT NULL,
    try_at BIGINT NOT NULL,
    PRIMARY KEY (order_id, person)
);
CREATE INDEX push_due_next ON push_due (try_at);

-- A link to an order. What the link ends in follows from `nonce` and the server's key; the table has only its SHA-256.
CREATE TABLE order_share (
    order_id UUID PRIMARY KEY REFERENCES orders (id),
    nonce BYTEA NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    made_at BIGINT NOT NULL
);
