import type { Env } from '../../env.ts';

/** NIST SP 800-38D §8.2. */
const NONCE_BYTES = 12;
const keys = new WeakMap<Env, Map<string, CryptoKey>>();

/** `<key id>.<base64 of nonce and AES-256-GCM text>`. Text sealed for one purpose opens for no other. */
export async function seal(env: Env, secret: string, purpose = ''): Promise<string> {
  const [{ id }] = env.encryptionKeys;
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: additionalData(id, purpose) },
    await keyOf(env, id),
    encode(secret),
  );
  return `${id}.${Buffer.concat([nonce, new Uint8Array(sealed)]).toString('base64')}`;
}

/** Throws for an unknown key, another purpose or altered text. */
export async function unseal(env: Env, text: string, purpose = ''): Promise<string> {
  const [id = '', sealed = ''] = text.split('.');
  const bytes = Buffer.from(sealed, 'base64');
  const opened = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: bytes.subarray(0, NONCE_BYTES), additionalData: additionalData(id, purpose) },
    await keyOf(env, id),
    bytes.subarray(NONCE_BYTES),
  );
  return new TextDecoder().decode(opened);
}

export async function reseal(env: Env, text: string, purpose: string): Promise<string> {
  return seal(env, await unseal(env, text, purpose), purpose);
}

/** No key's name has a dot. */
function additionalData(id: string, purpose: string): Uint8Array {
  return encode(purpose === '' ? id : `${id}.${purpose}`);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function keyOf(env: Env, id: string): Promise<CryptoKey> {
  const keyCache = keys.get(env) ?? new Map<string, CryptoKey>();
  keys.set(env, keyCache);
  const cached = keyCache.get(id);
  if (cached !== undefined) return cached;
  const secret = env.encryptionKeys.find((signInUser) => signInUser.id === id);
  if (secret === undefined) throw new Error(`no encryption key ${id}`);
  const key = await crypto.subtle.importKey('raw', Buffer.from(secret.key, 'base64'), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
  keyCache.set(id, key);
  return key;
}
