-- Signing in: sessions with their refresh tokens, attempts, second factors, outside identities, and what browsers are in
-- the middle of.

-- The reseller that its owner acts in; null only of sessions from before, which are no use any more.
ALTER TABLE sessions ADD COLUMN reseller_id TEXT REFERENCES resellers (id);
-- The API client that acts for the user; null: nobody but us.
ALTER TABLE sessions ADD COLUMN client_id TEXT REFERENCES api_clients (id);
-- What that client may do at most, separated by spaces; null: whatever the user may.
ALTER TABLE sessions ADD COLUMN scope TEXT;
-- How the user proved to be the user (RFC 8176), a JSON array.
ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
-- Of a browser's session, the hash of what its cookie says.
ALTER TABLE sessions ADD COLUMN cookie_hash TEXT;
-- Why, by whom and in which request it ended: what the audit log says.
ALTER TABLE sessions ADD COLUMN end_reason TEXT;
ALTER TABLE sessions ADD COLUMN ended_by TEXT;
ALTER TABLE sessions ADD COLUMN ended_in TEXT;
UPDATE sessions SET ended_at = created_at WHERE ended_at IS NULL;
DROP INDEX sessions_by_user;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_reseller ON sessions (reseller_id, created_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_client ON sessions (client_id) WHERE ended_at IS NULL;
CREATE INDEX api_clients_revoked ON api_clients (revoked_at) WHERE revoked_at > 0;
CREATE UNIQUE INDEX sessions_by_cookie ON sessions (cookie_hash) WHERE cookie_hash IS NOT NULL;

-- Each works once. One that comes again ends its session.
CREATE TABLE refresh_tokens (
  token_hash TEXT PRIMARY KEY NOT NULL,
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Attempts to sign in, counted by address of mail and by address of the network; those that succeed are taken away.
CREATE TABLE sign_in_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  email_key TEXT NOT NULL,
  address TEXT NOT NULL,
  attempted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_email ON sign_in_attempts (email_key, attempted_at);
CREATE INDEX sign_in_attempts_by_address ON sign_in_attempts (address, attempted_at);

-- A secret shared with the user's authenticator (RFC 6238); not confirmed: no code of it has been seen.
CREATE TABLE totp_secrets (
  user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sealed_secret TEXT NOT NULL,
  confirmed_at INTEGER,
  -- The time step of the code that was last used: none of it or before works (again).
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  -- The credential id, in base64url.
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  transports TEXT NOT NULL CHECK (json_type(transports) = 'array'),
  backed_up INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);

-- Who somebody is at an outside provider (OpenID Connect).
CREATE TABLE external_identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The address that both had when they were linked.
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX external_identities_by_user ON external_identities (user_id, issuer);

-- A browser on its way through the pages; nobody else can go on with it.
CREATE TABLE sign_in_flows (
  id TEXT PRIMARY KEY NOT NULL,
  browser_hash TEXT NOT NULL,
  -- Where it leads, JSON.
  goal TEXT NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  -- Who has proved to be somebody so far, and how (RFC 8176).
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  methods TEXT NOT NULL DEFAULT '[]',
  -- What the user's authenticator, or the outside provider, has to answer to.
  challenge TEXT,
  sealed_secrets TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- When it led to a session; it leads to no other.
  finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_flows_expired ON sign_in_flows (expires_at);
CREATE INDEX sign_in_flows_by_user ON sign_in_flows (user_id) WHERE user_id IS NOT NULL;

-- Who has shown a password that is no more has shown nothing, and a link that was asked for before it is not wanted any more.
-- A better hash of the same password leaves the user as it was.
CREATE TRIGGER users_password_changed AFTER UPDATE OF password_hash ON users
WHEN OLD.password_hash IS NOT NEW.password_hash AND OLD.updated_at <> NEW.updated_at BEGIN
  DELETE FROM sign_in_flows WHERE user_id = NEW.id AND finished_at IS NULL;
  UPDATE activations SET used_at = NEW.updated_at WHERE user_id = NEW.id AND used_at IS NULL;
  DELETE FROM authorization_codes WHERE user_id = NEW.id AND used_at IS NULL;
END;

-- Where an API client may have users sent back to (RFC 6749 §3.1.2), a JSON array.
ALTER TABLE api_clients ADD COLUMN redirect_uris TEXT NOT NULL DEFAULT '[]';

CREATE TABLE authorization_codes (
  code_hash TEXT PRIMARY KEY NOT NULL,
  client_id TEXT NOT NULL REFERENCES api_clients (id),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  redirect_uri TEXT NOT NULL,
  scope TEXT NOT NULL,
  nonce TEXT,
  code_challenge TEXT NOT NULL,
  methods TEXT NOT NULL,
  authenticated_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- The session that it was exchanged for; a second exchange ends that.
  session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_codes_expired ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id);
CREATE INDEX authorization_codes_by_session ON authorization_codes (session_id) WHERE session_id IS NOT NULL;

-- The administrator who was given the link's token, to hand it on; null: it went to the user's address by mail, and whoever
-- has it shows that the address is theirs.
ALTER TABLE activations ADD COLUMN asked_by TEXT;

-- What a browser's session had come of it when it ends, and no client has taken yet, goes with it.
CREATE TRIGGER sessions_ended_codes AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.cookie_hash IS NOT NULL BEGIN
  DELETE FROM authorization_codes WHERE user_id = NEW.user_id AND used_at IS NULL;
END;

-- What users let API clients do for them.
CREATE TABLE consents (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES api_clients (id),
  scope TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;

-- Rows of the audit log that are nobody's webhook and no part of the feed.
ALTER TABLE events ADD COLUMN audit_only INTEGER NOT NULL DEFAULT 0 CHECK (audit_only IN (0, 1));
DROP INDEX events_feed;
CREATE INDEX events_feed ON events (reseller_id, seq) WHERE audit_only = 0;
CREATE INDEX events_by_reseller ON events (reseller_id, seq);

-- Whichever way a session ends before its time, the audit log says so. The id is a UUIDv7 of that time.
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
  INSERT INTO events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, audit_only)
    VALUES (
      lower(printf('%08x-%04x-7%03x-%04x-%012x', NEW.ended_at >> 16, NEW.ended_at & 65535, random() & 4095,
        32768 | (random() & 16383), random() & 281474976710655)),
      NEW.reseller_id, 'account.session-ended', ifnull(NEW.ended_by, 'user:' || NEW.user_id), NEW.user_id,
      json_object('sessionId', NEW.id, 'reason', ifnull(NEW.end_reason, '')), ifnull(NEW.ended_in, ''), NEW.ended_at, 1);
END;

-- What was good before this time is not any more, also after the account is enabled again.
ALTER TABLE resellers ADD COLUMN signed_out_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX resellers_by_signed_out ON resellers (signed_out_at) WHERE signed_out_at > 0;
CREATE TRIGGER resellers_signed_out AFTER UPDATE OF enabled ON resellers WHEN OLD.enabled AND NOT NEW.enabled BEGIN
  UPDATE resellers SET signed_out_at = max(NEW.updated_at, ifnull(NEW.deleted_at, 0)) WHERE id = NEW.id;
END;

-- Who may not sign in (any more) is signed out.
CREATE TRIGGER memberships_withdrawn AFTER UPDATE OF roles ON memberships
WHEN instr(OLD.roles, '"account.user"') > 0 AND instr(NEW.roles, '"account.user"') = 0 BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.user_id AND reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND reseller_id = NEW.reseller_id
        AND organization_id IS NOT NULL AND allow_customer_portal_access);
END;
CREATE TRIGGER memberships_left BEFORE DELETE ON memberships BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = OLD.user_id AND reseller_id = OLD.reseller_id AND ended_at IS NULL;
END;
CREATE TRIGGER users_withdrawn AFTER UPDATE OF allow_customer_portal_access, organization_id ON users
WHEN OLD.allow_customer_portal_access AND OLD.organization_id IS NOT NULL
  AND NOT (NEW.allow_customer_portal_access AND NEW.organization_id IS NOT NULL) BEGIN
  UPDATE sessions SET ended_at = NEW.updated_at, end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.id AND reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = NEW.id AND reseller_id = NEW.reseller_id
        AND instr(roles, '"account.user"') > 0);
END;
CREATE TRIGGER users_gone BEFORE DELETE ON users BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'user-deleted', ended_by = 'system'
    WHERE user_id = OLD.id AND ended_at IS NULL;
END;
