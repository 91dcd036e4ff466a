import * as v from 'valibot';
import { isLoopback } from '../address.ts';
import { HostName } from '../fields.ts';
import { OIDC_NAME_MAX_CHARS } from '../limits/index.ts';

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
  issuer: v.pipe(
    v.string(),
    v.url('Must have an https URL as issuer.'),
    v.check(isBare, 'Must have an issuer without user, query and fragment.'),
  ),
  clientId: v.pipe(v.string(), v.nonEmpty('Must have a client ID.')),
  clientSecret: v.pipe(v.string(), v.nonEmpty('Must have a client secret.')),
  /** Domains whose addresses the provider issues. */
  domains: v.optional(v.array(HostName), []),
});

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
