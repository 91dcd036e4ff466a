import * as v from 'valibot';

const Text = v.pipe(v.string(), v.nonEmpty());
const Address = v.pipe(v.string(), v.url('Must have https URLs as issuer and jwksUri.'));

const TrustedIssuer = v.pipe(
  v.strictObject({
    issuer: Address,
    jwksUri: Address,
    audience: Text,
    resellerClaim: v.optional(Text),
    operator: v.optional(v.literal(true)),
    /** By `iat`. */
    maxAgeSeconds: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  }),
  v.check(
    ({ resellerClaim, operator }) => (resellerClaim === undefined) === (operator === true),
    'Must have either a resellerClaim or "operator": true.',
  ),
);

export const TrustedIssuers = v.pipe(
  v.array(TrustedIssuer),
  v.check(
    (issuers) => new Set(issuers.map(({ issuer }) => normalized(issuer))).size === issuers.length,
    'Must have each issuer once.',
  ),
);

export function isSameIssuer(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

function normalized(issuer: string): string {
  return (URL.parse(issuer)?.href ?? issuer).replace(/\/$/, '');
}
