-- Quotes, orders, their payments and deliveries. Amounts are minor units of the order's currency.

CREATE TABLE quotes (
    id BLOB PRIMARY KEY,
    customer_id BLOB NOT NULL REFERENCES users (id),
    restaurant_id BLOB NOT NULL REFERENCES restaurants (id),
    fulfilment TEXT NOT NULL CHECK (fulfilment IN ('delivery', 'pickup')),
    cart TEXT NOT NULL,
    bill TEXT NOT NULL,
    lat REAL,
    lng REAL,
    distance_m INTEGER,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX quotes_expires ON quotes (expires_at);

CREATE TABLE orders (
    id BLOB PRIMARY KEY,
    customer_id BLOB NOT NULL REFERENCES users (id),
    restaurant_id BLOB NOT NULL REFERENCES restaurants (id),
    driver_id BLOB REFERENCES users (id),
    quote_id BLOB NOT NULL UNIQUE,
    order_number TEXT NOT NULL UNIQUE,
    rev INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN (
        'awaiting_payment', 'pending', 'accepted', 'preparing', 'ready', 'picked_up', 'delivered',
        'cancelled', 'rejected', 'expired', 'failed')),
    fulfilment TEXT NOT NULL CHECK (fulfilment IN ('delivery', 'pickup')),
    currency TEXT NOT NULL,
    subtotal INTEGER NOT NULL,
    delivery_fee INTEGER NOT NULL,
    service_fee INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    tip INTEGER NOT NULL,
    tax_amount INTEGER NOT NULL,
    total_amount INTEGER NOT NULL,
    cancel_fee INTEGER NOT NULL,
    payment_method TEXT NOT NULL CHECK (payment_method IN ('cash', 'card')),
    payment_status TEXT NOT NULL DEFAULT 'pending',
    special_instructions TEXT,
    delivery_address TEXT,
    distance_m INTEGER,
    accept_limit_seconds INTEGER NOT NULL,
    accept_by INTEGER,
    ready_by INTEGER,
    estimated_delivery_time INTEGER,
    actual_delivery_time INTEGER,
    reason TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_customer ON orders (customer_id, created_at);
CREATE INDEX orders_restaurant ON orders (restaurant_id, created_at);
-- What the worker looks for: orders that nobody has answered.
CREATE INDEX orders_unanswered ON orders (accept_by) WHERE status = 'pending';
CREATE INDEX orders_unpaid ON orders (created_at) WHERE status = 'awaiting_payment';

CREATE TABLE order_lines (
    order_id BLOB NOT NULL REFERENCES orders (id),
    position INTEGER NOT NULL,
    item_id BLOB NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    total INTEGER NOT NULL,
    options TEXT NOT NULL,
    note TEXT,
    allergens TEXT NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT;

-- What happened to an order, numbered within it. Append-only.
CREATE TABLE order_events (
    order_id BLOB NOT NULL REFERENCES orders (id),
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor BLOB,
    role TEXT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (order_id, number)
) STRICT;

CREATE TABLE payments (
    order_id BLOB PRIMARY KEY REFERENCES orders (id),
    method TEXT NOT NULL CHECK (method IN ('cash', 'card')),
    status TEXT NOT NULL CHECK (status IN (
        'pending', 'authorized', 'captured', 'partially_refunded', 'refunded', 'failed', 'voided',
        'due', 'collected', 'reconciled')),
    authorized INTEGER NOT NULL,
    captured INTEGER NOT NULL,
    refunded INTEGER NOT NULL,
    owed TEXT,
    card_token TEXT,
    -- Each question put to the gateway has a number, and with it its own idempotency key.
    asked INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    try_at INTEGER,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payments_owing ON payments (try_at) WHERE owed IS NOT NULL;

CREATE TABLE deliveries (
    order_id BLOB PRIMARY KEY REFERENCES orders (id),
    status TEXT NOT NULL CHECK (status IN (
        'waiting', 'assigned', 'at_restaurant', 'picked_up', 'at_customer', 'delivered', 'failed', 'returned',
        'cancelled')),
    attempt INTEGER NOT NULL,
    pay INTEGER NOT NULL,
    dispatch_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (dispatch_at) WHERE status = 'waiting';

CREATE TABLE assignments (
    order_id BLOB NOT NULL REFERENCES orders (id),
    attempt INTEGER NOT NULL,
    driver_id BLOB NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('offered', 'accepted', 'completed', 'declined', 'expired', 'released')),
    offered_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (order_id, attempt)
) STRICT;
CREATE INDEX assignments_driver ON assignments (driver_id, offered_at);
CREATE INDEX assignments_offered ON assignments (expires_at) WHERE status = 'offered';
-- A driver does one thing at a time.
CREATE UNIQUE INDEX assignments_one_open ON assignments (driver_id) WHERE status IN ('offered', 'accepted');
