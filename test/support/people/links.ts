import { expect, vi } from 'vitest';
import type { Env } from '../../../src/env.ts';
import { send } from '../api.ts';
import { unique } from '../world.ts';
import { makeInvited, tokenIn } from './invited.ts';

/** What the page of a link asks, from an address of its own unless one is named: they are counted. */
export const post = (path: string, body: unknown, address = unique('address')) =>
  send('POST', `/activate/${path}`, {
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': address },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
export const look = async (token: string) => (await post('link', { token })).body;
export const choose = (token: string, password = 'Correct-horse-1') => post('password', { token, password });

export type Linked = Awaited<ReturnType<typeof withLink>>;

/** An invited user who has got the mail. */
export async function withLink(fields: object = {}, settings: Partial<Env> = {}) {
  const invited = await makeInvited(fields, settings);
  await invited.deliver(await invited.relay());
  const token = tokenIn(invited.inbox()[0]!);
  /** Asks for another mail, as whoever holds the old link or knows the address, and gives its message once it is there. */
  const ask = async (body: object = { token }): Promise<Record<string, string>> => {
    const before = (await invited.mails()).length;
    expect(await post('mail', body)).toMatchObject({ status: 202, text: '{}' });
    // The answer waits for nothing.
    await vi.waitFor(async () => expect(await invited.mails()).toHaveLength(before + 1), { timeout: 10_000 });
    // It is due by the clock of the Worker, which goes on.
    invited.clock.nowMs = Math.max(invited.clock.nowMs, Date.now());
    return { emailId: (await invited.mails()).at(-1).id };
  };
  /** Has another mail sent and gives its link. */
  const again = async (body: object = { token }) => {
    await invited.deliver([await ask(body)]);
    return tokenIn(invited.inbox().at(-1)!);
  };
  return { ...invited, token, ask, again };
}
