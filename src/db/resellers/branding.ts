import { type SQL, sql } from 'drizzle-orm';
import { type Branding, type BrandingChoice, type BrandingRow, brandingOf } from '../../model/resellers/branding.ts';
import { brandings } from '../schema/index.ts';
import { callerStatement, requestedReseller } from '../sql/caller.ts';
import type { CallerContext } from '../sql/caller-context.ts';
import { callerQuery } from '../sql/query.ts';
import { jsonValue, mapped, type Selection, value } from '../sql/selection.ts';
import { arg, insertSelect } from '../sql/statement.ts';
import { RESELLER_ID, requireResellerRow } from './organizations.ts';

const column = sql`json_object('resellerName', reseller.name, 'productName', branding.product_name,
  'primaryColor', branding.primary_color, 'logoUrl', branding.logo_url, 'supportEmail', branding.support_email,
  'senderName', branding.sender_name)`;
export const brandingJoined = sql`left join ${brandings} as branding on branding.reseller_id = reseller.id`;

export const brandingSelected: Selection<Branding> = mapped(jsonValue<BrandingRow>(column), brandingOf);
export const brandingIf = (condition: SQL): Selection<Branding | null> =>
  mapped(jsonValue<BrandingRow | null>(sql`iif(${condition}, ${column}, null)`), (row) => row && brandingOf(row));

const findChoice = callerQuery((callerSql) => ({
  select: { reseller: RESELLER_ID, column: value<string>(column) },
  from: sql`from ${callerSql.table} left join ${requestedReseller(callerSql)} ${brandingJoined}`,
}));

/** `column` is the stored JSON that an update compares. */
export async function findBranding(
  caller: CallerContext,
  resellerId: string,
): Promise<{ readonly choice: BrandingChoice; readonly column: string }> {
  const [{ reseller, column }] = await findChoice(caller, { resellerId });
  requireResellerRow(reseller);
  const { resellerName: _, ...choice } = JSON.parse(column);
  return { choice, column };
}

const put = callerStatement(
  (callerSql) => sql`${insertSelect(
    brandings,
    ['resellerId', 'productName', 'logoUrl', 'primaryColor', 'supportEmail', 'senderName', 'updatedAt'],
    sql`from ${callerSql.table} join ${requestedReseller(callerSql)} ${brandingJoined}
      where caller.permitted and ${column} = ${arg('read')}`,
  )} on conflict (reseller_id) do update set product_name = excluded.product_name, logo_url = excluded.logo_url,
    primary_color = excluded.primary_color, support_email = excluded.support_email, sender_name = excluded.sender_name,
    updated_at = excluded.updated_at`,
);
/** No row where the branding has changed. */
export const putBranding = (caller: CallerContext, resellerId: string, choice: BrandingChoice, read: string) =>
  put(caller, { ...choice, resellerId, updatedAt: caller.now, read });
