import * as v from 'valibot';
import { Email } from '../fields.ts';
import { shownName } from '../users/shown-name.ts';

/** How a reseller shows itself in mails and pages (contracts: accounts, Branding). */
export type Branding = {
  /** The name that the operator registered the reseller by, which the reseller's choices do not change. */
  readonly tenantName: string;
  readonly productName: string;
  /** As `#rrggbb`. */
  readonly primaryColor: string;
  /** An https address, fetched by nobody but the reader's mail program. */
  readonly logoUrl: string | null;
  readonly supportEmail: string | null;
  /** The name that mails come from. */
  readonly senderName: string;
};

/** What a reseller has chosen, every part of which may be left open. */
export type BrandingChoice = { readonly [K in Exclude<keyof Branding, 'tenantName'>]: string | null };
/** The same with the name that stands in for it. */
export type BrandingRow = BrandingChoice & { readonly resellerName: string };

/** A blue that white text is easy to read on. */
export const PLAIN_COLOR = '#1d4ed8';

/** The branding to show: something plain for what is open or blank, and no support address that nobody could write to. */
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

/** The same with nothing in it that a tenant chose but names. */
export function plainBranding(branding: Branding): Branding {
  return { ...branding, primaryColor: PLAIN_COLOR, logoUrl: null, supportEmail: null };
}

/** A chosen name; null where nothing of it may be shown. */
function nameIn(text: string | null): string | null {
  return filled(text === null ? null : shownName(text));
}

function filled(text: string | null): string | null {
  return text?.trim() || null;
}
