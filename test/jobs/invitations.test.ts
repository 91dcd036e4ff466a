import { beforeEach, expect, test, vi } from 'vitest';
import { invitations } from '../../src/jobs/invitations.ts';
import { runJob } from '../../src/jobs/run.ts';
import { EXPIRED_INVITATIONS_CHUNK, INVITATION_LIFE_MS } from '../../src/model/limits/index.ts';
import { type Invitee, makeInvitee } from '../support/people/invitees.ts';
import { muteQueues } from '../support/queues.ts';
import { stoppedWorld } from '../support/stopped-world.ts';
import { makeReseller, operator, rows } from '../support/world.ts';

beforeEach(() => {
  vi.restoreAllMocks();
  muteQueues();
});

/** The job's run so many milliseconds after the invitation's end. */
async function runAfter(ms: number, invitee: Invitee) {
  const { created_at: invitedAt } = await invitee.membership();
  const world = stoppedWorld(invitedAt + INVITATION_LIFE_MS + ms);
  expect(await runJob(world.worker, invitations)).toBe(true);
  return world;
}
const endedCount = async () => JSON.parse((await rows("select counts from jobs where name = 'invitations'"))[0].counts);
const events = ({ userId, other }: Pick<Invitee, 'userId' | 'other'>) =>
  rows(
    "select * from events where subject = ? and reseller_id = ? and type = 'reseller.user.deleted'",
    userId,
    other.id,
  );

test('an invitation that nobody answers ends after seven days, and its tenant hears of it', async () => {
  const invitee = await makeInvitee({ roles: ['user.admin'] });
  await runAfter(-1, invitee);
  expect(await invitee.membership()).toBeDefined();
  const { updated_at: before } = await invitee.user();
  const { sent } = await runAfter(0, invitee);
  expect(await invitee.membership()).toBeUndefined();
  expect(await invitee.heard()).toEqual(['created', 'deleted']);
  const [event] = await events(invitee);
  expect(event).toMatchObject({ actor: 'system:invitations', address: '', after: null });
  expect(JSON.parse(event.before)).toMatchObject({
    membership: 'pending',
    roles: ['account.user', 'user.admin'],
    company: '',
    organization: null,
  });
  expect(sent.events).toContainEqual({ body: { eventId: event.id } });
  expect((await endedCount()).invitations).toBeGreaterThanOrEqual(1);
  expect((await invitee.user()).updated_at).toBeGreaterThan(before);
  const { home, userId } = invitee;
  expect(await rows("select 1 from events where reseller_id = ? and type like '%deleted'", home.id)).toEqual([]);
  expect(await rows('select 1 from membership_refusals where user_id = ?', userId)).toEqual([]);
  await invitee.inviteAgain('branding.admin');
});

test('run again, or twice at once, it tells of each once', async () => {
  const invitee = await makeInvitee();
  const { created_at: invitedAt } = await invitee.membership();
  const worlds = [0, 1].map(() => stoppedWorld(invitedAt + INVITATION_LIFE_MS));
  const [step] = await invitations.steps(worlds[0]!.worker);
  await Promise.all(worlds.map(({ worker }) => step!.chunk(worker)));
  await step!.chunk(worlds[0]!.worker);
  expect(await events(invitee)).toHaveLength(1);
});

test('an accepted membership stays', async () => {
  const invitee = await makeInvitee();
  await rows('update memberships set accepted_at = 1 where user_id = ?', invitee.userId);
  await runAfter(1000, invitee);
  expect(await invitee.membership()).toBeDefined();
  expect(await invitee.heard()).toEqual(['created']);
});

test('a tenant that is gone hears nothing of its invitations, which end with it', async () => {
  const invitee = await makeInvitee();
  await (await operator()).delete(invitee.other.base);
  await runAfter(0, invitee);
  expect(await invitee.membership()).toBeUndefined();
  expect(await events(invitee)).toEqual([]);
});

test('many end chunk by chunk', async () => {
  const invitee = await makeInvitee();
  const { id } = await makeReseller();
  const { created_at: invitedAt } = await invitee.membership();
  const count = EXPIRED_INVITATIONS_CHUNK * 2 + 3;
  await rows(
    `insert into users (id, reseller_id, first_name, last_name, name_key, email, email_key, role, company,
       allow_customer_portal_access, created_at, updated_at)
     with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ?1)
     select 'many-' || n, ?2, 'M', 'U', 'm u', n || '@many.example', n || '@many.example', 'user', '', 1, 1, 1 from counted`,
    count,
    id,
  );
  await rows(
    `insert into memberships (user_id, reseller_id, roles, created_at)
     select id, ?1, '[]', ?2 from users where id like 'many-%'`,
    invitee.other.id,
    invitedAt,
  );
  await runAfter(0, invitee);
  expect((await endedCount()).invitations).toBeGreaterThan(count);
  const told = await rows(
    "select 1 from events where reseller_id = ? and type = 'reseller.user.deleted'",
    invitee.other.id,
  );
  expect(told).toHaveLength(count + 1);
});
