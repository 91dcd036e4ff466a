import type { Scope } from '../clients/scope.ts';

export type Actor = {
  /** `key`: an API client by its key. `issuer`: a trusted external issuer. */
  readonly kind: 'client' | 'key' | 'user' | 'issuer';
  /** `sub`; with an external issuer's name before it, as it could equal a user's id. */
  readonly subject: string;
  readonly credential: string;
  readonly name: string;
  /** Null: the operator. */
  readonly reseller: string | null;
  readonly scopes: ReadonlySet<Scope>;
  /** The `jti` claim; for `key` the secret's hash, for `user` the session. */
  readonly tokenId: string;
  /** Null where an application acts for the user. */
  readonly signedInAt: number | null;
  readonly application: string | null;
};

export const FIRST_PARTY_CLIENT_ID = 'reseller-edge';

export function userActorNames(userId: string, resellerId: string, application: string | null) {
  const via = application === null ? '' : ` via client:${application}`;
  return { credential: `user:${userId} in ${resellerId}${via}`, name: `user:${userId}${via}` };
}

export function may(actor: Actor, scope: Scope): boolean {
  return actor.scopes.has(scope);
}
