import { sha256 } from '../auth/secrets/digest.ts';
import { seal, unseal } from '../auth/secrets/seal.ts';
import { findStoredReply } from '../db/commit/idempotency.ts';
import type { CallerContext, Idempotency } from '../db/sql/caller-context.ts';
import { invalid, Refusal, refuse } from '../model/failure.ts';
import { IDEMPOTENCY_KEY_MAX_CHARS } from '../model/limits/index.ts';
import type { Actor } from '../model/sessions/actor.ts';
import { reply } from './reply.ts';
import type { RequestContext } from './request-context.ts';

export type EncodedReply = { readonly status: number; readonly text: string | null };

/** Quoted (RFC 8941) or bare. Refuses an empty or overlong key. */
function keyOf(request: Request): string | null {
  const header = request.headers.get('Idempotency-Key');
  if (request.method !== 'POST' || header === null) return null;
  const key = /^"(.*)"$/.exec(header)?.[1]?.replace(/\\(["\\])/g, '$1') ?? header;
  if (key !== '' && key.length <= IDEMPOTENCY_KEY_MAX_CHARS) return key;
  refuse(invalid('header', 'Idempotency-Key', `Must have 1 to ${IDEMPOTENCY_KEY_MAX_CHARS} characters.`));
}

/** What the write's batch stores. The scopes are part of the key: a stored response may hold data of one scope. */
export async function idempotencyFor(
  { env, request, url }: RequestContext,
  { scopes }: Pick<Actor, 'scopes'>,
  body: Uint8Array,
  encode: (result: never) => EncodedReply,
): Promise<Idempotency | null> {
  const key = keyOf(request);
  if (key === null) return null;
  return {
    key,
    fingerprint: await sha256([request.method, url.pathname, ...scopes, await sha256(body)].join(' ')),
    async seal(result) {
      const { status, text } = encode(result as never);
      return { status, sealedBody: await seal(env, text ?? '') };
    },
  };
}

/** Looks the key up only after a refusal: the batch of a repeated request fails on its own key. */
export async function withIdempotency(
  context: RequestContext,
  caller: CallerContext,
  attempt: () => Promise<Response>,
): Promise<Response> {
  const { idempotency } = caller;
  try {
    return await attempt();
  } catch (error) {
    if (idempotency === null || !(error instanceof Refusal)) throw error;
    const storedReply = await findStoredReply(caller, idempotency.key);
    if (storedReply === null) throw error;
    if (storedReply.fingerprint !== idempotency.fingerprint) refuse({ kind: 'idempotency_key_reused' });
    const text = await unseal(context.env, storedReply.sealedBody);
    return reply(storedReply.status, text === '' ? null : text, { 'Idempotency-Replayed': 'true' });
  }
}
