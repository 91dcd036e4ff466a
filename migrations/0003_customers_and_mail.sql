-- What the reseller dialect knows of customers and their users beyond v3, and what it takes to invite people by mail.

ALTER TABLE organizations ADD COLUMN company_name TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN industry TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN sector TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN number_of_employees INTEGER CHECK (number_of_employees >= 0);
ALTER TABLE organizations ADD COLUMN secrecy_applies INTEGER NOT NULL DEFAULT 0 CHECK (secrecy_applies IN (0, 1));
ALTER TABLE organizations ADD COLUMN sensitive_attributes TEXT NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN technical_interface INTEGER NOT NULL DEFAULT 0 CHECK (technical_interface IN (0, 1));

ALTER TABLE users ADD COLUMN job_title TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'de', 'ja', 'fr', 'es'));
-- Null: invited, and nobody has followed the link yet. Whoever was given a password counts as verified.
ALTER TABLE users ADD COLUMN verified_at INTEGER;
UPDATE users SET verified_at = created_at;
-- Also where the Worker of the version before still runs.
CREATE TRIGGER users_vouched_for AFTER INSERT ON users WHEN NEW.password_hash IS NOT NULL AND NEW.verified_at IS NULL BEGIN
  UPDATE users SET verified_at = NEW.created_at WHERE id = NEW.id;
END;

-- How a reseller shows itself in mails and pages; what is null is its plain name or nothing.
CREATE TABLE brandings (
  reseller_id TEXT PRIMARY KEY NOT NULL REFERENCES resellers (id),
  product_name TEXT,
  logo_url TEXT,
  primary_color TEXT,
  support_email TEXT,
  sender_name TEXT,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A signed-in person. Ended with its user, and by a new password.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_expired ON sessions (expires_at);

-- The links in mails: only the hash of the token is known here. One that was sent makes the user's older ones void, which
-- have a smaller seq.
CREATE TABLE activations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('activation', 'password-reset')),
  -- The address that the link went to; the link is void for any other.
  email_key TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- Null: the mail has not left, or nobody knows whether it has.
  sent_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE INDEX activations_by_user ON activations (user_id, seq);
CREATE INDEX activations_expired ON activations (expires_at);

-- One row a mail. Without a foreign key to the user, who may go while the record stays.
CREATE TABLE emails (
  id TEXT PRIMARY KEY NOT NULL,
  -- What it was sent for, so that nothing is sent for the same thing twice.
  cause TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  recipient TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  reseller_id TEXT NOT NULL,
  user_id TEXT,
  -- The event that it tells of, where its content comes from there.
  event_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When it is due: the next attempt, or while one runs the end of its lease. Null once settled.
  next_attempt_at INTEGER,
  lease TEXT,
  provider_id TEXT,
  -- Why the last attempt failed, or why there was none.
  reason TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX emails_due ON emails (next_attempt_at) WHERE state = 'pending';
CREATE INDEX emails_by_user ON emails (user_id, created_at) WHERE user_id IS NOT NULL;
