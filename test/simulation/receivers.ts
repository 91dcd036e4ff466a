import { type BehaviourName, behaviours, type Weights } from '../support/faults/behaviours.ts';
import type { Network } from '../support/faults/world.ts';
import type { Seen } from '../support/outside/place.ts';

/** By the clock, how long a receiver is waited for that does not answer: less than really, since all others wait as well. */
const SILENCE_MS = 3_000;
const LATENCY_MAX_MS = 300;

const RELIABLE: Weights = { ok: 1 };
const FLAKY: Weights = {
  ok: 60,
  empty: 10,
  failing: 10,
  unavailable: 6,
  overloaded: 4,
  redirect: 3,
  reset: 4,
  silent: 3,
};
const HEADERS: Partial<Record<BehaviourName, Record<string, string>>> = {
  unavailable: { 'Retry-After': '120' },
  redirect: { Location: 'https://elsewhere.example.net/' },
};

/** Receivers of webhooks at any address, which remember what they were sent and fail as the world's chance has it. */
export function receivers() {
  const seen = new Map<string, Seen[]>();
  const all = { flaky: true, at: (url: string) => seen.get(url) ?? [], network };
  return all;

  function network(...[invocation, { clock, random, sent }]: Parameters<Network>): typeof fetch {
    return (input, init = {}) =>
      invocation.step('network', async () => {
        const url = String(input);
        const headers = Object.fromEntries(new Headers(init.headers));
        const did = random.weighed(all.flaky ? FLAKY : RELIABLE);
        sent.push({
          url,
          id: headers['webhook-id'] ?? '',
          timestamp: headers['webhook-timestamp'] ?? '',
          invocation,
        });
        seen.set(url, [...(seen.get(url) ?? []), { method: init.method ?? '', headers, body: String(init.body), did }]);
        clock.advanceTo(clock.nowMs + (did === 'silent' ? SILENCE_MS : random.below(LATENCY_MAX_MS)));
        if (did === 'silent') throw new DOMException('no answer', 'TimeoutError');
        const { statusCode } = behaviours[did];
        if (statusCode === null) throw new Error('connection lost');
        return new Response(null, { status: statusCode, headers: HEADERS[did] ?? {} });
      });
  }
}
