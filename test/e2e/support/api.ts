import type { Client } from './server.ts';

export type Json = Record<string, unknown>;
export type Answer = { readonly status: number; readonly body: Json };

/** An access token by the client's credentials, with all its scopes. */
export async function requestToken(baseUrl: string, { clientId, clientSecret }: Client): Promise<string> {
  const response = await fetch(`${baseUrl}/oauth/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const body = (await response.json()) as Json;
  if (response.status !== 200) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`);
  return String(body['access_token']);
}

/** A caller of the API with this token. */
export function caller(baseUrl: string, token: string) {
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  return {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
  };
}
