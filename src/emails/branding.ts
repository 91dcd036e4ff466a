import type { EmailTemplate } from '../model/emails/email.ts';
import { type Branding, plainBranding } from '../model/resellers/branding.ts';

/** To recipients who have not agreed to mail: they show no text of the tenant but names. */
const UNSOLICITED: readonly EmailTemplate[] = ['subscription-confirmation', 'membership-invitation'];

/** An unverified recipient sees no support address: a reply would reach the person who entered the address. */
export function brandingFor(
  template: EmailTemplate,
  { branding, unproved }: { readonly branding: Branding; readonly unproved: boolean },
): Branding {
  if (UNSOLICITED.includes(template)) return plainBranding(branding);
  return unproved ? { ...branding, supportEmail: null } : branding;
}
