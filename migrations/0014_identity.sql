-- Who owns an identity: what a person has proved, what others prepared, and memberships that wait for the person.

-- When the person followed a link sent to the address, or a trusted provider confirmed it; null: nobody has proved it.
ALTER TABLE users ADD COLUMN email_verified_at INTEGER;
-- Scopes, separated by spaces, of the credential that last set this user's password or address, and when it did so. Null
-- once the person has chosen its own password by a link sent to the address.
ALTER TABLE users ADD COLUMN prepared_scopes TEXT;
ALTER TABLE users ADD COLUMN prepared_at INTEGER;

-- When the person accepted the membership; null: pending, and it gives nothing until then.
ALTER TABLE memberships ADD COLUMN accepted_at INTEGER;
UPDATE memberships SET accepted_at = created_at;
DROP TRIGGER users_joined;
CREATE TRIGGER users_joined AFTER INSERT ON users BEGIN
  INSERT INTO memberships (user_id, reseller_id, roles, created_at, accepted_at)
    VALUES (NEW.id, NEW.reseller_id, iif(NEW.organization_id IS NULL, '["account.user"]', '[]'), NEW.created_at, NEW.created_at);
END;
CREATE TRIGGER users_rehomed AFTER UPDATE OF reseller_id ON users WHEN NEW.reseller_id <> OLD.reseller_id BEGIN
  UPDATE resellers SET user_count = user_count - 1 WHERE id = OLD.reseller_id;
  UPDATE resellers SET user_count = user_count + 1 WHERE id = NEW.reseller_id;
END;

-- Scopes of the administrator's credential that was given a token; null: the link went to the user by mail.
ALTER TABLE activations ADD COLUMN asked_scopes TEXT;

-- Another address may be another person's: what the former one set is prepared for the new one.
CREATE TRIGGER users_moved_address AFTER UPDATE OF email ON users WHEN lower(NEW.email) <> lower(OLD.email) BEGIN
  UPDATE users SET email_verified_at = NULL WHERE id = NEW.id;
  UPDATE users SET prepared_scopes = '', prepared_at = NEW.updated_at
    WHERE id = NEW.id AND (password_hash IS NOT NULL OR verified_at IS NOT NULL);
  DELETE FROM memberships WHERE user_id = NEW.id AND accepted_at IS NULL;
END;
-- A membership waits for the person that was invited, not for a credential that has set a password since.
CREATE TRIGGER users_prepared AFTER UPDATE OF prepared_at ON users
WHEN NEW.prepared_at IS NOT NULL AND NEW.prepared_at IS NOT OLD.prepared_at BEGIN
  DELETE FROM memberships WHERE user_id = NEW.id AND accepted_at IS NULL;
END;

CREATE INDEX activations_open ON activations (user_id) WHERE used_at IS NULL;
-- Links made before a user gained rights or a membership, or got another address or factor, have expired since.
CREATE TRIGGER users_links_voided AFTER UPDATE OF email, role, organization_id ON users
WHEN lower(NEW.email) <> lower(OLD.email)
  OR (NEW.role <> OLD.role AND NEW.role IN ('reseller-admin', 'organization-admin'))
  OR (NEW.role = 'organization-admin' AND NEW.organization_id IS NOT NULL AND NEW.organization_id IS NOT OLD.organization_id) BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER memberships_links_voided AFTER UPDATE OF roles, accepted_at ON memberships
WHEN NEW.accepted_at IS NOT OLD.accepted_at
  OR (NEW.accepted_at IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(NEW.roles)
    WHERE value <> 'account.service.status' AND value NOT IN (SELECT value FROM json_each(OLD.roles)))) BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER totp_secrets_links_voided AFTER UPDATE OF confirmed_at ON totp_secrets
WHEN NEW.confirmed_at IS NOT OLD.confirmed_at BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER totp_secrets_gone_links_voided AFTER DELETE ON totp_secrets WHEN OLD.confirmed_at IS NOT NULL BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = OLD.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER passkeys_links_voided AFTER INSERT ON passkeys BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER passkeys_gone_links_voided AFTER DELETE ON passkeys BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = OLD.user_id AND used_at IS NULL AND expires_at > created_at;
END;

-- Invitations that a person refused: the same tenant cannot repeat one for a while.
CREATE TABLE membership_refusals (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  refused_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, reseller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_refusals_expired ON membership_refusals (refused_at);
CREATE INDEX membership_refusals_by_reseller ON membership_refusals (reseller_id);
CREATE INDEX memberships_pending ON memberships (created_at) WHERE accepted_at IS NULL;

-- Who deletes an organization has to hold the rights of the reseller-admins in it.
CREATE INDEX users_reseller_admins ON users (organization_id) WHERE role = 'reseller-admin' AND organization_id IS NOT NULL;
