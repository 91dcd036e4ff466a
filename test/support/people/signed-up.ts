import { createHmac } from 'node:crypto';
import { HOTP, Secret } from 'otpauth/bare';
import { Caller, type Json, type Reply, send } from '../api.ts';
import { makeReseller, newUser, rows, unique } from '../world.ts';

export const PASSWORD = 'correct horse battery';

/** Sends JSON from an address of its own, or from one that is named: they are counted. */
export const post = (path: string, body: unknown, address = unique('address'), headers: Record<string, string> = {}) =>
  send('POST', path, {
    headers: { 'Content-Type': 'application/json', 'CF-Connecting-IP': address, 'User-Agent': 'Tests/1', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const login = (body: object, address?: string) => post('/v3/accounts/login', body, address);

/** The code of a secret's time step, so many steps from now. */
export function codeOf(secret: string, steps = 0): string {
  const counter = Math.floor(Date.now() / 30_000) + steps;
  const hmac = (name: string, key: Uint8Array, message: Uint8Array) =>
    new Uint8Array(createHmac(name, key).update(message).digest());
  return HOTP.generate({ secret: Secret.fromBase32(secret), counter, algorithm: 'SHA1', digits: 6, hmac });
}

/** Waits for the next time step where this one is about to end, so that codes made now are of the step that is judged. */
export async function steady(): Promise<void> {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 5000) await new Promise((resume) => setTimeout(resume, left + 50));
}

/** A user of a reseller who has a password, may sign in, and how to. */
export async function makePerson(fields: object = {}, reseller?: Awaited<ReturnType<typeof makeReseller>>) {
  const home = reseller ?? (await makeReseller());
  const made = await home.api.post(`${home.base}/users`, { ...newUser(), ...fields });
  if (made.status !== 201) throw new Error(made.text);
  const { id: userId, email } = made.body as { id: string; email: string };
  const credentials = { accountId: home.id, email, password: PASSWORD };
  const enter = (more: object = {}, address?: string): Promise<Reply> => login({ ...credentials, ...more }, address);
  /** Signs in and gives the caller, with its tokens. */
  const signIn = async (more: object = {}) => {
    const { status, body, text } = await enter(more);
    if (status !== 200) throw new Error(text);
    return Object.assign(new Caller(body.accessToken), { tokens: body });
  };
  const row = async (): Promise<Json> => (await rows('select * from users where id = ?', userId))[0];
  const sessions = () => rows('select * from sessions where user_id = ? order by created_at, id', userId);
  /** The entries of the audit log about the user, or by nobody known, in their order; or the events that callers hear of. */
  const log = async (auditOnly = 1): Promise<Json[]> =>
    rows('select * from events where subject = ? and audit_only = ? order by seq', userId, auditOnly);
  const types = async (auditOnly = 1) => (await log(auditOnly)).map(({ type }) => type);
  const mails = () => rows('select * from emails where user_id = ? order by id', userId);
  const attempts = async () =>
    (await rows('select count(*) as count from sign_in_attempts where email_key = ?', email.toLowerCase()))[0].count;
  return { ...home, userId, email, credentials, enter, signIn, row, sessions, log, types, mails, attempts };
}

export type Person = Awaited<ReturnType<typeof makePerson>>;

/** Enables an authenticator for somebody and gives its secret; the code of the step before this one is used up. */
export async function enroll(caller: Caller): Promise<string> {
  await steady();
  const { body, text, status } = await caller.post('/v3/me/2fa-secret');
  if (status !== 201) throw new Error(text);
  const enabled = await caller.post('/v3/me/2fa/enable', { twoFactorCode: codeOf(body.secret, -1) });
  if (enabled.status !== 201) throw new Error(enabled.text);
  return body.secret;
}

/** A passkey that nobody holds. */
export async function addPasskey(userId: string, name = 'Laptop'): Promise<string> {
  const id = unique('key');
  await rows(
    `insert into passkeys (id, user_id, name, public_key, counter, transports, backed_up, created_at)
     values (?, ?, ?, 'none', 0, '[]', 1, ?)`,
    id,
    userId,
    name,
    Date.now(),
  );
  await rows('update users set two_factor_enabled = 1 where id = ?', userId);
  return id;
}

/** Has somebody let an API client know who they are. Gives the id of the consent. */
export async function giveConsent(userId: string, clientId: string): Promise<string> {
  const id = crypto.randomUUID();
  await rows(
    "insert into consents (id, user_id, client_id, scope, granted_at) values (?, ?, ?, 'openid', 1)",
    id,
    userId,
    clientId,
  );
  return id;
}
