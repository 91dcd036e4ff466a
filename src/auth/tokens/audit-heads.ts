import { CompactSign, compactVerify } from 'jose';
import * as v from 'valibot';
import type { ChainHead } from '../../model/events/audit-chain.ts';
import type { KeyRing, Verifiers } from './keys.ts';

/** RFC 8725 §3.11: a head is no token. */
const TYPE = 'audit-head+jws';

const Payload = v.pipe(v.string(), v.parseJson(), v.object({ seq: v.number(), hash: v.string() }));

/** RFC 7515 §7.1. */
export function signHead({ alg, kid, key }: KeyRing['signer'], { seq, hash }: ChainHead): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify({ seq, hash }));
  return new CompactSign(payload).setProtectedHeader({ alg, kid, typ: TYPE }).sign(key);
}

/** Null: not signed by these keys. */
export async function openHead(jws: string, keys: Verifiers): Promise<ChainHead | null> {
  try {
    const { payload } = await compactVerify(jws, ({ kid = '', alg, typ }) => {
      const verifier = keys.get(kid);
      if (verifier === undefined || verifier.alg !== alg || typ !== TYPE) throw new Error('no head of ours');
      return verifier.key;
    });
    return v.parse(Payload, new TextDecoder().decode(payload));
  } catch {
    return null;
  }
}
