-- Whether users without a second factor may do nothing here but set one up.
ALTER TABLE resellers ADD COLUMN require_two_factor INTEGER NOT NULL DEFAULT 0 CHECK (require_two_factor IN (0, 1));
