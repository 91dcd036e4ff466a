import { sha256 } from '../../auth/secrets/digest.ts';
import { randomText } from '../../auth/secrets/random.ts';
import { type BrowserSession, findBrowserSession, findResellerOfCookie } from '../../db/sessions/browser-sessions.ts';
import { OPAQUE_TOKEN_BYTES, OPAQUE_TOKEN_MAX_CHARS } from '../../model/limits/index.ts';
import { type Actor, userActorNames } from '../../model/sessions/actor.ts';
import { signedInAt } from '../../model/sessions/session.ts';
import { scopesInTenant } from '../../model/users/role.ts';
import { readCookie, setCookie } from '../cookies.ts';
import type { RequestContext } from '../request-context.ts';

export type { BrowserSession } from '../../db/sessions/browser-sessions.ts';

export async function readOrCreateBrowser({
  env,
  request,
}: RequestContext): Promise<{ readonly browserHash: string; readonly cookie: string | null }> {
  const known = tokenIn(readCookie(env, request, 'browser'));
  const token = known ?? randomText(OPAQUE_TOKEN_BYTES);
  return { browserHash: await sha256(token), cookie: known === null ? setCookie(env, 'browser', token) : null };
}

export async function findSignedInSession({ env, request, db, now }: RequestContext): Promise<BrowserSession | null> {
  const token = tokenIn(readCookie(env, request, 'session'));
  if (token === null) return null;
  return findBrowserSession(db, { cookieHash: await sha256(token), now, idleMs: env.idleMs.browser });
}

/** Also of an expired session. */
export async function resellerOfBrowser({ env, request, db }: RequestContext): Promise<string | null> {
  const token = tokenIn(readCookie(env, request, 'session'));
  return token === null ? null : findResellerOfCookie(db, await sha256(token));
}

export function actorOf({ session, member }: BrowserSession): Actor {
  const { id, userId, resellerId } = session;
  return {
    kind: 'user',
    subject: userId,
    ...userActorNames(userId, resellerId, null),
    reseller: resellerId,
    scopes: new Set(scopesInTenant(resellerId, member, member.roles)),
    tokenId: id,
    signedInAt: signedInAt(session),
    application: null,
  };
}

/** Fetch Metadata, or `Origin` (RFC 6454 §7). */
export function isSameOriginForm({ env, request }: RequestContext): boolean {
  const origin = request.headers.get('Origin');
  // A page with `no-referrer` sends `null`.
  if (origin !== null && origin !== 'null') return origin === new URL(env.publicUrl).origin;
  return request.headers.get('Sec-Fetch-Site') === 'same-origin';
}

function tokenIn(cookie: string | null): string | null {
  return cookie !== null && cookie.length <= OPAQUE_TOKEN_MAX_CHARS && /^[\w-]+$/.test(cookie) ? cookie : null;
}
