-- A request changes a webhook by a few rows, however many deliveries wait for it.

-- When the endpoint was last switched on; 1: never since it was made.
ALTER TABLE webhook_endpoints ADD COLUMN resumed_at INTEGER NOT NULL DEFAULT 1;
-- The endpoint's, when the next attempt was planned: an earlier one says that the endpoint was off since, and that the
-- delivery is due as soon as it is on. 0: a test, which waits for nothing.
ALTER TABLE webhook_deliveries ADD COLUMN resumed_at INTEGER NOT NULL DEFAULT 0;
UPDATE webhook_deliveries SET resumed_at = 1, next_attempt_at = ifnull(next_attempt_at, created_at)
  WHERE state = 'pending' AND event_id IS NOT NULL;
DROP INDEX webhook_deliveries_due;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, resumed_at, next_attempt_at) WHERE state = 'pending';

-- An endpoint that is off misses what is committed from now on, and what is still in the outbox, whose first events are
-- looked at; a minute earlier, since clocks differ. That of a deleted reseller is off for good.
DROP TRIGGER webhook_endpoints_off;
CREATE TRIGGER webhook_endpoints_off AFTER UPDATE OF enabled ON webhook_endpoints WHEN OLD.enabled AND NOT NEW.enabled
  AND NOT EXISTS (SELECT 1 FROM resellers WHERE id = NEW.reseller_id AND deleted_at IS NOT NULL) BEGIN
  UPDATE webhook_endpoints SET missed_since = min(
      ifnull(missed_since, NEW.updated_at),
      NEW.updated_at - 60000,
      ifnull((SELECT min(occurred_at) FROM (SELECT occurred_at FROM events WHERE relay_at IS NOT NULL ORDER BY relay_at LIMIT 1000)),
        NEW.updated_at))
    WHERE id = NEW.id;
END;
-- On again, it starts afresh, for clocks that are a second behind too.
DROP TRIGGER webhook_endpoints_on;
CREATE TRIGGER webhook_endpoints_on AFTER UPDATE OF enabled ON webhook_endpoints WHEN NEW.enabled AND NOT OLD.enabled BEGIN
  UPDATE webhook_endpoints SET failing_since = NULL, status = 'healthy', resumed_at = max(NEW.updated_at - 1000, resumed_at + 1)
    WHERE id = NEW.id;
END;
DROP TRIGGER webhook_endpoints_gone;
DROP TRIGGER resellers_deleted;
CREATE TRIGGER resellers_deleted AFTER UPDATE OF deleted_at ON resellers
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE webhook_endpoints SET enabled = 0 WHERE reseller_id = NEW.id AND deleted_at IS NULL AND enabled;
END;
