-- Times are integers: milliseconds since the epoch, UTC. Ids are UUIDv7, lower case. Lists and objects are JSON.
-- A table stands behind those that it refers to: a backup is restored in this order.

-- Resellers

CREATE TABLE resellers (
  id TEXT PRIMARY KEY NOT NULL,
  parent_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  description TEXT NOT NULL,
  reference TEXT NOT NULL DEFAULT '',
  timezone TEXT,
  country_code TEXT,
  allowed_users INTEGER NOT NULL CHECK (allowed_users >= -1),
  allowed_organizations INTEGER NOT NULL CHECK (allowed_organizations >= -1),
  user_count INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),
  disabled_count INTEGER NOT NULL DEFAULT 0,
  organization_count INTEGER NOT NULL DEFAULT 0 CHECK (organization_count >= 0),
  google_hosted_domain TEXT,
  google_sign_in TEXT NOT NULL DEFAULT 'automatic' CHECK (google_sign_in IN ('automatic', 'confirmed', 'off')),
  require_two_factor INTEGER NOT NULL DEFAULT 0 CHECK (require_two_factor IN (0, 1)),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  -- Sessions that began before are over, also once the account is enabled again.
  signed_out_at INTEGER NOT NULL DEFAULT 0,
  -- Since when held mails are due again, some at a time. Null: all are, or none may be.
  mails_released_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- When all beneath it was taken away. The row stays for the audit log.
  purged_at INTEGER
) STRICT;
CREATE UNIQUE INDEX resellers_name ON resellers (name_key) WHERE deleted_at IS NULL;
CREATE INDEX resellers_by_name ON resellers (name_key, id);
CREATE INDEX resellers_by_email ON resellers (email_key, id);
CREATE INDEX resellers_by_created ON resellers (created_at, id);
CREATE INDEX resellers_by_updated ON resellers (updated_at, id);
CREATE INDEX resellers_by_parent ON resellers (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX resellers_by_signed_out ON resellers (signed_out_at) WHERE signed_out_at > 0;
CREATE INDEX resellers_deleted ON resellers (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE INDEX resellers_purged ON resellers (purged_at) WHERE purged_at IS NOT NULL;
CREATE INDEX resellers_releasing ON resellers (mails_released_at) WHERE mails_released_at IS NOT NULL;

CREATE TRIGGER resellers_signed_out AFTER UPDATE OF enabled ON resellers WHEN OLD.enabled AND NOT NEW.enabled BEGIN
  UPDATE resellers SET signed_out_at = max(NEW.updated_at, ifnull(NEW.deleted_at, 0)) WHERE id = NEW.id;
END;
-- Its webhooks are off for good.
CREATE TRIGGER resellers_deleted AFTER UPDATE OF deleted_at ON resellers
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE webhook_endpoints SET enabled = 0 WHERE reseller_id = NEW.id AND deleted_at IS NULL AND enabled;
END;
CREATE TRIGGER resellers_released AFTER UPDATE OF enabled ON resellers WHEN NEW.enabled <> OLD.enabled BEGIN
  UPDATE resellers SET mails_released_at = iif(NEW.enabled, NEW.updated_at, NULL) WHERE id = NEW.id;
END;

-- Null: the plain name, or nothing.
CREATE TABLE brandings (
  reseller_id TEXT PRIMARY KEY NOT NULL REFERENCES resellers (id),
  product_name TEXT,
  logo_url TEXT,
  primary_color TEXT,
  support_email TEXT,
  sender_name TEXT,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The members of each reseller, and how many have each role. Triggers on memberships count.
CREATE TABLE member_counts (
  reseller_id TEXT PRIMARY KEY NOT NULL REFERENCES resellers (id) ON DELETE CASCADE,
  members INTEGER NOT NULL DEFAULT 0,
  account_user INTEGER NOT NULL DEFAULT 0,
  user_admin INTEGER NOT NULL DEFAULT 0,
  account_service_status INTEGER NOT NULL DEFAULT 0,
  account_storage_admin INTEGER NOT NULL DEFAULT 0,
  branding_admin INTEGER NOT NULL DEFAULT 0,
  customer_admin INTEGER NOT NULL DEFAULT 0,
  onboarding_admin INTEGER NOT NULL DEFAULT 0,
  webhooks_admin INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Organizations

CREATE TABLE organizations (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  description TEXT NOT NULL,
  company_name TEXT NOT NULL DEFAULT '',
  industry TEXT NOT NULL DEFAULT '',
  sector TEXT NOT NULL DEFAULT '',
  number_of_employees INTEGER CHECK (number_of_employees >= 0),
  secrecy_applies INTEGER NOT NULL DEFAULT 0 CHECK (secrecy_applies IN (0, 1)),
  sensitive_attributes TEXT NOT NULL DEFAULT '',
  technical_interface INTEGER NOT NULL DEFAULT 0 CHECK (technical_interface IN (0, 1)),
  address_line1 TEXT NOT NULL,
  address_line2 TEXT NOT NULL,
  city TEXT NOT NULL,
  state TEXT NOT NULL,
  country TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  allowed_users INTEGER NOT NULL CHECK (allowed_users >= -1),
  user_count INTEGER NOT NULL DEFAULT 0 CHECK (user_count >= 0),
  disabled_count INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- By whom, in which request and from where it was deleted: what the events of its users' removal say.
  deleted_by TEXT,
  deleted_in TEXT,
  deleted_address TEXT NOT NULL DEFAULT '',
  deleted_agent TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX organizations_name ON organizations (reseller_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX organizations_by_name ON organizations (reseller_id, name_key, id);
CREATE INDEX organizations_by_email ON organizations (reseller_id, email_key, id);
CREATE INDEX organizations_by_created ON organizations (reseller_id, created_at, id);
CREATE INDEX organizations_by_updated ON organizations (reseller_id, updated_at, id);
-- Deleted ones outlive their users. Every query of users reads this list, which stays short.
CREATE INDEX organizations_leaving ON organizations (id) WHERE deleted_at IS NOT NULL AND user_count > 0;
CREATE INDEX organizations_deleted ON organizations (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TRIGGER organizations_counted AFTER INSERT ON organizations BEGIN
  UPDATE resellers SET organization_count = organization_count + 1 WHERE id = NEW.reseller_id;
END;
CREATE TRIGGER organizations_uncounted AFTER UPDATE OF deleted_at ON organizations
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
  UPDATE resellers SET organization_count = organization_count - 1 WHERE id = NEW.reseller_id;
END;

-- Users

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
  job_title TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'de', 'ja', 'fr', 'es')),
  allow_customer_portal_access INTEGER NOT NULL CHECK (allow_customer_portal_access IN (0, 1)),
  password_hash TEXT,
  two_factor_enabled INTEGER NOT NULL DEFAULT 0 CHECK (two_factor_enabled IN (0, 1)),
  google_sso_enabled INTEGER NOT NULL DEFAULT 0 CHECK (google_sso_enabled IN (0, 1)),
  -- None is linked again until the signed-in user allows it.
  google_unlinked_at INTEGER,
  -- Null: invited, and the link was not followed yet. A user with a password counts as verified.
  verified_at INTEGER,
  -- When the person followed a link sent to the address, or a trusted provider confirmed it.
  email_verified_at INTEGER,
  -- Of the credential that last set the password or the address. Null: the person chose its own.
  prepared_scopes TEXT,
  prepared_at INTEGER,
  -- In how many resellers the user is a user.admin.
  admin_count INTEGER NOT NULL DEFAULT 0,
  -- Whether the primary membership is disabled, for quotas; triggers keep it.
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  -- To its own tenant; those to others are in memberships.
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
CREATE INDEX users_reseller_admins ON users (organization_id) WHERE role = 'reseller-admin' AND organization_id IS NOT NULL;
CREATE INDEX users_admins ON users (organization_id) WHERE organization_id IS NOT NULL AND admin_count > 0;

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
-- A proof by the old password, and a link asked for before, are void. A better hash of the same changes nothing.
CREATE TRIGGER users_password_changed AFTER UPDATE OF password_hash ON users
WHEN OLD.password_hash IS NOT NEW.password_hash AND OLD.updated_at <> NEW.updated_at BEGIN
  DELETE FROM sign_in_flows WHERE user_id = NEW.id AND finished_at IS NULL;
  UPDATE activations SET used_at = NEW.updated_at WHERE user_id = NEW.id AND used_at IS NULL;
  DELETE FROM authorization_codes WHERE user_id = NEW.id AND used_at IS NULL;
END;
CREATE TRIGGER users_gone BEFORE DELETE ON users BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'user-deleted', ended_by = 'system'
    WHERE user_id = OLD.id AND ended_at IS NULL;
END;
CREATE TRIGGER users_joined AFTER INSERT ON users BEGIN
  INSERT INTO memberships (user_id, reseller_id, roles, created_at, accepted_at)
    VALUES (NEW.id, NEW.reseller_id, iif(NEW.organization_id IS NULL, '["account.user"]', '[]'), NEW.created_at, NEW.created_at);
END;
CREATE TRIGGER users_rehomed AFTER UPDATE OF reseller_id ON users WHEN NEW.reseller_id <> OLD.reseller_id BEGIN
  UPDATE resellers SET user_count = user_count - 1 WHERE id = OLD.reseller_id;
  UPDATE resellers SET user_count = user_count + 1 WHERE id = NEW.reseller_id;
END;
-- Another address may be another person: what the former one set is prepared for the new one.
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
-- Links expire with a change of address and with more rights; so do they with memberships and factors.
CREATE TRIGGER users_links_voided AFTER UPDATE OF email, role, organization_id ON users
WHEN lower(NEW.email) <> lower(OLD.email)
  OR (NEW.role <> OLD.role AND NEW.role IN ('reseller-admin', 'organization-admin'))
  OR (NEW.role = 'organization-admin' AND NEW.organization_id IS NOT NULL AND NEW.organization_id IS NOT OLD.organization_id) BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.id AND used_at IS NULL AND expires_at > created_at;
END;
-- Who may not sign in any more is signed out. The plus keeps out the index of the reseller, which has all its users.
CREATE TRIGGER users_withdrawn AFTER UPDATE OF allow_customer_portal_access, organization_id ON users
WHEN OLD.allow_customer_portal_access AND OLD.organization_id IS NOT NULL
  AND NOT (NEW.allow_customer_portal_access AND NEW.organization_id IS NOT NULL) BEGIN
  UPDATE sessions SET ended_at = NEW.updated_at, end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.id AND +reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM memberships WHERE user_id = NEW.id AND reseller_id = NEW.reseller_id
        AND instr(roles, '"account.user"') > 0);
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
CREATE TRIGGER users_unlinked AFTER UPDATE OF google_unlinked_at ON users
WHEN NEW.google_unlinked_at IS NOT NULL AND NEW.google_unlinked_at IS NOT OLD.google_unlinked_at BEGIN
  DELETE FROM external_identities WHERE user_id = NEW.id;
END;
-- What the former one linked goes, by users_unlinked.
CREATE TRIGGER users_moved_identities AFTER UPDATE OF email ON users
WHEN lower(NEW.email) <> lower(OLD.email) AND EXISTS (SELECT 1 FROM external_identities WHERE user_id = NEW.id) BEGIN
  UPDATE users SET google_sso_enabled = 0, google_unlinked_at = NEW.updated_at WHERE id = NEW.id;
END;

-- Memberships

CREATE TABLE memberships (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  roles TEXT NOT NULL CHECK (json_type(roles) = 'array'),
  created_at INTEGER NOT NULL,
  -- Null: pending, and it gives nothing until then.
  accepted_at INTEGER,
  -- Null: enabled. A disabled one gives nothing and takes no place until it is enabled again.
  disabled_at INTEGER,
  -- Null of the user's own tenant.
  last_login_at INTEGER,
  PRIMARY KEY (user_id, reseller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_by_reseller ON memberships (reseller_id, created_at, user_id);
CREATE INDEX memberships_admins ON memberships (reseller_id, user_id) WHERE instr(roles, '"user.admin"') > 0;
CREATE INDEX memberships_pending ON memberships (created_at) WHERE accepted_at IS NULL;
CREATE INDEX memberships_subscribers ON memberships (reseller_id, user_id)
  WHERE instr(roles, '"account.service.status"') > 0 AND accepted_at IS NOT NULL AND disabled_at IS NULL;

CREATE TRIGGER memberships_links_voided AFTER UPDATE OF roles, accepted_at ON memberships
WHEN NEW.accepted_at IS NOT OLD.accepted_at
  OR (NEW.accepted_at IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(NEW.roles)
    WHERE value <> 'account.service.status' AND value NOT IN (SELECT value FROM json_each(OLD.roles)))) BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER memberships_counted AFTER INSERT ON memberships BEGIN
  INSERT INTO member_counts (reseller_id) VALUES (NEW.reseller_id) ON CONFLICT DO NOTHING;
  UPDATE member_counts SET members = members + 1,
      account_user = account_user + (instr(NEW.roles, '"account.user"') > 0),
      user_admin = user_admin + (instr(NEW.roles, '"user.admin"') > 0),
      account_service_status = account_service_status + (instr(NEW.roles, '"account.service.status"') > 0),
      account_storage_admin = account_storage_admin + (instr(NEW.roles, '"account.storage.admin"') > 0),
      branding_admin = branding_admin + (instr(NEW.roles, '"branding.admin"') > 0),
      customer_admin = customer_admin + (instr(NEW.roles, '"customer.admin"') > 0),
      onboarding_admin = onboarding_admin + (instr(NEW.roles, '"onboarding.admin"') > 0),
      webhooks_admin = webhooks_admin + (instr(NEW.roles, '"webhooks.admin"') > 0)
    WHERE reseller_id = NEW.reseller_id;
END;
CREATE TRIGGER memberships_uncounted AFTER DELETE ON memberships BEGIN
  UPDATE member_counts SET members = members - 1,
      account_user = account_user - (instr(OLD.roles, '"account.user"') > 0),
      user_admin = user_admin - (instr(OLD.roles, '"user.admin"') > 0),
      account_service_status = account_service_status - (instr(OLD.roles, '"account.service.status"') > 0),
      account_storage_admin = account_storage_admin - (instr(OLD.roles, '"account.storage.admin"') > 0),
      branding_admin = branding_admin - (instr(OLD.roles, '"branding.admin"') > 0),
      customer_admin = customer_admin - (instr(OLD.roles, '"customer.admin"') > 0),
      onboarding_admin = onboarding_admin - (instr(OLD.roles, '"onboarding.admin"') > 0),
      webhooks_admin = webhooks_admin - (instr(OLD.roles, '"webhooks.admin"') > 0)
    WHERE reseller_id = OLD.reseller_id;
  DELETE FROM member_counts WHERE reseller_id = OLD.reseller_id AND members = 0;
END;
CREATE TRIGGER memberships_recounted AFTER UPDATE OF roles ON memberships WHEN NEW.roles <> OLD.roles BEGIN
  UPDATE member_counts SET
      account_user = account_user + (instr(NEW.roles, '"account.user"') > 0) - (instr(OLD.roles, '"account.user"') > 0),
      user_admin = user_admin + (instr(NEW.roles, '"user.admin"') > 0) - (instr(OLD.roles, '"user.admin"') > 0),
      account_service_status = account_service_status + (instr(NEW.roles, '"account.service.status"') > 0)
        - (instr(OLD.roles, '"account.service.status"') > 0),
      account_storage_admin = account_storage_admin + (instr(NEW.roles, '"account.storage.admin"') > 0)
        - (instr(OLD.roles, '"account.storage.admin"') > 0),
      branding_admin = branding_admin + (instr(NEW.roles, '"branding.admin"') > 0) - (instr(OLD.roles, '"branding.admin"') > 0),
      customer_admin = customer_admin + (instr(NEW.roles, '"customer.admin"') > 0) - (instr(OLD.roles, '"customer.admin"') > 0),
      onboarding_admin = onboarding_admin + (instr(NEW.roles, '"onboarding.admin"') > 0)
        - (instr(OLD.roles, '"onboarding.admin"') > 0),
      webhooks_admin = webhooks_admin + (instr(NEW.roles, '"webhooks.admin"') > 0) - (instr(OLD.roles, '"webhooks.admin"') > 0)
    WHERE reseller_id = NEW.reseller_id;
END;
CREATE TRIGGER memberships_admin AFTER INSERT ON memberships WHEN instr(NEW.roles, '"user.admin"') > 0 BEGIN
  UPDATE users SET admin_count = admin_count + 1 WHERE id = NEW.user_id;
END;
CREATE TRIGGER memberships_admin_left AFTER DELETE ON memberships WHEN instr(OLD.roles, '"user.admin"') > 0 BEGIN
  UPDATE users SET admin_count = admin_count - 1 WHERE id = OLD.user_id;
END;
CREATE TRIGGER memberships_admin_changed AFTER UPDATE OF roles ON memberships
WHEN (instr(NEW.roles, '"user.admin"') > 0) <> (instr(OLD.roles, '"user.admin"') > 0) BEGIN
  UPDATE users SET admin_count = admin_count + (instr(NEW.roles, '"user.admin"') > 0) - (instr(OLD.roles, '"user.admin"') > 0)
    WHERE id = NEW.user_id;
END;
CREATE TRIGGER memberships_withdrawn AFTER UPDATE OF roles ON memberships
WHEN instr(OLD.roles, '"account.user"') > 0 AND instr(NEW.roles, '"account.user"') = 0 BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = NEW.user_id AND +reseller_id = NEW.reseller_id AND ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM users WHERE id = NEW.user_id AND reseller_id = NEW.reseller_id
        AND organization_id IS NOT NULL AND allow_customer_portal_access);
END;
CREATE TRIGGER memberships_left BEFORE DELETE ON memberships BEGIN
  UPDATE sessions SET ended_at = CAST(unixepoch('subsec') * 1000 AS INTEGER), end_reason = 'access-withdrawn', ended_by = 'system'
    WHERE user_id = OLD.user_id AND +reseller_id = OLD.reseller_id AND ended_at IS NULL;
END;
-- What the tenant let the user do ends. The tenant's links are void, and all links once the rights are back.
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

-- The same tenant cannot repeat a refused invitation for a while.
CREATE TABLE membership_refusals (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  refused_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, reseller_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_refusals_expired ON membership_refusals (refused_at);
CREATE INDEX membership_refusals_by_reseller ON membership_refusals (reseller_id);

-- Clients

CREATE TABLE api_clients (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  scopes TEXT NOT NULL,
  redirect_uris TEXT NOT NULL DEFAULT '[]',
  -- Consents and sessions from before are void.
  redirects_changed_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_clients_by_reseller ON api_clients (reseller_id) WHERE reseller_id IS NOT NULL;
CREATE INDEX api_clients_by_created ON api_clients (reseller_id, created_at, id) WHERE revoked_at IS NULL;
CREATE INDEX api_clients_revoked ON api_clients (revoked_at) WHERE revoked_at > 0;

CREATE TABLE consents (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES api_clients (id),
  scope TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  -- Other tenants' users end it by this, without the id of the client.
  id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_by_client ON consents (client_id);

-- Those of revoked clients say nothing any more; of others a tenant has 100.
CREATE TRIGGER consents_bounded AFTER INSERT ON consents BEGIN
  DELETE FROM consents WHERE user_id = NEW.user_id
    AND EXISTS (SELECT 1 FROM api_clients WHERE id = consents.client_id AND revoked_at IS NOT NULL);
END;

CREATE TABLE revoked_tokens (
  jti TEXT PRIMARY KEY NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_expired ON revoked_tokens (expires_at);

-- Sessions

CREATE TABLE sessions (
  id TEXT PRIMARY KEY NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reseller_id TEXT REFERENCES resellers (id),
  -- The API client that acts for the user; null: the user itself.
  client_id TEXT REFERENCES api_clients (id),
  -- What that client may do at most.
  scope TEXT,
  -- How the user proved to be the user (RFC 8176).
  methods TEXT NOT NULL DEFAULT '[]',
  cookie_hash TEXT,
  -- The browser's session that the user let the client act in.
  issued_in TEXT,
  address TEXT NOT NULL DEFAULT '',
  user_agent TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  -- When the user last proved it; 0: the outside provider did not say.
  authenticated_at INTEGER NOT NULL DEFAULT 0,
  -- Whether the rules of the user's own account accept how that was.
  counts_at_home INTEGER NOT NULL DEFAULT 1 CHECK (counts_at_home IN (0, 1)),
  used_at INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT,
  ended_by TEXT,
  ended_in TEXT,
  -- The tenant in which the request was made that ended it; null: none, or the session's.
  ended_from TEXT,
  ended_address TEXT NOT NULL DEFAULT '',
  ended_agent TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sessions_expired ON sessions (expires_at);
CREATE UNIQUE INDEX sessions_by_cookie ON sessions (cookie_hash) WHERE cookie_hash IS NOT NULL;
-- Foreign keys are looked up by it: an index of lasting sessions only would not serve.
CREATE INDEX sessions_by_reseller ON sessions (reseller_id, ended_at, created_at);
CREATE INDEX sessions_by_client ON sessions (client_id, ended_at) WHERE client_id IS NOT NULL;
CREATE INDEX sessions_by_user ON sessions (user_id, ended_at, created_at, id);
CREATE INDEX sessions_of_clients ON sessions (client_id) WHERE client_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX sessions_issued ON sessions (issued_in) WHERE issued_in IS NOT NULL AND ended_at IS NULL;

-- What a browser's session was to hand a client goes with it.
CREATE TRIGGER sessions_ended_codes AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.cookie_hash IS NOT NULL BEGIN
  DELETE FROM authorization_codes WHERE user_id = NEW.user_id AND used_at IS NULL;
END;
-- Every ending is in the audit log. Another tenant's log has neither the request nor who made it, unless the user did.
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
  INSERT INTO events (id, reseller_id, type, actor, subject, after, request_id, occurred_at, address, user_agent, audit_only)
    SELECT lower(printf('%08x-%04x-7%03x-%04x-%012x', NEW.ended_at >> 16, NEW.ended_at & 65535, random() & 4095,
        32768 | (random() & 16383), random() & 281474976710655)),
      NEW.reseller_id, 'account.session-ended',
      iif(elsewhere AND NEW.ended_by <> 'user:' || NEW.user_id, 'reseller:' || NEW.ended_from, ifnull(NEW.ended_by, 'user:' || NEW.user_id)),
      NEW.user_id, json_object('sessionId', NEW.id, 'reason', ifnull(NEW.end_reason, '')),
      iif(elsewhere, '', ifnull(NEW.ended_in, '')), NEW.ended_at, iif(elsewhere, '', NEW.ended_address),
      iif(elsewhere, '', NEW.ended_agent), 1
    FROM (SELECT NEW.ended_from IS NOT NULL AND NEW.ended_from <> NEW.reseller_id AS elsewhere);
END;
CREATE TRIGGER sessions_bounded AFTER INSERT ON sessions BEGIN
  DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = NEW.user_id AND ended_at > 0
    ORDER BY ended_at DESC LIMIT -1 OFFSET 50);
END;
-- A user who signs out keeps the applications; a session that is ended may not have been the user.
CREATE TRIGGER sessions_ended_issued AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.end_reason IN ('ended-by-user', 'ended-by-administrator') BEGIN
  UPDATE sessions SET ended_at = NEW.ended_at, end_reason = NEW.end_reason, ended_by = NEW.ended_by, ended_in = NEW.ended_in,
      ended_address = NEW.ended_address, ended_agent = NEW.ended_agent, ended_from = NEW.ended_from
    WHERE issued_in = NEW.id AND ended_at IS NULL;
END;

-- One at a time: the tokens of a session begin alike (family), and one that is not the last was used before.
CREATE TABLE refresh_tokens (
  family_hash TEXT PRIMARY KEY NOT NULL,
  session_id TEXT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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
  -- The browser's session in which the user let the client have it.
  issued_in TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  -- The session that it was exchanged for; a second exchange ends that.
  session_id TEXT REFERENCES sessions (id) ON DELETE SET NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_codes_expired ON authorization_codes (expires_at);
CREATE INDEX authorization_codes_by_session ON authorization_codes (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id, created_at);

-- What hangs on one user is bounded as it is written, here and in three other tables.
CREATE TRIGGER authorization_codes_bounded AFTER INSERT ON authorization_codes BEGIN
  DELETE FROM authorization_codes WHERE code_hash IN (SELECT code_hash FROM authorization_codes WHERE user_id = NEW.user_id
    ORDER BY created_at DESC LIMIT -1 OFFSET 100);
END;

-- Sign-in

CREATE TABLE sign_in_flows (
  id TEXT PRIMARY KEY NOT NULL,
  browser_hash TEXT NOT NULL,
  network TEXT NOT NULL DEFAULT '',
  goal TEXT NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  -- What the user has proved so far (RFC 8176).
  methods TEXT NOT NULL DEFAULT '[]',
  challenge TEXT,
  sealed_secrets TEXT,
  -- Who the browser came back as from the outside provider.
  identity TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_flows_expired ON sign_in_flows (expires_at);
CREATE INDEX sign_in_flows_by_user ON sign_in_flows (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX sign_in_flows_by_reseller ON sign_in_flows (reseller_id) WHERE reseller_id IS NOT NULL;
CREATE INDEX sign_in_flows_by_network ON sign_in_flows (network, created_at);

CREATE TRIGGER sign_in_flows_bounded AFTER UPDATE OF user_id ON sign_in_flows WHEN NEW.user_id IS NOT NULL BEGIN
  DELETE FROM sign_in_flows WHERE id IN (SELECT id FROM sign_in_flows WHERE user_id = NEW.user_id
    ORDER BY id DESC LIMIT -1 OFFSET 100);
END;
CREATE TRIGGER sign_in_flows_counted AFTER INSERT ON sign_in_flows BEGIN
  UPDATE sign_in_rates SET begun = iif(NEW.created_at / 60000 > minute, 1, begun + 1), minute = max(minute, NEW.created_at / 60000)
    WHERE kind = 'sign_in_flows';
END;

CREATE TABLE sign_in_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  email_key TEXT NOT NULL,
  -- What was tried, behind what was shown before, such as pwd+otp.
  method TEXT NOT NULL,
  address TEXT NOT NULL,
  -- The device cookie, or the session, that came along; null: a stranger.
  device TEXT,
  attempted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempts_by_email ON sign_in_attempts (email_key, method, attempted_at);
CREATE INDEX sign_in_attempts_by_address ON sign_in_attempts (address, attempted_at) WHERE device IS NULL;
CREATE INDEX sign_in_attempts_expired ON sign_in_attempts (expires_at);

CREATE TRIGGER sign_in_attempts_counted AFTER INSERT ON sign_in_attempts BEGIN
  UPDATE sign_in_rates SET begun = iif(NEW.attempted_at / 60000 > minute, 1, begun + 1), minute = max(minute, NEW.attempted_at / 60000)
    WHERE kind = 'sign_in_attempts';
END;
CREATE TRIGGER sign_in_attempts_dropped AFTER DELETE ON sign_in_attempts BEGIN
  UPDATE sign_in_rates SET begun = max(0, begun - 1) WHERE kind = 'sign_in_attempts' AND minute = OLD.attempted_at / 60000;
END;

-- How many rows of each table have begun in the current minute, from all networks.
CREATE TABLE sign_in_rates (
  kind TEXT PRIMARY KEY,
  minute INTEGER NOT NULL,
  begun INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sign_in_rates (kind, minute, begun) VALUES ('sign_in_attempts', 0, 0), ('sign_in_flows', 0, 0);

CREATE TABLE sign_in_failures (
  hour INTEGER NOT NULL,
  -- Empty, like user_id: the user is unknown. Without a network too: all that have no row of their own.
  reseller_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  method TEXT NOT NULL,
  network TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (hour, reseller_id, user_id, reason, method, network)
) STRICT, WITHOUT ROWID;

CREATE TABLE known_networks (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  network TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_networks_expired ON known_networks (signed_in_at);
CREATE INDEX known_networks_by_network ON known_networks (network, signed_in_at);

CREATE TABLE external_identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX external_identities_by_user ON external_identities (user_id, issuer);

-- A proof by an identity that is gone is void.
CREATE TRIGGER external_identities_gone AFTER DELETE ON external_identities BEGIN
  DELETE FROM sign_in_flows WHERE user_id = OLD.user_id AND finished_at IS NULL;
END;

CREATE TABLE activations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- The tenant that it speaks for, which the user may have left.
  reseller_id TEXT NOT NULL DEFAULT '',
  purpose TEXT NOT NULL CHECK (purpose IN ('activation', 'password-reset')),
  -- It is void for any other address.
  email_key TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  -- The administrator that was given the token; null: it went to the address by mail.
  asked_by TEXT,
  asked_scopes TEXT,
  -- The session or API client that was handed the token; null: by mail, or an outside issuer asked.
  issued_to TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  -- One that was sent makes those with a smaller seq void.
  sent_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE INDEX activations_by_user ON activations (user_id, seq);
CREATE INDEX activations_expired ON activations (expires_at);
CREATE INDEX activations_open ON activations (user_id) WHERE used_at IS NULL;

CREATE TRIGGER activations_bounded AFTER INSERT ON activations BEGIN
  DELETE FROM activations WHERE seq IN (SELECT seq FROM activations WHERE user_id = NEW.user_id
    ORDER BY seq DESC LIMIT -1 OFFSET 200);
END;

-- Factors

CREATE TABLE totp_secrets (
  user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sealed_secret TEXT NOT NULL,
  -- Null: no code of it has been seen.
  confirmed_at INTEGER,
  -- Codes of this time step or before do not work again (RFC 6238 §5.2).
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX totp_secrets_by_key ON totp_secrets (substr(sealed_secret, 1, instr(sealed_secret, '.') - 1), user_id);

CREATE TRIGGER totp_secrets_links_voided AFTER UPDATE OF confirmed_at ON totp_secrets
WHEN NEW.confirmed_at IS NOT OLD.confirmed_at BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER totp_secrets_gone_links_voided AFTER DELETE ON totp_secrets WHEN OLD.confirmed_at IS NOT NULL BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = OLD.user_id AND used_at IS NULL AND expires_at > created_at;
END;

CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
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

CREATE TRIGGER passkeys_links_voided AFTER INSERT ON passkeys BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = NEW.user_id AND used_at IS NULL AND expires_at > created_at;
END;
CREATE TRIGGER passkeys_gone_links_voided AFTER DELETE ON passkeys BEGIN
  UPDATE activations SET expires_at = created_at WHERE user_id = OLD.user_id AND used_at IS NULL AND expires_at > created_at;
END;

-- Events

CREATE TABLE events (
  -- The order of commit, which ids made in many places cannot give.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  reseller_id TEXT REFERENCES resellers (id),
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  subject TEXT NOT NULL,
  before TEXT,
  after TEXT,
  request_id TEXT NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  user_agent TEXT NOT NULL DEFAULT '',
  occurred_at INTEGER NOT NULL,
  audit_only INTEGER NOT NULL DEFAULT 0 CHECK (audit_only IN (0, 1)),
  -- When the sweep sends it to the fan-out; null: its deliveries are rows.
  relay_at INTEGER,
  relays INTEGER NOT NULL DEFAULT 0,
  -- The webhook body, rendered once, so that every attempt signs the same bytes.
  body TEXT,
  -- SHA-256 of the row and of the hash before it; null: not sealed yet.
  hash TEXT
) STRICT;
CREATE INDEX events_outbox ON events (relay_at) WHERE relay_at IS NOT NULL;
CREATE INDEX events_feed ON events (reseller_id, seq) WHERE audit_only = 0;
CREATE INDEX events_by_reseller ON events (reseller_id, seq);
CREATE INDEX events_by_type ON events (type, seq);
CREATE INDEX events_by_subject ON events (subject, seq);
CREATE INDEX events_of_type ON events (reseller_id, type, seq);
-- An actor is `user:<id> via client:<id>` where an application acts for the user: it is found by the user.
CREATE INDEX events_by_actor ON events (substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);
CREATE INDEX events_of_actor ON events (reseller_id, substr(actor, 1, instr(actor || ' via ', ' via ') - 1), seq);

CREATE TABLE audit_chain (
  id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
  -- The last row that was purged, which the oldest that is kept follows.
  start_seq INTEGER NOT NULL,
  start_hash TEXT NOT NULL,
  -- The last row that is sealed.
  head_seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  -- Up to here rows are missing one by one: 0 of a database that began with the chain.
  gaps_until INTEGER NOT NULL
) STRICT;
INSERT INTO audit_chain (id, start_seq, start_hash, head_seq, head_hash, gaps_until) VALUES (1, 0, '', 0, '', 0);

-- Of each signing key the last head that it signed, as a JWS.
CREATE TABLE audit_heads (
  key_id TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY NOT NULL,
  message TEXT NOT NULL,
  reason TEXT NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_letters_by_received ON dead_letters (received_at);

CREATE TRIGGER dead_letters_metered AFTER INSERT ON dead_letters BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'dead_letters';
END;

-- Webhooks

CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  url TEXT NOT NULL,
  sealed_token TEXT NOT NULL,
  sealed_old_token TEXT,
  old_token_until INTEGER,
  events TEXT NOT NULL,
  -- The last event before it: clocks could not tell.
  after_seq INTEGER NOT NULL,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  -- When it was last switched on; 1: never since it was made.
  resumed_at INTEGER NOT NULL DEFAULT 1,
  status TEXT NOT NULL CHECK (status IN ('healthy', 'unhealthy', 'suspended')),
  failing_since INTEGER,
  -- From here on events may not have arrived: where a recovery starts.
  missed_since INTEGER,
  lease TEXT,
  leased_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX webhook_endpoints_by_name ON webhook_endpoints (reseller_id, name_key, id);
CREATE INDEX webhook_endpoints_by_created ON webhook_endpoints (reseller_id, created_at, id);
CREATE INDEX webhook_endpoints_by_updated ON webhook_endpoints (reseller_id, updated_at, id);
CREATE INDEX webhook_endpoints_old_tokens ON webhook_endpoints (old_token_until) WHERE old_token_until IS NOT NULL;
CREATE INDEX webhook_endpoints_by_key ON webhook_endpoints (substr(sealed_token, 1, instr(sealed_token, '.') - 1), id);
CREATE INDEX webhook_endpoints_by_old_key ON webhook_endpoints (substr(sealed_old_token, 1, instr(sealed_old_token, '.') - 1), id)
  WHERE sealed_old_token IS NOT NULL;
CREATE INDEX webhook_endpoints_living ON webhook_endpoints (reseller_id) WHERE deleted_at IS NULL;
CREATE INDEX webhook_endpoints_deleted ON webhook_endpoints (deleted_at) WHERE deleted_at IS NOT NULL;

-- It misses what is committed from now on, and what is in the outbox; a minute earlier, since clocks differ.
CREATE TRIGGER webhook_endpoints_off AFTER UPDATE OF enabled ON webhook_endpoints WHEN OLD.enabled AND NOT NEW.enabled
  AND NOT EXISTS (SELECT 1 FROM resellers WHERE id = NEW.reseller_id AND deleted_at IS NOT NULL) BEGIN
  UPDATE webhook_endpoints SET missed_since = min(
      ifnull(missed_since, NEW.updated_at),
      NEW.updated_at - 60000,
      ifnull((SELECT min(occurred_at) FROM (SELECT occurred_at FROM events WHERE relay_at IS NOT NULL ORDER BY relay_at LIMIT 1000)),
        NEW.updated_at))
    WHERE id = NEW.id;
END;
-- It starts afresh, for clocks that are a second behind too.
CREATE TRIGGER webhook_endpoints_on AFTER UPDATE OF enabled ON webhook_endpoints WHEN NEW.enabled AND NOT OLD.enabled BEGIN
  UPDATE webhook_endpoints SET failing_since = NULL, status = 'healthy', resumed_at = max(NEW.updated_at - 1000, resumed_at + 1)
    WHERE id = NEW.id;
END;

-- What an endpoint missed, sought in events from cursor to upto (both seq).
CREATE TABLE webhook_recoveries (
  id TEXT PRIMARY KEY NOT NULL,
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  since INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  upto INTEGER NOT NULL,
  pending INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_recoveries_running ON webhook_recoveries (endpoint_id) WHERE cursor < upto;
CREATE INDEX webhook_recoveries_idle ON webhook_recoveries (updated_at) WHERE cursor < upto;
CREATE INDEX webhook_recoveries_by_endpoint ON webhook_recoveries (endpoint_id);

CREATE TRIGGER webhook_recoveries_started AFTER INSERT ON webhook_recoveries BEGIN
  UPDATE webhook_endpoints SET missed_since = NULL WHERE id = NEW.endpoint_id AND missed_since >= NEW.since;
END;

CREATE TABLE webhook_deliveries (
  id TEXT PRIMARY KEY NOT NULL,
  event_id TEXT REFERENCES events (id),
  endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
  recovery_id TEXT REFERENCES webhook_recoveries (id) ON DELETE SET NULL,
  event_type TEXT NOT NULL,
  -- Of a test, which has no event.
  body TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  -- The next attempt or, while one runs, the end of its lease. Null: settled.
  next_attempt_at INTEGER,
  -- The endpoint's when the attempt was planned: an earlier one waits until it is on. 0: a test, which does not.
  resumed_at INTEGER NOT NULL DEFAULT 0,
  lease TEXT,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  CHECK ((event_id IS NULL) <> (body IS NULL))
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (event_id, endpoint_id);
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id);
CREATE INDEX webhook_deliveries_recovered ON webhook_deliveries (recovery_id, state) WHERE recovery_id IS NOT NULL;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, resumed_at, next_attempt_at) WHERE state = 'pending';

CREATE TRIGGER webhook_deliveries_metered AFTER UPDATE OF state ON webhook_deliveries
WHEN NEW.state = 'dead' AND OLD.state <> 'dead' BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'webhook_deliveries_dead';
END;
CREATE TRIGGER webhook_deliveries_recovering AFTER INSERT ON webhook_deliveries WHEN NEW.recovery_id IS NOT NULL BEGIN
  UPDATE webhook_recoveries SET pending = pending + (NEW.state = 'pending'), delivered = delivered + (NEW.state = 'delivered'),
      dead = dead + (NEW.state = 'dead')
    WHERE id = NEW.recovery_id;
END;
CREATE TRIGGER webhook_deliveries_recovered AFTER UPDATE OF state, recovery_id ON webhook_deliveries
WHEN (OLD.recovery_id IS NOT NULL OR NEW.recovery_id IS NOT NULL)
  AND (NEW.state <> OLD.state OR NEW.recovery_id IS NOT OLD.recovery_id) BEGIN
  UPDATE webhook_recoveries SET pending = pending - (OLD.state = 'pending'), delivered = delivered - (OLD.state = 'delivered'),
      dead = dead - (OLD.state = 'dead')
    WHERE id = OLD.recovery_id;
  UPDATE webhook_recoveries SET pending = pending + (NEW.state = 'pending'), delivered = delivered + (NEW.state = 'delivered'),
      dead = dead + (NEW.state = 'dead')
    WHERE id = NEW.recovery_id;
END;

CREATE TABLE webhook_attempts (
  id TEXT PRIMARY KEY NOT NULL,
  delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
  endpoint_id TEXT NOT NULL,
  reseller_id TEXT,
  event_id TEXT,
  event_type TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('delivered', 'failed')),
  attempted_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status_code INTEGER,
  reason TEXT NOT NULL,
  answer TEXT NOT NULL,
  next_attempt_at INTEGER
) STRICT;
-- Of indexes that fit alike SQLite takes the youngest: the most telling ones come last.
CREATE INDEX webhook_attempts_by_owner ON webhook_attempts (reseller_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_endpoint ON webhook_attempts (endpoint_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_event ON webhook_attempts (event_id, attempted_at, id);
CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, attempted_at, id);

CREATE TRIGGER webhook_attempts_metered AFTER INSERT ON webhook_attempts BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'webhook_attempts' AND outcome = NEW.status;
END;

-- E-mails

CREATE TABLE emails (
  id TEXT PRIMARY KEY NOT NULL,
  -- What it is sent for: once.
  cause TEXT NOT NULL UNIQUE,
  template TEXT NOT NULL,
  language TEXT NOT NULL,
  recipient TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  -- The address without its sub-address (RFC 5233); the same expression as mailboxOf in src/db/schema.
  mailbox_key TEXT AS (iif(instr(recipient_key, '+') > 1,
    substr(recipient_key, 1, instr(recipient_key, '+') - 1) || substr(recipient_key, instr(recipient_key, '@')),
    recipient_key)) VIRTUAL,
  -- By which the choice of a subscriber is found when the mail leaves.
  address_hash TEXT,
  reseller_id TEXT NOT NULL,
  user_id TEXT,
  event_id TEXT,
  status_update_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  attempted_at INTEGER,
  -- The next attempt or, while one runs, the end of its lease. Null: settled, or held by its reseller.
  next_attempt_at INTEGER,
  lease TEXT,
  provider_id TEXT,
  reason TEXT NOT NULL DEFAULT '',
  -- Whether its address had proved nothing at the last attempt.
  unproved INTEGER NOT NULL DEFAULT 0 CHECK (unproved IN (0, 1)),
  created_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;
CREATE INDEX emails_due ON emails (next_attempt_at) WHERE state = 'pending';
CREATE INDEX emails_by_user ON emails (user_id, created_at) WHERE user_id IS NOT NULL;
CREATE INDEX emails_settled ON emails (id) WHERE state <> 'pending';
CREATE INDEX emails_confirmations ON emails (recipient_key, reseller_id, created_at)
  WHERE template = 'subscription-confirmation';
CREATE INDEX emails_held ON emails (reseller_id) WHERE state = 'pending' AND next_attempt_at IS NULL;
CREATE INDEX emails_by_mailbox ON emails (mailbox_key, attempted_at) WHERE status_update_id IS NULL;
CREATE INDEX emails_unproved ON emails (mailbox_key, reseller_id, attempted_at) WHERE unproved = 1;
CREATE INDEX emails_waiting ON emails (reseller_id, mailbox_key) WHERE state = 'pending';

CREATE TRIGGER status_mails_written AFTER INSERT ON emails WHEN NEW.status_update_id IS NOT NULL BEGIN
  UPDATE status_update_progress SET pending = pending + 1 WHERE status_update_id = NEW.status_update_id;
END;
CREATE TRIGGER status_mails_settled AFTER UPDATE OF state ON emails
WHEN NEW.status_update_id IS NOT NULL AND NEW.state <> OLD.state BEGIN
  UPDATE status_update_progress SET
      pending = pending + (NEW.state = 'pending') - (OLD.state = 'pending'),
      sent = sent + (NEW.state = 'sent') - (OLD.state = 'sent'),
      failed = failed + (NEW.state = 'failed') - (OLD.state = 'failed'),
      dropped = dropped + (NEW.state = 'dropped') - (OLD.state = 'dropped')
    WHERE status_update_id = NEW.status_update_id;
END;
CREATE TRIGGER emails_metered AFTER UPDATE OF state ON emails WHEN NEW.state <> OLD.state BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'mails' AND outcome = NEW.state;
END;

CREATE TABLE status_updates (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('info', 'maintenance', 'incident', 'release')),
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX status_updates_by_reseller ON status_updates (reseller_id, created_at, id);

CREATE TABLE status_update_progress (
  status_update_id TEXT PRIMARY KEY NOT NULL REFERENCES status_updates (id),
  -- The last user whose mail is written, in the order of their ids.
  cursor TEXT NOT NULL DEFAULT '',
  -- When mails were last written; null: there are none left to write.
  expanding_at INTEGER,
  pending INTEGER NOT NULL DEFAULT 0,
  sent INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX status_updates_expanding ON status_update_progress (expanding_at) WHERE expanding_at IS NOT NULL;

-- It outlives the role, the membership and the user, and so names the address by a hash only.
CREATE TABLE subscription_choices (
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  address_hash TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('confirmed', 'suppressed')),
  chosen_at INTEGER NOT NULL,
  -- How often it was another than before: each leaves a row in the audit log.
  changes INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (reseller_id, address_hash)
) STRICT, WITHOUT ROWID;

-- Storage

CREATE TABLE storage_accounts (
  id TEXT PRIMARY KEY NOT NULL,
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  jurisdiction TEXT NOT NULL CHECK (jurisdiction IN ('default', 'eu', 'fedramp')),
  quota_bytes INTEGER NOT NULL CHECK (quota_bytes > 0),
  used_bytes INTEGER NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
  reserved_bytes INTEGER NOT NULL DEFAULT 0 CHECK (reserved_bytes >= 0),
  object_count INTEGER NOT NULL DEFAULT 0 CHECK (object_count >= 0),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  -- How many objects it had when it was deleted.
  purge_total INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX storage_accounts_name ON storage_accounts (reseller_id, name_key) WHERE deleted_at IS NULL;
CREATE INDEX storage_accounts_by_created ON storage_accounts (reseller_id, created_at, id);
CREATE INDEX storage_accounts_deleted ON storage_accounts (updated_at) WHERE deleted_at IS NOT NULL;

-- One row an upload. Its bytes are in R2 under <jurisdiction>/<storage account>/<id>, never under the caller's key.
CREATE TABLE storage_objects (
  id TEXT PRIMARY KEY NOT NULL,
  storage_account_id TEXT NOT NULL REFERENCES storage_accounts (id),
  key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('uploading', 'stored', 'garbage')),
  since INTEGER NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 0),
  etag TEXT NOT NULL,
  content_type TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX storage_objects_stored ON storage_objects (storage_account_id, key) WHERE state = 'stored';
CREATE INDEX storage_objects_by_account ON storage_objects (storage_account_id, state);
CREATE INDEX storage_objects_uploading ON storage_objects (since) WHERE state = 'uploading';
CREATE INDEX storage_objects_garbage ON storage_objects (since) WHERE state = 'garbage';

-- In the same statement: a reader sees one of the two.
CREATE TRIGGER storage_objects_replaced BEFORE UPDATE OF state ON storage_objects
WHEN NEW.state = 'stored' AND OLD.state <> 'stored' BEGIN
  UPDATE storage_objects SET state = 'garbage', since = NEW.since
    WHERE storage_account_id = NEW.storage_account_id AND key = NEW.key AND state = 'stored';
END;
CREATE TRIGGER storage_objects_counted AFTER INSERT ON storage_objects BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes + (NEW.state = 'uploading') * NEW.size,
      used_bytes = used_bytes + (NEW.state = 'stored') * NEW.size,
      object_count = object_count + (NEW.state = 'stored')
    WHERE id = NEW.storage_account_id;
END;
CREATE TRIGGER storage_objects_recounted AFTER UPDATE OF state ON storage_objects BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes + ((NEW.state = 'uploading') - (OLD.state = 'uploading')) * NEW.size,
      used_bytes = used_bytes + ((NEW.state = 'stored') - (OLD.state = 'stored')) * NEW.size,
      object_count = object_count + (NEW.state = 'stored') - (OLD.state = 'stored')
    WHERE id = NEW.storage_account_id;
END;
CREATE TRIGGER storage_objects_uncounted AFTER DELETE ON storage_objects WHEN OLD.state <> 'garbage' BEGIN
  UPDATE storage_accounts SET
      reserved_bytes = reserved_bytes - (OLD.state = 'uploading') * OLD.size,
      used_bytes = used_bytes - (OLD.state = 'stored') * OLD.size,
      object_count = object_count - (OLD.state = 'stored')
    WHERE id = OLD.storage_account_id;
END;

-- Usage

-- Each batch that writes for a tenant adds to its day and sets its limits: a CHECK that fails rolls the batch back.
CREATE TABLE tenant_days (
  day INTEGER NOT NULL,
  reseller_id TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  emails INTEGER NOT NULL,
  bytes_limit INTEGER,
  emails_limit INTEGER,
  PRIMARY KEY (day, reseller_id),
  CONSTRAINT bytes_per_day CHECK (bytes_limit IS NULL OR bytes <= bytes_limit),
  CONSTRAINT emails_per_day CHECK (emails_limit IS NULL OR emails <= emails_limit)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_days (
  day INTEGER NOT NULL,
  reseller_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  bytes_limit INTEGER NOT NULL,
  PRIMARY KEY (day, reseller_id, user_id),
  CONSTRAINT sign_ins_per_day CHECK (bytes <= bytes_limit)
) STRICT, WITHOUT ROWID;

-- le_*: those that took up to so many milliseconds, and longer than the column before.
CREATE TABLE request_metrics (
  route TEXT NOT NULL,
  method TEXT NOT NULL,
  status INTEGER NOT NULL,
  count INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  le_5 INTEGER NOT NULL,
  le_10 INTEGER NOT NULL,
  le_25 INTEGER NOT NULL,
  le_50 INTEGER NOT NULL,
  le_100 INTEGER NOT NULL,
  le_250 INTEGER NOT NULL,
  le_500 INTEGER NOT NULL,
  le_1000 INTEGER NOT NULL,
  le_2500 INTEGER NOT NULL,
  le_10000 INTEGER NOT NULL,
  PRIMARY KEY (route, method, status)
) STRICT, WITHOUT ROWID;

-- They only grow, though the rows that were counted are purged.
CREATE TABLE counters (
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  value INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (name, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, outcome) VALUES
  ('budget_refusals', 'bytes'),
  ('budget_refusals', 'emails'),
  ('budget_refusals', 'heavy_reads'),
  ('budget_refusals', 'tenant_requests'),
  ('budget_refusals', 'tenant_writes'),
  ('dead_letters', ''),
  ('mails', 'dropped'),
  ('mails', 'failed'),
  ('mails', 'sent'),
  ('webhook_attempts', 'delivered'),
  ('webhook_attempts', 'failed'),
  ('webhook_deliveries_dead', '');

-- How the deployment stood at the last sweep.
CREATE TABLE gauges (
  name TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Jobs

-- counts and failures are of the last run that ended.
CREATE TABLE jobs (
  name TEXT PRIMARY KEY NOT NULL,
  leased_until INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  succeeded_at INTEGER,
  duration_ms INTEGER,
  counts TEXT NOT NULL DEFAULT '{}' CHECK (json_type(counts) = 'object'),
  more INTEGER NOT NULL DEFAULT 0 CHECK (more IN (0, 1)),
  failures TEXT NOT NULL DEFAULT '[]' CHECK (json_type(failures) = 'array')
) STRICT, WITHOUT ROWID;
