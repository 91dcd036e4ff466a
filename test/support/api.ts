import { exports } from 'cloudflare:workers';

/** A JSON value, taken as it comes. */
export type Json = ReturnType<typeof JSON.parse>;

export type Reply = { status: number; headers: Headers; body: Json; text: string };

/** Sends one request to the Worker's front door and reads the whole answer. */
export async function send(method: string, path: string, options: RequestInit = {}): Promise<Reply> {
  const request = new Request(`https://edge.localhost${path}`, { ...options, method });
  // What one address sends is counted.
  if (!request.headers.has('CF-Connecting-IP')) request.headers.set('CF-Connecting-IP', crypto.randomUUID());
  const response = await exports.default.fetch(request);
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

/** A caller: every request carries its token, or its key. */
export class Caller {
  readonly token: string;
  readonly scheme: string;
  readonly address = crypto.randomUUID();
  constructor(token: string, scheme = 'Bearer') {
    this.token = token;
    this.scheme = scheme;
  }

  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return send(method, path, {
      headers: {
        Authorization: `${this.scheme} ${this.token}`,
        // Each comes from an address of its own: what one has looked up is counted.
        'CF-Connecting-IP': this.address,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  }

  get(path: string, headers?: Record<string, string>) {
    return this.send('GET', path, undefined, headers);
  }
  post(path: string, body?: unknown, headers?: Record<string, string>) {
    return this.send('POST', path, body, headers);
  }
  put(path: string, body: unknown) {
    return this.send('PUT', path, body);
  }
  patch(path: string, body: unknown) {
    return this.send('PATCH', path, body);
  }
  delete(path: string) {
    return this.send('DELETE', path);
  }
}
