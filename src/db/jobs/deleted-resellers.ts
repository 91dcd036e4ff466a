import { sql } from 'drizzle-orm';
import {
  DELETED_RESELLER_CHUNK_ROWS,
  DELETED_RESELLERS_PER_RUN,
  DELETED_RESELLERS_SCANNED,
  DELETED_RETENTION_MS,
} from '../../model/limits/index.ts';
import {
  apiClients,
  authorizationCodes,
  brandings,
  consents,
  emails,
  memberships,
  organizations,
  resellers,
  sessions,
  signInFlows,
  statusUpdateProgress,
  statusUpdates,
  storageAccounts,
  subscriptionChoices,
  users,
  webhookDeliveries,
  webhookEndpoints,
  webhookRecoveries,
} from '../schema/index.ts';
import { query } from '../sql/query.ts';
import { value } from '../sql/selection.ts';
import { arg, type Db, literal, statement } from '../sql/statement.ts';

const overdue = sql`${resellers} where deleted_at <= ${arg('before')} and purged_at is null`;
const groups = sql`(select max(1, (count(*) + ${arg('limit')} - 1) / ${arg('limit')}) from ${overdue})`;
const due = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${overdue} order by deleted_at limit ${arg('limit')}
    offset ${arg('minute')} % ${groups} * ${arg('limit')}`,
}));

export const deletedWithMembers = sql`(select id, deleted_at from ${resellers}
    where deleted_at is not null and purged_at is null order by deleted_at desc limit ${literal(DELETED_RESELLERS_SCANNED)}) as reseller
  where exists (select 1 from ${memberships} where reseller_id = reseller.id)`;
const withMembers = query(() => ({
  select: { id: value<string>(sql`id`) },
  from: sql`from ${deletedWithMembers} limit ${arg('limit')}`,
}));

/** With members to release, or expired. Each minute takes the next group, so that blocked resellers delay no others. */
export async function findDeletedResellers(db: Db, now: number): Promise<string[]> {
  const minute = Math.floor(now / 60_000);
  const values = { before: now - DELETED_RETENTION_MS, limit: DELETED_RESELLERS_PER_RUN, minute };
  const [waiting, expired] = await db.batch([withMembers.prepare(db, values), due.prepare(db, values)]);
  return [...new Set([...withMembers.read(waiting), ...due.read(expired)].map(({ id }) => id))];
}

export const expiredReseller = sql`(select id from ${resellers} where id = ${arg('resellerId')}
  and deleted_at <= ${arg('before')} and purged_at is null)`;
const rowLimit = sql`limit ${arg('rows')}`;
const clients = sql`(select id from ${apiClients} where reseller_id in ${expiredReseller})`;
const updates = sql`(select id from ${statusUpdates} where reseller_id in ${expiredReseller})`;

// Sessions and deliveries expire by themselves first.
const dependentRows = {
  emails: sql`delete from ${emails} where id in
    (select id from ${emails} where reseller_id in ${expiredReseller} and state = 'pending' ${rowLimit})`,
  statusUpdateProgress: sql`delete from ${statusUpdateProgress} where status_update_id in (select id from ${updates} ${rowLimit})`,
  statusUpdates: sql`delete from ${statusUpdates} where id in (select id from ${statusUpdates} as old where reseller_id in ${expiredReseller}
    and not exists (select 1 from ${statusUpdateProgress} where status_update_id = old.id) ${rowLimit})`,
  subscriptionChoices: sql`delete from ${subscriptionChoices} where (reseller_id, address_hash) in
    (select reseller_id, address_hash from ${subscriptionChoices} where reseller_id in ${expiredReseller} ${rowLimit})`,
  webhookEndpoints: sql`delete from ${webhookEndpoints} where id in (select id from ${webhookEndpoints} as old where reseller_id in ${expiredReseller}
    and not exists (select 1 from ${webhookDeliveries} where endpoint_id = old.id)
    and not exists (select 1 from ${webhookRecoveries} where endpoint_id = old.id) ${rowLimit})`,
  consents: sql`delete from ${consents} where (user_id, client_id) in
    (select user_id, client_id from ${consents} where client_id in ${clients} ${rowLimit})`,
  apiClients: sql`delete from ${apiClients} where id in (select id from ${apiClients} as old where reseller_id in ${expiredReseller}
    and not exists (select 1 from ${consents} where client_id = old.id)
    and not exists (select 1 from ${authorizationCodes} where client_id = old.id)
    and not exists (select 1 from ${sessions} where client_id = old.id) ${rowLimit})`,
  organizations: sql`delete from ${organizations} where id in (select id from ${organizations} as old where reseller_id in ${expiredReseller}
    and not exists (select 1 from ${users} where organization_id = old.id) ${rowLimit})`,
  brandings: sql`delete from ${brandings} where reseller_id in ${expiredReseller}`,
};
const drops = Object.entries(dependentRows).map(([kind, drop]) => ({ kind, drop: statement(() => drop) }));

const owningTables = [
  users,
  organizations,
  memberships,
  apiClients,
  webhookEndpoints,
  storageAccounts,
  statusUpdates,
  subscriptionChoices,
  sessions,
  signInFlows,
];
const hasNoRows = sql.join(
  owningTables.map((table) => sql`not exists (select 1 from ${table} where reseller_id = ${arg('resellerId')})`),
  sql` and `,
);
// The audit log refers to the row: it stays, without personal data.
const clearReseller = statement(
  () => sql`update ${resellers} set purged_at = ${arg('now')}, name = '', name_key = '', email = '', email_key = '',
      description = '', reference = '', timezone = null, country_code = null, google_hosted_domain = null
    where id in ${expiredReseller} and ${hasNoRows}
      and not exists (select 1 from ${emails} where reseller_id = ${arg('resellerId')} and state = 'pending')`,
);

export const expiredResellerValues = (resellerId: string, now: number) => ({
  resellerId,
  now,
  before: now - DELETED_RETENTION_MS,
  rows: DELETED_RESELLER_CHUNK_ROWS,
});

/** Returns row counts by kind. */
export async function deleteResellerRows(
  db: Db,
  resellerId: string,
  now: number,
): Promise<Readonly<Record<string, number>>> {
  const values = expiredResellerValues(resellerId, now);
  const results = await db.batch([...drops.map(({ drop }) => drop(db, values)), clearReseller(db, values)]);
  const kinds = [...drops.map(({ kind }) => kind), 'resellers'];
  return Object.fromEntries(kinds.map((kind, index) => [kind, results[index]?.meta.changes ?? 0]));
}
