-- By which key each secret is sealed, so that the job which seals it anew after a rotation finds nothing at no cost.
CREATE INDEX webhook_endpoints_by_key ON webhook_endpoints (substr(sealed_token, 1, instr(sealed_token, '.') - 1), id);
CREATE INDEX webhook_endpoints_by_old_key ON webhook_endpoints (substr(sealed_old_token, 1, instr(sealed_old_token, '.') - 1), id)
  WHERE sealed_old_token IS NOT NULL;
CREATE INDEX totp_secrets_by_key ON totp_secrets (substr(sealed_secret, 1, instr(sealed_secret, '.') - 1), user_id);
