import { sql } from 'drizzle-orm';
import { type Branding, type BrandingChoice, brandingOf } from '../../model/resellers/branding.ts';
import { brandings } from '../schema/index.ts';
import { askedReseller, callerStatement, read } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { resellerFound } from './organizations.ts';

/** What a reseller says of its looks, in one column; for queries that name the tables `reseller` and `branding`. */
export const brandingSelected = sql`json_object('resellerName', reseller.name, 'productName', branding.product_name,
  'primaryColor', branding.primary_color, 'logoUrl', branding.logo_url, 'supportEmail', branding.support_email,
  'senderName', branding.sender_name)`;
export const brandingJoined = sql`left join ${brandings} as branding on branding.reseller_id = reseller.id`;

/** The branding in that column. */
export function readBranding(column: unknown): Branding {
  return brandingOf(JSON.parse(String(column)));
}

const chosen = callerStatement(
  (callerSql) => sql`select caller.permitted, reseller.id, ${brandingSelected} from ${callerSql.table}
    left join ${askedReseller(callerSql)} ${brandingJoined}`,
);

/** What a reseller has chosen of its looks, and the column that says so, for a change of it. Refuses `not_found`. */
export async function findBranding(
  caller: CallerContext,
  resellerId: string,
): Promise<{ readonly choice: BrandingChoice; readonly column: string }> {
  const [row] = await read(caller, chosen(caller, { resellerId }));
  resellerFound(row, 1);
  const column = String(row?.[2]);
  const { resellerName: _, ...choice } = JSON.parse(column);
  return { choice, column };
}

const put = callerStatement(
  (callerSql) => sql`${insertSelect(
    brandings,
    ['resellerId', 'productName', 'logoUrl', 'primaryColor', 'supportEmail', 'senderName', 'updatedAt'],
    sql`from ${callerSql.table} join ${askedReseller(callerSql)} ${brandingJoined}
      where caller.permitted and ${brandingSelected} = ${arg('read')}`,
  )} on conflict (reseller_id) do update set product_name = excluded.product_name, logo_url = excluded.logo_url,
    primary_color = excluded.primary_color, support_email = excluded.support_email, sender_name = excluded.sender_name,
    updated_at = excluded.updated_at`,
);
/** Sets it where it is still what was read. */
export const putBranding = (caller: CallerContext, resellerId: string, choice: BrandingChoice, read: string) =>
  put(caller, { ...choice, resellerId, updatedAt: caller.now, read });
