-- Disabled is a state of a membership, the primary one included: it gives nothing and takes no place until it is enabled.

-- Since when; null: enabled.
ALTER TABLE memberships ADD COLUMN disabled_at INTEGER;
-- Whether the primary membership is disabled, and how many of such users there are: kept by triggers, for quotas.
ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1));
ALTER TABLE resellers ADD COLUMN disabled_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organizations ADD COLUMN disabled_count INTEGER NOT NULL DEFAULT 0;

-- What the tenant has let the user do ends. Links made before are void: the tenant's own, and all once the rights are back.
CREATE TRIGGER memberships_disabled AFTER UPDATE OF disabled_at ON memberships
WHEN (NEW.disabled_at IS NULL) <> (OLD.disabled_at IS NULL) BEGIN
  UPDATE users SET disabled = NEW.disabled_at IS NOT NULL WHERE id = NEW.user_id AND reseller_id = NEW.reseller_id;
  UPDATE sessions SET ended_at = NEW.disabled_at, end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE NEW.disabled_at IS NOT NULL AND user_id = NEW.user_id AND +reseller_id = NEW.reseller_id AND ended_at IS NULL;
  DELETE FROM authorization_codes WHERE user_id = NEW.user_id AND used_at IS NULL
    AND EXISTS (SELECT 1 FROM api_clients WHERE id = client_id AND reseller_id = NEW.reseller_id);
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at
    AND (NEW.disabled_at IS NULL OR reseller_id = NEW.reseller_id);
END;

CREATE TRIGGER users_disabled_counted AFTER UPDATE OF disabled, reseller_id, organization_id ON users
WHEN (OLD.disabled OR NEW.disabled) AND (NEW.disabled <> OLD.disabled OR NEW.reseller_id <> OLD.reseller_id
  OR NEW.organization_id IS NOT OLD.organization_id) BEGIN
  UPDATE resellers SET disabled_count = disabled_count - 1 WHERE OLD.disabled AND id = OLD.reseller_id;
  UPDATE resellers SET disabled_count = disabled_count + 1 WHERE NEW.disabled AND id = NEW.reseller_id;
  UPDATE organizations SET disabled_count = disabled_count - 1 WHERE OLD.disabled AND id = OLD.organization_id;
  UPDATE organizations SET disabled_count = disabled_count + 1 WHERE NEW.disabled AND id = NEW.organization_id;
END;
CREATE TRIGGER users_disabled_gone AFTER DELETE ON users WHEN OLD.disabled BEGIN
  UPDATE resellers SET disabled_count = disabled_count - 1 WHERE id = OLD.reseller_id;
  UPDATE organizations SET disabled_count = disabled_count - 1 WHERE id = OLD.organization_id;
END;
CREATE TRIGGER users_disabled_rehomed AFTER UPDATE OF reseller_id ON users WHEN NEW.reseller_id <> OLD.reseller_id BEGIN
  UPDATE users SET disabled = EXISTS (SELECT 1 FROM memberships
      WHERE user_id = NEW.id AND reseller_id = NEW.reseller_id AND disabled_at IS NOT NULL)
    WHERE id = NEW.id;
END;

DROP INDEX memberships_subscribers;
CREATE INDEX memberships_subscribers ON memberships (reseller_id, user_id)
  WHERE instr(roles, '"account.service.status"') > 0 AND accepted_at IS NOT NULL AND disabled_at IS NULL;
