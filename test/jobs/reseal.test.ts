import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createHmac } from 'node:crypto';
import { beforeEach, expect, test, vi } from 'vitest';
import { seal } from '../../src/auth/secrets/seal.ts';
import type { Db } from '../../src/db/sql/statement.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { type Env, readEnv } from '../../src/env.ts';
import worker from '../../src/index.ts';
import { reseal } from '../../src/jobs/reseal.ts';
import { runJob } from '../../src/jobs/run.ts';
import { JOB_LEASE_MS, RESEAL_ROWS } from '../../src/model/limits/index.ts';
import { makePlace } from '../support/outside/place.ts';
import { codeOf, enroll, makePerson, steady } from '../support/people/signed-up.ts';
import { muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { operator, rows, unique } from '../support/world.ts';

const [OLD] = readEnv(env).encryptionKeys;
const NEW = { id: 'k2', key: Buffer.alloc(32, 8).toString('base64') };
const LOST = { id: 'k0', key: Buffer.alloc(32, 9).toString('base64') };

beforeEach(async () => {
  vi.restoreAllMocks();
  muteQueues();
  await rows('delete from webhook_endpoints');
  await rows('delete from totp_secrets');
  await rows("delete from jobs where name = 'reseal'");
});

/** The bindings with these keys. */
const bindings = (...keys: Env['encryptionKeys']) => ({ ...env, ENCRYPTION_KEYS: JSON.stringify(keys) });
const rotated = (world: ReturnType<typeof stoppedWorld>, ...keys: Env['encryptionKeys']) =>
  withSettings(world.worker, { encryptionKeys: keys });

/** The jobs of a minute, as the platform runs them. */
async function aMinute(settings: object): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(
    { cron: '* * * * *', scheduledTime: Date.now(), noRetry: () => {} },
    settings as never,
    context,
  );
  await waitOnExecutionContext(context);
}

async function report() {
  const { body } = await (await operator()).get('/v3/operations/jobs');
  const { counts, more, failures } = body.find(({ name }: { name: string }) => name === 'reseal');
  return { counts, more, failures };
}

const keysOf = async () =>
  (
    await rows(
      `select sealed_token as text from webhook_endpoints union all select sealed_old_token from webhook_endpoints
        where sealed_old_token is not null union all select sealed_secret from totp_secrets`,
    )
  ).map(({ text }) => text.split('.')[0]);

/** Endpoints whose tokens are their names. */
async function makeEndpoints(count: number, keys: Env['encryptionKeys'] = [OLD]) {
  const { endpoint } = await makePending();
  const sealed = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      seal({ ...readEnv(env), encryptionKeys: keys }, `token ${index}`).then((text) => ({ id: unique('hook'), text })),
    ),
  );
  await rows(
    `insert into webhook_endpoints (id, reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq, created_at, updated_at)
     select given.value ->> 'id', reseller_id, given.value ->> 'id', given.value ->> 'id', url, given.value ->> 'text', 0, events, status, after_seq, 1, 1
     from webhook_endpoints, json_each(?) as given where webhook_endpoints.id = ?`,
    JSON.stringify(sealed),
    endpoint.id,
  );
  await rows('delete from webhook_endpoints where id = ?', endpoint.id);
  return sealed;
}

test('after a rotation of keys and one run the old key can go: webhooks are signed and codes are taken', async () => {
  const person = await makePerson();
  const secret = await enroll(await person.signIn());
  const place = makePlace();
  const { api, endpoint, wake, happen } = await makePending(place, { token: 'the first token' });
  await api.post(`/v3/webhooks/${endpoint.id}/rotate-token`, { token: 'the second token' });
  const { updated_at: updatedAt } = (
    await rows('select updated_at from webhook_endpoints where id = ?', endpoint.id)
  )[0];

  await aMinute(bindings(NEW, OLD));
  const done = { webhookTokens: 1, oldWebhookTokens: 1, totpSecrets: 1 };
  expect(await report()).toEqual({ counts: done, more: false, failures: [] });
  expect(await keysOf()).toEqual(['k2', 'k2', 'k2']);
  await aMinute(bindings(NEW));
  expect(await report()).toEqual({ counts: {}, more: false, failures: [] });

  const world = stoppedWorld(Date.now(), { encryptionKeys: [NEW] });
  await fanOut(world.worker, [await happen()]);
  await world.arrive([wake]);
  const [request] = (await place.seen()).slice(-1);
  const sign = (token: string) => createHmac('sha256', token).update(request!.body).digest('base64');
  expect(request!.headers['webhook-signature']).toBe(`${sign('the second token')} ${sign('the first token')}`);
  await steady();
  const entering = new Request('https://edge.localhost/v3/accounts/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': unique('address') },
    body: JSON.stringify({ ...person.credentials, twoFactorCode: codeOf(secret) }),
  });
  const entered = await worker.fetch(entering as never, bindings(NEW) as never, createExecutionContext());
  expect(entered.status, await entered.text()).toBe(200);
  const [row] = await rows('select updated_at from webhook_endpoints where id = ?', endpoint.id);
  expect(row.updated_at).toBe(updatedAt);
});

