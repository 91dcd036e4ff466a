import type { Route } from '../../src/http/routes/route.ts';
import { type Scope, SELF } from '../../src/model/clients/scope.ts';
import { ROLES as MEMBER_ROLES, scopesOf } from '../../src/model/users/role.ts';
import { type Declared, parametersOf } from '../support/generators/routes.ts';
import type { KeyHolder, Stranger } from './strangers.ts';

/**
 * What a caller gets: a refusal; `in`: what was asked for; `own`: the same of its own, and nothing of the reseller that the
 * scene is about; `itself`: whatever becomes of it, the person that the scene is about is not touched.
 */
export type Answer = Refused | 'not_found' | 'in' | 'own' | 'itself';
/** Failures that say all by their kind. */
export type Refused = 'token_invalid' | 'scope_missing' | 'user_required' | 'realm_missing';

export type Row = Readonly<Record<Stranger, Answer>>;

/** Tokens that are none of ours, or not now, or not for this. */
export const UNTRUSTED = {
  expired: 'token_invalid',
  'not yet valid': 'token_invalid',
  'for another audience': 'token_invalid',
  'of another issuer': 'token_invalid',
  'of another type': 'token_invalid',
  'signed by somebody else': 'token_invalid',
  "of another key's name": 'token_invalid',
} as const;

const CLOSED = {
  ...UNTRUSTED,
  revoked: 'token_invalid',
  'of a revoked client': 'token_invalid',
  'of a deleted reseller': 'token_invalid',
  'of an ended session': 'token_invalid',
  'of a user that is deleted': 'token_invalid',
  'of a user that is disabled': 'token_invalid',
  'of a guest that is disabled': 'token_invalid',
  'without the scope': 'scope_missing',
  'a user without rights': 'scope_missing',
} as const;

const BY_ID = {
  ...CLOSED,
  "another reseller's client": 'not_found',
  "another reseller's administrator": 'not_found',
  "another reseller's application": 'not_found',
  'a user of this reseller, as a guest elsewhere': 'not_found',
  'a guest of this reseller, at home': 'not_found',
  "another organization's administrator": 'scope_missing',
  'the operator': 'in',
} as const;

const BY_TOKEN = {
  ...CLOSED,
  "another reseller's client": 'own',
  "another reseller's administrator": 'own',
  "another reseller's application": 'own',
  'a user of this reseller, as a guest elsewhere': 'own',
  'a guest of this reseller, at home': 'own',
  "another organization's administrator": 'scope_missing',
  'the operator': 'own',
} as const;

/** Closed to every reseller before anybody looks whether its credential is still good. */
const OPERATORS: Row = {
  ...CLOSED,
  'of a deleted reseller': 'scope_missing',
  'of an ended session': 'scope_missing',
  'of a user that is deleted': 'scope_missing',
  'of a user that is disabled': 'scope_missing',
  'of a guest that is disabled': 'scope_missing',
  "another reseller's client": 'scope_missing',
  "another reseller's administrator": 'scope_missing',
  "another reseller's application": 'scope_missing',
  'a user of this reseller, as a guest elsewhere': 'scope_missing',
  'a guest of this reseller, at home': 'scope_missing',
  "another organization's administrator": 'scope_missing',
  'the operator': 'in',
};

/** The rows of a scope: of routes whose path names something, and of those that the token alone places. */
type Rows = { readonly byId: Row; readonly byToken: Row };
const RESELLERS: Rows = { byId: BY_ID, byToken: { ...BY_TOKEN, 'the operator': 'in' } };
const USERS: Rows = { byId: { ...BY_ID, "another organization's administrator": 'not_found' }, byToken: BY_TOKEN };
const CUSTOMERS: Rows = { byId: BY_ID, byToken: BY_TOKEN };
/** The operator has webhooks of its own, and sees no others. */
const WEBHOOKS: Rows = { byId: { ...BY_ID, 'the operator': 'not_found' }, byToken: BY_TOKEN };
const CLOSED_TO_RESELLERS: Rows = { byId: OPERATORS, byToken: OPERATORS };

