import { readIdentity } from '../model/clients/identity-scope.ts';
import { readScopes, type Scope, UNDELEGATED } from '../model/clients/scope.ts';
import { ANEW, type Freshness } from '../model/sign-in/flow.ts';
import type { AuthorizationFault } from './authorization-fault.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

export type Standing = {
  readonly request: AuthorizationRequest;
  readonly client: { readonly resellerId: string | null; readonly scopes: string };
  /** The user who is signed in to the client's reseller with this browser. */
  readonly user: {
    readonly signedInAt: number;
    /** Earlier than `signedInAt` after a sign-in at an identity provider; 0 if it did not say. */
    readonly authenticatedAt: number;
    readonly rights: readonly Scope[];
    readonly factorDue: boolean;
  } | null;
  /** Start of the sign-in that this request led to; null if there was none. */
  readonly askedAt: number | null;
  /** Scopes that the user has granted this client before. */
  readonly consented: string;
  readonly now: number;
};

export type AuthorizationStep =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'consent' | 'grant'; readonly scope: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: AuthorizationFault };

/** OpenID Connect Core 1.0 §3.1.2.3, §3.1.2.4. */
export function nextStep({ request, client, user, askedAt, consented, now }: Standing): AuthorizationStep {
  const { prompts, scope } = request;
  const silent = prompts.has('none');
  const possible = grantable(scope, client, readScopes(scope, client.resellerId));
  if (possible.length === 0) return { kind: 'fault', fault: { kind: 'scope' } };
  if (user === null || isStale(request, user, askedAt, now))
    return silent ? { kind: 'fault', fault: { kind: 'login_required' } } : { kind: 'sign-in' };
  if (user.factorDue) return silent ? { kind: 'fault', fault: { kind: 'interaction_required' } } : { kind: 'enrol' };
  const granted = grantable(scope, client, new Set(user.rights));
  if (granted.length === 0) return { kind: 'fault', fault: { kind: 'scope' } };
  const before = new Set(consented.split(' '));
  if (!prompts.has('consent') && granted.every((name) => before.has(name))) return { kind: 'grant', scope: granted };
  return silent ? { kind: 'fault', fault: { kind: 'consent_required' } } : { kind: 'consent', scope: granted };
}

/** Unknown names are ignored (RFC 6749 §3.3). */
export function grantable(
  asked: string,
  { scopes, resellerId }: Standing['client'],
  rights: ReadonlySet<Scope>,
): readonly string[] {
  const held = readScopes(scopes, resellerId);
  return [
    ...readIdentity(asked),
    ...[...readScopes(asked, resellerId)].filter(
      (scope) => held.has(scope) && rights.has(scope) && !UNDELEGATED.has(scope),
    ),
  ];
}

export function freshnessOf({ prompts, maxAgeSeconds }: AuthorizationRequest): Freshness {
  if (prompts.has('login')) return ANEW;
  return { prompt: prompts.has('select_account') ? 'select_account' : null, maxAgeSeconds };
}

const asksAgain = ({ prompts }: AuthorizationRequest) => prompts.has('login') || prompts.has('select_account');

function isStale(
  request: AuthorizationRequest,
  { signedInAt, authenticatedAt }: NonNullable<Standing['user']>,
  askedAt: number | null,
  now: number,
): boolean {
  if (askedAt !== null && signedInAt >= askedAt) return false;
  if (asksAgain(request)) return true;
  const { maxAgeSeconds } = request;
  return maxAgeSeconds !== null && now - authenticatedAt >= maxAgeSeconds * 1000;
}
