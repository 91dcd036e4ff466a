import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { type Call, expectAnswer } from '../load/load.ts';
import { deepRow, newUser, pageSize, type Subject, type Work } from '../scenarios.ts';
import { type Bundle, bundle } from './bundle.ts';
import { forge } from './credentials.ts';
import { resellerId, seededUsers, userId } from './database.ts';
import { launchOurs } from './launch.ts';

const config = 'wrangler.toml';
const scopes = 'reseller:read reseller:user:create reseller:user:read reseller:user:update reseller:user:delete';
const users = `/v3/resellers/${resellerId}/users`;
const list = `${users}?limit=${pageSize}`;

/** The bundle as it is deployed. */
export function bundleOurs(folder: string): Promise<Bundle> {
  return bundle(config, folder);
}

/** The same with a hash that costs nothing: every create of v3 needs a password. */
export function bundleOursUnhashed(folder: string): Promise<Bundle> {
  return bundle(config, folder, '--alias', `@phi-ag/argon2:${resolve(import.meta.dirname, 'free-argon2.ts')}`);
}

/** Starts our Worker and finds the page that the deep list asks for. */
export async function startOurs(code: Bundle): Promise<Subject> {
  const { running, token } = await launchOurs(code, scopes);
  try {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const deepPage = await findDeepPage(running.origin, headers);
    return { running, call: (work, index) => callOf(work, index, token, headers, deepPage) };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function callOf(work: Work, index: number, token: string, headers: Record<string, string>, deepPage: string): Call {
  const oneUser = `${users}/${userId(index % seededUsers)}`;
  switch (work) {
    case 'getUser':
    case 'getUserInSession':
      return { method: 'GET', path: oneUser, headers, expect: 200 };
    case 'refuse':
      return { method: 'GET', path: oneUser, headers: { Authorization: `Bearer ${forge(token)}` }, expect: 401 };
    case 'listFirst':
    case 'listFirstInSession':
      return { method: 'GET', path: list, headers, expect: 200 };
    case 'listDeep':
      return { method: 'GET', path: deepPage, headers, expect: 200 };
    case 'createBare':
    case 'createBareInSession':
    case 'createHashed': {
      const keyed = { ...headers, 'Idempotency-Key': randomUUID() };
      return { method: 'POST', path: users, headers: keyed, body: JSON.stringify(newUser()), expect: 201 };
    }
  }
}

/** Follows `Link: <…>; rel="next"` to the page that starts at the deep row. */
async function findDeepPage(origin: URL, headers: Record<string, string>): Promise<string> {
  let path = list;
  for (let row = 0; row < deepRow; row += pageSize) {
    const { link } = await expectAnswer(origin, { method: 'GET', path, headers, expect: 200 });
    const next = /<([^>]+)>;\s*rel="next"/.exec(link)?.[1];
    if (next === undefined) throw new Error(`no next page at row ${row}`);
    const { pathname, search } = new URL(next, origin);
    path = pathname + search;
  }
  return path;
}
