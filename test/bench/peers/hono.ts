import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { deepRow, newUser, pageSize, type Subject } from '../scenarios.ts';
import type { Bundle } from '../servers/bundle.ts';
import { addClient } from '../servers/credentials.ts';
import { fillDatabase, firstCreatedAt, resellerId, seededUsers, userId } from '../servers/database.ts';
import { startWorkerd } from '../servers/workerd.ts';

const issuer = 'https://peer.example';
const scopes = 'reseller:user:create reseller:user:read';
const users = `/v3/resellers/${resellerId}/users`;
const list = `${users}?limit=${pageSize}`;
const deepPage = `${list}&after=${firstCreatedAt + deepRow - 1}_${userId(deepRow - 1)}`;

/** Starts the Hono peer over the same tables and rows. */
export async function startHono(code: Bundle): Promise<Subject> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const about = { kid: 'bench', alg: 'ES256' };
  const keys = [{ ...publicKey.export({ format: 'jwk' }), ...about }];
  const text = (value: string) => ({ type: 'text', value }) as const;
  const queue = 'peer-events';
  const env = {
    JWKS: text(JSON.stringify(keys)),
    ISSUER: text(issuer),
    EVENTS: { type: 'queue', name: queue },
  } as const;
  const running = await startWorkerd(code, env, [{ type: 'queue', name: queue, maxBatchSize: 50, maxBatchTimeout: 0 }]);
  await fillDatabase(running.db);
  const { id } = await addClient(running.db, scopes);
  const token = await new SignJWT({ client_id: id, scope: scopes, reseller_id: resellerId, jti: randomUUID() })
    .setProtectedHeader({ ...about, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(issuer)
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK({ ...privateKey.export({ format: 'jwk' }), ...about }));
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const call: Subject['call'] = (work, index) => {
    if (work === 'listFirst') return { method: 'GET', path: list, headers, expect: 200 };
    if (work === 'listDeep') return { method: 'GET', path: deepPage, headers, expect: 200 };
    if (work === 'createBare') {
      const keyed = { ...headers, 'Idempotency-Key': randomUUID() };
      return { method: 'POST', path: users, headers: keyed, body: JSON.stringify(newUser()), expect: 201 };
    }
    return { method: 'GET', path: `${users}/${userId(index % seededUsers)}`, headers, expect: 200 };
  };
  return { running, call };
}
