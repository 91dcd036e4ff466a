-- Status updates go only to people who have proved or confirmed their address, and never again to those who said no.

-- What a person said about the status updates of a reseller. It outlives the role, the membership and the user's row, and so
-- it names the address by a hash only.
CREATE TABLE subscription_choices (
  reseller_id TEXT NOT NULL REFERENCES resellers (id),
  -- SHA-256 over the reseller's id and the address as it is compared.
  address_hash TEXT NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('confirmed', 'suppressed')),
  chosen_at INTEGER NOT NULL,
  -- How often the choice was another than before: each time leaves a row in the audit log.
  changes INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (reseller_id, address_hash)
) STRICT, WITHOUT ROWID;

-- By which the choice is found when the mail leaves; null for mails that depend on none.
ALTER TABLE emails ADD COLUMN address_hash TEXT;
-- Each grant of the role counts those that the address was sent for this reseller.
CREATE INDEX emails_confirmations ON emails (recipient_key, reseller_id, created_at) WHERE template = 'subscription-confirmation';

-- A pending membership gets no status updates.
DROP INDEX memberships_subscribers;
CREATE INDEX memberships_subscribers ON memberships (reseller_id, user_id)
  WHERE instr(roles, '"account.service.status"') > 0 AND accepted_at IS NOT NULL;
