-- Ways to sign in, second factors, keys of persons, applications, invitations, consents, and the seal on the audit log.

-- An account may have a phone and no email, and no password at all. `phone` is sealed (see person_keys) and found by
-- `phone_index` when it was shown to be theirs. An erased person keeps their row, and nothing in it.
-- SQLite alters no constraint: this is its documented way (lang_altertable, 7), and every later statement of this file
-- tells other connections of it.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
    'email TEXT NOT NULL UNIQUE', 'email TEXT UNIQUE'),
    'password_hash TEXT NOT NULL', 'password_hash TEXT'),
    'CHECK (status IN (''active'', ''suspended''))', 'CHECK (status IN (''active'', ''suspended'', ''erased''))')
WHERE type = 'table' AND name = 'users';
PRAGMA writable_schema = RESET;
ALTER TABLE users ADD COLUMN phone_index BLOB;
CREATE UNIQUE INDEX users_phone_index ON users (phone_index);

-- The key under which what is a person's own is sealed, itself wrapped by a master key. Erasing a person drops it.
-- The row of id 0 is the server's own.
CREATE TABLE person_keys (
    person BLOB PRIMARY KEY,
    wrapped BLOB NOT NULL,
    master TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX person_keys_master ON person_keys (master);

-- Columns that were once written in the clear and are wholly sealed now.
CREATE TABLE sealed_columns (
    name TEXT PRIMARY KEY
) STRICT;

-- `token` is what stands for the token, by which it is found; the token itself is in `sealed`.
ALTER TABLE push_token ADD COLUMN sealed TEXT;

-- How and from where a session began, and when its person last showed who they are.
ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password'
    CHECK (method IN ('password', 'code', 'passkey', 'oauth'));
ALTER TABLE sessions ADD COLUMN second_factor INTEGER NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_expires ON sessions (expires_at);
CREATE INDEX sessions_ended ON sessions (ended_at);

-- `credential` is the public key and its counter, as the library keeps it.
CREATE TABLE passkeys (
    id BLOB PRIMARY KEY,
    person BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    credential TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX passkeys_person ON passkeys (person);

-- An account at another provider that signs a person in here. `subject_index` is the blind index of the provider's id.
CREATE TABLE linked_accounts (
    provider TEXT NOT NULL CHECK (provider IN ('google', 'apple', 'facebook')),
    subject_index BLOB NOT NULL,
    person BLOB NOT NULL REFERENCES users (id),
    made_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (provider, subject_index)
) STRICT;
CREATE UNIQUE INDEX linked_accounts_person ON linked_accounts (person, provider);

-- A person's authenticator app: the one in force since `confirmed_at`, and the one being set up since `made_at`. Both
-- secrets are sealed; `last_step` is the newest time step a code was taken for.
CREATE TABLE totp (
    person BLOB PRIMARY KEY REFERENCES users (id),
    secret TEXT,
    last_step INTEGER NOT NULL,
    confirmed_at INTEGER,
    next_secret TEXT,
    made_at INTEGER NOT NULL
) STRICT;

-- Wrong codes of an authenticator app by where they came from: when that place has all its tries again.
CREATE TABLE totp_misses (
    person BLOB NOT NULL REFERENCES users (id),
    place TEXT NOT NULL,
    full_at INTEGER NOT NULL,
    PRIMARY KEY (person, place)
) STRICT;

CREATE TABLE recovery_codes (
    person BLOB NOT NULL REFERENCES users (id),
    code_hash BLOB NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (person, code_hash)
) STRICT;

-- A code sent to an email or a phone. `target` is sealed under the server's key; `code_hash` is keyed.
CREATE TABLE one_time_codes (
    id BLOB PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'sign_up', 'recover', 'verify', 'confirm', 'second_factor')),
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    target TEXT NOT NULL,
    target_index BLOB NOT NULL,
    person BLOB,
    code_hash BLOB NOT NULL,
    tries INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX one_time_codes_target ON one_time_codes (target_index, made_at);
CREATE INDEX one_time_codes_expires ON one_time_codes (expires_at);

-- How many codes a target may still be sent: when the last one was, and when it will have its whole budget again.
CREATE TABLE code_budgets (
    target_index BLOB PRIMARY KEY,
    last_at INTEGER NOT NULL,
    full_at INTEGER NOT NULL
) STRICT;
CREATE INDEX code_budgets_full_at ON code_budgets (full_at);

-- Something begun and to be finished once, by whoever has the ticket: the id and a keyed hash of it, which is not kept.
-- `state` is sealed under the server's key.
CREATE TABLE challenges (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
        'second_factor', 'registration', 'passkey_add', 'passkey_enter',
        'oauth', 'oauth_done')),
    person BLOB,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX challenges_expires ON challenges (expires_at);

