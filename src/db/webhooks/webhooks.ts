import { type SQL, sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import { foldCase } from '../../model/fields.ts';
import { WEBHOOKS_MAX } from '../../model/limits/index.ts';
import type { Webhook } from '../../model/webhooks/webhook.ts';
import { events, webhookEndpoints } from '../schema/index.ts';
import { type CallerSql, callerStatement } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
import { arg, assignments, insertSelect } from '../sql/statement.ts';

export const webhookColumns = columnsOf(webhookEndpoints, 'webhook', [
  'id',
  'resellerId',
  'name',
  'url',
  'enabled',
  'events',
  'status',
  'createdAt',
  'updatedAt',
  'missedSince',
]);

const changeable = ['name', 'nameKey', 'url', 'enabled', 'events', 'updatedAt'] as const;

const rowOf = (webhook: Webhook) => ({ ...webhook, nameKey: foldCase(webhook.name) });

/** Operator webhooks have no reseller. */
export const isOwnWebhook = sql`webhook.reseller_id is ${arg('tenant')} and webhook.deleted_at is null`;
const from = (callerSql: CallerSql, conditions: SQL) =>
  sql`from ${callerSql.table} left join ${webhookEndpoints} as webhook on ${isOwnWebhook} and ${conditions}`;

/** `missedSince`: where a recovery starts. */
export type StoredWebhook = Webhook & { readonly missedSince: number | null };

const one = callerQuery((callerSql) => ({
  select: { webhook: webhookColumns },
  from: from(callerSql, sql`webhook.id = ${arg('id')}`),
}));

/** Refuses `not_found`. */
export async function findWebhook(caller: CallerContext, id: string): Promise<StoredWebhook> {
  const [{ webhook }] = await one(caller, { id });
  return webhook ?? refuse(absent('webhook'));
}

export const listWebhooks = lister({
  alias: 'webhook',
  table: sql`${webhookEndpoints} as webhook`,
  rows: () => sql`webhook.reseller_id is ${arg('tenant')}`,
  visible: () => sql`webhook.deleted_at is null`,
  selected: webhookColumns,
  sorts: { createdAt: sql`webhook.created_at`, updatedAt: sql`webhook.updated_at`, name: sql`webhook.name_key` },
  texts: {
    id: { column: sql`webhook.id`, folded: true },
    name: { column: sql`webhook.name_key`, folded: true },
    status: { column: sql`webhook.status`, folded: false },
  },
  times: { createdAt: sql`webhook.created_at`, updatedAt: sql`webhook.updated_at` },
  searched: [sql`webhook.name_key`],
});

const insert = callerStatement((callerSql) =>
  insertSelect(
    webhookEndpoints,
    ['id', 'resellerId', 'sealedToken', 'status', 'createdAt', ...changeable],
    sql`from ${callerSql.table} where caller.permitted
      and (select count(*) from ${webhookEndpoints} as webhook indexed by webhook_endpoints_living where ${isOwnWebhook}) < ${arg('most')}`,
    { afterSeq: sql`(select ifnull(max(seq), 0) from ${events})` },
  ),
);
export const insertWebhook = (caller: CallerContext, webhook: Webhook, sealedToken: string) =>
  insert(caller, { ...rowOf(webhook), sealedToken, most: WEBHOOKS_MAX });

const isUnchanged = sql`webhook.id = ${arg('id')} and webhook.updated_at = ${arg('readAt')} and ${isOwnWebhook}`;

// A new token applies at once; without one the old token stays.
const update = callerStatement(
  (callerSql) => sql`update ${webhookEndpoints} as webhook
    set ${assignments(webhookEndpoints, changeable)}, sealed_token = ifnull(${arg('sealedToken')}, sealed_token),
      sealed_old_token = iif(${arg('sealedToken')} is null, sealed_old_token, null)
    from ${callerSql.table} where caller.permitted and ${isUnchanged}`,
);
/** Triggers webhook_endpoints_off and webhook_endpoints_on handle a change of `enabled`. */
export const updateWebhook = (caller: CallerContext, webhook: Webhook, readAt: number, sealedToken: string | null) =>
  update(caller, { ...rowOf(webhook), readAt, sealedToken });

const rotate = callerStatement(
  (callerSql) => sql`update ${webhookEndpoints} as webhook
    set sealed_old_token = sealed_token, old_token_until = ${arg('oldTokenUntil')}, sealed_token = ${arg('sealedToken')},
      updated_at = ${arg('updatedAt')}
    from ${callerSql.table} where caller.permitted and ${isUnchanged}`,
);
/** The old token also signs until `oldTokenUntil`. */
export const rotateToken = (
  caller: CallerContext,
  webhook: Webhook,
  rotation: { readonly readAt: number; readonly sealedToken: string; readonly oldTokenUntil: number },
) => rotate(caller, { ...rotation, id: webhook.id, updatedAt: webhook.updatedAt });

// The purge deletes its deliveries: too many for a request.
const remove = callerStatement(
  (callerSql) => sql`update ${webhookEndpoints} as webhook set enabled = 0, deleted_at = ${arg('now')}
    from ${callerSql.table} where caller.permitted and ${isUnchanged}`,
);
export const removeWebhook = (caller: CallerContext, webhook: Webhook) =>
  remove(caller, { id: webhook.id, readAt: webhook.updatedAt, now: caller.now });
