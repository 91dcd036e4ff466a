import { REQUEST_ROWS_MAX, WEBHOOKS_MAX } from '../../src/model/limits/index.ts';
import { addPasskey, makePerson } from '../support/people/signed-up.ts';
import { makeReseller, newOrganization, rows } from '../support/world.ts';

/** More than one request may read, of each kind. */
const COUNT = REQUEST_ROWS_MAX + 1000;

/** Runs `insert into … select … from n`, where `i` counts. */
const grow = (insert: string, ...values: unknown[]) =>
  rows(
    insert.replace(
      'from n',
      `from (with recursive n (i) as (select 1 union all select i + 1 from n where i < ${COUNT})
    select i from n)`,
    ),
    ...values,
  );

const id = (kind: string) => `printf('01900000-000${kind}-7000-8000-%012x', i)`;
const USER = `(id, reseller_id, organization_id, first_name, last_name, name_key, email, email_key, role, company,
  allow_customer_portal_access, created_at, updated_at)`;
const EVENT = '(id, reseller_id, type, actor, subject, request_id, occurred_at, relay_at, audit_only)';

/**
 * A reseller of which there is more of everything than one request may read, and what the most hangs on: a customer, a user,
 * a webhook and a storage account. Other resellers have as much beside it.
 */
export async function makeLargeTenant() {
  const reseller = await makeReseller();
  const other = await makeReseller();
  const { body: customer } = await reseller.api.post(`${reseller.base}/organizations`, newOrganization());
  const inCustomer = { organizationId: customer.id, allowCustomerPortalAccess: true };
  const person = await makePerson({ role: 'reseller-admin' }, reseller);
  const user = await makePerson(inCustomer, reseller);
  const chief = await makePerson({ ...inCustomer, role: 'organization-admin' }, reseller);
  const staff = await makePerson({ role: 'reseller-admin' }, reseller);
  const hook = { name: 'w', url: 'https://example.com', token: 't', enabled: true, events: ['*'] };
  const { body: webhook } = await reseller.api.post('/v3/webhooks', hook);
  const storage = { name: 's', jurisdiction: 'eu', quotaBytes: 1e9 };
  const { body: made } = await reseller.api.post(`/v1.0/accounts/${reseller.id}/storageAccounts`, storage);
  const storageAccountId: string = made.data.id;
  const users = (kind: string) => `insert into users ${USER} select ${id(kind)}, ?, ?, 'Same', 'Name', 'same name',
    '${kind}u' || i || '@example.com', '${kind}u' || i || '@example.com', 'user', '', 1, i, i from n`;
  await grow(users('a'), reseller.id, customer.id);
  await grow(users('b'), other.id, null);
  await grow(
    `insert into memberships (user_id, reseller_id, roles, created_at) select ${id('b')}, ?, '["account.user"]', i from n`,
    reseller.id,
  );
  await rows('update resellers set deleted_at = 1 where id = ?', other.id);
  await grow(
    `insert into organizations (id, reseller_id, name, name_key, email, email_key, description, allowed_users, address_line1,
      address_line2, city, state, country, postal_code, created_at, updated_at, deleted_at)
    select ${id('c')}, ?, i, i, '', '', '', 1, '', '', '', '', '', '', i, i, i from n`,
    reseller.id,
  );
  await grow(`insert into resellers (id, name, name_key, email, email_key, description, allowed_users, allowed_organizations, created_at,
      updated_at, deleted_at, purged_at, enabled, signed_out_at)
    select ${id('d')}, i, i, '', '', '', 1, 1, i, i, i, i, 0, i from n`);
  for (const [kind, owner] of [
    ['1', reseller.id],
    ['2', null],
  ] as const)
    await grow(
      `insert into events ${EVENT} select ${id(kind)}, ?, 'reseller.user.deleted', 'a', '', 'r', 1, null, 1 from n`,
      owner,
    );
  await grow(
    `insert into events ${EVENT} select ${id('3')}, ?, 'reseller.user.deleted', 'a', 's', 'r', i, i, 0 from n`,
    reseller.id,
  );
  await grow(
    `insert into webhook_endpoints (id, reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq,
      created_at, updated_at, deleted_at) select ${id('e')}, ?, 'x', 'x', '', '', 0, '[]', 'healthy', 0, i, i, i from n`,
    reseller.id,
  );
  await rows(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
    insert into webhook_endpoints (id, reseller_id, name, name_key, url, sealed_token, enabled, events, status, after_seq,
      created_at, updated_at) select ${id('0')}, ?, 'y', 'y', '', '', 1, '[]', 'healthy', 0, i, i from n`,
    WEBHOOKS_MAX - 1,
    reseller.id,
  );
  const recoveryId = crypto.randomUUID();
  await rows(
    `insert into webhook_recoveries (id, endpoint_id, since, cursor, upto, created_at, updated_at) values (?, ?, 1, 1, 1, 1, 1)`,
    recoveryId,
    webhook.id,
  );
  await grow(
    `insert into webhook_deliveries (id, endpoint_id, event_type, body, state, next_attempt_at, recovery_id, created_at)
    select ${id('f')}, ?, 't', '{}', 'pending', 1, ?, i from n`,
    webhook.id,
    recoveryId,
  );
  await grow(
    `insert into webhook_deliveries (id, event_id, endpoint_id, event_type, state, next_attempt_at, resumed_at, created_at)
    select ${id('e')}, ${id('3')}, ?, 't', 'pending', 9e15 + i, 1, i from n`,
    webhook.id,
  );
  await grow(
    `insert into webhook_attempts (id, delivery_id, endpoint_id, reseller_id, event_type, attempt, status, attempted_at, duration_ms,
      reason, answer) select ${id('0')}, (select min(id) from webhook_deliveries), ?, ?, 't', 1, 'failed', i, 1, '', '' from n`,
    webhook.id,
    reseller.id,
  );
  await grow(
    `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
    select ${id('0')}, ?, 'k' || i, 'stored', i, 1, '', 'text/plain' from n`,
    storageAccountId,
  );
  await grow(
    `insert into sessions (id, user_id, reseller_id, created_at, used_at, expires_at, ended_at) select ${id('0')}, ?, ?, i, i, i, i from n`,
    person.userId,
    reseller.id,
  );
  await grow(
    `insert into sessions (id, user_id, reseller_id, created_at, used_at, expires_at) select ${id('1')}, ${id('a')}, ?, i, i, 9e15 from n`,
    reseller.id,
  );
  await grow(
    `insert into activations (user_id, purpose, email_key, token_hash, created_at, expires_at, sent_at, used_at)
    select ?, 'activation', 'x', 'large' || i, i, 9e15, null, null from n`,
    person.userId,
  );
  await grow(
    `insert into api_clients (id, reseller_id, name, secret_hash, scopes, created_at, revoked_at) select ${id('0')}, ?, 'x', '', '', i, i from n`,
    reseller.id,
  );
  await grow(
    `insert into status_updates (id, reseller_id, title, body, severity, actor, created_at) select ${id('0')}, ?, 't', '', 'info', 'a', i from n`,
    reseller.id,
  );
  await grow(`insert into status_update_progress (status_update_id) select ${id('0')} from n`);
  for (const [kind, dueAt] of Object.entries({ 0: 1, 1: null }))
    await grow(
      `insert into emails (id, cause, template, language, recipient, recipient_key, reseller_id, user_id, state, next_attempt_at, created_at)
      select ${id(kind)}, 'large${kind}' || i, 'activation', 'en', 'x', 'x', ?, 'x', 'pending', ?, i from n`,
      reseller.id,
      dueAt,
    );
  const clientId = `(select id from api_clients where reseller_id = '${reseller.id}' and revoked_at is null limit 1)`;
  await grow(
    `insert into authorization_codes (code_hash, client_id, user_id, redirect_uri, scope, code_challenge, methods, authenticated_at,
      created_at, expires_at) select 'large' || i, ${clientId}, ?, '', '', '', '[]', i, i, 9e15 from n`,
    person.userId,
  );
  await grow(
    `insert into consents (user_id, client_id, scope, granted_at) select ?, ${id('0')}, '', i from n`,
    person.userId,
  );
  await grow(
    `insert into sign_in_flows (id, browser_hash, goal, created_at, expires_at) select ${id('0')}, '', '{}', i, 9e15 from n`,
  );
  await rows("update sign_in_flows set user_id = ? where browser_hash = ''", person.userId);
  const passkeyId = await addPasskey(person.userId);
  return {
    ...reseller,
    person,
    chief,
    staff,
    ids: {
      organizationId: customer.id,
      customer_id: customer.id,
      userId: person.userId,
      user_id: user.userId,
      webhookId: webhook.id,
      recoveryId,
      logId: '01900000-0000-7000-8000-000000000001',
      storageAccountId,
      passkeyId,
    },
  };
}