-- Messages to be sent by SMS or email, written with what they tell of. Both texts are sealed under the server's key.
CREATE TABLE messages (
    id BLOB PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    target TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    try_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_next ON messages (try_at);

-- Who wants to sell or to drive. `form` is sealed under the person's key. What was approved stays as it was.
CREATE TABLE applications (
    id BLOB PRIMARY KEY,
    person BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('restaurant', 'driver')),
    status TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'refused', 'withdrawn')),
    form TEXT NOT NULL,
    restaurant_id BLOB REFERENCES restaurants (id),
    reason TEXT,
    rev INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    submitted_at INTEGER,
    decided_at INTEGER,
    decided_by BLOB
) STRICT;
CREATE INDEX applications_person ON applications (person, made_at);
CREATE INDEX applications_waiting ON applications (submitted_at) WHERE status = 'submitted';

-- A document of an application. `bytes` are sealed under the person's key.
CREATE TABLE documents (
    id BLOB PRIMARY KEY,
    application_id BLOB NOT NULL REFERENCES applications (id),
    person BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'business_license', 'vat_certificate', 'iban_letter', 'driving_license', 'vehicle_registration', 'identity')),
    content_type TEXT NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
    length INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    bytes BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_application ON documents (application_id, kind);
CREATE INDEX documents_person ON documents (person);

-- Somebody asked to join a restaurant's staff. `email` is sealed under the server's key.
CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    restaurant_id BLOB NOT NULL REFERENCES restaurants (id),
    email TEXT NOT NULL,
    email_index BLOB NOT NULL,
    is_owner INTEGER NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    invited_by BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    accepted_at INTEGER,
    accepted_by BLOB,
    revoked_at INTEGER
) STRICT;
CREATE INDEX invitations_restaurant ON invitations (restaurant_id, made_at);

-- What a person agreed to or took back, each time. Never changed.
CREATE TABLE consents (
    id BLOB PRIMARY KEY,
    person BLOB NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL CHECK (kind IN ('terms', 'privacy', 'marketing')),
    version TEXT NOT NULL,
    given INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_person ON consents (person, at);

-- What is forgotten when it is old.
CREATE INDEX orders_addressed ON orders (created_at, id)
    WHERE delivery_address IS NOT NULL OR special_instructions IS NOT NULL OR handover_code IS NOT NULL;
CREATE INDEX blob_at ON blob (at);

-- The audit log's chain: each entry in the order it was sealed, with the hash over itself and all before it.
CREATE TABLE audit_seal (
    number INTEGER PRIMARY KEY,
    entry BLOB NOT NULL UNIQUE,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;
-- Entries that are not in the chain yet, written with each entry. What is sealed next is found here, so that no entry is
-- missed, however late its transaction commits.
CREATE TABLE audit_waiting (
    entry BLOB PRIMARY KEY
) STRICT;
-- Where the chain ends. Who appends to it holds this row.
CREATE TABLE audit_chain (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_chain (id, number, hash)
    VALUES (1, 0, x'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_waiting (entry) SELECT id FROM audit_log;
CREATE INDEX audit_log_at ON audit_log (at, id);
CREATE INDEX audit_log_actor ON audit_log (actor, at, id);
CREATE INDEX audit_log_thing ON audit_log (subject_id, at, id);
DROP INDEX audit_log_subject;

CREATE TRIGGER audit_log_waits AFTER INSERT ON audit_log BEGIN INSERT INTO audit_waiting (entry) VALUES (NEW.id); END;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'append-only'); END;
