import { inject } from 'vitest';
import { unique } from './world.ts';

export type Seen = { method: string; headers: Record<string, string>; body: string };

/** A place in the world outside: an address, what it answers and what it was sent. */
export function makePlace() {
  const outside = inject('outside');
  const name = unique('place');
  return {
    url: `${outside}/at/${name}`,
    answer: (answer: { status?: number; body?: string; headers?: Record<string, string>; delayMs?: number }) =>
      fetch(`${outside}/answer/${name}`, { method: 'PUT', body: JSON.stringify(answer) }).then((reply) => reply.text()),
    seen: async (): Promise<Seen[]> => (await fetch(`${outside}/seen/${name}`)).json(),
  };
}
