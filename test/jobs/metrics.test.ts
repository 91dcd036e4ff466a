import { env } from 'cloudflare:workers';
import { beforeEach, expect, test, vi } from 'vitest';
import { consume } from '../../src/delivery/consume.ts';
import { fanOut } from '../../src/delivery/fanout.ts';
import { relayOverdue } from '../../src/delivery/relay.ts';
import { dialects } from '../../src/dialects/index.ts';
import { formatMetrics, METRICS_MEDIA_TYPE } from '../../src/http/metrics/exposition.ts';
import { runJobs } from '../../src/jobs/index.ts';
import { JOBS } from '../../src/model/jobs/jobs.ts';
import { RELAY_TRIES, REQUEST_BUCKETS_MS } from '../../src/model/limits/index.ts';
import { send } from '../support/api.ts';
import { parseExposition, readMetrics } from '../support/measures/prometheus.ts';
import { makePlace } from '../support/outside/place.ts';
import { makeInvited } from '../support/people/invited.ts';
import { muteQueues } from '../support/queues.ts';
import { makePending, stoppedWorld, withSettings } from '../support/stopped-world.ts';
import { callerFor, makeReseller, newUser, operator, rows } from '../support/world.ts';
import { entriesOf } from './log.ts';

beforeEach(muteQueues);

const REQUESTS = 'reseller_edge_requests_total';
const DURATION = 'reseller_edge_request_duration_seconds';

test('the metrics are what Prometheus reads', async () => {
  await makeReseller();
  const reply = await (await operator()).get('/v3/operations/metrics');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('Content-Type')).toBe(METRICS_MEDIA_TYPE);
  const families = parseExposition(reply.text);
  expect([...families.keys()].every((name) => name.startsWith('reseller_edge_'))).toBe(true);
  expect([...families.values()].filter(({ type, help, samples }) => !type || !help || samples.length === 0)).toEqual(
    [],
  );
});

test('whatever a label or a help text holds comes back as it was', () => {
  const value = 'a"b\\c\nd{}=,';
  const text = formatMetrics([
    { name: 'x', type: 'gauge', help: 'line\none\\', samples: [{ labels: { a: value, b: '' }, value: 1 }] },
  ]);
  expect(parseExposition(text).get('x')?.samples).toEqual([{ name: 'x', labels: { a: value, b: '' }, value: 1 }]);
  expect(text.split('\n')).toHaveLength(4);
});

test('requests are counted by route, method and status, and never by what callers write into an address', async () => {
  const { base, api } = await makeReseller();
  const before = await readMetrics();
  const { body: user } = await api.post(`${base}/users`, newUser());
  await api.get(`${base}/users/${user.id}`);
  await api.get(`${base}/users/${crypto.randomUUID()}`);
  await api.get(`${base}/users/${crypto.randomUUID()}?limit=secret-word`);
  await send('HEAD', '/healthz');
  await send('GET', '/pages/secret-word.css');
  for (const path of ['/secret-word', '/%0a', '/v3/secret-word', '/reseller/secret-word', '/v3'])
    await send('GET', path, { headers: { 'CF-Connecting-IP': 'metrics' } });
  const after = await readMetrics();
  const grown = (labels: Record<string, string>) => after.value(REQUESTS, labels) - before.value(REQUESTS, labels);
  const user$ = '/v3/resellers/:resellerId/users/:userId';
  expect(grown({ route: '/v3/resellers/:resellerId/users', method: 'POST', status: '201' })).toBe(1);
  expect(grown({ route: user$, method: 'GET', status: '200' })).toBe(1);
  expect(grown({ route: user$, method: 'GET', status: '404' })).toBe(2);
  expect(grown({ route: '/healthz', method: 'HEAD', status: '200' })).toBe(1);
  expect(grown({ route: '/pages/:file' })).toBe(1);
  expect(grown({ route: '/*', status: '404' })).toBe(2);
  expect(grown({ route: '/v3/*', status: '404' })).toBe(2);
  expect(grown({ route: '/reseller/*', status: '404' })).toBe(1);
  expect(grown({ route: '/v3/operations/metrics', status: '200' })).toBe(1);
  const routes = after.families.get(REQUESTS)?.samples.map(({ labels }) => labels['route'] ?? '') ?? [];
  expect(JSON.stringify(routes)).not.toMatch(/secret|%|[0-9a-f]{8}-/);
});

