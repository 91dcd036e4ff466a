-- Times are integers: milliseconds since the epoch, UTC. Ids are UUIDv7, lower case.

CREATE TABLE resellers (
  id TEXT PRIMARY KEY NOT NULL,
  parent_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  description TEXT NOT NULL,
  allowed_users INTEGER NOT NULL CHECK (allowed_users >= -1),
  allowed_organizations INTEGER NOT NULL CHECK (allowed_organizations >= -1),
  user_count INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),
  organization_count INTEGER NOT NULL DEFAULT 0 CHECK (organization_count >= 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX resellers_name ON resellers (name_key) WHERE deleted_at IS NULL;
CREATE INDEX resellers_by_name ON resellers (name_key, id);
CREATE INDEX resellers_by_email ON resellers (email_key, id);
CREATE INDEX resellers_by_created ON resellers (created_at, id);
CREATE INDEX resellers_by_updated ON resellers (updated_at, id);
CREATE INDEX resellers_by_parent ON resellers (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE organizations (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  description TEXT NOT NULL,
  allowed_users INTEGER NOT NULL CHECK (allowed_users >= -1),
  address_line1 TEXT NOT NULL,
  address_line2 TEXT NOT NULL,
  city TEXT NOT NULL,
  state TEXT NOT NULL,
  country TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  user_count INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- Who deleted it and in which request: what the events of its users' removal say.
  deleted_by TEXT,
  deleted_in TEXT
) STRICT;
CREATE UNIQUE INDEX organizations_name ON organizations (reseller_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX organizations_by_name ON organizations (reseller_id, name_key, id);
CREATE INDEX organizations_by_email ON organizations (reseller_id, email_key, id);
CREATE INDEX organizations_by_created ON organizations (reseller_id, created_at, id);
CREATE INDEX organizations_by_updated ON organizations (reseller_id, updated_at, id);
CREATE INDEX organizations_deleted ON organizations (id) WHERE deleted_at IS NOT NULL;

CREATE TABLE users (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  organization_id TEXT REFERENCES organizations (id),
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL,
  company TEXT NOT NULL,
  allow_customer_portal_access INTEGER NOT NULL CHECK (allow_customer_portal_access IN (0, 1)),
  password_hash TEXT,
  two_factor_enabled INTEGER NOT NULL DEFAULT 0 CHECK (two_factor_enabled IN (0, 1)),
  google_sso_enabled INTEGER NOT NULL DEFAULT 0 CHECK (google_sso_enabled IN (0, 1)),
  last_login_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email_key);
CREATE INDEX users_by_created ON users (reseller_id, created_at, id);
CREATE INDEX users_by_updated ON users (reseller_id, updated_at, id);
CREATE INDEX users_by_name ON users (reseller_id, name_key, id);
CREATE INDEX users_by_email ON users (reseller_id, email_key, id);
CREATE INDEX users_by_organization ON users (organization_id, created_at, id) WHERE organization_id IS NOT NULL;

-- The quotas' counters. Triggers, so that no way of writing can forget one.
CREATE TRIGGER users_counted AFTER INSERT ON users BEGIN
  UPDATE resellers SET user_count = user_count + 1 WHERE id = NEW.reseller_id;
  UPDATE organizations SET user_count = user_count + 1 WHERE id = NEW.organization_id;
END;
CREATE TRIGGER users_uncounted AFTER DELETE ON users BEGIN
  UPDATE resellers SET user_count = user_count - 1 WHERE id = OLD.reseller_id;
  UPDATE organizations SET user_count = user_count - 1 WHERE id = OLD.organization_id;
END;
CREATE TRIGGER users_moved AFTER UPDATE OF organization_id ON users
WHEN NEW.organization_id IS NOT OLD.organization_id BEGIN
  UPDATE organizations SET user_count = user_count - 1 WHERE id = OLD.organization_id;
  UPDATE organizations SET user_count = user_count + 1 WHERE id = NEW.organization_id;
END;
CREATE TRIGGER organizations_counted AFTER INSERT ON organizations BEGIN
  UPDATE resellers SET organization_count = organization_count + 1 WHERE id = NEW.reseller_id;
END;
CREATE TRIGGER organizations_uncounted AFTER UPDATE OF deleted_at ON organizations
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE resellers SET organization_count = organization_count - 1 WHERE id = NEW.reseller_id;
END;

CREATE TABLE api_clients (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_clients_by_reseller ON api_clients (reseller_id) WHERE reseller_id IS NOT NULL;

CREATE TABLE revoked_tokens (
  jti TEXT PRIMARY KEY NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_expired ON revoked_tokens (expires_at);

-- Outbox, audit log and feed in one. seq is the order of commit, which ids made in many places cannot give.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  reseller_id TEXT REFERENCES resellers (id),
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT,
  request_id TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  -- When the sweep sends it to the fan-out (again); null once its deliveries are rows.
  relay_at INTEGER,
  relays INTEGER NOT NULL DEFAULT 0,
  -- The webhook body, rendered once at the fan-out, so that every attempt signs the same bytes.
  body TEXT
) STRICT;
CREATE INDEX events_feed ON events (reseller_id, seq);
CREATE INDEX events_outbox ON events (relay_at) WHERE relay_at IS NOT NULL;

CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  url TEXT NOT NULL,
  sealed_token TEXT NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  events TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('healthy', 'unhealthy', 'suspended')),
  -- The last event before it: it hears of what is committed after. Clocks could not tell.
  after_seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_by_name ON webhook_endpoints (reseller_id, name_key, id);
CREATE INDEX webhook_endpoints_by_created ON webhook_endpoints (reseller_id, created_at, id);
CREATE INDEX webhook_endpoints_by_updated ON webhook_endpoints (reseller_id, updated_at, id);

CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY NOT NULL,
  event_id TEXT NOT NULL REFERENCES events (id),
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When it is due: the next attempt, or while one runs the end of its lease.
  next_attempt_at INTEGER NOT NULL,
  lease TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (event_id, endpoint_id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE state = 'pending';

CREATE TABLE webhook_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  attempted_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status_code INTEGER,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, attempted_at);

CREATE TABLE idempotency_keys (
  credential TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  sealed_body TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (credential, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expired ON idempotency_keys (expires_at);

-- Messages that a queue or the sweep gave up on.
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY NOT NULL,
  message TEXT NOT NULL,
  reason TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

-- One row a cron job: a lease against double firing.
CREATE TABLE jobs (
  name TEXT PRIMARY KEY NOT NULL,
  leased_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
