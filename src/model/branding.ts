import * as v from 'valibot';
import { Email } from './fields.ts';

/** How a reseller shows itself in mails and pages (contracts: accounts, Branding). */
export type Branding = {
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
export type BrandingChoice = { readonly [K in keyof Branding]: string | null };
/** The same with the name that stands in for it. */
export type BrandingRow = BrandingChoice & { readonly resellerName: string };

/** A blue that white text is easy to read on. */
export const PLAIN_COLOR = '#1d4ed8';

/** The branding to show: something plain for what is open or blank, and no support address that nobody could write to. */
export function brandingOf(row: BrandingRow): Branding {
  const productName = filled(row.productName) ?? row.resellerName;
  return {
    productName,
    primaryColor: filled(row.primaryColor) ?? PLAIN_COLOR,
    logoUrl: filled(row.logoUrl),
    supportEmail: v.is(Email, row.supportEmail) ? row.supportEmail : null,
    senderName: filled(row.senderName) ?? productName,
  };
}

function filled(text: string | null): string | null {
  return text?.trim() || null;
}
