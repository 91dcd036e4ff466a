import { beforeAll, expect, test } from 'vitest';
import { runJob } from '../../src/jobs/run.ts';
import { endSignedOutSessions } from '../../src/jobs/sign-out.ts';
import { makeStaff, signIn } from '../support/people/staff.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, operator, rows } from '../support/world.ts';

beforeAll(muteQueues);

const enable = async (id: string, value: boolean) =>
  (await operator()).patch(`/v1.0/accounts/${id}`, [{ op: 'replace', path: '/enabled', value }]);

test('disabling an account signs everybody out for good, and the audit log says so of each', async () => {
  const account = await makeReseller();
  const staff = await makeStaff(account, { roles: ['webhooks.admin'] });
  const elsewhere = await makeReseller();
  const stranger = await makeStaff(elsewhere, { roles: ['webhooks.admin'] });
  expect((await staff.get('/v3/webhooks')).status).toBe(200);
  await enable(account.id, false);
  expect((await staff.get('/v3/webhooks')).status).toBe(401);
  await enable(account.id, true);
  expect((await staff.get('/v3/webhooks')).status).toBe(401);

  const { worker } = stoppedWorld(Date.now());
  await runJob(worker, endSignedOutSessions);
  await runJob(worker, endSignedOutSessions);
  const said = await rows(
    "select subject, actor, after, audit_only from events where type = 'account.session-ended' and reseller_id in (?, ?)",
    account.id,
    elsewhere.id,
  );
  const after = JSON.stringify({ sessionId: staff.session, reason: 'account-disabled' });
  expect(said).toEqual([{ subject: staff.user.id, actor: 'system', after, audit_only: 1 }]);
  expect((await stranger.get('/v3/webhooks')).status).toBe(200);

  const again = await signIn(staff.user, account.id, ['webhook:read']);
  await runJob(worker, endSignedOutSessions);
  expect((await again.get('/v3/webhooks')).status).toBe(200);
});

test('deleting a reseller signs everybody out in the log, too', async () => {
  const account = await makeReseller();
  const staff = await makeStaff(account, { roles: ['webhooks.admin'] });
  await rows('update resellers set updated_at = 1 where id = ?', account.id);
  await (await operator()).delete(account.base);
  await runJob(stoppedWorld(Date.now()).worker, endSignedOutSessions);
  const said = await rows(
    "select after from events where type = 'account.session-ended' and subject = ?",
    staff.user.id,
  );
  expect(said.map(({ after }) => JSON.parse(after).reason)).toEqual(['account-disabled']);
});
