import { sql } from 'drizzle-orm';
import { absent, refuse } from '../../model/failure.ts';
import type { Reseller } from '../../model/resellers/reseller.ts';
import { resellers } from '../schema/index.ts';
import { callerStatement, withinReach } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { lister } from '../sql/listing.ts';
import { namedListing, withKeys } from '../sql/named-listing.ts';
import { callerQuery } from '../sql/query.ts';
import { columnsOf } from '../sql/selection.ts';
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
export const resellerColumns = ['id', 'parentId', ...details, 'createdAt', 'updatedAt'] as const;
const columns = columnsOf(resellers, 'reseller', resellerColumns);
const changeable = [...details, 'nameKey', 'emailKey', 'updatedAt'];

const findOne = callerQuery((callerSql) => ({
  select: { reseller: columns },
  from: sql`from ${callerSql.table}
    left join ${resellers} as reseller on reseller.id = ${arg('id')} and ${withinReach(callerSql)}`,
}));

export async function findReseller(caller: CallerContext, id: string): Promise<Reseller> {
  const [{ reseller }] = await findOne(caller, { id });
  return reseller ?? refuse(absent('reseller'));
}

export const listResellers = lister({
  ...namedListing('reseller'),
  table: sql`${resellers} as reseller`,
  rows: (callerSql) => callerSql.reaches(sql`reseller.id`),
  visible: () => sql`reseller.deleted_at is null`,
  selected: columns,
});

const insert = callerStatement((callerSql) =>
  insertSelect(
    resellers,
    ['id', 'parentId', 'createdAt', ...changeable],
    sql`from ${callerSql.table} where caller.permitted and (${arg('parentId')} is null
      or exists (select 1 from ${resellers} as reseller where reseller.id = ${arg('parentId')} and ${withinReach(callerSql)}))`,
  ),
);
export const insertReseller = (caller: CallerContext, reseller: Reseller) => insert(caller, withKeys(reseller));

const update = callerStatement(
  (callerSql) => sql`update ${resellers} as reseller set ${assignments(resellers, changeable)}
    from ${callerSql.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(callerSql)} and updated_at = ${arg('readAt')}`,
);
/** Triggers resellers_signed_out, resellers_released. */
export const updateReseller = (caller: CallerContext, reseller: Reseller, readAt: number) =>
  update(caller, { ...withKeys(reseller), readAt });

const remove = callerStatement(
  (callerSql) => sql`update ${resellers} as reseller set deleted_at = ${arg('now')}, enabled = 0
    from ${callerSql.table} where caller.permitted and reseller.id = ${arg('id')} and ${withinReach(callerSql)} and updated_at = ${arg('readAt')}`,
);
/** Triggers resellers_deleted, resellers_signed_out. */
export const removeReseller = (caller: CallerContext, reseller: Reseller) =>
  remove(caller, { id: reseller.id, now: caller.now, readAt: reseller.updatedAt });
