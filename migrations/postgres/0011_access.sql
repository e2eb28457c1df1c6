-- Ways to sign in, second factors, keys of persons, applications, invitations, consents, and the seal on the audit log.

-- An account may have a phone and no email, and no password at all. `phone` is sealed (see person_keys) and found by
-- `phone_index` when it was shown to be theirs. An erased person keeps their row, and nothing in it.
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_status_check;
ALTER TABLE users ADD CONSTRAINT users_status_check CHECK (status IN ('active', 'suspended', 'erased'));
ALTER TABLE users ADD COLUMN phone_index BYTEA;
CREATE UNIQUE INDEX users_phone_index ON users (phone_index);

-- The key under which what is a person's own is sealed, itself wrapped by a master key. Erasing a person drops it.
-- The row of id 0 is the server's own.
CREATE TABLE person_keys (
    person UUID PRIMARY KEY,
    wrapped BYTEA NOT NULL,
    master TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE INDEX person_keys_master ON person_keys (master);

-- Columns that were once written in the clear and are wholly sealed now.
CREATE TABLE sealed_columns (
    name TEXT PRIMARY KEY
);

-- `token` is what stands for the token, by which it is found; the token itself is in `sealed`.
ALTER TABLE push_token ADD COLUMN sealed TEXT;

-- How and from where a session began, and when its person last showed who they are.
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password'
    CHECK (method IN ('password', 'code', 'passkey', 'oauth'));
ALTER TABLE sessions ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_expires ON sessions (expires_at);
CREATE INDEX sessions_ended ON sessions (ended_at);

-- `credential` is the public key and its counter, as the library keeps it.
CREATE TABLE passkeys (
    id BYTEA PRIMARY KEY,
    person UUID NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    credential JSONB NOT NULL,
    made_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX passkeys_person ON passkeys (person);

-- An account at another provider that signs a person in here. `subject_index` is the blind index of the provider's id.
CREATE TABLE linked_accounts (
    provider TEXT NOT NULL CHECK (provider IN ('google', 'apple', 'facebook')),
    subject_index BYTEA NOT NULL,
    person UUID NOT NULL REFERENCES users (id),
    made_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject_index)
);
CREATE UNIQUE INDEX linked_accounts_person ON linked_accounts (person, provider);

-- A person's authenticator app: the one in force since `confirmed_at`, and the one being set up since `made_at`. Both
-- secrets are sealed; `last_step` is the newest time step a code was taken for.
CREATE TABLE totp (
    person UUID PRIMARY KEY REFERENCES users (id),
    secret TEXT,
    last_step BIGINT NOT NULL,
    confirmed_at BIGINT,
    next_secret TEXT,
    made_at BIGINT NOT NULL
);

-- Wrong codes of an authenticator app by where they came from: when that place has all its tries again.
CREATE TABLE totp_misses (
    person UUID NOT NULL REFERENCES users (id),
    place TEXT NOT NULL,
    full_at BIGINT NOT NULL,
    PRIMARY KEY (person, place)
);

CREATE TABLE recovery_codes (
    person UUID NOT NULL REFERENCES users (id),
    code_hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (person, code_hash)
);

-- A code sent to an email or a phone. `target` is sealed under the server's key; `code_hash` is keyed.
CREATE TABLE one_time_codes (
    id UUID PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'sign_up', 'recover', 'verify', 'confirm', 'second_factor')),
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    target TEXT NOT NULL,
    target_index BYTEA NOT NULL,
    person UUID,
    code_hash BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX one_time_codes_target ON one_time_codes (target_index, made_at);
CREATE INDEX one_time_codes_expires ON one_time_codes (expires_at);

-- How many codes a target may still be sent: when the last one was, and when it will have its whole budget again.
CREATE TABLE code_budgets (
    target_index BYTEA PRIMARY KEY,
    last_at BIGINT NOT NULL,
    full_at BIGINT NOT NULL
);
CREATE INDEX code_budgets_full_at ON code_budgets (full_at);