test('a route is named by its whole pattern, in every dialect', async () => {
  await Promise.all(dialects.map(({ base }) => send('GET', `${base}/openapi.json`)));
  const { families } = await readMetrics();
  const routes = new Set(families.get(REQUESTS)?.samples.map(({ labels }) => labels['route']));
  for (const { base } of dialects) expect(routes).toContain(`${base}/openapi.json`);
});

test('the histogram adds up', async () => {
  await makeReseller();
  const { families, value } = await readMetrics();
  const { samples } = families.get(DURATION)!;
  const kinds = new Set(samples.map(({ labels: { route, method } }) => `${method} ${route}`));
  expect(kinds.size).toBeGreaterThan(1);
  for (const kind of kinds) {
    const [method = '', route = ''] = kind.split(' ');
    const buckets = samples.filter(
      ({ name, labels }) => name === `${DURATION}_bucket` && `${labels['method']} ${labels['route']}` === kind,
    );
    expect(buckets.map(({ labels }) => labels['le'])).toEqual([
      ...REQUEST_BUCKETS_MS.map((ms) => String(ms / 1000)),
      '+Inf',
    ]);
    const counts = buckets.map((bucket) => bucket.value);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(value(`${DURATION}_count`, { route, method }));
    expect(counts.at(-1)).toBe(value(REQUESTS, { route, method }));
  }
});

test('metrics are read in one batch', async () => {
  const caller = await operator();
  const calls: string[] = [];
  const original = env.DB.withSession;
  vi.spyOn(env.DB, 'withSession').mockImplementation((...given) => {
    const session = original.apply(env.DB, given);
    const batch = session.batch.bind(session);
    session.batch = (statements) => {
      calls.push(`batch of ${statements.length}`);
      return batch(statements);
    };
    const prepare = session.prepare.bind(session);
    session.prepare = (sql) => {
      const prepared = prepare(sql);
      for (const name of ['run', 'all', 'raw', 'first'] as const)
        vi.spyOn(prepared, name).mockImplementation(() => void calls.push(name) as never);
      return prepared;
    };
    return session;
  });
  expect((await caller.get('/v3/operations/metrics')).status).toBe(200);
  expect(calls).toEqual(['batch of 6']);
  vi.mocked(env.DB.withSession).mockRestore();
});

test('attempts of webhooks, events given up and dead letters are counted, whatever is purged afterwards', async () => {
  const before = await readMetrics();
  const world = stoppedWorld();
  const place = makePlace();
  const { eventId, wake, endpoint, happen } = await makePending(place);
  await fanOut(world.worker, [eventId]);
  await place.answer({ status: 500 });
  await world.arrive([wake]);
  await place.answer({ status: 200 });
  world.clock.nowMs += 86_400_000;
  await world.arrive([wake]);
  await place.answer({ status: 500, headers: { 'webhook-delivery': 'abort-message' } });
  await fanOut(world.worker, [await happen()]);
  await world.arrive([wake]);
  await consume(world.worker, {
    queue: 'reseller-edge-dead',
    messages: [{ id: crypto.randomUUID(), body: { eventId } }],
  } as unknown as MessageBatch);
  const lost = await happen();
  await rows('update events set relays = ? where id = ?', RELAY_TRIES, lost);
  await relayOverdue(world.worker);
  await rows('delete from webhook_attempts where endpoint_id = ?', endpoint.id);
  await rows('delete from dead_letters');
  const after = await readMetrics();
  const grown = (name: string, labels?: Record<string, string>) =>
    after.value(name, labels) - before.value(name, labels);
  expect(grown('reseller_edge_webhook_attempts_total', { outcome: 'failed' })).toBe(2);
  expect(grown('reseller_edge_webhook_attempts_total', { outcome: 'delivered' })).toBe(1);
  expect(grown('reseller_edge_webhook_deliveries_dead_total')).toBe(1);
  expect(grown('reseller_edge_dead_letters_total')).toBe(2);
});

