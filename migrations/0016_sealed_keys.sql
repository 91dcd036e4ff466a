-- The id of the key that seals each secret, by which the job `reseal` finds what older keys sealed.
CREATE INDEX webhook_endpoints_by_key ON webhook_endpoints (substr(sealed_token, 1, instr(sealed_token, '.') - 1), id);
CREATE INDEX webhook_endpoints_by_old_key ON webhook_endpoints (substr(sealed_old_token, 1, instr(sealed_old_token, '.') - 1), id)
  WHERE sealed_old_token IS NOT NULL;
CREATE INDEX totp_secrets_by_key ON totp_secrets (substr(sealed_secret, 1, instr(sealed_secret, '.') - 1), user_id);
