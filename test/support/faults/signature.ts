import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import type { Seen } from '../outside/place.ts';

/** Whether a receiver that knows the token takes the request for genuine, when it comes. */
export function isGenuine(token: string, { headers, body }: Seen): boolean {
  return token.startsWith('whsec_') ? verifyStandard(token, headers, body) : verifyPlain(token, headers, body);
}

function verifyStandard(token: string, headers: Seen['headers'], body: string): boolean {
  vi.useFakeTimers({ toFake: ['Date'], now: Number(headers['webhook-timestamp']) * 1000 });
  try {
    new Webhook(token).verify(body, headers);
    return true;
  } catch {
    return false;
  } finally {
    vi.useRealTimers();
  }
}

function verifyPlain(token: string, headers: Seen['headers'], body: string): boolean {
  const expected = createHmac('sha256', token).update(body).digest();
  const given = Buffer.from(headers['webhook-signature'] ?? '', 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
