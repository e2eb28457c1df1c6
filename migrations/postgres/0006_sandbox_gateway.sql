-- What is asked of a card gateway, and the books of the built-in one.

-- Each question has a number within its order, and with it its own idempotency key. It is written down before it is
-- asked, so that after a crash the same question is asked again under the same key. Append-only but for the answer.
CREATE TABLE payment_questions (
    order_id UUID NOT NULL REFERENCES payments (order_id),
    number BIGINT NOT NULL,
    ask TEXT NOT NULL CHECK (ask IN ('authorize', 'capture', 'void', 'refund')),
    amount BIGINT NOT NULL,
    -- What was given back when a refund was asked for: tells two refunds of one amount apart.
    given_back BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    answer TEXT,
    answered_at BIGINT,
    PRIMARY KEY (order_id, number)
);

-- The sandbox gateway's own books. It is another company's system as far as the rest is concerned: nothing refers to
-- them, and they change in transactions of their own.
CREATE TABLE sandbox_charges (
    reference UUID PRIMARY KEY,
    card TEXT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('declined', 'held', 'captured', 'released')),
    held BIGINT NOT NULL,
    captured BIGINT NOT NULL,
    refunded BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What it answered under each key: the same key is answered the same again.
CREATE TABLE sandbox_answers (
    key TEXT PRIMARY KEY,
    reference UUID NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('authorize', 'capture', 'void', 'refund')),
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    answer JSONB,
    at BIGINT NOT NULL
);
CREATE INDEX sandbox_answers_reference ON sandbox_answers (reference);
