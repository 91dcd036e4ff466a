-- Jobs say how their last run went, and what was deleted leaves after its time.

ALTER TABLE jobs ADD COLUMN started_at INTEGER;
ALTER TABLE jobs ADD COLUMN finished_at INTEGER;
-- The last run of which nothing failed.
ALTER TABLE jobs ADD COLUMN succeeded_at INTEGER;
-- Of the last run that ended: rows by kind (a JSON object), whether it left some, and what failed of it (a JSON array).
ALTER TABLE jobs ADD COLUMN duration_ms INTEGER;
ALTER TABLE jobs ADD COLUMN counts TEXT NOT NULL DEFAULT '{}' CHECK (json_type(counts) = 'object');
ALTER TABLE jobs ADD COLUMN more INTEGER NOT NULL DEFAULT 0 CHECK (more IN (0, 1));
ALTER TABLE jobs ADD COLUMN failures TEXT NOT NULL DEFAULT '[]' CHECK (json_type(failures) = 'array');

-- When all beneath a deleted reseller, and what it said of itself, was taken away. The row stays for the audit log.
ALTER TABLE resellers ADD COLUMN purged_at INTEGER;
CREATE INDEX resellers_deleted ON resellers (deleted_at) WHERE deleted_at IS NOT NULL AND purged_at IS NULL;
CREATE INDEX resellers_purged ON resellers (purged_at) WHERE purged_at IS NOT NULL;

-- A deleted organization outlives its users. The first list is looked through by whoever reads users, and stays short.
DROP INDEX organizations_deleted;
CREATE INDEX organizations_leaving ON organizations (id) WHERE deleted_at IS NOT NULL AND user_count > 0;
CREATE INDEX organizations_deleted ON organizations (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE INDEX emails_settled ON emails (id) WHERE state <> 'pending';
CREATE INDEX dead_letters_by_received ON dead_letters (received_at);

-- Foreign keys are looked up when what they name goes: an index of only the sessions that last is none for that.
DROP INDEX sessions_by_reseller;
CREATE INDEX sessions_by_reseller ON sessions (reseller_id, ended_at, created_at);
DROP INDEX sessions_by_client;
CREATE INDEX sessions_by_client ON sessions (client_id, ended_at) WHERE client_id IS NOT NULL;
CREATE INDEX sign_in_flows_by_reseller ON sign_in_flows (reseller_id) WHERE reseller_id IS NOT NULL;
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX consents_by_client ON consents (client_id);
