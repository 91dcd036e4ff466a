import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { operator, rows, unique } from '../world.ts';

/** By the names of path parameters. */
export type Ids = Readonly<Record<string, string>>;

type Maker = {
  /** What has to be there first. */
  readonly needs: readonly string[];
  readonly make: (ids: Ids) => Promise<string>;
};

/** How the things come to be that no request answers with, by the parameter that names them. */
export const makers: Readonly<Record<string, Maker>> = {
  key: { needs: ['storageAccountId'], make: ({ storageAccountId }) => makeObject(storageAccountId) },
  sessionId: { needs: ['userId'], make: ({ userId }) => makeSession(userId) },
  logId: { needs: ['webhookId'], make: ({ webhookId }) => makeLog(webhookId) },
};

/** The state that some operations ask of what they name, beyond its being there; by operation. */
export const occasions: Readonly<Record<string, (ids: Ids) => Promise<unknown>>> = {
  recoverWebhook: ({ webhookId }) => makeMissing(webhookId),
  createClient: ({ accountId }) => makeRoom(accountId),
  resetUserTwoFactor: ({ userId }) => makeFactor(userId),
  unlinkUserGoogle: ({ userId }) => makeIdentity(userId ?? ''),
  deleteUser: async ({ accountId }) => accountId && makeAdmin(accountId),
};

/** An account at an outside provider, linked to a user. */
export async function makeIdentity(userId: string): Promise<void> {
  const insert =
    "insert into external_identities (issuer, subject, user_id, email, created_at) values ('i', ?, ?, 'e', 1)";
  await rows(insert, unique('s'), userId);
  await rows('update users set google_sso_enabled = 1 where id = ?', userId);
}

/** An object without a name that anybody else would give one. */
async function makeObject(storageAccountId: string | undefined): Promise<string> {
  const [id, key] = [uuidv7(), uuidv7()];
  await env.STORAGE.put(`eu/${storageAccountId}/${id}`, 'bytes');
  await rows(
    `insert into storage_objects (id, storage_account_id, key, state, since, size, etag, content_type)
     values (?, ?, ?, 'stored', ?, 5, 'etag', 'text/plain')`,
    id,
    storageAccountId,
    key,
    Date.now(),
  );
  return key;
}

/** The log of an attempt that delivered the event of the webhook's own creation. */
async function makeLog(webhookId: string | undefined): Promise<string> {
  const [deliveryId, logId, now] = [uuidv7(), uuidv7(), Date.now()];
  await rows(
    `insert into webhook_deliveries (id, event_id, endpoint_id, event_type, state, attempts, created_at, settled_at)
     select ?, id, subject, type, 'delivered', 1, ?, ? from events where subject = ? and type = 'webhook.created'`,
    deliveryId,
    now,
    now,
    webhookId,
  );
  await rows(
    `insert into webhook_attempts (id, delivery_id, endpoint_id, reseller_id, event_id, event_type, attempt, status,
       attempted_at, duration_ms, status_code, reason, answer)
     select ?, delivery.id, endpoint.id, reseller_id, event_id, event_type, 1, 'delivered', ?, 12, 204, 'delivered', ''
     from webhook_deliveries as delivery join webhook_endpoints as endpoint on endpoint.id = endpoint_id
     where delivery.id = ?`,
    logId,
    now,
    deliveryId,
  );
  return logId;
}

/** A session of a user in its own reseller. */
async function makeSession(userId: string | undefined): Promise<string> {
  const [id, now] = [uuidv7(), Date.now()];
  await rows(
    `insert into sessions (id, user_id, reseller_id, created_at, used_at, expires_at)
     select ?1, id, reseller_id, ?2, ?2, ?2 + 3600000 from users where id = ?3`,
    id,
    now,
    userId,
  );
  return id;
}

/** A confirmed authenticator that nobody holds. */
async function makeFactor(userId: string | undefined): Promise<void> {
  await rows(
    `insert into totp_secrets (user_id, sealed_secret, confirmed_at, created_at) select id, 'none', 1, 1 from users where id = ?
     on conflict do nothing`,
    userId,
  );
  await rows('update users set two_factor_enabled = 1 where id = ?', userId);
}

/** Another `user.admin`, so that the reseller can spare one. */
async function makeAdmin(resellerId: string): Promise<void> {
  const admin = { email: `${unique('admin')}@example.com`, displayName: 'Admin', roles: ['user.admin'] };
  const made = await (await operator()).post(`/v1.0/accounts/${resellerId}/users`, admin);
  if (made.status !== 201) throw new Error(made.text);
}

/** A reseller with only those API clients that the tests made themselves. */
async function makeRoom(resellerId: string | undefined): Promise<void> {
  await rows("update api_clients set revoked_at = 1 where reseller_id = ? and name <> 'test'", resellerId);
}

/** A webhook that missed something, and no recovery of it is running. */
async function makeMissing(webhookId: string | undefined): Promise<void> {
  await rows('update webhook_recoveries set cursor = upto where endpoint_id = ?', webhookId);
  await rows('update webhook_endpoints set missed_since = created_at where id = ?', webhookId);
}
