-- The audit log: where each change came from, how it is read, and a chain of hashes by which a missing or altered row shows.

ALTER TABLE events ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE events ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
-- SHA-256 of the row and of the hash before it; null: not sealed yet.
ALTER TABLE events ADD COLUMN hash TEXT;
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX events_by_actor ON events (actor, seq);
CREATE INDEX events_by_subject ON events (subject, seq);
CREATE INDEX events_of_type ON events (reseller_id, type, seq);
CREATE INDEX events_of_actor ON events (reseller_id, actor, seq);

-- Where the chain stands: one row.
CREATE TABLE audit_chain (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
  -- The last row that was purged, which the oldest that is kept follows.
  start_seq INTEGER NOT NULL,
  start_hash TEXT NOT NULL,
  -- The last row that is sealed.
  head_seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  -- Up to here rows had gone one by one before there was a chain: there may be gaps.
  gaps_until INTEGER NOT NULL
) STRICT;
INSERT INTO audit_chain (id, start_seq, start_hash, head_seq, head_hash, gaps_until)
  SELECT 1, 0, '', 0, '', ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0);

-- Where the request came from that ended a session, or deleted the organization whose users go one after another.
ALTER TABLE sessions ADD COLUMN ended_address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN ended_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN deleted_address TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN deleted_agent TEXT NOT NULL DEFAULT '';

DROP TRIGGER sessions_ended;
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
  INSERT INTO events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, address, user_agent, audit_only)
    VALUES (
      lower(printf('%08x-%04x-7%03x-%04x-%012x', NEW.ended_at >> 16, NEW.ended_at & 65535, random() & 4095,
        32768 | (random() & 16383), random() & 281474976710655)),
      NEW.reseller_id, 'account.session-ended', ifnull(NEW.ended_by, 'user:' || NEW.user_id), NEW.user_id,
      json_object('sessionId', NEW.id, 'reason', ifnull(NEW.end_reason, '')), ifnull(NEW.ended_in, ''), NEW.ended_at,
      NEW.ended_address, NEW.ended_agent, 1);
END;
