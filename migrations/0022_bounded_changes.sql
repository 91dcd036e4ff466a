-- A request writes few rows, however many hang on what it changes.

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
-- The purge gives up what waits for a deleted endpoint; the endpoint goes when its log has.
DROP INDEX webhook_endpoints_deleted;
CREATE INDEX webhook_endpoints_deleted ON webhook_endpoints (deleted_at) WHERE deleted_at IS NOT NULL;
DROP TRIGGER resellers_deleted;
CREATE TRIGGER resellers_deleted AFTER UPDATE OF deleted_at ON resellers
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE webhook_endpoints SET enabled = 0 WHERE reseller_id = NEW.id AND deleted_at IS NULL AND enabled;
END;

-- An account that is not enabled holds each mail back when its turn comes. Since when those are due again, some at a time;
-- null: all are, or none may be.
ALTER TABLE resellers ADD COLUMN mails_released_at INTEGER;
CREATE INDEX resellers_releasing ON resellers (mails_released_at) WHERE mails_released_at IS NOT NULL;
CREATE INDEX emails_held ON emails (reseller_id) WHERE state = 'pending' AND next_attempt_at IS NULL;
DROP TRIGGER resellers_held;
DROP TRIGGER resellers_released;
CREATE TRIGGER resellers_released AFTER UPDATE OF enabled ON resellers WHEN NEW.enabled <> OLD.enabled BEGIN
  UPDATE resellers SET mails_released_at = iif(NEW.enabled, NEW.updated_at, NULL) WHERE id = NEW.id;
END;

-- The job that ends the sessions of revoked clients steps through the clients that have any.
CREATE INDEX sessions_of_clients ON sessions (client_id) WHERE client_id IS NOT NULL AND ended_at IS NULL;

-- A user's sessions are few. A plus keeps the index of the reseller's out of it, which has those of all its users.
DROP TRIGGER memberships_withdrawn;
CREATE TRIGGER memberships_withdrawn AFTER UPDATE OF roles ON memberships
WHEN instr(OLD.roles, '"account.user"') > 0 AND instr(NEW.roles, '"account.user"') = 0 BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.user_id AND +reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND reseller_id = NEW.reseller_id
        AND organization_id IS NOT NULL AND allow_customer_portal_access);
END;
DROP TRIGGER memberships_left;
CREATE TRIGGER memberships_left BEFORE DELETE ON memberships BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = OLD.user_id AND +reseller_id = OLD.reseller_id AND ended_at IS NULL;
END;
DROP TRIGGER users_withdrawn;
CREATE TRIGGER users_withdrawn AFTER UPDATE OF allow_customer_portal_access, organization_id ON users
WHEN OLD.allow_customer_portal_access AND OLD.organization_id IS NOT NULL
  AND NOT (NEW.allow_customer_portal_access AND NEW.organization_id IS NOT NULL) BEGIN
  UPDATE sessions SET ended_at = NEW.updated_at, end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.id AND +reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = NEW.id AND reseller_id = NEW.reseller_id
        AND instr(roles, '"account.user"') > 0);
END;

-- A session has one refresh token at a time: all of its tokens begin alike (family), and one of the family that is not the
-- last was used before.
CREATE TABLE new_refresh_tokens (
  family_hash TEXT PRIMARY KEY NOT NULL,
  session_id TEXT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
  -- The last one given.
  token_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_refresh_tokens SELECT token_hash, session_id, token_hash FROM refresh_tokens WHERE used_at IS NULL;
DROP TABLE refresh_tokens;
ALTER TABLE new_refresh_tokens RENAME TO refresh_tokens;

-- What hangs on one user is bounded as it is written, so that a change or the deletion of the user writes few rows: the
-- last sessions that have ended, links, codes and ways through the pages, each more than one person has in use.
CREATE TRIGGER sessions_bounded AFTER INSERT ON sessions BEGIN
  DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = NEW.user_id AND ended_at > 0
    ORDER BY ended_at DESC LIMIT -1 OFFSET 50);
END;
CREATE TRIGGER activations_bounded AFTER INSERT ON activations BEGIN
  DELETE FROM activations WHERE seq IN (SELECT seq FROM activations WHERE user_id = NEW.user_id
    ORDER BY seq DESC LIMIT -1 OFFSET 200);
END;
DROP INDEX authorization_codes_by_user;
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id, created_at);
CREATE TRIGGER authorization_codes_bounded AFTER INSERT ON authorization_codes BEGIN
  DELETE FROM authorization_codes WHERE code_hash IN (SELECT code_hash FROM authorization_codes WHERE user_id = NEW.user_id
    ORDER BY created_at DESC LIMIT -1 OFFSET 100);
END;
CREATE TRIGGER sign_in_flows_bounded AFTER UPDATE OF user_id ON sign_in_flows WHEN NEW.user_id IS NOT NULL BEGIN
  DELETE FROM sign_in_flows WHERE id IN (SELECT id FROM sign_in_flows WHERE user_id = NEW.user_id
    ORDER BY id DESC LIMIT -1 OFFSET 100);
END;
-- Those of revoked clients say nothing any more; of others a tenant has 100.
CREATE TRIGGER consents_bounded AFTER INSERT ON consents BEGIN
  DELETE FROM consents WHERE user_id = NEW.user_id
    AND EXISTS (SELECT 1 FROM api_clients WHERE id = consents.client_id AND revoked_at IS NOT NULL);
END;
