-- What one mailbox is sent is bounded when a mail leaves; a mail that is one too many waits for its turn.

-- The address as it is compared, without its sub-address (RFC 5233): a+1@x and a+2@x are one mailbox.
ALTER TABLE emails ADD COLUMN mailbox_key TEXT AS (iif(instr(recipient_key, '+') > 1,
  substr(recipient_key, 1, instr(recipient_key, '+') - 1) || substr(recipient_key, instr(recipient_key, '@')), recipient_key)) VIRTUAL;
-- The last attempt. Null: none yet.
ALTER TABLE emails ADD COLUMN attempted_at INTEGER;
-- Whether its address had proved nothing then.
ALTER TABLE emails ADD COLUMN unproved INTEGER NOT NULL DEFAULT 0 CHECK (unproved IN (0, 1));

DROP INDEX emails_by_recipient;
CREATE INDEX emails_by_mailbox ON emails (mailbox_key, attempted_at) WHERE status_update_id IS NULL;
CREATE INDEX emails_unproved ON emails (mailbox_key, reseller_id, attempted_at) WHERE unproved = 1;
DROP INDEX emails_waiting;
CREATE INDEX emails_waiting ON emails (reseller_id, mailbox_key) WHERE state = 'pending';
