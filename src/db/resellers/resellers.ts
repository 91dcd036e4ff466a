import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { resellers } from '../schema/index.ts';
import type { Call } from '../sql/call.ts';
import { callerStatement, read, withinReach } from '../sql/caller.ts';
import { columnsOf } from '../sql/columns.ts';
import { lister } from '../sql/listing.ts';
import { namedListing, withKeys } from '../sql/named-listing.ts';
import { arg, assignments, insertSelect } from '../sql/statement.ts';

const details = [
  'name',
  'email',
  'description',
  'allowedUsers',
  'allowedOrganizations',
  'reference',
  'timezone',
  'countryCode',
  'enabled',
] as const;
/** What a reseller is read by. */
export const resellerColumns = ['id', 'parentId', ...details, 'createdAt', 'updatedAt'] as const;
const columns = columnsOf(resellers, 'reseller', resellerColumns);
const changeable = [...details, 'nameKey', 'emailKey', 'updatedAt'];

const one = callerStatement(
  (who) => sql`select caller.permitted, ${columns.selected}
    from ${who.table} left join ${resellers} as reseller on reseller.id = ${arg('id')} and ${withinReach(who)}`,
);

/** The reseller, or the refusal `not_found`. */
export async function findReseller(call: Call, id: string): Promise<Reseller> {
  const [row] = await read(call, one(call, { id }));
  return (row && columns.read(row, 1)) ?? refuse(absent('reseller'));
}

/** The resellers within the caller's reach. */
export const listResellers = lister(
  {
    ...namedListing('reseller'),
    table: sql`${resellers} as reseller`,
    rows: (who) => who.reaches(sql`reseller.id`),
    visible: () => sql`reseller.deleted_at is null`,
    selected: columns.selected,
  },
  columns.read,
);

const insert = callerStatement((who) =>
  insertSelect(
    resellers,
    ['id', 'parentId', 'createdAt', ...changeable],
    sql`from ${who.table} where caller.permitted and (${arg('parentId')} is null
      or exists (select 1 from ${resellers} as reseller where reseller.id = ${arg('parentId')} and ${withinReach(who)}))`,
  ),
);
export const insertReseller = (call: Call, reseller: Reseller) => insert(call, withKeys(reseller));

// Only the state that was read may be replaced: a change in between makes the guard refuse, and the caller reads again.
const update = callerStatement(
  (who) => sql`update ${resellers} as reseller set ${assignments(resellers, changeable)}
    from ${who.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(who)} and updated_at = ${arg('readAt')}`,
);
export const updateReseller = (call: Call, reseller: Reseller, readAt: number) =>
  update(call, { ...withKeys(reseller), readAt });

const remove = callerStatement(
  (who) => sql`update ${resellers} as reseller set deleted_at = ${arg('now')}, enabled = 0
    from ${who.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(who)} and updated_at = ${arg('readAt')}`,
);
export const removeReseller = (call: Call, reseller: Reseller) =>
  remove(call, { id: reseller.id, now: call.now, readAt: reseller.updatedAt });
