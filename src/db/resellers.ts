import { sql } from 'drizzle-orm';
import { refuse } from '../model/failure.ts';
import { fold } from '../model/fields.ts';
import type { Reseller } from '../model/reseller.ts';
import type { Call } from './call.ts';
import { callerStatement, read, withinReach } from './caller.ts';
import { columnsOf } from './columns.ts';
import { lister } from './listing.ts';
import { resellers } from './schema.ts';
import { arg, assignments, insertSelect } from './statement.ts';

const columns = columnsOf(resellers, 'reseller', [
  'id',
  'name',
  'email',
  'description',
  'allowedUsers',
  'allowedOrganizations',
  'createdAt',
  'updatedAt',
]);
const changeable = [
  'name',
  'nameKey',
  'email',
  'emailKey',
  'description',
  'allowedUsers',
  'allowedOrganizations',
  'updatedAt',
] as const;

const rowOf = (reseller: Reseller) => ({ ...reseller, nameKey: fold(reseller.name), emailKey: fold(reseller.email) });

const one = callerStatement(
  (who) => sql`select caller.permitted, ${columns.selected}
    from ${who.table} left join ${resellers} as reseller on reseller.id = ${arg('id')} and ${withinReach(who)}`,
);

/** The reseller, or the refusal `not_found`. */
export async function findReseller(call: Call, id: string): Promise<Reseller> {
  const [row] = await read(call, one(call, { id }));
  return (row && columns.read(row, 1)) ?? refuse({ kind: 'not_found', what: 'reseller' });
}

/** The resellers within the caller's reach. */
export const listResellers = lister(
  {
    alias: 'reseller',
    selected: columns.selected,
    from: (who, conditions) =>
      sql`from ${who.table} left join ${resellers} as reseller on ${withinReach(who)} and ${conditions}`,
    sorts: {
      createdAt: sql`reseller.created_at`,
      updatedAt: sql`reseller.updated_at`,
      name: sql`reseller.name_key`,
      email: sql`reseller.email_key`,
    },
    texts: {
      id: { column: sql`reseller.id`, folded: true },
      name: { column: sql`reseller.name_key`, folded: true },
      email: { column: sql`reseller.email_key`, folded: true },
    },
    times: { createdAt: sql`reseller.created_at`, updatedAt: sql`reseller.updated_at` },
    searched: [sql`reseller.name_key`, sql`reseller.email_key`],
  },
  columns.read,
);

const insert = callerStatement((who) =>
  insertSelect(resellers, ['id', 'createdAt', ...changeable], sql`from ${who.table} where caller.permitted`),
);
export const insertReseller = (call: Call, reseller: Reseller) => insert(call, rowOf(reseller));

// Only the state that was read may be replaced: a change in between makes the guard refuse, and the caller reads again.
const update = callerStatement(
  (who) => sql`update ${resellers} as reseller set ${assignments(resellers, changeable)}
    from ${who.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(who)} and updated_at = ${arg('readAt')}`,
);
export const updateReseller = (call: Call, reseller: Reseller, readAt: number) =>
  update(call, { ...rowOf(reseller), readAt });

const remove = callerStatement(
  (who) => sql`update ${resellers} as reseller set deleted_at = ${arg('now')}
    from ${who.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(who)} and updated_at = ${arg('readAt')}`,
);
export const removeReseller = (call: Call, reseller: Reseller) =>
  remove(call, { id: reseller.id, now: call.now, readAt: reseller.updatedAt });
