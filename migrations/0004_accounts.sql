-- What the accounts dialect knows: accounts' own facts, who belongs to which with which roles, and mails held back.

ALTER TABLE resellers ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE resellers ADD COLUMN timezone TEXT;
ALTER TABLE resellers ADD COLUMN country_code TEXT;
-- An account that is not: its mails wait, and its users stay out.
ALTER TABLE resellers ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1));

-- Who belongs to which reseller. users.reseller_id is the primary one, which has a row here too.
CREATE TABLE memberships (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  -- A JSON array of role keys, in the order in which callers see them.
  roles TEXT NOT NULL CHECK (json_type(roles) = 'array'),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, reseller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_reseller ON memberships (reseller_id, created_at, user_id);
CREATE INDEX memberships_admins ON memberships (reseller_id, user_id) WHERE instr(roles, '"user.admin"') > 0;
CREATE INDEX memberships_subscribers ON memberships (reseller_id, user_id) WHERE instr(roles, '"account.service.status"') > 0;
INSERT INTO memberships (user_id, reseller_id, roles, created_at)
  SELECT id, reseller_id, iif(organization_id IS NULL, '["account.user"]', '[]'), created_at FROM users;
-- Whichever way a user comes to be. A customer's people have no business on the reseller's pages.
CREATE TRIGGER users_joined AFTER INSERT ON users BEGIN
  INSERT INTO memberships (user_id, reseller_id, roles, created_at)
    VALUES (NEW.id, NEW.reseller_id, iif(NEW.organization_id IS NULL, '["account.user"]', '[]'), NEW.created_at);
END;

CREATE INDEX api_clients_by_created ON api_clients (reseller_id, created_at, id) WHERE revoked_at IS NULL;

-- Mails without a time wait until their reseller is enabled. One that is under way when that happens has its lease to go.
CREATE INDEX emails_waiting ON emails (reseller_id) WHERE state = 'pending';
CREATE TRIGGER resellers_held AFTER UPDATE OF enabled ON resellers WHEN OLD.enabled AND NOT NEW.enabled BEGIN
  UPDATE emails SET next_attempt_at = NULL WHERE reseller_id = NEW.id AND state = 'pending';
END;
-- Of several links that wait for the same person one is enough.
CREATE TRIGGER resellers_released AFTER UPDATE OF enabled ON resellers WHEN NEW.enabled AND NOT OLD.enabled BEGIN
  UPDATE emails SET state = 'dropped', reason = 'a younger one waits', settled_at = NEW.updated_at
    WHERE reseller_id = NEW.id AND state = 'pending' AND next_attempt_at IS NULL AND lease IS NULL
      AND template IN ('activation', 'password-reset')
      AND EXISTS (SELECT 1 FROM emails AS younger WHERE younger.user_id = emails.user_id
        AND (younger.created_at, younger.id) > (emails.created_at, emails.id)
        AND younger.state = 'pending' AND younger.next_attempt_at IS NULL
        AND younger.template = emails.template AND younger.recipient_key = emails.recipient_key);
  UPDATE emails SET next_attempt_at = NEW.updated_at + iif(lease IS NULL, -1000, 90000)
    WHERE reseller_id = NEW.id AND state = 'pending' AND next_attempt_at IS NULL;
END;
