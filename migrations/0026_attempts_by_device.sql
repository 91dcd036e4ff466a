-- Attempts to sign in, counted by address of mail and method, and by network; those that succeed are taken away.
CREATE TABLE attempts (
  id TEXT PRIMARY KEY NOT NULL,
  email_key TEXT NOT NULL,
  -- What was tried, behind what was shown before (RFC 8176), such as pwd+otp.
  method TEXT NOT NULL,
  address TEXT NOT NULL,
  -- The device cookie, or the session, that came along; null: a stranger's.
  device TEXT,
  attempted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO attempts SELECT id, email_key, 'pwd', address, NULL, attempted_at, attempted_at + 900000 FROM sign_in_attempts;
DROP TABLE sign_in_attempts;
ALTER TABLE attempts RENAME TO sign_in_attempts;
CREATE TRIGGER sign_in_attempts_counted AFTER INSERT ON sign_in_attempts BEGIN
  UPDATE sign_in_rates SET begun = iif(NEW.attempted_at / 60000 > minute, 1, begun + 1), minute = max(minute, NEW.attempted_at / 60000)
    WHERE kind = 'sign_in_attempts';
END;
-- One that was no failure, which nobody has to wait for, counts no more.
CREATE TRIGGER sign_in_attempts_dropped AFTER DELETE ON sign_in_attempts BEGIN
  UPDATE sign_in_rates SET begun = max(0, begun - 1) WHERE kind = 'sign_in_attempts' AND minute = OLD.attempted_at / 60000;
END;
CREATE INDEX sign_in_attempts_by_email ON sign_in_attempts (email_key, method, attempted_at);
CREATE INDEX sign_in_attempts_by_address ON sign_in_attempts (address, attempted_at) WHERE device IS NULL;
CREATE INDEX sign_in_attempts_expired ON sign_in_attempts (expires_at);

-- The networks that a user signed in from lately.
CREATE TABLE known_networks (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  network TEXT NOT NULL,
  signed_in_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_networks_expired ON known_networks (signed_in_at);
CREATE INDEX known_networks_by_network ON known_networks (network, signed_in_at);
