import Argon2, { Argon2Type, Argon2Version } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import type { Env } from '../../env.ts';
import {
  ARGON2_LANES,
  ARGON2_LANES_MAX,
  ARGON2_MEMORY_KIB,
  ARGON2_MEMORY_MAX_KIB,
  ARGON2_PASSES,
  ARGON2_PASSES_MAX,
  ARGON2_SALT_BYTES,
  ARGON2_TAG_BYTES,
} from '../../model/limits/index.ts';
import { type Pepper, peppered } from './pepper.ts';

let argon2: Argon2 | undefined;

/** argon2id, version 1.3. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/;

const CURRENT_PARAMETERS = `$argon2id$v=19$m=${ARGON2_MEMORY_KIB},t=${ARGON2_PASSES},p=${ARGON2_LANES}$`;

/** Costs as much as a current hash and matches no password. */
const DUMMY_HASH = `${CURRENT_PARAMETERS}${zeros(ARGON2_SALT_BYTES)}$${zeros(ARGON2_TAG_BYTES)}`;

/** `<pepper id><PHC string>` */
export async function hashPassword({ passwordPeppers: [current] }: Env, password: string): Promise<string> {
  const { encoded } = argon2Instance().hash(await peppered(current, password), {
    salt: crypto.getRandomValues(new Uint8Array(ARGON2_SALT_BYTES)),
    hashLength: ARGON2_TAG_BYTES,
    memoryCost: ARGON2_MEMORY_KIB,
    timeCost: ARGON2_PASSES,
    parallelism: ARGON2_LANES,
    type: Argon2Type.Argon2id,
    version: Argon2Version.Version13,
  });
  return `${current.id}${encoded}`;
}

export type PasswordCheck = {
  readonly matches: boolean;
  readonly outdated: boolean;
};

/** A missing, unaffordable or unknown-pepper hash never matches, after the same time. */
export async function checkPassword(env: Env, password: string, hash: string | null): Promise<PasswordCheck> {
  const known = hash === null ? null : readHash(env, hash);
  const [current] = env.passwordPeppers;
  const { success } = argon2Instance().tryVerify(
    known?.phc ?? DUMMY_HASH,
    await peppered(known?.pepper ?? current, password),
  );
  if (known === null) return { matches: false, outdated: false };
  return { matches: success, outdated: known.pepper !== current || !isCurrent(known.phc) };
}

/** No pepper's name has a dollar sign. */
function readHash(env: Env, hash: string): { readonly pepper: Pepper; readonly phc: string } | null {
  const end = hash.indexOf('$');
  const pepper = env.passwordPeppers.find(({ id }) => id === hash.slice(0, end));
  const phc = hash.slice(end);
  return pepper !== undefined && isAffordable(phc) ? { pepper, phc } : null;
}

function argon2Instance(): Argon2 {
  argon2 ??= new Argon2(new WebAssembly.Instance(wasm));
  return argon2;
}

/** Other requests pay for an expensive hash. */
function isAffordable(phc: string): boolean {
  const [, memoryKib, passes, lanes] = PHC.exec(phc) ?? [];
  return (
    Number(memoryKib) <= ARGON2_MEMORY_MAX_KIB &&
    Number(passes) <= ARGON2_PASSES_MAX &&
    Number(lanes) <= ARGON2_LANES_MAX
  );
}

function isCurrent(phc: string): boolean {
  return phc.startsWith(CURRENT_PARAMETERS) && phc.length === DUMMY_HASH.length;
}

function zeros(bytes: number): string {
  return Buffer.alloc(bytes).toString('base64').replaceAll('=', '');
}
