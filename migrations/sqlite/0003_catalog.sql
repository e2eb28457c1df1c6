-- Restaurants and their menus. A menu is one document: it is read whole, priced whole and changed under one
-- revision.

CREATE TABLE restaurants (
    id BLOB PRIMARY KEY,
    owner_id BLOB NOT NULL REFERENCES users (id),
    slug TEXT NOT NULL UNIQUE,
    name TEXT,
    name_ar TEXT,
    description TEXT,
    description_ar TEXT,
    cuisine_type TEXT NOT NULL,
    district TEXT NOT NULL,
    district_ar TEXT NOT NULL,
    lat REAL NOT NULL,
    lng REAL NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    business_license TEXT,
    tax_id TEXT,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'suspended')),
    rating INTEGER NOT NULL DEFAULT 0,
    total_reviews INTEGER NOT NULL DEFAULT 0,
    currency TEXT NOT NULL,
    delivery_fee INTEGER NOT NULL,
    delivery_fee_per_km INTEGER NOT NULL,
    delivery_radius_m INTEGER NOT NULL,
    minimum_order INTEGER NOT NULL,
    preparation_time INTEGER NOT NULL DEFAULT 30,
    accept_limit_seconds INTEGER NOT NULL DEFAULT 300,
    hours TEXT NOT NULL,
    paused_until INTEGER,
    picture TEXT,
    is_featured INTEGER NOT NULL DEFAULT FALSE,
    is_active INTEGER NOT NULL DEFAULT TRUE,
    rev INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (name IS NOT NULL OR name_ar IS NOT NULL)
) STRICT;

CREATE TABLE restaurant_staff (
    restaurant_id BLOB NOT NULL REFERENCES restaurants (id),
    user_id BLOB NOT NULL REFERENCES users (id),
    is_owner INTEGER NOT NULL,
    PRIMARY KEY (restaurant_id, user_id)
) STRICT;
CREATE INDEX restaurant_staff_user ON restaurant_staff (user_id);

CREATE TABLE menus (
    restaurant_id BLOB PRIMARY KEY REFERENCES restaurants (id),
    menu TEXT NOT NULL,
    rev INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
