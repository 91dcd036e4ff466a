import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { FAULTS } from './chaos.ts';
import { type Outcome, simulate } from './run.ts';

declare module 'vitest' {
  interface ProvidedContext {
    seeds: { readonly first: number; readonly count: number };
  }
}

/** Files that the seeds are dealt out to, to run beside one another. */
const FILES = 4;
/** Seeds by which each kind of fault has happened. */
const SEEDS_ENOUGH = 25;

/** One seed's story in a database of its own. */
export async function simulateAlone(seed: number): Promise<Outcome> {
  await reset();
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  return simulate(seed);
}

/** One file's share of the seeds, a test each. One that fails says what was done and how to have it again. */
export function testSeeds(file: number): void {
  const { first, count } = inject('seeds');
  const share = Array.from({ length: count }, (_, index) => first + index).filter((_, index) => index % FILES === file);
  const happened = new Set<string>();
  beforeAll(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });

  describe('after all faults everything is as callers were told, and everybody has heard of it', () => {
    test.each(share)('seed %i', { timeout: 120_000 }, async (seed) => {
      const { findings, trace, counts } = await simulateAlone(seed);
      for (const what of Object.keys(counts)) happened.add(what);
      expect(findings, [`again by: npm run simulate -- --seed ${seed}`, ...trace].join('\n')).toEqual([]);
    });
  });

  test.runIf(share.length >= SEEDS_ENOUGH)('what was to go wrong really did', () => {
    expect(FAULTS.filter((fault) => !happened.has(fault))).toEqual([]);
  });
}
