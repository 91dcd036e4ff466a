import { expect } from 'vitest';
import type { Json } from '../api.ts';

/** A body as it is said at a time, in milliseconds since the epoch. */
type Say = (nowMs: number) => unknown;

const RECENT_MS = 60_000;

/** The field that tells the time: the one that says another thing a moment later. Most dialects have none. */
function clockOf(say: Say): string | undefined {
  const [now, later]: Json[] = [say(0), say(1)];
  return Object.keys(now).find((name) => JSON.stringify(now[name]) !== JSON.stringify(later[name]));
}

/** What is said at the very time that the body tells. */
export function saidAgain(body: Json, say: Say): unknown {
  const clock = clockOf(say);
  const time = clock === undefined ? 0 : Date.parse(body[clock]);
  return say(Number.isNaN(time) ? 0 : time);
}

/** Expects exactly this, said a moment ago. */
export function expectSaid(body: Json, say: Say): void {
  expect(body).toEqual(saidAgain(body, say));
  const clock = clockOf(say);
  if (clock !== undefined) expect(Math.abs(Date.parse(body[clock]) - Date.now())).toBeLessThan(RECENT_MS);
}

/** The bytes of a reply but for the time. */
export function timeless({ text, body }: { text: string; body: Json }, say: Say): string {
  const clock = clockOf(say);
  return clock === undefined ? text : text.replace(body[clock], '');
}
