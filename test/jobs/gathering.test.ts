import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { REQUEST_COUNTS_FLUSH_MS } from '../../src/model/limits/index.ts';
import { rows, unique } from '../support/world.ts';

const started = Date.now();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: started });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An isolate of its own: what it counts it writes under a route that no other test has. */
function isolate(database: object = env.DB) {
  const bindings = { ...env, DB: database };
  return async () => {
    const context = createExecutionContext();
    const request = new Request<unknown, IncomingRequestCfProperties>('https://edge.localhost/healthz');
    const { status } = await worker.fetch(request, bindings, context);
    await waitOnExecutionContext(context);
    return status;
  };
}

const written = async () =>
  (await rows<{ count: number }>("select count from request_metrics where route = '/healthz'"))[0]?.count ?? 0;

test('an isolate gathers its counts and adds them to what there is, behind the answer', async () => {
  const [one, another] = [isolate(), isolate()];
  const before = await written();
  for (const ask of [one, one, another]) expect(await ask()).toBe(200);
  expect(await written()).toBe(before);
  vi.setSystemTime(started + REQUEST_COUNTS_FLUSH_MS - 1);
  await one();
  expect(await written()).toBe(before);
  vi.setSystemTime(started + REQUEST_COUNTS_FLUSH_MS);
  await one();
  expect(await written()).toBe(before + 4);
  await one();
  expect(await written()).toBe(before + 4);
  await another();
  expect(await written()).toBe(before + 6);
});

test('counts that cannot be written disturb no request and are kept for the next time', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  let down = true;
  const prepare = (sql: string) => {
    if (down) throw new Error(unique('secret'));
    return env.DB.prepare(sql);
  };
  const ask = isolate({ prepare, batch: env.DB.batch.bind(env.DB), withSession: env.DB.withSession.bind(env.DB) });
  const before = await written();
  await ask();
  vi.setSystemTime(started + REQUEST_COUNTS_FLUSH_MS);
  expect(await ask()).toBe(200);
  expect(log.mock.calls).toEqual([['{"level":"error","where":"metrics","error":"Error"}']]);
  down = false;
  vi.setSystemTime(started + 2 * REQUEST_COUNTS_FLUSH_MS);
  await ask();
  expect(await written()).toBe(before + 3);
});
