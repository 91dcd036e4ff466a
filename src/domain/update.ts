import { isDeepStrictEqual } from 'node:util';
import type { CallerContext } from '../db/sql/caller-context.ts';
import { Refusal } from '../model/failure.ts';
import { UPDATE_TRIES } from '../model/limits/index.ts';

type Stamped = { readonly createdAt: number; readonly updatedAt: number };

/** The time stamps of something new. */
export function timestamps(caller: CallerContext): Stamped {
  return { createdAt: caller.now, updatedAt: caller.now };
}

/** The fields that were given; what is undefined was left out. */
export function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/**
 * `before` with the fields that `changes` gives; what is undefined stays. `updatedAt` always moves on, because it is
 * what tells one state from the next when two requests meet.
 */
export function applyChanges<T extends Stamped>(
  { now }: Pick<CallerContext, 'now'>,
  before: T,
  changes: { readonly [K in keyof T]?: T[K] | undefined },
): T {
  return { ...before, ...defined(changes), updatedAt: Math.max(now, before.updatedAt + 1) };
}

/** Whether two states are the same but for the time of the change: then there is nothing to write and nothing to tell. */
export function isUnchanged(before: Stamped, after: Stamped): boolean {
  return isDeepStrictEqual({ ...before, updatedAt: 0 }, { ...after, updatedAt: 0 });
}

/** Reads and writes again, a few times, when another request changed the same row in between. */
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