-- Something begun and to be finished once, by whoever has the ticket: the id and a keyed hash of it, which is not kept.
-- `state` is sealed under the server's key.
CREATE TABLE challenges (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
        'second_factor', 'registration', 'passkey_add', 'passkey_enter',
        'oauth', 'oauth_done')),
    person UUID,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX challenges_expires ON challenges (expires_at);

-- Messages to be sent by SMS or email, written with what they tell of. Both texts are sealed under the server's key.
CREATE TABLE messages (
    id UUID PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    try_at BIGINT NOT NULL
);
CREATE INDEX messages_next ON messages (try_at);

-- Who wants to sell or to drive. `form` is sealed under the person's key. What was approved stays as it was.
CREATE TABLE applications (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('restaurant', 'driver')),
    status TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'refused', 'withdrawn')),
    form TEXT NOT NULL,
    restaurant_id UUID REFERENCES restaurants (id),
    reason TEXT,
    rev BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    submitted_at BIGINT,
    decided_at BIGINT,
    decided_by UUID
);
CREATE INDEX applications_person ON applications (person, made_at);
CREATE INDEX applications_waiting ON applications (submitted_at) WHERE status = 'submitted';

-- A document of an application. `bytes` are sealed under the person's key.
CREATE TABLE documents (
    id UUID PRIMARY KEY,
    application_id UUID NOT NULL REFERENCES applications (id),
    person UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'business_license', 'vat_certificate', 'iban_letter', 'driving_license', 'vehicle_registration', 'identity')),
    content_type TEXT NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
    length BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX documents_application ON documents (application_id, kind);
CREATE INDEX documents_person ON documents (person);

-- Somebody asked to join a restaurant's staff. `email` is sealed under the server's key.
CREATE TABLE invitations (
    id UUID PRIMARY KEY,
    restaurant_id UUID NOT NULL REFERENCES restaurants (id),
    email TEXT NOT NULL,
    email_index BYTEA NOT NULL,
    is_owner BOOLEAN NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    invited_by UUID NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    accepted_at BIGINT,
    accepted_by UUID,
    revoked_at BIGINT
);
CREATE INDEX invitations_restaurant ON invitations (restaurant_id, made_at);

-- What a person agreed to or took back, each time. Never changed.
CREATE TABLE consents (
    id UUID PRIMARY KEY,
    person UUID NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('terms', 'privacy', 'marketing')),
    version TEXT NOT NULL,
    given BOOLEAN NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX consents_person ON consents (person, at);

-- What is forgotten when it is old.
CREATE INDEX orders_addressed ON orders (created_at, id)
    WHERE delivery_address IS NOT NULL OR special_instructions IS NOT NULL OR handover_code IS NOT NULL;
CREATE INDEX blob_at ON blob (at);

-- The audit log's chain: each entry in the order it was sealed, with the hash over itself and all before it.
CREATE TABLE audit_seal (
    number BIGINT PRIMARY KEY,
    entry UUID NOT NULL UNIQUE,
    hash BYTEA NOT NULL,
    at BIGINT NOT NULL
);
-- Entries that are not in the chain yet, written with each entry. What is sealed next is found here, so that no entry is
-- missed, however late its transaction commits.
CREATE TABLE audit_waiting (
    entry UUID PRIMARY KEY
);
-- Where the chain ends. Who appends to it holds this row.
CREATE TABLE audit_chain (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO audit_chain (id, number, hash)
    VALUES (1, 0, '\x0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_waiting (entry) SELECT id FROM audit_log;
CREATE INDEX audit_log_at ON audit_log (at, id);
CREATE INDEX audit_log_actor ON audit_log (actor, at, id);
CREATE INDEX audit_log_thing ON audit_log (subject_id, at, id);
DROP INDEX audit_log_subject;

CREATE FUNCTION audit_waits() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO audit_waiting (entry) VALUES (NEW.id); RETURN NULL; END $$;
CREATE TRIGGER audit_log_waits AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_waits();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consents_append_only BEFORE UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal EXECUTE FUNCTION refuse_change();
CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents EXECUTE FUNCTION refuse_change();
