import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import worker from '../../../src/index.ts';
import { unique } from '../world.ts';

export const WINDOW_MS = 10_000;
export const LIMIT = 5;

/** The clock is to stand 2.5 s into a window, on the whole within the life of the tokens made before. */
export const started = Math.ceil(Date.now() / WINDOW_MS) * WINDOW_MS;
export const moment = started + 2_500;

/** A Worker of its own settings, which therefore counts on its own; it is asked from one address unless another is named. */
export function asker(given: object) {
  const settings = { ...env, ...given };
  const address = unique('address');
  return (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>(`https://edge.localhost${path}`, {
        ...(init as object),
        headers: { 'CF-Connecting-IP': address, ...headers },
        redirect: 'manual',
      }),
      settings,
      createExecutionContext(),
    );
}

/** Stands in for a limiter of the platform's: it notes who is asked for and says no to those that `refuses` names. */
export function limiter(refuses: (key: string) => boolean = () => false) {
  const keys: string[] = [];
  const limit = async ({ key }: RateLimitOptions) => {
    keys.push(key);
    return { success: !refuses(key) };
  };
  return { keys, limit };
}
