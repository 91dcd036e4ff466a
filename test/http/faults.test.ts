import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest';
import worker from '../../src/index.ts';
import { declared, nameOf, openScene } from '../support/generators/routes.ts';
import { expectSaid } from '../support/measures/said.ts';
import { makeClient, makeReseller } from '../support/world.ts';

const SECRET = 'hunter2';
const MESSAGE = `D1_ERROR: no such column: secret_hash: select secret_hash from api_clients where id = '${SECRET}': SQLITE_ERROR`;

let log: MockInstance<typeof console.error>;
beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The bindings with a database that fails at everything, and says more than anybody should hear. */
function broken() {
  const fail = async () => {
    throw new Error(MESSAGE);
  };
  const statement = { bind: () => statement, all: fail, run: fail, first: fail, raw: fail };
  return { ...env, DB: { withSession: () => ({ prepare: () => statement, batch: fail, getBookmark: () => null }) } };
}

async function askBroken(path: string, init: RequestInit<IncomingRequestCfProperties>) {
  const request = new Request<unknown, IncomingRequestCfProperties>(`https://edge.localhost${path}`, init);
  const response = await worker.fetch(request, broken(), createExecutionContext());
  return { response, text: await response.text() };
}

function expectDiscreet(text: string, requestId: string): void {
  const logged = log.mock.calls.flat().join('\n');
  expect(JSON.parse(logged)).toMatchObject({ level: 'error', requestId, error: 'Error', code: 'SQLITE_ERROR' });
  for (const word of [SECRET, 'select', 'secret_hash', 'D1_ERROR', 'api_clients', '.ts']) {
    expect(text).not.toContain(word);
    expect(logged).not.toContain(word);
  }
}

for (const one of declared) {
  test(`${nameOf(one)} answers an unexpected fault with the request id and nothing else`, async () => {
    const { dialect, route, caller, ids, body } = await openScene(one);
    const requestId = crypto.randomUUID();
    const path = dialect.base + route.path.replace(/:(\w+)/g, (_, name: string) => ids[name]!);
    const headers = {
      Authorization: `Bearer ${caller.token}`,
      'X-Request-Id': requestId,
      'Content-Type': 'application/json',
      ...(route.bytes === 'request' && { 'Content-Length': '5' }),
    };
    const sent = route.bytes === 'request' ? 'bytes' : body && JSON.stringify(body);
    const { response, text } = await askBroken(path, { method: route.method, headers, ...(sent && { body: sent }) });
    expect(response.status).toBe(500);
    expectSaid(JSON.parse(text), (now) => dialect.faultBody(requestId, now));
    expect(response.headers.get('X-Request-Id')).toBe(requestId);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expectDiscreet(text, requestId);
  });
}

test('the token endpoint answers an unexpected fault with the request id and nothing else', async () => {
  const { id, secret } = await makeClient((await makeReseller()).id, []);
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
  const { response, text } = await askBroken('/oauth/token', {
    method: 'POST',
    headers: { 'X-Request-Id': 'r-1' },
    body,
  });
  expect(response.status).toBe(500);
  expect(JSON.parse(text)).toEqual({ message: expect.stringContaining('r-1'), code: 'INTERNAL_ERROR' });
  expectDiscreet(text, 'r-1');
});
