import { type Branding, DEFAULT_COLOR } from '../model/resellers/branding.ts';
import { oneLine } from './clean-text.ts';
import { contrastingColor, isColor } from './contrast.ts';

export type DisplayBranding = {
  readonly product: string;
  readonly color: string;
  readonly onColor: string;
  readonly logoUrl: string | null;
  readonly supportEmail: string | null;
};

export function displayBranding({ productName, primaryColor, logoUrl, supportEmail }: Branding): DisplayBranding {
  const color = isColor(primaryColor) ? primaryColor : DEFAULT_COLOR;
  return {
    product: oneLine(productName),
    color,
    onColor: contrastingColor(color),
    logoUrl: logoUrl === null ? null : httpsUrl(logoUrl),
    supportEmail: supportEmail === null ? null : oneLine(supportEmail),
  };
}

function httpsUrl(address: string): string | null {
  const url = URL.parse(address);
  return url?.protocol === 'https:' ? url.href : null;
}
