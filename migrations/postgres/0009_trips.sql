-- A driver can carry two orders of one trip: one offer to answer at most, and two things in hand at most. Each has a slot,
-- so that two servers that offer at once cannot give a third. A program that knows no slots uses the first alone.

ALTER TABLE assignments ADD COLUMN slot BIGINT NOT NULL DEFAULT 1 CHECK (slot IN (1, 2));
CREATE UNIQUE INDEX assignments_one_offer ON assignments (driver_id) WHERE status = 'offered';
CREATE UNIQUE INDEX assignments_slots ON assignments (driver_id, slot) WHERE status IN ('offered', 'accepted');
DROP INDEX assignments_one_open;
