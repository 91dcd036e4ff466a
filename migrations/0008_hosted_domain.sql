-- The Google Workspace domain whose accounts may sign in to a reseller with Google; null: any account.
ALTER TABLE resellers ADD COLUMN google_hosted_domain TEXT;
