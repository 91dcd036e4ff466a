import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 50;

/** The first answer that is not undefined. Throws after `timeoutMs`, saying what it waited for. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(pollMs);
  }
  throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
}
