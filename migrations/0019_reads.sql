-- What requests read is bounded, however much there is: figures are kept as rows change, or measured by the minute's sweep.

-- How the deployment stood at the last sweep: a row for each figure.
CREATE TABLE gauges (
  name TEXT PRIMARY KEY NOT NULL,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The members of each reseller, and how many of them have each role.
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
INSERT INTO member_counts
  SELECT reseller_id, count(*), sum(instr(roles, '"account.user"') > 0), sum(instr(roles, '"user.admin"') > 0),
    sum(instr(roles, '"account.service.status"') > 0), sum(instr(roles, '"account.storage.admin"') > 0),
    sum(instr(roles, '"branding.admin"') > 0), sum(instr(roles, '"customer.admin"') > 0),
    sum(instr(roles, '"onboarding.admin"') > 0), sum(instr(roles, '"webhooks.admin"') > 0)
  FROM memberships GROUP BY reseller_id;
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

-- In how many resellers a user is a user.admin: few of an organization's users are, and its deletion looks at them only.
ALTER TABLE users ADD COLUMN admin_count INTEGER NOT NULL DEFAULT 0;
UPDATE users SET admin_count = (SELECT count(*) FROM memberships WHERE user_id = users.id AND instr(roles, '"user.admin"') > 0)
  WHERE id IN (SELECT user_id FROM memberships WHERE instr(roles, '"user.admin"') > 0);
CREATE INDEX users_admins ON users (organization_id) WHERE organization_id IS NOT NULL AND admin_count > 0;
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

-- A user's sessions that last are few; those that have ended stand apart from them.
DROP INDEX sessions_by_user;
CREATE INDEX sessions_by_user ON sessions (user_id, ended_at, created_at, id);

-- Those of a reseller are counted before there is a new one; deleted ones stand in the other indexes for a while.
CREATE INDEX webhook_endpoints_living ON webhook_endpoints (reseller_id) WHERE deleted_at IS NULL;

-- An endpoint that is switched off looks at the first events of the outbox only.
DROP TRIGGER webhook_endpoints_off;
CREATE TRIGGER webhook_endpoints_off AFTER UPDATE OF enabled ON webhook_endpoints WHEN OLD.enabled AND NOT NEW.enabled BEGIN
  UPDATE webhook_deliveries SET next_attempt_at = NULL
    WHERE endpoint_id = NEW.id AND state = 'pending' AND event_id IS NOT NULL;
  UPDATE webhook_endpoints SET missed_since = min(
      ifnull(missed_since, NEW.updated_at),
      NEW.updated_at - 60000,
      ifnull((SELECT min(occurred_at) FROM (SELECT occurred_at FROM events WHERE relay_at IS NOT NULL ORDER BY relay_at LIMIT 1000)),
        NEW.updated_at))
    WHERE id = NEW.id;
END;

-- How far a recovery has come, which may have found very many events.
ALTER TABLE webhook_recoveries ADD COLUMN pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhook_recoveries ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE webhook_recoveries ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;
UPDATE webhook_recoveries SET
  pending = (SELECT count(*) FROM webhook_deliveries WHERE recovery_id = webhook_recoveries.id AND state = 'pending'),
  delivered = (SELECT count(*) FROM webhook_deliveries WHERE recovery_id = webhook_recoveries.id AND state = 'delivered'),
  dead = (SELECT count(*) FROM webhook_deliveries WHERE recovery_id = webhook_recoveries.id AND state = 'dead');
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
