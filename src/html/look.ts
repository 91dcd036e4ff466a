import { type Branding, PLAIN_COLOR } from '../model/resellers/branding.ts';
import { oneLine } from './clean.ts';
import { isColor, legibleOn } from './color.ts';

export type Look = {
  readonly product: string;
  readonly color: string;
  readonly onColor: string;
  readonly logoUrl: string | null;
  readonly supportEmail: string | null;
};

export function lookOf({ productName, primaryColor, logoUrl, supportEmail }: Branding): Look {
  const color = isColor(primaryColor) ? primaryColor : PLAIN_COLOR;
  return {
    product: oneLine(productName),
    color,
    onColor: legibleOn(color),
    logoUrl: logoUrl === null ? null : httpsUrl(logoUrl),
    supportEmail: supportEmail === null ? null : oneLine(supportEmail),
  };
}

function httpsUrl(address: string): string | null {
  const url = URL.parse(address);
  return url?.protocol === 'https:' ? url.href : null;
}
