import { beforeAll, expect, test, vi } from 'vitest';
import { deletedResellers } from '../../src/jobs/deleted-resellers.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJob } from '../../src/jobs/run.ts';
import { DELETED_RETENTION_MS, JOB_LEASE_MS } from '../../src/model/limits/index.ts';
import { virtualClock } from '../support/faults/clock.ts';
import { faultyDatabase } from '../support/faults/database.ts';
import { type Fault, failsAt } from '../support/faults/fate.ts';
import { openAlone } from '../support/faults/invocation.ts';
import { seeded } from '../support/faults/random.ts';
import { makeTenant, tablesOf } from '../support/people/tenant.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { makeReseller, operator, rows } from '../support/world.ts';

beforeAll(() => {
  muteQueues();
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

/** A tenant that is due, one of whose users is a member elsewhere, and the world at that time. */
async function makeDeparting() {
  const platform = await operator();
  const [tenant, other] = [await makeTenant(), await makeReseller()];
  const guest = { email: tenant.customer.email, displayName: 'Guest', roles: ['user.admin'] };
  expect((await platform.post(`/v1.0/accounts/${other.id}/users`, guest)).status).toBe(201);
  await platform.delete(tenant.base);
  const world = stoppedWorld(Date.now() + DELETED_RETENTION_MS + 86_400_000);
  for (let runs = 0; runs < 2; runs++) await runJob(world.worker, expire);
  /** That nothing is left, and that the other reseller has heard of it once. */
  const expectGone = async (what: unknown) => {
    expect([what, await tablesOf(tenant.id), await tenant.blobs()]).toEqual([what, ['resellers', 'events'], 0]);
    const told = await rows(
      "select reseller_id from events where subject = ? and type = 'reseller.user.deleted'",
      tenant.customer.id,
    );
    expect([what, told]).toEqual([what, [{ reseller_id: other.id }]]);
  };
  return { ...world, tenant, expectGone };
}

const faults: Fault[] = ['error after', 'crash after'];
test.each(faults)(
  'a removal that meets this at any statement is finished by the next run: %s',
  {
    timeout: 240_000,
  },
  async (fault) => {
    for (let step = 1; ; step++) {
      const { worker, clock, expectGone } = await makeDeparting();
      const plan = failsAt(step, fault);
      const invocation = openAlone(virtualClock(clock.nowMs, seeded(1)), plan.fate);
      const { blobs } = worker.env;
      const broken = withSettings(worker, {
        blobs: {
          ...blobs,
          delete: (keys: string[]) => invocation.step('network', () => blobs.delete(keys)),
        } as R2Bucket,
      });
      const db = faultyDatabase(worker.env.database, invocation.step);
      await runJob({ ...broken, db }, deletedResellers).catch(() => {});
      clock.nowMs += JOB_LEASE_MS;
      await runJob(worker, deletedResellers);
      await expectGone(step);
      if (!plan.reached()) return expect(step).toBeGreaterThan(12);
    }
  },
);

test('two removals at once, one of which has outlived its lease, do no harm', async () => {
  const { worker, expectGone } = await makeDeparting();
  const chunks = async () => {
    const [step] = await deletedResellers.steps(worker);
    for (let more = step !== undefined; more; ) more = (await step?.chunk(worker))?.more ?? false;
  };
  await Promise.all([chunks(), chunks(), chunks()]);
  await runJob(worker, deletedResellers);
  await expectGone('both');
});
