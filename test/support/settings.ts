import { exportJWK, generateKeyPair } from 'jose';

/** Secrets and settings for the tests, made anew for each run. The first signing key signs; the second is the one before. */
export async function testSettings() {
  const keys = await Promise.all(['now', 'before'].map(signingKey));
  return {
    PUBLIC_URL: 'https://edge.localhost',
    SIGNING_KEYS: JSON.stringify(keys),
    ENCRYPTION_KEYS: JSON.stringify([{ id: 'k1', key: Buffer.alloc(32, 7).toString('base64') }]),
    PASSWORD_PEPPER: JSON.stringify([{ id: 'p1', pepper: 'pepper of the tests, long enough to pass' }]),
    DEVELOPMENT: 'true',
    RATE_LIMIT: '1000000',
    RATE_LIMIT_ADDRESS: '1000000',
    LOG_LEVEL: 'error',
  };
}

async function signingKey(kid: string) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'ES256' };
}
