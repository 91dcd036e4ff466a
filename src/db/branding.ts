import { sql } from 'drizzle-orm';
import { type Branding, brandingOf } from '../model/branding.ts';
import { brandings } from './schema.ts';

/** What a reseller says of its looks, in one column; for queries that name the tables `reseller` and `branding`. */
export const brandingSelected = sql`json_object('resellerName', reseller.name, 'productName', branding.product_name,
  'primaryColor', branding.primary_color, 'logoUrl', branding.logo_url, 'supportEmail', branding.support_email,
  'senderName', branding.sender_name)`;
export const brandingJoined = sql`left join ${brandings} as branding on branding.reseller_id = reseller.id`;

/** The branding in that column. */
export function readBranding(column: unknown): Branding {
  return brandingOf(JSON.parse(String(column)));
}
