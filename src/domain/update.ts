import { isDeepStrictEqual } from 'node:util';
import type { CallerContext } from '../db/sql/caller-context.ts';
import { Refusal } from '../model/failure.ts';
import { UPDATE_TRIES } from '../model/limits/index.ts';

type Timestamps = { readonly createdAt: number; readonly updatedAt: number };

export function timestamps(caller: CallerContext): Timestamps {
  return { createdAt: caller.now, updatedAt: caller.now };
}

export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Undefined changes are ignored. `updatedAt` always increases: writes use it to detect concurrent changes. */
export function applyChanges<T extends Timestamps>(
  { now }: Pick<CallerContext, 'now'>,
  before: T,
  changes: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  return { ...before, ...defined(changes), updatedAt: Math.max(now, before.updatedAt + 1) };
}

export function isUnchanged(before: Timestamps, after: Timestamps): boolean {
  return isDeepStrictEqual({ ...before, updatedAt: 0 }, { ...after, updatedAt: 0 });
}

/** Retries after `changed_meanwhile`, up to `UPDATE_TRIES`. */
export async function retryChanged<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries < UPDATE_TRIES; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Refusal && error.failure.kind === 'changed_meanwhile')) throw error;
    }
  }
  return attempt();
}
