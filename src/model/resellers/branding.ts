import * as v from 'valibot';
import { Email } from '../fields.ts';
import { shownName } from '../users/shown-name.ts';

export type Branding = {
  readonly tenantName: string;
  readonly productName: string;
  /** `#rrggbb` */
  readonly primaryColor: string;
  readonly logoUrl: string | null;
  readonly supportEmail: string | null;
  readonly senderName: string;
};

export type BrandingChoice = { readonly [K in Exclude<keyof Branding, 'tenantName'>]: string | null };
export type BrandingRow = BrandingChoice & { readonly resellerName: string };

export const PLAIN_COLOR = '#1d4ed8';

export function brandingOf(row: BrandingRow): Branding {
  const tenantName = shownName(row.resellerName);
  const productName = nameIn(row.productName) ?? tenantName;
  return {
    tenantName,
    productName,
    primaryColor: filled(row.primaryColor) ?? PLAIN_COLOR,
    logoUrl: filled(row.logoUrl),
    supportEmail: v.is(Email, row.supportEmail) ? row.supportEmail : null,
    senderName: nameIn(row.senderName) ?? productName,
  };
}

export function plainBranding(branding: Branding): Branding {
  return { ...branding, primaryColor: PLAIN_COLOR, logoUrl: null, supportEmail: null };
}

function nameIn(text: string | null): string | null {
  return filled(text === null ? null : shownName(text));
}

function filled(text: string | null): string | null {
  return text?.trim() || null;
}
