import { readIdentityScopes } from '../model/clients/identity-scope.ts';
import { NON_DELEGABLE_SCOPES, readScopes, type Scope } from '../model/clients/scope.ts';
import { type Freshness, REAUTHENTICATE_NOW } from '../model/sign-in/flow.ts';
import type { AuthorizationFault } from './authorization-fault.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** Where a good request stands. */
export type Standing = {
  readonly request: AuthorizationRequest;
  readonly client: { readonly resellerId: string | null; readonly scopes: string };
  /**
   * Who is signed in to the client's reseller with this browser, since when, when that was proved, with which rights, and
   * whether a second factor is to be set up first; null: nobody.
   */
  readonly user: {
    readonly signedInAt: number;
    /** Before `signedInAt` where it was at an outside provider; 0: that one did not say. */
    readonly authenticatedAt: number;
    readonly rights: readonly Scope[];
    readonly factorDue: boolean;
  } | null;
  /** When the sign-in began that was asked for by this very request and has succeeded; null: there was none. */
  readonly askedAt: number | null;
  /** What the user has let this client do before, separated by spaces. */
  readonly consented: string;
  readonly now: number;
};

/** What is to be done next: the user signs in, sets up a second factor, or agrees, or nothing is in the way. */
export type AuthorizationStep =
  | { readonly kind: 'sign-in' }
  | { readonly kind: 'enrol' }
  | { readonly kind: 'consent' | 'grant'; readonly scope: readonly string[] }
  | { readonly kind: 'fault'; readonly fault: AuthorizationFault };

/** Judges where a request stands (OpenID Connect Core 1.0 §3.1.2.3, §3.1.2.4). */
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

/** What of a `scope` neither the client nor the user lacks; unknown names are left out (RFC 6749 §3.3). */
export function grantable(
  asked: string,
  { scopes, resellerId }: Standing['client'],
  rights: ReadonlySet<Scope>,
): readonly string[] {
  const held = readScopes(scopes, resellerId);
  return [
    ...readIdentityScopes(asked),
    ...[...readScopes(asked, resellerId)].filter(
      (scope) => held.has(scope) && rights.has(scope) && !NON_DELEGABLE_SCOPES.has(scope),
    ),
  ];
}

/** How new the sign-in has to be that a request leads to, here or at an outside provider. */
export function freshnessOf({ prompts, maxAgeSeconds }: AuthorizationRequest): Freshness {
  if (prompts.has('login')) return REAUTHENTICATE_NOW;
  return { prompt: prompts.has('select_account') ? 'select_account' : null, maxAgeSeconds };
}

const asksAgain = ({ prompts }: AuthorizationRequest) => prompts.has('login') || prompts.has('select_account');

/** Whether the user has to sign in anew, and has not done so since it was asked for. */
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
