import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import worker from '../../src/index.ts';
import type { Json } from '../support/api.ts';

/** Everything that is written to the log while `work` goes on, as it is written. */
export async function linesOf(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...given) => void lines.push(given.join(' '))),
  );
  await work().finally(() => {
    for (const spy of spies) spy.mockRestore();
  });
  return lines;
}

/** The same, read as the JSON that each line is. */
export const entriesOf = async (work: () => Promise<unknown>): Promise<Json[]> =>
  (await linesOf(work)).map((line) => JSON.parse(line));

/** One request to a Worker that logs all there is, and what it leaves to be done behind the answer. */
export async function askLogged(path: string, init: RequestInit = {}, settings: object = {}): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request(`https://edge.localhost${path}`, init) as Request<unknown, IncomingRequestCfProperties>;
  const response = await worker.fetch(request, { ...env, LOG_LEVEL: 'info', ...settings }, context);
  await waitOnExecutionContext(context);
  return response;
}
