-- Quotes, orders, their payments and deliveries. Amounts are minor units of the order's currency.

CREATE TABLE quotes (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES users (id),
    restaurant_id UUID NOT NULL REFERENCES restaurants (id),
    fulfilment TEXT NOT NULL CHECK (fulfilment IN ('delivery', 'pickup')),
    cart JSONB NOT NULL,
    bill JSONB NOT NULL,
    lat DOUBLE PRECISION,
    lng DOUBLE PRECISION,
    distance_m BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX quotes_expires ON quotes (expires_at);

CREATE TABLE orders (
    id UUID PRIMARY KEY,
    customer_id UUID NOT NULL REFERENCES users (id),
    restaurant_id UUID NOT NULL REFERENCES restaurants (id),
    driver_id UUID REFERENCES users (id),
    quote_id UUID NOT NULL UNIQUE,
    order_number TEXT NOT NULL UNIQUE,
    rev BIGINT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN (
        'awaiting_payment', 'pending', 'accepted', 'preparing', 'ready', 'picked_up', 'delivered',
        'cancelled', 'rejected', 'expired', 'failed')),
    fulfilment TEXT NOT NULL CHECK (fulfilment IN ('delivery', 'pickup')),
    currency TEXT NOT NULL,
    subtotal BIGINT NOT NULL,
    delivery_fee BIGINT NOT NULL,
    service_fee BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    tip BIGINT NOT NULL,
    tax_amount BIGINT NOT NULL,
    total_amount BIGINT NOT NULL,
    cancel_fee BIGINT NOT NULL,
    payment_method TEXT NOT NULL CHECK (payment_method IN ('cash', 'card')),
    payment_status TEXT NOT NULL DEFAULT 'pending',
    special_instructions TEXT,
    delivery_address JSONB,
    distance_m BIGINT,
    accept_limit_seconds BIGINT NOT NULL,
    accept_by BIGINT,
    ready_by BIGINT,
    estimated_delivery_time BIGINT,
    actual_delivery_time BIGINT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX orders_customer ON orders (customer_id, created_at);
CREATE INDEX orders_restaurant ON orders (restaurant_id, created_at);
-- What the worker looks for: orders that nobody has answered.
CREATE INDEX orders_unanswered ON orders (accept_by) WHERE status = 'pending';
CREATE INDEX orders_unpaid ON orders (created_at) WHERE status = 'awaiting_payment';

CREATE TABLE order_lines (
    order_id UUID NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    item_id UUID NOT NULL,
    name JSONB NOT NULL,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    total BIGINT NOT NULL,
    options JSONB NOT NULL,
    note TEXT,
    allergens JSONB NOT NULL,
    PRIMARY KEY (order_id, position)
);

-- What happened to an order, numbered within it. Append-only.
CREATE TABLE order_events (
    order_id UUID NOT NULL REFERENCES orders (id),
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor UUID,
    role TEXT NOT NULL,
    event JSONB NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE TABLE payments (
    order_id UUID PRIMARY KEY REFERENCES orders (id),
    method TEXT NOT NULL CHECK (method IN ('cash', 'card')),
    status TEXT NOT NULL CHECK (status IN (
        'pending', 'authorized', 'captured', 'partially_refunded', 'refunded', 'failed', 'voided',
        'due', 'collected', 'reconciled')),
    authorized BIGINT NOT NULL,
    captured BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    owed JSONB,
    card_token TEXT,
    -- Each question put to the gateway has a number, and with it its own idempotency key.
    asked BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    try_at BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX payments_owing ON payments (try_at) WHERE owed IS NOT NULL;

CREATE TABLE deliveries (
    order_id UUID PRIMARY KEY REFERENCES orders (id),
    status TEXT NOT NULL CHECK (status IN (
        'waiting', 'assigned', 'at_restaurant', 'picked_up', 'at_customer', 'delivered', 'failed', 'returned',
        'cancelled')),
    attempt BIGINT NOT NULL,
    pay BIGINT NOT NULL,
    dispatch_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX deliveries_waiting ON deliveries (dispatch_at) WHERE status = 'waiting';

CREATE TABLE assignments (
    order_id UUID NOT NULL REFERENCES orders (id),
    attempt BIGINT NOT NULL,
    driver_id UUID NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('offered', 'accepted', 'completed', 'declined', 'expired', 'released')),
    offered_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (order_id, attempt)
);
CREATE INDEX assignments_driver ON assignments (driver_id, offered_at);
CREATE INDEX assignments_offered ON assignments (expires_at) WHERE status = 'offered';
-- A driver does one thing at a time.
CREATE UNIQUE INDEX assignments_one_open ON assignments (driver_id) WHERE status IN ('offered', 'accepted');
