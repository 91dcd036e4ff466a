-- What GET /v3/operations/metrics tells of the past. Requests are counted by each isolate, which adds its counts here every
-- few seconds; le_* are those that took up to so many milliseconds and longer than the column before.
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

-- What only ever grows, though the rows that were counted are purged. Triggers, so that no way of writing can forget one.
CREATE TABLE counters (
  name TEXT NOT NULL,
  -- Empty where there is only one.
  outcome TEXT NOT NULL,
  value INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (name, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO counters (name, outcome) VALUES
  ('webhook_attempts', 'delivered'), ('webhook_attempts', 'failed'), ('webhook_deliveries_dead', ''),
  ('mails', 'sent'), ('mails', 'failed'), ('mails', 'dropped'), ('dead_letters', '');

CREATE TRIGGER webhook_attempts_metered AFTER INSERT ON webhook_attempts BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'webhook_attempts' AND outcome = NEW.status;
END;
CREATE TRIGGER webhook_deliveries_metered AFTER UPDATE OF state ON webhook_deliveries
WHEN NEW.state = 'dead' AND OLD.state <> 'dead' BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'webhook_deliveries_dead';
END;
CREATE TRIGGER emails_metered AFTER UPDATE OF state ON emails WHEN NEW.state <> OLD.state BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'mails' AND outcome = NEW.state;
END;
CREATE TRIGGER dead_letters_metered AFTER INSERT ON dead_letters BEGIN
  UPDATE counters SET value = value + 1 WHERE name = 'dead_letters';
END;
