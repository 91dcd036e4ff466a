import { env } from 'cloudflare:workers';
import { hashPassword } from '../../../src/auth/password.ts';
import { readEnv } from '../../../src/env.ts';
import type { Documented } from '../../../src/http/dialect.ts';
import { ROLES } from '../../../src/model/role.ts';
import { parametersOf, provide } from '../routes.ts';
import { makeStaff } from '../staff.ts';
import { byKey, type Client, makeReseller, operator, rows } from '../world.ts';
import { type Memory, remember } from './stand-ins.ts';
import type { Callers } from './steps.ts';

/** Where a sequence of requests begins: a reseller with one of everything in it, and those who call. */
export type FuzzScene = {
  /** The `Authorization` of each caller, by name; null: none. */
  readonly callers: Readonly<Record<string, string | null>>;
  readonly memory: Memory;
  readonly client: Client;
};

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
  [10, 'key'],
  [10, 'stranger'],
  [5, 'nobody'],
  ...Object.keys(FALSE).map((name) => [1, name] as const),
];

let passwordHash: Promise<string> | undefined;
let stranger: string | null = null;

/** Makes a scene with one of everything that the paths of this dialect name. */
export async function openFuzzScene(dialect: Documented): Promise<FuzzScene> {
  const home = await makeReseller();
  const { id: reseller, api } = home;
  const above = await operator();
  const everyRole = await makeStaff(home, { roles: [...ROLES], word: 'reseller-admin' });
  const oneRole = await makeStaff(home, { roles: ['user.admin'] });
  passwordHash ??= hashPassword(readEnv(env), PASSWORD);
  await rows('update users set password_hash = ? where reseller_id = ?', await passwordHash, reseller);
  const ids: Record<string, string> = {};
  const place = { dialect, reseller, caller: dialect.realm === 'token' ? api : above, ids };
  for (const name of new Set(dialect.routes.flatMap(({ path }) => parametersOf(path)))) await provide(place, name);
  const memory: Memory = new Map();
  for (const [name, id] of Object.entries({ ...ids, accountId: reseller, any: reseller })) remember(memory, name, id);
  for (const { user, session } of [everyRole, oneRole]) {
    remember(memory, 'userId', user.id);
    remember(memory, 'sessionId', session);
    remember(memory, 'email', user.email);
    remember(memory, 'username', user.email);
  }
  const bearers = { client: api, operator: above, everyRole, oneRole };
  const tokens = Object.entries(bearers).map(([name, { token }]) => [name, `Bearer ${token}`]);
  const { token: key } = byKey(api.client);
  const callers = { ...Object.fromEntries(tokens), key: `ApiKey ${key}`, stranger, nobody: null, ...FALSE };
  stranger = callers.client ?? null;
  return { callers, memory, client: api.client };
}
