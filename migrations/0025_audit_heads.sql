-- Of each signing key the last head of the audit log that it signed: a JWS of the head's number and seal.
CREATE TABLE audit_heads (
  key_id TEXT PRIMARY KEY NOT NULL,
  seq INTEGER NOT NULL,
  signature TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- No head before was signed: the chain is walked once more, to the same seals.
UPDATE audit_chain SET head_seq = start_seq, head_hash = start_hash;
