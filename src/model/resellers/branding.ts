import * as v from 'valibot';
import { Email } from '../fields.ts';
import { displayableName } from '../users/displayable-name.ts';

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

export const DEFAULT_COLOR = '#1d4ed8';

export function brandingOf(row: BrandingRow): Branding {
  const tenantName = displayableName(row.resellerName);
  const productName = displayableOrNull(row.productName) ?? tenantName;
  return {
    tenantName,
    productName,
    primaryColor: nonBlank(row.primaryColor) ?? DEFAULT_COLOR,
    logoUrl: nonBlank(row.logoUrl),
    supportEmail: v.is(Email, row.supportEmail) ? row.supportEmail : null,
    senderName: displayableOrNull(row.senderName) ?? productName,
  };
}

export function plainBranding(branding: Branding): Branding {
  return { ...branding, primaryColor: DEFAULT_COLOR, logoUrl: null, supportEmail: null };
}

function displayableOrNull(text: string | null): string | null {
  return nonBlank(text === null ? null : displayableName(text));
}

function nonBlank(text: string | null): string | null {
  return text?.trim() || null;
}
