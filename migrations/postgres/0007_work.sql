-- Work that is told, perhaps hours after it was done: tickets, proofs, cash, ratings, and what people must look at.

-- What the customer tells the driver, who can prove with it that the food was handed over.
ALTER TABLE orders ADD COLUMN handover_code TEXT;

-- When it happened by the clock of who told it, kept within what can be believed; skewed when that clock was far off.
ALTER TABLE order_events ADD COLUMN occurred_at BIGINT;
ALTER TABLE order_events ADD COLUMN skewed BOOLEAN NOT NULL DEFAULT FALSE;

-- Tenths of stars given in all, from the first rating on that is kept here: the rating is this over its number.
ALTER TABLE restaurants ADD COLUMN tenths_given BIGINT;

-- A kitchen's own work on an order, per station. A station without a row has its part still to do.
CREATE TABLE tickets (
    order_id UUID NOT NULL REFERENCES orders (id),
    station TEXT NOT NULL,
    done_at BIGINT,
    PRIMARY KEY (order_id, station)
);

CREATE TABLE ratings (
    order_id UUID PRIMARY KEY REFERENCES orders (id),
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment TEXT,
    at BIGINT NOT NULL
);

-- What shows that food was handed over. Its order may be unknown: a fact is kept whatever it says.
CREATE TABLE proofs (
    actor UUID NOT NULL,
    uid UUID NOT NULL,
    order_id UUID NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('photo', 'code', 'signature')),
    sha256 BYTEA,
    code_ok BOOLEAN,
    -- Whether it is the one that is shown: the first that came with a step that was taken, its code being right.
    counts BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (actor, uid)
);
CREATE INDEX proofs_order ON proofs (order_id, at);
CREATE INDEX proofs_sha256 ON proofs (sha256) WHERE sha256 IS NOT NULL;

-- Every amount of cash that a device ever acknowledged. Append-only: no row is changed or removed.
CREATE TABLE cash_entries (
    actor UUID NOT NULL,
    uid UUID NOT NULL,
    role TEXT NOT NULL,
    order_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- applied: in the order's books. repeated: says again what is in them. review: people look at it.
    disposition TEXT NOT NULL CHECK (disposition IN ('applied', 'repeated', 'review')),
    at BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    PRIMARY KEY (actor, uid)
);
CREATE INDEX cash_entries_order ON cash_entries (order_id);
CREATE INDEX cash_entries_review ON cash_entries (actor) WHERE disposition = 'review';

-- What happened and does not fit what is written here: kept as it was told, for people to look at.
CREATE TABLE facts (
    id UUID PRIMARY KEY,
    actor UUID NOT NULL,
    role TEXT NOT NULL,
    restaurant_id UUID,
    uid UUID NOT NULL,
    name TEXT NOT NULL,
    ver BIGINT NOT NULL,
    -- JSON as text: also what a JSON column could not hold.
    args TEXT NOT NULL,
    order_id UUID,
    at BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    skewed BOOLEAN NOT NULL,
    disposition TEXT NOT NULL CHECK (disposition IN ('review', 'closed')),
    -- Whether it was done all the same: a step taken with a wrong code.
    applied BOOLEAN NOT NULL,
    code TEXT NOT NULL,
    detail JSONB NOT NULL,
    closed_at BIGINT,
    closed_by UUID,
    note TEXT,
    UNIQUE (actor, uid)
);
CREATE INDEX facts_open ON facts (at) WHERE disposition = 'review';
