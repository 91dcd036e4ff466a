-- A consent has an id of its own: other tenants' users end it without the id of the client.
ALTER TABLE consents ADD COLUMN id TEXT NOT NULL DEFAULT '';
UPDATE consents SET id = lower(printf('%08x-%04x-4%03x-%04x-%012x', random() & 4294967295, random() & 65535,
  random() & 4095, 32768 | (random() & 16383), random() & 281474976710655));

-- The tenant that a link speaks for: after the user has moved, it has no look.
ALTER TABLE activations ADD COLUMN reseller_id TEXT NOT NULL DEFAULT '';
UPDATE activations SET reseller_id = (SELECT reseller_id FROM users WHERE users.id = activations.user_id);

-- Of a member from another tenant; a user's own tenant has its last sign-in in users.last_login_at.
ALTER TABLE memberships ADD COLUMN last_login_at INTEGER;
