import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import worker from '../../src/index.ts';
import { makeReseller } from '../support/world.ts';

/** A Worker whose database, buckets and queues fail at everything. */
async function ask(method: string, headers: Record<string, string> = {}) {
  const down = new Proxy(
    {},
    {
      get: () => () => {
        throw new Error('down');
      },
      has: () => true,
    },
  );
  const session = { prepare: down, batch: down, getBookmark: () => null };
  const DB = { withSession: () => session };
  const bindings = { ...env, DB, STORAGE: down, EVENTS: down, TASKS: down, EMAILS: down, RATE_LIMIT: '1' };
  const request = new Request<unknown, IncomingRequestCfProperties>('https://edge.localhost/healthz', {
    method,
    headers,
  });
  return worker.fetch(request, bindings, createExecutionContext());
}

test('the health check says only that the Worker is up, to anybody, as often as asked, without a database', async () => {
  for (let count = 0; count < 3; count++) {
    const reply = await ask('GET', { 'CF-Connecting-IP': '192.0.2.9' });
    expect([reply.status, await reply.text()]).toEqual([200, '{"status":"up"}']);
    expect(Object.fromEntries(reply.headers)).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'content-type': 'application/json; charset=utf-8',
      ratelimit: expect.any(String),
      'ratelimit-policy': expect.any(String),
      'x-content-type-options': 'nosniff',
      'x-request-id': expect.any(String),
    });
  }
});

test('it takes a HEAD and nothing else, and no credential makes a difference', async () => {
  const head = await ask('HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await ask(method);
    expect([status, headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
  const { api } = await makeReseller();
  for (const token of [api.token, 'nonsense']) {
    const reply = await ask('GET', { Authorization: `Bearer ${token}` });
    expect([reply.status, await reply.text()]).toEqual([200, '{"status":"up"}']);
  }
});
