import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';

const exposed = { ...env, PUBLIC_URL: 'https://api.example.com', DEVELOPMENT: 'true' };
const problem = 'wrong or missing settings: DEVELOPMENT (Must not be true unless PUBLIC_URL is on loopback)';
const detail = 'This deployment is not configured yet. Its log says why.';

afterEach(() => vi.restoreAllMocks());

function fetchFrom(settings: object, path: string, method = 'GET') {
  const request = new Request(`https://api.example.com${path}`, { method });
  return worker.fetch(request as never, settings as never, createExecutionContext());
}

test.each(['/', '/healthz', '/cdn-cgi/mail', '/v3/events', '/oauth/token', '/nothing'])(
  'development at a public address serves nothing at %s',
  async (path) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
      const response = await fetchFrom(exposed, path, method);
      expect(response.status).toBe(503);
      expect(await response.json()).toEqual({ message: detail, code: 'MISCONFIGURED' });
      const line = JSON.parse(String(log.mock.lastCall?.[0]));
      expect(line).toMatchObject({ level: 'error', where: 'settings', detail: problem });
      expect(response.headers.get('X-Request-Id')).toBe(line.requestId);
    }
  },
);

test('it takes no messages and runs no jobs', async () => {
  const batch = { queue: 'reseller-edge-emails', messages: [], retryAll: () => {} };
  await expect(worker.queue(batch as never, exposed as never, createExecutionContext())).rejects.toThrow(problem);
  const controller = { cron: '* * * * *', scheduledTime: 0, noRetry: () => {} };
  await expect(worker.scheduled(controller, exposed as never, createExecutionContext())).rejects.toThrow(problem);
});

test.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]', 'https://edge.localhost'])(
  'development on loopback is served: %s',
  async (url) => {
    expect((await fetchFrom({ ...exposed, PUBLIC_URL: url }, '/healthz')).status).toBe(200);
  },
);

test.each([
  'http://localhost.example.com',
  'https://127.0.0.1.example.com',
  'https://edgelocalhost',
  'http://10.0.0.1',
])('an address that only looks like loopback is none: %s', async (url) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await fetchFrom({ ...exposed, PUBLIC_URL: url }, '/healthz')).status).toBe(503);
});

test('no value of a wrong setting leaves, neither to the caller nor to the log', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const response = await fetchFrom({ ...env, ENCRYPTION_KEYS: 'do-not-tell' }, '/');
  expect(await response.text()).not.toMatch(/do-not-tell|ENCRYPTION_KEYS/);
  expect(log.mock.calls.join()).toContain('ENCRYPTION_KEYS');
  expect(log.mock.calls.join()).not.toContain('do-not-tell');
});
