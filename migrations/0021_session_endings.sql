-- The tenant in which the request was made that ended a session; null: it belongs to none, or to the session's.
ALTER TABLE sessions ADD COLUMN ended_from TEXT;

-- Another tenant's log has neither the request nor who made it, unless it was the user.
DROP TRIGGER sessions_ended;
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
  INSERT INTO events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, address, user_agent, audit_only)
    SELECT lower(printf('%08x-%04x-7%03x-%04x-%012x', NEW.ended_at >> 16, NEW.ended_at & 65535, random() & 4095,
        32768 | (random() & 16383), random() & 281474976710655)),
      NEW.reseller_id, 'account.session-ended',
      iif(elsewhere AND NEW.ended_by <> 'user:' || NEW.user_id, 'reseller:' || NEW.ended_from, ifnull(NEW.ended_by, 'user:' || NEW.user_id)),
      NEW.user_id, json_object('sessionId', NEW.id, 'reason', ifnull(NEW.end_reason, '')),
      iif(elsewhere, '', ifnull(NEW.ended_in, '')), NEW.ended_at, iif(elsewhere, '', NEW.ended_address),
      iif(elsewhere, '', NEW.ended_agent), 1
    FROM (SELECT NEW.ended_from IS NOT NULL AND NEW.ended_from <> NEW.reseller_id AS elsewhere);
END;
