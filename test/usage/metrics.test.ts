import { beforeAll, expect, test } from 'vitest';
import { BUDGETS } from '../../src/model/usage/budgets.ts';
import { readMetrics } from '../support/measures/prometheus.ts';
import { muteQueues } from '../support/queues.ts';
import { makeReseller, newUser } from '../support/world.ts';
import { useUp } from './budgets.ts';

beforeAll(muteQueues);

const refusals = async () => {
  const { families } = await readMetrics();
  const samples = families.get('reseller_edge_budget_refusals_total')?.samples ?? [];
  return Object.fromEntries(samples.map(({ labels, value }) => [labels['budget'], value]));
};

test('what tenants were refused is counted by budget', async () => {
  const before = await refusals();
  expect(Object.keys(before).sort()).toEqual([...BUDGETS].sort());
  const { id, base, api } = await makeReseller();
  await useUp(id, { bytes: 0 });
  for (let n = 0; n < 3; n++) expect((await api.post(`${base}/users`, newUser())).status).toBe(429);
  expect(await refusals()).toEqual({ ...before, bytes: (before['bytes'] ?? 0) + 3 });
});
