-- Endpoints are served by one consumer at a time, can be suspended and recover, and rotate their tokens; attempts are a
-- log that callers read.

ALTER TABLE webhook_endpoints ADD COLUMN lease TEXT;
ALTER TABLE webhook_endpoints ADD COLUMN leased_until INTEGER NOT NULL DEFAULT 0;
-- The first failed attempt since the last success.
ALTER TABLE webhook_endpoints ADD COLUMN failing_since INTEGER;
-- From here on events may not have arrived: where a recovery starts.
ALTER TABLE webhook_endpoints ADD COLUMN missed_since INTEGER;
-- The token before the last rotation, which signs along for a while.
ALTER TABLE webhook_endpoints ADD COLUMN sealed_old_token TEXT;
ALTER TABLE webhook_endpoints ADD COLUMN old_token_until INTEGER;
-- Gone for callers; the row goes once its deliveries have, which may be many.
ALTER TABLE webhook_endpoints ADD COLUMN deleted_at INTEGER;
CREATE INDEX webhook_endpoints_deleted ON webhook_endpoints (id) WHERE deleted_at IS NOT NULL;
CREATE INDEX webhook_endpoints_old_tokens ON webhook_endpoints (old_token_until) WHERE old_token_until IS NOT NULL;
UPDATE webhook_endpoints SET failing_since = updated_at WHERE status = 'unhealthy';

-- What an endpoint missed, sought in events from cursor to upto (both seq).
CREATE TABLE webhook_recoveries (
  id TEXT PRIMARY KEY NOT NULL,
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  since INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_recoveries_running ON webhook_recoveries (endpoint_id) WHERE cursor < upto;
CREATE INDEX webhook_recoveries_idle ON webhook_recoveries (updated_at) WHERE cursor < upto;
CREATE INDEX webhook_recoveries_by_endpoint ON webhook_recoveries (endpoint_id);
CREATE TRIGGER webhook_recoveries_started AFTER INSERT ON webhook_recoveries BEGIN
  UPDATE webhook_endpoints SET missed_since = NULL WHERE id = NEW.endpoint_id AND missed_since >= NEW.since;
END;

-- Both tables are made anew. The child goes first, so that no cascade touches what was copied.
CREATE TABLE new_webhook_deliveries (
  id TEXT PRIMARY KEY NOT NULL,
  -- Null: a test, which has a body of its own.
  event_id TEXT REFERENCES events (id),
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  event_type TEXT NOT NULL,
  body TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When it is due: the next attempt, or while one runs the end of its lease. Null: settled, or the endpoint is off.
  next_attempt_at INTEGER,
  lease TEXT,
  recovery_id TEXT REFERENCES webhook_recoveries (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  CHECK ((event_id IS NULL) <> (body IS NULL))
) STRICT;
INSERT INTO new_webhook_deliveries (id, event_id, endpoint_id, event_type, state, attempts, next_attempt_at, lease, created_at, settled_at)
  SELECT delivery.id, delivery.event_id, delivery.endpoint_id, event.type, delivery.state, delivery.attempts,
    iif(delivery.state = 'pending' AND endpoint.enabled AND owner.deleted_at IS NULL, delivery.next_attempt_at, NULL),
    delivery.lease, delivery.created_at, delivery.settled_at
  FROM webhook_deliveries AS delivery
  JOIN events AS event ON event.id = delivery.event_id
  JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
  LEFT JOIN resellers AS owner ON owner.id = endpoint.reseller_id;

CREATE TABLE new_webhook_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES new_webhook_deliveries (id) ON DELETE CASCADE,
  endpoint_id TEXT NOT NULL,
  reseller_id TEXT,
  event_id TEXT,
  event_type TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('delivered', 'failed')),
  attempted_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status_code INTEGER,
  reason TEXT NOT NULL,
  answer TEXT NOT NULL,
  next_attempt_at INTEGER
) STRICT;
INSERT INTO new_webhook_attempts
  SELECT attempt.id, attempt.delivery_id, delivery.endpoint_id, endpoint.reseller_id, delivery.event_id, delivery.event_type,
    row_number() OVER (PARTITION BY attempt.delivery_id ORDER BY attempt.attempted_at),
    iif(attempt.status_code BETWEEN 200 AND 299, 'delivered', 'failed'),
    attempt.attempted_at, attempt.duration_ms, attempt.status_code, attempt.reason, '', NULL
  FROM webhook_attempts AS attempt
  JOIN new_webhook_deliveries AS delivery ON delivery.id = attempt.delivery_id
  JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id;

DROP TABLE webhook_attempts;
DROP TABLE webhook_deliveries;
ALTER TABLE new_webhook_deliveries RENAME TO webhook_deliveries;
ALTER TABLE new_webhook_attempts RENAME TO webhook_attempts;
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (event_id, endpoint_id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_recovered ON webhook_deliveries (recovery_id, state) WHERE recovery_id IS NOT NULL;
-- Of indexes that fit alike SQLite takes the youngest: the most telling ones come last (a test looks which are taken).
CREATE INDEX webhook_attempts_by_owner ON webhook_attempts (reseller_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_endpoint ON webhook_attempts (endpoint_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_event ON webhook_attempts (event_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, attempted_at, id);

-- An endpoint that is off holds its deliveries back, whoever switched it off. It misses what is committed from now on, and
-- what is still in the outbox; a minute earlier, since clocks differ.
CREATE TRIGGER webhook_endpoints_off AFTER UPDATE OF enabled ON webhook_endpoints WHEN OLD.enabled AND NOT NEW.enabled BEGIN
  UPDATE webhook_deliveries SET next_attempt_at = NULL
    WHERE endpoint_id = NEW.id AND state = 'pending' AND event_id IS NOT NULL;
  UPDATE webhook_endpoints SET missed_since = min(
      ifnull(missed_since, NEW.updated_at),
      NEW.updated_at - 60000,
      ifnull((SELECT min(occurred_at) FROM events WHERE relay_at IS NOT NULL), NEW.updated_at))
    WHERE id = NEW.id;
END;
-- On again, it starts afresh, and what was held back is due, for clocks that are a second behind too.
CREATE TRIGGER webhook_endpoints_on AFTER UPDATE OF enabled ON webhook_endpoints WHEN NEW.enabled AND NOT OLD.enabled BEGIN
  UPDATE webhook_deliveries SET next_attempt_at = NEW.updated_at - 1000 WHERE endpoint_id = NEW.id AND state = 'pending';
  UPDATE webhook_endpoints SET failing_since = NULL, status = 'healthy' WHERE id = NEW.id;
END;
CREATE TRIGGER resellers_deleted AFTER UPDATE OF deleted_at ON resellers
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE webhook_endpoints SET enabled = 0 WHERE reseller_id = NEW.id AND enabled;
END;
UPDATE webhook_endpoints SET enabled = 0
  WHERE enabled AND reseller_id IN (SELECT id FROM resellers WHERE deleted_at IS NOT NULL);
