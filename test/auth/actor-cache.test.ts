import { decodeJwt } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { callerFor } from '../support/world.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("a client's second request costs no signature check", async () => {
  const caller = await callerFor(null);
  const verify = vi.spyOn(crypto.subtle, 'verify');
  expect((await caller.get('/v3/events')).status).toBe(200);
  expect(verify).toHaveBeenCalledTimes(1);
  expect((await caller.get('/v3/events')).status).toBe(200);
  expect(verify).toHaveBeenCalledTimes(1);
});

test('a token that was remembered is not remembered past its end', async () => {
  const caller = await callerFor(null);
  expect((await caller.get('/v3/events')).status).toBe(200);
  vi.useFakeTimers({ toFake: ['Date'], now: decodeJwt(caller.token).exp! * 1000 + 31_000 });
  expect((await caller.get('/v3/events')).status).toBe(401);
});
