-- What accounts tell their subscribers, the mails that it becomes, and how far they have come.

CREATE TABLE status_updates (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'maintenance', 'incident', 'release')),
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX status_updates_by_reseller ON status_updates (reseller_id, created_at, id);

-- Apart from the texts, which would be written again with each mail that is counted.
CREATE TABLE status_update_progress (
  status_update_id TEXT PRIMARY KEY NOT NULL REFERENCES status_updates (id),
  -- The last user whose mail is written; they come in the order of their ids.
  cursor TEXT NOT NULL DEFAULT '',
  -- When mails were last written; null once there are no more to write.
  expanding_at INTEGER,
  pending INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  -- Mails that nobody wanted any more when they were to leave.
  dropped INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX status_updates_expanding ON status_update_progress (expanding_at) WHERE expanding_at IS NOT NULL;

ALTER TABLE emails ADD COLUMN status_update_id TEXT;
-- Counted here, so that no way of settling a mail can forget it, and that the purge of old mails takes nothing away.
CREATE TRIGGER status_mails_written AFTER INSERT ON emails WHEN NEW.status_update_id IS NOT NULL BEGIN
  UPDATE status_update_progress SET pending = pending + 1 WHERE status_update_id = NEW.status_update_id;
END;
CREATE TRIGGER status_mails_settled AFTER UPDATE OF state ON emails
WHEN NEW.status_update_id IS NOT NULL AND NEW.state <> OLD.state BEGIN
  UPDATE status_update_progress SET
      pending = pending + (NEW.state = 'pending') - (OLD.state = 'pending'),
      sent = sent + (NEW.state = 'sent') - (OLD.state = 'sent'),
      failed = failed + (NEW.state = 'failed') - (OLD.state = 'failed'),
      dropped = dropped + (NEW.state = 'dropped') - (OLD.state = 'dropped')
    WHERE status_update_id = NEW.status_update_id;
END;
