import type { Scope } from '../clients/scope.ts';

/** Who calls, as far as the token says; the row behind it is checked in the request's own batch. */
export type Actor = {
  /**
   * `client`: a token of one of our API clients; `key`: that client by its key; `user`: a token of somebody signed in;
   * `issuer`: a token of a trusted outside issuer.
   */
  readonly kind: 'client' | 'key' | 'user' | 'issuer';
  /** The `sub` claim; of an outside issuer with the issuer's name before it, or it could be the id of a user of ours. */
  readonly subject: string;
  /** What idempotency keys and rate limits belong to: never shared by two issuers, resellers or subjects. */
  readonly credential: string;
  /** How events name who did something. */
  readonly name: string;
  /** Null: the operator, who reaches every reseller. */
  readonly reseller: string | null;
  readonly scopes: ReadonlySet<Scope>;
  /** The `jti` claim, by which a single token is revoked; of a key the hash of its secret, of a user the session. */
  readonly tokenId: string;
  /** When the user signed in, in milliseconds since the epoch; null of all others, and where an application acts for the user. */
  readonly signedInAt: number | null;
  /** The API client that acts for the user; null: the user itself, or no user. */
  readonly application: string | null;
};

/** The `client_id` of tokens that we issue to users themselves. */
export const FIRST_PARTY = 'reseller-edge';

/** How a user's actor is called: its credential, and its name in events. */
export function namesOfUser(userId: string, resellerId: string, application: string | null) {
  const via = application === null ? '' : ` via client:${application}`;
  return { credential: `user:${userId} in ${resellerId}${via}`, name: `user:${userId}${via}` };
}

/** Whether the actor's token carries the right. */
export function may(actor: Actor, scope: Scope): boolean {
  return actor.scopes.has(scope);
}