const ROWS: Readonly<Record<Scope, Rows>> = {
  'reseller:read': RESELLERS,
  'reseller:write': CLOSED_TO_RESELLERS,
  'reseller:user:create': USERS,
  'reseller:user:read': USERS,
  'reseller:user:update': USERS,
  'reseller:user:delete': USERS,
  'reseller:organization:create': CUSTOMERS,
  'reseller:organization:read': CUSTOMERS,
  'reseller:organization:update': CUSTOMERS,
  'reseller:organization:delete': CUSTOMERS,
  'webhook:read': WEBHOOKS,
  'webhook:write': WEBHOOKS,
  'event:read': RESELLERS,
  'audit:read': RESELLERS,
  'client:read': RESELLERS,
  'client:write': RESELLERS,
  'branding:write': RESELLERS,
  'status:publish': RESELLERS,
  'storage:read': RESELLERS,
  'storage:write': RESELLERS,
  'operations:read': CLOSED_TO_RESELLERS,
};

/** Where an operation answers otherwise than its scope's row, and why. */
const EXCEPTIONS: Readonly<Record<string, Partial<Row>>> = {
  // A list of the whole reseller shows an organization's administrator that organization.
  'v3 listUsers': { "another organization's administrator": 'own' },
  'accounts listUsers': { "another organization's administrator": 'own' },
  // Whom it makes is of no organization.
  'accounts createUser': {
    "another organization's administrator": 'scope_missing',
    // It would have roles that give access to credentials.
    "another reseller's application": 'user_required',
  },
};

/** The row of a route that asks for a scope. */
export function rowOf(one: Declared): Row {
  const { dialect, route } = one;
  const refused = applicationRefused(one);
  const { byId, byToken } = ROWS[route.scope];
  const realm = dialect.realm === 'token' ? ({ 'the operator': 'realm_missing' } as const) : {};
  return {
    ...(parametersOf(route.path).length > 0 ? byId : byToken),
    ...realm,
    // Members from elsewhere hold roles alone.
    ...(!scopesOf(MEMBER_ROLES).includes(route.scope) && {
      'a user of this reseller, as a guest elsewhere': 'scope_missing',
    }),
    ...(refused && { "another reseller's application": refused }),
    ...EXCEPTIONS[`${dialect.name} ${route.id}`],
  };
}

/** Operations on how users sign in, and on what acts without any, which no application has in a user's name. */
export const CREDENTIALS: Readonly<Record<string, Refused>> = {
  'v3 endUserSessions': 'user_required',
  'v3 endUserSession': 'user_required',
  'v3 resetUserTwoFactor': 'user_required',
  'v3 unlinkUserGoogle': 'user_required',
  'v3 createResetPasswordToken': 'user_required',
  'v3 setSignInSettings': 'scope_missing',
  'accounts createClient': 'scope_missing',
  'accounts updateClient': 'user_required',
  'accounts deleteClient': 'scope_missing',
};

/** What nobody does to the own user either, though it is no credential: disabling it. */
export const OWN_STATE: ReadonlySet<string> = new Set(['v3 updateUser', 'accounts updateUser']);

type Asked = Pick<Declared, 'dialect'> & { readonly route: Route };

/** What an application gets of a route where it may not do what its user may; undefined: nothing keeps it from asking. */
export function applicationRefused({ dialect, route }: Asked): Refused | undefined {
  return route.scope === SELF ? 'user_required' : CREDENTIALS[`${dialect.name} ${route.id}`];
}

/** Routes of signed-in users, each of whom sees itself alone; no API client is one. */
export const OWN: Row = {
  ...CLOSED,
  revoked: 'user_required',
  'of a revoked client': 'user_required',
  'of a deleted reseller': 'user_required',
  'without the scope': 'user_required',
  'a user without rights': 'itself',
  "another reseller's client": 'user_required',
  "another reseller's administrator": 'itself',
  "another reseller's application": 'user_required',
  'a user of this reseller, as a guest elsewhere': 'itself',
  'a guest of this reseller, at home': 'itself',
  "another organization's administrator": 'itself',
  'the operator': 'user_required',
};

/** The row of a route for callers with the key of an API client; in a dialect without them it has none. */
export function keyRowOf({ dialect, route }: Declared): Readonly<Partial<Record<KeyHolder, Answer>>> {
  if (!dialect.security.includes('apiKey')) return {};
  return {
    'the key of a revoked client': 'token_invalid',
    'the key of a deleted reseller': 'token_invalid',
    'a key without the scope': 'scope_missing',
    "another reseller's key": parametersOf(route.path).length > 0 ? 'not_found' : 'own',
    "the operator's key": 'realm_missing',
  };
}
