-- What each tenant has used of its daily budgets. Each batch that writes for a tenant adds to its row and sets the limits
-- that the write is under; a CHECK that fails rolls the whole batch back. No limit: recorded in any case.
CREATE TABLE tenant_days (
  -- Start of the UTC day, in milliseconds since the epoch.
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

-- Refusals are rolled back: each isolate counts them and adds its counts here, as it does with requests.
INSERT INTO counters (name, outcome) VALUES ('budget_refusals', 'tenant_requests'), ('budget_refusals', 'tenant_writes'),
  ('budget_refusals', 'heavy_reads'), ('budget_refusals', 'bytes'), ('budget_refusals', 'emails');
