import Argon2, { Argon2Type, Argon2Version } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import type { Env } from '../env.ts';
import {
  ARGON2_LANES,
  ARGON2_MEMORY_KIB,
  ARGON2_PASSES,
  ARGON2_SALT_BYTES,
  ARGON2_TAG_BYTES,
} from '../model/limits.ts';

let argon2: Argon2 | undefined;

/** argon2id of the peppered password as a PHC string, which names its own parameters so that they can rise. */
export async function hashPassword(env: Env, password: string): Promise<string> {
  argon2 ??= new Argon2(new WebAssembly.Instance(wasm));
  const { encoded } = argon2.hash(await pepper(env, password), {
    salt: crypto.getRandomValues(new Uint8Array(ARGON2_SALT_BYTES)),
    hashLength: ARGON2_TAG_BYTES,
    memoryCost: ARGON2_MEMORY_KIB,
    timeCost: ARGON2_PASSES,
    parallelism: ARGON2_LANES,
    type: Argon2Type.Argon2id,
    version: Argon2Version.Version13,
  });
  return encoded;
}

/** HMAC-SHA256 under a secret that is not in the database: a stolen table alone cannot be guessed at. */
async function pepper(env: Env, password: string): Promise<string> {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(env.passwordPepper),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return Buffer.from(await crypto.subtle.sign('HMAC', key, encoder.encode(password.normalize('NFC')))).toString(
    'base64',
  );
}
