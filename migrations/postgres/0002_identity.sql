-- People, their roles, sessions and addresses.

CREATE TABLE users (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    phone TEXT UNIQUE,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
    email_verified BOOLEAN NOT NULL DEFAULT FALSE,
    phone_verified BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE user_roles (
    user_id UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, role)
);

-- Names and preferences of anyone, whatever their roles.
CREATE TABLE customer_profiles (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL DEFAULT '',
    first_name_ar TEXT,
    last_name_ar TEXT,
    birth_date TEXT,
    gender TEXT,
    dietary_preferences JSONB NOT NULL,
    allergies JSONB NOT NULL,
    preferred_language TEXT NOT NULL DEFAULT 'ar' CHECK (preferred_language IN ('ar', 'en')),
    loyalty_points BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE driver_profiles (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    vehicle JSONB NOT NULL,
    home_lat DOUBLE PRECISION NOT NULL,
    home_lng DOUBLE PRECISION NOT NULL
);

-- One sign-in on one device. Its refresh tokens are generations of one family.
CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('customer', 'restaurant', 'driver', 'support', 'admin')),
    restaurant_id UUID,
    generation BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    refreshed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE addresses (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    address JSONB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX addresses_user ON addresses (user_id, created_at);
