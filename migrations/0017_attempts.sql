-- What an unauthenticated caller can cause is aggregated or bounded.

-- Failed sign-ins, counted by user, network and hour. The job sign-in-failures moves them into the audit log after the hour.
CREATE TABLE sign_in_failures (
  -- The start of the hour, in milliseconds since the epoch.
  hour INTEGER NOT NULL,
  -- Empty where the user is unknown.
  reseller_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  method TEXT NOT NULL,
  -- Empty, like the user then: all that have no rows of their own.
  network TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (hour, reseller_id, user_id, reason, method, network)
) STRICT, WITHOUT ROWID;

-- Where a flow was begun, to bound how many there are.
ALTER TABLE sign_in_flows ADD COLUMN network TEXT NOT NULL DEFAULT '';
CREATE INDEX sign_in_flows_by_network ON sign_in_flows (network, created_at);
