import * as v from 'valibot';
import { isLoopback } from '../address.ts';
import { HostName } from '../fields.ts';
import { OIDC_NAME_MAX_CHARS } from '../limits/index.ts';

/** An OpenID Connect provider and our client there. `name` is what the button says. */
export type OidcProvider = v.InferOutput<typeof OidcProvider>;
export const OidcProvider = v.object({
  name: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check(
        (name) => name !== '' && name.length <= OIDC_NAME_MAX_CHARS && !/\p{Cc}/u.test(name),
        `Must have a name of 1 to ${OIDC_NAME_MAX_CHARS} characters.`,
      ),
    ),
    'Google',
  ),
  /** Exactly as the provider writes itself (OpenID Connect Discovery 1.0 §4.3). */
  issuer: v.pipe(
    v.string(),
    v.url('Must have an https URL as issuer.'),
    v.check(isBare, 'Must have an issuer without user, query and fragment.'),
  ),
  clientId: v.pipe(v.string(), v.nonEmpty('Must have a client ID.')),
  clientSecret: v.pipe(v.string(), v.nonEmpty('Must have a client secret.')),
  /** Whose addresses the provider hands out. */
  domains: v.optional(v.array(HostName), []),
});

/** Whether an address, where there is one, may be asked: by https, or on loopback where that is allowed. */
export function isHttpsOrLoopback(address: string | undefined, allowLoopback: boolean): boolean {
  if (address === undefined) return true;
  const url = URL.parse(address);
  if (url === null) return false;
  return url.protocol === 'https:' || (allowLoopback && url.protocol === 'http:' && isLoopback(url.hostname));
}

function isBare(issuer: string): boolean {
  const url = URL.parse(issuer);
  return url === null || (!/[?#]/.test(issuer) && url.username === '' && url.password === '');
}
