import type { Env } from '../env.ts';

/** `__Host-` keeps other hosts from setting the cookies (RFC 6265bis §4.1.3.2). */
export type CookieName = 'browser' | 'session' | 'device';

const nameOf = ({ publicUrl }: Env, name: CookieName) => (publicUrl.startsWith('https:') ? `__Host-${name}` : name);

export function readCookie(env: Env, request: Request, name: CookieName): string | null {
  const wanted = `${nameOf(env, name)}=`;
  const pairs = (request.headers.get('Cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(wanted))?.slice(wanted.length) || null;
}

/** Without a maximum age the cookie lasts until the browser closes. */
export function setCookie(env: Env, name: CookieName, value: string, maxAgeSeconds?: number): string {
  const secure = env.publicUrl.startsWith('https:') ? '; Secure' : '';
  const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${nameOf(env, name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${age}`;
}
