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
-- Nobody has proved a new address yet.
CREATE TRIGGER users_moved_address AFTER UPDATE OF email_key ON users WHEN NEW.email_key <> OLD.email_key BEGIN
  UPDATE users SET email_verified_at = NULL WHERE id = NEW.id;
END;
