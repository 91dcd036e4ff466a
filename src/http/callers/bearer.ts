import { verifyToken } from '../../auth/tokens/verify.ts';
import { refuse } from '../../model/failure.ts';
import type { Actor } from '../../model/sessions/actor.ts';
import type { RequestContext } from '../request-context.ts';
import { verifyApiKey } from './api-key.ts';

/** RFC 6750 §2.1. Refuses `token_missing`, `token_invalid`. */
export async function bearer({ env, request, now }: RequestContext): Promise<Actor> {
  const header = request.headers.get('Authorization');
  if (header === null || !/^bearer +\S/i.test(header)) refuse({ kind: 'token_missing' });
  return verifyToken(env, header.slice('bearer '.length).trim(), now);
}

export async function bearerOrApiKey(context: RequestContext): Promise<Actor> {
  const key = /^apikey +(\S+)$/i.exec(context.request.headers.get('Authorization') ?? '')?.[1];
  return key === undefined ? bearer(context) : verifyApiKey(context, key);
}

/** RFC 6750 §3, RFC 9110 §15.5.2. Only a token that was sent is called invalid. */
export function wwwAuthenticate(failure: { kind: string; scope?: string | null }, status: number): string | undefined {
  if (failure.kind === 'token_invalid') return 'Bearer error="invalid_token"';
  if (failure.kind === 'scope_missing') return `Bearer error="insufficient_scope", scope="${failure.scope}"`;
  return status === 401 ? 'Bearer' : undefined;
}
