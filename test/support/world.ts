import { env } from 'cloudflare:workers';
import { sha256 } from '../../src/auth/secrets/digest.ts';
import { availableScopes, SCOPES, type Scope } from '../../src/model/clients/scope.ts';
import { Caller, type Json, send } from './api.ts';

let count = 0;

/** A word that no other test uses. */
export function unique(word: string): string {
  count += 1;
  // With many digits, a name would look like a phone number.
  const letters = crypto
    .randomUUID()
    .slice(0, 8)
    .replace(/\d/g, (digit) => 'abcdefabcd'.charAt(Number(digit)));
  return `${word}-${count}-${letters}`;
}

export type Client = { id: string; secret: string };

/** An API client as `npm run bootstrap` would make it. */
export async function makeClient(resellerId: string | null, scopes: readonly Scope[]): Promise<Client> {
  const client = { id: crypto.randomUUID(), secret: crypto.randomUUID() };
  await env.DB.prepare(
    'insert into api_clients (id, reseller_id, name, secret_hash, scopes, created_at) values (?, ?, ?, ?, ?, ?)',
  )
    .bind(client.id, resellerId, 'test', await sha256(client.secret), scopes.join(' '), Date.now())
    .run();
  return client;
}

export async function tokenOf({ id, secret }: Client, scope?: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret, ...(scope ? { scope } : {}) };
  const reply = await send('POST', '/oauth/token', { body: new URLSearchParams(form) });
  return reply.body.access_token;
}

/** A caller with a client of its own; without a reseller it is the operator. */
export async function callerFor(resellerId: string | null, scopes: readonly Scope[] = availableScopes(resellerId)) {
  const client = await makeClient(resellerId, scopes);
  return Object.assign(new Caller(await tokenOf(client)), { client });
}

/** The client itself, by its key (contracts: reseller). */
export const byKey = ({ id, secret }: Client) => new Caller(`${id}.${secret}`, 'ApiKey');

export const operator = () => callerFor(null, SCOPES);

/** A reseller of its own with a client that may do everything in it. */
export async function makeReseller(fields: Record<string, unknown> = {}) {
  const made = await (await operator()).post('/v3/resellers', { ...newReseller(), ...fields });
  if (made.status !== 201) throw new Error(made.text);
  const id: string = made.body.id;
  return { id, base: `/v3/resellers/${id}`, api: await callerFor(id) };
}

export const newReseller = () => ({
  name: unique('Reseller'),
  email: 'office@example.com',
  allowedUsers: -1,
  allowedOrganizations: -1,
});
export const newOrganization = () => ({ name: unique('Customer'), email: 'it@example.com', allowedUsers: -1 });
export const newUser = () => ({
  firstName: 'Jane',
  lastName: 'Doe',
  email: `${unique('jane')}@example.com`,
  role: 'user',
  allowCustomerPortalAccess: true,
  password: 'correct horse battery',
});

/** Rows that a query finds, to see what a request left behind. */
export async function rows<T = Json>(sql: string, ...values: unknown[]): Promise<T[]> {
  return (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results;
}
