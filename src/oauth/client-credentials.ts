import { sameDigest, sha256 } from '../auth/secrets/digest.ts';
import { findClient, type StoredClient } from '../db/clients/clients.ts';
import { CREDENTIAL } from '../http/rate-limits/policies.ts';
import { limitRate } from '../http/rate-limits/rate-limit.ts';
import type { RequestContext } from '../http/request-context.ts';
import { OAuthError } from './oauth-error.ts';

/** RFC 6749 §2.3.1. The client's rate limit counts authenticated requests only. */
export async function authenticateClient(context: RequestContext, form: URLSearchParams): Promise<StoredClient> {
  const { id, secret } = readCredentials(context.request, form);
  const client = await findClient(context.db, id);
  // An unknown client takes as long as a wrong secret.
  const matches = sameDigest(await sha256(secret), client?.secretHash ?? (await sha256('')));
  if (client === null || !matches) throw new OAuthError('invalid_client', 'Unknown client or wrong secret.');
  await limitRate(context, CREDENTIAL, `client:${client.id}`);
  return client;
}

/** Null if the request names no client. */
export async function authenticateOptionalClient(
  context: RequestContext,
  form: URLSearchParams,
): Promise<StoredClient | null> {
  const { headers } = context.request;
  const namesClient = headers.has('Authorization') || form.has('client_id') || form.has('client_secret');
  return namesClient ? authenticateClient(context, form) : null;
}

function readCredentials(request: Request, form: URLSearchParams): { id: string; secret: string } {
  const header = request.headers.get('Authorization');
  const inBody = form.has('client_secret');
  if (header !== null && inBody) throw new OAuthError('invalid_request', 'Use one way of client authentication.');
  if (header !== null) return parseBasic(header);
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  if (id === null || secret === null) throw new OAuthError('invalid_client', 'Client authentication is missing.');
  return { id, secret };
}

function parseBasic(header: string): { id: string; secret: string } {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  try {
    if (id !== undefined && secret !== undefined)
      return { id: decodeFormComponent(id), secret: decodeFormComponent(secret) };
  } catch {
    // A malformed percent-escape.
  }
  throw new OAuthError('invalid_client', 'Malformed Basic authentication.');
}

function decodeFormComponent(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}
