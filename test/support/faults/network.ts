import { WEBHOOK_TIMEOUT_MS } from '../../../src/model/limits/index.ts';
import type { Clock } from './clock.ts';
import type { Invocation } from './invocation.ts';
import type { Random } from './random.ts';

/** How long a receiver really may take, in place of `WEBHOOK_TIMEOUT_MS`, and then the rest of its answer. */
const PATIENCE_MS = 100;
/** By the clock, a request takes up to this unless it goes unanswered. */
const LATENCY_MAX_MS = 300;

/** A request that went out to a receiver, and the run of the Worker that made it. */
export type Sent = {
  readonly url: string;
  readonly id: string;
  readonly timestamp: string;
  readonly invocation: Invocation;
};

/** The real network, with less patience; each request is a step of the invocation and takes its time by the clock. */
export function impatientFetch(
  invocation: Invocation,
  { clock, random, sent }: { clock: Clock; random: Random; sent: Sent[] },
): typeof fetch {
  return (url: RequestInfo | URL, init: RequestInit = {}) =>
    invocation.step('network', async () => {
      const headers = new Headers(init.headers);
      const [id = '', timestamp = ''] = ['webhook-id', 'webhook-timestamp'].map((name) => headers.get(name) ?? '');
      sent.push({ url: String(url), id, timestamp, invocation });
      const startedAt = clock.nowMs;
      const giveUp = new AbortController();
      const unanswered = setTimeout(() => void giveUpOn(String(url), giveUp), PATIENCE_MS);
      try {
        return await fetch(url, {
          ...init,
          signal: AbortSignal.any([giveUp.signal, ...(init.signal ? [init.signal] : [])]),
        });
      } finally {
        clearTimeout(unanswered);
        setTimeout(() => giveUp.abort(), PATIENCE_MS);
        clock.advanceTo(startedAt + (giveUp.signal.aborted ? WEBHOOK_TIMEOUT_MS : random.below(LATENCY_MAX_MS)));
      }
    });
}

/** A receiver that answers others meanwhile is not just slow because the machine is. */
async function giveUpOn(url: string, request: AbortController): Promise<void> {
  await fetch(new URL('/open/nobody', url)).then((answer) => answer.text());
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS / 2));
  request.abort(new DOMException('no answer', 'TimeoutError'));
}
