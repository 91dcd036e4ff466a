import Argon2, { Argon2Type, Argon2Version } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import type { Env } from '../env.ts';
import {
  ARGON2_LANES,
  ARGON2_LANES_MAX,
  ARGON2_MEMORY_KIB,
  ARGON2_MEMORY_MAX_KIB,
  ARGON2_PASSES,
  ARGON2_PASSES_MAX,
  ARGON2_SALT_BYTES,
  ARGON2_TAG_BYTES,
} from '../model/limits.ts';

let argon2: Argon2 | undefined;

/** The parameters in a PHC string of argon2id, version 1.3. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;

const TODAY = `$argon2id$v=19$m=${ARGON2_MEMORY_KIB},t=${ARGON2_PASSES},p=${ARGON2_LANES}$`;

/** Takes as long to check as any hash of today, and nobody knows a password for it. */
const NOBODYS = `${TODAY}${zeros(ARGON2_SALT_BYTES)}$${zeros(ARGON2_TAG_BYTES)}`;

/** argon2id of the peppered password as a PHC string, which names its own parameters so that they can rise. */
export async function hashPassword(env: Env, password: string): Promise<string> {
  const { encoded } = loaded().hash(await pepper(env, password), {
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

export type PasswordCheck = {
  readonly matches: boolean;
  /** Whether the hash was made with other parameters than today's, so that it should be made anew. */
  readonly outdated: boolean;
};

/**
 * Whether a password is the one that `hash` (PHC string) was made of. Without a hash, or with one that asks for more
 * than we grant, it matches nothing, after the same time.
 */
export async function checkPassword(env: Env, password: string, hash: string | null): Promise<PasswordCheck> {
  const known = hash !== null && isAffordable(hash) ? hash : null;
  const { success } = loaded().tryVerify(known ?? NOBODYS, await pepper(env, password));
  return { matches: known !== null && success, outdated: known !== null && !isOfToday(known) };
}

function loaded(): Argon2 {
  argon2 ??= new Argon2(new WebAssembly.Instance(wasm));
  return argon2;
}

/** What a hash asks for is paid with the memory and the time of every request beside it. */
function isAffordable(hash: string): boolean {
  const [, memoryKib, passes, lanes] = PHC.exec(hash) ?? [];
  return (
    Number(memoryKib) <= ARGON2_MEMORY_MAX_KIB &&
    Number(passes) <= ARGON2_PASSES_MAX &&
    Number(lanes) <= ARGON2_LANES_MAX
  );
}

function isOfToday(hash: string): boolean {
  return hash.startsWith(TODAY) && hash.length === NOBODYS.length;
}

function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64').replaceAll('=', '');
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
