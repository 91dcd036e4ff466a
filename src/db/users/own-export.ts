import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { refuse } from '../../model/failure.ts';
import { EXPORTED_ENTRIES, EXPORTED_ROWS } from '../../model/limits/index.ts';
import type { OwnExport } from '../../model/users/own-export.ts';
import {
  consents,
  events,
  externalIdentities,
  knownNetworks,
  memberships,
  organizations,
  passkeys,
  resellers,
  sessions,
  users,
} from '../schema/index.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { flag, jsonValue, record, type Selection } from '../sql/selection.ts';
import { arg } from '../sql/statement.ts';
import { userSelected } from './users.ts';

/** One column: a JSON array of objects. */
const rowsAsJson = <T>(values: Readonly<Record<string, SQL>>, from: SQL) =>
  jsonValue<T>(
    sql`(select json_group_array(json_object(${sql.join(
      Object.entries(values).map(([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`),
      sql`, `,
    )})) from (${from}) as kept)`,
  );
const columns = (...names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [name, sql.raw(`kept.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`)]),
  );
const ownRows = (table: SQLiteTable, order: SQL, which: SQL = sql`true`) =>
  sql`select * from ${table} as mine where mine.user_id = user.id and ${which} order by ${order} limit ${EXPORTED_ROWS}`;

const lists: { readonly [K in Exclude<keyof OwnExport, 'user' | 'hasPassword'>]: Selection<OwnExport[K]> } = {
  memberships: rowsAsJson(
    { ...columns('resellerId', 'resellerName', 'createdAt', 'acceptedAt', 'disabledAt'), roles: sql`json(kept.roles)` },
    sql`select mine.*, there.name as reseller_name from ${memberships} as mine
      join ${resellers} as there on there.id = mine.reseller_id and there.deleted_at is null
      where mine.user_id = user.id limit ${EXPORTED_ROWS}`,
  ),
  sessions: rowsAsJson(
    {
      ...columns('id', 'resellerId', 'clientId', 'address', 'userAgent', 'createdAt', 'usedAt', 'expiresAt'),
      methods: sql`json(kept.methods)`,
    },
    ownRows(sessions, sql`mine.created_at desc, mine.id desc`, sql`mine.ended_at is null`),
  ),
  networks: rowsAsJson(columns('network', 'signedInAt'), ownRows(knownNetworks, sql`mine.signed_in_at desc`)),
  passkeys: rowsAsJson(columns('name', 'createdAt', 'usedAt'), ownRows(passkeys, sql`mine.created_at`)),
  identities: rowsAsJson(columns('issuer', 'email', 'createdAt'), ownRows(externalIdentities, sql`mine.issuer`)),
  consents: rowsAsJson(columns('clientId', 'scope', 'grantedAt'), ownRows(consents, sql`mine.client_id`)),
  auditLog: rowsAsJson(
    {
      ...columns('id', 'resellerId', 'type', 'occurredAt'),
      actor: sql`case when kept.by_self then 'you' when kept.actor like 'user:% via %' then 'client' when kept.actor like 'user:%' then 'user'
        when kept.actor like 'client:%' or kept.actor like 'key:%' or kept.actor like 'issuer:%' then 'client'
        when kept.actor like 'system:%' then 'system' else 'other' end`,
      address: sql`iif(kept.by_self, kept.address, '')`,
      userAgent: sql`iif(kept.by_self, kept.user_agent, '')`,
    },
    sql`select entry.*, entry.actor = 'user:' || user.id as by_self
      from (select * from ${events} as newest indexed by events_by_subject where newest.subject = user.id
        order by newest.seq desc limit ${EXPORTED_ENTRIES}) as entry
      where exists (select 1 from ${memberships} as mine
        where mine.user_id = user.id and mine.reseller_id = entry.reseller_id and mine.accepted_at is not null)`,
  ),
};

const findExport = callerQuery((callerSql) => ({
  select: { user: userSelected, hasPassword: flag(sql`user.password_hash is not null`), lists: record(lists) },
  from: sql`from ${callerSql.table} join ${users} as user on user.id = ${arg('callerId')}
    left join ${organizations} as organization on organization.id = user.organization_id`,
}));

export async function readOwnExport(caller: CallerContext): Promise<OwnExport> {
  const [{ user, hasPassword, lists }] = await findExport(caller, {});
  return { user: user ?? refuse({ kind: 'token_invalid' }), hasPassword, ...lists };
}
