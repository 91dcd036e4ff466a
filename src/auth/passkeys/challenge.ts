import type { Env } from '../../env.ts';
import { PASSKEY_TIMEOUT_MS } from '../../model/limits/index.ts';
import { seal, unseal } from '../secrets/seal.ts';

const PURPOSE = 'passkey challenge';

/** Stateless: unique passkey ids prevent replay. */
export async function newPasskeyChallenge(env: Env, sessionId: string, now: number): Promise<string> {
  const sealed = await seal(env, `${sessionId} ${now + PASSKEY_TIMEOUT_MS}`, PURPOSE);
  return Buffer.from(sealed).toString('base64url');
}

export async function readPasskeyChallenge(
  env: Env,
  clientDataJSON: string,
  of: { readonly sessionId: string; readonly now: number },
): Promise<string | null> {
  const challenge = challengeIn(clientDataJSON);
  const text = await unseal(env, Buffer.from(challenge, 'base64url').toString(), PURPOSE).catch(() => '');
  const [sessionId, until] = text.split(' ');
  return sessionId === of.sessionId && Number(until) > of.now ? challenge : null;
}

function challengeIn(clientDataJSON: string): string {
  try {
    return String(JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()).challenge);
  } catch {
    return '';
  }
}
