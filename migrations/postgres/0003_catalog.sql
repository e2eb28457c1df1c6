-- Restaurants and their menus. A menu is one document: it is read whole, priced whole and changed under one
-- revision.

CREATE TABLE restaurants (
    id UUID PRIMARY KEY,
    owner_id UUID NOT NULL REFERENCES users (id),
    slug TEXT NOT NULL UNIQUE,
    name TEXT,
    name_ar TEXT,
    description TEXT,
    description_ar TEXT,
    cuisine_type JSONB NOT NULL,
    district TEXT NOT NULL,
    district_ar TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lng DOUBLE PRECISION NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    business_license TEXT,
    tax_id TEXT,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'suspended')),
    rating BIGINT NOT NULL DEFAULT 0,
    total_reviews BIGINT NOT NULL DEFAULT 0,
    currency TEXT NOT NULL,
    delivery_fee BIGINT NOT NULL,
    delivery_fee_per_km BIGINT NOT NULL,
    delivery_radius_m BIGINT NOT NULL,
    minimum_order BIGINT NOT NULL,
    preparation_time BIGINT NOT NULL DEFAULT 30,
    accept_limit_seconds BIGINT NOT NULL DEFAULT 300,
    hours JSONB NOT NULL,
    paused_until BIGINT,
    picture TEXT,
    is_featured BOOLEAN NOT NULL DEFAULT FALSE,
    is_active BOOLEAN NOT NULL DEFAULT TRUE,
    rev BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (name IS NOT NULL OR name_ar IS NOT NULL)
);

CREATE TABLE restaurant_staff (
    restaurant_id UUID NOT NULL REFERENCES restaurants (id),
    user_id UUID NOT NULL REFERENCES users (id),
    is_owner BOOLEAN NOT NULL,
    PRIMARY KEY (restaurant_id, user_id)
);
CREATE INDEX restaurant_staff_user ON restaurant_staff (user_id);

CREATE TABLE menus (
    restaurant_id UUID PRIMARY KEY REFERENCES restaurants (id),
    menu JSONB NOT NULL,
    rev BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
