import { beforeAll, expect, test } from 'vitest';
import type { Caller } from '../support/api.ts';
import { listPages, planOf, statementsOf, wasteOf } from '../support/measures/plans.ts';
import { type Account, enroll, makeAccount, newUser } from '../support/people/accounts.ts';
import { makeStaff } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { newUser as newV3User, operator, unique } from '../support/world.ts';

beforeAll(muteQueues);

const pages = (caller: Caller, list: string) => listPages(caller, list, undefined, 'pageSize');

/** All that can be done with the users of an account. */
async function manage(caller: Caller, { base, users, makeUser }: Account) {
  await makeUser('user.admin');
  const made = await caller.post(users, newUser({ roles: ['user.admin'] }), { 'Idempotency-Key': unique('key') });
  const path = `${users}/${made.body.data.id}`;
  await caller.post(users, newUser({ email: made.body.data.email }));
  await pages(caller, users);
  await caller.get(path);
  const patch = (operation: object) => caller.patch(path, [operation]);
  await patch({ op: 'replace', path: '/email', value: newUser().email });
  await patch({ op: 'add', path: '/roles/-', value: 'webhooks.admin' });
  for (let asked = 0; asked < 4; asked++) await caller.post(`${path}/sendActivationEmail`);
  await listPages(caller, `${base}/users`);
  await caller.patch(`${base}/users/${made.body.data.id}`, { role: 'reseller-admin', email: newUser().email });
  await caller.post(`${base}/users`, { ...newV3User(), role: 'reseller-admin' });
  await caller.delete(path);
}

test('no statement about members scans a table or sorts its result, whoever asks', async () => {
  const [home, other] = [await makeAccount(), await makeAccount()];
  const platform = await operator();
  const callers = [
    home.api,
    platform,
    await makeStaff(home, { roles: ['user.admin'] }),
    await makeStaff(home, { word: 'reseller-admin' }),
  ];
  const statements = await statementsOf(async () => {
    for (const caller of callers) await manage(caller, home);
    const guest = await enroll(other, await home.makeUser(), 'user.admin');
    for (const roles of [[], ['user.admin']]) {
      await platform.patch(guest.path, [{ op: 'replace', path: '/roles', value: roles }]);
      await other.api.delete(guest.path);
    }
    await pages(platform, '/v1.0/accounts');
    for (const part of ['', '/metrics', '/branding']) await callers[3]!.get(`/v1.0/accounts/${home.id}${part}`);
    await pages(callers[3]!, `/v1.0/accounts/${home.id}/clients`);
  });
  const about = [...statements].filter((sql) => /memberships|api_clients|resellers/.test(sql));
  expect(about.length).toBeGreaterThan(30);
  expect(await wasteOf(about)).toEqual({});
});

test('the users of an account are listed by the index that is made for them', async () => {
  const { api, users, makeUser } = await makeAccount();
  for (let made = 0; made < 3; made++) await makeUser();
  const statements = await statementsOf(() => pages(api, users));
  const plans = await Promise.all([...statements].filter((sql) => sql.includes('order by')).map(planOf));
  for (const range of ['reseller_id=?', 'reseller_id=? AND (created_at,user_id)>(?,?)'])
    expect(plans.flat().join('\n')).toContain(`SEARCH membership USING INDEX memberships_by_reseller (${range})`);
});
