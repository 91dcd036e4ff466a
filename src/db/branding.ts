import { sql } from 'drizzle-orm';
import type { Branding } from '../model/branding.ts';
import { brandings } from './schema.ts';

/** What a reseller says of its looks, where a query names the tables `reseller` and `branding`. */
export const brandingSelected = sql`ifnull(branding.product_name, reseller.name) as productName,
  branding.primary_color as primaryColor, branding.logo_url as logoUrl, branding.support_email as supportEmail,
  branding.sender_name as senderName`;
export const brandingJoined = sql`left join ${brandings} as branding on branding.reseller_id = reseller.id`;

export type BrandingRow = { [K in keyof Branding]: Branding[K] | null } & { readonly productName: string };

/** A quiet blue that white text is easy to read on. */
const PLAIN_COLOR = '#1f4fa3';

/** The branding in a row that selects `brandingSelected`; what is not set is plain. */
export function readBranding({ productName, primaryColor, logoUrl, supportEmail, senderName }: BrandingRow): Branding {
  return {
    productName,
    primaryColor: primaryColor ?? PLAIN_COLOR,
    logoUrl,
    supportEmail,
    senderName: senderName ?? productName,
  };
}
