import type { Env } from '../env.ts';

/**
 * A cookie of ours: `browser` says which browser it is, `session` who is signed in with it, `device` who was. By https its
 * name keeps other hosts from setting it (RFC 6265bis §4.1.3.2).
 */
export type CookieName = 'browser' | 'session' | 'device';

const nameOf = ({ publicUrl }: Env, name: CookieName) => (publicUrl.startsWith('https:') ? `__Host-${name}` : name);

/** The value of a cookie that came with a request; null where there is none. */
export function readCookie(env: Env, request: Request, name: CookieName): string | null {
  const wanted = `${nameOf(env, name)}=`;
  const pairs = (request.headers.get('Cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) || null;
}

/** A `Set-Cookie`: for this host, no script's, and not sent along by other sites' forms. No age: until the browser closes. */
export function setCookie(env: Env, name: CookieName, value: string, maxAgeSeconds?: number): string {
  const secure = env.publicUrl.startsWith('https:') ? '; Secure' : '';
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${nameOf(env, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}