test('mails are counted by what became of them', async () => {
  const before = await readMetrics();
  const [sent, dropped] = [await makeInvited(), await makeInvited()];
  const messages = [await sent.relay(), await dropped.relay()];
  await rows('update users set verified_at = 1 where id = ?', dropped.userId);
  for (const message of messages) await sent.deliver(message);
  const after = await readMetrics();
  const grown = (outcome: string) =>
    after.value('reseller_edge_mails_total', { outcome }) - before.value('reseller_edge_mails_total', { outcome });
  expect(['sent', 'dropped', 'failed'].map(grown)).toEqual([1, 1, 0]);
});

test('the outbox and every queue say how long the first in them had been due at the last sweep', async () => {
  const world = stoppedWorld();
  const sweep = () => runJobs(world.worker, '* * * * *');
  await rows('delete from gauges');
  expect((await readMetrics()).value('reseller_edge_outbox_events')).toBe(0);
  await rows('update events set relay_at = null');
  await rows("update webhook_deliveries set next_attempt_at = null where state = 'pending'");
  await rows("update emails set next_attempt_at = null where state = 'pending'");
  await sweep();
  const quiet = await readMetrics();
  expect(quiet.value('reseller_edge_outbox_events')).toBe(0);
  expect(quiet.value('reseller_edge_queue_age_seconds')).toBe(0);
  const { eventId, happen } = await makePending();
  await makeInvited();
  const open = await rows<{ id: string }>('select id from events where relay_at is not null');
  await fanOut(
    world.worker,
    open.map(({ id }) => id),
  );
  const since = Date.now();
  await rows('update webhook_deliveries set next_attempt_at = ? where event_id = ?', since - 60_000, eventId);
  await rows("update emails set next_attempt_at = ? where state = 'pending'", since - 90_000);
  await happen(since - 120_000);
  await happen(since - 30_000);
  await sweep();
  const busy = await readMetrics();
  const age = (queue: string) => busy.value('reseller_edge_queue_age_seconds', { queue });
  expect(busy.value('reseller_edge_outbox_events')).toBe(2);
  for (const [queue, seconds] of [
    ['events', 120],
    ['webhooks', 60],
    ['mails', 90],
  ] as const) {
    // The sweep's clock stands still meanwhile.
    expect(age(queue), queue).toBeGreaterThanOrEqual(seconds - 30);
    expect(age(queue), queue).toBeLessThan(seconds + 30);
  }
});

test('the size of the database, and what it may grow to, are known', async () => {
  const before = (await readMetrics()).value('reseller_edge_database_size_bytes');
  await rows(
    "insert into dead_letters (id, message, reason, received_at) values ('large', hex(zeroblob(500000)), '', 1)",
  );
  const { value } = await readMetrics();
  expect(value('reseller_edge_database_size_bytes') - before).toBeGreaterThan(900_000);
  expect(value('reseller_edge_database_size_limit_bytes')).toBe(10_000_000_000);
});

test('each job says when it last succeeded, whether it has ever run or not', async () => {
  const name = 'reseller_edge_job_last_success_timestamp_seconds';
  await rows('delete from jobs');
  const never = await readMetrics();
  expect(never.families.get(name)?.samples.map(({ value }) => value)).toEqual(JOBS.map(() => 0));
  const { worker, clock } = stoppedWorld();
  const lines = await entriesOf(() => runJobs(withSettings(worker, { logLevel: 'info' }), '* * * * *'));
  const { value } = await readMetrics();
  for (const job of JOBS) {
    expect(value(name, { job_name: job.name })).toBe(clock.nowMs / 1000);
    const line = { level: 'info', where: 'job', job: job.name, failures: 0, more: false };
    expect(lines.find((entry) => entry.job === job.name)).toMatchObject(line);
  }
});

test('nobody but the operator reads them', async () => {
  const { id, api } = await makeReseller();
  const sneaky = await callerFor(id, ['operations:read']);
  for (const caller of [api, sneaky]) expect((await caller.get('/v3/operations/metrics')).status).toBe(403);
  expect((await send('GET', '/v3/operations/metrics')).status).toBe(401);
});
