import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, test, vi } from 'vitest';
import worker from '../../src/index.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

test.each([
  ['/v3/accounts/login', JSON_TYPE, 400],
  ['/reseller/token', FORM_TYPE, 422],
  ['/oauth/token', FORM_TYPE, 400],
  ['/oauth/revoke', FORM_TYPE, 400],
  ['/activate/mail', JSON_TYPE, 400],
  ['/sign-in/password', FORM_TYPE, 404],
  ['/oauth/authorize', FORM_TYPE, 400],
])('whoever hangs up while sending to %s is no fault of ours, in no log and no count', async (path, type, status) => {
  const faults = vi.spyOn(console, 'error').mockImplementation(() => {});
  let pieces = 0;
  const body = new ReadableStream({
    pull(controller) {
      if (pieces++ > 0) controller.error(new Error('Network connection lost.'));
      else controller.enqueue(new TextEncoder().encode('{"a":'));
    },
  });
  const headers = { 'Content-Type': type, Origin: 'https://edge.localhost', 'CF-Connecting-IP': path };
  const request = new Request<unknown, IncomingRequestCfProperties>(`https://edge.localhost${path}`, {
    ...{ method: 'POST', headers, body },
  });
  const response = await worker.fetch(request, env, createExecutionContext());
  expect(response.status).toBe(status);
  expect(faults).not.toHaveBeenCalled();
});
