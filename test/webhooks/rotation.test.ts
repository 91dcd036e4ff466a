import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { unseal } from '../../src/auth/secrets/seal.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { expire } from '../../src/jobs/expire.ts';
import { runJob } from '../../src/jobs/run.ts';
import { makePlace } from '../support/outside/place.ts';
import { makePending, stoppedWorld } from '../support/stopped-world.ts';
import { rows } from '../support/world.ts';

const HOUR = 3_600_000;
const OLD = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

async function makeRotated(oldToken: string, body?: object) {
  const world = stoppedWorld();
  const place = makePlace();
  const pending = await makePending(place, { token: oldToken });
  const { api, endpoint, happen, wake } = pending;
  const reply = await api.post(`/v3/webhooks/${endpoint.id}/rotate-token`, body);
  /** The next request that arrives, some time after the rotation. */
  const next = async (afterMs: number) => {
    world.clock.nowMs = Date.now() + afterMs;
    await fanOut(world.worker, [await happen()]);
    await world.arrive([wake]);
    const request = (await place.seen()).at(-1);
    if (request === undefined) throw new Error('nothing arrived');
    const sign = (token: string) =>
      token.startsWith('whsec_')
        ? new Webhook(token).sign(
            request.headers['webhook-id'] ?? '',
            new Date(Number(request.headers['webhook-timestamp']) * 1000),
            request.body,
          )
        : createHmac('sha256', token).update(request.body).digest('base64');
    return { signatures: request.headers['webhook-signature']?.split(' '), sign };
  };
  return { ...world, ...pending, place, reply, next };
}

test('after a rotation both tokens sign for 24 hours, then the new one alone', async () => {
  const { reply, next, endpoint } = await makeRotated(OLD, { token: NEW });
  expect([reply.status, reply.body]).toEqual([201, { ...endpoint, token: NEW, updatedAt: reply.body.updatedAt }]);
  const during = await next(23.9 * HOUR);
  expect(during.signatures).toEqual([during.sign(NEW), during.sign(OLD)]);
  const afterwards = await next(24.1 * HOUR);
  expect(afterwards.signatures).toEqual([afterwards.sign(NEW)]);
});

test('a receiver that verifies by Standard Webhooks takes the request, whichever token it knows', async () => {
  const { next, place } = await makeRotated(OLD, { token: NEW });
  await next(1000);
  const { body, headers } = (await place.seen())[0] ?? { body: '', headers: {} };
  for (const token of [OLD, NEW]) expect(new Webhook(token).verify(body, headers)).toEqual(JSON.parse(body));
});

test('without a token we make one that is fit for Standard Webhooks', async () => {
  const { reply, next } = await makeRotated('plain and old');
  expect(reply.body.token).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const { signatures, sign } = await next(1000);
  expect(signatures).toEqual([sign(reply.body.token), sign('plain and old')]);
});

test('a second rotation ends the overlap of the first, and a token set by PATCH takes over at once', async () => {
  const { api, endpoint, next } = await makeRotated(OLD, { token: NEW });
  await api.post(`/v3/webhooks/${endpoint.id}/rotate-token`, { token: 'third' });
  const third = await next(1000);
  expect(third.signatures).toEqual([third.sign('third'), third.sign(NEW)]);
  await api.patch(`/v3/webhooks/${endpoint.id}`, { token: 'fourth' });
  const fourth = await next(1000);
  expect(fourth.signatures).toEqual([fourth.sign('fourth')]);
});

test('both tokens are sealed in the database, shown by nothing later, and the old one is taken away in the end', async () => {
  const { api, endpoint, row, worker, clock } = await makeRotated(OLD, { token: NEW });
  const stored = await row();
  expect(JSON.stringify(stored)).not.toContain('whsec');
  expect(await unseal(worker.env, stored.sealed_token)).toBe(NEW);
  expect(await unseal(worker.env, stored.sealed_old_token)).toBe(OLD);
  expect(JSON.stringify((await api.get(`/v3/webhooks/${endpoint.id}`)).body)).not.toContain('token');
  expect(JSON.stringify(await rows('select * from events where subject = ?', endpoint.id))).not.toContain('whsec');
  clock.nowMs += 25 * HOUR;
  await runJob(worker, expire);
  expect(await row()).toMatchObject({ sealed_old_token: null, old_token_until: null });
});

test('a rotation tells of itself as an update of the webhook', async () => {
  const { endpoint } = await makeRotated(OLD);
  const events = await rows('select type from events where subject = ? and audit_only = 0 order by seq', endpoint.id);
  expect(events.map(({ type }) => type)).toEqual(['webhook.created', 'webhook.updated']);
});
