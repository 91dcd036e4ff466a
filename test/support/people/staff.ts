import { env } from 'cloudflare:workers';
import { importJWK, SignJWT } from 'jose';
import { uuidv7 } from 'uuidv7';
import { availableScopes, type Scope } from '../../../src/model/clients/scope.ts';
import { FIRST_PARTY_CLIENT_ID } from '../../../src/model/sessions/actor.ts';
import { ORGANIZATION_ADMIN, ORGANIZATION_ADMIN_SCOPES, type Role, scopesOf } from '../../../src/model/users/role.ts';
import { Caller, type Json } from '../api.ts';
import { rows, unique } from '../world.ts';

const HOUR_MS = 3_600_000;
const [signing] = JSON.parse(env.SIGNING_KEYS);

type Home = { readonly id: string; readonly base: string; readonly api: Caller };
type Held = {
  /** Account keys. */
  readonly roles?: readonly Role[];
  /** v3's `role`. */
  readonly word?: string;
  readonly organizationId?: string;
};

/** Somebody of a reseller who has signed in, with a token of what its roles open there. */
export async function makeStaff({ id, base, api }: Home, { roles = [], word, organizationId }: Held = {}) {
  const sent = { email: `${unique('staff')}@example.com`, displayName: 'Sam Lee', roles };
  const user = expectMade(await api.post(`/v1.0/accounts/${id}/users`, sent), 201).data;
  if (word !== undefined || organizationId !== undefined)
    expectMade(await api.patch(`${base}/users/${user.id}`, { role: word, organizationId }), 200);
  const within = word === ORGANIZATION_ADMIN ? ORGANIZATION_ADMIN_SCOPES : [];
  return signIn(user, id, [...scopesOf(roles, word), ...within]);
}

/** Gives a user these roles in a reseller, and no others. */
export async function setRoles(by: Caller, resellerId: string, userId: string, roles: readonly Role[]): Promise<void> {
  const patch = [{ op: 'add', path: '/roles', value: roles }];
  expectMade(await by.patch(`/v1.0/accounts/${resellerId}/users/${userId}`, patch), 200);
}

/** A user in one of its resellers, with a session of its own and a token of these scopes. */
export async function signIn(
  user: { readonly id: string; readonly email: string },
  resellerId: string,
  scopes: readonly Scope[],
) {
  const session = uuidv7();
  const now = Date.now();
  await rows(
    'insert into sessions (id, user_id, reseller_id, created_at, expires_at) values (?, ?, ?, ?, ?)',
    session,
    user.id,
    resellerId,
    now,
    now + HOUR_MS,
  );
  const claims = { sub: user.id, sid: session, reseller_id: resellerId, auth_time: Math.floor(now / 1000) };
  const tokenOf = (held: readonly Scope[]) => userToken(claims, held);
  return Object.assign(new Caller(await tokenOf(scopes)), {
    user,
    session,
    /** The same session by a token of other scopes. */
    claiming: async (held: readonly Scope[] = availableScopes(resellerId)) => new Caller(await tokenOf(held)),
  });
}

/** A token as sign-in issues it. */
async function userToken(claims: Readonly<Record<string, string | number>>, scopes: readonly Scope[]) {
  const { kid, alg } = signing;
  return new SignJWT({ ...claims, client_id: FIRST_PARTY_CLIENT_ID, scope: scopes.join(' '), jti: uuidv7() })
    .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
    .setIssuer(env.PUBLIC_URL)
    .setAudience(env.PUBLIC_URL)
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(await importJWK(signing, alg));
}

function expectMade({ status, body, text }: { status: number; body: Json; text: string }, expected: number): Json {
  if (status !== expected) throw new Error(`${status} ${text}`);
  return body;
}
