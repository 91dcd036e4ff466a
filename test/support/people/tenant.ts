import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { storageOf } from '../storage.ts';
import { callerFor, makeReseller, newOrganization, newUser, rows, unique } from '../world.ts';

/** How the rows of each table belong to a reseller (`?1`); what has no tenant is left out. */
const OWNED: Readonly<Record<string, string>> = {
  resellers: 'id = ?1',
  organizations: 'reseller_id = ?1',
  users: 'reseller_id = ?1',
  memberships: 'reseller_id = ?1',
  api_clients: 'reseller_id = ?1',
  events: 'reseller_id = ?1',
  webhook_endpoints: 'reseller_id = ?1',
  webhook_deliveries: 'endpoint_id in (select id from webhook_endpoints where reseller_id = ?1)',
  webhook_attempts: 'reseller_id = ?1',
  webhook_recoveries: 'endpoint_id in (select id from webhook_endpoints where reseller_id = ?1)',
  brandings: 'reseller_id = ?1',
  subscription_choices: 'reseller_id = ?1',
  emails: 'reseller_id = ?1',
  status_updates: 'reseller_id = ?1',
  status_update_progress: 'status_update_id in (select id from status_updates where reseller_id = ?1)',
  storage_accounts: 'reseller_id = ?1',
  storage_objects: 'storage_account_id in (select id from storage_accounts where reseller_id = ?1)',
  sessions: 'user_id in (select id from users where reseller_id = ?1)',
  refresh_tokens:
    'session_id in (select id from sessions where user_id in (select id from users where reseller_id = ?1))',
  activations: 'user_id in (select id from users where reseller_id = ?1)',
  totp_secrets: 'user_id in (select id from users where reseller_id = ?1)',
  recovery_codes: 'user_id in (select id from users where reseller_id = ?1)',
  passkeys: 'user_id in (select id from users where reseller_id = ?1)',
  external_identities: 'user_id in (select id from users where reseller_id = ?1)',
  sign_in_flows: 'reseller_id = ?1',
  authorization_codes: 'client_id in (select id from api_clients where reseller_id = ?1)',
  consents: 'client_id in (select id from api_clients where reseller_id = ?1)',
};

/** Every row of a reseller, table by table. */
export async function rowsOf(resellerId: string): Promise<Record<string, object[]>> {
  const found: Record<string, object[]> = {};
  for (const [table, owned] of Object.entries(OWNED)) {
    found[table] = (await rows(`select * from ${table} where ${owned}`, resellerId)).sort((a, b) =>
      JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
    );
  }
  return found;
}

/** The tables in which a reseller has rows. */
export async function tablesOf(resellerId: string): Promise<string[]> {
  return Object.entries(await rowsOf(resellerId)).flatMap(([table, found]) => (found.length > 0 ? [table] : []));
}

