import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { expectAnswer } from '../load/load.ts';
import { resellerId } from './database.ts';

export type Client = { id: string; secret: string };

/** Fresh values for every secret that the Worker asks for, and a rate limit that the load stays under. */
export function freshSecrets(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signingKey = { ...privateKey.export({ format: 'jwk' }), kid: 'bench', alg: 'ES256' };
  return {
    SIGNING_KEYS: JSON.stringify([signingKey]),
    ENCRYPTION_KEYS: JSON.stringify([{ id: 'bench', key: randomBytes(32).toString('base64') }]),
    PASSWORD_PEPPER: JSON.stringify([{ id: 'bench', pepper: randomBytes(32).toString('base64') }]),
    RATE_LIMIT: '1000000000',
    RATE_LIMIT_ADDRESS: '1000000000',
    TENANT_HEAVY_READS: '1000',
    TENANT_MEGABYTES_PER_DAY: '1000000',
    TENANT_EMAILS_PER_DAY: '1000000000',
  };
}

/** Adds an API client of a reseller, the seeded one unless another is named. Secrets of clients are random, so a plain digest keeps them. */
export async function addClient(db: D1Database, scopes: string, tenant = resellerId): Promise<Client> {
  const client = { id: randomUUID(), secret: randomBytes(32).toString('base64url') };
  const digest = createHash('sha256').update(client.secret).digest('base64url');
  await db
    .prepare(
      "INSERT INTO api_clients (id, reseller_id, name, secret_hash, scopes, created_at) VALUES (?, ?, 'Bench', ?, ?, ?)",
    )
    .bind(client.id, tenant, digest, scopes, Date.now())
    .run();
  return client;
}

/** An access token by the client-credentials grant (RFC 6749 §4.4). */
export async function requestToken(origin: URL, { id, secret }: Client): Promise<string> {
  const { body } = await expectAnswer(origin, {
    method: 'POST',
    path: '/oauth/token',
    headers: {
      Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    expect: 200,
  });
  return String(JSON.parse(body).access_token);
}

/** The same token under a signature that nobody made, another one at each call. */
export function forge(token: string): string {
  return `${token.slice(0, token.lastIndexOf('.'))}.${randomBytes(64).toString('base64url')}`;
}
