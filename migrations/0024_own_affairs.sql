-- A consent has an id of its own: other tenants' users end it without the id of the client.
ALTER TABLE consents ADD COLUMN id TEXT NOT NULL DEFAULT '';
UPDATE consents SET id = lower(printf('%08x-%04x-4%03x-%04x-%012x', random() & 4294967295, random() & 65535,
  random() & 4095, 32768 | (random() & 16383), random() & 281474976710655));

-- The tenant that a link speaks for: after the user has moved, it has no look.
ALTER TABLE activations ADD COLUMN reseller_id TEXT NOT NULL DEFAULT '';
UPDATE activations SET reseller_id = (SELECT reseller_id FROM users WHERE users.id = activations.user_id);

-- What each user's sign-ins and tokens have used of a tenant's day: one user uses no other's share.
CREATE TABLE user_days (
  day INTEGER NOT NULL,
  reseller_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  bytes_limit INTEGER NOT NULL,
  PRIMARY KEY (day, reseller_id, user_id),
  CONSTRAINT sign_ins_per_day CHECK (bytes <= bytes_limit)
) STRICT, WITHOUT ROWID;

-- Of a member from another tenant; a user's own tenant has its last sign-in in users.last_login_at.
ALTER TABLE memberships ADD COLUMN last_login_at INTEGER;

-- How many sign-ins and attempts have begun in the current minute, from all networks together: one row for each table.
CREATE TABLE sign_in_rates (
  kind TEXT PRIMARY KEY,
  minute INTEGER NOT NULL,
  begun INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sign_in_rates (kind, minute, begun) VALUES ('sign_in_flows', 0, 0), ('sign_in_attempts', 0, 0);
CREATE TRIGGER sign_in_flows_counted AFTER INSERT ON sign_in_flows BEGIN
  UPDATE sign_in_rates SET begun = iif(NEW.created_at / 60000 > minute, 1, begun + 1), minute = max(minute, NEW.created_at / 60000)
    WHERE kind = 'sign_in_flows';
END;
CREATE TRIGGER sign_in_attempts_counted AFTER INSERT ON sign_in_attempts BEGIN
  UPDATE sign_in_rates SET begun = iif(NEW.attempted_at / 60000 > minute, 1, begun + 1), minute = max(minute, NEW.attempted_at / 60000)
    WHERE kind = 'sign_in_attempts';
END;
