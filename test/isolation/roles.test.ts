import { beforeAll, expect, test } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { isScope } from '../../src/model/clients/scope.ts';
import type { Role } from '../../src/model/users/role.ts';
import { withheld } from '../dialects/checks/access.ts';
import { expectDeclared, expectRefused } from '../dialects/checks/check.ts';
import {
  type Declared,
  declared,
  isOperatorOnly,
  nameOf,
  openScene,
  request,
  type Scene,
} from '../support/generators/routes.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { newOrganization, rows } from '../support/world.ts';

/** Operations by the names of dialects. */
type Operations = Readonly<Record<string, string>>;

const USERS: Operations = {
  v3: `createUser listUsers getUser updateUser deleteUser listUserSessions endUserSessions endUserSession resetUserTwoFactor
    unlinkUserGoogle createResetPasswordToken`,
  reseller: 'createUser listUsers updateUser deleteUser',
  accounts: 'createUser listUsers getUser updateUser deleteUser sendActivationEmail',
};
const CUSTOMERS: Operations = {
  v3: 'createOrganization listOrganizations getOrganization updateOrganization deleteOrganization',
  reseller: 'createCustomer listCustomers getCustomer updateCustomer deleteCustomer',
};
const WEBHOOKS: Operations = {
  v3: `createWebhook listWebhooks getWebhook updateWebhook deleteWebhook rotateWebhookToken testWebhook recoverWebhook
    getRecovery listEventTypes listWebhookEventLogs redeliverWebhookEvent`,
};
const STORAGE: Operations = {
  accounts: `createStorageAccount listStorageAccounts getStorageAccount updateStorageAccount deleteStorageAccount
    listObjects getObject putObject deleteObject`,
};
const BRANDING: Operations = { accounts: 'getBranding setBranding' };
const CLIENTS: Operations = {
  v3: 'getSignInSettings setSignInSettings',
  accounts: 'createClient listClients updateClient deleteClient',
};

/** Account keys (contracts: accounts, Roles): each opens these operations and no others. */
const ROLES: Readonly<Record<Role, readonly Operations[]>> = {
  'account.user': [],
  'user.admin': [USERS],
  'account.service.status': [],
  'account.storage.admin': [STORAGE],
  'branding.admin': [BRANDING],
  'customer.admin': [CUSTOMERS],
  'onboarding.admin': [CLIENTS],
  'webhooks.admin': [WEBHOOKS],
};

/** Values of v3's `role` (contracts: v3, Reseller users). */
const WORDS: Readonly<Record<string, readonly Operations[]>> = {
  'reseller-admin': [
    USERS,
    CUSTOMERS,
    WEBHOOKS,
    STORAGE,
    BRANDING,
    CLIENTS,
    {
      v3: 'listResellers getReseller listEvents listAuditLog exportAuditLog',
      accounts: 'listAccounts getAccount getMetrics',
    },
    { accounts: 'publishStatusUpdate listStatusUpdates getStatusUpdate' },
  ],
  // Users of its own organization: whoever is made an account user is of none.
  'organization-admin': [{ ...USERS, accounts: 'listUsers getUser updateUser deleteUser sendActivationEmail' }],
  user: [],
  'Reseller-Admin': [],
  'reseller-admin ': [],
  'user.admin': [],
  'branding.admin': [],
  operator: [],
};

/** What no role opens: the operator's own. */
const CLOSED: readonly Operations[] = [
  {
    v3: 'createReseller updateReseller deleteReseller readMetrics listJobs',
    accounts: 'createAccount updateAccount deleteAccount',
  },
];

/** Bodies that a role may send where the example gives more than it has. */
const BODIES: Readonly<Record<string, object>> = {
  'accounts createClient': { name: 'Reader', scopes: ['client:read'] },
  'accounts updateUser': [{ op: 'replace', path: '/displayName', value: 'Jane Roe' }],
};

const callers = [
  ...Object.entries(ROLES).map(([role, opens]) => ({ name: role, held: { roles: [role as Role] }, opens })),
  ...Object.entries(WORDS).map(([word, opens]) => ({ name: `v3's ${JSON.stringify(word)}`, held: { word }, opens })),
];
type Somebody = (typeof callers)[number];

const idsOf = (operations: readonly Operations[], dialect: string) =>
  operations.flatMap((one) => one[dialect]?.split(/\s+/) ?? []);
const opens =
  ({ dialect, route }: Declared) =>
  (somebody: Somebody) =>
    idsOf(somebody.opens, dialect.name).includes(route.id);

beforeAll(muteQueues);

test.each(dialects.map(({ name, routes }) => [name, routes] as const))(
  'it is written down who may use each operation of %s',
  (name, routes) => {
    const written = [...idsOf(WORDS['reseller-admin']!, name), ...idsOf(CLOSED, name)];
    expect(written.sort()).toEqual(
      routes
        .filter(({ scope }) => isScope(scope))
        .map(({ id }) => id)
        .sort(),
    );
    const known = callers.flatMap((somebody) => idsOf(somebody.opens, name));
    expect(known.filter((id) => !written.includes(id))).toEqual([]);
  },
);

for (const one of declared) {
  const [open, closed] = [callers.filter(opens(one)), callers.filter((somebody) => !opens(one)(somebody))];
  const name = open.map((somebody) => somebody.name).join(', ') || 'no role';

  test(`${nameOf(one)} opens to ${name}`, async () => {
    for (const somebody of open) {
      const scene = await openScene(one);
      const staff = await join(scene, somebody);
      const body = BODIES[`${one.dialect.name} ${one.route.id}`];
      const changes = body === undefined ? {} : { body: JSON.stringify(body) };
      const reply = await request(scene, { token: staff.token, ...changes });
      expect(reply.status, `${somebody.name}: ${reply.text}`).toBe(one.route.returns[0]);
      expectDeclared(scene, reply);
    }
  });

  test(`${nameOf(one)} opens to nobody else, whatever the token says`, async () => {
    const scene = await openScene(one);
    for (const somebody of closed) {
      const staff = await join(scene, somebody);
      const { token } = await staff.claiming();
      for (const sent of [staff.token, token]) await expectRefused(scene, withheld(scene), { token: sent });
    }
    expect((await request(scene)).status).toBe(one.route.returns[0]);
  });
}

/** Somebody of this role in the scene's reseller; one of an organization in the one that the scene is about. */
async function join(scene: Scene, { held }: Somebody) {
  const base = `/v3/resellers/${scene.reseller}`;
  const reseller = { id: scene.reseller, base, api: scene.caller };
  const { clientId } = scene.ids;
  // Nobody changes an API client with more rights.
  if (clientId !== undefined) await rows("update api_clients set scopes = 'client:read' where id = ?", clientId);
  if (!('word' in held) || held.word !== 'organization-admin') return makeStaff(reseller, held);
  const { organizationId = scene.ids['customer_id'], userId } = scene.ids;
  const within = organizationId ?? (await scene.caller.post(`${base}/organizations`, newOrganization())).body.id;
  if (userId !== undefined) {
    await scene.caller.patch(`${base}/users/${userId}`, { organizationId: within });
    // An administrator of a customer reaches no user with rights beyond it.
    await rows("update memberships set roles = '[]' where user_id = ?", userId);
  }
  return makeStaff(reseller, { ...held, organizationId: within });
}

test("what only the operator may is no reseller's", () => {
  for (const { dialect, route } of declared)
    expect([route.id, idsOf(CLOSED, dialect.name).includes(route.id)]).toEqual([route.id, isOperatorOnly(route.scope)]);
});
