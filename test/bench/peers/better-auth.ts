import { randomBytes } from 'node:crypto';
import { deepRow, newUser, pageSize, type Subject } from '../scenarios.ts';
import type { Bundle } from '../servers/bundle.ts';
import { firstCreatedAt, seededUsers, userId } from '../servers/database.ts';
import { type Running, startWorkerd } from '../servers/workerd.ts';

const baseUrl = 'http://peer.example';
const list = `/api/auth/admin/list-users?limit=${pageSize}&sortBy=createdAt`;

/** Starts better-auth over tables of its own with as many users; its caller is an admin with a session cookie. */
export async function startBetterAuth(code: Bundle): Promise<Subject> {
  const text = (value: string) => ({ type: 'text', value }) as const;
  const secret = randomBytes(32).toString('base64');
  const running = await startWorkerd(code, { BASE_URL: text(baseUrl), SECRET: text(secret) });
  const sent = { Origin: baseUrl, 'CF-Connecting-IP': '192.0.2.1', 'Content-Type': 'application/json' };
  const headers = { Cookie: await signUpAdmin(running), ...sent };
  await fillUsers(running.db);
  const call: Subject['call'] = (work, index) => {
    if (work === 'listFirst') return { method: 'GET', path: list, headers, expect: 200 };
    if (work === 'listDeep') return { method: 'GET', path: `${list}&offset=${deepRow}`, headers, expect: 200 };
    if (work === 'createBare') {
      const { firstName, lastName, email, password } = newUser();
      const body = JSON.stringify({ name: `${firstName} ${lastName}`, email, password, role: 'user' });
      return { method: 'POST', path: '/api/auth/admin/create-user', headers, body, expect: 200 };
    }
    return { method: 'GET', path: `/api/auth/admin/get-user?id=${userId(index % seededUsers)}`, headers, expect: 200 };
  };
  return { running, call };
}

async function signUpAdmin({ origin, db }: Running): Promise<string> {
  await post(origin, '/migrate', {});
  const admin = { name: 'Admin', email: 'admin@example.com', password: 'correct horse battery' };
  const answer = await post(origin, '/api/auth/sign-up/email', admin);
  await db.prepare(`UPDATE "user" SET role = 'admin' WHERE email = ?`).bind(admin.email).run();
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function post(origin: URL, path: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Origin: baseUrl };
  const answer = await fetch(new URL(path, origin), { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function fillUsers(db: D1Database): Promise<void> {
  await db
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
      INSERT INTO "user" (id, name, email, emailVerified, createdAt, updatedAt, role, banned)
      SELECT printf('01900000-0000-7000-8000-%012x', i + 1), 'First' || i || ' Last' || i, 'user' || i || '@example.com', 1,
        strftime('%Y-%m-%dT%H:%M:%fZ', (?2 + i) / 1000.0, 'unixepoch'),
        strftime('%Y-%m-%dT%H:%M:%fZ', (?2 + i) / 1000.0, 'unixepoch'), 'user', 0 FROM n`,
    )
    .bind(seededUsers, firstCreatedAt)
    .run();
}
