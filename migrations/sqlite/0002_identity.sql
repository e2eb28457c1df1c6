-- People, their roles, sessions and addresses.

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    phone TEXT UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    email_verified INTEGER NOT NULL DEFAULT FALSE,
    phone_verified INTEGER NOT NULL DEFAULT FALSE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, role)
) STRICT;

-- Names and preferences of anyone, whatever their roles.
CREATE TABLE customer_profiles (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL DEFAULT '',
    first_name_ar TEXT,
    last_name_ar TEXT,
    birth_date TEXT,
    gender TEXT,
    dietary_preferences TEXT NOT NULL,
    allergies TEXT NOT NULL,
    preferred_language TEXT NOT NULL DEFAULT 'ar' CHECK (preferred_language IN ('ar', 'en')),
    loyalty_points INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE driver_profiles (
    user_id BLOB PRIMARY KEY REFERENCES users (id),
    vehicle TEXT NOT NULL,
    home_lat REAL NOT NULL,
    home_lng REAL NOT NULL
) STRICT;

-- One sign-in on one device. Its refresh tokens are generations of one family.
CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    restaurant_id BLOB,
    generation INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE addresses (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users (id),
    address TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX addresses_user ON addresses (user_id, created_at);
