import type { Json, Reply } from '../support/api.ts';
import type { Sent } from './judge.ts';

/** A request that is right, and what it is called in the tally. */
export type Deed = { readonly name: string; readonly sent: Sent };

/** Requests that build on the answers to those before; it is resumed with an answer that is no refusal. */
export type Journey = AsyncGenerator<Deed, void, Reply>;

type Body = URLSearchParams | Readonly<Record<string, Json>>;

/** A client that keeps cookies, or sends a credential, and says what a request of it is. */
export class Traveller {
  readonly #authorization: string | null;
  readonly #cookies = new Map<string, string>();

  constructor(authorization: string | null = null) {
    this.#authorization = authorization;
  }

  /** Sends a request and gives the answer; `as` tells apart what goes to the same address. */
  async *asks(method: string, target: string, body?: Body, as = ''): AsyncGenerator<Deed, Reply, Reply> {
    const url = new URL(target, 'https://edge.localhost');
    const headers = new Headers({ 'CF-Connecting-IP': `203.0.113.${Math.floor(Math.random() * 250)}` });
    if (this.#authorization !== null) headers.set('Authorization', this.#authorization);
    else headers.set('Origin', url.origin);
    if (this.#cookies.size > 0) headers.set('Cookie', [...this.#cookies].map((pair) => pair.join('=')).join('; '));
    const isForm = body instanceof URLSearchParams;
    if (body !== undefined)
      headers.set('Content-Type', isForm ? 'application/x-www-form-urlencoded' : 'application/json');
    const sent = { method, url, headers, body: body === undefined ? null : isForm ? `${body}` : JSON.stringify(body) };
    const reply = yield { name: `${method} ${url.pathname}${as && ` ${as}`}`, sent };
    for (const cookie of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      this.#cookies.set(name, value);
    }
    return reply;
  }
}
