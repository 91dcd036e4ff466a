-- Whether users without a second factor reach only /v3/me and the account page.
ALTER TABLE resellers ADD COLUMN require_two_factor INTEGER NOT NULL DEFAULT 0 CHECK (require_two_factor IN (0, 1));
