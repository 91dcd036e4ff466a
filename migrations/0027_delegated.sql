-- What a session was handed ends with it, consents end with the addresses that they were given for, and the log finds a user
-- by whatever application it acts through.

-- The session or API client that was handed a reset token; null: the link went to the user by mail, or an outside issuer asked.
ALTER TABLE activations ADD COLUMN issued_to TEXT;

-- The browser's session in which the user let a client have the code, and the session that came of it.
ALTER TABLE authorization_codes ADD COLUMN issued_in TEXT;
ALTER TABLE sessions ADD COLUMN issued_in TEXT;
CREATE INDEX sessions_issued ON sessions (issued_in) WHERE issued_in IS NOT NULL AND ended_at IS NULL;
-- A user who signs out keeps the applications; a session that somebody ends may not have been the user's own.
CREATE TRIGGER sessions_ended_issued AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.end_reason IN ('ended-by-user', 'ended-by-administrator') BEGIN
  UPDATE sessions SET ended_at = NEW.ended_at, end_reason = NEW.end_reason, ended_by = NEW.ended_by, ended_in = NEW.ended_in,
      ended_address = NEW.ended_address, ended_agent = NEW.ended_agent, ended_from = NEW.ended_from
    WHERE issued_in = NEW.id AND ended_at IS NULL;
END;

-- Consents given before this time were given for other addresses.
ALTER TABLE api_clients ADD COLUMN redirects_changed_at INTEGER NOT NULL DEFAULT 0;

-- An actor is `user:<id> via client:<id>` where an application acts for the user: it is found by the user.
DROP INDEX events_by_actor;
DROP INDEX events_of_actor;
CREATE INDEX events_by_actor ON events (substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);
CREATE INDEX events_of_actor ON events (reseller_id, substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);
