import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, expectAnswer } from './load.ts';

/** One request of a kind, with its latency from the moment at which it was to be sent. */
export type Sample<K extends string> = { kind: K; latencyMs: number };

/** Sends so many calls a second, whether or not those before are answered, and gives the latency of each. */
export async function sendSteadily<K extends string>(
  origin: URL,
  call: (index: number) => { kind: K; call: Call },
  { perSecond, timeMs }: { perSecond: number; timeMs: number },
): Promise<Sample<K>[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const start = performance.now();
  const send = async (index: number): Promise<Sample<K>> => {
    const at = start + (index * 1_000) / perSecond;
    await sleep(Math.max(0, at - performance.now()));
    const next = call(index);
    await expectAnswer(origin, next.call, agent);
    return { kind: next.kind, latencyMs: performance.now() - at };
  };
  try {
    const count = Math.floor((timeMs * perSecond) / 1_000);
    return await Promise.all(Array.from({ length: count }, (_, index) => send(index)));
  } finally {
    agent.destroy();
  }
}
