import * as v from 'valibot';
import { Email, text } from '../../model/fields.ts';
import { FACTOR_CODE_MAX_CHARS, OPAQUE_TOKEN_MAX_CHARS, PASSWORD_MAX_CHARS } from '../../model/limits/index.ts';

/** RFC 6749 §4.3.2, §5.1, §6. */
const Code = v.optional(text(1, FACTOR_CODE_MAX_CHARS));

export const TokenRequest = v.variant('grant_type', [
  v.object({
    grant_type: v.literal('password'),
    username: Email,
    password: text(1, PASSWORD_MAX_CHARS),
    two_factor_code: Code,
    two_factor_recovery_code: Code,
  }),
  v.object({ grant_type: v.literal('refresh_token'), refresh_token: text(1, OPAQUE_TOKEN_MAX_CHARS) }),
]);

export const Tokens = v.object({
  access_token: v.string(),
  token_type: v.literal('bearer'),
  expires_in: v.pipe(v.number(), v.integer(), v.description('Seconds until the access token runs out.')),
  refresh_token: v.pipe(v.string(), v.description('Works once: each refresh gives the next.')),
});
