import { beforeAll, expect, test } from 'vitest';
import { expectDeclared } from '../dialects/checks/check.ts';
import { openOwnScene, own, PROVED } from '../support/generators/own-routes.ts';
import { declared, nameOf, openScene, request } from '../support/generators/routes.ts';
import { muteQueues } from '../support/queues.ts';
import { tripsOf } from './trips.ts';

/** The requests that take more than one round trip to D1: why, how many, and which. */
const EXCEPTIONS = [
  {
    trips: 2,
    because:
      'the audit log says how it was before, and what is left out of the request stays: it is read, then changed',
    routes: [
      'PATCH /v3/resellers/:resellerId',
      'DELETE /v3/resellers/:resellerId',
      'PATCH /v3/resellers/:resellerId/organizations/:organizationId',
      'PATCH /v3/resellers/:resellerId/users/:userId',
      'DELETE /v3/resellers/:resellerId/users/:userId',
      'PATCH /v3/webhooks/:webhookId',
      'POST /v3/webhooks/:webhookId/rotate-token',
      'DELETE /v3/webhooks/:webhookId',
      'DELETE /v3/users/:userId/2fa',
      'DELETE /v3/users/:userId/google',
      'DELETE /v3/me/google',
      'DELETE /v3/me',
      'POST /v3/me/memberships/:resellerId/accept',
      'POST /v3/me/memberships/:resellerId/decline',
      'DELETE /v3/me/memberships/:resellerId',
      'PATCH /v1.0/accounts/:accountId',
      'DELETE /v1.0/accounts/:accountId',
      'PATCH /v1.0/accounts/:accountId/users/:userId',
      'PATCH /v1.0/accounts/:accountId/clients/:clientId',
      'DELETE /v1.0/accounts/:accountId/clients/:clientId',
      'PUT /v1.0/accounts/:accountId/branding',
      'PUT /v3/resellers/:resellerId/sign-in-settings',
      'PATCH /v1.0/accounts/:accountId/storageAccounts/:storageAccountId',
      'PUT /reseller/customers/:customer_id',
      'PUT /reseller/customers/:customer_id/users/:user_id',
      'DELETE /reseller/customers/:customer_id/users/:user_id',
    ],
  },
  {
    trips: 2,
    because: 'what it is about is looked up before anything is written, sent or sealed for it',
    routes: [
      'POST /v3/webhooks/:webhookId/test',
      'POST /v3/webhooks/:webhookId/recover',
      'POST /v3/webhook-event-logs/:logId/redeliver',
      'DELETE /v3/users/:userId/sessions',
      'POST /v3/users/:userId/reset-password-token',
      'POST /v3/me/2fa-secret',
      'DELETE /v3/me/consents/:consentId',
      'POST /v1.0/accounts/:accountId/users/:userId/sendActivationEmail',
    ],
  },
  {
    trips: 2,
    because: 'where the answer ends is looked up first: the link to what follows stands ahead of it',
    routes: ['GET /v3/audit-log.csv'],
  },
  {
    trips: 2,
    because: 'the answer shows the organization that the user is made in',
    routes: ['POST /v3/resellers/:resellerId/users', 'POST /reseller/customers/:customer_id/users'],
  },
  {
    trips: 2,
    because: 'room is reserved before the bytes come, and they count once they are there',
    routes: ['PUT /v1.0/accounts/:accountId/storageAccounts/:storageAccountId/objects/:key'],
  },
  {
    trips: 3,
    because: 'it depends on what else somebody has whether the user goes or only a part of it',
    routes: ['DELETE /v1.0/accounts/:accountId/users/:userId', 'DELETE /v3/me/passkeys/:passkeyId'],
  },
  {
    trips: 4,
    because: 'the first of the users beneath go with it, before the answer',
    routes: [
      'DELETE /v3/resellers/:resellerId/organizations/:organizationId',
      'DELETE /reseller/customers/:customer_id',
    ],
  },
] as const;

/** Reads of more than one statement, in the one round trip. */
const SEVERAL = {
  'GET /v3/audit-log.csv': 'where it ends, and what it has',
  'GET /v3/operations/metrics':
    'first adds what this isolate has counted, then reads what all have, each kind by its index',
};

const routes = [...declared, ...own.filter(({ route }) => !PROVED.includes(route.id))];
const counted: Record<string, string> = {};

beforeAll(muteQueues);

test.each(routes.map((one) => [nameOf(one), one] as const))('%s goes to D1 as often as is known', async (name, one) => {
  const scene = own.includes(one) ? await openOwnScene(one) : await openScene(one);
  const trips = await tripsOf(async () => expectDeclared(scene, await request(scene)));
  const allowed = EXCEPTIONS.find(({ routes }) => routes.some((route) => route === name))?.trips ?? 1;
  expect(trips.length, trips.map((batch) => batch.join('\n')).join('\n\n')).toBe(allowed);
  if (one.route.method === 'GET' && !(name in SEVERAL)) expect(trips.flat()).toHaveLength(1);
  counted[name] = trips.map((batch) => batch.length).join(' + ');
});

test('every exception is a route', () => {
  const names = routes.map(nameOf);
  expect(EXCEPTIONS.flatMap(({ routes }) => routes).filter((route) => !names.includes(route))).toEqual([]);
});

test('the statements of each round trip are those of the golden copy', async () => {
  await expect(`${JSON.stringify(counted, null, 2)}\n`).toMatchFileSnapshot('../golden/round-trips.json');
});
