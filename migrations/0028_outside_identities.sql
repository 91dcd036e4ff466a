-- What an outside identity may do: who vouches for it, what the user unlinked, and by which sign-in a user changes itself.

-- How outside identities become a user's: by themselves, only after one of the user's own proofs, or not at all.
ALTER TABLE resellers ADD COLUMN google_sign_in TEXT NOT NULL DEFAULT 'automatic'
  CHECK (google_sign_in IN ('automatic', 'confirmed', 'off'));

-- When an outside identity was taken from the user; none is linked until the signed-in user allows it. Null: none was.
ALTER TABLE users ADD COLUMN google_unlinked_at INTEGER;
-- An address that changes may be another person's: what the former one linked goes.
CREATE TRIGGER users_moved_identities AFTER UPDATE OF email ON users
WHEN lower(NEW.email) <> lower(OLD.email) AND EXISTS (SELECT 1 FROM external_identities WHERE user_id = NEW.id) BEGIN
  UPDATE users SET google_sso_enabled = 0, google_unlinked_at = NEW.updated_at WHERE id = NEW.id;
  DELETE FROM external_identities WHERE user_id = NEW.id;
END;

-- Who has shown an identity that is no more has shown nothing.
CREATE TRIGGER external_identities_gone AFTER DELETE ON external_identities BEGIN
  DELETE FROM sign_in_flows WHERE user_id = OLD.user_id AND finished_at IS NULL;
END;

-- Who the browser came back as from the outside provider, JSON.
ALTER TABLE sign_in_flows ADD COLUMN identity TEXT;

-- When the user proved to be the user, here or at the outside provider; 0: the provider did not say.
ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET authenticated_at = created_at WHERE methods <> '["google"]';
-- Whether the rules of the user's own account accept how that was.
ALTER TABLE sessions ADD COLUMN counts_at_home INTEGER NOT NULL DEFAULT 1 CHECK (counts_at_home IN (0, 1));
