import type { Client } from '../world.ts';
import type { World } from './world.ts';

const TOKEN_RENEWED_MS = 10 * 60_000;
const TRIES = 30;

export type Reply = { readonly status: number; readonly body: Record<string, unknown> };
export type CarefulClient = ReturnType<typeof carefulClient>;

/** A caller that repeats what may not have arrived, each POST under one key. */
export function carefulClient(world: World, { id, secret }: Client) {
  let token: { text: string; until: number } | undefined;
  return {
    async send(method: string, path: string, body?: object): Promise<Reply> {
      const headers = { Authorization: `Bearer ${await bearer()}`, 'Content-Type': 'application/json' };
      const key = method === 'POST' ? { 'Idempotency-Key': world.clock.newId() } : {};
      const init = { method, headers: { ...headers, ...key }, ...(body && { body: JSON.stringify(body) }) };
      return persist(() => world.fetch(path, init));
    },
  };

  async function bearer(): Promise<string> {
    if (token === undefined || token.until < world.clock.nowMs) {
      const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret };
      const init = { method: 'POST', body: new URLSearchParams(form) };
      const { body } = await persist(() => world.fetch('/oauth/token', init));
      token = { text: String(body['access_token']), until: world.clock.nowMs + TOKEN_RENEWED_MS };
    }
    return token.text;
  }
}

async function persist(attempt: () => Promise<Response>): Promise<Reply> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const response = await attempt().catch(() => null);
    if (response === null || response.status >= 500) continue;
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }
  throw new Error(`no answer in ${TRIES} tries`);
}
