import { beforeAll, expect, test } from 'vitest';
import { jobStates } from '../../src/db/jobs/job-states.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { DELETED_RETENTION_MS } from '../../src/model/limits/index.ts';
import { planOf, statementsOf, wasteOf } from '../support/measures/plans.ts';
import { makeTenant } from '../support/people/tenant.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { operator } from '../support/world.ts';

beforeAll(muteQueues);

test('no statement of a job, or about jobs, scans a table or sorts its result', async () => {
  const tenant = await makeTenant();
  const platform = await operator();
  await platform.delete(tenant.base);
  const { worker, clock } = stoppedWorld();
  const statements = await statementsOf(async (session) => {
    const watched = { ...worker, db: session };
    await runJobs(watched, '* * * * *');
    expect((await platform.get('/v3/operations/jobs')).status).toBe(200);
    clock.nowMs += DELETED_RETENTION_MS + 1000;
    for (let minutes = 0; minutes < 3; minutes++) {
      await runJobs(watched, '* * * * *');
      clock.nowMs += 60_000;
    }
    await jobStates(session, clock.nowMs);
    const younger = { id: 'k2', key: Buffer.alloc(32, 8).toString('base64') };
    await runJobs(withSettings(watched, { encryptionKeys: [younger, ...worker.env.encryptionKeys] }), '* * * * *');
  });
  expect([...statements].filter((sql) => sql.startsWith('delete from "api_clients"'))).toHaveLength(1);
  expect(statements.size).toBeGreaterThan(50);
  expect(await wasteOf(statements)).toEqual({});
});

test('rows that name a reseller, a client or an organization are found by an index when that goes', async () => {
  for (const [table, column] of [
    ['sessions', 'reseller_id'],
    ['sign_in_flows', 'reseller_id'],
    ['api_clients', 'reseller_id'],
    ['resellers', 'parent_id'],
    ['events', 'reseller_id'],
    ['sessions', 'client_id'],
    ['authorization_codes', 'client_id'],
    ['consents', 'client_id'],
    ['users', 'organization_id'],
  ]) {
    const plan = await planOf(`select 1 from ${table} where ${column} = ?`);
    expect([table, column, plan.join()]).toEqual([table, column, expect.stringMatching(/^SEARCH .* USING /)]);
  }
});
