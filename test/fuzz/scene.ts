import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import { newInvitationToken } from '../../src/auth/secrets/invitation-token.ts';
import { hashPassword } from '../../src/auth/secrets/password.ts';
import { readEnv } from '../../src/env.ts';
import type { DocumentedDialect } from '../../src/http/routes/dialect.ts';
import { RESELLER_ADMIN_SCOPES, ROLES, scopesOf } from '../../src/model/users/role.ts';
import { makeIdentity, occasions } from '../support/generators/makers.ts';
import { invitedBy } from '../support/generators/own-routes.ts';
import { parametersOf, provide } from '../support/generators/routes.ts';
import type { Person } from '../support/oidc/person.ts';
import { enroll } from '../support/people/accounts.ts';
import { accountAt } from '../support/people/google.ts';
import { signIn as signInBy } from '../support/people/signed-in.ts';
import { addPasskey, giveConsent } from '../support/people/signed-up.ts';
import { makeStaff, signIn } from '../support/people/staff.ts';
import { byKey, type Client, makeClient, makeReseller, operator, rows } from '../support/world.ts';
import { type Memory, remember } from './stand-ins.ts';
import type { Callers } from './steps.ts';

/** Where a sequence of requests begins: a reseller with one of everything in it, and those who call. */
export type FuzzScene = {
  /** The `Authorization` of each caller, by name; null: none. */
  readonly callers: Readonly<Record<string, string | null>>;
  readonly memory: Memory;
  readonly client: Client;
  readonly reseller: string;
  readonly people: People;
};

/** Users whose credentials the journeys know and no other request changes on purpose. */
type People = {
  readonly careful: { readonly email: string; readonly authorization: string };
  readonly keyholder: { readonly email: string };
  readonly forgetful: { readonly id: string };
  readonly delegating: { readonly email: string };
  /** By two resellers; each with the token of its link. */
  readonly invited: { readonly authorization: string; readonly by: readonly Invitation[] };
  /** By the account at the provider. */
  readonly linked: { readonly account: Person };
};

type Invitation = { readonly resellerId: string; readonly token: string };

export const PASSWORD = 'Correct-horse-7';

/** Credentials that are none. */
const FALSE = {
  garbage: 'Bearer x.y.z',
  unsigned: 'Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.',
  empty: 'Bearer ',
  basic: 'Basic eDp5',
  lost: 'ApiKey ffffffff-ffff-7fff-8fff-ffffffffffff.x',
  bare: 'x',
};

/** Mostly callers who may do something here, and each of the others now and then. */
export const callersOf: Callers = (own) => [
  [own ? 12 : 60, 'client'],
  [own ? 6 : 25, 'operator'],
  [own ? 120 : 30, 'everyRole'],
  [own ? 30 : 15, 'oneRole'],
  [own ? 20 : 15, 'application'],
  [own ? 30 : 15, 'guest'],
  [own ? 30 : 10, 'linked'],
  [10, 'key'],
  [10, 'stranger'],
  [5, 'nobody'],
  ...Object.keys(FALSE).map((name) => [1, name] as const),
];

let passwordHash: Promise<string> | undefined;
let stranger: string | null = null;

/** Makes a scene with one of everything that the paths of this dialect name. */
export async function openFuzzScene(dialect: DocumentedDialect): Promise<FuzzScene> {
  const home = await makeReseller();
  const { id: reseller, api } = home;
  const above = await operator();
  const everyRole = await makeStaff(home, { roles: [...ROLES], word: 'reseller-admin' });
  const oneRole = await makeStaff(home, { roles: ['user.admin'] });
  const [careful, keyholder, forgetful, delegating, invited] = await Promise.all(
    Array.from({ length: 5 }, () => makeStaff(home, { roles: ['account.user'] })),
  );
  const guest = await makeGuest(reseller);
  const linked = await makeLinked(home);
  const app = await makeClient(reseller, RESELLER_ADMIN_SCOPES);
  const application = await signInBy(everyRole.user.id, reseller, RESELLER_ADMIN_SCOPES, app.id);
  passwordHash ??= hashPassword(readEnv(env), PASSWORD);
  await rows('update users set password_hash = ? where reseller_id = ?', await passwordHash, reseller);
  const ids: Record<string, string> = {};
  const place = { dialect, reseller, caller: dialect.realm === 'token' ? api : above, ids };
  for (const name of new Set(dialect.routes.flatMap(({ path }) => parametersOf(path)))) await provide(place, name);
  const memory: Memory = new Map();
  for (const [name, id] of Object.entries({ ...ids, accountId: reseller, any: reseller })) remember(memory, name, id);
  for (const name of ['Laptop', 'Phone', 'Key', 'Tablet'])
    remember(memory, 'passkeyId', await addPasskey(everyRole.user.id, name));
  await makeIdentity(everyRole.user.id);
  for (const { id } of [app, api.client]) remember(memory, 'consentId', await giveConsent(everyRole.user.id, id));
  for (const { id } of dialect.routes) await occasions[id]?.(ids);
  for (const { user, session } of [everyRole, oneRole, guest, linked]) {
    remember(memory, 'userId', user.id);
    remember(memory, 'sessionId', session);
    remember(memory, 'email', user.email);
    remember(memory, 'username', user.email);
  }
  const bearers = { client: api, operator: above, everyRole, oneRole, application, guest, linked };
  const tokens = Object.entries(bearers).map(([name, { token }]) => [name, `Bearer ${token}`]);
  const { token: key } = byKey(api.client);
  const callers = { ...Object.fromEntries(tokens), key: `ApiKey ${key}`, stranger, nobody: null, ...FALSE };
  stranger = callers.client ?? null;
  const people = {
    careful: { email: careful!.user.email, authorization: `Bearer ${careful!.token}` },
    keyholder: { email: keyholder!.user.email },
    linked: { account: linked.account },
    forgetful: { id: forgetful!.user.id },
    delegating: { email: delegating!.user.email },
    invited: {
      authorization: `Bearer ${invited!.token}`,
      by: [await inviteTo(invited!.user.id), await inviteTo(invited!.user.id)],
    },
  };
  return { callers, memory, client: api.client, reseller, people };
}

/** A reseller that has invited the user, who has yet to answer. */
async function inviteTo(userId: string): Promise<Invitation> {
  const resellerId = await invitedBy(userId, null);
  const membership = 'select created_at from memberships where user_id = ? and reseller_id = ?';
  const [{ created_at: invitedAt }] = await rows(membership, userId, resellerId);
  return { resellerId, token: await newInvitationToken(readEnv(env), { userId, resellerId, invitedAt }) };
}

/** A user of another reseller who is a member of this one with every role, and has signed in there. */
async function makeGuest(resellerId: string) {
  const { user } = await makeStaff(await makeReseller());
  await enroll({ users: `/v1.0/accounts/${resellerId}/users` }, user, ...ROLES);
  return signIn(user, resellerId, scopesOf(ROLES));
}

/** A user who has linked an account at the provider. */
async function makeLinked(home: Parameters<typeof makeStaff>[0]) {
  const linked = await makeStaff(home, { roles: ['account.user'] });
  const account = accountAt(linked.user.email);
  const { issuer } = JSON.parse(inject('providers').google);
  await rows(
    'insert into external_identities (issuer, subject, user_id, email, created_at) values (?, ?, ?, ?, 1)',
    issuer,
    account.sub,
    linked.user.id,
    linked.user.email,
  );
  await rows('update users set google_sso_enabled = 1 where id = ?', linked.user.id);
  return Object.assign(linked, { account });
}
