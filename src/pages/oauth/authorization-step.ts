import { readIdentityScopes } from '../../model/clients/identity-scope.ts';
import { NON_DELEGABLE_SCOPES, readScopes, type Scope } from '../../model/clients/scope.ts';
import { type Freshness, REAUTHENTICATE_NOW } from '../../model/sign-in/flow.ts';
import type { AuthorizationFault } from './authorization-fault.ts';
import type { AuthorizationCodeRequest } from './authorization-request.ts';

export type AuthorizationState = {
  readonly request: AuthorizationCodeRequest;
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
export function nextStep({ request, client, user, askedAt, consented, now }: AuthorizationState): AuthorizationStep {
  const { prompts, scope } = request;
  const silent = prompts.has('none');
  const clientScopes = grantableScopes(scope, client, readScopes(scope, client.resellerId));
  if (clientScopes.length === 0) return { kind: 'fault', fault: { kind: 'scope' } };
  if (user === null || mustSignInAgain(request, user, askedAt, now))
    return silent ? { kind: 'fault', fault: { kind: 'login_required' } } : { kind: 'sign-in' };
  if (user.factorDue) return silent ? { kind: 'fault', fault: { kind: 'interaction_required' } } : { kind: 'enrol' };
  const grantedScopes = grantableScopes(scope, client, new Set(user.rights));
  if (grantedScopes.length === 0) return { kind: 'fault', fault: { kind: 'scope' } };
  const consentedScopes = new Set(consented.split(' '));
  if (!prompts.has('consent') && grantedScopes.every((name) => consentedScopes.has(name)))
    return { kind: 'grant', scope: grantedScopes };
  return silent ? { kind: 'fault', fault: { kind: 'consent_required' } } : { kind: 'consent', scope: grantedScopes };
}

/** Unknown names are ignored (RFC 6749 §3.3). */
export function grantableScopes(
  requested: string,
  { scopes, resellerId }: AuthorizationState['client'],
  rights: ReadonlySet<Scope>,
): readonly string[] {
  const heldScopes = readScopes(scopes, resellerId);
  return [
    ...readIdentityScopes(requested),
    ...[...readScopes(requested, resellerId)].filter(
      (scope) => heldScopes.has(scope) && rights.has(scope) && !NON_DELEGABLE_SCOPES.has(scope),
    ),
  ];
}

export function requiredFreshness({ prompts, maxAgeSeconds }: AuthorizationCodeRequest): Freshness {
  if (prompts.has('login')) return REAUTHENTICATE_NOW;
  return { prompt: prompts.has('select_account') ? 'select_account' : null, maxAgeSeconds };
}

const requiresSignIn = ({ prompts }: AuthorizationCodeRequest) => prompts.has('login') || prompts.has('select_account');

function mustSignInAgain(
  request: AuthorizationCodeRequest,
  { signedInAt, authenticatedAt }: NonNullable<AuthorizationState['user']>,
  askedAt: number | null,
  now: number,
): boolean {
  if (askedAt !== null && signedInAt >= askedAt) return false;
  if (requiresSignIn(request)) return true;
  const { maxAgeSeconds } = request;
  return maxAgeSeconds !== null && now - authenticatedAt >= maxAgeSeconds * 1000;
}