test('what is left is counted, also where its key is gone', async () => {
  await makeEndpoints(2, [LOST]);
  await makeEndpoints(1, [OLD]);
  await aMinute(bindings(NEW));
  expect(await report()).toEqual({ counts: { left: 3 }, more: false, failures: [] });
  await aMinute(bindings(NEW, OLD));
  expect(await report()).toEqual({ counts: { webhookTokens: 1, left: 2 }, more: false, failures: [] });
  await aMinute(bindings(NEW, OLD, LOST));
  expect(await report()).toEqual({ counts: { webhookTokens: 2 }, more: false, failures: [] });
});

test('more than a chunk is sealed, and a secret that cannot be opened stops no other', async () => {
  const made = await makeEndpoints(RESEAL_ROWS + 5);
  const [first] = made.map(({ id }) => id).sort();
  await rows("update webhook_endpoints set sealed_token = 'k1.AAAA' where id = ?", first);
  await aMinute(bindings(NEW, OLD));
  expect(await report()).toEqual({
    counts: { webhookTokens: RESEAL_ROWS + 4, unreadable: 1, left: 1 },
    more: false,
    failures: [],
  });
  expect(await rows("select id from webhook_endpoints where sealed_token = 'k1.AAAA'")).toEqual([{ id: first }]);
});

test('a run that dies leaves whole secrets, and the next one goes on', async () => {
  await makeEndpoints(RESEAL_ROWS + 5);
  const world = stoppedWorld();
  const worker = rotated(world, NEW, OLD);
  let updates = 0;
  const prepare: Db['prepare'] = (sql) => {
    if (updates > 0) throw new Error('dead');
    if (sql.startsWith('update "webhook_endpoints"')) updates += 1;
    return worker.db.prepare(sql);
  };
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await expect(runJob({ ...worker, db: { ...worker.db, prepare } }, reseal)).rejects.toThrow('dead');
  expect((await keysOf()).filter((key) => key === 'k2')).toHaveLength(RESEAL_ROWS);
  world.clock.nowMs += JOB_LEASE_MS;
  expect(await runJob(worker, reseal)).toBe(true);
  expect(new Set(await keysOf())).toEqual(new Set(['k2']));
  expect(await report()).toMatchObject({ counts: { webhookTokens: 5 }, more: false });
});

test('two runs at once seal each secret once', async () => {
  await makeEndpoints(7);
  const worker = rotated(stoppedWorld(), NEW, OLD);
  const runs = await Promise.all([1, 2].map(async () => (await reseal.steps(worker))[0]!.chunk(worker)));
  expect(runs.reduce((sum, { counts }) => sum + (counts['webhookTokens'] ?? 0), 0)).toBe(7);
  expect(new Set(await keysOf())).toEqual(new Set(['k2']));
});

test('a token that is changed meanwhile stays the changed one', async () => {
  const { api, endpoint } = await makePending();
  const before = await rows('select sealed_token from webhook_endpoints');
  const worker = rotated(stoppedWorld(), NEW, OLD);
  const prepare: Db['prepare'] = (sql) => {
    const made = worker.db.prepare(sql);
    if (!sql.startsWith('update "webhook_endpoints"')) return made;
    const bind = made.bind.bind(made);
    made.bind = (...values) => {
      const bound = bind(...values);
      const run = bound.run.bind(bound);
      bound.run = async <T>() => {
        expect((await api.patch(`/v3/webhooks/${endpoint.id}`, { token: 'changed' })).status).toBe(200);
        return run<T>();
      };
      return bound;
    };
    return made;
  };
  const db = { ...worker.db, prepare };
  await runJob({ ...worker, db }, reseal);
  const after = await rows('select sealed_token from webhook_endpoints');
  expect(after).not.toEqual(before);
  expect(await keysOf()).toEqual([OLD.id]);
  expect(await report()).toEqual({ counts: { left: 1 }, more: false, failures: [] });
  await runJob(worker, reseal);
  expect(await report()).toEqual({ counts: { webhookTokens: 1 }, more: false, failures: [] });
});