/** A reseller with something in every table: what the API makes, and the rest as the API would have left it. */
export async function makeTenant() {
  const reseller = await makeReseller();
  const { id, base, api } = reseller;
  const { body: organization } = await api.post(`${base}/organizations`, newOrganization());
  const { body: user } = await api.post(`${base}/users`, newUser());
  const { body: customer } = await api.post(`${base}/users`, { ...newUser(), organizationId: organization.id });
  const hook = { name: 'h', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const { body: webhook } = await api.post('/v3/webhooks', hook);
  await api.put(`/v1.0/accounts/${id}/branding`, { productName: 'Acme' });
  const update = { title: 'Title', body: 'Body', severity: 'info' };
  await api.post(`/v1.0/accounts/${id}/statusUpdates`, update);
  const storage = await storageOf(id, api);
  for (const key of ['a', 'b']) await storage.put(key, key);
  await storageOf(id, api);
  const { client } = await callerFor(id);
  await fill({ id, userId: user.id, webhookId: webhook.id, clientId: client.id });
  const blobs = async () => (await env.STORAGE.list({ prefix: `default/${storage.id}/` })).objects.length;
  return { ...reseller, user, customer, organization, webhook, storage, client, blobs };
}

/** What comes of signing in, of webhooks and of mails. Everything has run out within the 30 days. */
async function fill(of: { id: string; userId: string; webhookId: string; clientId: string }): Promise<void> {
  const now = Date.now();
  const [sessionId, deliveryId, recoveryId] = [uuidv7(), uuidv7(), uuidv7()];
  const month = now + 30 * 86_400_000 - 1000;
  const given: readonly [string, ...unknown[]][] = [
    [
      'insert into sessions (id, user_id, reseller_id, client_id, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
      sessionId,
      of.userId,
      of.id,
      of.clientId,
      now,
      month,
    ],
    ['insert into refresh_tokens (family_hash, session_id, token_hash) values (?1, ?2, ?1)', unique('h'), sessionId],
    [
      "insert into activations (user_id, purpose, email_key, token_hash, created_at, expires_at) values (?, 'activation', 'x', ?, ?, ?)",
      of.userId,
      unique('h'),
      now,
      now + 7 * 86_400_000,
    ],
    ["insert into totp_secrets (user_id, sealed_secret, created_at) values (?, 's', ?)", of.userId, now],
    ["insert into recovery_codes (user_id, code_hash, created_at) values (?, 'h', ?)", of.userId, now],
    [
      "insert into passkeys (id, user_id, name, public_key, counter, transports, backed_up, created_at) values (?, ?, 'n', 'k', 0, '[]', 0, ?)",
      unique('p'),
      of.userId,
      now,
    ],
    [
      "insert into external_identities (issuer, subject, user_id, email, created_at) values ('i', ?, ?, 'e', ?)",
      unique('s'),
      of.userId,
      now,
    ],
    [
      "insert into sign_in_flows (id, browser_hash, goal, reseller_id, user_id, created_at, expires_at) values (?, 'b', '{}', ?, ?, ?, ?)",
      uuidv7(),
      of.id,
      of.userId,
      now,
      now + 60_000,
    ],
    [
      `insert into authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, code_challenge, methods,
         authenticated_at, created_at, expires_at, session_id) values (?, ?, ?, 'r', '', 'c', '[]', ?, ?, ?, ?)`,
      unique('h'),
      of.clientId,
      of.userId,
      now,
      now,
      now + 60_000,
      sessionId,
    ],
    [
      "insert into consents (user_id, client_id, scope, granted_at) values (?, ?, 'openid', ?)",
      of.userId,
      of.clientId,
      now,
    ],
    [
      'insert into webhook_recoveries (id, endpoint_id, since, cursor, upto, created_at, updated_at) values (?, ?, 1, 9, 9, ?, ?)',
      recoveryId,
      of.webhookId,
      now,
      now,
    ],
    [
      `insert into webhook_deliveries (id, endpoint_id, event_type, body, state, recovery_id, created_at)
         values (?, ?, 't', 'b', 'delivered', ?, ?)`,
      deliveryId,
      of.webhookId,
      recoveryId,
      now,
    ],
    [
      `insert into webhook_attempts (id, delivery_id, endpoint_id, reseller_id, event_type, attempt, status, attempted_at,
         duration_ms, reason, answer) values (?, ?, ?, ?, 't', 1, 'delivered', ?, 1, 'r', '')`,
      uuidv7(),
      deliveryId,
      of.webhookId,
      of.id,
      now,
    ],
    [
      "insert into subscription_choices (reseller_id, address_hash, choice, chosen_at) values (?, 'h', 'suppressed', ?)",
      of.id,
      now,
    ],
    ...['pending', 'sent'].map((state): [string, ...unknown[]] => [
      `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, state, created_at)
         values (?, ?, 'activation', 'en', 'e', 'e', ?, ?, ?, ?)`,
      uuidv7(),
      unique('cause'),
      of.id,
      of.userId,
      state,
      now,
    ]),
  ];
  for (const [sql, ...values] of given) await rows(sql, ...values);
}
