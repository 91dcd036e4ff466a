import { inject } from 'vitest';
import type { BehaviourName, Weights } from '../faults/behaviours.ts';
import { unique } from '../world.ts';

export type Seen = { method: string; headers: Record<string, string>; body: string; did: BehaviourName | null };
type Answer = {
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Instead of the rest: each time one of these behaviours, as often as its weight says. */
  script?: { seed: number; weights: Weights } | null;
};

/** A place in the world outside: an address, what it answers and what it was sent. */
export function makePlace(name = unique('place')) {
  const outside = inject('outside');
  return {
    url: `${outside}/at/${name}`,
    answer: (answer: Answer) =>
      fetch(`${outside}/answer/${name}`, { method: 'PUT', body: JSON.stringify(answer) }).then((reply) => reply.text()),
    seen: async (): Promise<Seen[]> => (await fetch(`${outside}/seen/${name}`)).json(),
    /** The most requests that were open at once. */
    mostOpen: async (): Promise<number> => (await fetch(`${outside}/open/${name}`)).json(),
  };
}
