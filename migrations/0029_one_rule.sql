DROP TRIGGER users_vouched_for;
CREATE TRIGGER users_unlinked AFTER UPDATE OF google_unlinked_at ON users
WHEN NEW.google_unlinked_at IS NOT NULL AND NEW.google_unlinked_at IS NOT OLD.google_unlinked_at BEGIN
  DELETE FROM external_identities WHERE user_id = NEW.id;
END;
DROP TRIGGER users_moved_identities;
CREATE TRIGGER users_moved_identities AFTER UPDATE OF email ON users
WHEN lower(NEW.email) <> lower(OLD.email) AND EXISTS (SELECT 1 FROM external_identities WHERE user_id = NEW.id) BEGIN
  UPDATE users SET google_sso_enabled = 0, google_unlinked_at = NEW.updated_at WHERE id = NEW.id;
END;
